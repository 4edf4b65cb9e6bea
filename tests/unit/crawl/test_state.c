/* SPDX-License-Identifier: Apache-2.0 */
/* The state file: what is added comes out once, in order, and not while it is leased; what was not
 * committed was not done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "crawl/state_private.h"

typedef struct room {
    char folder[64];
    dh_state *state;
    dh_arena arena;
} room;

static void open_state(room *r, dh_state_mode mode) {
    dh_error error = {0};
    if (dh_state_open(r->folder, mode, &r->state, &error) != DH_OK) fail_msg("%s", error.message);
}

static int enter(void **state) {
    room *r = calloc(1, sizeof *r);
    snprintf(r->folder, sizeof r->folder, "/tmp/dehusk-state-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    dh_arena_init(&r->arena, 0);
    open_state(r, DH_STATE_CREATE);
    *state = r;
    return 0;
}

static int leave(void **state) {
    room *r = *state;
    static const char *const names[] = {"crawl.sqlite", "crawl.sqlite-wal", "crawl.sqlite-shm",
                                        "lock"};
    char path[128];
    dh_state_close(r->state);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", r->folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(r->folder), 0);
    dh_arena_release(&r->arena);
    free(r);
    return 0;
}

static int64_t host(room *r, const char *name) {
    int64_t id = 0;
    assert_int_equal(
        dh_state_host(r->state, dh_slice_cstr(name), DH_SLICE("example"), &id, NULL, NULL), DH_OK);
    assert_true(id > 0);
    return id;
}

static bool add(room *r, int64_t host_id, const char *url, int prio, int64_t due) {
    bool added = false;
    dh_found found = {.key = dh_slice_cstr(url),
                      .url = dh_slice_cstr(url),
                      .host = host_id,
                      .prio = prio,
                      .due_ms = due};
    assert_int_equal(dh_state_add(r->state, &found, 1, NULL, &added, NULL), DH_OK);
    return added;
}

/* The next address of the host at that time, "" for none. Leased when asked. */
static const char *next(room *r, int64_t host_id, int64_t now, int64_t lease) {
    dh_task task;
    assert_int_equal(dh_state_next(r->state, host_id, now, &task, &r->arena, NULL), DH_OK);
    if (task.id == 0) return "";
    if (lease > 0) assert_int_equal(dh_state_lease(r->state, task.id, lease, NULL), DH_OK);
    return dh_arena_dup(&r->arena, task.url).ptr;
}

static void queue(void **state) {
    room *r = *state;
    int64_t a = host(r, "a.example"), b = host(r, "b.example");
    assert_true(a != b && host(r, "a.example") == a);
    assert_true(add(r, a, "http://a.example/old", DH_PRIO_BACKLOG, 10));
    assert_true(add(r, a, "http://a.example/news", DH_PRIO_NEWS, 20));
    assert_true(add(r, a, "http://a.example/feed", DH_PRIO_SOURCE, 30));
    assert_true(add(r, b, "http://b.example/1", DH_PRIO_NEWS, 40));
    assert_false(add(r, a, "http://a.example/old", DH_PRIO_BACKLOG, 5));
    assert_int_equal(dh_state_next_due(r->state, a), 10);
    assert_int_equal(dh_state_next_due(r->state, 999), INT64_MAX);
    assert_string_equal(next(r, a, 9, 0), "");
    assert_string_equal(next(r, a, 10, 0), "http://a.example/old");
    assert_string_equal(next(r, a, 25, 0), "http://a.example/news");
    assert_string_equal(next(r, a, 30, 100), "http://a.example/feed");
    assert_string_equal(next(r, a, 30, 100), "http://a.example/news");
    assert_string_equal(next(r, a, 30, 100), "http://a.example/old");
    assert_string_equal(next(r, a, 30, 100), "");
    assert_int_equal(dh_state_next_due(r->state, a), INT64_MAX);
    assert_string_equal(next(r, b, 40, 0), "http://b.example/1");
    /* A lease that is over is none. */
    assert_string_equal(next(r, a, 100, 0), "http://a.example/feed");
    /* News that was backlog comes earlier, news do not fall back. */
    assert_true(add(r, b, "http://b.example/2", DH_PRIO_BACKLOG, 1));
    assert_false(add(r, b, "http://b.example/2", DH_PRIO_NEWS, 1));
    assert_false(add(r, b, "http://b.example/2", DH_PRIO_BACKLOG, 1));
    assert_string_equal(next(r, b, 39, 0), "http://b.example/2");
}

static void finished(void **state) {
    room *r = *state;
    int64_t a = host(r, "a.example"), file = 0;
    dh_task task;
    add(r, a, "http://a.example/1", DH_PRIO_NEWS, 1);
    add(r, a, "http://a.example/2", DH_PRIO_NEWS, 2);
    assert_int_equal(dh_state_file_new(r->state, 0, DH_SLICE("x.warc.gz"), 5, &file, NULL), DH_OK);
    assert_int_equal(dh_state_next(r->state, a, 5, &task, &r->arena, NULL), DH_OK);
    dh_done done = {.id = task.id,
                    .end = DH_END_STORED,
                    .status = 200,
                    .fault = DH_SLICE(""),
                    .at_ms = 7,
                    .due_ms = -1,
                    .etag = DH_SLICE("\"e\""),
                    .digest = DH_SLICE("sha1:X"),
                    .file = file,
                    .offset = 123};
    assert_int_equal(dh_state_finish(r->state, &done, NULL), DH_OK);
    assert_string_equal(next(r, a, 1000, 0), "http://a.example/2");
    assert_int_equal(dh_state_same_bytes(r->state, a, DH_SLICE("sha1:X"), 0), task.id);
    assert_int_equal(dh_state_same_bytes(r->state, a, DH_SLICE("sha1:X"), task.id), 0);
    assert_int_equal(dh_state_same_bytes(r->state, a + 1, DH_SLICE("sha1:X"), 0), 0);
    dh_slice url, name;
    int64_t at = 0;
    assert_true(dh_state_where(r->state, task.id, &url, &at, &name, &r->arena));
    assert_int_equal(at, 7);
    assert_true(dh_slice_eq(name, DH_SLICE("x.warc.gz")));
    /* To be looked at again: validators and place are there, and stay when nothing new is said. */
    done.due_ms = 50;
    done.etag = done.digest = (dh_slice){NULL, 0};
    done.file = 0;
    done.end = DH_END_SAME;
    assert_int_equal(dh_state_finish(r->state, &done, NULL), DH_OK);
    dh_task again;
    assert_string_equal(next(r, a, 60, 1000), "http://a.example/2");
    assert_int_equal(dh_state_next(r->state, a, 60, &again, &r->arena, NULL), DH_OK);
    assert_int_equal(again.id, task.id);
    assert_int_equal(again.end, DH_END_SAME);
    assert_true(dh_slice_eq(again.etag, DH_SLICE("\"e\"")));
    assert_true(dh_slice_eq(again.digest, DH_SLICE("sha1:X")));
    assert_true(dh_state_where(r->state, task.id, &url, &at, &name, &r->arena));
}

static void commits(void **state) {
    room *r = *state;
    int64_t a = host(r, "a.example");
    add(r, a, "http://a.example/1", DH_PRIO_NEWS, 1);
    assert_true(dh_state_is_open(r->state));
    assert_int_equal(dh_state_commit(r->state, NULL), DH_OK);
    assert_false(dh_state_is_open(r->state));
    add(r, a, "http://a.example/2", DH_PRIO_NEWS, 2);
    assert_int_equal(dh_state_rollback(r->state, NULL), DH_OK);
    assert_true(add(r, a, "http://a.example/2", DH_PRIO_NEWS, 2));
    assert_string_equal(next(r, a, 9, INT64_MAX), "http://a.example/1"); /* leased for ever */
    dh_state_commit(r->state, NULL);
    add(r, a, "http://a.example/3", DH_PRIO_NEWS, 0);
    dh_state_close(r->state); /* without a commit */
    open_state(r, DH_STATE_WRITE);
    assert_false(dh_state_was_killed(r->state));
    assert_string_equal(next(r, a, 9, 100), "http://a.example/1"); /* its lease ended with it */
    assert_string_equal(next(r, a, 9, 100), "http://a.example/2");
    assert_string_equal(next(r, a, 9, 100), "");
}

static void robots_and_sites(void **state) {
    room *r = *state;
    dh_robots_row robots = {.verdict = 0, .status = 200, .fetched_ms = 1, .expires_ms = 9}, got;
    robots.text = DH_SLICE("User-agent: *\n");
    assert_false(dh_state_robots(r->state, DH_SLICE("http://a"), &got, &r->arena));
    assert_int_equal(dh_state_save_robots(r->state, DH_SLICE("http://a"), &robots, NULL), DH_OK);
    robots.text = DH_SLICE("#");
    robots.failures = 3;
    assert_int_equal(dh_state_save_robots(r->state, DH_SLICE("http://a"), &robots, NULL), DH_OK);
    assert_true(dh_state_robots(r->state, DH_SLICE("http://a"), &got, &r->arena));
    assert_true(dh_slice_eq(got.text, DH_SLICE("#")));
    assert_int_equal(got.failures, 3);
    assert_int_equal(got.expires_ms, 9);
    assert_false(dh_state_has_site(r->state, DH_SLICE("a.example")));
    dh_state_add_site(r->state, DH_SLICE("a.example"), 1, NULL);
    dh_state_add_site(r->state, DH_SLICE("a.example"), 2, NULL);
    assert_true(dh_state_has_site(r->state, DH_SLICE("a.example")));
}

static void keep_row(void *data, const dh_host_row *row) {
    *(dh_host_row *)data = *row;
}
static void keep_file(void *data, const dh_file_row *row) {
    *(dh_file_row *)data = *row;
}
static void keep_sum(void *data, const dh_host_sum *sum) {
    *(dh_host_sum *)data = *sum;
}

static void hosts_files_summary(void **state) {
    room *r = *state;
    int64_t a = host(r, "a.example"), file = 0;
    dh_pace pace = {.next_ms = 77, .crawl_delay_ms = 5, .failures = 2, .trips = 1};
    assert_int_equal(dh_state_save_pace(r->state, a, &pace, NULL), DH_OK);
    dh_host_row row = {0};
    assert_int_equal(dh_state_hosts(r->state, keep_row, &row, NULL), DH_OK);
    assert_int_equal(row.id, a);
    assert_int_equal(row.pace.next_ms, 77);
    assert_int_equal(row.pace.crawl_delay_ms, 5);
    assert_int_equal(row.pace.failures, 2);
    assert_int_equal(row.pace.trips, 1);
    dh_state_file_new(r->state, 3, DH_SLICE("f"), 5, &file, NULL);
    dh_state_file_grown(r->state, file, 99, false, NULL);
    dh_file_row files = {0};
    assert_int_equal(dh_state_files(r->state, keep_file, &files, NULL), DH_OK);
    assert_int_equal(files.bytes, 99);
    assert_int_equal(files.kind, 3);
    dh_state_file_grown(r->state, file, 100, true, NULL);
    files = (dh_file_row){0};
    assert_int_equal(dh_state_files(r->state, keep_file, &files, NULL), DH_OK);
    assert_int_equal(files.id, 0);
    add(r, a, "http://a.example/1", DH_PRIO_NEWS, 1);
    add(r, a, "http://a.example/2", DH_PRIO_NEWS, 100);
    dh_host_sum sum = {0};
    assert_int_equal(dh_state_summary(r->state, 50, keep_sum, &sum, NULL), DH_OK);
    assert_int_equal(sum.due, 1);
    assert_int_equal(sum.waiting, 2);
    assert_int_equal(sum.ends[DH_END_WAITING], 2);
    assert_int_equal(sum.fetched, 1);
    assert_int_equal(sum.robots, -1);
}

/* A process that was killed leaves SQLite's log. */
static void killed(void **state) {
    room *r = *state;
    dh_state_close(r->state);
    r->state = NULL;
    pid_t child = fork();
    if (child == 0) {
        dh_state *s = NULL;
        if (dh_state_open(r->folder, DH_STATE_WRITE, &s, NULL) != DH_OK) _exit(1);
        if (dh_state_add_site(s, DH_SLICE("x"), 1, NULL) != DH_OK) _exit(1);
        _exit(dh_state_commit(s, NULL) != DH_OK);
    }
    int code = -1;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    open_state(r, DH_STATE_WRITE);
    assert_true(dh_state_was_killed(r->state));
    assert_true(dh_state_has_site(r->state, DH_SLICE("x")));
}

/* A second process says so and leaves; a reader may look. */
static void one_writer(void **state) {
    room *r = *state;
    int64_t a = host(r, "a.example");
    add(r, a, "http://a.example/1", DH_PRIO_NEWS, 1);
    assert_int_equal(dh_state_commit(r->state, NULL), DH_OK);
    pid_t child = fork();
    if (child == 0) {
        dh_state *other = NULL, *reader = NULL;
        dh_error error = {0};
        dh_host_sum sum = {0};
        char want[32];
        snprintf(want, sizeof want, "(process %ld)", (long)getppid());
        int bad = dh_state_open(r->folder, DH_STATE_WRITE, &other, &error) != DH_ERR_USAGE ||
                  other != NULL || strstr(error.message, want) == NULL;
        bad |= dh_state_open(r->folder, DH_STATE_READ, &reader, &error) != DH_OK;
        if (!bad) bad = dh_state_summary(reader, 5, keep_sum, &sum, NULL) != DH_OK || sum.due != 1;
        if (!bad) bad = dh_state_add_site(reader, DH_SLICE("x"), 1, NULL) == DH_OK;
        dh_state_close(reader);
        _exit(bad);
    }
    int code = -1;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

/* Looked up in vain for want of memory or by a broken disk is not "there is none": nothing that follows counts. */
static void failed_lookups(void **state) {
    room *r = *state;
    dh_robots_row row = {.verdict = 0};
    dh_error error = {0};
    assert_int_equal(dh_state_add_site(r->state, DH_SLICE("a.example"), 1, NULL), DH_OK);
    assert_int_equal(dh_state_commit(r->state, NULL), DH_OK);
    assert_int_equal(dh_state_add_site(r->state, DH_SLICE("b.example"), 1, NULL), DH_OK);
    assert_int_equal(sqlite3_exec(r->state->db, "DROP TABLE robots", NULL, NULL, NULL), SQLITE_OK);
    assert_false(dh_state_robots(r->state, DH_SLICE("http://a.example"), &row, &r->arena));
    assert_int_equal(dh_state_add_site(r->state, DH_SLICE("c.example"), 1, NULL), DH_ERR_IO);
    assert_int_equal(dh_state_commit(r->state, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "robots"));
    assert_int_equal(dh_state_rollback(r->state, NULL), DH_OK);
    assert_true(dh_state_has_site(r->state, DH_SLICE("a.example")));
    assert_false(dh_state_has_site(r->state, DH_SLICE("b.example")));
    assert_int_equal(dh_state_commit(r->state, NULL), DH_OK);
}

static void bad_states(void **state) {
    room *r = *state;
    dh_error error = {0};
    dh_state *other = NULL;
    assert_int_equal(dh_state_open("/nonexistent/x", DH_STATE_WRITE, &other, &error), DH_ERR_USAGE);
    assert_non_null(strstr(error.message, "there is no crawl"));
    assert_int_equal(dh_state_open("/dev/null/x", DH_STATE_CREATE, &other, &error), DH_ERR_IO);
    dh_state_close(r->state);
    r->state = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/crawl.sqlite", r->folder);
    assert_int_equal(dh_io_write(path, DH_SLICE("this is no database, not at all, and long enough"),
                                 true, false, NULL),
                     DH_OK);
    assert_int_equal(dh_state_open(r->folder, DH_STATE_WRITE, &other, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "damaged"));
    assert_null(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(queue, enter, leave),
        cmocka_unit_test_setup_teardown(finished, enter, leave),
        cmocka_unit_test_setup_teardown(commits, enter, leave),
        cmocka_unit_test_setup_teardown(robots_and_sites, enter, leave),
        cmocka_unit_test_setup_teardown(hosts_files_summary, enter, leave),
        cmocka_unit_test_setup_teardown(one_writer, enter, leave),
        cmocka_unit_test_setup_teardown(killed, enter, leave),
        cmocka_unit_test_setup_teardown(failed_lookups, enter, leave),
        cmocka_unit_test_setup_teardown(bad_states, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
