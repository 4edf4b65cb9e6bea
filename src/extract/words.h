/* SPDX-License-Identifier: Apache-2.0 */
/* words: how much of a text is in the title, the description, the text of JSON-LD. Words are compared by
 * their hashes, ASCII case apart; letters of unspaced scripts are words of their own. Private to extract/. */
#ifndef DH_EXTRACT_WORDS_H
#define DH_EXTRACT_WORDS_H

#include "base/arena.h"

typedef struct dh_word_set {
    uint32_t *slots; /* hashes, 0 free */
    uint32_t mask, len;
} dh_word_set;

typedef struct dh_word_sets {
    dh_word_set title, description; /* single words */
    dh_word_set body;               /* three in a row */
} dh_word_sets;

typedef struct dh_word_share {
    int16_t title, description; /* per cent of the words */
    int16_t body; /* per cent of its runs of three words; -1 when there is no such text */
} dh_word_share;

/* *sets zeroed before; memory of arena. Any of the texts may be empty. */
void dh_word_sets_make(dh_word_sets *sets, dh_slice title, dh_slice description, dh_slice body,
                       dh_arena *arena);
dh_word_share dh_word_sets_share(const dh_word_sets *sets, dh_slice text);

#endif
