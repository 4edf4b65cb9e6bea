/* SPDX-License-Identifier: Apache-2.0 */
/* transfer: what arrives of one response, until it is over or too much. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "net/transport_private.h"

size_t dh_transfer_fail(dh_transfer *t, dh_fault fault, const char *format, ...) {
    if (t->fault != DH_FAULT_NONE) return 0;
    t->fault = fault;
    va_list args;
    va_start(args, format);
    vsnprintf(t->response->message, sizeof t->response->message, format, args);
    va_end(args);
    return 0;
}

static size_t no_memory(dh_transfer *t) {
    return dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
}

/* HTTP/2 has no such line; libcurl writes one, which is put as the archive's readers know it. */
static bool put_status_line(dh_response *r, dh_slice line) {
    dh_slice rest = line;
    if (r->version < 20) return dh_buf_put_slice(&r->head, line);
    dh_slice_token(&rest);
    dh_buf_puts(&r->head, "HTTP/1.1");
    return dh_buf_put_slice(&r->head, rest);
}

/* Content-Length: several that differ are an attack on whoever reads one of them. */
static bool lengths_agree(dh_slice head, bool *has, uint64_t *length) {
    dh_slice name, value;
    *has = false;
    while (dh_http_next(&head, &name, &value)) {
        uint64_t number;
        if (!dh_slice_eq_nocase(name, DH_SLICE("content-length"))) continue;
        if (!dh_slice_to_u64(value, &number)) continue;
        if (*has && number != *length) return false;
        *has = true;
        *length = number;
    }
    return true;
}

static size_t end_head(dh_transfer *t) {
    dh_response *r = t->response;
    dh_slice head = dh_buf_slice(&r->head);
    bool has_length;
    uint64_t length = 0;
    t->head_whole = true;
    if (!lengths_agree(head, &has_length, &length))
        return dh_transfer_fail(t, DH_FAULT_HEADER, "the server sends two different lengths");
    r->is_chunked = r->version < 20 && dh_http_is_chunked(head);
    if (t->request.accept != NULL && !t->request.accept(t->request.data, r))
        return dh_transfer_fail(t, DH_FAULT_UNWANTED, "%s", dh_fault_of(DH_FAULT_UNWANTED)->text);
    if (has_length && !r->is_chunked && length > t->request.max_wire)
        return dh_transfer_fail(t, DH_FAULT_TOO_LARGE, "larger than %" PRIu64 " bytes",
                                t->request.max_wire);
    return 1;
}

size_t dh_transfer_take_head(char *bytes, size_t size, size_t count, void *data) {
    dh_transfer *t = data;
    dh_response *r = t->response;
    dh_slice line = dh_slice_make(bytes, size * count);
    if (dh_slice_starts(line, DH_SLICE("HTTP/"))) { /* after a 1xx, or the first */
        dh_buf_reset(&r->head);
        t->head_whole = false;
        if (!dh_http_status(line, &r->version, &r->status))
            return dh_transfer_fail(t, DH_FAULT_PROTOCOL, "the server does not speak HTTP");
        return put_status_line(r, line) ? line.len : no_memory(t);
    }
    if (t->head_whole) return line.len; /* a trailer; a chunked body holds it anyway */
    if (r->head.len + line.len > t->request.max_head)
        return dh_transfer_fail(t, DH_FAULT_HEADER, "its header is larger than %u bytes",
                                t->request.max_head);
    if (!dh_buf_put_slice(&r->head, line)) return no_memory(t);
    bool is_last = dh_slice_trim(line).len == 0;
    return !is_last || r->status < 200 || end_head(t) ? line.len : 0;
}

static bool begin_content(dh_transfer *t) {
    dh_response *r = t->response;
    dh_buf coding = {0};
    dh_error error = {0};
    t->decoding = true;
    dh_content_init(&t->content, &r->body, t->request.max_body, t->request.max_ratio);
    dh_http_fields(dh_buf_slice(&r->head), DH_SLICE("content-encoding"), &coding);
    bool known = !coding.failed;
    if (known && dh_content_begin(&t->content, dh_buf_slice(&coding), &error) != DH_OK) {
        t->undecodable = true;
        snprintf(r->message, sizeof r->message, "%s", error.message);
    }
    dh_buf_release(&coding);
    return known;
}

/* What cannot be decoded is no reason to stop: the bytes as they are go into the archive. */
static size_t decode(dh_transfer *t, dh_slice piece) {
    dh_response *r = t->response;
    dh_error error = {0};
    if (!t->decoding && !begin_content(t)) return no_memory(t);
    if (t->undecodable) return 1;
    dh_status status = dh_content_put(&t->content, piece, &error);
    if (status == DH_OK) return 1;
    if (status == DH_ERR_MEMORY) return no_memory(t);
    if (status == DH_ERR_LIMIT) return dh_transfer_fail(t, DH_FAULT_TOO_LARGE, "%s", error.message);
    t->undecodable = true;
    snprintf(r->message, sizeof r->message, "%s", error.message);
    return 1;
}

size_t dh_transfer_take_body(char *bytes, size_t size, size_t count, void *data) {
    dh_transfer *t = data;
    dh_response *r = t->response;
    dh_slice all = dh_slice_make(bytes, size * count), piece = all;
    if (t->fault != DH_FAULT_NONE) return 0;
    if (r->wire.len + all.len > t->request.max_wire) {
        dh_buf_put_slice(&r->wire, dh_slice_sub(all, 0, (size_t)t->request.max_wire - r->wire.len));
        return dh_transfer_fail(t, DH_FAULT_TOO_LARGE, "larger than %" PRIu64 " bytes",
                                t->request.max_wire);
    }
    if (!dh_buf_put_slice(&r->wire, all)) return no_memory(t);
    if (r->is_chunked) {
        size_t before = r->unchunked.len;
        if (!dh_chunked_put(&t->chunked, all, &r->unchunked))
            return t->chunked.bad
                       ? dh_transfer_fail(t, DH_FAULT_PROTOCOL, "its chunks are malformed")
                       : no_memory(t);
        piece = dh_slice_sub(dh_buf_slice(&r->unchunked), before, r->unchunked.len);
    }
    return decode(t, piece) ? all.len : 0;
}

int dh_transfer_take_sent(CURL *easy, curl_infotype type, char *bytes, size_t len, void *data) {
    dh_transfer *t = data;
    dh_buf *out = &t->response->request;
    (void)easy;
    if (type != CURLINFO_HEADER_OUT) return 0;
    dh_slice rest = dh_slice_make(bytes, len), line = dh_slice_cut(&rest, '\n');
    static const dh_slice http2 = DH_SLICE_INIT(" HTTP/2\r");
    dh_buf_reset(out); /* of a request that is sent again only the last */
    if (dh_slice_ends(line, http2)) {
        dh_buf_put_slice(out, dh_slice_sub(line, 0, line.len - http2.len));
        dh_buf_puts(out, " HTTP/1.1\r\n");
        dh_buf_put_slice(out, rest);
    } else {
        dh_buf_put(out, bytes, len);
    }
    return 0;
}

/* What most of libcurl's codes mean to the one who asked. text NULL: the fault's own. */
static const struct {
    CURLcode code;
    dh_fault fault;
    const char *text;
} meanings[] = {
    {CURLE_URL_MALFORMAT, DH_FAULT_URL, NULL},
    {CURLE_COULDNT_RESOLVE_HOST, DH_FAULT_DNS, NULL},
    {CURLE_COULDNT_RESOLVE_PROXY, DH_FAULT_DNS, "the proxy's name is not known (DNS)"},
    {CURLE_COULDNT_CONNECT, DH_FAULT_REFUSED, NULL},
    {CURLE_PEER_FAILED_VERIFICATION, DH_FAULT_TLS, "the server's certificate does not hold (TLS)"},
    {CURLE_SSL_CONNECT_ERROR, DH_FAULT_TLS, NULL},
    {CURLE_SSL_CACERT_BADFILE, DH_FAULT_TLS, "the file of authorities cannot be read (TLS)"},
    {CURLE_GOT_NOTHING, DH_FAULT_SILENT, NULL},
    {CURLE_OPERATION_TIMEDOUT, DH_FAULT_TIMEOUT, NULL},
    {CURLE_PARTIAL_FILE, DH_FAULT_TRUNCATED, NULL},
    {CURLE_RECV_ERROR, DH_FAULT_RESET, NULL},
    {CURLE_SEND_ERROR, DH_FAULT_RESET, NULL},
    {CURLE_UNSUPPORTED_PROTOCOL, DH_FAULT_PROTOCOL, "the server speaks HTTP/0.9"},
    {CURLE_WEIRD_SERVER_REPLY, DH_FAULT_PROTOCOL, NULL},
    {CURLE_HTTP2, DH_FAULT_PROTOCOL, "the server breaks HTTP/2"},
    {CURLE_HTTP2_STREAM, DH_FAULT_RESET, NULL},
    {CURLE_ABORTED_BY_CALLBACK, DH_FAULT_STOPPED, NULL},
};

enum { CODE_TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, new in 8.6 */

/* libcurl's codes that say less than is known. */
static dh_fault sharpen(const dh_transfer *t, CURLcode code, dh_fault fault) {
    long number = 0;
    curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &number);
    if (t->blocked && (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK))
        return DH_FAULT_BLOCKED;
    if (code == CURLE_COULDNT_CONNECT && (number == EHOSTUNREACH || number == ENETUNREACH))
        return DH_FAULT_UNREACHABLE;
    if (code == CURLE_OPERATION_TIMEDOUT && strstr(t->why, "too slow") != NULL)
        return DH_FAULT_SLOW;
    /* A header line over libcurl's own ceiling: "out of memory", or a failed receipt. */
    bool in_head = t->response->status != 0 && !t->head_whole;
    bool full = code == CURLE_OUT_OF_MEMORY || (code == CURLE_RECV_ERROR && number == 0) ||
                (int)code == CODE_TOO_LARGE;
    if (in_head && full) return DH_FAULT_HEADER;
    return fault;
}

static void by_code(dh_transfer *t, CURLcode code) {
    dh_fault fault = code == CURLE_OUT_OF_MEMORY ? DH_FAULT_MEMORY : DH_FAULT_OTHER;
    const char *text = NULL;
    char address[DH_ADDRESS_SIZE];
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].code != code) continue;
        fault = meanings[i].fault;
        text = meanings[i].text;
    }
    dh_fault sharper = sharpen(t, code, fault);
    if (sharper != fault) text = NULL;
    if (sharper == DH_FAULT_BLOCKED) {
        dh_transfer_fail(t, sharper, "its address %s is not a public one",
                         dh_address_print(&t->response->remote, address));
        return;
    }
    if (text == NULL) text = dh_fault_of(sharper)->text;
    bool add = sharper == DH_FAULT_OTHER || sharper == DH_FAULT_TLS;
    const char *why = t->why[0] != '\0' ? t->why : curl_easy_strerror(code);
    dh_transfer_fail(t, sharper, add ? "%s: %s" : "%s", text, why);
}

void dh_transfer_conclude(dh_transfer *t, CURLcode code) {
    dh_response *r = t->response;
    bool whole_content = !t->decoding || dh_content_is_whole(&t->content);
    if (t->fault == DH_FAULT_NONE && code != CURLE_OK) by_code(t, code);
    if (t->fault == DH_FAULT_NONE && t->undecodable) t->fault = DH_FAULT_ENCODING;
    if (t->fault == DH_FAULT_NONE && !whole_content)
        dh_transfer_fail(t, DH_FAULT_TRUNCATED, "its compressed content ends early");
    if (r->request.failed) dh_transfer_fail(t, DH_FAULT_MEMORY, "out of memory");
    r->fault = t->fault;
    r->is_whole = code == CURLE_OK;
    if (r->fault == DH_FAULT_NONE) r->message[0] = '\0';
}
