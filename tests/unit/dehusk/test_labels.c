/* SPDX-License-Identifier: Apache-2.0 */
/* Where an engine's lexicon comes from: compiled in when the label files are the shipped ones byte for byte,
 * else from the files that are there. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "dehusk/page.h"

static char folder[] = "/tmp/dehusk-labels-XXXXXX";

static void write_file(const char *name, const char *text, size_t len) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

/* The shipped files as they are, in a folder of our own. */
static int set_up(void **state) {
    char path[512];
    (void)state;
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/labels", folder);
    if (mkdir(path, 0700) != 0) return 1;
    for (uint32_t i = 0; i < dh_lexicon_shipped.file_count; i++) {
        const dh_lexicon_file *file = &dh_lexicon_shipped.files[i];
        write_file(file->name, dh_lexicon_shipped.pool + file->begin, file->len);
    }
    return 0;
}

static int tear_down(void **state) {
    char path[512];
    (void)state;
    for (uint32_t i = 0; i < dh_lexicon_shipped.file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, dh_lexicon_shipped.files[i].name);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/labels", folder);
    return rmdir(path) != 0 || rmdir(folder) != 0;
}

static dehusk_engine *engine_of(dehusk_status want) {
    const char *const dirs[] = {folder};
    const dehusk_engine_options options = {
        .rule_dirs = dirs, .rule_dir_count = 1, .no_default_dirs = true};
    dehusk_engine *engine;
    dehusk_error error;
    assert_int_equal(dehusk_engine_new(&options, &engine, &error), want);
    if (want != DEHUSK_OK) assert_non_null(strstr(error.file, "labels/share.tsv"));
    return engine;
}

static bool is_compiled(const dehusk_engine *engine) {
    return dh_lexicon_table_of(engine->lexicon)->pool == dh_lexicon_shipped.pool;
}

static dh_label label_of(const dehusk_engine *engine, const char *text) {
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_label label = dh_lexicon_find(engine->lexicon, dh_slice_cstr(text), &arena).label;
    dh_arena_release(&arena);
    return label;
}

static void test_shipped(void **state) {
    (void)state;
    dehusk_engine *engine = engine_of(DEHUSK_OK);
    assert_true(is_compiled(engine));
    assert_int_equal(label_of(engine, "Share this article"), DH_LABEL_share);
    dehusk_engine_free(engine);
}

static void test_one_more(void **state) {
    (void)state;
    char path[512];
    static const char more[] = "share\ten\texact\tWave it about\n";
    snprintf(path, sizeof path, "%s/labels/zz.tsv", folder);
    write_file("labels/zz.tsv", more, sizeof more - 1);
    dehusk_engine *engine = engine_of(DEHUSK_OK);
    assert_false(is_compiled(engine));
    assert_int_equal(label_of(engine, "Wave it about"), DH_LABEL_share);
    assert_int_equal(label_of(engine, "Share this article"), DH_LABEL_share);
    dehusk_engine_free(engine);
    unlink(path);
}

/* Of the same length, with one byte changed. */
static void test_changed(void **state) {
    (void)state;
    for (uint32_t i = 0; i < dh_lexicon_shipped.file_count; i++) {
        const dh_lexicon_file *file = &dh_lexicon_shipped.files[i];
        if (strcmp(file->name, "labels/share.tsv") != 0) continue;
        char *text = malloc(file->len + 1u);
        memcpy(text, dh_lexicon_shipped.pool + file->begin, file->len);
        text[file->len] = '\0';
        char *phrase = strstr(text, "\tShare this article");
        assert_non_null(phrase);
        phrase[1] = 'X';
        write_file(file->name, text, file->len);
        dehusk_engine *engine = engine_of(DEHUSK_OK);
        assert_false(is_compiled(engine));
        assert_int_equal(label_of(engine, "Xhare this article"), DH_LABEL_share);
        dehusk_engine_free(engine);
        text[0] = 'X'; /* a class that there is not */
        write_file(file->name, text, file->len);
        assert_null(engine_of(DEHUSK_ERR_RULE));
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shipped),
                                       cmocka_unit_test(test_one_more),
                                       cmocka_unit_test(test_changed)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
