/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/minhash.h"

#include "base/map.h"
#include "base/utf8.h"
#include "text/class.h"
#include "text/clean.h"

enum { WORDS = 5, LETTERS = 8, HASHES = DH_MINHASH_BANDS * DH_MINHASH_ROWS };

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t constant(uint64_t n) {
    return mix((n + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

void dh_minhash_of(const uint64_t *shingles, size_t count, uint64_t bands[DH_MINHASH_BANDS]) {
    uint64_t least[HASHES], factor[HASHES], offset[HASHES];
    for (int i = 0; i < HASHES; i++) {
        least[i] = UINT64_MAX;
        factor[i] = constant((uint64_t)i * 2) | 1;
        offset[i] = constant((uint64_t)i * 2 + 1);
    }
    for (size_t k = 0; k < count; k++) {
        uint64_t x = mix(shingles[k]);
        for (int i = 0; i < HASHES; i++) {
            uint64_t h = (x ^ offset[i]) * factor[i];
            h ^= h >> 32;
            if (h < least[i]) least[i] = h;
        }
    }
    for (int b = 0; b < DH_MINHASH_BANDS; b++) {
        uint64_t h = constant((uint64_t)b);
        for (int r = 0; r < DH_MINHASH_ROWS; r++)
            h = mix(h ^ least[b * DH_MINHASH_ROWS + r]) + h * 31;
        bands[b] = h;
    }
}

/* Words, and single letters of what is written without spaces. */
typedef struct tokens {
    DH_VEC(uint64_t) hashes;
    uint32_t unspaced;
} tokens;

static tokens cut(dh_slice key, dh_arena *arena) {
    tokens t = {0};
    const char *end = key.ptr + key.len, *word = NULL;
    for (const char *p = key.ptr; p < end;) {
        uint32_t code;
        const char *at = p;
        p += dh_utf8_decode(p, end, &code);
        bool single = dh_code_is_unspaced(code),
             inside = dh_code_is_letter(code) || dh_code_is_digit(code);
        if (word != NULL && (single || !inside)) {
            *DH_PUSH(arena, t.hashes) = dh_hash(dh_slice_make(word, (size_t)(at - word)));
            word = NULL;
        }
        if (single) {
            *DH_PUSH(arena, t.hashes) = dh_hash(dh_slice_make(at, (size_t)(p - at)));
            t.unspaced++;
        } else if (inside && word == NULL) {
            word = at;
        }
    }
    if (word != NULL)
        *DH_PUSH(arena, t.hashes) = dh_hash(dh_slice_make(word, (size_t)(end - word)));
    return t;
}

bool dh_minhash(dh_slice text, dh_arena *arena, uint64_t bands[DH_MINHASH_BANDS]) {
    tokens t = cut(dh_text_key(text, false, arena), arena);
    if (t.hashes.len == 0) return false;
    uint32_t n = t.unspaced * 2 > t.hashes.len ? LETTERS : WORDS;
    if (n > t.hashes.len) n = t.hashes.len;
    uint32_t count = t.hashes.len - n + 1;
    uint64_t *shingles = dh_arena_zalloc(arena, count, sizeof *shingles);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < n; k++) shingles[i] = mix(shingles[i] ^ t.hashes.ptr[i + k]) + k;
    dh_minhash_of(shingles, count, bands);
    return true;
}
