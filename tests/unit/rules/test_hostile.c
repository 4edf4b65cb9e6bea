/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that would do harm: refused when they are read, with the line named, or bounded on the page,
 * with the line named; and the page is cleaned all the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "dehusk/dehusk.h"
#include "dehusk/page.h"
#include "rules/rules_private.h"

static const char story[] =
    "<title>Ferry strike</title><body><nav><a href=/>Home</a><a href=/n>News</a></nav><main><h1>Ferry strike</h1>"
    "<p class=a>Dock workers walked out again on Tuesday, and no ferry left the harbour before noon.</p>"
    "<p class=b>The mayor asked both sides to keep calm until the talks resume on Thursday morning.</p>"
    "<p class=c>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!</p>"
    "</main></body>";

typedef struct bench {
    dh_arena arena;
    dh_rule_set *set;
    dehusk_engine engine;
    dehusk_page *page;
    dh_error error;
} bench;

static void open_bench(bench *b) {
    *b = (bench){0};
    dh_arena_init(&b->arena, 0);
    b->set = dh_rules_new(&b->arena);
    b->engine.rules = b->set;
    b->engine.lexicon = dh_lexicon_new(&b->arena);
    b->page = dehusk_page_new(&b->engine);
    assert_non_null(b->page);
}

static void close_bench(bench *b) {
    dehusk_page_free(b->page);
    dh_rules_release(b->set);
    dh_arena_release(&b->arena);
}

static dh_status add(bench *b, const char *name, const char *text) {
    dh_slice copy = dh_arena_dup(&b->arena, dh_slice_cstr(text));
    return dh_rules_add(b->set, dh_slice_cstr(name), name, copy, &b->error);
}

/* The text of the cleaned page. */
static const char *clean(bench *b, const char *html) {
    dehusk_input input = {.bytes = {html, strlen(html)}, .url = "https://x.example/a"};
    dehusk_error error;
    dehusk_bytes out;
    assert_int_equal(dehusk_page_clean(b->page, &input, NULL, &error), DEHUSK_OK);
    assert_int_equal(dehusk_page_write(b->page, "txt", &out, &error), DEHUSK_OK);
    return dh_arena_dup(&b->arena, dh_slice_make(out.data, out.len)).ptr;
}

typedef struct bounded {
    const char *rules, *refused, *stays, *goes;
} bounded;

static const bounded bounded_rows[] = {
    /* would take everything */
    {"remove: *", "rules/x.rules:2 (100 %)", "Dock workers", NULL},
    {"remove: p, h1", "rules/x.rules:2 (", "Dock workers", NULL},
    {"remove: //body", "rules/x.rules:2 (100 %)", "Dock workers", NULL},
    {"remove: xpath: //node()", "rules/x.rules:2 (100 %)", "Dock workers", NULL},
    {"remove: xpath: true()", "rules/x.rules:2 (100 %)", "Dock workers", NULL},
    {"cut after: h1", "rules/x.rules:2", "Dock workers", NULL},
    {"cut before: .c", "rules/x.rules:2", "Dock workers", NULL},
    /* regular expressions that never end */
    {"remove line: /(a+)+$/", "rules/x.rules:2 (regular expression too slow)", "Dock workers", NULL},
    {"remove line: \"x\" or /(a|a)*z/", "rules/x.rules:2 (regular expression too slow)",
     "Dock workers", NULL},
    {"replace: /(a|aa)+$/ => \"b\"", "rules/x.rules:2 (regular expression too slow)",
     "Dock workers", NULL},
    {"remove: p:has-text(/(a*)*z/)", "rules/x.rules:2 (regular expression too slow)",
     "Dock workers", NULL},
    {"title: .c | drop /(a+)+b/", "rules/x.rules:2 (regular expression too slow)", "Dock", NULL},
    {"remove: .b\nremove line: /(a+)+$/\nremove: nav", "rules/x.rules:3 (regular expression too slow)",
     "Dock workers", "mayor"},
    /* contradictions: keep wins, the rest adds up */
    {"remove: .a\nkeep: .a", "", "Dock workers", NULL},
    {"keep: .a\nremove: .a", "", "Dock workers", NULL},
    {"article: main\nremove: main", "rules/x.rules:3 (100 %)", "Dock workers", "Home"},
    {"article: .a\narticle: .b", "", "Dock workers", "mayor"},
    {"heuristics: on\nheuristics: off\narticle: .a", "", "Dock workers", "mayor"},
    {"remove line: \"Dock workers*\"\nkeep: \"Dock workers*\"", "", "Dock workers", NULL},
    {"article: .none\nparagraphs: .none\nremove: .none", "", "Dock workers", NULL},
};

static void bounds(void **state) {
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof bounded_rows / sizeof *bounded_rows; i++) {
        const bounded *row = &bounded_rows[i];
        bench b;
        open_bench(&b);
        char text[400];
        snprintf(text, sizeof text, "site: x.example\n%s\n", row->rules);
        if (add(&b, "x.rules", text) != DH_OK) fail_msg("%s: %s", row->rules, b.error.message);
        assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
        const char *out = clean(&b, story);
        dh_slice refused = b.page->outcome.refused;
        bool good = row->refused[0] == 0 ? refused.len == 0
                                         : dh_slice_has(refused, dh_slice_cstr(row->refused));
        good = good && strstr(out, row->stays) != NULL;
        good = good && (row->goes == NULL || strstr(out, row->goes) == NULL);
        if (!good) {
            fprintf(stderr, "%s\n  refused: %.*s\n  %s\n", row->rules, (int)refused.len,
                    refused.ptr, out);
            bad++;
        }
        close_bench(&b);
    }
    assert_int_equal(bad, 0);
}

/* Selectors whose cost grows with the cube of the page: the steps end, the line is named. */
static void steps_end(void **state) {
    (void)state;
    static const char *const rows[] = {
        "remove: //*[count(//*[count(//*) > 0]) = 0]",
        "remove: xpath: //p[count(//p[count(//p) > 0]) = 0]",
        "remove: div:has(~ .none)",
        "title: //*[count(//*[count(//*) > 0]) = 0]/@id",
        "remove: p:xpath(//p[count(//p) = 0])",
    };
    dh_buf page;
    dh_buf_init(&page, NULL, 0);
    dh_buf_puts(&page, story);
    for (int i = 0; i < 1500; i++) dh_buf_puts(&page, "<div><p>Text <b>and</b> more.</p></div>");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;
        open_bench(&b);
        dehusk_page_set_limit(b.page, "rule-steps", 500000);
        char text[400];
        snprintf(text, sizeof text, "site: x.example\nremove: .b\n%s\n", rows[i]);
        if (add(&b, "x.rules", text) != DH_OK) fail_msg("%s: %s", rows[i], b.error.message);
        assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
        const char *out = clean(&b, dh_buf_cstr(&page));
        if (!b.page->outcome.limited) fail_msg("%s: not limited", rows[i]);
        if (!dh_slice_has(b.page->outcome.refused, DH_SLICE("rules/x.rules:3 (rule steps used up)")))
            fail_msg("%s: %.*s", rows[i], (int)b.page->outcome.refused.len,
                     b.page->outcome.refused.ptr);
        assert_non_null(strstr(out, "Dock workers"));
        close_bench(&b);
    }
    dh_buf_release(&page);
}

static void loops(void **state) {
    (void)state;
    static const struct {
        const char *a, *b, *file;
        uint32_t line;
    } rows[] = {
        {"site: a.example\ninherits: a\n", "site: b.example\n", "a.rules", 2},
        {"site: a.example\n\ninherits: b\n", "inherits: a\n", "b.rules", 1},
        {"inherits: b\nremove: .x\n", "# b\nremove: .y\ninherits: b, a\n", "b.rules", 3},
        {"inherits: c\n", "site: b.example\n", "a.rules", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;
        open_bench(&b);
        assert_int_equal(add(&b, "a.rules", rows[i].a), DH_OK);
        assert_int_equal(add(&b, "b.rules", rows[i].b), DH_OK);
        assert_int_equal(dh_rules_finish(b.set, &b.error), DH_ERR_RULE);
        assert_string_equal(b.error.file, rows[i].file);
        assert_int_equal(b.error.line, rows[i].line);
        close_bench(&b);
    }
}

/* Values of 10,000 parts: refused, and the line is named. */
static void long_values(void **state) {
    (void)state;
    static const struct {
        const char *begin, *part, *end;
    } rows[] = {
        {"remove: a", " > a", ""},         {"remove: a", ":not(b)", ""},
        {"remove: :is(a", ", a", ")"},     {"remove: //a", "/a", ""},
        {"remove: //a", " | //a", ""},     {"remove: //a[b", " or b", "]"},
        {"title: (//a)", "[1]", ""},       {"remove: a:xpath(b", "/b", ")"},
        {"remove: xpath: ", "not(", "a"},  {"remove: a", ":upward(1)", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;
        open_bench(&b);
        dh_buf text;
        dh_buf_init(&text, NULL, 0);
        dh_buf_printf(&text, "site: x.example\n\n%s", rows[i].begin);
        for (int k = 0; k < 10000; k++) dh_buf_puts(&text, rows[i].part);
        dh_buf_puts(&text, rows[i].end);
        dh_status status = add(&b, "x.rules", dh_buf_cstr(&text));
        if (status != DH_ERR_RULE || b.error.line != 3)
            fail_msg("%s...: status %d, line %u", rows[i].begin, (int)status,
                     (unsigned)b.error.line);
        dh_buf_release(&text);
        close_bench(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds),
        cmocka_unit_test(steps_end),
        cmocka_unit_test(loops),
        cmocka_unit_test(long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
