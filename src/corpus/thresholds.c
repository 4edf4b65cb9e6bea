/* SPDX-License-Identifier: Apache-2.0 */
/* A file of thresholds, as FineWeb-2 has one for each language and script: a mapping of names to numbers, to lists of
 * words, or to lists of pairs [words in a run, share]. Names that no filter has are passed over. */
#include <stdlib.h>
#include <yaml.h>

#include "corpus/filters_private.h"

static const char *const keys[DH_FILTER_COUNT] = {
#define DH_FILTER(name, profiles, sense, threshold, key, help) [DH_FILTER_##name] = key,
#include "corpus/filters.def"
#undef DH_FILTER
};

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    dh_thresholds *thresholds;
    dh_arena *arena;
    const char *file;
    dh_error *error;
} reader;

static dh_status bad(reader *r, const char *what) {
    bool here = r->event.type != YAML_NO_EVENT; /* else the parser knows where */
    yaml_mark_t mark = here ? r->event.start_mark : r->parser.problem_mark;
    return dh_error_at(r->error, DH_ERR_SYNTAX, "filters", r->file, (uint32_t)mark.line + 1,
                       (uint32_t)mark.column + 1, "%s", what);
}

/* The next event into r->event. */
static dh_status next(reader *r) {
    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->parser, &r->event)) return DH_OK;
    return bad(r, r->parser.problem != NULL ? r->parser.problem : "out of memory");
}

static dh_slice scalar(const reader *r) {
    return dh_slice_make((const char *)r->event.data.scalar.value, r->event.data.scalar.length);
}

static bool number(const reader *r, double *out) {
    char text[32], *end;
    dh_slice value = dh_slice_trim(scalar(r));
    if (r->event.type != YAML_SCALAR_EVENT || value.len == 0 || value.len >= sizeof text)
        return false;
    for (size_t i = 0; i < value.len; i++) /* the locale has no say in these */
        if (!dh_is_digit(value.ptr[i]) && strchr("+-.eE", value.ptr[i]) == NULL) return false;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    *out = strtod(text, &end);
    return *end == '\0';
}

/* Passes over the value that r->event begins. */
static dh_status skip(reader *r) {
    int depth = 0;
    for (;;) {
        yaml_event_type_t type = r->event.type;
        depth += type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
        depth -= type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT;
        if (depth == 0) return DH_OK;
        dh_status status = next(r);
        if (status != DH_OK) return status;
    }
}

static dh_status read_words(reader *r, dh_words *words) {
    words->len = 0;
    if (r->event.type != YAML_SEQUENCE_START_EVENT) return bad(r, "a list of words is wanted");
    for (;;) {
        dh_status status = next(r);
        if (status != DH_OK || r->event.type == YAML_SEQUENCE_END_EVENT) return status;
        if (r->event.type != YAML_SCALAR_EVENT) return bad(r, "a word is wanted");
        *DH_PUSH(r->arena, *words) = dh_arena_dup(r->arena, scalar(r));
    }
}

/* [[5, 0.19], [6, 0.17]] to the filters from first on, which is that of runs of `from` words; `to` is the longest. */
static dh_status read_pairs(reader *r, int first, int from, int to) {
    if (r->event.type != YAML_SEQUENCE_START_EVENT) return bad(r, "a list of pairs is wanted");
    for (;;) {
        double words, share;
        dh_status status = next(r);
        if (status != DH_OK || r->event.type == YAML_SEQUENCE_END_EVENT) return status;
        bool good = r->event.type == YAML_SEQUENCE_START_EVENT && next(r) == DH_OK &&
                    number(r, &words) && next(r) == DH_OK && number(r, &share) &&
                    next(r) == DH_OK && r->event.type == YAML_SEQUENCE_END_EVENT;
        if (!good) return bad(r, "a pair of numbers is wanted");
        if (words >= from && words <= to) r->thresholds->values[first + (int)words - from] = share;
    }
}

static dh_status read_value(reader *r, dh_slice key) {
    if (dh_slice_eq(key, DH_SLICE("stopwords"))) return read_words(r, &r->thresholds->stop_words);
    if (dh_slice_eq(key, DH_SLICE("top_n_grams")))
        return read_pairs(r, DH_FILTER_gopher_top_2_gram, 2, 4);
    if (dh_slice_eq(key, DH_SLICE("dup_n_grams")))
        return read_pairs(r, DH_FILTER_gopher_dup_5_grams, 5, 10);
    bool any = false;
    for (int i = 0; i < DH_FILTER_COUNT; i++) {
        if (!dh_slice_eq(key, dh_slice_cstr(keys[i]))) continue;
        if (!number(r, &r->thresholds->values[i])) return bad(r, "a number is wanted");
        any = true;
    }
    return any ? DH_OK : skip(r);
}

static dh_status read_mapping(reader *r) {
    do {
        dh_status status = next(r);
        if (status != DH_OK) return status;
    } while (r->event.type == YAML_STREAM_START_EVENT ||
             r->event.type == YAML_DOCUMENT_START_EVENT);
    if (r->event.type != YAML_MAPPING_START_EVENT) return bad(r, "names and values are wanted");
    for (;;) {
        dh_status status = next(r);
        if (status != DH_OK || r->event.type == YAML_MAPPING_END_EVENT) return status;
        if (r->event.type != YAML_SCALAR_EVENT) return bad(r, "a name is wanted");
        dh_slice key = dh_arena_dup(r->arena, scalar(r));
        status = next(r);
        if (status == DH_OK) status = read_value(r, key);
        if (status != DH_OK) return status;
    }
}

dh_status dh_thresholds_read(dh_thresholds *thresholds, dh_slice text, const char *file,
                             dh_arena *arena, dh_error *error) {
    reader r = {.thresholds = thresholds, .arena = arena, .file = file, .error = error};
    if (!yaml_parser_initialize(&r.parser))
        return dh_error_set(error, DH_ERR_MEMORY, "filters", 0, "out of memory");
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
    dh_status status = read_mapping(&r);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}
