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

typedef struct pair {
    const char *html, *want;
} pair;

static const pair addresses[] = {
    {"<link rel=canonical href='https://example.org/a'>"
     "<meta property=og:url content='https://example.org/b'>",
     "https://example.org/a"},
    {"<meta property='og:url' content='https://example.org/b'>", "https://example.org/b"},
    {"<link rel='shortlink CANONICAL' href=' https://example.org/a '>", "https://example.org/a"},
    {"<link rel=canonical href='/relative'>", ""},
    {"<!-- saved from url=(0025)https://example.org/saved --><html><p>x",
     "https://example.org/saved"},
    {"<!-- saved from url=(0025)file:///c/x --><p>x", ""},
    {"<!-- saved from url=(00", ""},
    {"<p>nothing", ""},
    {"", ""},
};

static void test_address(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(addresses[i].html), "", "", NULL);
        dh_slice got = dh_meta_url(&r->dom, &r->arena);
        if (!dh_slice_eq(got, dh_slice_cstr(addresses[i].want)))
            fail_msg("%s: got \"%.*s\"", addresses[i].html, (int)got.len, got.ptr);
        run_free(r);
    }
}

/* The block that shows the headline, by its text; "" when there is none. */
static const pair
    headlines
        [] =
            {
                {"<title>Council votes on bridge | Example</title><h1>Example</h1>"
                 "<h1>Council votes on bridge</h1>",
                 "Council votes on bridge"},
                {"<title>Council votes on bridge</title><h2>Council votes on bridge</h2><p>x",
                 "Council votes on bridge"},
                {"<title>Council votes on bridge</title><h1 hidden>Council votes on bridge</h1>"
                 "<h1>Politics: Council votes on bridge</h1>",
                 "Politics: Council votes on bridge"},
                {LD(
                     "{\"@type\":\"NewsArticle\",\"headline\":\"Bridge: what the council "
                     "decided\"}") "<title>Council votes on bridge tonight</title><h1>Council "
                                   "votes on bridge tonight</h1>",
                 "Council votes on bridge tonight"},
                {"<title>Council votes on bridge</title><h2>Most read</h2><h2>Weather</h2>", ""},
                {"<title>Council votes on bridge</title><table><tr><td>Home</td></tr><tr><td><font "
                 "size=5>"
                 "Council votes on bridge</font></td></tr></table>" BODY,
                 "Council votes on bridge"},
                {"<title>x</title><p>no heading", ""},
};

static void test_title_block(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(headlines[i].html), "https://example.org/x", "", NULL);
        dh_slice got = {NULL, 0};
        if (r->page.title_block != UINT32_MAX) got = r->blocks.ptr[r->page.title_block].text;
        if (!dh_slice_eq(got, dh_slice_cstr(headlines[i].want)))
            fail_msg("%zu: got \"%.*s\"", i, (int)got.len, got.ptr);
        run_free(r);
    }
}

static const pair bodies[] = {
    {LD("{\"@type\":\"NewsArticle\",\"articleBody\":\"<p>One &amp;amp; two.</p><p>Three.</p>\"}"),
     "One & two. Three."},
    {LD("[{\"@type\":\"Article\",\"headline\":\"A\",\"text\":\"The body of it\"}]"),
     "The body of it"},
    {LD("{\"@type\":\"Product\",\"articleBody\":\"no article\"}"), ""},
    {"<p>none", ""},
};

static void test_body(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        run *r = run_new();
        run_page(r, dh_slice_cstr(bodies[i].html), "", "", NULL);
        if (!dh_slice_eq(r->page.article_body, dh_slice_cstr(bodies[i].want)))
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
