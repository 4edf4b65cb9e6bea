/* SPDX-License-Identifier: Apache-2.0 */
/* lines: a stream read by lines or to its end, from a file, a pipe or a terminal; waits for it in a
 * way that an interrupt ends. */
#ifndef DH_CLI_LINES_H
#define DH_CLI_LINES_H

#include "archive/stream.h"
#include "base/buf.h"

typedef struct dh_lines {
    int fd;
    dh_buf buf; /* heap; [at, buf.len) is not handed out yet */
    size_t at;
    bool end;
    uint64_t line;            /* number of the last one handed out, from 1 */
    uint64_t read;            /* bytes */
    void (*idle)(void *data); /* called before waiting for a slow stream; may be NULL */
    void *data;
    /* Of a file that may be packed. */
    bool unpack;       /* gzip or zstd, told by its first bytes, is to be undone; set before anything is read */
    dh_stream *stream; /* NULL: it is plain, or nothing was read */
    dh_buf raw;        /* heap; [raw_at, raw.len) is not unpacked yet */
    size_t raw_at;
    bool raw_end;
} dh_lines;

/* name "-" is stdin. */
dh_status dh_lines_open(dh_lines *lines, const char *name, dh_error *error);
void dh_lines_close(dh_lines *lines);
/* What has arrived, some bytes at least unless the stream is at its end. Stays there. */
dh_status dh_lines_peek(dh_lines *lines, dh_slice *seen, dh_error *error);
/* The next line without its LF or CR LF; good until the next call. DH_ERR_EMPTY at the end. Of a line
 * over max bytes the first max are given and *cut is set. DH_ERR_INTERRUPTED, DH_ERR_IO; DH_ERR_SYNTAX when what is packed is damaged or breaks off. */
dh_status dh_lines_next(dh_lines *lines, size_t max, dh_slice *line, bool *cut, dh_error *error);
/* Appends all the rest, at most max bytes, to out. */
dh_status dh_lines_rest(dh_lines *lines, size_t max, dh_buf *out, dh_error *error);

#endif
