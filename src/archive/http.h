/* SPDX-License-Identifier: Apache-2.0 */
/* http: an HTTP message's head as bytes (RFC 9112): its first line and fields, and the chunked transfer
 * coding undone. Reads what servers and archives hold, leniently; writes nothing. */
#ifndef DH_ARCHIVE_HTTP_H
#define DH_ARCHIVE_HTTP_H

#include "base/buf.h"

/* Length of the head that bytes begin with, with the empty line behind it; 0 when it has no end. */
size_t dh_http_head_length(dh_slice bytes);
/* "HTTP/1.1 200 OK" -> 11, 200; "HTTP/2 200" -> 20. False when head does not begin so. */
bool dh_http_status(dh_slice head, int *version, long *status);
/* Takes the next field off *rest, which begins as a head (its first line is passed over when it is
 * no field). Values are trimmed; a folded line stays in its value as it is. False at the end. */
bool dh_http_next(dh_slice *rest, dh_slice *name, dh_slice *value);
/* Value of the first field of that name; ptr NULL when there is none. */
dh_slice dh_http_field(dh_slice head, dh_slice name);
/* The values of all fields of that name, ", " between them, appended to out. */
void dh_http_fields(dh_slice head, dh_slice name, dh_buf *out);
/* Whether the last transfer coding is chunked. */
bool dh_http_is_chunked(dh_slice head);

/* Begins as zeros. */
typedef struct dh_chunked {
    int state;
    uint64_t left; /* of the chunk, or its size so far */
    bool ended;    /* the last chunk and the trailer are through */
    bool bad;      /* it is no chunked coding */
} dh_chunked;

/* Appends the content of the next piece to out. False when malformed, or when out takes no more. */
bool dh_chunked_put(dh_chunked *chunked, dh_slice bytes, dh_buf *out);

#endif
