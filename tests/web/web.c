/* SPDX-License-Identifier: Apache-2.0 */
/* web [OPTION...]: the test web: newspapers h000.test, h001.test ... on one loopback port, told apart by the
 * Host field. Shares no code with dehusk, so that what it says of a crawl's manners is a second opinion.
 *
 *   --hosts N     newspapers (10)           --pages N   articles of each (20)
 *   --odd         some articles misbehave   --port FILE where the port is written
 *   --v6          listen on ::1 in place of 127.0.0.1
 *   --log FILE    a line a request: milliseconds, host, status, "ok" or "FORBIDDEN", path, "tls" if so
 *   --change A    from article A on the design is a new one
 *   --fatal A     article A is one that tests/isolate/fragile.c dies of
 *   --gap MS      requests to a host closer than this are counted
 *   --crawl-delay MS  what robots.txt of the kind 3 asks for
 *   --tls PEM     certificate and key: every second paper is at https, on the same port, and sends there from http
 *
 * SIGTERM ends it; it then prints requests, those against robots.txt, those too close, and the smallest
 * gap. A host's robots.txt is of the kind N % 10, see robots(). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "tls.h"

enum { MAX_CONNECTIONS = 4096, HEAD = 16384, MAX_HOSTS = 1000, MAX_PAGES = 10000 };

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

typedef struct connection {
    int fd;
    SSL *ssl;    /* NULL: none */
    bool is_new; /* nothing was read */
    char head[HEAD];
    size_t got;
    text out;
    size_t sent;
    bool close_after, reset;
    int64_t next_ms; /* slow: not before */
    size_t piece;    /* slow: bytes at a time; 0: all */
} connection;

static int hosts = 10, pages = 20, crawl_delay_ms = 0, change_at = MAX_PAGES,
           fatal_at = -1;
static int64_t gap_ms;
static bool odd, v6;
static SSL_CTX *tls;
static FILE *logfile;
static volatile sig_atomic_t ending;
static int64_t last_ms[MAX_HOSTS], smallest = INT64_MAX;
static long requests, forbidden_count, close_count, unknown_count;
static unsigned char *tries; /* of odd articles */

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void put(text *t, const char *bytes, size_t len) {
    if (t->len + len + 1 > t->cap) {
        t->cap = (t->len + len + 1) * 2;
        t->ptr = realloc(t->ptr, t->cap);
        if (t->ptr == NULL) abort();
    }
    memcpy(t->ptr + t->len, bytes, len);
    t->len += len;
    t->ptr[t->len] = '\0';
}

__attribute__((format(printf, 2, 3))) static void say(text *t, const char *format, ...) {
    char room[8192];
    va_list values;
    va_start(values, format);
    int n = vsnprintf(room, sizeof room, format, values);
    va_end(values);
    put(t, room, n < (int)sizeof room ? (size_t)n : sizeof room - 1);
}

/* ---- what the papers hold ---- */

/* Article a of host h; a quarter of them below /private/. */
static void path_of(text *t, int h, int a) {
    if (a % 10 == 4)
        say(t, "/private/2024/05/%02d/hidden-story-of-host-%d-number-%d", a % 28 + 1, h, a);
    else
        say(t, "/2024/05/%02d/story-of-host-%d-number-%d", a % 28 + 1, h, a);
}

static bool is_secure(int h) {
    return tls != NULL && h % 2 == 1;
}

static void origin_of(text *t, int h) {
    say(t, "%s://h%03d.test", is_secure(h) ? "https" : "http", h);
}

static void url_of(text *t, int h, int a) {
    origin_of(t, h);
    path_of(t, h, a);
}

static const char *const nouns[] = {"harbour", "council", "ferry", "bridge",  "school", "library",
                                    "market",  "museum",  "river", "station", "forest", "mill"};

static void article(text *t, int h, int a, bool noindex) {
    say(t,
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Story %d of host "
        "%d</title>%s</head><body><nav><a href=\"/\">Home</a> <a href=\"/news\">News</a></nav>"
        "<article><h1>Story %d of host %d</h1>",
        a, h, noindex ? "<meta name=\"robots\" content=\"noindex\">" : "", a, h);
    say(t, "<div class=\"%s\"><p>Our shop has raincoats for the season.</p></div>",
        a < change_at ? "promo" : "block-7");
    if (a == fatal_at) say(t, "<die-exit>0</die-exit>");
    for (int i = 0; i < 5; i++)
        say(t,
            "<p>The %s of the town was the subject of debate number %d on Tuesday evening, when "
            "the %s committee met for the %dth time. Nobody could say how much the %s would cost, "
            "but residents of district %d asked for an answer before the end of the month, and a "
            "spokeswoman promised one.</p>",
            nouns[(a + i) % 12], a * 7 + i, nouns[(a + h) % 12], i + 4, nouns[(h + i) % 12], h);
    say(t,
        "</article><aside><h2>Most read</h2><ul><li><a href=\"/1\">Ten things</a></li></ul></aside>"
        "<footer>Copyright the paper</footer></body></html>");
}

static void front(text *t, int h) {
    say(t,
        "<!DOCTYPE html><html><head><title>Paper %d</title><link rel=\"alternate\" "
        "type=\"application/rss+xml\" href=\"/feed.xml\"></head><body><nav><a href=\"/\">Home</a>"
        "<a href=\"/news\">News</a><a href=\"/login\">Log in</a></nav>",
        h);
    /* Its neighbour has a feed of it, and a page that is nobody's business. */
    if (h + 1 < hosts) {
        say(t, "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"");
        origin_of(t, h + 1);
        say(t, "/of-%d.xml\"><a href=\"", h);
        url_of(t, h + 1, 0);
        say(t, "\">elsewhere</a>");
    }
    for (int a = 0; a < pages && a < 5; a++) {
        say(t, "<p><a href=\"");
        path_of(t, h, a);
        say(t, "\">Story %d</a></p>", a);
    }
    say(t, "</body></html>");
}

static void section(text *t, int h) {
    say(t, "<!DOCTYPE html><html><head><title>News</title></head><body><ul>");
    for (int a = pages / 2; a < pages; a++) {
        say(t, "<li><a href=\"");
        path_of(t, h, a);
        say(t, "?utm_source=section\">Story %d</a></li>", a);
    }
    say(t, "</ul></body></html>");
}

static void feed(text *t, int h) {
    say(t, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Paper %d</title>", h);
    for (int a = 0; a < (pages + 1) / 2; a++) {
        say(t, "<item><title>Story %d</title><link>", a);
        url_of(t, h, a);
        say(t, "</link></item>");
    }
    say(t, "</channel></rss>");
}

static void sitemap(text *t, int h) {
    say(t, "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
    for (int a = 0; a < pages; a++) {
        say(t, "<url><loc>");
        url_of(t, h, a);
        say(t, "</loc></url>");
    }
    say(t, "</urlset>");
}

/* ---- robots.txt ---- */

static void robots(text *t, int h) {
    switch (h % 10) {
    case 1:
        say(t, "Sitemap: ");
        origin_of(t, h);
        say(t, "/sitemap-index.xml\n");
        break;
    case 2:
        say(t, "User-agent: *\nDisallow: /private/\nDisallow: /*.pdf$\nDisallow: /.well-known/\n"
               "Sitemap: /sitemap.xml\n");
        break;
    case 3:
        say(t, "User-agent: *\nCrawl-delay: %d.%03d\n", crawl_delay_ms / 1000,
            crawl_delay_ms % 1000);
        break;
    case 4:
        say(t, "User-agent: *\nDisallow: /\n");
        break;
    case 6:
        say(t, "User-agent: *\nDisallow: /priv\nAllow: /private-not\n");
        break;
    case 7:
        say(t, "User-agent: otherbot\nDisallow: /news\n\nUser-agent: *\nDisallow: /\n\n"
               "User-agent: Dehusk\nUser-agent: GPTBot\nDisallow: /%%70rivate/\n");
        break;
    case 9:
        say(t, "\xEF\xBB\xBFUser-agent: *\r\nDisallow: /private/\r\n");
        while (t->len < 600 * 1024)
            say(t, "# nothing to see in this line, and in the next one\r\n");
        say(t, "Disallow: /\r\n"); /* behind what is read */
        break;
    default:
        break;
    }
}

static bool is_forbidden(int h, const char *path) {
    bool hidden = strncmp(path, "/private", 8) == 0;
    if (strcmp(path, "/robots.txt") == 0) return false;
    switch (h % 10) {
    case 4:
    case 5: /* its robots.txt cannot be had */
        return true;
    case 6:
        return hidden && strcmp(path, "/r.txt") != 0;
    case 2:
        return hidden || strncmp(path, "/.well-known", 12) == 0;
    case 7:
    case 9:
        return hidden;
    default:
        return false;
    }
}

/* ---- answers ---- */

static void pack(text *out, const text *in, size_t times) {
    z_stream z = {0};
    unsigned char room[65536];
    if (deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY) != Z_OK) abort();
    for (size_t i = 0; i < times; i++) {
        z.next_in = (unsigned char *)in->ptr;
        z.avail_in = (unsigned)in->len;
        do {
            z.next_out = room;
            z.avail_out = sizeof room;
            deflate(&z, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
            put(out, (char *)room, sizeof room - z.avail_out);
        } while (z.avail_out == 0);
    }
    deflateEnd(&z);
}

static void send_answer(connection *c, int status, const char *extra, const text *body,
                        long length) {
    say(&c->out, "HTTP/1.1 %d X\r\nContent-Length: %ld\r\n%s%s\r\n", status,
        length >= 0 ? length : (long)body->len, extra,
        c->close_after ? "Connection: close\r\n" : "");
    if (body->len > 0) put(&c->out, body->ptr, body->len);
}

#define HTML "Content-Type: text/html; charset=utf-8\r\n"

/* Article a that misbehaves; false: it does not. */
static bool odd_article(connection *c, int h, int a, int *status) {
    text body = {0}, packed = {0}, where = {0};
    unsigned char *times = &tries[h * pages + a];
    char extra[512];
    bool done = true;
    *status = 200;
    if (*times < 250) ++*times;
    switch (a % 20) {
    case 3:
        url_of(&where, h, a + 1 < pages ? a + 1 : 0);
        snprintf(extra, sizeof extra, "Location: %s\r\n", where.ptr);
        send_answer(c, *status = 301, extra, &body, -1);
        break;
    case 5:
        send_answer(c, *status = 404, HTML, &body, -1);
        break;
    case 7:
        done = *times == 1;
        if (done) send_answer(c, *status = 500, HTML, &body, -1);
        break;
    case 9:
        done = *times == 1;
        if (done) send_answer(c, *status = 429, "Retry-After: 1\r\n", &body, -1);
        break;
    case 11:
        article(&body, h, a, true);
        send_answer(c, 200, HTML, &body, -1);
        break;
    case 12:
        article(&body, h, a, false);
        send_answer(c, 200, HTML "X-Robots-Tag: noindex\r\n", &body, -1);
        break;
    case 15:
        article(&body, h, a, false);
        pack(&packed, &body, 1);
        send_answer(c, 200, HTML "Content-Encoding: gzip\r\n", &packed, -1);
        break;
    case 16: /* 100 MB of blanks */
        for (int i = 0; i < 100000; i++) put(&body, "          ", 10);
        pack(&packed, &body, 100);
        send_answer(c, 200, HTML "Content-Encoding: gzip\r\n", &packed, -1);
        break;
    case 17: /* breaks off */
        article(&body, h, a, false);
        c->close_after = true;
        send_answer(c, 200, HTML, &body, (long)body.len + 1000);
        break;
    case 18: /* slow, but it comes */
        article(&body, h, a, false);
        send_answer(c, 200, HTML, &body, -1);
        c->piece = c->out.len / 5 + 1;
        break;
    case 19: /* the bytes of article 0 */
        article(&body, h, 0, false);
        send_answer(c, 200, HTML, &body, -1);
        break;
    case 1: /* reset in the body */
        article(&body, h, a, false);
        done = *times == 1;
        if (done) send_answer(c, 200, HTML, &body, (long)body.len * 2);
        if (done) c->close_after = c->reset = true;
        break;
    default:
        done = false;
    }
    free(body.ptr);
    free(packed.ptr);
    free(where.ptr);
    return done;
}

static int article_number(const char *path, int h) {
    const char *at = strstr(path, "story-of-host-");
    int host, a;
    if (at == NULL || sscanf(at, "story-of-host-%d-number-%d", &host, &a) != 2) return -1;
    return host == h && a >= 0 && a < pages ? a : -1;
}

/* From http to https, whatever is asked for. */
static int send_to_https(connection *c, int h, const char *path) {
    text none = {0};
    char extra[2200];
    snprintf(extra, sizeof extra, "Location: https://h%03d.test%s\r\n", h, path);
    send_answer(c, 301, extra, &none, -1);
    return 301;
}

static int answer(connection *c, int h, const char *path, const char *etag) {
    text body = {0};
    int status = 200, of = 0, a = article_number(path, h);
    char tag[64], extra[256];
    const char *type = HTML;
    if (strcmp(path, "/robots.txt") == 0) {
        type = "Content-Type: text/plain\r\n";
        if (h % 10 == 0) status = 404;
        if (h % 10 == 5) status = 503;
        if (h % 10 == 8) status = 403;
        if (h % 10 == 6) {
            status = 301;
            type = "Location: /r.txt\r\n";
        }
        if (status == 200) robots(&body, h);
    } else if (strcmp(path, "/r.txt") == 0 && h % 10 == 6) {
        robots(&body, h);
    } else if (strcmp(path, "/.well-known/tdmrep.json") == 0 && h % 10 == 1) {
        type = "Content-Type: application/json\r\n";
        say(&body, "[{\"location\": \"/private/\", \"tdm-reservation\": 1}]");
    } else if (strcmp(path, "/") == 0) {
        front(&body, h);
    } else if (strcmp(path, "/news") == 0) {
        section(&body, h);
    } else if (strcmp(path, "/feed.xml") == 0) {
        type = "Content-Type: application/rss+xml\r\n";
        feed(&body, h);
    } else if (h > 0 && sscanf(path, "/of-%d.xml", &of) == 1 && of == h - 1) {
        type = "Content-Type: application/rss+xml\r\n";
        say(&body, "<rss version=\"2.0\"><channel><item><link>");
        url_of(&body, of, 0);
        say(&body, "</link></item><item><link>");
        url_of(&body, h, 1);
        say(&body, "</link></item></channel></rss>");
    } else if (strcmp(path, "/sitemap-index.xml") == 0) {
        say(&body, "<sitemapindex><sitemap><loc>");
        origin_of(&body, h);
        say(&body, "/sitemap.xml.gz</loc></sitemap></sitemapindex>");
    } else if (strcmp(path, "/sitemap.xml") == 0) {
        sitemap(&body, h);
    } else if (strcmp(path, "/sitemap.xml.gz") == 0) {
        text plain = {0};
        type = "Content-Type: application/gzip\r\n";
        sitemap(&plain, h);
        pack(&body, &plain, 1);
        free(plain.ptr);
    } else if (a >= 0) {
        if (odd && odd_article(c, h, a, &status)) return status;
        article(&body, h, a, false);
    } else {
        status = 404;
        unknown_count++;
    }
    snprintf(tag, sizeof tag, "\"%lx-%zx\"",
             crc32(0, (unsigned char *)body.ptr, (unsigned)body.len), body.len);
    if (status == 200 && strcmp(tag, etag) == 0) {
        status = 304;
        body.len = 0;
    }
    snprintf(extra, sizeof extra, "%sETag: %s\r\n", type, tag);
    send_answer(c, status, extra, &body, -1);
    free(body.ptr);
    return status;
}

/* Value of a header field, without the blanks around it. */
static void field(const char *head, const char *name, char *out, size_t size) {
    out[0] = '\0';
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        size_t n = strlen(name);
        if (strncasecmp(line + 2, name, n) != 0 || line[2 + n] != ':') continue;
        const char *value = line + 3 + n + strspn(line + 3 + n, " \t");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\r\n"), value);
        return;
    }
}

static void note(int h, int64_t at, int status, const char *path, bool secure) {
    bool bad = is_forbidden(h, path);
    requests++;
    forbidden_count += bad;
    if (last_ms[h] != 0) {
        int64_t gap = at - last_ms[h];
        int64_t least = h % 10 == 3 && crawl_delay_ms > gap_ms ? crawl_delay_ms : gap_ms;
        if (gap < smallest) smallest = gap;
        close_count += gap < least;
    }
    last_ms[h] = at;
    if (logfile != NULL)
        fprintf(logfile, "%lld h%03d.test %d %s %s%s\n", (long long)at, h, status,
                bad ? "FORBIDDEN" : "ok", path, secure ? " tls" : "");
}

static void handle(connection *c) {
    char path[2048] = "/", host[256], etag[128], connection_field[64];
    int64_t at = now_ms();
    int h = -1;
    field(c->head, "Host", host, sizeof host);
    field(c->head, "If-None-Match", etag, sizeof etag);
    field(c->head, "Connection", connection_field, sizeof connection_field);
    sscanf(c->head, "%*15s %2000s", path);
    char *query = strchr(path, '?');
    if (query != NULL) *query = '\0';
    sscanf(host, "h%3d.test", &h);
    if (strncmp(host, "127.0.0.1:", 10) == 0) h = 0; /* for who cannot say where the papers are */
    c->close_after = strcasecmp(connection_field, "close") == 0;
    c->piece = 0;
    if (h < 0 || h >= hosts) {
        text none = {0};
        send_answer(c, 421, HTML, &none, -1);
        unknown_count++;
        return;
    }
    int status = is_secure(h) && c->ssl == NULL ? send_to_https(c, h, path)
                                                : answer(c, h, path, etag);
    note(h, at, status, path, c->ssl != NULL);
}

/* ---- the loop ---- */

static void end(connection *c) {
    if (c->reset) {
        struct linger hard = {1, 0};
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    tls_end(c->ssl);
    close(c->fd);
    free(c->out.ptr);
    *c = (connection){.fd = -1};
}

static void receive(connection *c) {
    if (c->is_new && !tls_look(tls, c->fd, &c->ssl)) {
        end(c);
        return;
    }
    c->is_new = false;
    size_t room = HEAD - 1 - c->got;
    ssize_t n = c->ssl != NULL ? tls_read(c->ssl, c->head + c->got, room)
                               : read(c->fd, c->head + c->got, room);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) end(c);
        return;
    }
    c->got += (size_t)n;
    c->head[c->got] = '\0';
    char *over = strstr(c->head, "\r\n\r\n");
    if (over == NULL && c->got == HEAD - 1) end(c);
    if (over == NULL) return;
    over[2] = '\0';
    c->out.len = c->sent = 0;
    handle(c);
    c->got = 0; /* nobody pipelines */
}

static void transmit(connection *c) {
    if (c->next_ms > now_ms()) return;
    size_t left = c->out.len - c->sent;
    if (c->piece > 0 && left > c->piece) left = c->piece;
    const char *at = c->out.ptr + c->sent;
    ssize_t n = c->ssl != NULL ? tls_send(c->ssl, at, left) : send(c->fd, at, left, MSG_NOSIGNAL);
    if (n < 0) {
        if (errno != EAGAIN) end(c);
        return;
    }
    c->sent += (size_t)n;
    if (c->piece > 0) c->next_ms = now_ms() + 100;
    if (c->sent < c->out.len) return;
    c->next_ms = 0;
    if (c->close_after) end(c);
}

static connection connections[MAX_CONNECTIONS];

static void serve(int listener) {
    static struct pollfd polls[MAX_CONNECTIONS + 1];
    static int of[MAX_CONNECTIONS + 1];
    while (!ending) {
        nfds_t n = 0;
        bool slow = false;
        polls[n++] = (struct pollfd){.fd = listener, .events = POLLIN};
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            connection *c = &connections[i];
            if (c->fd < 0) continue;
            bool sending = c->sent<c->out.len, waits = c->next_ms> now_ms();
            slow |= sending && waits;
            of[n] = i;
            polls[n++] = (struct pollfd){
                .fd = c->fd, .events = (short)(sending ? (waits ? 0 : POLLOUT) : POLLIN)};
        }
        if (poll(polls, n, slow ? 20 : 500) < 0) continue;
        for (nfds_t k = 1; k < n; k++) {
            connection *c = &connections[of[k]];
            if (c->sent < c->out.len)
                transmit(c);
            else if ((polls[k].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
                receive(c);
            if (c->fd >= 0 && c->sent < c->out.len) transmit(c);
        }
        if ((polls[0].revents & POLLIN) == 0) continue;
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        for (int i = 0; fd >= 0 && i < MAX_CONNECTIONS; i++)
            if (connections[i].fd < 0) {
                connections[i] = (connection){.fd = fd, .is_new = true};
                fd = -1;
            }
        if (fd >= 0) close(fd);
    }
}

static void stop(int number) {
    (void)number;
    ending = 1;
}

static int listen_at(const char *port_file) {
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    struct sockaddr_in v4_address = {.sin_family = AF_INET};
    struct sockaddr_in6 v6_address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    v4_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr *address = v6 ? (struct sockaddr *)&v6_address : (struct sockaddr *)&v4_address;
    socklen_t len = v6 ? sizeof v6_address : sizeof v4_address;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, address, len) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, address, &len) != 0) {
        perror("web");
        exit(1);
    }
    int port = ntohs(v6 ? v6_address.sin6_port : v4_address.sin_port);
    char temp[4096];
    snprintf(temp, sizeof temp, "%s.new", port_file);
    FILE *file = fopen(temp, "w");
    if (file == NULL) exit(1);
    fprintf(file, "%d\n", port);
    fclose(file);
    rename(temp, port_file);
    return fd;
}

int main(int argc, char **argv) {
    const char *port_file = "port";
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        odd |= strcmp(argv[i], "--odd") == 0;
        v6 |= strcmp(argv[i], "--v6") == 0;
        if (strcmp(argv[i], "--odd") == 0 || strcmp(argv[i], "--v6") == 0) continue;
        if (strcmp(argv[i], "--hosts") == 0)
            hosts = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--pages") == 0)
            pages = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--port") == 0)
            port_file = value;
        else if (strcmp(argv[i], "--change") == 0)
            change_at = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--fatal") == 0)
            fatal_at = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--gap") == 0)
            gap_ms = strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--crawl-delay") == 0)
            crawl_delay_ms = (int)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--tls") == 0)
            tls = tls_load(value);
        else if (strcmp(argv[i], "--log") == 0)
            logfile = fopen(value, "w");
        else
            return 2;
        if (strcmp(argv[i], "--tls") == 0 && tls == NULL) return 2;
        i++;
    }
    if (hosts < 1 || hosts > MAX_HOSTS || pages < 1 || pages > MAX_PAGES) return 2;
    tries = calloc((size_t)hosts * (size_t)pages, 1);
    for (int i = 0; i < MAX_CONNECTIONS; i++) connections[i].fd = -1;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without asking for none */
    if (logfile != NULL) setvbuf(logfile, NULL, _IOLBF, 0);
    serve(listen_at(port_file));
    printf("requests %ld forbidden %ld close %ld unknown %ld smallest %lld\n", requests,
           forbidden_count, close_count, unknown_count,
           smallest == INT64_MAX ? -1LL : (long long)smallest);
    if (logfile != NULL) fclose(logfile);
    free(tries);
    tls_unload(tls);
    return 0;
}
