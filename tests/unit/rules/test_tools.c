/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the rule tools that need no page: date formats, word ranges, findings. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "rules/check.h"
#include "rules/date_format.h"
#include "rules/draft.h"
#include "rules/lint.h"
#include "rules/probe.h"
#include "text/clean.h"

static void date_formats(void **state) {
    (void)state;
    static const struct {
        const char *format, *text, *date; /* "" when it does not fit */
    } rows[] = {
        {"dd.MM.yyyy", "02.03.2004", "2004-03-02"},
        {"dd.MM.yyyy", "2.3.2004", "2004-03-02"},
        {"dd.MM.yyyy", "am 02.03.2004 um 9", "2004-03-02"},
        {"dd.MM.yyyy", "102.03.2004", ""},
        {"dd.MM.yyyy", "02/03/2004", ""},
        {"dd.MM.yyyy", "", ""},
        {"MM/dd/yy", "02/03/69", "2069-02-03"},
        {"MM/dd/yy", "02/03/70", "1970-02-03"},
        {"MM/dd/yy", "13/03/70", ""},
        {"dd.MM.yyyy", "29.02.2023", ""},
        {"dd.MM.yyyy", "29.02.2024", "2024-02-29"},
        {"yyyy-MM-dd'T'HH:mm:ssZ", "2024-05-14T23:59:58Z", "2024-05-14T23:59:58+00:00"},
        {"yyyy-MM-dd'T'HH:mm:ssZ", "2024-05-14T23:59:58-0330", "2024-05-14T23:59:58-03:30"},
        {"yyyy-MM-dd HH:mm", "2024-05-14   24:00", "2024-05-14T00:00:00"},
        {"yyyy-MM-dd HH:mm", "2024-05-14 25:00", ""},
        {"yyyy-MM-dd h:mm a", "2024-05-14 12:07 am", "2024-05-14T00:07:00"},
        {"yyyy-MM-dd h:mm a", "2024-05-14 12:07 p.m.", "2024-05-14T12:07:00"},
        {"d MMMM yyyy", "14 MAI 2024", "2024-05-14"},
        {"d MMMM yyyy", "14 blorp 2024", ""},
        {"MMM. d, yyyy", "May 14, 2024", "2024-05-14"},
        {"MMM. d, yyyy", "Sept. 14, 2024", "2024-09-14"},
        {"yyyy''MM''dd", "2024'05'14", "2024-05-14"},
        {"yyyyMMdd", "20240514", "2024-05-14"},
        {"yyyyMMdd", "2024051", "2024-05-01"},
        {"\xE5\xB9\xB4y\xE6\x9C\x88M d", "\xE5\xB9\xB4\x32\x30\x32\x34\xE6\x9C\x88\x35 6", "2024-05-06"},
        {"dd.MM.yyyy", "\xFF\xFE 02.03.2004 \xC3", "2004-03-02"},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(dh_date_format_check(dh_slice_cstr(rows[i].format)));
        dh_slice got = dh_date_format_read(dh_slice_cstr(rows[i].format),
                                           dh_slice_cstr(rows[i].text), &arena);
        if (!dh_slice_eq(got, dh_slice_cstr(rows[i].date)))
            fail_msg("%s on %s: %.*s", rows[i].format, rows[i].text, (int)got.len,
                     got.len > 0 ? got.ptr : "");
    }
    dh_arena_release(&arena);
}

static void bad_date_formats(void **state) {
    (void)state;
    static const char *const rows[] = {"", "dd.MM", "yyyy", "QQ", "dd MM yyyy 'x", "dd MM yyyy foo"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_non_null(dh_date_format_check(dh_slice_cstr(rows[i])));
    static char endless[4000];
    memset(endless, 'd', sizeof endless);
    assert_non_null(dh_date_format_check(dh_slice_make(endless, sizeof endless)));
}

static void word_ranges(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool good;
        uint64_t least, most;
    } rows[] = {
        {"480..520", true, 480, 520}, {"480 .. 520", true, 480, 520}, {"500", true, 500, 500},
        {"480..", true, 480, UINT64_MAX}, {"..520", true, 0, 520}, {"0", true, 0, 0},
        {"..", false, 0, 0}, {"520..480", false, 0, 0}, {"many", false, 0, 0},
        {"1..2..3", false, 0, 0}, {"-1..3", false, 0, 0}, {"", false, 0, 0},
        {"99999999999999999999999", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t least, most;
        bool good = dh_rule_word_range(dh_slice_cstr(rows[i].text), &least, &most);
        if (good != rows[i].good) fail_msg("%s", rows[i].text);
        if (!good) continue;
        assert_int_equal(least, rows[i].least);
        assert_int_equal(most, rows[i].most);
    }
}

static void checks(void **state) {
    (void)state;
    static const struct {
        const char *key, *value;
        bool holds;
    } rows[] = {
        {"title is", "Ferry  strike", true}, {"title is", "Ferry", false},
        {"date is", "2024-05-14", true}, {"date is", "2024-05", true}, {"date is", "2024-05-15", false},
        {"author is", "Ana Silva, Rui", true}, {"author is", "Ana Silva,Rui", true},
        {"author is", "Rui, Ana Silva", false}, {"section is", "x", false},
        {"starts with", "The crews", true}, {"starts with", "crews", false},
        {"ends with", "again.", true}, {"has", "out again", true}, {"has", "in again", false},
        {"lacks", "in again", true}, {"lacks", "out\tagain", false},
        {"words", "5..6", true}, {"words", "6..", false}, {"url", "anything", true},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_fields fields;
    dh_fields_init(&fields, &arena);
    static const struct {
        dh_field_kind kind;
        const char *value;
    } values[] = {{DH_FIELD_title, "Ferry strike"}, {DH_FIELD_published, "2024-05-14T09:00:00"},
                  {DH_FIELD_author, "Ana Silva"}, {DH_FIELD_author, "Rui"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        dh_fields_add(&fields, (dh_field){.kind = values[i].kind,
                                          .source = DH_SOURCE_PAGE,
                                          .value = dh_slice_cstr(values[i].value)});
    dh_check_page page = {.text = DH_SLICE("The crews\nwalked out  again.\n"), .fields = &fields};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_rule_check check = {.key = dh_slice_cstr(rows[i].key),
                               .value = dh_slice_cstr(rows[i].value)};
        dh_check_diff diff;
        if (dh_rule_check_holds(&check, &page, &arena, &diff) != rows[i].holds)
            fail_msg("%s: %s", rows[i].key, rows[i].value);
        assert_true(diff.want.len > 0);
    }
    dh_arena_release(&arena);
}

typedef struct told {
    uint32_t lines[16], n;
} told;

static void note(void *data, const dh_error *error) {
    told *t = data;
    assert_true(t->n < 16);
    assert_true(error->message[0] != '\0');
    t->lines[t->n++] = error->line;
}

/* With a reporter all mistakes are told, and the good lines are in. */
static void all_mistakes(void **state) {
    (void)state;
    static const char text[] = "site: x.example\nfoo: bar\nremove: .a\nremove: ..\n\xFF\n"
                               "inherits: gone\nkeep: .b\nclear: nothing\ntest:\n";
    static const uint32_t lines[] = {2, 4, 5, 9, 6, 8};
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_rule_set *set = dh_rules_new(&arena);
    told t = {0};
    dh_error error = {0};
    dh_rules_report(set, note, &t);
    assert_int_equal(dh_rules_add(set, DH_SLICE("x.rules"), NULL, DH_SLICE(text), &error), DH_OK);
    assert_int_equal(dh_rules_finish(set, &error), DH_OK);
    assert_int_equal(t.n, sizeof lines / sizeof *lines);
    /* lines of one file are told in order; inheritance comes last */
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(t.lines[i], lines[i]);
    assert_int_equal(t.lines[4] + t.lines[5], 6 + 8);
    assert_int_equal(set->files.ptr[0]->merged.len, 2);
    dh_rules_release(set);
    dh_arena_release(&arena);
}

/* A thousand files for one host and as many equal lines: bounded, and each is told about. */
static void many_files(void **state) {
    (void)state;
    enum { N = 300 };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_rule_set *set = dh_rules_new(&arena);
    for (int i = 0; i < N; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%d.rules", i);
        assert_int_equal(
            dh_rules_add(set, dh_slice_cstr(name), NULL,
                         DH_SLICE("site: x.example\nremove: .a\nremove: .b\nremove: .c\nremove: .d\n"),
                         NULL),
            DH_OK);
    }
    assert_int_equal(dh_rules_finish(set, NULL), DH_OK);
    uint8_t wanted[N] = {0};
    wanted[7] = 1;
    dh_findings findings = {.arena = &arena};
    dh_rule_set_lint(set, wanted, &findings);
    uint32_t unclear = 0, untested = 0;
    for (uint32_t i = 0; i < findings.len; i++) {
        unclear += findings.ptr[i].kind == DH_LINT_unclear;
        untested += findings.ptr[i].kind == DH_LINT_untested;
    }
    assert_int_equal(unclear, N - 1);
    assert_int_equal(untested, 1);
    dh_rules_release(set);
    dh_arena_release(&arena);
}

static void names_people_choose(void **state) {
    (void)state;
    static const char *const good[] = {"story",       "story-body", "story_body",  "article__media",
                                       "postContent", "col-8",      "h1-title",    "entry-content",
                                       "main",        "td-post",    "ArticleBody", "c-article__body"};
    static const char *const bad[] = {"",           "a",          "css-1x9k2",  "sc-bdVaJa",
                                      "post-48213", "head__EWZfF", "text_s__wu_cm", "x1y2z3w4",
                                      "jsx-123",    "2col",       "bcdfgh",     "undefined",
                                      "sm:flex",    "w-[30px]",   "\xD9\x85\xD9\x82"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!dh_draft_is_stable(dh_slice_cstr(good[i]))) fail_msg("%s is left out", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dh_draft_is_stable(dh_slice_cstr(bad[i]))) fail_msg("%s is taken", bad[i]);
}

/* What is put into quotation marks is read as the same phrase again. */
static void phrases_come_back(void **state) {
    (void)state;
    static const char *const texts[] = {"Most read", "He said \"no\"", "5 * 3 = 15", "C:\\dir\\", "a\nb"};
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dh_rule_set *set = dh_rules_new(&arena);
        dh_buf line;
        dh_error error = {0};
        dh_buf_init(&line, &arena, 0);
        dh_buf_puts(&line, "remove line: ");
        dh_draft_put_phrase(&line, dh_slice_cstr(texts[i]));
        if (dh_rules_add(set, DH_SLICE("x.rules"), NULL, dh_buf_slice(&line), &error) != DH_OK)
            fail_msg("%s: %s", texts[i], error.message);
        const dh_phrase *phrase = &set->files.ptr[0]->lines.ptr[0].phrases[0];
        assert_int_equal(phrase->key_count, 1);
        assert_true(dh_slice_eq(phrase->keys[0], dh_text_key(dh_slice_cstr(texts[i]), true, &arena)));
        dh_rules_release(set);
    }
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_formats), cmocka_unit_test(bad_date_formats),
        cmocka_unit_test(word_ranges),  cmocka_unit_test(checks),
        cmocka_unit_test(all_mistakes), cmocka_unit_test(many_files),
        cmocka_unit_test(names_people_choose), cmocka_unit_test(phrases_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
