/* SPDX-License-Identifier: Apache-2.0 */
/* set: all rule files. Parsing fills them one by one; finish resolves inheritance and builds what a
 * page's file is found by. Nothing changes after that. */
#include "css/suggest.h"
#include "rules/rules_private.h"

enum { FIRST_REGEXES = 64 };

dh_rule_set *dh_rules_new(dh_arena *arena) {
    dh_rule_set *set = dh_arena_zalloc(arena, 1, sizeof *set);
    set->arena = arena;
    set->regexes.cap = FIRST_REGEXES;
    set->regexes.ptr = dh_arena_alloc(arena, FIRST_REGEXES * sizeof *set->regexes.ptr);
    dh_map_init(&set->names, arena, 0);
    return set;
}

void dh_rules_release(dh_rule_set *set) {
    if (set == NULL) return;
    for (uint32_t i = 0; i < set->regexes.len; i++) dh_regex_free(set->regexes.ptr[i]);
    set->regexes.len = 0;
}

/* There is always room for one more: growing may leave through the arena's guard, and by then the
 * regex must be in. */
void dh_rule_own(void *data, dh_regex *regex) {
    dh_rule_set *set = data;
    set->regexes.ptr[set->regexes.len++] = regex;
    if (set->regexes.len < set->regexes.cap) return;
    size_t size = set->regexes.cap * sizeof *set->regexes.ptr;
    set->regexes.ptr = dh_arena_grow(set->arena, set->regexes.ptr, size, size * 2);
    set->regexes.cap *= 2;
}

uint32_t dh_rules_count(const dh_rule_set *set) {
    return set->files.len;
}

void dh_rules_report(dh_rule_set *set, dh_rule_report report, void *data) {
    set->report = report;
    set->report_data = data;
}

static dh_status or_told(dh_rule_set *set, dh_status status, const dh_error *error) {
    if (status != DH_ERR_RULE || set->report == NULL || error == NULL) return status;
    set->report(set->report_data, error);
    return DH_OK;
}

static dh_slice source_of(dh_arena *arena, dh_slice name) {
    dh_buf buf;
    dh_buf_init(&buf, arena, 0);
    dh_buf_puts(&buf, "rules/");
    dh_buf_put_slice(&buf, name);
    return dh_buf_slice(&buf);
}

dh_status dh_rules_add(dh_rule_set *set, dh_slice name, const char *path, dh_slice text,
                       dh_error *error) {
    if (dh_map_get(&set->names, name) != NULL) return DH_OK;
    name = dh_arena_dup(set->arena, name);
    dh_rule_file *file = dh_arena_zalloc(set->arena, 1, sizeof *file);
    file->name = name;
    file->source = source_of(set->arena, name);
    file->path = path != NULL ? path : name.ptr;
    file->version = dh_hash(text);
    dh_status status = dh_rule_parse(set, file, text, error);
    if (status != DH_OK) return status;
    for (uint32_t i = 0; i < file->lines.len; i++)
        file->is_site |= file->lines.ptr[i].verb == DH_RULE_site;
    *DH_PUSH(set->arena, set->files) = file;
    *dh_map_put(&set->names, name, NULL) = set->files.len;
    return DH_OK;
}

/* ---- inheritance ---- */

static dh_slice without_suffix(dh_slice name) {
    dh_slice suffix = DH_SLICE(".rules");
    return dh_slice_ends(name, suffix) ? dh_slice_sub(name, 0, name.len - suffix.len) : name;
}

/* what: "unknown verb" and the like; near.word is what was written. */
static dh_status unknown(const dh_rule_line *line, const char *what, const dh_suggest *near,
                         dh_error *error) {
    bool hint = near->best.len > 0;
    return dh_error_at(error, DH_ERR_RULE, "rules", line->file->path, line->line, 0,
                       "%s \"%.*s\"%s%.*s%s", what, (int)near->word.len, near->word.ptr,
                       hint ? ", did you mean \"" : "", (int)near->best.len,
                       hint ? near->best.ptr : "", hint ? "\"?" : "");
}

static dh_status find_parent(dh_rule_set *set, const dh_rule_line *line, dh_slice name,
                             dh_rule_file **out, dh_error *error) {
    dh_buf full;
    dh_buf_init(&full, set->arena, 0);
    dh_buf_put_slice(&full, without_suffix(name));
    dh_buf_puts(&full, ".rules");
    const uint32_t *index = dh_map_get(&set->names, dh_buf_slice(&full));
    if (index != NULL) {
        *out = set->files.ptr[*index - 1];
        return DH_OK;
    }
    dh_suggest near = dh_suggest_start(name);
    for (uint32_t i = 0; i < set->files.len; i++)
        dh_suggest_offer(&near, without_suffix(set->files.ptr[i]->name));
    return unknown(line, "no rule file", &near, error);
}

/* Whether a `clear` or `drop rule` line of file takes the inherited line out. */
static bool is_cleared(const dh_rule_file *file, dh_rule_ref inherited) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        dh_slice what = line->verb == DH_RULE_clear       ? dh_directives[inherited->verb].verb
                        : line->verb == DH_RULE_drop_rule ? inherited->name
                                                          : (dh_slice){0};
        for (uint32_t w = 0; what.len > 0 && w < line->word_count; w++)
            if (dh_slice_eq(line->words[w], what)) return true;
    }
    return false;
}

static dh_status check_clear(const dh_rule_line *line, dh_error *error) {
    for (uint32_t w = 0; line->verb == DH_RULE_clear && w < line->word_count; w++) {
        if (dh_directive_of(line->words[w]) != DH_RULE_none) continue;
        dh_suggest near = dh_suggest_start(line->words[w]);
        for (int v = DH_RULE_none + 1; v < DH_RULE_COUNT; v++)
            dh_suggest_offer(&near, dh_directives[v].verb);
        return unknown(line, "unknown verb", &near, error);
    }
    return DH_OK;
}

static dh_status resolve(dh_rule_set *set, dh_rule_file *file, uint32_t level, dh_error *error);

static dh_status inherit(dh_rule_set *set, dh_rule_file *file, const dh_rule_line *line,
                         uint32_t level, dh_error *error) {
    for (uint32_t w = 0; w < line->word_count; w++) {
        dh_rule_file *parent = NULL;
        dh_status status = find_parent(set, line, line->words[w], &parent, error);
        if (status != DH_OK) {
            status = or_told(set, status, error);
            if (status != DH_OK) return status;
            continue;
        }
        if (parent->state == 1 || level >= DH_RULE_MAX_INHERIT) {
            status = dh_error_at(error, DH_ERR_RULE, "rules", file->path, line->line, 0,
                               parent->state == 1 ? "\"%.*s\" inherits this file in turn"
                                                  : "\"%.*s\": inheritance is too deep",
                               (int)line->words[w].len, line->words[w].ptr);
            status = or_told(set, status, error);
            if (status != DH_OK) return status;
            continue;
        }
        status = resolve(set, parent, level + 1, error);
        if (status != DH_OK) return status;
        file->version = (file->version ^ parent->version) * UINT64_C(0x100000001b3);
        for (uint32_t i = 0; i < parent->merged.len; i++)
            if (!is_cleared(file, parent->merged.ptr[i]))
                *DH_PUSH(set->arena, file->merged) = parent->merged.ptr[i];
    }
    return DH_OK;
}

/* Recursion: at most DH_RULE_MAX_INHERIT deep. */
static dh_status resolve(dh_rule_set *set, dh_rule_file *file, uint32_t level, dh_error *error) {
    if (file->state == 2) return DH_OK;
    file->state = 1;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        if (dh_directives[line->verb].family != DH_FAMILY_FILE)
            *DH_PUSH(set->arena, file->merged) = line;
    }
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        dh_status status = or_told(set, check_clear(line, error), error);
        if (status == DH_OK && line->verb == DH_RULE_inherits)
            status = inherit(set, file, line, level, error);
        if (status != DH_OK) return status;
    }
    file->state = 2;
    return DH_OK;
}

/* ---- what a page's file is found by ---- */

static void add_host(dh_rule_set *set, dh_slice word, uint32_t file) {
    bool exact = word.ptr[0] == '=';
    dh_slice host = exact ? dh_slice_sub(word, 1, word.len) : word;
    uint32_t *head = dh_map_put(&set->hosts, host, NULL);
    *DH_PUSH(set->arena, set->host_entries) =
        (dh_host_entry){.file = file, .exact = exact, .next = *head};
    *head = set->host_entries.len;
}

/* The phrases of `when text` get numbers; literal ones are found by their key. */
static void add_prints(dh_rule_set *set, dh_rule_line *line, uint32_t file) {
    dh_phrase *copies = dh_arena_zalloc(set->arena, line->phrase_count, sizeof *copies);
    for (uint32_t i = 0; i < line->phrase_count; i++) {
        copies[i] = line->phrases[i];
        copies[i].print = set->prints.len;
        dh_print *print = DH_PUSH(set->arena, set->prints);
        *print = (dh_print){.phrase = &copies[i], .file = file};
        if (copies[i].regex != NULL || copies[i].key_count > 1 || !copies[i].trimmed) {
            *DH_PUSH(set->arena, set->loose_prints) = copies[i].print;
            continue;
        }
        uint32_t *head = dh_map_put(&set->print_keys, copies[i].keys[0], NULL);
        print->next = *head;
        *head = set->prints.len;
    }
    line->phrases = copies;
}

/* The selectors of lines that clean (not those for the fetcher), to be matched in one walk. */
static void compile(dh_rule_set *set, dh_rule_file *file) {
    uint32_t n = file->merged.len;
    const dh_css **list = dh_arena_zalloc(set->arena, n, sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        dh_rule_ref line = file->merged.ptr[i];
        dh_rule_family family = dh_directives[line->verb].family;
        bool evaluated = family == DH_FAMILY_FIELD && line->css != NULL && dh_css_is_xpath(line->css);
        if (family != DH_FAMILY_STORE && !evaluated) list[i] = line->css;
    }
    file->css = dh_css_set_new(set->arena, list, n);
}

dh_status dh_rules_finish(dh_rule_set *set, dh_error *error) {
    for (uint32_t i = 0; i < set->files.len; i++) {
        dh_status status = resolve(set, set->files.ptr[i], 0, error);
        if (status != DH_OK) return status;
        compile(set, set->files.ptr[i]);
    }
    dh_map_init(&set->hosts, set->arena, set->files.len);
    dh_map_init(&set->print_keys, set->arena, 0);
    for (uint32_t i = 0; i < set->files.len; i++) {
        dh_rule_file *file = set->files.ptr[i];
        for (uint32_t k = 0; k < file->lines.len; k++) {
            dh_rule_line *line = &file->lines.ptr[k];
            set->has_xpath |= line->css != NULL && dh_css_has_xpath(line->css);
            for (uint32_t w = 0; line->verb == DH_RULE_site && w < line->word_count; w++)
                add_host(set, line->words[w], i);
            if (line->verb == DH_RULE_when_text) {
                add_prints(set, line, i);
                set->prints_family |= !file->is_site;
            }
            if (line->verb == DH_RULE_when_html) {
                *DH_PUSH(set->arena, set->when[file->is_site].selectors) = line->css;
                *DH_PUSH(set->arena, set->when[file->is_site].files) = i;
            }
        }
    }
    for (int site = 0; site < 2; site++)
        set->when[site].css = dh_css_set_new(set->arena, set->when[site].selectors.ptr,
                                             set->when[site].selectors.len);
    return DH_OK;
}
