/* SPDX-License-Identifier: Apache-2.0 */
/* date_tokens: private to meta/. A folded date text as numbers, words and times of day. */
#ifndef DH_META_DATE_TOKENS_H
#define DH_META_DATE_TOKENS_H

#include "base/slice.h"

enum { DH_DATE_TOKENS = 64 };

typedef enum dh_date_kind { DH_DATE_NUMBER, DH_DATE_WORD, DH_DATE_TIME } dh_date_kind;

typedef struct dh_date_token {
    dh_date_kind kind;
    uint32_t value;  /* number; of a time the hour, 0..23 */
    uint8_t digits;  /* of a number; those over 9 digits have value UINT32_MAX */
    char before;     /* last mark between this and the token before: '.', '/', '-', ... , ' ' for
                        white space only, 0 when nothing is between */
    bool spaced;     /* white space is between */
    bool has_offset; /* of a time */
    int minute, second, offset; /* of a time; second -1 when not given; offset in minutes */
    dh_slice text;
} dh_date_token;

typedef struct dh_date_tokens {
    dh_date_token ptr[DH_DATE_TOKENS];
    uint32_t len;
} dh_date_tokens;

/* Cuts at most DH_DATE_TOKENS tokens. Ideographs, kana and Hangul syllables are words of their own;
 * times of day ("19:20:36.5 +02:00", "3:15 pm", "下午3:15", "19.20 uhr", "15h30") are joined to one
 * token with their half of the day and offset. */
void dh_date_cut(dh_date_tokens *tokens, dh_slice folded);
/* Whether token i exists and is this word. */
bool dh_date_is_word(const dh_date_tokens *tokens, uint32_t i, const char *word);

#endif
