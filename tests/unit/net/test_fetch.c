/* SPDX-License-Identifier: Apache-2.0 */
/* A scripted server on loopback answers well, badly and with malice. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#include "net/fetch.h"
#include "server.h"

static dh_status get(dh_fetcher *fetcher, const char *path, dh_fetched *out, dh_error *error) {
    char url[256];
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
    *error = (dh_error){0};
    return dh_fetch(fetcher, url, out, error);
}

static const struct {
    const char *path;
    dh_status status;
    const char *says; /* the error, or the body */
    bool truncated;
} cases[] = {
    {"/page", DH_OK, PAGE, false},
    {"/no-length", DH_OK, PAGE, false},
    {"/empty", DH_OK, "", false},
    {"/untyped", DH_OK, PAGE, false},
    {"/text", DH_OK, "text", false},
    {"/moved", DH_OK, PAGE, false},
    {"/gzip", DH_OK, PAGE, false},
    {"/GZIP", DH_OK, PAGE, false},
    {"/zlib", DH_OK, PAGE, false},
    {"/raw", DH_OK, PAGE, false},
    {"/members", DH_OK, PAGE, false},
    {"/behind", DH_OK, PAGE, false},
    {"/not-gzip", DH_OK, PAGE, false},
    {"/truncated", DH_OK, "", true},
    {"/short", DH_OK, PAGE, true},
    {"/pdf", DH_ERR_TYPE, "application/pdf", false},
    {"/empty-png", DH_ERR_TYPE, "image/png", false},
    {"/404", DH_ERR_NET, "404 (not found)", false},
    {"/404-empty", DH_ERR_NET, "404 (not found)", false},
    {"/403-pdf", DH_ERR_NET, "403 (forbidden)", false},
    {"/500", DH_ERR_NET, "500", false},
    {"/loop", DH_ERR_NET, "more than 10 redirects", false},
    {"/to-file", DH_ERR_NET, "neither http nor https", false},
    {"/to-ftp", DH_ERR_NET, "neither http nor https", false},
    {"/damaged", DH_ERR_NET, "damaged", false},
    {"/bomb", DH_ERR_LIMIT, "times its size", false},
    {"/small-bomb", DH_ERR_LIMIT, "times its size", false},
    {"/compress", DH_ERR_NET, "compress, which was not asked for", false},
    {"/stacked", DH_ERR_NET, "gzip, gzip", false},
    {"/stacked-lines", DH_ERR_NET, "gzip, br", false},
    {"/two-lengths", DH_ERR_NET, "two different lengths", false},
    {"/silent", DH_ERR_NET, "without an answer", false},
    {"/0.9", DH_ERR_NET, "HTTP/0.9", false},
    {"/long-header", DH_ERR_NET, "", false},
};

/* All by one fetcher, each twice: what one page leaves behind must not touch the next. */
static void answers_are_understood(void **state) {
    (void)state;
    dh_fetcher *fetcher;
    assert_int_equal(dh_fetcher_new(NULL, &fetcher, NULL), DH_OK);
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
        size_t c = i % (sizeof cases / sizeof *cases);
        dh_fetched out;
        dh_error error;
        dh_status status = get(fetcher, cases[c].path, &out, &error);
        if (status != cases[c].status)
            fail_msg("%s: %d %s", cases[c].path, (int)status, error.message);
        if (status != DH_OK && strstr(error.message, cases[c].says) == NULL)
            fail_msg("%s: %s", cases[c].path, error.message);
        if (status == DH_OK) {
            if (out.truncated != cases[c].truncated) fail_msg("%s: truncated", cases[c].path);
            size_t len = strlen(cases[c].says);
            if (out.body.len < len || (!out.truncated && out.body.len != len) ||
                (len > 0 && memcmp(out.body.ptr, cases[c].says, len) != 0))
                fail_msg("%s: %.*s", cases[c].path, (int)out.body.len, out.body.ptr);
            assert_non_null(out.url);
            assert_non_null(out.content_type);
        }
        dh_fetched_release(&out);
    }
    dh_fetcher_free(fetcher);
}

static void headers_are_handed_on(void **state) {
    (void)state;
    dh_fetcher *fetcher;
    dh_fetch_options options = {.user_agent = "tester/1"};
    assert_int_equal(dh_fetcher_new(&options, &fetcher, NULL), DH_OK);
    dh_fetched out;
    dh_error error;
    assert_int_equal(get(fetcher, "/moved", &out, &error), DH_OK);
    assert_string_equal(out.content_type, "text/html; charset=windows-1256");
    assert_int_equal(out.status, 200);
    assert_non_null(strstr(out.url, "/page")); /* the final address */
    pthread_mutex_lock(&lock);
    assert_non_null(strstr(last_request, "User-Agent: tester/1\r\n"));
    assert_non_null(strstr(last_request, "Accept-Encoding: gzip, deflate, br, zstd\r\n"));
    assert_null(strstr(last_request, "Cookie"));
    pthread_mutex_unlock(&lock);
    dh_fetched_release(&out);
    dh_fetcher_free(fetcher);
}

static bool cancel(void *data) {
    return ++*(int *)data > 0;
}

static void limits_hold(void **state) {
    (void)state;
    int asked = 0;
    const struct {
        const char *path, *says;
        dh_status status;
        dh_fetch_options options;
    } rows[] = {
        {"/big", "larger than 1000000 bytes", DH_ERR_LIMIT, {.max_bytes = 1000000}},
        {"/big-no-length", "larger than 1000000 bytes", DH_ERR_LIMIT, {.max_bytes = 1000000}},
        {"/big", "", DH_OK, {.max_bytes = 4000000}},
        {"/small-bomb",
         "larger than 2000000",
         DH_ERR_LIMIT,
         {.max_bytes = 2000000, .max_ratio = 1000000}},
        {"/small-bomb", "", DH_OK, {.max_ratio = 10000}},
        {"/slow", "--timeout", DH_ERR_TIME, {.timeout_ms = 300}},
        {"/slow", "", DH_OK, {.timeout_ms = 20000}},
        {"/slow", "interrupted", DH_ERR_INTERRUPTED, {.cancel = cancel, .cancel_data = &asked}},
        {"/loop", "more than 3 redirects", DH_ERR_NET, {.max_redirects = 3}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_fetcher *fetcher;
        dh_fetched out;
        dh_error error;
        assert_int_equal(dh_fetcher_new(&rows[i].options, &fetcher, NULL), DH_OK);
        dh_status status = get(fetcher, rows[i].path, &out, &error);
        if (status != rows[i].status || strstr(error.message, rows[i].says) == NULL)
            fail_msg("row %zu, %s: %d %s", i, rows[i].path, (int)status, error.message);
        dh_fetched_release(&out);
        dh_fetcher_free(fetcher);
    }
    assert_true(asked > 0);
}

static void no_server_is_told(void **state) {
    (void)state;
    static const struct {
        const char *url, *says;
    } rows[] = {{"http://127.0.0.1:1/", "no connection"},
                {"http://no-such-host.invalid/", "DNS"},
                {"file:///etc/hostname", "only http and https"},
                {"ftp://127.0.0.1/", "only http and https"},
                {"http://", ""},
                {"", ""}};
    dh_fetcher *fetcher;
    assert_int_equal(dh_fetcher_new(NULL, &fetcher, NULL), DH_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_fetched out;
        dh_error error = {0};
        assert_int_equal(dh_fetch(fetcher, rows[i].url, &out, &error), DH_ERR_NET);
        if (strstr(error.message, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].url, error.message);
        assert_string_not_equal(error.message, "");
        dh_fetched_release(&out);
    }
    /* TLS to a server that speaks none. */
    char url[64];
    snprintf(url, sizeof url, "https://127.0.0.1:%u/page", port);
    dh_fetched out;
    dh_error error = {0};
    assert_int_equal(dh_fetch(fetcher, url, &out, &error), DH_ERR_NET);
    assert_non_null(strstr(error.message, "TLS"));
    dh_fetched_release(&out);
    dh_fetcher_free(fetcher);
    dh_fetcher_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_understood),
        cmocka_unit_test(headers_are_handed_on),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(no_server_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
