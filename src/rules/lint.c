/* SPDX-License-Identifier: Apache-2.0 */
/* lint: one pass over each file's lines, one over the hosts, one over all lines for clones. */
#include "rules/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/check.h"

enum {
    CLONE_LINES = 4,    /* at least so many lines in common */
    CLONE_PERCENT = 75, /* of the smaller file */
    COMMON = 64         /* a line that more files have says nothing about clones */
};

static const struct {
    const char *name;
    dh_finding_level level;
} kinds[] = {
#define DH_FINDING(name, level, help) {#name, DH_FINDING_##level},
#include "rules/findings.def"
#undef DH_FINDING
};

const char *dh_finding_name(dh_finding_kind kind) {
    return kinds[kind].name;
}

dh_finding_level dh_finding_level_of(dh_finding_kind kind) {
    return kinds[kind].level;
}

const char *dh_finding_level_name(dh_finding_level level) {
    static const char *const names[] = {"error", "warning", "note"};
    return names[level];
}

void dh_findings_add(dh_findings *findings, dh_finding_kind kind, const char *file, uint32_t line,
                     uint32_t column, const char *format, ...) {
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    *DH_PUSH(findings->arena, *findings) =
        (dh_finding){.kind = kind,
                     .file = dh_arena_dup(findings->arena, dh_slice_cstr(file)).ptr,
                     .line = line,
                     .column = column,
                     .message = dh_arena_dup(findings->arena, dh_slice_cstr(message))};
}

static int by_place(const void *left, const void *right) {
    const dh_finding *a = left, *b = right;
    int files = strcmp(a->file, b->file);
    if (files != 0) return files;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    if (a->column != b->column) return a->column < b->column ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return dh_slice_compare(a->message, b->message);
}

void dh_findings_sort(dh_findings *findings) {
    if (findings->len > 1) qsort(findings->ptr, findings->len, sizeof *findings->ptr, by_place);
}

/* text, with a % where what is to stand. */
static void add(dh_findings *findings, dh_finding_kind kind, const dh_rule_file *file,
                uint32_t line, const char *text, dh_slice what) {
    const char *mark = strchr(text, '%');
    int before = mark != NULL ? (int)(mark - text) : (int)strlen(text);
    int len = what.len < 120 ? (int)what.len : 120;
    dh_findings_add(findings, kind, file->path, line, 0, "%.*s%.*s%s", before, text, len,
                    what.len > 0 ? what.ptr : "", mark != NULL ? mark + 1 : "");
}

/* ---- which file ---- */

static const dh_rule_line *line_with(const dh_rule_file *file, dh_rule_verb verb) {
    for (uint32_t i = 0; i < file->lines.len; i++)
        if (file->lines.ptr[i].verb == verb) return &file->lines.ptr[i];
    return NULL;
}

static bool has_word(const dh_rule_file *file, dh_rule_verb verb, dh_slice word) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        for (uint32_t w = 0; line->verb == verb && w < line->word_count; w++)
            if (dh_slice_eq(line->words[w], word)) return true;
    }
    return false;
}

/* Whether some day lies in the validity of both. */
static bool dates_meet(const dh_rule_file *a, const dh_rule_file *b) {
    if (a->until.len > 0 && b->from.len > 0 && dh_slice_compare(a->until, b->from) < 0) return false;
    return b->until.len == 0 || a->from.len == 0 || dh_slice_compare(b->until, a->from) >= 0;
}

/* The same paths with the same weight: neither has any, or they share one. What glob patterns have in
 * common is not worked out. */
static bool paths_meet(const dh_rule_file *a, const dh_rule_file *b) {
    const dh_rule_line *mine = line_with(a, DH_RULE_on_path), *other = line_with(b, DH_RULE_on_path);
    if (mine == NULL || other == NULL) return mine == other;
    for (uint32_t i = 0; i < a->lines.len; i++) {
        const dh_rule_line *line = &a->lines.ptr[i];
        for (uint32_t w = 0; line->verb == DH_RULE_on_path && w < line->word_count; w++)
            if (has_word(b, DH_RULE_on_path, line->words[w])) return true;
    }
    return false;
}

/* Two files for one host, of which only their names would say who wins. */
static void lint_hosts(const dh_rule_set *set, const uint8_t *wanted, dh_findings *findings) {
    for (uint32_t i = 0; i < set->host_entries.len; i++) {
        const dh_host_entry *a = &set->host_entries.ptr[i];
        const dh_rule_file *file = set->files.ptr[a->file];
        uint32_t tries = 0;
        for (uint32_t at = a->next; at > 0 && tries++ < 1000; at = set->host_entries.ptr[at - 1].next) {
            const dh_host_entry *b = &set->host_entries.ptr[at - 1];
            const dh_rule_file *other = set->files.ptr[b->file];
            if (a->exact != b->exact) continue;
            const dh_rule_line *line = line_with(file, DH_RULE_site);
            if (file == other) {
                if (wanted[a->file])
                    add(findings, DH_LINT_duplicated, file, line->line,
                        "a host stands twice", (dh_slice){0});
                continue;
            }
            if (!wanted[a->file] && !wanted[b->file]) continue;
            if (dh_slice_compare(file->from, other->from) != 0 || !dates_meet(file, other)) continue;
            if (!paths_meet(file, other)) continue;
            dh_findings_add(findings, DH_LINT_unclear, file->path, line->line, 0,
                            "%.100s is for the same pages: say with on path, not on or valid from "
                            "which file is meant", other->path);
        }
    }
}

/* Hosts of the file that its own `not on` takes away again. */
static void lint_own_places(const dh_rule_file *file, dh_findings *findings) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        bool place = line->verb == DH_RULE_site || line->verb == DH_RULE_on_path;
        for (uint32_t w = 0; place && w < line->word_count; w++) {
            dh_slice word = line->words[w];
            if (word.ptr[0] == '=') word = dh_slice_sub(word, 1, word.len);
            if (has_word(file, DH_RULE_not_on, word))
                add(findings, DH_LINT_unreachable, file, line->line,
                    "% is taken away by the file's own not on", word);
        }
    }
}

static bool is_inherited(const dh_rule_set *set, const dh_rule_file *file) {
    for (uint32_t i = 0; i < set->files.len; i++)
        for (uint32_t k = 0; k < set->files.ptr[i]->lines.len; k++) {
            const dh_rule_line *line = &set->files.ptr[i]->lines.ptr[k];
            for (uint32_t w = 0; line->verb == DH_RULE_inherits && w < line->word_count; w++)
                if (dh_slice_starts(file->name, line->words[w])) return true;
        }
    return false;
}

static void lint_reach(const dh_rule_set *set, const dh_rule_file *file, dh_findings *findings) {
    if (file->from.len > 0 && file->until.len > 0 && dh_slice_compare(file->until, file->from) < 0)
        add(findings, DH_LINT_unreachable, file, line_with(file, DH_RULE_valid_until)->line,
            "the file ends before it begins (valid from %)", file->from);
    if (!file->is_site && line_with(file, DH_RULE_when_html) == NULL &&
        line_with(file, DH_RULE_when_text) == NULL && !is_inherited(set, file))
        add(findings, DH_LINT_unreachable, file, 0,
            "nothing finds this file: it has no site, no when html, no when text, and no file "
            "inherits it", (dh_slice){0});
    lint_own_places(file, findings);
}

/* ---- lines ---- */

/* Of a field the first line that gives a value counts; the others add up. */
static bool same_line(const dh_rule_line *a, const dh_rule_line *b) {
    return a->verb == b->verb && dh_slice_eq(a->text, b->text);
}

static void lint_duplicates(const dh_rule_set *set, const dh_rule_file *file,
                            dh_findings *findings) {
    dh_map seen;
    dh_map_init(&seen, findings->arena, file->merged.len);
    (void)set;
    for (uint32_t i = 0; i < file->merged.len; i++) {
        const dh_rule_line *line = file->merged.ptr[i];
        dh_buf key;
        dh_buf_init(&key, findings->arena, 0);
        dh_buf_printf(&key, "%d:", (int)line->verb);
        dh_buf_put_slice(&key, line->text);
        uint32_t *first = dh_map_put(&seen, dh_buf_slice(&key), NULL);
        if (*first == 0) {
            *first = i + 1;
            continue;
        }
        const dh_rule_line *other = file->merged.ptr[*first - 1];
        if (other->file != file || !same_line(other, line)) continue;
        bool own = line->file == file;
        dh_findings_add(findings, DH_LINT_duplicated, file->path, own ? line->line : other->line, 0,
                        own ? "line %u says this already (%.100s)"
                            : "the inherited line %u of %.100s says this already",
                        (unsigned)(own ? other->line : line->line),
                        own ? dh_directives[line->verb].verb.ptr : line->file->path);
    }
}

/* Parts of a selector list or phrases that an earlier line of the same verb has, too. */
static void note_part(dh_map *seen, const dh_rule_file *file, const dh_rule_line *line,
                      dh_slice part, dh_findings *findings) {
    dh_buf key;
    dh_buf_init(&key, findings->arena, 0);
    dh_buf_printf(&key, "%d:", (int)line->verb);
    dh_buf_put_slice(&key, part);
    uint32_t *first = dh_map_put(seen, dh_buf_slice(&key), NULL);
    if (*first == 0) *first = line->line;
    else if (*first == line->line)
        add(findings, DH_LINT_duplicated, file, line->line, "% stands twice in this line", part);
    else
        dh_findings_add(findings, DH_LINT_duplicated, file->path, line->line, 0,
                        "line %u has %.*s already", (unsigned)*first,
                        part.len < 100 ? (int)part.len : 100, part.ptr);
}

static void lint_parts(const dh_rule_file *file, dh_findings *findings) {
    dh_map seen, whole;
    dh_map_init(&seen, findings->arena, 0);
    dh_map_init(&whole, findings->arena, 0);
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        bool adds_up = line->verb == DH_RULE_remove || line->verb == DH_RULE_keep ||
                       line->verb == DH_RULE_remove_block || line->verb == DH_RULE_remove_line;
        bool added;
        if (!adds_up) continue;
        dh_map_put(&whole, line->text, &added);
        if (!added) continue; /* said as a whole line */
        for (uint32_t p = 0; p < line->phrase_count; p++) {
            const dh_phrase *phrase = &line->phrases[p];
            bool plain = phrase->regex == NULL && phrase->key_count == 1;
            note_part(&seen, file, line, plain ? phrase->keys[0] : phrase->text, findings);
        }
        dh_slice rest = line->css != NULL ? line->text : (dh_slice){NULL, 0};
        while (rest.len > 0) {
            size_t end = dh_rule_scan(rest, DH_SLICE(","));
            note_part(&seen, file, line, dh_slice_trim(dh_slice_sub(rest, 0, end)), findings);
            rest = dh_slice_sub(rest, end + 1, rest.len);
        }
    }
}

/* Lines that never have a say. */
static void lint_order(const dh_rule_file *file, dh_findings *findings) {
    const dh_rule_line *switched = NULL, *paragraphs = NULL;
    for (uint32_t i = 0; i < file->merged.len; i++)
        if (file->merged.ptr[i]->verb == DH_RULE_paragraphs) paragraphs = file->merged.ptr[i];
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        if (line->verb == DH_RULE_heuristics && switched != NULL)
            add(findings, DH_LINT_shadowed, file, line->line,
                "an earlier heuristics line decides", (dh_slice){0});
        if (line->verb == DH_RULE_heuristics && switched == NULL) switched = line;
        if (line->verb == DH_RULE_subheads && paragraphs == NULL)
            add(findings, DH_LINT_unreachable, file, line->line,
                "subheads count together with paragraphs only", (dh_slice){0});
        if (dh_directives[line->verb].value == DH_VALUE_FIELD && line->at_most > 0 &&
            line->verb != DH_RULE_author && line->verb != DH_RULE_tags &&
            line->verb != DH_RULE_next_page)
            add(findings, DH_LINT_unreachable, file, line->line,
                "\"at most\" has no effect: % takes one value", dh_directives[line->verb].verb);
    }
}

static void count_family(const dh_rule_set *set, dh_slice name, dh_slice what, bool verb,
                         uint32_t *hits) {
    dh_buf full;
    dh_buf_init(&full, set->arena, 0);
    dh_buf_put_slice(&full, name);
    if (!dh_slice_ends(name, DH_SLICE(".rules"))) dh_buf_puts(&full, ".rules");
    const uint32_t *index = dh_map_get(&set->names, dh_buf_slice(&full));
    const dh_rule_file *parent = index != NULL ? set->files.ptr[*index - 1] : NULL;
    for (uint32_t i = 0; parent != NULL && i < parent->merged.len; i++) {
        const dh_rule_line *line = parent->merged.ptr[i];
        *hits += dh_slice_eq(verb ? dh_directives[line->verb].verb : line->name, what);
    }
}

/* `clear` and `drop rule` that take nothing away. */
static void lint_clearing(const dh_rule_set *set, const dh_rule_file *file,
                          dh_findings *findings) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        bool clears = line->verb == DH_RULE_clear;
        if (!clears && line->verb != DH_RULE_drop_rule) continue;
        for (uint32_t w = 0; w < line->word_count; w++) {
            uint32_t hits = 0;
            for (uint32_t k = 0; k < file->lines.len; k++)
                for (uint32_t p = 0; file->lines.ptr[k].verb == DH_RULE_inherits &&
                                     p < file->lines.ptr[k].word_count; p++)
                    count_family(set, file->lines.ptr[k].words[p], line->words[w], clears, &hits);
            if (hits == 0)
                add(findings, DH_LINT_unreachable, file, line->line,
                    "no inherited line is taken away by \"%\"", line->words[w]);
        }
    }
}

static void lint_tests(const dh_rule_file *file, dh_findings *findings) {
    for (uint32_t i = 0; i < file->tests.len; i++) {
        const dh_rule_test *test = &file->tests.ptr[i];
        uint32_t checks = 0;
        for (uint32_t k = 0; k < test->checks.len; k++) {
            dh_slice key = test->checks.ptr[k].key;
            checks += !dh_slice_eq(key, DH_SLICE("url")) && !dh_slice_eq(key, DH_SLICE("site")) &&
                      !dh_slice_eq(key, DH_SLICE("crawled"));
        }
        if (checks == 0 && !dh_rule_test_is_live(test))
            add(findings, DH_LINT_unchecked, file, test->line, "%: nothing is checked",
                test->page);
    }
    if (file->unverified)
        add(findings, DH_LINT_unverified, file, 0,
            "never checked against a live page (rules test --url)", (dh_slice){0});
    else if (file->is_site && file->tests.len == 0)
        add(findings, DH_LINT_untested, file, 0, "no test", (dh_slice){0});
}

/* ---- clones ---- */

typedef struct sharer {
    uint32_t file, next; /* + 1 */
} sharer;

typedef struct clones {
    dh_map lines; /* verb and text -> sharers */
    DH_VEC(sharer) sharers;
    uint32_t *shared; /* with the file at hand, per earlier file */
} clones;

static uint32_t add_lines(const dh_rule_set *set, clones *c, uint32_t at, dh_findings *findings) {
    const dh_rule_file *file = set->files.ptr[at];
    uint32_t own = 0;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        if (dh_directives[line->verb].family == DH_FAMILY_FILE) continue;
        own++;
        dh_buf key;
        dh_buf_init(&key, findings->arena, 0);
        dh_buf_printf(&key, "%d:", (int)line->verb);
        dh_buf_put_slice(&key, line->text);
        uint32_t *head = dh_map_put(&c->lines, dh_buf_slice(&key), NULL);
        uint32_t seen = 0;
        for (uint32_t s = *head; s > 0 && seen++ < COMMON; s = c->sharers.ptr[s - 1].next)
            c->shared[c->sharers.ptr[s - 1].file]++;
        *DH_PUSH(findings->arena, c->sharers) = (sharer){at, *head};
        *head = c->sharers.len;
    }
    return own;
}

static void lint_clones(const dh_rule_set *set, const uint8_t *wanted, dh_findings *findings) {
    clones c = {0};
    dh_map_init(&c.lines, findings->arena, 0);
    c.shared = dh_arena_zalloc(findings->arena, set->files.len, sizeof *c.shared);
    uint32_t *sizes = dh_arena_zalloc(findings->arena, set->files.len, sizeof *sizes);
    for (uint32_t i = 0; i < set->files.len; i++) {
        memset(c.shared, 0, set->files.len * sizeof *c.shared);
        sizes[i] = add_lines(set, &c, i, findings);
        uint32_t best = UINT32_MAX;
        for (uint32_t k = 0; k < i; k++) {
            uint32_t smaller = sizes[i] < sizes[k] ? sizes[i] : sizes[k];
            if (c.shared[k] < CLONE_LINES || c.shared[k] * 100 < smaller * CLONE_PERCENT) continue;
            if (best == UINT32_MAX || c.shared[k] > c.shared[best]) best = k;
        }
        if (best == UINT32_MAX || (!wanted[i] && !wanted[best])) continue;
        dh_findings_add(findings, DH_LINT_clone, set->files.ptr[i]->path, 0, 0,
                        "%u of %u lines stand in %.150s, too: put them into a family that both inherit",
                        (unsigned)c.shared[best], (unsigned)sizes[i], set->files.ptr[best]->path);
    }
}

void dh_rule_set_lint(const dh_rule_set *set, const uint8_t *wanted, dh_findings *findings) {
    for (uint32_t i = 0; i < set->files.len; i++) {
        if (!wanted[i]) continue;
        const dh_rule_file *file = set->files.ptr[i];
        lint_reach(set, file, findings);
        lint_duplicates(set, file, findings);
        lint_parts(file, findings);
        lint_order(file, findings);
        lint_clearing(set, file, findings);
        lint_tests(file, findings);
    }
    lint_hosts(set, wanted, findings);
    lint_clones(set, wanted, findings);
}
