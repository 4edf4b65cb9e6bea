/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/content.h"

enum { STEP = 64 * 1024, RATIO_FROM = 1 << 20 };

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
                 {"deflate", DH_CODING_DEFLATE}, {"br", DH_CODING_BROTLI},
                 {"zstd", DH_CODING_ZSTD},       {"none", DH_CODING_NONE}};
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

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
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
    return dh_buf_put_slice(d->out, bytes) ? over(d, error) : no_memory(error);
}

/* What each coding begins with; br and deflate have no mark. */
static dh_slice mark_of(dh_coding coding) {
    if (coding == DH_CODING_GZIP) return DH_SLICE("\x1F\x8B");
    if (coding == DH_CODING_ZSTD) return DH_SLICE("\x28\xB5\x2F\xFD");
    return (dh_slice){NULL, 0};
}

/* How many of the first bytes are wanted before it is decided what they are. */
static size_t head_size(dh_coding coding) {
    size_t mark = mark_of(coding).len;
    return mark > 0 ? mark : coding == DH_CODING_DEFLATE ? 2 : 1;
}

static dh_status put_packed(dh_content_decoder *d, dh_slice in, dh_error *error) {
    dh_buf *out = d->out;
    for (;;) {
        /* Another gzip member or zstd frame may follow at once; what else does is no content. */
        if (d->ended) {
            dh_slice mark = dh_slice_sub(mark_of(d->coding), 0, in.len);
            if (in.len == 0 || mark.len == 0 || !dh_slice_starts(in, mark)) return DH_OK;
            d->ended = false;
        }
        if (!dh_buf_reserve(out, STEP)) return no_memory(error);
        size_t made, room = out->cap - out->len;
        dh_step step = dh_stream_step(d->stream, &in, out->ptr + out->len, room, &made);
        out->len += made;
        dh_status status = over(d, error);
        if (status != DH_OK) return status;
        if (step == DH_STEP_MEMORY) return no_memory(error);
        if (step == DH_STEP_BAD)
            return dh_error_set(error, DH_ERR_NET, "fetch", out->len,
                                "its compressed content is damaged");
        d->ended = step == DH_STEP_END;
        if (step == DH_STEP_MORE && in.len == 0 && made < room) return DH_OK;
    }
}

/* The first bytes are there: what is not what it says to be was never compressed. */
static dh_status begin(dh_content_decoder *d, dh_error *error) {
    dh_slice head = dh_slice_make(d->head, d->head_len);
    if (!dh_slice_starts(head, mark_of(d->coding))) {
        d->coding = DH_CODING_NONE;
        return put_plain(d, head, error);
    }
    dh_status status = dh_stream_new(d->coding, DH_WINDOW_HTTP, &d->stream, error);
    return status == DH_OK ? put_packed(d, head, error) : status;
}

dh_status dh_content_put(dh_content_decoder *d, dh_slice bytes, dh_error *error) {
    d->received += bytes.len;
    while (d->coding != DH_CODING_NONE && d->stream == NULL) {
        if (bytes.len == 0) return DH_OK;
        d->head[d->head_len++] = bytes.ptr[0];
        bytes = dh_slice_sub(bytes, 1, bytes.len);
        if (d->head_len < head_size(d->coding)) continue;
        dh_status status = begin(d, error);
        if (status != DH_OK) return status;
    }
    return d->stream != NULL ? put_packed(d, bytes, error) : put_plain(d, bytes, error);
}

bool dh_content_is_whole(const dh_content_decoder *d) {
    return d->stream != NULL ? d->ended : d->coding == DH_CODING_NONE || d->received == 0;
}

void dh_content_release(dh_content_decoder *d) {
    dh_stream_free(d->stream);
    d->stream = NULL;
}
