/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id) {
    struct timespec t = {0};
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t now(void *data) {
    (void)data;
    return read_clock(CLOCK_REALTIME);
}

static int64_t ticks(void *data) {
    (void)data;
    return read_clock(CLOCK_MONOTONIC);
}

const dh_clock dh_clock_system = {now, ticks, 0};

void dh_clock_print_utc(int64_t ms, char out[DH_UTC_SIZE]) {
    static const int64_t first = INT64_C(-62135596800), last = INT64_C(253402300799);
    int64_t seconds = ms / 1000 - (ms % 1000 < 0);
    seconds = seconds < first ? first : seconds > last ? last : seconds;
    time_t moment = (time_t)seconds;
    struct tm t = {0};
    gmtime_r(&moment, &t);
    snprintf(out, DH_UTC_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
             (unsigned)(t.tm_year + 1900) % 10000, (unsigned)(t.tm_mon + 1) % 100,
             (unsigned)t.tm_mday % 100, (unsigned)t.tm_hour % 100, (unsigned)t.tm_min % 100,
             (unsigned)t.tm_sec % 100);
}
