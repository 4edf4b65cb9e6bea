/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/model.h"

#include <stdlib.h>

enum {
    LEAF = 255,
    SCALE = 1024,
    STEPS = 256,
    STEPS_PER_UNIT = 32,
    MAX_WORDS = 1 << 20
};

const dh_model *dh_model_for(const dh_extract_page *page) {
    const dh_models *models = page->models != NULL ? page->models : &dh_models_built_in;
    return page->dom != NULL ? &models->page : &models->text;
}

int32_t dh_model_logit(const dh_model *model, const int16_t *row) {
    int32_t sum = 0;
    for (uint16_t t = 0; t < model->trees; t++) {
        if (t == DH_MODEL_LOOK && sum < DH_MODEL_HOPELESS) break;
        const uint32_t *node = &model->nodes[model->roots[t]];
        while ((*node & 0xFF) != LEAF) {
            int16_t limit = (int16_t)(*node >> 16);
            node += row[*node & 0xFF] <= limit ? 1 : (*node >> 8) & 0xFF;
        }
        sum += (int16_t)(*node >> 16);
    }
    return sum;
}

int32_t dh_model_chance_of(int32_t logit) {
    /* Rounded to a step, down also below zero. */
    int32_t scaled = logit * STEPS_PER_UNIT + SCALE / 2;
    int32_t step = scaled >= 0 ? scaled / SCALE : -((-scaled + SCALE - 1) / SCALE);
    if (step < -STEPS) step = -STEPS;
    if (step > STEPS) step = STEPS;
    return dh_model_chance[step + STEPS];
}

typedef struct candidate {
    int32_t chance;
    uint32_t block, words;
} candidate;

/* Most likely first, ties in the order of the page: the same on every machine. */
static int compare(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->chance != y->chance) return x->chance > y->chance ? -1 : 1;
    return x->block < y->block ? -1 : x->block > y->block;
}

int32_t dh_model_choose(const int32_t *chance, const uint32_t *words, uint32_t n, dh_focus focus,
                        dh_arena *arena, bool *keep) {
    /* F-beta of precision G/N and recall G/T is (1 + b) G / (N + b T), b the square of beta. */
    static const uint64_t weights[][2] = {{1, 1}, {4, 1}, {1, 4}, {3, 2}};
    uint64_t one = weights[focus][0], b = weights[focus][1];
    candidate *all = dh_arena_alloc(arena, (n + 1u) * sizeof *all);
    uint32_t count = 0;
    uint64_t total = 0;
    for (uint32_t i = 0; i < n; i++) {
        keep[i] = false;
        if (chance[i] < 0) continue;
        uint32_t w = words[i] < 1 ? 1 : words[i] < MAX_WORDS ? words[i] : MAX_WORDS;
        all[count++] = (candidate){chance[i], i, w};
        total += (uint64_t)chance[i] * w;
    }
    qsort(all, count, sizeof *all, compare);
    uint64_t got = 0, size = 0, best_got = 0, best_size = 1;
    uint32_t chosen = 0;
    for (uint32_t k = 0; k < count; k++) {
        got += (uint64_t)all[k].chance * all[k].words;
        size += (uint64_t)all[k].words * 1000;
        uint64_t now = (one + b) * got, whole = one * size + b * total;
        /* now / whole > best, coarser where 64 bits would not hold the products */
        unsigned shift = whole >> 31 > 0 ? 20 : 0;
        bool better = chosen == 0 ? now > 0
                                  : (now >> shift) * (best_size >> shift) >
                                        (best_got >> shift) * (whole >> shift);
        if (!better) continue;
        best_got = now;
        best_size = whole;
        chosen = k + 1;
    }
    got = size = 0;
    for (uint32_t k = 0; k < chosen; k++) {
        keep[all[k].block] = true;
        got += (uint64_t)all[k].chance * all[k].words;
        size += (uint64_t)all[k].words * 1000;
    }
    return chosen > 0 ? (int32_t)(2 * got * 1000 / (size + total)) : 0;
}
