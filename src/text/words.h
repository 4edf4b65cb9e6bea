/* SPDX-License-Identifier: Apache-2.0 */
/* words: a text cut into words and marks. Between spaces a word is what is left when punctuation at both ends is taken
 * off, each mark (or run of one) a word of its own, likewise a hyphen, dash or stroke between letters; what is written
 * without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) is cut by ICU's dictionaries. */
#ifndef DH_TEXT_WORDS_H
#define DH_TEXT_WORDS_H

#include "base/arena.h"

typedef DH_VEC(dh_slice) dh_words;
typedef struct dh_word_cutter dh_word_cutter; /* one thread */

/* NULL when memory is out. */
dh_word_cutter *dh_word_cutter_new(void);
void dh_word_cutter_free(dh_word_cutter *cutter);
/* Appends to words; slices of text, the vector in arena, which is guarded. */
void dh_words_cut(dh_word_cutter *cutter, dh_slice text, dh_arena *arena, dh_words *words);

#endif
