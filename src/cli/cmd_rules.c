/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules: the tools for rule files. One file per subcommand, cmd_rules_NAME.c. */
#include "cli/cmd_rules.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/url.h"
#include "cli/cmd_rules_import.h"
#include "cli/job.h"
#include "css/suggest.h"

typedef struct subcommand {
    const char *name;
    int (*run)(dh_rules_cli *r); /* NULL: import, which needs no engine */
    bool names_files; /* operands are sites or rule files */
    bool lenient;     /* mistakes in rule files do not end it */
    bool needs_page;
} subcommand;

static const subcommand subcommands[] = {
    {"test", dh_rules_test, true, false, true},   {"lint", dh_rules_lint, true, true, true},
    {"list", dh_rules_list, true, true, false},   {"show", dh_rules_show, false, false, true},
    {"new", dh_rules_draft, false, false, false}, {"import", NULL, false, false, false},
    {"mutate", dh_rules_mutate, true, false, true}, {"learn", dh_rules_learn, false, false, false},
};

/* ---- which files ---- */

static bool is_rule_file(const char *operand) {
    struct stat st;
    return dh_slice_ends(dh_slice_cstr(operand), DH_SLICE(".rules")) && stat(operand, &st) == 0 &&
           S_ISREG(st.st_mode);
}

const char *dh_rules_path(const dh_rule_file *file) {
    return file->path;
}

static bool means(const dh_rule_file *file, const char *operand) {
    dh_slice word = dh_slice_cstr(operand), name = file->name;
    if (strcmp(file->path, operand) == 0 || dh_slice_eq(name, word)) return true;
    dh_slice bare = dh_slice_sub(name, 0, name.len - sizeof ".rules" + 1);
    if (dh_slice_eq(bare, word)) return true;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        for (uint32_t w = 0; line->verb == DH_RULE_site && w < line->word_count; w++) {
            dh_slice host = line->words[w];
            if (host.ptr[0] == '=') host = dh_slice_sub(host, 1, host.len);
            if (dh_slice_eq(host, word)) return true;
        }
    }
    return false;
}

static int no_such_site(dh_rules_cli *r, const char *operand) {
    dh_suggest near = dh_suggest_start(dh_slice_cstr(operand));
    for (uint32_t i = 0; i < r->set->files.len; i++) {
        dh_slice name = r->set->files.ptr[i]->name;
        dh_suggest_offer(&near, dh_slice_sub(name, 0, name.len - sizeof ".rules" + 1));
    }
    bool hint = near.best.len > 0;
    dh_talk_error(&r->cli->talk, "no rule file for %s%s%.*s%s (dehusk rules list shows all)",
                  dh_io_printable(operand, r->cli->arena), hint ? ", did you mean " : "",
                  (int)near.best.len, hint ? near.best.ptr : "", hint ? "?" : "");
    return DH_EXIT_USAGE;
}

static int choose_files(dh_rules_cli *r) {
    const dh_texts *operands = &r->cli->options->operands;
    for (uint32_t i = 0; operands->len == 1 && i < r->set->files.len; i++)
        *DH_PUSH(r->cli->arena, r->files) = r->set->files.ptr[i];
    for (uint32_t k = 1; k < operands->len; k++) {
        bool any = false;
        for (uint32_t i = 0; i < r->set->files.len; i++) {
            if (!means(r->set->files.ptr[i], operands->ptr[k])) continue;
            *DH_PUSH(r->cli->arena, r->files) = r->set->files.ptr[i];
            any = true;
        }
        if (!any) return no_such_site(r, operands->ptr[k]);
    }
    return DH_EXIT_OK;
}

/* ---- the pages of tests ---- */

static bool is_file(const char *path) {
    dh_io_kind kind; /* when nobody can say, whoever reads it is told */
    return dh_io_look(path, &kind, NULL) != DH_OK || (kind != DH_IO_NONE && kind != DH_IO_FOLDER);
}

const char *dh_rules_page_path(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_test *test) {
    static const char *const folders[] = {"", "../fixtures/", "../../fixtures/"};
    const char *last = strrchr(file->path, '/');
    dh_slice folder = dh_slice_make(file->path, last != NULL ? (size_t)(last - file->path) + 1 : 0);
    bool absolute = test->page.ptr[0] == '/';
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        dh_buf path;
        dh_buf_init(&path, r->cli->arena, 0);
        if (!absolute) {
            dh_buf_put_slice(&path, folder);
            dh_buf_puts(&path, folders[i]);
        }
        dh_buf_put_slice(&path, test->page);
        const char *whole = dh_buf_cstr(&path);
        if (is_file(whole)) return whole;
    }
    return NULL;
}

static const char *cstr_of(dh_rules_cli *r, dh_slice s) {
    return s.len > 0 ? dh_arena_dup(r->cli->arena, s).ptr : NULL;
}

/* The `site` that makes file serve the page whatever its address: its name. */
static const char *own_site(dh_rules_cli *r, const dh_rule_file *file) {
    return cstr_of(r, dh_slice_sub(file->name, 0, file->name.len - sizeof ".rules" + 1));
}

dehusk_status dh_rules_clean_test(dh_rules_cli *r, const dh_rule_file *file,
                                  const dh_rule_test *test, dh_slice *text, dehusk_error *error) {
    dh_error local = {0};
    const char *path = dh_rules_page_path(r, file, test);
    *text = (dh_slice){"", 0};
    if (path == NULL)
        return (dehusk_status)dh_error_set((dh_error *)(void *)error, DH_ERR_IO, "rules", 0,
                                           "the page is not there, beside the rule file or in fixtures/");
    dh_buf_reset(&r->bytes);
    dh_status status = dh_read_page(r->cli, path, NULL, &r->bytes, &local);
    r->broken |= status != DH_OK;
    if (status != DH_OK)
        return (dehusk_status)dh_error_set((dh_error *)(void *)error, status, "rules", 0, "%s",
                                           local.message);
    dehusk_input input = {.bytes = {r->bytes.ptr, r->bytes.len},
                          .name = path,
                          .url = cstr_of(r, dh_rule_check_value(test, "url")),
                          .site = cstr_of(r, dh_rule_check_value(test, "site")),
                          .date = cstr_of(r, dh_rule_check_value(test, "crawled")),
                          .charset = r->cli->options->encoding,
                          .from = test->is_text ? DEHUSK_FROM_TEXT : DEHUSK_FROM_AUTO};
    if (input.url == NULL && input.site == NULL) input.site = own_site(r, file);
    dehusk_status result = dehusk_page_clean(r->page, &input, &r->cli->options->clean, error);
    dehusk_bytes out = {"", 0};
    if (result == DEHUSK_OK) result = dehusk_page_write(r->page, "txt", &out, error);
    r->broken |= result == DEHUSK_ERR_MEMORY;
    *text = dh_slice_make(out.data, out.len);
    return result;
}

dh_rule_page dh_rules_page_of(dh_rules_cli *r) {
    return dh_page_for_rules(r->page, r->cli->arena->guard);
}

bool dh_rules_served(const dh_rules_cli *r, const dh_rule_file *file) {
    dh_slice rest = r->page->outcome.files;
    while (rest.ptr != NULL && r->page->outcome.files.len > 0)
        if (dh_slice_eq(dh_slice_cut(&rest, ','), file->source)) return true;
    return false;
}

int dh_rules_print(dh_rules_cli *r, int code) {
    int printed = dh_cli_print(r->cli, dh_buf_slice(&r->out));
    if (printed != DH_EXIT_OK) return printed;
    if (r->broken) dh_talk_error(&r->cli->talk, "not every page could be read and cleaned");
    return r->broken ? DH_EXIT_FAILED : code;
}

bool dh_rules_may_write(dh_rules_cli *r) {
    const dh_cli_options *o = r->cli->options;
    if (o->output == NULL || o->overwrite || access(o->output, F_OK) != 0) return true;
    dh_talk_about(&r->cli->talk, o->output, "exists; --overwrite replaces it");
    return false;
}

int dh_rules_write(dh_rules_cli *r) {
    const dh_cli_options *o = r->cli->options;
    dh_error error = {0};
    if (o->output == NULL) return dh_rules_print(r, DH_EXIT_OK);
    if (dh_io_write(o->output, dh_buf_slice(&r->out), o->overwrite, false, &error) == DH_OK)
        return DH_EXIT_OK;
    dh_talk_about(&r->cli->talk, o->output, "%s", error.message);
    return DH_EXIT_FAILED;
}

/* ---- the command ---- */

static int which(dh_cli *cli, const subcommand **out) {
    const dh_texts *operands = &cli->options->operands;
    size_t n = sizeof subcommands / sizeof *subcommands;
    if (operands->len == 0) {
        dh_talk_error(&cli->talk,
                      "say which: test, lint, list, show, new, learn, mutate or import (see dehusk rules --help)");
        return DH_EXIT_USAGE;
    }
    dh_suggest near = dh_suggest_start(dh_slice_cstr(operands->ptr[0]));
    for (size_t i = 0; i < n; i++) {
        dh_suggest_offer(&near, dh_slice_cstr(subcommands[i].name));
        if (strcmp(subcommands[i].name, operands->ptr[0]) != 0) continue;
        *out = &subcommands[i];
        return DH_EXIT_OK;
    }
    bool hint = near.best.len > 0;
    dh_talk_error(&cli->talk, "rules knows test, lint, list, show, new, learn, mutate and import, not %s%s%.*s%s",
                  dh_io_printable(operands->ptr[0], cli->arena), hint ? "; did you mean " : "",
                  (int)near.best.len, hint ? near.best.ptr : "", hint ? "?" : "");
    return DH_EXIT_USAGE;
}

static void ignore_mistake(void *data, const dh_error *error) {
    dh_rules_cli *r = data;
    dh_talk_error(&r->cli->talk, "%s:%u:%u: %s", error->file, (unsigned)error->line,
                  (unsigned)error->column, error->message);
}

static dehusk_status open_engine(dh_rules_cli *r, const subcommand *sub, dehusk_error *error) {
    const dh_cli_options *o = r->cli->options;
    dh_texts files = {0};
    for (uint32_t i = 1; i < o->operands.len; i++)
        if (is_rule_file(o->operands.ptr[i]))
            *DH_PUSH(r->cli->arena, files) = o->operands.ptr[i];
    dh_engine_extra extra = {.data = r, .files = files.ptr, .file_count = files.len};
    if (sub->lenient)
        extra.report = sub->run == dh_rules_lint ? dh_rules_lint_report : ignore_mistake;
    dehusk_engine_options how = {.rule_dirs = o->rules.ptr, .rule_dir_count = o->rules.len};
    dehusk_status status = dh_engine_new(&how, &extra, &r->engine, error);
    if (status == DEHUSK_OK) r->set = r->engine->rules;
    return status;
}

static int run_with_page(dh_rules_cli *r, const subcommand *sub) {
    r->page = sub->needs_page ? dh_page_for(r->engine, r->cli->options) : NULL;
    if (sub->needs_page && r->page == NULL) {
        dh_talk_error(&r->cli->talk, "out of memory");
        return DH_EXIT_FAILED;
    }
    int code = sub->run(r);
    dehusk_page_free(r->page);
    dh_buf_release(&r->bytes);
    return code;
}

int dh_cmd_rules(dh_cli *cli) {
    const subcommand *sub = NULL;
    int code = which(cli, &sub);
    if (code != DH_EXIT_OK) return code;
    if (sub->run == NULL) return dh_cmd_rules_import(cli);
    dh_rules_cli r = {.cli = cli, .findings = {.arena = cli->arena}};
    dh_buf_init(&r.out, cli->arena, 0);
    dehusk_error error = {0};
    dehusk_status status = open_engine(&r, sub, &error);
    if (status != DEHUSK_OK) return dh_cli_engine_failed(cli, status, &error);
    if (sub->names_files) code = choose_files(&r);
    if (code == DH_EXIT_OK) code = run_with_page(&r, sub);
    dehusk_engine_free(r.engine);
    return code;
}
