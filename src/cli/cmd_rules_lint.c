/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules lint: what is wrong with rule files, with and without their stored pages. */
#include "base/json.h"
#include "cli/cmd_rules.h"
#include "cli/interrupt.h"
#include "rules/probe.h"

void dh_rules_lint_report(void *data, const dh_error *error) {
    dh_rules_cli *r = data;
    dh_findings_add(&r->findings, DH_LINT_syntax, error->file, error->line, error->column, "%s",
                    error->message);
}

/* Lines that look for something and find it in none of the pages. */
static void lint_pages(dh_rules_cli *r, const dh_rule_file *file) {
    dh_arena *arena = r->cli->arena;
    uint8_t *found = dh_arena_zalloc(arena, file->lines.len, 1);
    uint8_t *asked = dh_arena_zalloc(arena, file->lines.len, 1);
    for (uint32_t t = 0; t < file->tests.len; t++) {
        const dh_rule_test *test = &file->tests.ptr[t];
        dehusk_error error = {0};
        dh_slice text;
        if (dh_rule_test_is_live(test)) continue;
        dehusk_status status = dh_rules_clean_test(r, file, test, &text, &error);
        if (status != DEHUSK_OK && status != DEHUSK_ERR_EMPTY) {
            dh_findings_add(&r->findings, DH_LINT_missing, file->path, test->line, 0, "%.*s: %s",
                            test->page.len < 200 ? (int)test->page.len : 200, test->page.ptr,
                            error.message);
            continue;
        }
        dh_rule_page page = dh_rules_page_of(r);
        for (uint32_t i = 0; i < file->lines.len; i++) {
            uint32_t n = dh_rule_probe(r->set, &page, &file->lines.ptr[i]);
            if (n == DH_PROBE_NONE) continue;
            asked[i] = 1;
            found[i] |= n > 0;
        }
    }
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        bool of_file = dh_directives[line->verb].family == DH_FAMILY_FILE;
        if (!asked[i] || found[i] || of_file) continue;
        dh_findings_add(&r->findings, DH_LINT_unmatched, file->path, line->line, 0,
                        "%s: finds nothing in the %u pages of the file's tests",
                        dh_directives[line->verb].verb.ptr, (unsigned)file->tests.len);
    }
}

static void lint_regexes(dh_rules_cli *r, const dh_rule_file *file,
                         const dh_slow_texts *texts) {
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        uint32_t slow = dh_rule_probe_slow(line, r->page->regexes, texts);
        if (slow > 0)
            dh_findings_add(&r->findings, DH_LINT_slow, file->path, line->line, 0,
                            "%s: regular expression %u of the line runs into the step limit on long "
                            "lines, and then matches nothing",
                            dh_directives[line->verb].verb.ptr, (unsigned)slow);
    }
}

static void put_json(dh_rules_cli *r, const dh_finding *f) {
    dh_buf *out = &r->out;
    dh_buf_puts(out, "{\"file\":");
    dh_json_put_string(out, dh_slice_cstr(f->file));
    dh_buf_printf(out, ",\"line\":%u,\"column\":%u,\"level\":\"%s\",\"kind\":\"%s\",\"message\":",
                  (unsigned)f->line, (unsigned)f->column,
                  dh_finding_level_name(dh_finding_level_of(f->kind)), dh_finding_name(f->kind));
    dh_json_put_string(out, f->message);
    dh_buf_puts(out, "}");
}

static void put_text(dh_rules_cli *r, const dh_finding *f) {
    dh_buf *out = &r->out;
    dh_buf_puts(out, f->file);
    if (f->line > 0) dh_buf_printf(out, ":%u", (unsigned)f->line);
    if (f->column > 0) dh_buf_printf(out, ":%u", (unsigned)f->column);
    dh_buf_printf(out, ": %s: ", dh_finding_level_name(dh_finding_level_of(f->kind)));
    dh_buf_put_slice(out, f->message);
    dh_buf_printf(out, " [%s]\n", dh_finding_name(f->kind));
}

static int tell(dh_rules_cli *r) {
    const dh_cli_options *o = r->cli->options;
    unsigned levels[3] = {0};
    bool json = o->format != NULL;
    if (json) dh_buf_puts(&r->out, "[");
    for (uint32_t i = 0; i < r->findings.len; i++) {
        const dh_finding *f = &r->findings.ptr[i];
        levels[dh_finding_level_of(f->kind)]++;
        if (json) dh_buf_puts(&r->out, i > 0 ? ",\n" : "\n");
        if (json) put_json(r, f);
        else put_text(r, f);
    }
    if (json) dh_buf_puts(&r->out, r->findings.len > 0 ? "\n]\n" : "]\n");
    dh_talk_notice(&r->cli->talk, "%u files: %u errors, %u warnings, %u notes",
                   (unsigned)r->files.len, levels[DH_FINDING_ERROR], levels[DH_FINDING_WARNING],
                   levels[DH_FINDING_NOTE]);
    bool bad = levels[DH_FINDING_ERROR] > 0 || (o->strict && levels[DH_FINDING_WARNING] > 0);
    return dh_rules_print(r, bad ? DH_EXIT_TEST : DH_EXIT_OK);
}

/* Mistakes are told of all files that were read; only those in files that are meant count. */
static void keep_meant(dh_rules_cli *r) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->findings.len; i++) {
        bool meant = r->cli->options->operands.len == 1;
        for (uint32_t k = 0; k < r->files.len && !meant; k++)
            meant = strcmp(r->files.ptr[k]->path, r->findings.ptr[i].file) == 0;
        if (meant) r->findings.ptr[kept++] = r->findings.ptr[i];
    }
    r->findings.len = kept;
}

int dh_rules_lint(dh_rules_cli *r) {
    dh_slow_texts texts;
    dh_slow_texts_make(&texts, r->cli->arena);
    uint8_t *wanted = dh_arena_zalloc(r->cli->arena, r->set->files.len, 1);
    keep_meant(r);
    for (uint32_t i = 0; i < r->set->files.len; i++)
        for (uint32_t k = 0; k < r->files.len; k++)
            if (r->set->files.ptr[i] == r->files.ptr[k]) wanted[i] = 1;
    dh_rule_set_lint(r->set, wanted, &r->findings);
    for (uint32_t i = 0; i < r->files.len && !dh_interrupted(); i++) {
        lint_regexes(r, r->files.ptr[i], &texts);
        if (r->files.ptr[i]->tests.len > 0) lint_pages(r, r->files.ptr[i]);
    }
    if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
    dh_findings_sort(&r->findings);
    return tell(r);
}
