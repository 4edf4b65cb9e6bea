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

enum { ALIGN = 16, FIRST_CHUNK = 128 * 1024, KEEP = 4 * 1024 * 1024 };

struct dh_arena_chunk {
    dh_arena_chunk *older;
    size_t size; /* with this header */
};

#define HEADER ((sizeof(dh_arena_chunk) + ALIGN - 1) / ALIGN * ALIGN)

/* Bytes that a block of this size takes. */
static size_t room_for(size_t size) {
    return (size + REDZONE + ALIGN - 1) / ALIGN * ALIGN;
}

void dh_arena_init(dh_arena *arena, size_t max) {
    *arena = (dh_arena){.max = max};
}

static void free_chunk(dh_arena *arena, dh_arena_chunk *chunk) {
    arena->reserved -= chunk->size;
    UNPOISON(chunk, chunk->size);
    free(chunk);
}

static void put_spare(dh_arena *arena, dh_arena_chunk *chunk) {
    chunk->older = arena->spare;
    arena->spare = chunk;
    POISON((char *)chunk + HEADER, chunk->size - HEADER);
}

/* Frees spare chunks beyond `keep` bytes. */
static void free_spare(dh_arena *arena, size_t keep) {
    dh_arena_chunk *kept = NULL, *chunk = arena->spare;
    size_t total = 0;
    while (chunk != NULL) {
        dh_arena_chunk *next = chunk->older;
        if (chunk->size <= keep - total) {
            total += chunk->size;
            chunk->older = kept;
            kept = chunk;
        } else {
            free_chunk(arena, chunk);
        }
        chunk = next;
    }
    arena->spare = kept;
}

void dh_arena_switch(dh_arena *arena) {
    dh_arena_chunk *chunk = arena->chunk;
    char *at = arena->at, *end = arena->end;
    arena->chunk = arena->other.chunk;
    arena->at = arena->other.at;
    arena->end = arena->other.end;
    arena->other.chunk = chunk;
    arena->other.at = at;
    arena->other.end = end;
}

static void forget_other(dh_arena *arena) {
    arena->other.chunk = NULL;
    arena->other.at = arena->other.end = NULL;
}

void dh_arena_drop_scratch(dh_arena *arena) {
    while (arena->other.chunk != NULL) {
        dh_arena_chunk *chunk = arena->other.chunk;
        arena->other.chunk = chunk->older;
        put_spare(arena, chunk);
    }
    forget_other(arena);
}

void dh_arena_release(dh_arena *arena) {
    dh_arena_drop_scratch(arena);
    while (arena->chunk != NULL) {
        dh_arena_chunk *older = arena->chunk->older;
        free_chunk(arena, arena->chunk);
        arena->chunk = older;
    }
    free_spare(arena, 0);
    arena->at = arena->end = NULL;
}

/* Makes chunk the current one, free from `at` on. */
static void use_chunk(dh_arena *arena, dh_arena_chunk *chunk, char *at) {
    arena->chunk = chunk;
    arena->at = at;
    arena->end = (char *)chunk + chunk->size;
    POISON(at, (size_t)(arena->end - at));
}

void dh_arena_reset(dh_arena *arena) {
    dh_arena_drop_scratch(arena);
    while (arena->chunk != NULL) {
        dh_arena_chunk *chunk = arena->chunk;
        arena->chunk = chunk->older;
        put_spare(arena, chunk);
    }
    free_spare(arena, KEEP);
    arena->at = arena->end = NULL;
    arena->guard = NULL;
    arena->failure = DH_OK;
}

void dh_arena_fail(dh_arena *arena, dh_status why) {
    arena->failure = why;
    if (arena->guard != NULL) longjmp(*arena->guard, 1);
}

/* The first spare chunk with room for need bytes. */
static dh_arena_chunk *take_spare(dh_arena *arena, size_t need) {
    for (dh_arena_chunk **link = &arena->spare; *link != NULL; link = &(*link)->older) {
        dh_arena_chunk *chunk = *link;
        if (chunk->size - HEADER < need) continue;
        *link = chunk->older;
        return chunk;
    }
    return NULL;
}

/* A new chunk: an eighth of what there is, so that little is left over at the end. */
static dh_arena_chunk *new_chunk(dh_arena *arena, size_t need) {
    size_t size = arena->reserved / 8 / FIRST_CHUNK * FIRST_CHUNK;
    if (size > 2u * KEEP) size = 2u * KEEP;
    if (size < FIRST_CHUNK) size = FIRST_CHUNK;
    if (size < need + HEADER) size = need + HEADER;
    if (arena->max != 0 && size > arena->max - arena->reserved) {
        size = need + HEADER; /* near the ceiling: just what is asked */
        if (size > arena->max - arena->reserved) free_spare(arena, 0);
        if (size > arena->max - arena->reserved) {
            dh_arena_fail(arena, DH_ERR_LIMIT);
            return NULL;
        }
    }
    dh_arena_chunk *chunk = malloc(size);
    if (chunk == NULL) {
        dh_arena_fail(arena, DH_ERR_MEMORY);
        return NULL;
    }
    chunk->size = size;
    arena->reserved += size;
    if (arena->reserved > arena->peak) arena->peak = arena->reserved;
    return chunk;
}

static bool add_chunk(dh_arena *arena, size_t need) {
    dh_arena_chunk *chunk = take_spare(arena, need);
    if (chunk == NULL) chunk = new_chunk(arena, need);
    if (chunk == NULL) return false;
    UNPOISON(chunk, chunk->size);
    chunk->older = arena->chunk;
    use_chunk(arena, chunk, (char *)chunk + HEADER);
    return true;
}

void *dh_arena_alloc(dh_arena *arena, size_t size) {
    if (size > SIZE_MAX / 4) {
        dh_arena_fail(arena, DH_ERR_LIMIT);
        return NULL;
    }
    size_t need = room_for(size);
    if ((size_t)(arena->end - arena->at) < need || arena->at == NULL)
        if (!add_chunk(arena, need)) return NULL;
    char *ptr = arena->at;
    arena->at += need;
    UNPOISON(ptr, size);
    return ptr;
}

void *dh_arena_alloc_rest(dh_arena *arena, size_t least, size_t *size) {
    *size = least;
    if (least > SIZE_MAX / 4) return dh_arena_alloc(arena, least); /* fails */
    if ((size_t)(arena->end - arena->at) < room_for(least) || arena->at == NULL)
        if (!add_chunk(arena, room_for(least))) return NULL;
    *size = ((size_t)(arena->end - arena->at) - REDZONE) / ALIGN * ALIGN;
    return dh_arena_alloc(arena, *size);
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
    size_t had = room_for(old_size);
    size_t need = room_for(new_size);
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
