/* SPDX-License-Identifier: Apache-2.0 */
/* Threads behind the pool's interface.
 *
 * Jobs lie in a ring of slots, job n in slot n % window, and go round FREE, READY, BUSY, DONE, FREE.
 * `pushed`, `taken` and `delivered` only grow and delivered <= taken <= pushed <= delivered + window.
 * The caller's thread owns a slot while it is FREE or DONE, a worker while it is BUSY; the lock
 * guards the states and counters only, never the copying, cleaning or delivering. */
#include "work/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

/* Bytes of jobs held at a time beyond one: big inputs shrink the window instead of filling memory. */
#define MAX_HELD ((size_t)256 << 20)
/* A slot's memory above this is given back after use. */
#define KEEP_BUFFER ((size_t)1 << 20)
enum { MAX_THREADS = 1024, MAX_WINDOW = 1 << 16 };

typedef enum slot_state { FREE, READY, BUSY, DONE } slot_state;

typedef struct slot {
    slot_state state;
    dh_buf job, result;
} slot;

struct dh_pool_reply {
    slot *slot;
};

struct dh_pool {
    dh_pool_worker worker;
    void *shared;
    void (*deliver)(void *data, uint64_t number, dh_slice result);
    void *data;
    void (*notify)(void *data);
    void *notify_data;

    pthread_mutex_t lock;
    pthread_cond_t work_there; /* a slot became READY, or the end */
    pthread_cond_t work_done;  /* a slot became DONE, or a worker came up */
    slot *slots;
    size_t window;
    uint64_t pushed, taken, delivered;
    size_t held; /* bytes of jobs in slots that are not FREE; caller's thread only */
    unsigned started, failed;
    bool ending;

    pthread_t *threads;
    unsigned thread_count;
};

void dh_pool_answer(dh_pool_reply *reply, dh_slice result) {
    slot *s = reply->slot;
    dh_buf_reset(&s->result);
    if (!dh_buf_put_slice(&s->result, result)) dh_buf_release(&s->result);
}

/* The next READY slot, marked BUSY; NULL at the end. Called with the lock held. */
static slot *take(dh_pool *pool, uint64_t *number) {
    while (!pool->ending && pool->taken == pool->pushed)
        pthread_cond_wait(&pool->work_there, &pool->lock);
    if (pool->ending) return NULL;
    *number = pool->taken++;
    slot *s = &pool->slots[*number % pool->window];
    s->state = BUSY;
    return s;
}

static void *run(void *argument) {
    dh_pool *pool = argument;
    void *state = pool->worker.start(pool->shared);
    pthread_mutex_lock(&pool->lock);
    pool->started++;
    if (state == NULL) pool->failed++;
    pthread_cond_broadcast(&pool->work_done);
    slot *s;
    uint64_t number;
    while (state != NULL && (s = take(pool, &number)) != NULL) {
        pthread_mutex_unlock(&pool->lock);
        dh_pool_reply reply = {s};
        dh_buf_reset(&s->result);
        pool->worker.work(state, number, dh_buf_slice(&s->job), &reply);
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
    if (state != NULL) pool->worker.stop(state);
    return NULL;
}

/* Signals are the caller's thread's business: workers are made with all of them blocked. */
static bool start_threads(dh_pool *pool, unsigned count) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = true;
    while (good && pool->thread_count < count) {
        good = pthread_create(&pool->threads[pool->thread_count], NULL, run, pool) == 0;
        if (good) pool->thread_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_lock(&pool->lock);
    while (pool->started < pool->thread_count) pthread_cond_wait(&pool->work_done, &pool->lock);
    good = pool->thread_count > 0 && pool->failed == 0;
    pthread_mutex_unlock(&pool->lock);
    return good;
}

static unsigned processors(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

dh_status dh_pool_new(const dh_pool_worker *worker, void *shared, unsigned threads, unsigned window,
                      dh_pool **out, dh_error *error) {
    *out = NULL;
    if (threads == 0) threads = processors();
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    if (window == 0) window = threads * 4;
    if (window > MAX_WINDOW) window = MAX_WINDOW;
    dh_pool *pool = calloc(1, sizeof *pool);
    slot *slots = calloc(window, sizeof *slots);
    pthread_t *handles = calloc(threads, sizeof *handles);
    if (pool == NULL || slots == NULL || handles == NULL) {
        free(pool);
        free(slots);
        free(handles);
        return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "out of memory");
    }
    *pool = (dh_pool){
        .worker = *worker, .shared = shared, .slots = slots, .window = window, .threads = handles};
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work_there, NULL);
    pthread_cond_init(&pool->work_done, NULL);
    if (!start_threads(pool, threads)) {
        dh_pool_free(pool);
        return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "cannot start the workers");
    }
    *out = pool;
    return DH_OK;
}

void dh_pool_deliver(dh_pool *pool, void (*deliver)(void *data, uint64_t number, dh_slice result),
                     void *data) {
    pool->deliver = deliver;
    pool->data = data;
}

static void trim(dh_buf *buf) {
    if (buf->cap > KEEP_BUFFER)
        dh_buf_release(buf);
    else
        dh_buf_reset(buf);
}

/* Delivers the oldest result that is out. False when there is none, or (!wait) none yet. */
static bool deliver_one(dh_pool *pool, bool wait) {
    if (pool->delivered == pool->pushed) return false;
    slot *s = &pool->slots[pool->delivered % pool->window];
    pthread_mutex_lock(&pool->lock);
    while (wait && s->state != DONE) pthread_cond_wait(&pool->work_done, &pool->lock);
    bool ready = s->state == DONE;
    pthread_mutex_unlock(&pool->lock);
    if (!ready) return false;
    if (pool->deliver != NULL) pool->deliver(pool->data, pool->delivered, dh_buf_slice(&s->result));
    pool->held -= s->job.len;
    trim(&s->job);
    trim(&s->result);
    s->state = FREE; /* no worker looks at it before it is pushed again, under the lock */
    pool->delivered++;
    return true;
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
    slot *s = &pool->slots[pool->pushed % pool->window];
    dh_buf_reset(&s->job);
    if (!dh_buf_put_slice(&s->job, job)) {
        dh_buf_release(&s->job);
        return DH_ERR_MEMORY;
    }
    pool->held += job.len;
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
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->work_there);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->thread_count; i++) pthread_join(pool->threads[i], NULL);
    for (size_t i = 0; i < pool->window; i++) {
        dh_buf_release(&pool->slots[i].job);
        dh_buf_release(&pool->slots[i].result);
    }
    pthread_cond_destroy(&pool->work_done);
    pthread_cond_destroy(&pool->work_there);
    pthread_mutex_destroy(&pool->lock);
    free(pool->slots);
    free(pool->threads);
    free(pool);
}

unsigned dh_pool_threads(const dh_pool *pool) {
    return pool->thread_count;
}
