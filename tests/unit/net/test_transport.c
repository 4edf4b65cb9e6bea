/* SPDX-License-Identifier: Apache-2.0 */
/* The transport: hops, bytes as they were on the wire, addresses under a resolver of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "net/evidence.h"
#include "net/follow.h"
#include "server.h"

/* A small world of names. Every address that is dialled is the loopback server in truth. */
typedef struct world {
    int asked;
    int dialled;
    dh_address last;
} world;

static size_t resolve(void *data, const char *host, uint16_t number, dh_address *out, size_t max) {
    static const struct {
        const char *host, *first, *second;
    } names[] = {
        {"outside.test", "93.184.216.34", NULL},       {"other.test", "93.184.216.35", NULL},
        {"xn--bcher-kva.test", "93.184.216.36", NULL}, {"six.test", "2606:2800:220:1::1", NULL},
        {"inside.test", "192.168.7.7", NULL},          {"loop.test", "127.0.0.1", NULL},
        {"mapped.test", "::ffff:10.0.0.1", NULL},      {"nat64.test", "64:ff9b::a9fe:a9fe", NULL},
        {"sixtofour.test", "2002:7f00:1::1", NULL},    {"link.test", "fe80::1", NULL},
        {"metadata.test", "169.254.169.254", NULL},    {"both.test", "10.0.0.1", "93.184.216.34"},
    };
    world *w = data;
    (void)number, (void)max;
    w->asked++;
    if (strcmp(host, "rebind.test") == 0) { /* public when looked at, private when used */
        dh_address_read(w->asked == 1 ? DH_SLICE("93.184.216.34") : DH_SLICE("127.0.0.1"), out);
        return 1;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(host, names[i].host) != 0) continue;
        assert_true(dh_address_read(dh_slice_cstr(names[i].first), &out[0]));
        if (names[i].second == NULL) return 1;
        assert_true(dh_address_read(dh_slice_cstr(names[i].second), &out[1]));
        return 2;
    }
    return 0;
}

static void dial(void *data, dh_address *address) {
    world *w = data;
    w->dialled++;
    w->last = *address;
    dh_address_read(DH_SLICE("127.0.0.1"), address);
    address->port = (uint16_t)port;
}

static dh_transport *transport_of(const dh_resolver *resolver) {
    dh_transport *t;
    dh_transport_options options = {.resolver = resolver};
    assert_int_equal(dh_transport_new(&options, &t, NULL), DH_OK);
    return t;
}

static dh_response *get(dh_transport *t, const dh_request *request) {
    dh_response *r = NULL;
    assert_int_equal(dh_transport_start(t, request, NULL), DH_OK);
    while (r == NULL) r = dh_transport_poll(t, 1000);
    return r;
}

static dh_response *get_path(dh_transport *t, const char *path) {
    char url[256];
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
    return get(t, &(dh_request){.url = url, .allow_private = true});
}

static void assert_bytes(const char *what, const dh_buf *buf, const char *text) {
    if (!dh_slice_eq(dh_buf_slice(buf), dh_slice_cstr(text)))
        fail_msg("%s: %.*s", what, (int)buf->len, buf->ptr);
}

static void wire_is_kept(void **state) {
    (void)state;
    dh_transport *t = transport_of(NULL);
    dh_response *r = get_path(t, "/chunked");
    assert_int_equal(r->fault, DH_FAULT_NONE);
    assert_bytes("wire", &r->wire, CHUNKS);
    assert_bytes("body", &r->body, "<html>abc");
    assert_bytes("head", &r->head, CHUNKED "Connection: close\r\n\r\n");
    assert_true(
        dh_slice_starts(dh_buf_slice(&r->request), DH_SLICE("GET /chunked HTTP/1.1\r\nHost: ")));
    assert_true(dh_slice_ends(dh_buf_slice(&r->request), DH_SLICE("\r\n\r\n")));
    assert_int_equal(dh_response_payload(r).len, 9);
    assert_int_equal(r->status, 200);
    assert_int_equal(r->version, 11);
    assert_true(r->begun_ms > INT64_C(1500000000000));
    dh_response_free(r);
    r = get_path(t, "/chunked-gzip");
    assert_bytes("body", &r->body, PAGE);
    assert_true(dh_slice_starts(dh_response_payload(r), DH_SLICE("\x1F\x8B")));
    dh_response_free(r);
    r = get_path(t, "/chunked-trailer");
    assert_bytes("body", &r->body, "page");
    assert_true(dh_slice_has(dh_buf_slice(&r->wire), DH_SLICE("X-Sum")));
    assert_false(dh_slice_has(dh_buf_slice(&r->head), DH_SLICE("X-Sum")));
    dh_response_free(r);
    r = get_path(t, "/early");
    assert_bytes("head", &r->head, HTML "Content-Length: 40\r\nConnection: close\r\n\r\n");
    assert_bytes("body", &r->body, PAGE);
    dh_response_free(r);
    dh_transport_free(t);
}

static void faults_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *path;
        dh_fault fault;
        const char *wire; /* that came before, or NULL */
    } rows[] = {
        {"/page", DH_FAULT_NONE, PAGE},
        {"/404", DH_FAULT_NONE, PAGE},
        {"/loop", DH_FAULT_NONE, ""},
        {"/short", DH_FAULT_TRUNCATED, PAGE},
        {"/low-length", DH_FAULT_NONE, "<html><body>"}, /* as browsers have it */
        {"/truncated", DH_FAULT_TRUNCATED, NULL},
        {"/chunked-short", DH_FAULT_TRUNCATED, "4\r\npage\r\n"},
        {"/chunked-bad", DH_FAULT_PROTOCOL, NULL},
        {"/reset", DH_FAULT_RESET, PAGE},
        {"/drip", DH_FAULT_SLOW, NULL},
        {"/slow", DH_FAULT_TIMEOUT, NULL},
        {"/silent", DH_FAULT_SILENT, ""},
        {"/0.9", DH_FAULT_PROTOCOL, NULL},
        {"/damaged", DH_FAULT_ENCODING, NULL},
        {"/compress", DH_FAULT_ENCODING, "x"},
        {"/two-lengths", DH_FAULT_HEADER, ""},
        {"/long-header", DH_FAULT_HEADER, ""},
        {"/many-headers", DH_FAULT_HEADER, ""},
        {"/bomb", DH_FAULT_TOO_LARGE, NULL},
        {"/big", DH_FAULT_TOO_LARGE, ""},
        {"/big-no-length", DH_FAULT_TOO_LARGE, NULL},
    };
    dh_transport *t = transport_of(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[256];
        snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, rows[i].path);
        bool drip_row = rows[i].fault == DH_FAULT_SLOW;
        dh_request request = {.url = url,
                              .allow_private = true,
                              .max_body = 1 << 20,
                              .timeout_ms = rows[i].fault == DH_FAULT_TIMEOUT ? 300 : 20000,
                              .min_rate = drip_row ? 1000 : 1,
                              .min_rate_seconds = drip_row ? 1 : 10};
        dh_response *r = get(t, &request);
        if (r->fault != rows[i].fault)
            fail_msg("%s: %s: %s", rows[i].path, dh_fault_of(r->fault)->word, r->message);
        assert_true((r->message[0] != '\0') == (r->fault != DH_FAULT_NONE));
        if (rows[i].wire != NULL) assert_bytes(rows[i].path, &r->wire, rows[i].wire);
        assert_true(r->wire.len <= 1 << 20);
        dh_response_free(r);
    }
    assert_int_equal(dh_transport_active(t), 0);
    dh_transport_free(t);
}

static void addresses_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *url;
        dh_fault fault;
    } rows[] = {
        {"http://outside.test/page", DH_FAULT_NONE},
        {"http://OUTSIDE.test:8080/page", DH_FAULT_NONE},
        {"http://six.test/page", DH_FAULT_NONE},
        {"http://93.184.216.34/page", DH_FAULT_NONE},
        {"http://[2606:2800:220:1::1]/page", DH_FAULT_NONE},
        {"http://[::ffff:8.8.8.8]/page", DH_FAULT_NONE},
        {"http://both.test/page", DH_FAULT_NONE}, /* by the one that may be used */
        {"http://inside.test/page", DH_FAULT_BLOCKED},
        {"http://loop.test/page", DH_FAULT_BLOCKED},
        {"http://mapped.test/page", DH_FAULT_BLOCKED},
        {"http://nat64.test/page", DH_FAULT_BLOCKED},
        {"http://sixtofour.test/page", DH_FAULT_BLOCKED},
        {"http://link.test/page", DH_FAULT_BLOCKED},
        {"http://metadata.test/page", DH_FAULT_BLOCKED},
        {"http://localhost/page", DH_FAULT_DNS}, /* a name like others */
        {"http://127.0.0.1/page", DH_FAULT_BLOCKED},
        {"http://127.1/page", DH_FAULT_BLOCKED},
        {"http://0x7f.1/page", DH_FAULT_BLOCKED},
        {"http://0177.0.0.1/page", DH_FAULT_BLOCKED},
        {"http://2130706433/page", DH_FAULT_BLOCKED},
        {"http://0/page", DH_FAULT_BLOCKED},
        {"http://[::1]/page", DH_FAULT_BLOCKED},
        {"http://[::ffff:127.0.0.1]/page", DH_FAULT_BLOCKED},
        {"http://[::ffff:7f00:1]/page", DH_FAULT_BLOCKED},
        {"http://[64:ff9b::7f00:1]/page", DH_FAULT_BLOCKED},
        {"http://[fe80::1%25lo]/page", DH_FAULT_URL},
        {"http://unknown.test/page", DH_FAULT_DNS},
        {"http://b\xC3\xBC"
         "cher.test/page",
         DH_FAULT_NONE}, /* IDN */
        {"HTTP:\\\\outside.test\\page#part", DH_FAULT_NONE},
        {"file:///etc/hostname", DH_FAULT_SCHEME},
        {"gopher://outside.test/", DH_FAULT_SCHEME},
        {"dict://127.0.0.1:11211/x", DH_FAULT_SCHEME},
        {"http://", DH_FAULT_URL},
        {"http://outside.test:99999/", DH_FAULT_URL},
        {"", DH_FAULT_URL},
        {"page.html", DH_FAULT_URL},
    };
    world w = {0};
    const dh_resolver resolver = {resolve, dial, &w};
    dh_transport *t = transport_of(&resolver);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int before = w.dialled;
        dh_response *r = get(t, &(dh_request){.url = rows[i].url, .connect_timeout_ms = 3000});
        if (r->fault != rows[i].fault)
            fail_msg("%s: %s: %s", rows[i].url, dh_fault_of(r->fault)->word, r->message);
        if (r->fault == DH_FAULT_NONE) assert_bytes(rows[i].url, &r->body, PAGE);
        if (r->fault == DH_FAULT_NONE) assert_true(r->is_public);
        if (r->fault != DH_FAULT_NONE && w.dialled != before)
            fail_msg("%s is dialled", rows[i].url);
        dh_response_free(r);
    }
    dh_transport_free(t);
}

/* A name that changes its address after it was looked at once. */
static void rebinding_is_seen(void **state) {
    (void)state;
    world w = {0};
    const dh_resolver resolver = {resolve, dial, &w};
    dh_transport *t = transport_of(&resolver);
    dh_response *r = get(t, &(dh_request){.url = "http://rebind.test/page"});
    assert_int_equal(r->fault, DH_FAULT_NONE);
    dh_response_free(r);
    r = get(t, &(dh_request){.url = "http://rebind.test/page"});
    assert_int_equal(r->fault, DH_FAULT_BLOCKED);
    assert_non_null(strstr(r->message, "127.0.0.1"));
    dh_response_free(r);
    dh_transport_free(t);
}

/* A connection that one request may use and the next may not. */
static void reused_connections_are_checked(void **state) {
    (void)state;
    world w = {0};
    const dh_resolver resolver = {resolve, dial, &w};
    dh_transport *t = transport_of(&resolver);
    dh_response *r = get(t, &(dh_request){.url = "http://inside.test/keep", .allow_private = true});
    assert_int_equal(r->fault, DH_FAULT_NONE);
    assert_false(r->is_public);
    assert_false(r->reused);
    dh_response_free(r);
    r = get(t, &(dh_request){.url = "http://inside.test/keep", .allow_private = true});
    assert_int_equal(r->fault, DH_FAULT_NONE);
    assert_true(r->reused);
    assert_int_equal(w.dialled, 1);
    dh_response_free(r);
    r = get(t, &(dh_request){.url = "http://inside.test/keep/other"});
    assert_int_equal(r->fault, DH_FAULT_BLOCKED);
    dh_response_free(r);
    assert_false(was_asked("/keep/other"));
    /* Two hosts behind one real address are still two. */
    r = get(t, &(dh_request){.url = "http://outside.test/keep"});
    assert_int_equal(r->fault, DH_FAULT_NONE);
    char text[DH_ADDRESS_SIZE];
    assert_string_equal(dh_address_print(&r->remote, text), "93.184.216.34");
    dh_response_free(r);
    dh_transport_free(t);
}

typedef struct trail {
    char text[512];
} trail;

static bool note_hop(void *data, const dh_response *r) {
    trail *hops = data;
    size_t used = strlen(hops->text);
    snprintf(hops->text + used, sizeof hops->text - used, "%ld %s\n", r->status, r->url);
    return true;
}

static void redirects_are_followed_hop_by_hop(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool private_start, allow_private;
        dh_fault fault;
        const char *hops;
    } rows[] = {
        {"http://outside.test/moved", false, false, DH_FAULT_NONE,
         "301 http://outside.test/moved\n200 http://outside.test/page\n"},
        {"http://outside.test/to-relative#top", false, false, DH_FAULT_NONE,
         "302 http://outside.test/to-relative\n200 http://outside.test/a%20b?x=%C3%A9\n"},
        {"http://outside.test/loop", false, false, DH_FAULT_REDIRECTS,
         "302 http://outside.test/loop\n302 http://outside.test/loop\n"
         "302 http://outside.test/loop\n302 http://outside.test/loop\n"},
        {"http://outside.test/to-file", false, false, DH_FAULT_SCHEME,
         "302 http://outside.test/to-file\n"},
        {"http://outside.test/to-inside", false, false, DH_FAULT_BLOCKED,
         "302 http://outside.test/to-inside\n0 http://inside.test/page\n"},
        {"http://outside.test/to-inside", true, false, DH_FAULT_BLOCKED,
         "302 http://outside.test/to-inside\n0 http://inside.test/page\n"},
        {"http://outside.test/to-inside", false, true, DH_FAULT_NONE,
         "302 http://outside.test/to-inside\n200 http://inside.test/page\n"},
        {"http://inside.test/to-inside", true, false, DH_FAULT_NONE,
         "302 http://inside.test/to-inside\n200 http://inside.test/page\n"},
        {"http://inside.test/page", false, false, DH_FAULT_BLOCKED, "0 http://inside.test/page\n"},
    };
    world w = {0};
    const dh_resolver resolver = {resolve, dial, &w};
    dh_transport *t = transport_of(&resolver);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trail hops = {{0}};
        dh_follow_options how = {.max_redirects = 3,
                                 .private_start = rows[i].private_start,
                                 .hop = note_hop,
                                 .data = &hops};
        dh_request request = {.url = rows[i].url, .allow_private = rows[i].allow_private};
        dh_response *r = dh_follow(t, &request, &how, NULL);
        if (r->fault != rows[i].fault) fail_msg("%s: %s", rows[i].url, r->message);
        assert_string_equal(hops.text, rows[i].hops);
        dh_response_free(r);
    }
    dh_transport_free(t);
}

static void many_at_a_time(void **state) {
    (void)state;
    dh_transport *t = transport_of(NULL);
    char url[128];
    static int marks[20];
    int done = 0;
    for (size_t i = 0; i < 20; i++) {
        snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, i % 2 ? "/page" : "/gzip");
        dh_request request = {.url = url, .allow_private = true, .data = &marks[i]};
        assert_int_equal(dh_transport_start(t, &request, NULL), DH_OK);
        url[0] = '\0'; /* the transport has a copy */
    }
    assert_int_equal(dh_transport_active(t), 20);
    while (dh_transport_active(t) > 0) {
        dh_response *r = dh_transport_poll(t, 1000);
        if (r == NULL) continue;
        assert_int_equal(r->fault, DH_FAULT_NONE);
        assert_bytes("body", &r->body, PAGE);
        assert_int_equal(++*(int *)r->data, 1);
        done++;
        dh_response_free(r);
    }
    assert_int_equal(done, 20);
    dh_transport_free(t);
}

static bool stop_now(void *data) {
    return *(int *)data != 0;
}

static void stops_when_asked(void **state) {
    (void)state;
    int stop = 0;
    char url[128];
    dh_transport *t;
    dh_transport_options options = {.stop = stop_now, .stop_data = &stop};
    assert_int_equal(dh_transport_new(&options, &t, NULL), DH_OK);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/slow", port);
    dh_request request = {.url = url, .allow_private = true};
    for (int i = 0; i < 3; i++) assert_int_equal(dh_transport_start(t, &request, NULL), DH_OK);
    assert_null(dh_transport_poll(t, 1));
    stop = 1;
    for (int i = 0; i < 3; i++) {
        dh_response *r = dh_transport_poll(t, 1000);
        assert_non_null(r);
        assert_int_equal(r->fault, DH_FAULT_STOPPED);
        dh_response_free(r);
    }
    stop = 0;
    /* In flight when the transport goes: dropped. */
    assert_int_equal(dh_transport_start(t, &request, NULL), DH_OK);
    assert_null(dh_transport_poll(t, 1));
    dh_transport_wake(t);
    assert_null(dh_transport_poll(t, 600000));
    dh_transport_free(t);
}

static bool refuse_html(void *data, const dh_response *r) {
    (void)data;
    return !dh_slice_starts(dh_response_field(r, DH_SLICE("CONTENT-type")), DH_SLICE("text/html"));
}

static void requests_say_what_they_are_told_to(void **state) {
    (void)state;
    char url[128];
    const char *const headers[] = {"If-None-Match: \"7\"", "Accept: text/x"};
    const char *const bad[] = {"X: 1\r\nY: 2"};
    dh_transport *t = transport_of(NULL);
    dh_cookies *jar = dh_cookies_new();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/keep/cookie", port);
    dh_request request = {
        .url = url, .allow_private = true, .headers = headers, .header_count = 2, .cookies = jar};
    dh_response_free(get(t, &request));
    dh_response *r = get(t, &request);
    assert_true(dh_slice_has(dh_buf_slice(&r->request), DH_SLICE("\r\nCookie: crumb=7\r\n")));
    assert_true(dh_slice_has(dh_buf_slice(&r->request), DH_SLICE("\r\nIf-None-Match: \"7\"\r\n")));
    assert_true(dh_slice_has(dh_buf_slice(&r->request), DH_SLICE("\r\nAccept: text/x\r\n")));
    assert_false(dh_slice_has(dh_buf_slice(&r->request), DH_SLICE("*/*")));
    assert_true(was_asked(dh_buf_cstr(&r->request))); /* as it was on the wire */
    dh_response_free(r);
    request.cookies = NULL;
    r = get(t, &request);
    assert_false(dh_slice_has_nocase(dh_buf_slice(&r->request), DH_SLICE("Cookie:")));
    dh_response_free(r);
    request.accept = refuse_html;
    r = get(t, &request);
    assert_int_equal(r->fault, DH_FAULT_UNWANTED);
    assert_int_equal(r->body.len, 0);
    dh_response_free(r);
    request.headers = bad;
    request.header_count = 1;
    assert_int_equal(dh_transport_start(t, &request, NULL), DH_ERR_USAGE);
    dh_transport_free(t);
    dh_cookies_free(jar);
}

/* What the environment says about proxies is not listened to, unless it shall be. */
static void no_proxy_is_taken_up(void **state) {
    (void)state;
    char proxy[64], url[128];
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", port);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/page", port);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    dh_transport *t = transport_of(NULL);
    dh_response *r = get(t, &(dh_request){.url = url, .allow_private = true});
    assert_int_equal(r->fault, DH_FAULT_NONE);
    dh_response_free(r);
    dh_transport_free(t);
    dh_transport_options options = {.proxy = "env"};
    assert_int_equal(dh_transport_new(&options, &t, NULL), DH_OK);
    r = get(t, &(dh_request){.url = url});
    assert_int_equal(r->fault, DH_FAULT_REFUSED);
    dh_response_free(r);
    dh_transport_free(t);
    options.proxy = proxy;
    assert_int_equal(dh_transport_new(&options, &t, NULL), DH_OK);
    r = get(t, &(dh_request){.url = "http://outside.test/page"});
    assert_true(dh_slice_starts(dh_buf_slice(&r->request),
                                DH_SLICE("GET http://outside.test/page HTTP/1.1\r\n")));
    dh_response_free(r);
    dh_transport_free(t);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

/* As the archive has it: whole, or why not. */
static void evidence_says_what_is_missing(void **state) {
    (void)state;
    static const struct {
        dh_fault fault;
        bool is_whole;
        const char *truncated;
    } rows[] = {
        {DH_FAULT_NONE, true, NULL},
        {DH_FAULT_TRUNCATED, true, NULL}, /* of the content, which was sent so */
        {DH_FAULT_ENCODING, true, NULL},
        {DH_FAULT_TRUNCATED, false, "disconnect"},
        {DH_FAULT_RESET, false, "disconnect"},
        {DH_FAULT_TOO_LARGE, false, "length"},
        {DH_FAULT_TIMEOUT, false, "time"},
        {DH_FAULT_SLOW, false, "time"},
        {DH_FAULT_STOPPED, false, "unspecified"},
    };
    dh_transport *t = transport_of(NULL);
    dh_response *r = get_path(t, "/chunked");
    dh_evidence e = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r->fault = rows[i].fault;
        r->is_whole = rows[i].is_whole;
        assert_true(dh_evidence_take(&e, r));
        dh_evidence_add(&e, "via", DH_SLICE("a\r\nb: c"));
        const char *truncated = e.exchange.truncated;
        if ((truncated == NULL) != (rows[i].truncated == NULL)) fail_msg("row %zu", i);
        if (truncated != NULL) assert_string_equal(truncated, rows[i].truncated);
        assert_true(dh_slice_ends(e.exchange.metadata, DH_SLICE("\r\nvia: a  b: c\r\n")));
        assert_true(dh_slice_eq(e.exchange.body, DH_SLICE(CHUNKS)));
        assert_true(dh_slice_eq(e.exchange.payload, DH_SLICE("<html>abc")));
        assert_string_equal(e.exchange.ip, "127.0.0.1");
    }
    r->status = 0;
    assert_false(dh_evidence_take(&e, r));
    dh_evidence_release(&e);
    dh_response_free(r);
    dh_transport_free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wire_is_kept),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(rebinding_is_seen),
        cmocka_unit_test(reused_connections_are_checked),
        cmocka_unit_test(redirects_are_followed_hop_by_hop),
        cmocka_unit_test(many_at_a_time),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(requests_say_what_they_are_told_to),
        cmocka_unit_test(no_proxy_is_taken_up),
        cmocka_unit_test(evidence_says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
