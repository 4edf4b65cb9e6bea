/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/url_key.h"

static void keys(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {"http://h.example", "http://h.example/"},
        {"http://H.example./a#b", "http://h.example/a"},
        {"http://u:p@h.example/a", "http://h.example/a"},
        {"http://h..../a", "http://h..../a"},
        {"http://0../", "http://0../"},
        {"http://h.example:8080/a", "http://h.example:8080/a"},
        {"https://h.example:443/a?", "https://h.example/a"},
        {"http://h.example/a?b=c", "http://h.example/a?b=c"},
        {"http://h.example/a?b=c&", "http://h.example/a?b=c"},
        {"http://h.example/a?&b=c&&d", "http://h.example/a?b=c&d"},
        {"http://h.example/a?utm_source=x", "http://h.example/a"},
        {"http://h.example/a?UTM_Source=x&id=1", "http://h.example/a?id=1"},
        {"http://h.example/a?id=1&utm_source=x&page=2&utm_medium=y",
         "http://h.example/a?id=1&page=2"},
        {"http://h.example/a?fbclid=1", "http://h.example/a"},
        {"http://h.example/a?gclid=1&dclid=2&msclkid=3&yclid=4", "http://h.example/a"},
        {"http://h.example/a?_ga=1&_gl=2", "http://h.example/a"},
        {"http://h.example/a?mc_cid=1&mc_eid=2", "http://h.example/a"},
        {"http://h.example/a?at_medium=RSS&at_campaign=rss", "http://h.example/a"},
        {"http://h.example/a?ns_mchannel=rss", "http://h.example/a"},
        {"http://h.example/a?utm", "http://h.example/a?utm"},
        {"http://h.example/a?utms_x=1", "http://h.example/a?utms_x=1"},
        {"http://h.example/a?fbclid", "http://h.example/a"},
        {"http://h.example/a?xfbclid=1", "http://h.example/a?xfbclid=1"},
        {"http://h.example/a?ref=home", "http://h.example/a?ref=home"},
        {"http://h.example/a?b=c&b=d", "http://h.example/a?b=c&b=d"},
        {"http://h.example/a?d=1&b=2", "http://h.example/a?d=1&b=2"}, /* order may matter */
        {"http://h.example/a;jsessionid=12AB?x=1", "http://h.example/a?x=1"},
        {"http://h.example/a;v=1", "http://h.example/a;v=1"},
        {"http://h.example/a/..;jsessionid=1", "http://h.example/a/..;jsessionid=1"},
        {"http://h.example/a?PHPSESSID=9", "http://h.example/a"},
        {"http://h.example/a?ASPSESSIONIDQ=9", "http://h.example/a"},
        {"http://h.example/%7ejoe", "http://h.example/~joe"},
        {"http://h.example/%41%2d%5f%2E", "http://h.example/A-_."},
        {"http://h.example/a%2fb", "http://h.example/a%2Fb"},
        {"http://h.example/%d8%a3", "http://h.example/%D8%A3"},
        {"http://h.example/\xD8\xA3", "http://h.example/%D8%A3"},
        {"http://h.example/?q=%d8%a3%20%2b", "http://h.example/?q=%D8%A3%20%2B"},
        {"http://h.example/a%00", "http://h.example/a%00"},
        {"http://h.example/a%", "http://h.example/a%25"},
        {"http://h.example/a%zz", "http://h.example/a%25zz"},
        {"http://h.example/%%33%41", "http://h.example/%253A"},
        {"http://h.example/A", "http://h.example/A"},
        {"http://h.example/a/", "http://h.example/a/"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_arena arena;
        dh_canon url, again;
        dh_arena_init(&arena, 0);
        assert_true(dh_canon_parse(&url, NULL, dh_slice_cstr(table[i][0]), &arena));
        dh_slice key = dh_url_key(&url, &arena);
        if (!dh_slice_eq(key, dh_slice_cstr(table[i][1])))
            fail_msg("%s: %.*s, not %s", table[i][0], (int)key.len, key.ptr, table[i][1]);
        assert_true(dh_canon_parse(&again, NULL, key, &arena));
        assert_true(dh_slice_eq(dh_url_key(&again, &arena), key));
        dh_arena_release(&arena);
    }
}

static void domains(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {"example.com", "example.com"},
        {"www.example.com", "example.com"},
        {"a.b.c.example.com", "example.com"},
        {"www.example.com.", "example.com"},
        {"news.bbc.co.uk", "bbc.co.uk"},
        {"co.uk", "co.uk"},
        {"com", "com"},
        {"www.abc.net.au", "abc.net.au"},
        {"www.asahi.co.jp", "asahi.co.jp"},
        {"x.y.kawasaki.jp", "x.y.kawasaki.jp"}, /* *.kawasaki.jp */
        {"city.kawasaki.jp", "city.kawasaki.jp"},
        {"a.github.io", "a.github.io"},
        {"b.a.github.io", "a.github.io"},
        {"me.blogspot.com", "me.blogspot.com"},
        {"www.annahar.com.lb", "annahar.com.lb"},
        {"www.ahram.org.eg", "ahram.org.eg"},
        {"www.xn--fiqs8s", "www.xn--fiqs8s"},
        {"a.www.xn--fiqs8s", "www.xn--fiqs8s"},
        {"localhost", "localhost"},
        {"a.localhost", "a.localhost"},
        {"h1.test", "h1.test"},
        {"127.0.0.1", "127.0.0.1"},
        {"[2001:db8::1]", "[2001:db8::1]"},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_slice got = dh_url_domain(dh_slice_cstr(table[i][0]), &arena);
        if (!dh_slice_eq(got, dh_slice_cstr(table[i][1])))
            fail_msg("%s: %.*s, not %s", table[i][0], (int)got.len, got.ptr, table[i][1]);
    }
    dh_canon a, b, c;
    assert_true(dh_canon_parse(&a, NULL, DH_SLICE("http://www.example.co.uk/x"), &arena));
    assert_true(dh_canon_parse(&b, NULL, DH_SLICE("https://m.example.co.uk/y"), &arena));
    assert_true(dh_canon_parse(&c, NULL, DH_SLICE("http://www.other.co.uk/x"), &arena));
    assert_true(dh_url_same_site(&a, &b, &arena));
    assert_false(dh_url_same_site(&a, &c, &arena));
    dh_arena_release(&arena);
}

static void traps(void **state) {
    (void)state;
    static const struct {
        const char *url, *word;
    } table[] = {
        {"http://h.example/", ""},
        {"http://h.example/2024/05/15/story", ""},
        {"http://h.example/news/uk/news/uk-story", ""},
        {"http://h.example/a/b/a", ""},
        {"http://h.example/a/b/a/b", "repeated"},
        {"http://h.example/x/a/b/c/a/b/c/y", "repeated"},
        {"http://h.example/a/a", ""},
        {"http://h.example/a/a/a", "repeated"},
        {"http://h.example/a/x/a/y/a", "repeated"},
        {"http://h.example/01/01/01/", ""},
        {"http://h.example/2024/05/2024/05/x", ""},
        {"http://h.example///", ""},
        {"http://h.example/a//b//c//", ""},
        {"http://h.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20", ""},
        {"http://h.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21", "depth"},
        {"http://h.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22", "depth"},
        {"http://h.example/events/2031/05", "calendar"},
        {"http://h.example/events/2031/5/7", "calendar"},
        {"http://h.example/events/2027/05", ""}, /* next year's */
        {"http://h.example/events/2028/05", "calendar"},
        {"http://h.example/archive/1850/05", ""},
        {"http://h.example/archive/1550/05", "calendar"},
        {"http://h.example/2031/report", ""},
        {"http://h.example/2031/13", ""},
        {"http://h.example/story-2031/05", ""},
        {"http://h.example/cal?date=2031-05-01", "calendar"},
        {"http://h.example/cal?date=2024-05-01", ""},
        {"http://h.example/cal?tribe-bar-date=2031-05", "calendar"},
        {"http://h.example/cal?month=1207-05", "calendar"},
        {"http://h.example/cal?year=9999", "calendar"},
        {"http://h.example/a?id=9999", ""},
        {"http://h.example/a?from=9999123", ""},
        {"http://h.example/a?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20", ""},
        {"http://h.example/a?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20&21", "parameters"},
        {"http://u@h.example/", "user"},
    };
    dh_arena arena;
    dh_canon url;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_true(dh_canon_parse(&url, NULL, dh_slice_cstr(table[i].url), &arena));
        const char *word = dh_url_trap_word(dh_url_trap_of(&url, 2026));
        if (strcmp(word, table[i].word) != 0)
            fail_msg("%s: '%s', not '%s'", table[i].url, word, table[i].word);
    }
    char line[2100];
    memset(line, 'a', sizeof line);
    memcpy(line, "http://h/", 9);
    assert_true(dh_canon_parse(&url, NULL, (dh_slice){line, 2000}, &arena));
    assert_int_equal(dh_url_trap_of(&url, 2026), DH_TRAP_NONE);
    assert_true(dh_canon_parse(&url, NULL, (dh_slice){line, 2001}, &arena));
    assert_int_equal(dh_url_trap_of(&url, 2026), DH_TRAP_LENGTH);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys), cmocka_unit_test(domains),
                                       cmocka_unit_test(traps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
