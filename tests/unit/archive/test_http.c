/* SPDX-License-Identifier: Apache-2.0 */
/* Heads of HTTP messages, good and odd; chunks in any pieces. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "archive/http.h"

static void status_lines(void **state) {
    (void)state;
    static const struct {
        const char *head;
        int version;
        long status; /* 0: none */
    } rows[] = {
        {"HTTP/1.1 200 OK\r\n", 11, 200},
        {"HTTP/1.0 404\n", 10, 404},
        {"HTTP/2 301 \r\n", 20, 301},
        {"HTTP/3 200", 30, 200},
        {"HTTP/1.1  200  OK\r\n", 11, 200},
        {"ICY 200 OK\r\n", 0, 0},
        {"HTTP/1.1 20 OK", 0, 0},
        {"HTTP/1.1 2000", 0, 0},
        {"HTTP/1.1 OK", 0, 0},
        {"HTTP/x.1 200 OK", 0, 0},
        {"", 0, 0},
        {"http/1.1 200 OK", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int version = 0;
        long status = 0;
        bool good = dh_http_status(dh_slice_cstr(rows[i].head), &version, &status);
        if (good != (rows[i].status != 0)) fail_msg("%s", rows[i].head);
        assert_int_equal(version, rows[i].version);
        assert_int_equal(status, rows[i].status);
    }
}

static void fields(void **state) {
    (void)state;
    static const dh_slice head = DH_SLICE_INIT(
        "HTTP/1.1 200 OK: fine\r\nServer: a b\r\nX-Empty:\r\nvary : no\r\nbroken\r\n"
        "X-Folded: one\r\n  two\r\n\tthree\r\nContent-Encoding:gzip\nCONTENT-ENCODING: br \r\n"
        "Transfer-Encoding: gzip, Chunked\r\n\r\nBody: 1\r\n");
    assert_int_equal(dh_http_head_length(head), head.len - 9);
    assert_true(dh_slice_eq(dh_http_field(head, DH_SLICE("server")), DH_SLICE("a b")));
    assert_non_null(dh_http_field(head, DH_SLICE("X-Empty")).ptr);
    assert_int_equal(dh_http_field(head, DH_SLICE("X-Empty")).len, 0);
    assert_null(dh_http_field(head, DH_SLICE("Body")).ptr);
    assert_null(dh_http_field(head, DH_SLICE("broken")).ptr);
    assert_true(dh_slice_eq(dh_http_field(head, DH_SLICE("X-Folded")),
                            DH_SLICE("one\r\n  two\r\n\tthree")));
    assert_true(dh_http_is_chunked(head));
    dh_buf all = {0};
    dh_http_fields(head, DH_SLICE("content-encoding"), &all);
    assert_true(dh_slice_eq(dh_buf_slice(&all), DH_SLICE("gzip, br")));
    dh_buf_release(&all);
    assert_int_equal(dh_http_head_length(DH_SLICE("HTTP/1.1 200 OK\r\nA: b\r\n")), 0);
    assert_int_equal(dh_http_head_length(DH_SLICE("A: b\n\nx")), 6);
}

static void chunks(void **state) {
    (void)state;
    static const struct {
        const char *bytes, *content;
        bool ended, bad;
    } rows[] = {
        {"5\r\nhello\r\n0\r\n\r\n", "hello", true, false},
        {"5\r\nhello\r\n1;a=b\r\n!\r\n000\r\n\r\n", "hello!", true, false},
        {"5 \r\nhello\r\n0\r\nX: y\r\nZ: 1\r\n\r\nrest", "hello", true, false},
        {"5\nhello\n0\n\n", "hello", true, false},
        {"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789", true, false},
        {"0\r\n\r\n", "", true, false},
        {"5\r\nhello\r\n", "hello", false, false},
        {"5\r\nhel", "hel", false, false},
        {"5\r\nhello\r\n0\r\n", "hello", false, false},
        {"5\r\nhelloX", "hello", false, true},
        {"<html>", "", false, true},
        {"10000000000000000\r\n", "", false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_slice bytes = dh_slice_cstr(rows[i].bytes);
        for (size_t step = 1; step <= bytes.len; step++) {
            dh_chunked c = {0};
            dh_buf out = {0};
            for (size_t at = 0; at < bytes.len; at += step)
                if (!dh_chunked_put(&c, dh_slice_sub(bytes, at, at + step), &out)) break;
            if (c.ended != rows[i].ended || c.bad != rows[i].bad ||
                !dh_slice_eq(dh_buf_slice(&out), dh_slice_cstr(rows[i].content)))
                fail_msg("row %zu by %zu: %.*s", i, step, (int)out.len, out.ptr);
            dh_buf_release(&out);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_lines),
        cmocka_unit_test(fields),
        cmocka_unit_test(chunks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
