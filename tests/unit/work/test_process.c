/* SPDX-License-Identifier: Apache-2.0 */
/* Workers in processes: the same results in the same order; what dies, hangs or takes too much is replaced, its
 * job tried once more and then lost; what is inside can reach nothing. */
#define _GNU_SOURCE /* syscall, MAP_ANONYMOUS */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "work/pool.h"

/* What the processes and the test both see. */
typedef struct board {
    atomic_int starts, met; /* workers that came up; jobs begun */
} board;

typedef struct shop {
    board *board;
    const char *word; /* what results begin with: known from before the fork */
    bool refuse;
} shop;

static void *start(void *shared) {
    shop *s = shared;
    atomic_fetch_add(&s->board->starts, 1);
    return s->refuse ? NULL : s;
}

static void stop(void *state) {
    (void)state;
}

static const char *tried(bool worked) {
    return worked ? "done" : errno == EPERM ? "EPERM" : errno == EACCES ? "EACCES" : "else";
}

/* "file", "channel": what a worker finds when it tries. */
static void try(dh_slice job, dh_buf *out) {
    if (dh_slice_eq(job, DH_SLICE("file")))
        dh_buf_puts(out, tried(open("/dev/null", O_RDONLY) >= 0));
    if (dh_slice_eq(job, DH_SLICE("signal")))
        dh_buf_puts(out, tried(syscall(SYS_tgkill, 1, 1, 0) == 0));
    if (dh_slice_eq(job, DH_SLICE("code")))
        dh_buf_puts(out, tried(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED));
}

static void deadlock(void) {
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}

/* Half of the calls that nobody who computes makes. */
static void attack(dh_slice job) {
    if (dh_slice_eq(job, DH_SLICE("socket"))) socket(AF_INET, SOCK_STREAM, 0);
    if (dh_slice_eq(job, DH_SLICE("exec"))) execl("/bin/true", "true", (char *)NULL);
    if (dh_slice_eq(job, DH_SLICE("fork"))) (void)!fork();
    if (dh_slice_eq(job, DH_SLICE("kill"))) kill(getppid(), SIGKILL);
}

static void die(shop *s, dh_slice job) {
    volatile unsigned long turns = 0;
    if (dh_slice_eq(job, DH_SLICE("segv"))) raise(SIGSEGV);
    if (dh_slice_eq(job, DH_SLICE("killed"))) raise(SIGKILL);
    if (dh_slice_eq(job, DH_SLICE("leave"))) _exit(0);
    if (dh_slice_eq(job, DH_SLICE("abort"))) abort();
    if (dh_slice_eq(job, DH_SLICE("exit"))) _exit(3);
    if (dh_slice_eq(job, DH_SLICE("loop")))
        for (;;) turns++;
    if (dh_slice_eq(job, DH_SLICE("sleep"))) deadlock();
    if (dh_slice_eq(job, DH_SLICE("once")) && atomic_fetch_add(&s->board->met, 1) == 0) _exit(4);
    if (dh_slice_eq(job, DH_SLICE("talk"))) {
        for (int i = 0; i < 50000; i++) fprintf(stderr, "line %d\n", i);
        _exit(5);
    }
    attack(job);
}

static void work(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply) {
    shop *s = state;
    dh_buf out = {0};
    die(s, job);
    if (dh_slice_eq(job, DH_SLICE("silent"))) return;
    if (dh_slice_starts(job, DH_SLICE("big"))) { /* a result that is larger than its job */
        dh_buf_reserve(&out, (size_t)40 << 20);
        memset(out.ptr, 'b', (size_t)40 << 20);
        out.len = (size_t)40 << 20;
    } else if (dh_slice_eq(job, DH_SLICE("memory"))) {
        bool given = true;
        for (size_t i = 1; i <= 64 && given; i++) given = dh_buf_reserve(&out, i << 24);
        dh_buf_release(&out);
        dh_buf_puts(&out, given ? "given" : "refused");
    } else {
        dh_buf_printf(&out, "%s %llu:%llu:", s->word, (unsigned long long)number,
                      (unsigned long long)job.len);
        try(job, &out);
    }
    dh_pool_answer(reply, dh_buf_slice(&out));
    dh_buf_release(&out);
}

static const dh_pool_worker worker = {start, work, stop};

/* What came out, in order, space separated: results, and "<cause>" of what was lost. */
typedef struct shelf {
    uint64_t next;
    bool wrong;
    dh_buf all;
    size_t longest;
    char said[1024];
} shelf;

static void deliver(void *data, uint64_t number, dh_slice result) {
    shelf *s = data;
    if (number != s->next++) s->wrong = true;
    if (result.len > s->longest) s->longest = result.len;
    dh_buf_put_slice(&s->all, dh_slice_sub(result, 0, 60));
    dh_buf_putc(&s->all, ';');
}

static void lost(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss) {
    shelf *s = data;
    if (number != s->next++) s->wrong = true;
    snprintf(s->said, sizeof s->said, "%s", loss->said);
    dh_buf_put_slice(&s->all, job);
    dh_buf_printf(&s->all, "<%s%s>;", loss->cause, loss->outside ? " from outside" : "");
}

static shop shop_of(void) {
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(b != MAP_FAILED);
    return (shop){.board = b, .word = "one"};
}

static dh_pool *pool_of(shop *s, shelf *out, unsigned threads, uint64_t memory, uint32_t hang_ms) {
    dh_pool *pool = NULL;
    dh_error error = {0};
    dh_pool_options how = {
        .threads = threads, .isolation = DH_ISOLATE_PROCESS, .memory = memory, .hang_ms = hang_ms};
    if (dh_pool_open(&worker, s, &how, &pool, &error) != DH_OK)
        print_message("%s\n", error.message);
    assert_non_null(pool);
    assert_int_equal(dh_pool_isolation(pool), DH_ISOLATE_PROCESS);
    assert_int_equal(dh_pool_threads(pool), threads);
    *out = (shelf){.next = 0};
    dh_pool_deliver(pool, deliver, out);
    dh_pool_lost(pool, lost, out);
    return pool;
}

static void push(dh_pool *pool, const char *job) {
    assert_int_equal(dh_pool_push(pool, dh_slice_cstr(job)), DH_OK);
}

static const char *all_of(dh_pool *pool, shelf *out) {
    assert_int_equal(dh_pool_drain(pool), DH_OK);
    assert_false(out->wrong);
    return dh_buf_cstr(&out->all);
}

static void end(dh_pool *pool, shop *s, shelf *out) {
    dh_pool_free(pool);
    dh_buf_release(&out->all);
    munmap(s->board, sizeof *s->board);
}

static void keeps_order(void **state) {
    (void)state;
    for (unsigned threads = 1; threads <= 3; threads++) {
        shop s = shop_of();
        shelf out;
        dh_pool *pool = pool_of(&s, &out, threads, 0, 0);
        dh_buf want = {0};
        for (unsigned i = 0; i < 300; i++) {
            push(pool, i % 10 == 3 ? "silent" : "x");
            if (i % 10 != 3) dh_buf_printf(&want, "one %u:1:", i);
            dh_buf_putc(&want, ';');
        }
        assert_string_equal(all_of(pool, &out), dh_buf_cstr(&want));
        assert_int_equal(s.board->starts, threads);
        dh_buf_release(&want);
        end(pool, &s, &out);
    }
}

static void dead_ones_are_replaced(void **state) {
    (void)state;
    static const char *const ways[] = {"segv", "abort", "exit", "socket", "exec", "fork", "kill"};
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 2, 0, 0);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        push(pool, ways[i]);
        push(pool, "x");
    }
    dh_slice rest = dh_slice_cstr(all_of(pool, &out));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char want[40];
        dh_slice dead = dh_slice_cut(&rest, ';'), alive = dh_slice_cut(&rest, ';');
        snprintf(want, sizeof want, "%s<", ways[i]);
        assert_true(dh_slice_starts(dead, dh_slice_cstr(want)));
        snprintf(want, sizeof want, "one %zu:1:", i * 2 + 1);
        assert_true(dh_slice_eq(alive, dh_slice_cstr(want)));
        if (i >= 3) assert_true(dh_slice_has(dead, DH_SLICE("died of SIGSYS")));
    }
    /* Each of these took two; the last two may have no successor yet. */
    int took = (int)(2 * sizeof ways / sizeof *ways);
    assert_in_range(atomic_load(&s.board->starts), took, took + 2);
    end(pool, &s, &out);
}

/* What says nothing of the job is told apart from what it does to its worker. */
static void whose_fault(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    push(pool, "killed");
    push(pool, "leave");
    push(pool, "abort");
    push(pool, "exit");
    assert_string_equal(all_of(pool, &out),
                        "killed<died of SIGKILL from outside>;leave<ended with exit status 0 from "
                        "outside>;abort<died of SIGABRT>;exit<ended with exit status 3>;");
    end(pool, &s, &out);
}

static void tried_once_more(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    push(pool, "once");
    assert_string_equal(all_of(pool, &out), "one 0:4:;");
    assert_int_equal(s.board->starts, 2);
    end(pool, &s, &out);
}

static void hung_ones_are_ended(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 2, 0, 60);
    push(pool, "loop");
    push(pool, "x");
    push(pool, "sleep");
    push(pool, "x");
    assert_string_equal(all_of(pool, &out), "loop<hung and was ended>;one 1:1:;"
                                            "sleep<hung and was ended>;one 3:1:;");
    end(pool, &s, &out);
}

static void freed_while_they_hang(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 2, 0, 0);
    for (int i = 0; i < 4; i++) push(pool, i < 2 ? "loop" : "x");
    end(pool, &s, &out);
    assert_int_equal(out.next, 0);
}

static void nothing_can_be_reached(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    push(pool, "file");
    push(pool, "signal");
    push(pool, "code");
    assert_string_equal(all_of(pool, &out), "one 0:4:EPERM;one 1:6:EPERM;one 2:4:EPERM;");
    assert_int_equal(s.board->starts, 1);
    end(pool, &s, &out);
}

/* Over the ceiling: refused, which is no death of the worker, unless a sanitizer makes it one. */
static void memory_has_a_ceiling(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        shop s = shop_of();
        shelf out;
        dh_pool *pool = pool_of(&s, &out, 1, i == 0 ? (uint64_t)300 << 20 : (uint64_t)8 << 30, 0);
        push(pool, "memory");
        push(pool, "x");
        dh_slice rest = dh_slice_cstr(all_of(pool, &out)), first = dh_slice_cut(&rest, ';');
        if (i == 0)
            assert_true(dh_slice_eq(first, DH_SLICE("refused")) ||
                        dh_slice_starts(first, DH_SLICE("memory<")));
        else assert_true(dh_slice_eq(first, DH_SLICE("given")));
        assert_true(dh_slice_eq(rest, DH_SLICE("one 1:1:;")));
        end(pool, &s, &out);
    }
}

/* More than the memory that is shared has room for, on the way in and on the way back. */
static void large_ones_pass(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    dh_buf job = {0};
    assert_true(dh_buf_reserve(&job, (size_t)50 << 20));
    memset(job.ptr, 'x', (size_t)50 << 20);
    job.len = (size_t)50 << 20;
    assert_int_equal(dh_pool_push(pool, dh_buf_slice(&job)), DH_OK);
    push(pool, "x");
    push(pool, "big");
    push(pool, "x");
    dh_slice rest = dh_slice_cstr(all_of(pool, &out));
    assert_true(dh_slice_starts(rest, DH_SLICE("one 0:52428800:;one 1:1:;bbbb")));
    assert_true(dh_slice_ends(rest, DH_SLICE("bbbb;one 3:1:;")));
    assert_int_equal(out.longest, 40 << 20);
    dh_buf_release(&job);
    end(pool, &s, &out);
}

static void last_words(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    push(pool, "exit");
    assert_string_equal(all_of(pool, &out), "exit<ended with exit status 3>;");
    assert_string_equal(out.said, "");
    push(pool, "talk");
    assert_string_equal(all_of(pool, &out),
                        "exit<ended with exit status 3>;talk<ended with exit status 5>;");
    assert_true(strlen(out.said) > 900 && strlen(out.said) < sizeof out.said);
    assert_non_null(strstr(out.said, "line "));
    end(pool, &s, &out);
}

/* What was loaded later comes to the workers by renewal, and not before. */
static void renewed(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 2, 0, 0);
    for (int i = 0; i < 4; i++) push(pool, "x");
    all_of(pool, &out);
    s.word = "two";
    push(pool, "x");
    all_of(pool, &out);
    assert_int_equal(dh_pool_renew(pool, NULL), DH_OK);
    for (int i = 0; i < 4; i++) push(pool, "x");
    assert_string_equal(all_of(pool, &out), "one 0:1:;one 1:1:;one 2:1:;one 3:1:;one 4:1:;"
                                            "two 5:1:;two 6:1:;two 7:1:;two 8:1:;");
    end(pool, &s, &out);
}

static void failed_start_fails_the_pool(void **state) {
    (void)state;
    shop s = shop_of();
    s.refuse = true;
    dh_pool *pool = (dh_pool *)&s;
    dh_error error = {0};
    dh_pool_options how = {.threads = 2, .isolation = DH_ISOLATE_PROCESS, .or_threads = true};
    assert_int_equal(dh_pool_open(&worker, &s, &how, &pool, &error), DH_ERR_MEMORY);
    assert_null(pool);
    assert_string_not_equal(error.message, "");
    munmap(s.board, sizeof *s.board);
}

/* Without a callback for the lost they are delivered empty. */
static void lost_without_a_listener(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out;
    dh_pool *pool = pool_of(&s, &out, 1, 0, 0);
    dh_pool_lost(pool, NULL, NULL);
    push(pool, "exit");
    push(pool, "x");
    assert_string_equal(all_of(pool, &out), ";one 1:1:;");
    end(pool, &s, &out);
}

static void in_the_callers_thread(void **state) {
    (void)state;
    shop s = shop_of();
    shelf out = {.next = 0};
    dh_pool *pool = NULL;
    dh_pool_options how = {.threads = 7, .isolation = DH_ISOLATE_NONE};
    assert_int_equal(dh_pool_open(&worker, &s, &how, &pool, NULL), DH_OK);
    dh_pool_deliver(pool, deliver, &out);
    assert_int_equal(dh_pool_threads(pool), 1);
    for (int i = 0; i < 3; i++) push(pool, "x");
    dh_pool_poll(pool);
    assert_int_equal(out.next, 3);
    assert_string_equal(all_of(pool, &out), "one 0:1:;one 1:1:;one 2:1:;");
    end(pool, &s, &out);
    s = shop_of();
    s.refuse = true;
    assert_int_equal(dh_pool_open(&worker, &s, &how, &pool, NULL), DH_ERR_MEMORY);
    munmap(s.board, sizeof *s.board);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order),
        cmocka_unit_test(dead_ones_are_replaced),
        cmocka_unit_test(whose_fault),
        cmocka_unit_test(tried_once_more),
        cmocka_unit_test(hung_ones_are_ended),
        cmocka_unit_test(freed_while_they_hang),
        cmocka_unit_test(nothing_can_be_reached),
        cmocka_unit_test(memory_has_a_ceiling),
        cmocka_unit_test(large_ones_pass),
        cmocka_unit_test(last_words),
        cmocka_unit_test(renewed),
        cmocka_unit_test(failed_start_fails_the_pool),
        cmocka_unit_test(lost_without_a_listener),
        cmocka_unit_test(in_the_callers_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
