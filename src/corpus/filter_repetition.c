/* SPDX-License-Identifier: Apache-2.0 */
/* Gopher's measures of repetition: lines, paragraphs and runs of words that come again. */
#include "corpus/filters_private.h"

enum { LONGEST = 10, TOP_FROM = 2, TOP_TO = 4, DUP_FROM = 5 };

/* Hashes to counts, open addressing; 0 is free. */
typedef struct table {
    uint64_t *hashes;
    uint32_t *counts;
    size_t mask;
} table;

static table table_for(size_t entries, dh_arena *arena) {
    size_t size = 16;
    while (size < entries * 2) size *= 2;
    return (table){dh_arena_zalloc(arena, size, sizeof(uint64_t)),
                   dh_arena_zalloc(arena, size, sizeof(uint32_t)), size - 1};
}

static void clear(table *t) {
    memset(t->hashes, 0, (t->mask + 1) * sizeof *t->hashes);
    memset(t->counts, 0, (t->mask + 1) * sizeof *t->counts);
}

static uint32_t *count_of(table *t, uint64_t hash) {
    hash |= 1;
    size_t at = (size_t)(hash >> 20) & t->mask;
    while (t->hashes[at] != 0 && t->hashes[at] != hash) at = (at + 1) & t->mask;
    t->hashes[at] = hash;
    return &t->counts[at];
}

/* Of n words from the first on; their order counts. */
static uint64_t run_hash(const uint64_t *hashes, uint32_t n) {
    uint64_t h = n;
    for (uint32_t i = 0; i < n; i++) h = (h ^ hashes[i]) * UINT64_C(0x9E3779B97F4A7C15) + (h >> 29);
    return h ^ h >> 32;
}

static uint64_t run_chars(const uint32_t *lengths, uint32_t n) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++) sum += lengths[i];
    return sum;
}

/* Characters, with the spaces between, of the run that comes most often (of several the first), all its times
 * together. */
static double top(const dh_filter_text *t, table *seen, uint32_t n) {
    uint32_t runs = t->words.len >= n ? t->words.len - n + 1 : 0, best = 0;
    uint64_t chars = 0;
    clear(seen);
    for (uint32_t i = 0; i < runs; i++) ++*count_of(seen, run_hash(t->hashes + i, n));
    for (uint32_t i = 0; i < runs; i++) {
        uint32_t count = *count_of(seen, run_hash(t->hashes + i, n));
        if (count <= best) continue;
        best = count;
        chars = (run_chars(t->lengths + i, n) + n - 1) * count;
    }
    return dh_filter_share(chars, t->facts->chars);
}

/* Characters of runs that came before, none counted twice. */
static double repeated(const dh_filter_text *t, table *seen, uint32_t n) {
    uint64_t chars = 0;
    clear(seen);
    for (uint32_t i = 0; i + n <= t->words.len;) {
        uint32_t *count = count_of(seen, run_hash(t->hashes + i, n));
        if (*count > 0) {
            chars += run_chars(t->lengths + i, n);
            i += n;
        } else {
            *count = 1;
            i++;
        }
    }
    return dh_filter_share(chars, t->facts->chars);
}

void dh_filter_duplicates(const dh_words *pieces, dh_arena *arena, uint64_t *count,
                          uint64_t *chars) {
    dh_map seen;
    dh_map_init(&seen, arena, pieces->len);
    *count = *chars = 0;
    for (uint32_t i = 0; i < pieces->len; i++) {
        bool added;
        dh_map_put(&seen, pieces->ptr[i], &added);
        if (added) continue;
        ++*count;
        *chars += dh_filter_chars(pieces->ptr[i]);
    }
}

void dh_filter_repetition(const dh_filter_text *t, dh_filter_values values) {
    uint64_t count, chars;
    dh_filter_duplicates(&t->paragraphs, t->arena, &count, &chars);
    values[DH_FILTER_gopher_dup_paragraphs] = dh_filter_share(count, t->paragraphs.len);
    values[DH_FILTER_gopher_dup_paragraph_chars] = dh_filter_share(chars, t->facts->chars);
    dh_filter_duplicates(&t->lines, t->arena, &count, &chars);
    values[DH_FILTER_gopher_dup_lines] = dh_filter_share(count, t->lines.len);
    values[DH_FILTER_gopher_dup_line_chars] = dh_filter_share(chars, t->facts->chars);
    table seen = table_for(t->words.len, t->arena);
    for (uint32_t n = TOP_FROM; n <= TOP_TO; n++)
        values[DH_FILTER_gopher_top_2_gram + (n - TOP_FROM)] = top(t, &seen, n);
    for (uint32_t n = DUP_FROM; n <= LONGEST; n++)
        values[DH_FILTER_gopher_dup_5_grams + (n - DUP_FROM)] = repeated(t, &seen, n);
}
