/* SPDX-License-Identifier: Apache-2.0 */
/* What no honest page holds: the work and the memory stay in proportion to the page. */
#include "run.h"

static void repeat(dh_buf *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++) dh_buf_puts(out, text);
}

/* Reads the page and checks that meta/ takes at most `factor` times its bytes and a constant. */
static run *read_bounded(const dh_buf *html, size_t factor) {
    run *r = run_new();
    dh_limits limits = dh_limits_default();
    dh_fields_init(&r->fields, &r->arena);
    dh_slice copy = dh_arena_dup(&r->arena, dh_buf_slice(html));
    assert_int_equal(dh_dom_parse(&r->dom, copy, &limits, &r->arena, NULL), DH_OK);
    dh_blocks_of_dom(&r->blocks, &r->dom, &limits, &r->arena);
    size_t before = r->arena.reserved;
    r->page = (dh_meta_page){.dom = &r->dom,
                             .blocks = &r->blocks,
                             .url = DH_SLICE("https://example.org/x"),
                             .now = DH_SLICE("2024-12-31"),
                             .arena = &r->arena,
                             .fields = &r->fields};
    dh_meta_read(&r->page);
    assert_true(r->arena.reserved - before <= html->len * factor + (64u << 20));
    uint32_t counts[DH_FIELD_COUNT] = {0};
    for (uint32_t i = 0; i < r->fields.len; i++) {
        assert_true(++counts[r->fields.ptr[i].kind] <= 50);
        assert_true(r->fields.ptr[i].value.len <= 2000);
    }
    return r;
}

typedef struct flood {
    const char *head, *unit, *tail;
    size_t times;
    const char *want; /* as run_check takes it, or NULL */
} flood;

#define LD_OPEN "<script type=application/ld+json>"
#define LD_CLOSE "</script>"

static const flood floods[] = {
    {LD_OPEN "{\"@type\":\"NewsArticle\",\"author\":", "[", "]" LD_CLOSE, 10000, NULL},
    {LD_OPEN, "[", LD_CLOSE, 100000, NULL},
    {LD_OPEN, "{\"@graph\":[", LD_CLOSE, 50000, NULL},
    {LD_OPEN, "{\"mainEntity\":", LD_CLOSE, 50000, NULL},
    {LD_OPEN "{\"@type\":\"NewsArticle\",\"author\":[", "\"Jane Doe\",", "\"X Y\"]}" LD_CLOSE,
     100000, "author=Jane Doe"},
    {LD_OPEN "{\"@type\":\"NewsArticle\",\"headline\":\"", "aaaaaaaaaaaaaaa ", "\"}" LD_CLOSE,
     70000, "title="},
    {LD_OPEN "{\"@type\":\"NewsArticle\",\"author\":\"", "Jane Doe, ", "\"}" LD_CLOSE, 100000,
     "author="},
    {LD_OPEN "{\"@type\":\"NewsArticle\",\"articleBody\":\"", "&amp;lt;b&gt;<", "\"}" LD_CLOSE,
     70000, NULL},
    {LD_OPEN "[", "{\"@type\":\"NewsArticle\",\"headline\":\"x y z\"},", "1]" LD_CLOSE, 30000,
     NULL},
    {LD_OPEN "[", "{\"@id\":\"#a\",\"author\":{\"@id\":\"#a\"}},",
     "{\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"#a\"}}]" LD_CLOSE, 30000, "author="},
    {LD_OPEN "{\"@type\":\"NewsArticle\",", "\"k\":1,", "\"author\":\"Jane Doe\"}" LD_CLOSE, 200000,
     "author=Jane Doe"},
    {"", LD_OPEN "{\"@type\":\"NewsArticle\"}" LD_CLOSE, "", 20000, "pagetype=newsarticle"},
    {"", "<meta property=og:title content='Bridge opens'>", "", 50000, "title=Bridge opens"},
    {"", "<meta name=author content='Jane Doe'>", "", 50000, "author=Jane Doe"},
    {"", "<meta name=keywords content='a,b,c,d'>", "", 50000, "tag=a; b; c; d"},
    {"<meta name=keywords content='", ",", "'>", 1000000, "tag="},
    {"", "<h1>Bridge opens to traffic</h1>", "", 20000, "title=Bridge opens to traffic"},
    {"", "<h1>", "", 20000, NULL},
    {"<title>", "a - ", "</title>", 100000, NULL},
    {"<title>", " | ", "</title>", 600, NULL},
    {"<h1>Bridge opens to traffic</h1>", "<div class=author>", "Jane Doe", 20000, NULL},
    {"<h1>Bridge opens to traffic</h1>", "<a rel=author href=/author/x>Jane Doe</a>", "", 20000,
     NULL},
    {"<h1>Bridge opens to traffic</h1>", "<time datetime=2024-05-14>", "", 20000,
     "published=2024-05-14"},
    {"<h1>Bridge opens to traffic</h1>", "<p class=date>14.05.2024</p>", "", 20000, NULL},
    {"", "<div itemscope itemtype=https://schema.org/Article>", "<b itemprop=author>Jane Doe</b>",
     20000, NULL},
    {"<div itemscope itemtype=https://schema.org/Article>", "<b itemprop=author>Jane Doe</b>", "",
     20000, "author=Jane Doe"},
    {"<div itemscope itemprop='", "author ", "'>", 20000, NULL},
    {"", "<nav class=breadcrumb><a href=/>x</a>", "", 20000, NULL},
    {"", "<link rel=canonical href=/x>", "", 20000, "canonical=https://example.org/x"},
};

static void test_floods(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        dh_buf html;
        dh_buf_init(&html, NULL, 0);
        dh_buf_puts(&html, floods[i].head);
        repeat(&html, floods[i].unit, floods[i].times);
        dh_buf_puts(&html, floods[i].tail);
        run *r = read_bounded(&html, 64);
        if (floods[i].want != NULL) bad += run_check(r, floods[i].head, floods[i].want);
        run_free(r);
        dh_buf_release(&html);
    }
    assert_int_equal(bad, 0);
}

static const char page[] =
    "<!doctype html><html lang=en><head><title>Bridge opens to traffic | The Example</title>"
    "<meta property=og:title content='Bridge opens &amp;amp; closes'><meta name=author content='By "
    "A B'>"
    "<link rel=canonical href=/x>" LD_OPEN "{\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":"
    "\"Bridge opens\",\"author\":[{\"@id\":\"#a\"}],"
    "\"datePublished\":\"2024-05-14T10:00:00Z\",\"keywords\":\"a,b\"},{\"@id\":\"#a\",\"name\":"
    "\"Jane Doe\"}]}" LD_CLOSE "</head><body itemscope itemtype=https://schema.org/Article><h1 "
    "itemprop=headline>Bridge opens</h1>"
    "<p class=byline>By <a rel=author href=/author/j>Jane Doe</a> | <time datetime=2024-05-14>14 "
    "May</time>"
    "<p itemprop=description>The bridge opened to traffic on Tuesday after seven years of "
    "works.</p></body>";

/* Every byte of a page in turn replaced by one that hurts. */
static void test_mutations(void **state) {
    (void)state;
    static const char bytes[] = "<>\"'&{}[],:\\\xFF\0 9";
    char copy[sizeof page];
    for (size_t i = 0; i + 1 < sizeof page; i++) {
        memcpy(copy, page, sizeof page);
        copy[i] = bytes[i % (sizeof bytes - 1)];
        run *r = run_new();
        run_page(r, (dh_slice){copy, sizeof page - 1}, "https://example.org/x", "2024-12-31", NULL);
        run_free(r);
    }
    for (size_t len = 0; len < sizeof page; len += 3) {
        run *r = run_new();
        run_page(r, (dh_slice){page, len}, "https://example.org/x", "", NULL);
        run_free(r);
    }
}

/* Whether the page can be read with this much memory. */
static bool fits(size_t max) {
    run *const r = run_new();
    r->arena.max = max;
    if (dh_arena_guard(&r->arena, &r->guard)) {
        assert_int_equal(r->arena.failure, DH_ERR_LIMIT);
        run_free(r);
        return false;
    }
    run_page(r, dh_slice_cstr(page), "https://example.org/x", "", NULL);
    run_free(r);
    return true;
}

/* Memory runs out at every step of meta/ in turn: it leaves through the guard and nothing leaks. */
static void test_no_memory(void **state) {
    (void)state;
    run *r = run_new();
    run_page(r, dh_slice_cstr(page), "https://example.org/x", "", NULL);
    size_t whole = r->arena.reserved;
    run_free(r);
    bool failed = false, passed = false;
    for (size_t max = 1024; max < whole * 2 && !passed; max += max / 16 + 64) {
        passed = fits(max);
        failed = failed || !passed;
    }
    assert_true(failed);
    assert_true(passed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_floods),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
