/* SPDX-License-Identifier: Apache-2.0 */
/* However a body is cut into pieces, it decodes to the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <brotli/encode.h>
#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

#include "archive/content.h"

enum { ZSTD = 100, BROTLI }; /* beside zlib's windows */

static void pack(dh_buf *out, int window, dh_slice bytes) {
    z_stream z = {0};
    if (window >= ZSTD) {
        size_t room = window == ZSTD ? ZSTD_compressBound(bytes.len) : bytes.len + 1000;
        dh_buf_reserve(out, room);
        char *to = out->ptr + out->len;
        if (window == ZSTD)
            room = ZSTD_compress(to, room, bytes.ptr, bytes.len, 3);
        else
            assert_true(BrotliEncoderCompress(5, 22, BROTLI_MODE_TEXT, bytes.len,
                                              (const uint8_t *)bytes.ptr, &room, (uint8_t *)to));
        out->len += room;
        return;
    }
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
    } kinds[] = {{"gzip", 31, 1},   {"gzip", 31, 3},   {"deflate", 15, 1}, {"deflate", -15, 1},
                 {"x-gzip", 31, 1}, {"zstd", ZSTD, 1}, {"zstd", ZSTD, 3},  {"br", BROTLI, 1}};
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
    static const struct {
        const char *coding;
        int window;
    } kinds[] = {{"gzip", 31}, {"deflate", 15}, {"deflate", -15}, {"zstd", ZSTD}, {"br", BROTLI}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        dh_buf packed = {0};
        pack(&packed, kinds[k].window, DH_SLICE("A few words that are packed."));
        for (size_t len = 0; len <= packed.len; len++) {
            dh_buf out = {0};
            dh_content_decoder d;
            dh_content_init(&d, &out, 1000, 100);
            assert_int_equal(dh_content_begin(&d, dh_slice_cstr(kinds[k].coding), NULL), DH_OK);
            assert_int_equal(dh_content_put(&d, dh_slice_sub(dh_buf_slice(&packed), 0, len), NULL),
                             DH_OK);
            bool whole = len == packed.len || len == 0; /* an empty body is one */
            if (dh_content_is_whole(&d) != whole)
                fail_msg("%s after %zu of %zu bytes", kinds[k].coding, len, packed.len);
            assert_true(out.len <= 28);
            dh_content_release(&d);
            dh_buf_release(&out);
        }
        dh_buf_release(&packed);
    }
}

/* The same ceilings for every coding. */
static void bombs_are_stopped(void **state) {
    (void)state;
    static const struct {
        const char *coding;
        int window;
    } kinds[] = {{"gzip", 31}, {"deflate", 15}, {"zstd", ZSTD}, {"br", BROTLI}};
    dh_buf zeros = {0};
    dh_buf_reserve(&zeros, 30 << 20);
    memset(zeros.ptr, 0, 30 << 20);
    zeros.len = 30 << 20;
    for (size_t k = 0; k < 2 * (sizeof kinds / sizeof *kinds); k++) {
        dh_buf packed = {0}, out = {0};
        dh_content_decoder d;
        dh_error error = {0};
        pack(&packed, kinds[k / 2].window, dh_buf_slice(&zeros));
        dh_content_init(&d, &out, k % 2 ? 5 << 20 : 1 << 30, k % 2 ? UINT32_MAX : 100);
        assert_int_equal(dh_content_begin(&d, dh_slice_cstr(kinds[k / 2].coding), NULL), DH_OK);
        assert_int_equal(dh_content_put(&d, dh_buf_slice(&packed), &error), DH_ERR_LIMIT);
        assert_non_null(
            strstr(error.message, k % 2 ? "larger than 5242880" : "more than 100 times"));
        assert_true(out.len <= 12 << 20);
        dh_content_release(&d);
        dh_buf_release(&packed);
        dh_buf_release(&out);
    }
    dh_buf_release(&zeros);
}

static void damage_is_seen(void **state) {
    (void)state;
    static const struct {
        const char *coding, *bytes;
    } rows[] = {
        {"gzip", "\x1F\x8B\x08\x01\x01\x01\x01\x01\x01\x01\xFF\xFF\xFF"},
        {"deflate", "\x78\x9C\xFF\xFF\xFF\xFF"},
        {"zstd", "\x28\xB5\x2F\xFD\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"},
        {"br", "<html>"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf out = {0};
        dh_content_decoder d;
        dh_content_init(&d, &out, 1000, 100);
        assert_int_equal(dh_content_begin(&d, dh_slice_cstr(rows[i].coding), NULL), DH_OK);
        if (dh_content_put(&d, dh_slice_cstr(rows[i].bytes), NULL) != DH_ERR_NET)
            fail_msg("%s", rows[i].coding);
        dh_content_release(&d);
        dh_buf_release(&out);
    }
}

static void codings_are_known_or_refused(void **state) {
    (void)state;
    static const struct {
        const char *coding;
        dh_status status;
    } rows[] = {{"", DH_OK},        {"identity", DH_OK},     {" GZIP ", DH_OK},
                {"deflate", DH_OK}, {"br", DH_OK},           {"gzip, gzip", DH_ERR_NET},
                {"zstd", DH_OK},    {"gzipped", DH_ERR_NET}, {"compress", DH_ERR_NET}};
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
        cmocka_unit_test(bombs_are_stopped),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(codings_are_known_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
