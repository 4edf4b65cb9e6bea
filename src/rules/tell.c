/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/tell.h"

#include "base/url.h"
#include "rules/probe.h"

static void put_line(dh_buf *out, const dh_rule_line *line) {
    dh_buf_puts(out, line->file->path);
    dh_buf_printf(out, ":%u: ", (unsigned)line->line);
    if (line->name.len > 0) {
        dh_buf_put_slice(out, line->name);
        dh_buf_puts(out, ": ");
    }
    dh_buf_put_slice(out, dh_directives[line->verb].verb);
    dh_buf_puts(out, ": ");
    dh_buf_put_slice(out, line->text);
    dh_buf_putc(out, '\n');
}

void dh_rules_put_merged(const dh_rule_file *file, dh_buf *out) {
    for (uint32_t i = 0; i < file->lines.len; i++)
        if (dh_directives[file->lines.ptr[i].verb].family == DH_FAMILY_FILE)
            put_line(out, &file->lines.ptr[i]);
    for (uint32_t i = 0; i < file->merged.len; i++) put_line(out, file->merged.ptr[i]);
}

static bool covers(dh_slice word, dh_slice host) {
    bool exact = word.ptr[0] == '=';
    if (exact) word = dh_slice_sub(word, 1, word.len);
    if (!dh_slice_ends(host, word)) return false;
    return host.len == word.len || (!exact && host.ptr[host.len - word.len - 1] == '.');
}

/* The word of a `site` line that covers the host, the longest; empty when none does. */
static dh_slice host_word(const dh_rule_file *file, dh_slice host, uint32_t *number) {
    dh_slice best = {NULL, 0};
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        for (uint32_t w = 0; line->verb == DH_RULE_site && w < line->word_count; w++) {
            if (!covers(line->words[w], host) || line->words[w].len <= best.len) continue;
            best = line->words[w];
            *number = line->line;
        }
    }
    return best;
}

static void put_reason(dh_buf *out, const char *text, dh_slice what, uint32_t line) {
    dh_buf_puts(out, "    ");
    dh_buf_puts(out, text);
    dh_buf_put_slice(out, what);
    if (line > 0) dh_buf_printf(out, " (line %u)", (unsigned)line);
    dh_buf_putc(out, '\n');
}

static dh_slice path_of(const dh_rule_page *page) {
    if (page->url.len == 0) return (dh_slice){NULL, 0};
    dh_slice path = dh_url_path(page->url);
    return dh_slice_cut(&path, '?');
}

/* Paths and days: what fits, or (fits false) what does not. */
static void put_conditions(dh_buf *out, const dh_rule_file *file, const dh_rule_page *page,
                           dh_slice host) {
    dh_slice path = path_of(page), date = page->date;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        bool fits = false;
        for (uint32_t w = 0; w < line->word_count; w++) {
            dh_slice word = line->words[w];
            if (word.ptr[0] == '/') fits |= path.len > 0 && dh_rule_glob(word, path);
            else if (line->verb == DH_RULE_not_on) fits |= host.len > 0 && covers(word, host);
        }
        if (line->verb == DH_RULE_on_path)
            put_reason(out, fits ? "on path fits: " : "on path does not fit: ", line->text, line->line);
        if (line->verb == DH_RULE_not_on && fits)
            put_reason(out, "not on fits: ", line->text, line->line);
        if (line->verb == DH_RULE_valid_from)
            put_reason(out, date.len == 0 ? "no day is known, the latest design is assumed: valid from "
                            : dh_slice_compare(date, line->text) >= 0 ? "valid from "
                                                                      : "too early for valid from ",
                       line->text, line->line);
        if (line->verb == DH_RULE_valid_until)
            put_reason(out, date.len == 0 ? "no day is known, the latest design is assumed: valid until "
                            : dh_slice_compare(date, line->text) <= 0 ? "valid until "
                                                                      : "too late for valid until ",
                       line->text, line->line);
    }
}

/* `when` lines that find something on the page. */
static void put_fingerprints(const dh_rule_set *set, dh_rule_page *page, dh_buf *out,
                             const dh_rule_file *file) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        if (line->verb != DH_RULE_when_html && line->verb != DH_RULE_when_text) continue;
        uint32_t n = dh_rule_probe(set, page, line);
        if (n == 0 || n == DH_PROBE_NONE) continue;
        put_reason(out, line->verb == DH_RULE_when_html ? "when html finds " : "when text finds ",
                   line->text, line->line);
    }
}

static void put_file(const dh_rule_set *set, dh_rule_page *page, dh_buf *out,
                     const dh_rule_file *file, dh_slice host) {
    uint32_t line = 0;
    dh_buf_puts(out, file->path);
    dh_buf_putc(out, '\n');
    dh_slice name = file->name, suffix = DH_SLICE(".rules");
    dh_slice bare = dh_slice_sub(name, 0, name.len - suffix.len);
    if (page->site.len > 0 && (dh_slice_eq(page->site, bare) || dh_slice_eq(page->site, name)))
        put_reason(out, "named by --site ", page->site, 0);
    else if (host.len > 0 && host_word(file, host, &line).len > 0)
        put_reason(out, "the host is covered by site: ", host_word(file, host, &line), line);
    else
        put_fingerprints(set, page, out, file);
    put_conditions(out, file, page, host);
}

void dh_rules_tell(const dh_rule_set *set, dh_rule_page *page, dh_buf *out,
                   dh_rule_file_list *files) {
    dh_rule_outcome outcome = {.heuristics = true};
    dh_rule_run run = {.set = set, .page = page, .out = &outcome};
    run.css = dh_rule_css(page);
    dh_slice host = dh_url_host(page->site.len > 0 ? page->site : page->url, page->arena);
    dh_rules_find(&run);
    for (uint32_t i = 0; i < run.files.len; i++) {
        put_file(set, page, out, run.files.ptr[i], host);
        *DH_PUSH(page->arena, *files) = run.files.ptr[i];
    }
    if (run.files.len == 0) dh_buf_puts(out, "no rule file serves this page\n");
    for (uint32_t i = 0; i < set->files.len && host.len > 0; i++) {
        const dh_rule_file *other = set->files.ptr[i];
        uint32_t line;
        bool used = false;
        for (uint32_t k = 0; k < run.files.len; k++) used |= run.files.ptr[k] == other;
        if (used || host_word(other, host, &line).len == 0) continue;
        dh_buf_puts(out, "passed over: ");
        put_file(set, page, out, other, host);
    }
}
