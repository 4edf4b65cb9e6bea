/* SPDX-License-Identifier: Apache-2.0 */
/* arena: memory that is given back all at once, under a ceiling.
 *
 * Allocation never returns NULL while a guard is set: when memory or the ceiling is reached the
 * arena leaves by longjmp to the guard, after setting `failure`. Whoever owns an arena sets the
 * guard (see dh_arena_guard) around the stages that use it; those stages must therefore hold no
 * resource outside the arena (an open ICU object lives in the engine or page, not in a local).
 * Without a guard dh_arena_alloc returns NULL. One thread at a time. */
#ifndef DH_BASE_ARENA_H
#define DH_BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"

typedef struct dh_arena_chunk dh_arena_chunk;

typedef struct dh_arena {
    dh_arena_chunk *chunk; /* the current one, linked to older ones */
    dh_arena_chunk *spare; /* free ones, for what comes next */
    char *at, *end;        /* free room in it */
    struct {
        dh_arena_chunk *chunk;
        char *at, *end;
    } other; /* scratch, or while it is switched on what is not */
    size_t reserved;       /* bytes taken from the system, spare ones included */
    size_t peak;           /* most ever reserved */
    size_t max;            /* ceiling for reserved, bytes; 0 = none */
    jmp_buf *guard;
    dh_status failure; /* DH_ERR_MEMORY or DH_ERR_LIMIT once an allocation failed */
} dh_arena;

/* max is the ceiling in bytes (0: none). Takes no memory yet. */
void dh_arena_init(dh_arena *arena, size_t max);
/* Frees everything; the arena may be used again after dh_arena_init. */
void dh_arena_release(dh_arena *arena);
/* Forgets every allocation, keeps up to 4 MiB for the next page, clears failure and guard. */
void dh_arena_reset(dh_arena *arena);

/* size bytes aligned to 16, not cleared; size 0 gives a valid pointer. */
void *dh_arena_alloc(dh_arena *arena, size_t size);
/* count * size bytes, overflow checked, cleared. */
void *dh_arena_zalloc(dh_arena *arena, size_t count, size_t size);
/* Grows a block made by this arena; in place when it is the last one. old may be NULL. */
void *dh_arena_grow(dh_arena *arena, void *old, size_t old_size, size_t new_size);
/* What is left of the current chunk, or of a new one when that is less than `least`; *size says how much. */
void *dh_arena_alloc_rest(dh_arena *arena, size_t least, size_t *size);
/* A copy, with a NUL behind it. */
dh_slice dh_arena_dup(dh_arena *arena, dh_slice s);
/* Scratch memory, for what one stage needs only until its end. dh_arena_switch makes allocations go to
 * scratch, and by the next call back again; the memory counts, and fails, as the arena's own. At the
 * stage's end, with scratch not switched on, drop forgets all that was allocated there: its room serves
 * what comes next. */
void dh_arena_switch(dh_arena *arena);
void dh_arena_drop_scratch(dh_arena *arena);

/* Leaves through the guard as an exhausted arena would; returns only without a guard. */
void dh_arena_fail(dh_arena *arena, dh_status why);

/* jmp_buf guard; if (dh_arena_guard(&arena, &guard)) { failed: arena.failure says why } */
#define dh_arena_guard(arena, jump) ((arena)->guard = (jump), setjmp(*(jump)) != 0)

/* Growing arrays: struct { T *ptr; uint32_t len, cap; } v; DH_PUSH(arena, v) gives a T* to fill. */
#define DH_VEC(T)          \
    struct {               \
        T *ptr;            \
        uint32_t len, cap; \
    }
#define DH_PUSH(arena, v)                                                                      \
    ((v).len < (v).cap                                                                         \
         ? &(v).ptr[(v).len++]                                                                 \
         : ((v).ptr = dh_arena_grow((arena), (v).ptr, (v).cap * sizeof *(v).ptr,               \
                                    ((v).cap ? (size_t)(v).cap * 2 : 16) * sizeof *(v).ptr),   \
            (v).cap = (v).cap ? (v).cap * 2 : 16, &(v).ptr[(v).len++]))

/* Growing arrays that stay where they are, so that none of their memory is left behind: in parts of
 * DH_PART. DH_PARTS_PUSH gives a T* to fill, DH_PARTS_AT that at an index below len. */
enum { DH_PART = 256 };
#define DH_PARTS(T)        \
    struct {               \
        DH_VEC(T *) parts; \
        uint32_t len;      \
    }
#define DH_PARTS_AT(v, index) (&(v).parts.ptr[(index) / DH_PART][(index) % DH_PART])
#define DH_PARTS_PUSH(arena, v)                                                       \
    ((v).len % DH_PART == 0                                                           \
         ? (void)(*DH_PUSH((arena), (v).parts) =                                      \
                      dh_arena_alloc((arena), DH_PART * sizeof **(v).parts.ptr))      \
         : (void)0,                                                                   \
     (v).len++, DH_PARTS_AT(v, (v).len - 1))

#endif
