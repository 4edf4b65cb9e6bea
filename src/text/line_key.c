/* SPDX-License-Identifier: Apache-2.0 */
#include "text/line_key.h"

#include "base/map.h"
#include "text/class.h"
#include "text/clean.h"

/* "- x", "12. x": as the text output writes items of lists. */
static dh_slice without_marker(dh_slice line) {
    size_t at = 0;
    line = dh_slice_trim(line);
    if (dh_slice_starts(line, DH_SLICE("- "))) return dh_slice_sub(line, 2, line.len);
    while (at < line.len && at < 6 && dh_is_digit(line.ptr[at])) at++;
    if (at == 0 || !dh_slice_starts(dh_slice_sub(line, at, line.len), DH_SLICE(". "))) return line;
    return dh_slice_sub(line, at + 2, line.len);
}

bool dh_text_line_key(dh_slice line, dh_arena *arena, dh_line_key *out) {
    dh_text_facts facts;
    dh_slice key = dh_text_key(without_marker(line), true, arena);
    *out = (dh_line_key){0};
    if (key.len == 0) return false;
    char *masked = dh_arena_alloc(arena, key.len);
    size_t len = 0;
    for (size_t i = 0; i < key.len; i++) {
        bool digit = dh_is_digit(key.ptr[i]);
        out->digits = out->digits || digit;
        if (digit && i > 0 && dh_is_digit(key.ptr[i - 1])) continue;
        masked[len++] = digit ? '0' : key.ptr[i];
    }
    out->hash = dh_hash(dh_slice_make(masked, len));
    dh_text_measure(key, &facts);
    out->weight = facts.letters + 2 * facts.unspaced;
    return out->weight >= DH_LINE_LEAST;
}
