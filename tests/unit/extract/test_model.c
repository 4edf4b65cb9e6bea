/* SPDX-License-Identifier: Apache-2.0 */
/* The classifier's arithmetic: trees walked as the table says, blocks chosen by expected F1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "extract/batch.h"
#include "extract/model_file.h"

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

/* A hundred trees against it end the walk; one tree less does not. */
static void test_hopeless(void **state) {
    (void)state;
    static const uint32_t leaves[] = {LEAF(-1024), LEAF(1024)};
    uint16_t where[110] = {0};
    for (int i = 100; i < 110; i++) where[i] = 1;
    const int16_t row[1] = {0};
    assert_int_equal(dh_model_logit(&(dh_model){leaves, where, 110}, row), -100 * 1024);
    for (int i = 4; i < 100; i++) where[i] = i & 1; /* sums up to -4: not below */
    assert_int_equal(dh_model_logit(&(dh_model){leaves, where, 110}, row), (-4 + 10) * 1024);
}

/* Rows such as the columns have: mostly small, some at the ends of the range. */
static void fill_row(int16_t *row, uint32_t *seed) {
    for (int k = 0; k < DH_FEATURE_COUNT; k++) {
        *seed = *seed * 1664525u + 1013904223u;
        const uint32_t dice = *seed >> 28;
        row[k] = (int16_t)(dice < 6 ? 0 : dice < 14 ? *seed >> 8 & 0x7F : *seed >> 8 & 0xFFFF);
    }
}

/* The batch against the walk, block by block, in an order with gaps. */
static void check_batch(const dh_model *m, uint32_t count, uint32_t seed) {
    enum { MOST = 200 };
    static int16_t rows[MOST][DH_FEATURE_COUNT];
    int32_t logits[2 * MOST];
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (uint32_t i = 0; i < 2 * MOST; i++) logits[i] = 12345678;
    dh_batch *batch = dh_batch_new(m, count, logits, &arena);
    for (uint32_t i = 0; i < count; i++) {
        fill_row(rows[i], &seed);
        dh_batch_add(batch, 2 * i, rows[i]);
    }
    dh_batch_finish(batch);
    for (uint32_t i = 0; i < MOST; i++) {
        assert_int_equal(logits[2 * i + 1], 12345678);
        assert_int_equal(logits[2 * i], i < count ? dh_model_logit(m, rows[i]) : 12345678);
    }
    dh_arena_release(&arena);
}

static void test_batch(void **state) {
    (void)state;
    const dh_models *shipped = &dh_models_built_in;
    static const uint32_t counts[] = {0, 1, 15, 16, 17, 31, 33, 64, 200};
    for (uint32_t seed = 1; seed < 6; seed++) {
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            check_batch(&shipped->page, counts[i], seed);
            check_batch(&shipped->text, counts[i], seed);
            check_batch(&model, counts[i], seed);
        }
    }
    /* As many trees as are looked at before hope is given up, one less, one more. */
    for (uint16_t trees = 99; trees < 102; trees++)
        check_batch(&(dh_model){shipped->page.nodes, shipped->page.roots, trees}, 100, trees);
}

/* Trees that have no place in 32 bits, or that are sound and yet none: they are walked. */
static void test_batch_odd(void **state) {
    (void)state;
    enum { DEEP = 40 };
    uint32_t comb[2 * DEEP + 1];
    const uint16_t root[] = {0};
    for (uint32_t i = 0; i < DEEP; i++) { /* row[0] <= 0: a leaf, and so on to the right */
        comb[2 * i] = NODE(i, 2u, (int)i);
        comb[2 * i + 1] = LEAF((int)i);
    }
    comb[2 * DEEP] = LEAF(1000);
    check_batch(&(dh_model){comb, root, 1}, 100, 7);
    for (uint32_t i = 0; i < DEEP; i++) { /* to the left */
        comb[i] = NODE(i, 2u * (DEEP - i), (int)i);
        comb[2 * DEEP - i] = LEAF((int)i);
    }
    comb[DEEP] = LEAF(1000);
    check_batch(&(dh_model){comb, root, 1}, 100, 8);
    static const uint32_t shared[] = {NODE(0u, 2u, 10), NODE(1u, 2u, 10), LEAF(1), LEAF(2)};
    check_batch(&(dh_model){shared, root, 1}, 100, 9);
    static const uint32_t same[] = {NODE(0u, 1u, 10), LEAF(5), LEAF(6)};
    check_batch(&(dh_model){same, root, 1}, 100, 10);
}

static void put_u32(dh_buf *out, uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) dh_buf_putc(out, (char)(value >> shift & 0xFF));
}

/* A file with the model above in both places; `break_at` of its nodes is replaced by `with`. */
static void put_file(dh_buf *out, int break_at, uint32_t with) {
    dh_buf_puts(out, "dehusk model 1\ncolumns");
#define DH_FEATURE(name, tree, help) dh_buf_puts(out, "\t" #name);
#include "extract/features.def"
#undef DH_FEATURE
    for (int k = 0; k < 2; k++) {
        dh_buf_puts(out, k == 0 ? "\npage 2 8\n" : "text 2 8\n");
        for (int i = 0; i < 2; i++) put_u32(out, roots[i]);
        for (int i = 0; i < 8; i++) put_u32(out, i == break_at ? with : nodes[i]);
    }
}

static void test_file(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_buf file;
    dh_buf_init(&file, &arena, 0);
    put_file(&file, -1, 0);
    dh_models models;
    dh_error error;
    dh_slice whole = dh_buf_slice(&file);
    assert_int_equal(dh_models_read(&models, whole, "m", &arena, &error), DH_OK);
    assert_int_equal(dh_model_logit(&models.page, (const int16_t[]){10, 0, -5}), 100 - 1024);
    assert_int_equal(dh_model_logit(&models.text, (const int16_t[]){11, 1, -5}), 300 + 1024);
    /* Cut off anywhere it is refused, without a read behind its end. */
    for (size_t len = 0; len < whole.len; len++) {
        dh_slice part = {memcpy(dh_arena_alloc(&arena, len + 1), whole.ptr, len), len};
        assert_int_equal(dh_models_read(&models, part, "m", &arena, &error), DH_ERR_USAGE);
        assert_string_equal(error.file, "m");
    }
    /* Out of the tree, without end, to no column. */
    static const uint32_t bad[] = {NODE(0u, 5u, 10), NODE(0u, 255u, 10), NODE(0u, 0u, 10),
                                   NODE(254u, 1u, 0)};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        file.len = 0;
        put_file(&file, 0, bad[i]);
        assert_int_equal(dh_models_read(&models, dh_buf_slice(&file), "m", &arena, &error),
                         DH_ERR_USAGE);
    }
    file.len = 0;
    put_file(&file, 4, NODE(0u, 1u, 0)); /* the first tree does not end in a leaf */
    assert_int_equal(dh_models_read(&models, dh_buf_slice(&file), "m", &arena, &error), DH_ERR_USAGE);
    dh_arena_release(&arena);
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
        {{950, 500, 500, 10, 10}, {100, 30, 30, 10, 10}, DH_FOCUS_BALANCED, "11100"},
        {{950, 500, 500, 10, 10}, {100, 30, 30, 10, 10}, DH_FOCUS_ARTICLE, "10000"},
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
        cmocka_unit_test(test_hopeless), cmocka_unit_test(test_batch), cmocka_unit_test(test_batch_odd),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
