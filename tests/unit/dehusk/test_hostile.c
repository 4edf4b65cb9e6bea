/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that were made to hurt: where they end nothing is read, and memory grows with them and no faster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dehusk/dehusk.h"
#include "pathological/shape.h"

static dehusk_engine *engine;

static int setup(void **state) {
    static const char *const dirs[] = {DH_SOURCE_DIR "/rules"};
    dehusk_engine_options options = {
        .rule_dirs = dirs, .rule_dir_count = 1, .no_default_dirs = true};
    (void)state;
    return dehusk_engine_new(&options, &engine, NULL) == DEHUSK_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    dehusk_engine_free(engine);
    return 0;
}

/* Each page, cut off anywhere, in memory that ends where it does. The first is eight bytes of which libgumbo 0.10
 * reads a ninth. */
static void ends_where_it_ends(void **state) {
    (void)state;
    static const char *const pages[] = {
        "<a b=&lt",
        "<a b='&ampxyz' c=\"&#x41;&#",
        "<p>&CounterClockwiseContourIntegral;&#4294967361;&#x",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD\" 'x'><title>&lt;</title",
        "<!-- a --!> <![CDATA[x]]> <?xml version='1.0'?></ a>",
        "<script><!--<script></script>--></script><style>p{}</style><textarea>\n</textare",
        "<table><svg><select><desc><select><th>",
        "<svg viewBox=0><foreignObject><math><mi></math><annotation-xml encoding='text/html'>",
        "<p class=a\0b>\0\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80",
        "<meta charset=shift_jis><p>\x83\x65\x81\x40",
        "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"a\":[\"\\ud83d\\ude00\"",
    };
    dehusk_page *page = dehusk_page_new(engine);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t len = strlen(pages[i]);
        for (size_t cut = 1; cut <= len; cut++) {
            char *exact = malloc(cut);
            memcpy(exact, pages[i], cut);
            dehusk_input input = {.bytes = {exact, cut}, .from = DEHUSK_FROM_HTML};
            dehusk_error error = {0};
            if (dehusk_page_clean(page, &input, NULL, &error) != DEHUSK_OK)
                fail_msg("page %zu, %zu bytes: %s", i, cut, error.message);
            dehusk_bytes out;
            assert_int_equal(dehusk_page_write(page, "json", &out, &error), DEHUSK_OK);
            free(exact);
        }
    }
    dehusk_page_free(page);
}

/* The memory that a page of the shape takes, and the limit that cut it, or NULL. */
static uint64_t cost(dehusk_page *page, const shape *s, size_t size, const char **limited) {
    dh_buf bytes = {0};
    shape_put(s, size, &bytes);
    dehusk_input input = {.bytes = {bytes.ptr, bytes.len},
                          .from = shape_is_text(s) ? DEHUSK_FROM_TEXT : DEHUSK_FROM_HTML};
    dehusk_error error = {0};
    dehusk_status status = dehusk_page_clean(page, &input, NULL, &error);
    if (status != DEHUSK_OK && status != DEHUSK_ERR_LIMIT)
        fail_msg("%s: %s", s->name, error.message);
    dh_buf_release(&bytes);
    *limited = dehusk_page_limited(page);
    return dehusk_page_stats(page).peak_memory;
}

/* Twice the page takes at most 2.5 times the memory; of what costs libgumbo the square of its length that would be four
 * times, and hundreds of megabytes. Never more than the limit on memory, which only a few need. */
static void memory_grows_with_the_page(void **state) {
    (void)state;
    enum { SIZE = 48 * 1024, SOME = 1 << 20, CEILING = 16 << 20, EACH_BYTE = 64 };
    dehusk_page *page = dehusk_page_new(engine);
    int bad = 0, stopped = 0;
    for (size_t i = 0; i < shapes_len; i++) {
        const char *limited;
        uint64_t once = cost(page, &shapes[i], SIZE, &limited);
        uint64_t twice = cost(page, &shapes[i], 2 * SIZE, &limited);
        stopped += limited != NULL && strcmp(limited, "memory") == 0;
        if (twice > once * 5 / 2 + SOME ||
            twice > CEILING + EACH_BYTE * (2 * SIZE + SOME / EACH_BYTE))
            bad++, print_error("%s: %llu and %llu bytes\n", shapes[i].name,
                               (unsigned long long)once, (unsigned long long)twice);
    }
    dehusk_page_free(page);
    assert_int_equal(bad, 0);
    assert_true(stopped <= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_where_it_ends),
        cmocka_unit_test(memory_grows_with_the_page),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
