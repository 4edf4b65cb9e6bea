/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "text/script.h"
#include "text/words.h"

static void words_and_marks(void **state) {
    (void)state;
    static const struct {
        const char *text, *words; /* with | between */
    } rows[] = {
        {"", ""},
        {"   \n\t ", ""},
        {"one two\nthree", "one|two|three"},
        {"\"Don't,\" she said (twice).", "\"|Don't|,|\"|she|said|(|twice|)|."},
        {"well-known 3.5 e.g. 10% #tag", "well|-|known|3.5|e.g|.|10|%|#|tag"},
        {"x-2 -y z- and/or Lagos–Kano", "x-2|-|y|z|-|and|/|or|Lagos|–|Kano"},
        {"wait... -- ?! ***", "wait|...|--|?|!|***"},
        {"«قال» نعم، ثم ذهب.", "«|قال|»|نعم|،|ثم|ذهب|."},
        {"市议会决定迁移灯塔。", "市|议会|决定|迁移|灯塔|。"},
        {"สภาเมืองตัดสินใจ", "สภา|เมือง|ตัดสิน|ใจ"},
        {"시의회는 결정했다.", "시의회는|결정했다|."},
        {"x\xC2\xA0y", "x|y"},
    };
    dh_word_cutter *cutter = dh_word_cutter_new();
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_words words = {0};
        dh_buf got = {0};
        dh_words_cut(cutter, dh_slice_cstr(rows[i].text), &arena, &words);
        for (uint32_t w = 0; w < words.len; w++) {
            if (w > 0) dh_buf_putc(&got, '|');
            dh_buf_put_slice(&got, words.ptr[w]);
        }
        assert_string_equal(dh_buf_cstr(&got), rows[i].words);
        dh_buf_release(&got);
    }
    dh_word_cutter_free(cutter);
    dh_arena_release(&arena);
}

static void scripts(void **state) {
    (void)state;
    static const struct {
        const char *text, *script;
    } rows[] = {
        {"", "Zzzz"},         {"123 ...", "Zzzz"},
        {"abc", "Latn"},      {"abc где это", "Cyrl"},
        {"abcабв", "Cyrl"},   /* as many: by name */ {"قال abc نعم", "Arab"},
        {"灯塔", "Hani"},     {"灯台を移す", "Jpan"},
        {"カタカナ", "Jpan"}, {"등대를 옮기다", "Hang"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(dh_text_script(dh_slice_cstr(rows[i].text)), rows[i].script);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_and_marks),
                                       cmocka_unit_test(scripts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
