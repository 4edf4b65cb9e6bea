/* SPDX-License-Identifier: Apache-2.0 */
/* skim_stack: a cheap model of the stack of open elements (HTML standard, 13.2.4.2), just good enough
 * to know how deep the tree builder would be. Private to dom/. */
#ifndef DH_DOM_SKIM_STACK_H
#define DH_DOM_SKIM_STACK_H

#include "base/arena.h"
#include "base/limits.h"
#include "dom/tag.h"

typedef struct dh_skim_open {
    dh_tag tag;
    bool emitted;
    bool html;       /* element of math: what stands in it is HTML */
    uint32_t name;   /* hash of an unlisted element's name */
    uint32_t active; /* table cells: formatting elements active outside of it */
} dh_skim_open;

typedef struct dh_skim_stack {
    dh_arena *arena;
    DH_VEC(dh_skim_open) open;
    uint32_t counts[DH_TAG_COUNT];
    uint32_t depth;  /* open elements that were let through */
    uint32_t active; /* formatting elements that the tree builder may reopen */
    uint32_t pre, math;
    dh_limit_id limited; /* the limit that refused a tag last */
} dh_skim_stack;

void dh_skim_stack_init(dh_skim_stack *stack, dh_arena *arena);
/* A start tag; false when a limit wants it left out. */
bool dh_skim_stack_open(dh_skim_stack *stack, dh_tag tag, dh_slice name, const dh_limits *limits);
/* An end tag; false when it closes a tag that was left out. */
bool dh_skim_stack_close(dh_skim_stack *stack, dh_tag tag, dh_slice name);
/* Whether an end tag would close something. */
bool dh_skim_stack_closes(const dh_skim_stack *stack, dh_tag tag, dh_slice name);

#endif
