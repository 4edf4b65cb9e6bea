/* SPDX-License-Identifier: Apache-2.0 */
/* model: the learned classifier: boosted trees over features.def, in integers (the same result on every
 * machine), and the choice of blocks by expected F1. Private to extract/.
 *
 * A node is 32 bits: column (8, 255 for a leaf), skip (8), value (16, signed). At most `value` in the
 * column goes to the next node, more to the one `skip` further on. The leaves' values add up to a
 * logit in units of 1/1024. */
#ifndef DH_EXTRACT_MODEL_H
#define DH_EXTRACT_MODEL_H

#include "extract/features.h"

enum {
    DH_MODEL_LOOK = 100,            /* after so many trees ... */
    DH_MODEL_HOPELESS = -4 * 1024 /* ... a sum below is believed */
};

typedef struct dh_model {
    const uint32_t *nodes;
    const uint16_t *roots;
    uint16_t trees;
} dh_model;

struct dh_models {
    dh_model page; /* pages with a tree */
    dh_model text; /* plain text */
};

/* Generated: weights.c. */
extern const dh_models dh_models_built_in;
extern const uint16_t
    dh_model_chance[513]; /* logits from -8 to 8 in steps of 1/32, to a thousand */

/* The one for this page: its own or built in, with a tree or without. */
const dh_model *dh_model_for(const dh_extract_page *page);
/* The logit, in 1/1024, that the block with these features is article text. A block without hope after
 * the first hundred trees is not looked at by the others. */
int32_t dh_model_logit(const dh_model *model, const int16_t *row);
/* A logit as a chance in a thousand. */
int32_t dh_model_chance_of(int32_t logit);

/* Chooses the blocks whose expected F1 is highest: keep[i] for each of n, given chance[i] in a thousand (negative:
 * out of the question) and words[i]. focus shifts the weight between precision and recall (F-0.5, F1,
 * F2; F-0.8 for an article). Returns the expected F1 of what is chosen, in a thousand: the page's
 * confidence. */
int32_t dh_model_choose(const int32_t *chance, const uint32_t *words, uint32_t n, dh_focus focus,
                        dh_arena *arena, bool *keep);

/* Sets keep, reason, score and the page's confidence by the classifier. units: as the heuristic left
 * them. False, and nothing changed, when it finds no article in plain text: whoever hands over text
 * means it to hold one. */
bool dh_classify(dh_extract_page *page, dh_unit *units);

#endif
