/* SPDX-License-Identifier: Apache-2.0 */
/* recall: site memory applied to a text: the lines that are boilerplate go, with what is said of each. */
#ifndef DH_CORPUS_RECALL_H
#define DH_CORPUS_RECALL_H

#include "base/arena.h"
#include "model/site_memory.h"

typedef struct dh_recalled_line {
    dh_slice text;
    uint64_t key;
    dh_site_repeat repeat;
} dh_recalled_line;

typedef struct dh_recalled {
    dh_slice text;                  /* what is left, in arena; the same when nothing went */
    DH_VEC(dh_recalled_line) lines; /* that went */
} dh_recalled;

/* arena is guarded. */
void dh_recall(const dh_site_memory *memory, dh_slice host, dh_slice text, dh_arena *arena,
               dh_recalled *out);

#endif
