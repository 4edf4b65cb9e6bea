/* SPDX-License-Identifier: Apache-2.0 */
/* rules_learn: dehusk rules learn: a rule file for a host, drafted from what its saved pages share. The pages are cleaned
 * four times:
 *   NOTE     their lines are counted (corpus/counter.h); what is boilerplate is the site memory
 *   PROPOSE  with that memory: selectors for elements that hold nothing but lines it removes
 *   TRY      each selector on all pages: what it takes that memory takes, and whether it takes anything else
 *   CHECK    the draft alone: whether it removes what memory removed, and no more
 * Private to cmd_rules_learn.c and rules_learn_*.c. */
#ifndef DH_CLI_RULES_LEARN_H
#define DH_CLI_RULES_LEARN_H

#include "base/map.h"
#include "cli/cmd_rules.h"
#include "cli/run.h"

enum {
    DH_LEARN_SELECTORS = 500, /* that are tried */
    DH_LEARN_ROUNDS = 4,      /* of drafts that are checked */
};

typedef enum dh_learn_pass {
    DH_LEARN_NOTE,
    DH_LEARN_PROPOSE,
    DH_LEARN_TRY,
    DH_LEARN_CHECK
} dh_learn_pass;

/* What becomes of a block with the site memory. */
typedef enum dh_learn_fate {
    DH_LEARN_NOTHING, /* it has no text */
    DH_LEARN_STAYS,
    DH_LEARN_GOES,   /* by the memory */
    DH_LEARN_MAY_GO, /* dropped otherwise, and the memory knows the line */
    DH_LEARN_OTHER   /* dropped otherwise */
} dh_learn_fate;

/* A line that memory removes from some page. */
typedef struct dh_learn_line {
    uint64_t key, pages, of;
    uint64_t stays; /* how often memory lets it stay (a heading); else it is no line for text */
    dh_slice text;  /* the smallest by bytes; empty when no rule can say it */
    uint64_t hits;  /* that no chosen selector takes */
    bool digits;
    uint32_t at; /* line of the draft, 0: none */
} dh_learn_line;

typedef struct dh_learn_selector {
    dh_slice text;
    uint64_t proposed;
    bool harms; /* it takes what memory does not */
    bool chosen;
    uint64_t gain;              /* lines that it takes and no chosen one does */
    uint64_t pages;             /* with a line that it takes */
    uint32_t last_page, sample; /* sample: the line of most pages that it takes */
    uint32_t at;                /* line of the draft */
} dh_learn_selector;

/* A line on a page that memory removes, and the selectors that take it: covers[begin..end). */
typedef struct dh_learn_hit {
    uint32_t line, page, begin, end;
    bool covered;
} dh_learn_hit;

typedef struct dh_learn {
    dh_rules_cli *r;
    dh_cli cli;             /* the program's, with the options below */
    dh_cli_options options; /* whose operands are the inputs */
    dh_slice host;          /* without "www." */
    dh_learn_pass pass;
    dh_inputs inputs;
    dh_site_memory memory; /* find NULL: not known yet; owned by the engine of PROPOSE and TRY */
    dh_arena arena;        /* of all below; guarded while results are taken */
    dh_buf noted;          /* heap: page_lines.h, a line a page */
    uint64_t pages, elsewhere; /* of the host, of others */
    uint64_t seen;             /* of the host, in the pass at hand */
    dh_map line_ids, selector_ids;
    DH_VEC(dh_learn_line) lines;
    DH_VEC(dh_learn_selector) selectors;
    DH_VEC(dh_learn_hit) hits;
    DH_VEC(uint32_t) covers;
    DH_VEC(dh_slice) fates; /* by page: a dh_learn_fate a block */
    bool lost;              /* a page, by want of memory or with its worker */
    uint32_t page;          /* at hand */
    uint32_t first_day, last_day;
    /* CHECK: */
    uint64_t gone, missed;    /* lines that went with the draft alone, that did not */
    DH_VEC(uint32_t) harmful; /* lines of the draft that took more than memory does */
} dh_learn;

/* The workers' side; data is a dh_learn. */
extern const dh_maker dh_learn_maker;
/* A record that it made, into the dh_learn. */
void dh_learn_take(dh_learn *learn, dh_slice record);
/* Chooses selectors; lines that none takes are left to text. Again after some turned out to harm. */
void dh_learn_choose(dh_learn *learn);
/* The draft; checked: with how the check went. */
void dh_learn_write(dh_learn *learn, bool checked, dh_buf *out);

#endif
