/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files that are odd, huge or broken on purpose: refused with the place named, or bounded. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "rules/rules_private.h"

typedef struct bench {
    dh_arena arena;
    dh_rule_set *set;
    dh_regex_cache *regexes;
    dh_error error;
} bench;

static void open_bench(bench *b) {
    *b = (bench){0};
    dh_arena_init(&b->arena, 0);
    b->set = dh_rules_new(&b->arena);
    b->regexes = dh_regex_cache_new(1000);
}

static void close_bench(bench *b) {
    dh_rules_release(b->set);
    dh_regex_cache_free(b->regexes);
    dh_arena_release(&b->arena);
}

static dh_status add(bench *b, const char *name, dh_slice text) {
    return dh_rules_add(b->set, dh_slice_cstr(name), name, text, &b->error);
}

static void bytes_around_lines(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    assert_int_equal(add(&b, "bom.rules", DH_SLICE("\xEF\xBB\xBFsite: a.example\r\nremove: .x\r\n")),
                     DH_OK);
    const dh_rule_file *file = b.set->files.ptr[0];
    assert_int_equal(file->lines.len, 2);
    assert_true(dh_slice_eq(file->lines.ptr[1].text, DH_SLICE(".x")));
    assert_int_equal(add(&b, "empty.rules", DH_SLICE("")), DH_OK);
    assert_int_equal(add(&b, "null.rules", (dh_slice){0}), DH_OK);
    assert_int_equal(add(&b, "cr.rules", DH_SLICE("\n\r\n \n#\n")), DH_OK);
    assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
    close_bench(&b);
}

static void not_utf8(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    assert_int_equal(add(&b, "a.rules", DH_SLICE("site: a.example\nremove line: \"\xC3\xA9\xFF\"\n")),
                     DH_ERR_RULE);
    assert_int_equal(b.error.line, 2);
    assert_int_equal(b.error.column, 16);
    assert_non_null(strstr(b.error.message, "UTF-8"));
    assert_string_equal(b.error.file, "a.rules");
    close_bench(&b);
}

static void nul_bytes(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    assert_int_equal(add(&b, "a.rules", DH_SLICE("remove: .a\0b")), DH_ERR_RULE);
    assert_int_equal(add(&b, "b.rules", DH_SLICE("rem\0ove: .a")), DH_ERR_RULE);
    assert_int_equal(b.error.line, 1);
    close_bench(&b);
}

/* Ten megabytes of good lines: refused at the line where the ceiling is passed. */
static void huge_file(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    while (text.len < 10u << 20) dh_buf_puts(&text, "# nothing but a comment, again and again\n");
    assert_int_equal(add(&b, "a.rules", dh_buf_slice(&text)), DH_ERR_RULE);
    assert_in_range(b.error.line, DH_RULE_MAX_BYTES / 41, DH_RULE_MAX_BYTES / 41 + 2);
    assert_non_null(strstr(b.error.message, "bytes long"));
    dh_buf_release(&text);
    close_bench(&b);
}

/* A selector of 10,000 parts, brackets a thousand deep, a phrase of 100,000 characters. */
static void huge_values(void **state) {
    (void)state;
    static const struct {
        const char *before, *piece, *after;
        int n;
        dh_status status;
    } rows[] = {
        {"remove: a", " a", "", 10000, DH_ERR_RULE},
        {"remove: a", ", a", "", 10000, DH_ERR_RULE},
        {"remove: a", ".b", "", 10000, DH_ERR_RULE},
        {"remove: a", ":not(a", "", 1000, DH_ERR_RULE},
        {"remove: ", "(", "", 100000, DH_ERR_RULE},
        {"remove: ", "\\", "", 100000, DH_OK},
        {"remove: ", "\"", "", 99999, DH_ERR_RULE},
        {"remove line: \"", "word ", "\"", 20000, DH_OK},
        {"remove line: \"", "*a", "\"", 20000, DH_OK},
        {"remove line: \"a\"", " or \"a\"", "", 5000, DH_OK},
        {"site: a.example", ", b.example", "", 20000, DH_OK},
        {"title: a", " | drop \"x\"", "", 5000, DH_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;
        open_bench(&b);
        dh_buf text;
        dh_buf_init(&text, NULL, 0);
        dh_buf_puts(&text, rows[i].before);
        for (int k = 0; k < rows[i].n; k++) dh_buf_puts(&text, rows[i].piece);
        dh_buf_puts(&text, rows[i].after);
        dh_status status = add(&b, "a.rules", dh_buf_slice(&text));
        if (status != rows[i].status) fail_msg("%s...: %d", rows[i].before, (int)status);
        if (status == DH_ERR_RULE) assert_int_equal(b.error.line, 1);
        dh_buf_release(&text);
        close_bench(&b);
    }
}

static void deep_inheritance(void **state) {
    (void)state;
    for (int depth = DH_RULE_MAX_INHERIT; depth <= DH_RULE_MAX_INHERIT + 1; depth++) {
        bench b;
        open_bench(&b);
        static char texts[32][32], names[32][32];
        for (int i = 0; i <= depth; i++) {
            snprintf(names[i], sizeof names[i], "f%d.rules", i);
            snprintf(texts[i], sizeof texts[i], i < depth ? "inherits: f%d" : "remove: .x%d", i + 1);
            assert_int_equal(add(&b, names[i], dh_slice_cstr(texts[i])), DH_OK);
        }
        assert_int_equal(dh_rules_finish(b.set, &b.error),
                         depth <= DH_RULE_MAX_INHERIT ? DH_OK : DH_ERR_RULE);
        if (depth <= DH_RULE_MAX_INHERIT) assert_int_equal(b.set->files.ptr[0]->merged.len, 1);
        close_bench(&b);
    }
}

static const char sample[] =
    "# unverified\n"
    "site: x.example, =y.example\nnot on: /a/**, z.example\non path: /**\nvalid from: 2020-01-01\n"
    "when html: meta[name=\"generator\"]\nwhen text: \"a\" and \"b*\" or /c/\n"
    "article: main .story:not(:has(> .x))\ntitle: h1 @title | drop \"x\" | match /(y+)/\n"
    "remove: p:has-text(/^Ad/i):upward(2) > li:nth-child(2n+1 of .z), [a~='b' i]\n"
    "remove block: \"Most\" or \"Re\\\"lated\" | at most 3\ncut after: \"Follow\"\ncut before: .x\n"
    "remove line: \"S*p\" or /x|y/\nreplace: /(a)b/ => \"$1\"\nkeep: \"k\"\nskip if: .s\n"
    "heuristics: on\ntest: a\n  has: b\n";

static uint32_t random_next(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void apply_to_page(bench *b) {
    static const char page[] = "<html><head><meta name=generator><title>x</title></head><body>"
                               "<main><div class=story><h1 title=yy>T</h1><p>Ad one</p><p>ab</p>"
                               "<ul><li class=z>1<li>2</ul><p>Most</p><p>S p</p></div></main>";
    dh_limits limits = dh_limits_default();
    dh_dom dom;
    dh_blocks blocks;
    dh_marks marks;
    dh_fields fields;
    limits.rule_steps = 100000;
    dh_slice bytes = dh_arena_dup(&b->arena, dh_slice_cstr(page));
    if (dh_dom_parse(&dom, bytes, &limits, &b->arena, NULL) != DH_OK) return;
    dh_blocks_of_dom(&blocks, &dom, &limits, &b->arena);
    dh_marks_init(&marks, &b->arena);
    dh_fields_init(&fields, &b->arena);
    dh_rule_page rule_page = {.dom = &dom,
                              .blocks = &blocks,
                              .url = DH_SLICE("https://x.example/a"),
                              .regexes = b->regexes,
                              .arena = &b->arena,
                              .limits = &limits,
                              .marks = &marks,
                              .fields = &fields};
    (void)dh_rules_apply(b->set, &rule_page);
    for (uint32_t i = 0; i < marks.len; i++) {
        assert_in_range(marks.ptr[i].block, 0, blocks.len - 1);
        assert_true(marks.ptr[i].end == DH_WHOLE ||
                    (marks.ptr[i].begin <= marks.ptr[i].end &&
                     marks.ptr[i].end <= blocks.ptr[marks.ptr[i].block].text.len));
    }
}

/* Bytes exchanged, cut out and doubled: refused with a line of the file, or applied; never a crash. */
static void mutations(void **state) {
    (void)state;
    static const char bytes[] = "\"'/*\\()[]:.#@|, >+~=$^\n-0a\xC3\xA9";
    uint32_t seed = 42, refused = 0, applied = 0;
    for (int round = 0; round < 1500; round++) {
        char text[sizeof sample + 8];
        size_t len = sizeof sample - 1;
        memcpy(text, sample, len);
        for (uint32_t k = 0; k < 1 + random_next(&seed) % 3; k++) {
            size_t at = random_next(&seed) % len;
            if (random_next(&seed) % 4 == 0) {
                memmove(text + at, text + at + 1, len - at - 1);
                len--;
            } else {
                text[at] = bytes[random_next(&seed) % (sizeof bytes - 1)];
            }
        }
        bench b;
        open_bench(&b);
        dh_status status = add(&b, "m.rules", dh_slice_make(text, len));
        if (status == DH_OK) status = dh_rules_finish(b.set, &b.error);
        if (status == DH_OK) {
            apply_to_page(&b);
            applied++;
        } else {
            assert_int_equal(status, DH_ERR_RULE);
            assert_in_range(b.error.line, 1, 30);
            assert_true(b.error.message[0] != 0);
            refused++;
        }
        close_bench(&b);
    }
    assert_true(refused > 100);
    assert_true(applied > 100);
}

/* The page's memory ends anywhere: no leak, no crash (ASan looks). */
static void memory_ends(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    assert_int_equal(add(&b, "m.rules", dh_slice_cstr(sample)), DH_OK);
    assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
    dh_arena engine = b.arena;
    volatile uint32_t failed = 0;
    for (volatile size_t max = 4096; max < 4u << 20; max += max / 4) {
        jmp_buf guard;
        dh_arena_init(&b.arena, max);
        if (dh_arena_guard(&b.arena, &guard)) failed++;
        else apply_to_page(&b);
        dh_arena_release(&b.arena);
    }
    assert_true(failed > 0);
    b.arena = engine;
    close_bench(&b);
}

/* So does the engine's. */
static void engine_memory_ends(void **state) {
    (void)state;
    volatile uint32_t failed = 0;
    for (volatile size_t max = 65536; max < 4u << 20; max += 65536) {
        static bench b; /* kept over the jump */
        jmp_buf guard;
        b = (bench){0};
        dh_arena_init(&b.arena, max);
        if (dh_arena_guard(&b.arena, &guard)) {
            failed++;
        } else {
            b.set = dh_rules_new(&b.arena);
            for (int i = 0; i < 40; i++) {
                char *name = dh_arena_alloc(&b.arena, 32);
                snprintf(name, 32, "%d.rules", i);
                assert_int_equal(add(&b, name, dh_slice_cstr(sample)), DH_OK);
            }
            assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
        }
        if (b.set != NULL) dh_rules_release(b.set);
        dh_arena_release(&b.arena);
    }
    assert_true(failed > 0);
}

/* Steps that a page's rules may take. */
static void steps_are_limited(void **state) {
    (void)state;
    bench b;
    open_bench(&b);
    assert_int_equal(
        add(&b, "a.rules", DH_SLICE("site: x.example\nremove: div:has(div:has(div:has(i))), p")),
        DH_OK);
    assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
    dh_buf text;
    dh_buf_init(&text, &b.arena, 0);
    for (int i = 0; i < 200; i++) dh_buf_puts(&text, "<div><b>x</b>");
    dh_limits limits = dh_limits_default();
    limits.rule_steps = 20000;
    dh_dom dom;
    dh_blocks blocks;
    dh_marks marks;
    dh_fields fields;
    (void)dh_buf_cstr(&text);
    assert_int_equal(dh_dom_parse(&dom, dh_buf_slice(&text), &limits, &b.arena, NULL), DH_OK);
    dh_blocks_of_dom(&blocks, &dom, &limits, &b.arena);
    dh_marks_init(&marks, &b.arena);
    dh_fields_init(&fields, &b.arena);
    dh_rule_page page = {.dom = &dom,
                         .blocks = &blocks,
                         .url = DH_SLICE("https://x.example/a"),
                         .regexes = b.regexes,
                         .arena = &b.arena,
                         .limits = &limits,
                         .marks = &marks,
                         .fields = &fields};
    assert_true(dh_rules_apply(b.set, &page).limited);
    close_bench(&b);
}

/* Ten thousand files: each is found by its host. */
static void many_files(void **state) {
    (void)state;
    enum { FILES = 10000 };
    bench b;
    open_bench(&b);
    for (int i = 0; i < FILES; i++) {
        char *text = dh_arena_alloc(&b.arena, 120), *name = dh_arena_alloc(&b.arena, 40);
        snprintf(name, 40, "s%d.example.rules", i);
        snprintf(text, 120, "site: s%d.example\nwhen text: \"Editor %d\"\nremove: .x%d", i, i, i);
        assert_int_equal(add(&b, name, dh_slice_cstr(text)), DH_OK);
    }
    assert_int_equal(dh_rules_finish(b.set, &b.error), DH_OK);
    assert_int_equal(dh_rules_count(b.set), FILES);
    for (int i = 0; i < FILES; i += 97) {
        char url[80], source[80];
        dh_blocks none = {0};
        dh_marks marks;
        dh_marks_init(&marks, &b.arena);
        snprintf(url, sizeof url, "https://a.b.s%d.example/x", i);
        snprintf(source, sizeof source, "rules/s%d.example.rules", i);
        dh_rule_page page = {.blocks = &none,
                             .url = dh_slice_cstr(url),
                             .regexes = b.regexes,
                             .arena = &b.arena,
                             .marks = &marks};
        assert_true(dh_slice_eq(dh_rules_apply(b.set, &page).files, dh_slice_cstr(source)));
    }
    close_bench(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_around_lines), cmocka_unit_test(not_utf8),
        cmocka_unit_test(nul_bytes),          cmocka_unit_test(huge_file),
        cmocka_unit_test(huge_values),        cmocka_unit_test(deep_inheritance),
        cmocka_unit_test(mutations),          cmocka_unit_test(memory_ends),
        cmocka_unit_test(engine_memory_ends), cmocka_unit_test(steps_are_limited),
        cmocka_unit_test(many_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
