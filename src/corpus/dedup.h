/* SPDX-License-Identifier: Apache-2.0 */
/* dedup: which of a corpus's kept documents say the same. It is asked in passes over them, always in the same order:
 *   1. dh_dedup_add with each document's text; dh_dedup_cluster;
 *   2. when dh_dedup_needs_names says so, dh_dedup_name with each document's id; dh_dedup_choose;
 *   3. dh_dedup_next with each document's number.
 * Of documents that are linked, directly or over others, the one whose id is the smallest (by bytes) stays. So the
 * outcome does not depend on the order of the documents. Memory: 5 bytes a document and 64 MiB for each sort; the rest is
 * on the disk. */
#ifndef DH_CORPUS_DEDUP_H
#define DH_CORPUS_DEDUP_H

#include "base/arena.h"

typedef struct dh_dedup dh_dedup; /* one thread */

typedef struct dh_dedup_options {
    bool near;          /* near duplicates too (minhash.h) */
    const char *folder; /* for what is sorted */
    size_t memory;      /* of a sort; 0: 64 MiB */
} dh_dedup_options;

/* An id that is longer is cut, and has a hash of all of it at its end. */
enum { DH_DEDUP_ID = 64 };

typedef struct dh_dedup_verdict {
    enum {
        DH_DEDUP_ALONE,
        DH_DEDUP_CHOSEN, /* stands for `documents` in all */
        DH_DEDUP_SAME,   /* the text is another's, white space aside */
        DH_DEDUP_NEAR
    } kind;
    uint64_t documents;
    char id[DH_DEDUP_ID + 1]; /* of the one that stays */
} dh_dedup_verdict;

dh_status dh_dedup_new(const dh_dedup_options *options, dh_dedup **out, dh_error *error);
void dh_dedup_free(dh_dedup *dedup);
/* stands_for: how many documents it stands for already, 1 for itself alone. arena is guarded. */
dh_status dh_dedup_add(dh_dedup *dedup, dh_slice id, uint64_t stands_for, dh_slice text,
                       dh_arena *arena, dh_error *error);
dh_status dh_dedup_cluster(dh_dedup *dedup, dh_error *error);
bool dh_dedup_needs_names(const dh_dedup *dedup);
dh_status dh_dedup_name(dh_dedup *dedup, uint64_t number, dh_slice id, uint64_t stands_for,
                        dh_error *error);
dh_status dh_dedup_choose(dh_dedup *dedup, dh_error *error);
/* To go through the verdicts once more. */
dh_status dh_dedup_rewind(dh_dedup *dedup, dh_error *error);
/* Numbers from 0, ascending. */
dh_status dh_dedup_next(dh_dedup *dedup, uint64_t number, dh_dedup_verdict *verdict,
                        dh_error *error);

#endif
