/* SPDX-License-Identifier: Apache-2.0 */
/* follow: one page, redirects included: hop after hop on a transport that does nothing else meanwhile.
 * Scheme and address are looked at anew for each hop. */
#ifndef DH_NET_FOLLOW_H
#define DH_NET_FOLLOW_H

#include "net/transport.h"

typedef struct dh_follow_options {
    unsigned max_redirects; /* 0: 10 */
    /* What the user names may be in the network at hand; what a public host sends to may not. Of no
     * effect where request->allow_private is set. */
    bool private_start;
    /* Each hop's response, the last one too, in order; false ends the row there. May be NULL. */
    bool (*hop)(void *data, const dh_response *response);
    void *data;
} dh_follow_options;

/* The last response, never NULL unless memory is out; the caller frees it. Its fault is
 * DH_FAULT_REDIRECTS after too many, DH_FAULT_SCHEME where it sends to what is neither http nor https. */
dh_response *dh_follow(dh_transport *transport, const dh_request *request,
                       const dh_follow_options *options, dh_error *error);

#endif
