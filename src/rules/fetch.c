/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fetch.h"

#include "base/url.h"
#include "rules/rules_private.h"

static dh_rule_run begin(const dh_rule_set *set, dh_rule_page *page, dh_rule_outcome *out) {
    dh_rule_run run = {.set = set, .page = page, .out = out};
    run.css = dh_rule_css(page);
    if (page->regexes != NULL) dh_regex_cache_begin(page->regexes);
    return run;
}

/* What is no address afterwards is not taken. */
static dh_slice rewritten(dh_rule_run *run, const dh_rule_line *line, dh_slice url) {
    dh_slice text = dh_rule_replaced(run, line, url);
    return dh_url_is_http(text) ? text : url;
}

static const char *joined(dh_rule_run *run, const dh_rule_line *line) {
    dh_buf text;
    dh_buf_init(&text, run->page->arena, 0);
    dh_buf_put_slice(&text, line->words[0]);
    dh_buf_puts(&text, ": ");
    dh_buf_put_slice(&text, line->words[1]);
    return dh_buf_cstr(&text);
}

void dh_rules_fetch(const dh_rule_set *set, dh_rule_page *page, dh_fetch_rules *out) {
    dh_rule_outcome outcome = {.heuristics = true};
    *out = (dh_fetch_rules){.url = page->url};
    if (set == NULL || set->files.len == 0) return;
    dh_rule_run run = begin(set, page, &outcome);
    dh_rules_find(&run);
    for (uint32_t i = 0; i < run.lines.len; i++) {
        const dh_rule_line *line = run.lines.ptr[i];
        if (line->verb == DH_RULE_rewrite_url) out->url = rewritten(&run, line, out->url);
        if (line->verb == DH_RULE_header)
            *DH_PUSH(page->arena, out->headers) = joined(&run, line);
        if (line->verb == DH_RULE_user_agent && out->user_agent == NULL)
            out->user_agent = dh_arena_dup(page->arena, line->text).ptr;
        if (line->verb == DH_RULE_delay && out->delay_ms == 0) out->delay_ms = line->ms;
        out->links |= line->verb == DH_RULE_next_page || line->verb == DH_RULE_single_page;
    }
}

/* The first address that a line of the verb gives, without its fragment. */
static dh_slice link_of(dh_rule_run *run, dh_rule_verb verb, uint32_t *at_most) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb != verb) continue;
        dh_slice found = dh_rule_first_value(run, line);
        if (found.len == 0) continue;
        dh_slice url = dh_url_resolve(run->page->url, found, run->page->arena);
        url = dh_slice_cut(&url, '#');
        if (!dh_url_is_http(url)) continue;
        if (line->at_most > 0 && at_most != NULL) *at_most = line->at_most;
        return url;
    }
    return (dh_slice){0};
}

void dh_rules_links(const dh_rule_set *set, dh_rule_page *page, dh_fetch_links *out) {
    dh_rule_outcome outcome = {.heuristics = true};
    *out = (dh_fetch_links){.at_most = DH_FETCH_PARTS};
    if (set == NULL || set->files.len == 0 || page->dom == NULL) return;
    dh_rule_run run = begin(set, page, &outcome);
    dh_rules_find(&run);
    out->single = link_of(&run, DH_RULE_single_page, NULL);
    out->next = link_of(&run, DH_RULE_next_page, &out->at_most);
}
