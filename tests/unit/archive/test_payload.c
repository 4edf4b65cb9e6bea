/* SPDX-License-Identifier: Apache-2.0 */
/* Which records hold a page, and what it is once chunks and codings are undone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "archive/payload.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define HTML "Content-Type: text/html\r\n"

static void what_holds_a_page(void **state) {
    (void)state;
    static const struct {
        const char *type, *content_type, *block;
        dh_payload_kind kind;
        const char *page_type; /* NULL: not looked at */
    } rows[] = {
        {"response", "application/http", OK HTML "\r\n<p>", DH_PAYLOAD_HTML, "text/html"},
        {"Response", "application/http", "HTTP/1.0 206 Some\nContent-type:TEXT/HTML; x\n\n<p>",
         DH_PAYLOAD_HTML, "TEXT/HTML; x"},
        {"response", "application/http",
         "HTTP/2 200\r\nContent-Type: application/xhtml+xml\r\n\r\n<p>", DH_PAYLOAD_HTML, NULL},
        {"response", "application/http", OK "\r\n \xEF\xBB\xBFtext", DH_PAYLOAD_NONE, NULL},
        {"response", "application/http", OK "\r\n\xEF\xBB\xBF \n<p>", DH_PAYLOAD_HTML, ""},
        {"response", "application/http", OK HTML "\r\n", DH_PAYLOAD_NONE, NULL},
        {"response", "application/http", OK HTML, DH_PAYLOAD_NONE, NULL},
        {"response", "application/http", "HTTP/1.1 404 No\r\n" HTML "\r\n<p>", DH_PAYLOAD_NONE,
         NULL},
        {"response", "application/http", "HTTP/1.1 301 Go\r\n" HTML "\r\n<p>", DH_PAYLOAD_NONE,
         NULL},
        {"response", "application/http", OK "Content-Type: text/plain\r\n\r\nx", DH_PAYLOAD_NONE,
         NULL},
        {"response", "application/http", OK "Content-Type: image/png\r\n\r\nx", DH_PAYLOAD_NONE,
         NULL},
        {"response", "text/html", "<p>", DH_PAYLOAD_HTML, "text/html"},
        {"response", "text/dns", "a.example 1 IN A", DH_PAYLOAD_NONE, NULL},
        {"resource", "text/html", "<p>", DH_PAYLOAD_HTML, "text/html"},
        {"resource", "text/plain", "x", DH_PAYLOAD_NONE, NULL},
        {"conversion", "text/plain", "x", DH_PAYLOAD_TEXT, "text/plain"},
        {"conversion", "text/html", "<p>", DH_PAYLOAD_HTML, "text/html"},
        {"conversion", "application/json", "{}", DH_PAYLOAD_NONE, NULL},
        {"request", "application/http", "GET / HTTP/1.1\r\n\r\n", DH_PAYLOAD_NONE, NULL},
        {"revisit", "application/http", OK HTML "\r\n", DH_PAYLOAD_NONE, NULL},
        {"metadata", "text/html", "<p>", DH_PAYLOAD_NONE, NULL},
        {"warcinfo", "application/warc-fields", "a: b", DH_PAYLOAD_NONE, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf head = {0};
        dh_slice type;
        dh_buf_printf(&head, "WARC/1.0\r\nContent-Type: %s\r\n\r\n", rows[i].content_type);
        dh_warc_item item = {.head = dh_buf_slice(&head),
                             .type = dh_slice_cstr(rows[i].type),
                             .block = dh_slice_cstr(rows[i].block)};
        if (dh_payload_look(&item, &type) != rows[i].kind) fail_msg("row %zu", i);
        if (rows[i].page_type != NULL)
            assert_true(dh_slice_eq(type, dh_slice_cstr(rows[i].page_type)));
        dh_payload_look(&item, NULL);
        dh_buf_release(&head);
    }
}

#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
/* What gzip makes of "packed": head and data, then checksum and length. */
#define GZIP_DATA "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x2b\x48\x4c\xce\x4e\x4d\x01\x00"
#define GZIP GZIP_DATA "\x10\xb4\xf6\x21\x06\x00\x00\x00"

static void pages_are_undone(void **state) {
    (void)state;
    static const struct {
        dh_slice block;
        const char *page; /* NULL: cannot be */
        bool torn;
    } rows[] = {
        {DH_SLICE_INIT("no head, taken as it is"), "no head, taken as it is", false},
        {DH_SLICE_INIT(OK "\r\nplain"), "plain", false},
        {DH_SLICE_INIT(CHUNKED "3\r\nchu\r\n3\r\nnks\r\n0\r\n\r\n"), "chunks", false},
        {DH_SLICE_INIT(CHUNKED "3\r\nchu\r\n3\r\nnk"), "chunk", true},
        {DH_SLICE_INIT(CHUNKED "<p>not chunked at all"), "<p>not chunked at all", false},
        {DH_SLICE_INIT(CHUNKED "3\r\nchunks that end"), "chu", true},
        {DH_SLICE_INIT(OK "Content-Encoding: gzip\r\n\r\n" GZIP), "packed", false},
        {DH_SLICE_INIT(OK "Content-Encoding: gzip\r\n\r\nit says so"), "it says so", false},
        {DH_SLICE_INIT(OK "Content-Encoding: gzip\r\n\r\n" GZIP_DATA), "packed", true},
        {DH_SLICE_INIT(OK "Content-Encoding: compress\r\n\r\nx"), NULL, false},
        {DH_SLICE_INIT(OK "Content-Encoding: gzip, gzip\r\n\r\nx"), NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf page = {0};
        dh_error error = {0};
        bool torn;
        dh_status status = dh_payload_take(rows[i].block, 1000, &page, &torn, &error);
        if ((status == DH_OK) != (rows[i].page != NULL)) fail_msg("row %zu: %s", i, error.message);
        if (rows[i].page != NULL && !dh_slice_eq(dh_buf_slice(&page), dh_slice_cstr(rows[i].page)))
            fail_msg("row %zu: %.*s", i, (int)page.len, page.ptr);
        if (status == DH_OK && torn != rows[i].torn) fail_msg("row %zu: torn %d", i, torn);
        dh_buf_release(&page);
    }
    /* Cut at the limit, which is no breaking off. */
    dh_buf page = {0};
    bool torn;
    assert_int_equal(dh_payload_take(DH_SLICE(OK "\r\n0123456789"), 4, &page, &torn, NULL), DH_OK);
    assert_int_equal(page.len, 4);
    assert_false(torn);
    dh_buf_release(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds_a_page),
        cmocka_unit_test(pages_are_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
