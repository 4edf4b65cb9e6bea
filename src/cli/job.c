/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's side: a page, or a line of JSON that holds one, to its output. */
#include "cli/job.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/payload.h"
#include "base/json.h"
#include "corpus/memory.h"
#include "dehusk/page.h"
#include "work/record.h"

typedef struct worker {
    const dh_workshop *shop;
    dehusk_page *page;
    const dehusk_engine *engine; /* that page is made for */
    dh_arena arena;              /* of the line at hand; JSON is read into it */
    dh_buf out;                  /* heap: the result's record */
    dh_buf payload;              /* heap: the page of an archive's record */
    void *making;                /* the maker's state */
    char day[sizeof "2024-05-15"]; /* of the page at hand */
} worker;

/* --site-memory. */
static dehusk_status remember(dehusk_engine *engine, const char *file, dehusk_error *error) {
    dh_memory *memory;
    dh_error why = {0}, told = {0};
    if (dh_memory_load(file, &memory, &why) == DH_OK) {
        dh_engine_remember(engine, dh_memory_of(memory));
        return DEHUSK_OK;
    }
    dh_error_set(&told, why.status, "memory", 0, "%.200s: %.200s", file, why.message);
    memcpy(error, &told, sizeof *error);
    return (dehusk_status)why.status;
}

static void tell_mistake(void *data, const dh_error *error) {
    dh_cli *cli = data;
    dh_talk_error(&cli->talk, "%s:%u:%u: %s; the line is left out", error->file, (unsigned)error->line,
                  (unsigned)error->column, error->message);
}

dehusk_status dh_engine_for(dh_cli *cli, dehusk_engine **engine, dehusk_error *error) {
    const dh_cli_options *options = cli->options;
    dehusk_engine_options how = {.rule_dirs = options->rules.ptr,
                                 .rule_dir_count = options->rules.len,
                                 .no_rules = options->no_rules,
                                 .model = options->model};
    dh_engine_extra extra = {.report = options->rules_lenient ? tell_mistake : NULL, .data = cli};
    dehusk_status status = dh_engine_new(&how, &extra, engine, error);
    if (status != DEHUSK_OK || options->memory == NULL) return status;
    status = remember(*engine, options->memory, error);
    if (status == DEHUSK_OK) return status;
    dehusk_engine_free(*engine);
    *engine = NULL;
    return status;
}

dehusk_page *dh_page_for(const dehusk_engine *engine, const dh_cli_options *options) {
    static const char *const names[DH_LIMIT_COUNT] = {
#define DH_LIMIT(name, option, value, unit, help) [DH_LIMIT_##name] = option,
#include "base/limits.def"
#undef DH_LIMIT
    };
    dehusk_page *page = dehusk_page_new(engine);
    for (int i = 0; i < DH_LIMIT_COUNT && page != NULL; i++) {
        if (!options->limit_set[i]) continue;
        if (dehusk_page_set_limit(page, names[i], options->limits[i]) == DEHUSK_OK) continue;
        dehusk_page_free(page);
        page = NULL;
    }
    return page;
}

dehusk_from dh_from_of(const dh_cli_options *options) {
    if (options->from != NULL && strcmp(options->from, "html") == 0) return DEHUSK_FROM_HTML;
    if (options->from != NULL && strcmp(options->from, "text") == 0) return DEHUSK_FROM_TEXT;
    return DEHUSK_FROM_AUTO;
}

size_t dh_bytes_to_read(const dh_cli_options *options) {
    uint64_t bytes = options->limit_set[DH_LIMIT_bytes] ? options->limits[DH_LIMIT_bytes]
                                                        : dh_limits_default().bytes;
    return bytes < SIZE_MAX / 8 ? (size_t)bytes + 1 : SIZE_MAX / 8;
}

void dh_job_begin(dh_buf *record, const dh_job *job) {
    dh_record_put_u64(record, job->input);
    dh_record_put_u64(record, job->line);
    dh_record_put_u64(record, job->kind);
    dh_record_put_u64(record, job->joined);
    dh_record_put_u64(record, job->torn);
    dh_record_put_bytes(record, dh_slice_cstr(job->name));
    dh_record_put_bytes(record, dh_slice_cstr(job->url));
    dh_record_put_bytes(record, dh_slice_cstr(job->content_type));
    dh_record_put_bytes(record, dh_slice_cstr(job->date));
    dh_record_put_bytes(record, dh_slice_cstr(job->id));
    dh_record_put_bytes(record, dh_slice_cstr(job->refused));
}

dh_job dh_job_read(dh_slice bytes) {
    dh_record r = {.rest = bytes};
    dh_job job = {.input = dh_record_u64(&r), .line = dh_record_u64(&r)};
    job.kind = (dh_job_kind)dh_record_u64(&r);
    job.joined = dh_record_u64(&r) != 0;
    job.torn = dh_record_u64(&r) != 0;
    job.name = dh_record_bytes(&r).ptr;
    job.url = dh_record_bytes(&r).ptr;
    job.content_type = dh_record_bytes(&r).ptr;
    job.date = dh_record_bytes(&r).ptr;
    job.id = dh_record_bytes(&r).ptr;
    job.refused = dh_record_bytes(&r).ptr;
    job.bytes = r.rest;
    return job;
}

/* The output follows as it is. */
static void put_result(dh_buf *out, const dh_result *result) {
    dh_record_put_u64(out, result->input);
    dh_record_put_u64(out, result->line);
    dh_record_put_u64(out, (uint64_t)result->status);
    dh_record_put_u64(out, result->input_bytes);
    dh_record_put_u64(out, result->text_chars);
    dh_record_put_u64(out, result->kept_chars);
    dh_record_put_u64(out, result->torn);
    dh_record_put_bytes(out, dh_slice_cstr(result->limited));
    dh_record_put_bytes(out, dh_slice_cstr(result->refused));
    dh_record_put_bytes(out, dh_slice_cstr(result->message));
}

void dh_result_read(dh_slice record, dh_result *result) {
    dh_record r = {.rest = record};
    result->input = dh_record_u64(&r);
    result->line = dh_record_u64(&r);
    result->status = (dehusk_status)dh_record_u64(&r);
    result->input_bytes = dh_record_u64(&r);
    result->text_chars = dh_record_u64(&r);
    result->kept_chars = dh_record_u64(&r);
    result->torn = dh_record_u64(&r) != 0;
    result->limited = dh_record_bytes(&r).ptr;
    result->refused = dh_record_bytes(&r).ptr;
    result->message = dh_record_bytes(&r).ptr;
    result->output = r.rest;
    if (r.bad) {
        result->status = DEHUSK_ERR_MEMORY;
        result->message = "out of memory";
    }
}

static void *start(void *shared) {
    worker *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->shop = shared;
    dh_arena_init(&w->arena, 0);
    w->page = dh_page_for(w->shop->engine, w->shop->options);
    w->engine = w->shop->engine;
    const dh_maker *maker = w->shop->maker;
    if (w->page != NULL && maker != NULL) w->making = maker->start(maker->data);
    if (w->page != NULL && (maker == NULL || w->making != NULL)) return w;
    dehusk_page_free(w->page);
    free(w);
    return NULL;
}

static void stop(void *state) {
    worker *w = state;
    if (w->making != NULL) w->shop->maker->stop(w->making);
    dehusk_page_free(w->page);
    dh_arena_release(&w->arena);
    dh_buf_release(&w->out);
    dh_buf_release(&w->payload);
    free(w);
}

/* Cleans input and writes it; on failure result->message points into *error. */
static void clean(worker *w, const dehusk_input *input, dh_result *result, dehusk_bytes *output,
                  dehusk_error *error) {
    result->status = dehusk_page_clean(w->page, input, &w->shop->options->clean, error);
    if (result->status == DEHUSK_OK && w->shop->maker == NULL)
        result->status = dehusk_page_write(w->page, w->shop->format, output, error);
    dehusk_stats stats = dehusk_page_stats(w->page);
    const char *limited = dehusk_page_limited(w->page);
    const char *refused = dehusk_page_refused(w->page);
    if (limited != NULL) result->limited = limited;
    if (refused != NULL) result->refused = refused;
    result->input_bytes = stats.input_bytes;
    result->text_chars = stats.text_chars;
    result->kept_chars = stats.kept_chars;
    if (result->status != DEHUSK_OK) result->message = error->message;
}

static dehusk_input input_of(const worker *w, const dh_job *job) {
    const dh_cli_options *o = w->shop->options;
    return (dehusk_input){.bytes = {job->bytes.ptr, job->bytes.len},
                          .name = job->name,
                          .url = job->url[0] != '\0' ? job->url : o->url,
                          .site = o->site,
                          .charset = o->encoding,
                          .content_type = job->content_type[0] != '\0' ? job->content_type : NULL,
                          .date = o->date,
                          .from = dh_from_of(o),
                          .joined = job->joined};
}

/* The result's record, with what the maker makes of the page for its output. */
static void make(worker *w, const dh_job *job, const dehusk_input *input, const char *id,
                 const dh_result *result) {
    const char *url = input != NULL && input->url != NULL ? input->url : job->url;
    const char *date = job->date;
    if (date[0] == '\0' && input != NULL && input->date != NULL) date = input->date;
    dh_subject subject = {.job = job, .url = url, .date = date, .id = id, .result = result};
    subject.page = w->page;
    if (input != NULL) subject.bytes = dh_slice_make(input->bytes.data, input->bytes.len);
    put_result(&w->out, result);
    size_t begin = w->out.len;
    w->shop->maker->make(w->making, &subject, &w->out);
    if (w->out.len == begin) w->out.failed = true; /* it always makes something, unless memory is out */
}

static dh_result result_of(const dh_job *job) {
    dh_result result = {
        .input = job->input, .line = job->line, .limited = "", .refused = "", .message = ""};
    if (job->refused[0] == '\0') return result;
    result.status = job->kind == DH_JOB_LINE ? DEHUSK_ERR_LIMIT : DEHUSK_ERR_SYNTAX;
    result.message = job->refused;
    return result;
}

static void work_page(worker *w, const dh_job *job) {
    dh_result result = result_of(job);
    dehusk_error error = {0};
    dehusk_bytes output = {0};
    dehusk_input input = input_of(w, job);
    if (result.status == DEHUSK_OK) clean(w, &input, &result, &output, &error);
    if (w->shop->maker != NULL) {
        make(w, job, &input, "", &result);
        return;
    }
    put_result(&w->out, &result);
    if (result.status == DEHUSK_OK) dh_buf_put(&w->out, output.data, output.len);
}

/* What of a JSON line is used; "" where it is absent or no string. */
typedef struct json_page {
    dh_json json;
    uint32_t id;           /* value of "id", UINT32_MAX: none */
    const char *url, *date, *name; /* in the arena, NULL when absent; name: the id as text */
    dh_slice html, text;
} json_page;

static const char *member(json_page *page, dh_arena *arena, dh_slice key) {
    dh_slice value = dh_json_string(&page->json, dh_json_get(&page->json, 0, key));
    return value.len > 0 ? dh_arena_dup(arena, value).ptr : NULL;
}

static bool read_json(json_page *page, dh_arena *arena, dh_slice line, dehusk_error *error) {
    dh_error why = {0};
    page->id = UINT32_MAX;
    if (dh_json_parse(&page->json, arena, line, true, &why) != DH_OK) {
        snprintf(error->message, sizeof error->message, "%s", why.message);
        error->status = DEHUSK_ERR_SYNTAX;
        return false;
    }
    page->id = dh_json_get(&page->json, 0, DH_SLICE("id"));
    page->url = member(page, arena, DH_SLICE("url"));
    page->date = member(page, arena, DH_SLICE("added"));
    if (page->date == NULL) page->date = member(page, arena, DH_SLICE("filedate"));
    if (page->id != UINT32_MAX && page->json.values[page->id].text.len > 0)
        page->name = dh_arena_dup(arena, page->json.values[page->id].text).ptr;
    uint32_t html = dh_json_get(&page->json, 0, DH_SLICE("html"));
    uint32_t text = dh_json_get(&page->json, 0, DH_SLICE("text"));
    page->html = dh_json_string(&page->json, html);
    page->text = dh_json_string(&page->json, text);
    if (html != UINT32_MAX || text != UINT32_MAX) return true;
    snprintf(error->message, sizeof error->message, "%s",
             page->json.values[0].type == DH_JSON_OBJECT ? "the object has no html and no text"
                                                         : "not a JSON object");
    error->status = DEHUSK_ERR_SYNTAX;
    return false;
}

/* Leaves through the worker's guard when the arena is exhausted; an own frame for setjmp. */
static bool read_json_guarded(worker *w, json_page *page, dh_slice line, dehusk_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&w->arena, &guard)) {
        w->arena.guard = NULL;
        *page = (json_page){.id = UINT32_MAX};
        error->status = DEHUSK_ERR_MEMORY;
        snprintf(error->message, sizeof error->message, "out of memory");
        return false;
    }
    bool good = read_json(page, &w->arena, line, error);
    w->arena.guard = NULL;
    return good;
}

/* The caller's id as JSON; empty when there is none. */
static dh_slice id_of(const json_page *page, dh_buf *room) {
    const dh_json_value *id = page->id != UINT32_MAX ? &page->json.values[page->id] : NULL;
    if (id != NULL && id->type == DH_JSON_STRING)
        dh_json_put_string(room, id->text);
    else if (id != NULL && id->type == DH_JSON_NUMBER)
        dh_buf_put_slice(room, id->text);
    return dh_buf_slice(room);
}

static void put_error_object(dh_buf *out, dh_slice id, const char *url, uint64_t line,
                             const char *message) {
    dh_buf_puts(out, "{\"id\":");
    dh_buf_put_slice(out, id.len > 0 ? id : DH_SLICE("null"));
    dh_buf_puts(out, ",\"url\":");
    if (url != NULL)
        dh_json_put_string(out, dh_slice_cstr(url));
    else
        dh_buf_puts(out, "null");
    dh_buf_printf(out, ",\"line\":%llu,\"error\":", (unsigned long long)line);
    dh_json_put_string(out, dh_slice_cstr(message));
    dh_buf_puts(out, "}\n");
}

/* The caller's id in the place of the null that the page has for it. A quote inside a string is
 * always escaped, so the needle can only be a member. */
static void put_with_id(dh_buf *out, dh_slice id, dh_slice object) {
    static const dh_slice needle = DH_SLICE_INIT("\"id\":");
    size_t at = id.len > 0 ? dh_slice_find(object, needle) : DH_NPOS;
    size_t value = at != DH_NPOS ? at + needle.len : 0;
    while (at != DH_NPOS && value < object.len && object.ptr[value] == ' ') value++;
    if (at == DH_NPOS ||
        !dh_slice_starts(dh_slice_sub(object, value, object.len), DH_SLICE("null"))) {
        dh_buf_put_slice(out, object);
        return;
    }
    dh_buf_put_slice(out, dh_slice_sub(object, 0, value));
    dh_buf_put_slice(out, id);
    dh_buf_put_slice(out, dh_slice_sub(object, value + 4, object.len));
}

/* Of a line or a record: its object, or one that says what was wrong. */
static void put_line(dh_buf *out, const char *format, const dh_result *result, dh_slice id,
                     const char *url, dehusk_bytes output) {
    bool json_out = strncmp(format, "json", 4) == 0;
    put_result(out, result);
    if (result->status != DEHUSK_OK && json_out)
        put_error_object(out, id, url, result->line, result->message);
    else if (json_out)
        put_with_id(out, id, dh_slice_make(output.data, output.len));
    else if (result->status == DEHUSK_OK)
        dh_buf_put(out, output.data, output.len);
}

/* The day of a date that may have a time behind it, in the worker's room. */
static const char *day_of(worker *w, const char *date) {
    snprintf(w->day, sizeof w->day, "%s", date);
    return w->day;
}

static void clean_line(worker *w, const json_page *page, dehusk_input *input, dh_result *result,
                       dehusk_bytes *output, dehusk_error *error) {
    bool is_html = page->html.len > 0 || page->text.len == 0;
    dh_slice bytes = is_html ? page->html : page->text;
    input->bytes = (dehusk_bytes){bytes.ptr, bytes.len};
    input->name = NULL; /* a line of a file is no page by that name */
    if (page->url != NULL) input->url = page->url;
    if (page->date != NULL) input->date = day_of(w, page->date);
    input->charset = "utf-8"; /* the JSON is; what its pages once were is no matter */
    if (!is_html) input->from = DEHUSK_FROM_TEXT;
    clean(w, input, result, output, error);
}

static void work_line(worker *w, const dh_job *job) {
    dh_result result = result_of(job);
    dehusk_error error = {0};
    dehusk_bytes output = {0};
    dehusk_input input = input_of(w, job);
    json_page page = {.id = UINT32_MAX};
    dh_buf id = {0};
    dh_arena_reset(&w->arena);
    input.bytes = (dehusk_bytes){"", 0};
    if (result.status == DEHUSK_OK && !read_json_guarded(w, &page, job->bytes, &error)) {
        result.status = error.status;
        result.message = error.message;
    } else if (result.status == DEHUSK_OK) {
        clean_line(w, &page, &input, &result, &output, &error);
    }
    if (w->shop->maker != NULL) {
        dh_job dated = *job;
        if (page.date != NULL) dated.date = page.date;
        make(w, &dated, &input, page.name != NULL ? page.name : "", &result);
    } else {
        put_line(&w->out, w->shop->format, &result, id_of(&page, &id), page.url, output);
    }
    if (id.failed) w->out.failed = true;
    dh_buf_release(&id);
}

/* The page in the record, into *input; as it is when it is text. */
static dh_status take_payload(worker *w, const dh_job *job, dehusk_input *input, dh_result *result,
                              dh_error *error) {
    dh_slice bytes = job->bytes;
    dh_buf_reset(&w->payload);
    if (job->kind == DH_JOB_RECORD) {
        dh_status status = dh_payload_take(bytes, dh_bytes_to_read(w->shop->options), &w->payload,
                                           &result->torn, error);
        if (status != DH_OK) return status;
        bytes = dh_buf_slice(&w->payload);
    } else if (job->kind == DH_JOB_RECORD_TEXT) {
        input->from = DEHUSK_FROM_TEXT;
        input->content_type = "text/plain; charset=utf-8";
    }
    input->bytes = (dehusk_bytes){bytes.ptr, bytes.len};
    return DH_OK;
}

static void work_record(worker *w, const dh_job *job) {
    dh_result result = result_of(job);
    dehusk_error error = {0};
    dehusk_bytes output = {0};
    dh_error why = {0};
    dh_buf id = {0};
    dehusk_input input = input_of(w, job);
    input.name = NULL; /* a record of a file is no page by that name */
    if (job->date[0] != '\0') input.date = day_of(w, job->date);
    if (result.status == DEHUSK_OK) {
        result.status = (dehusk_status)take_payload(w, job, &input, &result, &why);
        if (result.status != DEHUSK_OK) result.message = why.message;
    }
    result.torn = result.torn || job->torn;
    if (result.status == DEHUSK_OK) clean(w, &input, &result, &output, &error);
    if (job->id[0] != '\0') dh_json_put_string(&id, dh_slice_cstr(job->id));
    if (w->shop->maker != NULL)
        make(w, job, &input, job->id, &result);
    else
        put_line(&w->out, w->shop->format, &result, dh_buf_slice(&id),
                 job->url[0] != '\0' ? job->url : NULL, output);
    if (id.failed) w->out.failed = true;
    dh_buf_release(&id);
    if (w->payload.cap > (size_t)4 << 20) dh_buf_release(&w->payload);
}

/* A page by itself keeps its bytes, which its id is made of; of a line or record they were not taken out. */
static void make_failed(const dh_job *job, const dh_maker *maker, const dh_result *result, dh_buf *out) {
    bool whole = job->kind == DH_JOB_PAGE || job->kind == DH_JOB_MEMBER;
    void *making = maker->start(maker->data);
    dh_subject subject = {.job = job,
                          .url = job->url,
                          .date = job->date,
                          .id = job->id,
                          .bytes = whole ? job->bytes : DH_SLICE(""),
                          .result = result};
    put_result(out, result);
    if (making == NULL) return;
    maker->make(making, &subject, out);
    maker->stop(making);
}

/* The id of a line stands in its JSON: what a worker died of is not read again here. */
void dh_job_failed(const dh_job *job, const dh_workshop *shop, dehusk_status status,
                   const char *message, dh_buf *out) {
    dh_result result = {.input = job->input,
                        .line = job->line,
                        .status = status,
                        .limited = "",
                        .refused = "",
                        .message = message};
    dh_buf id = {0};
    if (job->id[0] != '\0') dh_json_put_string(&id, dh_slice_cstr(job->id));
    if (shop->maker != NULL)
        make_failed(job, shop->maker, &result, out);
    else if (job->kind == DH_JOB_PAGE)
        put_result(out, &result);
    else
        put_line(out, shop->format, &result, dh_buf_slice(&id),
                 job->url[0] != '\0' ? job->url : NULL, (dehusk_bytes){NULL, 0});
    dh_buf_release(&id);
}

/* After rule files changed: the old engine is gone, a page must not ask it for anything. */
static bool has_page(worker *w) {
    if (w->engine == w->shop->engine && w->page != NULL) return true;
    dehusk_page_free(w->page);
    w->engine = w->shop->engine;
    w->page = dh_page_for(w->engine, w->shop->options);
    return w->page != NULL;
}

static void put_no_memory(worker *w, const dh_job *job) {
    dh_result result = {.input = job->input, .line = job->line, .limited = "", .refused = ""};
    result.status = DEHUSK_ERR_MEMORY;
    result.message = "out of memory";
    dh_buf_release(&w->out);
    put_result(&w->out, &result);
}

static void work(void *state, uint64_t number, dh_slice bytes, dh_pool_reply *reply) {
    (void)number;
    worker *w = state;
    dh_job job = dh_job_read(bytes);
    dh_buf_reset(&w->out);
    bool ready = has_page(w);
    if (ready && job.kind == DH_JOB_LINE)
        work_line(w, &job);
    else if (ready && job.kind != DH_JOB_PAGE)
        work_record(w, &job);
    else if (ready)
        work_page(w, &job);
    /* No memory for all of it: the little that says so. */
    if (!ready || w->out.failed) put_no_memory(w, &job);
    dh_pool_answer(reply, dh_buf_slice(&w->out));
    if (w->out.cap > (size_t)4 << 20) dh_buf_release(&w->out);
}

const dh_pool_worker dh_page_worker = {start, work, stop};
