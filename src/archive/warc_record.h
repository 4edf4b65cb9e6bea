/* SPDX-License-Identifier: Apache-2.0 */
/* warc_record: one record as bytes, and the records of an exchange. For warc_write.c, which puts them into
 * a file. */
#ifndef DH_ARCHIVE_WARC_RECORD_H
#define DH_ARCHIVE_WARC_RECORD_H

#include <zlib.h>

#include "archive/warc_write.h"

enum { DH_WARC_ID_SIZE = 48 };

/* Begins as zeros. */
typedef struct dh_warc_pen {
    bool plain;  /* no compression */
    dh_buf out;  /* heap: finished records */
    dh_buf text; /* heap: head of the record at hand */
    z_stream z;
    bool z_made;
} dh_warc_pen;

typedef struct dh_warc_head {
    const char *type, *id, *content_type;
    const char *ip, *protocol, *truncated, *profile,
        *file; /* NULL: left out, as empty slices are */
    const char *concurrent_to, *info_id, *payload_digest;
    int64_t date_ms;
    dh_slice url, refers_to, refers_to_url, refers_to_date;
    const dh_slice *block;
    size_t parts;
} dh_warc_head;

void dh_warc_pen_reset(dh_warc_pen *pen);
void dh_warc_pen_release(dh_warc_pen *pen);
/* "<urn:uuid:...>", random (RFC 4122, version 4). */
void dh_warc_new_id(char id[DH_WARC_ID_SIZE]);
/* The WARC-Record-ID of a record's head; "" when it is none. */
void dh_warc_copy_id(dh_slice head, char id[DH_WARC_ID_SIZE]);
/* Appends a record to pen->out. False when memory is out. */
bool dh_warc_pen_put(dh_warc_pen *pen, const dh_warc_head *head);
/* Appends the records of an exchange; fills in all of place but file and offset. */
bool dh_warc_pen_exchange(dh_warc_pen *pen, const dh_warc_exchange *exchange, const char *info_id,
                          dh_warc_place *place);

#endif
