/* SPDX-License-Identifier: Apache-2.0 */
/* batch: dh_model_logit for all blocks of a page, sixteen at a time and several times faster. A walk down a
 * tree waits for memory and guesses wrong at most turns; here nothing is guessed. Each leaf of a tree is a
 * bit. A node whose column is over its value takes away the leaves on its left; of the leaves that are
 * left over in the end, the first is the one that a walk would reach (QuickScorer: Lucchese et al., SIGIR
 * 2015). All nodes of a tree are done in their order, for sixteen blocks at once. Private to extract/. */
#ifndef DH_EXTRACT_BATCH_H
#define DH_EXTRACT_BATCH_H

#include "extract/model.h"

typedef struct dh_batch dh_batch;

/* For about `count` blocks. The logit of the block that is added with an index is put at that place of
 * logits, at the latest by dh_batch_finish. */
dh_batch *dh_batch_new(const dh_model *model, uint32_t count, int32_t *logits, dh_arena *arena);
void dh_batch_add(dh_batch *batch, uint32_t index, const int16_t *row);
void dh_batch_finish(dh_batch *batch);

#endif
