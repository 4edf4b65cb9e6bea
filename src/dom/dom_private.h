/* SPDX-License-Identifier: Apache-2.0 */
/* What dom.c and dom_gumbo.c share. */
#ifndef DH_DOM_PRIVATE_H
#define DH_DOM_PRIVATE_H

#include "dom/dom.h"
#include "dom/skim.h"

typedef struct dh_text_piece {
    dh_slice text;
    bool raw;  /* no character references in it */
    bool last; /* of its node */
} dh_text_piece;

typedef struct dh_attr_list {
    dh_attr *attrs;
    uint32_t len;
} dh_attr_list;

struct dh_dom_private {
    dh_skim skim; /* its arrays stand in scratch memory, gone when the tree is built */
    DH_VEC(dh_text_piece) pieces;     /* of text nodes with more than one, or decoded; node.more - 1 is the first */
    DH_VEC(dh_attr_list) attr_lists;  /* parsed on demand; node.more - 1 */
    uint64_t max_attributes;
    uint32_t node_cap;
};

/* Feeds the skeleton to Gumbo and flattens its tree into dom->nodes. Gumbo works in the arena's scratch
 * memory, of which nothing is referred to afterwards. */
void dh_dom_build(dh_dom *dom);
/* Reads the attributes of a node from one start tag or several, the first of equal names. */
void dh_dom_read_attrs(dh_dom *dom, dh_node *node, const dh_slice *tags, uint32_t n);

#endif
