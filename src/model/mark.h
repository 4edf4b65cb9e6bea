/* SPDX-License-Identifier: Apache-2.0 */
/* mark: a verdict that a rule, a label or the classifier gives on a block or a span of one. Nothing
 * is edited in place: all marks stay, the deciding one is found by authority. */
#ifndef DH_MODEL_MARK_H
#define DH_MODEL_MARK_H

#include "base/arena.h"
#include "model/block.h"

typedef enum dh_verdict { DH_KEEP, DH_DROP, DH_REPLACE } dh_verdict;

/* Who says so. The order is that of authority, highest first; within one cause the later mark
 * wins, except that nothing outranks a site's `keep`. */
typedef enum dh_cause {
    DH_CAUSE_KEEP,     /* a rule's keep */
    DH_CAUSE_RULE,     /* any other rule: remove, cut, replace, outside of article ... */
    DH_CAUSE_HIDDEN,   /* not visible to a reader */
    DH_CAUSE_LABEL,    /* a label of the lexicon that is certain, or the list below one */
    DH_CAUSE_REPEATED, /* repeated over the site or on the page */
    DH_CAUSE_ARTICLE,  /* inside of what a rule's `article` selected: keep */
    DH_CAUSE_SCORE     /* the extractor */
} dh_cause;

typedef struct dh_mark {
    uint32_t block;
    uint32_t begin, end; /* bytes of the block's text; begin 0 and end UINT32_MAX: the whole block */
    dh_verdict verdict;
    dh_cause cause;
    dh_slice source;      /* rule file ("rules/x.rules"), label class, or what of the extractor */
    uint32_t line;        /* of the rule file, 0 without one */
    dh_slice detail;      /* the selector, phrase or reason in words */
    dh_slice replacement; /* for DH_REPLACE */
    dh_slice moved;       /* what moved the classifier most, in words; empty unless asked for */
    int32_t score;        /* 0..1000, chance of being article text; -1 when none was made */
    uint32_t next_span;   /* the block's next span mark; filled by dh_marks_resolve */
} dh_mark;

typedef struct dh_marks {
    dh_arena *arena;
    dh_mark *ptr;
    uint32_t len, cap;
} dh_marks;

#define DH_WHOLE UINT32_MAX

/* What a kept block is, as far as the output cares. Fields are told apart from the body. */
typedef enum dh_role {
    DH_ROLE_BODY,
    DH_ROLE_TITLE,
    DH_ROLE_BYLINE, /* author, date line */
    DH_ROLE_CAPTION,
    DH_ROLE_COMMENT
} dh_role;

typedef struct dh_decision {
    dh_verdict verdict; /* KEEP or DROP for the whole block */
    dh_role role;
    uint32_t mark;  /* index of the deciding mark, UINT32_MAX when none spoke (then KEEP) */
    uint32_t spans; /* number of kept-block span marks (lines removed, replacements) */
    uint32_t first_span; /* index of the first of them; the others follow by next_span */
} dh_decision;

void dh_marks_init(dh_marks *marks, dh_arena *arena);
/* A mark on a whole block; returns it for further fields. Slices are borrowed. */
dh_mark *dh_marks_add(dh_marks *marks, uint32_t block, dh_verdict verdict, dh_cause cause,
                      dh_slice source, dh_slice detail);
/* Fills decisions[n], one per block, from the marks. Roles are left BODY. A span mark under a
 * whole-block KEEP by rule is void. Linear in blocks and marks. */
void dh_marks_resolve(dh_marks *marks, dh_decision *decisions, uint32_t n);
/* The text of block `block` with its surviving span marks applied, trimmed. Of spans that overlap, a
 * later DROP takes what is left of it, a later REPLACE is void. One piece that is left is a slice of
 * the block's text, else the result lives in arena. */
dh_slice dh_marks_text(const dh_marks *marks, const dh_blocks *blocks, const dh_decision *decisions,
                       uint32_t block, dh_arena *arena);

#endif
