/* SPDX-License-Identifier: Apache-2.0 */
/* What features.c prepares and features_row.c reads. */
#ifndef DH_EXTRACT_FEATURES_PRIVATE_H
#define DH_EXTRACT_FEATURES_PRIVATE_H

#include "extract/features.h"
#include "extract/words.h"

enum {
    NO_ANCESTOR = 40,
    TAGS = 15,  /* distances to ancestors by tag */
    HINTS = 32, /* and by hint */
    DISTANCES = TAGS + HINTS,
    LONG_CHARS = 80,
    SHORT_CHARS = 25,
    NO_HEADING = 99,
    LONG_LINKS = 30, /* per cent */
    FAR = 999,
    MAX_NAMED = 250,
    MAX_SIBLINGS = 100,
    ALIKE_LEVELS = 3
};

/* Sums over blocks. */
typedef struct dh_sums {
    uint32_t chars, link_chars, blocks, longs;
} dh_sums;

/* What stands above a block, its own element included. */
typedef struct dh_above {
    uint8_t distance[DISTANCES];
    uint8_t bad, good; /* ancestors by names */
    uint32_t branch;   /* the container's child that it is in, 0 for none */
} dh_above;

/* Blocks with the same chain of tags and classes. */
typedef struct dh_alike {
    uint32_t blocks, kept;
    uint64_t chars, link_chars, long_chars;
} dh_alike;

/* What put_signs finds in a text. */
typedef struct dh_signs {
    int16_t separators, lines;
    bool copyright, money, at_sign, year, clock;
} dh_signs;

struct dh_features {
    const dh_extract_page *page;
    const dh_unit *units;
    dh_arena *arena;
    dh_dom *dom;
    uint32_t n;
    uint32_t *rank;       /* by node, and one more: blocks that hang on the nodes before it */
    dh_sums *sums;        /* n + 1: over the first blocks, in the order of their nodes */
    dh_sums *sums_hidden; /* the same with the hidden blocks, NULL without any */
    uint8_t *children;    /* by node: elements below it, one level, MAX_SIBLINGS at most */
    uint8_t by_tag[DH_TAG_COUNT]; /* index of a tag's distance, 0xFF for none */
    dh_signs *signs;      /* by block */
    uint32_t *heading;    /* by block: index + 1 of the last heading before it, 0 for none */
    uint64_t long_chars;  /* in all long blocks */
    uint32_t *signature;  /* by block: index into alikes */
    dh_alike *alikes;
    uint32_t *same_text;    /* by block: index of the first with its text */
    uint32_t *text_count;   /* by first block */
    uint32_t *chars_before; /* n + 1 */
    uint32_t *since_long, *till_long, *since_label;
    uint32_t *sum_short, *sum_links, *sum_longs, *sum_keep; /* prefix sums for windows, n + 1 */
    dh_word_sets words;
    int16_t page_values[DH_FEATURE_COUNT]; /* the columns of the page */
};

/* One walk from a block's element to the root. */
void dh_features_above(const dh_features *f, uint32_t id, dh_above *out);

static inline int16_t dh_feature_cut(int64_t value) {
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static inline uint32_t dh_feature_ratio(uint64_t part, uint64_t whole, uint32_t scale) {
    return whole > 0 ? (uint32_t)(part * scale / whole) : 0;
}

static inline bool dh_feature_is_long(const dh_features *f, uint32_t i) {
    return f->page->blocks->ptr[i].chars >= LONG_CHARS && f->units[i].link_percent < LONG_LINKS &&
           f->units[i].kind != DH_UNIT_GONE;
}

static inline uint32_t dh_feature_node_of(const dh_features *f, uint32_t i) {
    uint32_t node = f->page->blocks->ptr[i].node;
    return node != DH_NO_NODE ? node : 0;
}

/* Over the blocks at and below a node; from: sums or sums_hidden. */
static inline dh_sums dh_feature_sums(const dh_features *f, const dh_sums *from, uint32_t id) {
    const dh_sums *begin = &from[f->rank[id]], *end = &from[f->rank[f->dom->nodes[id].end]];
    return (dh_sums){.chars = end->chars - begin->chars,
                     .link_chars = end->link_chars - begin->link_chars,
                     .blocks = end->blocks - begin->blocks,
                     .longs = end->longs - begin->longs};
}

#endif
