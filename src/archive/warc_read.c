/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/warc_read.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/http.h"

enum { MAX_HEAD = 256 * 1024 };
static const uint64_t most_unpacked = UINT64_C(8) << 30; /* of one packed record; beyond: a bomb */
static const dh_slice mark = DH_SLICE_INIT("WARC/");

struct dh_warc_reader {
    dh_source *source;
    uint64_t max_block;
    dh_buf head, block; /* heap: of the record at hand */
    uint64_t position;  /* unpacked, of the record at hand */
    bool lost;          /* the last record was damaged: the next is to be found */
    bool lost_stream;   /* not even its bytes can be unpacked */
    bool ragged;        /* something stands behind the last record that belongs to none */
    bool ended;
};

dh_status dh_warc_reader_new(const char *name, const dh_warc_reader_options *options,
                             dh_warc_reader **out, dh_error *error) {
    *out = NULL;
    dh_warc_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return dh_error_set(error, DH_ERR_MEMORY, "warc", 0, "out of memory");
    r->max_block = options->max_block;
    dh_status status = dh_source_new(name, &options->source, &r->source, error);
    dh_fill fill = DH_FILL_MORE;
    while (status == DH_OK && fill == DH_FILL_MORE && dh_source_window(r->source).len < mark.len)
        fill = dh_source_fill(r->source, error);
    if (status == DH_OK && fill == DH_FILL_ERROR)
        status = error != NULL ? error->status : DH_ERR_IO;
    bool is_packed = status == DH_OK && dh_source_coding(r->source) != DH_CODING_NONE;
    bool damaged = is_packed && (fill == DH_FILL_BAD || fill == DH_FILL_TORN);
    if (status == DH_OK && !damaged && dh_source_window(r->source).len > 0 &&
        !dh_slice_starts(dh_source_window(r->source), mark))
        status = dh_error_set(error, DH_ERR_TYPE, "warc", 0, "it is no WARC file");
    if (status == DH_OK)
        *out = r;
    else
        dh_warc_reader_free(r);
    return status;
}

void dh_warc_reader_free(dh_warc_reader *r) {
    if (r == NULL) return;
    dh_source_free(r->source);
    dh_buf_release(&r->head);
    dh_buf_release(&r->block);
    free(r);
}

uint64_t dh_warc_reader_read(const dh_warc_reader *r) {
    return dh_source_read(r->source);
}

dh_coding dh_warc_reader_coding(const dh_warc_reader *r) {
    return dh_source_coding(r->source);
}

/* Damage. */

static dh_status damaged(dh_warc_reader *r, uint64_t offset, const char *what, dh_error *error) {
    r->lost = true;
    return dh_error_set(error, DH_ERR_SYNTAX, "warc", offset,
                        "damaged at byte %" PRIu64 ": %s; passed over", offset, what);
}

static dh_status by_fill(dh_warc_reader *r, dh_fill fill, uint64_t offset, dh_error *error) {
    if (fill == DH_FILL_ERROR) return error != NULL ? error->status : DH_ERR_IO;
    if (fill == DH_FILL_BAD) {
        r->lost_stream = true;
        return damaged(r, offset, "it cannot be unpacked", error);
    }
    r->ended = true;
    return damaged(r, offset, "the file ends in the midst of a record", error);
}

/* Whether a record may begin there: at a member's start, or behind a line's end, where the search begins. */
static bool begins_here(const dh_warc_reader *r, dh_slice window, size_t at) {
    uint64_t offset;
    bool packed = dh_source_coding(r->source) != DH_CODING_NONE;
    bool line = at == 0 || window.ptr[at - 1] == '\n';
    return dh_slice_starts(dh_slice_sub(window, at, window.len), DH_SLICE("WARC/1.")) &&
           (line || (packed && dh_source_is_start(r->source, at, &offset)));
}

/* Passes over bytes until a record may begin. */
static dh_fill find_record(dh_warc_reader *r, dh_error *error) {
    size_t longest = sizeof "WARC/1." - 1;
    bool stands = dh_source_position(r->source) == r->position;
    size_t from = stands ? 1 : 0; /* not the damaged one again */
    for (;; from = 1) {
        dh_slice window = dh_source_window(r->source);
        for (size_t at = from; at + longest <= window.len; at++) {
            const char *next = memchr(window.ptr + at, 'W', window.len - at);
            if (next == NULL) break;
            at = (size_t)(next - window.ptr);
            if (!begins_here(r, window, at)) continue;
            dh_source_take(r->source, at);
            return DH_FILL_MORE;
        }
        /* The last bytes stay: a record's first line may be cut there. */
        if (window.len > longest) dh_source_take(r->source, window.len - longest);
        dh_fill fill = dh_source_fill(r->source, error);
        if (fill == DH_FILL_BAD) return dh_source_resync(r->source, mark, error);
        if (fill != DH_FILL_MORE) return fill;
    }
}

static dh_fill recover(dh_warc_reader *r, dh_error *error) {
    bool stream = r->lost_stream;
    r->lost = r->lost_stream = false;
    return stream ? dh_source_resync(r->source, mark, error) : find_record(r, error);
}

/* A record. */

/* The empty lines before a record; END when nothing follows. */
static dh_fill skip_lines(dh_warc_reader *r, dh_error *error) {
    for (;;) {
        dh_slice window = dh_source_window(r->source);
        size_t blank = 0;
        while (blank < window.len && (window.ptr[blank] == '\r' || window.ptr[blank] == '\n'))
            blank++;
        dh_source_take(r->source, blank);
        if (blank < window.len) return DH_FILL_MORE;
        dh_fill fill = dh_source_fill(r->source, error);
        if (fill != DH_FILL_MORE) return fill;
    }
}

/* Whether another record's member begins within the next `count` bytes of the window. */
static bool other_begins(const dh_warc_reader *r, size_t from, size_t count) {
    uint64_t offset;
    if (dh_source_coding(r->source) == DH_CODING_NONE) return false;
    dh_slice window = dh_source_window(r->source);
    for (size_t at = from; at < count && at < window.len; at++) {
        const char *next = memchr(window.ptr + at, 'W', window.len - at);
        if (next == NULL) return false;
        at = (size_t)(next - window.ptr);
        if (at < count && dh_slice_starts(dh_slice_sub(window, at, window.len), mark) &&
            dh_source_is_start(r->source, at, &offset))
            return true;
    }
    return false;
}

static dh_status read_head(dh_warc_reader *r, uint64_t offset, dh_error *error) {
    size_t seen = 0, length;
    dh_buf_reset(&r->head);
    for (;;) {
        dh_slice window = dh_source_window(r->source);
        size_t have = window.len < mark.len ? window.len : mark.len;
        if (!dh_slice_starts(mark, dh_slice_sub(window, 0, have)))
            return damaged(r, offset, "no record begins there", error);
        /* Looked at again from shortly before the new bytes: no head takes quadratic time. */
        size_t from = seen > 4 ? seen - 4 : 0;
        length = dh_http_head_length(dh_slice_sub(window, from, window.len));
        if (length > 0) {
            length += from;
            break;
        }
        seen = window.len;
        if (window.len > MAX_HEAD) return damaged(r, offset, "its header has no end", error);
        dh_fill fill = dh_source_fill(r->source, error);
        if (fill == DH_FILL_END) fill = DH_FILL_TORN;
        if (fill != DH_FILL_MORE) return by_fill(r, fill, offset, error);
    }
    if (other_begins(r, 1, length)) return damaged(r, offset, "its header breaks off", error);
    dh_buf_put_slice(&r->head, dh_slice_sub(dh_source_window(r->source), 0, length));
    if (r->head.failed) return dh_error_set(error, DH_ERR_MEMORY, "warc", 0, "out of memory");
    dh_source_take(r->source, length);
    return DH_OK;
}

/* Up to max_block bytes of it are kept. */
static dh_status read_block(dh_warc_reader *r, uint64_t length, uint64_t offset, dh_error *error) {
    bool packed = dh_source_coding(r->source) != DH_CODING_NONE;
    dh_buf_reset(&r->block);
    for (uint64_t left = length; left > 0;) {
        dh_slice window = dh_source_window(r->source);
        if (window.len == 0) {
            dh_fill fill = dh_source_fill(r->source, error);
            if (fill == DH_FILL_END) fill = DH_FILL_TORN;
            if (fill != DH_FILL_MORE) return by_fill(r, fill, offset, error);
            continue;
        }
        size_t some = window.len < left ? window.len : (size_t)left;
        if (other_begins(r, left == length, some))
            return damaged(r, offset, "its block breaks off", error);
        uint64_t room = r->max_block - r->block.len;
        if (!dh_buf_put(&r->block, window.ptr, some < room ? some : (size_t)room))
            return dh_error_set(error, DH_ERR_MEMORY, "warc", 0, "out of memory");
        dh_source_take(r->source, some);
        left -= some;
        if (packed && length - left > most_unpacked) {
            r->lost_stream = true;
            return damaged(r, offset, "it is too large when unpacked", error);
        }
    }
    return DH_OK;
}

/* The two empty lines behind a block, and the end of its member: only then is it whole. */
static dh_status read_tail(dh_warc_reader *r, dh_warc_item *item, bool own_member,
                           dh_error *error) {
    size_t blank = 0;
    uint64_t end;
    bool packed = dh_source_coding(r->source) != DH_CODING_NONE;
    for (;;) {
        dh_slice window = dh_source_window(r->source);
        while (blank < window.len && blank < 4 &&
               (window.ptr[blank] == '\r' || window.ptr[blank] == '\n'))
            blank++;
        if ((packed && dh_source_is_start(r->source, blank, &end)) || blank < window.len) break;
        if (blank == 4 && !(packed && own_member)) break;
        dh_fill fill = dh_source_fill(r->source, error);
        if (fill == DH_FILL_END) break;
        if (fill != DH_FILL_MORE) return by_fill(r, fill, item->offset, error);
    }
    dh_slice lines = dh_slice_sub(dh_source_window(r->source), 0, blank);
    item->closed = blank == 4 || dh_slice_eq(lines, DH_SLICE("\n\n"));
    if (own_member && dh_source_is_start(r->source, blank, &end)) item->stored = end - item->offset;
    dh_source_take(r->source, blank);
    dh_slice rest = dh_source_window(r->source);
    r->ragged = blank < 4 && rest.len > 0 && !dh_slice_starts(rest, mark);
    if (!r->ragged || !packed || !own_member) return DH_OK;
    r->ragged = false; /* and nobody knows whether the member's checksum would hold */
    return damaged(r, item->offset, "its block goes on behind its length", error);
}

static dh_slice without_brackets(dh_slice url) {
    bool has = url.len > 1 && url.ptr[0] == '<' && url.ptr[url.len - 1] == '>';
    return has ? dh_slice_sub(url, 1, url.len - 1) : url;
}

dh_status dh_warc_next(dh_warc_reader *r, dh_warc_item *item, dh_error *error) {
    *item = (dh_warc_item){0};
    if (r->ended) return DH_ERR_EMPTY;
    if (r->ragged) {
        r->ragged = false;
        return damaged(r, dh_source_offset(r->source), "a block goes on behind its length", error);
    }
    dh_fill fill = r->lost || r->lost_stream ? recover(r, error) : DH_FILL_MORE;
    if (fill == DH_FILL_MORE) fill = skip_lines(r, error);
    item->offset = dh_source_offset(r->source);
    if (fill == DH_FILL_END) {
        r->ended = true;
        return DH_ERR_EMPTY;
    }
    if (fill != DH_FILL_MORE) return by_fill(r, fill, item->offset, error);
    uint64_t start;
    r->position = dh_source_position(r->source);
    bool own_member = dh_source_is_start(r->source, 0, &start);
    dh_status status = read_head(r, item->offset, error);
    if (status != DH_OK) return status;
    item->head = dh_buf_slice(&r->head);
    if (!dh_slice_to_u64(dh_http_field(item->head, DH_SLICE("content-length")), &item->length))
        return damaged(r, item->offset, "it has no length", error);
    status = read_block(r, item->length, item->offset, error);
    if (status == DH_OK) status = read_tail(r, item, own_member, error);
    if (status != DH_OK) return status;
    item->type = dh_http_field(item->head, DH_SLICE("warc-type"));
    item->url = without_brackets(dh_http_field(item->head, DH_SLICE("warc-target-uri")));
    item->date = dh_http_field(item->head, DH_SLICE("warc-date"));
    item->block = dh_buf_slice(&r->block);
    item->cut = item->length > r->block.len;
    return DH_OK;
}
