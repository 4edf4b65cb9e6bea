/* SPDX-License-Identifier: Apache-2.0 */
/* filters_private: a text as the filters see it. */
#ifndef DH_CORPUS_FILTERS_PRIVATE_H
#define DH_CORPUS_FILTERS_PRIVATE_H

#include "base/map.h"
#include "corpus/filters.h"

typedef struct dh_filter_text {
    dh_slice text;
    const dh_text_facts *facts;
    dh_words words, lines, paragraphs; /* lines that are not empty */
    bool after_c4;                     /* FineWeb's own measures are of the lines that C4 leaves */
    uint32_t *lengths;                 /* of words, in characters */
    uint64_t *hashes;                  /* of words */
    dh_arena *arena;
} dh_filter_text;

typedef double dh_filter_values[DH_FILTER_COUNT];

/* part / whole; 0 when there is none. */
static inline double dh_filter_share(uint64_t part, uint64_t whole) {
    return whole == 0 ? 0 : (double)part / (double)whole;
}
/* Characters of a valid UTF-8 text. */
static inline uint32_t dh_filter_chars(dh_slice s) {
    uint32_t n = 0;
    for (size_t i = 0; i < s.len; i++) n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

/* How many pieces repeat an earlier one, and their characters. */
void dh_filter_duplicates(const dh_words *pieces, dh_arena *arena, uint64_t *count,
                          uint64_t *chars);
void dh_filter_repetition(const dh_filter_text *text, dh_filter_values values);
void dh_filter_words(const dh_filter_text *text, const dh_words *stop_words,
                     dh_filter_values values);
void dh_filter_lines(const dh_filter_text *text, dh_filter_values values);

/* What a file of thresholds says of a language. */
typedef struct dh_thresholds {
    dh_filter_values values;
    dh_words stop_words;
    bool own; /* of the language itself: all measures apply */
} dh_thresholds;

/* Reads one over the values that are there. In arena, which is guarded. DH_ERR_SYNTAX. */
dh_status dh_thresholds_read(dh_thresholds *thresholds, dh_slice text, const char *file,
                             dh_arena *arena, dh_error *error);

#endif
