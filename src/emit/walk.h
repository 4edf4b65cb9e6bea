/* SPDX-License-Identifier: Apache-2.0 */
/* walk: an article as a reader sees it. Goes over the shown blocks in reading order and puts items
 * together to lists, rows to tables, quotes to one quote, an image and its caption to a figure. The
 * shared core of the formats, each of which is a function from events to text (as cmark's renderers
 * are). Linear in the blocks. Private to emit/. */
#ifndef DH_EMIT_WALK_H
#define DH_EMIT_WALK_H

#include "emit/emit.h"

typedef enum dh_part {
    /* holders: an event when they begin and one when they end */
    DH_PART_LIST,
    DH_PART_ITEM,
    DH_PART_QUOTE,
    DH_PART_TABLE,
    DH_PART_FIGURE,
    /* leaves: one event each, with a block */
    DH_PART_PARAGRAPH, /* in an ITEM or QUOTE too */
    DH_PART_HEADING,
    DH_PART_CODE,
    DH_PART_ROW,
    DH_PART_IMAGE,  /* in a FIGURE; text is empty */
    DH_PART_CAPTION /* in a FIGURE */
} dh_part;

typedef struct dh_walk_event {
    dh_part part;
    bool leave;       /* the end of a holder */
    bool ordered;     /* LIST, ITEM */
    bool header;      /* ROW: of header cells */
    bool further;     /* PARAGRAPH: not the first of its item */
    uint8_t level;    /* HEADING: 1..6 */
    uint32_t depth;   /* number of open lists, this one included */
    uint32_t number;  /* ITEM: from 1; LIST: that of its first item */
    uint32_t columns; /* TABLE, ROW: cells of the longest row */
    uint32_t block;   /* of a leaf */
    dh_slice text;    /* of a leaf: article->texts */
} dh_walk_event;

typedef void dh_walk_fn(void *data, const dh_walk_event *event);

enum {
    DH_ROLES_BODY = 1 << DH_ROLE_BODY,
    DH_ROLES_CAPTION = 1 << DH_ROLE_CAPTION,
    DH_ROLES_COMMENT = 1 << DH_ROLE_COMMENT
};

enum { DH_WALK_DEPTH = 32 }; /* deepest list; what is deeper joins the list of this depth */

/* Body, and captions when they are asked for. */
uint32_t dh_walk_body_roles(const dh_emit_options *options);
/* roles: bits of DH_ROLES_; only kept blocks of these roles are shown, rows only with
 * options->tables, image blocks only when `images` (NULL: not at all) and with a usable address,
 * which is made in this arena. */
void dh_walk(const dh_article *article, const dh_emit_options *options, uint32_t roles,
             dh_arena *images, dh_walk_fn *fn, void *data);

#endif
