/* SPDX-License-Identifier: Apache-2.0 */
/* skim_raw: where that ends which holds no markup: raw text elements, comments and their like (HTML
 * standard, 13.2.5). Offsets are into the page. Private to dom/. */
#ifndef DH_DOM_SKIM_RAW_H
#define DH_DOM_SKIM_RAW_H

#include "base/arena.h"
#include "dom/tag.h"

/* The '<' of the end tag that ends the raw text element whose content begins at `at`, or page.len. */
size_t dh_skim_raw_end(dh_slice page, size_t at, dh_slice name);

/* The same for a script, which may hold an escape. *unclosed: one had no end; do not look again. */
size_t dh_skim_script_end(dh_slice page, size_t at, bool *unclosed);

/* Behind the comment, doctype, processing instruction or CDATA section that begins at `at`. */
size_t dh_skim_markup_end(dh_slice page, size_t at);

/* dh_skim_raw_end by tag, for places that only go forward: no part of the page is searched twice for
 * the same name. */
typedef struct dh_skim_ends {
    size_t next[DH_TAG_COUNT]; /* as found last; 0: not yet looked for */
    size_t comment;            /* scripts: the next "<!--" */
    size_t end;                /* the end last asked for, and before it ... */
    size_t close, script;      /* ... the last "-->" and the last "<script" */
} dh_skim_ends;

size_t dh_skim_next_end(dh_skim_ends *ends, dh_slice page, size_t at, dh_tag tag, dh_slice name);
/* Whether the script whose content begins at `at` may have an escape that goes on at `end`, its first
 * end tag. */
bool dh_skim_may_escape(dh_skim_ends *ends, dh_slice page, size_t at, size_t end);

#endif
