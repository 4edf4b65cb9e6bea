/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/sort.h"

/* As many records as are put come back, in order, twice; in memory, in a file, in many pieces of it. */
static void sorted(void **state) {
    (void)state;
    static const struct {
        size_t size, memory, count;
    } rows[] = {
        {DH_SORT_SMALL, 0, 0},          {DH_SORT_SMALL, 0, 1},    {DH_SORT_SMALL, 0, 1000},
        {DH_SORT_SMALL, 16, 50},        {DH_SORT_SMALL, 160, 10}, {DH_SORT_SMALL, 160, 11},
        {DH_SORT_SMALL, 4000, 100000},  {DH_SORT_LARGE, 0, 1000}, {DH_SORT_LARGE, 1, 30},
        {DH_SORT_LARGE, 200000, 20000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_sorter *s;
        dh_error error = {0};
        uint64_t seed = i, sum = 0;
        assert_int_equal(dh_sorter_new(rows[i].size, rows[i].memory, "/tmp", &s, &error), DH_OK);
        for (size_t k = 0; k < rows[i].count; k++) {
            unsigned char record[DH_SORT_LARGE] = {0};
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            dh_sort_put_u64(record, seed >> 40); /* some are equal */
            dh_sort_put_u64(record + rows[i].size - 8, k);
            sum += k + (seed >> 40);
            assert_int_equal(dh_sorter_put(s, record, &error), DH_OK);
        }
        for (int round = 0; round < 2; round++) {
            unsigned char before[DH_SORT_LARGE] = {0};
            const void *record;
            uint64_t again = 0;
            size_t count = 0;
            dh_status status;
            assert_int_equal(dh_sorter_rewind(s, &error), DH_OK);
            while ((status = dh_sorter_next(s, &record, &error)) == DH_OK) {
                const unsigned char *bytes = record;
                assert_true(count == 0 || memcmp(before, bytes, rows[i].size) < 0);
                memcpy(before, bytes, rows[i].size);
                again += dh_sort_u64(bytes) + dh_sort_u64(bytes + rows[i].size - 8);
                count++;
            }
            assert_int_equal(status, DH_ERR_EMPTY);
            assert_int_equal(count, rows[i].count);
            assert_true(again == sum);
        }
        dh_sorter_free(s);
    }
}

static void refused(void **state) {
    (void)state;
    dh_sorter *s;
    dh_error error = {0};
    assert_int_equal(dh_sorter_new(17, 0, "/tmp", &s, &error), DH_ERR_USAGE);
    assert_int_equal(dh_sorter_new(DH_SORT_SMALL, 0, "/nowhere/at/all", &s, &error), DH_ERR_IO);
    assert_null(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sorted), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
