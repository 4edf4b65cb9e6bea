/* SPDX-License-Identifier: Apache-2.0 */
/* find: which files serve a page. --site, then the host (labels taken off from the left until a file
 * is found), else the fingerprints; pages without a site file get the families that know their
 * markup. Never more than one site file. */
#include "base/url.h"
#include "rules/rules_private.h"

static void use(dh_rule_run *run, dh_buf *names, const dh_rule_file *file) {
    if (names->len > 0) dh_buf_putc(names, ',');
    dh_buf_put_slice(names, file->source);
    for (uint32_t i = 0; i < file->merged.len; i++)
        *DH_PUSH(run->page->arena, run->lines) = file->merged.ptr[i];
    *DH_PUSH(run->page->arena, run->files) = file;
}

/* ---- conditions ---- */

static bool host_below(dh_slice host, dh_slice domain) {
    if (!dh_slice_ends(host, domain)) return false;
    return host.len == domain.len || host.ptr[host.len - domain.len - 1] == '.';
}

/* Path without the query; empty when no address is known. */
static dh_slice path_of(const dh_rule_run *run) {
    if (run->page->url.len == 0) return (dh_slice){0};
    dh_slice path = dh_url_path(run->page->url);
    return dh_slice_cut(&path, '?');
}

/* Of a page without a known date the latest design is assumed. */
static bool in_dates(const dh_rule_file *file, dh_slice date) {
    if (date.len == 0) return file->until.len == 0;
    if (file->from.len > 0 && dh_slice_compare(date, file->from) < 0) return false;
    return file->until.len == 0 || dh_slice_compare(date, file->until) <= 0;
}

/* Whether the file's own conditions let it serve the page. *path_length: of the longest `on path`
 * that fits; more is more specific. */
static bool applies(const dh_rule_run *run, const dh_rule_file *file, dh_slice host,
                    size_t *path_length) {
    dh_slice path = path_of(run);
    bool wants_path = false;
    *path_length = 0;
    if (!in_dates(file, run->page->date)) return false;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        for (uint32_t w = 0; w < line->word_count; w++) {
            dh_slice word = line->words[w];
            if (line->verb == DH_RULE_not_on) {
                if (word.ptr[0] == '/' ? path.len > 0 && dh_rule_glob(word, path)
                                       : host.len > 0 && host_below(host, word))
                    return false;
            } else if (line->verb == DH_RULE_on_path) {
                wants_path = true;
                if (path.len > 0 && dh_rule_glob(word, path) && word.len > *path_length)
                    *path_length = word.len;
            }
        }
    }
    return !wants_path || *path_length > 0;
}

/* ---- by host ---- */

typedef struct choice {
    const dh_rule_file *file;
    bool exact;
    size_t path_length;
} choice;

static bool better(const choice *a, const choice *b) {
    if (b->file == NULL) return true;
    if (a->exact != b->exact) return a->exact;
    if (a->path_length != b->path_length) return a->path_length > b->path_length;
    int dates = dh_slice_compare(a->file->from, b->file->from);
    if (dates != 0) return dates > 0;
    return dh_slice_compare(a->file->name, b->file->name) < 0;
}

static const dh_rule_file *by_host(const dh_rule_run *run, dh_slice host) {
    const dh_rule_set *set = run->set;
    for (dh_slice domain = host; domain.len > 0; dh_slice_cut(&domain, '.')) {
        const uint32_t *head = dh_map_get(&set->hosts, domain);
        choice best = {0};
        for (uint32_t at = head != NULL ? *head : 0; at > 0;
             at = set->host_entries.ptr[at - 1].next) {
            const dh_host_entry *entry = &set->host_entries.ptr[at - 1];
            choice here = {.file = set->files.ptr[entry->file], .exact = entry->exact};
            if (entry->exact && domain.len != host.len) continue;
            if (!applies(run, here.file, host, &here.path_length)) continue;
            if (better(&here, &best)) best = here;
        }
        if (best.file != NULL) return best.file;
    }
    return NULL;
}

static const dh_rule_file *by_name(const dh_rule_run *run, dh_slice site) {
    dh_buf name;
    dh_buf_init(&name, run->page->arena, 0);
    dh_buf_put_slice(&name, site);
    if (!dh_slice_ends(site, DH_SLICE(".rules"))) dh_buf_puts(&name, ".rules");
    const uint32_t *index = dh_map_get(&run->set->names, dh_buf_slice(&name));
    return index != NULL ? run->set->files.ptr[*index - 1] : NULL;
}

/* ---- by fingerprint ---- */

/* A byte per file: its `when html` matches. NULL: none has one, or the page has no tree. */
static uint8_t *html_matches(dh_rule_run *run, bool site) {
    uint32_t n = run->set->when[site].selectors.len;
    if (run->page->dom == NULL || n == 0) return NULL;
    dh_node_list *found = dh_arena_zalloc(run->page->arena, n, sizeof *found);
    uint8_t *matches = dh_arena_zalloc(run->page->arena, run->set->files.len, 1);
    dh_css_set_select(run->set->when[site].css, &run->css, true, found);
    for (uint32_t i = 0; i < n; i++)
        if (found[i].len > 0) matches[run->set->when[site].files.ptr[i]] = 1;
    return matches;
}

/* What of the fingerprints a page has shown. */
typedef struct seen {
    uint8_t *prints; /* a byte per phrase; NULL: not looked for */
    uint8_t *files;  /* a byte per file: some phrase of it is there */
} seen;

static void see(const dh_rule_run *run, seen *s, uint32_t print) {
    s->prints[print] = 1;
    s->files[run->set->prints.ptr[print].file] = 1;
}

/* Fingerprints are short lines: nothing over DH_RULE_SHORT bytes is folded. */
static seen seen_prints(dh_rule_run *run) {
    const dh_rule_set *set = run->set;
    seen s = {0};
    if (set->prints.len == 0) return s;
    s.prints = dh_arena_zalloc(run->page->arena, set->prints.len, 1);
    s.files = dh_arena_zalloc(run->page->arena, set->files.len, 1);
    for (uint32_t b = 0; b < run->page->blocks->len; b++) {
        dh_slice text = run->page->blocks->ptr[b].text;
        if (text.len == 0 || text.len > DH_RULE_SHORT) continue;
        const uint32_t *head = dh_map_get(&set->print_keys, dh_rule_key(run, b, true));
        for (uint32_t at = head != NULL ? *head : 0; at > 0; at = set->prints.ptr[at - 1].next)
            see(run, &s, at - 1);
        for (uint32_t i = 0; i < set->loose_prints.len; i++) {
            uint32_t print = set->loose_prints.ptr[i];
            if (!s.prints[print] &&
                dh_phrase_matches(run, set->prints.ptr[print].phrase, b, text, true))
                see(run, &s, print);
        }
    }
    return s;
}

/* Phrases of the largest group that is there as a whole; 0: none is. */
static uint32_t text_score(const dh_rule_file *file, const uint8_t *prints) {
    uint32_t best = 0;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        if (line->verb != DH_RULE_when_text) continue;
        for (uint32_t from = 0, to; from < line->phrase_count; from = to) {
            uint32_t hits = 0;
            for (to = from;
                 to < line->phrase_count && line->phrases[to].group == line->phrases[from].group;
                 to++)
                hits += prints[line->phrases[to].print];
            if (hits == to - from && hits > best) best = hits;
        }
    }
    return best;
}

/* How surely the page is file's, by its fingerprints alone; 0: not at all. */
static uint32_t print_score(const dh_rule_run *run, uint32_t file, const uint8_t *html,
                            const seen *s) {
    uint32_t score = html != NULL && html[file] ? 1000 : 0;
    if (s->files != NULL && s->files[file])
        score += text_score(run->set->files.ptr[file], s->prints);
    return score;
}

static const dh_rule_file *by_print(dh_rule_run *run, const seen *s) {
    const dh_rule_set *set = run->set;
    const dh_rule_file *best = NULL;
    uint32_t best_score = 0;
    const uint8_t *html = html_matches(run, true);
    if (s->files == NULL && html == NULL) return NULL;
    for (uint32_t i = 0; i < set->files.len; i++) {
        const dh_rule_file *file = set->files.ptr[i];
        size_t path_length;
        uint32_t score = file->is_site ? print_score(run, i, html, s) : 0;
        if (score == 0 || score < best_score) continue;
        if (!applies(run, file, (dh_slice){0}, &path_length)) continue;
        if (score == best_score && dh_slice_compare(best->name, file->name) < 0) continue;
        best = file;
        best_score = score;
    }
    return best;
}

/* Families (files without `site`) that know the page's markup or lines, in order of their names so
 * that the order of loading does not matter. */
static void use_families(dh_rule_run *run, dh_buf *names, const seen *s) {
    const dh_rule_set *set = run->set;
    DH_VEC(const dh_rule_file *) found = {0};
    const uint8_t *html = html_matches(run, false);
    if (html == NULL && s->files == NULL) return;
    for (uint32_t i = 0; i < set->files.len; i++) {
        const dh_rule_file *file = set->files.ptr[i];
        size_t path_length;
        if (file->is_site || print_score(run, i, html, s) == 0) continue;
        if (!applies(run, file, (dh_slice){0}, &path_length)) continue;
        (void)DH_PUSH(run->page->arena, found);
        uint32_t at = found.len - 1;
        for (; at > 0 && dh_slice_compare(file->name, found.ptr[at - 1]->name) < 0; at--)
            found.ptr[at] = found.ptr[at - 1];
        found.ptr[at] = file;
    }
    for (uint32_t i = 0; i < found.len; i++) use(run, names, found.ptr[i]);
}

static dh_slice versions_of(const dh_rule_run *run) {
    dh_buf out;
    dh_buf_init(&out, run->page->arena, 0);
    for (uint32_t i = 0; i < run->files.len; i++)
        dh_buf_printf(&out, "%s%016llx", i > 0 ? "," : "",
                      (unsigned long long)run->files.ptr[i]->version);
    return dh_buf_slice(&out);
}

void dh_rules_find(dh_rule_run *run) {
    dh_rule_page *page = run->page;
    const dh_rule_file *file = NULL;
    dh_slice asked = page->site.len > 0 ? page->site : page->url;
    dh_slice host = dh_url_host(asked, page->arena);
    dh_buf names;
    dh_buf_init(&names, page->arena, 0);
    if (page->site.len > 0) file = by_name(run, page->site);
    if (file == NULL && host.len > 0) file = by_host(run, host);
    if (file == NULL) {
        bool worth = host.len == 0 || run->set->prints_family;
        seen s = {0};
        if (worth) s = seen_prints(run);
        if (host.len == 0) file = by_print(run, &s);
        if (file == NULL) use_families(run, &names, &s);
    }
    if (file != NULL) use(run, &names, file);
    run->out->files = dh_buf_slice(&names);
    run->out->versions = versions_of(run);
}

void dh_rules_select(dh_rule_run *run) {
    if (run->page->dom == NULL) return;
    run->found = dh_arena_zalloc(run->page->arena, run->lines.len, sizeof *run->found);
    dh_node_list *at = run->found;
    for (uint32_t i = 0; i < run->files.len; i++) {
        dh_css_set_select(run->files.ptr[i]->css, &run->css, false, at);
        at += run->files.ptr[i]->merged.len;
    }
}
