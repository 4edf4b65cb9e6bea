/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(ptr, len) ASAN_POISON_MEMORY_REGION(ptr, len)
#define UNPOISON(ptr, len) ASAN_UNPOISON_MEMORY_REGION(ptr, len)
#define REDZONE 16
#else
#define POISON(ptr, len) ((void)0)
#define UNPOISON(ptr, len) ((void)0)
#define REDZONE 0
#endif

enum { ALIGN = 16, FIRST_CHUNK = 256 * 1024, KEEP = 4 * 1024 * 1024 };

struct dh_arena_chunk {
    dh_arena_chunk *older;
    size_t size; /* with this header */
};

#define HEADER ((sizeof(dh_arena_chunk) + ALIGN - 1) / ALIGN * ALIGN)

void dh_arena_init(dh_arena *arena, size_t max) {
    *arena = (dh_arena){.max = max};
}

static void free_chunk(dh_arena *arena, dh_arena_chunk *chunk) {
    arena->reserved -= chunk->size;
    UNPOISON(chunk, chunk->size);
    free(chunk);
}

void dh_arena_release(dh_arena *arena) {
    while (arena->chunk != NULL) {
        dh_arena_chunk *older = arena->chunk->older;
        free_chunk(arena, arena->chunk);
        arena->chunk = older;
    }
    arena->at = arena->end = NULL;
}

void dh_arena_reset(dh_arena *arena) {
    dh_arena_chunk *kept = NULL;
    while (arena->chunk != NULL) {
        dh_arena_chunk *chunk = arena->chunk;
        arena->chunk = chunk->older;
        if (chunk->size <= KEEP && (kept == NULL || chunk->size > kept->size)) {
            if (kept != NULL) free_chunk(arena, kept);
            kept = chunk;
        } else {
            free_chunk(arena, chunk);
        }
    }
    arena->at = arena->end = NULL;
    arena->guard = NULL;
    arena->failure = DH_OK;
    if (kept != NULL) {
        kept->older = NULL;
        arena->chunk = kept;
        arena->at = (char *)kept + HEADER;
        arena->end = (char *)kept + kept->size;
        POISON(arena->at, (size_t)(arena->end - arena->at));
    }
}

void dh_arena_fail(dh_arena *arena, dh_status why) {
    arena->failure = why;
    if (arena->guard != NULL) longjmp(*arena->guard, 1);
}

static bool add_chunk(dh_arena *arena, size_t need) {
    size_t size = arena->chunk != NULL ? arena->chunk->size * 2 : FIRST_CHUNK;
    if (size > 8u * KEEP) size = 8u * KEEP;
    if (size < need + HEADER) size = need + HEADER;
    if (arena->max != 0 && size > arena->max - arena->reserved) {
        size = need + HEADER; /* near the ceiling: just what is asked */
        if (size > arena->max - arena->reserved) {
            dh_arena_fail(arena, DH_ERR_LIMIT);
            return false;
        }
    }
    dh_arena_chunk *chunk = malloc(size);
    if (chunk == NULL) {
        dh_arena_fail(arena, DH_ERR_MEMORY);
        return false;
    }
    chunk->older = arena->chunk;
    chunk->size = size;
    arena->chunk = chunk;
    arena->at = (char *)chunk + HEADER;
    arena->end = (char *)chunk + size;
    arena->reserved += size;
    if (arena->reserved > arena->peak) arena->peak = arena->reserved;
    POISON(arena->at, size - HEADER);
    return true;
}

void *dh_arena_alloc(dh_arena *arena, size_t size) {
    if (size > SIZE_MAX / 4) {
        dh_arena_fail(arena, DH_ERR_LIMIT);
        return NULL;
    }
    size_t need = (size + REDZONE + ALIGN - 1) / ALIGN * ALIGN;
    if ((size_t)(arena->end - arena->at) < need || arena->at == NULL)
        if (!add_chunk(arena, need)) return NULL;
    char *ptr = arena->at;
    arena->at += need;
    UNPOISON(ptr, size);
    return ptr;
}

void *dh_arena_zalloc(dh_arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / 4 / size) {
        dh_arena_fail(arena, DH_ERR_LIMIT);
        return NULL;
    }
    void *ptr = dh_arena_alloc(arena, count * size);
    if (ptr != NULL) memset(ptr, 0, count * size);
    return ptr;
}

void *dh_arena_grow(dh_arena *arena, void *old, size_t old_size, size_t new_size) {
    size_t had = (old_size + REDZONE + ALIGN - 1) / ALIGN * ALIGN;
    size_t need = (new_size + REDZONE + ALIGN - 1) / ALIGN * ALIGN;
    if (old != NULL && new_size <= old_size) return old;
    if (old != NULL && (char *)old + had == arena->at && new_size <= SIZE_MAX / 4 &&
        (size_t)(arena->end - (char *)old) >= need) {
        arena->at = (char *)old + need;
        UNPOISON(old, new_size);
        return old;
    }
    void *ptr = dh_arena_alloc(arena, new_size);
    if (ptr != NULL && old_size > 0) memcpy(ptr, old, old_size);
    return ptr;
}

dh_slice dh_arena_dup(dh_arena *arena, dh_slice s) {
    char *copy = dh_arena_alloc(arena, s.len + 1);
    if (copy == NULL) return (dh_slice){NULL, 0};
    if (s.len > 0) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return (dh_slice){copy, s.len};
}
