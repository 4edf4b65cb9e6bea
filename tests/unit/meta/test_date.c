/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "meta/date.h"
#include "meta/meta.h"
#include "text/date.h"

typedef struct date_row {
    const char *text, *lang, *want; /* want "": no date */
} date_row;

static const date_row rows[] = {
#include "dates.inc"
};

static void check(const date_row *row, dh_arena *arena, int *bad) {
    dh_slice got = dh_date_parse(dh_slice_cstr(row->text), dh_slice_cstr(row->lang), arena);
    if (!dh_slice_eq(got, dh_slice_cstr(row->want))) {
        print_error("\"%s\" (%s): want \"%s\", got \"%.*s\"\n", row->text, row->lang, row->want,
                    (int)got.len, got.ptr);
        ++*bad;
    }
}

static void test_table(void **state) {
    (void)state;
    dh_arena arena;
    int bad = 0;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check(&rows[i], &arena, &bad);
    dh_arena_release(&arena);
    assert_true(sizeof rows / sizeof *rows >= 150);
    assert_int_equal(bad, 0);
}

/* Every day of two centuries there and back, and its weekday order: the arithmetic is total. */
static void test_days(void **state) {
    (void)state;
    int64_t first = dh_day_number((dh_day){1900, 1, 1});
    int64_t last = dh_day_number((dh_day){2100, 12, 31});
    assert_int_equal(dh_day_number((dh_day){1970, 1, 1}), 0);
    assert_int_equal(dh_day_number((dh_day){2000, 3, 1}), 11017);
    for (int64_t n = first; n <= last; n++) {
        dh_day day = dh_day_of_number(n);
        assert_true(dh_day_valid(day));
        assert_int_equal(dh_day_number(day), n);
    }
}

/* New Year's days of the Solar Hijri calendar as the calendars of Iran give them. */
static void test_jalali(void **state) {
    (void)state;
    static const struct {
        int32_t year;
        dh_day want;
    } years[] = {{1375, {1996, 3, 20}}, {1379, {2000, 3, 20}}, {1380, {2001, 3, 21}},
                 {1388, {2009, 3, 21}}, {1391, {2012, 3, 20}}, {1395, {2016, 3, 20}},
                 {1396, {2017, 3, 21}}, {1399, {2020, 3, 20}}, {1400, {2021, 3, 21}},
                 {1403, {2024, 3, 20}}, {1404, {2025, 3, 21}}, {1408, {2029, 3, 20}}};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        dh_day got = dh_day_of_jalali(years[i].year, 1, 1);
        assert_int_equal(got.year, years[i].want.year);
        assert_int_equal(got.month, years[i].want.month);
        assert_int_equal(got.day, years[i].want.day);
    }
    assert_int_equal(dh_day_of_jalali(1402, 12, 30).year, 0); /* no leap year */
    assert_int_equal(dh_day_of_jalali(1403, 12, 30).day, 20);
    assert_int_equal(dh_day_of_jalali(1403, 7, 31).year, 0);
    assert_int_equal(dh_day_of_jalali(1403, 13, 1).year, 0);
}

static void test_url(void **state) {
    (void)state;
    static const char *const urls[][2] = {
        {"https://example.org/2024/05/14/title", "2024-05-14"},
        {"https://example.org/2024/5/4/title", "2024-05-04"},
        {"https://example.org/news/2024-05-14-title.html", "2024-05-14"},
        {"https://example.org/news/2024_05_14/title.html", "2024-05-14"},
        {"https://example.org/n1/2024/0514/c1-2.html", "2024-05-14"},
        {"https://example.org/article/20240514", "2024-05-14"},
        {"https://example.org/article/A2024051409260003", "2024-05-14"},
        {"https://example.org/News/120200622120908039/x", ""},
        {"https://example.org/article/2024051499999999", ""},
        {"https://example.org/2024/13/14/title", ""},
        {"https://example.org/2024/05/title", ""},
        {"https://example.org/id/1234567890", ""},
        {"https://example.org/20240514x/1899-05-14", "2024-05-14"},
        {"https://example.org/2024-05/14-title", ""},
        {"https://example.org/", ""},
        {"", ""},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        dh_slice got = dh_date_of_url(dh_slice_cstr(urls[i][0]), &arena);
        if (!dh_slice_eq(got, dh_slice_cstr(urls[i][1])))
            fail_msg("%s: got %.*s", urls[i][0], (int)got.len, got.ptr);
    }
    dh_arena_release(&arena);
}

static void test_fold(void **state) {
    (void)state;
    static const char *const folds[][2] = {
        {"  Août\t 14 ", "aout 14"},
        {"Sept. 3 p.m.", "sept 3 pm"},
        {"14. Mai", "14. mai"},
        {"١٤ مــايو", "14 مايو"},
        {"۱۴۰۲", "1402"},
        {"ΜΑΪ́ΟΥ", "μαιου"},
        {"أيار", "ايار"},
        {"２０２４／０５", "2024/05"},
        {"a\xE2\x80\x8F"
         "b\xC2\xA0"
         "c",
         "ab c"},
        {"\xFF\xFE", ""},
        {"İstanbul IŞIK ı", "istanbul isik i"},
        {"", ""},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        dh_slice got = dh_date_fold(dh_slice_cstr(folds[i][0]), &arena);
        if (!dh_slice_eq(got, dh_slice_cstr(folds[i][1])))
            fail_msg("%s: got \"%.*s\"", folds[i][0], (int)got.len, got.ptr);
    }
    dh_arena_release(&arena);
}

/* Whatever the bytes are, the answer is a valid date or none, and the work is bounded. */
static void test_hostile(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    uint32_t seed = 1;
    static const char alphabet[] = "0123456789 -/:.TZ+,mayD\xD9\xA1\xE5\xB9\xB4\xFF";
    for (int round = 0; round < 20000; round++) {
        char text[48];
        size_t len = 0;
        for (; len < sizeof text - 1; len++) {
            seed = seed * 1664525 + 1013904223;
            text[len] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        dh_slice got = dh_date_parse((dh_slice){text, len}, DH_SLICE("en"), &arena);
        if (got.len > 0) assert_int_not_equal(dh_day_of_iso(got).year, 0);
        dh_arena_reset(&arena);
    }
    size_t size = 1000000;
    char *big = malloc(size);
    assert_non_null(big);
    for (size_t i = 0; i < size; i++) big[i] = "1-/may "[i % 7];
    dh_slice none = dh_date_parse((dh_slice){big, size}, DH_SLICE(""), &arena);
    assert_int_equal(none.len, 0);
    assert_true(arena.peak < 1000000);
    free(big);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_days), cmocka_unit_test(test_jalali),
        cmocka_unit_test(test_url),   cmocka_unit_test(test_fold), cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
