/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* What stands between the tags of the article. */
static const golden bodies[] = {
    {"", ""},
    {"+p a & b < c > \"d\"", "<p>a &amp; b &lt; c &gt; \"d\"</p>\n"},
    {"+p </article><script>x</script>", "<p>&lt;/article&gt;&lt;script&gt;x&lt;/script&gt;</p>\n"},
    {"+p a\x01"
     "b",
     "<p>a<br>\nb</p>\n"},
    {"+p a\x02\x7F\xC2\x85z", "<p>az</p>\n"},
    {"+p a\xFFz", "<p>a\xEF\xBF\xBDz</p>\n"},
    {"+h1 a\n+h7 b\n+h0 c", "<h1>a</h1>\n<h6>b</h6>\n<h2>c</h2>\n"},
    {"+u1* a\n+u2* b\n+u1& c\n+o1* d\n+q e\n+o1 f",
     "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n<p>c</p></li>\n</ul>\n"
     "<ol>\n<li>d</li>\n</ol>\n<blockquote>\n<p>e</p>\n</blockquote>\n"
     "<ol start=\"2\">\n<li>f</li>\n</ol>\n"},
    {"+k a < b\x01  c", "<pre><code>a &lt; b\n  c</code></pre>\n"},
    {"+r*! a\tb\n+r {s:c}\t\n+r* d",
     "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td><strong>c</strong></td><td></td></tr>\n"
     "</table>\n<table>\n<tr><td>d</td></tr>\n</table>\n"},
    {"+r a{s:b\tc}d\t{e:e}",
     "<table>\n<tr><td>a<strong>b</strong></td><td>cd</td><td><em>e</em></td></tr>\n</table>\n"},
    {"+p {s:a {e:b}} {c:c<{s:d}} {a=/x?a=1&b=\"2\" :e}{a=javascript:x :f}",
     "<p><strong>a <em>b</em></strong> <code>c&lt;d</code> "
     "<a href=\"/x?a=1&amp;b=&quot;2&quot;\">e</a>f</p>\n"},
    {"+i {i=/x.png :a \"b\"}\ncf Cap\n+p x\ncf Alone\n+i {i=/y.png :}\n+i {i=/z.png :}\ncp One\ncp "
     "Two",
     "<figure>\n<img src=\"/x.png\" alt=\"a "
     "&quot;b&quot;\">\n<figcaption>Cap</figcaption>\n</figure>\n"
     "<p>x</p>\n"
     "<figure>\n<figcaption>Alone</figcaption>\n</figure>\n"
     "<figure>\n<img src=\"/y.png\" alt=\"\">\n</figure>\n"
     "<figure>\n<img src=\"/z.png\" alt=\"\">\n<figcaption>One</figcaption>\n</figure>\n"
     "<figure>\n<figcaption>Two</figcaption>\n</figure>\n"},
    {"+u1* a\n+i {i=blob:x :}\n+i {i= :}\n+u1 b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"+p a\nmp b", "<p>a</p>\n|<section>\n<p>b</p>\n</section>\n"},
};

static void test_bodies(void **state) {
    (void)state;
    dh_emit_options options = {.tables = true,
                               .links = true,
                               .images = true,
                               .formatting = true,
                               .captions = true,
                               .comments = true};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        built b;
        char want[2048];
        build(&b, bodies[i].script);
        dh_slice rest = dh_slice_cstr(bodies[i].want);
        dh_slice article = dh_slice_cut(&rest, '|');
        snprintf(want, sizeof want,
                 "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title></title>\n"
                 "</head>\n<body>\n<article>\n%.*s</article>\n%.*s</body>\n</html>\n",
                 (int)article.len, article.ptr, (int)rest.len, rest.ptr != NULL ? rest.ptr : "");
        assert_string_equal(emitted(&b, "html", &options), want);
        unbuild(&b);
    }
}

static void test_head(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.with_metadata = true, .version = DH_SLICE("1.2.3")};
    build(&b, "th1 Title\n+p \xD8\xA7");
    build_fields(&b);
    b.article.rtl = true;
    assert_string_equal(
        emitted(&b, "html", &options),
        "<!DOCTYPE html>\n"
        "<html lang=\"en\" dir=\"rtl\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<title>Rain: &quot;heavy&quot; &amp; &lt;wet&gt;</title>\n"
        "<meta name=\"author\" content=\"A. Writer\">\n"
        "<meta name=\"author\" content=\"B. Other\">\n"
        "<meta name=\"description\" content=\"It rained.\">\n"
        "<meta name=\"keywords\" content=\"rain, water, wet\">\n"
        "<meta property=\"og:site_name\" content=\"The Example\">\n"
        "<meta property=\"og:image\" content=\"https://example.org/rain.jpg\">\n"
        "<meta property=\"article:published_time\" content=\"2024-05-06T07:08:09+02:00\">\n"
        "<meta property=\"article:modified_time\" content=\"2024-05-07\">\n"
        "<meta property=\"article:section\" content=\"Local\">\n"
        "<link rel=\"canonical\" href=\"https://example.org/rain?a=1&amp;b=2\">\n"
        "<link rel=\"license\" href=\"https://example.org/license\">\n"
        "<meta name=\"generator\" content=\"dehusk 1.2.3\">\n"
        "</head>\n"
        "<body>\n"
        "<article>\n"
        "<header>\n"
        "<h1>Rain: \"heavy\" &amp; &lt;wet&gt;</h1>\n"
        "<p>A. Writer, B. Other, The Example, "
        "<time datetime=\"2024-05-06T07:08:09+02:00\">2024-05-06</time></p>\n"
        "</header>\n"
        "<p>\xD8\xA7</p>\n"
        "</article>\n"
        "</body>\n"
        "</html>\n");
    unbuild(&b);
}

/* Addresses that run something do not become links of the page. */
static void test_hostile_head(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.with_metadata = true};
    build(&b, "");
    build_field(&b, DH_FIELD_canonical, "javascript:alert(1)");
    build_field(&b, DH_FIELD_license, "CC BY");
    build_field(&b, DH_FIELD_language, "en\" onload=\"x");
    const char *html = emitted(&b, "html", &options);
    assert_null(strstr(html, "<link"));
    assert_non_null(strstr(html, "<html lang=\"en&quot; onload=&quot;x\">"));
    unbuild(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_hostile_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
