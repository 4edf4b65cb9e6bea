/* SPDX-License-Identifier: Apache-2.0 */
/* suggest: "did you mean": the nearest of a few known words to a misspelt one. */
#ifndef DH_CSS_SUGGEST_H
#define DH_CSS_SUGGEST_H

#include "base/slice.h"

typedef struct dh_suggest {
    dh_slice word;     /* what was written */
    dh_slice best;     /* the nearest so far; empty: none is near */
    uint32_t distance; /* of best */
} dh_suggest;

dh_suggest dh_suggest_start(dh_slice word);
/* Offers one known word. Counts insertions, deletions, exchanges and swaps of bytes, ASCII case
 * ignored; only words within a third of the length are near. */
void dh_suggest_offer(dh_suggest *suggest, dh_slice known);

#endif
