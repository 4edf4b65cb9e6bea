/* SPDX-License-Identifier: Apache-2.0 */
/* plan: the inputs of a corpus, sorted, in units of work. A unit is an archive or file of lines, or a run of
 * single pages; a task of several does every nth unit; a unit's documents go into shards of at most
 * --shard-documents. All of this follows from the inputs alone, so that the shards are the same whoever makes
 * them and however often the work is broken off. */
#ifndef DH_CORPUS_PLAN_H
#define DH_CORPUS_PLAN_H

#include "archive/digest.h"
#include "base/arena.h"

enum { DH_UNIT_PAGES = 1000, DH_SHARD_DOCUMENTS = 20000 /* unless said otherwise */ };

typedef struct dh_plan_input {
    const char *name; /* in the corpus */
    const char *path; /* to tell apart what has the same name */
    uint64_t bytes;   /* 0: not known */
    bool many;        /* holds many documents */
    uint32_t id;      /* the caller's */
} dh_plan_input;

typedef struct dh_plan_unit {
    uint32_t begin, end; /* of the sorted inputs */
} dh_plan_unit;

typedef struct dh_plan {
    dh_plan_input *inputs;
    uint32_t len;
    DH_VEC(dh_plan_unit) units;
    uint64_t bytes;
    char digest[DH_DIGEST_SIZE]; /* of names and sizes */
} dh_plan;

/* Sorts inputs by name and leaves out what has the path of another; they are borrowed. */
void dh_plan_make(dh_plan *plan, dh_plan_input *inputs, uint32_t len, dh_arena *arena);

/* Which of how many tasks this is, from 1. */
typedef struct dh_plan_task {
    uint64_t number, of;
    const char *said_by; /* "--shard", "SLURM_ARRAY_TASK_ID"; NULL: there is only one */
} dh_plan_task;

/* Whether a unit is the task's. */
static inline bool dh_plan_is_of(const dh_plan_task *task, uint64_t unit) {
    return unit % task->of == task->number - 1;
}
/* option: "3/64"; "/64" takes the number from the environment; NULL leaves both to it. get is getenv, or a
 * test's. DH_ERR_USAGE. */
dh_status dh_plan_task_read(dh_plan_task *task, const char *option, char *(*get)(const char *name),
                            dh_error *error);

#endif
