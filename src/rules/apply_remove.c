/* SPDX-License-Identifier: Apache-2.0 */
/* apply_remove: `remove` and `keep`. */
#include "rules/rules_private.h"

static void remove_nodes(dh_rule_run *run, const dh_rule_line *line, const dh_node_list *nodes) {
    dh_covers covers;
    dh_rule_cover(run, nodes, &covers);
    uint32_t n = run->page->blocks->len;
    uint8_t *taken = dh_arena_zalloc(run->page->arena, n, 1);
    for (uint32_t b = 0; b < n; b++) taken[b] = covers.of[b] == DH_COVER_WHOLE;
    uint64_t all = dh_rule_chars(run, NULL), gone = dh_rule_chars(run, taken);
    if (all > 0 && gone * 100 > all * DH_RULE_MAX_PERCENT) {
        dh_rule_refuse(run, line, (uint32_t)(gone * 100 / all));
        return;
    }
    for (uint32_t b = 0; b < n; b++)
        if (taken[b]) dh_rule_mark(run, line, b, DH_DROP, DH_CAUSE_RULE, line->text);
    for (uint32_t i = 0; i < covers.spans.len; i++) {
        const dh_cover_span *span = &covers.spans.ptr[i];
        dh_mark *mark = dh_rule_mark(run, line, span->block, DH_DROP, DH_CAUSE_RULE, line->text);
        mark->begin = span->begin;
        mark->end = span->end;
    }
}

static void keep_nodes(dh_rule_run *run, const dh_rule_line *line, const dh_node_list *nodes) {
    dh_covers covers;
    dh_rule_cover(run, nodes, &covers);
    for (uint32_t b = 0; b < run->page->blocks->len; b++)
        if (covers.of[b] != DH_COVER_NONE)
            dh_rule_mark(run, line, b, DH_KEEP, DH_CAUSE_KEEP, line->text);
}

static void keep_phrases(dh_rule_run *run, const dh_rule_line *line) {
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        const dh_phrase *phrase = dh_rule_phrase_of(run, line, b);
        if (phrase != NULL) dh_rule_mark(run, line, b, DH_KEEP, DH_CAUSE_KEEP, phrase->text);
    }
}

void dh_apply_remove(dh_rule_run *run) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb != DH_RULE_remove && line->verb != DH_RULE_keep) continue;
        if (line->css == NULL) {
            keep_phrases(run, line);
        } else if (dh_rule_nodes(run, i)->len > 0) {
            if (line->verb == DH_RULE_remove)
                remove_nodes(run, line, dh_rule_nodes(run, i));
            else
                keep_nodes(run, line, dh_rule_nodes(run, i));
        }
    }
}
