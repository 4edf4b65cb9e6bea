/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/clean.h"

static dh_arena arena;

static int set_up(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

static void parses_names(void **state) {
    (void)state;
    static const struct {
        const char *names;
        uint32_t mask;
        const char *bad; /* NULL: all are known */
    } rows[] = {
        {"tatweel", 1u << DH_FOLD_bit_tatweel, NULL},
        {"tatweel,digits", 1u << DH_FOLD_bit_tatweel | 1u << DH_FOLD_bit_digits, NULL},
        {" case , width ", 1u << DH_FOLD_bit_case | 1u << DH_FOLD_bit_width, NULL},
        {"case,case", 1u << DH_FOLD_bit_case, NULL},
        {"Case", 0, "Case"},
        {"case,vowels", 0, "vowels"},
        {"case,", 0, ""},
        {"", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t mask = 0;
        dh_slice bad = {NULL, 0};
        bool ok = dh_fold_parse(dh_slice_cstr(rows[i].names), &mask, &bad);
        if (ok != (rows[i].bad == NULL) || (ok && mask != rows[i].mask) ||
            (!ok && !dh_slice_eq(bad, dh_slice_cstr(rows[i].bad))))
            fail_msg("row %zu \"%s\"", i, rows[i].names);
    }
}

static const struct {
    const char *names, *text, *folded;
} rows[] = {
    {"tatweel", "أحمــد صبـري", "أحمد صبري"},
    {"tatweel", "مُحَمَّد", "مُحَمَّد"},
    {"diacritics", "مُحَمَّدٌ", "محمد"},
    {"diacritics", "\xD7\xA9\xD7\x81\xD6\xB8\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D", "שלום"},
    {"diacritics", "caf\xC3\xA9", "caf\xC3\xA9"}, /* accents of Latin letters are letters */
    {"alef", "أخبار إلى آخر ٱلله", "اخبار الى اخر الله"},
    {"yeh", "على یک", "علي يک"},
    {"kaf", "یک", "یك"},
    {"digits", "٢٤ ۲۴ २४ ２４ 24", "24 24 24 24 24"},
    {"quotes", "\xE2\x80\x9Cit\xE2\x80\x99s\xE2\x80\x9D \xC2\xABoui\xC2\xBB", "\"it's\" \"oui\""},
    {"dashes",
     "1914\xE2\x80\x93"
     "18 \xE2\x80\x94 so\xE2\x80\x91"
     "so \xE2\x88\x92"
     "5",
     "1914-18 - so-so -5"},
    {"width", "ＡＢＣ　１２３ ｶﾞｲﾄﾞ", "ABC 123 ガイド"},
    {"zwnj", "می\xE2\x80\x8Cخواهم", "می خواهم"},
    {"case",
     "Stra\xC3\x9F"
     "E \xC3\x89T\xC3\x89 ΣΑΣ",
     "strasse \xC3\xA9t\xC3\xA9 σασ"},
    {"case,width", "ＡＢＣ", "abc"},
    {"digits,width", "１２", "12"},
    {"quotes,dashes", "\"-'", "\"-'"},
    {"tatweel,diacritics,alef,yeh,kaf,digits", "اَلْأَكْثَرُ قـراءةً عـلى ٢٤", "الاكثر قراءة علي 24"},
    {"tatweel", "", ""},
    {"tatweel", "ـــ", ""},
    {"case",
     "a\xFF"
     "B",
     "a\xEF\xBF\xBD"
     "b"},
};

static void folds(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t mask;
        dh_slice unknown;
        assert_true(dh_fold_parse(dh_slice_cstr(rows[i].names), &mask, &unknown));
        dh_slice out = dh_text_fold(dh_slice_cstr(rows[i].text), mask, &arena);
        if (!dh_slice_eq(out, dh_slice_cstr(rows[i].folded)))
            bad++, print_error("row %zu %s \"%s\": \"%.*s\"\n", i, rows[i].names, rows[i].text,
                               (int)out.len, out.ptr);
        dh_slice again = dh_text_fold(out, mask, &arena);
        if (!dh_slice_eq(again, out)) bad++, print_error("row %zu is not stable\n", i);
    }
    assert_int_equal(bad, 0);
}

static void does_nothing_unasked(void **state) {
    (void)state;
    dh_slice text = DH_SLICE("أحمــد \xE2\x80\x94 \xE2\x80\x9CX\xE2\x80\x9D");
    assert_ptr_equal(dh_text_fold(text, 0, &arena).ptr, text.ptr);
    size_t len = 4 * 1024 * 1024;
    char *big = malloc(len);
    for (size_t i = 0; i < len; i += 2) memcpy(big + i, "\xD9\x80", 2);
    dh_slice out = dh_text_fold(dh_slice_make(big, len), 0xFFFFFFFF, &arena);
    assert_int_equal(out.len, 0);
    free(big);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_names),
        cmocka_unit_test(folds),
        cmocka_unit_test(does_nothing_unasked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
