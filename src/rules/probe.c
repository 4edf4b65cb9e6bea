/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/probe.h"

static uint32_t count_phrases(dh_rule_run *run, const dh_rule_line *line) {
    uint32_t n = 0;
    for (uint32_t b = 0; b < run->page->blocks->len; b++)
        n += dh_rule_phrase_of(run, line, b) != NULL;
    return n;
}

/* `remove line` looks at the lines of a block, too. */
static uint32_t count_lines(dh_rule_run *run, const dh_rule_line *line) {
    uint32_t n = 0;
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        dh_slice rest = run->page->blocks->ptr[b].text;
        if (rest.len == 0 || memchr(rest.ptr, '\n', rest.len) == NULL) continue;
        while (rest.ptr != NULL) {
            dh_slice part = dh_slice_cut(&rest, '\n');
            for (uint32_t i = 0; i < line->phrase_count; i++)
                n += dh_phrase_matches(run, &line->phrases[i], b, part, false);
        }
    }
    return n;
}

static uint32_t count_replaced(dh_rule_run *run, const dh_rule_line *line) {
    uint32_t n = 0;
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        dh_slice text = run->page->blocks->ptr[b].text;
        dh_regex_match match;
        if (line->regex != NULL)
            n += run->page->regexes != NULL &&
                 dh_regex_find(run->page->regexes, line->regex, text, 0, &match) == DH_REGEX_YES;
        else
            n += dh_slice_has(text, line->literal);
    }
    return n;
}

/* Values of a field's line, elements of the others. */
static uint32_t count_selected(dh_rule_page *page, const dh_rule_line *line) {
    dh_css_context context = dh_rule_css(page);
    context.memo = page->memo;
    dh_css_values values = {0};
    dh_node_list nodes = {0};
    bool field = dh_directives[line->verb].value == DH_VALUE_FIELD;
    if (field) dh_css_evaluate(line->css, &context, &values);
    else dh_css_select(line->css, &context, 0, &nodes);
    page->memo = context.memo;
    return field ? values.len : nodes.len;
}

uint32_t dh_rule_probe(const dh_rule_set *set, dh_rule_page *page, const dh_rule_line *line) {
    dh_rule_outcome out = {0};
    dh_rule_run run = {.set = set, .page = page, .out = &out};
    if (line->css != NULL) {
        if (page->dom == NULL) return DH_PROBE_NONE;
        if (dh_css_has_xpath(line->css) && page->xpaths == NULL) return DH_PROBE_NONE;
        return count_selected(page, line);
    }
    if (line->phrase_count > 0)
        return count_phrases(&run, line) +
               (line->verb == DH_RULE_remove_line ? count_lines(&run, line) : 0);
    return line->verb == DH_RULE_replace ? count_replaced(&run, line) : DH_PROBE_NONE;
}

/* ---- slow regular expressions ---- */

/* Runs of what nested repetitions stumble over, with an end that lets them fail. */
static dh_slice hostile_text(const char *piece, dh_arena *arena) {
    enum { TIMES = 3000 };
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (int i = 0; i < TIMES; i++) dh_buf_puts(&out, piece);
    dh_buf_puts(&out, "\xE2\x80\xA1!\x01");
    return dh_buf_slice(&out);
}

void dh_slow_texts_make(dh_slow_texts *texts, dh_arena *arena) {
    static const char *const pieces[DH_SLOW_TEXTS] = {"a",  "1", " ",        "ab ", "aA1",
                                                      "a,", "-", "\xD8\xA7", "a\n"};
    for (int i = 0; i < DH_SLOW_TEXTS; i++) texts->text[i] = hostile_text(pieces[i], arena);
}

static bool is_slow(const dh_regex *regex, dh_regex_cache *cache, const dh_slow_texts *texts) {
    dh_regex_match match;
    dh_regex_cache_begin(cache);
    for (int i = 0; i < DH_SLOW_TEXTS; i++)
        if (dh_regex_find(cache, regex, texts->text[i], 0, &match) == DH_REGEX_LIMIT) return true;
    return false;
}

uint32_t dh_rule_probe_slow(const dh_rule_line *line, dh_regex_cache *cache,
                            const dh_slow_texts *texts) {
    uint32_t number = 0;
    const dh_regex *regex;
    for (uint32_t i = 0; line->css != NULL && (regex = dh_css_regex(line->css, i)) != NULL; i++)
        if (number++, is_slow(regex, cache, texts)) return number;
    for (uint32_t i = 0; i < line->phrase_count; i++)
        if (line->phrases[i].regex != NULL &&
            (number++, is_slow(line->phrases[i].regex, cache, texts)))
            return number;
    if (line->regex != NULL && (number++, is_slow(line->regex, cache, texts))) return number;
    for (uint32_t i = 0; i < line->filter_count; i++)
        if (line->filters[i].regex != NULL &&
            (number++, is_slow(line->filters[i].regex, cache, texts)))
            return number;
    return 0;
}
