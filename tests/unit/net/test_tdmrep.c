/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/tdmrep.h"

#define RULE(location, value) "{\"location\": \"" location "\", \"tdm-reservation\": " value "}"

static void what_is_reserved(void **state) {
    (void)state;
    static const struct {
        const char *text, *path;
        bool reserved;
    } rows[] = {
        {"[" RULE("/", "1") "]", "/", true},
        {"[" RULE("/", "1") "]", "/a/b?c=d", true},
        {"[" RULE("/", "0") "]", "/a", false},
        {"[" RULE("/", "\"1\"") "]", "/a", true},
        {"[" RULE("/", "true") "]", "/a", true},
        {"[" RULE("/", "10") "]", "/a", false},
        {"[" RULE("/news/", "1") "]", "/news/1", true},
        {"[" RULE("/news/", "1") "]", "/sport/1", false},
        {"[" RULE("news/", "1") "]", "/news/1", true},
        {"[" RULE("/*.html$", "1") "]", "/x/y.html", true},
        {"[" RULE("/*.html$", "1") "]", "/x/y.html?z", false},
        {"[" RULE("*", "1") "]", "/x", true},
        {"[" RULE("/%D8%AE", "1") "]", "/\xD8\xAE/1", true},
        {"[" RULE("/a", "0") "," RULE("/b", "1") "]", "/b/1", true},
        {"[" RULE("/", "1") "," RULE("/open/", "0") "]", "/open/1", true},
        {"[{\"location\": \"/\"}]", "/a", false},
        {"[{\"tdm-reservation\": 1}]", "/a", false},
        {"[" RULE("", "1") "]", "/a", false},
        {"[" RULE("/x\\nAllow: /", "1") "]", "/x", false},
        {"[1, \"/\", null, " RULE("/", "1"), "/a", true}, /* breaks off */
        {RULE("/", "1"), "/a", false},
        {"[]", "/a", false},
        {"", "/a", false},
        {"<!DOCTYPE html><p>Not found", "/a", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dh_arena arena;
        dh_arena_init(&arena, 0);
        bool is =
            dh_tdmrep_reserves(dh_slice_cstr(rows[i].text), dh_slice_cstr(rows[i].path), &arena);
        if (is != rows[i].reserved) fail_msg("%s of %s", rows[i].path, rows[i].text);
        dh_arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_reserved)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
