/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/store.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "corpus/card.h"

enum { MAX_RUN = 1 << 20, MAX_MARKER = 1 << 30 };

static const char *path_of(dh_arena *arena, const char *folder, const char *name) {
    dh_buf path;
    dh_buf_init(&path, arena, 0);
    dh_buf_printf(&path, "%s/%s", folder, name);
    return dh_buf_cstr(&path);
}

static dh_slice trimmed(dh_slice text) {
    while (text.len > 0 && text.ptr[text.len - 1] == '\n') text.len--;
    return text;
}

/* ---- run.json ---- */

/* The members of both that differ, by name; the first of them. */
static dh_slice difference(const dh_json *a, uint32_t x, const dh_json *b, uint32_t y) {
    for (uint32_t c = dh_json_first(a, x); c != UINT32_MAX; c = dh_json_next(a, x, c)) {
        uint32_t other = dh_json_get(b, y, a->values[c].key);
        if (other == UINT32_MAX || a->values[c].type != b->values[other].type ||
            !dh_slice_eq(a->values[c].text, b->values[other].text))
            return a->values[c].key;
        dh_slice inner = difference(a, c, b, other);
        if (inner.len > 0) return inner;
    }
    return (dh_slice){NULL, 0};
}

static dh_status another_run(dh_slice have, dh_slice want, const char *folder, dh_arena *arena,
                             dh_error *error) {
    dh_json a, b;
    dh_slice what = {NULL, 0};
    if (dh_json_parse(&a, arena, have, true, NULL) == DH_OK &&
        dh_json_parse(&b, arena, want, true, NULL) == DH_OK) {
        what = difference(&b, 0, &a, 0);
        if (what.len == 0) what = difference(&a, 0, &b, 0);
    }
    return dh_error_set(
        error, DH_ERR_USAGE, "corpus", 0,
        "%.200s holds a corpus made otherwise (%.*s): take another folder, and dehusk "
        "corpus merge for one of both",
        folder, what.len < 60 ? (int)what.len : 60, what.len > 0 ? what.ptr : "");
}

/* Hidden files aside: another task may be about to write run.json. */
static bool has_files(const char *folder) {
    bool any = false;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && !any && (entry = readdir(dir)) != NULL;)
        any = entry->d_name[0] != '.';
    if (dir != NULL) closedir(dir);
    return any;
}

dh_status dh_store_begin(const char *folder, dh_slice run, dh_arena *arena, dh_error *error) {
    const char *path = path_of(arena, folder, "run.json");
    dh_status status = dh_io_mkdirs(folder, error);
    if (status != DH_OK) return status;
    if (access(path, F_OK) != 0) {
        if (has_files(folder) && access(path, F_OK) != 0)
            return dh_error_set(error, DH_ERR_USAGE, "corpus", 0,
                                "%.200s has files in it that are no corpus", folder);
        dh_status written = dh_io_write(path, run, false, true, error);
        /* Another task may have been faster. */
        if (written == DH_OK || access(path, F_OK) != 0) return written;
    }
    dh_buf text;
    dh_buf_init(&text, arena, 0);
    status = dh_io_read(path, MAX_RUN, &text, NULL, error);
    if (status != DH_OK) return status;
    if (dh_slice_eq(dh_buf_slice(&text), run)) return DH_OK;
    return another_run(dh_buf_slice(&text), run, folder, arena, error);
}

/* ---- reading ---- */

static int by_place(const void *a, const void *b) {
    const dh_marker *x = *(const dh_marker *const *)a, *y = *(const dh_marker *const *)b;
    int order = dh_slice_compare(x->first, y->first);
    if (order != 0) return order;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    return x->piece != y->piece ? (x->piece < y->piece ? -1 : 1) : 0;
}

static dh_status read_marker(dh_store *store, const char *path, dh_error *error) {
    dh_buf text = {0};
    dh_error why = {0};
    dh_marker *marker = dh_arena_alloc(store->arena, sizeof *marker);
    dh_status status = dh_io_read(path, MAX_MARKER, &text, NULL, &why);
    if (status == DH_OK) {
        dh_slice copy = dh_arena_dup(store->arena, dh_buf_slice(&text));
        status = dh_marker_parse(marker, copy, store->arena, &why);
    }
    dh_buf_release(&text);
    if (status != DH_OK)
        return dh_error_set(error, status, "corpus", 0, "%.200s: %.200s", path, why.message);
    *DH_PUSH(store->arena, store->markers) = marker;
    return DH_OK;
}

static dh_status read_markers(dh_store *store, dh_error *error) {
    dh_io_entries entries = {0};
    const char *folder = path_of(store->arena, store->folder, "shards");
    if (access(folder, F_OK) != 0) return DH_OK;
    dh_status status = dh_io_walk(folder, store->arena, &entries, NULL, NULL, error);
    for (uint32_t i = 0; i < entries.len && status == DH_OK; i++)
        if (dh_slice_ends(dh_slice_cstr(entries.ptr[i].relative), DH_SLICE(".json")))
            status = read_marker(store, entries.ptr[i].path, error);
    if (status == DH_OK && store->markers.len > 1)
        qsort(store->markers.ptr, store->markers.len, sizeof *store->markers.ptr, by_place);
    return status;
}

dh_status dh_store_read(dh_store *store, const char *folder, dh_arena *arena, dh_error *error) {
    *store = (dh_store){.folder = folder, .arena = arena};
    const char *path = path_of(arena, folder, "run.json");
    if (access(path, F_OK) != 0)
        return dh_error_set(error, DH_ERR_USAGE, "corpus", 0, "there is no corpus in %.200s",
                            folder);
    dh_buf text;
    dh_buf_init(&text, arena, 0);
    dh_status status = dh_io_read(path, MAX_RUN, &text, NULL, error);
    if (status != DH_OK) return status;
    store->run = trimmed(dh_buf_slice(&text));
    status = dh_json_parse(&store->json, arena, store->run, true, error);
    uint32_t units = status == DH_OK ? dh_json_get(&store->json, 0, DH_SLICE("units")) : UINT32_MAX;
    if (units == UINT32_MAX || !dh_slice_to_u64(store->json.values[units].text, &store->units))
        return dh_error_set(error, DH_ERR_SYNTAX, "corpus", 0, "%.200s is damaged", path);
    return read_markers(store, error);
}

const char *dh_store_path(const dh_store *store, const char *folder, const dh_marker *marker) {
    dh_buf path;
    dh_buf_init(&path, store->arena, 0);
    dh_buf_printf(&path, "%s/%s/", store->folder, folder);
    dh_buf_put_slice(&path, marker->name);
    dh_buf_put_slice(&path, marker->ending);
    return dh_buf_cstr(&path);
}

/* A unit's shards are numbered from 0 without a gap, and the last one says so. */
bool dh_store_is_whole(const dh_store *store, const dh_plan_task *task, uint64_t *unit) {
    uint64_t *pieces = dh_arena_zalloc(store->arena, (size_t)store->units + 1, sizeof *pieces);
    uint64_t *last = dh_arena_zalloc(store->arena, (size_t)store->units + 1, sizeof *last);
    for (uint32_t i = 0; i < store->markers.len; i++) {
        const dh_marker *m = store->markers.ptr[i];
        if (m->unit >= store->units) {
            *unit = m->unit;
            return false;
        }
        pieces[m->unit]++;
        if (m->last) last[m->unit] = m->piece + 1;
    }
    for (*unit = 0; *unit < store->units; ++*unit)
        if ((task == NULL || dh_plan_is_of(task, *unit)) &&
            (last[*unit] == 0 || last[*unit] != pieces[*unit]))
            return false;
    return true;
}

void dh_store_sum(const dh_store *store, dh_marker *sum) {
    dh_marker_init(sum, store->arena);
    for (uint32_t i = 0; i < store->markers.len; i++) dh_marker_add(sum, store->markers.ptr[i]);
}

/* ---- the manifest ---- */

static void put_shards(const dh_store *store, dh_buf *out) {
    dh_buf_puts(out, "  \"shards\": [");
    for (uint32_t i = 0; i < store->markers.len; i++) {
        const dh_marker *m = store->markers.ptr[i];
        dh_buf_puts(out, i > 0 ? ",\n    {\"name\": " : "\n    {\"name\": ");
        dh_json_put_string(out, m->name);
        dh_buf_printf(out, ", \"kept\": %llu, \"data\": \"%s\", \"rest\": \"%s\"}",
                      (unsigned long long)m->kept.documents, m->kept.sha256, m->rest.sha256);
    }
    dh_buf_puts(out, "],\n");
}

static void put_inputs(const dh_store *store, dh_buf *out) {
    bool any = false;
    dh_buf_puts(out, "  \"inputs\": [");
    for (uint32_t i = 0; i < store->markers.len; i++)
        for (uint32_t k = 0; k < store->markers.ptr[i]->inputs.len; k++) {
            const dh_marker_input *input = &store->markers.ptr[i]->inputs.ptr[k];
            dh_buf_puts(out, any ? ",\n    {\"name\": " : "\n    {\"name\": ");
            dh_json_put_string(out, input->name);
            dh_buf_printf(out, ", \"bytes\": %llu, \"sha256\": ", (unsigned long long)input->bytes);
            dh_json_put_string(out, input->sha256);
            dh_buf_putc(out, '}');
            any = true;
        }
    dh_buf_puts(out, "]\n}\n");
}

dh_slice dh_store_manifest(const dh_store *store) {
    dh_marker sum;
    dh_buf out;
    dh_buf_init(&out, store->arena, 0);
    dh_store_sum(store, &sum);
    dh_buf_puts(&out, "{\n  \"run\": ");
    dh_buf_put_slice(&out, store->run);
    dh_buf_printf(&out, ",\n  \"documents\": %llu,\n", (unsigned long long)sum.documents);
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        dh_buf_printf(&out, "  \"%s\": %llu,\n", dh_fate_name((dh_fate)fate),
                      (unsigned long long)sum.fates[fate]);
    dh_buf_printf(
        &out, "  \"left_out\": %llu,\n  \"chars\": %llu,\n  \"words\": %llu,\n  \"bytes\": %llu,\n",
        (unsigned long long)sum.left_out, (unsigned long long)sum.chars,
        (unsigned long long)sum.words, (unsigned long long)sum.kept.bytes);
    if (sum.lines_removed > 0)
        dh_buf_printf(&out, "  \"lines_removed\": %llu,\n  \"thinned\": %llu,\n",
                      (unsigned long long)sum.lines_removed, (unsigned long long)sum.thinned);
    dh_tally_sort(&sum.reasons);
    dh_tally_sort(&sum.languages);
    dh_buf_puts(&out, "  \"reasons\": ");
    dh_tally_put_json(&sum.reasons, &out);
    dh_buf_puts(&out, ",\n  \"languages\": ");
    dh_tally_put_json(&sum.languages, &out);
    dh_buf_puts(&out, ",\n");
    put_shards(store, &out);
    put_inputs(store, &out);
    return dh_buf_slice(&out);
}

/* Of tasks that were killed; all are done now. */
static void remove_left_overs(const dh_store *store, const char *name) {
    const char *folder = path_of(store->arena, store->folder, name);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        dh_slice file = dh_slice_cstr(entry->d_name);
        if (dh_slice_starts(file, DH_SLICE(".dehusk-")) && dh_slice_ends(file, DH_SLICE(".tmp")))
            unlink(path_of(store->arena, folder, entry->d_name));
    }
    if (dir != NULL) closedir(dir);
}

dh_status dh_store_finish(const dh_store *store, dh_error *error) {
    remove_left_overs(store, "data");
    remove_left_overs(store, "rejected");
    remove_left_overs(store, "shards");
    remove_left_overs(store, "lines");
    dh_status status = dh_io_write(path_of(store->arena, store->folder, "README.md"),
                                   dh_store_card(store), true, true, error);
    if (status != DH_OK) return status;
    return dh_io_write(path_of(store->arena, store->folder, "manifest.json"),
                       dh_store_manifest(store), true, true, error);
}
