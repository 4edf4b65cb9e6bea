/* SPDX-License-Identifier: Apache-2.0 */
/* However a body is cut into pieces, it decodes to the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "archive/content.h"

static void pack(dh_buf *out, int window, dh_slice bytes) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    dh_buf_reserve(out, deflateBound(&z, bytes.len) + 32);
    memcpy(&z.next_in, &bytes.ptr, sizeof bytes.ptr);
    z.avail_in = (uInt)bytes.len;
    z.next_out = (Bytef *)out->ptr + out->len;
    z.avail_out = (uInt)(out->cap - out->len);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len = out->cap - z.avail_out;
    deflateEnd(&z);
}

static void text(dh_buf *out) {
    for (int i = 0; i < 3000; i++) dh_buf_printf(out, "line %d of a page\n", i * 7919 % 3001);
}

static void same_in_any_pieces(void **state) {
    (void)state;
    static const struct {
        const char *coding;
        int window, members;
    } kinds[] = {{"gzip", 31, 1},
                 {"gzip", 31, 3},
                 {"deflate", 15, 1},
                 {"deflate", -15, 1},
                 {"x-gzip", 31, 1}};
    static const size_t steps[] = {1, 2, 3, 7, 1000, 100000};
    dh_buf plain = {0};
    text(&plain);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        dh_buf packed = {0};
        for (int m = 0; m < kinds[k].members; m++) {
            size_t part = plain.len / (size_t)kinds[k].members;
            size_t end = m + 1 == kinds[k].members ? plain.len : part * (size_t)(m + 1);
            pack(&packed, kinds[k].window,
                 dh_slice_sub(dh_buf_slice(&plain), part * (size_t)m, end));
        }
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            dh_buf out = {0};
            dh_content_decoder d;
            dh_content_init(&d, &out, 1 << 30, 1000);
            assert_int_equal(dh_content_begin(&d, dh_slice_cstr(kinds[k].coding), NULL), DH_OK);
            for (size_t at = 0; at < packed.len; at += steps[s]) {
                if (at > 0 && kinds[k].members == 1) assert_false(dh_content_is_whole(&d));
                dh_slice piece = dh_slice_sub(dh_buf_slice(&packed), at, at + steps[s]);
                assert_int_equal(dh_content_put(&d, piece, NULL), DH_OK);
            }
            assert_true(dh_content_is_whole(&d));
            assert_int_equal(out.len, plain.len);
            assert_memory_equal(out.ptr, plain.ptr, plain.len);
            dh_content_release(&d);
            dh_buf_release(&out);
        }
        dh_buf_release(&packed);
    }
    dh_buf_release(&plain);
}

/* Cut anywhere it is not whole, and never more than it was. */
static void cut_is_not_whole(void **state) {
    (void)state;
    dh_buf packed = {0};
    pack(&packed, 31, DH_SLICE("A few words that are packed."));
    for (size_t len = 0; len <= packed.len; len++) {
        dh_buf out = {0};
        dh_content_decoder d;
        dh_content_init(&d, &out, 1000, 100);
        assert_int_equal(dh_content_begin(&d, DH_SLICE("gzip"), NULL), DH_OK);
        assert_int_equal(dh_content_put(&d, dh_slice_sub(dh_buf_slice(&packed), 0, len), NULL),
                         DH_OK);
        bool whole = len == packed.len || len == 0; /* an empty body is one */
        if (dh_content_is_whole(&d) != whole) fail_msg("after %zu of %zu bytes", len, packed.len);
        assert_true(out.len <= 28);
        dh_content_release(&d);
        dh_buf_release(&out);
    }
    dh_buf_release(&packed);
}

static void codings_are_known_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *coding;
        dh_status status;
    } rows[] = {{"", DH_OK},          {"identity", DH_OK},    {" GZIP ", DH_OK},
                {"deflate", DH_OK},   {"br", DH_ERR_NET},     {"gzip, gzip", DH_ERR_NET},
                {"zstd", DH_ERR_NET}, {"gzipped", DH_ERR_NET}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf out = {0};
        dh_content_decoder d;
        dh_error error = {0};
        dh_content_init(&d, &out, 1000, 100);
        assert_int_equal(dh_content_begin(&d, dh_slice_cstr(rows[i].coding), &error),
                         rows[i].status);
        assert_true((error.message[0] != '\0') == (rows[i].status != DH_OK));
        dh_content_release(&d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_in_any_pieces),
        cmocka_unit_test(cut_is_not_whole),
        cmocka_unit_test(codings_are_known_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
