/* SPDX-License-Identifier: Apache-2.0 */
#include "net/follow.h"

#include <stdio.h>

#include "base/url.h"

enum { POLL_MS = 1000 };

static dh_response *one_hop(dh_transport *transport, const dh_request *request, dh_error *error) {
    dh_response *r = NULL;
    if (dh_transport_start(transport, request, error) != DH_OK) return NULL;
    while (r == NULL) r = dh_transport_poll(transport, POLL_MS);
    return r;
}

static void refuse(dh_response *r, dh_fault fault, const char *text, unsigned number) {
    r->fault = fault;
    snprintf(r->message, sizeof r->message, "%s", text);
    if (fault == DH_FAULT_REDIRECTS)
        snprintf(r->message, sizeof r->message, "more than %u redirects", number);
}

dh_response *dh_follow(dh_transport *transport, const dh_request *request,
                       const dh_follow_options *options, dh_error *error) {
    unsigned max = options->max_redirects > 0 ? options->max_redirects : 10;
    dh_request now = *request;
    now.allow_private = request->allow_private || options->private_start;
    dh_buf url = {0};
    dh_response *r;
    for (unsigned hop = 0;; hop++) {
        r = one_hop(transport, &now, error);
        if (r == NULL) break;
        bool leads_on = r->fault == DH_FAULT_NONE && dh_response_is_redirect(r);
        dh_buf_reset(&url);
        if (leads_on && hop == max)
            refuse(r, DH_FAULT_REDIRECTS, "", max);
        else if (leads_on && !dh_response_target(r, &url) && url.failed)
            refuse(r, DH_FAULT_MEMORY, "out of memory", 0);
        else if (leads_on && url.len == 0)
            refuse(r, DH_FAULT_SCHEME,
                   "it is redirected to an address that is neither http nor https", 0);
        bool go_on = options->hop == NULL || options->hop(options->data, r);
        if (!leads_on || !go_on || r->fault != DH_FAULT_NONE) break;
        if (r->is_public) now.allow_private = request->allow_private;
        dh_response_free(r);
        now.url = dh_buf_cstr(&url);
        if (!dh_url_same_server(dh_slice_cstr(request->url), dh_slice_cstr(now.url)))
            now.header_count = 0; /* not for other eyes */
    }
    dh_buf_release(&url);
    return r;
}
