/* SPDX-License-Identifier: Apache-2.0 */
/* robots.txt: the rules of RFC 9309 one after the other, then what real files do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "net/robots.h"

#define ALL "User-agent: *\n"
#define NO "Disallow: "
#define YES "Allow: "

typedef struct ask {
    const char *file, *agent, *path;
    bool allowed;
} ask;

static bool allowed(const char *file, const char *agent, const char *path) {
    dh_arena arena;
    dh_robots robots;
    dh_arena_init(&arena, 0);
    dh_robots_parse(&robots, &arena, dh_slice_cstr(file));
    bool may = dh_robots_allows(&robots, dh_slice_cstr(agent), dh_slice_cstr(path), &arena);
    dh_arena_release(&arena);
    return may;
}

static void run(const ask *table, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (allowed(table[i].file, table[i].agent, table[i].path) != table[i].allowed)
            fail_msg("row %zu: '%s' should %sbe allowed to %s by\n%s", i, table[i].path,
                     table[i].allowed ? "" : "not ", table[i].agent, table[i].file);
}
#define RUN(table) run(table, sizeof(table) / sizeof((table)[0]))

/* The RFC's own: 5.1 simple example, 5.2 longest match, 2.2.1 groups, 2.2.2 encoding, 2.2.3. */
#define SIMPLE                                                                                     \
    "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"              \
    "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"     \
    "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n"                     \
    "User-Agent: quxbot\n"
#define LONGEST                                                                                    \
    "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
#define MERGED                                                                                     \
    "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\nuser-agent: OtherBot\n"             \
    "disallow: /other\n\nuser-agent: ExampleBot\ndisallow: /baz\n"

static void rfc(void **state) {
    (void)state;
    static const ask table[] = {
        {SIMPLE, "somebot", "/a.gif", false},
        {SIMPLE, "somebot", "/a.gif?x", true},
        {SIMPLE, "somebot", "/example/", false},
        {SIMPLE, "somebot", "/example", true},
        {SIMPLE, "somebot", "/publications/x", true},
        {SIMPLE, "somebot", "/publications/x.gif", true},
        {SIMPLE, "foobot", "/", false},
        {SIMPLE, "foobot", "/publications/", false},
        {SIMPLE, "foobot", "/example/page.html", true},
        {SIMPLE, "foobot", "/example/allowed.gif", true},
        {SIMPLE, "foobot", "/example/other.gif", false},
        {SIMPLE, "barbot", "/example/page.html", false},
        {SIMPLE, "bazbot", "/example/page.html", false},
        {SIMPLE, "barbot", "/a.gif", true},
        {SIMPLE, "quxbot", "/example/", true},
        {SIMPLE, "quxbot", "/a.gif", true},
        {LONGEST, "foobot", "/example/page/", true},
        {LONGEST, "foobot", "/example/page/disallowed.gif", false},
        {LONGEST, "foobot", "/example/page/allowed.gif", true},
        {LONGEST, "otherbot", "/example/page/disallowed.gif", true},
        {MERGED, "ExampleBot", "/foo", false},
        {MERGED, "ExampleBot", "/bar", false},
        {MERGED, "ExampleBot", "/baz", false},
        {MERGED, "ExampleBot", "/other", true},
        {MERGED, "OtherBot", "/baz", true},
        {MERGED, "ThirdBot", "/foo", true},
        {ALL NO "/foo/bar?baz=quz", "x", "/foo/bar?baz=quz", false},
        {ALL NO "/foo/bar?baz=https://foo.bar", "x", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
        {ALL NO "/foo/bar?baz=https%3A%2F%2Ffoo.bar", "x", "/foo/bar?baz=https://foo.bar", false},
        {ALL NO "/foo/bar/\xE3\x83\x84", "x", "/foo/bar/%E3%83%84", false},
        {ALL NO "/foo/bar/%E3%83%84", "x", "/foo/bar/\xE3\x83\x84", false},
        {ALL NO "/foo/bar/%E3%83%84", "x", "/foo/bar/%e3%83%84", false},
        {ALL NO "/foo/bar/%62%61%7A", "x", "/foo/bar/baz", false},
        {ALL NO "/foo/bar/baz", "x", "/foo/bar/%62%61%7A", false},
        {ALL NO "/path/file-with-a-%2A.html", "x", "/path/file-with-a-*.html", false},
        {ALL NO "/path/file-with-a-%2A.html", "x", "/path/file-with-a-b.html", true},
        {ALL NO "/path/foo-%24", "x", "/path/foo-$", false},
        {ALL NO "/path/foo-%24", "x", "/path/foo-", true},
        {ALL NO "/", "x", "/robots.txt", true},
        {ALL NO "/", "x", "/robots.txt.bak", false},
    };
    RUN(table);
}

/* Which groups hold for whom. */
static void groups(void **state) {
    (void)state;
    static const ask table[] = {
        {"", "x", "/", true},
        {"\n\n\n", "x", "/", true},
        {"<html><body>Not found</body></html>", "x", "/", true},
        {NO "/", "x", "/", true}, /* before any group */
        {YES "/a\n" ALL NO "/", "x", "/a", false},
        {"User-agent: x\n" NO "/", "x", "/", false},
        {"User-agent: x\n" NO "/", "y", "/", true},
        {"User-agent: X\n" NO "/", "x", "/", false},
        {"User-agent: x\n" NO "/", "X", "/", false},
        {"USER-AGENT: x\nDISALLOW: /", "x", "/", false},
        {"user-agent:x\ndisallow:/", "x", "/", false},
        {"  user-agent  :  x  \n\t disallow\t:\t/\t", "x", "/a", false},
        {"User-agent: x/1.0\n" NO "/", "x", "/", false},
        {"User-agent: x 1.0\n" NO "/", "x", "/", false},
        {"User-agent: x2\n" NO "/", "x", "/", true},
        {"User-agent: xy\n" NO "/", "x", "/", true},
        {"User-agent: x\n" NO "/", "xy", "/", true},
        {"User-agent: x-y\n" NO "/", "x", "/", true},
        {"User-agent: x_y\n" NO "/", "x_y", "/", false},
        {"User-agent: x.y\n" NO "/", "x", "/", true},
        {"User-agent: **\n" NO "/", "x", "/", true},
        {"User-agent: *bot\n" NO "/", "bot", "/", true},
        {"User-agent: * all\n" NO "/", "x", "/", false},
        {ALL NO "/\nUser-agent: x\n" NO, "x", "/a", true},
        {ALL NO "/\nUser-agent: x\n" NO, "y", "/a", false},
        {ALL NO "/a\nUser-agent: x\n" NO "/b", "x", "/a", true}, /* own group only */
        {"User-agent: x\n" NO "/b\n" ALL NO "/a", "x", "/a", true},
        {"User-agent: x\nUser-agent: *\n" NO "/", "y", "/", false},
        {"User-agent: x\n\n\nUser-agent: y\n" NO "/", "x", "/",
         false}, /* blank lines end nothing */
        {"User-agent: x\n" NO "/a\n\n" NO "/b", "x", "/b", false},
        {"User-agent: x\n" NO "/a\nUser-agent: y\n" NO "/b", "x", "/b", true},
        {"User-agent: x\n" NO "\nUser-agent: y\n" NO "/", "x", "/", true},
        {"User-agent: x\nUser-agent: y\n" NO "/", "x", "/", false},
        {ALL NO "/a\n" ALL NO "/b", "x", "/a", false},
        {ALL NO "/a\n" ALL NO "/b", "x", "/b", false},
        {"User-agent:\n" NO "/", "x", "/", true},
        {ALL NO "/a\nUser-agent:\n" NO "/b", "x", "/b", true}, /* nobody's group */
        /* Other lines neither begin nor end a group. */
        {"User-agent: x\nSitemap: http://h/s.xml\nUser-agent: y\n" NO "/", "x", "/", false},
        {"User-agent: x\nCrawl-delay: 5\nUser-agent: y\n" NO "/", "x", "/", false},
        {"User-agent: x\nHost: example.org\n" NO "/", "x", "/", false},
        {ALL "Noindex: /a\n", "x", "/a", true},
        {ALL "Disalow: /a\n", "x", "/a", true},
        {ALL "Disallow /a\n", "x", "/a", true},
        {ALL "Disallow: /a # why\n", "x", "/a", false},
        {ALL "Disallow: /a# why\n", "x", "/a", false},
        {ALL "#Disallow: /a\n", "x", "/a", true},
        {ALL "Disallow: # /a\n", "x", "/a", true},
        {"User-agent: * # all\n" NO "/", "x", "/", false},
    };
    RUN(table);
}

static void paths(void **state) {
    (void)state;
    static const ask table[] = {
        {ALL NO "/", "x", "", false},
        {ALL NO, "x", "/", true},
        {ALL YES "\n" NO "/", "x", "/", false},
        {ALL NO "/fish", "x", "/fish", false},
        {ALL NO "/fish", "x", "/fish.html", false},
        {ALL NO "/fish", "x", "/fish/salmon.html", false},
        {ALL NO "/fish", "x", "/fishheads/yummy.html", false},
        {ALL NO "/fish", "x", "/fish.php?id=anything", false},
        {ALL NO "/fish", "x", "/Fish.asp", true},
        {ALL NO "/fish", "x", "/catfish", true},
        {ALL NO "/fish", "x", "/?id=fish", true},
        {ALL NO "/fish*", "x", "/fish", false},
        {ALL NO "/fish*", "x", "/desert/fish", true},
        {ALL NO "/fish/", "x", "/fish", true},
        {ALL NO "/fish/", "x", "/fish/", false},
        {ALL NO "/fish/", "x", "/fish/?id=1", false},
        {ALL NO "fish", "x", "/fish", true}, /* a pattern begins with a slash or a star */
        {ALL NO "*fish", "x", "/a/fish", false},
        {ALL NO "http://h/a", "x", "/a", true},
        {ALL NO "/*.php", "x", "/index.php", false},
        {ALL NO "/*.php", "x", "/a/b.php5?c", false},
        {ALL NO "/*.php", "x", "/", true},
        {ALL NO "/*.php", "x", "/windows.PHP", true},
        {ALL NO "/*.php$", "x", "/a.php", false},
        {ALL NO "/*.php$", "x", "/a.php?b", true},
        {ALL NO "/*.php$", "x", "/a.php/", true},
        {ALL NO "/*.php$", "x", "/a.phpx.php", false},
        {ALL NO "/fish*.php", "x", "/fishheads/catfish.php?p", false},
        {ALL NO "/fish*.php", "x", "/Fish.PHP", true},
        {ALL NO "/$", "x", "/", false},
        {ALL NO "/$", "x", "/a", true},
        {ALL NO "/a$b", "x", "/a$b", false}, /* only a last "$" is wild */
        {ALL NO "/a$b", "x", "/a", true},
        {ALL NO "/a$*", "x", "/a$c", false},
        {ALL NO "/a$*", "x", "/ac", true},
        {ALL NO "/a*$", "x", "/abc", false},
        {ALL NO "/**a", "x", "/xa", false},
        {ALL NO "/***", "x", "/", false},
        {ALL NO "*", "x", "/a", false},
        {ALL NO "*$", "x", "/a", false},
        {ALL NO "/a*b*c", "x", "/axxbxxc", false},
        {ALL NO "/a*b*c", "x", "/axxcxxb", true},
        {ALL NO "/a*b*c$", "x", "/abcbc", false},
        {ALL NO "/a*b*c$", "x", "/abcb", true},
        {ALL NO "/*?", "x", "/a?b", false},
        {ALL NO "/*?", "x", "/a", true},
        {ALL NO "/*?*print=", "x", "/a?b=1&print=2", false},
        {ALL NO "/a b", "x", "/a%20b", false},
        {ALL NO "/a%20b", "x", "/a b", false},
        {ALL NO "/a+b", "x", "/a%20b", true},
        /* Percent-encoding. */
        {ALL NO "/%7Ejoe/", "x", "/~joe/", false},
        {ALL NO "/~joe/", "x", "/%7ejoe/", false},
        {ALL NO "/a%3cd.html", "x", "/a%3Cd.html", false},
        {ALL NO "/a%2fb.html", "x", "/a%2Fb.html", false},
        {ALL NO "/a%2fb.html", "x", "/a/b.html", true},
        {ALL NO "/a/b.html", "x", "/a%2Fb.html", true},
        {ALL NO "/*%2Fprint", "x", "/a?x=%2Fprint", false},
        {ALL NO "/*/print", "x", "/a?x=/print", false},
        {ALL NO "/*/print", "x", "/a?x=%2Fprint", false},
        {ALL NO "/100%", "x", "/100%", false},
        {ALL NO "/100%zz", "x", "/100%zz", false},
        {ALL NO "/%", "x", "/%41", true},
        {ALL NO "/\xD8\xA3", "x", "/%D8%A3/x", false},
        {ALL NO "/%d8%a3", "x", "/\xD8\xA3/x", false},
        {ALL NO "/a%00b", "x", "/a%00b", false},
        /* The longest decides, and "allow" of equals. */
        {ALL YES "/p\n" NO "/", "x", "/page", true},
        {ALL NO "/\n" YES "/p", "x", "/page", true},
        {ALL YES "/folder\n" NO "/folder", "x", "/folder/page", true},
        {ALL NO "/folder\n" YES "/folder", "x", "/folder/page", true},
        {ALL YES "/page\n" NO "/*.htm", "x", "/page.htm", false},
        {ALL YES "/page\n" NO "/*.ph", "x", "/page.php5", true},
        {ALL YES "/$\n" NO "/", "x", "/", true},
        {ALL YES "/$\n" NO "/", "x", "/page.htm", false},
        {ALL NO "/a/\n" YES "/a/b/\n" NO "/a/b/c/", "x", "/a/b/c/d", false},
        {ALL NO "/a/\n" YES "/a/b/\n" NO "/a/b/c/", "x", "/a/b/d", true},
        {ALL NO "/a/\n" YES "/a/b/\n" NO "/a/b/c/", "x", "/a/d", false},
        {ALL NO "/x\nUser-agent: y\n" NO "/\n" ALL YES "/x/y", "x", "/x/y", true},
        {ALL NO "/ro\n", "x", "/robots.txt", true},
    };
    RUN(table);
}

static void lines(void **state) {
    (void)state;
    static const ask table[] = {
        {"User-agent: *\rDisallow: /a\rDisallow: /b", "x", "/b", false},
        {"User-agent: *\r\nDisallow: /a\r\nDisallow: /b\r\n", "x", "/b", false},
        {"User-agent: *\n\rDisallow: /a\n\r", "x", "/a", false},
        {"\xEF\xBB\xBFUser-agent: *\nDisallow: /", "x", "/", false},
        {"\xEF\xBB\xBF\xEF\xBB\xBFUser-agent: *\nDisallow: /", "x", "/", true},
        {"User-agent: *\nDisallow: /a\fb", "x", "/a", true},
        {":\n::\n#\nUser-agent: *\n:x\nDisallow: /", "x", "/", false},
        {"User-agent: *\nDisallow: /a:b", "x", "/a:b", false},
    };
    RUN(table);
    /* A NUL is a byte like others. */
    static const char file[] = "User-agent: *\nDisallow: /a\0b\nDisallow: /c";
    dh_arena arena;
    dh_robots robots;
    dh_arena_init(&arena, 0);
    dh_robots_parse(&robots, &arena, (dh_slice){file, sizeof file - 1});
    assert_false(dh_robots_allows(&robots, DH_SLICE("x"), DH_SLICE("/c"), &arena));
    assert_true(dh_robots_allows(&robots, DH_SLICE("x"), DH_SLICE("/a"), &arena));
    dh_arena_release(&arena);
}

/* 500 KiB are read, and no half line at their end. */
static void ceiling(void **state) {
    (void)state;
    dh_buf file = {0};
    dh_arena arena;
    dh_robots robots;
    dh_arena_init(&arena, 0);
    dh_buf_puts(&file, "User-agent: *\nDisallow: /first\n");
    while (file.len < DH_ROBOTS_MAX_BYTES - 8) dh_buf_puts(&file, "#\n");
    dh_buf_puts(&file, "Disallow: /cut/in/two\nDisallow: /behind\n");
    dh_robots_parse(&robots, &arena, dh_buf_slice(&file));
    assert_true(robots.cut);
    assert_int_equal(robots.rules.len, 1);
    assert_false(dh_robots_allows(&robots, DH_SLICE("x"), DH_SLICE("/first"), &arena));
    assert_true(dh_robots_allows(&robots, DH_SLICE("x"), DH_SLICE("/cut/in/two"), &arena));
    assert_true(dh_robots_allows(&robots, DH_SLICE("x"), DH_SLICE("/behind"), &arena));
    file.len = DH_ROBOTS_MAX_BYTES;
    dh_robots_parse(&robots, &arena, dh_buf_slice(&file));
    assert_false(robots.cut);
    dh_buf_release(&file);
    dh_arena_release(&arena);
}

/* Patterns made to cost: the answer is no, and comes soon. */
static void costly(void **state) {
    (void)state;
    dh_buf file = {0}, path = {0};
    dh_arena arena;
    dh_robots robots;
    dh_arena_init(&arena, 0);
    dh_buf_puts(&file, ALL);
    for (int i = 0; i < 3000; i++)
        dh_buf_puts(&file,
                    "Disallow: *aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n");
    dh_buf_puts(&path, "/");
    for (int i = 0; i < 2000; i++) dh_buf_puts(&path, "a");
    dh_robots_parse(&robots, &arena, dh_buf_slice(&file));
    assert_int_equal(robots.rules.len, 3000);
    assert_false(dh_robots_allows(&robots, DH_SLICE("x"), dh_buf_slice(&path), &arena));
    dh_buf_release(&file);
    dh_buf_release(&path);
    dh_arena_release(&arena);
}

static void delays(void **state) {
    (void)state;
    static const struct {
        const char *file, *agent;
        uint32_t ms;
    } table[] = {
        {ALL "Crawl-delay: 10", "x", 10000},
        {ALL "crawl-delay:10", "x", 10000},
        {ALL "Crawl-delay: 0.5", "x", 500},
        {ALL "Crawl-delay: 1,5", "x", 1500},
        {ALL "Crawl-delay: .25", "x", 250},
        {ALL "Crawl-delay: 2.12345", "x", 2123},
        {ALL "Crawl-delay: 10 # seconds", "x", 10000},
        {ALL "Crawl-delay: 10 seconds", "x", 10000},
        {ALL "Crawl-delay: 10s", "x", 10000},
        {ALL "Crawl-delay: -1", "x", 0},
        {ALL "Crawl-delay: many", "x", 0},
        {ALL "Crawl-delay: 1e9", "x", 0},
        {ALL "Crawl-delay:", "x", 0},
        {ALL "Crawl-delay: 99999999999999999999999", "x", 86400000},
        {"Crawl-delay: 10\n" ALL, "x", 0},
        {ALL "Crawl-delay: 10\nUser-agent: x\n" NO, "x", 0},
        {ALL "Crawl-delay: 10\nUser-agent: x\n" NO, "y", 10000},
        {"User-agent: x\nUser-agent: y\nCrawl-delay: 3", "x", 3000},
        {"User-agent: x\nCrawl-delay: 3\nUser-agent: x\nCrawl-delay: 2", "x", 3000},
        {"User-agent: x\n" NO "/a\nCrawl-delay: 3\n\n" ALL "Crawl-delay: 9", "x", 3000},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_arena arena;
        dh_robots robots;
        dh_arena_init(&arena, 0);
        dh_robots_parse(&robots, &arena, dh_slice_cstr(table[i].file));
        uint32_t ms = dh_robots_delay_ms(&robots, dh_slice_cstr(table[i].agent));
        if (ms != table[i].ms) fail_msg("row %zu: %u ms, not %u", i, ms, table[i].ms);
        dh_arena_release(&arena);
    }
}

static void sitemaps_and_ai(void **state) {
    (void)state;
    dh_arena arena;
    dh_robots robots;
    dh_arena_init(&arena, 0);
    dh_robots_parse(&robots, &arena,
                    DH_SLICE("Sitemap: https://h.example/a.xml\n" ALL NO "/x\n"
                             "sitemap:https://h.example/b.xml # news\nSitemap:\n"
                             "User-agent: GPTBot\nUser-agent: ccbot\n" NO "/\n" YES "/open/\n"
                             "User-agent: Google-Extended\n" NO "\n"));
    assert_int_equal(robots.sitemaps.len, 2);
    assert_true(dh_slice_eq(robots.sitemaps.ptr[0], DH_SLICE("https://h.example/a.xml")));
    assert_true(dh_slice_eq(robots.sitemaps.ptr[1], DH_SLICE("https://h.example/b.xml")));
    uint64_t both = UINT64_C(1) << DH_AI_GPTBOT_BIT | UINT64_C(1) << DH_AI_CCBOT_BIT;
    assert_true(dh_robots_ai_refused(&robots, DH_SLICE("/news/1"), &arena) == both);
    assert_true(dh_robots_ai_refused(&robots, DH_SLICE("/open/1"), &arena) == 0);
    /* "*" keeps ClaudeBot from /x as everybody, but does not name it. */
    assert_true(dh_robots_ai_refused(&robots, DH_SLICE("/x"), &arena) == both);
    assert_string_equal(dh_robots_ai_token(DH_AI_CCBOT_BIT), "CCBot");
    assert_string_equal(dh_robots_ai_token(DH_AI_COUNT), "");
    dh_arena_release(&arena);
}

static void policy(void **state) {
    (void)state;
    enum { HOUR = 3600, DAY = 86400 };
    static const struct {
        dh_robots_answer answer;
        dh_robots_verdict verdict;
        uint32_t keep_s;
    } table[] = {
        {{.status = 200}, DH_ROBOTS_READ, DAY},
        {{.status = 204}, DH_ROBOTS_READ, DAY},
        {{.status = 206}, DH_ROBOTS_READ, DAY},
        {{.status = 200, .hops = 5}, DH_ROBOTS_READ, DAY},
        {{.status = 301, .hops = 5}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 302, .hops = 6}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 301, .hops = 2}, DH_ROBOTS_DISALLOW, HOUR}, /* a redirect to nowhere */
        {{.status = 304, .has_copy = true}, DH_ROBOTS_SAME, DAY},
        {{.status = 304}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 304, .hops = 9}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 400}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 401}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 403}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 404}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 410}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 451}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 499}, DH_ROBOTS_ALLOW, DAY},
        {{.status = 429}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 500}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 503}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 503, .has_copy = true}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 599}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 100}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 0}, DH_ROBOTS_DISALLOW, HOUR},
        {{.status = 999}, DH_ROBOTS_DISALLOW, HOUR},
        {{.failed = true}, DH_ROBOTS_DISALLOW, HOUR},
        {{.failed = true, .status = 200}, DH_ROBOTS_DISALLOW, HOUR}, /* broke off */
        {{.failed = true, .status = 404}, DH_ROBOTS_DISALLOW, HOUR},
        {{.failed = true, .failures = 1}, DH_ROBOTS_DISALLOW, 2 * HOUR},
        {{.failed = true, .failures = 4}, DH_ROBOTS_DISALLOW, 16 * HOUR},
        {{.failed = true, .failures = 5}, DH_ROBOTS_DISALLOW, DAY},
        {{.failed = true, .failures = 4000000000}, DH_ROBOTS_DISALLOW, DAY},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_robots_policy p = dh_robots_judge(&table[i].answer);
        if (p.verdict != table[i].verdict || p.keep_s != table[i].keep_s)
            fail_msg("row %zu: verdict %d for %u s", i, (int)p.verdict, p.keep_s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc),    cmocka_unit_test(groups),          cmocka_unit_test(paths),
        cmocka_unit_test(lines),  cmocka_unit_test(ceiling),         cmocka_unit_test(costly),
        cmocka_unit_test(delays), cmocka_unit_test(sitemaps_and_ai), cmocka_unit_test(policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
