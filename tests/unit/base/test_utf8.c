/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* Every code point there and back; what is none becomes U+FFFD. */
static void test_round_trip(void **state) {
    (void)state;
    for (uint32_t code = 0; code < 0x110010; code++) {
        char bytes[4];
        uint32_t back;
        size_t n = dh_utf8_encode(code, bytes);
        bool valid = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
        uint32_t want = valid ? code : DH_REPLACEMENT;
        assert_int_equal(n, want < 0x80 ? 1 : want < 0x800 ? 2 : want < 0x10000 ? 3 : 4);
        assert_int_equal(dh_utf8_decode(bytes, bytes + n, &back), n);
        assert_int_equal(back, want);
        assert_int_equal(dh_utf8_decode_before(bytes, bytes + n, &back), n);
        assert_int_equal(back, want);
        assert_int_equal(dh_utf8_valid_prefix(dh_slice_make(bytes, n)), n);
        assert_int_equal(dh_utf8_count(dh_slice_make(bytes, n)), 1);
    }
    char bytes[4];
    assert_int_equal(dh_utf8_encode(UINT32_MAX, bytes), 3);
}

/* Ill-formed sequences and the length of their maximal parts (Unicode 15, 3.9, table 3-8 and kin).
 * */
static const struct {
    dh_slice bytes;
    size_t lengths[6]; /* of the parts; 0 ends */
} bad[] = {
    {DH_SLICE_INIT("\x80"), {1}},
    {DH_SLICE_INIT("\xBF"), {1}},
    {DH_SLICE_INIT("\xC0\xAF"), {1, 1}},
    {DH_SLICE_INIT("\xC1\xBF"), {1, 1}},
    {DH_SLICE_INIT("\xC3"), {1}},
    {DH_SLICE_INIT("\xC3\xC3"), {1, 1}},
    {DH_SLICE_INIT("\xE0\x80\xAF"), {1, 1, 1}},
    {DH_SLICE_INIT("\xE0\x9F\xBF"), {1, 1, 1}},
    {DH_SLICE_INIT("\xE1\x80"), {2}},
    {DH_SLICE_INIT("\xE1\x80\xE2"), {2, 1}},
    {DH_SLICE_INIT("\xED\xA0\x80"), {1, 1, 1}},
    {DH_SLICE_INIT("\xED\xBF\xBF"), {1, 1, 1}},
    {DH_SLICE_INIT("\xF0\x80\x80\xAF"), {1, 1, 1, 1}},
    {DH_SLICE_INIT("\xF0\x8F\xBF\xBF"), {1, 1, 1, 1}},
    {DH_SLICE_INIT("\xF0\x90\x80"), {3}},
    {DH_SLICE_INIT("\xF1\x80\x80\xE1"), {3, 1}},
    {DH_SLICE_INIT("\xF4\x90\x80\x80"), {1, 1, 1, 1}},
    {DH_SLICE_INIT("\xF5\x80\x80\x80"), {1, 1, 1, 1}},
    {DH_SLICE_INIT("\xFE\xFF"), {1, 1}},
};

static void test_ill_formed(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        dh_slice s = bad[i].bytes;
        char *copy = malloc(s.len); /* of this very size: reading on is caught */
        assert_non_null(copy);
        memcpy(copy, s.ptr, s.len);
        const char *p = copy, *end = copy + s.len;
        for (size_t k = 0; bad[i].lengths[k] != 0; k++) {
            uint32_t code = 0;
            assert_true(p < end);
            size_t n = dh_utf8_decode(p, end, &code);
            if (n != bad[i].lengths[k] || code != DH_REPLACEMENT) fail_msg("case %zu, %zu", i, k);
            p += n;
        }
        assert_ptr_equal(p, end);
        for (p = end; p > copy;) { /* backwards: some length, never out of bounds */
            uint32_t code = 0;
            size_t n = dh_utf8_decode_before(copy, p, &code);
            assert_true(n >= 1 && n <= (size_t)(p - copy));
            assert_int_equal(code, DH_REPLACEMENT);
            p -= n;
        }
        assert_int_equal(dh_utf8_valid_prefix(dh_slice_make(copy, s.len)), 0);
        free(copy);
    }
}

static void test_valid_prefix(void **state) {
    (void)state;
    assert_int_equal(dh_utf8_valid_prefix((dh_slice){NULL, 0}), 0);
    /* a fault at every distance, for the steps of eight */
    for (size_t len = 0; len < 40; len++)
        for (size_t at = 0; at <= len; at++) {
            char *text = malloc(len + 1);
            assert_non_null(text);
            memset(text, 'a', len);
            if (at < len) text[at] = '\xFF';
            assert_int_equal(dh_utf8_valid_prefix(dh_slice_make(text, len)), at);
            free(text);
        }
    /* U+FFFD that stands in the text is no fault */
    assert_int_equal(dh_utf8_valid_prefix(DH_SLICE("a\xEF\xBF\xBD"
                                                   "b")),
                     5);
    assert_int_equal(dh_utf8_valid_prefix(DH_SLICE("\xD8\xA7\xD9")), 2);
    assert_int_equal(dh_utf8_valid_prefix(DH_SLICE("12345678\xD8\xA7"
                                                   "12345678\xED\xA0\x80")),
                     18);
    /* a cut sequence of three bytes is not taken for U+FFFD */
    assert_int_equal(dh_utf8_valid_prefix(DH_SLICE("\xF0\x90\x80")), 0);
}

static void test_before(void **state) {
    (void)state;
    uint32_t code;
    dh_slice s = DH_SLICE("a\x80");
    assert_int_equal(dh_utf8_decode_before(s.ptr, s.ptr + 2, &code), 1);
    assert_int_equal(code, DH_REPLACEMENT);
    s = DH_SLICE("\xD8\xA7\x80\x80\x80\x80");
    assert_int_equal(dh_utf8_decode_before(s.ptr, s.ptr + 6, &code), 1);
    assert_int_equal(code, DH_REPLACEMENT);
    s = DH_SLICE("\xF0\x9F\x98\x80");
    assert_int_equal(dh_utf8_decode_before(s.ptr + 1, s.ptr + 4, &code), 1); /* begin cuts it */
    assert_int_equal(code, DH_REPLACEMENT);
}

static void test_count(void **state) {
    (void)state;
    assert_int_equal(dh_utf8_count((dh_slice){NULL, 0}), 0);
    assert_int_equal(dh_utf8_count(DH_SLICE("abc")), 3);
    assert_int_equal(dh_utf8_count(DH_SLICE("\xD8\xA7\xF0\x9F\x98\x80z\xE2\x80\x8F")), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_ill_formed),
        cmocka_unit_test(test_valid_prefix), cmocka_unit_test(test_before),
        cmocka_unit_test(test_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
