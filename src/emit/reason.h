/* SPDX-License-Identifier: Apache-2.0 */
/* reason: verdicts and their causes by name and in words, for explain, JSON and the library's
 * dehusk_page_block. */
#ifndef DH_EMIT_REASON_H
#define DH_EMIT_REASON_H

#include "base/buf.h"
#include "model/article.h"

/* "paragraph", "heading", "list_item", "quote", "code", "row", "caption", and "image" for a block
 * that is an image alone. Static. */
const char *dh_block_kind_name(const dh_block *block);
/* "body", "title", "byline", "caption", "comment". Static. */
const char *dh_role_name(dh_role role);
/* "keep", "drop", "replace". Static. */
const char *dh_verdict_name(dh_verdict verdict);
/* "keep", "rule", "hidden", "label", "repeated", "article", "score". Static. */
const char *dh_cause_name(dh_cause cause);

/* A mark in words: "dropped by rules/x.rules:12 remove block .ad", "kept by the extractor, 0.93:
 * long paragraph". text is that of the mark's block, for marks on a span of it. */
void dh_reason_put(dh_buf *out, const dh_mark *mark, dh_slice text);
/* Of a block, without its text: the deciding mark's words, or that none spoke. */
void dh_reason_put_block(dh_buf *out, const dh_article *article, uint32_t block);

/* The marks of every block: indexes into marks->ptr, the deciding one first, then in order of
 * authority. Those of block b are order[begin[b]] .. order[begin[b + 1] - 1]. In arena. */
typedef struct dh_reasons {
    const uint32_t *begin, *order;
} dh_reasons;
dh_reasons dh_reasons_make(const dh_article *article, dh_arena *arena);

static inline bool dh_mark_is_whole(const dh_mark *mark) {
    return mark->begin == 0 && mark->end == DH_WHOLE && mark->verdict != DH_REPLACE;
}

#endif
