/* SPDX-License-Identifier: Apache-2.0 */
/* line_key: what a line of a site's pages is known by when lines are counted over pages: the hash of its matching key
 * (text/clean.h), digits as one, a list's marker left away. "Read 1,204 times" and "READ 7,311 TIMES!" are one line. */
#ifndef DH_TEXT_LINE_KEY_H
#define DH_TEXT_LINE_KEY_H

#include "base/arena.h"

enum { DH_LINE_LEAST = 4 /* of weight: what has less is not counted */ };

typedef struct dh_line_key {
    uint64_t hash;
    uint32_t weight; /* letters; in scripts written without spaces each counts three */
    bool digits;     /* there are some */
} dh_line_key;

/* False when there is too little in it. Memory comes from arena. */
bool dh_text_line_key(dh_slice line, dh_arena *arena, dh_line_key *key);

#endif
