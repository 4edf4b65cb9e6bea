/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "corpus/marker.h"

static dh_arena arena;

static void fill(dh_marker *marker) {
    dh_marker_init(marker, &arena);
    marker->name = DH_SLICE("000003-0001");
    marker->ending = DH_SLICE(".jsonl.zst");
    marker->first = DH_SLICE("a \"b\"\n.html");
    marker->unit = 3;
    marker->piece = 1;
    marker->last = true;
    marker->documents = 6;
    marker->fates[DH_FATE_KEPT] = 3;
    marker->fates[DH_FATE_REJECTED] = 2;
    marker->fates[DH_FATE_FAILED] = 1;
    marker->input_bytes = UINT64_C(1) << 40;
    dh_tally_add(&marker->hosts, DH_SLICE("z.example"), DH_FATE_KEPT, 3);
    dh_tally_add(&marker->hosts, DH_SLICE("a.example"), DH_FATE_REJECTED, 2);
    dh_tally_add(&marker->reasons, DH_SLICE("no_text"), DH_FATE_REJECTED, 2);
    marker->kept = (dh_marker_file){3, 300, 30, "sha256:ab"};
    *DH_PUSH(&arena, marker->inputs) = (dh_marker_input){DH_SLICE("x"), 17, DH_SLICE("sha256:cd")};
}

static void written_and_read_again(void **state) {
    (void)state;
    dh_marker marker, again;
    dh_buf first = {0}, second = {0};
    dh_error error = {0};
    fill(&marker);
    dh_marker_put(&marker, &first);
    assert_int_equal(dh_marker_parse(&again, dh_buf_slice(&first), &arena, &error), DH_OK);
    assert_true(dh_slice_eq(again.first, marker.first));
    assert_int_equal(again.input_bytes, marker.input_bytes);
    assert_int_equal(again.kept.stored, 30);
    assert_int_equal(again.inputs.len, 1);
    assert_true(dh_slice_eq(again.hosts.rows.ptr[0].name, DH_SLICE("a.example")));
    dh_marker_put(&again, &second);
    assert_true(dh_slice_eq(dh_buf_slice(&first), dh_buf_slice(&second)));

    /* Broken off anywhere it is refused. */
    for (size_t len = 0; len + 2 < first.len; len++)
        assert_int_not_equal(dh_marker_parse(&again, dh_slice_make(first.ptr, len), &arena, &error),
                             DH_OK);
    dh_buf_release(&first);
    dh_buf_release(&second);
}

static void members_that_are_missing_are_named(void **state) {
    (void)state;
    static const char *const names[] = {"unit", "kept", "hosts", "data", "inputs", "words"};
    dh_marker marker, again;
    dh_buf text = {0};
    fill(&marker);
    dh_marker_put(&marker, &text);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char needle[32], want[64];
        dh_error error = {0};
        snprintf(needle, sizeof needle, "\"%s\"", names[i]);
        snprintf(want, sizeof want, "its %s is missing or damaged", needle);
        dh_slice copy = dh_arena_dup(&arena, dh_buf_slice(&text));
        size_t at = dh_slice_find(copy, dh_slice_cstr(needle));
        assert_true(at != DH_NPOS);
        memset(text.ptr + at + 1, 'x', strlen(names[i]));
        assert_int_equal(dh_marker_parse(&again, dh_buf_slice(&text), &arena, &error),
                         DH_ERR_SYNTAX);
        assert_string_equal(error.message, want);
        memcpy(text.ptr, copy.ptr, copy.len);
    }
    dh_buf_release(&text);
}

static void sums(void **state) {
    (void)state;
    dh_marker marker, sum;
    fill(&marker);
    dh_marker_init(&sum, &arena);
    dh_marker_add(&sum, &marker);
    dh_marker_add(&sum, &marker);
    assert_int_equal(sum.documents, 12);
    assert_int_equal(sum.kept.bytes, 600);
    dh_tally_rank(&sum.hosts);
    assert_true(dh_slice_eq(sum.hosts.rows.ptr[0].name, DH_SLICE("z.example")));
    assert_int_equal(dh_tally_sum(&sum.hosts.rows.ptr[0]), 6);
    dh_tally_add(&sum.hosts, DH_SLICE("a.example"), DH_FATE_KEPT, 10); /* sorted, and still found */
    assert_int_equal(sum.hosts.rows.len, 2);
    assert_int_equal(sum.hosts.rows.ptr[1].count[DH_FATE_KEPT], 10);
}

static int setup(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read_again),
        cmocka_unit_test(members_that_are_missing_are_named),
        cmocka_unit_test(sums),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
