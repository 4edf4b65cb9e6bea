/* SPDX-License-Identifier: Apache-2.0 */
#include "net/response.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "archive/http.h"
#include "base/url.h"

void dh_response_free(dh_response *r) {
    if (r == NULL) return;
    free(r->url);
    dh_buf_release(&r->request);
    dh_buf_release(&r->head);
    dh_buf_release(&r->wire);
    dh_buf_release(&r->unchunked);
    dh_buf_release(&r->body);
    free(r);
}

dh_slice dh_response_field(const dh_response *r, dh_slice name) {
    return dh_http_field(dh_buf_slice(&r->head), name);
}

dh_slice dh_response_payload(const dh_response *r) {
    return dh_buf_slice(r->is_chunked ? &r->unchunked : &r->wire);
}

bool dh_response_is_redirect(const dh_response *r) {
    bool code = r->status == 301 || r->status == 302 || r->status == 303 || r->status == 307 ||
                r->status == 308;
    return code && dh_response_field(r, DH_SLICE("location")).len > 0;
}

bool dh_response_target(const dh_response *r, dh_buf *out) {
    dh_slice location = dh_response_field(r, DH_SLICE("location"));
    dh_buf reference = {0};
    char *target = NULL;
    CURLU *url = curl_url();
    dh_buf_put_slice(&reference, location);
    /* Two steps: the second resolves against the first. */
    bool good = url != NULL && curl_url_set(url, CURLUPART_URL, r->url, 0) == CURLUE_OK &&
                curl_url_set(url, CURLUPART_URL, dh_buf_cstr(&reference),
                             CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_URL, &target, 0) == CURLUE_OK &&
                dh_url_is_http(dh_slice_cstr(target));
    if (good) dh_buf_puts(out, target);
    curl_free(target);
    curl_url_cleanup(url);
    dh_buf_release(&reference);
    return good && dh_buf_cstr(out)[0] != '\0';
}
