/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/mojibake.h"
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

typedef struct row {
    const char *text, *clean; /* clean NULL: nothing to do, the same slice comes back */
} row;

static const row folded[] = {
    {"", NULL},
    {"a", NULL},
    {"Two words, one line.", NULL},
    {"A much longer line of plain words that the fast path takes eight bytes at a time.", NULL},
    {"هذا نص عربي سليم، لا شيء فيه يتغير.", NULL},
    {"مُحَمَّد", "مُحَمَّد"}, /* shadda and fatha come in canonical order */
    {"الـــنص بالتطويل", NULL},
    {"می\xE2\x80\x8Cخواهم بروم", "می\xE2\x80\x8Cخواهم بروم"},
    {"今天下雨。明天晴，风大！", NULL},
    {"தமிழா நாடு", NULL},
    {"বিজ্ঞাপন দিন", NULL},
    {"\xC3\x89t\xC3\xA9 \xC3\xA0 No\xC3\xABl", NULL},
    {"\xEF\xB7\xBA \xEF\xB7\xB2 \xEF\xB7\xBC \xEF\xB7\xBD",
     NULL}, /* ligatures written on purpose */
    {"   ", ""},
    {" a ", "a"},
    {"a  b", "a b"},
    {"a \t\r\n b", "a b"},
    {"one two three four five six  seven", "one two three four five six seven"},
    {"abcdefg  hijklmno", "abcdefg hijklmno"},
    {"abcdefgh  ijklmno", "abcdefgh ijklmno"},
    {"a\xC2\xA0"
     "b\xE3\x80\x80"
     "c\xE2\x80\x89"
     "d\xE2\x80\xA8"
     "e",
     "a b c d e"},
    {"\xC2\xA0 a\xC2\xA0", "a"},
    {"so\xC2\xAD"
     "ft",
     "soft"},
    {"a\xE2\x80\x8B"
     "b\xE2\x81\xA0"
     "c\xEF\xBB\xBF"
     "d",
     "abcd"},
    {"a \xE2\x80\x8B b", "a b"},
    {"\xE2\x80\x8F\xD9\x86\xD8\xB5\xE2\x80\x8E "
     "\xE2\x80\xAB\xD9\x86\xE2\x80\xAC\xE2\x81\xA6\xE2\x81\xA9",
     "\xD9\x86\xD8\xB5 \xD9\x86"},
    {"a\x01\x7F\xC2\x85"
     "b\xC2\x9F"
     "c\xEF\xBF\xBE"
     "d",
     "a bcd"},
    {"\xEF\xBF\xBC"
     "object",
     "object"},
    {"bad\xFF"
     "byte",
     "bad\xEF\xBF\xBD"
     "byte"},
    {"cut\xE2\x82", "cut\xEF\xBF\xBD"},
    {"\xF0\x9F\x98 cut", "\xEF\xBF\xBD cut"},
    {"kept \xEF\xBF\xBD", NULL},
    /* joiners */
    {"a\xE2\x80\x8C"
     "b\xE2\x80\x8D"
     "c",
     "abc"},
    {"خانه\xE2\x80\x8C ها", "خانه ها"},
    {"\xE2\x80\x8Cخانه", "خانه"},
    {"خانه\xE2\x80\x8C\xE2\x80\x8C\xE2\x80\x8Fها", "خانه\xE2\x80\x8Cها"},
    {"خانه \xE2\x80\x8C ها", "خانه ها"},
    {"خانه\xE2\x80\x8C", "خانه"},
    {"क्\xE2\x80\x8Dष", "क्\xE2\x80\x8Dष"},
    {"ന്\xE2\x80\x8D ഒരു", "ന്\xE2\x80\x8D ഒരു"}, /* Malayalam chillu written the old way */
    {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9",
     "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9"},
    {"\xF0\x9F\x91\xA9\xE2\x80\x8C\xF0\x9F\x91\xA9", "\xF0\x9F\x91\xA9\xF0\x9F\x91\xA9"},
    {"\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5",
     "\xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5"},
    /* presentation forms, ligatures */
    {"\xEF\xBB\xBB \xEF\xBA\x8D\xEF\xBA\xA8\xEF\xBA\x92\xEF\xBA\xAE", "لا اخبر"},
    {"\xEF\xBA\x83", "أ"},
    {"\xEF\xB9\xB6", "\xD9\x8E"}, /* a spacing fatha is a fatha */
    {"\xEF\xAD\x96\xEF\xAE\x8E", "پک"},
    {"\xEF\xAC\x81ne \xEF\xAC\x84uent", "fine ffluent"},
    /* NFC */
    {"e\xCC\x81t\x65\xCC\x81", "\xC3\xA9t\xC3\xA9"},
    {"e\xC2\xAD\xCC\x81", "\xC3\xA9"}, /* composed over what was removed */
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
    {"ا\xD9\x94", "أ"},
    {"\xE2\x84\xAB", "\xC3\x85"},
    {"x\xCC\x81\xCC\xA3", "x\xCC\xA3\xCC\x81"}, /* canonical order */
    {"ক\xE0\xA7\x87\xE0\xA6\xBE", "কো"},
    {"\xCC\x81", "\xCC\x81"},
    {" \xCC\x81 a", "\xCC\x81 a"},
    /* doubly encoded */
    {"caf\xC3\x83\xC2\xA9 d\xC3\x83\xC2\xA9j\xC3\x83\xC2\xA0", "caf\xC3\xA9 d\xC3\xA9j\xC3\xA0"},
    {"It\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s "
     "\xC3\xA2\xE2\x82\xAC\xC5\x93ok\xC3\xA2\xE2\x82\xAC\xC2\x9D",
     "It\xE2\x80\x99s \xE2\x80\x9Cok\xE2\x80\x9D"},
    {"\xC3\x98\xC2\xA7\xC3\x99\xE2\x80\x9E\xC3\x98\xC2\xA3\xC3\x98\xC2\xAE", "الأخ"},
    {"caf\xC3\x83\xC2\xA9", NULL},                             /* once only: not certain */
    {"caf\xC3\x83\xC2\xA9 d\xC3\x83\xC2\xA9j\xC3\xA0", NULL},  /* honest letters beside it */
    {"CAF\xC3\x89\xE2\x80\xA6 CIN\xC3\x89\xE2\x80\xA6", NULL}, /* capitals before dots */
};

static const row lines[] = {
    {"", NULL},
    {"one\ntwo\n\nthree", NULL},
    {"one \n two", "one\ntwo"},
    {"one\n two", "one\ntwo"},
    {"one \ntwo", "one\ntwo"},
    {"abcdefgh\n  ijklmnop", "abcdefgh\nijklmnop"},
    {"abcdefgh\n ijklmnop", "abcdefgh\nijklmnop"},
    {"one\r\ntwo\rthree\xE2\x80\xA9"
     "four",
     "one\ntwo\nthree\nfour"},
    {"\n\n one\t\ttwo \n\n", "one two"},
    {"a\n \n b", "a\n\nb"},
    {"خبر\n خبر", "خبر\nخبر"},
};

static const row verbatim[] = {
    {"", NULL},
    {"a  b\n    c\td", NULL},
    {"\n\n    indented\n", "    indented"},
    {"a\xC2\xA0 b", "a\xC2\xA0 b"},
    {"a\r\n\r\n b\rc", "a\n\n b\nc"},
    {"if (x)\xE2\x80\xAE { }", "if (x) { }"},
    {"a\x02\n  b", "a\n  b"},
    {"  \n \n", ""},
};

static void check(const row *rows, size_t n, dh_clean_space space) {
    int bad = 0;
    for (size_t i = 0; i < n; i++) {
        dh_slice text = dh_slice_cstr(rows[i].text);
        dh_slice out = dh_text_clean(text, space, &arena, NULL, 0);
        const char *expected = rows[i].clean != NULL ? rows[i].clean : rows[i].text;
        if (!dh_slice_eq(out, dh_slice_cstr(expected)) ||
            (rows[i].clean == NULL && out.ptr != text.ptr))
            bad++, print_error("row %zu \"%s\": \"%.*s\"%s\n", i, rows[i].text, (int)out.len,
                               out.ptr, rows[i].clean == NULL ? " (copied)" : "");
        dh_slice again = dh_text_clean(out, space, &arena, NULL, 0);
        if (!dh_slice_eq(again, out))
            bad++, print_error("row %zu is not stable: \"%.*s\"\n", i, (int)again.len, again.ptr);
    }
    assert_int_equal(bad, 0);
}

static void folds_space(void **state) {
    (void)state;
    check(folded, sizeof folded / sizeof *folded, DH_SPACE_FOLD);
}
static void keeps_lines(void **state) {
    (void)state;
    check(lines, sizeof lines / sizeof *lines, DH_SPACE_KEEP_LINES);
}
static void keeps_verbatim(void **state) {
    (void)state;
    check(verbatim, sizeof verbatim / sizeof *verbatim, DH_SPACE_VERBATIM);
}

/* The bytes "[", "]" and "{", "}" of the text stand for offsets: removed before cleaning, and put
 * back behind it. A pair that is an opening one sits before its character, a closing one behind. */
static const struct {
    const char *text, *clean;
    dh_clean_space space;
} marked[] = {
    {"one |two| three", "one |two| three", DH_SPACE_FOLD},
    {"one  |two|  three", "one |two| three", DH_SPACE_FOLD},
    {"  |one two|  ", "|one two|", DH_SPACE_FOLD},
    {"|  |one|  |", "||one||", DH_SPACE_FOLD},
    {"a\xC2\xA0|b\xC2\xAD|c", "a |b|c", DH_SPACE_FOLD},
    {"a|\xE2\x80\x8B|b", "a||b", DH_SPACE_FOLD},
    {"|\xE2\x80\x8F|نص| آخر|", "||نص| آخر|", DH_SPACE_FOLD},
    {"|e\xCC\x81|t|e\xCC\x81|", "|\xC3\xA9|t|\xC3\xA9|", DH_SPACE_FOLD},
    {"x|e|\xCC\x81|t", "x||\xC3\xA9|t", DH_SPACE_FOLD},
    {"|\xEF\xBB\xBB|\xEF\xBA\x8D|", "|لا|ا|", DH_SPACE_FOLD},
    {"|caf\xC3\x83\xC2\xA9| |d\xC3\x83\xC2\xA9|", "|caf\xC3\xA9| |d\xC3\xA9|", DH_SPACE_FOLD},
    {"|", "|", DH_SPACE_FOLD},
    {"|   |", "||", DH_SPACE_FOLD},
    {" \n |a|\n\n |b|\n", "|a|\n\n|b|", DH_SPACE_KEEP_LINES},
    {"\n\n |a|\r\n|b|\n", " |a|\n|b|", DH_SPACE_VERBATIM},
    {"می|\xE2\x80\x8C|خواهم", "می|\xE2\x80\x8C|خواهم", DH_SPACE_FOLD},
};

static void moves_offsets(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        char text[128], out[160];
        uint32_t offsets[16];
        size_t len = 0, n = 0, out_len = 0, next = 0;
        for (const char *p = marked[i].text; *p != '\0'; p++) {
            if (*p == '|')
                offsets[n++] = (uint32_t)len;
            else
                text[len++] = *p;
        }
        dh_slice clean =
            dh_text_clean(dh_slice_make(text, len), marked[i].space, &arena, offsets, n);
        for (size_t at = 0; at <= clean.len; at++) {
            for (; next < n && offsets[next] == at; next++) out[out_len++] = '|';
            if (at < clean.len) out[out_len++] = clean.ptr[at];
        }
        if (next != n || !dh_slice_eq(dh_slice_make(out, out_len), dh_slice_cstr(marked[i].clean)))
            bad++, print_error("row %zu \"%s\": \"%.*s\" is not \"%s\"\n", i, marked[i].text,
                               (int)out_len, out, marked[i].clean);
    }
    assert_int_equal(bad, 0);
}

static bool is_nfc(const UNormalizer2 *nfc, dh_slice text) {
    UChar units[256];
    int32_t len = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(units, 256, &len, text.ptr, (int32_t)text.len, &status);
    bool normal = unorm2_isNormalized(nfc, units, len, &status);
    return normal && U_SUCCESS(status);
}

/* Random text of the kinds of code points that interact: the result is stable, valid, NFC, and the
 * offsets stay in order and inside. */
static void holds_on_random_text(void **state) {
    (void)state;
    static const uint32_t bases[] = {
        ' ',    'a',    0xA0,    0xAD,   0x300,  0x5D0,   0x627,  0x64B,  0x653,  0x915,
        0x93C,  0x94D,  0x958,   0x9BE,  0x9C7,  0xBBE,   0x1100, 0x1161, 0x11A8, 0x200B,
        0x200C, 0x200D, 0x2028,  0x2066, 0x3099, 0x304B,  0xD7A3, 0xFB1D, 0xFBEA, 0xFE70,
        0xFEF5, 0xFEFF, 0x1F469, 0xC3,   0xA9,   0x2F800, '\n'};
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    uint32_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[64];
        uint32_t offsets[5];
        size_t len = 0, count = 1 + (seed >> 9) % 12;
        for (size_t i = 0; i < count; i++) {
            seed = seed * 1664525 + 1013904223;
            len += dh_utf8_encode(bases[(seed >> 12) % 37] + (seed >> 25) % 3, text + len);
        }
        seed = seed * 1664525 + 1013904223;
        for (size_t i = 0; i < 5; i++) offsets[i] = (uint32_t)(len * i / 4);
        dh_clean_space space = (dh_clean_space)(round % 3);
        dh_slice out = dh_text_clean(dh_slice_make(text, len), space, &arena, offsets, 5);
        assert_int_equal(dh_utf8_valid_prefix(out), out.len);
        if (!is_nfc(nfc, out)) {
            for (size_t i = 0; i < len;) {
                uint32_t code;
                i += dh_utf8_decode(text + i, text + len, &code);
                print_error("U+%04X ", code);
            }
            fail_msg("round %d: not NFC: \"%.*s\"", round, (int)out.len, out.ptr);
        }
        for (size_t i = 1; i < 5; i++) assert_true(offsets[i - 1] <= offsets[i]);
        assert_true(offsets[4] <= out.len);
        dh_slice again = dh_text_clean(out, space, &arena, NULL, 0);
        if (!dh_slice_eq(out, again))
            fail_msg("round %d: \"%.*s\" became \"%.*s\"", round, (int)out.len, out.ptr,
                     (int)again.len, again.ptr);
        if (round % 1000 == 999) dh_arena_reset(&arena);
    }
}

static void cleans_ten_megabytes(void **state) {
    (void)state;
    static const char *const units[] = {"a ",           "\xCC\x81",         "  ",
                                        "\xE2\x80\x8C", "\xD9\x90\xD9\x91", "\xC3\x83",
                                        "\xC2\xAD",     "\xC3\x83\xC2\xA9"};
    size_t len = 10 * 1024 * 1024;
    char *big = malloc(len);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t unit = strlen(units[u]);
        for (size_t i = 0; i + unit <= len; i += unit) memcpy(big + i, units[u], unit);
        dh_slice out = dh_text_clean(dh_slice_make(big, len), DH_SPACE_FOLD, &arena, NULL, 0);
        assert_true(out.len <= len + 2);
        dh_arena_reset(&arena);
    }
    free(big);
}

static void suspects_little(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool suspect;
    } rows[] = {
        {"", false},
        {"plain", false},
        {"\xC3\xA9t\xC3\xA9", false},
        {"\xC3\x83"
         "o",
         false},
        {"\xC3", false},
        {"\xC3\x83\xC2\xA9", true},
        {"x\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2", true},
        {"\xC3\x98\xC2\xA7", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (dh_mojibake_suspect(dh_slice_cstr(rows[i].text)) != rows[i].suspect)
            fail_msg("row %zu", i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_space),          cmocka_unit_test(keeps_lines),
        cmocka_unit_test(keeps_verbatim),       cmocka_unit_test(moves_offsets),
        cmocka_unit_test(holds_on_random_text), cmocka_unit_test(cleans_ten_megabytes),
        cmocka_unit_test(suspects_little),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
