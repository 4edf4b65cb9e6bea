/* SPDX-License-Identifier: Apache-2.0 */
/* shape: the pages of shapes.def, at any size. */
#ifndef SHAPE_H
#define SHAPE_H

#include "base/buf.h"

typedef struct shape {
    const char *name, *open, *unit, *turn, *close;
} shape;

extern const shape shapes[];
extern const size_t shapes_len;

/* NULL when there is none of this name. */
const shape *shape_find(const char *name);
bool shape_is_text(const shape *s);
/* Appends the page, of about size bytes. Its \001 are NULs there. */
void shape_put(const shape *s, size_t size, dh_buf *page);

#endif
