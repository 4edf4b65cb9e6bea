/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch.h"

#include <stdlib.h>

#include "base/slice.h"

struct dh_fetcher {
    dh_transport *transport;
    dh_request request; /* but for the address */
    dh_follow_options follow;
};

static bool is_page_type(dh_slice type) {
    static const char *const types[] = {
        "",         "text/html",       "application/xhtml+xml",   "text/plain",
        "text/xml", "application/xml", "application/octet-stream"};
    dh_slice media = dh_slice_trim(dh_slice_cut(&type, ';'));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (dh_slice_eq_nocase(media, dh_slice_cstr(types[i]))) return true;
    return false;
}

/* The body of a redirect or an error is no page, but small: it is taken, and the connection kept. */
static bool accept_head(void *data, const dh_response *r) {
    (void)data;
    return r->status / 100 != 2 || is_page_type(dh_response_field(r, DH_SLICE("content-type")));
}

dh_status dh_fetcher_new(const dh_fetch_options *options, dh_fetcher **out, dh_error *error) {
    static const dh_fetch_options none = {0};
    const dh_fetch_options *o = options != NULL ? options : &none;
    *out = NULL;
    dh_fetcher *f = calloc(1, sizeof *f);
    if (f == NULL) return dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    dh_transport_options how = {.user_agent = o->user_agent,
                                .proxy = o->proxy,
                                .ca_file = o->ca_file,
                                .stop = o->cancel,
                                .stop_data = o->cancel_data};
    dh_status status = dh_transport_new(&how, &f->transport, error);
    if (status != DH_OK) {
        free(f);
        return status;
    }
    f->request = (dh_request){.max_body = o->max_bytes,
                              .max_ratio = o->max_ratio,
                              .timeout_ms = o->timeout_ms,
                              .allow_private = o->allow_private,
                              .accept = accept_head};
    f->follow = (dh_follow_options){.max_redirects = o->max_redirects, .private_start = true};
    *out = f;
    return DH_OK;
}

void dh_fetcher_free(dh_fetcher *fetcher) {
    if (fetcher == NULL) return;
    dh_transport_free(fetcher->transport);
    free(fetcher);
}

const char *dh_status_words(long status) {
    switch (status) {
    case 401:
        return " (login needed)";
    case 402:
        return " (payment needed)";
    case 403:
        return " (forbidden)";
    case 404:
        return " (not found)";
    case 410:
        return " (gone)";
    case 429:
        return " (too many requests: try later)";
    case 451:
        return " (withheld for legal reasons)";
    case 503:
        return " (out of service: try later)";
    default:
        return status >= 500 ? " (its error)" : "";
    }
}

static char *copy_slice(dh_slice s) {
    char *copy = malloc(s.len + 1);
    if (copy == NULL) return NULL;
    if (s.len > 0) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

/* Takes over what the caller gets of the response. */
static bool take(dh_response *r, dh_fetched *out) {
    out->status = r->status;
    out->url = r->url;
    r->url = NULL;
    out->content_type = copy_slice(dh_response_field(r, DH_SLICE("content-type")));
    out->body = r->body;
    r->body = (dh_buf){0};
    out->truncated = r->fault == DH_FAULT_TRUNCATED;
    return out->content_type != NULL;
}

static dh_status judge(const dh_response *r, const dh_fetched *out, dh_error *error) {
    const dh_fault_row *row = dh_fault_of(r->fault);
    /* A status that is no success says more than a body that broke off. */
    bool body_only = r->fault == DH_FAULT_NONE || r->fault == DH_FAULT_TRUNCATED ||
                     r->fault == DH_FAULT_ENCODING || r->fault == DH_FAULT_TOO_LARGE;
    if (body_only && r->status / 100 != 2)
        return dh_error_set(error, DH_ERR_NET, "fetch", 0, "the server answers %ld%s", r->status,
                            dh_status_words(r->status));
    if (r->fault == DH_FAULT_NONE || r->fault == DH_FAULT_TRUNCATED) return DH_OK;
    if (r->fault == DH_FAULT_UNWANTED)
        return dh_error_set(error, row->status, "fetch", 0, "it is %.100s, not a page",
                            out->content_type);
    if (r->fault == DH_FAULT_TIMEOUT)
        return dh_error_set(error, row->status, "fetch", 0,
                            "not there in time (--timeout allows more)");
    return dh_error_set(error, row->status, "fetch", 0, "%s", r->message);
}

dh_status dh_fetch(dh_fetcher *fetcher, const char *url, dh_fetched *out, dh_error *error) {
    return dh_fetch_with(fetcher, url, NULL, 0, out, error);
}

dh_status dh_fetch_with(dh_fetcher *fetcher, const char *url, const char *const *headers,
                        size_t header_count, dh_fetched *out, dh_error *error) {
    *out = (dh_fetched){0};
    dh_request request = fetcher->request;
    request.url = url;
    request.headers = headers;
    request.header_count = header_count;
    dh_response *r = dh_follow(fetcher->transport, &request, &fetcher->follow, error);
    if (r == NULL) return DH_ERR_MEMORY;
    bool taken = take(r, out);
    dh_status status = taken ? judge(r, out, error)
                             : dh_error_set(error, DH_ERR_MEMORY, "fetch", 0, "out of memory");
    dh_response_free(r);
    return status;
}

void dh_fetched_release(dh_fetched *fetched) {
    dh_buf_release(&fetched->body);
    free(fetched->url);
    free(fetched->content_type);
    *fetched = (dh_fetched){0};
}
