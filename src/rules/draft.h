/* SPDX-License-Identifier: Apache-2.0 */
/* draft: a first rule file for a site, from pages that the generic extractor has judged. For people to
 * read and correct: every line says in a comment what it was made from. */
#ifndef DH_RULES_DRAFT_H
#define DH_RULES_DRAFT_H

#include "rules/rules_private.h"

typedef struct dh_draft_page {
    const char *name; /* file or address, for comments */
    dh_dom *dom;      /* NULL: scraped text */
    const dh_blocks *blocks;
    const dh_decision *decisions; /* of the extractor, one per block */
    const dh_label_hit *labels;   /* one per block */
    const dh_fields *fields;
    uint32_t title_block; /* UINT32_MAX: none */
} dh_draft_page;

typedef struct dh_draft {
    dh_arena *arena;
    dh_slice site; /* host; may be empty */
    const dh_draft_page *pages;
    uint32_t len;
    dh_regex_cache *regexes;
} dh_draft;

/* Appends the lines of the file, without tests. */
void dh_draft_write(const dh_draft *draft, dh_buf *out);
/* Appends a text as a phrase of a rule, in quotation marks; of a long one its beginning and a star. */
void dh_draft_put_phrase(dh_buf *out, dh_slice text);

/* ---- selectors, draft_select.c ---- */

typedef DH_VEC(dh_slice) dh_selectors;

/* Selectors for an element that are likely to select its like on other pages: id, classes, attributes
 * that name a role, those of an ancestor before its tag. Names that look generated (css-1x9k2, post-48213)
 * are left out. Shortest kinds first. */
void dh_draft_selectors(dh_dom *dom, uint32_t node, dh_arena *arena, dh_selectors *out);
/* The elements that the selector selects on a page. */
dh_node_list dh_draft_select(const dh_draft *draft, const dh_draft_page *page, dh_slice selector);
/* Whether a class or id is a word that a person chose. */
bool dh_draft_is_stable(dh_slice name);

#endif
