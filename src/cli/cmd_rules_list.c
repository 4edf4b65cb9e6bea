/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules list, dehusk rules show. */
#include "base/json.h"
#include "base/url.h"
#include "cli/cmd_rules.h"
#include "cli/job.h"
#include "rules/tell.h"

/* ---- list ---- */

static void put_words(dh_rules_cli *r, const dh_rule_file *file, dh_rule_verb verb, bool json) {
    bool any = false;
    for (uint32_t i = 0; i < file->lines.len; i++) {
        const dh_rule_line *line = &file->lines.ptr[i];
        for (uint32_t w = 0; line->verb == verb && w < line->word_count; w++) {
            if (any) dh_buf_puts(&r->out, json ? "," : ", ");
            if (json) dh_json_put_string(&r->out, line->words[w]);
            else dh_buf_put_slice(&r->out, line->words[w]);
            any = true;
        }
    }
    if (!any && !json) dh_buf_putc(&r->out, '-');
}

static void put_json(dh_rules_cli *r, const dh_rule_file *file) {
    dh_buf *out = &r->out;
    dh_buf_puts(out, "{\"file\":");
    dh_json_put_string(out, dh_slice_cstr(dh_rules_path(file)));
    dh_buf_printf(out, ",\"version\":\"%016llx\",\"site\":[", (unsigned long long)file->version);
    put_words(r, file, DH_RULE_site, true);
    dh_buf_puts(out, "],\"inherits\":[");
    put_words(r, file, DH_RULE_inherits, true);
    dh_buf_printf(out, "],\"lines\":%u,\"tests\":%u,\"verified\":%s}", (unsigned)file->merged.len,
                  (unsigned)file->tests.len, file->unverified ? "false" : "true");
}

int dh_rules_list(dh_rules_cli *r) {
    bool json = r->cli->options->format != NULL;
    if (json) dh_buf_puts(&r->out, "[");
    for (uint32_t i = 0; i < r->files.len; i++) {
        const dh_rule_file *file = r->files.ptr[i];
        if (json) {
            dh_buf_puts(&r->out, i > 0 ? ",\n" : "\n");
            put_json(r, file);
            continue;
        }
        dh_buf_puts(&r->out, dh_rules_path(file));
        dh_buf_putc(&r->out, '\t');
        put_words(r, file, DH_RULE_site, false);
        dh_buf_putc(&r->out, '\t');
        put_words(r, file, DH_RULE_inherits, false);
        dh_buf_printf(&r->out, "\t%u lines\t%u tests\t%s\n", (unsigned)file->merged.len,
                      (unsigned)file->tests.len, file->unverified ? "unverified" : "verified");
    }
    if (json) dh_buf_puts(&r->out, "\n]\n");
    return dh_rules_print(r, DH_EXIT_OK);
}

/* ---- show ---- */

static bool is_named(const dh_rule_file *file, const char *operand) {
    dh_slice word = dh_slice_cstr(operand), name = file->name;
    return strcmp(file->path, operand) == 0 || dh_slice_eq(name, word) ||
           dh_slice_eq(dh_slice_sub(name, 0, name.len - sizeof ".rules" + 1), word);
}

static int show_page(dh_rules_cli *r, dh_rule_page *page) {
    const dh_cli_options *o = r->cli->options;
    page->site = dh_slice_cstr(o->site);
    page->date = dh_slice_cstr(o->date);
    page->arena = r->cli->arena;
    dh_rule_file_list files = {0};
    dh_rules_tell(r->set, page, &r->out, &files);
    for (uint32_t i = 0; i < files.len; i++) {
        dh_buf_putc(&r->out, '\n');
        dh_rules_put_merged(files.ptr[i], &r->out);
    }
    return dh_rules_print(r, DH_EXIT_OK);
}

static int show_address(dh_rules_cli *r, const char *url) {
    dh_blocks none = {0};
    dh_rule_page page = {
        .blocks = &none, .url = dh_slice_cstr(url), .regexes = r->page->regexes,
        .limits = &r->page->limits};
    return show_page(r, &page);
}

static int show_saved(dh_rules_cli *r, const char *name) {
    dh_error local = {0};
    dehusk_error error = {0};
    dh_status status = dh_read_page(r->cli, name, NULL, &r->bytes, &local);
    if (status != DH_OK) {
        dh_talk_about(&r->cli->talk, name, "%s", local.message);
        return status == DH_ERR_INTERRUPTED ? DH_EXIT_INTERRUPTED : DH_EXIT_FAILED;
    }
    const dh_cli_options *o = r->cli->options;
    dehusk_input input = {.bytes = {r->bytes.ptr, r->bytes.len},
                          .name = name,
                          .url = o->url,
                          .charset = o->encoding,
                          .date = o->date};
    dehusk_status cleaned = dehusk_page_clean(r->page, &input, &o->clean, &error);
    if (cleaned != DEHUSK_OK && cleaned != DEHUSK_ERR_EMPTY) {
        dh_talk_about(&r->cli->talk, name, "%s", error.message);
        return DH_EXIT_FAILED;
    }
    dh_rule_page page = dh_rules_page_of(r);
    if (o->url != NULL) page.url = dh_slice_cstr(o->url);
    else page.url = r->page->dom != NULL ? dh_meta_url(r->page->dom, r->cli->arena) : page.url;
    return show_page(r, &page);
}

int dh_rules_show(dh_rules_cli *r) {
    const dh_texts *operands = &r->cli->options->operands;
    if (operands->len != 2) {
        dh_talk_error(&r->cli->talk, "rules show needs one address, saved page, or rule file");
        return DH_EXIT_USAGE;
    }
    const char *what = operands->ptr[1];
    for (uint32_t i = 0; i < r->set->files.len; i++) {
        if (!is_named(r->set->files.ptr[i], what)) continue;
        dh_rules_put_merged(r->set->files.ptr[i], &r->out);
        return dh_rules_print(r, DH_EXIT_OK);
    }
    return dh_url_is_http(dh_slice_cstr(what)) ? show_address(r, what) : show_saved(r, what);
}
