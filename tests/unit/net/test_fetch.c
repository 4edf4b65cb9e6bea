/* SPDX-License-Identifier: Apache-2.0 */
/* A scripted server on loopback answers well, badly and with malice. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "net/fetch.h"

#define PAGE "<html><body><p>A page.</p></body></html>"

static int listener = -1;
static unsigned port;
static pthread_t server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_request[4096]; /* under the lock */
static bool closing;            /* under the lock */

/* An answer to a path. body NULL: made by `make`. length -1: that of the body. */
typedef struct answer {
    const char *path, *head, *body;
    void (*make)(dh_buf *out);
    long length;  /* what Content-Length says; -2: no such line */
    long wait_ms; /* after the head */
    bool no_answer;
} answer;

static void pack(dh_buf *out, int window, const char *bytes, size_t len, size_t times) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY), Z_OK);
    unsigned char room[4096];
    for (size_t i = 0; i < times; i++) {
        memcpy(&z.next_in, &bytes, sizeof bytes); /* zlib's pointer has no const */
        z.avail_in = (uInt)len;
        int flush = i + 1 == times ? Z_FINISH : Z_NO_FLUSH;
        do {
            z.next_out = room;
            z.avail_out = sizeof room;
            deflate(&z, flush);
            dh_buf_put(out, room, sizeof room - z.avail_out);
        } while (z.avail_out == 0);
    }
    deflateEnd(&z);
}

static void make_gzip(dh_buf *out) {
    pack(out, 15 + 16, PAGE, sizeof PAGE - 1, 1);
}
static void make_zlib(dh_buf *out) {
    pack(out, 15, PAGE, sizeof PAGE - 1, 1);
}
static void make_raw(dh_buf *out) {
    pack(out, -15, PAGE, sizeof PAGE - 1, 1);
}
static void make_two_members(dh_buf *out) {
    pack(out, 15 + 16, PAGE, 10, 1);
    pack(out, 15 + 16, PAGE + 10, sizeof PAGE - 11, 1);
}
static void make_garbage_behind(dh_buf *out) {
    make_gzip(out);
    dh_buf_puts(out, "and more that is no gzip");
}
static void make_truncated(dh_buf *out) {
    make_gzip(out);
    out->len -= 10;
}
static void make_damaged(dh_buf *out) {
    make_gzip(out);
    memset(out->ptr + 12, 0xFF, 8);
}
static void make_bomb(dh_buf *out) {
    static const char zeros[65536];
    pack(out, 15 + 16, zeros, sizeof zeros, 1024); /* 64 MiB in 64 KB */
}
static void make_small_bomb(dh_buf *out) {
    static const char zeros[65536];
    pack(out, 15 + 16, zeros, sizeof zeros, 40); /* 2.5 MiB: within the size, beyond the ratio */
}
static void make_big(dh_buf *out) {
    for (int i = 0; i < 3 << 16; i++) dh_buf_puts(out, "0123456789abcdef"); /* 3 MiB */
}
static void make_long_header(dh_buf *out) {
    dh_buf_puts(out, "HTTP/1.1 200 OK\r\nX-Long: ");
    for (int i = 0; i < 1 << 16; i++) dh_buf_puts(out, "0123456789abcdef");
    dh_buf_puts(out, "\r\nContent-Length: 0\r\n\r\n");
}

#define OK "HTTP/1.1 200 OK\r\n"
#define HTML OK "Content-Type: text/html; charset=windows-1256\r\n"
static const answer answers[] = {
    {"/page", HTML, PAGE, NULL, -1, 0, false},
    {"/no-length", HTML, PAGE, NULL, -2, 0, false},
    {"/empty", HTML, "", NULL, -1, 0, false},
    {"/untyped", OK, PAGE, NULL, -1, 0, false},
    {"/text", OK "Content-Type: text/plain\r\n", "text", NULL, -1, 0, false},
    {"/pdf", OK "Content-Type: application/pdf\r\n", "%PDF-1.5", NULL, -1, 0, false},
    {"/empty-png", OK "Content-Type: image/png\r\n", "", NULL, -1, 0, false},
    {"/404", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n", PAGE, NULL, -1, 0, false},
    {"/404-empty", "HTTP/1.1 404 Not Found\r\n", "", NULL, -1, 0, false},
    {"/403-pdf", "HTTP/1.1 403 No\r\nContent-Type: application/pdf\r\n", "%PDF", NULL, -1, 0,
     false},
    {"/500", "HTTP/1.1 500 Oh\r\n", "x", NULL, -1, 0, false},
    {"/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\n", "", NULL, -1, 0, false},
    {"/moved",
     "HTTP/1.1 301 Moved\r\nLocation: /page\r\nContent-Encoding: gzip\r\n"
     "Content-Type: image/png\r\n",
     "gone", NULL, -1, 0, false},
    {"/to-file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n", "", NULL, -1, 0,
     false},
    {"/to-ftp", "HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\n", "", NULL, -1, 0, false},
    {"/gzip", HTML "Content-Encoding: gzip\r\n", NULL, make_gzip, -1, 0, false},
    {"/GZIP", HTML "content-ENCODING:  GZip \r\n", NULL, make_gzip, -1, 0, false},
    {"/zlib", HTML "Content-Encoding: deflate\r\n", NULL, make_zlib, -1, 0, false},
    {"/raw", HTML "Content-Encoding: deflate\r\n", NULL, make_raw, -1, 0, false},
    {"/members", HTML "Content-Encoding: gzip\r\n", NULL, make_two_members, -1, 0, false},
    {"/behind", HTML "Content-Encoding: gzip\r\n", NULL, make_garbage_behind, -1, 0, false},
    {"/not-gzip", HTML "Content-Encoding: gzip\r\n", PAGE, NULL, -1, 0, false},
    {"/truncated", HTML "Content-Encoding: gzip\r\n", NULL, make_truncated, -1, 0, false},
    {"/damaged", HTML "Content-Encoding: gzip\r\n", NULL, make_damaged, -1, 0, false},
    {"/bomb", HTML "Content-Encoding: gzip\r\n", NULL, make_bomb, -1, 0, false},
    {"/small-bomb", HTML "Content-Encoding: gzip\r\n", NULL, make_small_bomb, -1, 0, false},
    {"/brotli", HTML "Content-Encoding: br\r\n", "x", NULL, -1, 0, false},
    {"/stacked", HTML "Content-Encoding: gzip, gzip\r\n", NULL, make_gzip, -1, 0, false},
    {"/stacked-lines", HTML "Content-Encoding: gzip\r\nContent-Encoding: br\r\n", NULL, make_gzip,
     -1, 0, false},
    {"/short", HTML, PAGE, NULL, 1000, 0, false},
    {"/two-lengths", HTML "Content-Length: 7\r\n", PAGE, NULL, -1, 0, false},
    {"/big", HTML, NULL, make_big, -1, 0, false},
    {"/big-no-length", HTML, NULL, make_big, -2, 0, false},
    {"/slow", HTML, PAGE, NULL, -1, 1500, false},
    {"/silent", "", "", NULL, -1, 0, true},
    {"/0.9", "", PAGE, NULL, -2, 0, false},
    {"/long-header", NULL, NULL, make_long_header, -2, 0, false},
};

static void send_all(int fd, dh_slice bytes) {
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0) return;
        bytes = dh_slice_sub(bytes, (size_t)n, bytes.len);
    }
}

static void respond(int fd, const answer *a) {
    dh_buf body = {0}, head = {0};
    if (a->make != NULL)
        a->make(&body);
    else
        dh_buf_puts(&body, a->body);
    if (a->head != NULL && a->head[0] != '\0') {
        dh_buf_puts(&head, a->head);
        if (a->length != -2)
            dh_buf_printf(&head, "Content-Length: %ld\r\n",
                          a->length >= 0 ? a->length : (long)body.len);
        dh_buf_puts(&head, "Connection: close\r\n\r\n");
    }
    send_all(fd, dh_buf_slice(&head));
    struct timespec nap = {a->wait_ms / 1000, a->wait_ms % 1000 * 1000000};
    if (a->wait_ms > 0) nanosleep(&nap, NULL);
    send_all(fd, dh_buf_slice(&body));
    dh_buf_release(&head);
    dh_buf_release(&body);
}

static void serve_one(int fd) {
    char request[sizeof last_request] = {0};
    size_t len = 0;
    while (len < sizeof request - 1 && strstr(request, "\r\n\r\n") == NULL) {
        ssize_t n = recv(fd, request + len, sizeof request - 1 - len, 0);
        if (n <= 0 || request[0] == 0x16) break; /* 0x16: a TLS handshake */
        len += (size_t)n;
    }
    pthread_mutex_lock(&lock);
    memcpy(last_request, request, sizeof request);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        char line[128];
        snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", answers[i].path);
        if (strncmp(request, line, strlen(line)) != 0) continue;
        if (!answers[i].no_answer) respond(fd, &answers[i]);
    }
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void *serve(void *data) {
    for (;;) {
        struct pollfd look = {.fd = listener, .events = POLLIN};
        poll(&look, 1, 50);
        pthread_mutex_lock(&lock);
        bool end = closing;
        pthread_mutex_unlock(&lock);
        if (end) return data;
        if ((look.revents & POLLIN) == 0) continue;
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0) serve_one(fd);
    }
}

static int set_up(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, 16) != 0) return 1;
    getsockname(listener, (struct sockaddr *)&at, &len);
    port = ntohs(at.sin_port);
    return pthread_create(&server, NULL, serve, NULL);
}

static int tear_down(void **state) {
    (void)state;
    pthread_mutex_lock(&lock);
    closing = true;
    pthread_mutex_unlock(&lock);
    pthread_join(server, NULL);
    close(listener);
    return 0;
}

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
    {"/brotli", DH_ERR_NET, "br, which was not asked for", false},
    {"/stacked", DH_ERR_NET, "gzip, gzip", false},
    {"/stacked-lines", DH_ERR_NET, "gzip,br", false},
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
    assert_non_null(strstr(last_request, "Accept-Encoding: gzip, deflate\r\n"));
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
