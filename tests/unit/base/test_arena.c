/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void test_alloc(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 262144, 300000, 5000000, 7};
    dh_arena arena;
    char *blocks[COUNT(sizes)];
    dh_arena_init(&arena, 0);
    assert_int_equal(arena.reserved, 0);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        blocks[i] = dh_arena_alloc(&arena, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        if (sizes[i] > 0) memset(blocks[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < COUNT(sizes); i++) /* none overlaps another */
        for (size_t k = 0; k < sizes[i]; k += sizes[i] / 7 + 1)
            assert_int_equal(blocks[i][k], (char)(i + 1));
    assert_true(arena.peak >= arena.reserved);
    dh_arena_release(&arena);
    assert_int_equal(arena.reserved, 0);
    dh_arena_release(&arena); /* twice is fine */
}

static void test_zalloc(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    memset(dh_arena_alloc(&arena, 4096), 0xAA, 4096);
    dh_arena_reset(&arena); /* memory is used again, and must be cleared */
    uint32_t *numbers = dh_arena_zalloc(&arena, 1024, sizeof *numbers);
    for (size_t i = 0; i < 1024; i++) assert_int_equal(numbers[i], 0);
    assert_non_null(dh_arena_zalloc(&arena, 0, 8));
    assert_non_null(dh_arena_zalloc(&arena, 8, 0));
    dh_arena_release(&arena);
}

static void test_overflow(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    assert_null(dh_arena_alloc(&arena, SIZE_MAX));
    assert_int_equal(arena.failure, DH_ERR_LIMIT);
    assert_null(dh_arena_alloc(&arena, SIZE_MAX / 2));
    assert_null(dh_arena_zalloc(&arena, SIZE_MAX / 8, 16));
    assert_null(dh_arena_zalloc(&arena, SIZE_MAX, SIZE_MAX));
    char *ten = dh_arena_alloc(&arena, 10);
    assert_null(dh_arena_grow(&arena, ten, 10, SIZE_MAX - 5));
    assert_non_null(dh_arena_alloc(&arena, 10)); /* it goes on working */
    dh_arena_release(&arena);
}

static void test_grow(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    char *a = dh_arena_grow(&arena, NULL, 0, 8);
    memcpy(a, "12345678", 8);
    char *b = dh_arena_grow(&arena, a, 8, 100);
    assert_ptr_equal(a, b); /* the last block grows in place */
    assert_ptr_equal(dh_arena_grow(&arena, b, 100, 50), b);
    char *other = dh_arena_alloc(&arena, 1);
    *other = 'x';
    char *c = dh_arena_grow(&arena, b, 100, 1000);
    assert_ptr_not_equal(b, c);
    assert_memory_equal(c, "12345678", 8);
    assert_int_equal(*other, 'x');
    char *d = dh_arena_grow(&arena, c, 1000, 3000000); /* into another chunk */
    assert_memory_equal(d, "12345678", 8);
    d[2999999] = 'z';
    dh_arena_release(&arena);
}

static void test_dup(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_slice copy = dh_arena_dup(&arena, DH_SLICE("a\0b"));
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, "a\0b", 4); /* and a NUL behind */
    copy = dh_arena_dup(&arena, (dh_slice){NULL, 0});
    assert_int_equal(copy.len, 0);
    assert_int_equal(copy.ptr[0], '\0');
    dh_arena_release(&arena);
}

static void test_ceiling(void **state) {
    (void)state;
    for (volatile size_t max = 1; max < 3000000; max = max * 2 + 1) {
        dh_arena arena;
        jmp_buf guard;
        volatile size_t got = 0;
        dh_arena_init(&arena, max);
        if (dh_arena_guard(&arena, &guard)) {
            assert_int_equal(arena.failure, DH_ERR_LIMIT);
            assert_true(arena.reserved <= max);
            assert_true(got <= max);
        } else {
            for (;; got += 100) memset(dh_arena_alloc(&arena, 100), 1, 100);
        }
        /* nearly all of the ceiling can be used */
        if (max > 1000000) assert_true(got > max / 2);
        dh_arena_release(&arena);
    }
}

static void test_fail(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    volatile bool left = false;
    dh_arena_init(&arena, 0);
    dh_arena_fail(&arena, DH_ERR_TIME); /* without a guard it returns */
    assert_int_equal(arena.failure, DH_ERR_TIME);
    if (dh_arena_guard(&arena, &guard)) {
        left = true;
    } else {
        dh_arena_fail(&arena, DH_ERR_MEMORY);
        fail();
    }
    assert_true(left);
    assert_int_equal(arena.failure, DH_ERR_MEMORY);
    dh_arena_reset(&arena);
    assert_int_equal(arena.failure, DH_OK);
    assert_null(arena.guard);
    dh_arena_release(&arena);
}

/* A reset keeps some memory for the next page, but not that of the largest page there ever was. */
static void test_reset(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_arena_reset(&arena);
    dh_arena_alloc(&arena, 1000);
    size_t small = arena.reserved;
    dh_arena_reset(&arena);
    assert_int_equal(arena.reserved, small);
    dh_arena_alloc(&arena, 1000);
    assert_int_equal(arena.reserved, small); /* the kept chunk was used */
    dh_arena_alloc(&arena, 100u * 1024 * 1024);
    size_t peak = arena.peak;
    dh_arena_reset(&arena);
    assert_true(arena.reserved <= 4u * 1024 * 1024);
    assert_true(arena.reserved > 0);
    assert_int_equal(arena.peak, peak);
    dh_arena_release(&arena);
}

/* Scratch memory lives apart from the rest, and is used again when dropped. */
static void test_scratch(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    char *stays = dh_arena_alloc(&arena, 10);
    memcpy(stays, "123456789", 10);
    dh_arena_switch(&arena);
    memset(dh_arena_alloc(&arena, 300000), 'x', 300000);
    dh_arena_switch(&arena);
    char *after = dh_arena_alloc(&arena, 10);
    memcpy(after, "987654321", 10);
    dh_arena_drop_scratch(&arena);
    const size_t reserved = arena.reserved;
    memset(dh_arena_alloc(&arena, 300000), 'y', 300000);
    assert_int_equal(arena.reserved, reserved);
    assert_string_equal(stays, "123456789");
    assert_string_equal(after, "987654321");
    dh_arena_release(&arena);
    assert_int_equal(arena.reserved, 0);
}

/* All the room of a chunk, and a new one when that is too small. */
static void test_rest(void **state) {
    (void)state;
    dh_arena arena;
    size_t size;
    dh_arena_init(&arena, 0);
    memset(dh_arena_alloc(&arena, 1000), 'x', 1000);
    char *rest = dh_arena_alloc_rest(&arena, 100, &size);
    assert_true(size > 100000);
    memset(rest, 'y', size);
    const size_t reserved = arena.reserved;
    memset(dh_arena_alloc_rest(&arena, 300000, &size), 'z', size);
    assert_true(size >= 300000);
    assert_true(arena.reserved >= reserved + size);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(rest[i], 'y');
    assert_null(dh_arena_alloc_rest(&arena, SIZE_MAX / 2, &size));
    dh_arena_release(&arena);
}

/* Left by the guard with scratch switched on: a reset and a release find all memory. */
static void test_scratch_fails(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 1024 * 1024);
    dh_arena_alloc(&arena, 10);
    if (dh_arena_guard(&arena, &guard)) {
        assert_int_equal(arena.failure, DH_ERR_LIMIT);
        dh_arena_reset(&arena);
        memset(dh_arena_alloc(&arena, 1000), 'x', 1000);
        dh_arena_release(&arena);
        assert_int_equal(arena.reserved, 0);
        return;
    }
    dh_arena_switch(&arena);
    for (;;) dh_arena_alloc(&arena, 10000);
}

static void test_parts(void **state) {
    (void)state;
    dh_arena arena;
    DH_PARTS(uint64_t) v = {0};
    dh_arena_init(&arena, 0);
    uint64_t *first = DH_PARTS_PUSH(&arena, v);
    *first = 0;
    for (uint64_t i = 1; i < 10000; i++) *DH_PARTS_PUSH(&arena, v) = i * i;
    assert_int_equal(v.len, 10000);
    assert_ptr_equal(DH_PARTS_AT(v, 0), first); /* nothing moves */
    for (uint64_t i = 0; i < 10000; i++) assert_true(*DH_PARTS_AT(v, i) == i * i);
    dh_arena_release(&arena);
}

static void test_push(void **state) {
    (void)state;
    dh_arena arena;
    DH_VEC(uint64_t) v = {NULL, 0, 0};
    dh_arena_init(&arena, 0);
    for (uint64_t i = 0; i < 100000; i++) *DH_PUSH(&arena, v) = i * i;
    assert_int_equal(v.len, 100000);
    assert_true(v.cap >= v.len);
    for (uint64_t i = 0; i < 100000; i++) assert_true(v.ptr[i] == i * i);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc),    cmocka_unit_test(test_zalloc),
        cmocka_unit_test(test_overflow), cmocka_unit_test(test_grow),
        cmocka_unit_test(test_dup),      cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_fail),     cmocka_unit_test(test_reset),
        cmocka_unit_test(test_scratch),  cmocka_unit_test(test_rest),
        cmocka_unit_test(test_scratch_fails),
        cmocka_unit_test(test_parts),    cmocka_unit_test(test_push),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
