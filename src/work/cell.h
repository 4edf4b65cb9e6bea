/* SPDX-License-Identifier: Apache-2.0 */
/* cell: one worker in a process of its own, as its keeper (a thread of the pool) sees it. Jobs and results
 * lie in memory that both share; a channel carries their lengths, and its end tells of a death. */
#ifndef DH_WORK_CELL_H
#define DH_WORK_CELL_H

#include <stdatomic.h>

#include "base/buf.h"
#include "work/nursery.h"

typedef struct dh_cell {
    dh_nursery *nursery; /* of the process; NULL: there is none */
    pid_t pid;
    int channel, memory, talk;
    uint64_t room; /* bytes for a job, and as many for a result */
} dh_cell;

typedef enum dh_cell_end {
    DH_CELL_ANSWERED,
    DH_CELL_SMALL,  /* the result needs more room, which `room` is set to; the cell is closed */
    DH_CELL_LOST,   /* died, or hung and was killed; the cell is closed */
    DH_CELL_STOPPED /* `quit` was set; the cell is closed */
} dh_cell_end;

/* How a process ended, in words, and what it said last (an assertion, say); "" when it said nothing. */
typedef struct dh_cell_death {
    bool outside; /* not of the job: it could not be started, or somebody killed it */
    char cause[160];
    char said[1024];
} dh_cell_death;

/* A process that is up and closed (sandbox.h). DH_ERR_MEMORY: no process, or the worker could not start;
 * DH_ERR_IO: the kernel does not allow it. The cell is closed then. */
dh_status dh_cell_open(dh_cell *cell, dh_nursery *nursery, uint64_t room, dh_error *error);
/* Ends the process. The cell may be closed. */
void dh_cell_close(dh_cell *cell);
/* One job; the result's bytes go to *result, which is emptied first. job.len <= room. hang_ms of processor
 * time, or ten times as much of any, count as hung; 0: never. */
dh_cell_end dh_cell_work(dh_cell *cell, uint64_t number, dh_slice job, uint32_t hang_ms,
                         const atomic_bool *quit, dh_buf *result, dh_cell_death *death);

/* What runs inside (cell_serve.c): starts the worker, closes the process, works until the channel ends. */
_Noreturn void dh_cell_serve(const dh_pool_worker *worker, void *shared, uint64_t ceiling,
                             int channel, int memory, uint64_t room);

/* What goes over the channel. */
typedef struct dh_cell_hello {
    int32_t status;
    char message[124];
} dh_cell_hello;

typedef struct dh_cell_job {
    uint64_t number, len;
} dh_cell_job;

typedef struct dh_cell_answer {
    uint64_t len;
} dh_cell_answer;

#endif
