/* SPDX-License-Identifier: Apache-2.0 */
/* source: the bytes of a file or pipe, unpacked as they are read when it is gzip or zstd (told by its first
 * bytes, not its name), in a window that moves over them. Knows where members begin, and finds the next whole
 * one behind a damaged one. Memory does not grow with the file. */
#ifndef DH_ARCHIVE_SOURCE_H
#define DH_ARCHIVE_SOURCE_H

#include "archive/stream.h"
#include "base/buf.h"

typedef struct dh_source dh_source; /* one thread */

typedef struct dh_source_options {
    /* Called before each read of what may have to be waited for; false: interrupted. May be NULL. */
    bool (*wait)(void *data, int fd);
    void *data;
    dh_slice front; /* what was read of it already */
} dh_source_options;

/* name "-" is stdin. options may be NULL. DH_ERR_IO, DH_ERR_MEMORY, DH_ERR_INTERRUPTED; DH_ERR_SYNTAX for a
 * zstd dictionary that is none. */
dh_status dh_source_new(const char *name, const dh_source_options *options, dh_source **out,
                        dh_error *error);
void dh_source_free(dh_source *source);
/* NONE when it is not packed. */
dh_coding dh_source_coding(const dh_source *source);

/* The bytes that are there and not taken; good until the next call. */
dh_slice dh_source_window(const dh_source *source);
void dh_source_take(dh_source *source, size_t count);

typedef enum dh_fill {
    DH_FILL_MORE, /* more bytes are in the window, or a member ended */
    DH_FILL_END,  /* the end, whole */
    DH_FILL_TORN, /* the end, in the midst of a member */
    DH_FILL_BAD,  /* damaged; dh_source_resync goes on behind it */
    DH_FILL_ERROR /* *error says what: DH_ERR_IO, DH_ERR_MEMORY, DH_ERR_INTERRUPTED */
} dh_fill;

/* Reads on. */
dh_fill dh_source_fill(dh_source *source, dh_error *error);
/* Unpacked bytes taken so far. */
uint64_t dh_source_position(const dh_source *source);
/* Whether a member begins (or the file ends) `ahead` bytes into the window, as far as it is known; *offset is
 * then its place in the file. Always in what is not packed. */
bool dh_source_is_start(const dh_source *source, size_t ahead, uint64_t *offset);
/* Place in the file of the byte at hand; of its member when packed. */
uint64_t dh_source_offset(const dh_source *source);
/* Bytes read from the file. */
uint64_t dh_source_read(const dh_source *source);
/* Goes to the next member behind the start of the present one that unpacks to bytes that begin with mark. A
 * pipe is looked through only from where it has been read to. END when there is none. */
dh_fill dh_source_resync(dh_source *source, dh_slice mark, dh_error *error);

#endif
