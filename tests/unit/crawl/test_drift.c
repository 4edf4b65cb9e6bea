/* SPDX-License-Identifier: Apache-2.0 */
/* A month of a site that changes its design once: the alert comes within 20 articles, and never before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawl/drift.h"

static uint64_t seed;

static uint32_t next(uint32_t below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* Characters of an article: mostly 1,500 to 6,000, now and then a flash or a long read. */
static uint64_t length(void) {
    uint32_t kind = next(10);
    if (kind == 0) return 300 + next(700);
    if (kind == 1) return 8000 + next(12000);
    return 1500 + next(4500);
}

static void lines(void **state) {
    (void)state;
    for (unsigned site = 0; site < 60; site++) {
        seed = site + 1;
        dh_drift_line line = {0};
        unsigned change = 400 + next(100), alert = 0;
        for (unsigned page = 0; page < 600 && alert == 0; page++) {
            bool hit = page < change && next(100) < 97;
            if (dh_drift_line_page(&line, hit)) alert = page + 1;
        }
        if (alert <= change || alert > change + 20)
            fail_msg("site %u changed at %u, alert at %u", site, change, alert);
    }
}

static void lengths(void **state) {
    (void)state;
    for (unsigned site = 0; site < 60; site++) {
        seed = site + 1000;
        dh_drift_lengths l = {0};
        unsigned change = 400 + next(100), alert = 0;
        for (unsigned page = 0; page < 600 && alert == 0; page++) {
            uint64_t chars = page < change ? length() : 100 + next(500); /* teasers only */
            if (dh_drift_lengths_page(&l, chars)) alert = page + 1;
        }
        if (alert <= change || alert > change + 20)
            fail_msg("site %u changed at %u, alert at %u", site, change, alert);
    }
}

/* Two thirds of each article are lost: that takes longer to be sure of. */
static void shrunk(void **state) {
    (void)state;
    for (unsigned site = 0; site < 60; site++) {
        seed = site + 5000;
        dh_drift_lengths l = {0};
        unsigned change = 400 + next(100), alert = 0;
        for (unsigned page = 0; page < 600 && alert == 0; page++)
            if (dh_drift_lengths_page(&l, page < change ? length() : length() / 3))
                alert = page + 1;
        if (alert <= change || alert > change + 80)
            fail_msg("site %u changed at %u, alert at %u", site, change, alert);
    }
}

/* Lines that act on some pages only, sites that are young, a year without a change: no alert. */
static void quiet(void **state) {
    (void)state;
    dh_drift_line rare = {0}, young = {0};
    seed = 5;
    for (unsigned page = 0; page < 20000; page++)
        assert_false(dh_drift_line_page(&rare, next(100) < 40));
    for (unsigned page = 0; page < 19; page++) assert_false(dh_drift_line_page(&young, true));
    for (unsigned page = 0; page < 50; page++) assert_false(dh_drift_line_page(&young, false));
    dh_drift_lengths l = {0};
    for (unsigned page = 0; page < 2000; page++) assert_false(dh_drift_lengths_page(&l, length()));
    /* Once only, and again after it has come back. */
    dh_drift_line line = {0};
    unsigned alerts = 0;
    for (unsigned page = 0; page < 300; page++) alerts += dh_drift_line_page(&line, page < 200);
    assert_int_equal(alerts, 1);
    dh_drift_lengths bad = {.count = 4000000000u};
    assert_false(dh_drift_lengths_page(&bad, 5));
    assert_int_equal(bad.count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines), cmocka_unit_test(lengths),
                                       cmocka_unit_test(shrunk), cmocka_unit_test(quiet)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
