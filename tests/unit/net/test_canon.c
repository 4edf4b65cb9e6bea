/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form: the URL standard's own examples first, then what pages and feeds hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/canon.h"

typedef struct row {
    const char *base, *text, *href; /* href NULL: no address */
} row;

static void run(const row *table, size_t len) {
    for (size_t i = 0; i < len; i++) {
        dh_arena arena;
        dh_arena_init(&arena, 0);
        dh_canon base, got;
        const char *from = table[i].base;
        if (from != NULL && !dh_canon_parse(&base, NULL, dh_slice_cstr(from), &arena))
            fail_msg("row %zu: the base is bad", i);
        bool good =
            dh_canon_parse(&got, from != NULL ? &base : NULL, dh_slice_cstr(table[i].text), &arena);
        if (good != (table[i].href != NULL) ||
            (good && !dh_slice_eq(got.href, dh_slice_cstr(table[i].href))))
            fail_msg("row %zu '%s': %.*s, not %s", i, table[i].text, good ? (int)got.href.len : 6,
                     good ? got.href.ptr : "refuse",
                     table[i].href != NULL ? table[i].href : "refuse");
        dh_canon again;
        if (good &&
            (!dh_canon_parse(&again, NULL, got.href, &arena) || !dh_slice_eq(again.href, got.href)))
            fail_msg("row %zu: not its own canonical form: %s", i, table[i].href);
        dh_arena_release(&arena);
    }
}
#define RUN(table) run(table, sizeof(table) / sizeof((table)[0]))

static void standard(void **state) {
    (void)state;
    static const row table[] = {
        {NULL, "https:example.org", "https://example.org/"},
        {NULL, "https://////example.com///", "https://example.com///"},
        {NULL, "https://example.com/././foo", "https://example.com/foo"},
        {"https://example.com", "hello:world", NULL},
        {"https://example.com/", "https:example.org", "https://example.com/example.org"},
        {"https://example.com/", "\\example\\..\\demo/.\\", "https://example.com/demo/"},
        {"https://example.com/demo", "example", "https://example.com/example"},
        {NULL, "https://user:password@example.org/", "https://user:password@example.org/"},
        {NULL, "https://example.org/foo bar", "https://example.org/foo%20bar"},
        {NULL, "https://EXAMPLE.com/../x", "https://example.com/x"},
        {NULL, "https://ex ample.org/", NULL},
        {NULL, "example", NULL},
        {NULL, "https://example.com:demo", NULL},
        {NULL, "http://[www.example.com]/", NULL},
        {NULL, "https://example.org//", "https://example.org//"},
        {NULL, "https://example.com/[]?[]#[]", "https://example.com/[]?[]"},
        {NULL, "https://example/%?%#%", "https://example/%?%"},
        {NULL, "https://example/%25?%25#%25", "https://example/%25?%25"},
        {NULL, "http://ex%41mple.com", "http://example.com/"},
        {NULL, "http://example%2Ecom", "http://example.com/"},
        {NULL, "http://fa\xC3\x9F.example", "http://xn--fa-hia.example/"},
        {NULL, "http://0", "http://0.0.0.0/"},
        {NULL, "http://%30", "http://0.0.0.0/"},
        {NULL, "http://0x", "http://0.0.0.0/"},
        {NULL, "http://0xffffffff", "http://255.255.255.255/"},
        {NULL, "http://[0:0::1]", "http://[::1]/"},
        {NULL, "http://[0:0::1%5D", NULL},
        {NULL, "http://[0:0::%31]", NULL},
        {NULL, "http://09", NULL},
        {NULL, "http://example.255", NULL},
        {NULL, "http://example^example", NULL},
    };
    RUN(table);
}

static void references(void **state) {
    (void)state;
#define B "http://a.example/b/c/d;p?q"
    static const row table[] = {
        /* RFC 3986, 5.4, for the answers that browsers give. */
        {B, "g", "http://a.example/b/c/g"},
        {B, "./g", "http://a.example/b/c/g"},
        {B, "g/", "http://a.example/b/c/g/"},
        {B, "/g", "http://a.example/g"},
        {B, "//g.example", "http://g.example/"},
        {B, "?y", "http://a.example/b/c/d;p?y"},
        {B, "g?y", "http://a.example/b/c/g?y"},
        {B, "#s", "http://a.example/b/c/d;p?q"},
        {B, "g#s", "http://a.example/b/c/g"},
        {B, ";x", "http://a.example/b/c/;x"},
        {B, "g;x?y#s", "http://a.example/b/c/g;x?y"},
        {B, "", "http://a.example/b/c/d;p?q"},
        {B, ".", "http://a.example/b/c/"},
        {B, "./", "http://a.example/b/c/"},
        {B, "..", "http://a.example/b/"},
        {B, "../", "http://a.example/b/"},
        {B, "../g", "http://a.example/b/g"},
        {B, "../..", "http://a.example/"},
        {B, "../../g", "http://a.example/g"},
        {B, "../../../../g", "http://a.example/g"},
        {B, "/./g", "http://a.example/g"},
        {B, "/../g", "http://a.example/g"},
        {B, "g.", "http://a.example/b/c/g."},
        {B, ".g", "http://a.example/b/c/.g"},
        {B, "g..", "http://a.example/b/c/g.."},
        {B, "..g", "http://a.example/b/c/..g"},
        {B, "...", "http://a.example/b/c/..."},
        {B, "./../g", "http://a.example/b/g"},
        {B, "./g/.", "http://a.example/b/c/g/"},
        {B, "g/./h", "http://a.example/b/c/g/h"},
        {B, "g/../h", "http://a.example/b/c/h"},
        {B, "g;x=1/../y", "http://a.example/b/c/y"},
        {B, "g?y/../x", "http://a.example/b/c/g?y/../x"},
        {B, "http:g", "http://a.example/b/c/g"},
        {B, "https:g", "https://g/"},
        {B, "HTTP://g.example", "http://g.example/"},
        {B, "http:/g", "http://a.example/g"},
        {B, "http:?x", "http://a.example/b/c/d;p?x"},
        {B, "http:\\\\g.example\\x", "http://g.example/x"},
        {B, "\\\\g.example\\x", "http://g.example/x"},
        {B, "/\\g.example/x", "http://g.example/x"},
        {B, "///g.example/x", "http://g.example/x"},
        {B, "?", "http://a.example/b/c/d;p?"},
        {B, "//g.example:80", "http://g.example/"},
        {B, "//", NULL},
        {B, "//?x", NULL},
        {B, "javascript:alert(1)", NULL},
        {B, "mailto:a@b.example", NULL},
        {B, "tel:123", NULL},
        {B, "data:text/plain,x", NULL},
        {B, "ftp://h.example/", NULL},
        {B, "file:///etc/passwd", NULL},
        {B, " g\n", "http://a.example/b/c/g"},
        {B, "g\n\t/h", "http://a.example/b/c/g/h"},
        {B, "%2e%2E/g", "http://a.example/b/g"},
        {B, ".%2e/g", "http://a.example/b/g"},
        {B, "%2e/g", "http://a.example/b/c/g"},
        {B, "%2e%2e%2e/g", "http://a.example/b/c/%2e%2e%2e/g"},
        {"http://a.example", "g", "http://a.example/g"},
        {"http://a.example", "..", "http://a.example/"},
        {"http://a.example?q", "g", "http://a.example/g"},
        {"http://a.example?q", "#x", "http://a.example/?q"},
        {"http://u:p@a.example:8080/x", "y", "http://u:p@a.example:8080/y"},
        {"http://u:p@a.example:8080/x", "//b.example/y", "http://b.example/y"},
        {"https://a.example/x/y/", "z", "https://a.example/x/y/z"},
        {"https://a.example//x//y", "z", "https://a.example//x//z"},
        {"https://a.example//x//y", "../z", "https://a.example//x/z"},
        {"https://a.example/x", "story:1", NULL},
        {"https://a.example/x", "./story:1", "https://a.example/story:1"},
    };
    RUN(table);
}

static void forms(void **state) {
    (void)state;
    static const row table[] = {
        {NULL, "", NULL},
        {NULL, "http:", NULL},
        {NULL, "http://", NULL},
        {NULL, "http:///", NULL},
        {NULL, "http://?x", NULL},
        {NULL, "http://@/", NULL},
        {NULL, "http://u@/", NULL},
        {NULL, "http://:80/", NULL},
        {NULL, "//h.example/", NULL},
        {NULL, "h.example/x", NULL},
        {NULL, "1http://h.example/", NULL},
        {NULL, "http://h.example", "http://h.example/"},
        {NULL, "hTTpS://H.Example", "https://h.example/"},
        {NULL, "http:h.example", "http://h.example/"},
        {NULL, "http:/h.example", "http://h.example/"},
        {NULL, "http:\\\\h.example", "http://h.example/"},
        {NULL, "ht\ntp://h.exa\tmple", "http://h.example/"},
        {NULL, "\x01 http://h.example \x1F", "http://h.example/"},
        /* Ports. */
        {NULL, "http://h.example:", "http://h.example/"},
        {NULL, "http://h.example:80/", "http://h.example/"},
        {NULL, "http://h.example:080/", "http://h.example/"},
        {NULL, "https://h.example:443/", "https://h.example/"},
        {NULL, "http://h.example:443/", "http://h.example:443/"},
        {NULL, "https://h.example:80/", "https://h.example:80/"},
        {NULL, "http://h.example:00008080/", "http://h.example:8080/"},
        {NULL, "http://h.example:0/", "http://h.example:0/"},
        {NULL, "http://h.example:65535/", "http://h.example:65535/"},
        {NULL, "http://h.example:65536/", NULL},
        {NULL, "http://h.example:-1/", NULL},
        {NULL, "http://h.example:8 0/", NULL},
        {NULL, "http://h:1:2/", NULL},
        /* Users. */
        {NULL, "http://u@h.example/", "http://u@h.example/"},
        {NULL, "http://u:@h.example/", "http://u@h.example/"},
        {NULL, "http://:p@h.example/", "http://:p@h.example/"},
        {NULL, "http://@h.example/", "http://h.example/"},
        {NULL, "http://:@h.example/", "http://h.example/"},
        {NULL, "http://a@b@h.example/", "http://a%40b@h.example/"},
        {NULL, "http://a:b:c@h.example/", "http://a:b%3Ac@h.example/"},
        {NULL, "http://u@evil.example\\@h.example/", "http://u@evil.example/@h.example/"},
        /* Hosts. */
        {NULL, "http://h.example./", "http://h.example./"},
        {NULL, "http://H_x.example/", "http://h_x.example/"},
        {NULL, "http://-h-.example/", "http://-h-.example/"},
        {NULL, "http://a..b/", "http://a..b/"},
        {NULL, "http://./", "http://./"},
        {NULL, "http://h%00.example/", NULL},
        {NULL, "http://h%20x.example/", NULL},
        {NULL, "http://h%2fx.example/", NULL},
        {NULL, "http://h%25x.example/", NULL},
        {NULL, "http://h<x.example/", NULL},
        {NULL, "http://h|x.example/", NULL},
        {NULL, "http://%zz/", NULL},
        {NULL, "http://%FF/", NULL},
        {NULL, "http://\xFF.example/", NULL},
        {NULL,
         "http://b\xC3\xBC"
         "cher.example/",
         "http://xn--bcher-kva.example/"},
        {NULL,
         "http://B\xC3\x9C"
         "CHER.example/",
         "http://xn--bcher-kva.example/"},
        {NULL, "http://b%C3%BCcher.example/", "http://xn--bcher-kva.example/"},
        {NULL,
         "http://bu\xCC\x88"
         "cher.example/",
         "http://xn--bcher-kva.example/"},
        {NULL, "http://XN--BCHER-KVA.example/", "http://xn--bcher-kva.example/"},
        {NULL, "http://xn--a.example/", NULL},
        {NULL, "http://xn--/", NULL},
        {NULL, "http://\xEF\xBD\x88.example/", "http://h.example/"}, /* full-width */
        {NULL,
         "http://h\xE3\x80\x82"
         "example/",
         "http://h.example/"},                                    /* ideographic full stop */
        {NULL, "http://h\xC2\xAD.example/", "http://h.example/"}, /* soft hyphen */
        {NULL, "http://\xC2\xAD/", NULL},
        {NULL, "http://\xD9\x85\xD9\x88\xD9\x82\xD8\xB9.example/", "http://xn--4gbrim.example/"},
        {NULL,
         "http://\xD8\xA7"
         "a.example/",
         NULL}, /* directions mixed in a label */
        {NULL, "http://\xE4\xBE\x8B.\xE6\xB5\x8B\xE8\xAF\x95/", "http://xn--fsq.xn--0zwm56d/"},
        {NULL,
         "http://a\xE2\x80\x8D"
         "b.example/",
         NULL},                                                   /* joiner without its context */
        {NULL, "http://\xEF\xBD\x85\xEF\xBC\x85.example/", NULL}, /* becomes a percent sign */
        /* IPv4 in all its spellings. */
        {NULL, "http://127.0.0.1/", "http://127.0.0.1/"},
        {NULL, "http://127.0.0.1./", "http://127.0.0.1/"},
        {NULL, "http://127.1/", "http://127.0.0.1/"},
        {NULL, "http://127.0x1/", "http://127.0.0.1/"},
        {NULL, "http://0x7f.1/", "http://127.0.0.1/"},
        {NULL, "http://0177.0.0.01/", "http://127.0.0.1/"},
        {NULL, "http://2130706433/", "http://127.0.0.1/"},
        {NULL, "http://0x7F000001/", "http://127.0.0.1/"},
        {NULL, "http://017700000001/", "http://127.0.0.1/"},
        {NULL, "http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.1/", "http://127.0.0.1/"},
        {NULL, "http://256/", "http://0.0.1.0/"},
        {NULL, "http://4294967295/", "http://255.255.255.255/"},
        {NULL, "http://4294967296/", NULL},
        {NULL, "http://99999999999999999999999/", NULL},
        {NULL, "http://256.0.0.1/", NULL},
        {NULL, "http://1.2.3.256/", NULL},
        {NULL, "http://1.2.3.4.5/", NULL},
        {NULL, "http://1.2..4/", NULL},
        {NULL, "http://1.2.3.08/", NULL},
        {NULL, "http://1.2.3.0x/", "http://1.2.3.0/"},
        {NULL, "http://a.b.3/", NULL},
        {NULL, "http://a.0x3/", NULL},
        {NULL, "http://a.0xg/", "http://a.0xg/"},
        {NULL, "http://1.2.3.4a/", "http://1.2.3.4a/"},
        /* IPv6. */
        {NULL, "http://[2001:DB8:0:0:0:0:0:1]/", "http://[2001:db8::1]/"},
        {NULL, "http://[2001:0db8::0001]:8080/", "http://[2001:db8::1]:8080/"},
        {NULL, "http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"},
        {NULL, "http://[1:0:0:2:0:0:3:4]/", "http://[1::2:0:0:3:4]/"},
        {NULL, "http://[1:0:2:3:4:5:6:7]/", "http://[1:0:2:3:4:5:6:7]/"},
        {NULL, "http://[::]/", "http://[::]/"},
        {NULL, "http://[1::]/", "http://[1::]/"},
        {NULL, "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"},
        {NULL, "http://[fe80::1%25eth0]/", NULL},
        {NULL, "http://[::1/", NULL},
        {NULL, "http://[::1]x/", NULL},
        {NULL, "http://[]/", NULL},
        {NULL, "http://[1:2:3]/", NULL},
        {NULL, "http://[::1::]/", NULL},
        /* Paths and queries. */
        {NULL, "http://h.example/a/b/../../..", "http://h.example/"},
        {NULL, "http://h.example/a/./", "http://h.example/a/"},
        {NULL, "http://h.example/a//../b", "http://h.example/a/b"},
        {NULL, "http://h.example/a\\b?c\\d", "http://h.example/a/b?c\\d"},
        {NULL, "http://h.example/\"<>`{}^|~!$&'()*+,;=:@",
         "http://h.example/%22%3C%3E%60%7B%7D%5E|~!$&'()*+,;=:@"},
        {NULL, "http://h.example/?\"<>`{}^|'", "http://h.example/?%22%3C%3E`{}^|%27"},
        {NULL, "http://h.example/\xD8\xA3\xD8\xAE", "http://h.example/%D8%A3%D8%AE"},
        {NULL, "http://h.example/?q=\xD8\xA3", "http://h.example/?q=%D8%A3"},
        {NULL, "http://h.example/%d8%a3%41", "http://h.example/%d8%a3%41"},
        {NULL, "http://h.example/\x7F\x01x", "http://h.example/%7F%01x"},
        {NULL, "http://h.example/?", "http://h.example/?"},
        {NULL, "http://h.example?a=b?c", "http://h.example/?a=b?c"},
        {NULL, "http://h.example#f?x", "http://h.example/"},
        {NULL, "http://h.example/;jsessionid=1", "http://h.example/;jsessionid=1"},
    };
    RUN(table);
}

static void pieces(void **state) {
    (void)state;
    dh_arena arena;
    dh_canon url;
    dh_arena_init(&arena, 0);
    assert_true(dh_canon_parse(&url, NULL, DH_SLICE("http://u:p@H.example:81/a?b#c"), &arena));
    assert_true(dh_slice_eq(url.user, DH_SLICE("u:p")));
    assert_true(dh_slice_eq(url.host, DH_SLICE("h.example")));
    assert_true(dh_slice_eq(url.port, DH_SLICE("81")));
    assert_true(dh_slice_eq(url.path, DH_SLICE("/a")));
    assert_true(dh_slice_eq(url.query, DH_SLICE("b")));
    assert_true(dh_slice_eq(dh_canon_target(&url), DH_SLICE("/a?b")));
    assert_true(dh_slice_eq(dh_canon_authority(&url), DH_SLICE("h.example:81")));
    assert_true(dh_slice_eq(dh_canon_origin(&url, &arena), DH_SLICE("http://h.example:81")));
    dh_canon next;
    assert_true(dh_canon_parse(&next, &url, DH_SLICE("/x"), &arena));
    assert_true(dh_slice_eq(next.user, DH_SLICE("u:p")));
    assert_true(dh_slice_eq(next.port, DH_SLICE("81")));
    assert_true(dh_slice_eq(next.path, DH_SLICE("/x")));
    assert_true(dh_canon_parse(&url, NULL, DH_SLICE("https://h.example"), &arena));
    assert_true(dh_slice_eq(dh_canon_authority(&url), DH_SLICE("h.example")));
    assert_int_equal(url.port.len, 0);
    assert_false(url.has_query);
    /* Too long to be one. */
    char *line = dh_arena_alloc(&arena, 70000);
    memset(line, 'a', 70000);
    memcpy(line, "http://h/", 9);
    assert_false(dh_canon_parse(&url, NULL, (dh_slice){line, 70000}, &arena));
    memset(line + 7, 'a', 5000);
    assert_false(dh_canon_parse(&url, NULL, (dh_slice){line, 5000}, &arena));
    /* A NUL ends nothing. */
    assert_false(dh_canon_parse(&url, NULL, (dh_slice){"http://h\0.example/", 18}, &arena));
    assert_true(dh_canon_parse(&url, NULL, (dh_slice){"http://h/\0x", 11}, &arena));
    assert_true(dh_slice_eq(url.href, DH_SLICE("http://h/%00x")));
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(standard), cmocka_unit_test(references),
                                       cmocka_unit_test(forms), cmocka_unit_test(pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
