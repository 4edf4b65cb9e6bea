/* SPDX-License-Identifier: Apache-2.0 */
/* stream: compressed bytes undone step by step: gzip of several members, zlib and bare deflate, zstd of
 * several frames, brotli. What was compressed whole is told from what breaks off. */
#ifndef DH_ARCHIVE_STREAM_H
#define DH_ARCHIVE_STREAM_H

#include "base/slice.h"
#include "base/status.h"

typedef enum dh_coding {
    DH_CODING_NONE,
    DH_CODING_GZIP,
    DH_CODING_DEFLATE, /* zlib's format (RFC 1950), or bare (RFC 1951) */
    DH_CODING_ZSTD,
    DH_CODING_BROTLI
} dh_coding;

typedef struct dh_stream dh_stream; /* a decoder on the heap */

/* How far a zstd frame may refer back, as a power of two: what a decoder has to hold in memory. */
enum {
    DH_WINDOW_HTTP = 23, /* 8 MiB: the most a server may ask for (RFC 9659) */
    DH_WINDOW_FILE = 27  /* 128 MiB: what the zstd program takes without being told */
};

/* DEFLATE looks at the first two bytes, which must come together, to tell its two kinds apart.
 * DH_ERR_MEMORY. */
dh_status dh_stream_new(dh_coding coding, int window_log, dh_stream **out, dh_error *error);
void dh_stream_free(dh_stream *stream);
/* Back to the beginning of a member, keeps the memory. */
void dh_stream_reset(dh_stream *stream);
/* zstd: what the frames refer to; copied. False when it is none, or memory is out. */
bool dh_stream_set_dictionary(dh_stream *stream, dh_slice dictionary);

typedef enum dh_step {
    DH_STEP_MORE, /* *in is used up, or room is; go on with more of either */
    DH_STEP_END,  /* a member (frame, stream) is at its end; what is left in *in comes after it */
    DH_STEP_BAD,  /* damaged */
    DH_STEP_MEMORY
} dh_step;

/* Decodes from *in, which moves on, into out[0..room); *made: how much of it was filled. After
 * DH_STEP_END the next step begins another member; after DH_STEP_BAD only a reset helps. MORE with *in not
 * empty and *made < room does not happen. */
dh_step dh_stream_step(dh_stream *stream, dh_slice *in, char *out, size_t room, size_t *made);
/* Whether a member has begun and not ended. */
bool dh_stream_is_open(const dh_stream *stream);

#endif
