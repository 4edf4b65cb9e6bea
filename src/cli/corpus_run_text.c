/* SPDX-License-Identifier: Apache-2.0 */
/* All that decides what a corpus holds, as the text of its run.json: the same text, the same corpus. */
#include "base/json.h"
#include "cli/corpus.h"
#include "dehusk/page.h"

/* The members of the object at hand, a line each. */
typedef struct pen {
    dh_buf *out;
    const char *indent;
    bool any;
} pen;

static void key(pen *p, const char *name) {
    dh_buf_puts(p->out, p->any ? ",\n" : "\n");
    p->any = true;
    dh_buf_printf(p->out, "%s\"%s\": ", p->indent, name);
}

static void text(pen *p, const char *name, const char *value) {
    if (value == NULL) return;
    key(p, name);
    dh_json_put_string(p->out, dh_slice_cstr(value));
}

static void number(pen *p, const char *name, uint64_t value) {
    key(p, name);
    dh_buf_printf(p->out, "%llu", (unsigned long long)value);
}

static void flag(pen *p, const char *name, bool value) {
    key(p, name);
    dh_buf_puts(p->out, value ? "true" : "false");
}

static void put_limits(pen *p, const dh_cli_options *o) {
    static const char *const names[DH_LIMIT_COUNT] = {
#define DH_LIMIT(name, option, value, unit, help) [DH_LIMIT_##name] = "limit-" option,
#include "base/limits.def"
#undef DH_LIMIT
    };
    for (int i = 0; i < DH_LIMIT_COUNT; i++)
        if (o->limit_set[i]) number(p, names[i], o->limits[i]);
}

static void put_configuration(dh_buf *out, const dh_corpus *corpus) {
    const dh_cli_options *o = corpus->cli->options;
    pen p = {.out = out, .indent = "    "};
    dh_buf_putc(out, '{');
    text(&p, "source", corpus->options.source);
    text(&p, "added", corpus->options.added);
    text(&p, "from", o->from);
    text(&p, "encoding", o->encoding);
    text(&p, "date", o->date);
    text(&p, "pack", o->pack != NULL ? o->pack : "zstd");
    number(&p, "focus", o->clean.focus);
    flag(&p, "comments", o->clean.comments);
    flag(&p, "tables", o->clean.tables);
    flag(&p, "captions", o->clean.captions);
    flag(&p, "deduplicate", o->clean.deduplicate);
    text(&p, "fold", o->clean.fold);
    number(&p, "min_confidence", (uint64_t)o->clean.min_confidence);
    flag(&p, "no_rules", o->no_rules);
    if (o->rules_lenient) flag(&p, "rules_lenient", true);
    text(&p, "pii", o->pii != NULL ? o->pii : "leave");
    text(&p, "languages", o->languages);
    text(&p, "complete", o->complete);
    if (corpus->model != NULL) text(&p, "fasttext_model", corpus->model_digest);
    text(&p, "profile", o->profile != NULL ? o->profile : "none");
    if (o->thresholds != NULL) text(&p, "thresholds", dh_filters_digest(corpus->filters));
    if (o->site_memory) flag(&p, "site_memory", true);
    put_limits(&p, o);
    dh_buf_puts(out, "\n  }");
}

/* Of the rules and labels that were read, whatever folder they lie in. */
static dh_status digest_rules(const dehusk_engine *engine, dh_arena *arena,
                              char out[DH_DIGEST_SIZE], dh_error *error) {
    dh_buf all;
    dh_buf_init(&all, arena, 0);
    for (uint32_t i = 0; i < engine->files.len; i++) {
        char digest[DH_DIGEST_SIZE];
        dh_error why;
        dh_status status = dh_digest_file(engine->files.ptr[i].path, digest, &why);
        if (status != DH_OK)
            return dh_error_set(error, status, "corpus", 0, "%.200s: %.200s",
                                engine->files.ptr[i].path, why.message);
        dh_buf_put_slice(&all, engine->files.ptr[i].name);
        dh_buf_printf(&all, "\n%s\n", digest);
    }
    dh_slice bytes = dh_buf_slice(&all);
    bool good = dh_digest_sha256(&bytes, 1, out);
    return good ? DH_OK : dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

dh_status dh_corpus_run_text(dh_corpus *corpus, dh_slice *made, dh_error *error) {
    dh_cli *cli = corpus->cli;
    char digest[DH_DIGEST_SIZE], rules[DH_DIGEST_SIZE], model[DH_DIGEST_SIZE] = "";
    dh_status status = digest_rules(corpus->run.engine, cli->arena, rules, error);
    if (status == DH_OK && cli->options->model != NULL)
        status = dh_digest_file(cli->options->model, model, error);
    if (status != DH_OK) return status;
    dh_buf out, configuration;
    dh_buf_init(&out, cli->arena, 0);
    dh_buf_init(&configuration, cli->arena, 0);
    put_configuration(&configuration, corpus);
    dh_slice what = dh_buf_slice(&configuration);
    pen p = {.out = &out, .indent = "  "};
    dh_buf_putc(&out, '{');
    text(&p, "dehusk", dehusk_version());
    key(&p, "configuration");
    dh_buf_put_slice(&out, what);
    bool good = dh_digest_sha256(&what, 1, digest);
    text(&p, "configuration_digest", digest);
    number(&p, "rule_files", corpus->run.engine->files.len);
    text(&p, "rules_digest", rules);
    if (model[0] != '\0') text(&p, "model_digest", model);
    number(&p, "inputs", corpus->plan.len);
    number(&p, "input_bytes", corpus->plan.bytes);
    text(&p, "inputs_digest", corpus->plan.digest);
    number(&p, "unit_pages", DH_UNIT_PAGES);
    number(&p, "shard_documents", dh_corpus_shard_documents(cli->options));
    number(&p, "units", corpus->plan.units.len);
    dh_buf_puts(&out, "\n}\n");
    *made = dh_buf_slice(&out);
    return good ? DH_OK
                : dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}
