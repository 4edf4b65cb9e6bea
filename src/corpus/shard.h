/* SPDX-License-Identifier: Apache-2.0 */
/* shard: documents in their order, into two files: data/NAME.jsonl.zst (kept) and rejected/NAME.jsonl.zst (the
 * others), with the marker shards/NAME.json; on demand the keys of their lines into a third, lines/NAME.jsonl.zst. All of it appears or nothing: files are written beside their names,
 * synced and renamed, and the marker comes last. */
#ifndef DH_CORPUS_SHARD_H
#define DH_CORPUS_SHARD_H

#include "archive/stream.h"
#include "corpus/document.h"
#include "corpus/marker.h"

typedef struct dh_shard dh_shard; /* one thread */

typedef struct dh_shard_options {
    const char *folder;
    dh_coding coding; /* NONE, GZIP, ZSTD */
    const char *first;
    uint64_t unit, piece;
    bool lines; /* lines/ too */
} dh_shard_options;

/* Folders are made. DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_shard_open(const dh_shard_options *options, dh_shard **out, dh_error *error);
/* input_bytes: of its page. On failure the shard can only be aborted. */
dh_status dh_shard_put(dh_shard *shard, const dh_document *document, uint64_t input_bytes,
                       dh_error *error);
/* Another input of the unit, for the marker; slices are copied. */
dh_status dh_shard_name_input(dh_shard *shard, const dh_marker_input *input, dh_error *error);
uint64_t dh_shard_documents(const dh_shard *shard);
/* Both free the shard. left_out: records of archives that were no documents, since the shard before. */
dh_status dh_shard_commit(dh_shard *shard, uint64_t left_out, bool last, dh_error *error);
void dh_shard_abort(dh_shard *shard);

/* ".jsonl.zst" */
const char *dh_shard_ending(dh_coding coding);
/* "00003-0001" */
enum { DH_SHARD_NAME_SIZE = 48 };
void dh_shard_name(uint64_t unit, uint64_t piece, char out[DH_SHARD_NAME_SIZE]);

#endif
