/* SPDX-License-Identifier: Apache-2.0 */
/* text_head: private to meta/. The lines ahead of the body of scraped text. */
#ifndef DH_META_TEXT_HEAD_H
#define DH_META_TEXT_HEAD_H

#include "meta/state.h"

enum { DH_TEXT_HEAD = 24 /* lines looked at ahead of the body */ };

typedef struct dh_text_head {
    const dh_blocks *blocks;
    const uint8_t *lines; /* dh_text_line, one per block */
    uint32_t lead;        /* the body's first paragraph */
    dh_arena *arena;
} dh_text_head;

/* Whether block i is a short line with a date in it. */
bool dh_text_head_is_dated(const dh_text_head *head, uint32_t i);
/* Whether block i begins as bylines do. */
bool dh_text_head_is_byline(const dh_text_head *head, uint32_t i);

/* The block that is the headline; UINT32_MAX when it is not clear which. */
uint32_t dh_text_headline(const dh_text_head *head, dh_arena *arena);

#endif
