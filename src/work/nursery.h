/* SPDX-License-Identifier: Apache-2.0 */
/* nursery: a process that does nothing but fork workers. It is a copy of the program from a moment in which
 * all is loaded, and has one thread: what it forks shares that memory and holds no lock of another thread.
 * It ends when its owner does, and its workers with it. */
#ifndef DH_WORK_NURSERY_H
#define DH_WORK_NURSERY_H

#include <sys/types.h>

#include "work/pool.h"

typedef struct dh_nursery dh_nursery;

/* What a worker is given: its ends of the channel, of the shared memory and of what it may say. */
enum { DH_NURSERY_CHANNEL, DH_NURSERY_MEMORY, DH_NURSERY_TALK, DH_NURSERY_FDS };

/* Forks. memory: ceiling of a worker (dh_sandbox_close). To be called by a thread that lives as long as the
 * nursery. DH_ERR_MEMORY, DH_ERR_IO. */
dh_status dh_nursery_new(const dh_pool_worker *worker, void *shared, uint64_t memory,
                         dh_nursery **out, dh_error *error);
/* Starts a worker (dh_cell_serve). The fds stay the caller's. From any thread. 0 on failure. */
pid_t dh_nursery_spawn(dh_nursery *nursery, const int fds[DH_NURSERY_FDS], uint64_t room);
/* Kills a worker. How it had ended (or ends by this), as waitpid tells it; -1: not known. From any thread. */
int dh_nursery_end(dh_nursery *nursery, pid_t worker);
/* Ends it and all its workers. Later calls fail. */
void dh_nursery_stop(dh_nursery *nursery);
/* NULL is fine. */
void dh_nursery_free(dh_nursery *nursery);

#endif
