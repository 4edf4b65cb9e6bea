/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#include "emit/reason.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *explained(built *b, bool full, bool colour) {
    dh_buf out;
    dh_emit_options options = {.full = full};
    dh_buf_init(&out, &b->arena, 0);
    dh_emit_explain(&b->article, &options, colour, &b->arena, &out);
    assert_int_equal(dh_utf8_valid_prefix(dh_buf_slice(&out)), out.len);
    return dh_buf_cstr(&out);
}

static dh_mark *mark(built *b, uint32_t block, dh_verdict verdict, dh_cause cause,
                     const char *source, uint32_t line, const char *detail) {
    dh_mark *m = dh_marks_add(&b->marks, block, verdict, cause, dh_slice_cstr(source),
                              dh_slice_cstr(detail));
    m->line = line;
    return m;
}

static void settle(built *b) {
    dh_role roles[16];
    for (uint32_t i = 0; i < b->blocks.len; i++) roles[i] = b->decisions[i].role;
    dh_marks_resolve(&b->marks, b->decisions, b->blocks.len);
    for (uint32_t i = 0; i < b->blocks.len; i++) {
        b->decisions[i].role = roles[i];
        b->texts[i] = dh_marks_text(&b->marks, &b->blocks, b->decisions, i, &b->arena);
    }
}

static void test_page(void **state) {
    (void)state;
    built b;
    build(&b, "th1 Title\n+p First one.\n+h3 Most read\n+r* a\tb\n+p More: link here\n+p free");
    build_field(&b, DH_FIELD_title, "The title");
    build_field(&b, DH_FIELD_published, "2024-05-06");
    b.article.name = DH_SLICE("page.html");
    b.article.charset = DH_SLICE("windows-1256");
    b.article.charset_why = DH_SLICE("meta");
    b.article.replaced = 3;
    b.article.rule_files = DH_SLICE("x.rules,families/y.rules");
    b.article.folds = DH_SLICE("digits");
    b.article.limited = DH_LIMIT_nodes;
    b.article.limit_kept = 4096;
    b.article.body_chars = 30;
    b.article.total_chars = 90;
    mark(&b, 0, DH_KEEP, DH_CAUSE_ARTICLE, "x.rules", 3, "article .body");
    mark(&b, 1, DH_KEEP, DH_CAUSE_SCORE, "", 0, "long paragraph, no links")->score = 934;
    mark(&b, 2, DH_DROP, DH_CAUSE_SCORE, "", 0, "short")->score = 7;
    mark(&b, 2, DH_DROP, DH_CAUSE_LABEL, "most_read", 0, "Most read");
    mark(&b, 2, DH_DROP, DH_CAUSE_RULE, "x.rules", 12, "remove block \"Most read\"");
    mark(&b, 3, DH_DROP, DH_CAUSE_HIDDEN, "", 0, "display:none");
    mark(&b, 3, DH_DROP, DH_CAUSE_REPEATED, "", 0, "");
    dh_mark *span = mark(&b, 4, DH_DROP, DH_CAUSE_RULE, "x.rules", 20, "lines \"More:*\"");
    span->begin = 0;
    span->end = 5;
    span = mark(&b, 4, DH_REPLACE, DH_CAUSE_RULE, "x.rules", 21, "replace here");
    span->begin = 11;
    span->end = 15;
    span->replacement = DH_SLICE("there");
    mark(&b, 4, DH_KEEP, DH_CAUSE_KEEP, "x.rules", 1, "keep p")->cause = DH_CAUSE_ARTICLE;
    settle(&b);
    assert_string_equal(explained(&b, false, false),
                        "page        page.html\n"
                        "title       The title (json-ld NewsArticle.x)\n"
                        "published   2024-05-06 (json-ld NewsArticle.x)\n"
                        "charset     windows-1256 (meta), 3 ill-formed sequences\n"
                        "rules       x.rules,families/y.rules\n"
                        "folds       digits\n"
                        "limit       nodes: cut off after 4096 bytes\n"
                        "\n"
                        "+ heading 1 (title): Title\n"
                        "    kept as inside of the article: x.rules:3 article .body\n"
                        "+ paragraph: First one.\n"
                        "    kept by the extractor, 0.93: long paragraph, no links\n"
                        "- heading 3: Most read\n"
                        "    dropped by x.rules:12 remove block \"Most read\"\n"
                        "    also dropped by the label most read: Most read\n"
                        "    also dropped by the extractor, 0.00: short\n"
                        "- row: a b\n"
                        "    dropped as hidden: display:none\n"
                        "    also dropped as repeated\n"
                        "~ paragraph: More: link here\n"
                        "    kept as inside of the article: x.rules:1 keep p\n"
                        "    also removed \"More:\" by x.rules:20 lines \"More:*\"\n"
                        "    also replaced \"here\" with \"there\" by x.rules:21 replace here\n"
                        "+ paragraph: free\n"
                        "    kept: nothing spoke against it\n"
                        "\n"
                        "kept 4 of 6 blocks, 33 % of the text\n");
    unbuild(&b);
}

static void test_empty(void **state) {
    (void)state;
    built b;
    build(&b, "");
    assert_string_equal(explained(&b, false, false),
                        "rules       none\n\n\nkept 0 of 0 blocks, 0 % of the text\n");
    unbuild(&b);
    build(&b, "tp Head \n-p x\n-i {i=/a.png :Alt text}\n-i {i=/b.png :}\n-u1* a\n-o2* b");
    assert_string_equal(explained(&b, false, false),
                        "title       Head\nrules       none\n\n"
                        "+ paragraph (title): Head\n    kept: nothing spoke against it\n"
                        "- paragraph: x\n    dropped\n"
                        "- image: Alt text\n    dropped\n"
                        "- image: /b.png\n    dropped\n"
                        "- list item: a\n    dropped\n"
                        "- list item 2: b\n    dropped\n"
                        "\nkept 1 of 6 blocks, 0 % of the text\n");
    unbuild(&b);
}

/* A terminal must get nothing from a page but letters. */
static void test_hostile(void **state) {
    (void)state;
    built b;
    build(&b, "+p a\x1b[2J\x07 b\xC2\x9Bz \xE2\x80\xAE"
              "c\xE2\x81\xA6 \xFF\x01 d");
    b.article.name = DH_SLICE("\x1b]0;x\x07");
    mark(&b, 0, DH_KEEP, DH_CAUSE_SCORE, "", 0, "\x1b[31m");
    settle(&b);
    const char *got = explained(&b, false, false);
    assert_null(strpbrk(got, "\x1b\x07"));
    assert_non_null(strstr(got, "page        ?]0;x?\n"));
    assert_non_null(strstr(got, "paragraph: a?[2J? b?z ?c? \xEF\xBF\xBD d\n"));
    assert_non_null(strstr(got, "the extractor: ?[31m\n"));
    unbuild(&b);
}

static void test_long(void **state) {
    (void)state;
    built b;
    char script[1024] = "+p ";
    for (int i = 0; i < 150; i++) strncat(script, "\xD8\xA7", 3);
    build(&b, script);
    const char *got = strstr(explained(&b, false, false), "paragraph: ");
    assert_int_equal(strcspn(got, "\n"), strlen("paragraph: ") + 2 * 100 + 3);
    got = strstr(explained(&b, true, false), "paragraph: ");
    assert_int_equal(strcspn(got, "\n"), strlen("paragraph: ") + 2 * 150);
    unbuild(&b);
}

static void test_colour(void **state) {
    (void)state;
    built b;
    build(&b, "+p keep\n-p drop");
    const char *plain = explained(&b, false, false);
    const char *got = explained(&b, false, true);
    assert_non_null(strstr(got, "\x1b[32m+ paragraph\x1b[0m: keep\n"));
    assert_non_null(strstr(got, "\x1b[31m- paragraph\x1b[0m: drop\n"));
    /* without its codes it is the same text */
    dh_buf stripped;
    dh_buf_init(&stripped, &b.arena, 0);
    for (const char *p = got; *p != '\0'; p++) {
        if (*p == '\x1b')
            p += strcspn(p, "m");
        else
            dh_buf_putc(&stripped, *p);
    }
    assert_string_equal(dh_buf_cstr(&stripped), plain);
    unbuild(&b);
}

/* Every name is there and of its own. */
static void test_names(void **state) {
    (void)state;
    const char *names[32];
    size_t n = 0;
    for (int i = DH_BLOCK_PARAGRAPH; i <= DH_BLOCK_CAPTION; i++)
        names[n++] = dh_block_kind_name(&(dh_block){.kind = (dh_block_kind)i});
    names[n++] = dh_block_kind_name(&(dh_block){.flags = DH_BLOCK_IMAGE});
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) assert_string_not_equal(names[i], names[k]);
    for (n = 0; n <= DH_CAUSE_SCORE; n++) names[n] = dh_cause_name((dh_cause)n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) assert_string_not_equal(names[i], names[k]);
    assert_string_equal(dh_role_name(DH_ROLE_COMMENT), "comment");
    assert_string_equal(dh_verdict_name(DH_REPLACE), "replace");
}

/* Many marks on few blocks and the reverse: each mark is listed once, the deciding one first. */
static void test_reasons(void **state) {
    (void)state;
    built b;
    build(&b, "+p a\n+p b\n+p c\n+p d");
    for (uint32_t i = 0; i < 100; i++) {
        dh_mark *m =
            mark(&b, i * 7 % 5, i % 3 == 0 ? DH_KEEP : DH_DROP, (dh_cause)(i % 7), "s", i, "d");
        if (i % 4 == 0) m->begin = 1;
    }
    settle(&b);
    dh_reasons reasons = dh_reasons_make(&b.article, &b.arena);
    uint32_t seen = 0;
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(reasons.begin[i + 1] > reasons.begin[i]);
        assert_int_equal(reasons.order[reasons.begin[i]], b.decisions[i].mark);
        for (uint32_t r = reasons.begin[i]; r < reasons.begin[i + 1]; r++, seen++) {
            const dh_mark *m = &b.marks.ptr[reasons.order[r]];
            assert_int_equal(m->block, i);
            if (r > reasons.begin[i] + 1)
                assert_true(m->cause >= b.marks.ptr[reasons.order[r - 1]].cause);
        }
    }
    assert_int_equal(seen, 80); /* a fifth are of a block that is not there */
    unbuild(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),    cmocka_unit_test(test_empty),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_long),
        cmocka_unit_test(test_colour),  cmocka_unit_test(test_names),
        cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
