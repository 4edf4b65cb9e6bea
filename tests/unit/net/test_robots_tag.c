/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/robots_tag.h"

static void headers(void **state) {
    (void)state;
    static const struct {
        const char *value;
        uint32_t tags;
    } table[] = {
        {"", 0},
        {"all", 0},
        {"noindex", DH_RTAG_NOINDEX},
        {"NoIndex", DH_RTAG_NOINDEX},
        {"noindex, nofollow", DH_RTAG_NOINDEX | DH_RTAG_NOFOLLOW},
        {"noindex nofollow", DH_RTAG_NOINDEX | DH_RTAG_NOFOLLOW},
        {" noindex ,,nofollow, ", DH_RTAG_NOINDEX | DH_RTAG_NOFOLLOW},
        {"none", DH_RTAG_NONE | DH_RTAG_NOINDEX | DH_RTAG_NOFOLLOW},
        {"noarchive, nosnippet, nocache", DH_RTAG_NOARCHIVE | DH_RTAG_NOSNIPPET | DH_RTAG_NOCACHE},
        {"noai, noimageai", DH_RTAG_NOAI | DH_RTAG_NOIMAGEAI},
        {"max-snippet:-1, noindex", DH_RTAG_NOINDEX},
        {"max-image-preview: large", 0},
        {"unavailable_after: 25 Jun 2030 15:00:00 GMT, noindex", DH_RTAG_NOINDEX},
        {"otherbot: noindex", 0},
        {"otherbot: noindex, nofollow", 0},
        {"dehusk: noindex", DH_RTAG_NOINDEX},
        {"DEHUSK:noindex", DH_RTAG_NOINDEX},
        {"nofollow, otherbot: noindex", DH_RTAG_NOFOLLOW},
        {"otherbot: noindex, dehusk: nofollow", DH_RTAG_NOFOLLOW},
        {"*: noindex", DH_RTAG_NOINDEX},
        {"noindexing", 0},
        {"index, follow", 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint32_t tags = dh_robots_tags(dh_slice_cstr(table[i].value), DH_SLICE("dehusk"));
        if (tags != table[i].tags)
            fail_msg("'%s': %x, not %x", table[i].value, tags, table[i].tags);
    }
}

static void names(void **state) {
    (void)state;
    assert_true(dh_robots_tag_is_for(DH_SLICE("Robots"), DH_SLICE("dehusk")));
    assert_true(dh_robots_tag_is_for(DH_SLICE("dehusk"), DH_SLICE("dehusk")));
    assert_false(dh_robots_tag_is_for(DH_SLICE("googlebot"), DH_SLICE("dehusk")));
    assert_int_equal(dh_robots_tdm(DH_SLICE(" 1 ")), DH_RTAG_TDM_RESERVED);
    assert_int_equal(dh_robots_tdm(DH_SLICE("0")), 0);
    assert_int_equal(dh_robots_tdm(DH_SLICE("")), 0);
    assert_string_equal(dh_robots_tag_word(DH_RTAG_NOAI_BIT), "noai");
    assert_string_equal(dh_robots_tag_word(DH_RTAG_COUNT), "tdm-reserved");
    assert_string_equal(dh_robots_tag_word(DH_RTAG_COUNT + 1), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(headers), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
