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

static void add_refused(dh_rule_run *run, const dh_rule_line *line, const char *why) {
    dh_buf buf;
    dh_buf_init(&buf, run->page->arena, 0);
    dh_buf_put_slice(&buf, run->out->refused);
    if (buf.len > 0) dh_buf_puts(&buf, ", ");
    dh_buf_put_slice(&buf, line->file->source);
    dh_buf_printf(&buf, ":%u (%s)", (unsigned)line->line, why);
    run->out->refused = dh_buf_slice(&buf);
}

void dh_rule_refuse(dh_rule_run *run, const dh_rule_line *line, uint32_t percent) {
    char why[32];
    snprintf(why, sizeof why, "%u %%", (unsigned)percent);
    add_refused(run, line, why);
}

static bool uses_regex(const dh_rule_line *line, const dh_regex *regex) {
    if (line->regex == regex) return true;
    for (uint32_t i = 0; i < line->phrase_count; i++)
        if (line->phrases[i].regex == regex) return true;
    for (uint32_t i = 0; i < line->filter_count; i++)
        if (line->filters[i].regex == regex) return true;
    return false;
}

/* Names the lines at which a limit ended the work: what they say was not, or not wholly, done. */
static void name_stopped(dh_rule_run *run, const dh_regex *regex) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if ((regex != NULL && uses_regex(line, regex)) ||
            (line->css != NULL && line->css == run->css.too_slow))
            add_refused(run, line, "regular expression too slow");
        if (line->css != NULL && line->css == run->css.stopped)
            add_refused(run, line, "rule steps used up");
    }
}

bool dh_rule_counts(const dh_rule_run *run, uint32_t block) {
    const dh_block *b = &run->page->blocks->ptr[block];
    if (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT) || b->link_chars > b->chars) return false;
    return run->outside == NULL || !run->outside[block];
}

uint64_t dh_rule_chars(const dh_rule_run *run, const uint8_t *taken) {
    const dh_blocks *blocks = run->page->blocks;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < blocks->len; i++)
        if (dh_rule_counts(run, i) && (taken == NULL || taken[i]))
            sum += blocks->ptr[i].chars - blocks->ptr[i].link_chars;
    return sum;
}

dh_css_context dh_rule_css(const dh_rule_page *page) {
    return (dh_css_context){.dom = page->dom,
                            .regexes = page->regexes,
                            .xpaths = page->xpaths,
                            .arena = page->arena,
                            .url = page->url,
                            .max_steps = page->limits != NULL ? page->limits->rule_steps : 0};
}

static bool has_family(const dh_rule_run *run, dh_rule_family family) {
    for (uint32_t i = 0; i < run->lines.len; i++)
        if (dh_directives[run->lines.ptr[i]->verb].family == family) return true;
    return false;
}

static dh_rule_outcome apply(const dh_rule_set *set, dh_rule_page *page) {
    dh_rule_outcome out = {.heuristics = true};
    dh_rule_run run = {.set = set, .page = page, .out = &out};
    run.css = dh_rule_css(page);
    if (page->regexes != NULL) dh_regex_cache_begin(page->regexes);
    dh_rules_find(&run);
    if (run.lines.len > 0) dh_rules_select(&run);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if ((page->dom != NULL || !families[i].needs_tree) && has_family(&run, families[i].family))
            families[i].apply(&run);
    name_stopped(&run, page->regexes != NULL ? dh_regex_cache_stopped(page->regexes) : NULL);
    out.limited = run.css.limited;
    return out;
}

/* For a page object without a cache of its own: a guard of ours frees it when the arena leaves. */
static dh_rule_outcome apply_with_cache(const dh_rule_set *set, dh_rule_page *page) {
    jmp_buf guard, *outer = page->arena->guard;
    page->xpaths = dh_xpath_cache_new();
    bool left = dh_arena_guard(page->arena, &guard);
    dh_rule_outcome out = {.heuristics = true};
    if (!left) out = apply(set, page);
    page->arena->guard = outer;
    dh_xpath_cache_free(page->xpaths);
    page->xpaths = NULL;
    if (left) dh_arena_fail(page->arena, page->arena->failure);
    return out;
}

dh_rule_outcome dh_rules_apply(const dh_rule_set *set, dh_rule_page *page) {
    if (set->files.len == 0 || set->hosts.entries == NULL)
        return (dh_rule_outcome){.heuristics = true};
    bool lacks = set->has_xpath && page->dom != NULL && page->xpaths == NULL;
    return lacks ? apply_with_cache(set, page) : apply(set, page);
}
