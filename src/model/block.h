/* SPDX-License-Identifier: Apache-2.0 */
/* block: a run of text that a reader would call a heading, paragraph, list item ... in reading
 * order. HTML and plain text yield the same type. Everything is borrowed from the page's arena. */
#ifndef DH_MODEL_BLOCK_H
#define DH_MODEL_BLOCK_H

#include "base/slice.h"

#define DH_NO_NODE UINT32_MAX

typedef enum dh_block_kind {
    DH_BLOCK_PARAGRAPH,
    DH_BLOCK_HEADING,   /* level 1..6; 0 when plain text only looks like one */
    DH_BLOCK_LIST_ITEM, /* level: nesting from 1 */
    DH_BLOCK_QUOTE,
    DH_BLOCK_CODE, /* text verbatim, with its line ends */
    DH_BLOCK_ROW,  /* a table row; cells separated by '\t' in text */
    DH_BLOCK_CAPTION
} dh_block_kind;

enum { /* dh_block.flags */
    DH_BLOCK_ORDERED = 1 << 0,    /* list item of an <ol> */
    DH_BLOCK_HIDDEN = 1 << 1,     /* hidden, aria-hidden, display:none */
    DH_BLOCK_NOSCRIPT = 1 << 2,   /* inside <noscript> */
    DH_BLOCK_HEADER_ROW = 1 << 3, /* a row of <th> */
    DH_BLOCK_LIST_START = 1 << 4, /* first item of its list; first row of its table */
    DH_BLOCK_CONTINUES = 1 << 5,  /* further part of the same list item or table cell */
    DH_BLOCK_LINE = 1 << 6,       /* from plain text */
    DH_BLOCK_IMAGE = 1 << 7,      /* no text: an image alone (text is empty, one inline) */
};

typedef enum dh_inline_kind {
    DH_INLINE_LINK,
    DH_INLINE_STRONG,
    DH_INLINE_EMPHASIS,
    DH_INLINE_CODE,
    DH_INLINE_IMAGE /* begin == end; target is src, alt its alt text */
} dh_inline_kind;

/* Byte span [begin, end) of the block's text. In order of begin, outer before inner. */
typedef struct dh_inline {
    uint32_t begin, end;
    dh_inline_kind kind;
    uint32_t node;
    dh_slice target; /* href or src as written, entities decoded; not resolved */
    dh_slice alt;
} dh_inline;

typedef struct dh_block {
    dh_slice text; /* entities decoded, cleaned and white space folded as text/clean.h states */
    dh_block_kind kind;
    uint8_t level;
    uint16_t flags;
    uint32_t node; /* the block-level element that holds it, or DH_NO_NODE */
    uint32_t first_text; /* its first text node, or DH_NO_NODE */
    uint32_t src_begin, src_end; /* bytes of the decoded page it came from */
    uint32_t chars;              /* code points of text */
    uint32_t link_chars;         /* of these inside links */
    uint32_t inline_begin, inline_count; /* in dh_blocks.inlines */
} dh_block;

typedef struct dh_blocks {
    dh_block *ptr;
    uint32_t len, cap;
    dh_inline *inlines;
    uint32_t inline_len, inline_cap;
} dh_blocks;

#endif
