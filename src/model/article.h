/* SPDX-License-Identifier: Apache-2.0 */
/* article: all that is known about one cleaned page; what emit/ writes from. Borrowed from the page. */
#ifndef DH_MODEL_ARTICLE_H
#define DH_MODEL_ARTICLE_H

#include "base/limits.h"
#include "model/block.h"
#include "model/complete.h"
#include "model/field.h"
#include "model/mark.h"

typedef enum dh_input_kind { DH_INPUT_AUTO, DH_INPUT_HTML, DH_INPUT_TEXT } dh_input_kind;

typedef struct dh_article {
    const dh_blocks *blocks;
    const dh_decision *decisions; /* one per block */
    const dh_slice *texts;        /* one per block: what of a kept block is left, after spans and folds */
    const dh_marks *marks;
    const dh_fields *fields;
    dh_input_kind kind;
    dh_slice name;        /* the file or address the caller named */
    dh_slice id;          /* the caller's own id of the record; empty without */
    dh_slice charset;     /* what the bytes were decoded from, "UTF-8", "windows-1256" */
    dh_slice charset_why; /* "bom", "http", "meta", "detected", "option", ... */
    uint32_t replaced;    /* U+FFFD that decoding put in */
    dh_limit_id limited;  /* a limit that cut the page, or DH_LIMIT_NONE */
    uint64_t limit_kept;  /* bytes of input that were read */
    dh_slice rule_files;  /* the rule files used, comma separated; empty without */
    dh_slice rule_versions; /* of these files, in their order */
    dh_slice refused;     /* rule lines that would have taken too much of the page; may be empty */
    dh_slice folds;       /* text folds that were asked for, "tatweel,digits"; empty without */
    uint32_t body_chars;  /* code points in kept body blocks */
    uint32_t total_chars; /* in all visible blocks */
    dh_complete complete; /* how much of an article it is, and the evidence; none for FULL */
    dh_slice complete_why;
    int32_t confidence;   /* 0..1000: how sure the choice of blocks is */
    bool rtl;             /* most strong letters of the body run right to left */
} dh_article;

#endif
