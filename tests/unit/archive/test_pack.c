/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive/pack.h"

static void unpack(dh_coding coding, dh_slice packed, dh_buf *out) {
    dh_stream *stream;
    char room[1000];
    assert_int_equal(dh_stream_new(coding, DH_WINDOW_FILE, &stream, NULL), DH_OK);
    dh_step step = DH_STEP_MORE;
    while (packed.len > 0 && step == DH_STEP_MORE) {
        size_t made;
        step = dh_stream_step(stream, &packed, room, sizeof room, &made);
        assert_true(dh_buf_put(out, room, made));
    }
    for (size_t made = 1; step == DH_STEP_MORE && made > 0;) {
        step = dh_stream_step(stream, &packed, room, sizeof room, &made);
        assert_true(dh_buf_put(out, room, made));
    }
    if (coding != DH_CODING_NONE) assert_int_equal(step, DH_STEP_END);
    assert_int_equal(packed.len, 0);
    dh_stream_free(stream);
}

/* What comes out goes in again, whatever the pieces. */
static void round_trip(void **state) {
    (void)state;
    static const dh_coding codings[] = {DH_CODING_NONE, DH_CODING_GZIP, DH_CODING_ZSTD};
    static const size_t pieces[] = {1, 777, 300000};
    static char bytes[300000];
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        bytes[i] = (char)(i % 7 == 0 ? seed >> 60 : 'x');
    }
    for (size_t c = 0; c < 3; c++)
        for (size_t k = 0; k < 3; k++) {
            size_t len = pieces[k] == 1 ? 5000 : sizeof bytes;
            dh_pack *pack;
            dh_buf packed = {0}, again = {0};
            assert_int_equal(dh_pack_new(codings[c], &pack, NULL), DH_OK);
            for (size_t at = 0; at < len; at += pieces[k])
                assert_true(dh_pack_put(
                    pack, dh_slice_sub(dh_slice_make(bytes, len), at, at + pieces[k]), &packed));
            assert_true(dh_pack_end(pack, &packed));
            if (codings[c] != DH_CODING_NONE) assert_true(packed.len < len / 2);
            unpack(codings[c], dh_buf_slice(&packed), &again);
            assert_true(dh_slice_eq(dh_buf_slice(&again), dh_slice_make(bytes, len)));
            dh_pack_free(pack);
            dh_buf_release(&packed);
            dh_buf_release(&again);
        }
}

static void nothing(void **state) {
    (void)state;
    dh_pack *pack;
    dh_buf packed = {0}, again = {0};
    assert_int_equal(dh_pack_new(DH_CODING_ZSTD, &pack, NULL), DH_OK);
    assert_true(dh_pack_end(pack, &packed));
    assert_true(packed.len > 0);
    unpack(DH_CODING_ZSTD, dh_buf_slice(&packed), &again);
    assert_int_equal(again.len, 0);
    dh_pack_free(pack);
    dh_buf_release(&packed);
    assert_int_equal(dh_pack_new(DH_CODING_BROTLI, &pack, NULL), DH_ERR_USAGE);
    assert_null(pack);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trip), cmocka_unit_test(nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
