/* SPDX-License-Identifier: Apache-2.0 */
#include "net/evidence.h"

#include <inttypes.h>
#include <stdio.h>

/* WARC-Truncated: why what is stored is not all that there was. NULL: it is. */
static const char *truncation(const dh_response *r) {
    if (r->is_whole) return NULL;
    switch (r->fault) {
    case DH_FAULT_TOO_LARGE:
        return "length";
    case DH_FAULT_TIMEOUT:
    case DH_FAULT_SLOW:
        return "time";
    case DH_FAULT_TRUNCATED:
    case DH_FAULT_RESET:
        return "disconnect";
    default:
        return "unspecified";
    }
}

void dh_evidence_add(dh_evidence *e, const char *name, dh_slice value) {
    dh_buf_printf(&e->metadata, "%s: ", name);
    for (size_t i = 0; i < value.len; i++) {
        bool is_control = (unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7F;
        dh_buf_putc(&e->metadata, is_control ? ' ' : value.ptr[i]);
    }
    dh_buf_puts(&e->metadata, "\r\n");
    e->exchange.metadata = dh_buf_slice(&e->metadata);
}

bool dh_evidence_take(dh_evidence *e, const dh_response *r) {
    if (r->status == 0 || r->head.len == 0) return false;
    char number[32];
    int len = snprintf(number, sizeof number, "%" PRId64, r->total_ms);
    dh_buf_reset(&e->metadata);
    dh_address_print(&r->remote, e->ip);
    e->exchange = (dh_warc_exchange){.url = dh_slice_cstr(r->url),
                                     .date_ms = r->begun_ms,
                                     .ip = e->ip,
                                     .protocol = r->version >= 20 ? "h2" : NULL,
                                     .request = dh_buf_slice(&r->request),
                                     .head = dh_buf_slice(&r->head),
                                     .body = dh_buf_slice(&r->wire),
                                     .payload = dh_response_payload(r),
                                     .truncated = truncation(r)};
    dh_evidence_add(e, "fetchTimeMs", dh_slice_make(number, (size_t)len));
    if (r->fault == DH_FAULT_NONE) return true;
    dh_evidence_add(e, "fault", dh_slice_cstr(dh_fault_of(r->fault)->word));
    dh_evidence_add(e, "faultMessage", dh_slice_cstr(r->message));
    return true;
}

void dh_evidence_release(dh_evidence *e) {
    dh_buf_release(&e->metadata);
    *e = (dh_evidence){0};
}
