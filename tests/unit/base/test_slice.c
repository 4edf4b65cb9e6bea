/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define S(text) dh_slice_cstr(text)

static const dh_slice none = {NULL, 0};

static void test_make(void **state) {
    (void)state;
    assert_int_equal(DH_SLICE("a\0b").len, 3);
    assert_int_equal(S(NULL).len, 0);
    assert_null(S(NULL).ptr);
    assert_int_equal(S("ab").len, 2);
    dh_slice s = S("abcdef");
    assert_true(dh_slice_eq(dh_slice_sub(s, 1, 3), S("bc")));
    assert_true(dh_slice_eq(dh_slice_sub(s, 4, 100), S("ef")));
    assert_int_equal(dh_slice_sub(s, 5, 2).len, 0);
    assert_int_equal(dh_slice_sub(s, 100, SIZE_MAX).len, 0);
    assert_int_equal(dh_slice_sub(none, 0, 5).len, 0);
    assert_null(dh_slice_sub(none, 3, 5).ptr);
}

static void test_compare(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
        bool nocase;
    } table[] = {
        {"", "", 0, true},
        {NULL, "", 0, true},
        {"a", "", 1, false},
        {"a", "a", 0, true},
        {"a", "A", 1, true},
        {"ab", "a", 1, false},
        {"a", "b", -1, false},
        {"aB", "Ab", 1, true},
        {"\xC3\xA9", "e", 1, false},
        {"[", "{", -1, false},
        {"\xC3\xA9", "\xC3\x89", 1, false},
        {"@", "`", -1, false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_slice a = S(table[i].a), b = S(table[i].b);
        int order = dh_slice_compare(a, b), reverse = dh_slice_compare(b, a);
        assert_int_equal((order > 0) - (order < 0), table[i].order);
        assert_int_equal((reverse > 0) - (reverse < 0), -table[i].order);
        assert_int_equal(dh_slice_eq(a, b), table[i].order == 0);
        assert_int_equal(dh_slice_eq_nocase(a, b), table[i].nocase);
    }
    assert_true(dh_slice_compare(DH_SLICE("a\0b"), DH_SLICE("a\0c")) < 0);
}

static void test_ends(void **state) {
    (void)state;
    static const struct {
        const char *text, *part;
        bool starts, starts_nocase, ends, ends_nocase;
    } table[] = {
        {"abcab", "ab", true, true, true, true},
        {"abcab", "AB", false, true, false, true},
        {"abc", "abcd", false, false, false, false},
        {"abc", "", true, true, true, true},
        {"", "", true, true, true, true},
        {NULL, "", true, true, true, true},
        {"", "a", false, false, false, false},
        {"abc", "abc", true, true, true, true},
        {"abc", "bc", false, false, true, true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_slice text = S(table[i].text), part = S(table[i].part);
        assert_int_equal(dh_slice_starts(text, part), table[i].starts);
        assert_int_equal(dh_slice_starts_nocase(text, part), table[i].starts_nocase);
        assert_int_equal(dh_slice_ends(text, part), table[i].ends);
        assert_int_equal(dh_slice_ends_nocase(text, part), table[i].ends_nocase);
    }
}

static void test_find(void **state) {
    (void)state;
    static const struct {
        const char *hay, *needle;
        size_t at, nocase_at;
    } table[] = {
        {"abcabd", "abd", 3, 3},
        {"abc", "", 0, 0},
        {"", "", 0, 0},
        {NULL, "", 0, 0},
        {"", "a", DH_NPOS, DH_NPOS},
        {"ab", "abc", DH_NPOS, DH_NPOS},
        {"aaab", "aab", 1, 1},
        {"abC", "BC", DH_NPOS, 1},
        {"xABab", "ab", 3, 1},
        {"abc", "c", 2, 2},
        {"abc", "d", DH_NPOS, DH_NPOS},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_slice hay = S(table[i].hay), needle = S(table[i].needle);
        assert_int_equal(dh_slice_find(hay, needle), table[i].at);
        assert_int_equal(dh_slice_find_nocase(hay, needle), table[i].nocase_at);
        assert_int_equal(dh_slice_has(hay, needle), table[i].at != DH_NPOS);
        assert_int_equal(dh_slice_has_nocase(hay, needle), table[i].nocase_at != DH_NPOS);
    }
    /* not past the slice: the needle's end is beyond it */
    assert_int_equal(dh_slice_find(dh_slice_make("abc", 2), S("bc")), DH_NPOS);
}

static void test_trim(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {" a b ", "a b"},
        {"\t\r\n\fa", "a"},
        {"a\v ", "a\v"},
        {"  ", ""},
        {"", ""},
        {NULL, ""},
        {"\xC2\xA0"
         "a",
         "\xC2\xA0"
         "a"},
    };
    for (size_t i = 0; i < COUNT(table); i++)
        assert_true(dh_slice_eq(dh_slice_trim(S(table[i][0])), S(table[i][1])));
}

static void test_cut(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *parts[5];
        size_t n;
    } table[] = {
        {"a,b,c", {"a", "b", "c"}, 3},
        {"a", {"a"}, 1},
        {"", {""}, 1},
        {"a,", {"a", ""}, 2},
        {",", {"", ""}, 2},
        {",,a", {"", "", "a"}, 3},
        {NULL, {NULL}, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_slice rest = S(table[i].text);
        size_t n = 0;
        while (rest.ptr != NULL) {
            dh_slice part = dh_slice_cut(&rest, ',');
            assert_true(n < table[i].n && dh_slice_eq(part, S(table[i].parts[n])));
            n++;
        }
        assert_int_equal(n, table[i].n);
    }
}

static void test_token(void **state) {
    (void)state;
    dh_slice rest = S("  one\ttwo \n three\f");
    assert_true(dh_slice_eq(dh_slice_token(&rest), S("one")));
    assert_true(dh_slice_eq(dh_slice_token(&rest), S("two")));
    assert_true(dh_slice_eq(dh_slice_token(&rest), S("three")));
    assert_int_equal(dh_slice_token(&rest).len, 0);
    assert_int_equal(dh_slice_token(&rest).len, 0);
    rest = none;
    assert_int_equal(dh_slice_token(&rest).len, 0);
}

static void test_number(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        uint64_t value;
    } table[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1a", false, 0},
        {"\xD9\xA1", false, 0},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        uint64_t value = 42;
        assert_int_equal(dh_slice_to_u64(S(table[i].text), &value), table[i].ok);
        assert_true(value == (table[i].ok ? table[i].value : 42)); /* left alone on failure */
    }
}

/* ASCII only, whatever the sign of char. */
static void test_classes(void **state) {
    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool upper = i >= 'A' && i <= 'Z', lower = i >= 'a' && i <= 'z',
             digit = i >= '0' && i <= '9';
        assert_int_equal(dh_is_alpha(c), upper || lower);
        assert_int_equal(dh_is_digit(c), digit);
        assert_int_equal(dh_is_alnum(c), upper || lower || digit);
        assert_int_equal(dh_lower(c), upper ? (char)(i + 32) : c);
        assert_int_equal(dh_is_space(c), i != 0 && i < 128 && strchr(" \t\n\r\f", i) != NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make),    cmocka_unit_test(test_compare),
        cmocka_unit_test(test_ends),    cmocka_unit_test(test_find),
        cmocka_unit_test(test_trim),    cmocka_unit_test(test_cut),
        cmocka_unit_test(test_token),   cmocka_unit_test(test_number),
        cmocka_unit_test(test_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
