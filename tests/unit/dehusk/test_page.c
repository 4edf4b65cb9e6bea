/* SPDX-License-Identifier: Apache-2.0 */
/* The public interface: what a program that embeds dehusk sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dehusk/dehusk.h"

static dehusk_engine *engine;

#define PROSE                                                                              \
    "The harbour was closed on Monday after the storm, officials said. Ferries stayed in " \
    "port and dozens of lorries waited on the quay until the evening."
static const char story[] =
    "<!doctype html><html lang=en><head><title>Harbour closed | The Courier</title>"
    "<meta property=og:title content='Harbour closed'>"
    "<meta property=og:site_name content='The Courier'>"
    "<meta property=article:published_time content='2024-05-14T08:30:00+02:00'></head><body>"
    "<nav><a href=/>Home</a> <a href=/w>World</a></nav><article><h1>Harbour closed</h1><p>" PROSE
    "</p><p>Second paragraph. " PROSE "</p><div hidden><p>Hidden text. " PROSE
    "</p></div></article><footer><a href=/i>Imprint</a></footer></body></html>";

static int setup(void **state) {
    static const char *const dirs[] = {DH_SOURCE_DIR "/rules"};
    dehusk_engine_options options = {
        .rule_dirs = dirs, .rule_dir_count = 1, .no_default_dirs = true};
    dehusk_error error = {0};
    (void)state;
    if (dehusk_engine_new(&options, &engine, &error) != DEHUSK_OK) {
        print_error("%s:%u: %s\n", error.file, error.line, error.message);
        return -1;
    }
    return 0;
}

static int teardown(void **state) {
    (void)state;
    dehusk_engine_free(engine);
    return 0;
}

static dehusk_status clean(dehusk_page *page, const char *data, size_t len, dehusk_error *error) {
    dehusk_input input = {.bytes = {data, len}, .name = "test"};
    return dehusk_page_clean(page, &input, NULL, error);
}

static const char *text_of(dehusk_page *page, const char *format) {
    dehusk_bytes out;
    dehusk_error error;
    assert_int_equal(dehusk_page_write(page, format, &out, &error), DEHUSK_OK);
    assert_int_equal(out.data[out.len], '\0');
    return out.data;
}

static void test_story(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    assert_int_equal(clean(page, story, strlen(story), NULL), DEHUSK_OK);
    assert_string_equal(text_of(page, "txt"), PROSE "\n\nSecond paragraph. " PROSE "\n");
    assert_string_equal(dehusk_page_field(page, "title"), "Harbour closed");
    assert_string_equal(dehusk_page_field(page, "published"), "2024-05-14T08:30:00+02:00");
    assert_string_equal(dehusk_page_field(page, "sitename"), "The Courier");
    assert_string_equal(dehusk_page_field(page, "license"), "");
    assert_null(dehusk_page_field(page, "no such field"));
    assert_null(dehusk_page_limited(page));
    dehusk_page_free(page);
}

static void test_blocks_cover_the_page(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    clean(page, story, strlen(story), NULL);
    int kept = 0, hidden = 0;
    dehusk_block block;
    size_t n = dehusk_page_block_count(page);
    for (size_t i = 0; i < n; i++) {
        assert_true(dehusk_page_block(page, i, &block));
        assert_true(block.offset + block.length <= strlen(story));
        assert_true(strlen(block.reason) > 0);
        kept += block.kept;
        hidden += strcmp(block.cause, "hidden") == 0;
    }
    assert_false(dehusk_page_block(page, n, &block));
    assert_int_equal(kept, 3); /* headline and two paragraphs */
    assert_int_equal(hidden, 1);
    dehusk_page_free(page);
}

/* The same page object gives the same bytes again, whatever came between. */
static void test_reuse_is_deterministic(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    clean(page, story, strlen(story), NULL);
    char *first = strdup(text_of(page, "json"));
    for (int i = 0; i < 20; i++) {
        clean(page, "<p>x", 4, NULL);
        clean(page, NULL, 0, NULL);
        clean(page, story, strlen(story), NULL);
        assert_string_equal(text_of(page, "json"), first);
    }
    free(first);
    dehusk_page_free(page);
}

static void test_odd_inputs(void **state) {
    (void)state;
    static const struct {
        const char *data;
        size_t len;
        dehusk_status want;
    } rows[] = {
        {"", 0, DEHUSK_OK},
        {" \n\t ", 4, DEHUSK_OK},
        {"\xFF\xFE", 2, DEHUSK_OK},
        {"\xEF\xBB\xBF", 3, DEHUSK_OK},
        {"<", 1, DEHUSK_OK},
        {"<html", 5, DEHUSK_OK},
        {"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", 15, DEHUSK_ERR_TYPE},
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16, DEHUSK_ERR_TYPE},
        {"<p>\0\0\0</p>", 10, DEHUSK_OK},
        {"<table><svg><select><desc><select><th>", 38, DEHUSK_OK},
    };
    dehusk_page *page = dehusk_page_new(engine);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dehusk_error error = {0};
        assert_int_equal(clean(page, rows[i].data, rows[i].len, &error), rows[i].want);
        if (rows[i].want != DEHUSK_OK) {
            assert_true(strlen(error.message) > 0);
            dehusk_bytes out;
            assert_int_equal(dehusk_page_write(page, "txt", &out, &error), DEHUSK_ERR_USAGE);
        } else {
            text_of(page, "json");
        }
    }
    dehusk_page_free(page);
}

static void test_limits(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    assert_int_equal(dehusk_page_set_limit(page, "no-such", 1), DEHUSK_ERR_USAGE);
    assert_int_equal(dehusk_page_set_limit(page, "bytes", 700), DEHUSK_OK);
    assert_int_equal(clean(page, story, strlen(story), NULL), DEHUSK_OK);
    assert_string_equal(dehusk_page_limited(page), "bytes");
    assert_non_null(strstr(text_of(page, "json"), "\"limited\""));
    dehusk_page_free(page);
}

static void test_wanted(void **state) {
    (void)state;
    dehusk_page *page = dehusk_page_new(engine);
    dehusk_options options = dehusk_options_default();
    dehusk_input input = {.bytes = {story, strlen(story)}};
    dehusk_error error;
    options.target_language = "ar";
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_ERR_EMPTY);
    options.target_language = "en";
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_OK);
    options.only_with_metadata = true;
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_ERR_EMPTY);
    input.url = "https://courier.example/1";
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_OK);
    options.min_confidence = 1001;
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_ERR_EMPTY);
    assert_non_null(strstr(error.message, "confidence"));
    options.min_confidence = 0;
    options.fold = "digits,nonsense";
    assert_int_equal(dehusk_page_clean(page, &input, &options, &error), DEHUSK_ERR_USAGE);
    assert_non_null(strstr(error.message, "nonsense"));
    dehusk_page_free(page);
}

/* Whatever the budget, a page ends in a result or an error, and the next page is untouched by it. */
static void test_memory_budgets(void **state) {
    (void)state;
    /* Every paragraph reopens all formatting elements that were left open. */
    enum { REPEAT = 4000, UNIT = 32 };
    size_t unit = strlen(story), len = 0;
    char *big = malloc((size_t)REPEAT * UNIT);
    for (int i = 0; i < REPEAT; i++)
        len += (size_t)snprintf(big + len, UNIT, "<b id=%d>x<p>", i);
    dehusk_page *page = dehusk_page_new(engine);
    int limited = 0, done = 0;
    for (uint64_t bytes = 0; bytes < 256u << 20; bytes = bytes * 2 + 65536) {
        dehusk_page_set_limit(page, "memory", bytes);
        dehusk_error error = {0};
        dehusk_status status = clean(page, big, len, &error);
        if (status == DEHUSK_OK) done++;
        else assert_int_equal(status, DEHUSK_ERR_LIMIT);
        if (status != DEHUSK_OK || dehusk_page_limited(page) != NULL) limited++;
    }
    assert_true(done > 0);
    assert_true(limited > 0);
    dehusk_page_set_limit(page, "memory", 16u << 20);
    assert_int_equal(clean(page, story, unit, NULL), DEHUSK_OK);
    assert_string_equal(text_of(page, "txt"), PROSE "\n\nSecond paragraph. " PROSE "\n");
    dehusk_page_free(page);
    free(big);
}

/* Six bytes for each byte of the page, and a megabyte, where the page is as dense as news pages are. */
static void test_memory_of_a_page(void **state) {
    (void)state;
    enum { ITEMS = 3000, UNIT = 1024 };
    char *big = malloc((size_t)ITEMS * UNIT);
    size_t len = 0;
    for (int i = 0; i < ITEMS; i++)
        len += (size_t)snprintf(big + len, UNIT,
                                "<p class=\"story-text\">" PROSE " " PROSE " " PROSE
                                " <a href=\"/%d\">Story %d</a></p>\n",
                                i, i);
    dehusk_page *page = dehusk_page_new(engine);
    const dehusk_status status = clean(page, big, len, NULL);
    const size_t blocks = dehusk_page_block_count(page);
    const uint64_t peak = dehusk_page_stats(page).peak_memory;
    dehusk_page_free(page);
    free(big);
    assert_int_equal(status, DEHUSK_OK);
    assert_int_equal(blocks, ITEMS);
    assert_true(peak <= 6 * len + (1u << 20));
}

static void test_text_only_in_scripts(void **state) {
    (void)state;
    static const char page_text[] =
        "<div id=__next></div><script id=__NEXT_DATA__ type=application/json>{\"props\":{\"body\":["
        "{\"t\":\"p\",\"c\":\"First. " PROSE "\"},{\"t\":\"p\",\"c\":\"Second. " PROSE
        "\"},{\"t\":\"p\",\"c\":\"Third. " PROSE "\"}]},\"x\":\"abc\"}</script>";
    dehusk_page *page = dehusk_page_new(engine);
    assert_int_equal(clean(page, page_text, strlen(page_text), NULL), DEHUSK_OK);
    assert_string_equal(text_of(page, "txt"),
                        "First. " PROSE "\n\nSecond. " PROSE "\n\nThird. " PROSE "\n");
    dehusk_page_free(page);
}

static void test_bad_rule_folder(void **state) {
    (void)state;
    static const char *const dirs[] = {DH_SOURCE_DIR "/no such folder"};
    dehusk_engine_options options = {.rule_dirs = dirs, .rule_dir_count = 1};
    dehusk_engine *none;
    dehusk_error error = {0};
    assert_int_equal(dehusk_engine_new(&options, &none, &error), DEHUSK_ERR_USAGE);
    assert_null(none);
    assert_non_null(strstr(error.message, "no such folder"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_story),
        cmocka_unit_test(test_blocks_cover_the_page),
        cmocka_unit_test(test_reuse_is_deterministic),
        cmocka_unit_test(test_odd_inputs),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_memory_of_a_page),
        cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_memory_budgets),
        cmocka_unit_test(test_text_only_in_scripts),
        cmocka_unit_test(test_bad_rule_folder),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
