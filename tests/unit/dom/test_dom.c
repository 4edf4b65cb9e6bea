/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of small pages, written as name[attrs](children) and "text"; limits; broken markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "dom/dom.h"

typedef struct fixture {
    dh_arena arena;
    dh_limits limits;
    dh_dom dom;
} fixture;

static int setup(void **state) {
    static fixture f;
    dh_arena_init(&f.arena, 0);
    f.limits = dh_limits_default();
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    dh_arena_release(&((fixture *)*state)->arena);
    return 0;
}

static void parse(fixture *f, const char *html) {
    dh_arena_reset(&f->arena);
    dh_slice page = dh_arena_dup(&f->arena, dh_slice_cstr(html));
    assert_int_equal(dh_dom_parse(&f->dom, page, &f->limits, &f->arena, NULL), DH_OK);
}

/* The children of body in one line. */
static const char *body_of(fixture *f) {
    static dh_buf out;
    dh_dom *dom = &f->dom;
    dh_buf_init(&out, &f->arena, 0);
    uint32_t body = dh_dom_find(dom, 0, DH_TAG_body);
    assert_int_not_equal(body, DH_NO_NODE);
    uint16_t base = dom->nodes[body].depth, depth = base;
    for (uint32_t id = body + 1; id < dom->nodes[body].end; id++) {
        const dh_node *n = &dom->nodes[id];
        for (; depth > n->depth; depth--) dh_buf_putc(&out, ')');
        if (n->depth > depth) {
            if (depth > base) dh_buf_putc(&out, '(');
            depth = n->depth;
        } else if (out.len > 0) {
            dh_buf_putc(&out, ' ');
        }
        if (n->tag == DH_TAG_TEXT) {
            dh_buf_putc(&out, '"');
            dh_buf_put_slice(&out, dh_dom_text(dom, id));
            dh_buf_putc(&out, '"');
            continue;
        }
        dh_buf_put_slice(&out, dh_dom_name(dom, id));
        uint32_t count;
        const dh_attr *attrs = dh_dom_attrs(dom, id, &count);
        for (uint32_t i = 0; i < count; i++) {
            dh_buf_putc(&out, i == 0 ? '[' : ' ');
            dh_buf_put_slice(&out, attrs[i].name);
            dh_buf_putc(&out, '=');
            dh_buf_put_slice(&out, attrs[i].value);
        }
        if (count > 0) dh_buf_putc(&out, ']');
    }
    for (; depth > base + 1; depth--) dh_buf_putc(&out, ')');
    return dh_buf_cstr(&out);
}

static const struct {
    const char *html, *want;
} trees[] = {
    {"", ""},
    {"plain", "\"plain\""},
    {"<p>a<p>b", "p(\"a\") p(\"b\")"},
    {"<p>a &amp; b &lt;i&gt; &#x41;&#66; &hellip; &nosuch; &copy", "p(\"a & b <i> AB \xE2\x80\xA6 &nosuch; \xC2\xA9\")"},
    /* Numbers that overflow, or are no characters */
    {"<p title=&#4294967361;>&#4294967361;&#x100000041;&#99999999999999999999;&#xD800;&#x110000;&#65",
     "p[title=\xEF\xBF\xBD](\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" "A\")"},
    {"<a href=\"?a=1&copy=2&amp;b\">x</a>", "a[href=?a=1&copy=2&b](\"x\")"},
    {"<a href='?&amp&lt=1&copy;x&notit;&gt&ampb&lt;&am;'>&notit;&ampb;&gt</a>",
     "a[href=?&&lt=1\xC2\xA9x&notit;>&ampb<&am;](\"\xC2\xACit;&b;>\")"},
    {"<div CLASS='A b' id=c data-x>t</div>", "div[class=A b id=c data-x=](\"t\")"},
    {"<div class=a class=b>", "div[class=a]"},
    {"<div title='a>b'>x</div>", "div[title=a>b](\"x\")"},
    {"<p>1 < 2 and 3<4</p>", "p(\"1 < 2 and 3<4\")"},
    {"a<!-- <p>no</p> -->b", "\"ab\""},
    {"a<!-->b", "\"ab\""},
    {"a<!-- x --!>b", "\"ab\""},
    {"<p>x<!-- never closed <p>y", "p(\"x\")"},
    {"<?xml version='1.0'?><p>x", "p(\"x\")"},
    {"<![CDATA[x]]>y", "\"y\""},
    {"<body><script>if (a < b) '</p>'</script>x", "script(\"if (a < b) '</p>'\") \"x\""},
    {"<p><script><!-- <script> </script> --></script>x", "p(script(\"<!-- <script> </script> -->\") \"x\")"},
    {"<p><script><!-- <script> </script> x", "p(script(\"<!-- <script> \") \" x\")"},
    {"<body><style>p>b{}</style>x", "style(\"p>b{}\") \"x\""},
    {"<iframe><p>no</iframe>x", "iframe(\"<p>no\") \"x\""},
    {"<textarea><p>&lt;</textarea>x", "textarea(\"<p><\") \"x\""},
    {"<p>a<svg><title>t</title><path d='x>y'/></svg>b", "p(\"a\" svg \"b\")"},
    {"<p>a<svg><g><p>b", "p(\"a\" svg) p(\"b\")"},
    {"<p>a<svg><path>b</p>c", "p(\"a\" svg) \"c\""},
    {"<p>a<svg><path>b", "p(\"a\" svg path(\"b\"))"},
    {"<math><mi>x</mi><mspace/><mo>=</mo></math>y", "math(mi(\"x\") mspace mo(\"=\")) \"y\""},
    /* 38 bytes that make libgumbo 0.10 abort when it is fed them as they are */
    {"<table><svg><select><desc><select><th>", "svg select table(tbody(tr(th)))"},
    {"<b>1<p>2</b>3", "b(\"1\") p(b(\"2\") \"3\")"},
    {"<b class=x><i class=y>a</b>b</i>", "b[class=x](i[class=y](\"a\")) i[class=y](\"b\")"},
    {"<table><tr><td>a<td>b<tr>out<td>c</table>", "\"out\" table(tbody(tr(td(\"a\") td(\"b\")) tr(td(\"c\"))))"},
    {"<ul><li>a<li>b<ul><li>c</ul></ul>", "ul(li(\"a\") li(\"b\" ul(li(\"c\"))))"},
    {"<pre>\n x\n  y</pre>", "pre(\" x\n  y\")"},
    {"<plaintext><p>x", "plaintext(\"<p>x\")"},
    {"<My-Widget Foo=Bar>x</my-widget>", "my-widget[foo=Bar](\"x\")"},
    {"<image src=x>", "img[src=x]"},
    {"<p>x<div", "p(\"x\")"},
    {"<p>x</", "p(\"x</\")"},
    {"<p>x<", "p(\"x<\")"},
    {"<select><option>a<option>b</select>c", "select(option(\"a\") option(\"b\")) \"c\""},
};

static void test_trees(void **state) {
    int wrong = 0;
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        parse(*state, trees[i].html);
        const char *got = body_of(*state);
        if (strcmp(got, trees[i].want) != 0) {
            print_error("%s\n  want %s\n  got  %s\n", trees[i].html, trees[i].want, got);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_source_spans(void **state) {
    fixture *f = *state;
    const char *html = "<html><body><p class=a>one <b>two</b></p>";
    parse(f, html);
    uint32_t p = dh_dom_find(&f->dom, 0, DH_TAG_p);
    const dh_node *node = &f->dom.nodes[p];
    assert_memory_equal(html + node->src_begin, "<p class=a>", node->src_end - node->src_begin);
    uint32_t text = dh_dom_first(&f->dom, p);
    node = &f->dom.nodes[text];
    assert_int_equal(node->src_end - node->src_begin, 4);
    assert_memory_equal(html + node->src_begin, "one ", 4);
    assert_string_equal(dh_arena_dup(&f->arena, dh_dom_path(&f->dom, p)).ptr, "html > body > p.a");
}

static char *repeat(fixture *f, const char *unit, size_t times, const char *tail) {
    dh_buf out;
    dh_buf_init(&out, &f->arena, 0);
    for (size_t i = 0; i < times; i++) dh_buf_puts(&out, unit);
    dh_buf_puts(&out, tail);
    dh_buf_cstr(&out);
    return out.ptr;
}

/* Deep and misnested pages keep their text, stay within the limit and say so. */
static void test_depth(void **state) {
    fixture *f = *state;
    static const char *const units[] = {"<div>",        "<span>",       "<b><div></b>", "<ul><li>",
                                        "<a><div></a>", "<x-y>",        "<font color=1>",
                                        "<table><td>",  "<div></p>",    "<blockquote><p>"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        dh_arena arena;
        dh_arena_init(&arena, 0);
        fixture local = {.limits = f->limits};
        local.arena = arena;
        dh_slice page = dh_slice_cstr(repeat(&local, units[i], 100000, "needle"));
        assert_int_equal(dh_dom_parse(&local.dom, page, &local.limits, &local.arena, NULL), DH_OK);
        uint16_t deepest = 0;
        bool found = false;
        for (uint32_t id = 0; id < local.dom.len; id++) {
            if (local.dom.nodes[id].depth > deepest) deepest = local.dom.nodes[id].depth;
            if (local.dom.nodes[id].tag == DH_TAG_TEXT &&
                dh_slice_has(dh_dom_text(&local.dom, id), DH_SLICE("needle")))
                found = true;
        }
        assert_true(found);
        assert_true(deepest <= 700);
        assert_int_not_equal(local.dom.limited, DH_LIMIT_NONE);
        dh_arena_release(&local.arena);
    }
}

static void test_flat_pages_are_not_limited(void **state) {
    fixture *f = *state;
    static const char *const units[] = {"<p>x", "<li>x", "<br>", "<p><b>x</b>", "<td>x", "<option>x",
                                        "<a href=1>x", "<dt>x<dd>y", "<h2>x</h2>", "<tr><td>x"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        fixture local = {.limits = f->limits};
        dh_arena_init(&local.arena, 0);
        dh_slice page = dh_slice_cstr(repeat(&local, units[i], 20000, ""));
        assert_int_equal(dh_dom_parse(&local.dom, page, &local.limits, &local.arena, NULL), DH_OK);
        assert_int_equal(local.dom.limited, DH_LIMIT_NONE);
        dh_arena_release(&local.arena);
    }
}

static void test_node_limit(void **state) {
    fixture *f = *state;
    f->limits.nodes = 1000;
    dh_slice page = dh_slice_cstr(repeat(f, "<p>x</p>", 5000, ""));
    assert_int_equal(dh_dom_parse(&f->dom, page, &f->limits, &f->arena, NULL), DH_OK);
    assert_int_equal(f->dom.limited, DH_LIMIT_nodes);
    assert_true(f->dom.limit_kept < page.len && f->dom.limit_kept > 1000);
    f->limits = dh_limits_default();
}

static void test_attribute_limit(void **state) {
    fixture *f = *state;
    dh_buf html;
    dh_buf_init(&html, NULL, 0);
    dh_buf_puts(&html, "<p");
    for (int i = 0; i < 2000; i++) dh_buf_printf(&html, " a%d=1", i);
    dh_buf_puts(&html, ">x");
    parse(f, dh_buf_cstr(&html));
    dh_buf_release(&html);
    uint32_t n;
    dh_dom_attrs(&f->dom, dh_dom_find(&f->dom, 0, DH_TAG_p), &n);
    assert_int_equal(n, 512);
    assert_int_equal(f->dom.limited, DH_LIMIT_attributes);
}

/* More runs of text than one placeholder character can number. */
static void test_many_runs(void **state) {
    fixture *f = *state;
    enum { RUNS = 200000 };
    dh_buf html;
    dh_buf_init(&html, NULL, 0);
    for (int i = 0; i < RUNS; i++) dh_buf_printf(&html, "<i>%d</i>", i);
    parse(f, dh_buf_cstr(&html));
    dh_buf_release(&html);
    int seen = 0;
    char want[16];
    for (uint32_t id = 0; id < f->dom.len; id++) {
        if (f->dom.nodes[id].tag != DH_TAG_TEXT) continue;
        snprintf(want, sizeof want, "%d", seen++);
        assert_true(dh_slice_eq(dh_dom_text(&f->dom, id), dh_slice_cstr(want)));
    }
    assert_int_equal(seen, RUNS);
}

/* A page over its memory leaves through the guard, at whichever allocation that happens. */
static void test_memory_runs_out(void **state) {
    (void)state;
    dh_limits limits = dh_limits_default();
    volatile int failed = 0, passed = 0;
    fixture text = {.limits = limits};
    dh_arena_init(&text.arena, 0);
    dh_slice page = dh_slice_cstr(repeat(&text, "<div class=a>x &amp; y<p>z</p></div>", 3000, ""));
    for (size_t max = 1024; max < 16u << 20; max += max / 2) {
        dh_arena arena;
        dh_arena_init(&arena, max);
        dh_dom dom;
        jmp_buf guard;
        if (dh_arena_guard(&arena, &guard)) {
            assert_int_equal(arena.failure, DH_ERR_LIMIT);
            failed++;
        } else {
            assert_int_equal(dh_dom_parse(&dom, page, &limits, &arena, NULL), DH_OK);
            passed++;
        }
        arena.guard = NULL;
        dh_arena_release(&arena);
    }
    dh_arena_release(&text.arena);
    assert_true(failed > 0 && passed > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trees, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source_spans, setup, teardown),
        cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flat_pages_are_not_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(test_node_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_attribute_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_runs, setup, teardown),
        cmocka_unit_test(test_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
