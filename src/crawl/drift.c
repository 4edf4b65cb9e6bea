/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/drift.h"

#include <stdlib.h>
#include <string.h>

bool dh_drift_line_page(dh_drift_line *line, bool hit) {
    if (line->pages >= 1000000) { /* the past fades */
        line->pages /= 2;
        line->hits /= 2;
    }
    line->pages++;
    line->hits += hit;
    line->misses = hit ? 0 : line->misses + 1;
    return line->misses == DH_DRIFT_STREAK && dh_drift_line_is_silent(line);
}

bool dh_drift_line_is_silent(const dh_drift_line *line) {
    uint32_t before = line->pages - line->misses;
    return line->misses >= DH_DRIFT_STREAK && before >= DH_DRIFT_BEFORE &&
           (uint64_t)line->hits * 10 >= (uint64_t)before * 9;
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The value below which a share of num/den of the values lies. */
static uint32_t quantile(const uint32_t *values, uint32_t count, uint32_t num, uint32_t den) {
    uint32_t sorted[DH_DRIFT_KEPT];
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    return sorted[count * num / den];
}

bool dh_drift_lengths_page(dh_drift_lengths *lengths, uint64_t chars) {
    if (lengths->count > DH_DRIFT_KEPT) lengths->count = 0; /* not ours */
    if (lengths->count == DH_DRIFT_KEPT) {
        memmove(lengths->chars, lengths->chars + 1, (DH_DRIFT_KEPT - 1) * sizeof *lengths->chars);
        lengths->count--;
    }
    lengths->chars[lengths->count++] = chars < UINT32_MAX ? (uint32_t)chars : UINT32_MAX;
    if (lengths->count < DH_DRIFT_RECENT + DH_DRIFT_LENGTHS_BEFORE) return false;
    uint32_t before = lengths->count - DH_DRIFT_RECENT, n = 0;
    const uint32_t *recent = lengths->chars + before;
    uint32_t quarter = quantile(lengths->chars, before, 1, 4);
    for (uint32_t i = 0; i < DH_DRIFT_RECENT; i++) n += recent[i] < quarter;
    return n >= DH_DRIFT_SHORT && (uint64_t)quantile(recent, DH_DRIFT_RECENT, 1, 2) * 2 <
                                      quantile(lengths->chars, before, 1, 2);
}
