/* SPDX-License-Identifier: Apache-2.0 */
/* page.c: the pipeline for one page, and the public functions that read its result. Everything a
 * page makes lives in its arena; a failed allocation or a spent budget comes back to the one guard
 * in dehusk_page_clean (or _write), which is why no stage holds anything else. */
#include <stdlib.h>

#include "base/io.h"
#include "base/url.h"
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "dehusk/page.h"
#include "emit/emit.h"
#include "emit/reason.h"
#include "emit/report.h"
#include "extract/complete.h"
#include "text/class.h"
#include "text/clean.h"

_Static_assert(sizeof(dehusk_error) == sizeof(dh_error), "one record, two names");
#define DH_STATUS(name, number, text) \
    _Static_assert((int)DEHUSK_##name == (int)DH_##name, "statuses agree");
#include "base/status.def"
#undef DH_STATUS

enum { FEWER = 10 };

#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)
#define VERSION                                                                  \
    STRINGIFY(DEHUSK_VERSION_MAJOR) "." STRINGIFY(DEHUSK_VERSION_MINOR) "." STRINGIFY( \
        DEHUSK_VERSION_PATCH)

const char *dehusk_version(void) {
    return VERSION;
}

dehusk_options dehusk_options_default(void) {
    return (dehusk_options){.tables = true};
}

dehusk_page *dehusk_page_new(const dehusk_engine *engine) {
    dehusk_page *page = calloc(1, sizeof *page);
    if (page == NULL) return NULL;
    page->engine = engine;
    page->limits = dh_limits_default();
    dh_arena_init(&page->arena, 0);
    page->decoder = dh_decoder_new();
    page->regexes = dh_regex_cache_new(page->limits.regex_steps);
    page->xpaths = dh_xpath_cache_new();
    if (page->decoder == NULL || page->regexes == NULL || page->xpaths == NULL) {
        dehusk_page_free(page);
        return NULL;
    }
    return page;
}

void dehusk_page_free(dehusk_page *page) {
    if (page == NULL) return;
    dh_decoder_free(page->decoder);
    dh_regex_cache_free(page->regexes);
    dh_xpath_cache_free(page->xpaths);
    dh_arena_release(&page->arena);
    free(page);
}

dehusk_status dehusk_page_set_limit(dehusk_page *page, const char *name, uint64_t value) {
#define DH_LIMIT(id, option, standard, unit, help) \
    if (strcmp(name, option) == 0) {               \
        page->limits.id = value;                   \
        return DEHUSK_OK;                          \
    }
#include "base/limits.def"
#undef DH_LIMIT
    return DEHUSK_ERR_USAGE;
}

/* The bytes, decoded; false when they are no page. */
static dh_status decode(dehusk_page *page, const dehusk_input *input, dh_error *error) {
    page->stage = "decode";
    dh_slice bytes = {input->bytes.data, input->bytes.len};
    page->input_bytes = bytes.len;
    if (bytes.len > page->limits.bytes) {
        bytes.len = (size_t)page->limits.bytes;
        page->article.limited = DH_LIMIT_bytes;
        page->article.limit_kept = bytes.len;
    }
    dh_status status =
        dh_decode(page->decoder, bytes, dh_slice_cstr(input->charset),
                  dh_slice_cstr(input->content_type), &page->arena, &page->decoded, error);
    if (status != DH_OK) return status;
    page->article.kind = input->from == DEHUSK_FROM_AUTO
                             ? (page->decoded.content == DH_CONTENT_TEXT ? DH_INPUT_TEXT : DH_INPUT_HTML)
                             : (dh_input_kind)input->from;
    if (page->decoded.content == DH_CONTENT_BINARY && input->from == DEHUSK_FROM_AUTO)
        return dh_error_set(error, DH_ERR_TYPE, "decode", 0,
                            "this is %.*s, neither HTML nor text",
                            (int)page->decoded.binary_what.len, page->decoded.binary_what.ptr);
    return DH_OK;
}

/* Tree and blocks. */
static dh_status cut(dehusk_page *page, dh_error *error) {
    dh_arena *arena = &page->arena;
    if (page->article.kind == DH_INPUT_TEXT) {
        page->stage = "blocks";
        dh_blocks_of_text(&page->blocks, page->decoded.text, &page->limits, arena);
        return DH_OK;
    }
    page->stage = "dom";
    page->dom = dh_arena_zalloc(arena, 1, sizeof *page->dom);
    dh_status status = dh_dom_parse(page->dom, page->decoded.text, &page->limits, arena, error);
    if (status != DH_OK) return status;
    page->stage = "blocks";
    dh_blocks_of_dom(&page->blocks, page->dom, &page->limits, arena);
    bool first = page->article.limited == DH_LIMIT_NONE;
    if (page->dom->limited != DH_LIMIT_NONE &&
        (first || page->dom->limit_kept < page->article.limit_kept)) {
        page->article.limited = page->dom->limited;
        page->article.limit_kept = page->dom->limit_kept;
    }
    return DH_OK;
}

static void find_labels(dehusk_page *page) {
    page->stage = "labels";
    page->labels = dh_arena_zalloc(&page->arena, page->blocks.len, sizeof *page->labels);
    page->label_count = page->blocks.len;
    for (uint32_t i = 0; i < page->blocks.len; i++)
        page->labels[i] =
            dh_lexicon_find(page->engine->lexicon, page->blocks.ptr[i].text, &page->arena);
}

static void add_option_field(dehusk_page *page, dh_field_kind kind, dh_slice value,
                             const char *where) {
    dh_fields_add(&page->fields, (dh_field){.kind = kind,
                                            .source = DH_SOURCE_OPTION,
                                            .value = value,
                                            .where = dh_slice_cstr(where),
                                            .node = DH_NO_NODE});
}

static void apply_rules(dehusk_page *page, const dehusk_input *input, dh_slice url) {
    page->stage = "rules";
    page->outcome = (dh_rule_outcome){.heuristics = true};
    if (page->engine->rules == NULL || page->options.no_rules) return;
    dh_rule_page rule_page = {.dom = page->dom,
                              .blocks = &page->blocks,
                              .url = url,
                              .site = dh_slice_cstr(input->site),
                              .date = dh_slice_cstr(input->date),
                              .regexes = page->regexes,
                              .xpaths = page->xpaths,
                              .lexicon = page->engine->lexicon,
                              .arena = &page->arena,
                              .limits = &page->limits,
                              .marks = &page->marks,
                              .fields = &page->fields};
    page->outcome = dh_rules_apply(page->engine->rules, &rule_page);
    if (page->outcome.limited && page->article.limited == DH_LIMIT_NONE)
        page->article.limited = DH_LIMIT_rule_steps;
    /* Rules give dates as the page writes them. */
    for (uint32_t i = 0; i < page->fields.len; i++) {
        dh_field *field = &page->fields.ptr[i];
        if (field->kind != DH_FIELD_published && field->kind != DH_FIELD_modified) continue;
        dh_slice date = dh_date_parse(field->value, (dh_slice){NULL, 0}, &page->arena);
        if (date.len > 0) field->value = date;
    }
}

/* Pages without headings: the first block that says what the title says. */
static uint32_t block_of_title(dehusk_page *page) {
    enum { LOOK_AT = 400 };
    dh_slice title = dh_fields_value(&page->fields, DH_FIELD_title);
    if (title.len == 0 || page->dom == NULL) return UINT32_MAX;
    dh_slice key = dh_text_key(title, true, &page->arena);
    for (uint32_t i = 0; i < page->blocks.len && i < LOOK_AT; i++) {
        dh_slice text = page->blocks.ptr[i].text;
        if (text.len > title.len * 2 || text.len * 2 < title.len) continue;
        if (dh_slice_eq(dh_text_key(text, true, &page->arena), key)) return i;
    }
    return UINT32_MAX;
}

/* Nothing is published after it was fetched. */
dh_meta_page dh_page_meta(dehusk_page *page) {
    return (dh_meta_page){
        .dom = page->dom,
        .blocks = &page->blocks,
        .url = page->url,
        .now = page->options.today != NULL ? dh_slice_cstr(page->options.today) : page->day,
        .arena = &page->arena,
        .fields = &page->fields,
        .title_block = UINT32_MAX};
}

/* Without an address from the caller the page's own is a field like any other. */
static void read_fields(dehusk_page *page) {
    page->stage = "meta";
    dh_meta_page meta = dh_page_meta(page);
    dh_meta_read(&meta);
    page->title_block = meta.title_block;
    if (page->title_block == UINT32_MAX) page->title_block = block_of_title(page);
    page->article_body = meta.article_body;
    page->word_count = meta.word_count;
}

/* The kept texts, with spans and folds applied, and what the summary counts. */
static void assemble(dehusk_page *page) {
    page->stage = "article";
    dh_article *a = &page->article;
    uint32_t n = page->blocks.len, rtl = 0, letters = 0;
    dh_slice *texts = dh_arena_zalloc(&page->arena, n, sizeof *texts);
    for (uint32_t i = 0; i < n; i++) {
        const dh_block *block = &page->blocks.ptr[i];
        if (!(block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT))) a->total_chars += block->chars;
        if (page->decisions[i].verdict != DH_KEEP) continue;
        texts[i] = dh_marks_text(&page->marks, &page->blocks, page->decisions, i, &page->arena);
        if (page->folds != 0) texts[i] = dh_text_fold(texts[i], page->folds, &page->arena);
        if (page->decisions[i].role != DH_ROLE_BODY) continue;
        dh_text_facts facts;
        dh_text_measure(texts[i], &facts);
        a->body_chars += facts.chars;
        rtl += facts.rtl;
        letters += facts.letters;
    }
    for (uint32_t i = 0; i < page->fields.len; i++) /* handed out as C strings */
        page->fields.ptr[i].value = dh_arena_dup(&page->arena, page->fields.ptr[i].value);
    a->rtl = rtl * 2 > letters;
    a->blocks = &page->blocks;
    a->decisions = page->decisions;
    a->texts = texts;
    a->marks = &page->marks;
    a->fields = &page->fields;
    a->charset = page->decoded.charset;
    a->charset_why = dh_slice_cstr(dh_charset_why_name(page->decoded.why));
    a->replaced = page->decoded.replaced;
    a->rule_files = page->outcome.files;
    a->rule_versions = page->outcome.versions;
    a->confidence = page->confidence;
    a->refused = dh_arena_dup(&page->arena, page->outcome.refused);
    a->folds = dh_slice_cstr(page->options.fold);
    dh_complete_page complete = {.article = a,
                                 .labels = page->labels,
                                 .label_count = page->label_count,
                                 .page = page->decoded.text,
                                 .word_count = page->word_count,
                                 .arena = &page->arena};
    a->complete = dh_complete_judge(&complete, &a->complete_why);
}

static bool same_language(dh_slice have, dh_slice want) {
    size_t n = 0;
    while (n < want.len && want.ptr[n] != '-') n++;
    return dh_slice_starts_nocase(have, dh_slice_sub(want, 0, n)) &&
           (have.len == n || have.ptr[n] == '-');
}

/* --only-with-metadata, --target-language, --min-confidence. */
static dh_status check_wanted(const dehusk_page *page, dh_error *error) {
    const dehusk_options *o = &page->options;
    if (o->target_language != NULL) {
        dh_slice have = dh_fields_value(&page->fields, DH_FIELD_language);
        if (have.len > 0 && !same_language(have, dh_slice_cstr(o->target_language)))
            return dh_error_set(error, DH_ERR_EMPTY, "fields", 0, "the page is in %.*s, not in %s",
                                (int)have.len, have.ptr, o->target_language);
    }
    if (o->only_with_metadata &&
        (dh_fields_get(&page->fields, DH_FIELD_title) == NULL ||
         dh_fields_get(&page->fields, DH_FIELD_published) == NULL ||
         (dh_fields_get(&page->fields, DH_FIELD_url) == NULL &&
          dh_fields_get(&page->fields, DH_FIELD_canonical) == NULL)))
        return dh_error_set(error, DH_ERR_EMPTY, "fields", 0,
                            "the page lacks a title, a date or an address");
    if (page->confidence < o->min_confidence)
        return dh_error_set(error, DH_ERR_EMPTY, "judge", 0, "confidence %d.%03d is below %d.%03d",
                            (int)page->confidence / 1000, (int)page->confidence % 1000,
                            o->min_confidence / 1000, o->min_confidence % 1000);
    return DH_OK;
}

static dh_status run(dehusk_page *page, const dehusk_input *input, dh_error *error) {
    dh_marks_init(&page->marks, &page->arena);
    dh_fields_init(&page->fields, &page->arena);
    page->title_block = UINT32_MAX;
    page->article.name = dh_slice_cstr(input->name);
    page->day = dh_slice_cstr(input->date);
    page->url = dh_slice_cstr(input->url);
    page->site = dh_slice_cstr(input->site);
    dh_status status = decode(page, input, error);
    if (status == DH_OK) status = cut(page, error);
    if (status != DH_OK) return status;
    find_labels(page);
    dh_slice url = dh_slice_cstr(input->url);
    if (url.len > 0) add_option_field(page, DH_FIELD_url, url, "--url");
    else if (page->dom != NULL) url = dh_meta_url(page->dom, &page->arena);
    apply_rules(page, input, url);
    if (page->outcome.skip.len > 0)
        return dh_error_set(error, DH_ERR_EMPTY, "rules", 0, "skipped by %.*s",
                            (int)page->outcome.skip.len, page->outcome.skip.ptr);
    read_fields(page);
    page->stage = "judge";
    dh_judge(page);
    assemble(page);
    page->cleaned = true;
    return check_wanted(page, error);
}

static void reset(dehusk_page *page, size_t input_len) {
    dh_arena_reset(&page->arena);
    uint64_t max = page->limits.memory;
    uint64_t more = input_len < page->limits.bytes ? input_len : page->limits.bytes;
    max = more < (UINT64_MAX - max) / 64 ? max + more * 64 : UINT64_MAX;
    page->arena.max = max < SIZE_MAX ? (size_t)max : SIZE_MAX;
    page->arena.peak = page->arena.reserved;
    page->dom = NULL;
    page->blocks = (dh_blocks){0};
    page->labels = NULL;
    page->label_count = 0;
    page->decisions = NULL;
    page->roles = NULL;
    page->article = (dh_article){0};
    page->article_body = (dh_slice){NULL, 0};
    page->outcome = (dh_rule_outcome){0};
    page->extract = (dh_extract_page){0};
    page->cleaned = false;
    page->confidence = 0;
}

static dehusk_status report(dehusk_status status, const dh_error *local, dehusk_error *error) {
    if (error != NULL) {
        memcpy(error, local, sizeof *error);
        error->status = status;
    }
    return status;
}

/* Runs the stages; a failed allocation comes back here. */
static dh_status attempt(dehusk_page *page, const dehusk_input *input, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&page->arena, &guard)) {
        dh_status why = page->arena.failure;
        page->arena.guard = NULL;
        page->cleaned = false;
        if (why != DH_ERR_LIMIT) return dh_error_set(error, why, page->stage, 0, "out of memory");
        return dh_error_set(error, why, page->stage, 0,
                            "the page needs more than its %llu MB of memory (--limit-memory)",
                            (unsigned long long)(page->arena.max / 1000000));
    }
    dh_status status = run(page, input, error);
    page->arena.guard = NULL;
    return status;
}

dehusk_status dehusk_page_clean(dehusk_page *page, const dehusk_input *input,
                                const dehusk_options *options, dehusk_error *error) {
    dh_error local = {0};
    reset(page, input->bytes.len);
    page->options = options != NULL ? *options : dehusk_options_default();
    page->options.deduplicate |= input->joined;
    dh_slice bad;
    page->folds = 0;
    if (page->options.fold != NULL &&
        !dh_fold_parse(dh_slice_cstr(page->options.fold), &page->folds, &bad)) {
        dh_error_set(&local, DH_ERR_USAGE, "options", 0, "there is no fold \"%.*s\"", (int)bad.len,
                     bad.ptr);
        return report(DEHUSK_ERR_USAGE, &local, error);
    }
    dh_status status = attempt(page, input, &local);
    if (status == DH_ERR_LIMIT && page->arena.failure == DH_ERR_LIMIT) {
        /* Rather a part of the page than nothing: once more, with far fewer nodes, of which each
         * paragraph may reopen but a few formatting elements. */
        dh_limits asked = page->limits;
        page->limits.nodes /= FEWER;
        page->limits.formatting /= FEWER;
        reset(page, input->bytes.len);
        status = attempt(page, input, &local);
        page->limits = asked;
        if (page->article.limited != DH_LIMIT_NONE) page->article.limited = DH_LIMIT_memory;
    }
    return status == DH_OK ? DEHUSK_OK : report((dehusk_status)status, &local, error);
}

static void write_into(dehusk_page *page, dh_slice format, const dh_format *writer, dh_buf *out) {
    const dehusk_options *o = &page->options;
    dh_slice base = dh_fields_value(&page->fields, DH_FIELD_canonical);
    dh_slice url = dh_fields_value(&page->fields, DH_FIELD_url);
    dh_emit_options options = {.links = o->links,
                               .images = o->images,
                               .formatting = o->formatting,
                               .tables = o->tables,
                               .captions = o->captions,
                               .comments = o->comments,
                               .with_metadata = o->with_metadata,
                               .only_with_metadata = o->only_with_metadata,
                               .blocks = o->blocks,
                               .base_url = url.len > 0 ? url : base,
                               .today = page->day,
                               .version = DH_SLICE(VERSION),
                               .full = o->full};
    if (writer != NULL) writer->write(&page->article, &options, &page->arena, out);
    else if (dh_slice_eq(format, DH_SLICE("features"))) {
        if (page->extract.blocks != NULL) dh_extract_dump(&page->extract, out);
    } else if (dh_slice_eq(format, DH_SLICE("report"))) {
        dh_emit_report(&page->article, &options, &page->arena, out);
    } else
        dh_emit_explain(&page->article, &options, dh_slice_eq(format, DH_SLICE("explain-colour")),
                        &page->arena, out);
}

dehusk_status dehusk_page_write(dehusk_page *page, const char *format, dehusk_bytes *bytes,
                                dehusk_error *error) {
    dh_error local = {0};
    *bytes = (dehusk_bytes){"", 0};
    dh_slice name = dh_slice_cstr(format);
    const dh_format *writer = dh_format_find(name);
    bool other = dh_slice_eq(name, DH_SLICE("explain")) ||
                 dh_slice_eq(name, DH_SLICE("explain-colour")) ||
                 dh_slice_eq(name, DH_SLICE("report")) || dh_slice_eq(name, DH_SLICE("features"));
    if (writer == NULL && !other) {
        dh_error_set(&local, DH_ERR_USAGE, "emit", 0, "there is no format \"%s\"", format);
        return report(DEHUSK_ERR_USAGE, &local, error);
    }
    if (!page->cleaned) {
        dh_error_set(&local, DH_ERR_USAGE, "emit", 0, "no page was cleaned");
        return report(DEHUSK_ERR_USAGE, &local, error);
    }
    jmp_buf guard;
    if (dh_arena_guard(&page->arena, &guard)) {
        dh_status why = page->arena.failure;
        page->arena.guard = NULL;
        dh_error_set(&local, why, "emit", 0, "the output needs more memory than the page may have");
        return report((dehusk_status)why, &local, error);
    }
    dh_buf out;
    dh_buf_init(&out, &page->arena, 0);
    write_into(page, name, writer, &out);
    *bytes = (dehusk_bytes){dh_buf_cstr(&out), out.len};
    page->arena.guard = NULL;
    return DEHUSK_OK;
}

const char *dehusk_page_field(const dehusk_page *page, const char *name) {
    dh_field_kind kind = dh_field_of(dh_slice_cstr(name));
    if (kind == DH_FIELD_COUNT) return NULL;
    dh_field *field = NULL;
    for (uint32_t i = 0; i < page->fields.len && page->cleaned; i++)
        if (page->fields.ptr[i].kind == kind) {
            field = &page->fields.ptr[i];
            break;
        }
    return field != NULL ? field->value.ptr : "";
}

dh_rule_page dh_page_for_rules(dehusk_page *page, jmp_buf *guard) {
    dh_slice url = dh_fields_value(&page->fields, DH_FIELD_url);
    if (url.len == 0) url = dh_fields_value(&page->fields, DH_FIELD_canonical);
    page->arena.guard = guard; /* attributes are decoded into it when asked for */
    page->arena.max = 0;
    return (dh_rule_page){.dom = page->dom,
                          .blocks = &page->blocks,
                          .url = url,
                          .regexes = page->regexes,
                          .xpaths = page->xpaths,
                          .lexicon = page->engine->lexicon,
                          .arena = &page->arena,
                          .limits = &page->limits,
                          .marks = &page->marks,
                          .fields = &page->fields};
}

const char *dehusk_page_limited(const dehusk_page *page) {
    return page->article.limited != DH_LIMIT_NONE ? dh_limit_name(page->article.limited) : NULL;
}

const char *dehusk_page_refused(const dehusk_page *page) {
    return page->article.refused.len > 0 ? page->article.refused.ptr : NULL;
}

size_t dehusk_page_block_count(const dehusk_page *page) {
    return page->cleaned ? page->blocks.len : 0;
}

bool dehusk_page_block(dehusk_page *page, size_t index, dehusk_block *out) {
    if (index >= dehusk_page_block_count(page)) return false;
    const dh_block *block = &page->blocks.ptr[index];
    const dh_decision *decision = &page->decisions[index];
    const dh_mark *mark = decision->mark != UINT32_MAX ? &page->marks.ptr[decision->mark] : NULL;
    *out = (dehusk_block){.text = {block->text.ptr, block->text.len},
                          .kept = decision->verdict == DH_KEEP,
                          .kind = dh_block_kind_name(block),
                          .cause = mark != NULL ? dh_cause_name(mark->cause) : "none",
                          .reason = "",
                          .offset = block->src_begin,
                          .length = block->src_end - block->src_begin};
    jmp_buf guard;
    if (!dh_arena_guard(&page->arena, &guard)) {
        dh_buf reason;
        dh_buf_init(&reason, &page->arena, 0);
        dh_reason_put_block(&reason, &page->article, (uint32_t)index);
        out->reason = dh_buf_cstr(&reason);
    }
    page->arena.guard = NULL;
    return true;
}

dehusk_stats dehusk_page_stats(const dehusk_page *page) {
    return (dehusk_stats){.input_bytes = page->input_bytes,
                          .text_chars = page->article.total_chars,
                          .kept_chars = page->article.body_chars,
                          .peak_memory = page->arena.peak,
                          .confidence = page->confidence};
}
