/* SPDX-License-Identifier: Apache-2.0 */
/* drift: signs that a site has changed under its rules. Pure.
 *
 * Two are watched: a rule line that acted on nearly every page and then on none, and articles that have
 * become less than half as long. Both are made so that chance does not raise them over months: twelve
 * misses in a row of a line that acts on nine pages of ten come about once in 10^12 pages; for the
 * lengths the last 20 articles are held against up to 200 before, and at least 16 of them must be shorter
 * than all but a quarter of those (by chance about once in 2 million windows), their median less than
 * half. */
#ifndef DH_CRAWL_DRIFT_H
#define DH_CRAWL_DRIFT_H

#include <stdbool.h>
#include <stdint.h>

enum {
    DH_DRIFT_STREAK = 12,          /* misses in a row that are one too many */
    DH_DRIFT_BEFORE = 20,          /* pages that must be known before */
    DH_DRIFT_RECENT = 20,          /* lengths: the last ones */
    DH_DRIFT_SHORT = 16,           /* of these so many short ones */
    DH_DRIFT_LENGTHS_BEFORE = 100, /* lengths that must be known before */
    DH_DRIFT_KEPT = 220            /* lengths kept: the recent ones and 200 before */
};

/* How a line of a rule file acted on the pages of one host. Begins as zeros. */
typedef struct dh_drift_line {
    uint32_t pages, hits;
    uint32_t misses; /* in a row, up to now */
} dh_drift_line;

/* Takes a page into account. True when the line has just fallen silent. */
bool dh_drift_line_page(dh_drift_line *line, bool hit);

/* Whether it acted on nearly every page until it fell silent. */
bool dh_drift_line_is_silent(const dh_drift_line *line);

/* Lengths of a host's articles in characters, the oldest first. Begins as zeros. */
typedef struct dh_drift_lengths {
    uint32_t count;
    uint32_t chars[DH_DRIFT_KEPT];
} dh_drift_lengths;

/* Takes an article into account. True while the recent ones are too short. */
bool dh_drift_lengths_page(dh_drift_lengths *lengths, uint64_t chars);

#endif
