/* SPDX-License-Identifier: Apache-2.0 */
/* pool: workers that turn flat job records into flat result records, results handed back in order.
 * Only bytes cross it, so that workers can be threads now and sandboxed processes later. */
#ifndef DH_WORK_POOL_H
#define DH_WORK_POOL_H

#include "base/slice.h"
#include "base/status.h"

typedef struct dh_pool dh_pool;
typedef struct dh_pool_reply dh_pool_reply;

/* One job: its sequence number and bytes. The pool copies what push is given. */
typedef struct dh_pool_worker {
    /* Makes a worker's state on its thread; NULL fails the pool. */
    void *(*start)(void *shared);
    /* Turns job into result; writes result bytes with dh_pool_reply, exactly once. */
    void (*work)(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply);
    void (*stop)(void *state);
} dh_pool_worker;

/* A result that memory has no room for is delivered empty; so is the job of a worker that never
 * answered. */
void dh_pool_answer(dh_pool_reply *reply, dh_slice result);

/* threads 0: as many as there are processors. At most `window` jobs are held at a time (0: 4 x
 * threads), and at most 256 MiB of them beyond one. shared is passed to start. Workers take no
 * signals. DH_ERR_MEMORY when a worker cannot be started. */
dh_status dh_pool_new(const dh_pool_worker *worker, void *shared, unsigned threads, unsigned window,
                      dh_pool **out, dh_error *error);
/* Hands a job over. First delivers what is out, in the order of the jobs, to deliver (called on the
 * caller's thread), and when the window is full waits for results. DH_ERR_MEMORY: not taken. */
dh_status dh_pool_push(dh_pool *pool, dh_slice job);
/* Who gets the results. Set once, before the first push. */
void dh_pool_deliver(dh_pool *pool, void (*deliver)(void *data, uint64_t number, dh_slice result),
                     void *data);
/* Delivers what is out, in order, without waiting. */
void dh_pool_poll(dh_pool *pool);
/* Whether dh_pool_push would wait for a result before it takes a job of len bytes. */
bool dh_pool_is_full(const dh_pool *pool, size_t len);
/* Calls notify on the worker's thread after each job. Set once, before the first push. */
void dh_pool_notify(dh_pool *pool, void (*notify)(void *data), void *data);
/* Waits for and delivers all that is out. */
dh_status dh_pool_drain(dh_pool *pool);
/* Ends the workers; jobs not begun are dropped. */
void dh_pool_free(dh_pool *pool);
unsigned dh_pool_threads(const dh_pool *pool);

#endif
