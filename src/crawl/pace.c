/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/pace.h"

#define MINUTE INT64_C(60000)
#define DAY (24 * 60 * MINUTE)

dh_pace_rules dh_pace_rules_default(void) {
    return (dh_pace_rules){.delay_ms = 9000,
                           .max_crawl_delay_ms = 120000,
                           .max_backoff_ms = 3600000,
                           .max_retry_after_ms = 86400000,
                           .breaker_after = 5,
                           .breaker_ms = 1800000,
                           .max_breaker_ms = 86400000};
}

uint32_t dh_pace_delay_ms(const dh_pace *pace, const dh_pace_rules *rules) {
    uint32_t asked = pace->crawl_delay_ms;
    if (asked > rules->max_crawl_delay_ms) asked = rules->max_crawl_delay_ms;
    return asked > rules->delay_ms ? asked : rules->delay_ms;
}

/* SplitMix64's mix: the same numbers on every machine. */
static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

/* wait, and up to half of it more. */
static int64_t jittered(int64_t wait, uint64_t seed, uint64_t who, uint64_t count) {
    uint64_t r = mix(mix(seed ^ who) + count);
    return wait + (int64_t)(r % (uint64_t)(wait / 2 + 1));
}

/* start * 2^times, at most max; never less than start. */
static int64_t doubled(int64_t start, uint32_t times, int64_t max) {
    if (max < start) max = start;
    for (uint32_t i = 0; i < times && start < max; i++) start *= 2;
    return start < max ? start : max;
}

void dh_pace_after(dh_pace *pace, const dh_pace_rules *rules, const dh_pace_event *event,
                   uint64_t host) {
    int64_t delay = dh_pace_delay_ms(pace, rules);
    int64_t next = event->seen_ms + delay;
    if (next < event->over_ms) next = event->over_ms;
    if (!event->trouble) {
        pace->failures = pace->trips = 0;
    } else if (++pace->failures >= rules->breaker_after) {
        /* One more trouble is enough from now on: the next request is a trial. */
        pace->failures = rules->breaker_after;
        int64_t wait = doubled(rules->breaker_ms, pace->trips, rules->max_breaker_ms);
        if (pace->trips < 64) pace->trips++;
        next = event->over_ms + jittered(wait, rules->seed, host, 1000u + pace->trips);
    } else {
        int64_t wait = doubled(delay, pace->failures, rules->max_backoff_ms);
        next = event->over_ms + jittered(wait, rules->seed, host, pace->failures);
    }
    if (event->retry_after_ms >= 0) {
        int64_t asked = event->retry_after_ms;
        if (asked > (int64_t)rules->max_retry_after_ms) asked = rules->max_retry_after_ms;
        if (next < event->over_ms + asked) next = event->over_ms + asked;
    }
    pace->next_ms = next;
}

bool dh_pace_is_broken(const dh_pace *pace) {
    return pace->trips > 0;
}

int64_t dh_pace_retry_ms(uint32_t tries, const dh_pace_rules *rules, uint64_t url) {
    /* In step with the delay, so that a run with a short one is done in a short time. */
    int64_t first = (int64_t)rules->delay_ms * 67;
    if (first > 10 * MINUTE) first = 10 * MINUTE;
    int64_t wait = doubled(first, tries > 1 ? 2 * (tries - 1) : 0, DAY);
    return jittered(wait, rules->seed, url, tries);
}

int64_t dh_pace_revisit_ms(int64_t interval_ms, bool changed) {
    if (interval_ms <= 0) return 60 * MINUTE;
    int64_t next = changed ? interval_ms / 2 : interval_ms + interval_ms / 2;
    if (next < 10 * MINUTE) return 10 * MINUTE;
    return next < 90 * DAY ? next : 90 * DAY;
}
