/* SPDX-License-Identifier: Apache-2.0 */
/* The headline of plain text: found when nothing rivals it, else not. */
#include "run.h"

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
        /* two that rival each other; a short headline and its summary */
        {"Bridge over the river opens to traffic\nMayor opens the bridge over the river\n" LEAD
             MORE,
         ""},
        {"New bridge opened\nDrivers crossed the new bridge over the river to the city\n" LEAD MORE,
         ""},
        /* too far from the text */
        {"Bridge over the river opens to "
         "traffic\nNews\nSport\nWeather\nMoney\nTravel\nFood\nLife\n" LEAD MORE,
         ""},
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
        cmocka_unit_test(test_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
