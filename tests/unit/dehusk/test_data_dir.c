/* SPDX-License-Identifier: Apache-2.0 */
/* The test program stands in BUILD/tests, beside BUILD/share as an installed one would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "dehusk/data_dir.h"

static void finds_the_folder_beside_the_program(void **state) {
    (void)state;
    dh_buf dir;
    struct stat found, source;
    assert_int_equal(stat(DH_SOURCE_DIR "/rules", &source), 0);
    dh_buf_init(&dir, NULL, 0);
    assert_true(dh_data_dir("rules", &dir));
    assert_int_equal(stat(dh_buf_cstr(&dir), &found), 0);
    assert_int_equal(found.st_ino, source.st_ino);
    dh_buf_release(&dir);
}

static void falls_back_to_the_configured_folder(void **state) {
    (void)state;
    dh_buf dir;
    dh_buf_init(&dir, NULL, 0);
    dh_buf_puts(&dir, "what was in it");
    assert_true(dh_data_dir("no such part", &dir));
    assert_true(dh_slice_ends(dh_buf_slice(&dir), DH_SLICE("/share/dehusk/no such part")));
    assert_int_equal(dh_buf_cstr(&dir)[0], '/');
    dh_buf_release(&dir);
}

static void says_when_the_buffer_is_full(void **state) {
    (void)state;
    dh_buf dir;
    dh_buf_init(&dir, NULL, 5);
    assert_false(dh_data_dir("rules", &dir));
    dh_buf_release(&dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_folder_beside_the_program),
        cmocka_unit_test(falls_back_to_the_configured_folder),
        cmocka_unit_test(says_when_the_buffer_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
