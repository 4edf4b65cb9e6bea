/* SPDX-License-Identifier: Apache-2.0 */
/* marker: what a shard holds, as the file shards/NAME.json says: written when the shard's files are whole and on
 * the disk, and only then. A shard without one is not there. */
#ifndef DH_CORPUS_MARKER_H
#define DH_CORPUS_MARKER_H

#include "archive/digest.h"
#include "corpus/tally.h"

/* An input that the shard's unit was made from. */
typedef struct dh_marker_input {
    dh_slice name;
    uint64_t bytes;
    dh_slice sha256; /* "sha256:..."; empty for what cannot be read twice */
} dh_marker_input;

/* A file of documents. */
typedef struct dh_marker_file {
    uint64_t documents;
    uint64_t bytes;              /* of the stream, not packed */
    uint64_t stored;             /* of the file */
    char sha256[DH_DIGEST_SIZE]; /* of the stream */
} dh_marker_file;

/* By what documents are counted. */
#define DH_COUNTS(X) X(reasons) X(languages) X(hosts) X(rules)

typedef struct dh_marker {
    dh_slice name;        /* "00003-0001" */
    dh_slice ending;      /* of its files: ".jsonl.zst" */
    dh_slice first;       /* name of the unit's first input: what shards are sorted by */
    uint64_t unit, piece; /* numbers of the unit among all, and of the shard in it, from 0 */
    bool last;            /* the unit is done with it */
    uint64_t documents;   /* of the input: kept, rejected and failed */
    uint64_t fates[DH_FATE_COUNT];
    uint64_t left_out;     /* records of archives that are no pages */
    uint64_t input_bytes;  /* of the documents' pages */
    uint64_t chars, words; /* of the kept texts */
#define X(name) dh_tally name;
    DH_COUNTS(X)
#undef X
    uint64_t lines_removed; /* by site memory, of the kept texts */
    uint64_t thinned;       /* documents that lines were removed from, kept ones */
    dh_marker_file kept, rest;      /* data/NAME, rejected/NAME: the rejected and the failed */
    dh_marker_file lines;           /* lines/NAME; sha256 "": there is none */
    DH_VEC(dh_marker_input) inputs; /* only in a unit's last shard */
} dh_marker;

void dh_marker_init(dh_marker *marker, dh_arena *arena);
/* An object on many lines; counts are sorted. */
void dh_marker_put(dh_marker *marker, dh_buf *out);
/* The counts of a sum over shards alone; sum->last says whether they are all. */
void dh_marker_put_counts(dh_marker *sum, uint64_t shards, dh_buf *out);
/* In arena, which is guarded. DH_ERR_SYNTAX. */
dh_status dh_marker_parse(dh_marker *marker, dh_slice text, dh_arena *arena, dh_error *error);
/* Adds the counts of other, its files' too; digests and inputs are left alone. */
void dh_marker_add(dh_marker *marker, const dh_marker *other);

#endif
