/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/pen.h"

void dh_pen_init(dh_pen *pen, dh_buf *out) {
    pen->out = out;
    pen->any = out->len > 0;
    pen->fresh = false;
    pen->gap = 2;
    pen->had = 0;
    pen->prefix_len = 0;
    while (pen->had < out->len && pen->had < 2 && out->ptr[out->len - 1 - pen->had] == '\n')
        pen->had++;
}

void dh_pen_gap(dh_pen *pen, unsigned n) {
    if (pen->gap < n) pen->gap = n;
}

static void end_line(dh_pen *pen) {
    dh_buf_putc(pen->out, '\n');
}

void dh_pen_start(dh_pen *pen) {
    if (pen->fresh) {
        pen->fresh = false;
        pen->gap = 0;
        return;
    }
    size_t bare = pen->prefix_len;
    while (bare > 0 && pen->prefix[bare - 1] == ' ') bare--;
    for (unsigned i = pen->had; pen->any && i < pen->gap; i++) {
        if (i > 0) dh_buf_put(pen->out, pen->prefix, bare);
        end_line(pen);
    }
    dh_buf_put(pen->out, pen->prefix, pen->prefix_len);
    pen->gap = pen->had = 0;
    pen->any = true;
}

void dh_pen_line(dh_pen *pen) {
    end_line(pen);
    dh_buf_put(pen->out, pen->prefix, pen->prefix_len);
}

size_t dh_pen_marker(dh_pen *pen, dh_slice marker, dh_slice indent) {
    size_t before = pen->prefix_len;
    dh_pen_start(pen);
    dh_buf_put_slice(pen->out, marker);
    pen->fresh = true;
    if (indent.len <= sizeof pen->prefix - before) {
        memcpy(pen->prefix + before, indent.ptr, indent.len);
        pen->prefix_len = before + indent.len;
    }
    return before;
}

void dh_pen_pop(dh_pen *pen, size_t prefix_len) {
    pen->prefix_len = prefix_len;
    pen->fresh = false;
}

void dh_pen_text(dh_pen *pen, dh_slice text) {
    while (text.ptr != NULL) {
        dh_buf_put_slice(pen->out, dh_slice_cut(&text, '\n'));
        if (text.ptr != NULL) dh_pen_line(pen);
    }
}
