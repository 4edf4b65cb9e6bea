/* SPDX-License-Identifier: Apache-2.0 */
/* warc_read: the records of a WARC file, 1.0 and 1.1, of whatever writer: plain, a gzip member or zstd frame
 * per record, or compressed as a whole. A damaged record is told and passed over. */
#ifndef DH_ARCHIVE_WARC_READ_H
#define DH_ARCHIVE_WARC_READ_H

#include "archive/source.h"

typedef struct dh_warc_reader dh_warc_reader; /* one thread */

typedef struct dh_warc_reader_options {
    uint64_t max_block; /* bytes of a block that are kept; 0: none is */
    dh_source_options source;
} dh_warc_reader_options;

/* Good until the next call. */
typedef struct dh_warc_item {
    dh_slice head; /* version line and fields: see dh_http_field */
    dh_slice type; /* "response" */
    dh_slice url;  /* WARC-Target-URI, without the <> that some writers put around it */
    dh_slice date; /* WARC-Date */
    dh_slice block;
    bool cut;        /* the block is longer than max_block */
    bool closed;     /* the two empty lines stand behind the block, as they must */
    uint64_t length; /* of the block */
    uint64_t offset; /* in the file; of the member that holds it, when packed */
    uint64_t stored; /* bytes in the file; 0: not known (compressed as a whole) */
} dh_warc_item;

/* name "-" is stdin. As dh_source_new; DH_ERR_TYPE: it does not begin as a WARC file does (nor is it empty). */
dh_status dh_warc_reader_new(const char *name, const dh_warc_reader_options *options,
                             dh_warc_reader **out, dh_error *error);
void dh_warc_reader_free(dh_warc_reader *reader);
/* The next record. DH_ERR_EMPTY: there is none. DH_ERR_SYNTAX: a damaged one at error->offset has been passed
 * over; the next call goes on behind it. DH_ERR_IO, DH_ERR_MEMORY, DH_ERR_INTERRUPTED. */
dh_status dh_warc_next(dh_warc_reader *reader, dh_warc_item *item, dh_error *error);
dh_coding dh_warc_reader_coding(const dh_warc_reader *reader);
/* Bytes of the file that have been read. */
uint64_t dh_warc_reader_read(const dh_warc_reader *reader);

#endif
