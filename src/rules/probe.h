/* SPDX-License-Identifier: Apache-2.0 */
/* probe: what a line of a rule file finds on a page by itself, whatever other lines say. For tools. */
#ifndef DH_RULES_PROBE_H
#define DH_RULES_PROBE_H

#include "rules/rules_private.h"

#define DH_PROBE_NONE UINT32_MAX

/* Values that a field's line gives, elements that another line's selector selects, blocks that are one of its phrases, or blocks that its
 * replacement changes. DH_PROBE_NONE: the line looks for nothing (a host, a switch), or for elements
 * where there is no tree, or by XPath where the page has none at work. */
uint32_t dh_rule_probe(const dh_rule_set *set, dh_rule_page *page, const dh_rule_line *line);

enum { DH_SLOW_TEXTS = 9 };
typedef struct dh_slow_texts {
    dh_slice text[DH_SLOW_TEXTS];
} dh_slow_texts;
/* Texts that make bad regular expressions slow. In arena. */
void dh_slow_texts_make(dh_slow_texts *texts, dh_arena *arena);

/* The first regular expression of the line that runs into the step limit of cache on one of
 * the texts; 0: none does, else which one of the line, from 1. */
uint32_t dh_rule_probe_slow(const dh_rule_line *line, dh_regex_cache *cache,
                            const dh_slow_texts *texts);

#endif
