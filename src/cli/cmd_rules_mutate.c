/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules mutate: each line of a rule file is switched off in turn, and the file's tests are run
 * again: what would nobody miss? The engine is this command's own, so its lines may be changed. */
#include "cli/cmd_rules.h"
#include "cli/interrupt.h"
#include "rules/probe.h"

typedef enum fate { DEAD, REDUNDANT, HARMFUL, UNCHECKED, NEEDED, FATES } fate;

static const struct {
    const char *name, *why;
} fates[FATES] = {
    [DEAD] = {"dead", "finds nothing in the stored pages"},
    [REDUNDANT] = {"redundant", "without it the results are the same"},
    [HARMFUL] = {"harmful", "without it a check holds that fails now"},
    [UNCHECKED] = {"unchecked", "without it the results differ, and no check notices"},
    [NEEDED] = {"needed", "without it a check fails"},
};

/* What came of one test. */
typedef struct result {
    uint64_t hash;  /* of text and fields */
    uint8_t *holds; /* a byte per check */
} result;

/* A file's tests as they come out with all its lines. */
typedef struct bench {
    dh_rules_cli *r;
    const dh_rule_file *file;
    result *with, without; /* one a test; of one test, room for the longest */
    uint32_t *found;       /* what each line finds in each test's page: [test * lines + line] */
} bench;

static void add_hash(dh_rules_cli *r, dh_slice text, uint64_t *hash) {
    dh_buf all;
    dh_buf_init(&all, &r->page->arena, 0);
    dh_buf_put_slice(&all, text);
    const dh_fields *fields = &r->page->fields;
    for (uint32_t i = 0; i < fields->len; i++) {
        dh_buf_printf(&all, "\n%d:", (int)fields->ptr[i].kind);
        dh_buf_put_slice(&all, fields->ptr[i].value);
    }
    *hash = dh_hash(dh_buf_slice(&all));
}

/* What came of test t, whose page is cleaned: text. */
static void look(const bench *b, uint32_t t, dh_slice text, result *out, uint32_t *found) {
    dh_rules_cli *r = b->r;
    const dh_rule_file *file = b->file;
    const dh_rule_test *test = &file->tests.ptr[t];
    dh_check_page page = {.text = text, .fields = &r->page->fields};
    add_hash(r, text, &out->hash);
    for (uint32_t i = 0; i < test->checks.len; i++) {
        dh_check_diff diff;
        out->holds[i] = dh_rule_check_holds(&test->checks.ptr[i], &page, &r->page->arena, &diff);
    }
    dh_rule_page rule_page = dh_rules_page_of(r);
    for (uint32_t i = 0; found != NULL && i < file->lines.len; i++)
        found[i] = dh_rule_probe(r->set, &rule_page, &file->lines.ptr[i]);
}

/* Runs test t; found (may be NULL) gets how much each line finds. False: the page is missing. */
static bool run_test(const bench *b, uint32_t t, result *out, uint32_t *found) {
    dh_rules_cli *r = b->r;
    const dh_rule_file *file = b->file;
    const dh_rule_test *test = &file->tests.ptr[t];
    dehusk_error error = {0};
    dh_slice text;
    dehusk_status status = dh_rules_clean_test(r, file, test, &text, &error);
    if (status != DEHUSK_OK && status != DEHUSK_ERR_EMPTY) {
        dh_talk_error(&r->cli->talk, "%s:%u: %.*s: %s", dh_rules_path(file), (unsigned)test->line,
                      (int)test->page.len, test->page.ptr, error.message);
        return false;
    }
    jmp_buf guard;
    if (dh_arena_guard(&r->page->arena, &guard)) { /* a check that failed would say nothing */
        r->page->arena.guard = NULL;
        dh_talk_error(&r->cli->talk, "%s: out of memory", dh_rules_path(file));
        return false;
    }
    look(b, t, text, out, found);
    r->page->arena.guard = NULL;
    return true;
}

/* All tests with all lines. False: a page is missing. */
static bool open_bench(bench *b) {
    dh_arena *arena = b->r->cli->arena;
    uint32_t tests = b->file->tests.len, lines = b->file->lines.len, most = 0;
    b->with = dh_arena_zalloc(arena, tests, sizeof *b->with);
    b->found = dh_arena_zalloc(arena, (size_t)tests * lines, sizeof *b->found);
    for (uint32_t t = 0; t < tests; t++) {
        const dh_rule_test *test = &b->file->tests.ptr[t];
        if (dh_rule_test_is_live(test)) continue;
        if (test->checks.len > most) most = test->checks.len;
        b->with[t].holds = dh_arena_zalloc(arena, test->checks.len, 1);
        if (!run_test(b, t, &b->with[t], &b->found[t * lines])) return false;
    }
    b->without.holds = dh_arena_zalloc(arena, most, 1);
    return true;
}

/* The tests once more without a line: those in whose page it finds something; it has no say in the
 * others. False: a page is missing. */
static bool try_without(bench *b, uint32_t index, fate *out) {
    bool better = false, worse = false, differs = false, finds = false;
    for (uint32_t t = 0; t < b->file->tests.len; t++) {
        uint32_t found = b->found[t * b->file->lines.len + index];
        if (dh_rule_test_is_live(&b->file->tests.ptr[t]) || found == 0) continue;
        finds = true; /* or looks for nothing that could be found */
        if (!run_test(b, t, &b->without, NULL)) return false;
        const result *with = &b->with[t];
        differs |= with->hash != b->without.hash;
        for (uint32_t i = 0; i < b->file->tests.ptr[t].checks.len; i++) {
            better |= b->without.holds[i] > with->holds[i];
            worse |= b->without.holds[i] < with->holds[i];
        }
    }
    fate same = finds ? REDUNDANT : DEAD;
    *out = worse ? NEEDED : better ? HARMFUL : differs ? UNCHECKED : same;
    return true;
}

static void tell(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_line *line,
                 dh_rule_verb verb, fate what) {
    if (what == NEEDED && r->cli->talk.verbose == 0) return;
    dh_buf_printf(&r->out, "%s:%u: %s: %s: ", dh_rules_path(file), (unsigned)line->line,
                  fates[what].name, dh_directives[verb].verb.ptr);
    dh_buf_put_slice(&r->out, line->text);
    dh_buf_printf(&r->out, " (%s)\n", fates[what].why);
}

static bool can_be_missed(dh_rule_verb verb) {
    dh_rule_family family = dh_directives[verb].family;
    return family != DH_FAMILY_FILE && family != DH_FAMILY_STORE;
}

static int mutate_file(dh_rules_cli *r, dh_rule_file *file, unsigned *counts) {
    bench b = {.r = r, .file = file};
    if (!open_bench(&b)) return DH_EXIT_FAILED;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        dh_rule_line *line = &file->lines.ptr[i];
        dh_rule_verb verb = line->verb;
        if (!can_be_missed(verb)) continue;
        if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
        fate what = DEAD;
        line->verb = DH_RULE_none; /* nobody applies it */
        bool ran = try_without(&b, i, &what);
        line->verb = verb;
        if (!ran) return DH_EXIT_FAILED;
        counts[what]++;
        tell(r, file, line, verb, what);
    }
    return DH_EXIT_OK;
}

int dh_rules_mutate(dh_rules_cli *r) {
    unsigned counts[FATES] = {0}, tested = 0;
    int code = DH_EXIT_OK;
    for (uint32_t i = 0; i < r->files.len && code == DH_EXIT_OK; i++) {
        if (r->files.ptr[i]->tests.len == 0) continue;
        tested++;
        code = mutate_file(r, r->files.ptr[i], counts);
    }
    if (code != DH_EXIT_OK) return code;
    if (tested == 0) {
        dh_talk_error(&r->cli->talk, "no test, so nothing would tell what a line is good for");
        return DH_EXIT_USAGE;
    }
    dh_talk_notice(&r->cli->talk, "%u needed, %u unchecked, %u redundant, %u dead, %u harmful",
                   counts[NEEDED], counts[UNCHECKED], counts[REDUNDANT], counts[DEAD],
                   counts[HARMFUL]);
    return dh_rules_print(r, counts[HARMFUL] > 0 ? DH_EXIT_TEST : DH_EXIT_OK);
}
