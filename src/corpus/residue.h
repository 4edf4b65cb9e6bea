/* SPDX-License-Identifier: Apache-2.0 */
/* residue: the lines that a corpus's kept texts still share by host, those on most articles first: what a rule, or site
 * memory, should remove next. */
#ifndef DH_CORPUS_RESIDUE_H
#define DH_CORPUS_RESIDUE_H

#include "corpus/store.h"

enum { DH_RESIDUE_LINES = 1000 /* at most that are named */ };

typedef struct dh_residue_line {
    dh_slice host, text; /* text: the smallest by bytes of those that the line has */
    uint64_t pages, of;  /* articles of the host that have it */
} dh_residue_line;

typedef struct dh_residue {
    uint64_t hosts, articles; /* with an address */
    uint64_t
        leaked; /* how often one of the lines below stands on an article, all of them together */
    uint64_t distinct;             /* how many there are */
    DH_VEC(dh_residue_line) lines; /* in the store's arena */
} dh_residue;

/* A line counts when sqrt(articles) of its host have it, and five: half of what makes it boilerplate (memory.h).
 * folder: where is sorted. stop may be NULL. */
dh_status dh_residue_find(const dh_store *store, const char *folder, bool (*stop)(void *data),
                          void *data, dh_residue *residue, dh_error *error);

#endif
