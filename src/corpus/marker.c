/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/marker.h"

#include <stdio.h>

void dh_marker_init(dh_marker *marker, dh_arena *arena) {
    *marker = (dh_marker){0};
#define X(name) dh_tally_init(&marker->name, arena);
    DH_COUNTS(X)
#undef X
}

void dh_marker_add(dh_marker *marker, const dh_marker *other) {
    marker->documents += other->documents;
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) marker->fates[fate] += other->fates[fate];
    marker->left_out += other->left_out;
    marker->input_bytes += other->input_bytes;
    marker->chars += other->chars;
    marker->words += other->words;
    marker->lines_removed += other->lines_removed;
    marker->thinned += other->thinned;
#define X(name) dh_tally_merge(&marker->name, &other->name);
    DH_COUNTS(X)
#undef X
    marker->kept.documents += other->kept.documents;
    marker->kept.bytes += other->kept.bytes;
    marker->kept.stored += other->kept.stored;
    marker->rest.documents += other->rest.documents;
    marker->rest.bytes += other->rest.bytes;
    marker->rest.stored += other->rest.stored;
}

/* ---- writing ---- */

static void put_text(dh_buf *out, const char *name, dh_slice value) {
    dh_buf_printf(out, "  \"%s\": ", name);
    dh_json_put_string(out, value);
    dh_buf_puts(out, ",\n");
}

static void put_number(dh_buf *out, const char *name, uint64_t value) {
    dh_buf_printf(out, "  \"%s\": %llu,\n", name, (unsigned long long)value);
}

static void put_file(dh_buf *out, const char *name, const dh_marker_file *file) {
    dh_buf_printf(out,
                  "  \"%s\": {\"documents\": %llu, \"bytes\": %llu, \"stored\": %llu, "
                  "\"sha256\": \"%s\"},\n",
                  name, (unsigned long long)file->documents, (unsigned long long)file->bytes,
                  (unsigned long long)file->stored, file->sha256);
}

static void put_inputs(dh_buf *out, const dh_marker *marker) {
    dh_buf_puts(out, "  \"inputs\": [");
    for (uint32_t i = 0; i < marker->inputs.len; i++) {
        const dh_marker_input *input = &marker->inputs.ptr[i];
        dh_buf_puts(out, i > 0 ? ",\n    {\"name\": " : "\n    {\"name\": ");
        dh_json_put_string(out, input->name);
        dh_buf_printf(out, ", \"bytes\": %llu, \"sha256\": ", (unsigned long long)input->bytes);
        dh_json_put_string(out, input->sha256);
        dh_buf_putc(out, '}');
    }
    dh_buf_puts(out, "]\n");
}

static void put_counts(dh_marker *marker, dh_buf *out) {
    put_number(out, "documents", marker->documents);
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        put_number(out, dh_fate_name((dh_fate)fate), marker->fates[fate]);
    put_number(out, "left_out", marker->left_out);
    put_number(out, "input_bytes", marker->input_bytes);
    put_number(out, "chars", marker->chars);
    put_number(out, "words", marker->words);
    if (marker->lines_removed > 0) {
        put_number(out, "lines_removed", marker->lines_removed);
        put_number(out, "thinned", marker->thinned);
    }
#define X(name)                                                                                    \
    dh_tally_sort(&marker->name);                                                                  \
    dh_buf_puts(out, "  \"" #name "\": ");                                                         \
    dh_tally_put_json(&marker->name, out);                                                         \
    dh_buf_puts(out, ",\n");
    DH_COUNTS(X)
#undef X
}

void dh_marker_put(dh_marker *marker, dh_buf *out) {
    dh_buf_puts(out, "{\n");
    put_text(out, "name", marker->name);
    put_text(out, "ending", marker->ending);
    put_text(out, "first", marker->first);
    put_number(out, "unit", marker->unit);
    put_number(out, "piece", marker->piece);
    dh_buf_printf(out, "  \"last\": %s,\n", marker->last ? "true" : "false");
    put_counts(marker, out);
    put_file(out, "data", &marker->kept);
    put_file(out, "rest", &marker->rest);
    if (marker->lines.sha256[0] != '\0') put_file(out, "lines", &marker->lines);
    put_inputs(out, marker);
    dh_buf_puts(out, "}\n");
}

void dh_marker_put_counts(dh_marker *sum, uint64_t shards, dh_buf *out) {
    dh_buf_printf(out, "{\n  \"whole\": %s,\n", sum->last ? "true" : "false");
    put_number(out, "shards", shards);
    put_counts(sum, out);
    put_number(out, "bytes", sum->kept.bytes);
    dh_buf_printf(out, "  \"stored\": %llu\n}\n", (unsigned long long)sum->kept.stored);
}

/* ---- reading ---- */

typedef struct reader {
    dh_json json;
    dh_arena *arena;
    const char *bad; /* the first member that is not as it should be */
} reader;

static uint32_t member(reader *r, uint32_t object, const char *name) {
    uint32_t id =
        object != UINT32_MAX ? dh_json_get(&r->json, object, dh_slice_cstr(name)) : object;
    if (id == UINT32_MAX && r->bad == NULL) r->bad = name;
    return id;
}

static uint64_t number(reader *r, uint32_t object, const char *name) {
    uint32_t id = member(r, object, name);
    uint64_t value = 0;
    if (id != UINT32_MAX && !dh_slice_to_u64(r->json.values[id].text, &value) && r->bad == NULL)
        r->bad = name;
    return value;
}

/* Of what is not always there. */
static bool has(reader *r, const char *name) {
    return dh_json_get(&r->json, 0, dh_slice_cstr(name)) != UINT32_MAX;
}

static dh_slice text(reader *r, uint32_t object, const char *name) {
    return dh_arena_dup(r->arena, dh_json_string(&r->json, member(r, object, name)));
}

static void read_file(reader *r, const char *name, dh_marker_file *file) {
    uint32_t id = member(r, 0, name);
    file->documents = number(r, id, "documents");
    file->bytes = number(r, id, "bytes");
    file->stored = number(r, id, "stored");
    dh_slice digest = text(r, id, "sha256");
    snprintf(file->sha256, sizeof file->sha256, "%.*s", (int)digest.len, digest.ptr);
}

static void read_inputs(reader *r, dh_marker *marker) {
    uint32_t id = member(r, 0, "inputs");
    if (id == UINT32_MAX) return;
    for (uint32_t c = dh_json_first(&r->json, id); c != UINT32_MAX;
         c = dh_json_next(&r->json, id, c))
        *DH_PUSH(r->arena, marker->inputs) = (dh_marker_input){.name = text(r, c, "name"),
                                                               .bytes = number(r, c, "bytes"),
                                                               .sha256 = text(r, c, "sha256")};
}

static void read_all(reader *r, dh_marker *marker) {
    marker->name = text(r, 0, "name");
    marker->ending = text(r, 0, "ending");
    marker->first = text(r, 0, "first");
    marker->unit = number(r, 0, "unit");
    marker->piece = number(r, 0, "piece");
    uint32_t last = member(r, 0, "last");
    marker->last = last != UINT32_MAX && r->json.values[last].type == DH_JSON_TRUE;
    marker->documents = number(r, 0, "documents");
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        marker->fates[fate] = number(r, 0, dh_fate_name((dh_fate)fate));
    marker->left_out = number(r, 0, "left_out");
    marker->input_bytes = number(r, 0, "input_bytes");
    marker->chars = number(r, 0, "chars");
    marker->words = number(r, 0, "words");
    if (has(r, "lines_removed")) {
        marker->lines_removed = number(r, 0, "lines_removed");
        marker->thinned = number(r, 0, "thinned");
    }
#define X(name)                                                                                    \
    if (!dh_tally_read_json(&marker->name, &r->json, member(r, 0, #name)) && r->bad == NULL)       \
        r->bad = #name;
    DH_COUNTS(X)
#undef X
    read_file(r, "data", &marker->kept);
    read_file(r, "rest", &marker->rest);
    if (has(r, "lines")) read_file(r, "lines", &marker->lines);
    read_inputs(r, marker);
}

dh_status dh_marker_parse(dh_marker *marker, dh_slice bytes, dh_arena *arena, dh_error *error) {
    reader r = {.arena = arena};
    dh_marker_init(marker, arena);
    dh_status status = dh_json_parse(&r.json, arena, bytes, true, error);
    if (status != DH_OK) return status;
    read_all(&r, marker);
    if (r.bad == NULL) return DH_OK;
    return dh_error_set(error, DH_ERR_SYNTAX, "corpus", 0, "its \"%s\" is missing or damaged",
                        r.bad);
}
