/* SPDX-License-Identifier: Apache-2.0 */
/* fetch: what rule files say about getting a page: before it is there, by its address; and what of it
 * is on other pages, once it is. Nothing is fetched here. */
#ifndef DH_RULES_FETCH_H
#define DH_RULES_FETCH_H

#include "rules/rules.h"

enum { DH_FETCH_PARTS = 20 }; /* behind the first, where a line does not say "at most" */

typedef struct dh_fetch_rules {
    dh_slice url;                   /* `rewrite url` applied; else as given */
    struct {
        const char **ptr; /* "Name: value", ends with a NUL */
        uint32_t len, cap;
    } headers;
    const char *user_agent; /* or NULL */
    uint32_t delay_ms;      /* between two requests to its host; 0: nothing is said */
    bool links;             /* there are lines for dh_rules_links */
} dh_fetch_rules;

/* By page->url, site and date; page's dom and blocks are not looked at. In page->arena (guarded). */
void dh_rules_fetch(const dh_rule_set *set, dh_rule_page *page, dh_fetch_rules *out);

typedef struct dh_fetch_links {
    dh_slice single, next; /* absolute addresses, or empty */
    uint32_t at_most;      /* parts behind the first */
} dh_fetch_links;

/* What `single page` and `next page` find on the page. In page->arena (guarded). */
void dh_rules_links(const dh_rule_set *set, dh_rule_page *page, dh_fetch_links *out);

#endif
