/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/pack.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { ZSTD_LEVEL = 3, GZIP_LEVEL = 6, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, STEP = 64 * 1024 };

struct dh_pack {
    dh_coding coding;
    ZSTD_CCtx *zstd;
    z_stream z;
    bool z_made;
};

static bool make(dh_pack *pack) {
    if (pack->coding == DH_CODING_GZIP) {
        pack->z_made = deflateInit2(&pack->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                                    Z_DEFAULT_STRATEGY) == Z_OK;
        return pack->z_made;
    }
    if (pack->coding != DH_CODING_ZSTD) return true;
    pack->zstd = ZSTD_createCCtx();
    return pack->zstd != NULL &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) &&
           !ZSTD_isError(ZSTD_CCtx_setParameter(pack->zstd, ZSTD_c_checksumFlag, 1));
}

dh_status dh_pack_new(dh_coding coding, dh_pack **out, dh_error *error) {
    *out = NULL;
    if (coding != DH_CODING_NONE && coding != DH_CODING_GZIP && coding != DH_CODING_ZSTD)
        return dh_error_set(error, DH_ERR_USAGE, "archive", 0, "not a coding to write");
    dh_pack *pack = calloc(1, sizeof *pack);
    if (pack != NULL) pack->coding = coding;
    if (pack == NULL || !make(pack)) {
        dh_pack_free(pack);
        return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
    }
    *out = pack;
    return DH_OK;
}

void dh_pack_free(dh_pack *pack) {
    if (pack == NULL) return;
    ZSTD_freeCCtx(pack->zstd);
    if (pack->z_made) deflateEnd(&pack->z);
    free(pack);
}

static bool step_zstd(dh_pack *pack, dh_slice bytes, bool end, dh_buf *out) {
    ZSTD_inBuffer from = {bytes.ptr, bytes.len, 0};
    for (size_t left = 1; left != 0;) {
        if (!dh_buf_reserve(out, STEP)) return false;
        ZSTD_outBuffer to = {out->ptr + out->len, out->cap - out->len, 0};
        left = ZSTD_compressStream2(pack->zstd, &to, &from, end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) return false;
        out->len += to.pos;
        if (!end && from.pos == from.size) return true;
    }
    return true;
}

static bool step_gzip(dh_pack *pack, dh_slice bytes, bool end, dh_buf *out) {
    memcpy(&pack->z.next_in, &bytes.ptr, sizeof pack->z.next_in); /* no const there */
    for (size_t left = bytes.len;;) {
        uInt some = left < UINT_MAX ? (uInt)left : UINT_MAX;
        if (!dh_buf_reserve(out, STEP)) return false;
        size_t room = out->cap - out->len;
        uInt space = room < UINT_MAX ? (uInt)room : UINT_MAX;
        pack->z.avail_in = some;
        pack->z.next_out = (Bytef *)out->ptr + out->len;
        pack->z.avail_out = space;
        int code = deflate(&pack->z, end && some == left ? Z_FINISH : Z_NO_FLUSH);
        if (code == Z_STREAM_ERROR) return false;
        left -= some - pack->z.avail_in;
        out->len += space - pack->z.avail_out;
        if (code == Z_STREAM_END || (!end && left == 0 && pack->z.avail_out > 0)) return true;
    }
}

static bool step(dh_pack *pack, dh_slice bytes, bool end, dh_buf *out) {
    if (pack->coding == DH_CODING_ZSTD) return step_zstd(pack, bytes, end, out);
    if (pack->coding == DH_CODING_GZIP) return step_gzip(pack, bytes, end, out);
    return dh_buf_put_slice(out, bytes);
}

bool dh_pack_put(dh_pack *pack, dh_slice bytes, dh_buf *out) {
    return step(pack, bytes, false, out);
}

bool dh_pack_end(dh_pack *pack, dh_buf *out) {
    return step(pack, DH_SLICE(""), true, out);
}
