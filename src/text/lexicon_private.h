/* SPDX-License-Identifier: Apache-2.0 */
/* What lexicon.c, which looks up, and lexicon_add.c, which reads files, share. */
#ifndef DH_TEXT_LEXICON_PRIVATE_H
#define DH_TEXT_LEXICON_PRIVATE_H

#include <string.h>

#include "base/buf.h"
#include "text/codes.h"
#include "text/key.h"
#include "text/lexicon.h"

enum {
    WHOLE_BYTES = 400, /* longer blocks are not folded whole, and no phrase is longer */
    KEY_ROOM = 1024    /* on the stack; a longer key goes to the arena */
};

struct dh_lexicon {
    dh_lexicon_table table; /* what look-ups see */
    dh_arena *arena;
    /* The rest belongs to lexicon_add.c: what the table shows, to be written. */
    dh_lexicon_slot *slots;
    uint32_t used, slot_count;
    DH_VEC(dh_lexicon_phrase) phrases;
    dh_buf pool;
    uint64_t *keys, *prefixes;
};

static inline uint64_t dh_lexicon_hash_start(void) {
    return UINT64_C(0xcbf29ce484222325);
}
static inline uint64_t dh_lexicon_hash_add(uint64_t h, char c) {
    return (h ^ (unsigned char)c) * UINT64_C(0x100000001b3);
}
static inline uint32_t dh_lexicon_hash_end(uint64_t h) {
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(h >> 32);
}

static inline uint32_t dh_lexicon_hash(dh_slice key) {
    uint64_t h = dh_lexicon_hash_start();
    for (size_t i = 0; i < key.len; i++) h = dh_lexicon_hash_add(h, key.ptr[i]);
    return dh_lexicon_hash_end(h);
}

/* The slot of a key, or the free one where it belongs. */
static inline const dh_lexicon_slot *dh_lexicon_place(const dh_lexicon_slot *slots, uint32_t count,
                                                      const char *pool, dh_slice key,
                                                      uint32_t hash) {
    for (uint32_t i = hash & (count - 1);; i = (i + 1) & (count - 1)) {
        const dh_lexicon_slot *s = &slots[i];
        if (s->len == 0 ||
            (s->hash == hash && s->len == key.len && memcmp(pool + s->key, key.ptr, key.len) == 0))
            return s;
    }
}

/* The key of text in *out, whose first KEY_ROOM bytes are the caller's. */
static inline dh_slice dh_lexicon_key(dh_slice text, bool trim, char *room, dh_arena *arena, dh_buf *out) {
    dh_buf_init(out, arena, 0);
    out->ptr = room;
    out->cap = KEY_ROOM;
    dh_key_write(text, trim, out, NULL);
    return dh_buf_slice(out);
}

#endif
