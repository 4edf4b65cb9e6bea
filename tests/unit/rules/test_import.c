/* SPDX-License-Identifier: Apache-2.0 */
/* Site configs of Full-Text RSS: XPath as CSS, lines as rules, and the report about what was dropped. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "css/css.h"
#include "css/xpath.h"
#include "rules/import.h"
#include "rules/rules.h"

/* css NULL: stays XPath. */
static const struct {
    const char *xpath, *css, *attr;
} selectors[] = {
    {"//div", "div", ""},
    {"//*", "*", ""},
    {" //div ", "div", ""},
    {"//DIV", "div", ""},
    {"//div//p", "div p", ""},
    {"//div/p", "div > p", ""},
    {"//div[@class='story']", "div[class=\"story\"]", ""},
    {"//div[@id=\"story\"]", "div#story", ""},
    {"//div[@id='a b']", "div[id=\"a b\"]", ""},
    {"//div[@id='1a']", "div[id=\"1a\"]", ""},
    {"//*[@itemprop = 'author']", "[itemprop=\"author\"]", ""},
    {"//a[@rel='next']", "a[rel=\"next\" s]", ""},
    {"//a[@title='say \"x\"']", "a[title=\"say \\\"x\\\"\"]", ""},
    {"//a[@href='a\\b']", "a[href=\"a\\\\b\"]", ""},
    {"//div[contains(@class, 'post')]", "div[class*=\"post\"]", ""},
    {"//div[starts-with(@id,'ad-')]", "div[id^=\"ad-\"]", ""},
    {"//*[contains(concat(' ',normalize-space(@class),' '),' ad ')]", ".ad", ""},
    {"//p[contains(concat(' ', @class, ' '), ' ad-x ')]", "p.ad-x", ""},
    {"//p[contains(concat(' ',normalize-space(@class),' '),' 2col ')]", "p[class~=\"2col\"]", ""},
    {"//p[contains(concat(' ',normalize-space(@rel),' '),' a ')]", "p[rel~=\"a\" s]", ""},
    {"//p[contains(concat(' ',normalize-space(@class),' '),' ad')]", NULL, ""},
    {"//p[contains(concat(' ',normalize-space(@class),' '),' a b ')]", NULL, ""},
    {"//p[contains(concat('-',normalize-space(@class),' '),' a ')]", NULL, ""},
    {"//p[contains(@class, '')]", NULL, ""},
    {"//p[@class]", "p[class]", ""},
    {"//p[not(@class)]", "p:not([class])", ""},
    {"//p[@class!='x']", "p[class]:not([class=\"x\"])", ""},
    {"//p[@a and @b]", "p[a][b]", ""},
    {"//p[@a or @b]", "p:is([a], [b])", ""},
    {"//p[(@a or @b) and not(@c or @d)]", "p:is([a], [b]):not(:is([c], [d]))", ""},
    {"//p[@a][@b]", "p[a][b]", ""},
    {"//p[a]", "p:has(> a)", ""},
    {"//p[.//a/b]", "p:has(a > b)", ""},
    {"//p[./a//b]", "p:has(> a b)", ""},
    {"//p[a/@href]", "p:has(> a[href])", ""},
    {"//p[a/@href='x']", "p:has(> a[href=\"x\"])", ""},
    {"//p[descendant::a]", "p:has(a)", ""},
    {"//p[descendant::a[2]]", NULL, ""}, /* the second below it, not of its parent */
    {"//p[descendant::a/b[2]]", "p:has(a > b:nth-of-type(2))", ""},
    {"//p[.//a[2]]", "p:has(a:nth-of-type(2))", ""},
    {"//*[self::b or self::i]", ":is(:is(b), :is(i))", ""},
    {"//p[1]", "p:nth-of-type(1)", ""},
    {"//*[2]", ":nth-child(2)", ""},
    {"//ul/li[last()]", "ul > li:last-of-type", ""},
    {"//li[position()=3]", "li:nth-of-type(3)", ""},
    {"//li[position() < 3]", "li:nth-of-type(-n+2)", ""},
    {"//li[position()<=3]", "li:nth-of-type(-n+3)", ""},
    {"//li[position()>1]", "li:nth-of-type(n+2)", ""},
    {"//p[@class='a'][2]", ":nth-child(2 of p[class=\"a\"])", ""},
    {"//p[2][@class='a']", "p:nth-of-type(2)[class=\"a\"]", ""},
    {"//p[0]", NULL, ""},
    {"//p[last()-1]", NULL, ""},
    {"//p[position() mod 2 = 1]", NULL, ""},
    {"//div[@a][last()]", NULL, ""},
    {"(//p)[1]", NULL, ""},
    {"//div/descendant::p[1]", NULL, ""},
    {"//div/descendant::p", "div p", ""},
    {"//h2/following-sibling::p", "h2 ~ p", ""},
    {"//h2/following-sibling::*[1]", "h2 + *", ""},
    {"//h2/following-sibling::*[1][self::p]", "h2 + :is(p)", ""},
    {"//h2/following-sibling::p[1]", NULL, ""},
    {"//h2/preceding-sibling::p", "p:has(~ h2)", ""},
    {"//h2[@a]/..", ":has(> h2[a])", ""},
    {"//a/parent::p/b", "p:has(> a) > b", ""},
    {"//a/ancestor::div[@id='x']", "div:has(a)#x", ""},
    {"//a/ancestor::div[1]", NULL, ""},
    {"//x/a/..", NULL, ""},
    {"//a/.. | //b", ":has(> a), b", ""},
    {"//b | //a/..", "b, :has(> a)", ""},
    {"//h2/preceding::p", NULL, ""},
    {"/html", ":root", ""},
    {"/html/body/div", ":root > body > div", ""},
    {"/html//p", ":root p", ""},
    {"/body", NULL, ""},
    {"/div", NULL, ""},
    {"/html/@lang", NULL, ""},
    {"//a | //b", "a, b", ""},
    {"//a|//b[@c]", "a, b[c]", ""},
    {"//a/@href", "a", "href"},
    {"//a/@href | //b/@href", "a, b", "href"},
    {"//a/@href | //b/@src", NULL, ""},
    {"//a/@href | //b", NULL, ""},
    {"//a//@href", NULL, ""},
    {"//@href", NULL, ""},
    {"//meta[@property='og:title']/@content", "meta[property=\"og:title\"]", "content"},
    {"//p/text()", NULL, ""},
    {"//p[text()]", NULL, ""},
    {"//p[text()='x']", NULL, ""},
    {"//p[contains(., 'x')]", NULL, ""},
    {"//p[.='x']", NULL, ""},
    {"//p[a='x']", NULL, ""},
    {"//p[count(a)=1]", NULL, ""},
    {"//p[//a]", NULL, ""},
    {"//fb:like", NULL, ""},
    {"//p[@xml:lang]", NULL, ""},
    {"//a.b", NULL, ""},
    {"//", NULL, ""},
    {"//p[", NULL, ""},
    {"//p]", NULL, ""},
    {"//p x", NULL, ""},
    {"", NULL, ""},
    {"p", NULL, ""},
    {".//p", NULL, ""},
    {"concat(//a, 'x')", NULL, ""},
};

static void own(void *data, dh_regex *regex) {
    (void)data;
    dh_regex_free(regex);
}

static void xpath_to_css(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    volatile int bad = 0;
    if (dh_arena_guard(&arena, &guard)) fail();
    for (size_t i = 0; i < sizeof selectors / sizeof *selectors; i++) {
        dh_import_selector made;
        bool yes = dh_import_css(dh_slice_cstr(selectors[i].xpath), &arena, &made);
        const char *want = selectors[i].css;
        dh_css *css;
        bool good = yes == (want != NULL);
        if (good && yes) {
            good = dh_slice_eq(made.css, dh_slice_cstr(want)) &&
                   dh_slice_eq(made.attr, dh_slice_cstr(selectors[i].attr)) &&
                   dh_css_compile(made.css, &arena, own, NULL, &css, NULL) == DH_OK &&
                   dh_xpath_check(dh_slice_cstr(selectors[i].xpath), NULL) == DH_OK;
        }
        if (good) continue;
        fprintf(stderr, "%s: %.*s @%.*s\n", selectors[i].xpath, yes ? (int)made.css.len : 4,
                yes ? made.css.ptr : "none", yes ? (int)made.attr.len : 0, made.attr.ptr);
        bad++;
    }
    assert_int_equal(bad, 0);
    dh_arena_release(&arena);
}

/* Far too deep, far too long: kept as XPath, in little time. */
static void ceilings(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) fail();
    static const char *const parts[] = {"[not(", "[a", "[(", "//a[.//b", "/..", "[@a or "};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        dh_buf text;
        dh_buf_init(&text, NULL, 0);
        dh_buf_puts(&text, "//a");
        for (int n = 0; n < 20000; n++) dh_buf_puts(&text, parts[i]);
        dh_import_selector made;
        assert_false(dh_import_css(dh_buf_slice(&text), &arena, &made));
        dh_buf_release(&text);
    }
    dh_arena_release(&arena);
}

typedef struct import_case {
    const char *name, *config, *rules_name, *rules, *report; /* report: lines that must be in it */
} import_case;

#define HEAD(name, host) \
    "# unverified: imported from " name ", a site config of Full-Text RSS\nsite: =" host \
    ", =www." host "\n"

static const import_case cases[] = {
    {"x.example.txt",
     "# a comment\r\ntitle: //h1\r\n\r\nbody://div[@id='story']\nauthor: //a[@rel='author']/@title\n"
     "date: substring-after(//p, 'on ')\nstrip: //p[contains(., 'ad')]\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "title: h1\narticle: div#story\nauthor: a[rel=\"author\" s] @title\n"
     "date: xpath: substring-after(//p, 'on ')\nremove: //p[contains(., 'ad')]\n",
     "survive\t5 (100.00 %)\n"},
    {"www.x.example.txt", "body: //p\nprune: no\ntidy: no\n", "www.x.example.rules",
     HEAD("www.x.example.txt", "x.example") "heuristics: off\narticle: p\n",
     "dropped\twww.x.example.txt:3\ttidy\tpages are always read as HTML5 says\tno\n"},
    {".x.example.txt", "body: //p\nprune: yes\n", "x.example+below.rules",
     "# unverified: imported from .x.example.txt, a site config of Full-Text RSS\n"
     "site: x.example\nheuristics: on\narticle: p\n",
     ""},
    {"x.example.txt", "strip_id_or_class: 'newsletter'\nstrip_id_or_class: ad\n"
                      "strip_image_src: /l.gif?\nbody: //p\nprune: yes\nautodetect_on_failure: no\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "heuristics: off\nremove: [class*=\"newsletter\"], [id*=\"newsletter\"]\n"
     "remove: [class*=\"ad\"], [id*=\"ad\"]\nremove: img[src*=\"/l.gif?\"]\narticle: p\n",
     "warning\tx.example.txt:2\tstrip_id_or_class\tshort: "},
    {"x.example.txt",
     "body: //p\ntest_contains: early\ntest_url: https://x.example/a:b#c\ntest_contains: Ferry: late\n"
     "test_url: nowhere\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "article: p\ntest: https://x.example/a:b#c\n  has: Ferry: late\n",
     "dropped\tx.example.txt:2\ttest_contains\tno test_url before it\tearly\n"
     "dropped\tx.example.txt:5\ttest_url\tno address\tnowhere\n"},
    {"x.example.txt",
     "body: //p\nreplace_string(Read more here): Read\nreplace_string(<b>): <i>\nreplace_string(a * b \xC3\xA9):\n"
     "find_string: Old words\nfind_string: data-src=\nreplace_string: New words\nreplace_string: src=\n"
     "find_string: alone\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "article: p\nreplace: \"Read more here\" => \"Read\"\nreplace: \"a \\* b \xC3\xA9\" => \"\"\n"
     "replace: \"Old words\" => \"New words\"\n",
     "dropped\tx.example.txt:9\tfind_string\tno replace_string behind it\talone\n"},
    {"x.example.txt",
     "http_header(user-agent): Mozilla/5.0 (X11)\nhttp_header(Cookie): a=b: c\nhttp_header: x\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example") "user agent: Mozilla/5.0 (X11)\nheader: Cookie: a=b: c\n",
     "dropped\tx.example.txt:3\thttp_header\t"},
    {"x.example.txt",
     "single_page_link: //a[@class='all']\nif_page_contains: //div[@id='pages']\n"
     "next_page_link: concat(//a/@href, '?p')\nif_page_contains: //b\ntitle: //h1\nif_page_contains: //i\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "single page: xpath: (//a[@class='all'])[boolean(//div[@id='pages'])]\n"
     "next page: xpath: substring(concat(//a/@href, '?p'), 1 div boolean(//b))\ntitle: h1\n",
     "dropped\tx.example.txt:6\tif_page_contains\tno line before it"},
    {"x.example.txt",
     "body: //p[contain(@a,'b')]\nbody: //p[\nbody: //p/@a\nstrip:\nbdy: //p\nno colon\nbody: //P\n",
     "x.example.rules", HEAD("x.example.txt", "x.example") "article: p\n",
     "dropped\tx.example.txt:1\tbody\tXPath 1.0 has no function contain(), did you mean contains()? "
     "(column 5 of the value)\t//p[contain(@a,'b')]\n"
     "dropped\tx.example.txt:2\tbody\t"},
    {"x.example.txt", "bdy: //p\nbody: //P\n", "x.example.rules",
     HEAD("x.example.txt", "x.example") "article: p\n",
     "dropped\tx.example.txt:1\tbdy\tunknown directive, perhaps body\t//p\n"
     "warning\tx.example.txt:2\tbody\ta name in capitals"},
    {"x.example.txt", "wrap_in(h2): //p\nstrip_comments: no\nlogin_uri: https://x\n", "", "",
     "dropped\tx.example.txt:1\twrap_in\tgives elements another tag: the text stays as it is\t//p\n"
     "dropped\tx.example.txt:2\tstrip_comments\t"},
    {"x.example.txt", "body: //p[@a='caf\xE9']\n", "x.example.rules",
     HEAD("x.example.txt", "x.example") "article: p[a=\"caf\xC3\xA9\"]\n",
     "warning\tx.example.txt\t\tnot UTF-8: read as ISO 8859-1\t\n"},
    {"x.example.txt", "\xEF\xBB\xBF" "body: //p\n", "x.example.rules",
     HEAD("x.example.txt", "x.example") "article: p\n", ""},
    {"x.example.txt", "body: //p[@a=' # no comment'] | //a[contains(., ' # b')]\n",
     "x.example.rules",
     HEAD("x.example.txt", "x.example")
     "article: //p[@a=' # no comment'] | //a[contains(., ' # b')]\n",
     ""},
    {"LICENSE.txt", "body: //p\n", "", "", "dropped\tLICENSE.txt\t\tthe file's name is no host"},
    {"README.md", "body: //p\n", "", "", "no host"},
    {"..txt", "body: //p\n", "", "", "no host"},
    {".txt", "body: //p\n", "", "", "no host"},
    {"a/b.example.txt", "body: //p\n", "", "", "no host"},
    {"x.example.txt", "", "", "", "nothing to write"},
    {"global.txt", "title: //h1\n", "families/ftr-global.rules",
     "# unverified: imported from global.txt, a site config of Full-Text RSS\ntitle: h1\n", ""},
};

/* Each line of `lines` must be in the report. */
static bool has_lines(dh_slice report, const char *lines) {
    dh_slice rest = dh_slice_cstr(lines);
    while (rest.ptr != NULL && rest.len > 0)
        if (!dh_slice_has(report, dh_slice_cut(&rest, '\n'))) return false;
    return true;
}

static void configs(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    volatile int bad = 0;
    if (dh_arena_guard(&arena, &guard)) fail();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const import_case *c = &cases[i];
        dh_import *import = dh_import_new(&arena);
        dh_buf out, report;
        dh_slice name;
        dh_buf_init(&out, &arena, 0);
        dh_buf_init(&report, &arena, 0);
        dh_import_file(import, dh_slice_cstr(c->name), dh_slice_cstr(c->config), &name, &out);
        dh_import_report(import, &report);
        bool written = name.len > 0;
        if (dh_slice_eq(name, dh_slice_cstr(c->rules_name)) &&
            (!written || dh_slice_eq(dh_buf_slice(&out), dh_slice_cstr(c->rules))) &&
            has_lines(dh_buf_slice(&report), c->report))
            continue;
        fprintf(stderr, "case %u, %s:\n%s----\n%s\n", (unsigned)i, c->name, dh_buf_cstr(&out),
                dh_buf_cstr(&report));
        bad++;
    }
    assert_int_equal(bad, 0);
    dh_arena_release(&arena);
}

/* What global.txt says holds for all that come behind it. */
static void global_is_inherited(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) fail();
    dh_import *import = dh_import_new(&arena);
    dh_rule_set *set = dh_rules_new(&arena);
    static const char *const names[] = {"global.txt", "x.example.txt", ".x.example.txt"};
    for (int i = 0; i < 3; i++) {
        dh_buf out;
        dh_slice name;
        dh_buf_init(&out, &arena, 0);
        dh_import_file(import, dh_slice_cstr(names[i]), DH_SLICE("strip: //b\n"), &name, &out);
        assert_int_equal(dh_slice_has(dh_buf_slice(&out), DH_SLICE("inherits: families/ftr-global\n")),
                         i > 0);
        dh_slice text = dh_arena_dup(&arena, dh_buf_slice(&out));
        assert_int_equal(dh_rules_add(set, name, NULL, text, NULL), DH_OK);
    }
    assert_int_equal(dh_rules_finish(set, NULL), DH_OK);
    assert_int_equal(dh_import_count(import).written, 3);
    assert_int_equal(dh_import_count(import).survived, 3);
    dh_rules_release(set);
    dh_arena_release(&arena);
}

/* Whatever a file holds, every line of it is in the counts, and what is written is a rule file. */
static void noise(void **state) {
    (void)state;
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) fail();
    static const char alphabet[] = "body: strip: /[@'\")(.|#*\\\n\n\r\t:\xC3\xA9\x80 x=>,";
    uint32_t seed = 7;
    for (int round = 0; round < 400; round++) {
        char text[600];
        size_t n = 0;
        while (n < sizeof text - 1) {
            seed = seed * 1664525u + 1013904223u;
            if ((seed >> 28) == 0 && n + 9 < sizeof text) {
                memcpy(text + n, "\nstrip://", 9);
                n += 9;
            } else {
                text[n++] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
            }
        }
        dh_import *import = dh_import_new(&arena);
        dh_rule_set *set = dh_rules_new(&arena);
        dh_buf out;
        dh_slice name;
        dh_error error = {0};
        dh_buf_init(&out, &arena, 0);
        dh_import_file(import, DH_SLICE("x.example.txt"), dh_slice_make(text, n), &name, &out);
        if (name.len > 0 &&
            dh_rules_add(set, name, NULL, dh_buf_slice(&out), &error) != DH_OK)
            fail_msg("%u: %s\n%s", (unsigned)error.line, error.message, dh_buf_cstr(&out));
        dh_rules_release(set);
    }
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xpath_to_css), cmocka_unit_test(ceilings),
        cmocka_unit_test(configs),      cmocka_unit_test(global_is_inherited),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
