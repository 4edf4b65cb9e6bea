/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/batch.h"

enum {
    LEAF = 255,
    LANES = 16, /* blocks at a time */
    PARTS = LANES / 4,
    MAX_LEAVES = 32,  /* of a tree: bits */
    MAX_TREES = 1024, /* more are walked one by one, as are those of few blocks */
    MIN_BLOCKS = LANES
};

/* What every processor of the last twenty years has; compilers split it where one has not. */
typedef int32_t lanes __attribute__((vector_size(16)));
#define SPLAT(x) ((lanes){(x), (x), (x), (x)})

/* An inner node. */
typedef struct choice {
    int16_t value;
    uint8_t column;
    uint32_t left; /* leaves that are out of reach when the column is over the value */
} choice;

typedef struct rows {
    lanes columns[DH_FEATURE_COUNT][PARTS];
    int32_t sums[LANES];
    uint32_t index[LANES];
    uint32_t len;
} rows;

struct dh_batch {
    const dh_model *model;
    int32_t *logits;
    choice *choices;  /* NULL: trees are walked one by one */
    uint32_t *begins; /* by tree, and one more: its choices */
    int16_t (*leaves)[MAX_LEAVES];
    uint32_t look; /* trees after which blocks without hope are left out */
    rows *first, *rest;
};

/* One tree's nodes, in their order, as choices from `to` on; returns where they end, NULL when it is no tree
 * or too large. */
static choice *flatten(const uint32_t *node, choice *to, int16_t *leaves) {
    struct {
        const uint32_t *right;
        choice *choice;
        uint32_t leaf;
    } open[MAX_LEAVES], *top = open;
    const choice *limit = to + MAX_LEAVES - 1;
    for (uint32_t leaf = 0;; node++) {
        const uint32_t bits = *node;
        if ((bits & 0xFF) != LEAF) {
            if (to == limit) return NULL;
            top->right = node + (bits >> 8 & 0xFF);
            top->leaf = leaf;
            top++->choice = to;
            to->value = (int16_t)(bits >> 16);
            to++->column = (uint8_t)bits;
            continue;
        }
        leaves[leaf++] = (int16_t)(bits >> 16);
        if (top == open) return to;
        if ((--top)->right != node + 1) return NULL;
        top->choice->left = (UINT32_MAX >> (32 - (leaf - top->leaf))) << top->leaf;
    }
}

static void flatten_all(dh_batch *b, dh_arena *arena) {
    const uint32_t trees = b->model->trees;
    choice *to = dh_arena_alloc(arena, trees * (MAX_LEAVES - 1u) * sizeof *b->choices);
    b->choices = to;
    b->begins = dh_arena_zalloc(arena, trees + 1u, sizeof *b->begins);
    b->leaves = dh_arena_alloc(arena, trees * sizeof *b->leaves);
    b->first = dh_arena_zalloc(arena, 1, sizeof *b->first);
    b->rest = dh_arena_zalloc(arena, 1, sizeof *b->rest);
    for (uint32_t t = 0; t < trees && to != NULL; t++) {
        to = flatten(&b->model->nodes[b->model->roots[t]], to, b->leaves[t]);
        if (to != NULL) b->begins[t + 1] = (uint32_t)(to - b->choices);
    }
    if (to == NULL) b->choices = NULL;
}

dh_batch *dh_batch_new(const dh_model *model, uint32_t count, int32_t *logits, dh_arena *arena) {
    dh_batch *b = dh_arena_zalloc(arena, 1, sizeof *b);
    b->model = model;
    b->logits = logits;
    b->look = model->trees < DH_MODEL_LOOK ? model->trees : DH_MODEL_LOOK;
    if (count >= MIN_BLOCKS && model->trees <= MAX_TREES) flatten_all(b, arena);
    return b;
}

/* Adds what the trees [from, to) say of the rows to their sums. */
static void run(const dh_batch *b, rows *r, uint32_t from, uint32_t to) {
    for (uint32_t t = from; t < to; t++) {
        lanes v0 = SPLAT(-1), v1 = v0, v2 = v0, v3 = v0;
        const choice *end = &b->choices[b->begins[t + 1]];
        for (const choice *c = &b->choices[b->begins[t]]; c < end; c++) {
            const lanes *column = r->columns[c->column];
            const lanes value = SPLAT(c->value), left = SPLAT((int32_t)c->left);
            v0 &= ~((column[0] > value) & left);
            v1 &= ~((column[1] > value) & left);
            v2 &= ~((column[2] > value) & left);
            v3 &= ~((column[3] > value) & left);
        }
        const lanes reach[PARTS] = {v0, v1, v2, v3};
        for (int k = 0; k < LANES; k++)
            r->sums[k] += b->leaves[t][__builtin_ctz((uint32_t)reach[k / 4][k % 4])];
    }
}

static void finish_rest(dh_batch *b) {
    rows *r = b->rest;
    if (r->len == 0) return;
    run(b, r, b->look, b->model->trees);
    for (uint32_t k = 0; k < r->len; k++) b->logits[r->index[k]] = r->sums[k];
    r->len = 0;
}

/* Blocks without hope are done; the others wait until there are enough of them. */
static void finish_first(dh_batch *b) {
    rows *r = b->first, *rest = b->rest;
    if (r->len == 0) return;
    run(b, r, 0, b->look);
    for (uint32_t k = 0; k < r->len; k++) {
        if (r->sums[k] < DH_MODEL_HOPELESS || b->look == b->model->trees) {
            b->logits[r->index[k]] = r->sums[k];
            continue;
        }
        for (int c = 0; c < DH_FEATURE_COUNT; c++)
            rest->columns[c][rest->len / 4][rest->len % 4] = r->columns[c][k / 4][k % 4];
        rest->sums[rest->len] = r->sums[k];
        rest->index[rest->len++] = r->index[k];
        if (rest->len == LANES) finish_rest(b);
    }
    r->len = 0;
    memset(r->sums, 0, sizeof r->sums);
}

void dh_batch_add(dh_batch *b, uint32_t index, const int16_t *row) {
    if (b->choices == NULL) {
        b->logits[index] = dh_model_logit(b->model, row);
        return;
    }
    rows *r = b->first;
    for (int c = 0; c < DH_FEATURE_COUNT; c++) r->columns[c][r->len / 4][r->len % 4] = row[c];
    r->index[r->len++] = index;
    if (r->len == LANES) finish_first(b);
}

void dh_batch_finish(dh_batch *b) {
    if (b->choices == NULL) return;
    finish_first(b);
    finish_rest(b);
}
