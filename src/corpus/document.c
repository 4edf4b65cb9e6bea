/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/document.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/digest.h"
#include "base/url.h"
#include "corpus/page_lines.h"
#include "corpus/pii.h"
#include "dehusk/page.h"
#include "text/class.h"
#include "work/record.h"

enum { ID_DIGITS = 32, KEEP_BUFFER = 1 << 20 };

struct dh_document_maker {
    const dh_document_options *options;
    dh_arena arena; /* of the document at hand */
    dh_buf line;    /* heap */
    dh_word_cutter *cutter;
};

/* The document at hand on its way to a line. */
typedef struct draft {
    const dh_document_options *options;
    const dh_document_subject *subject;
    dehusk_status status;
    const char *message;
    const dh_fields *fields; /* NULL: none */
    dh_slice text;
    dh_text_facts facts;
    dh_language language;
    dh_complete complete;
    dh_slice complete_why;
    dh_filter_verdict verdict;
    dh_pii_counts pii;
    dh_buf lines; /* in the maker's arena */
    dh_document document;
    dh_buf *line;
    bool any; /* the open object has a member */
} draft;

dh_document_maker *dh_document_maker_new(const dh_document_options *options) {
    dh_document_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL) return NULL;
    maker->options = options;
    dh_arena_init(&maker->arena, 0);
    maker->cutter = dh_word_cutter_new();
    if (maker->cutter != NULL) return maker;
    dh_document_maker_free(maker);
    return NULL;
}

void dh_document_maker_free(dh_document_maker *maker) {
    if (maker == NULL) return;
    dh_arena_release(&maker->arena);
    dh_buf_release(&maker->line);
    dh_word_cutter_free(maker->cutter);
    free(maker);
}

/* ---- what it is ---- */

/* Its own name when it has one; else by where it stands and what it holds, of which both ends are looked at: the
 * whole would cost a tenth of cleaning it. */
static dh_slice id_of(const dh_document_subject *s, dh_arena *arena) {
    enum { LOOK_AT = 4096 };
    if (s->id[0] != '\0') return dh_slice_cstr(s->id);
    char place[64], digest[DH_DIGEST_SIZE];
    int len =
        snprintf(place, sizeof place, "\n%llu\n%zu\n", (unsigned long long)s->number, s->bytes.len);
    size_t middle = s->bytes.len > LOOK_AT ? s->bytes.len - LOOK_AT : 0;
    dh_slice parts[] = {dh_slice_cstr(s->input), dh_slice_make(place, (size_t)len),
                        dh_slice_sub(s->bytes, 0, LOOK_AT),
                        dh_slice_sub(s->bytes, middle > LOOK_AT ? middle : LOOK_AT, s->bytes.len)};
    if (!dh_digest_sha256(parts, sizeof parts / sizeof *parts, digest)) {
        dh_arena_fail(arena, DH_ERR_MEMORY);
        return DH_SLICE("");
    }
    size_t prefix = sizeof "sha256:" - 1;
    return dh_arena_dup(arena, dh_slice_make(digest + prefix, ID_DIGITS));
}

static dh_slice field(const draft *d, dh_field_kind kind) {
    return d->fields != NULL ? dh_fields_value(d->fields, kind) : DH_SLICE("");
}

static dh_slice url_of(const draft *d) {
    if (d->subject->url[0] != '\0') return dh_slice_cstr(d->subject->url);
    dh_slice url = field(d, DH_FIELD_url);
    return url.len > 0 ? url : field(d, DH_FIELD_canonical);
}

/* A word to count failures by. */
static dh_slice failure(dehusk_status status) {
    switch (status) {
    case DEHUSK_ERR_MEMORY:
        return DH_SLICE("memory");
    case DEHUSK_ERR_LIMIT:
        return DH_SLICE("limit");
    case DEHUSK_ERR_TYPE:
        return DH_SLICE("no_page");
    case DEHUSK_ERR_NET:
        return DH_SLICE("coding");
    case DEHUSK_ERR_TIME:
        return DH_SLICE("time");
    case DEHUSK_ERR_SYNTAX:
        return DH_SLICE("damaged");
    case DEHUSK_ERR_INTERNAL:
        return DH_SLICE("crashed");
    default:
        return DH_SLICE("error");
    }
}

/* "en is not asked for" */
static const char *say_language(const draft *d, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_printf(&out, "the text is in %s (%s)", d->language.tag, d->language.script);
    return dh_buf_cstr(&out);
}

static const char *say_why(const draft *d, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_put_slice(&out, d->complete_why.len > 0 ? d->complete_why : DH_SLICE("not asked for"));
    return dh_buf_cstr(&out);
}

static bool is_wanted(const draft *d) {
    dh_slice rest = dh_slice_cstr(d->options->languages);
    bool any = rest.ptr == NULL;
    while (rest.ptr != NULL && !any)
        any = dh_lang_is(&d->language, dh_slice_trim(dh_slice_cut(&rest, ',')));
    return any;
}

/* Of a text: its language, then the filters. */
static void judge_text(draft *d, dh_document_maker *maker) {
    dh_document *document = &d->document;
    const dh_filters *filters = d->options->filters;
    if ((d->options->complete >> d->complete & 1) == 0) {
        document->fate = DH_FATE_REJECTED;
        document->reason = dh_complete_name(d->complete);
        d->message = say_why(d, &maker->arena);
        return;
    }
    if (!is_wanted(d)) {
        document->fate = DH_FATE_REJECTED;
        document->reason = DH_SLICE("language");
        d->message = say_language(d, &maker->arena);
        return;
    }
    if (filters == NULL || !dh_filters_any(filters)) return;
    d->verdict =
        dh_filters_judge(filters, d->text, &d->facts, &d->language, maker->cutter, &maker->arena);
    if (d->verdict.name == NULL) return;
    document->fate = DH_FATE_REJECTED;
    document->reason = dh_slice_cstr(d->verdict.name);
}

static void judge(draft *d, dh_document_maker *maker) {
    dh_document *document = &d->document;
    if (d->status == DEHUSK_ERR_EMPTY) {
        document->fate = DH_FATE_REJECTED;
        document->reason = DH_SLICE("left_out");
    } else if (d->status != DEHUSK_OK) {
        document->fate = DH_FATE_FAILED;
        document->reason = failure(d->status);
    } else if (d->facts.letters == 0) {
        document->fate = DH_FATE_REJECTED;
        document->reason = DH_SLICE("no_text");
    } else {
        judge_text(d, maker);
    }
}

/* Looks for what leads to persons; the text may be another then. */
static void look_for_persons(draft *d, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    bool replace = d->options->pii == DH_PII_REPLACE;
    if (d->options->pii == DH_PII_LEAVE) return;
    dh_pii_scan(d->text, replace ? &out : NULL, &d->pii);
    if (replace) d->text = dh_buf_slice(&out);
}

/* Text and fields of a page that was cleaned. */
static void read_page(draft *d, dh_arena *arena) {
    dehusk_bytes written;
    dehusk_page *page = d->subject->page;
    d->status = dehusk_page_write(page, "txt", &written, NULL);
    if (d->status != DEHUSK_OK) d->message = "its text needs more memory than it may have";
    if (d->status != DEHUSK_OK) return;
    d->text = dh_slice_make(written.data, written.len);
    while (d->text.len > 0 && d->text.ptr[d->text.len - 1] == '\n') d->text.len--;
    d->fields = &page->fields;
    look_for_persons(d, arena);
    dh_text_measure(d->text, &d->facts);
    d->document.chars = d->facts.chars;
    d->document.words = d->facts.words;
    d->document.rule = page->article.rule_files;
    d->complete = page->article.complete;
    d->complete_why = page->article.complete_why;
    if (d->subject->torn && d->complete == DH_COMPLETE_full) {
        d->complete = DH_COMPLETE_truncated;
        d->complete_why = DH_SLICE("the answer broke off");
    }
    if (d->options->model != NULL)
        dh_lang_find_by(d->options->model, d->text, arena, &d->language);
    else dh_lang_find(d->text, arena, &d->language);
    d->document.language = dh_slice_cstr(d->language.tag);
}

/* ---- the line ---- */

static void key(draft *d, const char *name) {
    if (d->any) dh_buf_puts(d->line, ", ");
    d->any = true;
    dh_json_put_string(d->line, dh_slice_cstr(name));
    dh_buf_puts(d->line, ": ");
}

/* Of the schema: always there. */
static void required(draft *d, const char *name, dh_slice value, bool nullable) {
    key(d, name);
    if (value.len == 0 && nullable) dh_buf_puts(d->line, "null");
    else dh_json_put_string(d->line, value);
}

/* Of the metadata: there when it is known. */
static void text(draft *d, const char *name, dh_slice value) {
    if (value.len == 0) return;
    key(d, name);
    dh_json_put_string(d->line, value);
}

static void number(draft *d, const char *name, uint64_t value) {
    key(d, name);
    dh_buf_printf(d->line, "%llu", (unsigned long long)value);
}

static void thousandths(draft *d, const char *name, int value) {
    key(d, name);
    dh_buf_printf(d->line, "%d.%03d", value / 1000, value % 1000);
}

/* Four digits behind the point, whatever the locale. */
static void fraction(draft *d, const char *name, double value) {
    long long scaled = (long long)(value * 10000 + (value < 0 ? -0.5 : 0.5)),
              size = scaled < 0 ? -scaled : scaled;
    key(d, name);
    dh_buf_printf(d->line, "%s%lld.%04lld", scaled < 0 ? "-" : "", size / 10000, size % 10000);
}

static void truth(draft *d, const char *name, bool value) {
    key(d, name);
    dh_buf_puts(d->line, value ? "true" : "false");
}

static void list(draft *d, const char *name, dh_field_kind kind) {
    bool any = false;
    for (uint32_t i = 0; d->fields != NULL && i < d->fields->len; i++) {
        if (d->fields->ptr[i].kind != kind) continue;
        if (!any) key(d, name);
        dh_buf_puts(d->line, any ? ", " : "[");
        dh_json_put_string(d->line, d->fields->ptr[i].value);
        any = true;
    }
    if (any) dh_buf_putc(d->line, ']');
}

static void put_persons(draft *d) {
    bool any = false;
    for (int kind = 0; kind < DH_PII_COUNT; kind++) {
        if (d->pii.of[kind] == 0) continue;
        if (!any) key(d, "pii");
        dh_buf_puts(d->line, any ? ", " : "{");
        dh_buf_printf(d->line, "\"%s\": %u", dh_pii_name((dh_pii_kind)kind),
                      (unsigned)d->pii.of[kind]);
        any = true;
    }
    if (any) dh_buf_putc(d->line, '}');
}

static void put_article(draft *d) {
    const dehusk_page *page = d->subject->page;
    text(d, "title", field(d, DH_FIELD_title));
    list(d, "authors", DH_FIELD_author);
    text(d, "published", field(d, DH_FIELD_published));
    text(d, "modified", field(d, DH_FIELD_modified));
    text(d, "sitename", field(d, DH_FIELD_sitename));
    text(d, "section", field(d, DH_FIELD_section));
    list(d, "tags", DH_FIELD_tag);
    text(d, "license", field(d, DH_FIELD_license));
    text(d, "access", field(d, DH_FIELD_access));
    text(d, "language", d->document.language);
    thousandths(d, "language_share", d->language.share);
    truth(d, "language_sure", d->language.sure);
    text(d, "script", dh_slice_cstr(d->language.script));
    text(d, "declared_language", field(d, DH_FIELD_language));
    number(d, "chars", d->facts.chars);
    number(d, "words", d->facts.words);
    text(d, "completeness", dh_complete_name(d->complete));
    text(d, "completeness_why", d->complete_why);
    thousandths(d, "confidence", page->confidence);
    text(d, "rule", page->article.rule_files);
    text(d, "rule_version", page->article.rule_versions);
    text(d, "encoding", page->article.charset);
    text(d, "limited", dh_slice_cstr(dehusk_page_limited(page)));
    put_persons(d);
}

static void put_metadata(draft *d) {
    const dh_document_subject *s = d->subject;
    key(d, "metadata");
    dh_buf_putc(d->line, '{');
    d->any = false;
    if (d->document.fate != DH_FATE_KEPT) {
        text(d, d->document.fate == DH_FATE_FAILED ? "failed" : "rejected", d->document.reason);
        text(d, "message", dh_slice_cstr(d->message));
    }
    if (d->verdict.name != NULL) {
        fraction(d, "value", d->verdict.value);
        fraction(d, "threshold", d->verdict.threshold);
    }
    text(d, "url", url_of(d));
    text(d, "host", d->document.host);
    if (d->fields != NULL) put_article(d);
    if (s->torn) truth(d, "torn", true);
    text(d, "input", dh_slice_cstr(s->input));
    if (s->number > 0) number(d, "record", s->number);
    text(d, "member", dh_slice_cstr(s->member));
    dh_buf_putc(d->line, '}');
}

static void put_line(draft *d) {
    const dh_document_subject *s = d->subject;
    const char *added = s->date[0] != '\0' ? s->date : d->options->added;
    dh_buf_putc(d->line, '{');
    required(d, "id", d->document.id, false);
    required(d, "text", d->text, false);
    required(d, "source", dh_slice_cstr(d->options->source), false);
    required(d, "added", dh_slice_cstr(added), true);
    required(d, "created", field(d, DH_FIELD_published), true);
    put_metadata(d);
    dh_buf_puts(d->line, "}\n");
}

/* ---- the record ---- */

static void put_record(const draft *d, dh_buf *out) {
    const dh_document *document = &d->document;
    dh_record_put_u64(out, document->fate);
    dh_record_put_u64(out, document->chars);
    dh_record_put_u64(out, document->words);
    dh_record_put_bytes(out, document->reason);
    dh_record_put_bytes(out, document->id);
    dh_record_put_bytes(out, document->language);
    dh_record_put_bytes(out, document->host);
    dh_record_put_bytes(out, document->rule);
    dh_record_put_bytes(out, dh_buf_slice(d->line));
    dh_record_put_bytes(out, dh_buf_slice(&d->lines));
}

static void put_lines(draft *d, dh_arena *arena) {
    const dh_document_subject *s = d->subject;
    const char *date = s->date[0] != '\0' ? s->date : d->options->added;
    dh_page_lines lines;
    dh_buf_init(&d->lines, arena, 0);
    if (!d->options->lines || d->fields == NULL || d->document.host.len == 0) return;
    dh_page_lines_begin(&lines, d->document.host, url_of(d), d->document.id,
                        date[0] != '\0' ? dh_slice_cstr(date) : field(d, DH_FIELD_published), arena);
    dh_page_lines_of(&lines, s->page, d->text);
    dh_page_lines_put(&lines, &d->lines);
}

/* Leaves through the arena's guard when memory is out. */
static void make(dh_document_maker *maker, const dh_document_subject *subject, dh_buf *out) {
    draft d = {.options = maker->options, .subject = subject, .line = &maker->line};
    d.status = subject->status;
    d.message = subject->message;
    d.text = DH_SLICE("");
    d.document.id = id_of(subject, &maker->arena);
    if (d.status == DEHUSK_OK) read_page(&d, &maker->arena);
    d.document.host = dh_url_host(url_of(&d), &maker->arena);
    judge(&d, maker);
    put_line(&d);
    put_lines(&d, &maker->arena);
    if (d.line->failed) dh_arena_fail(&maker->arena, DH_ERR_MEMORY);
    put_record(&d, out);
}

void dh_document_make(dh_document_maker *maker, const dh_document_subject *subject, dh_buf *out) {
    jmp_buf guard;
    dh_buf_reset(&maker->line);
    dh_arena_reset(&maker->arena);
    if (!dh_arena_guard(&maker->arena, &guard)) make(maker, subject, out);
    maker->arena.guard = NULL;
    if (maker->line.cap > KEEP_BUFFER) dh_buf_release(&maker->line);
}

bool dh_document_read(dh_slice record, dh_document *document) {
    dh_record r = {.rest = record};
    *document = (dh_document){0};
    uint64_t fate = dh_record_u64(&r);
    document->fate = fate < DH_FATE_COUNT ? (dh_fate)fate : DH_FATE_FAILED;
    document->chars = dh_record_u64(&r);
    document->words = dh_record_u64(&r);
    document->reason = dh_record_bytes(&r);
    document->id = dh_record_bytes(&r);
    document->language = dh_record_bytes(&r);
    document->host = dh_record_bytes(&r);
    document->rule = dh_record_bytes(&r);
    document->line = dh_record_bytes(&r);
    document->lines = dh_record_bytes(&r);
    return !r.bad && document->line.len > 0;
}

/* ---- from a line ---- */

static uint64_t number_of(const dh_json *json, uint32_t object, dh_slice name) {
    uint32_t id = dh_json_get(json, object, name);
    uint64_t value = 0;
    if (id != UINT32_MAX) dh_slice_to_u64(json->values[id].text, &value);
    return value;
}

static dh_slice text_of(const dh_json *json, uint32_t object, dh_slice name) {
    return dh_json_string(json, dh_json_get(json, object, name));
}

static bool parse(dh_slice line, dh_arena *arena, dh_document *document, dh_json *whole) {
    dh_json json;
    *document = (dh_document){.line = line};
    if (dh_json_parse(&json, arena, line, true, NULL) != DH_OK) return false;
    uint32_t metadata = dh_json_get(&json, 0, DH_SLICE("metadata"));
    uint32_t content = dh_json_get(&json, 0, DH_SLICE("text"));
    document->id = text_of(&json, 0, DH_SLICE("id"));
    if (metadata == UINT32_MAX || content == UINT32_MAX || document->id.len == 0) return false;
    document->text = json.values[content].text;
    document->reason = text_of(&json, metadata, DH_SLICE("failed"));
    if (document->reason.len > 0) document->fate = DH_FATE_FAILED;
    dh_slice rejected = text_of(&json, metadata, DH_SLICE("rejected"));
    if (rejected.len > 0) document->fate = DH_FATE_REJECTED;
    if (rejected.len > 0) document->reason = rejected;
    document->language = text_of(&json, metadata, DH_SLICE("language"));
    document->host = text_of(&json, metadata, DH_SLICE("host"));
    document->url = text_of(&json, metadata, DH_SLICE("url"));
    document->rule = text_of(&json, metadata, DH_SLICE("rule"));
    document->chars = number_of(&json, metadata, DH_SLICE("chars"));
    document->words = number_of(&json, metadata, DH_SLICE("words"));
    document->stands_for = number_of(&json, metadata, DH_SLICE("stands_for"));
    if (document->stands_for == 0) document->stands_for = 1;
    document->removed = number_of(&json, metadata, DH_SLICE("lines_removed"));
    *whole = json;
    return true;
}

bool dh_document_parse_json(dh_slice line, dh_arena *arena, dh_document *document, dh_json *json) {
    jmp_buf guard;
    bool good = !dh_arena_guard(arena, &guard) && parse(line, arena, document, json);
    arena->guard = NULL;
    return good;
}

bool dh_document_parse(dh_slice line, dh_arena *arena, dh_document *document) {
    dh_json json;
    return dh_document_parse_json(line, arena, document, &json);
}

/* Behind the string that begins at *at, with its quote. */
static size_t behind_string(dh_slice line, size_t at) {
    for (at++; at < line.len && line.ptr[at] != '"'; at++) at += line.ptr[at] == '\\';
    return at + 1;
}

/* Copies rest up to a number that stands behind name, and writes another in its place. */
static void put_number(dh_slice *rest, dh_slice name, uint64_t value, dh_buf *out) {
    size_t at = dh_slice_find(*rest, name);
    if (at == DH_NPOS) return;
    at += name.len;
    dh_buf_put_slice(out, dh_slice_sub(*rest, 0, at));
    dh_buf_printf(out, "%llu", (unsigned long long)value);
    while (at < rest->len && dh_is_digit(rest->ptr[at])) at++;
    *rest = dh_slice_sub(*rest, at, rest->len);
}

bool dh_document_recut(dh_document *document, dh_slice text, const dh_text_facts *facts,
                       dh_buf *out) {
    static const dh_slice mark = DH_SLICE_INIT(", \"text\": "),
                          metadata = DH_SLICE_INIT(", \"metadata\": {");
    dh_slice line = document->line;
    size_t begin = dh_slice_find(line, mark);
    if (begin == DH_NPOS) return false;
    begin += mark.len;
    dh_buf_put_slice(out, dh_slice_sub(line, 0, begin));
    dh_json_put_string(out, text);
    dh_slice rest = dh_slice_sub(line, behind_string(line, begin), line.len);
    size_t at = dh_slice_find(rest, metadata);
    dh_buf_put_slice(out, dh_slice_sub(rest, 0, at));
    rest = dh_slice_sub(rest, at, rest.len);
    put_number(&rest, DH_SLICE(", \"chars\": "), facts->chars, out);
    put_number(&rest, DH_SLICE(", \"words\": "), facts->words, out);
    dh_buf_put_slice(out, rest);
    document->line = dh_buf_slice(out);
    document->text = text;
    document->chars = facts->chars;
    document->words = facts->words;
    return !out->failed;
}
