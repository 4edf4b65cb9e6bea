/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/retry_after.h"

static void values(void **state) {
    (void)state;
    static const struct {
        const char *value;
        int64_t ms;
    } table[] = {
        {"120", 120000},
        {" 0 ", 0},
        {"2301053168", INT64_C(2301053168000)},
        {"99999999999999999999999", INT64_MAX / 2},
        {"9223372036854775807", INT64_MAX / 2},
        {"-1", -1},
        {"1.5", -1},
        {"soon", -1},
        {"", -1},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 37000},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 37000},
        {"Sun Nov  6 08:49:37 1994", 37000},
        {"Sun, 06 Nov 1994 08:48:00 GMT", 0},
        {"Sun, 99 Nov 1994 08:48:00 GMT", -1},
    };
    const int64_t now = INT64_C(784111740000); /* 1994-11-06T08:49:00Z */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t ms = dh_retry_after_ms(dh_slice_cstr(table[i].value), now);
        if (ms != table[i].ms) fail_msg("'%s': %lld", table[i].value, (long long)ms);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
