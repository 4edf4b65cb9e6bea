/* SPDX-License-Identifier: Apache-2.0 */
/* minhash: near duplicates by locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman, Ullman, chapter 3): 14 bands
 * of 8 minima of 64 bits over the shingles of a text. Two texts whose shingles have the Jaccard similarity s share a
 * band with probability 1 - (1 - s^8)^14: 0.56 at 0.7, 0.77 at 0.75, 0.92 at 0.8. */
#ifndef DH_CORPUS_MINHASH_H
#define DH_CORPUS_MINHASH_H

#include "base/arena.h"

enum { DH_MINHASH_BANDS = 14, DH_MINHASH_ROWS = 8 };

/* A hash for each band; those of different bands are never equal by design. A shingle is five words; eight letters
 * where most of a text is written without spaces. Case, marks, vowel signs and forms of letters do not count. False when
 * there is no word. arena is guarded. */
bool dh_minhash(dh_slice text, dh_arena *arena, uint64_t bands[DH_MINHASH_BANDS]);
/* The same of shingles that were hashed by the caller. */
void dh_minhash_of(const uint64_t *shingles, size_t count, uint64_t bands[DH_MINHASH_BANDS]);

#endif
