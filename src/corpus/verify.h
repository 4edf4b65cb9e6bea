/* SPDX-License-Identifier: Apache-2.0 */
/* verify: a corpus read again from its files: digests, sizes, and that each document of the input is there
 * exactly once. */
#ifndef DH_CORPUS_VERIFY_H
#define DH_CORPUS_VERIFY_H

#include "corpus/store.h"

/* Tells of each thing that is wrong: which file, and what. */
typedef void dh_verify_tell(void *data, const char *where, const char *what);

/* task: whose units have to be there, and no manifest; NULL: all. Number of things told. *documents: lines that were read. DH_ERR_* only when it could not be done. */
dh_status dh_verify(const dh_store *store, const dh_plan_task *task, dh_verify_tell *tell,
                    void *data, uint64_t *wrong, uint64_t *documents, dh_error *error);

/* The lines of a shard's file, one after the other; false ends it. */
typedef bool dh_lines_take(void *data, dh_slice line);
dh_status dh_store_lines(const char *path, dh_lines_take *take, void *data, dh_error *error);

#endif
