/* SPDX-License-Identifier: Apache-2.0 */
/* pool: workers that turn flat job records into flat result records, results handed back in order.
 * Only bytes cross it, so that workers can be threads, sandboxed processes, or the caller itself. */
#ifndef DH_WORK_POOL_H
#define DH_WORK_POOL_H

#include "base/slice.h"
#include "base/status.h"

typedef struct dh_pool dh_pool;
typedef struct dh_pool_reply dh_pool_reply;

/* One job: its sequence number and bytes. The pool copies what push is given. */
typedef struct dh_pool_worker {
    /* Makes a worker's state on its thread, or in its process before that is closed: what is loaded at
     * first use (a library, a table from a file) must be loaded here. NULL fails the pool. */
    void *(*start)(void *shared);
    /* Turns job into result; writes result bytes with dh_pool_reply, exactly once. */
    void (*work)(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply);
    /* Not called in a process: that just ends. */
    void (*stop)(void *state);
} dh_pool_worker;

/* A result that memory has no room for is delivered empty; so is the job of a worker that never
 * answered. */
void dh_pool_answer(dh_pool_reply *reply, dh_slice result);

typedef enum dh_isolation {
    DH_ISOLATE_THREAD,
    DH_ISOLATE_NONE,   /* push works itself */
    DH_ISOLATE_PROCESS /* a process each, that can do nothing but compute (sandbox.h) */
} dh_isolation;

/* Zero is a default. */
typedef struct dh_pool_options {
    unsigned threads; /* workers; 0: as many as there are processors */
    unsigned window;  /* jobs held at a time; 0: 4 x threads; at most 256 MiB of them beyond one */
    dh_isolation isolation;
    /* What follows is for processes. */
    bool or_threads;  /* threads where the kernel does not allow what is needed */
    uint64_t memory;  /* bytes that a worker may take beyond what it starts with; 0: no ceiling */
    uint64_t room;    /* bytes of a job or a result that a worker need not be replaced for; 0: 16 MiB */
    uint32_t hang_ms; /* processor time after which a job counts as hung, ten times as much of any
                         time; 0: never */
} dh_pool_options;

/* shared is passed to start. Workers take no signals. Processes are copies of the program as it is now,
 * so all that `shared` leads to must be loaded. DH_ERR_MEMORY when a worker cannot be started; DH_ERR_IO
 * when the kernel does not allow processes as they should be. */
dh_status dh_pool_open(const dh_pool_worker *worker, void *shared, const dh_pool_options *options,
                       dh_pool **out, dh_error *error);
/* Threads. */
dh_status dh_pool_new(const dh_pool_worker *worker, void *shared, unsigned threads, unsigned window,
                      dh_pool **out, dh_error *error);
/* What the workers are, and with or_threads why they are not processes ("" when there is nothing to say). */
dh_isolation dh_pool_isolation(const dh_pool *pool);
const char *dh_pool_why(const dh_pool *pool);

/* Hands a job over. First delivers what is out, in the order of the jobs, to deliver (called on the
 * caller's thread), and when the window is full waits for results. DH_ERR_MEMORY: not taken. */
dh_status dh_pool_push(dh_pool *pool, dh_slice job);
/* Who gets the results. Set once, before the first push. */
void dh_pool_deliver(dh_pool *pool, void (*deliver)(void *data, uint64_t number, dh_slice result),
                     void *data);

/* A job whose worker, a process, died or hung, and so did the next one that tried it. */
typedef struct dh_pool_loss {
    bool outside;      /* says nothing of the job: no worker could be started, or it was killed (no memory is
                          left) */
    const char *cause; /* "died of SIGSEGV", "hung and was ended", "ended with exit status 1" */
    const char *said;  /* the end of what the worker said on stderr; any bytes but NUL */
} dh_pool_loss;

/* Who is told of lost jobs, in their turn and in place of deliver; without one they are delivered empty.
 * Set once, before the first push. */
void dh_pool_lost(dh_pool *pool,
                  void (*lost)(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss),
                  void *data);
/* Delivers what is out, in order, without waiting. */
void dh_pool_poll(dh_pool *pool);
/* Whether dh_pool_push would wait for a result before it takes a job of len bytes. */
bool dh_pool_is_full(const dh_pool *pool, size_t len);
/* Calls notify on the worker's thread after each job. Set once, before the first push. */
void dh_pool_notify(dh_pool *pool, void (*notify)(void *data), void *data);
/* Waits for and delivers all that is out. */
dh_status dh_pool_drain(dh_pool *pool);
/* After `shared` or what it leads to has changed: drains, and has processes copied anew. Threads see the
 * change by themselves. On failure processes go on with what they have. */
dh_status dh_pool_renew(dh_pool *pool, dh_error *error);
/* Ends the workers; jobs not begun are dropped, and processes do not finish theirs. */
void dh_pool_free(dh_pool *pool);
/* Workers. */
unsigned dh_pool_threads(const dh_pool *pool);

#endif
