/* SPDX-License-Identifier: Apache-2.0 */
/* extract: the generic extractor: which blocks are the article, on pages without rules. Adds one mark of
 * cause DH_CAUSE_SCORE to every block, KEEP or DROP, with a score and a reason in words. */
#ifndef DH_EXTRACT_EXTRACT_H
#define DH_EXTRACT_EXTRACT_H

#include "base/buf.h"
#include "dom/dom.h"
#include "model/mark.h"
#include "text/lexicon.h"

typedef enum dh_focus {
    DH_FOCUS_BALANCED,
    DH_FOCUS_PRECISION,
    DH_FOCUS_RECALL,
    DH_FOCUS_ARTICLE /* balanced on a page that calls itself an article: a little towards precision */
} dh_focus;

/* The classifier's tables (extract/model.h). */
typedef struct dh_models dh_models;

typedef struct dh_extract_page {
    const dh_models *models; /* NULL: those that are built in */
    dh_dom *dom;             /* NULL for plain text */
    const dh_blocks *blocks;
    const dh_label_hit *labels; /* one per block */
    const bool *gone;           /* one per block: a higher authority drops it already */
    const bool *hidden; /* one per block: not shown, only the classifier may keep it; NULL: none */
    dh_slice title;     /* headline as the fields have it, may be empty */
    dh_slice description;  /* as the fields have it, may be empty */
    dh_slice article_body; /* JSON-LD's, may be empty */
    int16_t page_type;     /* 0 unknown, 1 article, 2 product, 3 forum, 4 list, 5 other */
    uint32_t title_block;  /* UINT32_MAX: unknown */
    dh_focus focus;
    bool reasons;  /* say what moved the classifier */
    bool comments; /* comment blocks are wanted: they get the role, not DROP */
    dh_arena *arena;
    dh_marks *marks;
    dh_role *roles;     /* one per block, out: TITLE, BYLINE, CAPTION, COMMENT where known */
    uint32_t *hints;    /* between the stages: what the names of each node's element say */
    uint32_t container; /* out: the element the heuristic takes for the article's */
    int32_t confidence; /* out: 0..1000 */
} dh_extract_page;

void dh_extract(dh_extract_page *page);

/* `dehusk dump --stage=features`: a line of column names, then a line a block: its index, role, whether a
 * higher authority drops it, the classifier's logit in 1/1024, the columns of features.def, and its text as
 * a JSON string; tab separated. Call after dh_extract. */
void dh_extract_dump(dh_extract_page *page, dh_buf *out);

#endif
