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
static jmp_buf guard;

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

static const struct {
    const char *text, *key;
} labels[] = {
    {"", ""},
    {"   ", ""},
    {"-", ""},
    {"- | •", ""},
    {"Most Read", "most read"},
    {"  MOST\t\n read : ", "most read"},
    {"Most\xC2\xA0Read\xE3\x80\x80", "most read"},
    {"\xC2\xABRead more\xC2\xBB", "read more"},
    {"\xE2\x96\xBA \xF0\x9F\x93\x8C Read more \xE2\x80\xA6", "read more"},
    {"Don\xE2\x80\x99t miss", "don't miss"},
    {"\xE2\x80\x9CLive\xE2\x80\x9D", "live"},
    {"Editor\xE2\x80\x91in\xE2\x80\x93"
     "chief",
     "editor-in-chief"},
    {"Read\xC2\xAD more\xE2\x80\x8B", "read more"},
    {"\xEF\xBB\xBFTags", "tags"},
    {"\xE2\x80\xAB"
     "Share\xE2\x80\xAC",
     "share"},
    {"\xC2\xA9 2024", "\xC2\xA9 2024"},
    {"#tag @name 5%", "#tag @name 5%"},
    {"Stra\xC3\x9F"
     "e",
     "strasse"},
    {"\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"},
    {"E\xCC\x81t\x65\xCC\x81", "\xC3\xA9t\xC3\xA9"},
    {"\xC4\xB0LG\xC4\xB0L\xC4\xB0 HABERLER", "ilgili haberler"},
    {"\xC4\xB1l\xC4\xB1k", "ilik"},
    {"i\xCC\x87lgili", "ilgili"},
    {"ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ", "διαβαστε επισησ"},
    {"Διαβάστε επίσης", "διαβαστε επισησ"},
    {"ЕЩЁ НОВОСТИ", "еще новости"},
    {"Ｒｅａｄ　ｍｏｒｅ：", "read more"},
    {"ｶﾞｲﾄﾞ", "ガイド"},
    {"ﬁnance", "finance"},
    {"ⅣＭ²", "ivm2"},
    /* Arabic: tatweel, harakat, forms of alef, yeh and kaf, digits, presentation forms */
    {"الأكثــر قـراءة", "الاكثر قراءة"},
    {"اَلْأَكْثَرُ قِرَاءَةً", "الاكثر قراءة"},
    {"إقرأ أيضاً:", "اقرا ايضا"},
    {"اقرأ آخر", "اقرا اخر"},
    {"على", "علي"},
    {"کلیک", "كليك"},
    {"برچسب\xE2\x80\x8Cها", "برچسب ها"},
    {"عاجل ٢٤/٧", "عاجل 24/7"},
    {"۲۴ ساعت", "24 ساعت"},
    {"\xEF\xBB\xBB \xEF\xBA\x8D\xEF\xBA\xA8\xEF\xBA\x92\xEF\xBA\xAE", "لا اخبر"},
    {"\xEF\xBA\x83\xEF\xBA\xA7\xEF\xBA\xAE", "اخر"},
    {"ا\xD9\x94خر", "اخر"}, /* alef and a combining hamza */
    {"سو\xD9\x94ال", "سؤال"},
    {"\xE2\x80\x8Fمشاركة\xE2\x80\x8F", "مشاركة"},
    {"؟ شاهد ؛", "شاهد"},
    {"यह ख\xE0\xA4\xBC"
     "बर",
     "यह ख़बर"},
    {"বিজ্ঞাপন", "বিজ্ঞাপন"},
    {"ক\xE0\xA7\x87\xE0\xA6\xBE", "কো"},
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
    {"関連記事", "関連記事"},
    {"\xEF\xA4\x80", "豈"}, /* CJK compatibility ideograph */
    {"a\xFF"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
};

static void folds_labels(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        dh_slice key = dh_text_key(dh_slice_cstr(labels[i].text), true, &arena);
        if (!dh_slice_eq(key, dh_slice_cstr(labels[i].key)))
            bad++, print_error("row %zu \"%s\": \"%.*s\" is not \"%s\"\n", i, labels[i].text,
                               (int)key.len, key.ptr, labels[i].key);
        dh_slice again = dh_text_key(key, true, &arena);
        if (!dh_slice_eq(again, key))
            bad++, print_error("row %zu is not stable: \"%.*s\"\n", i, (int)again.len, again.ptr);
    }
    assert_int_equal(bad, 0);
}

static void keeps_punctuation_of_patterns(void **state) {
    (void)state;
    dh_slice key = dh_text_key(DH_SLICE("  Sign up to OUR newsletter* "), false, &arena);
    assert_true(dh_slice_eq(key, DH_SLICE("sign up to our newsletter*")));
    key = dh_text_key(DH_SLICE("- By : "), false, &arena);
    assert_true(dh_slice_eq(key, DH_SLICE("- by :")));
}

static void maps_back(void **state) {
    (void)state;
    static const char text[] =
        " \xE2\x80\x94 \xD8\xA3\xD9\x8E\xD8\xAE\xD9\x80\xD8\xB1  E\xCC\x81t, ";
    /* bytes:                 0 1           4 5       7       9       11      13     15 17.. */
    static const uint32_t expected[] = {5, 5, 9, 9, 13, 13, 15, 17, 17, 20};
    uint32_t *offsets;
    dh_slice key = dh_text_key_map(dh_slice_cstr(text), true, &arena, &offsets);
    assert_true(dh_slice_eq(key, DH_SLICE("\xD8\xA7\xD8\xAE\xD8\xB1 \xC3\xA9t")));
    for (size_t i = 0; i < key.len; i++)
        if (offsets[i] != expected[i]) fail_msg("byte %zu: %u, not %u", i, offsets[i], expected[i]);
    assert_int_equal(offsets[key.len], sizeof text - 1);

    key = dh_text_key_map(DH_SLICE(""), true, &arena, &offsets);
    assert_int_equal(key.len, 0);
    assert_int_equal(offsets[0], 0);

    dh_slice same = dh_text_key(dh_slice_cstr(text), false, &arena);
    key = dh_text_key_map(dh_slice_cstr(text), false, &arena, &offsets);
    assert_true(dh_slice_eq(key, same));
    for (size_t i = 1; i <= key.len; i++) assert_true(offsets[i - 1] <= offsets[i]);
}

static void bears_anything(void **state) {
    (void)state;
    uint32_t seed = 12345;
    for (int round = 0; round < 3000; round++) {
        char text[64];
        size_t len = 0, count = (seed >> 8) % 12;
        for (size_t i = 0; i < count; i++) {
            static const uint32_t bases[] = {0x20,   0x300,  0x640,  0x650,  0x900,
                                             0x9B0,  0xFB40, 0xFE60, 0x200A, 0x1100,
                                             0x1160, 0x3090, 0xFF60, 0x1D400};
            seed = seed * 1664525 + 1013904223;
            uint32_t code = bases[(seed >> 16) % 14] + (seed >> 24) % 48;
            len += dh_utf8_encode(code, text + len);
        }
        seed = seed * 1664525 + 1013904223;
        uint32_t *offsets;
        dh_slice key = dh_text_key_map(dh_slice_make(text, len), true, &arena, &offsets);
        assert_int_equal(dh_utf8_valid_prefix(key), key.len);
        for (size_t i = 1; i <= key.len; i++) assert_true(offsets[i - 1] <= offsets[i]);
        assert_true(offsets[key.len] == len);
    }
}

/* ASCII has a path of its own, which the map's does not share. */
static void has_one_key_for_ascii(void **state) {
    (void)state;
    uint32_t seed = 99;
    for (int round = 0; round < 3000; round++) {
        char text[24];
        size_t len = 1 + (seed >> 9) % 23;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (char)(seed >> 24 & 0x7F);
            if (seed & 0x100000) text[i] = " \t:-`A"[seed >> 8 & 0xFF ? (seed >> 8) % 6 : 0];
        }
        seed = seed * 1664525 + 1013904223;
        uint32_t *offsets;
        bool trim = round % 2 == 0;
        dh_slice plain = dh_text_key(dh_slice_make(text, len), trim, &arena);
        dh_slice mapped = dh_text_key_map(dh_slice_make(text, len), trim, &arena, &offsets);
        if (!dh_slice_eq(plain, mapped))
            fail_msg("\"%.*s\": \"%.*s\", \"%.*s\"", (int)len, text, (int)plain.len, plain.ptr,
                     (int)mapped.len, mapped.ptr);
    }
}

static void folds_ten_megabytes(void **state) {
    (void)state;
    size_t len = 10 * 1024 * 1024;
    char *big = malloc(len);
    for (size_t i = 0; i < len; i += 2) memcpy(big + i, "\xCC\x81", 2); /* one endless accent */
    assert_int_equal(dh_arena_guard(&arena, &guard), 0);
    dh_slice key = dh_text_key(dh_slice_make(big, len), true, &arena);
    assert_int_equal(key.len, len);
    memset(big, 'A', len);
    key = dh_text_key(dh_slice_make(big, len), true, &arena);
    assert_int_equal(key.len, len);
    assert_int_equal(key.ptr[len - 1], 'a');
    free(big);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_labels),
        cmocka_unit_test(keeps_punctuation_of_patterns),
        cmocka_unit_test(maps_back),
        cmocka_unit_test(bears_anything),
        cmocka_unit_test(has_one_key_for_ascii),
        cmocka_unit_test(folds_ten_megabytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
