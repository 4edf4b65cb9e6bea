/* SPDX-License-Identifier: Apache-2.0 */
/* response: what came of one request: the bytes as they were on the wire, for the archive, and the
 * content they stand for, for the reader. */
#ifndef DH_NET_RESPONSE_H
#define DH_NET_RESPONSE_H

#include "base/buf.h"
#include "net/address.h"
#include "net/fault.h"

/* Everything on the heap and owned by it; ended by dh_response_free. Whatever came before a fault is
 * there. */
typedef struct dh_response {
    void *data; /* the request's */
    dh_fault fault;
    char message[512]; /* what was wrong, for people; "" without a fault */
    char *url;         /* as asked for: in the standard's form (net/canon.h), without a fragment */
    int version;       /* 10, 11, 20 ...; 0: no answer */
    long status;       /* 0: no answer */
    dh_buf request;    /* head as sent; HTTP/2's in the form of HTTP/1.1 */
    dh_buf head;       /* of the final answer, with the empty line behind it; HTTP/2's as above */
    dh_buf wire;       /* body as received: with chunks (HTTP/1.1) and compressed */
    dh_buf unchunked;  /* the same without chunks, when is_chunked */
    dh_buf body;       /* decoded */
    bool is_chunked;
    bool is_whole; /* all that the server meant to send came, whatever it is */
    dh_address remote; /* family 0: no connection */
    bool is_public;    /* remote is */
    bool reused;       /* of a connection */
    int64_t begun_ms;  /* by the clock */
    int64_t connect_ms, first_byte_ms, total_ms; /* since then; 0 when it did not come to it */
} dh_response;

void dh_response_free(dh_response *response);
/* Value of a header field; ptr NULL when it is absent. */
dh_slice dh_response_field(const dh_response *response, dh_slice name);
/* The payload: body without chunks, still compressed (WARC's sense of the word). */
dh_slice dh_response_payload(const dh_response *response);
/* Whether it sends elsewhere (301, 302, 303, 307, 308 with a Location). */
bool dh_response_is_redirect(const dh_response *response);
/* Where to, absolute and in the standard's form (net/canon.h), without a fragment; appended to out, which
 * then is a C string. False when Location is no address, or none of http and https. */
bool dh_response_target(const dh_response *response, dh_buf *out);

#endif
