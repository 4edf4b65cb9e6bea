/* SPDX-License-Identifier: Apache-2.0 */
/* payload: what a record of an archive holds for a reader: the page in an HTTP answer, a resource, or text
 * that was extracted before. */
#ifndef DH_ARCHIVE_PAYLOAD_H
#define DH_ARCHIVE_PAYLOAD_H

#include "archive/warc_read.h"

typedef enum dh_payload_kind {
    DH_PAYLOAD_NONE, /* no page: a picture, a redirect, a request ... */
    DH_PAYLOAD_HTML,
    DH_PAYLOAD_TEXT /* a conversion record (WET) */
} dh_payload_kind;

/* What kind an item is, by its head and the head of the answer in it; nothing is decoded. content_type (may
 * be NULL) is the page's, "" when it is not said. */
dh_payload_kind dh_payload_look(const dh_warc_item *item, dh_slice *content_type);
/* Whether a media type, parameters or not, is that of a page; "" is not. */
bool dh_payload_is_page(dh_slice content_type);
/* The page in a block that begins with an HTTP head, else the block: chunks and codings undone, at most
 * max_bytes, appended to out. What breaks off is taken as far as it goes, and *torn set. DH_ERR_NET: it cannot
 * be decoded; DH_ERR_MEMORY. */
dh_status dh_payload_take(dh_slice block, uint64_t max_bytes, dh_buf *out, bool *torn,
                          dh_error *error);

#endif
