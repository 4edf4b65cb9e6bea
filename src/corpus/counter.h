/* SPDX-License-Identifier: Apache-2.0 */
/* counter: on how many articles of its host each line stands, over any number of pages, in memory that does not grow
 * with them (but for a name for each host): by sorting on the disk. The result does not depend on the order of the pages.
 *
 * Counted are articles, not pages: an address that was read several times (a live blog, two runs) is one, and so are
 * pages whose heart is the same, the longest line that was kept and that no more than a quarter of the host's pages share: copies under
 * other addresses, the many addresses of one live blog.
 *
 * It wants the same pages in the same order three times: for each of DH_COUNTER_PASSES dh_counter_add with all of
 * them, then dh_counter_turn. Then dh_counter_next gives the counts. */
#ifndef DH_CORPUS_COUNTER_H
#define DH_CORPUS_COUNTER_H

#include "corpus/page_lines.h"

enum {
    DH_COUNTER_PASSES = 3,
    DH_COUNTER_LEAST = 5 /* pages: a line that fewer have is forgotten */
};

typedef struct dh_counter dh_counter; /* one thread */

typedef struct dh_counted {
    uint64_t host_hash;
    dh_slice host;        /* borrowed from the counter */
    uint64_t of;          /* articles of the host */
    uint64_t key;         /* of the line; 0: the host itself, which comes before its lines */
    uint64_t pages, kept; /* articles with the line; those that kept it */
    uint32_t first, last; /* days; 0: not known */
    uint32_t weight;
    dh_line_kind kind; /* of most of its pages */
    bool digits;
} dh_counted;

/* folder: where is sorted. memory: bytes of a sort, 0: 64 MiB. */
dh_status dh_counter_new(const char *folder, size_t memory, dh_counter **out, dh_error *error);
void dh_counter_free(dh_counter *counter);
dh_status dh_counter_add(dh_counter *counter, const dh_page_lines *page, dh_error *error);
dh_status dh_counter_turn(dh_counter *counter, dh_error *error);
/* In the third pass: which article the page that was added last is. */
uint64_t dh_counter_article(const dh_counter *counter);
/* By hash of the host, then key. DH_ERR_EMPTY at the end. */
dh_status dh_counter_next(dh_counter *counter, dh_counted *counted, dh_error *error);

#endif
