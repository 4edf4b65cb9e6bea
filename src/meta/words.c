/* SPDX-License-Identifier: Apache-2.0 */
#include "meta/words.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "text/class.h"
#include "text/clean.h"

/* Marks (vowel signs, harakat that the key kept) belong to the word they stand in. */
static bool is_word(uint32_t c) {
    if (c < 0x80) return dh_is_alnum((char)c);
    return dh_code_is_letter(c) || dh_code_is_digit(c);
}

dh_words dh_words_of(dh_slice text, dh_arena *arena) {
    dh_words words = {.hashes = dh_arena_alloc(arena, DH_WORDS_MAX * sizeof(uint32_t))};
    dh_slice key = dh_text_key(text, false, arena);
    dh_buf joined;
    dh_buf_init(&joined, arena, 0);
    dh_buf_reserve(&joined, key.len);
    const char *p = key.ptr, *end = key.ptr + key.len;
    size_t begin = 0;
    while (p < end) {
        uint32_t c;
        size_t n = dh_utf8_decode(p, end, &c);
        bool in = is_word(c), alone = in && c >= 0x80 && dh_code_is_unspaced(c);
        if (in) dh_buf_put(&joined, p, n);
        p += n;
        if (!in || alone || p >= end) {
            if (alone && joined.len - n > begin && words.len < DH_WORDS_MAX) {
                words.hashes[words.len++] =
                    (uint32_t)dh_hash((dh_slice){joined.ptr + begin, joined.len - n - begin});
                begin = joined.len - n;
            }
            if (joined.len > begin && words.len < DH_WORDS_MAX)
                words.hashes[words.len++] =
                    (uint32_t)dh_hash((dh_slice){joined.ptr + begin, joined.len - begin});
            begin = joined.len;
        }
    }
    words.joined = dh_buf_slice(&joined);
    return words;
}

uint32_t dh_words_share(const dh_words *a, const dh_words *b) {
    uint32_t hits = 0;
    for (uint32_t i = 0; i < a->len; i++)
        for (uint32_t k = 0; k < b->len; k++)
            if (a->hashes[i] == b->hashes[k]) {
                hits++;
                break;
            }
    return a->len > 0 ? hits * 1000 / a->len : 0;
}
