/* SPDX-License-Identifier: Apache-2.0 */
/* Whose turn it is, with a clock of the test's own: hosts by their pace and what is due of them, also when
 * the clock on the wall jumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "crawl/crawl_private.h"

static int64_t wall = INT64_C(1700000000000), ticks = 5000;

static int64_t now(void *data) {
    (void)data;
    return wall;
}
static int64_t tick(void *data) {
    (void)data;
    return ticks;
}
static void pass(int64_t ms) {
    wall += ms;
    ticks += ms;
}

typedef struct room {
    char folder[64];
    dh_state *state;
    dh_crawl *crawl;
    dh_clock clock;
} room;

static void open_all(room *r) {
    dh_error error = {0};
    r->clock = (dh_clock){.now_ms = now, .ticks_ms = tick};
    dh_crawl_options options = {.folder = r->folder,
                                .user_agent = "test (+a@b.example)",
                                .agent = "test",
                                .pace = dh_pace_rules_default(),
                                .clock = &r->clock};
    if (dh_state_open(r->folder, DH_STATE_CREATE, &r->state, &error) != DH_OK ||
        dh_crawl_new(&options, r->state, NULL, &r->crawl, &error) != DH_OK)
        fail_msg("%s", error.message);
}

static void close_all(room *r) {
    dh_crawl_free(r->crawl);
    dh_state_close(r->state);
}

static void enter(room *r) {
    *r = (room){.state = NULL};
    snprintf(r->folder, sizeof r->folder, "/tmp/dehusk-yard-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    open_all(r);
}

static void leave(room *r) {
    static const char *const names[] = {"crawl.sqlite", "crawl.sqlite-wal", "crawl.sqlite-shm",
                                        "lock"};
    char path[128];
    close_all(r);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", r->folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/warc", r->folder);
    rmdir(path);
    snprintf(path, sizeof path, "%s/growing", r->folder);
    rmdir(path);
    assert_int_equal(rmdir(r->folder), 0);
}

static dh_host *host(room *r, const char *name) {
    const uint32_t *at = dh_map_get(&r->crawl->names, dh_slice_cstr(name));
    assert_non_null(at);
    return &r->crawl->hosts.ptr[*at];
}

static void place(room *r, const char *name) {
    dh_yard_place(r->crawl, (uint32_t)(host(r, name) - r->crawl->hosts.ptr));
}

/* Name of the host whose turn is next, "" for none. */
static const char *first(room *r) {
    uint32_t at = dh_yard_first(r->crawl);
    return at == UINT32_MAX ? "" : r->crawl->hosts.ptr[at].name.ptr;
}

static void turns(void **state) {
    (void)state;
    room r;
    enter(&r);
    assert_string_equal(first(&r), "");
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://a.example/"), NULL), DH_OK);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://b.example/x"), NULL), DH_OK);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://b.example/y"), NULL), DH_OK);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("gopher://b.example/"), NULL), DH_ERR_USAGE);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://u:p@b.example/"), NULL), DH_ERR_USAGE);
    assert_int_equal(r.crawl->hosts.len, 2);
    assert_int_equal(r.crawl->counts.found, 4); /* with b's front page */
    assert_int_equal(host(&r, "a.example")->at, ticks);
    /* a was asked: its next turn is 9 s later, b is first. */
    host(&r, "a.example")->pace.next_ms = ticks + 9000;
    place(&r, "a.example");
    assert_string_equal(first(&r), "b.example");
    host(&r, "b.example")->busy = true;
    place(&r, "b.example");
    assert_string_equal(first(&r), "a.example");
    assert_int_equal(host(&r, "a.example")->at, ticks + 9000);
    /* robots.txt that cannot be had holds what is due, not the next try. */
    host(&r, "a.example")->hold_ms = wall + 3600000;
    place(&r, "a.example");
    assert_int_equal(host(&r, "a.example")->at, ticks + 3600000);
    host(&r, "a.example")->jobs = dh_robots_job_new(DH_SLICE("o"), DH_SLICE("u"), 0, 0);
    place(&r, "a.example");
    assert_int_equal(host(&r, "a.example")->at, ticks + 9000);
    /* Nothing due. */
    free(host(&r, "a.example")->jobs);
    host(&r, "a.example")->jobs = NULL;
    host(&r, "a.example")->due_ms = INT64_MAX;
    place(&r, "a.example");
    assert_string_equal(first(&r), "");
    leave(&r);
}

/* The pace goes by ticks; what is due by the wall. */
static void jumps(void **state) {
    (void)state;
    room r;
    enter(&r);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://a.example/"), NULL), DH_OK);
    dh_host *a = host(&r, "a.example");
    a->pace.next_ms = ticks + 9000;
    a->due_ms = wall + 60000;
    dh_yard_place_all(r.crawl);
    assert_int_equal(a->at, ticks + 60000);
    wall += INT64_C(86400000) * 365; /* forward: due at once, but not before the pace allows */
    dh_yard_place_all(r.crawl);
    assert_int_equal(a->at, ticks + 9000);
    wall -= INT64_C(86400000) * 365; /* and back */
    dh_yard_place_all(r.crawl);
    assert_int_equal(a->at, ticks + 60000);
    leave(&r);
}

/* What a host asked for outlives the process; a time from a wrong clock does not hold it for ever. */
static void restarts(void **state) {
    (void)state;
    room r;
    enter(&r);
    assert_int_equal(dh_crawl_add(r.crawl, DH_SLICE("http://a.example/"), NULL), DH_OK);
    dh_pace pace = {.next_ms = wall + 120000, .crawl_delay_ms = 20000, .failures = 3};
    assert_int_equal(dh_state_save_pace(r.state, host(&r, "a.example")->id, &pace, NULL), DH_OK);
    assert_int_equal(dh_state_commit(r.state, NULL), DH_OK);
    close_all(&r);
    pass(20000);
    ticks = 77; /* another process, another start of the ticks */
    open_all(&r);
    assert_int_equal(host(&r, "a.example")->at, ticks + 100000);
    assert_int_equal(host(&r, "a.example")->pace.failures, 3);
    assert_int_equal(dh_pace_delay_ms(&host(&r, "a.example")->pace, &r.crawl->options.pace), 20000);
    pace.next_ms = wall + INT64_C(86400000) * 3650;
    assert_int_equal(dh_state_save_pace(r.state, host(&r, "a.example")->id, &pace, NULL), DH_OK);
    assert_int_equal(dh_state_commit(r.state, NULL), DH_OK);
    close_all(&r);
    open_all(&r);
    assert_true(host(&r, "a.example")->at <= ticks + 36 * INT64_C(3600000));
    leave(&r);
}

/* The heap against a plain search, over many hosts and changes. */
static void order(void **state) {
    (void)state;
    room r;
    enter(&r);
    uint64_t seed = 1;
    for (int i = 0; i < 200; i++) {
        char name[32];
        snprintf(name, sizeof name, "h%d.example", i);
        uint32_t at = dh_yard_host(r.crawl, dh_slice_cstr(name), dh_slice_cstr(name));
        assert_int_equal(at, i);
        assert_int_equal(dh_yard_host(r.crawl, dh_slice_cstr(name), dh_slice_cstr(name)), i);
    }
    for (int i = 0; i < 5000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1;
        dh_host *h = &r.crawl->hosts.ptr[(seed >> 33) % 200];
        h->busy = (seed >> 20) % 5 == 0;
        h->due_ms = (seed >> 40) % 7 == 0 ? INT64_MAX : wall;
        h->pace.next_ms = ticks + (int64_t)((seed >> 45) % 100000);
        dh_yard_place(r.crawl, (uint32_t)(h - r.crawl->hosts.ptr));
        int64_t least = INT64_MAX;
        for (uint32_t k = 0; k < r.crawl->hosts.len; k++)
            if (r.crawl->hosts.ptr[k].at < least) least = r.crawl->hosts.ptr[k].at;
        uint32_t at = dh_yard_first(r.crawl);
        assert_true(least == INT64_MAX ? at == UINT32_MAX : r.crawl->hosts.ptr[at].at == least);
    }
    leave(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(turns), cmocka_unit_test(jumps),
                                       cmocka_unit_test(restarts), cmocka_unit_test(order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
