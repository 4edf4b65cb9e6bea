/* SPDX-License-Identifier: Apache-2.0 */
/* json, jsonl: trafilatura's keys in its sense and order, then ours. Every key is always there;
 * what is absent is null. json has a line for each key, jsonl is one line. */
#include "base/json.h"
#include "emit/format.h"
#include "emit/head.h"
#include "emit/reason.h"

typedef struct json {
    const dh_article *article;
    const dh_emit_options *options;
    dh_arena *arena;
    dh_buf *out;
    bool lines; /* a line feed before each key */
    bool any;   /* the open object has a member */
} json;

static void key(json *j, const char *name) {
    if (j->any) dh_buf_puts(j->out, j->lines ? "," : ", ");
    if (j->lines) dh_buf_puts(j->out, "\n  ");
    dh_json_put_string(j->out, dh_slice_cstr(name));
    dh_buf_puts(j->out, ": ");
    j->any = true;
}

static void put_or_null(dh_buf *out, dh_slice value) {
    if (value.len > 0)
        dh_json_put_string(out, value);
    else
        dh_buf_puts(out, "null");
}

static void member(json *j, const char *name, dh_slice value) {
    key(j, name);
    put_or_null(j->out, value);
}

static void field(json *j, const char *name, dh_field_kind kind) {
    member(j, name, dh_fields_value(j->article->fields, kind));
}

static void joined(json *j, const char *name, dh_field_kind kind, const char *separator) {
    member(j, name, dh_head_joined(j->article, kind, separator, j->arena));
}

/* The text as txt has it, or as Markdown when marks that only Markdown can show are asked for (as
 * in trafilatura). `required`: an empty text is "", not null. */
static void text(json *j, const char *name, uint32_t roles, bool required) {
    const dh_emit_options *o = j->options;
    dh_buf body;
    dh_buf_init(&body, j->arena, j->out->max);
    if (o->links || o->formatting || o->images)
        dh_emit_md_body(j->article, o, roles, j->arena, &body);
    else
        dh_emit_txt_body(j->article, o, roles, j->arena, &body);
    if (body.failed) j->out->failed = true;
    key(j, name);
    if (required)
        dh_json_put_string(j->out, dh_buf_slice(&body));
    else
        put_or_null(j->out, dh_buf_slice(&body));
}

/* The words of the body alone, on one line. */
static void raw_text(json *j) {
    const dh_article *a = j->article;
    dh_buf all;
    dh_buf_init(&all, j->arena, j->out->max);
    for (uint32_t i = 0; i < a->blocks->len; i++) {
        if (a->decisions[i].verdict != DH_KEEP || a->decisions[i].role != DH_ROLE_BODY) continue;
        if (a->texts[i].len == 0) continue;
        if (a->blocks->ptr[i].kind == DH_BLOCK_ROW && !j->options->tables) continue;
        if (all.len > 0) dh_buf_putc(&all, ' ');
        dh_buf_put_slice(&all, a->texts[i]);
    }
    for (size_t i = 0; i < all.len; i++)
        if (dh_is_space(all.ptr[i])) all.ptr[i] = ' ';
    if (all.failed) j->out->failed = true;
    member(j, "raw_text", dh_buf_slice(&all));
}

static void authors(json *j) {
    const dh_fields *fields = j->article->fields;
    bool any = false;
    key(j, "authors");
    for (uint32_t i = 0; i < fields->len; i++) {
        if (fields->ptr[i].kind != DH_FIELD_author) continue;
        dh_buf_puts(j->out, any ? ", " : "[");
        dh_json_put_string(j->out, fields->ptr[i].value);
        any = true;
    }
    dh_buf_puts(j->out, any ? "]" : "null");
}

static void limited(json *j) {
    key(j, "limited");
    if (j->article->limited == DH_LIMIT_NONE)
        dh_buf_puts(j->out, "null");
    else
        dh_buf_printf(j->out, "{\"limit\": \"%s\", \"kept_bytes\": %llu}",
                      dh_limit_name(j->article->limited),
                      (unsigned long long)j->article->limit_kept);
}

static void completeness(json *j) {
    member(j, "completeness", dh_complete_name(j->article->complete));
    member(j, "completeness_why", j->article->complete_why);
}

static void confidence(json *j) {
    key(j, "confidence");
    dh_buf_printf(j->out, "%d.%03d", (int)(j->article->confidence / 1000),
                  (int)(j->article->confidence % 1000));
}

static void reason(json *j, const dh_mark *mark) {
    dh_buf *out = j->out;
    dh_buf_printf(out, "{\"verdict\": \"%s\", \"cause\": \"%s\", \"source\": ",
                  dh_verdict_name(mark->verdict), dh_cause_name(mark->cause));
    put_or_null(out, mark->source);
    if (mark->line > 0)
        dh_buf_printf(out, ", \"line\": %u", (unsigned)mark->line);
    else
        dh_buf_puts(out, ", \"line\": null");
    dh_buf_puts(out, ", \"detail\": ");
    put_or_null(out, mark->detail);
    if (mark->score >= 0)
        dh_buf_printf(out, ", \"score\": %d.%03d", (int)(mark->score / 1000),
                      (int)(mark->score % 1000));
    else
        dh_buf_puts(out, ", \"score\": null");
    if (!dh_mark_is_whole(mark)) {
        dh_buf_printf(out, ", \"begin\": %u, \"end\": %u", (unsigned)mark->begin,
                      (unsigned)mark->end);
        if (mark->verdict == DH_REPLACE) {
            dh_buf_puts(out, ", \"replacement\": ");
            dh_json_put_string(out, mark->replacement);
        }
    }
    dh_buf_putc(out, '}');
}

static void block(json *j, const dh_reasons *reasons, uint32_t i) {
    const dh_article *a = j->article;
    const dh_block *b = &a->blocks->ptr[i];
    dh_buf *out = j->out;
    dh_buf_printf(
        out, "{\"kind\": \"%s\", \"level\": %u, \"verdict\": \"%s\", \"role\": \"%s\", \"text\": ",
        dh_block_kind_name(b), (unsigned)b->level, dh_verdict_name(a->decisions[i].verdict),
        dh_role_name(a->decisions[i].role));
    dh_json_put_string(out, b->text);
    if (a->decisions[i].verdict == DH_KEEP && !dh_slice_eq(b->text, a->texts[i])) {
        dh_buf_puts(out, ", \"kept_text\": ");
        dh_json_put_string(out, a->texts[i]);
    }
    uint32_t length = b->src_end > b->src_begin ? b->src_end - b->src_begin : 0;
    dh_buf_printf(out, ", \"offset\": %u, \"length\": %u, \"reasons\": [", (unsigned)b->src_begin,
                  (unsigned)length);
    for (uint32_t r = reasons->begin[i]; r < reasons->begin[i + 1]; r++) {
        if (r > reasons->begin[i]) dh_buf_puts(out, ", ");
        reason(j, &a->marks->ptr[reasons->order[r]]);
    }
    dh_buf_puts(out, "]}");
}

static void blocks(json *j) {
    dh_reasons reasons = dh_reasons_make(j->article, j->arena);
    key(j, "blocks");
    dh_buf_putc(j->out, '[');
    for (uint32_t i = 0; i < j->article->blocks->len; i++) {
        if (i > 0) dh_buf_puts(j->out, j->lines ? "," : ", ");
        if (j->lines) dh_buf_puts(j->out, "\n    ");
        block(j, &reasons, i);
    }
    dh_buf_putc(j->out, ']');
}

/* Keys of trafilatura 2. */
static void familiar(json *j) {
    const dh_article *a = j->article;
    member(j, "title", dh_head_title(a));
    joined(j, "author", DH_FIELD_author, "; ");
    field(j, "hostname", DH_FIELD_hostname);
    member(j, "date", dh_head_day(a, DH_FIELD_published));
    member(j, "fingerprint", dh_head_fingerprint(a, j->arena));
    member(j, "id", a->id);
    field(j, "license", DH_FIELD_license);
    if (j->options->comments)
        text(j, "comments", DH_ROLES_COMMENT, false);
    else
        member(j, "comments", (dh_slice){NULL, 0});
    raw_text(j);
    text(j, "text", dh_walk_body_roles(j->options), true);
    field(j, "language", DH_FIELD_language);
    field(j, "image", DH_FIELD_image);
    field(j, "pagetype", DH_FIELD_pagetype);
    member(j, "filedate", j->options->today);
    member(j, "source", dh_head_url(a));
    field(j, "source-hostname", DH_FIELD_sitename);
    field(j, "excerpt", DH_FIELD_description);
    joined(j, "categories", DH_FIELD_category, ";");
    joined(j, "tags", DH_FIELD_tag, ";");
}

static void write_json(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                       dh_buf *out, bool lines) {
    json j = {.article = article, .options = options, .arena = arena, .out = out, .lines = lines};
    dh_buf_putc(out, '{');
    familiar(&j);
    authors(&j);
    field(&j, "published", DH_FIELD_published);
    field(&j, "modified", DH_FIELD_modified);
    field(&j, "canonical", DH_FIELD_canonical);
    field(&j, "section", DH_FIELD_section);
    field(&j, "access", DH_FIELD_access);
    completeness(&j);
    confidence(&j);
    member(&j, "rule", article->rule_files);
    if (article->rule_versions.len > 0) member(&j, "rule_version", article->rule_versions);
    member(&j, "encoding", article->charset);
    limited(&j);
    member(&j, "folds", article->folds);
    member(&j, "name", article->name);
    member(&j, "version", options->version);
    if (options->blocks) blocks(&j);
    dh_buf_puts(out, lines ? "\n}\n" : "}\n");
}

void dh_emit_json(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                  dh_buf *out) {
    write_json(article, options, arena, out, true);
}

void dh_emit_jsonl(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                   dh_buf *out) {
    write_json(article, options, arena, out, false);
}
