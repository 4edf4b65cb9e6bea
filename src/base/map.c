/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

uint64_t dh_hash(dh_slice s) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.len; i++) h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

void dh_map_init(dh_map *map, dh_arena *arena, uint32_t expected) {
    *map = (dh_map){.arena = arena, .cap = 16};
    while (map->cap / 4 * 3 < expected && map->cap < UINT32_C(1) << 30) map->cap *= 2;
    map->entries = dh_arena_zalloc(arena, map->cap, sizeof *map->entries);
}

static dh_map_entry *slot(const dh_map *map, dh_slice key, uint32_t hash) {
    uint32_t mask = map->cap - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        dh_map_entry *entry = &map->entries[i];
        if (entry->key.ptr == NULL) return entry;
        if (entry->hash == hash && dh_slice_eq(entry->key, key)) return entry;
    }
}

static void rehash(dh_map *map) {
    dh_map_entry *old = map->entries;
    uint32_t old_cap = map->cap;
    map->entries = dh_arena_zalloc(map->arena, (size_t)old_cap * 2, sizeof *map->entries);
    map->cap = old_cap * 2;
    for (uint32_t i = 0; i < old_cap; i++)
        if (old[i].key.ptr != NULL) *slot(map, old[i].key, old[i].hash) = old[i];
}

uint32_t *dh_map_put(dh_map *map, dh_slice key, bool *added) {
    if (key.ptr == NULL) key = DH_SLICE("");
    uint32_t hash = (uint32_t)dh_hash(key);
    dh_map_entry *entry = slot(map, key, hash);
    bool is_new = entry->key.ptr == NULL;
    if (is_new && map->len + 1 > map->cap / 4 * 3) {
        rehash(map);
        entry = slot(map, key, hash);
    }
    if (is_new) {
        *entry = (dh_map_entry){.key = key, .hash = hash};
        map->len++;
    }
    if (added != NULL) *added = is_new;
    return &entry->value;
}

const uint32_t *dh_map_get(const dh_map *map, dh_slice key) {
    if (key.ptr == NULL) key = DH_SLICE("");
    const dh_map_entry *entry = slot(map, key, (uint32_t)dh_hash(key));
    return entry->key.ptr != NULL ? &entry->value : NULL;
}
