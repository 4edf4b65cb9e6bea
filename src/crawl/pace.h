/* SPDX-License-Identifier: Apache-2.0 */
/* pace: when a host may be asked again. Pure: times come in, times go out.
 *
 * A host is asked one thing at a time, and not again until the delay is over since its answer began (so
 * that by its own clock, too, no two requests are closer). Trouble (no answer, 429, 5xx) doubles the
 * wait, with jitter that only adds; after some troubles in a row the circuit breaker leaves the host
 * alone for long, then lets one request through to see. */
#ifndef DH_CRAWL_PACE_H
#define DH_CRAWL_PACE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct dh_pace_rules {
    uint32_t delay_ms;           /* between requests to a host */
    uint32_t max_crawl_delay_ms; /* robots.txt may ask for more than delay_ms, up to this */
    uint32_t max_backoff_ms;
    uint32_t max_retry_after_ms;
    uint32_t breaker_after; /* troubles in a row */
    uint32_t breaker_ms, max_breaker_ms;
    uint64_t seed; /* of the jitter */
} dh_pace_rules;

/* 9 s, Crawl-delay to 120 s, back-off to 1 h, Retry-After to 24 h; after 5 troubles 30 min to 24 h. */
dh_pace_rules dh_pace_rules_default(void);

/* A host's; begins as zeros. */
typedef struct dh_pace {
    int64_t next_ms;         /* not before */
    uint32_t crawl_delay_ms; /* of its robots.txt; 0: none */
    uint32_t failures;       /* troubles in a row */
    uint32_t trips;          /* of the breaker in a row */
} dh_pace;

typedef struct dh_pace_event {
    int64_t seen_ms;        /* the answer's first byte was there; its end when there was none */
    int64_t over_ms;        /* the request was over */
    int64_t retry_after_ms; /* as the server asks, from over_ms on; <0: it does not */
    bool trouble;
} dh_pace_event;

/* The delay that holds for the host. */
uint32_t dh_pace_delay_ms(const dh_pace *pace, const dh_pace_rules *rules);
/* Takes an event into account. host: any number that stays the same, for the jitter. */
void dh_pace_after(dh_pace *pace, const dh_pace_rules *rules, const dh_pace_event *event,
                   uint64_t host);
/* Whether the breaker keeps the host from being asked (its next request is a trial). */
bool dh_pace_is_broken(const dh_pace *pace);
/* When to try an address again that failed `tries` times: minutes, then hours, then a day. */
int64_t dh_pace_retry_ms(uint32_t tries, const dh_pace_rules *rules, uint64_t url);

/* Revisits of feeds and section pages: half the interval after a change, half as much again without
 * one, within 10 minutes and 90 days. interval_ms 0: the first. */
int64_t dh_pace_revisit_ms(int64_t interval_ms, bool changed);

#endif
