/* SPDX-License-Identifier: Apache-2.0 */
/* words: private to meta/. Titles and names as sequences of words for comparing: letters and digits
 * of the matching key (text/clean.h), letters of scripts without spaces one by one. */
#ifndef DH_META_WORDS_H
#define DH_META_WORDS_H

#include "base/arena.h"

enum { DH_WORDS_MAX = 200 };

typedef struct dh_words {
    uint32_t *hashes; /* in order, at most DH_WORDS_MAX */
    uint32_t len;
    dh_slice
        joined; /* all letters and digits without anything between: equal texts have equal ones */
} dh_words;

dh_words dh_words_of(dh_slice text, dh_arena *arena);
/* How many of a's words are in b, 0..1000; 0 when a has none. */
uint32_t dh_words_share(const dh_words *a, const dh_words *b);

#endif
