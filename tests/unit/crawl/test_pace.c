/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawl/pace.h"

static dh_pace_event good(int64_t seen, int64_t over) {
    return (dh_pace_event){.seen_ms = seen, .over_ms = over, .retry_after_ms = -1};
}
static dh_pace_event bad(int64_t at) {
    return (dh_pace_event){.seen_ms = at, .over_ms = at, .retry_after_ms = -1, .trouble = true};
}

static void delays(void **state) {
    (void)state;
    dh_pace_rules rules = dh_pace_rules_default();
    static const struct {
        uint32_t asked, delay;
    } table[] = {{0, 9000}, {1000, 9000}, {9001, 9001}, {120000, 120000}, {86400000, 120000}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_pace pace = {.crawl_delay_ms = table[i].asked};
        assert_int_equal(dh_pace_delay_ms(&pace, &rules), table[i].delay);
        dh_pace_event event = good(1000, 1200);
        dh_pace_after(&pace, &rules, &event, 7);
        assert_int_equal(pace.next_ms, 1000 + table[i].delay);
    }
    /* One at a time: an answer that takes longer than the delay is waited for. */
    dh_pace pace = {0};
    dh_pace_event event = good(1000, 30000);
    dh_pace_after(&pace, &rules, &event, 7);
    assert_int_equal(pace.next_ms, 30000);
}

static void backs_off(void **state) {
    (void)state;
    dh_pace_rules rules = dh_pace_rules_default();
    dh_pace pace = {0};
    int64_t now = 1000000;
    for (uint32_t i = 1; i <= 4; i++) {
        dh_pace_event event = bad(now);
        dh_pace_after(&pace, &rules, &event, 7);
        int64_t wait = pace.next_ms - now, least = INT64_C(9000) << i;
        assert_true(wait >= least && wait <= least + least / 2);
        assert_false(dh_pace_is_broken(&pace));
        now = pace.next_ms;
    }
    int64_t least = 1800000;
    for (int i = 0; i < 10; i++) {
        dh_pace_event event = bad(now);
        dh_pace_after(&pace, &rules, &event, 7);
        int64_t wait = pace.next_ms - now;
        assert_true(dh_pace_is_broken(&pace));
        assert_true(wait >= least && wait <= least + least / 2);
        if (least < 86400000) least = least * 2 < 86400000 ? least * 2 : 86400000;
        now = pace.next_ms;
    }
    dh_pace_event event = good(now, now + 5);
    dh_pace_after(&pace, &rules, &event, 7);
    assert_false(dh_pace_is_broken(&pace));
    assert_int_equal(pace.failures, 0);
    assert_int_equal(pace.next_ms, now + 9000);
}

static void retry_after(void **state) {
    (void)state;
    dh_pace_rules rules = dh_pace_rules_default();
    static const struct {
        int64_t asked, least, most;
    } table[] = {{0, 18000, 27000},
                 {60000, 60000, 60000},
                 {86400000, 86400000, 86400000},
                 {INT64_C(2301053168000), 86400000, 86400000}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_pace pace = {0};
        dh_pace_event event = bad(0);
        event.retry_after_ms = table[i].asked;
        dh_pace_after(&pace, &rules, &event, 7);
        assert_true(pace.next_ms >= table[i].least && pace.next_ms <= table[i].most);
    }
    dh_pace pace = {0}; /* with a good answer, too */
    dh_pace_event event = good(0, 0);
    event.retry_after_ms = 50000;
    dh_pace_after(&pace, &rules, &event, 7);
    assert_int_equal(pace.next_ms, 50000);
}

/* The same seed gives the same times; hosts and seeds differ. */
static void jitter(void **state) {
    (void)state;
    dh_pace_rules rules = dh_pace_rules_default(), other = rules;
    other.seed = 1;
    unsigned hosts_differ = 0, seeds_differ = 0;
    for (uint64_t host = 0; host < 100; host++) {
        dh_pace a = {0}, b = {0}, c = {0}, d = {0};
        dh_pace_event event = bad(0);
        dh_pace_after(&a, &rules, &event, host);
        dh_pace_after(&b, &rules, &event, host);
        dh_pace_after(&c, &rules, &event, host + 1);
        dh_pace_after(&d, &other, &event, host);
        assert_int_equal(a.next_ms, b.next_ms);
        hosts_differ += a.next_ms != c.next_ms;
        seeds_differ += a.next_ms != d.next_ms;
    }
    assert_true(hosts_differ > 90 && seeds_differ > 90);
}

static void retries_and_revisits(void **state) {
    (void)state;
    dh_pace_rules rules = dh_pace_rules_default();
    int64_t last = 0;
    for (uint32_t tries = 1; tries < 5; tries++) {
        int64_t wait = dh_pace_retry_ms(tries, &rules, 3);
        assert_true(wait > last && wait <= 36 * 3600000);
        last = wait;
    }
    assert_true(dh_pace_retry_ms(4000000000u, &rules, 3) <= 36 * 3600000);
    const int64_t minute = 60000, day = 86400000;
    assert_int_equal(dh_pace_revisit_ms(0, true), 60 * minute);
    assert_int_equal(dh_pace_revisit_ms(60 * minute, true), 30 * minute);
    assert_int_equal(dh_pace_revisit_ms(60 * minute, false), 90 * minute);
    assert_int_equal(dh_pace_revisit_ms(10 * minute, true), 10 * minute);
    assert_int_equal(dh_pace_revisit_ms(80 * day, false), 90 * day);
    int64_t interval = 0;
    for (int i = 0; i < 40; i++) interval = dh_pace_revisit_ms(interval, false);
    assert_int_equal(interval, 90 * day);
    for (int i = 0; i < 40; i++) interval = dh_pace_revisit_ms(interval, true);
    assert_int_equal(interval, 10 * minute);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(delays), cmocka_unit_test(backs_off),
                                       cmocka_unit_test(retry_after), cmocka_unit_test(jitter),
                                       cmocka_unit_test(retries_and_revisits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
