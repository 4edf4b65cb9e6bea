/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawl/links.h"
#include "net/robots_tag.h"

static void kinds(void **state) {
    (void)state;
    static const struct {
        const char *path;
        dh_link_kind kind;
    } table[] = {
        {"/", DH_LINK_SECTION},
        {"", DH_LINK_SECTION},
        {"/sport", DH_LINK_SECTION},
        {"/sport/", DH_LINK_SECTION},
        {"/news/world", DH_LINK_SECTION},
        {"/middle-east", DH_LINK_SECTION},
        {"/arts-and-culture/", DH_LINK_SECTION},
        {"/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9", DH_LINK_SECTION},
        {"/sport.html", DH_LINK_SECTION},
        {"/a/b/c", DH_LINK_OTHER},
        {"/?x=y", DH_LINK_OTHER},
        {"/sport?page=2", DH_LINK_OTHER},
        {"/2024/05/15/ferry", DH_LINK_ARTICLE},
        {"/2024/05/15", DH_LINK_OTHER},
        {"/2024/05/", DH_LINK_OTHER},
        {"/news/2024/5/7/ferry-sold", DH_LINK_ARTICLE},
        {"/news/2024-05-15-ferry", DH_LINK_ARTICLE},
        {"/village-buys-back-its-ferry", DH_LINK_ARTICLE},
        {"/news/village_buys_back_its_ferry.html", DH_LINK_ARTICLE},
        {"/article/123456", DH_LINK_ARTICLE},
        {"/news/a-12345.html", DH_LINK_ARTICLE},
        {"/article/12", DH_LINK_SECTION},
        {"/article/123", DH_LINK_OTHER},
        {"/news.php?id=1234", DH_LINK_ARTICLE},
        {"/news.php?id=12", DH_LINK_OTHER},
        {"/?p=1234", DH_LINK_ARTICLE},
        {"/%D9%82%D8%B1%D9%8A%D8%A9-%D8%AA%D8%B4%D8%AA%D8%B1%D9%8A-%D8%A7%D9%84%D8%B9-%D8%A8",
         DH_LINK_ARTICLE},
        {"/%E6%96%B0%E9%97%BB/20240515", DH_LINK_ARTICLE},
        {"/login", DH_LINK_OTHER},
        {"/tag/ferry", DH_LINK_OTHER},
        {"/author/eleanor-vane-of-the-courier", DH_LINK_OTHER},
        {"/Search", DH_LINK_OTHER},
        {"/a-picture-of-the-ferry.jpg", DH_LINK_OTHER},
        {"/report-of-the-year-2024.pdf", DH_LINK_OTHER},
        {"/static/a-b-c-d-e.html", DH_LINK_OTHER},
        {"/v1.5-is-here-and-it-works", DH_LINK_ARTICLE},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_buf text = {0};
        dh_canon url;
        dh_buf_printf(&text, "http://h.example%s", table[i].path);
        assert_true(dh_canon_parse(&url, NULL, dh_buf_slice(&text), &arena));
        dh_link_kind kind = dh_link_kind_of(&url, &arena);
        if (kind != table[i].kind) fail_msg("%s: %d", table[i].path, (int)kind);
        dh_buf_release(&text);
    }
    dh_arena_release(&arena);
}

static void read(const char *html, dh_links *links, dh_arena *arena) {
    dh_limits limits = dh_limits_default();
    dh_dom *dom = dh_arena_zalloc(arena, 1, sizeof *dom);
    dh_canon base;
    assert_true(dh_canon_parse(&base, NULL, DH_SLICE("http://h.example/x/y"), arena));
    dh_slice page = dh_arena_dup(arena, dh_slice_cstr(html));
    assert_int_equal(dh_dom_parse(dom, page, &limits, arena, NULL), DH_OK);
    dh_links_read(links, dom, &base, DH_SLICE("dehusk"), arena);
}

static void is(dh_slice got, const char *want) {
    if (!dh_slice_eq(got, dh_slice_cstr(want)))
        fail_msg("%.*s, not %s", (int)got.len, got.ptr, want);
}

static void pages(void **state) {
    (void)state;
    dh_arena arena;
    dh_links links;
    dh_arena_init(&arena, 0);
    read("<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">"
         "<link rel=\"ALTERNATE home\" type=\"Application/Atom+XML\" href=\"atom\">"
         "<link rel=\"alternate\" hreflang=\"de\" href=\"/de\">"
         "<link rel=canonical href=\"https://h.example/c?a=1&amp;b=2#x\">"
         "<link rel=canonical href=\"/second\">"
         "<meta name=robots content=\"noindex, nofollow\"><meta name=googlebot content=noarchive>"
         "<meta name=tdm-reservation content=1></head><body><nav><a href=\"/\">Home</a>"
         "<a href=\"/sport/\">Sport</a><a href=\"/sport/#top\">Sport</a><a href=\"#a\">a</a>"
         "<a href=\"mailto:a@b.example\">m</a><a href=\"/login\">in</a></nav>"
         "<a href=\"story-of-a-ferry\">1</a><a href=\"story-of-a-ferry#comments\">2</a>"
         "<a rel=\"nofollow\" href=\"/another-story-of-a-ferry\">3</a>"
         "<a href=\"http://other.example/2024/05/15/story\">4</a><a>5</a><a href>6</a>",
         &links, &arena);
    assert_int_equal(links.feeds.len, 2);
    is(links.feeds.ptr[0].href, "http://h.example/feed.xml");
    is(links.feeds.ptr[1].href, "http://h.example/x/atom");
    is(links.canonical.href, "https://h.example/c?a=1&b=2");
    assert_int_equal(links.tags, DH_RTAG_NOINDEX | DH_RTAG_NOFOLLOW | DH_RTAG_TDM_RESERVED);
    assert_int_equal(links.sections.len, 2);
    is(links.sections.ptr[1].href, "http://h.example/sport/");
    assert_int_equal(links.articles.len, 2);
    is(links.articles.ptr[0].href, "http://h.example/x/story-of-a-ferry");
    is(links.articles.ptr[1].href, "http://other.example/2024/05/15/story");
    read("<base href=\"/z/\"><base href=\"/q/\"><a href=\"story-of-a-ferry\">1</a>", &links,
         &arena);
    is(links.articles.ptr[0].href, "http://h.example/z/story-of-a-ferry");
    read("", &links, &arena);
    assert_int_equal(links.articles.len + links.sections.len + links.feeds.len, 0);
    assert_int_equal(links.canonical.href.len, 0);
    dh_buf many = {0};
    for (int i = 0; i < DH_LINKS_MAX + 10; i++)
        dh_buf_printf(&many, "<a href=\"/a-b-c-d-%d\">x</a>", i);
    read(dh_buf_cstr(&many), &links, &arena);
    assert_int_equal(links.articles.len, DH_LINKS_MAX);
    dh_buf_release(&many);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(kinds), cmocka_unit_test(pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
