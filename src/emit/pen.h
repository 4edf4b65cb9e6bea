/* SPDX-License-Identifier: Apache-2.0 */
/* pen: writes lines behind a prefix that grows and shrinks (list indentation, "> "), with the empty
 * lines between blocks written only when something follows. Private to emit/. */
#ifndef DH_EMIT_PEN_H
#define DH_EMIT_PEN_H

#include "base/buf.h"

enum { DH_PEN_PREFIX = 512 };

typedef struct dh_pen {
    dh_buf *out;
    bool any;     /* something stands before: the gap is written */
    bool fresh;   /* behind a marker: what comes next stays on its line */
    unsigned gap; /* line feeds owed ... */
    unsigned had; /* ... of which these were there when the pen began */
    size_t prefix_len;
    char prefix[DH_PEN_PREFIX];
} dh_pen;

/* When out is not empty, what is written first stands behind an empty line. */
void dh_pen_init(dh_pen *pen, dh_buf *out);
/* At least n line feeds before what comes next. */
void dh_pen_gap(dh_pen *pen, unsigned n);
/* Begins a block: writes the gap and the prefix. */
void dh_pen_start(dh_pen *pen);
/* A line feed and the prefix, inside of a block. */
void dh_pen_line(dh_pen *pen);
/* Begins a block with a marker; the lines below it are indented by `indent` (as long as marker
 * when it is spaces). Returns the length to give back to dh_pen_pop. */
size_t dh_pen_marker(dh_pen *pen, dh_slice marker, dh_slice indent);
void dh_pen_pop(dh_pen *pen, size_t prefix_len);
/* Text as it is, its line feeds followed by the prefix. */
void dh_pen_text(dh_pen *pen, dh_slice text);

#endif
