/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/payload.h"

#include "archive/content.h"
#include "archive/http.h"

bool dh_payload_is_page(dh_slice type) {
    dh_slice media = dh_slice_trim(dh_slice_cut(&type, ';'));
    return dh_slice_eq_nocase(media, DH_SLICE("text/html")) ||
           dh_slice_eq_nocase(media, DH_SLICE("application/xhtml+xml"));
}

/* Behind white space and a byte order mark. */
static bool begins_with_tag(dh_slice body) {
    if (dh_slice_starts(body, DH_SLICE("\xEF\xBB\xBF"))) body = dh_slice_sub(body, 3, body.len);
    return dh_slice_starts(dh_slice_trim(dh_slice_sub(body, 0, 1024)), DH_SLICE("<"));
}

static dh_payload_kind look_at_answer(dh_slice block, dh_slice *type) {
    int version;
    long status;
    dh_slice head = dh_slice_sub(block, 0, dh_http_head_length(block));
    if (!dh_http_status(head, &version, &status) || status / 100 != 2) return DH_PAYLOAD_NONE;
    dh_slice body = dh_slice_sub(block, head.len, block.len);
    *type = dh_http_field(head, DH_SLICE("content-type"));
    bool page = type->len > 0 ? dh_payload_is_page(*type) : begins_with_tag(body);
    return page && body.len > 0 ? DH_PAYLOAD_HTML : DH_PAYLOAD_NONE;
}

dh_payload_kind dh_payload_look(const dh_warc_item *item, dh_slice *content_type) {
    dh_slice none = {NULL, 0}, *type = content_type != NULL ? content_type : &none;
    dh_slice said = dh_http_field(item->head, DH_SLICE("content-type"));
    *type = (dh_slice){NULL, 0};
    if (dh_slice_eq_nocase(item->type, DH_SLICE("response"))) {
        if (dh_slice_starts(item->block, DH_SLICE("HTTP/")))
            return look_at_answer(item->block, type);
        *type = said;
        return dh_payload_is_page(said) ? DH_PAYLOAD_HTML : DH_PAYLOAD_NONE;
    }
    bool conversion = dh_slice_eq_nocase(item->type, DH_SLICE("conversion"));
    if (!conversion && !dh_slice_eq_nocase(item->type, DH_SLICE("resource")))
        return DH_PAYLOAD_NONE;
    *type = said;
    if (dh_payload_is_page(said)) return DH_PAYLOAD_HTML;
    bool text = conversion && dh_slice_starts_nocase(said, DH_SLICE("text/plain"));
    return text ? DH_PAYLOAD_TEXT : DH_PAYLOAD_NONE;
}

/* Some writers took the chunks out and left the header as it was: what is not chunked is taken as it is. */
static dh_status unchunk(dh_slice *body, dh_buf *room, bool *torn, dh_error *error) {
    dh_chunked chunked = {0};
    bool good = dh_chunked_put(&chunked, *body, room);
    if (room->failed) return dh_error_set(error, DH_ERR_MEMORY, "warc", 0, "out of memory");
    if (!good && room->len == 0) return DH_OK;
    *torn = !chunked.ended;
    *body = dh_buf_slice(room);
    return DH_OK;
}

static dh_status decode(dh_slice head, dh_slice body, uint64_t max, dh_buf *out, bool *torn,
                        dh_error *error) {
    dh_buf coding = {0};
    dh_content_decoder d;
    size_t before = out->len;
    dh_content_init(&d, out, before + max, UINT32_MAX);
    dh_http_fields(head, DH_SLICE("content-encoding"), &coding);
    dh_status status = dh_content_begin(&d, dh_buf_slice(&coding), error);
    if (status == DH_OK) status = dh_content_put(&d, body, error);
    /* Too long: cut. Damaged: as far as it goes. */
    if (status == DH_ERR_LIMIT) out->len = before + max;
    if (status != DH_ERR_LIMIT && !dh_content_is_whole(&d)) *torn = true;
    if (status == DH_ERR_LIMIT || (status == DH_ERR_NET && out->len > before)) status = DH_OK;
    dh_content_release(&d);
    dh_buf_release(&coding);
    return status;
}

dh_status dh_payload_take(dh_slice block, uint64_t max, dh_buf *out, bool *torn, dh_error *error) {
    size_t length = dh_slice_starts(block, DH_SLICE("HTTP/")) ? dh_http_head_length(block) : 0;
    dh_slice head = dh_slice_sub(block, 0, length);
    dh_slice body = dh_slice_sub(block, length, block.len);
    dh_buf room = {0};
    dh_status status = DH_OK;
    *torn = false;
    if (dh_http_is_chunked(head)) status = unchunk(&body, &room, torn, error);
    if (status == DH_OK) status = decode(head, body, max, out, torn, error);
    dh_buf_release(&room);
    return status;
}
