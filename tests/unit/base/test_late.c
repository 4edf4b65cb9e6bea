/* SPDX-License-Identifier: Apache-2.0 */
#include "base/late.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define FUNCTIONS(X)                                                                               \
    X(floor)                                                                                       \
    X(pow)
DH_LATE_LIBRARY("libm.so.6", FUNCTIONS)

static void loads_a_library(void **state) {
    (void)state;
    assert_true(loaded());
    assert_true(real.floor(2.5) == 2);
    assert_true(real.pow(2, 10) == 1024);
    assert_true(loaded());
}

static void misses_what_is_not_there(void **state) {
    (void)state;
    static const char *const names[] = {"floor", "no_such_function", "pow"};
    double (*table[3])(double) = {NULL};
    assert_true(dh_late_load("libm.so.6", names, 1, table));
    assert_true(table[0](1.5) == 1);
    assert_false(dh_late_load("libm.so.6", names, 3, table));
    assert_false(dh_late_load("libno-such-library.so.9", names, 1, table));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_a_library),
        cmocka_unit_test(misses_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
