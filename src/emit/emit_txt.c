/* SPDX-License-Identifier: Apache-2.0 */
/* txt: the article's words and what of its shape plain text can show. */
#include "emit/format.h"
#include "emit/head.h"
#include "emit/pen.h"

#include <stdio.h>

typedef struct txt {
    dh_pen pen;
    size_t outer[DH_WALK_DEPTH]; /* prefix lengths around the open items */
} txt;

static void begin_item(txt *t, const dh_walk_event *event) {
    char marker[16] = "- ";
    if (event->ordered) snprintf(marker, sizeof marker, "%u. ", (unsigned)event->number);
    dh_pen_gap(&t->pen, 1);
    t->outer[event->depth - 1] = dh_pen_marker(&t->pen, dh_slice_cstr(marker), DH_SLICE("  "));
}

static void row(txt *t, dh_slice text) {
    dh_pen_start(&t->pen);
    while (text.ptr != NULL) {
        dh_buf_put_slice(t->pen.out, dh_slice_cut(&text, '\t'));
        if (text.ptr != NULL) dh_buf_puts(t->pen.out, " | ");
    }
}

static void render(void *data, const dh_walk_event *event) {
    txt *t = data;
    switch (event->part) {
    case DH_PART_ITEM:
        if (event->leave)
            dh_pen_pop(&t->pen, t->outer[event->depth - 1]);
        else
            begin_item(t, event);
        break;
    case DH_PART_LIST:
        if (!event->leave) dh_pen_gap(&t->pen, event->depth > 1 ? 1 : 2);
        break;
    case DH_PART_TABLE:
        if (!event->leave) dh_pen_gap(&t->pen, 2);
        break;
    case DH_PART_ROW:
        dh_pen_gap(&t->pen, 1);
        row(t, event->text);
        break;
    case DH_PART_QUOTE:
    case DH_PART_FIGURE:
    case DH_PART_IMAGE:
        break;
    case DH_PART_PARAGRAPH:
    case DH_PART_HEADING:
    case DH_PART_CODE:
    case DH_PART_CAPTION:
        dh_pen_gap(&t->pen, event->depth > 0 ? 1 : 2);
        dh_pen_start(&t->pen);
        dh_pen_text(&t->pen, event->text);
        break;
    }
}

void dh_emit_txt_body(const dh_article *article, const dh_emit_options *options, uint32_t roles,
                      dh_arena *arena, dh_buf *out) {
    (void)arena;
    txt t;
    dh_pen_init(&t.pen, out);
    dh_walk(article, options, roles, NULL, render, &t);
}

void dh_emit_txt(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                 dh_buf *out) {
    if (options->with_metadata) dh_head_put(article, arena, out);
    dh_emit_txt_body(article, options, dh_walk_body_roles(options), arena, out);
    if (options->comments) dh_emit_txt_body(article, options, DH_ROLES_COMMENT, arena, out);
    if (out->len > 0 && out->ptr[out->len - 1] != '\n') dh_buf_putc(out, '\n');
}
