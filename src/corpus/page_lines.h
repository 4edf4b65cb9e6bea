/* SPDX-License-Identifier: Apache-2.0 */
/* page_lines: the lines of a page by their keys, kept and dropped ones, as a line of JSON of its own: what site memory
 * counts (counter.h). A corpus keeps them in the folder lines/, a file a shard. A page's sum alone would not do: whether
 * two pages are one article is only seen when all are known. */
#ifndef DH_CORPUS_PAGE_LINES_H
#define DH_CORPUS_PAGE_LINES_H

#include "base/buf.h"
#include "base/map.h"
#include "dehusk/dehusk.h"

enum { DH_PAGE_LINES = 4096 /* the first of a page; the rest is not counted */ };

typedef enum dh_line_kind {
    DH_LINE_PROSE,
    DH_LINE_HEADING,
    DH_LINE_ITEM, /* of a list or table */
    DH_LINE_PART, /* of a block of several lines: code, verse, a row's cells */
    DH_LINE_KINDS
} dh_line_kind;

typedef struct dh_page_line {
    uint64_t key;    /* text/line_key.h */
    uint32_t weight; /* the same, up to 1020, in steps of 4 */
    dh_line_kind kind;
    bool kept, digits;
} dh_page_line;

/* Of one page; each line once, kept when it is anywhere. */
typedef struct dh_page_lines {
    dh_arena *arena; /* guarded */
    dh_slice host;   /* without "www."; a page without one is not counted */
    uint64_t page;   /* its address, as a hash; two with one address are one page */
    uint32_t day;    /* 20240515; 0: not known */
    DH_VEC(dh_page_line) lines;
    dh_map map; /* of keys to places in lines */
} dh_page_lines;

/* url may be empty: then the page is told from others by id. date: "2024-05-15..." or "". */
void dh_page_lines_begin(dh_page_lines *lines, dh_slice host, dh_slice url, dh_slice id,
                         dh_slice date, dh_arena *arena);
/* A line of the page; what is too short is left out. */
void dh_page_lines_add(dh_page_lines *lines, dh_slice text, dh_line_kind kind, bool kept);
/* Those of the text that was made of a cleaned page, and of what was dropped. */
void dh_page_lines_of(dh_page_lines *lines, const dehusk_page *page, dh_slice text);
/* Those of a text alone. */
void dh_page_lines_of_text(dh_page_lines *lines, dh_slice text);
/* Appends the line of JSON, with its LF; and reads it again, in arena, which needs no guard. False when it is none. */
void dh_page_lines_put(const dh_page_lines *lines, dh_buf *out);
bool dh_page_lines_read(dh_slice text, dh_page_lines *lines, dh_arena *arena);

#endif
