/* SPDX-License-Identifier: Apache-2.0 */
/* Keepers: threads of the pool that have their jobs done in a process. One that dies or hangs is replaced
 * and the job tried once more; then it is lost. */
#include <stdio.h>

#include "work/pool_private.h"

enum { TRIES = 2 };

/* Room for a job in the memory that is shared; address space only, until a job fills it. */
static uint64_t room_of(const dh_pool *pool) {
    return pool->options.room != 0 ? pool->options.room : UINT64_C(16) << 20;
}

/* ---- the caller's thread ---- */

void dh_pool_serve(dh_pool *pool) {
    if (!pool->nursery_wanted) return;
    dh_nursery_stop(pool->nurseries[pool->nursery_count - 1]);
    dh_pool_add_nursery(pool,
                        NULL); /* fails: those who wait fail, too, and the next one asks again */
    pool->nursery_wanted = false;
    pthread_cond_broadcast(&pool->work_there);
}

dh_status dh_pool_renew(dh_pool *pool, dh_error *error) {
    dh_pool_drain(pool);
    if (pool->options.isolation != DH_ISOLATE_PROCESS) return DH_OK;
    pthread_mutex_lock(&pool->lock);
    size_t before = pool->nursery_count;
    dh_status status = dh_pool_add_nursery(pool, error);
    if (status == DH_OK) dh_nursery_stop(pool->nurseries[before - 1]);
    pthread_mutex_unlock(&pool->lock);
    return status;
}

/* ---- a keeper's thread ---- */

/* The nursery of now. After a failure (`last` has failed): another one, which the caller's thread must make,
 * for only that one lives as long as the pool; NULL when there is none. */
static dh_nursery *nursery_of(dh_pool *pool, const dh_nursery *last) {
    pthread_mutex_lock(&pool->lock);
    dh_nursery *now = pool->nurseries[pool->nursery_count - 1];
    if (last == now) {
        pool->nursery_wanted = true;
        pthread_cond_broadcast(&pool->work_done);
        if (pool->notify != NULL) {
            pthread_mutex_unlock(&pool->lock);
            pool->notify(pool->notify_data);
            pthread_mutex_lock(&pool->lock);
        }
        while (pool->nursery_wanted && !pool->ending)
            pthread_cond_wait(&pool->work_there, &pool->lock);
        now = pool->nurseries[pool->nursery_count - 1];
        if (now == last) now = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    return now;
}

static dh_status start(dh_keeper *keeper, uint64_t room, dh_error *error) {
    dh_nursery *nursery = nursery_of(keeper->pool, NULL);
    dh_cell_close(&keeper->cell);
    return dh_cell_open(&keeper->cell, nursery, room, error);
}

dh_status dh_keeper_start(dh_keeper *keeper, dh_error *error) {
    return start(keeper, room_of(keeper->pool), error);
}

/* A process that is up, of the nursery of now, with room for len bytes. */
static bool is_up(dh_keeper *keeper, uint64_t len, dh_error *error) {
    dh_pool *pool = keeper->pool;
    dh_cell *cell = &keeper->cell;
    dh_nursery *now = nursery_of(pool, NULL);
    if (cell->nursery == now && cell->room >= len) return true;
    uint64_t room = cell->room > len ? cell->room : len;
    if (room < room_of(pool)) room = room_of(pool);
    if (start(keeper, room, error) == DH_OK) return true;
    /* Is it the nursery that is gone? */
    return nursery_of(pool, now) != NULL && start(keeper, room, error) == DH_OK;
}

static void put_death(dh_pool_slot *slot, const dh_cell_death *death) {
    slot->lost = true;
    dh_buf_reset(&slot->result);
    dh_buf_put(&slot->result, death, sizeof *death);
}

void dh_keeper_work(dh_keeper *keeper, dh_pool_slot *slot, uint64_t number) {
    dh_pool *pool = keeper->pool;
    dh_cell_death death = {.outside = true, .cause = "could not be started"};
    slot->lost = false;
    for (int tries = 0; tries < TRIES;) {
        dh_error error = {0};
        if (!is_up(keeper, slot->job.len, &error)) {
            death.outside = true;
            snprintf(death.cause, sizeof death.cause, "could not be started: %.120s",
                     error.message);
            break;
        }
        switch (dh_cell_work(&keeper->cell, number, dh_buf_slice(&slot->job), pool->options.hang_ms,
                             &pool->quit, &slot->result, &death)) {
        case DH_CELL_ANSWERED:
            /* One page that needed much room is no reason to keep it. */
            if (keeper->cell.room > room_of(pool)) {
                dh_cell_close(&keeper->cell);
                keeper->cell.room = room_of(pool);
            }
            return;
        case DH_CELL_SMALL:
            break;
        case DH_CELL_LOST:
            tries++;
            break;
        case DH_CELL_STOPPED:
            tries = TRIES;
            break;
        }
    }
    put_death(slot, &death);
}
