/* SPDX-License-Identifier: Apache-2.0 */
/* fetch: one page for the cleaner: the transport, redirects, and what of it is a page at all. */
#ifndef DH_NET_FETCH_H
#define DH_NET_FETCH_H

#include "net/follow.h"

typedef struct dh_fetcher dh_fetcher; /* a transport and its connections; one thread */

typedef struct dh_fetch_options {
    const char *user_agent; /* NULL: "dehusk" */
    const char *proxy, *ca_file; /* as the transport has them */
    uint64_t max_bytes;     /* decoded; 0: 20 MiB */
    uint32_t max_ratio;     /* decoded to received bytes, above 1 MiB; 0: 100 */
    uint32_t timeout_ms;    /* one hop; 0: 30,000 */
    unsigned max_redirects; /* 0: 10 */
    bool allow_private;     /* also where a public host sends to an address that is not; see follow.h */
    bool (*cancel)(void *data); /* asked some times a second; true ends the transfer. May be NULL */
    void *cancel_data;
} dh_fetch_options;

typedef struct dh_fetched {
    dh_buf body;        /* decoded content, heap; release with dh_fetched_release */
    char *url;          /* final address */
    char *content_type; /* header as sent, "" when absent */
    long status;
    bool truncated; /* the transfer ended early (Content-Length or compressed stream incomplete) */
} dh_fetched;

dh_status dh_fetcher_new(const dh_fetch_options *options, dh_fetcher **out, dh_error *error);
void dh_fetcher_free(dh_fetcher *fetcher);
/* GET. An address in the network at hand is fetched when it is the one that is asked for, not when a
 * public host sends there. DH_ERR_TYPE for a Content-Type that is no page's, DH_ERR_INTERRUPTED when
 * cancelled. *out is set in any case. A status other than 2xx, a body over a limit, DNS, TLS ... failures:
 * DH_ERR_NET or DH_ERR_LIMIT or DH_ERR_TIME with what was wrong and what to do in the message. */
dh_status dh_fetch(dh_fetcher *fetcher, const char *url, dh_fetched *out, dh_error *error);
/* The same with headers, "Name: value", in place of those sent by default; they go to the server of url, not
 * to where it may send on. */
dh_status dh_fetch_with(dh_fetcher *fetcher, const char *url, const char *const *headers,
                        size_t header_count, dh_fetched *out, dh_error *error);
void dh_fetched_release(dh_fetched *fetched);
/* " (not found)": what a status other than 2xx means, or "". Static. */
const char *dh_status_words(long status);

#endif
