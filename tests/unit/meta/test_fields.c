/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

typedef struct page_row {
    const char *label, *html, *want;
    const char *url, *now, *rule; /* may be NULL */
} page_row;

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"
#define BODY                                                                                       \
    "<p>The first paragraph of a story that is long enough to be one, and a little more.</p>"

static const page_row rows[] = {
#include "fields.inc"
};

static void test_table(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run *r = run_new();
        const page_row *row = &rows[i];
        run_page(r, dh_slice_cstr(row->html),
                 row->url != NULL ? row->url : "https://www.example.org/news/story-1.html",
                 row->now != NULL ? row->now : "2024-12-31", row->rule);
        bad += run_check(r, row->label, row->want);
        run_free(r);
    }
    assert_int_equal(bad, 0);
}

static void test_address(void **state) {
    (void)state;
    static const char *const pages[][2] = {
        {"<link rel=canonical href='https://example.org/a'><meta property=og:url "
         "content='https://example.org/b'>",
         "https://example.org/a"},
        {"<meta property='og:url' content='https://example.org/b'>", "https://example.org/b"},
        {"<link rel='shortlink CANONICAL' href=' https://example.org/a '>",
         "https://example.org/a"},
        {"<link rel=canonical href='/relative'>", ""},
        {"<!-- saved from url=(0025)https://example.org/saved --><html><p>x",
         "https://example.org/saved"},
        {"<!-- saved from url=(0025)file:///c/x --><p>x", ""},
        {"<!-- saved from url=(00", ""},
        {"<p>nothing", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(pages[i][0]), "", "", NULL);
        dh_slice got = dh_meta_url(&r->dom, &r->arena);
        if (!dh_slice_eq(got, dh_slice_cstr(pages[i][1])))
            fail_msg("%s: got \"%.*s\"", pages[i][0], (int)got.len, got.ptr);
        run_free(r);
    }
}

/* The heading that shows the headline, by its text; "" when there is none. */
static void test_title_block(void **state) {
    (void)state;
    static const char *const
        pages[]
             [2] = {
                 {"<title>Council votes on bridge | Example</title><h1>Example</h1><h1>Council "
                  "votes on bridge</h1>",
                  "Council votes on bridge"},
                 {"<title>Council votes on bridge</title><h2>Council votes on bridge</h2><p>x",
                  "Council votes on bridge"},
                 {"<title>Council votes on bridge</title><h1 hidden>Council votes on bridge</h1>"
                  "<h1>Politics: Council votes on bridge</h1>",
                  "Politics: Council votes on bridge"},
                 {LD("{\"@type\":\"NewsArticle\",\"headline\":\"Bridge: what the council "
                     "decided\"}") "<title>Council votes on bridge tonight</title><h1>Council "
                                   "votes on bridge tonight</h1>",
                  "Council votes on bridge tonight"},
                 {"<title>Council votes on bridge</title><h2>Most read</h2><h2>Weather</h2>", ""},
                 {"<title>x</title><p>no heading", ""},
             };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(pages[i][0]), "https://example.org/x", "", NULL);
        dh_slice got = {NULL, 0};
        if (r->page.title_block != UINT32_MAX) got = r->blocks.ptr[r->page.title_block].text;
        if (!dh_slice_eq(got, dh_slice_cstr(pages[i][1])))
            fail_msg("%zu: got \"%.*s\"", i, (int)got.len, got.ptr);
        run_free(r);
    }
}

static void test_body(void **state) {
    (void)state;
    static const char *const pages[][2] = {
        {LD("{\"@type\":\"NewsArticle\",\"articleBody\":\"<p>One &amp;amp; "
            "two.</p><p>Three.</p>\"}"),
         "One & two. Three."},
        {LD("[{\"@type\":\"Article\",\"headline\":\"A\",\"text\":\"The body of it\"}]"),
         "The body of it"},
        {LD("{\"@type\":\"Product\",\"articleBody\":\"no article\"}"), ""},
        {"<p>none", ""},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(pages[i][0]), "", "", NULL);
        if (!dh_slice_eq(r->page.article_body, dh_slice_cstr(pages[i][1])))
            fail_msg("%zu: got \"%.*s\"", i, (int)r->page.article_body.len,
                     r->page.article_body.ptr);
        run_free(r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_title_block),
        cmocka_unit_test(test_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
