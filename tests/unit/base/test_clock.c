/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"

static void prints_utc(void **state) {
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {INT64_C(1715790728999), "2024-05-15T16:32:08Z"},
        {INT64_C(951782400000), "2000-02-29T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {INT64_MIN, "0001-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DH_UTC_SIZE];
        dh_clock_print_utc(rows[i].ms, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void goes_on(void **state) {
    (void)state;
    int64_t before = dh_clock_ticks(&dh_clock_system);
    assert_true(dh_clock_ticks(&dh_clock_system) >= before);
    assert_true(dh_clock_now(&dh_clock_system) > INT64_C(1700000000000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_utc),
        cmocka_unit_test(goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
