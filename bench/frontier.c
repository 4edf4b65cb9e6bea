/* SPDX-License-Identifier: Apache-2.0 */
/* frontier FOLDER [URLS [HOSTS]]: how many addresses a second go into a crawl's state, and how many are
 * claimed, leased and done, on one core, with a commit for every 1,000. FOLDER is made; it must not hold
 * a state yet. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crawl/state.h"

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of this process: what it would be on a machine that has nothing else to do. */
static double processor(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static void check(dh_status status, const dh_error *error) {
    if (status == DH_OK) return;
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

static void fill(dh_state *state, long urls, long hosts) {
    dh_error error;
    for (long i = 0; i < urls; i++) {
        char key[160], url[160], name[64];
        int64_t host;
        snprintf(name, sizeof name, "www.newspaper-%ld.example", i % hosts);
        int n = snprintf(key, sizeof key,
                         "https://%s/world/2024/05/%02ld/a-story-of-some-length-%ld.html", name,
                         i % 28 + 1, i * 7919 % urls);
        int m = snprintf(url, sizeof url, "%.*s?utm_source=rss", n, key);
        check(dh_state_host(state, dh_slice_cstr(name), dh_slice_cstr(name), &host, NULL, &error),
              &error);
        dh_found found = {.key = {key, (size_t)n},
                          .url = {url, i % 4 == 0 ? (size_t)m : (size_t)n},
                          .host = host,
                          .prio = (int)(i % 3 == 0 ? DH_PRIO_NEWS : DH_PRIO_BACKLOG),
                          .due_ms = i};
        check(dh_state_add(state, &found, i, NULL, NULL, &error), &error);
        if (i % 1000 == 999) check(dh_state_commit(state, &error), &error);
    }
    check(dh_state_commit(state, &error), &error);
}

static long drain(dh_state *state, long most, long hosts, dh_arena *arena) {
    dh_error error;
    long done = 0;
    for (long i = 0; done < most; i++) {
        dh_task task;
        check(dh_state_next(state, i % hosts + 1, INT64_MAX - 1, &task, arena, &error), &error);
        if (task.id == 0) break;
        check(dh_state_lease(state, task.id, INT64_MAX, &error), &error);
        (void)dh_state_next_due(state, task.host);
        dh_pace pace = {.next_ms = i};
        dh_done finished = {.id = task.id,
                            .end = DH_END_STORED,
                            .status = 200,
                            .fault = DH_SLICE(""),
                            .at_ms = i,
                            .due_ms = -1,
                            .etag = DH_SLICE("\"64a1f0-1b2c\""),
                            .bytes = 50000};
        char digest[48];
        int n = snprintf(digest, sizeof digest, "sha1:%032ld", i);
        finished.digest = dh_slice_make(digest, (size_t)n);
        check(dh_state_finish(state, &finished, &error), &error);
        check(dh_state_save_pace(state, task.host, &pace, &error), &error);
        dh_arena_reset(arena);
        if (++done % 1000 == 0) check(dh_state_commit(state, &error), &error);
    }
    check(dh_state_commit(state, &error), &error);
    return done;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: frontier FOLDER [URLS [HOSTS]]\n");
        return 2;
    }
    long urls = argc > 2 ? strtol(argv[2], NULL, 10) : 200000;
    long hosts = argc > 3 ? strtol(argv[3], NULL, 10) : 500;
    dh_state *state;
    dh_error error;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    check(dh_state_open(argv[1], DH_STATE_CREATE, &state, &error), &error);
    double start = seconds(), busy = processor();
    fill(state, urls, hosts);
    double middle = seconds(), busy_middle = processor();
    long done = drain(state, urls / 4, hosts, &arena);
    double end = seconds(), busy_end = processor();
    printf("%ld addresses in, %.0f a second, %.0f a second of processor time\n", urls,
           (double)urls / (middle - start), (double)urls / (busy_middle - busy));
    printf("%ld claimed and done, %.0f a second, %.0f a second of processor time\n", done,
           (double)done / (end - middle), (double)done / (busy_end - busy_middle));
    dh_state_close(state);
    dh_arena_release(&arena);
    return 0;
}
