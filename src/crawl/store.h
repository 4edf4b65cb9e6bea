/* SPDX-License-Identifier: Apache-2.0 */
/* store: where pages go: WARC files in FOLDER/warc, and articles as lines of JSON in
 * FOLDER/clean/year=/month=/day=, by the day of the fetch (UTC). A file of articles grows in FOLDER/growing
 * and moves when it is whole: what stands in FOLDER/clean never changes. What was written after the
 * state's last commit is cut off again when the store is opened. */
#ifndef DH_CRAWL_STORE_H
#define DH_CRAWL_STORE_H

#include "archive/warc_write.h"
#include "crawl/state.h"

typedef struct dh_store dh_store;

typedef struct dh_store_options {
    const char *folder; /* of the state */
    bool no_warc, no_clean;
    const char *user_agent;
    const dh_clock *clock;
    uint64_t max_part_bytes; /* of a file of articles; 0: 256 MB */
    int64_t max_part_ms;     /* age; 0: 1 h */
} dh_store_options;

dh_status dh_store_new(const dh_store_options *options, dh_state *state, dh_store **out,
                       dh_error *error);
/* Appends the records of an exchange; *file is the state's number of the file. Without WARC files *file
 * is 0 and only the place's digest is set. */
dh_status dh_store_warc(dh_store *store, const dh_warc_exchange *exchange, dh_warc_place *place,
                        int64_t *file, dh_error *error);
/* Appends a line (with its line feed) to the file of articles of that day. */
dh_status dh_store_line(dh_store *store, int64_t at_ms, dh_slice line, dh_error *error);
/* Everything is on the disk, and the state (not committed yet) knows how far. */
dh_status dh_store_sync(dh_store *store, dh_error *error);
/* Whether a WARC file was begun that the state knows nothing of yet: commit soon, or a kill leaves it behind. */
bool dh_store_is_new(const dh_store *store);
/* After the commit: files of articles that are complete get their names. all: the one at hand, too. Writes
 * to the state: commit again. */
dh_status dh_store_settle(dh_store *store, bool all, dh_error *error);
/* Without a sync. NULL is fine. */
void dh_store_free(dh_store *store);

#endif
