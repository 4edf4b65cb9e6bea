/* SPDX-License-Identifier: Apache-2.0 */
/* store: the folder of a corpus.
 *
 *     run.json        what is being made: configuration, plan; written before anything else
 *     data/           kept documents        rejected/       the others, with their reasons
 *     shards/         a marker for each shard that is whole
 *     README.md       the same for readers (card.h)
 *     manifest.json   what came of it; written, last of all, when every unit is done
 *
 * Several tasks may fill one folder. */
#ifndef DH_CORPUS_STORE_H
#define DH_CORPUS_STORE_H

#include "corpus/marker.h"
#include "corpus/plan.h"

typedef DH_VEC(dh_marker *) dh_markers;

typedef struct dh_store {
    const char *folder;
    dh_arena *arena; /* guarded */
    dh_slice run;    /* text of run.json, without its last LF */
    dh_json json;    /* the same, read */
    uint64_t units;
    dh_markers markers; /* sorted: by first input, unit, piece */
} dh_store;

/* Makes the folder and its run.json from run (a JSON object with "configuration", "plan" and "units"), or finds
 * the same one there. DH_ERR_USAGE when it is another (the message says what differs), or the folder
 * holds other things. DH_ERR_IO. */
dh_status dh_store_begin(const char *folder, dh_slice run, dh_arena *arena, dh_error *error);
/* Reads run.json and all markers. DH_ERR_USAGE when there is no corpus; DH_ERR_SYNTAX with the file's name. */
dh_status dh_store_read(dh_store *store, const char *folder, dh_arena *arena, dh_error *error);
/* Whether every unit is done, or every one of a task (NULL: all); else *unit is the first that is not. */
bool dh_store_is_whole(const dh_store *store, const dh_plan_task *task, uint64_t *unit);
/* Sum over all shards, in store->arena. */
void dh_store_sum(const dh_store *store, dh_marker *sum);
/* Writes README.md and manifest.json, and removes what broken-off runs left. */
dh_status dh_store_finish(const dh_store *store, dh_error *error);
/* The manifest's text, in store->arena. */
dh_slice dh_store_manifest(const dh_store *store);
/* "FOLDER/data/NAME.jsonl.zst"; in store->arena. */
const char *dh_store_path(const dh_store *store, const char *folder, const dh_marker *marker);

#endif
