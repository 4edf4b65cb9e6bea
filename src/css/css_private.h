/* SPDX-License-Identifier: Apache-2.0 */
/* css_private: a compiled selector list. Flat arrays, linked by index so that nested lists can be
 * compiled in place:
 *     list      complex selectors, by `next`
 *     complex   its right-most compound; then `upward` steps
 *     compound  its parts, cheapest first, by `next`; `prev` is the compound to its left */
#ifndef DH_CSS_PRIVATE_H
#define DH_CSS_PRIVATE_H

#include "css/css.h"

enum { CSS_NONE = -1, CSS_MAX_NESTING = 32, CSS_MAX_PARTS = 2000 };

/* In order of cost: cheap parts are tried first. */
typedef enum css_kind {
    CSS_NAME, /* an element that tags.def does not list */
    CSS_SCOPE,
    CSS_ROOT,
    CSS_ID,
    CSS_CLASS,
    CSS_ATTRIBUTE,
    CSS_LINK,
    CSS_EMPTY,
    CSS_FIRST_CHILD,
    CSS_LAST_CHILD,
    CSS_ONLY_CHILD,
    CSS_FIRST_OF_TYPE,
    CSS_LAST_OF_TYPE,
    CSS_ONLY_OF_TYPE,
    CSS_NTH_CHILD,
    CSS_NTH_LAST_CHILD,
    CSS_NTH_OF_TYPE,
    CSS_NTH_LAST_OF_TYPE,
    CSS_DIR,
    CSS_LANG,
    CSS_MATCHES_PATH,
    CSS_MATCHES_ATTR,
    CSS_IS,
    CSS_NOT,
    CSS_MIN_TEXT,
    CSS_HAS_TEXT,
    CSS_HAS,
    CSS_UPWARD, /* these two are never a part but a step of their complex */
    CSS_XPATH
} css_kind;

typedef enum css_op {
    CSS_OP_PRESENT,
    CSS_OP_EQUAL,    /* = */
    CSS_OP_WORD,     /* ~= */
    CSS_OP_DASH,     /* |= */
    CSS_OP_PREFIX,   /* ^= */
    CSS_OP_SUFFIX,   /* $= */
    CSS_OP_SUBSTRING /* *= */
} css_op;

typedef struct css_part {
    css_kind kind;
    css_op op;
    bool fold;    /* attribute value without regard to ASCII case */
    int32_t next; /* part of the same compound */
    int32_t list; /* first complex of a nested list, or CSS_NONE */
    int32_t a, b; /* An+B; b: number of :min-text-length */
    dh_slice name, value;
    const dh_regex *regex;      /* instead of value */
    const dh_regex *name_regex; /* instead of name */
} css_part;

typedef struct css_compound {
    dh_tag tag;      /* 0: any */
    char combinator; /* between prev and this: ' ' '>' '+' '~' */
    int32_t prev;
    int32_t first;
} css_compound;

typedef struct css_complex {
    char leading;   /* relative selectors: how it hangs on the scope */
    int32_t last;   /* right-most compound before any :upward */
    int32_t upward; /* first step, or CSS_NONE */
    int32_t next;
} css_complex;

/* Goes from an element to an ancestor (or to what an XPath gives); `tail` is a chain of compounds whose left-most one is that
 * ancestor (CSS_SCOPE), and selects what is selected in the end or climbs on. */
typedef struct css_upward {
    uint32_t count; /* levels; 0: by list or xpath */
    dh_slice xpath; /* what it gives instead of an ancestor, when not empty */
    int32_t list;
    int32_t tail;
    int32_t next;
} css_upward;

struct dh_css {
    dh_arena *arena;
    int32_t list;
    dh_slice xpath; /* all of it is this expression, when not empty */
    bool climbs;    /* some complex has :upward or :xpath, or it is XPath: not for buckets */
    DH_VEC(css_part) parts;
    DH_VEC(css_compound) compounds;
    DH_VEC(css_complex) complexes;
    DH_VEC(css_upward) upwards;
};

/* What matching has found out about the tree so far. */
struct dh_css_memo {
    uint32_t *prev;  /* previous sibling element or DH_NO_NODE, per node */
    uint32_t *index; /* from 1 among the elements of the parent */
    uint32_t *last;  /* the same from the end */
    uint32_t *type_index, *type_last;
    dh_buf text; /* of the element asked for last */
    struct dh_xpath_tree *xpath_tree;
};

/* Counts steps; false from then on when they are used up. In match.c. */
bool dh_css_spend(dh_css_context *context, uint64_t steps);
/* One complex selector of a list without :upward, in match.c. */
bool dh_css_complex_matches(const dh_css *css, dh_css_context *context, int32_t complex,
                            uint32_t id);
/* Both fill the memo on first use; in nth.c. */
const struct dh_css_memo *dh_css_siblings(dh_css_context *context);
const struct dh_css_memo *dh_css_types(dh_css_context *context);
struct dh_css_memo *dh_css_memo_of(dh_css_context *context);
/* "even", "2n+1", "-n + 3" up to but not including " of" or the end; false: malformed. *used is the
 * number of bytes read. */
bool dh_css_parse_nth(dh_slice text, int32_t *a, int32_t *b, size_t *used);
bool dh_css_nth_fits(int32_t a, int32_t b, uint32_t index);

#endif
