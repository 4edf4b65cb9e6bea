/* SPDX-License-Identifier: Apache-2.0 */
/* spans: a block's text cut at its links, emphasis, code and images, properly nested, with the
 * targets resolved. Spans that are empty, cross another, repeat an open one (a link in a link) or
 * have no usable target are left out, their text stays. Private to emit/. */
#ifndef DH_EMIT_SPANS_H
#define DH_EMIT_SPANS_H

#include "emit/emit.h"

typedef enum dh_span {
    DH_SPAN_END,
    DH_SPAN_TEXT,  /* run */
    DH_SPAN_OPEN,  /* kind LINK, STRONG or EMPHASIS; run is the text it covers */
    DH_SPAN_CLOSE, /* kind */
    DH_SPAN_CODE,  /* run is its text; nothing is nested in it */
    DH_SPAN_IMAGE  /* target, alt */
} dh_span;

enum { DH_SPANS_DEPTH = 8 };

typedef struct dh_spans {
    const dh_emit_options *options;
    dh_arena *arena;
    const dh_inline *inlines;
    uint32_t at, count;
    dh_slice text;        /* the window: the whole text or a cell */
    size_t shift;         /* byte of the block's text where the window begins */
    size_t pos;           /* read up to here, in the window */
    uint32_t depth, open; /* open: bits of the kinds on the stack */
    struct {
        dh_inline_kind kind;
        size_t end;
    } stack[DH_SPANS_DEPTH];
    /* of the event */
    dh_inline_kind kind;
    dh_slice run;
    dh_slice target; /* of LINK and IMAGE; borrowed or in the arena */
    dh_slice alt;
    bool nested; /* OPEN: something begins inside of it */
} dh_spans;

/* The text of block `block` is its article->texts; where that is no part of the block's own text
 * (spans of it were cut, or it was folded) the offsets mean nothing and all is one run. */
void dh_spans_init(dh_spans *spans, const dh_article *article, const dh_emit_options *options,
                   uint32_t block, dh_arena *arena);
/* Narrows to a part of the text, for the cells of a row; parts must come in order. */
void dh_spans_window(dh_spans *spans, dh_slice part);
dh_span dh_spans_next(dh_spans *spans);

/* target as it goes into the output, or empty when it should not: resolved when there is a base, as
 * written when not; no fragments of the page itself, no scripts, no data. */
dh_slice dh_link_target(dh_slice base, dh_slice target, dh_arena *arena);

#endif
