/* SPDX-License-Identifier: Apache-2.0 */
/* What is put comes out; whatever is cut or made up is noticed and read past no end. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "work/record.h"

static void fill(dh_buf *out) {
    dh_record_put_u64(out, UINT64_MAX);
    dh_record_put_bytes(out, DH_SLICE("with\0NUL"));
    dh_record_put_bytes(out, (dh_slice){NULL, 0});
    dh_record_put_u64(out, 7);
}

static bool read_back(dh_slice bytes) {
    dh_record r = {bytes, false};
    bool same = dh_record_u64(&r) == UINT64_MAX;
    dh_slice text = dh_record_bytes(&r), none = dh_record_bytes(&r);
    assert_non_null(text.ptr);
    assert_int_equal(text.ptr[text.len], '\0');
    assert_int_equal(none.ptr[none.len], '\0');
    same = same && dh_slice_eq(text, DH_SLICE("with\0NUL")) && none.len == 0;
    same = same && dh_record_u64(&r) == 7;
    assert_true(same == !r.bad);
    return same && r.rest.len == 0;
}

static void comes_out_as_put(void **state) {
    (void)state;
    dh_buf out = {0};
    fill(&out);
    assert_true(read_back(dh_buf_slice(&out)));
    dh_buf_release(&out);
}

static void cut_records_are_bad(void **state) {
    (void)state;
    dh_buf out = {0};
    fill(&out);
    for (size_t len = 0; len < out.len; len++) {
        char *copy = malloc(len + 1); /* exact size: ASan sees a read past it */
        assert_non_null(copy);
        memcpy(copy, out.ptr, len);
        char *exact = realloc(copy, len > 0 ? len : 1);
        assert_false(read_back(dh_slice_make(exact, len)));
        free(exact);
    }
    dh_buf_release(&out);
}

static void lying_lengths_are_bad(void **state) {
    (void)state;
    static const uint64_t lengths[] = {1, 2, 100, UINT64_MAX, UINT64_MAX - 7};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        dh_buf out = {0};
        dh_record_put_u64(&out, lengths[i]);
        dh_buf_putc(&out, '\0');
        dh_record r = {dh_buf_slice(&out), false};
        assert_int_equal(dh_record_bytes(&r).len, 0);
        assert_true(r.bad);
        assert_int_equal(dh_record_u64(&r), 0); /* stays bad */
        assert_true(r.bad);
        dh_buf_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_out_as_put),
        cmocka_unit_test(cut_records_are_bad),
        cmocka_unit_test(lying_lengths_are_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
