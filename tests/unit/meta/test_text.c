/* SPDX-License-Identifier: Apache-2.0 */
/* The head of plain text: headline, date and byline in the lines around the place where the body begins;
 * named when it is clear, else not. */
#include "run.h"

#include <stdio.h>

#define LEAD                                                                                       \
    "The new bridge over the river opened to traffic on Tuesday morning, seven years after the "   \
    "council had voted for it and three years later than planned, the city said in a statement.\n"
#define MORE                                                                                       \
    "Drivers waited in long lines on both sides before the mayor cut the ribbon and the first "    \
    "cars "                                                                                        \
    "crossed. The old bridge will be closed for repairs until the end of next year.\n"
#define LEAD_AR                                                                                                                                                             \
    "افتتحت بلدية المدينة صباح الثلاثاء الجسر الجديد فوق النهر أمام حركة المرور، بعد سبع سنوات " \
    "من "                                                                                                                                                                 \
    "تصويت المجلس عليه وبعد ثلاث سنوات من الموعد المقرر، بحسب بيان أصدرته البلدية في المدينة "     \
    "نفسها.\n"
#define LEAD_ZH                                                                                                                                  \
    "市政府周二上午宣布，横跨河流的新桥在议会投票七年之后正式通车，比原计划晚了三年。司机们在桥的" \
    "两端排起长队，"                                                                                                                      \
    "市长剪彩之后第一批汽车驶过新桥。旧桥将关闭维修，直到明年年底。市民们对新桥通车表示欢迎，认为" \
    "它将大大缩短上班时间。"                                                                                                          \
    "议会议员说，新桥的费用超出预算，但是安全标准更高，能够抵抗强烈的地震，并且设有自行车道和人行" \
    "道供市民使用，方便大家出行。\n"

static void test_table(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"Bridge over the river opens to traffic\n" LEAD MORE,
         "Bridge over the river opens to traffic"},
        {"Home\nNews\nSport\n\nBridge over the river opens to traffic\n\nMayor cuts ribbon\n" LEAD
             MORE,
         "Bridge over the river opens to traffic"},
        {"رئيس التحرير\nأحمد صبري\n\nافتتاح الجسر الجديد فوق النهر أمام حركة المرور\n\n" LEAD_AR
             LEAD_AR,
         "افتتاح الجسر الجديد فوق النهر أمام حركة المرور"},
        {"هل يفتتح الجسر الجديد فوق النهر أمام حركة المرور؟\n" LEAD_AR,
         "هل يفتتح الجسر الجديد فوق النهر أمام حركة المرور؟"},
        {"首页\n河上新桥七年之后正式通车\n" LEAD_ZH, "河上新桥七年之后正式通车"},
        /* the text begins at once */
        {LEAD MORE, ""},
        /* nothing the text speaks of */
        {"Subscribe today and win a holiday for two\n" LEAD MORE, ""},
        /* a sentence, a label, a menu, a list, an address */
        {"The new bridge over the river opened to traffic.\n" LEAD MORE, ""},
        {"The bridge over the river and its traffic:\n" LEAD MORE, ""},
        {"Bridge | River | Traffic | City | Council | Mayor\n" LEAD MORE, ""},
        {"- Bridge over the river opens to traffic\n" LEAD MORE, ""},
        {"http://example.org/bridge-over-the-river-opens to traffic\n" LEAD MORE, ""},
        /* a headline and its summary; a section above */
        {"Bridge over the river opens to traffic\nMayor opens the bridge over the river and says "
         "it "
         "will bring jobs\n" LEAD MORE,
         "Bridge over the river opens to traffic"},
        {"New bridge\nDrivers crossed the new bridge over the river\n" LEAD MORE,
         "Drivers crossed the new bridge over the river"},
        /* a menu between; a trail of links that ends with it; the same with its kicker */
        {"Bridge over the river opens to "
         "traffic\nNews\nSport\nWeather\nMoney\nTravel\nFood\nLife\n" LEAD MORE,
         "Bridge over the river opens to traffic"},
        {"HomeNewsBridge over the river opens to traffic\nBridge over the river opens to "
         "traffic\n" LEAD MORE,
         "Bridge over the river opens to traffic"},
        {"الرئيسية محليات\nافتتاح الجسر الجديد فوق النهر أمام حركة المرور\nالثلاثاء 14 مايو 2024\n"
         "رئيس المجلس في بلدية المدينة\nكتب أحمد صبري\n" LEAD_AR,
         "افتتاح الجسر الجديد فوق النهر أمام حركة المرور"},
        /* captions below, made of the words that the text uses most */
        {"رئيس التحرير\nسعاد منصور\nهل يفتتح الجسر الجديد فوق النهر أمام حركة المرور؟\nالجسر فوق "
         "النهر\nالجسر فوق النهر في المدينة\n" LEAD_AR,
         "هل يفتتح الجسر الجديد فوق النهر أمام حركة المرور؟"},
        /* a caption with its credit, a subhead below the date */
        {"Bridge over the river opens to traffic\n14 May 2024\nThe old bridge and the new bridge\n"
         "Photo: Jane Doe\n" LEAD MORE,
         "Bridge over the river opens to traffic"},
        {"Bridge over the river opens to traffic", ""},
        {"", ""},
        {"\n\n\n", ""},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run *r = run_new();
        run_text(r, rows[i].text, "");
        dh_slice got = dh_fields_value(&r->fields, DH_FIELD_title);
        bool block = r->page.title_block != UINT32_MAX;
        if (!dh_slice_eq(got, dh_slice_cstr(rows[i].want)) || block != (got.len > 0)) {
            print_error("%zu: want \"%s\", got \"%.*s\"\n", i, rows[i].want, (int)got.len, got.ptr);
            bad++;
        }
        if (block) assert_true(dh_slice_eq(r->blocks.ptr[r->page.title_block].text, got));
        run_free(r);
    }
    assert_int_equal(bad, 0);
}

#define TITLE "Bridge over the river opens to traffic\n"

/* Dates and bylines: near the headline only, and no guess. */
static void test_head(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {TITLE "By Jane Doe\nMay 14, 2024\n" LEAD MORE, "published=2024-05-14\nauthor=Jane Doe"},
        {TITLE "Written by\nJane Doe\nMay 14, 2024\n" LEAD MORE, "author=Jane Doe"},
        {TITLE "Author of the article:\nBy Jane Doe\n" LEAD MORE, "author=Jane Doe"},
        {TITLE "Published May 14, 2024 by Jane Doe\n" LEAD MORE,
         "published=2024-05-14\nauthor=Jane Doe"},
        {TITLE "Jane Doe | 14.05.2024 - Updated: 15.05.2024\n" LEAD MORE,
         "published=2024-05-14\nmodified=2024-05-15\nauthor=Jane Doe"},
        {TITLE "Updated: 15.05.2024 10:00 Published: 14.05.2024 09:00\n" LEAD MORE,
         "published=2024-05-14T09:00\nmodified=2024-05-15T10:00"},
        {TITLE "Von Jane Doe und John Roe, Berlin\n" LEAD MORE, "author=Jane Doe; John Roe"},
        {TITLE "بقلم: أحمد صبري\n١٤ مايو ٢٠٢٤\n" LEAD MORE,
         "published=2024-05-14\nauthor=أحمد صبري"},
        {TITLE "2024年5月14日 20時01分\n" LEAD MORE, "published=2024-05-14T20:01"},
        /* a bare name beside a date, unless the text speaks of it, it is a trade, or there is no date */
        {TITLE "Jane Doe\n14 May 2024\n" LEAD MORE, "author=Jane Doe"},
        {TITLE "Local Council\n14 May 2024\n" LEAD MORE, "author="},
        {TITLE "Chief Editor\n14 May 2024\n" LEAD MORE, "author="},
        {TITLE "Jane DoeEditor\n14 May 2024\n" LEAD MORE, "author="},
        {TITLE "Jane Doe\nShare\n" LEAD MORE, "author="},
        /* said by the summary's end, behind the first paragraph */
        {TITLE LEAD "Von Jane Doe\n14.05.2024\n" MORE, "published=2024-05-14\nauthor=Jane Doe"},
        /* which day is that? a date in a sentence; a date far ahead of the headline */
        {TITLE "03/02/2024\n" LEAD MORE, "published="},
        {TITLE "23/02/2024\n" LEAD MORE, "published=2024-02-23"},
        {"افتتاح الجسر الجديد فوق النهر أمام حركة المرور\n03/02/2024\n" LEAD_AR,
         "published=2024-02-03"},
        {TITLE "The mayor had promised it on May 14, 2021 to the city's drivers.\n" LEAD MORE,
         "published="},
        {"14 May 2024\nHome\nNews\nSport\n" TITLE LEAD MORE, "published="},
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run *r = run_new();
        char label[16];
        snprintf(label, sizeof label, "head %zu", i);
        run_text(r, rows[i].text, "");
        bad += run_check(r, label, rows[i].want);
        run_free(r);
    }
    assert_int_equal(bad, 0);
}

static void test_address(void **state) {
    (void)state;
    run *r = run_new();
    run_text(r, LEAD, "https://www.example.org/2024/05/14/bridge");
    assert_int_equal(run_check(r, "text",
                               "url@option=https://www.example.org/2024/05/14/bridge\n"
                               "hostname@url=www.example.org\npublished@url=2024-05-14\n"
                               "title=\nauthor=\nlanguage=\ncanonical="),
                     0);
    run_free(r);
    r = run_new();
    run_text(r, LEAD, "");
    assert_int_equal(r->fields.len, 0);
    run_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
