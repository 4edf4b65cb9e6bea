/* SPDX-License-Identifier: Apache-2.0 */
/* meta: fields of a page, from JSON-LD, microdata, OpenGraph, Dublin Core and other meta elements, and
 * the page itself. Collects all candidates, then chooses; rule values are already in `fields`. */
#ifndef DH_META_META_H
#define DH_META_META_H

#include "dom/dom.h"
#include "model/block.h"
#include "model/field.h"

typedef struct dh_meta_page {
    dh_dom *dom;             /* NULL for plain text: then only url and option fields */
    const dh_blocks *blocks;
    dh_slice url;            /* given by the caller, may be empty */
    dh_slice now;            /* YYYY-MM-DD: no date is later than the day after; empty: no check */
    dh_arena *arena;
    dh_fields *fields;       /* filled; holds rule values when the call comes */
    uint32_t title_block;    /* out: block that is the headline, UINT32_MAX when none */
    dh_slice article_body;   /* out: JSON-LD articleBody (tags stripped), may be empty */
    uint64_t word_count;     /* out: JSON-LD wordCount, 0 when there is none */
} dh_meta_page;

/* The address the page says it has (canonical, og:url, "saved from" comment); for finding rules before
 * the fields are made. Empty when none. */
dh_slice dh_meta_url(dh_dom *dom, dh_arena *arena);

void dh_meta_read(dh_meta_page *page);

/* What is known of a line of scraped text. */
typedef enum dh_text_line { DH_TEXT_OTHER, DH_TEXT_BODY, DH_TEXT_LABEL } dh_text_line;

/* Headline, dates and authors of plain text. They stand around the body's first paragraph, so this comes
 * after the verdict about the blocks; lines: a dh_text_line for each block. Adds to the fields what
 * is clear, and sets title_block. Call dh_meta_read before. */
void dh_meta_read_text(dh_meta_page *page, const uint8_t *lines);

/* A date in any of the forms news pages use (ISO 8601, RFC 2822, numbers by locale order, month names
 * in many languages and digits of any script) to ISO 8601; empty when it is none. lang is a hint
 * (BCP 47, may be empty). */
dh_slice dh_date_parse(dh_slice text, dh_slice lang, dh_arena *arena);

#endif
