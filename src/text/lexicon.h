/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon: boilerplate labels of many languages (rules/labels/), looked up by the matching key of
 * text/clean.h. Immutable after loading; shared by threads. */
#ifndef DH_TEXT_LEXICON_H
#define DH_TEXT_LEXICON_H

#include "base/arena.h"
#include "model/label.h"
#include "text/lexicon_table.h"

typedef struct dh_lexicon dh_lexicon;

typedef enum dh_label_match { DH_MATCH_NONE, DH_MATCH_EXACT, DH_MATCH_PREFIX } dh_label_match;

typedef struct dh_label_hit {
    dh_label label; /* NONE: nothing found */
    dh_label_match match;
    dh_slice phrase; /* as the lexicon writes it */
    bool certain;    /* drops the block by itself: the class is `alone` and the phrase is not marked
                        ambiguous (fourth-column flag "weak" in the data: a word that is also an
                        ordinary subhead, such as "Comments" or "Sources") */
} dh_label_hit;

/* An empty lexicon in `arena` (the engine's, guarded). */
dh_lexicon *dh_lexicon_new(dh_arena *arena);
/* Makes an empty lexicon that of a table, which is borrowed; nothing may be added then. */
void dh_lexicon_use(dh_lexicon *lexicon, const dh_lexicon_table *table);
/* What was added; valid until more is. */
const dh_lexicon_table *dh_lexicon_table_of(const dh_lexicon *lexicon);
/* Adds the phrases of one file: UTF-8, tab separated class, language, match (exact, prefix), phrase
 * and optionally flags; "#" comments; name is used in errors. DH_ERR_RULE with line and column. A
 * phrase that is listed twice keeps its first class, and is weak when one of its lines says so. */
dh_status dh_lexicon_add(dh_lexicon *lexicon, dh_slice file, const char *name, dh_error *error);
uint32_t dh_lexicon_size(const dh_lexicon *lexicon); /* lines with a phrase */
/* Looks a block's text up: exact first (labels of comments and sharing also with a count: "Comments
 * (12)"), then the longest prefix that ends at a word's end, when the
 * block is short (at most 120 code points; 200 for a phrase that ends with a colon, such as an inline
 * "Read more: headline"). Punctuation that ends a prefix phrase must follow it in the text too.
 * scratch is used for odd keys only. Cheap for long text: nothing over 400 bytes is folded whole. */
dh_label_hit dh_lexicon_find(const dh_lexicon *lexicon, dh_slice text, dh_arena *scratch);

#endif
