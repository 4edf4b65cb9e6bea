/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/chart.h"
#include "corpus/survey.h"

/* Each class begins where the one before it ends. */
static void lengths(void **state) {
    (void)state;
    assert_int_equal(dh_length_class(0), 0);
    assert_int_equal(dh_length_class(9), 1);
    assert_int_equal(dh_length_class(10), 2);
    assert_int_equal(dh_length_class(99), 7);
    assert_int_equal(dh_length_begin(8), 100);
    for (int class = 1; class < DH_LENGTH_CLASSES; class ++) {
        assert_int_equal(dh_length_class(dh_length_begin(class)), class);
        assert_int_equal(dh_length_class(dh_length_begin(class) - 1), class - 1);
    }
    assert_int_equal(dh_length_class(UINT64_MAX), DH_LENGTH_CLASSES - 1);
}

static void numbers(void **state) {
    (void)state;
    static const struct {
        uint64_t value, total;
        const char *number, *share;
    } rows[] = {
        {0, 0, "0", "0 %"},
        {7, 7, "7", "100 %"},
        {999, 2000, "999", "49.9 %"},
        {1000, 4000, "1,000", "25 %"},
        {1, 100000, "1", "&lt; 0.1 %"},
        {1234567, 10000000, "1,234,567", "12.3 %"},
        {UINT64_MAX, UINT64_MAX, "18,446,744,073,709,551,615", "100 %"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf out = {0};
        dh_chart_number(&out, rows[i].value);
        assert_string_equal(dh_buf_cstr(&out), rows[i].number);
        dh_buf_reset(&out);
        dh_chart_share(&out, rows[i].value, rows[i].total);
        assert_string_equal(dh_buf_cstr(&out), rows[i].share);
        dh_buf_release(&out);
    }
}

/* The parts of a bar touch, fill it, and are never out of it; what is there is seen, what is not is not drawn. */
static void bars(void **state) {
    (void)state;
    dh_chart_part parts[] = {{DH_SLICE_INIT("kept"), "f-kept", 750000},
                             {DH_SLICE_INIT("none"), "f-1", 0},
                             {DH_SLICE_INIT("a<b"), "f-2", 249999},
                             {DH_SLICE_INIT("one"), "f-3", 1}};
    dh_buf out = {0};
    dh_chart_bar(&out, parts, 4, 1000000, "documents");
    const char *svg = dh_buf_cstr(&out);
    assert_non_null(strstr(svg, "<rect class=\"f-kept\" x=\"0\" width=\"7500\""));
    assert_null(strstr(svg, "f-1"));
    assert_non_null(strstr(svg, "<rect class=\"f-2\" x=\"7500\" width=\"2499\""));
    assert_non_null(strstr(svg, "a&lt;b: 249,999 documents, 24.9 %"));
    assert_non_null(strstr(svg, "<rect class=\"f-3\" x=\"9999\" width=\"1\""));
    dh_buf_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lengths), cmocka_unit_test(numbers),
                                       cmocka_unit_test(bars)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
