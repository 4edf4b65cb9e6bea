/* SPDX-License-Identifier: Apache-2.0 */
/* XPath on a page: values that are no elements, ceilings, and what happens when memory runs out. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "css/css.h"
#include "css/xpath.h"
#include "css/xpath_bound.h"

static const char news[] =
    "<!DOCTYPE html><html><head><title>Ferry &amp; strike</title>"
    "<meta name=author content='Ana &quot;A&quot; Silva'><meta name=empty content></head>"
    "<body><h1 class=x id=t>Ferry <b>strike</b> goes on</h1><!-- no -->"
    "<p id=a>One \xD8\xB9\xD8\xA7</p><p id=b title=two>Two</p><script>var a = '<p>';</script></body>"
    "</html>";

typedef struct page {
    dh_arena arena;
    dh_dom dom;
    dh_css_context context;
} page;

static void open_page(page *p, const char *html) {
    *p = (page){0};
    dh_arena_init(&p->arena, 0);
    dh_limits limits = dh_limits_default();
    dh_slice bytes = dh_arena_dup(&p->arena, dh_slice_cstr(html));
    assert_int_equal(dh_dom_parse(&p->dom, bytes, &limits, &p->arena, NULL), DH_OK);
    p->context =
        (dh_css_context){.dom = &p->dom, .arena = &p->arena, .xpaths = dh_xpath_cache_new()};
    assert_non_null(p->context.xpaths);
}

static void close_page(page *p) {
    dh_xpath_cache_free(p->context.xpaths);
    dh_arena_release(&p->arena);
}

/* Values joined by |; an element is <name>. */
static void evaluate(page *p, const char *expression, dh_buf *out) {
    dh_css *css;
    dh_error error = {0};
    dh_status status = dh_css_compile(dh_slice_cstr(expression), &p->arena, NULL, NULL, &css, &error);
    if (status != DH_OK) fail_msg("%s: %s", expression, error.message);
    dh_css_values found = {0};
    dh_css_evaluate(css, &p->context, &found);
    dh_buf_reset(out);
    for (uint32_t i = 0; i < found.len; i++) {
        const dh_css_value *v = &found.ptr[i];
        if (i > 0) dh_buf_puts(out, "|");
        if (v->node != DH_NO_NODE && !v->is_attribute && dh_dom_is_element(&p->dom, v->node)) {
            dh_slice name = dh_dom_name(&p->dom, v->node);
            dh_buf_printf(out, "<%.*s>", (int)name.len, name.ptr);
        } else {
            dh_buf_put_slice(out, v->text);
        }
    }
}

static void values(void **state) {
    (void)state;
    static const struct {
        const char *expression, *want;
    } rows[] = {
        {"//p", "<p>|<p>"},
        {"h1, p#b", "<h1>|<p>"},
        {"//meta[@name='author']/@content", "Ana \"A\" Silva"},
        {"//meta/@content", "Ana \"A\" Silva|"},
        {"//h1/text()", "Ferry | goes on"},
        {"//h1//text()", "Ferry |strike| goes on"},
        {"//p/@id | //p/text()", "a|One \xD8\xB9\xD8\xA7|b|Two"},
        {"//h1/@*", "x|t"},
        {"xpath:string(//h1)", "Ferry strike goes on"},
        {"xpath:normalize-space(' a  b ')", "a b"},
        {"xpath:substring-before(//h1, ' goes')", "Ferry strike"},
        {"xpath:concat(//p[1], '-', //p[2]/@title)", "One \xD8\xB9\xD8\xA7-two"},
        {"xpath:count(//p)", "2"},
        {"xpath:string-length(substring-after(//p[1], 'One '))", "2"},
        {"xpath:string(//none)", ""},
        {"xpath:1 div 0", "Infinity"},
        {"xpath:true()", ""},
        {"xpath:name(//h1)", "h1"},
        {"xpath:string(//script)", "var a = '<p>';"},
        {"//comment()", ""},
        {"/", ""},
        {"/..", ""},
        {"//none", ""},
        {"xpath:string(/)", NULL},
        /* Operators, which are said in another way (xpath_bound.h). */
        {"xpath:string(2 + 3 * 4 - 6 div 2 - 7 mod 4)", "8"},
        {"xpath:string(- - count(//p)-1)", "1"},
        {"xpath:string(//p[1] = 'One' or 1 < 2 and 2 <= 1)", "false"},
        {"xpath:string(1 = 1 = true() != false())", "true"},
        {"xpath:string(3 > 2 >= 1)", "true"},
        {"//p[position() mod 2 = 0]/@id", "b"},
        {"//p[@title = //p/@title]/@id | //p[not(@title)]/@id", "a|b"},
        {"//p[-1 < 0][last()]/@id", "b"},
        {"//p[2-1]/@id", "a"},
        {"//p[\"a\"='a'][1]/@id", "a"},
        {"xpath:string(.5 + 1.)", "1.5"},
        {"xpath:string(//* * 0 = 'x')", "false"},
        {"xpath:count(//*/@* | //*/@id)", "9"},
        {"xpath:string(count(//and | //or | //div | //mod))", "0"},
        {"xpath:string('a or b' = \"a or b\")", "true"},
        /* Steps from several nodes that meet. */
        {"xpath:count(//@*/..)", "5"},
        {"xpath:count(//h1//text()/ancestor::*)", "4"},
        {"//h1//text()/../@id", "t"},
        {"//p//..", "<body>|<p>|<p>"},
        {"//h1//./..", "<body>|<h1>|<b>"},
        {"xpath:.//b/../self::h1/@class", "x"},
        {"(//p/preceding-sibling::*)[last()]/@id", "a"},
        {"(//h1 | //p)[2]/following-sibling::*[1]/@id", "b"},
        {"//p[../h1//b[. = 'strike']]/@id", "a|b"},
        {"xpath:count(///p)", "2"},
        {"xpath:string(count(//body//*[last()]/..))", "2"},
    };
    page p;
    open_page(&p, news);
    dh_buf out;
    dh_buf_init(&out, NULL, 0);
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        evaluate(&p, rows[i].expression, &out);
        if (rows[i].want == NULL || strcmp(dh_buf_cstr(&out), rows[i].want) == 0) continue;
        fprintf(stderr, "%s: [%s], not [%s]\n", rows[i].expression, dh_buf_cstr(&out),
                rows[i].want);
        bad++;
    }
    assert_int_equal(bad, 0);
    dh_buf_release(&out);
    close_page(&p);
}

/* More expressions than the cache has places, twice, on one context and then on another page's. */
static void cache_is_reused(void **state) {
    (void)state;
    page p;
    open_page(&p, news);
    dh_buf out;
    dh_buf_init(&out, NULL, 0);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 1500; i++) {
            char text[80], want[20];
            snprintf(text, sizeof text, "xpath: string(%d + count(//p))", i);
            snprintf(want, sizeof want, "%d", i + 2);
            evaluate(&p, text, &out);
            assert_string_equal(dh_buf_cstr(&out), want);
        }
    page other;
    open_page(&other, "<p>a<p>b<p>c");
    dh_xpath_cache_free(other.context.xpaths);
    other.context.xpaths = p.context.xpaths;
    p.context.xpaths = NULL;
    close_page(&p);
    evaluate(&other, "xpath: string(7 + count(//p))", &out);
    assert_string_equal(dh_buf_cstr(&out), "10");
    dh_buf_release(&out);
    close_page(&other);
}

/* An expression that fails while it is evaluated gives nothing, whatever was evaluated before it. */
static void failed_ones_are_empty(void **state) {
    (void)state;
    static const char *const rows[] = {"//p[contains(@id='a')]", "xpath:string(//p[sum('x')])",
                                       "//p[count('x') = 1]", "//h1 | //p[lang()]"};
    page p;
    open_page(&p, news);
    dh_buf out;
    dh_buf_init(&out, NULL, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        evaluate(&p, "//p", &out);
        assert_string_equal(dh_buf_cstr(&out), "<p>|<p>");
        evaluate(&p, rows[i], &out);
        assert_string_equal(dh_buf_cstr(&out), "");
        assert_false(p.context.limited);
    }
    dh_buf_release(&out);
    close_page(&p);
}

static void without_cache(void **state) {
    (void)state;
    page p;
    open_page(&p, news);
    dh_xpath_cache_free(p.context.xpaths);
    p.context.xpaths = NULL;
    dh_buf out;
    dh_buf_init(&out, NULL, 0);
    evaluate(&p, "//p", &out);
    assert_string_equal(dh_buf_cstr(&out), "");
    dh_buf_release(&out);
    close_page(&p);
}

static char *wide_page(uint32_t n) {
    static const char item[] = "<p>x <b>y</b> z</p>";
    char *html = test_malloc(n * (sizeof item - 1) + 1);
    for (uint32_t i = 0; i < n; i++) memcpy(html + i * (sizeof item - 1), item, sizeof item - 1);
    html[n * (sizeof item - 1)] = 0;
    return html;
}

/* Expressions whose cost grows with the square or the cube of the page. */
static void steps_end_it(void **state) {
    (void)state;
    static const char *const rows[] = {
        "//*[count(//*) > 0]",
        "//p[count(//p[count(//p) > 0]) > 0]",
        "//p[count(preceding::*) > 999999]",
        "//*[following::*[following::*[following::*]]]",
        "xpath:count(//p/following-sibling::p/following-sibling::p/following-sibling::p)",
        "//b[id('x')]",
        /* Strings of large elements. */
        "//*[contains(string(/), 'q')]",
        "//p[normalize-space(/) = 'q']",
        "//p[. = /]",
        "//p[/ = 'x y']",
        "//p[/ + 1 > 0]",
        "//p[-/ = 1]",
        "//p[1 mod /]",
        "//p[/ < 3]",
        "//p[sum(//p) > 1]",
        "//p[concat(/, /)]",
        "//p[substring-after(//body, 'q')]",
        "//p[substring(/, 2, 1) = 'q']",
        "//p[starts-with(/, 'q')]",
        "//p[string-length(/) = 1]",
        "//p[floor(/) = 1 or round(/) = 1]",
        "//p[lang(/)]",
        "//p[id(/)]",
        "//p[string(//p[contains(/, 'q')])]",
        "xpath:translate(/, substring(/, 1, 2000), '')",
        "xpath:contains(/, substring(/, 9, 2000))",
        /* Sets against sets. */
        "//p[//p = //b]",
        "//p[//p != //b]",
        "//p[//p > //b]",
        "//p[count(//p | //b) = 1]",
        "//p[//b/../following-sibling::p[1] and 0]",
        "//p[count(//p//text()/..) = 1]",
    };
    char *html = wide_page(4000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        page p;
        open_page(&p, html);
        p.context.max_steps = 1000000;
        dh_css *css;
        assert_int_equal(
            dh_css_compile(dh_slice_cstr(rows[i]), &p.arena, NULL, NULL, &css, NULL), DH_OK);
        dh_node_list found = {0};
        dh_css_select(css, &p.context, 0, &found);
        if (!p.context.limited) fail_msg("%s was not stopped", rows[i]);
        /* Nothing matches any more, and nothing is evaluated. */
        uint64_t steps = p.context.steps;
        found.len = 0;
        dh_css_select(css, &p.context, 0, &found);
        assert_int_equal(found.len, 0);
        assert_int_equal(p.context.steps, steps);
        close_page(&p);
    }
    test_free(html);
}

/* Leaves an arena without room. */
static void use_up(dh_arena *arena) {
    jmp_buf guard;
    arena->max = arena->reserved;
    if (!dh_arena_guard(arena, &guard))
        for (;;) dh_arena_alloc(arena, 4096);
    arena->guard = NULL;
}

/* The arena is left by longjmp at every stage; nothing may be lost with it. */
static void memory_runs_out(void **state) {
    (void)state;
    char *html = wide_page(3000);
    page p;
    open_page(&p, html);
    dh_css *css;
    assert_int_equal(dh_css_compile(DH_SLICE("//p | //b/text() | //p[b]"), &p.arena, NULL, NULL,
                                    &css, NULL),
                     DH_OK);
    use_up(&p.arena);
    size_t base = p.arena.reserved, left = 0;
    bool done = false;
    for (size_t room = 65536; !done; room += room / 2) {
        jmp_buf guard;
        p.arena.max = base + room;
        p.context.memo = NULL;
        volatile bool failed = true;
        if (!dh_arena_guard(&p.arena, &guard)) {
            dh_node_list found = {0};
            dh_css_select(css, &p.context, 0, &found);
            assert_int_equal(found.len, 6000);
            failed = false;
        }
        p.arena.guard = NULL;
        left += failed;
        done = !failed;
        base = p.arena.reserved;
    }
    assert_true(left > 0);
    test_free(html);
    close_page(&p);
}

static dh_status check(const char *begin, const char *part, uint32_t n, const char *end) {
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    dh_buf_puts(&text, begin);
    for (uint32_t i = 0; i < n; i++) dh_buf_puts(&text, part);
    dh_buf_puts(&text, end);
    dh_error error = {0};
    dh_status status = dh_xpath_check(dh_buf_slice(&text), &error);
    if (status != DH_OK) assert_true(error.message[0] != 0 && error.offset <= text.len);
    dh_buf_release(&text);
    return status;
}

static void ceilings(void **state) {
    (void)state;
    assert_int_equal(check("//p", "/a", 500, ""), DH_OK);
    assert_int_equal(check("//p", "/a", 10000, ""), DH_ERR_RULE);
    assert_int_equal(check("//p", "/a", 1500, ""), DH_ERR_RULE);
    assert_int_equal(check("//p", " | //a", 10000, ""), DH_ERR_RULE);
    assert_int_equal(check("", "(", 10000, "1"), DH_ERR_RULE);
    assert_int_equal(check("", "-", 10000, "1"), DH_ERR_RULE);
    assert_int_equal(check("//p[1", " or 1", 5000, "]"), DH_ERR_RULE);
    assert_int_equal(check("//p[1", " = 1", 20, "]"), DH_OK);
    assert_int_equal(check("//p[1", " = 1", 900, "]"), DH_ERR_RULE);
    assert_int_equal(check("//p['", "x", 20000, "']"), DH_ERR_RULE);
    assert_int_equal(check("//p['", "x", 10000, "']"), DH_OK);
    assert_int_equal(check("//p", "[a", 30, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), DH_OK);
    assert_int_equal(check("//p", "[a", 40, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), DH_ERR_RULE);
    static const char nul[] = "//p[\0]";
    assert_int_equal(dh_xpath_check(dh_slice_make(nul, sizeof nul - 1), NULL), DH_ERR_RULE);
}

/* The deepest expressions that are let through, on a deep page. */
static void deep(void **state) {
    (void)state;
    dh_buf html, text;
    dh_buf_init(&html, NULL, 0);
    dh_buf_init(&text, NULL, 0);
    for (int i = 0; i < 3000; i++) dh_buf_puts(&html, "<div>x");
    page p;
    open_page(&p, dh_buf_cstr(&html));
    dh_buf_puts(&text, "//div");
    for (int i = 0; i < 900; i++) dh_buf_puts(&text, "/..");
    dh_css *css;
    assert_int_equal(dh_css_compile(dh_buf_slice(&text), &p.arena, NULL, NULL, &css, NULL),
                     DH_ERR_RULE);
    text.len -= 900;
    assert_int_equal(dh_css_compile(dh_buf_slice(&text), &p.arena, NULL, NULL, &css, NULL), DH_OK);
    dh_node_list found = {0};
    dh_css_select(css, &p.context, 0, &found);
    assert_int_equal(found.len, 0);
    assert_false(p.context.limited);
    dh_buf_release(&html);
    dh_buf_release(&text);
    close_page(&p);
}

/* What is compiled instead of an expression: programs of steps, then the expression itself. */
static void bound(void **state) {
    (void)state;
    static const struct {
        const char *expression, *want;
    } rows[] = {
        {"//p[ @class ]", "(//p[@class])"},
        {"//a/b/@c", "(//a/b/@c)"},
        {".//p", "(.//p)"},
        {"../..//p", "(../..//p)"},
        {"//a//p[1]", "(.//p[1]) (dh-step(//a,1))"},
        {"//a/../b | c", "(..) (b) (dh-union(dh-step(//a,1,2),c))"},
        {"//a[b/ancestor::c[d/..]]//@e",
         "(..) (ancestor::c[dh-step(d,1)]) (descendant-or-self::node()) (@e) "
         "(dh-step(//a[dh-step(b,2)],3,4))"},
        {"//..", "(..) (dh-step(/descendant-or-self::node(),1))"},
        {"a or b and c = d != e", "(a or b and dh-ne(dh-eq(c,d),e))"},
        {"a<b<=c>d>=e", "(dh-ge(dh-gt(dh-le(dh-lt(a,b),c),d),e))"},
        {"a - -b*2", "(number(a) - number(number(-number(b)) * 2))"},
        {"a-b - c.d", "(number(a-b) - number(c.d))"},
        {"* * * mod div", "(number(*) * number(*) mod number(div))"},
        {"* * mod div div", "(number(*) * number(mod) div number(div))"},
        {"concat('a = b',\"|\",text())", "(concat('a = b',\"|\",text()))"},
        {"(a)[1]/b", "((a)[1]/b)"},
        {"id('x')/child::node()/self::text()", "(id('x')/child::node()/self::text())"},
        {"/", "(/)"},
        {"a b", NULL},
        {"a[", NULL},
        {"f(a", NULL},
        {"@", NULL},
        {"a::", NULL},
        {"a |", NULL},
        {"'a", "('a)"}, /* libxml2's to refuse */
    };
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_xpath_bound made;
        bool good = dh_xpath_bound_make(dh_slice_cstr(rows[i].expression), &made);
        for (size_t k = 0; k + 1 < made.text.len; k++)
            if (made.text.ptr[k] == 0) made.text.ptr[k] = ' ';
        const char *text = good ? dh_buf_cstr(&made.text) : "(none)";
        if (strcmp(text, rows[i].want != NULL ? rows[i].want : "(none)") != 0) {
            fprintf(stderr, "%s: %s\n", rows[i].expression, text);
            bad++;
        }
        dh_buf_release(&made.text);
    }
    assert_int_equal(bad, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),          cmocka_unit_test(cache_is_reused),
        cmocka_unit_test(without_cache),   cmocka_unit_test(steps_end_it),
        cmocka_unit_test(memory_runs_out), cmocka_unit_test(ceilings),
        cmocka_unit_test(deep),            cmocka_unit_test(bound),
        cmocka_unit_test(failed_ones_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
