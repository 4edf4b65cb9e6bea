/* SPDX-License-Identifier: Apache-2.0 */
/* warc_write: pages as evidence, in WARC 1.1 (ISO 28500:2017; iipc.github.io/warc-specifications), a gzip member
 * per record. What is synced stays: a file that a crash left torn is cut back to its last whole record
 * when it is opened again, and a write that fails leaves no piece of itself. */
#ifndef DH_ARCHIVE_WARC_WRITE_H
#define DH_ARCHIVE_WARC_WRITE_H

#include "archive/digest.h"
#include "base/buf.h"
#include "base/clock.h"

typedef struct dh_warc_writer dh_warc_writer; /* one thread */

typedef struct dh_warc_writer_options {
    const char
        *path; /* the file: ".warc.gz", or ".warc" without compression; NULL: files of a folder */
    const char *folder; /* exists; its files are PREFIX-20240515163208-00000.warc.gz */
    const char *prefix; /* NULL: "dehusk" */
    enum {
        DH_WARC_NEW,    /* path must not exist */
        DH_WARC_APPEND, /* goes on behind what is there; a folder always does */
        DH_WARC_REPLACE
    } mode;
    uint64_t max_bytes;     /* a folder's file is ended at this size; 0: 1 GB (10^9) */
    int64_t max_age_ms;     /* and this long after it was begun; 0: 24 h */
    const dh_clock *clock;  /* NULL: the system's */
    const char *software;   /* for the warcinfo record: "dehusk/0.1.0" */
    const char *user_agent; /* the same; NULL */
    const char *robots;     /* "obey", "ignore"; NULL */
} dh_warc_writer_options;

/* What stands where. */
typedef struct dh_warc_place {
    const char *file; /* name within the folder, or path; good until the writer's next call */
    uint64_t offset, length; /* of the response's record, as stored */
    char id[48];             /* "<urn:uuid:...>" */
    char payload_digest[DH_DIGEST_SIZE];
} dh_warc_place;

/* One request and what came of it. Slices are borrowed; an empty one is left out. */
typedef struct dh_warc_exchange {
    dh_slice url;
    int64_t date_ms;
    const char *ip;        /* NULL */
    const char *protocol;  /* "http/1.1", "h2"; NULL */
    dh_slice request;      /* head */
    dh_slice head, body;   /* of the answer; body with transfer and content coding */
    dh_slice payload;      /* body without transfer coding */
    const char *truncated; /* "length", "time", "disconnect", "unspecified"; NULL: whole */
    dh_slice metadata;     /* "name: value" lines (application/warc-fields), each with CR LF */
    /* The answer as a revisit of an earlier one: body is not stored. */
    enum { DH_WARC_FULL, DH_WARC_NOT_MODIFIED, DH_WARC_SAME_PAYLOAD } kind;
    dh_slice refers_to; /* record id of that one; empty when not known */
    dh_slice refers_to_url;
    dh_slice refers_to_date;   /* WARC-Date of that one */
    dh_slice refers_to_digest; /* NOT_MODIFIED: payload digest of that one */
} dh_warc_exchange;

/* DH_ERR_IO: exists, cannot be made, is being written by another process, is no WARC file. repaired (may be
 * NULL): how many bytes of a torn tail were cut off. */
dh_status dh_warc_writer_new(const dh_warc_writer_options *options, dh_warc_writer **out,
                             uint64_t *repaired, dh_error *error);
/* Writes the response (or revisit), request and metadata records, linked by WARC-Concurrent-To, all in one
 * file. On failure (DH_ERR_IO, DH_ERR_MEMORY) nothing of them is in the file, and another try may be made. */
dh_status dh_warc_put(dh_warc_writer *writer, const dh_warc_exchange *exchange,
                      dh_warc_place *place, dh_error *error);
/* Everything put so far is on the disk when it returns DH_OK. */
dh_status dh_warc_sync(dh_warc_writer *writer, dh_error *error);
/* Syncs, closes and frees; NULL is fine. */
dh_status dh_warc_writer_close(dh_warc_writer *writer, dh_error *error);

#endif
