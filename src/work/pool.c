/* SPDX-License-Identifier: Apache-2.0 */
/* Threads behind the pool's interface; with DH_ISOLATE_PROCESS each of them keeps a process
 * (pool_process.c).
 *
 * Jobs lie in a ring of slots, job n in slot n % window, and go round FREE, READY, BUSY, DONE, FREE.
 * `pushed`, `taken` and `delivered` only grow and delivered <= taken <= pushed <= delivered + window.
 * The caller's thread owns a slot while it is FREE or DONE, a worker while it is BUSY; the lock
 * guards the states and counters only, never the copying, cleaning or delivering. */
#include "work/pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "work/pool_private.h"

/* Bytes of jobs held at a time beyond one: big inputs shrink the window instead of filling memory. */
#define MAX_HELD ((size_t)256 << 20)
enum { MAX_THREADS = 1024, MAX_WINDOW = 1 << 16 };

void dh_pool_answer(dh_pool_reply *reply, dh_slice result) {
    dh_buf_reset(reply->result);
    if (!dh_buf_put_slice(reply->result, result)) dh_buf_release(reply->result);
}

/* The next READY slot, marked BUSY; NULL at the end. Called with the lock held. */
static dh_pool_slot *take(dh_pool *pool, uint64_t *number) {
    while (!pool->ending && pool->taken == pool->pushed)
        pthread_cond_wait(&pool->work_there, &pool->lock);
    if (pool->ending) return NULL;
    *number = pool->taken++;
    dh_pool_slot *s = &pool->slots[*number % pool->window];
    s->state = BUSY;
    return s;
}

static void work_here(dh_pool *pool, void *state, dh_pool_slot *s, uint64_t number) {
    dh_pool_reply reply = {&s->result};
    dh_buf_reset(&s->result);
    pool->worker.work(state, number, dh_buf_slice(&s->job), &reply);
}

/* A worker's state, or the keeper itself when it is in a process; NULL: *error says why not. */
static void *start_worker(dh_keeper *keeper, dh_error *error) {
    dh_pool *pool = keeper->pool;
    if (pool->options.isolation == DH_ISOLATE_PROCESS)
        return dh_keeper_start(keeper, error) == DH_OK ? keeper : NULL;
    void *state = pool->worker.start(pool->shared);
    if (state == NULL) dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "cannot start the workers");
    return state;
}

static void stop_worker(dh_keeper *keeper, void *state) {
    if (keeper->pool->options.isolation == DH_ISOLATE_PROCESS) dh_cell_close(&keeper->cell);
    else keeper->pool->worker.stop(state);
}

static void *run(void *argument) {
    dh_keeper *keeper = argument;
    dh_pool *pool = keeper->pool;
    bool process = pool->options.isolation == DH_ISOLATE_PROCESS;
    dh_error error = {0};
    void *state = start_worker(keeper, &error);
    pthread_mutex_lock(&pool->lock);
    pool->started++;
    if (state == NULL && pool->failed++ == 0) pool->start_error = error;
    pthread_cond_broadcast(&pool->work_done);
    dh_pool_slot *s;
    uint64_t number;
    while (state != NULL && (s = take(pool, &number)) != NULL) {
        pthread_mutex_unlock(&pool->lock);
        if (process) dh_keeper_work(keeper, s, number);
        else work_here(pool, state, s, number);
        pthread_mutex_lock(&pool->lock);
        s->state = DONE;
        pthread_cond_broadcast(&pool->work_done);
        if (pool->notify != NULL) {
            pthread_mutex_unlock(&pool->lock);
            pool->notify(pool->notify_data);
            pthread_mutex_lock(&pool->lock);
        }
    }
    pthread_mutex_unlock(&pool->lock);
    if (state != NULL) stop_worker(keeper, state);
    return NULL;
}

/* Signals are the caller's thread's business: workers are made with all of them blocked. */
static dh_status start_threads(dh_pool *pool, unsigned count, dh_error *error) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = true;
    while (good && pool->keeper_count < count) {
        dh_keeper *keeper = &pool->keepers[pool->keeper_count];
        keeper->pool = pool;
        good = pthread_create(&keeper->thread, NULL, run, keeper) == 0;
        if (good) pool->keeper_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_lock(&pool->lock);
    while (pool->started < pool->keeper_count) pthread_cond_wait(&pool->work_done, &pool->lock);
    bool failed = pool->failed > 0;
    pthread_mutex_unlock(&pool->lock);
    if (failed && error != NULL) *error = pool->start_error;
    if (failed) return pool->start_error.status;
    if (pool->keeper_count > 0) return DH_OK;
    return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "cannot start the workers");
}

static unsigned processors(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

/* The pool without its workers. */
static dh_pool *make(const dh_pool_worker *worker, void *shared, const dh_pool_options *options) {
    unsigned threads = options->threads, window = options->window;
    if (threads == 0) threads = processors();
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    if (options->isolation == DH_ISOLATE_NONE) threads = window = 1;
    if (window == 0) window = threads * 4;
    if (window > MAX_WINDOW) window = MAX_WINDOW;
    dh_pool *pool = calloc(1, sizeof *pool);
    dh_pool_slot *slots = calloc(window, sizeof *slots);
    dh_keeper *keepers = calloc(threads, sizeof *keepers);
    if (pool == NULL || slots == NULL || keepers == NULL) {
        free(pool);
        free(slots);
        free(keepers);
        return NULL;
    }
    *pool = (dh_pool){.worker = *worker,
                      .shared = shared,
                      .options = *options,
                      .slots = slots,
                      .window = window,
                      .keepers = keepers};
    pool->options.threads = threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_there, NULL);
    pthread_cond_init(&pool->work_done, NULL);
    return pool;
}

dh_status dh_pool_add_nursery(dh_pool *pool, dh_error *error) {
    dh_nursery *fresh = NULL;
    dh_nursery **more = realloc(pool->nurseries, (pool->nursery_count + 1) * sizeof(dh_nursery *));
    if (more == NULL) return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "out of memory");
    pool->nurseries = more;
    dh_status status =
        dh_nursery_new(&pool->worker, pool->shared, pool->options.memory, &fresh, error);
    if (status == DH_OK) pool->nurseries[pool->nursery_count++] = fresh;
    return status;
}

static dh_status start(dh_pool *pool, dh_error *error) {
    if (pool->options.isolation == DH_ISOLATE_NONE) {
        pool->state = pool->worker.start(pool->shared);
        if (pool->state != NULL) return DH_OK;
        return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "cannot start the worker");
    }
    dh_status status = DH_OK;
    if (pool->options.isolation == DH_ISOLATE_PROCESS) status = dh_pool_add_nursery(pool, error);
    return status == DH_OK ? start_threads(pool, pool->options.threads, error) : status;
}

dh_status dh_pool_open(const dh_pool_worker *worker, void *shared, const dh_pool_options *options,
                       dh_pool **out, dh_error *error) {
    dh_error local = {0};
    dh_pool *pool = make(worker, shared, options);
    *out = NULL;
    if (pool == NULL) return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "out of memory");
    dh_status status = start(pool, &local);
    if (status == DH_OK) {
        *out = pool;
        return DH_OK;
    }
    dh_pool_free(pool);
    bool again = status == DH_ERR_IO && options->or_threads;
    if (again) {
        dh_pool_options threads = *options;
        threads.isolation = DH_ISOLATE_THREAD;
        threads.or_threads = false;
        status = dh_pool_open(worker, shared, &threads, out, error);
        if (status == DH_OK) snprintf((*out)->why, sizeof(*out)->why, "%.200s", local.message);
    } else if (error != NULL) {
        *error = local;
    }
    return status;
}

dh_status dh_pool_new(const dh_pool_worker *worker, void *shared, unsigned threads, unsigned window,
                      dh_pool **out, dh_error *error) {
    dh_pool_options options = {.threads = threads, .window = window};
    return dh_pool_open(worker, shared, &options, out, error);
}

dh_isolation dh_pool_isolation(const dh_pool *pool) {
    return pool->options.isolation;
}

const char *dh_pool_why(const dh_pool *pool) {
    return pool->why;
}

void dh_pool_deliver(dh_pool *pool, void (*deliver)(void *data, uint64_t number, dh_slice result),
                     void *data) {
    pool->deliver = deliver;
    pool->data = data;
}

static void trim(dh_buf *buf) {
    if (buf->cap > DH_POOL_KEEP) dh_buf_release(buf);
    else dh_buf_reset(buf);
}

static void hand_out(const dh_pool *pool, const dh_pool_slot *s) {
    if (s->lost && pool->lost != NULL) {
        static const dh_cell_death unknown = {.outside = true, .cause = "died"};
        bool known = s->result.len == sizeof unknown; /* there was memory to note it */
        const dh_cell_death *death = known ? (const void *)s->result.ptr : &unknown;
        dh_pool_loss loss = {death->outside, death->cause, death->said};
        pool->lost(pool->lost_data, pool->delivered, dh_buf_slice(&s->job), &loss);
    } else if (pool->deliver != NULL) {
        dh_slice result = s->lost ? (dh_slice){NULL, 0} : dh_buf_slice(&s->result);
        pool->deliver(pool->data, pool->delivered, result);
    }
}

/* Delivers the oldest result that is out. False when there is none, or (!wait) none yet. */
static bool deliver_one(dh_pool *pool, bool wait) {
    if (pool->delivered == pool->pushed) return false;
    dh_pool_slot *s = &pool->slots[pool->delivered % pool->window];
    pthread_mutex_lock(&pool->lock);
    dh_pool_serve(pool);
    while (wait && s->state != DONE) {
        pthread_cond_wait(&pool->work_done, &pool->lock);
        dh_pool_serve(pool);
    }
    bool ready = s->state == DONE;
    pthread_mutex_unlock(&pool->lock);
    if (!ready) return false;
    hand_out(pool, s);
    pool->held -= s->job.len;
    trim(&s->job);
    trim(&s->result);
    s->lost = false;
    s->state = FREE; /* no worker looks at it before it is pushed again, under the lock */
    pool->delivered++;
    return true;
}

void dh_pool_lost(dh_pool *pool,
                  void (*lost)(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss),
                  void *data) {
    pool->lost = lost;
    pool->lost_data = data;
}

void dh_pool_notify(dh_pool *pool, void (*notify)(void *data), void *data) {
    pool->notify = notify;
    pool->notify_data = data;
}

void dh_pool_poll(dh_pool *pool) {
    while (deliver_one(pool, false)) continue;
}

bool dh_pool_is_full(const dh_pool *pool, size_t len) {
    return pool->pushed - pool->delivered == pool->window ||
           (pool->pushed > pool->delivered && (len > MAX_HELD || pool->held > MAX_HELD - len));
}

dh_status dh_pool_push(dh_pool *pool, dh_slice job) {
    while (deliver_one(pool, dh_pool_is_full(pool, job.len))) continue;
    dh_pool_slot *s = &pool->slots[pool->pushed % pool->window];
    dh_buf_reset(&s->job);
    if (!dh_buf_put_slice(&s->job, job)) {
        dh_buf_release(&s->job);
        return DH_ERR_MEMORY;
    }
    pool->held += job.len;
    if (pool->options.isolation == DH_ISOLATE_NONE) {
        work_here(pool, pool->state, s, pool->pushed);
        s->state = DONE;
        pool->pushed++;
        if (pool->notify != NULL) pool->notify(pool->notify_data);
        return DH_OK;
    }
    pthread_mutex_lock(&pool->lock);
    s->state = READY;
    pool->pushed++;
    pthread_cond_signal(&pool->work_there);
    pthread_mutex_unlock(&pool->lock);
    return DH_OK;
}

dh_status dh_pool_drain(dh_pool *pool) {
    while (deliver_one(pool, true)) continue;
    return DH_OK;
}

void dh_pool_free(dh_pool *pool) {
    if (pool == NULL) return;
    atomic_store(&pool->quit, true);
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work_there);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->keeper_count; i++) pthread_join(pool->keepers[i].thread, NULL);
    for (size_t i = 0; i < pool->nursery_count; i++) dh_nursery_free(pool->nurseries[i]);
    if (pool->state != NULL) pool->worker.stop(pool->state);
    for (size_t i = 0; i < pool->window; i++) {
        dh_buf_release(&pool->slots[i].job);
        dh_buf_release(&pool->slots[i].result);
    }
    pthread_cond_destroy(&pool->work_done);
    pthread_cond_destroy(&pool->work_there);
    pthread_mutex_destroy(&pool->lock);
    free(pool->slots);
    free(pool->keepers);
    free(pool->nurseries);
    free(pool);
}

unsigned dh_pool_threads(const dh_pool *pool) {
    return pool->options.threads;
}
