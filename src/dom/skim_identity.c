/* SPDX-License-Identifier: Apache-2.0 */
/* skim_identity: which formatting elements the tree builder must take for equal ("Noah's Ark clause",
 * HTML standard, 13.2.4.3): it keeps three of them and forgets the first when a fourth is opened. Equal
 * are those with the same attributes, in any order and however they are written. */
#include "base/map.h"
#include "dom/entity.h"
#include "dom/skim.h"

enum { MOST_NAMES = 64 }; /* attributes looked at for a name that is there already */

static dh_slice folded(dh_slice s, dh_arena *arena) {
    char *copy = dh_arena_alloc(arena, s.len + 1);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return (dh_slice){copy, s.len};
}

uint64_t dh_skim_identity(dh_slice tag, dh_arena *arena) {
    dh_slice names[MOST_NAMES], name, value;
    size_t at = dh_skim_name_end(tag), n = 0;
    uint64_t sum = 0; /* so that their order is of no account */
    while (dh_skim_attribute(tag, &at, &name, &value)) {
        name = folded(name, arena);
        size_t same = 0;
        while (same < n && !dh_slice_eq(names[same], name)) same++;
        if (same < n) continue; /* only the first of its name counts */
        if (n == MOST_NAMES) return sum + dh_hash(dh_slice_sub(tag, at, tag.len));
        names[n++] = name;
        const uint64_t key = dh_hash(name);
        sum += (key ^ dh_hash(dh_entity_decode(value, true, arena)) * 31) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return sum;
}
