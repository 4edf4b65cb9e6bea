/* SPDX-License-Identifier: Apache-2.0 */
/* css: CSS Selectors Level 4 as far as a static tree allows, and the procedural pseudo-classes that
 * uBlock Origin's HTML filtering made familiar. Compiled once, immutable, shared by threads. */
#ifndef DH_CSS_CSS_H
#define DH_CSS_CSS_H

#include "dom/dom.h"
#include "text/regex.h"

typedef struct dh_css dh_css; /* a compiled selector list, in the arena it was compiled in */
typedef struct dh_xpath_cache dh_xpath_cache; /* XPath at work; one per page object, heap */

/* NULL: out of memory. */
dh_xpath_cache *dh_xpath_cache_new(void);
void dh_xpath_cache_free(dh_xpath_cache *cache);

/* Compiles text into arena (guarded). Text that begins with "xpath:", "/" or "(/" is XPath 1.0. Regexes inside are registered with `own` so that the owner can free them
 * (called once per regex; may be NULL when the selector has none). DH_ERR_RULE with *error->offset
 * (bytes into text) and what was meant. */
dh_status dh_css_compile(dh_slice text, dh_arena *arena, void (*own)(void *data, dh_regex *regex),
                         void *data, dh_css **out, dh_error *error);

/* Whether HTML compares the values of the attribute (lower case) without regard to case. */
bool dh_css_folds_value(dh_slice name);

/* The regular expressions in it, by number from 0; NULL behind the last. For lint. */
const dh_regex *dh_css_regex(const dh_css *css, uint32_t number);

typedef struct dh_css_context {
    dh_dom *dom;
    dh_regex_cache *regexes;
    dh_arena *arena;
    dh_slice url;       /* for :matches-path, may be empty */
    uint64_t steps;     /* counts up */
    uint64_t max_steps; /* 0: none; when reached nothing matches any more and `limited` is set */
    bool limited;
    const dh_css *stopped;  /* the list of a set at which max_steps was reached, or NULL */
    const dh_css *too_slow; /* the first with a regex that its own limit stopped, or NULL */
    dh_xpath_cache *xpaths; /* NULL: XPath selects nothing */
    struct dh_css_memo *memo; /* private; NULL at first. Belongs to dom and arena */
} dh_css_context;

typedef DH_VEC(uint32_t) dh_node_list;

/* Whether element id matches (procedural :upward changes what is selected: see dh_css_select). */
bool dh_css_matches(const dh_css *css, dh_css_context *context, uint32_t id);
/* The selected elements below and including `root`, in document order, each once. */
void dh_css_select(const dh_css *css, dh_css_context *context, uint32_t root, dh_node_list *out);
/* The first of them or DH_NO_NODE. */
uint32_t dh_css_first(const dh_css *css, dh_css_context *context, uint32_t root);

/* XPath may give more than elements. dh_css_select leaves attributes out, gives text nodes by their
 * ids, and the root for an expression that is true. */
typedef struct dh_css_value {
    uint32_t node; /* element or text node; of an attribute its element; else DH_NO_NODE */
    bool is_attribute;
    dh_slice text; /* of an attribute, a text node, or an expression that is a text or number */
} dh_css_value;
typedef DH_VEC(dh_css_value) dh_css_values;
bool dh_css_is_xpath(const dh_css *css);
/* Whether some part of it is. */
bool dh_css_has_xpath(const dh_css *css);
/* All it gives, in document order. Selectors that are no XPath: what dh_css_select selects. */
void dh_css_evaluate(const dh_css *css, dh_css_context *context, dh_css_values *out);

/* Many selector lists matched in one walk. Entries of list may be NULL; list is borrowed. */
typedef struct dh_css_set dh_css_set;
dh_css_set *dh_css_set_new(dh_arena *arena, const dh_css *const *list, uint32_t n);
/* What each of them selects in the whole tree into out[n] (empty lists on entry), in document order;
 * first_only: at most one element each. */
void dh_css_set_select(const dh_css_set *set, dh_css_context *context, bool first_only,
                       dh_node_list *out);

#endif
