/* SPDX-License-Identifier: Apache-2.0 */
/* A scripted server on loopback, on a thread of the test: an answer to each path. Read after cmocka.h.
 * A connection is closed after its answer unless the path begins with /keep. */
#ifndef TESTS_NET_SERVER_H
#define TESTS_NET_SERVER_H

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

#include "base/buf.h"

#define PAGE "<html><body><p>A page.</p></body></html>"

static int listener = -1;
static unsigned port;
static pthread_t server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_request[4096]; /* under the lock */
static dh_buf all_requests;        /* under the lock */
static int connections;            /* under the lock */
static bool closing;               /* under the lock */

/* An answer to a path. body NULL: made by `make`. length -1: that of the body. */
typedef struct answer {
    const char *path, *head, *body;
    void (*make)(dh_buf *out);
    long length;  /* what Content-Length says; -2: no such line */
    long wait_ms; /* after the head */
    bool no_answer;
    enum { WHOLE, DRIP, RESET } manner; /* of the body: a byte each 50 ms; cut off by a reset */
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

static void make_many_headers(dh_buf *out) {
    dh_buf_puts(out, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 3000; i++) {
        dh_buf_printf(out, "X-Line-%d: ", i);
        for (int k = 0; k < 9; k++) dh_buf_puts(out, "0123456789");
        dh_buf_puts(out, "\r\n");
    }
    dh_buf_puts(out, "Content-Length: 0\r\n\r\n");
}
static void make_chunked_gzip(dh_buf *out) {
    dh_buf packed = {0};
    make_gzip(&packed);
    for (size_t at = 0; at < packed.len; at += 7) {
        dh_slice piece = dh_slice_sub(dh_buf_slice(&packed), at, at + 7);
        dh_buf_printf(out, "%zX;note=\"x\"\r\n", piece.len);
        dh_buf_put_slice(out, piece);
        dh_buf_puts(out, "\r\n");
    }
    dh_buf_puts(out, "0\r\n\r\n");
    dh_buf_release(&packed);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define HTML OK "Content-Type: text/html; charset=windows-1256\r\n"
#define CHUNKED HTML "Transfer-Encoding: chunked\r\n"
#define CHUNKS "6\r\n<html>\r\n3 \r\nabc\r\n00\r\n\r\n"
static const answer answers[] = {
    {"/page", HTML, PAGE, NULL, -1, 0, false, WHOLE},
    {"/no-length", HTML, PAGE, NULL, -2, 0, false, WHOLE},
    {"/empty", HTML, "", NULL, -1, 0, false, WHOLE},
    {"/untyped", OK, PAGE, NULL, -1, 0, false, WHOLE},
    {"/text", OK "Content-Type: text/plain\r\n", "text", NULL, -1, 0, false, WHOLE},
    {"/pdf", OK "Content-Type: application/pdf\r\n", "%PDF-1.5", NULL, -1, 0, false, WHOLE},
    {"/empty-png", OK "Content-Type: image/png\r\n", "", NULL, -1, 0, false, WHOLE},
    {"/404", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n", PAGE, NULL, -1, 0, false, WHOLE},
    {"/404-empty", "HTTP/1.1 404 Not Found\r\n", "", NULL, -1, 0, false, WHOLE},
    {"/403-pdf", "HTTP/1.1 403 No\r\nContent-Type: application/pdf\r\n", "%PDF", NULL, -1, 0,
     false, WHOLE},
    {"/500", "HTTP/1.1 500 Oh\r\n", "x", NULL, -1, 0, false, WHOLE},
    {"/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\n", "", NULL, -1, 0, false, WHOLE},
    {"/moved",
     "HTTP/1.1 301 Moved\r\nLocation: /page\r\nContent-Encoding: gzip\r\n"
     "Content-Type: image/png\r\n",
     "gone", NULL, -1, 0, false, WHOLE},
    {"/to-file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n", "", NULL, -1, 0,
     false, WHOLE},
    {"/to-ftp", "HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\n", "", NULL, -1, 0, false, WHOLE},
    {"/gzip", HTML "Content-Encoding: gzip\r\n", NULL, make_gzip, -1, 0, false, WHOLE},
    {"/GZIP", HTML "content-ENCODING:  GZip \r\n", NULL, make_gzip, -1, 0, false, WHOLE},
    {"/zlib", HTML "Content-Encoding: deflate\r\n", NULL, make_zlib, -1, 0, false, WHOLE},
    {"/raw", HTML "Content-Encoding: deflate\r\n", NULL, make_raw, -1, 0, false, WHOLE},
    {"/members", HTML "Content-Encoding: gzip\r\n", NULL, make_two_members, -1, 0, false, WHOLE},
    {"/behind", HTML "Content-Encoding: gzip\r\n", NULL, make_garbage_behind, -1, 0, false, WHOLE},
    {"/not-gzip", HTML "Content-Encoding: gzip\r\n", PAGE, NULL, -1, 0, false, WHOLE},
    {"/truncated", HTML "Content-Encoding: gzip\r\n", NULL, make_truncated, -1, 0, false, WHOLE},
    {"/damaged", HTML "Content-Encoding: gzip\r\n", NULL, make_damaged, -1, 0, false, WHOLE},
    {"/bomb", HTML "Content-Encoding: gzip\r\n", NULL, make_bomb, -1, 0, false, WHOLE},
    {"/small-bomb", HTML "Content-Encoding: gzip\r\n", NULL, make_small_bomb, -1, 0, false, WHOLE},
    {"/compress", HTML "Content-Encoding: compress\r\n", "x", NULL, -1, 0, false, WHOLE},
    {"/stacked", HTML "Content-Encoding: gzip, gzip\r\n", NULL, make_gzip, -1, 0, false, WHOLE},
    {"/stacked-lines", HTML "Content-Encoding: gzip\r\nContent-Encoding: br\r\n", NULL, make_gzip,
     -1, 0, false, WHOLE},
    {"/short", HTML, PAGE, NULL, 1000, 0, false, WHOLE},
    {"/low-length", HTML, PAGE, NULL, 12, 0, false, WHOLE},
    {"/two-lengths", HTML "Content-Length: 7\r\n", PAGE, NULL, -1, 0, false, WHOLE},
    {"/big", HTML, NULL, make_big, -1, 0, false, WHOLE},
    {"/big-no-length", HTML, NULL, make_big, -2, 0, false, WHOLE},
    {"/slow", HTML, PAGE, NULL, -1, 1500, false, WHOLE},
    {"/silent", "", "", NULL, -1, 0, true, WHOLE},
    {"/0.9", "", PAGE, NULL, -2, 0, false, WHOLE},
    {"/long-header", NULL, NULL, make_long_header, -2, 0, false, WHOLE},
    {"/many-headers", NULL, NULL, make_many_headers, -2, 0, false, WHOLE},
    {"/chunked", CHUNKED, CHUNKS, NULL, -2, 0, false, WHOLE},
    {"/chunked-gzip", CHUNKED "Content-Encoding: gzip\r\n", NULL, make_chunked_gzip, -2, 0, false,
     WHOLE},
    {"/chunked-trailer", CHUNKED, "4\r\npage\r\n0\r\nX-Sum: 1\r\n\r\n", NULL, -2, 0, false, WHOLE},
    {"/chunked-short", CHUNKED, "4\r\npage\r\n", NULL, -2, 0, false, WHOLE},
    {"/chunked-bad", CHUNKED, "zz\r\npage\r\n", NULL, -2, 0, false, WHOLE},
    {"/early", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 1\r\n\r\n" HTML, PAGE, NULL,
     -1, 0, false, WHOLE},
    {"/reset", HTML, PAGE, NULL, 1000, 0, false, RESET},
    {"/drip", HTML, PAGE, NULL, -1, 0, false, DRIP},
    {"/keep", HTML, PAGE, NULL, -1, 0, false, WHOLE},
    {"/keep/other", HTML, "other", NULL, -1, 0, false, WHOLE},
    {"/keep/cookie", HTML "Set-Cookie: crumb=7; Path=/\r\n", "set", NULL, -1, 0, false, WHOLE},
    {"/to-inside", "HTTP/1.1 302 Found\r\nLocation: http://inside.test/page\r\n", "", NULL, -1, 0,
     false, WHOLE},
    {"/to-relative", "HTTP/1.1 302 Found\r\nLocation: ../a b?x=\xC3\xA9#part\r\n", "", NULL, -1, 0,
     false, WHOLE},
    {"/a%20b?x=%C3%A9", HTML, PAGE, NULL, -1, 0, false, WHOLE},
};

static void send_all(int fd, dh_slice bytes) {
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0) return;
        bytes = dh_slice_sub(bytes, (size_t)n, bytes.len);
    }
}

static void nap(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static bool is_closing(void) {
    pthread_mutex_lock(&lock);
    bool end = closing;
    pthread_mutex_unlock(&lock);
    return end;
}

static void drip(int fd, dh_slice bytes) {
    for (size_t i = 0; i < bytes.len && !is_closing(); i++) {
        if (send(fd, bytes.ptr + i, 1, MSG_NOSIGNAL) != 1) return;
        nap(50);
    }
}

static void respond(int fd, const answer *a, bool keep) {
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
        dh_buf_puts(&head, keep ? "\r\n" : "Connection: close\r\n\r\n");
    }
    send_all(fd, dh_buf_slice(&head));
    if (a->wait_ms > 0) nap(a->wait_ms);
    if (a->manner == DRIP)
        drip(fd, dh_buf_slice(&body));
    else
        send_all(fd, dh_buf_slice(&body));
    if (a->manner == RESET) {
        struct linger at_once = {1, 0};
        nap(100); /* what was sent shall be read first */
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    dh_buf_release(&head);
    dh_buf_release(&body);
}

static size_t receive(int fd, char *request, size_t size) {
    size_t len = 0;
    while (len < size - 1 && strstr(request, "\r\n\r\n") == NULL) {
        struct pollfd look = {.fd = fd, .events = POLLIN};
        if (poll(&look, 1, 50) == 0 && is_closing()) return 0;
        if (look.revents == 0) continue;
        ssize_t n = recv(fd, request + len, size - 1 - len, 0);
        if (n <= 0 || request[0] == 0x16) break; /* 0x16: a TLS handshake */
        len += (size_t)n;
    }
    return len;
}

static void *serve_one(void *data) {
    int fd = (int)(intptr_t)data;
    bool keep = true;
    while (keep) {
        char request[sizeof last_request] = {0}, line[128];
        if (receive(fd, request, sizeof request) == 0) break;
        pthread_mutex_lock(&lock);
        memcpy(last_request, request, sizeof request);
        dh_buf_puts(&all_requests, request);
        pthread_mutex_unlock(&lock);
        keep = strncmp(request, "GET /keep", 9) == 0;
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
            snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", answers[i].path);
            if (strncmp(request, line, strlen(line)) != 0) continue;
            if (!answers[i].no_answer) respond(fd, &answers[i], keep);
            if (answers[i].manner == RESET) goto end;
        }
    }
    shutdown(fd, SHUT_WR);
end:
    close(fd);
    pthread_mutex_lock(&lock);
    connections--;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *serve(void *data) {
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    while (!is_closing()) {
        struct pollfd look = {.fd = listener, .events = POLLIN};
        poll(&look, 1, 50);
        if ((look.revents & POLLIN) == 0) continue;
        int fd = accept(listener, NULL, NULL);
        pthread_t thread;
        if (fd < 0) continue;
        pthread_mutex_lock(&lock);
        connections++;
        pthread_mutex_unlock(&lock);
        if (pthread_create(&thread, &detached, serve_one, (void *)(intptr_t)fd) != 0) abort();
    }
    for (int left = 1; left > 0; nap(10)) {
        pthread_mutex_lock(&lock);
        left = connections;
        pthread_mutex_unlock(&lock);
    }
    pthread_attr_destroy(&detached);
    return data;
}

/* Whether text was in a request to the server at any time. */
static inline bool was_asked(const char *text) {
    pthread_mutex_lock(&lock);
    bool found = dh_slice_has(dh_buf_slice(&all_requests), dh_slice_cstr(text));
    pthread_mutex_unlock(&lock);
    return found;
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
    dh_buf_release(&all_requests);
    return 0;
}

#endif
