/* SPDX-License-Identifier: Apache-2.0 */
/* content: an HTTP body's Content-Encoding (RFC 9110, 8.4: gzip, deflate, br, zstd, identity) undone piece
 * by piece, under a ceiling for the size and for the ratio of decoded to received bytes. */
#ifndef DH_ARCHIVE_CONTENT_H
#define DH_ARCHIVE_CONTENT_H

#include "archive/stream.h"
#include "base/buf.h"

/* What Accept-Encoding may ask for. */
#define DH_CONTENT_ACCEPTED "gzip, deflate, br, zstd"

typedef struct dh_content_decoder {
    dh_buf *out; /* decoded bytes are appended */
    uint64_t max_bytes;
    uint32_t max_ratio; /* of what is above 1 MiB */
    uint64_t received;
    dh_coding coding;
    dh_stream *stream; /* NULL: not begun, or plain */
    bool ended;        /* the compressed stream is at its end */
    char head[4];      /* first bytes: what they are is known by these */
    size_t head_len;
} dh_content_decoder;

void dh_content_init(dh_content_decoder *decoder, dh_buf *out, uint64_t max_bytes,
                     uint32_t max_ratio);
/* coding: value of the header, empty for none. DH_ERR_NET for one that was not asked for, and for
 * several one upon the other. */
dh_status dh_content_begin(dh_content_decoder *decoder, dh_slice coding, dh_error *error);
/* DH_ERR_LIMIT over a ceiling, DH_ERR_NET when the bytes are damaged, DH_ERR_MEMORY. A body without
 * gzip's or zstd's mark is taken as it is, whatever its label; gzip and zstd may have several members; what
 * follows the compressed stream is ignored. */
dh_status dh_content_put(dh_content_decoder *decoder, dh_slice bytes, dh_error *error);
/* Whether what came so far is complete. */
bool dh_content_is_whole(const dh_content_decoder *decoder);
void dh_content_release(dh_content_decoder *decoder);

#endif
