/* SPDX-License-Identifier: Apache-2.0 */
/* md_escape: text as Markdown that reads as this very text (CommonMark 0.31 and GFM's tables,
 * strikethrough and task lists), with no more backslashes than needed. Private to emit/. */
#ifndef DH_EMIT_MD_ESCAPE_H
#define DH_EMIT_MD_ESCAPE_H

#include "base/buf.h"

/* What has to be known of a whole block before its first character is written. */
typedef struct dh_md_facts {
    bool plain;      /* nothing in it is special but perhaps the beginnings of lines */
    size_t link_end; /* a "[" before this offset might begin a link */
    uint32_t ticks, tildes;
} dh_md_facts;

dh_md_facts dh_md_look(dh_slice text);

typedef enum dh_md_line {
    DH_MD_INLINE, /* not at the beginning of a line */
    DH_MD_FIRST,  /* the first line of a paragraph */
    DH_MD_ITEM,   /* ... of a list item */
    DH_MD_LATER   /* a further line of a paragraph */
} dh_md_line;

typedef struct dh_md_place {
    dh_md_line line;
    bool in_link, in_cell;
    bool marks_code;    /* other parts of the block may hold backticks */
    bool before, after; /* markup stands before or behind the run, not text or the block's end */
} dh_md_place;

/* Writes the bytes [begin, end) of text, which hold no line feed. */
void dh_md_put(dh_buf *out, dh_slice text, size_t begin, size_t end, const dh_md_facts *facts,
               dh_md_place place);
/* A link's or image's address, for between the parentheses. */
void dh_md_put_target(dh_buf *out, dh_slice target, bool in_cell);

#endif
