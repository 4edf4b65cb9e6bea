/* SPDX-License-Identifier: Apache-2.0 */
/* apply_article: `article`, or `paragraphs` with `subheads`: what is inside is kept, all else goes.
 * With `heuristics: on` what is inside is left to the extractor. */
#include "rules/rules_private.h"

/* Whether some visible text is selected: an empty element is no article. */
static bool has_text(const dh_rule_run *run, const dh_covers *covers) {
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        const dh_block *block = &run->page->blocks->ptr[b];
        if (covers->of[b] != DH_COVER_NONE && block->chars > 0 &&
            !(block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)))
            return true;
    }
    return false;
}

static bool covers_of(dh_rule_run *run, uint32_t i, dh_covers *covers) {
    const dh_node_list *nodes = dh_rule_nodes(run, i);
    if (nodes->len == 0) return false;
    dh_rule_cover(run, nodes, covers);
    return has_text(run, covers);
}

static void keep(dh_rule_run *run, const dh_rule_line *line, const dh_covers *covers,
                 uint8_t *inside) {
    bool judged = run->heuristics_said && run->out->heuristics;
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        if (covers->of[b] == DH_COVER_NONE) continue;
        inside[b] = 1;
        if (!judged) dh_rule_mark(run, line, b, DH_KEEP, DH_CAUSE_ARTICLE, line->text);
    }
}

static void drop_outside(dh_rule_run *run, const dh_rule_line *line, uint8_t *inside) {
    uint32_t n = run->page->blocks->len;
    dh_buf detail;
    dh_buf_init(&detail, run->page->arena, 0);
    dh_buf_puts(&detail, "outside of article ");
    dh_buf_put_slice(&detail, line->text);
    for (uint32_t b = 0; b < n; b++) {
        inside[b] = !inside[b];
        if (inside[b]) dh_rule_mark(run, line, b, DH_DROP, DH_CAUSE_RULE, dh_buf_slice(&detail));
    }
    run->outside = inside;
    run->out->article_found = true;
}

void dh_apply_article(dh_rule_run *run) {
    uint8_t *inside = dh_arena_zalloc(run->page->arena, run->page->blocks->len, 1);
    const dh_rule_line *chosen = NULL;
    dh_covers covers;
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb != DH_RULE_article || chosen != NULL) continue;
        if (!covers_of(run, i, &covers)) continue;
        keep(run, line, &covers, inside);
        chosen = line;
    }
    bool by_parts = chosen == NULL;
    for (uint32_t i = 0; by_parts && i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb != DH_RULE_paragraphs || !covers_of(run, i, &covers)) continue;
        keep(run, line, &covers, inside);
        if (chosen == NULL) chosen = line;
    }
    if (chosen == NULL) return;
    for (uint32_t i = 0; by_parts && i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb == DH_RULE_subheads && covers_of(run, i, &covers))
            keep(run, line, &covers, inside);
    }
    drop_outside(run, chosen, inside);
    if (!run->heuristics_said) run->out->heuristics = false;
}
