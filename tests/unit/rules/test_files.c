/* SPDX-License-Identifier: Apache-2.0 */
/* The rule files in rules/: they load, say whether anybody checked them, and are found. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/io.h"
#include "rules/rules_private.h"

typedef struct bench {
    dh_arena arena;
    dh_rule_set *set;
    dh_regex_cache *regexes;
} bench;

static int setup(void **state) {
    static bench b;
    b = (bench){0};
    dh_arena_init(&b.arena, 0);
    b.set = dh_rules_new(&b.arena);
    b.regexes = dh_regex_cache_new(1000);
    dh_io_entries entries = {0};
    dh_error error = {0};
    assert_int_equal(dh_io_walk(DH_SOURCE_DIR "/rules", &b.arena, &entries, NULL, NULL, NULL),
                     DH_OK);
    for (uint32_t i = 0; i < entries.len; i++) {
        dh_slice name = dh_slice_cstr(entries.ptr[i].relative);
        if (!dh_slice_ends(name, DH_SLICE(".rules"))) continue;
        dh_buf text;
        dh_buf_init(&text, &b.arena, 0);
        assert_int_equal(dh_io_read(entries.ptr[i].path, 0, &text, NULL, NULL), DH_OK);
        if (dh_rules_add(b.set, name, entries.ptr[i].path, dh_buf_slice(&text), &error) != DH_OK) {
            fprintf(stderr, "%s:%u:%u: %s\n", error.file, (unsigned)error.line,
                    (unsigned)error.column, error.message);
            return -1;
        }
    }
    if (dh_rules_finish(b.set, &error) != DH_OK) return -1;
    *state = &b;
    return 0;
}

static int teardown(void **state) {
    bench *b = *state;
    dh_rules_release(b->set);
    dh_regex_cache_free(b->regexes);
    dh_arena_release(&b->arena);
    return 0;
}

static void all_load(void **state) {
    bench *b = *state;
    assert_true(dh_rules_count(b->set) >= 8);
    for (uint32_t i = 0; i < b->set->files.len; i++) {
        const dh_rule_file *file = b->set->files.ptr[i];
        assert_int_equal(file->state, 2);
        if (!file->is_site) continue;
        if (!file->unverified && file->tests.len == 0) {
            fprintf(stderr, "%s is neither tested nor marked as unverified\n", file->name.ptr);
            fail();
        }
        assert_true(file->merged.len > 0);
    }
}

static dh_slice files_for(bench *b, const char *url, dh_blocks *blocks) {
    dh_marks marks;
    dh_fields fields;
    dh_marks_init(&marks, &b->arena);
    dh_fields_init(&fields, &b->arena);
    dh_rule_page page = {.blocks = blocks,
                         .url = dh_slice_cstr(url),
                         .regexes = b->regexes,
                         .arena = &b->arena,
                         .marks = &marks,
                         .fields = &fields};
    return dh_rules_apply(b->set, &page).files;
}

/* Each site file is found by its own host and by www in front of it. */
static void found_by_host(void **state) {
    bench *b = *state;
    dh_blocks none = {0};
    for (uint32_t i = 0; i < b->set->files.len; i++) {
        const dh_rule_file *file = b->set->files.ptr[i];
        for (uint32_t k = 0; k < file->lines.len; k++) {
            const dh_rule_line *line = &file->lines.ptr[k];
            for (uint32_t w = 0; line->verb == DH_RULE_site && w < line->word_count; w++) {
                char url[200];
                snprintf(url, sizeof url, "https://www.%.*s/2024/05/1", (int)line->words[w].len,
                         line->words[w].ptr);
                assert_true(dh_slice_eq(files_for(b, url, &none), file->source));
            }
        }
    }
}

typedef struct print_case {
    const char *lines[4];
    const char *file; /* "" for none */
} print_case;

static const print_case prints[] = {
    {{"الإشراف العام", "فلان", "رئيس التحرير", "فلان"}, "rules/elbalad.news.rules"},
    {{"الإشـراف العام:", "رئيس التحرير"}, "rules/elbalad.news.rules"},
    {{"رئيس التحرير", "فلان"}, ""},
    {{"نص", "يتم قراءة الآن", "-", "عاجل 24/7"}, "rules/addiyar.com.rules"},
    {{"نص", "يتم قراءة الآن", "الاكثر قراءة"}, "rules/addiyar.com.rules"},
    {{"نص", "الأكثر قراءة"}, ""},
    {{"نص", "للمزيد: خبر آخر"}, "rules/almarjie-paris.com.rules"},
    {{"نص للمزيد: خبر آخر"}, ""},
    {{"سەرنووسەر", "ناو", "بەڕێوەبەری نووسین"}, "rules/rozpress.net.rules"},
    {{"First Published: 2016-05-08", "x", "ميدل ايست أونلاين"},
     "rules/middle-east-online.com.rules"},
    {{"First Published: 2016-05-08", "x"}, ""},
};

static void found_by_lines(void **state) {
    bench *b = *state;
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        dh_block all[4];
        dh_blocks blocks = {.ptr = all};
        for (; blocks.len < 4 && prints[i].lines[blocks.len] != NULL; blocks.len++)
            all[blocks.len] = (dh_block){.text = dh_slice_cstr(prints[i].lines[blocks.len]),
                                         .node = DH_NO_NODE,
                                         .first_text = DH_NO_NODE,
                                         .chars = 10};
        dh_slice files = files_for(b, NULL, &blocks);
        if (dh_slice_eq(files, dh_slice_cstr(prints[i].file))) continue;
        fprintf(stderr, "\"%s\": %.*s\n", prints[i].lines[0], (int)files.len, files.ptr);
        fail();
    }
}

/* Earlier folders win: a second file of the same name is not even read. */
static void first_of_a_name(void **state) {
    bench *b = *state;
    uint32_t n = dh_rules_count(b->set);
    assert_int_equal(
        dh_rules_add(b->set, DH_SLICE("addiyar.com.rules"), "x", DH_SLICE("nonsense"), NULL),
        DH_OK);
    assert_int_equal(dh_rules_count(b->set), n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_load, setup, teardown),
        cmocka_unit_test_setup_teardown(found_by_host, setup, teardown),
        cmocka_unit_test_setup_teardown(found_by_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(first_of_a_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
