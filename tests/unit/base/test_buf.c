/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

/* The same writes into the heap and into an arena. */
static void test_write(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (int heap = 0; heap < 2; heap++) {
        dh_buf buf;
        dh_buf_init(&buf, heap ? NULL : &arena, 0);
        assert_null(buf.ptr);
        assert_string_equal(dh_buf_cstr(&buf), "");
        assert_int_equal(buf.len, 0);
        assert_true(dh_buf_put(&buf, NULL, 0));
        assert_true(dh_buf_put_slice(&buf, (dh_slice){NULL, 0}));
        assert_true(dh_buf_puts(&buf, "ab"));
        assert_true(dh_buf_putc(&buf, 'c'));
        assert_true(dh_buf_put_slice(&buf, DH_SLICE("d\0e")));
        assert_true(dh_buf_put_code(&buf, 0x627));
        assert_true(dh_buf_put_code(&buf, 0xD800));
        assert_true(dh_buf_printf(&buf, "%d-%s", 42, "x"));
        assert_memory_equal(dh_buf_cstr(&buf),
                            "abcd\0e\xD8\xA7\xEF\xBF\xBD"
                            "42-x",
                            16);
        assert_int_equal(buf.len, 15);
        dh_buf_reset(&buf);
        assert_int_equal(buf.len, 0);
        assert_true(buf.cap > 0);
        assert_string_equal(dh_buf_cstr(&buf), "");
        dh_buf_release(&buf);
        assert_null(buf.ptr);
        assert_true(dh_buf_puts(&buf, "again")); /* a released buffer can be used */
        dh_buf_release(&buf);
    }
    dh_arena_release(&arena);
}

static void test_grow(void **state) {
    (void)state;
    dh_buf buf;
    dh_buf_init(&buf, NULL, 0);
    for (int i = 0; i < 100000; i++) dh_buf_putc(&buf, (char)('a' + i % 26));
    assert_int_equal(buf.len, 100000);
    for (size_t i = 0; i < buf.len; i++) assert_int_equal(buf.ptr[i], (char)('a' + i % 26));
    dh_buf_release(&buf);
}

/* printf around the size of its small buffer, and with nothing. */
static void test_printf(void **state) {
    (void)state;
    char spaces[600];
    memset(spaces, '.', sizeof spaces);
    for (int n = 0; n < 600; n++) {
        dh_buf buf;
        dh_buf_init(&buf, NULL, 0);
        assert_true(dh_buf_printf(&buf, "%.*s", n, spaces));
        assert_int_equal(buf.len, n);
        if (n > 0) assert_memory_equal(buf.ptr, spaces, (size_t)n);
        dh_buf_release(&buf);
    }
}

static void test_ceiling(void **state) {
    (void)state;
    dh_buf buf;
    dh_buf_init(&buf, NULL, 10);
    assert_true(dh_buf_puts(&buf, "12345"));
    assert_true(dh_buf_puts(&buf, "67890"));
    assert_false(buf.failed);
    assert_false(dh_buf_putc(&buf, 'x'));
    assert_true(buf.failed);
    assert_int_equal(buf.len, 10);
    assert_memory_equal(buf.ptr, "1234567890", 10);
    dh_buf_reset(&buf);
    assert_true(dh_buf_puts(&buf, "123456789"));
    assert_false(dh_buf_puts(&buf, "ab"));
    assert_false(dh_buf_putc(&buf, 'a')); /* it would fit, but something is missing before it */
    assert_int_equal(buf.len, 9);
    assert_string_equal(dh_buf_cstr(&buf), "");
    dh_buf_reset(&buf);
    assert_false(dh_buf_printf(&buf, "%300d", 1));
    assert_true(buf.failed);
    assert_int_equal(buf.len, 0);
    dh_buf_release(&buf);
}

static void test_overflow(void **state) {
    (void)state;
    dh_buf buf;
    dh_buf_init(&buf, NULL, 0);
    assert_true(dh_buf_puts(&buf, "a"));
    assert_false(dh_buf_reserve(&buf, SIZE_MAX));
    assert_true(buf.failed);
    assert_int_equal(buf.len, 1);
    dh_buf_reset(&buf);
    assert_false(dh_buf_reserve(&buf, SIZE_MAX / 2));
    dh_buf_release(&buf);
}

/* In an arena without a guard exhaustion fails the buffer; with one it leaves through it. */
static void test_arena(void **state) {
    (void)state;
    dh_arena arena;
    dh_buf buf;
    jmp_buf guard;
    dh_arena_init(&arena, 4096);
    dh_buf_init(&buf, &arena, 0);
    while (dh_buf_puts(&buf, "0123456789")) {
    }
    assert_true(buf.failed);
    assert_int_equal(buf.len % 10, 0);
    assert_true(buf.len > 500);
    assert_memory_equal(buf.ptr + buf.len - 10, "0123456789", 10);
    dh_arena_reset(&arena);
    volatile bool left = false;
    if (dh_arena_guard(&arena, &guard)) {
        left = true;
    } else {
        dh_buf_init(&buf, &arena, 0);
        for (;;) dh_buf_puts(&buf, "0123456789");
    }
    assert_true(left);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write),    cmocka_unit_test(test_grow),
        cmocka_unit_test(test_printf),   cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_overflow), cmocka_unit_test(test_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
