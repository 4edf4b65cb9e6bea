/* SPDX-License-Identifier: Apache-2.0 */
/* apply_line: `remove line` and `replace`, as marks on spans of a block's text. */
#include "base/utf8.h"
#include "rules/rules_private.h"

/* One line of a block of several; its line end goes with it. */
static void remove_part(dh_rule_run *run, const dh_rule_line *line, uint32_t b, size_t begin,
                        size_t end, const dh_phrase *phrase) {
    dh_slice text = run->page->blocks->ptr[b].text;
    if (end < text.len)
        end++;
    else if (begin > 0)
        begin--;
    dh_mark *mark = dh_rule_mark(run, line, b, DH_DROP, DH_CAUSE_RULE, phrase->text);
    mark->begin = (uint32_t)begin;
    mark->end = (uint32_t)end;
}

static void remove_lines(dh_rule_run *run, const dh_rule_line *line, uint32_t b) {
    dh_slice text = run->page->blocks->ptr[b].text, rest = text;
    const dh_phrase *phrase = dh_rule_phrase_of(run, line, b);
    bool single = text.len == 0 || memchr(text.ptr, '\n', text.len) == NULL;
    if (phrase != NULL && single) dh_rule_mark(run, line, b, DH_DROP, DH_CAUSE_RULE, phrase->text);
    while (!single && rest.ptr != NULL) {
        dh_slice part = dh_slice_cut(&rest, '\n');
        size_t begin = (size_t)(part.ptr - text.ptr);
        for (uint32_t i = 0; i < line->phrase_count; i++) {
            if (!dh_phrase_matches(run, &line->phrases[i], b, part, false)) continue;
            remove_part(run, line, b, begin, begin + part.len, &line->phrases[i]);
            break;
        }
    }
}

/* $0 is all of the match, $1 its first group. */
static dh_slice expand(dh_rule_run *run, const dh_rule_line *line, dh_slice text,
                       const dh_regex_match *match) {
    dh_slice new_text = line->replacement;
    if (line->regex == NULL || !dh_slice_has(new_text, DH_SLICE("$"))) return new_text;
    dh_buf out;
    dh_buf_init(&out, run->page->arena, 0);
    for (size_t i = 0; i < new_text.len; i++) {
        char next = i + 1 < new_text.len ? new_text.ptr[i + 1] : 0;
        if (new_text.ptr[i] != '$' || (next != '0' && next != '1')) {
            dh_buf_putc(&out, new_text.ptr[i]);
            continue;
        }
        i++;
        if (next == '0')
            dh_buf_put_slice(&out, dh_slice_sub(text, match->begin, match->end));
        else if (match->group_begin != DH_NPOS)
            dh_buf_put_slice(&out, dh_slice_sub(text, match->group_begin, match->group_end));
    }
    return dh_buf_slice(&out);
}

static bool next_match(dh_rule_run *run, const dh_rule_line *line, dh_slice text, size_t from,
                       dh_regex_match *match) {
    if (line->regex != NULL)
        return run->page->regexes != NULL &&
               dh_regex_find(run->page->regexes, line->regex, text, from, match) == DH_REGEX_YES;
    size_t at = dh_slice_find(dh_slice_sub(text, from, text.len), line->literal);
    if (at == DH_NPOS) return false;
    match->begin = from + at;
    match->end = match->begin + line->literal.len;
    return true;
}

static void replace(dh_rule_run *run, const dh_rule_line *line, uint32_t b) {
    dh_slice text = run->page->blocks->ptr[b].text;
    dh_regex_match match;
    for (size_t from = 0; from <= text.len && next_match(run, line, text, from, &match);) {
        dh_slice new_text = expand(run, line, text, &match);
        if (match.end > match.begin || new_text.len > 0) {
            dh_mark *mark = dh_rule_mark(run, line, b, new_text.len > 0 ? DH_REPLACE : DH_DROP,
                                         DH_CAUSE_RULE, line->text);
            mark->begin = (uint32_t)match.begin;
            mark->end = (uint32_t)match.end;
            mark->replacement = new_text;
        }
        from = match.end;
        if (match.end > match.begin) continue;
        do from++; /* behind an empty match: to the next character */
        while (from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80);
    }
}

dh_slice dh_rule_replaced(dh_rule_run *run, const dh_rule_line *line, dh_slice text) {
    dh_buf out;
    dh_regex_match match;
    size_t from = 0;
    dh_buf_init(&out, run->page->arena, 0);
    while (from < text.len && next_match(run, line, text, from, &match)) {
        if (match.end == match.begin) break;
        dh_buf_put_slice(&out, dh_slice_sub(text, from, match.begin));
        dh_buf_put_slice(&out, expand(run, line, text, &match));
        from = match.end;
    }
    dh_buf_put_slice(&out, dh_slice_sub(text, from, text.len));
    return dh_buf_slice(&out);
}

/* Visible text of the article's blocks, that of links too: lines are removed for their words. */
static uint64_t all_chars(const dh_rule_run *run) {
    uint64_t sum = 0;
    for (uint32_t b = 0; b < run->page->blocks->len; b++)
        if (dh_rule_counts(run, b)) sum += run->page->blocks->ptr[b].chars;
    return sum;
}

/* What of it the marks behind the first `from` take away. */
static uint64_t taken_by(const dh_rule_run *run, uint32_t from) {
    const dh_marks *marks = run->page->marks;
    uint64_t sum = 0;
    for (uint32_t m = from; m < marks->len; m++) {
        const dh_mark *mark = &marks->ptr[m];
        const dh_block *block = &run->page->blocks->ptr[mark->block];
        if (!dh_rule_counts(run, mark->block)) continue;
        if (mark->end == DH_WHOLE) {
            sum += block->chars;
            continue;
        }
        size_t gone = dh_utf8_count(dh_slice_sub(block->text, mark->begin, mark->end));
        size_t come = dh_utf8_count(mark->replacement);
        if (gone > come) sum += gone - come;
    }
    return sum;
}

static void apply_line(dh_rule_run *run, const dh_rule_line *line, uint64_t all) {
    uint32_t from = run->page->marks->len;
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        if (run->page->blocks->ptr[b].text.len == 0) continue;
        if (line->verb == DH_RULE_remove_line) remove_lines(run, line, b);
        else replace(run, line, b);
    }
    uint64_t gone = taken_by(run, from);
    if (all == 0 || gone * 100 <= all * DH_RULE_MAX_PERCENT) return;
    run->page->marks->len = from;
    dh_rule_refuse(run, line, gone < all ? (uint32_t)(gone * 100 / all) : 100);
}

void dh_apply_line(dh_rule_run *run) {
    uint64_t all = all_chars(run);
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb == DH_RULE_remove_line || line->verb == DH_RULE_replace)
            apply_line(run, line, all);
    }
}
