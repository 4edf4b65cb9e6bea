/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "text/class.h"

typedef struct row {
    const char *text;
    uint32_t chars, words, letters, digits, upper, rtl, unspaced, sentences, commas;
    bool ends_sentence, ends_colon, starts_lower;
} row;

static const row rows[] = {
    /* text, chars, words, letters, digits, upper, rtl, unspaced, sentences, commas, end, colon, lower */
    {"", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {" \t\n", 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {"-", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {"...", 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0},
    {"The dock is closed.", 19, 4, 15, 0, 1, 0, 0, 1, 0, 1, 0, 0},
    {"the dock", 8, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1},
    {"Boats, nets; and \"rope\".", 24, 4, 16, 0, 1, 0, 0, 1, 2, 1, 0, 0},
    {"It costs 1,250.50 now", 21, 4, 10, 6, 1, 0, 0, 0, 0, 0, 0, 0},
    {"In 2020. Then", 13, 3, 6, 4, 2, 0, 0, 1, 0, 0, 0, 0},
    {"Why?! Because... He left.", 25, 4, 16, 0, 3, 0, 0, 3, 0, 1, 0, 0},
    {"J. K. Moss came", 15, 4, 10, 0, 3, 0, 0, 0, 0, 0, 0, 0},
    {"the U.S. fleet", 14, 3, 10, 0, 2, 0, 0, 0, 0, 0, 0, 1},
    {"1. First point", 14, 3, 10, 1, 1, 0, 0, 0, 0, 0, 0, 0},
    {"See www.tide.example for more", 29, 4, 24, 0, 1, 0, 0, 0, 0, 0, 0, 0},
    {"don\xE2\x80\x99t well-known it's", 21, 3, 16, 0, 0, 0, 0, 0, 0, 0, 0, 1},
    {"He said: \xE2\x80\x9CGo.\xE2\x80\x9D", 14, 3, 8, 0, 2, 0, 0, 1, 0, 1, 0, 0},
    {"Read more:", 10, 2, 8, 0, 1, 0, 0, 0, 0, 1, 1, 0},
    {"(so it ended\xE2\x80\xA6)", 14, 3, 9, 0, 0, 0, 0, 1, 0, 1, 0, 1},
    {"Great! \xF0\x9F\x8E\x89", 8, 1, 5, 0, 1, 0, 0, 1, 0, 1, 0, 0},
    {"\xC3\x89t\xC3\xA9, \xC3\xA0 No\xC3\xABl\xC2\xA0!", 13, 3, 8, 0, 2, 0, 0, 1, 1, 1, 0, 0},
    {"\xC3\xA9t\xC3\xA9", 3, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1},
    /* Arabic: "The minister said: the work is done. Is it so?" with its own comma and question mark */
    {"قال الوزير: انتهى العمل، هل هذا صحيح؟", 37, 7, 28, 0, 0, 28, 0, 1, 1, 1, 0, 0},
    {"مُحَمَّد", 8, 1, 8, 0, 0, 8, 0, 0, 0, 0, 0, 0},
    {"العدد ١٢٣", 9, 2, 5, 3, 0, 5, 0, 0, 0, 0, 0, 0},
    {"وصل د. سامي أمس", 15, 4, 11, 0, 0, 11, 0, 0, 0, 0, 0, 0},
    {"یہ خبر ہے۔ وہ گیا۔", 18, 5, 12, 0, 0, 12, 0, 2, 0, 1, 0, 0},
    {"שלום, עולם.", 11, 2, 8, 0, 0, 8, 0, 1, 1, 1, 0, 0},
    /* Chinese, Japanese: two letters a word, stops need no space behind them */
    {"今天下雨。明天晴，风大！", 12, 5, 9, 0, 0, 0, 9, 2, 1, 1, 0, 0},
    {"中国GDP增长5%", 9, 4, 7, 1, 3, 0, 4, 0, 0, 0, 0, 0},
    {"雨が降る。「はい。」と言った", 14, 5, 10, 0, 0, 0, 10, 2, 0, 0, 0, 0},
    {"ニュース：", 5, 2, 4, 0, 0, 0, 4, 0, 0, 1, 1, 0},
    {"오늘은 비가 온다. 내일은?", 15, 4, 10, 0, 0, 0, 0, 2, 0, 1, 0, 0},
    {"यह खबर है। वह गया।", 18, 5, 12, 0, 0, 0, 0, 2, 0, 1, 0, 0},
    {"กินข้าว", 7, 3, 7, 0, 0, 0, 5, 0, 0, 0, 0, 0},
    {"Το πλοίο έφυγε; Ναι, έφυγε.", 27, 5, 20, 0, 2, 0, 0, 2, 1, 1, 0, 0},
    {"Судно ушло. Почему?", 19, 3, 15, 0, 2, 0, 0, 2, 0, 1, 0, 0},
    {"ሰላም። እንዴት፣ ነው", 13, 3, 9, 0, 0, 0, 0, 1, 1, 0, 0, 0},
    {"Նավը գնաց։", 10, 2, 8, 0, 1, 0, 0, 1, 0, 1, 0, 0},
};

static void measures_text(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const row *r = &rows[i];
        dh_text_facts f;
        dh_text_measure(dh_slice_cstr(r->text), &f);
        if (f.chars != r->chars || f.words != r->words || f.letters != r->letters ||
            f.digits != r->digits || f.upper != r->upper || f.rtl != r->rtl ||
            f.unspaced != r->unspaced || f.sentences != r->sentences || f.commas != r->commas ||
            f.ends_sentence != r->ends_sentence || f.ends_colon != r->ends_colon ||
            f.starts_lower != r->starts_lower)
            bad++, print_error("row %zu \"%s\": %u, %u, %u, %u, %u, %u, %u, %u, %u, %d, %d, %d\n",
                               i, r->text, f.chars, f.words, f.letters, f.digits, f.upper, f.rtl,
                               f.unspaced, f.sentences, f.commas, f.ends_sentence, f.ends_colon,
                               f.starts_lower);
    }
    assert_int_equal(bad, 0);
}

static void bears_ill_formed_and_empty(void **state) {
    (void)state;
    dh_text_facts f;
    dh_text_measure((dh_slice){NULL, 0}, &f);
    assert_int_equal(f.chars, 0);
    static const char bad[] = "ab\xFF\xC3 \xE2\x82"
                              "cd\xF0\x9F";
    for (size_t cut = 0; cut < sizeof bad; cut++) {
        char *copy = malloc(cut + 1); /* so that a read behind the end is seen */
        memcpy(copy, bad, cut);
        char *tight = realloc(copy, cut > 0 ? cut : 1);
        dh_text_measure((dh_slice){tight, cut}, &f);
        assert_true(f.letters <= 4);
        free(tight);
    }
    dh_text_measure(dh_slice_make(bad, sizeof bad - 1), &f);
    assert_int_equal(f.letters, 4);
    assert_int_equal(f.chars, 9);
}

static void measures_ten_megabytes(void **state) {
    (void)state;
    size_t len = 10 * 1024 * 1024;
    char *big = malloc(len);
    for (size_t i = 0; i < len; i++) big[i] = "word, and. "[i % 11];
    dh_text_facts f;
    dh_text_measure(dh_slice_make(big, len), &f);
    assert_int_equal(f.chars, len);
    assert_in_range(f.words, len / 11 * 2, len / 11 * 2 + 2);
    assert_in_range(f.sentences, len / 11, len / 11 + 1);
    free(big);
}

static void classifies_code_points(void **state) {
    (void)state;
    static const struct {
        uint32_t code;
        bool space, letter, digit, punctuation, rtl, unspaced;
    } codes[] = {
        {' ', 1, 0, 0, 0, 0, 0},      {0xA0, 1, 0, 0, 0, 0, 0},     {0x3000, 1, 0, 0, 0, 0, 0},
        {0x200B, 0, 0, 0, 0, 0, 0},   {'a', 0, 1, 0, 0, 0, 0},      {'7', 0, 0, 1, 0, 0, 0},
        {'$', 0, 0, 0, 1, 0, 0},      {0x627, 0, 1, 0, 0, 1, 0},    {0x64B, 0, 1, 0, 0, 1, 0},
        {0x661, 0, 0, 1, 0, 0, 0},    {0x60C, 0, 0, 0, 1, 0, 0},    {0x5D0, 0, 1, 0, 0, 1, 0},
        {0x4E2D, 0, 1, 0, 0, 0, 1},   {0xAC00, 0, 1, 0, 0, 0, 0},   {0x30FC, 0, 1, 0, 0, 0, 1},
        {0xE01, 0, 1, 0, 0, 0, 1},    {0x20000, 0, 1, 0, 0, 0, 1},  {0x1F389, 0, 0, 0, 1, 0, 0},
        {0x10FFFF, 0, 0, 0, 0, 0, 0}, {0x110000, 0, 0, 0, 0, 0, 0}, {0xFFFFFFFF, 0, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        uint32_t c = codes[i].code;
        if (dh_code_is_space(c) != codes[i].space || dh_code_is_letter(c) != codes[i].letter ||
            dh_code_is_digit(c) != codes[i].digit ||
            dh_code_is_punctuation(c) != codes[i].punctuation ||
            dh_code_is_rtl(c) != codes[i].rtl || dh_code_is_unspaced(c) != codes[i].unspaced)
            fail_msg("U+%04X", c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_text),
        cmocka_unit_test(bears_ill_formed_and_empty),
        cmocka_unit_test(measures_ten_megabytes),
        cmocka_unit_test(classifies_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
