/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the pool share: the ring of pool.c, the keepers of pool_process.c. */
#ifndef DH_WORK_POOL_PRIVATE_H
#define DH_WORK_POOL_PRIVATE_H

#include <pthread.h>

#include "work/cell.h"

/* A slot's memory above this is given back after use. */
#define DH_POOL_KEEP ((size_t)1 << 20)

typedef enum dh_slot_state { FREE, READY, BUSY, DONE } dh_slot_state;

typedef struct dh_pool_slot {
    dh_slot_state state;
    bool lost;
    dh_buf job, result; /* result: of a lost job a dh_cell_death */
} dh_pool_slot;

struct dh_pool_reply {
    dh_buf *result;
};

/* A thread of the pool, and with DH_ISOLATE_PROCESS the process that it keeps. */
typedef struct dh_keeper {
    dh_pool *pool;
    pthread_t thread;
    dh_cell cell;
} dh_keeper;

struct dh_pool {
    dh_pool_worker worker;
    void *shared;
    dh_pool_options options;
    char why[256];
    void (*deliver)(void *data, uint64_t number, dh_slice result);
    void *data;
    void (*lost)(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss);
    void *lost_data;
    void (*notify)(void *data);
    void *notify_data;

    pthread_mutex_t lock;
    pthread_cond_t work_there; /* a slot became READY, a nursery is there, or the end */
    pthread_cond_t work_done;  /* a slot became DONE, a worker came up, a nursery is wanted */
    dh_pool_slot *slots;
    size_t window;
    uint64_t pushed, taken, delivered;
    size_t held; /* bytes of jobs in slots that are not FREE; caller's thread only */
    unsigned started, failed;
    bool ending;
    atomic_bool quit; /* the same, for those who do not hold the lock */
    dh_error start_error;

    dh_keeper *keepers;
    unsigned keeper_count;
    void *state; /* DH_ISOLATE_NONE: the worker's */

    /* DH_ISOLATE_PROCESS. The one that workers come from, and those that were stopped: keepers may still
     * speak of them. Made by the caller's thread only, whose life is the pool's. */
    dh_nursery **nurseries;
    size_t nursery_count;
    bool nursery_wanted;
};

/* Adds a nursery, the one of now. */
dh_status dh_pool_add_nursery(dh_pool *pool, dh_error *error);

/* ---- pool_process.c ---- */

/* Caller's thread: makes a nursery when a keeper wants one. Called with the lock held. */
void dh_pool_serve(dh_pool *pool);
/* Starts the keeper's process. */
dh_status dh_keeper_start(dh_keeper *keeper, dh_error *error);
/* Has the slot's job done, by a second process when need be. */
void dh_keeper_work(dh_keeper *keeper, dh_pool_slot *slot, uint64_t number);

#endif
