/* SPDX-License-Identifier: Apache-2.0 */
/* The classifier's arithmetic: trees walked as the table says, blocks chosen by expected F1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "extract/model.h"

#define NODE(column, skip, value) ((uint32_t)(uint16_t)(value) << 16 | (skip) << 8 | (column))
#define LEAF(value) NODE(255u, 0u, value)

/* if (row[0] <= 10) row[2] <= -5 ? 100 : -200; else 300.   if (row[1] <= 0) -1024; else 1024. */
static const uint32_t nodes[] = {NODE(0u, 4u, 10), NODE(2u, 2u, -5), LEAF(100),  LEAF(-200),
                                 LEAF(300),        NODE(1u, 2u, 0),  LEAF(-1024), LEAF(1024)};
static const uint16_t roots[] = {0, 5};
static const dh_model model = {nodes, roots, 2};

static void test_trees(void **state) {
    (void)state;
    static const struct {
        int16_t row[3];
        int32_t want;
    } rows[] = {
        {{10, 0, -5}, 100 - 1024},  {{10, 1, -4}, -200 + 1024}, {{11, 1, -5}, 300 + 1024},
        {{-32768, 0, 0}, -200 - 1024}, {{32767, 32767, 0}, 300 + 1024},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(dh_model_logit(&model, rows[i].row), rows[i].want);
}

static void test_chance(void **state) {
    (void)state;
    assert_int_equal(dh_model_chance_of(0), 500);
    assert_int_equal(dh_model_chance_of(1024), 731);
    assert_int_equal(dh_model_chance_of(-1024), 269);
    assert_int_equal(dh_model_chance_of(INT16_MAX * 100), 1000);
    assert_int_equal(dh_model_chance_of(INT16_MIN * 100), 0);
    int32_t last = 0;
    for (int32_t z = -20000; z < 20000; z += 7) {
        int32_t now = dh_model_chance_of(z);
        assert_true(now >= last);
        last = now;
    }
}

/* A block's words weigh: keeping a doubtful long block costs more than a doubtful short one. */
static void test_choice(void **state) {
    (void)state;
    static const struct {
        int32_t chance[5];
        uint32_t words[5];
        dh_focus focus;
        const char *want;
    } rows[] = {
        {{990, 980, 10, 20, 950}, {50, 40, 30, 20, 60}, DH_FOCUS_BALANCED, "11001"},
        {{0, 0, 0, 0, 0}, {50, 40, 30, 20, 60}, DH_FOCUS_BALANCED, "00000"},
        {{900, -1, 900, -1, 900}, {10, 10, 10, 10, 10}, DH_FOCUS_BALANCED, "10101"},
        {{500, 500, 500, 500, 500}, {10, 10, 10, 10, 10}, DH_FOCUS_BALANCED, "11111"},
        {{950, 400, 400, 10, 10}, {100, 30, 30, 10, 10}, DH_FOCUS_BALANCED, "10000"},
        {{950, 450, 450, 10, 10}, {100, 30, 30, 10, 10}, DH_FOCUS_PRECISION, "10000"},
        {{950, 450, 450, 10, 10}, {100, 30, 30, 10, 10}, DH_FOCUS_RECALL, "11100"},
        {{990, 700, 700, 100, 100}, {100, 30, 30, 10, 10}, DH_FOCUS_PRECISION, "10000"},
        {{990, 700, 700, 100, 100}, {100, 30, 30, 10, 10}, DH_FOCUS_BALANCED, "11100"},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool keep[5];
        int32_t sure =
            dh_model_choose(rows[i].chance, rows[i].words, 5, rows[i].focus, &arena, keep);
        char got[6] = "00000";
        for (int k = 0; k < 5; k++) got[k] = keep[k] ? '1' : '0';
        if (strcmp(got, rows[i].want) != 0) print_error("row %zu\n", i);
        assert_string_equal(got, rows[i].want);
        assert_in_range(sure, 0, 1000);
    }
    dh_arena_release(&arena);
}

/* Nothing overflows at a page of the largest blocks. */
static void test_large(void **state) {
    (void)state;
    enum { BLOCKS = 200000 };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    int32_t *chance = dh_arena_alloc(&arena, BLOCKS * sizeof *chance);
    uint32_t *words = dh_arena_alloc(&arena, BLOCKS * sizeof *words);
    bool *keep = dh_arena_alloc(&arena, BLOCKS);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        chance[i] = i < BLOCKS / 2 ? 990 : 5;
        words[i] = UINT32_MAX;
    }
    int32_t sure =
        dh_model_choose(chance, words, BLOCKS, DH_FOCUS_BALANCED, &arena, keep);
    assert_in_range(sure, 950, 1000);
    assert_true(keep[0]);
    assert_false(keep[BLOCKS - 1]);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
