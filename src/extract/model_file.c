/* SPDX-License-Identifier: Apache-2.0 */
/* model_file.c: reads a model that somebody trained on pages of his own (tools/train/train.py --model).
 * A text head, then the tables as they stand in memory, 32 bits little-endian each:
 *
 *     dehusk model 1
 *     columns<TAB>NAME<TAB>NAME...       features.def, in order
 *     page TREES NODES                   then TREES roots and NODES nodes
 *     text TREES NODES                   the same
 *
 * Whatever the file says, a walk through a tree that was read goes forward and ends at a leaf inside of it. */
#include "extract/model_file.h"

#include <stdlib.h>

enum { LEAF = 255, MAX_NODES = UINT16_MAX };

typedef struct reader {
    const char *file;
    dh_slice all;
    size_t at;
    dh_arena *arena;
    dh_error *error;
} reader;

static dh_status bad(const reader *r, const char *what) {
    return dh_error_at(r->error, DH_ERR_USAGE, "model", r->file, 0, 0, "%s", what);
}

static dh_slice next_line(reader *r) {
    dh_slice rest = dh_slice_sub(r->all, r->at, r->all.len);
    size_t end = dh_slice_find(rest, DH_SLICE("\n"));
    if (end == DH_NPOS) end = rest.len;
    r->at += end < rest.len ? end + 1 : end;
    return dh_slice_sub(rest, 0, end);
}

static uint32_t next_u32(reader *r) {
    const unsigned char *p = (const unsigned char *)r->all.ptr + r->at;
    r->at += 4;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static dh_status check_columns(reader *r) {
    dh_slice line = next_line(r), name = dh_slice_cut(&line, '\t');
    if (!dh_slice_eq(name, DH_SLICE("columns"))) return bad(r, "no columns");
    for (int k = 0; k < DH_FEATURE_COUNT; k++) {
        name = dh_slice_cut(&line, '\t');
        if (!dh_slice_eq(name, dh_slice_cstr(dh_feature_names[k])))
            return bad(r, "made for other features (another version of dehusk): train it again");
    }
    return line.len > 0 ? bad(r, "made for other features: train it again") : DH_OK;
}

/* Inner nodes skip forward, to a node of their own tree; its last node is a leaf. */
static bool is_sound(const uint32_t *nodes, uint32_t begin, uint32_t end) {
    if (begin >= end || (nodes[end - 1] & 0xFF) != LEAF) return false;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t column = nodes[i] & 0xFF, skip = nodes[i] >> 8 & 0xFF;
        if (column == LEAF) continue;
        if (column >= DH_FEATURE_COUNT || skip == 0 || i + skip >= end) return false;
    }
    return true;
}

static dh_status read_tables(reader *r, dh_slice name, dh_model *out) {
    dh_slice line = next_line(r), word = dh_slice_cut(&line, ' ');
    uint64_t trees = 0, count = 0;
    bool numbers =
        dh_slice_to_u64(dh_slice_cut(&line, ' '), &trees) && dh_slice_to_u64(line, &count);
    if (!dh_slice_eq(word, name) || !numbers || trees > MAX_NODES || count > MAX_NODES ||
        (trees + count) * 4 > r->all.len - r->at)
        return bad(r, "broken or cut off");
    uint16_t *roots = dh_arena_alloc(r->arena, (trees + 1) * sizeof *roots);
    uint32_t *nodes = dh_arena_alloc(r->arena, (count + 1) * sizeof *nodes);
    for (size_t i = 0; i < trees; i++) roots[i] = (uint16_t)next_u32(r);
    for (size_t i = 0; i < count; i++) nodes[i] = next_u32(r);
    for (size_t i = 0; i < trees; i++) {
        uint32_t end = i + 1 < trees ? roots[i + 1] : (uint32_t)count;
        if (end > count || !is_sound(nodes, roots[i], end)) return bad(r, "a tree is broken");
    }
    *out = (dh_model){nodes, roots, (uint16_t)trees};
    return DH_OK;
}

dh_status dh_models_read(dh_models *models, dh_slice bytes, const char *file, dh_arena *arena,
                         dh_error *error) {
    reader r = {.file = file, .all = bytes, .arena = arena, .error = error};
    if (!dh_slice_eq(next_line(&r), DH_SLICE("dehusk model 1")))
        return bad(&r, "no model of dehusk");
    dh_status status = check_columns(&r);
    if (status == DH_OK) status = read_tables(&r, DH_SLICE("page"), &models->page);
    if (status == DH_OK) status = read_tables(&r, DH_SLICE("text"), &models->text);
    return status;
}
