/* SPDX-License-Identifier: Apache-2.0 */
/* regex: ICU regular expressions over UTF-8, with a step limit for one match (uregex_setTimeLimit) and
 * one for all matches of a page, eight times as much. A compiled pattern is immutable and shared; each
 * thread's matcher state lives in a dh_regex_cache. */
#ifndef DH_TEXT_REGEX_H
#define DH_TEXT_REGEX_H

#include "base/arena.h"

typedef struct dh_regex dh_regex;             /* owned by whoever compiled it */
typedef struct dh_regex_cache dh_regex_cache; /* one per page object */

/* flags: letters of "imsx". DH_ERR_RULE with ICU's message and *error->offset in the pattern. */
dh_status dh_regex_new(dh_slice pattern, dh_slice flags, dh_regex **out, dh_error *error);
void dh_regex_free(dh_regex *regex);
dh_regex_cache *dh_regex_cache_new(uint64_t step_limit); /* NULL: out of memory */
/* A new page: nothing is spent, nothing was stopped. */
void dh_regex_cache_begin(dh_regex_cache *cache);
void dh_regex_cache_free(dh_regex_cache *cache);

typedef struct dh_regex_match {
    size_t begin, end;             /* bytes of text */
    size_t group_begin, group_end; /* first capture group, DH_NPOS when none took part */
} dh_regex_match;

typedef enum dh_regex_result { DH_REGEX_NO, DH_REGEX_YES, DH_REGEX_LIMIT } dh_regex_result;

/* First match at or behind byte `from`. LIMIT when a step limit stopped it (counts as no match). What needs
 * less than a step (10,000 of ICU's moves) is never stopped. */
dh_regex_result dh_regex_find(dh_regex_cache *cache, const dh_regex *regex, dh_slice text,
                              size_t from, dh_regex_match *match);
/* The first pattern that the step limit stopped since this was asked last, or NULL; to be compared. */
const dh_regex *dh_regex_cache_stopped(dh_regex_cache *cache);
/* text with every match replaced ($1 .. $9 as ICU has them); same slice when nothing matched. */
dh_slice dh_regex_replace(dh_regex_cache *cache, const dh_regex *regex, dh_slice text,
                          dh_slice replacement, dh_arena *arena);

#endif
