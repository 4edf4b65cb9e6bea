/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "corpus/plan.h"

static dh_arena arena;

static dh_plan_input page(const char *path) {
    const char *slash = strrchr(path, '/');
    return (dh_plan_input){.name = slash != NULL ? slash + 1 : path, .path = path, .bytes = 7};
}

static dh_plan_input archive(const char *path) {
    dh_plan_input input = page(path);
    input.many = true;
    return input;
}

static void same_plan_in_any_order(void **state) {
    (void)state;
    dh_plan_input a[] = {page("x/c"), archive("x/b"), page("x/a"), page("y/a"), page("x/a")};
    dh_plan_input b[] = {page("x/a"), page("y/a"), page("x/a"), archive("x/b"), page("x/c")};
    dh_plan p, q;
    dh_plan_make(&p, a, 5, &arena);
    dh_plan_make(&q, b, 5, &arena);
    assert_string_equal(p.digest, q.digest);
    assert_int_equal(p.len, 4); /* x/a was named twice */
    assert_int_equal(p.units.len, 3);
    assert_string_equal(p.inputs[0].path, "x/a");
    assert_string_equal(p.inputs[1].path, "y/a");
    assert_int_equal(p.units.ptr[0].end, 2);
    assert_string_equal(p.inputs[p.units.ptr[1].begin].name, "b");
    assert_int_equal(p.bytes, 28);
    b[0].bytes = 8;
    dh_plan_make(&q, b, 4, &arena);
    assert_string_not_equal(p.digest, q.digest);
}

static void pages_are_bundled(void **state) {
    (void)state;
    enum { COUNT = DH_UNIT_PAGES * 2 + 1 };
    static char names[COUNT][16];
    static dh_plan_input inputs[COUNT];
    dh_plan plan;
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%06d", i);
        inputs[i] = page(names[i]);
    }
    dh_plan_make(&plan, inputs, COUNT, &arena);
    assert_int_equal(plan.units.len, 3);
    assert_int_equal(plan.units.ptr[1].begin, DH_UNIT_PAGES);
    assert_int_equal(plan.units.ptr[2].end, COUNT);
    dh_plan_make(&plan, inputs, 0, &arena);
    assert_int_equal(plan.units.len, 0);
}

/* ---- tasks ---- */

/* What the environment has: name, value, ... */
static const char *const *environment;

static char *get(const char *name) {
    static char value[32];
    for (const char *const *p = environment; *p != NULL; p += 2)
        if (strcmp(p[0], name) == 0) {
            snprintf(value, sizeof value, "%s", p[1]);
            return value;
        }
    return NULL;
}

static void tasks(void **state) {
    (void)state;
    static const struct {
        const char *option;
        const char *environment[9];
        unsigned long long number, of; /* 0: refused */
    } rows[] = {
        {NULL, {NULL}, 1, 1},
        {"3/64", {NULL}, 3, 64},
        {"64/64", {NULL}, 64, 64},
        {"0/3", {NULL}, 0, 0},
        {"4/3", {NULL}, 0, 0},
        {"3", {NULL}, 0, 0},
        {"", {NULL}, 0, 0},
        {"/", {NULL}, 0, 0},
        {"/3", {NULL}, 0, 0},
        {"-1/3", {NULL}, 0, 0},
        {"1/18446744073709551616", {NULL}, 0, 0},
        {NULL, {"SLURM_ARRAY_TASK_ID", "4", "SLURM_ARRAY_TASK_COUNT", "8"}, 5, 8},
        {NULL,
         {"SLURM_ARRAY_TASK_ID", "1", "SLURM_ARRAY_TASK_MIN", "1", "SLURM_ARRAY_TASK_COUNT", "8"},
         1,
         8},
        {NULL,
         {"SLURM_ARRAY_TASK_ID", "30", "SLURM_ARRAY_TASK_MIN", "10", "SLURM_ARRAY_TASK_STEP", "10",
          "SLURM_ARRAY_TASK_COUNT", "4"},
         3,
         4},
        {NULL, {"SLURM_ARRAY_TASK_ID", "9", "SLURM_ARRAY_TASK_COUNT", "8"}, 0, 0},
        {NULL,
         {"SLURM_ARRAY_TASK_ID", "0", "SLURM_ARRAY_TASK_MIN", "1", "SLURM_ARRAY_TASK_COUNT", "8"},
         0,
         0},
        {NULL, {"SLURM_ARRAY_TASK_ID", "1"}, 0, 0},
        {"1/1", {"SLURM_ARRAY_TASK_ID", "4", "SLURM_ARRAY_TASK_COUNT", "8"}, 1, 1},
        {NULL, {"JOB_COMPLETION_INDEX", "0"}, 0, 0},
        {"/5", {"JOB_COMPLETION_INDEX", "4"}, 5, 5},
        {NULL, {"JOB_COMPLETION_INDEX", "4", "JOB_COMPLETIONS", "5"}, 5, 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_plan_task task;
        dh_error error = {0};
        environment = rows[i].environment;
        dh_status status = dh_plan_task_read(&task, rows[i].option, get, &error);
        if ((status == DH_OK) != (rows[i].of > 0)) fail_msg("row %zu: %s", i, error.message);
        if (status != DH_OK) {
            assert_int_equal(status, DH_ERR_USAGE);
            assert_true(error.message[0] != '\0');
        } else if (task.number != rows[i].number || task.of != rows[i].of) {
            fail_msg("row %zu", i);
        }
    }
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
        cmocka_unit_test(same_plan_in_any_order),
        cmocka_unit_test(pages_are_bundled),
        cmocka_unit_test(tasks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
