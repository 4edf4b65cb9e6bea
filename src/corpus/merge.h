/* SPDX-License-Identifier: Apache-2.0 */
/* merge: several corpora, or the parts that tasks made of one, into one, in an order that does not depend on how
 * they were cut or named. */
#ifndef DH_CORPUS_MERGE_H
#define DH_CORPUS_MERGE_H

#include "archive/stream.h"
#include "corpus/store.h"

typedef struct dh_merge_options {
    const char *folder; /* of the result */
    dh_coding coding;
    uint64_t shard_documents;                                   /* at most this many in a shard */
    enum { DH_MERGE_ALL, DH_MERGE_EXACT, DH_MERGE_NEAR } dedup; /* which duplicates are rejected */
    uint64_t
        paragraphs; /* those that this many documents have are kept once (paragraphs.h); 0: all are */
    bool site_memory;         /* lines that are boilerplate are removed (memory.h) */
    size_t memory;            /* see dedup.h */
    bool (*stop)(void *data); /* asked now and then; true ends it with DH_ERR_INTERRUPTED */
    void *data;
} dh_merge_options;

typedef struct dh_merge_result {
    char sha256[DH_DIGEST_SIZE]; /* of all kept lines, one after the other */
    uint64_t documents, kept, bytes;
} dh_merge_result;

/* stores: at least one; all of one arena, which is guarded. DH_ERR_USAGE: one is not whole (with the others that
 * have the same run.json), two disagree, or the folder holds another corpus. DH_ERR_SYNTAX: one is damaged. */
dh_status dh_merge(const dh_store *stores, uint32_t count, const dh_merge_options *options,
                   dh_merge_result *result, dh_error *error);

#endif
