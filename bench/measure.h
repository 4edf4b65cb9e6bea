/* SPDX-License-Identifier: Apache-2.0 */
/* What the measuring programs share. Each defines BENCH, its name, before it includes this. */
#ifndef DH_BENCH_MEASURE_H
#define DH_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void die(const char *what, const char *why) {
    fprintf(stderr, BENCH ": %s: %s\n", what, why);
    exit(1);
}

static inline double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* share 0.5: the median, 0.99: the 99th percentile. Sorts values. */
static inline double quantile(double *values, size_t count, double share) {
    if (count == 0) return 0;
    qsort(values, count, sizeof *values, compare);
    return values[(size_t)(share * (double)(count - 1) + 0.5)];
}

#endif
