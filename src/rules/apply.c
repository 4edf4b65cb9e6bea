/* SPDX-License-Identifier: Apache-2.0 */
/* apply: one page's run: finds the files, lets each family of verbs add its marks and fields. */
#include <stdio.h>

#include "rules/rules_private.h"

static const struct {
    dh_rule_family family;
    void (*apply)(dh_rule_run *run);
    bool needs_tree;
} families[] = {
    {DH_FAMILY_CONTROL, dh_apply_control, false}, {DH_FAMILY_ARTICLE, dh_apply_article, true},
    {DH_FAMILY_REMOVE, dh_apply_remove, false},   {DH_FAMILY_BLOCK, dh_apply_block, false},
    {DH_FAMILY_CUT, dh_apply_cut, false},         {DH_FAMILY_LINE, dh_apply_line, false},
    {DH_FAMILY_FIELD, dh_apply_field, true},
};

dh_mark *dh_rule_mark(dh_rule_run *run, const dh_rule_line *line, uint32_t block,
                      dh_verdict verdict, dh_cause cause, dh_slice detail) {
    dh_mark *mark =
        dh_marks_add(run->page->marks, block, verdict, cause, line->file->source, detail);
    mark->line = line->line;
    return mark;
}

void dh_rule_refuse(dh_rule_run *run, const dh_rule_line *line, uint32_t percent) {
    dh_buf buf;
    dh_buf_init(&buf, run->page->arena, 0);
    dh_buf_put_slice(&buf, run->out->refused);
    if (buf.len > 0) dh_buf_puts(&buf, ", ");
    dh_buf_put_slice(&buf, line->file->source);
    dh_buf_printf(&buf, ":%u (%u %%)", (unsigned)line->line, (unsigned)percent);
    run->out->refused = dh_buf_slice(&buf);
}

uint64_t dh_rule_chars(const dh_rule_run *run, const uint8_t *taken) {
    const dh_blocks *blocks = run->page->blocks;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < blocks->len; i++) {
        const dh_block *b = &blocks->ptr[i];
        if (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT) || b->link_chars > b->chars) continue;
        if (run->outside != NULL && run->outside[i]) continue;
        if (taken == NULL || taken[i]) sum += b->chars - b->link_chars;
    }
    return sum;
}

static bool has_family(const dh_rule_run *run, dh_rule_family family) {
    for (uint32_t i = 0; i < run->lines.len; i++)
        if (dh_directives[run->lines.ptr[i]->verb].family == family) return true;
    return false;
}

dh_rule_outcome dh_rules_apply(const dh_rule_set *set, dh_rule_page *page) {
    dh_rule_outcome out = {.heuristics = true};
    if (set->files.len == 0 || set->hosts.entries == NULL) return out;
    dh_rule_run run = {.set = set, .page = page, .out = &out};
    run.css = (dh_css_context){.dom = page->dom,
                               .regexes = page->regexes,
                               .xpaths = page->xpaths,
                               .arena = page->arena,
                               .url = page->url,
                               .max_steps = page->limits != NULL ? page->limits->rule_steps : 0};
    dh_rules_find(&run);
    if (run.lines.len > 0) dh_rules_select(&run);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if ((page->dom != NULL || !families[i].needs_tree) && has_family(&run, families[i].family))
            families[i].apply(&run);
    out.limited = run.css.limited;
    return out;
}
