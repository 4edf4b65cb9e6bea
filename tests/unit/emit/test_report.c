/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#include "emit/report.h"

static const char *reported(built *b) {
    dh_buf out;
    dh_emit_options options = {.images = true};
    dh_buf_init(&out, &b->arena, 0);
    dh_emit_report(&b->article, &options, &b->arena, &out);
    assert_int_equal(dh_utf8_valid_prefix(dh_buf_slice(&out)), out.len);
    return dh_buf_cstr(&out);
}

static void has(const char *page, const char *part) {
    if (strstr(page, part) == NULL) fail_msg("no %s in\n%s", part, strstr(page, "<header>"));
}

static void lacks(const char *page, const char *part) {
    if (strstr(page, part) != NULL) fail_msg("%s in\n%s", part, strstr(page, "<header>"));
}

static dh_mark *mark(built *b, uint32_t block, dh_verdict verdict, dh_cause cause,
                     const char *detail) {
    dh_mark *m = dh_marks_add(&b->marks, block, verdict, cause, DH_SLICE("rules/x.rules"),
                              dh_slice_cstr(detail));
    m->line = cause <= DH_CAUSE_RULE ? 12 : 0;
    return m;
}

static void settle(built *b) {
    dh_marks_resolve(&b->marks, b->decisions, b->blocks.len);
    for (uint32_t i = 0; i < b->blocks.len; i++)
        b->texts[i] = dh_marks_text(&b->marks, &b->blocks, b->decisions, i, &b->arena);
}

static void test_text(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"},
        {"a\tb\nc", "a\tb\nc"},
        {"\x01\x1b\r\x7f", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC2\x85", "\xEF\xBF\xBD"},
        {"\xE2\x80\xAE", "\xEF\xBF\xBD"},                      /* U+202E */
        {"\xE2\x81\xA6-\xE2\x81\xA9", "\xEF\xBF\xBD-\xEF\xBF\xBD"}, /* U+2066, U+2069 */
        {"\xFF<", "\xEF\xBF\xBD&lt;"},
        {"\xE2\x80<", "\xEF\xBF\xBD&lt;"},
        {"\xD8\xA7\xF0\x9F\x98\x80", "\xD8\xA7\xF0\x9F\x98\x80"},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dh_buf out;
        dh_buf_init(&out, &arena, 0);
        dh_report_text(&out, dh_slice_cstr(cases[i].text));
        assert_string_equal(dh_buf_cstr(&out), cases[i].want);
    }
    dh_arena_release(&arena);
}

static void test_dir(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"12:30 - 14", ""},
        {"\xD9\xA1\xD9\xA2", ""}, /* Arabic-Indic digits alone */
        {"Harbour", " dir=\"ltr\""},
        {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", " dir=\"rtl\""},
        {"BBC \xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9", " dir=\"rtl\""},
        {"\xD8\xB9\xD8\xB1 Harbour Courier", " dir=\"ltr\""},
        {"\xEF\xBB\xBB\xEF\xBA\x8E", " dir=\"rtl\""},
        {"\xE6\xB8\xAF", " dir=\"ltr\""},
        {"\xE2\x80\x9C\xE2\x80\x9D", ""},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dh_buf out;
        dh_buf_init(&out, &arena, 0);
        dh_report_dir(&out, dh_slice_cstr(cases[i].text));
        assert_string_equal(dh_buf_cstr(&out), cases[i].want);
    }
    dh_arena_release(&arena);
}

/* Each cause has its tint, the words are shown and in the title, and the legend counts. */
static void test_tints(void **state) {
    (void)state;
    static const struct {
        dh_cause cause;
        const char *detail, *tint, *words;
    } cases[] = {
        {DH_CAUSE_RULE, "remove .a", "rule", "dropped by rules/x.rules:12 remove .a"},
        {DH_CAUSE_RULE, "outside of article main", "outside",
         "dropped by rules/x.rules:12 outside of article main"},
        {DH_CAUSE_HIDDEN, "x", "hidden", "dropped as hidden: x"},
        {DH_CAUSE_LABEL, "Read", "label", "dropped by the label rules/x.rules: Read"},
        {DH_CAUSE_REPEATED, "x", "repeated", "dropped as repeated: x"},
        {DH_CAUSE_SCORE, "short", "score", "dropped by the extractor: short"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        built b;
        char want[512];
        build(&b, "+p kept\n+p gone");
        mark(&b, 1, DH_DROP, DH_CAUSE_SCORE, "weak");
        mark(&b, 1, DH_DROP, cases[i].cause, cases[i].detail);
        settle(&b);
        const char *page = reported(&b);
        snprintf(want, sizeof want,
                 "<li id=\"b2\" class=\"b %s k-paragraph\" title=\"%s\nalso dropped by the extractor: "
                 "weak\">",
                 cases[i].tint, cases[i].words);
        has(page, want);
        snprintf(want, sizeof want, "<span>%s</span><span class=\"also\">also ", cases[i].words);
        has(page, want);
        snprintf(want, sizeof want, "<input type=\"checkbox\" id=\"f-%s\" checked>", cases[i].tint);
        has(page, want);
        snprintf(want, sizeof want, "body:has(#f-%s:not(:checked)) .b.%s", cases[i].tint,
                 cases[i].tint);
        has(page, want);
        has(page, "<b>1</b> of 2 blocks kept");
        lacks(page, "id=\"a2\"");
        unbuild(&b);
    }
}

/* Spans that overlap, in any order, are struck through once. */
static void test_spans(void **state) {
    (void)state;
    built b;
    build(&b, "+p 0123456789<\n+p all of it\n+p kept");
    static const uint32_t spans[][2] = {{6, 8}, {2, 4}, {3, 7}, {10, DH_WHOLE}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        dh_mark *m = mark(&b, 0, DH_DROP, DH_CAUSE_RULE, "remove line");
        m->begin = spans[i][0];
        m->end = spans[i][1];
    }
    dh_mark *all = mark(&b, 1, DH_REPLACE, DH_CAUSE_RULE, "replace");
    all->end = 9;
    all->replacement = DH_SLICE("<new>");
    all = mark(&b, 2, DH_DROP, DH_CAUSE_RULE, "void under keep");
    all->end = 2;
    mark(&b, 2, DH_KEEP, DH_CAUSE_KEEP, "keep");
    settle(&b);
    const char *page = reported(&b);
    has(page, "01<del>234567</del>89<del>&lt;</del></div>");
    has(page, "class=\"b partly k-paragraph\"");
    has(page, "<del>all of it</del>");
    has(page, "with &quot;&lt;new&gt;&quot; by rules/x.rules:12 replace");
    has(page, "<li id=\"b3\" class=\"b kept");
    unbuild(&b);
}

/* Lists and tables are put together, images are text, and all that is opened is closed. */
static void test_article(void **state) {
    (void)state;
    built b;
    build(&b, "th1 Title\n+p text\n+u1* a\n+u1 b\n+o1* c\n+r* d\te\n+r f\tg\n+r* new\n+h2 Sub <x>\n"
              "+i {i=http://x.example/a.png :Alt}\n+q quote\n+k code\n-u1* gone");
    const char *page = reported(&b);
    has(page, "<h2 id=\"a1\"");
    has(page, "<ul>\n<li id=\"a3\"");
    has(page, "</ul>\n<ol>\n<li id=\"a5\"");
    has(page, "</ol>\n<table>\n<tr id=\"a6\"");
    has(page, "</td><td>d</td><td>e</td></tr>\n<tr id=\"a7\"");
    has(page, "</tr>\n</table>\n<table>\n<tr id=\"a8\"");
    has(page, "<a href=\"#a9\">Sub &lt;x&gt;</a>");
    has(page, "<i>image</i> <bdi>Alt</bdi> <code dir=\"ltr\">http://x.example/a.png</code>");
    has(page, "<blockquote id=\"a11\"");
    has(page, "<pre id=\"a12\"");
    lacks(page, "<img");
    static const char *const tags[] = {"<ul", "<ol", "<table", "<li", "<section", "<div", "<span"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char end[16];
        int open = 0;
        snprintf(end, sizeof end, "</%s>", tags[i] + 1);
        for (const char *p = page; (p = strstr(p, tags[i])) != NULL; p++)
            open += strcspn(p, " >") == strlen(tags[i]);
        for (const char *p = page; (p = strstr(p, end)) != NULL; p++) open--;
        if (open != 0) fail_msg("%d more of %s than of its end", open, tags[i]);
    }
    unbuild(&b);
    build(&b, "");
    page = reported(&b);
    has(page, "Nothing was kept.");
    has(page, "<main dir=\"ltr\">");
    unbuild(&b);
}

static void test_facts(void **state) {
    (void)state;
    built b;
    build(&b, "+p \xD8\xB9\xD8\xB1");
    build_field(&b, DH_FIELD_title, "</title><script>");
    build_field(&b, DH_FIELD_url, "https://x.example/\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9-\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9-\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9");
    b.article.refused = DH_SLICE("rules/x.rules:12 (73 %)");
    b.article.limited = DH_LIMIT_nodes;
    b.article.limit_kept = 4096;
    b.article.replaced = 2;
    b.article.rtl = true;
    const char *page = reported(&b);
    has(page, "<title>&lt;/title&gt;&lt;script&gt; - dehusk</title>");
    has(page, "<dt>url</dt><dd><bdi dir=\"ltr\">https://x.example/");
    has(page, "json-ld <code>NewsArticle.x</code>");
    has(page, "rules/x.rules:12 (73 %)</code>");
    has(page, "nodes: the page was cut off after 4096 bytes");
    has(page, "<b>2</b> ill-formed sequences replaced");
    has(page, "<main dir=\"rtl\">");
    lacks(page, "<script");
    unbuild(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),  cmocka_unit_test(test_dir),     cmocka_unit_test(test_tints),
        cmocka_unit_test(test_spans), cmocka_unit_test(test_article), cmocka_unit_test(test_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
