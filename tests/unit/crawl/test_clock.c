/* SPDX-License-Identifier: Apache-2.0 */
/* Whole crawls of the test web with a wall clock of the test's own, which jumps in a run and between runs, and
 * which brings the second look at articles near. What the web saw is said by the web. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "crawl/crawl.h"

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

enum { DELAY_MS = 40, PAGES = 15, ARTICLES = 2 * PAGES, MAX_JUMPS = 3 };

static char folder[64];
static unsigned port;
static pid_t web;

/* ---- the web ---- */

static void start_web(const char *change) {
    char pages[16], gap[16];
    snprintf(pages, sizeof pages, "%d", PAGES);
    /* Half of the delay: both programs share a busy machine, and the delay is a few time slices of its. What
     * asks at once after a jump is told all the same; that the delay is kept exactly is shown with longer
     * ones (tests/web/manners.sh, bench/crawl). */
    snprintf(gap, sizeof gap, "%d", DELAY_MS / 2);
    unlink("port");
    web = fork();
    if (web == 0) {
        if (freopen("web.out", "w", stdout) == NULL) _exit(127);
        execl(TEST_WEB, TEST_WEB, "--hosts", "2", "--pages", pages, "--gap", gap, "--log",
              "web.log", "--change", change, (char *)NULL);
        _exit(127);
    }
    FILE *file = NULL;
    for (int i = 0; i < 200 && (file = fopen("port", "r")) == NULL; i++) usleep(20000);
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%u", &port), 1);
    fclose(file);
}

/* It saw nobody come too close. */
static void stop_web(void) {
    long requests, forbidden, close;
    kill(web, SIGTERM);
    waitpid(web, NULL, 0);
    web = 0;
    FILE *file = fopen("web.out", "r");
    assert_non_null(file);
    assert_int_equal(
        fscanf(file, "requests %ld forbidden %ld close %ld", &requests, &forbidden, &close), 3);
    fclose(file);
    assert_true(requests > ARTICLES);
    assert_int_equal(forbidden, 0);
    assert_int_equal(close, 0);
}

/* The number that a command prints. */
static long number(const char *command) {
    long n = -1;
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%ld", &n), 1);
    pclose(pipe);
    return n;
}

static long asked_for_articles(void) {
    return number("grep -c story-of web.log");
}
static long asked_for_feeds(void) {
    return number("grep -c feed.xml web.log");
}
static long stored(void) {
    return number("cat state/clean/*/*/*/*.jsonl | wc -l");
}
static long stored_addresses(void) {
    return number(
        "cat state/clean/*/*/*/*.jsonl | grep -o 'crawl\": {\"url\": \"[^\"?]*' | sort -u | wc -l");
}

static size_t resolve(void *data, const char *host, uint16_t number_of, dh_address *out,
                      size_t max) {
    (void)data, (void)host, (void)number_of, (void)max;
    return dh_address_read(DH_SLICE("127.0.0.1"), out);
}

static void dial(void *data, dh_address *address) {
    (void)data;
    address->port = (uint16_t)port;
}

/* ---- a run ---- */

/* The wall clock is ahead by so much once there were so many requests. */
typedef struct jump {
    uint64_t after;
    int64_t ahead_ms;
} jump;

typedef struct run {
    int64_t ahead_ms;
    jump jumps[MAX_JUMPS];
    uint64_t max_fetches;
    int64_t recheck_ms;
    dh_crawl *crawl;
    uint64_t fetches; /* that it came to */
} run;

/* In the summer of 2025 when it is not ahead. */
static int64_t now(void *data) {
    const run *r = data;
    static int64_t begun;
    int64_t ticks = dh_clock_ticks(&dh_clock_system);
    if (begun == 0) begun = ticks;
    return INT64_C(1750000000000) + (ticks - begun) + r->ahead_ms;
}

static int64_t tick(void *data) {
    (void)data;
    return dh_clock_ticks(&dh_clock_system);
}

/* Asked in each turn of the loop. */
static bool stop(void *data) {
    run *r = data;
    uint64_t fetches = dh_crawl_count(r->crawl).fetches;
    for (int i = 0; i < MAX_JUMPS; i++)
        if (r->jumps[i].after > 0 && fetches >= r->jumps[i].after)
            r->ahead_ms = r->jumps[i].ahead_ms;
    return false;
}

static void crawl(run *r, bool add) {
    static const dh_resolver resolver = {resolve, dial, NULL};
    static int64_t ahead_before;
    /* A jump forwards between runs looks like time that has passed: so it has. */
    if (r->ahead_ms > ahead_before) usleep(2 * DELAY_MS * 1000);
    dh_clock clock = {now, tick, r};
    dh_state *state = NULL;
    dehusk_engine *engine = NULL;
    dh_error error = {0};
    dh_crawl_options options = {.folder = "state",
                                .user_agent = "test (+a@b.example)",
                                .agent = "test",
                                .pace = dh_pace_rules_default(),
                                .allow_private = true,
                                .pool = {.threads = 1},
                                .recheck_ms = r->recheck_ms,
                                .max_fetches = r->max_fetches,
                                .resolver = &resolver,
                                .clock = &clock,
                                .stop = stop,
                                .data = r};
    options.pace.delay_ms = DELAY_MS;
    assert_int_equal(dehusk_engine_new(&(dehusk_engine_options){.no_rules = true}, &engine, NULL),
                     DEHUSK_OK);
    dh_state_mode mode = add ? DH_STATE_CREATE : DH_STATE_WRITE;
    if (dh_state_open("state", mode, &state, &error) != DH_OK ||
        dh_crawl_new(&options, state, engine, &r->crawl, &error) != DH_OK)
        fail_msg("%s", error.message);
    if (add) {
        assert_int_equal(dh_crawl_add(r->crawl, DH_SLICE("http://h000.test/"), NULL), DH_OK);
        assert_int_equal(dh_crawl_add(r->crawl, DH_SLICE("http://h001.test/"), NULL), DH_OK);
    }
    if (dh_crawl_run(r->crawl, add ? DH_CRAWL_DISCOVER : DH_CRAWL_ONCE, &error) != DH_OK)
        fail_msg("%s", error.message);
    r->fetches = dh_crawl_count(r->crawl).fetches;
    ahead_before = r->ahead_ms;
    dh_crawl_free(r->crawl);
    dh_state_close(state);
}

static int begin(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    snprintf(folder, sizeof folder, "/tmp/dehusk-clock-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
    start_web("1000");
    return 0;
}

static int finish(void **state) {
    char command[128];
    (void)state;
    if (web != 0) kill(web, SIGTERM);
    snprintf(command, sizeof command, "cd / && rm -rf %s", folder);
    return system(command);
}

/* ---- jumps ---- */

static void in_a_run(void **state) {
    (void)state;
    crawl(&(run){.ahead_ms = 0}, true);
    run r = {.jumps = {{8, 400 * DAY_MS}, {18, -300 * DAY_MS}, {28, 0}}};
    crawl(&r, false);
    assert_int_equal(r.ahead_ms, 0); /* all jumps were made */
    assert_int_equal(stored(), ARTICLES);
    assert_int_equal(stored_addresses(), ARTICLES);
    assert_int_equal(asked_for_articles(), ARTICLES);
    /* Nothing is put off to a day that is far away: the feeds come again in some hours. */
    long feeds = asked_for_feeds();
    crawl(&(run){.ahead_ms = 4 * HOUR_MS}, false);
    assert_int_equal(asked_for_feeds(), feeds + 2);
    stop_web();
}

static void between_runs(void **state) {
    (void)state;
    /* The clock was ahead when the crawl began, and is put right. */
    crawl(&(run){.ahead_ms = 400 * DAY_MS}, true);
    crawl(&(run){.ahead_ms = 400 * DAY_MS, .max_fetches = 12}, false);
    long feeds = asked_for_feeds();
    assert_int_equal(feeds, 2);
    run back = {.ahead_ms = -300 * DAY_MS, .max_fetches = 14};
    crawl(&back, false);
    assert_true(back.fetches >= 14); /* nobody waits for the old time to come again */
    assert_int_equal(asked_for_feeds(), feeds + 2);
    crawl(&(run){.ahead_ms = 0}, false);
    assert_int_equal(stored(), ARTICLES);
    assert_int_equal(stored_addresses(), ARTICLES);
    assert_int_equal(asked_for_articles(), ARTICLES);
    run last = {.ahead_ms = 0};
    crawl(&last, false);
    assert_int_equal(last.fetches, 0);
    stop_web();
}

/* ---- the second look ---- */

static void recheck(void **state) {
    (void)state;
    run r = {.recheck_ms = 2 * HOUR_MS};
    crawl(&r, true);
    crawl(&r, false);
    assert_int_equal(stored(), ARTICLES);
    r.ahead_ms = HOUR_MS; /* not yet */
    crawl(&r, false);
    assert_int_equal(asked_for_articles(), ARTICLES);
    r.ahead_ms = 3 * HOUR_MS;
    crawl(&r, false);
    assert_int_equal(asked_for_articles(), 2 * ARTICLES);
    assert_int_equal(number("grep -c ' 304 ok .*story-of' web.log"), ARTICLES);
    assert_int_equal(stored(), ARTICLES);
    r.ahead_ms = 1000 * HOUR_MS; /* once, not again */
    crawl(&r, false);
    assert_int_equal(asked_for_articles(), 2 * ARTICLES);
    stop_web();
}

/* Articles that were corrected are stored a second time. */
static void corrections(void **state) {
    (void)state;
    run r = {.recheck_ms = 2 * HOUR_MS};
    crawl(&r, true);
    crawl(&r, false);
    stop_web();
    start_web("0");
    r.ahead_ms = 3 * HOUR_MS;
    crawl(&r, false);
    assert_int_equal(asked_for_articles(), ARTICLES);
    assert_int_equal(stored(), 2 * ARTICLES);
    assert_int_equal(stored_addresses(), ARTICLES);
    assert_int_equal(
        number("cat state/clean/*/*/*/*.jsonl | grep -o '\"digest\": \"[^\"]*' | sort -u | "
               "wc -l"),
        2 * ARTICLES);
    stop_web();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_a_run, begin, finish),
        cmocka_unit_test_setup_teardown(between_runs, begin, finish),
        cmocka_unit_test_setup_teardown(recheck, begin, finish),
        cmocka_unit_test_setup_teardown(corrections, begin, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
