/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/content.h"

#include <limits.h>

enum { STEP = 64 * 1024, RATIO_FROM = 1 << 20 };
enum { WINDOW = 15, WINDOW_GZIP = 15 + 16, WINDOW_RAW = -15 }; /* zlib's windowBits */

void dh_content_init(dh_content_decoder *decoder, dh_buf *out, uint64_t max_bytes,
                     uint32_t max_ratio) {
    *decoder = (dh_content_decoder){.out = out, .max_bytes = max_bytes, .max_ratio = max_ratio};
}

dh_status dh_content_begin(dh_content_decoder *decoder, dh_slice coding, dh_error *error) {
    static const struct {
        const char *name;
        dh_coding coding;
    } known[] = {{"", DH_CODING_NONE},           {"identity", DH_CODING_NONE},
                 {"gzip", DH_CODING_GZIP},       {"x-gzip", DH_CODING_GZIP},
                 {"deflate", DH_CODING_DEFLATE}, {"none", DH_CODING_NONE}};
    dh_slice name = dh_slice_trim(coding);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!dh_slice_eq_nocase(name, dh_slice_cstr(known[i].name))) continue;
        decoder->coding = known[i].coding;
        return DH_OK;
    }
    return dh_error_set(error, DH_ERR_NET, "fetch", 0,
                        "its content is encoded as %.*s, which was not asked for",
                        name.len < 60 ? (int)name.len : 60, name.ptr);
}

static dh_status over(const dh_content_decoder *d, dh_error *error) {
    if (d->out->len > d->max_bytes)
        return dh_error_set(error, DH_ERR_LIMIT, "fetch", d->out->len, "larger than %llu bytes",
                            (unsigned long long)d->max_bytes);
    if (d->out->len > RATIO_FROM && d->out->len / d->max_ratio > d->received)
        return dh_error_set(error, DH_ERR_LIMIT, "fetch", d->out->len,
                            "unpacks to more than %u times its size", d->max_ratio);
    return DH_OK;
}

static dh_status put_plain(dh_content_decoder *d, dh_slice bytes, dh_error *error) {
    if (!dh_buf_put_slice(d->out, bytes))
        return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    return over(d, error);
}

static dh_status open_stream(dh_content_decoder *d, int window, dh_error *error) {
    d->z = (z_stream){0};
    if (inflateInit2(&d->z, window) != Z_OK)
        return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    d->open = true;
    return DH_OK;
}

/* gzip by its mark; deflate is zlib's format (RFC 1950) by the standard and bare (RFC 1951) by habit;
 * what is neither was never compressed. */
static dh_status choose(dh_content_decoder *d, dh_error *error) {
    unsigned char a = (unsigned char)d->head[0], b = (unsigned char)d->head[1];
    if (d->coding == DH_CODING_GZIP) {
        if (a == 0x1F && b == 0x8B) return open_stream(d, WINDOW_GZIP, error);
        d->coding = DH_CODING_NONE;
        return DH_OK;
    }
    bool zlib = (a & 0x0F) == 8 && (a << 8 | b) % 31 == 0;
    return open_stream(d, zlib ? WINDOW : WINDOW_RAW, error);
}

/* zlib has read to an end. Another gzip member may follow at once. */
static bool next_member(dh_content_decoder *d) {
    d->ended = true;
    if (d->coding != DH_CODING_GZIP || d->z.avail_in == 0 || d->z.next_in[0] != 0x1F) return false;
    if (inflateReset(&d->z) != Z_OK) return false;
    d->ended = false;
    return true;
}

static dh_status put_packed(dh_content_decoder *d, dh_slice bytes, dh_error *error) {
    dh_buf *out = d->out;
    /* zlib's pointers have no const; it does not write there. */
    memcpy(&d->z.next_in, &bytes.ptr, sizeof d->z.next_in);
    d->z.avail_in = (uInt)bytes.len;
    if (d->ended && !next_member(d)) return DH_OK;
    for (;;) {
        if (!dh_buf_reserve(out, STEP))
            return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
        size_t room = out->cap - out->len < UINT_MAX ? out->cap - out->len : UINT_MAX;
        d->z.next_out = (Bytef *)(out->ptr + out->len);
        d->z.avail_out = (uInt)room;
        int code = inflate(&d->z, Z_NO_FLUSH);
        out->len += room - d->z.avail_out;
        dh_status status = over(d, error);
        if (status != DH_OK) return status;
        if (code == Z_STREAM_END && !next_member(d)) return DH_OK;
        if (code == Z_BUF_ERROR || (code == Z_OK && d->z.avail_in == 0 && d->z.avail_out > 0))
            return DH_OK; /* wants more */
        if (code != Z_OK && code != Z_STREAM_END)
            return dh_error_set(error, DH_ERR_NET, "fetch", out->len,
                                "its compressed content is damaged");
    }
}

dh_status dh_content_put(dh_content_decoder *d, dh_slice bytes, dh_error *error) {
    d->received += bytes.len;
    if (d->coding == DH_CODING_NONE) return put_plain(d, bytes, error);
    while (!d->open && d->head_len < 2) {
        if (bytes.len == 0) return DH_OK;
        d->head[d->head_len++] = bytes.ptr[0];
        bytes = dh_slice_sub(bytes, 1, bytes.len);
        if (d->head_len < 2) continue;
        dh_status status = choose(d, error);
        dh_slice head = dh_slice_make(d->head, 2);
        if (status == DH_OK)
            status = d->open ? put_packed(d, head, error) : put_plain(d, head, error);
        if (status != DH_OK) return status;
    }
    return d->open ? put_packed(d, bytes, error) : put_plain(d, bytes, error);
}

bool dh_content_is_whole(const dh_content_decoder *d) {
    return d->open ? d->ended : d->coding == DH_CODING_NONE || d->received == 0;
}

void dh_content_release(dh_content_decoder *d) {
    if (d->open) inflateEnd(&d->z);
    d->open = false;
}
