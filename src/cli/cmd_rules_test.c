/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules test: the tests that stand in rule files, run; or one file against a live page. */
#include "base/url.h"
#include "cli/cmd_rules.h"
#include "cli/get.h"
#include "cli/interrupt.h"
#include "rules/probe.h"

typedef struct totals {
    unsigned tests, checks, failed_tests, failed_checks, untested, live;
} totals;

static void put_place(dh_rules_cli *r, const dh_rule_file *file, uint32_t line,
                      const dh_rule_test *test, dh_slice what) {
    dh_buf_printf(&r->out, "%s:%u: ", dh_rules_path(file), (unsigned)line);
    dh_buf_put_slice(&r->out, test->page);
    dh_buf_puts(&r->out, ": ");
    dh_buf_put_slice(&r->out, what);
    dh_buf_putc(&r->out, '\n');
}

static void put_diff(dh_rules_cli *r, const dh_check_diff *diff) {
    dh_buf_puts(&r->out, "    - ");
    dh_buf_put_slice(&r->out, diff->want);
    dh_buf_puts(&r->out, "\n    + ");
    dh_buf_put_slice(&r->out, diff->got);
    dh_buf_putc(&r->out, '\n');
}

/* Why a text is in the article or is not: the first block that has it. */
static void put_block_with(dh_rules_cli *r, dh_slice want) {
    for (size_t i = 0; i < dehusk_page_block_count(r->page); i++) {
        dehusk_block block;
        if (!dehusk_page_block(r->page, i, &block)) return;
        if (!dh_slice_has(dh_slice_make(block.text.data, block.text.len), want)) continue;
        dh_buf_printf(&r->out, "    # %s\n", block.reason);
        return;
    }
}

static bool run_checks(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_test *test,
                       dh_slice text, totals *sum) {
    dh_check_page page = {
        .text = text, .fields = &r->page->fields, .files = r->page->outcome.files};
    bool good = true;
    for (uint32_t i = 0; i < test->checks.len; i++) {
        const dh_rule_check *check = &test->checks.ptr[i];
        dh_check_diff diff;
        sum->checks++;
        if (dh_rule_check_holds(check, &page, r->cli->arena, &diff)) continue;
        put_place(r, file, check->line, test, check->key);
        put_diff(r, &diff);
        if (dh_slice_eq(check->key, DH_SLICE("has")) || dh_slice_eq(check->key, DH_SLICE("lacks")))
            put_block_with(r, diff.want);
        sum->failed_checks++;
        good = false;
    }
    return good;
}

static bool served_by_other(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_test *test) {
    if (dh_rules_served(r, file)) return false;
    dh_slice by = r->page->outcome.files;
    put_place(r, file, test->line, test, DH_SLICE("served by"));
    dh_check_diff diff = {.want = file->source, .got = by.len > 0 ? by : DH_SLICE("(no rule file)")};
    put_diff(r, &diff);
    return true;
}

static void run_test(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_test *test,
                     totals *sum) {
    dehusk_error error = {0};
    dh_slice text;
    if (dh_rule_test_is_live(test)) {
        sum->live++;
        return;
    }
    sum->tests++;
    dehusk_status status = dh_rules_clean_test(r, file, test, &text, &error);
    bool good = false;
    if (status == DEHUSK_OK) {
        good = !served_by_other(r, file, test);
        good &= run_checks(r, file, test, text, sum);
    } else {
        put_place(r, file, test->line, test, dh_slice_cstr(error.message));
    }
    sum->failed_tests += !good;
}

/* ---- the live page ---- */

static void put_fields(dh_rules_cli *r) {
    const dh_fields *fields = &r->page->fields;
    for (uint32_t i = 0; i < fields->len; i++) {
        dh_slice name = dh_field_name(fields->ptr[i].kind);
        dh_buf_printf(&r->out, "%.*s: ", (int)name.len, name.ptr);
        dh_buf_put_slice(&r->out, fields->ptr[i].value);
        dh_buf_printf(&r->out, " (%s)\n", dh_field_source_name(fields->ptr[i].source));
    }
}

/* Each line with how often it found something. False: an `article` is written, none is there. */
static bool put_lines(dh_rules_cli *r, const dh_rule_file *file) {
    dh_rule_page page = dh_rules_page_of(r);
    bool article = false, wanted = false;
    for (uint32_t i = 0; i < file->merged.len; i++) {
        const dh_rule_line *line = file->merged.ptr[i];
        uint32_t n = dh_rule_probe(r->set, &page, line);
        bool takes = line->verb == DH_RULE_article || line->verb == DH_RULE_paragraphs;
        wanted |= takes;
        if (n == DH_PROBE_NONE) continue;
        article |= takes && n > 0;
        dh_buf_printf(&r->out, "%6u  %s:%u: %s: ", (unsigned)n, dh_rules_path(line->file),
                      (unsigned)line->line, dh_directives[line->verb].verb.ptr);
        dh_buf_put_slice(&r->out, line->text);
        dh_buf_putc(&r->out, '\n');
    }
    return article || !wanted;
}

/* The checks of the tests that name this address as their page. */
static bool check_live(dh_rules_cli *r, const dh_rule_file *file, dh_slice url) {
    dehusk_bytes out = {"", 0};
    totals sum = {0};
    dehusk_error error = {0};
    if (dehusk_page_write(r->page, "txt", &out, &error) != DEHUSK_OK) return false;
    for (uint32_t i = 0; i < file->tests.len; i++)
        if (dh_slice_eq(file->tests.ptr[i].page, url))
            run_checks(r, file, &file->tests.ptr[i], dh_slice_make(out.data, out.len), &sum);
    if (sum.checks > 0)
        dh_talk_notice(&r->cli->talk, "%u checks: %u failed", sum.checks, sum.failed_checks);
    return sum.failed_checks == 0;
}

static int tell_live(dh_rules_cli *r, const dh_rule_file *file, const char *url) {
    dehusk_stats stats = dehusk_page_stats(r->page);
    bool served = file == NULL ? r->page->outcome.files.len > 0 : dh_rules_served(r, file);
    dh_buf_printf(&r->out, "%s\nserved by: ", url);
    dh_slice by = r->page->outcome.files;
    dh_buf_put_slice(&r->out, by.len > 0 ? by : DH_SLICE("(no rule file)"));
    dh_buf_printf(&r->out, "\ncharacters: %llu of %llu kept\n",
                  (unsigned long long)stats.kept_chars, (unsigned long long)stats.text_chars);
    put_fields(r);
    bool article = true, holds = true;
    for (uint32_t i = 0; i < r->set->files.len; i++) {
        if (!dh_rules_served(r, r->set->files.ptr[i])) continue;
        article &= put_lines(r, r->set->files.ptr[i]);
        holds &= check_live(r, r->set->files.ptr[i], dh_slice_cstr(url));
    }
    if (!served) dh_talk_error(&r->cli->talk, "the rule file does not serve this page");
    if (!article) dh_talk_error(&r->cli->talk, "no line for the article finds anything");
    if (stats.kept_chars == 0) dh_talk_error(&r->cli->talk, "nothing is left of the page");
    return served && article && holds && stats.kept_chars > 0 ? DH_EXIT_OK : DH_EXIT_TEST;
}

static int test_live(dh_rules_cli *r) {
    dh_cli *cli = r->cli;
    const char *url = cli->options->url;
    if (cli->options->operands.len > 2 || !dh_url_is_http(dh_slice_cstr(url))) {
        dh_talk_error(&cli->talk, "--url needs an http or https address, and one site at most");
        return DH_EXIT_USAGE;
    }
    const dh_rule_file *file = cli->options->operands.len == 2 ? r->files.ptr[0] : NULL;
    dh_getter getter = {0};
    bool joined;
    dh_fetched fetched = {0};
    dh_error local = {0};
    dehusk_error error = {0};
    dh_status status = dh_get(cli, r->engine, &getter, url, &fetched, &joined, &local);
    dh_getter_release(&getter);
    int code = status == DH_ERR_INTERRUPTED ? DH_EXIT_INTERRUPTED : DH_EXIT_FAILED;
    if (status == DH_OK) {
        dehusk_input input = {.bytes = {fetched.body.ptr, fetched.body.len},
                              .name = url,
                              .url = fetched.url,
                              .content_type = fetched.content_type,
                              .charset = cli->options->encoding,
                              .date = cli->options->date,
                              .joined = joined};
        dehusk_status cleaned =
            dehusk_page_clean(r->page, &input, &cli->options->clean, &error);
        if (cleaned == DEHUSK_OK) code = dh_rules_print(r, tell_live(r, file, url));
        else dh_talk_about(&cli->talk, url, "%s", error.message);
    } else if (status != DH_ERR_INTERRUPTED) {
        dh_talk_about(&cli->talk, url, "%s", local.message);
    }
    dh_fetched_release(&fetched);
    return code;
}

int dh_rules_test(dh_rules_cli *r) {
    if (r->cli->options->url != NULL) return test_live(r);
    totals sum = {0};
    for (uint32_t i = 0; i < r->files.len; i++) {
        const dh_rule_file *file = r->files.ptr[i];
        for (uint32_t k = 0; k < file->tests.len; k++) {
            if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
            run_test(r, file, &file->tests.ptr[k], &sum);
        }
        if (file->tests.len == 0 && file->is_site) sum.untested++;
    }
    dh_talk_notice(&r->cli->talk, "%u tests with %u checks: %u failed", sum.tests, sum.checks,
                   sum.failed_tests);
    if (sum.live > 0)
        dh_talk_notice(&r->cli->talk, "%u tests name an address instead of a stored page: see --url",
                       sum.live);
    if (sum.untested > 0)
        dh_talk_notice(&r->cli->talk, "%u site files have no test", sum.untested);
    return dh_rules_print(r, sum.failed_tests > 0 ? DH_EXIT_TEST : DH_EXIT_OK);
}
