/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/warc_record.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/random.h>

#include "archive/http.h"

#define REVISIT "http://netpreserve.org/warc/1.1/revisit/"

enum { WINDOW_GZIP = 15 + 16, MEMORY = 8, LEVEL = 6 };

void dh_warc_pen_reset(dh_warc_pen *pen) {
    dh_buf_reset(&pen->out);
    dh_buf_reset(&pen->text);
}

void dh_warc_pen_release(dh_warc_pen *pen) {
    dh_buf_release(&pen->out);
    dh_buf_release(&pen->text);
    if (pen->z_made) deflateEnd(&pen->z);
    pen->z_made = false;
}

void dh_warc_new_id(char id[DH_WARC_ID_SIZE]) {
    unsigned char b[16] = {0};
    /* Up to 256 bytes come whole, or not at all before the machine has any randomness. */
    while (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
    }
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    snprintf(id, DH_WARC_ID_SIZE,
             "<urn:uuid:%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x>",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
             b[14], b[15]);
}

void dh_warc_copy_id(dh_slice head, char id[DH_WARC_ID_SIZE]) {
    dh_slice value = dh_http_field(head, DH_SLICE("warc-record-id"));
    id[0] = '\0';
    if (value.len == 0 || value.len >= DH_WARC_ID_SIZE) return;
    memcpy(id, value.ptr, value.len);
    id[value.len] = '\0';
}

/* Nothing that comes from outside may end a line, or be other than a header's bytes. */
static void put_value(dh_buf *out, dh_slice value) {
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c > ' ' && c < 0x7F)
            dh_buf_putc(out, (char)c);
        else
            dh_buf_printf(out, "%%%02X", c);
    }
}

static void put_field(dh_buf *out, const char *name, const char *value) {
    if (value != NULL && value[0] != '\0') dh_buf_printf(out, "%s: %s\r\n", name, value);
}

static void put_slice(dh_buf *out, const char *name, dh_slice value) {
    if (value.len == 0) return;
    dh_buf_printf(out, "%s: ", name);
    put_value(out, value);
    dh_buf_puts(out, "\r\n");
}

static void put_head(dh_buf *out, const dh_warc_head *h) {
    char date[DH_UTC_SIZE], digest[DH_DIGEST_SIZE];
    uint64_t length = 0;
    for (size_t i = 0; i < h->parts; i++) length += h->block[i].len;
    dh_clock_print_utc(h->date_ms, date);
    if (!dh_digest_sha1(h->block, h->parts, digest)) out->failed = true;
    dh_buf_puts(out, "WARC/1.1\r\n");
    put_field(out, "WARC-Type", h->type);
    put_field(out, "WARC-Record-ID", h->id);
    put_field(out, "WARC-Date", date);
    put_field(out, "WARC-Filename", h->file);
    put_slice(out, "WARC-Target-URI", h->url);
    put_field(out, "WARC-IP-Address", h->ip);
    put_field(out, "WARC-Protocol", h->protocol);
    put_field(out, "WARC-Concurrent-To", h->concurrent_to);
    put_field(out, "WARC-Warcinfo-ID", h->info_id);
    put_field(out, "WARC-Profile", h->profile);
    put_slice(out, "WARC-Refers-To", h->refers_to);
    put_slice(out, "WARC-Refers-To-Target-URI", h->refers_to_url);
    put_slice(out, "WARC-Refers-To-Date", h->refers_to_date);
    put_field(out, "WARC-Truncated", h->truncated);
    put_field(out, "WARC-Payload-Digest", h->payload_digest);
    put_field(out, "WARC-Block-Digest", digest);
    put_field(out, "Content-Type", h->content_type);
    dh_buf_printf(out, "Content-Length: %" PRIu64 "\r\n\r\n", length);
}

/* A piece of a record to the output, packed; last: its end. */
static bool put_piece(dh_warc_pen *pen, dh_slice piece, bool last) {
    dh_buf *out = &pen->out;
    if (pen->plain) return dh_buf_put_slice(out, piece);
    do {
        uInt some = piece.len < UINT_MAX ? (uInt)piece.len : UINT_MAX;
        memcpy(&pen->z.next_in, &piece.ptr, sizeof pen->z.next_in); /* it has no const */
        pen->z.avail_in = some;
        piece = dh_slice_sub(piece, some, piece.len);
        do {
            if (!dh_buf_reserve(out, some / 2 + 4096)) return false;
            size_t room = out->cap - out->len;
            pen->z.next_out = (Bytef *)(out->ptr + out->len);
            pen->z.avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
            room = pen->z.avail_out;
            if (deflate(&pen->z, last && piece.len == 0 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
                return false;
            out->len += room - pen->z.avail_out;
        } while (pen->z.avail_out == 0);
    } while (piece.len > 0);
    return true;
}

bool dh_warc_pen_put(dh_warc_pen *pen, const dh_warc_head *head) {
    if (!pen->plain && !pen->z_made)
        pen->z_made = deflateInit2(&pen->z, LEVEL, Z_DEFLATED, WINDOW_GZIP, MEMORY,
                                   Z_DEFAULT_STRATEGY) == Z_OK;
    if (!pen->plain && (!pen->z_made || deflateReset(&pen->z) != Z_OK)) return false;
    dh_buf_reset(&pen->text);
    put_head(&pen->text, head);
    bool good = !pen->text.failed && put_piece(pen, dh_buf_slice(&pen->text), false);
    for (size_t i = 0; i < head->parts && good; i++) good = put_piece(pen, head->block[i], false);
    return good && put_piece(pen, DH_SLICE("\r\n\r\n"), true);
}

/* The answer, or what stands for it where it was stored before. */
static bool put_answer(dh_warc_pen *pen, const dh_warc_exchange *x, const char *info_id,
                       dh_warc_place *place) {
    dh_slice parts[2] = {x->head, x->body};
    dh_warc_head h = {.type = x->kind == DH_WARC_FULL ? "response" : "revisit",
                      .id = place->id,
                      .date_ms = x->date_ms,
                      .content_type = "application/http; msgtype=response",
                      .ip = x->ip,
                      .protocol = x->protocol,
                      .truncated = x->truncated,
                      .info_id = info_id,
                      .payload_digest = place->payload_digest,
                      .url = x->url,
                      .block = parts,
                      .parts = x->kind == DH_WARC_FULL ? 2 : 1};
    if (x->kind != DH_WARC_FULL) {
        h.profile = x->kind == DH_WARC_NOT_MODIFIED ? REVISIT "server-not-modified"
                                                    : REVISIT "identical-payload-digest";
        h.truncated = NULL; /* nothing of the payload is meant to be there */
        h.refers_to = x->refers_to;
        h.refers_to_url = x->refers_to_url;
        h.refers_to_date = x->refers_to_date;
    }
    return dh_warc_pen_put(pen, &h);
}

bool dh_warc_pen_exchange(dh_warc_pen *pen, const dh_warc_exchange *x, const char *info_id,
                          dh_warc_place *place) {
    char id[DH_WARC_ID_SIZE];
    dh_warc_new_id(place->id);
    bool known = x->kind == DH_WARC_NOT_MODIFIED ||
                 dh_digest_sha1(&x->payload, 1, place->payload_digest);
    if (!known) return false;
    if (x->kind == DH_WARC_NOT_MODIFIED && x->refers_to_digest.len > 0 &&
        x->refers_to_digest.len < DH_DIGEST_SIZE)
        memcpy(place->payload_digest, x->refers_to_digest.ptr, x->refers_to_digest.len);
    size_t begin = pen->out.len;
    bool good = put_answer(pen, x, info_id, place);
    place->length = pen->out.len - begin;
    dh_warc_head h = {.id = id,
                      .date_ms = x->date_ms,
                      .concurrent_to = place->id,
                      .info_id = info_id,
                      .url = x->url,
                      .parts = 1};
    if (x->request.len > 0 && good) {
        dh_warc_new_id(id);
        h.type = "request";
        h.content_type = "application/http; msgtype=request";
        h.ip = x->ip;
        h.protocol = x->protocol;
        h.block = &x->request;
        good = dh_warc_pen_put(pen, &h);
    }
    if (x->metadata.len > 0 && good) {
        dh_warc_new_id(id);
        h.type = "metadata";
        h.content_type = "application/warc-fields";
        h.ip = h.protocol = NULL;
        h.block = &x->metadata;
        good = dh_warc_pen_put(pen, &h);
    }
    return good && !pen->out.failed;
}
