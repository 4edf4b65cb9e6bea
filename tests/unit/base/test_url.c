/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/url.h"

static void same(dh_slice got, const char *want, const char *about) {
    if (!dh_slice_eq(got, dh_slice_cstr(want)))
        fail_msg("%s: got '%.*s', want '%s'", about, (int)got.len, got.ptr, want);
}

static void test_split(void **state) {
    (void)state;
    static const struct {
        const char *text, *scheme, *user, *host, *port, *path, *query, *fragment;
    } table[] = {
        {"http://example.org", "http", "", "example.org", "", "", "", ""},
        {" HTTPS://u:p@Example.org:8080/a/b?c=d/e#f?g \n", "HTTPS", "u:p", "Example.org", "8080",
         "/a/b", "c=d/e", "f?g"},
        {"http://example.org?q", "http", "", "example.org", "", "", "q", ""},
        {"http://[2001:db8::1]:80/x", "http", "", "[2001:db8::1]", "80", "/x", "", ""},
        {"http://[2001:db8::1]/x", "http", "", "[2001:db8::1]", "", "/x", "", ""},
        {"http://a@b@c/", "http", "a@b", "c", "", "/", "", ""},
        {"http:\\\\example.org\\a", "http", "", "example.org", "", "\\a", "", ""},
        {"http:/example.org/a", "http", "", "example.org", "", "/a", "", ""},
        {"http:///example.org/a", "http", "", "example.org", "", "/a", "", ""},
        {"mailto:a@example.org?subject=x", "mailto", "", "", "", "a@example.org", "subject=x", ""},
        {"urn:isbn:1", "urn", "", "", "", "isbn:1", "", ""},
        {"foo://h/p", "foo", "", "h", "", "/p", "", ""},
        {"http:", "http", "", "", "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_url url;
        assert_true(dh_url_split(dh_slice_cstr(table[i].text), &url));
        same(url.scheme, table[i].scheme, table[i].text);
        same(url.user, table[i].user, table[i].text);
        same(url.host, table[i].host, table[i].text);
        same(url.port, table[i].port, table[i].text);
        same(url.path, table[i].path, table[i].text);
        same(url.query, table[i].query, table[i].text);
        same(url.fragment, table[i].fragment, table[i].text);
    }
    static const char *const none[] = {"",      " ", "/a/b", "example.org/x",
                                       "a b:c", ":", "1a:b", "?a:b"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        dh_url url;
        if (dh_url_split(dh_slice_cstr(none[i]), &url)) fail_msg("has no scheme: %s", none[i]);
    }
    dh_url url;
    assert_true(dh_url_split(DH_SLICE("http://h/?#"), &url));
    assert_true(url.has_query && url.has_fragment && url.has_authority);
    assert_true(dh_url_split(DH_SLICE("http://h/"), &url));
    assert_false(url.has_query || url.has_fragment);
}

static void test_host(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {"http://Example.ORG/x", "example.org"},
        {"https://user@www.example.org.:443/x", "www.example.org"},
        {"www.Example.org/x", "www.example.org"},
        {"www.example.org", "www.example.org"},
        {"www.example.org:8080/x", "www.example.org"},
        {"localhost:8080", "localhost"},
        {"http://localhost/", "localhost"},
        {"//cdn.example.org/x", "cdn.example.org"},
        {"http://\xD9\x85\xD8\xAB\xD8\xA7\xD9\x84.example/",
         "\xD9\x85\xD8\xAB\xD8\xA7\xD9\x84.example"},
        {"http://[2001:DB8::1]/", "[2001:db8::1]"},
        {"", ""},
        {"/a/b.c", ""},
        {"story", ""},
        {"a story of example.org", ""},
        {"mailto:a@example.org", ""},
        {"tel:123", ""},
        {"javascript:void(0)", ""},
        {"file:///x/y.html", ""},
        {"http://", ""},
        {"http://a b/", ""},
        {"..", ""},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        same(dh_url_host(dh_slice_cstr(table[i][0]), &arena), table[i][1], table[i][0]);
    dh_arena_release(&arena);
}

/* RFC 3986, 5.4: the base and the references are the standard's examples. */
static const char *const standard[][2] = {
    {"g", "http://a/b/c/g"},
    {"./g", "http://a/b/c/g"},
    {"g/", "http://a/b/c/g/"},
    {"/g", "http://a/g"},
    {"//g", "http://g"},
    {"?y", "http://a/b/c/d;p?y"},
    {"g?y", "http://a/b/c/g?y"},
    {"#s", "http://a/b/c/d;p?q#s"},
    {"g#s", "http://a/b/c/g#s"},
    {"g?y#s", "http://a/b/c/g?y#s"},
    {";x", "http://a/b/c/;x"},
    {"g;x", "http://a/b/c/g;x"},
    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
    {"", "http://a/b/c/d;p?q"},
    {".", "http://a/b/c/"},
    {"./", "http://a/b/c/"},
    {"..", "http://a/b/"},
    {"../", "http://a/b/"},
    {"../g", "http://a/b/g"},
    {"../..", "http://a/"},
    {"../../", "http://a/"},
    {"../../g", "http://a/g"},
    {"../../../g", "http://a/g"},
    {"../../../../g", "http://a/g"},
    {"/./g", "http://a/g"},
    {"/../g", "http://a/g"},
    {"g.", "http://a/b/c/g."},
    {".g", "http://a/b/c/.g"},
    {"g..", "http://a/b/c/g.."},
    {"..g", "http://a/b/c/..g"},
    {"./../g", "http://a/b/g"},
    {"./g/.", "http://a/b/c/g/"},
    {"g/./h", "http://a/b/c/g/h"},
    {"g/../h", "http://a/b/c/h"},
    {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
    {"g;x=1/../y", "http://a/b/c/y"},
    {"g?y/./x", "http://a/b/c/g?y/./x"},
    {"g#s/../x", "http://a/b/c/g#s/../x"},
    {"http:g", "http://a/b/c/g"},
    {"g:h", ""},
};

static void test_resolve_standard(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++)
        same(dh_url_resolve(DH_SLICE("http://a/b/c/d;p?q"), dh_slice_cstr(standard[i][0]), &arena),
             standard[i][1], standard[i][0]);
    dh_arena_release(&arena);
}

static void test_resolve_odd(void **state) {
    (void)state;
    static const char *const table[][3] = {
        {"https://e.org/a/b", "  c d.html\n", "https://e.org/a/c%20d.html"},
        {"https://e.org/a/b", "\\x\\y", "https://e.org/x/y"},
        {"https://e.org/a/b", "\\\\f.org\\y", "https://f.org/y"},
        {"https://e.org/a/b", "///f.org/y", "https://f.org/y"},
        {"https://e.org/a/b", "https:/f.org/y", "https://f.org/y"},
        {"https://e.org/a/b", "http:y", "http://y"},
        {"https://e.org/a/b", "HTTP://F.org:80/Y/../Z", "http://f.org:80/Z"},
        {"https://e.org/a/b", "http://f.org", "http://f.org"},
        {"https://e.org/a/b", "htt\nps://f.org/\tx", "https://f.org/x"},
        {"https://e.org/a/b", "%2e%2E/c", "https://e.org/c"},
        {"https://e.org", "c", "https://e.org/c"},
        {"https://e.org?q", "#f", "https://e.org?q#f"},
        {"https://u:p@e.org:8/a", "c", "https://u:p@e.org:8/c"},
        {"https://e.org/a/../b/./c", "d", "https://e.org/b/d"},
        {"https://e.org/", "\"<x>\"?\"#<", "https://e.org/%22%3Cx%3E%22?%22#%3C"},
        {"https://e.org/", "\xD8\xA7/\xD9\x84", "https://e.org/\xD8\xA7/\xD9\x84"},
        {"https://e.org/", "mailto:a@e.org", "mailto:a@e.org"},
        {"https://e.org/", "tel:+1", "tel:+1"},
        {"https://e.org/", "data:text/plain,x", "data:text/plain,x"},
        {"https://e.org/", "javascript:void(0)", ""},
        {"https://e.org/", "JavaScript:x", ""},
        {"https://e.org/", "java\nscript:x", ""},
        {"https://e.org/", "file:///etc/x", ""},
        {"https://e.org/", "http://", ""},
        {"https://e.org/", "//", ""},
        {"https://e.org/", "http://a b/c", ""},
        {"https://e.org/", "http://a\"b/c", ""},
        {"", "http://E.org/a/../b", "http://E.org/a/../b"},
        {"", "mailto:x", "mailto:x"},
        {"", "/a", ""},
        {"", "", ""},
        {"/not/absolute", "a", ""},
        {"file:///x/y", "a", ""},
        {"http://", "a", ""},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        same(dh_url_resolve(dh_slice_cstr(table[i][0]), dh_slice_cstr(table[i][1]), &arena),
             table[i][2], table[i][1]);
    assert_int_equal(dh_url_resolve((dh_slice){NULL, 0}, (dh_slice){NULL, 0}, &arena).len, 0);
    dh_arena_release(&arena);
}

static void test_path(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {"http://e.org", "/"},        {"http://e.org/", "/"},  {"http://e.org/a/b?c#d", "/a/b?c"},
        {"http://e.org/a#d?e", "/a"}, {"http://e.org?c", "/"}, {"not an address", "/"},
        {"http://e.org/a?", "/a?"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        same(dh_url_path(dh_slice_cstr(table[i][0])), table[i][1], table[i][0]);
}

static void test_is_http(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is;
    } table[] = {
        {"http://e.org", true}, {"HTTPS://e.org/x", true},
        {"http:/e.org", false}, {"http://", false},
        {"https:///", false},   {"ftp://e.org", false},
        {"e.org", false},       {"", false},
        {"http.html", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (dh_url_is_http(dh_slice_cstr(table[i].text)) != table[i].is)
            fail_msg("%s", table[i].text);
}

/* Long references must be linear in their length. */
static void test_huge(void **state) {
    (void)state;
    static const char *const patterns[] = {"a/", "../", "//", "%2e%2e/", "@",
                                           ":",  "?",   "#",  " ",       "\\"};
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        dh_buf text;
        dh_buf_init(&text, NULL, 0);
        dh_buf_puts(&text, "x/");
        for (int k = 0; k < 200000; k++) dh_buf_puts(&text, patterns[i]);
        dh_slice got = dh_url_resolve(DH_SLICE("http://e.org/a/b"), dh_buf_slice(&text), &arena);
        assert_true(dh_slice_starts(got, DH_SLICE("http://e.org/")));
        dh_url_host(dh_buf_slice(&text), &arena);
        dh_buf_release(&text);
        dh_arena_reset(&arena);
    }
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_resolve_standard),
        cmocka_unit_test(test_resolve_odd),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_is_http),
        cmocka_unit_test(test_huge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
