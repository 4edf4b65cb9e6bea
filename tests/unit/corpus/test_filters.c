/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/io.h"
#include "corpus/filters_private.h"

static dh_arena arena;
static dh_word_cutter *cutter;

static void measure_for(int profile, const char *text, dh_filter_values values) {
    static const dh_slice stop[] = {DH_SLICE_INIT("the"), DH_SLICE_INIT("of"),
                                    DH_SLICE_INIT("and")};
    dh_words stop_words = {(dh_slice *)(uintptr_t)stop, 3, 3};
    dh_text_facts facts;
    jmp_buf guard;
    dh_arena_reset(&arena);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    dh_text_measure(dh_slice_cstr(text), &facts);
    dh_filters_measure(dh_slice_cstr(text), &facts, profile, &stop_words, cutter, &arena, values);
    arena.guard = NULL;
}

static void measure(const char *text, dh_filter_values values) {
    measure_for(0, text, values);
}

/* Each filter has a text and its value, counted by hand. */
static void values_of_each(void **state) {
    (void)state;
    static const struct {
        dh_filter_id id;
        const char *text;
        double value;
    } rows[] = {
        {DH_FILTER_gopher_dup_paragraphs, "a b\n\nc d\n\na b\n\na b", 0.5},
        {DH_FILTER_gopher_dup_paragraph_chars, "abcd\n\nxyz\n\nabcd", 4.0 / 15},
        {DH_FILTER_gopher_dup_lines, "a b\nc d\na b\n\na b", 0.5},
        {DH_FILTER_gopher_dup_line_chars, "abcd\nxyz\nabcd", 4.0 / 13},
        {DH_FILTER_fineweb_dup_chars, "abcd\nxyz\nabcd", 4.0 / 11},
        {DH_FILTER_fineweb2_dup_chars, "abcd\nxyz\nabcd", 4.0 / 11},
        {DH_FILTER_gopher_top_2_gram, "ab cd ab cd x", 10.0 / 13},
        {DH_FILTER_gopher_top_3_gram, "ab cd ef ab cd ef x", 16.0 / 19},
        {DH_FILTER_gopher_top_4_gram, "a b c d a b c d", 14.0 / 15},
        {DH_FILTER_gopher_dup_5_grams, "a b c d e a b c d e", 5.0 / 19},
        {DH_FILTER_gopher_dup_6_grams, "a b c d e f a b c d e f", 6.0 / 23},
        {DH_FILTER_gopher_dup_7_grams, "a b c d e f g a b c d e f g", 7.0 / 27},
        {DH_FILTER_gopher_dup_8_grams, "a b c d e f g h a b c d e f g h", 8.0 / 31},
        {DH_FILTER_gopher_dup_9_grams, "a b c d e f g h i a b c d e f g h i", 9.0 / 35},
        {DH_FILTER_gopher_dup_10_grams, "a b c d e f g h i j a b c d e f g h i j", 10.0 / 39},
        {DH_FILTER_gopher_few_words, "one, two - three.", 3},
        {DH_FILTER_gopher_many_words, "one, two - three.", 3},
        {DH_FILTER_gopher_short_words, "one, three.", 4},
        {DH_FILTER_gopher_long_words, "нет, это.", 3},
        {DH_FILTER_gopher_hashes, "# a # b", 0.5},
        {DH_FILTER_gopher_ellipses, "a... b\xE2\x80\xA6 c d", 2.0 / 6},
        {DH_FILTER_gopher_bullets, "- a\n\xE2\x80\xA2 b\nc\nd", 0.5},
        {DH_FILTER_gopher_ellipsis_lines, "a...\nb\xE2\x80\xA6\nc\nd", 0.5},
        {DH_FILTER_gopher_alpha_words, "a 1 2 b.", 2.0 / 5},
        {DH_FILTER_gopher_stop_words, "the cat and the dog", 2},
        {DH_FILTER_c4_lorem_ipsum, "x Lorem Ipsum dolor", 1},
        {DH_FILTER_c4_curly_bracket, "f() { }", 1},
        {DH_FILTER_c4_few_sentences, "It rained. It snowed! Did it hail? Yes.", 4},
        {DH_FILTER_c4_few_sentences, "It rained. It snowed a lot\nTwo words.\nBy Javascript it is.",
         2},
        {DH_FILTER_c4_few_sentences, "We use cookies. They are small.\nNo stop at all here", 1},
        {DH_FILTER_c4_few_sentences, "雨が降った。雪も降った。\n終わり", 2},
        {DH_FILTER_c4_lorem_ipsum, "Lorem ipsum", 0}, /* a line of two words is not C4's */
        {DH_FILTER_c4_curly_bracket, "{ }", 0},
        {DH_FILTER_fineweb_line_ends, "It rained:\nShe said \"no.\"\nDer Regen.\n雨が降った。",
         0.5},
        {DH_FILTER_fineweb_line_ends, "It rained.\nMenu\nقال نعم۔\nHome", 0.5},
        {DH_FILTER_fineweb_short_lines, "short\nthis line has more than thirty characters in it",
         0.5},
        {DH_FILTER_fineweb_line_breaks, "a\n\nb\nc d", 0.5},
    };
    bool had[DH_FILTER_COUNT] = {false};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_filter_values values = {0};
        measure(rows[i].text, values);
        had[rows[i].id] = true;
        double off = values[rows[i].id] - rows[i].value;
        if (off > 1e-9 || off < -1e-9)
            fail_msg("row %zu: %f, not %f", i, values[rows[i].id], rows[i].value);
    }
    for (int i = 0; i < DH_FILTER_COUNT; i++)
        if (!had[i]) fail_msg("filter %d has no row", i);
}

/* FineWeb's own measures are of what C4 leaves. */
static void behind_c4(void **state) {
    (void)state;
    static const char text[] = "It rained all day in the harbour town.\nMenu\nMenu\n"
                               "By the use of cookies this page knows you\nThe end of it all";
    dh_filter_values all, left;
    measure(text, all);
    measure_for(DH_PROFILE_FINEWEB, text, left);
    assert_true(all[DH_FILTER_fineweb_line_ends] == 0.2);
    assert_true(left[DH_FILTER_fineweb_line_ends] == 0.5);
    assert_true(all[DH_FILTER_fineweb_short_lines] == 0.6);
    assert_true(left[DH_FILTER_fineweb_short_lines] == 0.5);
    assert_true(all[DH_FILTER_fineweb_dup_chars] > 0);
    assert_true(left[DH_FILTER_fineweb_dup_chars] == 0);
    assert_true(left[DH_FILTER_fineweb_line_breaks] > 1 / 14. - 1e-9);
    assert_true(left[DH_FILTER_fineweb_line_breaks] < 1 / 14. + 1e-9);
}

static void nothing_to_measure(void **state) {
    (void)state;
    dh_filter_values values;
    static const char *const texts[] = {"", "\n\n\n", "x", "..."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) measure(texts[i], values);
}

/* ---- thresholds ---- */

static dh_status read(const char *text, dh_thresholds *thresholds, dh_error *error) {
    jmp_buf guard;
    dh_arena_reset(&arena);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    dh_status status = dh_thresholds_read(thresholds, dh_slice_cstr(text), "x.yml", &arena, error);
    arena.guard = NULL;
    return status;
}

static void thresholds_are_read(void **state) {
    (void)state;
    dh_thresholds t = {0};
    dh_error error = {0};
    static const char text[] =
        "dup_line_frac: 0.235\ndup_n_grams:\n- - 5\n  - 0.19\n- - 10\n  - 0.106\n- - 11\n  - 0.5\n"
        "language_score: 0.3\nline_punct_thr: -1\nmax_avg_word_length: 11\n"
        "other:\n- [a, {b: c}]\nstopwords:\n- \"\\u060C\"\n- 'no'\n- \"\\xB7\"\n"
        "top_n_grams:\n- - 2\n  - 0.667\n- - 4\n  - 0.395\n";
    assert_int_equal(read(text, &t, &error), DH_OK);
    assert_true(t.values[DH_FILTER_gopher_dup_lines] == 0.235);
    assert_true(t.values[DH_FILTER_gopher_dup_5_grams] == 0.19);
    assert_true(t.values[DH_FILTER_gopher_dup_10_grams] == 0.106);
    assert_true(t.values[DH_FILTER_gopher_top_2_gram] == 0.667);
    assert_true(t.values[DH_FILTER_gopher_top_4_gram] == 0.395);
    assert_true(t.values[DH_FILTER_fineweb_line_ends] == -1);
    assert_true(t.values[DH_FILTER_gopher_long_words] == 11);
    assert_true(t.values[DH_FILTER_gopher_few_words] == 0);
    assert_int_equal(t.stop_words.len, 3);
    assert_true(dh_slice_eq(t.stop_words.ptr[0], DH_SLICE("\xD8\x8C")));
    assert_true(dh_slice_eq(t.stop_words.ptr[2], DH_SLICE("\xC2\xB7")));
}

static void bad_thresholds(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "- a\n",
        "dup_line_frac: x\n",
        "dup_line_frac: [1]\n",
        "dup_line_frac: nan\n",
        "stopwords: no\n",
        "stopwords:\n- [a]\n",
        "dup_n_grams:\n- 5\n",
        "dup_n_grams:\n- - 5\n",
        "dup_n_grams:\n- [5, x]\n",
        "top_n_grams: 1\n",
        "[a]: b\n",
        "a: \"b\n",
        "a: {\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dh_thresholds t = {0};
        dh_error error = {0};
        if (read(texts[i], &t, &error) != DH_ERR_SYNTAX) fail_msg("row %zu", i);
        assert_string_equal(error.file, "x.yml");
        assert_true(error.line > 0 && error.message[0] != '\0');
    }
}

/* ---- verdicts ---- */

static const char *verdict(dh_filters *f, const char *text, const dh_language *language) {
    dh_text_facts facts;
    jmp_buf guard;
    dh_arena_reset(&arena);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    dh_text_measure(dh_slice_cstr(text), &facts);
    dh_filter_verdict v =
        dh_filters_judge(f, dh_slice_cstr(text), &facts, language, cutter, &arena);
    arena.guard = NULL;
    return v.name != NULL ? v.name : "";
}

static const char good[] =
    "The council of the harbour town decided on Tuesday evening that the lighthouse will be moved "
    "to the old quay, "
    "after a debate that lasted for more than five hours and filled the gallery.\n\n"
    "Residents had asked for the change since last spring. A spokeswoman said the work would begin "
    "in June. The cost "
    "would be shared with the port, which nobody has denied so far.\n\n"
    "Its keeper said he would miss the view, but that he understood the reasons.";

static void profiles(void **state) {
    (void)state;
    static const dh_language english = {"en", "eng", "Latn", 990, true},
                             german = {"de", "deu", "Latn", 990, true};
    static const char *const names[] = {"c4", "gopher", "fineweb"};
    dh_filters *f;
    dh_error error = {0};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(dh_filters_new(names[i], NULL, &f, &error), DH_OK);
        assert_true(dh_filters_any(f));
        assert_string_equal(verdict(f, good, &english), "");
        assert_string_equal(verdict(f, "Short.", &english),
                            i == 0 ? "c4_few_sentences" : "gopher_top_2_gram");
        dh_filters_free(f);
    }
    assert_int_equal(dh_filters_new("gopher", NULL, &f, &error), DH_OK);
    /* A German text has no English stop words, and that is no fault of it. */
    static const char other[] = "Der Rat beschloss am Dienstagabend nach fünf Stunden, dass man "
                                "den Leuchtturm an einen anderen Kai verlegt, was "
                                "viele Anwohner seit dem Frühjahr gefordert hatten. Die Arbeiten "
                                "beginnen im Juni, sagte eine Sprecherin. Wer "
                                "dafür zahlt, weiß noch niemand. Der Wärter sagte, er werde diese "
                                "Aussicht vermissen, verstehe aber alle Gründe.";
    assert_string_equal(verdict(f, other, &english), "gopher_stop_words");
    assert_string_equal(verdict(f, other, &german), "");
    dh_filters_free(f);
    assert_int_equal(dh_filters_new(NULL, NULL, &f, &error), DH_OK);
    assert_false(dh_filters_any(f));
    dh_filters_free(f);
    assert_int_equal(dh_filters_new("fineweb2", NULL, &f, &error), DH_ERR_USAGE);
    assert_int_equal(dh_filters_new("best", NULL, &f, &error), DH_ERR_USAGE);
    assert_int_equal(dh_filters_new("gopher", "/nowhere/at/all", &f, &error), DH_ERR_IO);
}

static int setup(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    cutter = dh_word_cutter_new();
    return cutter != NULL ? 0 : 1;
}

static int teardown(void **state) {
    (void)state;
    dh_word_cutter_free(cutter);
    dh_arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_each), cmocka_unit_test(nothing_to_measure),
        cmocka_unit_test(behind_c4),      cmocka_unit_test(thresholds_are_read),
        cmocka_unit_test(bad_thresholds), cmocka_unit_test(profiles),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
