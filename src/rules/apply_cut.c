/* SPDX-License-Identifier: Apache-2.0 */
/* apply_cut: `cut before` and `cut after`. The place itself goes too. Of several places the first is
 * taken that leaves an article: a label in the masthead does not cut the page away. */
#include "rules/rules_private.h"

enum { MAX_PERCENT = 60 };

static void places_of_selector(dh_rule_run *run, const dh_node_list *nodes, uint8_t *place) {
    if (nodes->len == 0) return;
    dh_covers covers;
    dh_rule_cover(run, nodes, &covers);
    for (uint32_t b = 0; b < run->page->blocks->len; b++) place[b] = covers.of[b] != DH_COVER_NONE;
}

static void places_of_phrases(dh_rule_run *run, const dh_rule_line *line, uint8_t *place) {
    for (uint32_t b = 0; b < run->page->blocks->len; b++)
        place[b] = dh_rule_phrase_of(run, line, b) != NULL;
}

static uint32_t share(const dh_rule_run *run, uint32_t begin, uint32_t end) {
    uint32_t n = run->page->blocks->len;
    uint8_t *taken = dh_arena_zalloc(run->page->arena, n, 1);
    memset(taken + begin, 1, end - begin);
    uint64_t all = dh_rule_chars(run, NULL), gone = dh_rule_chars(run, taken);
    return all > 0 ? (uint32_t)(gone * 100 / all) : 0;
}

static void cut(dh_rule_run *run, uint32_t index) {
    const dh_rule_line *line = run->lines.ptr[index];
    uint32_t n = run->page->blocks->len, least = UINT32_MAX, tries = 0;
    uint8_t *place = dh_arena_zalloc(run->page->arena, n, 1);
    if (line->css != NULL)
        places_of_selector(run, dh_rule_nodes(run, index), place);
    else
        places_of_phrases(run, line, place);
    for (uint32_t b = 0; b < n && tries < 100; b++) {
        if (!place[b] || (run->outside != NULL && run->outside[b])) continue;
        uint32_t last = b; /* an element may hold several blocks */
        while (line->css != NULL && last + 1 < n && place[last + 1]) last++;
        bool before = line->verb == DH_RULE_cut_before;
        uint32_t begin = before ? 0 : b, end = before ? last + 1 : n;
        uint32_t percent = share(run, begin, end);
        tries++;
        if (percent > MAX_PERCENT) {
            if (percent < least) least = percent;
            b = last;
            continue;
        }
        for (uint32_t i = begin; i < end; i++)
            dh_rule_mark(run, line, i, DH_DROP, DH_CAUSE_RULE, line->text);
        return;
    }
    if (least != UINT32_MAX) dh_rule_refuse(run, line, least);
}

void dh_apply_cut(dh_rule_run *run) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        dh_rule_verb verb = run->lines.ptr[i]->verb;
        if (verb == DH_RULE_cut_before || verb == DH_RULE_cut_after) cut(run, i);
    }
}
