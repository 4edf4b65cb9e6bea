/* SPDX-License-Identifier: Apache-2.0 */
/* sink: where articles go: stdout, one file for all, or a folder with a file each. Files appear whole
 * or not at all. One thread. */
#ifndef DH_CLI_SINK_H
#define DH_CLI_SINK_H

#include "base/io.h"
#include "cli/talk.h"

typedef enum dh_sink_kind { DH_SINK_STDOUT, DH_SINK_FILE, DH_SINK_FOLDER } dh_sink_kind;

typedef struct dh_sink {
    dh_sink_kind kind;
    const char *path; /* file or folder */
    bool replace;
    bool headers;    /* documents of a stream are told apart by a line with their name */
    dh_buf buffer;   /* heap: not written yet; of a folder: a path */
    dh_io_file file; /* FILE: the one; FOLDER: the stream that is open */
    bool file_open;
    uint32_t documents;
    dh_buf last_folder; /* heap: made or found already */
    /* What ends the run. */
    bool pipe_closed; /* nobody reads stdout any more */
    bool failed;      /* has been told */
} dh_sink;

/* path NULL: stdout. DH_ERR_IO: the file exists, the folder cannot be made. */
dh_status dh_sink_open(dh_sink *sink, dh_sink_kind kind, const char *path, bool replace,
                       dh_error *error);
/* Whether no more can be written. */
bool dh_sink_ended(const dh_sink *sink);
/* A document to the stream (STDOUT, FILE). name is for the header. */
void dh_sink_put(dh_sink *sink, dh_talk *talk, const char *name, dh_slice document);
/* Writes out what is held back. */
void dh_sink_flush(dh_sink *sink, dh_talk *talk);

/* FOLDER: */
bool dh_sink_has(dh_sink *sink, const char *relative);
/* Path of a relative name below the folder; good until the next call. */
const char *dh_sink_path(dh_sink *sink, const char *relative);
/* Folders on the way are made. */
dh_status dh_sink_write(dh_sink *sink, const char *relative, dh_slice document, dh_error *error);
/* The same for a document in pieces, put by dh_sink_piece and ended by dh_sink_end. */
dh_status dh_sink_begin(dh_sink *sink, const char *relative, dh_error *error);
dh_status dh_sink_piece(dh_sink *sink, dh_slice piece, dh_error *error);
dh_status dh_sink_end(dh_sink *sink, bool keep, dh_error *error);

/* Flushes and closes; keep: whether a file that is being written is to appear. */
void dh_sink_close(dh_sink *sink, dh_talk *talk, bool keep);

#endif
