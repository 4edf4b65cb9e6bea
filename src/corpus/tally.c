/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/tally.h"

#include <stdlib.h>

const char *dh_fate_name(dh_fate fate) {
    static const char *const names[DH_FATE_COUNT] = {"kept", "rejected", "failed"};
    return names[fate];
}

void dh_tally_init(dh_tally *tally, dh_arena *arena) {
    *tally = (dh_tally){.arena = arena};
    dh_map_init(&tally->map, arena, 0);
}

void dh_tally_add(dh_tally *tally, dh_slice name, dh_fate fate, uint64_t count) {
    const uint32_t *known = dh_map_get(&tally->map, name);
    uint32_t at = tally->rows.len;
    if (known != NULL) {
        at = *known;
    } else {
        dh_slice copy = dh_arena_dup(tally->arena, name);
        *dh_map_put(&tally->map, copy, NULL) = at;
        *DH_PUSH(tally->arena, tally->rows) = (dh_tally_row){.name = copy};
    }
    tally->rows.ptr[at].count[fate] += count;
}

void dh_tally_merge(dh_tally *tally, const dh_tally *other) {
    for (uint32_t i = 0; i < other->rows.len; i++)
        for (int fate = 0; fate < DH_FATE_COUNT; fate++)
            dh_tally_add(tally, other->rows.ptr[i].name, (dh_fate)fate,
                         other->rows.ptr[i].count[fate]);
}

uint64_t dh_tally_sum(const dh_tally_row *row) {
    uint64_t sum = 0;
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) sum += row->count[fate];
    return sum;
}

static int by_name(const void *a, const void *b) {
    const dh_tally_row *x = a, *y = b;
    return dh_slice_compare(x->name, y->name);
}

static int by_count(const void *a, const void *b) {
    uint64_t x = dh_tally_sum(a), y = dh_tally_sum(b);
    return x != y ? (x > y ? -1 : 1) : by_name(a, b);
}

/* The map is not right any more behind it: it is set anew. */
static void sort(dh_tally *tally, int (*compare)(const void *, const void *)) {
    if (tally->rows.len == 0) return;
    qsort(tally->rows.ptr, tally->rows.len, sizeof *tally->rows.ptr, compare);
    for (uint32_t i = 0; i < tally->rows.len; i++)
        *dh_map_put(&tally->map, tally->rows.ptr[i].name, NULL) = i;
}

void dh_tally_sort(dh_tally *tally) {
    sort(tally, by_name);
}

void dh_tally_rank(dh_tally *tally) {
    sort(tally, by_count);
}

void dh_tally_put_json(const dh_tally *tally, dh_buf *out) {
    dh_buf_putc(out, '{');
    for (uint32_t i = 0; i < tally->rows.len; i++) {
        const dh_tally_row *row = &tally->rows.ptr[i];
        if (i > 0) dh_buf_puts(out, ", ");
        dh_json_put_string(out, row->name);
        for (int fate = 0; fate < DH_FATE_COUNT; fate++)
            dh_buf_printf(out, "%s%llu", fate == 0 ? ": [" : ", ",
                          (unsigned long long)row->count[fate]);
        dh_buf_putc(out, ']');
    }
    dh_buf_putc(out, '}');
}

bool dh_tally_read_json(dh_tally *tally, const dh_json *json, uint32_t id) {
    if (id == UINT32_MAX || json->values[id].type != DH_JSON_OBJECT) return false;
    for (uint32_t c = dh_json_first(json, id); c != UINT32_MAX; c = dh_json_next(json, id, c)) {
        int fate = 0;
        for (uint32_t n = dh_json_first(json, c); n != UINT32_MAX; n = dh_json_next(json, c, n)) {
            uint64_t count;
            if (fate == DH_FATE_COUNT || !dh_slice_to_u64(json->values[n].text, &count))
                return false;
            dh_tally_add(tally, json->values[c].key, (dh_fate)fate++, count);
        }
        if (fate != DH_FATE_COUNT) return false;
    }
    return true;
}
