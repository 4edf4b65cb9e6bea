/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/map.h"

static dh_slice key_of(uint32_t i, dh_arena *arena) {
    dh_buf buf;
    dh_buf_init(&buf, arena, 0);
    dh_buf_printf(&buf, "key %u", (unsigned)i);
    return dh_buf_slice(&buf);
}

static void test_put_get(void **state) {
    (void)state;
    static const uint32_t expected[] = {0, 1, 100, 100000};
    for (size_t e = 0; e < 4; e++) {
        dh_arena arena;
        dh_map map;
        dh_arena_init(&arena, 0);
        dh_map_init(&map, &arena, expected[e]);
        uint32_t cap = map.cap;
        assert_null(dh_map_get(&map, DH_SLICE("key 0")));
        for (uint32_t i = 0; i < 20000; i++) {
            bool added = false;
            uint32_t *value = dh_map_put(&map, key_of(i, &arena), &added);
            assert_true(added);
            assert_int_equal(*value, 0);
            *value = i * 3;
        }
        assert_int_equal(map.len, 20000);
        assert_int_equal(map.cap & (map.cap - 1), 0);
        if (expected[e] >= 20000) assert_int_equal(map.cap, cap); /* room was made at once */
        for (uint32_t i = 0; i < 20000; i++) {
            bool added = true;
            dh_slice key = key_of(i, &arena); /* another copy of the key */
            assert_int_equal(*dh_map_get(&map, key), i * 3);
            assert_int_equal(*dh_map_put(&map, key, &added), i * 3);
            assert_false(added);
        }
        assert_int_equal(map.len, 20000);
        assert_null(dh_map_get(&map, DH_SLICE("key 20000")));
        assert_null(dh_map_get(&map, DH_SLICE("key")));
        dh_arena_release(&arena);
    }
}

static void test_odd_keys(void **state) {
    (void)state;
    dh_arena arena;
    dh_map map;
    dh_arena_init(&arena, 0);
    dh_map_init(&map, &arena, 0);
    assert_null(dh_map_get(&map, (dh_slice){NULL, 0}));
    *dh_map_put(&map, (dh_slice){NULL, 0}, NULL) = 7;
    assert_int_equal(*dh_map_get(&map, DH_SLICE("")), 7); /* empty is empty */
    *dh_map_put(&map, DH_SLICE("\0"), NULL) = 8;
    *dh_map_put(&map, DH_SLICE("\0\0"), NULL) = 9;
    assert_int_equal(*dh_map_get(&map, DH_SLICE("\0")), 8);
    assert_int_equal(*dh_map_get(&map, DH_SLICE("\0\0")), 9);
    assert_int_equal(map.len, 3);
    dh_arena_release(&arena);
}

/* The numbers are written into files, so they must never change. */
static void test_hash(void **state) {
    (void)state;
    assert_true(dh_hash((dh_slice){NULL, 0}) == dh_hash(DH_SLICE("")));
    assert_true(dh_hash(DH_SLICE("")) == UINT64_C(0x8570e250fe4c2473));
    assert_true(dh_hash(DH_SLICE("dehusk")) == UINT64_C(0x42c0891aac419082));
    assert_true(dh_hash(DH_SLICE("a")) != dh_hash(DH_SLICE("b")));
    assert_true(dh_hash(DH_SLICE("\xFF")) != dh_hash(DH_SLICE("\x7F")));
    /* low bits, which choose the slot, are spread: 1024 keys fill most of 1024 slots' 64 groups */
    dh_arena arena;
    dh_arena_init(&arena, 0);
    uint32_t groups[64] = {0};
    for (uint32_t i = 0; i < 1024; i++) groups[dh_hash(key_of(i, &arena)) & 63]++;
    for (int i = 0; i < 64; i++) assert_in_range(groups[i], 2, 40);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put_get),
        cmocka_unit_test(test_odd_keys),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
