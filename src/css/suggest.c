/* SPDX-License-Identifier: Apache-2.0 */
#include "css/suggest.h"

enum { MAX_WORD = 40 };

dh_suggest dh_suggest_start(dh_slice word) {
    size_t far = word.len / 3 + 1;
    return (dh_suggest){.word = word, .distance = (uint32_t)(far > 4 ? 4 : far) + 1};
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment (Damerau-Levenshtein without overlapping edits), three rows. */
static uint32_t distance(dh_slice a, dh_slice b) {
    uint32_t rows[3][MAX_WORD + 1];
    uint32_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (uint32_t j = 0; j <= b.len; j++) last[j] = j;
    for (uint32_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (uint32_t j = 1; j <= b.len; j++) {
            char x = dh_lower(a.ptr[i - 1]), y = dh_lower(b.ptr[j - 1]);
            uint32_t best = least(last[j], row[j - 1]) + 1;
            best = least(best, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == dh_lower(b.ptr[j - 2]) && dh_lower(a.ptr[i - 2]) == y)
                best = least(best, before[j - 2] + 1);
            row[j] = best;
        }
        uint32_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.len];
}

void dh_suggest_offer(dh_suggest *suggest, dh_slice known) {
    if (suggest->word.len > MAX_WORD || known.len > MAX_WORD || suggest->word.len == 0) return;
    uint32_t d = distance(suggest->word, known);
    if (d >= suggest->distance) return;
    suggest->distance = d;
    suggest->best = known;
}
