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
        {"noindex", DH_TAG_NOINDEX},
        {"NoIndex", DH_TAG_NOINDEX},
        {"noindex, nofollow", DH_TAG_NOINDEX | DH_TAG_NOFOLLOW},
        {"noindex nofollow", DH_TAG_NOINDEX | DH_TAG_NOFOLLOW},
        {" noindex ,,nofollow, ", DH_TAG_NOINDEX | DH_TAG_NOFOLLOW},
        {"none", DH_TAG_NONE | DH_TAG_NOINDEX | DH_TAG_NOFOLLOW},
        {"noarchive, nosnippet, nocache", DH_TAG_NOARCHIVE | DH_TAG_NOSNIPPET | DH_TAG_NOCACHE},
        {"noai, noimageai", DH_TAG_NOAI | DH_TAG_NOIMAGEAI},
        {"max-snippet:-1, noindex", DH_TAG_NOINDEX},
        {"max-image-preview: large", 0},
        {"unavailable_after: 25 Jun 2030 15:00:00 GMT, noindex", DH_TAG_NOINDEX},
        {"otherbot: noindex", 0},
        {"otherbot: noindex, nofollow", 0},
        {"dehusk: noindex", DH_TAG_NOINDEX},
        {"DEHUSK:noindex", DH_TAG_NOINDEX},
        {"nofollow, otherbot: noindex", DH_TAG_NOFOLLOW},
        {"otherbot: noindex, dehusk: nofollow", DH_TAG_NOFOLLOW},
        {"*: noindex", DH_TAG_NOINDEX},
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
    assert_int_equal(dh_robots_tdm(DH_SLICE(" 1 ")), DH_TAG_TDM_RESERVED);
    assert_int_equal(dh_robots_tdm(DH_SLICE("0")), 0);
    assert_int_equal(dh_robots_tdm(DH_SLICE("")), 0);
    assert_string_equal(dh_robots_tag_word(DH_TAG_NOAI_BIT), "noai");
    assert_string_equal(dh_robots_tag_word(DH_TAG_COUNT), "tdm-reserved");
    assert_string_equal(dh_robots_tag_word(DH_TAG_COUNT + 1), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(headers), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
