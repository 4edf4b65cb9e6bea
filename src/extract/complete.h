/* SPDX-License-Identifier: Apache-2.0 */
/* complete: whether what was kept of a page is an article, and all of it. Says nothing about single blocks and changes none:
 * it looks at the outcome. Every verdict but "full" has its evidence in words. */
#ifndef DH_EXTRACT_COMPLETE_H
#define DH_EXTRACT_COMPLETE_H

#include "model/article.h"
#include "text/lexicon.h"

typedef struct dh_complete_page {
    const dh_article *article;  /* but for its completeness */
    const dh_label_hit *labels; /* of the first label_count blocks */
    uint32_t label_count;
    dh_slice page;       /* the decoded page; its ends are looked at */
    uint64_t word_count; /* that the page says it has (schema.org wordCount); 0: it does not */
    dh_arena *arena;
} dh_complete_page;

/* *why is empty for FULL; else in arena. */
dh_complete dh_complete_judge(const dh_complete_page *page, dh_slice *why);

/* What complete_phrases.def has phrases for. For its test. */
typedef enum dh_phrase_kind {
    DH_PHRASE_error,
    DH_PHRASE_captcha,
    DH_PHRASE_consent,
    DH_PHRASE_login,
    DH_PHRASE_live,
    DH_PHRASE_rest,
    DH_PHRASE_KINDS
} dh_phrase_kind;

typedef struct dh_phrase_row {
    dh_phrase_kind kind;
    const char *text; /* a key (text/clean.h) */
} dh_phrase_row;

const dh_phrase_row *dh_complete_phrases(size_t *len);

#endif
