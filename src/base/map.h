/* SPDX-License-Identifier: Apache-2.0 */
/* map: slices to 32-bit numbers, open addressing, in an arena. Keys are borrowed and must outlive it. */
#ifndef DH_BASE_MAP_H
#define DH_BASE_MAP_H

#include "base/arena.h"

typedef struct dh_map_entry {
    dh_slice key; /* ptr NULL: free */
    uint32_t hash;
    uint32_t value;
} dh_map_entry;

typedef struct dh_map {
    dh_arena *arena;
    dh_map_entry *entries;
    uint32_t len, cap; /* cap is a power of two */
} dh_map;

/* expected: how many keys to make room for; may be 0. */
void dh_map_init(dh_map *map, dh_arena *arena, uint32_t expected);
/* The value of key, made 0 when it was not there (*added, which may be NULL, says so).
 * The pointer is good until the next put. */
uint32_t *dh_map_put(dh_map *map, dh_slice key, bool *added);
/* NULL when it is not there. */
const uint32_t *dh_map_get(const dh_map *map, dh_slice key);
/* The same number on every machine (FNV-1a over 64 bits with a final mix). Not for hostile flooding
 * beyond the sizes that base/limits.h allows. */
uint64_t dh_hash(dh_slice s);

#endif
