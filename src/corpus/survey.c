/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/survey.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "corpus/document.h"
#include "corpus/verify.h"

enum { EXCERPT = 360, PER_TEN = 6 };

/* ---- lengths ---- */

static const uint64_t steps[PER_TEN] = {10, 15, 20, 30, 50, 70};

uint64_t dh_length_begin(int class) {
    if (class < 2) return (uint64_t) class;
    uint64_t begin = steps[(class - 2) % PER_TEN];
    for (int tens = (class - 2) / PER_TEN; tens > 0; tens--) begin *= 10;
    return begin;
}

int dh_length_class(uint64_t length) {
    int class = 0;
    while (class + 1 < DH_LENGTH_CLASSES && dh_length_begin(class + 1) <= length) class ++;
    return class;
}

/* ---- one document ---- */

typedef struct surveyor {
    dh_survey *survey;
    dh_map reasons; /* name to its number among the survey's */
    dh_arena line;  /* of the document at hand */
    dh_status status;
} surveyor;

/* Room for it among the examples, or NULL. Of each host only the smallest order counts, and the smallest of these stay:
 * whatever comes later, what has been passed over cannot come among them. */
static dh_survey_example *place(dh_survey_reason *reason, uint64_t order, dh_slice host) {
    uint32_t at = reason->shown;
    for (uint32_t i = 0; i < reason->shown; i++)
        if (dh_slice_eq(reason->examples[i].host, host)) at = i;
    if (at < reason->shown) {
        if (reason->examples[at].order <= order) return NULL;
    } else if (at < DH_SURVEY_EXAMPLES) {
        reason->shown++;
    } else if (reason->examples[--at].order <= order) {
        return NULL;
    }
    for (; at > 0 && reason->examples[at - 1].order > order; at--)
        reason->examples[at] = reason->examples[at - 1];
    return &reason->examples[at];
}

/* At most EXCERPT characters of it, with an ellipsis where it was cut. */
static dh_slice beginning(dh_slice text, dh_arena *arena) {
    const char *p = text.ptr, *end = p + text.len;
    for (int n = 0; n < EXCERPT && p < end; n++) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
    }
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_put(&out, text.ptr, (size_t)(p - text.ptr));
    if (p < end) dh_buf_puts(&out, "\xE2\x80\xA6");
    return dh_buf_slice(&out);
}

static dh_slice copied(surveyor *s, const dh_json *json, uint32_t object, const char *name) {
    uint32_t id = dh_json_get(json, object, dh_slice_cstr(name));
    return id == UINT32_MAX ? DH_SLICE("") : dh_arena_dup(s->survey->arena, json->values[id].text);
}

static void show(surveyor *s, dh_survey_reason *reason, const dh_document *d, const dh_json *json,
                 uint32_t metadata) {
    dh_arena *arena = s->survey->arena;
    dh_survey_example *example = place(reason, dh_hash(d->id), d->host);
    if (example == NULL) return;
    *example = (dh_survey_example){.order = dh_hash(d->id),
                                   .id = dh_arena_dup(arena, d->id),
                                   .host = dh_arena_dup(arena, d->host),
                                   .language = dh_arena_dup(arena, d->language),
                                   .url = copied(s, json, metadata, "url"),
                                   .title = copied(s, json, metadata, "title"),
                                   .message = copied(s, json, metadata, "message"),
                                   .value = copied(s, json, metadata, "value"),
                                   .threshold = copied(s, json, metadata, "threshold"),
                                   .text = beginning(d->text, arena),
                                   .chars = d->chars};
}

static dh_survey_reason *reason_of(surveyor *s, const dh_document *d) {
    dh_survey *survey = s->survey;
    const uint32_t *known = dh_map_get(&s->reasons, d->reason);
    if (known != NULL) return &survey->reasons.ptr[*known];
    dh_slice name = dh_arena_dup(survey->arena, d->reason);
    *dh_map_put(&s->reasons, name, NULL) = survey->reasons.len;
    dh_survey_reason *reason = DH_PUSH(survey->arena, survey->reasons);
    *reason = (dh_survey_reason){.name = name, .fate = d->fate};
    return reason;
}

/* "2024-05" of a date; "" when it is none. */
static dh_slice month_of(dh_slice date) {
    dh_slice month = dh_slice_sub(date, 0, 7);
    if (month.len < 7 || month.ptr[4] != '-') return DH_SLICE("");
    for (size_t i = 0; i < month.len; i++)
        if (i != 4 && !dh_is_digit(month.ptr[i])) return DH_SLICE("");
    int number = (month.ptr[5] - '0') * 10 + month.ptr[6] - '0';
    return number >= 1 && number <= 12 ? month : DH_SLICE("");
}

static void count_persons(surveyor *s, const dh_json *json, uint32_t metadata) {
    uint32_t pii = dh_json_get(json, metadata, DH_SLICE("pii"));
    for (int kind = 0; pii != UINT32_MAX && kind < DH_PII_COUNT; kind++) {
        uint64_t count = 0;
        uint32_t id = dh_json_get(json, pii, dh_slice_cstr(dh_pii_name((dh_pii_kind)kind)));
        if (id == UINT32_MAX || !dh_slice_to_u64(json->values[id].text, &count)) continue;
        s->survey->persons[kind]++;
        s->survey->found[kind] += count;
    }
}

static void count(surveyor *s, const dh_document *d, const dh_json *json) {
    dh_survey *survey = s->survey;
    uint32_t metadata = dh_json_get(json, 0, DH_SLICE("metadata"));
    dh_slice created = dh_json_string(json, dh_json_get(json, 0, DH_SLICE("created")));
    dh_survey_reason *reason = reason_of(s, d);
    reason->documents++;
    reason->chars += d->chars;
    survey->chars.count[dh_length_class(d->chars)][d->fate]++;
    survey->words.count[dh_length_class(d->words)][d->fate]++;
    dh_tally_add(&survey->months, month_of(created), d->fate, 1);
    dh_slice complete = dh_json_string(json, dh_json_get(json, metadata, DH_SLICE("completeness")));
    if (complete.len > 0) dh_tally_add(&survey->complete, complete, d->fate, 1);
    count_persons(s, json, metadata);
    show(s, reason, d, json, metadata);
}

/* The arena's guard is ours for the time: between two lines a source has memory of its own. */
static bool take(void *data, dh_slice line) {
    surveyor *s = data;
    dh_document document;
    dh_json json;
    jmp_buf guard;
    dh_arena_reset(&s->line);
    if (!dh_document_parse_json(line, &s->line, &document, &json)) {
        s->status = DH_ERR_SYNTAX;
        return false;
    }
    if (!dh_arena_guard(s->survey->arena, &guard)) count(s, &document, &json);
    else s->status = DH_ERR_MEMORY;
    return s->status == DH_OK;
}

/* ---- all of them ---- */

static dh_status read_file(surveyor *s, const char *path, dh_error *error) {
    jmp_buf *outer = s->survey->arena->guard;
    dh_status status = dh_store_lines(path, take, s, error);
    s->survey->arena->guard = outer;
    if (status != DH_OK || s->status == DH_OK) return status;
    return dh_error_set(error, s->status, "corpus", 0,
                        s->status == DH_ERR_SYNTAX ? "%.200s has a line that is no document"
                                                   : "%.200s: memory is out",
                        path);
}

static int by_documents(const void *a, const void *b) {
    const dh_survey_reason *x = a, *y = b;
    if (x->fate != y->fate && (x->fate == DH_FATE_KEPT || y->fate == DH_FATE_KEPT))
        return x->fate == DH_FATE_KEPT ? -1 : 1;
    if (x->documents != y->documents) return x->documents > y->documents ? -1 : 1;
    return dh_slice_compare(x->name, y->name);
}

dh_status dh_survey_make(dh_survey *survey, const dh_store *store, dh_error *error) {
    *survey = (dh_survey){.arena = store->arena};
    surveyor s = {.survey = survey};
    dh_status status = DH_OK;
    uint32_t files = 2 * store->markers.len;
    const char **paths = dh_arena_zalloc(survey->arena, files, sizeof *paths);
    for (uint32_t i = 0; i < files; i++)
        paths[i] =
            dh_store_path(store, i % 2 == 0 ? "data" : "rejected", store->markers.ptr[i / 2]);
    dh_tally_init(&survey->months, survey->arena);
    dh_tally_init(&survey->complete, survey->arena);
    dh_map_init(&s.reasons, survey->arena, 0);
    dh_arena_init(&s.line, 0);
    for (uint32_t i = 0; i < files && status == DH_OK; i++) status = read_file(&s, paths[i], error);
    dh_arena_release(&s.line);
    dh_tally_sort(&survey->months);
    if (survey->reasons.len > 1)
        qsort(survey->reasons.ptr, survey->reasons.len, sizeof *survey->reasons.ptr, by_documents);
    return status;
}
