/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stream.h"

#include <brotli/decode.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { WINDOW = 15, WINDOW_GZIP = 15 + 16, WINDOW_RAW = -15 }; /* zlib's windowBits */

struct dh_stream {
    dh_coding coding;
    bool open;
    z_stream z;
    bool z_made;
    ZSTD_DCtx *zstd;
    BrotliDecoderState *brotli;
};

static bool make(dh_stream *s, int window_log) {
    switch (s->coding) {
    case DH_CODING_ZSTD:
        s->zstd = ZSTD_createDCtx();
        return s->zstd != NULL &&
               !ZSTD_isError(ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, window_log));
    case DH_CODING_BROTLI:
        s->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
        return s->brotli != NULL;
    case DH_CODING_NONE:
        return true;
    default:
        s->z_made = inflateInit2(&s->z, s->coding == DH_CODING_GZIP ? WINDOW_GZIP : WINDOW) == Z_OK;
        return s->z_made;
    }
}

dh_status dh_stream_new(dh_coding coding, int window_log, dh_stream **out, dh_error *error) {
    dh_stream *s = calloc(1, sizeof *s);
    *out = s;
    if (s != NULL) s->coding = coding;
    if (s != NULL && make(s, window_log)) return DH_OK;
    dh_stream_free(s);
    *out = NULL;
    return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
}

void dh_stream_free(dh_stream *s) {
    if (s == NULL) return;
    if (s->z_made) inflateEnd(&s->z);
    ZSTD_freeDCtx(s->zstd);
    BrotliDecoderDestroyInstance(s->brotli);
    free(s);
}

void dh_stream_reset(dh_stream *s) {
    s->open = false;
    if (s->z_made) inflateReset(&s->z);
    if (s->zstd != NULL) ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
    if (s->coding != DH_CODING_BROTLI) return;
    BrotliDecoderDestroyInstance(s->brotli);
    s->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
}

bool dh_stream_set_dictionary(dh_stream *s, dh_slice dictionary) {
    return s->zstd != NULL &&
           !ZSTD_isError(ZSTD_DCtx_loadDictionary(s->zstd, dictionary.ptr, dictionary.len));
}

bool dh_stream_is_open(const dh_stream *s) {
    return s->open;
}

static dh_step step_plain(dh_slice *in, char *out, size_t room, size_t *made) {
    *made = in->len < room ? in->len : room;
    if (*made > 0) memcpy(out, in->ptr, *made);
    *in = dh_slice_sub(*in, *made, in->len);
    return DH_STEP_MORE;
}

/* zlib's format has a head that fits; what has not is bare. */
static bool choose_kind(dh_stream *s, dh_slice in) {
    unsigned a = (unsigned char)in.ptr[0], b = in.len > 1 ? (unsigned char)in.ptr[1] : 0;
    bool zlib = (a & 0x0F) == 8 && (a << 8 | b) % 31 == 0;
    return inflateReset2(&s->z, zlib ? WINDOW : WINDOW_RAW) == Z_OK;
}

static dh_step step_zlib(dh_stream *s, dh_slice *in, char *out, size_t room, size_t *made) {
    if (!s->open && s->coding == DH_CODING_DEFLATE && in->len > 0 && !choose_kind(s, *in))
        return DH_STEP_BAD;
    uInt some = in->len < UINT_MAX ? (uInt)in->len : UINT_MAX;
    uInt space = room < UINT_MAX ? (uInt)room : UINT_MAX;
    memcpy(&s->z.next_in, &in->ptr, sizeof s->z.next_in); /* no const there; it is not written to */
    s->z.avail_in = some;
    s->z.next_out = (Bytef *)out;
    s->z.avail_out = space;
    s->open = s->open || some > 0;
    int code = inflate(&s->z, Z_NO_FLUSH);
    *made = space - s->z.avail_out;
    *in = dh_slice_sub(*in, some - s->z.avail_in, in->len);
    if (code == Z_OK || code == Z_BUF_ERROR) return DH_STEP_MORE;
    if (code == Z_MEM_ERROR) return DH_STEP_MEMORY;
    if (code != Z_STREAM_END) return DH_STEP_BAD;
    s->open = false;
    return inflateReset(&s->z) == Z_OK ? DH_STEP_END : DH_STEP_BAD;
}

static dh_step step_zstd(dh_stream *s, dh_slice *in, char *out, size_t room, size_t *made) {
    ZSTD_inBuffer from = {in->ptr, in->len, 0};
    ZSTD_outBuffer to = {out, room, 0};
    s->open = s->open || in->len > 0;
    size_t hint = 1;
    /* It may leave input although there is room. */
    while (hint != 0 && to.pos < to.size && (from.pos < from.size || to.pos == 0)) {
        size_t in_before = from.pos, out_before = to.pos;
        hint = ZSTD_decompressStream(s->zstd, &to, &from);
        if (ZSTD_isError(hint)) break;
        if (from.pos == in_before && to.pos == out_before) break;
    }
    *made = to.pos;
    *in = dh_slice_sub(*in, from.pos, in->len);
    if (ZSTD_isError(hint))
        return ZSTD_getErrorCode(hint) == ZSTD_error_memory_allocation ? DH_STEP_MEMORY
                                                                       : DH_STEP_BAD;
    if (hint != 0) return DH_STEP_MORE;
    s->open = false;
    return DH_STEP_END;
}

static dh_step step_brotli(dh_stream *s, dh_slice *in, char *out, size_t room, size_t *made) {
    if (s->brotli == NULL) return DH_STEP_MEMORY;
    size_t left = in->len, space = room;
    const uint8_t *from = (const uint8_t *)in->ptr;
    uint8_t *to = (uint8_t *)out;
    s->open = s->open || in->len > 0;
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(s->brotli, &left, &from, &space, &to, NULL);
    *made = room - space;
    *in = dh_slice_sub(*in, in->len - left, in->len);
    if (result == BROTLI_DECODER_RESULT_ERROR) return DH_STEP_BAD;
    if (result != BROTLI_DECODER_RESULT_SUCCESS) return DH_STEP_MORE;
    dh_stream_reset(s);
    return DH_STEP_END;
}

dh_step dh_stream_step(dh_stream *s, dh_slice *in, char *out, size_t room, size_t *made) {
    *made = 0;
    switch (s->coding) {
    case DH_CODING_NONE:
        return step_plain(in, out, room, made);
    case DH_CODING_ZSTD:
        return step_zstd(s, in, out, room, made);
    case DH_CODING_BROTLI:
        return step_brotli(s, in, out, room, made);
    default:
        return step_zlib(s, in, out, room, made);
    }
}
