/* SPDX-License-Identifier: Apache-2.0 */
/* clock: the one place time comes from, for what must be tested with a time of its own. */
#ifndef DH_BASE_CLOCK_H
#define DH_BASE_CLOCK_H

#include <stdint.h>

typedef struct dh_clock {
    int64_t (*now_ms)(void *data);   /* since 1970-01-01 UTC; may jump either way */
    int64_t (*ticks_ms)(void *data); /* since some moment; never goes back */
    void *data;
} dh_clock;

/* The machine's. */
extern const dh_clock dh_clock_system;

static inline int64_t dh_clock_now(const dh_clock *clock) {
    return clock->now_ms(clock->data);
}
static inline int64_t dh_clock_ticks(const dh_clock *clock) {
    return clock->ticks_ms(clock->data);
}

enum { DH_UTC_SIZE = 28 };
/* "2024-05-15T16:32:08Z" (ISO 8601, RFC 3339); years 1 to 9999, others are clamped. */
void dh_clock_print_utc(int64_t ms, char out[DH_UTC_SIZE]);

#endif
