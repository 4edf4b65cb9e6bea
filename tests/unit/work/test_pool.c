/* SPDX-License-Identifier: Apache-2.0 */
/* The pool keeps order, holds no more than its window, copies its jobs and ends at any time. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "work/pool.h"

/* What all workers of a test share. */
typedef struct shop {
    pthread_mutex_t lock;
    unsigned started, stopped, busy, most_busy, notified;
    unsigned refuse_after; /* start fails once so many are up; 0: never */
    bool uneven;           /* the first jobs take longest */
    bool silent;           /* never answers odd jobs */
    bool signals_open;     /* SIGTERM could reach a worker */
} shop;

static void *start(void *shared) {
    shop *s = shared;
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    pthread_mutex_lock(&s->lock);
    if (sigismember(&now, SIGTERM) != 1) s->signals_open = true;
    bool refused = s->refuse_after != 0 && s->started >= s->refuse_after;
    if (!refused) s->started++;
    pthread_mutex_unlock(&s->lock);
    return refused ? NULL : s;
}

static void nap(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void work(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply) {
    shop *s = state;
    pthread_mutex_lock(&s->lock);
    if (++s->busy > s->most_busy) s->most_busy = s->busy;
    pthread_mutex_unlock(&s->lock);
    if (s->uneven) nap(number % 8 == 0 ? 8 : 0);
    dh_buf out = {0};
    dh_buf_printf(&out, "%llu:", (unsigned long long)number);
    dh_buf_put_slice(&out, job);
    if (!s->silent || number % 2 == 0) dh_pool_answer(reply, dh_buf_slice(&out));
    dh_buf_release(&out);
    pthread_mutex_lock(&s->lock);
    s->busy--;
    pthread_mutex_unlock(&s->lock);
}

static void stop(void *state) {
    shop *s = state;
    pthread_mutex_lock(&s->lock);
    s->stopped++;
    pthread_mutex_unlock(&s->lock);
}

static const dh_pool_worker worker = {start, work, stop};

/* What came out. */
typedef struct shelf {
    uint64_t next;
    bool wrong;
    uint64_t empty;
    uint64_t *pushed;
    uint64_t most_out;
} shelf;

static void deliver(void *data, uint64_t number, dh_slice result) {
    shelf *s = data;
    char want[64];
    if (number != s->next) s->wrong = true;
    if (*s->pushed - s->next > s->most_out) s->most_out = *s->pushed - s->next;
    s->next++;
    if (result.len == 0) {
        s->empty++;
        return;
    }
    int len = snprintf(want, sizeof want, "%llu:job %llu", (unsigned long long)number,
                       (unsigned long long)number);
    if (!dh_slice_eq(result, dh_slice_make(want, (size_t)len))) s->wrong = true;
}

static void run(unsigned threads, unsigned window, uint64_t jobs, shop *s, shelf *out) {
    dh_pool *pool;
    dh_error error;
    uint64_t pushed = 0;
    *out = (shelf){.pushed = &pushed};
    pthread_mutex_init(&s->lock, NULL);
    assert_int_equal(dh_pool_new(&worker, s, threads, window, &pool, &error), DH_OK);
    dh_pool_deliver(pool, deliver, out);
    if (threads != 0) assert_int_equal(dh_pool_threads(pool), threads);
    for (uint64_t i = 0; i < jobs; i++) {
        char job[32]; /* reused: the pool must have copied it */
        int len = snprintf(job, sizeof job, "job %llu", (unsigned long long)i);
        assert_int_equal(dh_pool_push(pool, dh_slice_make(job, (size_t)len)), DH_OK);
        pushed++;
    }
    assert_int_equal(dh_pool_drain(pool), DH_OK);
    unsigned count = dh_pool_threads(pool);
    dh_pool_free(pool);
    assert_int_equal(s->started, count);
    assert_int_equal(s->stopped, count);
    assert_int_equal(s->busy, 0);
    assert_false(s->signals_open);
    pthread_mutex_destroy(&s->lock);
}

static void keeps_order(void **state) {
    (void)state;
    static const struct {
        unsigned threads, window;
        uint64_t jobs;
        bool uneven;
    } cases[] = {{1, 1, 20, false}, {1, 4, 500, false},   {2, 1, 100, false}, {2, 3, 100, true},
                 {4, 0, 200, true}, {8, 64, 3000, false}, {0, 0, 50, false},  {3, 2, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        shop s = {.uneven = cases[i].uneven};
        shelf out;
        run(cases[i].threads, cases[i].window, cases[i].jobs, &s, &out);
        assert_false(out.wrong);
        assert_int_equal(out.next, cases[i].jobs);
        assert_int_equal(out.empty, 0);
        if (cases[i].window > 0) assert_true(out.most_out <= cases[i].window);
        if (cases[i].threads > 0) assert_true(s.most_busy <= cases[i].threads);
    }
}

static void works_side_by_side(void **state) {
    (void)state;
    shop s = {.uneven = true};
    shelf out;
    run(4, 16, 64, &s, &out);
    assert_true(s.most_busy > 1);
}

static void unanswered_job_is_empty(void **state) {
    (void)state;
    shop s = {.silent = true};
    shelf out;
    run(2, 4, 40, &s, &out);
    assert_false(out.wrong);
    assert_int_equal(out.next, 40);
    assert_int_equal(out.empty, 20);
}

static void failed_start_fails_the_pool(void **state) {
    (void)state;
    for (unsigned after = 1; after <= 2; after++) {
        shop s = {.refuse_after = after};
        pthread_mutex_init(&s.lock, NULL);
        dh_pool *pool = (dh_pool *)&s;
        dh_error error = {0};
        assert_int_equal(dh_pool_new(&worker, &s, 3, 0, &pool, &error), DH_ERR_MEMORY);
        assert_null(pool);
        assert_string_not_equal(error.message, "");
        assert_int_equal(s.started, s.stopped);
        pthread_mutex_destroy(&s.lock);
    }
}

/* Freed with jobs under way and waiting: no hang, no leak, nothing delivered any more. */
static void freed_in_the_middle(void **state) {
    (void)state;
    shop s = {.uneven = true};
    pthread_mutex_init(&s.lock, NULL);
    dh_pool *pool;
    assert_int_equal(dh_pool_new(&worker, &s, 2, 32, &pool, NULL), DH_OK);
    for (int i = 0; i < 20; i++) assert_int_equal(dh_pool_push(pool, DH_SLICE("x")), DH_OK);
    dh_pool_free(pool);
    assert_int_equal(s.stopped, 2);
    pthread_mutex_destroy(&s.lock);
    dh_pool_free(NULL);
}

/* Big jobs: more bytes than the pool wants to hold still get through, one by one. */
static void big_jobs_pass(void **state) {
    (void)state;
    shop s = {.silent = true};
    pthread_mutex_init(&s.lock, NULL);
    uint64_t pushed = 0;
    shelf out = {.pushed = &pushed};
    dh_pool *pool;
    assert_int_equal(dh_pool_new(&worker, &s, 1, 16, &pool, NULL), DH_OK);
    dh_pool_deliver(pool, deliver, &out);
    size_t len = (size_t)100 << 20;
    dh_buf job = {0};
    assert_true(dh_buf_reserve(&job, len));
    memset(job.ptr, 'x', len);
    for (int i = 0; i < 6; i++, pushed++)
        assert_int_equal(dh_pool_push(pool, dh_slice_make(job.ptr, len)), DH_OK);
    assert_true(out.most_out <= 3);
    assert_true(out.next >= 3);
    dh_pool_drain(pool);
    assert_int_equal(out.next, 6);
    dh_buf_release(&job);
    dh_pool_free(pool);
    pthread_mutex_destroy(&s.lock);
}

static void count_one(void *data) {
    shop *s = data;
    pthread_mutex_lock(&s->lock);
    s->notified++;
    pthread_mutex_unlock(&s->lock);
}

/* A caller with a loop of its own: told of each job, and never kept waiting. */
static void polled(void **state) {
    (void)state;
    shop s = {.lock = PTHREAD_MUTEX_INITIALIZER, .uneven = true};
    dh_pool *pool = NULL;
    assert_int_equal(dh_pool_new(&worker, &s, 2, 4, &pool, NULL), DH_OK);
    uint64_t pushed = 0;
    shelf out = {.pushed = &pushed};
    dh_pool_deliver(pool, deliver, &out);
    dh_pool_notify(pool, count_one, &s);
    dh_pool_poll(pool);
    assert_int_equal(out.next, 0);
    while (pushed < 50) {
        if (!dh_pool_is_full(pool, 1)) {
            char job[32];
            int len = snprintf(job, sizeof job, "job %llu", (unsigned long long)pushed);
            assert_int_equal(dh_pool_push(pool, dh_slice_make(job, (size_t)len)), DH_OK);
            pushed++;
        }
        assert_true(pushed - out.next <= 4);
        dh_pool_poll(pool);
    }
    for (int i = 0; i < 2000 && out.next < 50; i++) {
        nap(5);
        dh_pool_poll(pool);
    }
    assert_int_equal(out.next, 50);
    assert_false(out.wrong);
    assert_false(dh_pool_is_full(pool, 1 << 20));
    dh_pool_free(pool);
    assert_int_equal(s.notified, 50);
    pthread_mutex_destroy(&s.lock);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order),
        cmocka_unit_test(works_side_by_side),
        cmocka_unit_test(unanswered_job_is_empty),
        cmocka_unit_test(failed_start_fails_the_pool),
        cmocka_unit_test(freed_in_the_middle),
        cmocka_unit_test(big_jobs_pass),
        cmocka_unit_test(polled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
