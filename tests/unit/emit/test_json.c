/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#include "base/json.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void test_full(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {
        .version = DH_SLICE("1.2.3"), .today = DH_SLICE("2024-06-01"), .comments = true};
    build(&b, "th1 Title\n+p One \"two\"\n+u1* a\n+u1 b\n-p gone\nmp Said\nmp Done");
    build_fields(&b);
    b.article.confidence = 870;
    b.article.rule_files = DH_SLICE("example.org.rules");
    b.article.rule_versions = DH_SLICE("0123456789abcdef");
    b.article.limited = DH_LIMIT_rule_steps;
    b.article.limit_kept = 12345678901;
    b.article.folds = DH_SLICE("tatweel,digits");
    assert_string_equal(emitted(&b, "json", &options),
                        "{\n"
                        "  \"title\": \"Rain: \\\"heavy\\\" & <wet>\",\n"
                        "  \"author\": \"A. Writer; B. Other\",\n"
                        "  \"hostname\": \"example.org\",\n"
                        "  \"date\": \"2024-05-06\",\n"
                        "  \"fingerprint\": \"8212208414a7f91b\",\n"
                        "  \"id\": \"rec-7\",\n"
                        "  \"license\": \"https://example.org/license\",\n"
                        "  \"comments\": \"Said\\n\\nDone\",\n"
                        "  \"raw_text\": \"One \\\"two\\\" a b\",\n"
                        "  \"text\": \"One \\\"two\\\"\\n\\n- a\\n- b\",\n"
                        "  \"language\": \"en\",\n"
                        "  \"image\": \"https://example.org/rain.jpg\",\n"
                        "  \"pagetype\": \"article\",\n"
                        "  \"filedate\": \"2024-06-01\",\n"
                        "  \"source\": \"https://example.org/rain\",\n"
                        "  \"source-hostname\": \"The Example\",\n"
                        "  \"excerpt\": \"It rained.\",\n"
                        "  \"categories\": \"weather\",\n"
                        "  \"tags\": \"rain;water, wet\",\n"
                        "  \"authors\": [\"A. Writer\", \"B. Other\"],\n"
                        "  \"published\": \"2024-05-06T07:08:09+02:00\",\n"
                        "  \"modified\": \"2024-05-07\",\n"
                        "  \"canonical\": \"https://example.org/rain?a=1&b=2\",\n"
                        "  \"section\": \"Local\",\n"
                        "  \"access\": \"free\",\n"
                        "  \"completeness\": \"full\",\n"
                        "  \"completeness_why\": null,\n"
                        "  \"confidence\": 0.870,\n"
                        "  \"rule\": \"example.org.rules\",\n"
                        "  \"rule_version\": \"0123456789abcdef\",\n"
                        "  \"encoding\": \"UTF-8\",\n"
                        "  \"limited\": {\"limit\": \"rule-steps\", \"kept_bytes\": 12345678901},\n"
                        "  \"folds\": \"tatweel,digits\",\n"
                        "  \"name\": \"rain.html\",\n"
                        "  \"version\": \"1.2.3\"\n"
                        "}\n");
    unbuild(&b);
}

static void test_empty(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.blocks = true, .comments = true};
    build(&b, "");
    assert_string_equal(
        emitted(&b, "jsonl", &options),
        "{\"title\": null, \"author\": null, \"hostname\": null, \"date\": null, \"fingerprint\": "
        "null, "
        "\"id\": null, \"license\": null, \"comments\": null, \"raw_text\": null, \"text\": \"\", "
        "\"language\": null, \"image\": null, \"pagetype\": null, \"filedate\": null, "
        "\"source\": null, \"source-hostname\": null, \"excerpt\": null, \"categories\": null, "
        "\"tags\": null, \"authors\": null, \"published\": null, \"modified\": null, "
        "\"canonical\": null, \"section\": null, \"access\": null, \"completeness\": \"full\", \"completeness_why\": null, \"confidence\": 0.000, \"rule\": null, "
        "\"encoding\": null, \"limited\": null, \"folds\": null, \"name\": null, \"version\": null, "
        "\"blocks\": []}\n");
    unbuild(&b);
}

/* Marks for a page with every cause, and a span of each kind. */
static void add_marks(built *b) {
    dh_marks *m = &b->marks;
    dh_mark *mark = dh_marks_add(m, 0, DH_KEEP, DH_CAUSE_SCORE, DH_SLICE(""), DH_SLICE("long"));
    mark->score = 934;
    mark = dh_marks_add(m, 1, DH_DROP, DH_CAUSE_SCORE, DH_SLICE(""), DH_SLICE("short"));
    mark->score = 0;
    mark = dh_marks_add(m, 1, DH_DROP, DH_CAUSE_RULE, DH_SLICE("rules/x.rules"),
                        DH_SLICE("remove .ad"));
    mark->line = 12;
    dh_marks_add(m, 1, DH_DROP, DH_CAUSE_LABEL, DH_SLICE("most_read"), DH_SLICE("Most \"read\""));
    mark = dh_marks_add(m, 0, DH_DROP, DH_CAUSE_RULE, DH_SLICE("rules/x.rules"), DH_SLICE("lines"));
    mark->begin = 0;
    mark->end = 4;
    mark = dh_marks_add(m, 0, DH_REPLACE, DH_CAUSE_RULE, DH_SLICE("rules/x.rules"),
                        DH_SLICE("replace"));
    mark->begin = 5;
    mark->end = 8;
    mark->replacement = DH_SLICE("2\n");
    dh_marks_add(m, 99, DH_DROP, DH_CAUSE_RULE, DH_SLICE("stray"), DH_SLICE(""));
    dh_marks_resolve(m, b->decisions, b->blocks.len);
    for (uint32_t i = 0; i < b->blocks.len; i++)
        b->texts[i] = dh_marks_text(m, &b->blocks, b->decisions, i, &b->arena);
}

static void test_blocks(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.blocks = true};
    build(&b, "+p one, two.\n+h2 Most \"read\"\n+p free");
    add_marks(&b);
    const char *got = strstr(emitted(&b, "json", &options), "\"blocks\"");
    assert_non_null(got);
    assert_string_equal(
        got,
        "\"blocks\": [\n"
        "    {\"kind\": \"paragraph\", \"level\": 0, \"verdict\": \"keep\", \"role\": \"body\", "
        "\"text\": \"one, two.\", \"kept_text\": \"2\\n.\", \"offset\": 0, \"length\": 9, "
        "\"reasons\": ["
        "{\"verdict\": \"keep\", \"cause\": \"score\", \"source\": null, \"line\": null, "
        "\"detail\": \"long\", \"score\": 0.934}, "
        "{\"verdict\": \"drop\", \"cause\": \"rule\", \"source\": \"rules/x.rules\", \"line\": "
        "null, "
        "\"detail\": \"lines\", \"score\": null, \"begin\": 0, \"end\": 4}, "
        "{\"verdict\": \"replace\", \"cause\": \"rule\", \"source\": \"rules/x.rules\", "
        "\"line\": null, \"detail\": \"replace\", \"score\": null, \"begin\": 5, \"end\": 8, "
        "\"replacement\": \"2\\n\"}]},\n"
        "    {\"kind\": \"heading\", \"level\": 2, \"verdict\": \"drop\", \"role\": \"body\", "
        "\"text\": \"Most \\\"read\\\"\", \"offset\": 100, \"length\": 11, \"reasons\": ["
        "{\"verdict\": \"drop\", \"cause\": \"rule\", \"source\": \"rules/x.rules\", \"line\": 12, "
        "\"detail\": \"remove .ad\", \"score\": null}, "
        "{\"verdict\": \"drop\", \"cause\": \"label\", \"source\": \"most_read\", \"line\": null, "
        "\"detail\": \"Most \\\"read\\\"\", \"score\": null}, "
        "{\"verdict\": \"drop\", \"cause\": \"score\", \"source\": null, \"line\": null, "
        "\"detail\": \"short\", \"score\": 0.000}]},\n"
        "    {\"kind\": \"paragraph\", \"level\": 0, \"verdict\": \"keep\", \"role\": \"body\", "
        "\"text\": \"free\", \"offset\": 200, \"length\": 4, \"reasons\": []}]\n"
        "}\n");
    unbuild(&b);
}

/* Whatever the text, both writers give JSON of the same meaning, and jsonl one line. */
static void test_valid(void **state) {
    (void)state;
    static const char *const scripts[] = {"",
                                          "+p a\x01"
                                          "b \"c\" \\ \x1F\n+r x\ty\n+k a\x01\x01"
                                          "b",
                                          "+p bad \xFF\xC3 \xE2\x80\xA8",
                                          "+p \xD8\xA7\xD9\x84\xF0\x9F\x98\x80\n-p gone\nmp c"};
    for (size_t i = 0; i < COUNT(scripts); i++) {
        built b;
        dh_emit_options options = {.blocks = true, .comments = true, .tables = true};
        dh_json one, two;
        build(&b, scripts[i]);
        build_fields(&b);
        const char *lines = emitted(&b, "json", &options), *line = emitted(&b, "ndjson", &options);
        assert_int_equal(dh_json_parse(&one, &b.arena, dh_slice_cstr(lines), true, NULL), DH_OK);
        assert_int_equal(dh_json_parse(&two, &b.arena, dh_slice_cstr(line), true, NULL), DH_OK);
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
        assert_int_equal(one.len, two.len);
        for (uint32_t v = 0; v < one.len; v++) {
            assert_int_equal(one.values[v].type, two.values[v].type);
            assert_true(dh_slice_eq(one.values[v].text, two.values[v].text));
        }
        unbuild(&b);
    }
}

/* Marks that only Markdown can show make the text Markdown. */
static void test_markdown(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.formatting = true};
    build(&b, "+h2 Head\n+p {s:Bold} 2 * 3\n+p a*b");
    const char *got = emitted(&b, "jsonl", &options);
    assert_non_null(strstr(got, "\"text\": \"## Head\\n\\n**Bold** 2 * 3\\n\\na\\\\*b\""));
    assert_non_null(strstr(got, "\"raw_text\": \"Head Bold 2 * 3 a*b\""));
    unbuild(&b);
}

static uint64_t fingerprint(const char *script) {
    built b;
    dh_json json;
    dh_emit_options options = {.tables = true};
    build(&b, script);
    const char *got = emitted(&b, "jsonl", &options);
    assert_int_equal(dh_json_parse(&json, &b.arena, dh_slice_cstr(got), true, NULL), DH_OK);
    dh_slice hex = dh_json_string(&json, dh_json_get(&json, 0, DH_SLICE("fingerprint")));
    assert_int_equal(hex.len, 16);
    uint64_t value = 0;
    for (size_t i = 0; i < 16; i++) {
        char c = hex.ptr[i];
        assert_true(dh_is_digit(c) || (c >= 'a' && c <= 'f'));
        value = value << 4 | (uint64_t)(dh_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    unbuild(&b);
    return value;
}

static int distance(uint64_t a, uint64_t b) {
    int n = 0;
    for (uint64_t x = a ^ b; x != 0; x &= x - 1) n++;
    return n;
}

#define STORY                                                                                      \
    "The council of the small town met on Monday to talk about the bridge that the flood took "    \
    "away in spring and about the money that a new one would cost the people who live there "
#define OTHER                                                                                      \
    "Nine players of the home team were ill when their season began with two lost games but the "  \
    "trainer found young replacements quickly enough to finish third among all eighteen clubs "
#define HAN                                                                                        \
    "\xE5\xB8\x82\xE8\xAE\xAE\xE4\xBC\x9A\xE8\xAE\xA8\xE8\xAE\xBA\xE6\x96\xB0\xE6\xA1\xA5\xE7\x9A" \
    "\x84\xE8\xB4\xB9\xE7\x94\xA8"

static void test_fingerprint(void **state) {
    (void)state;
    uint64_t story = fingerprint("+p " STORY);
    assert_int_equal(story, fingerprint("+p " STORY)); /* the same on every run and machine */
    assert_int_equal(story,
                     fingerprint("th1 Title\n+p \xE2\x80\x9C" STORY "!\n-p gone\ncp Caption"));
    assert_true(distance(story, fingerprint("+p " STORY "indeed")) < 10);
    assert_true(distance(story, fingerprint("+p " OTHER)) > 16);
    /* without spaces between words */
    uint64_t han = fingerprint("+p " HAN);
    assert_true(distance(han, fingerprint("+p " HAN "\xE4\xBA\x86")) < 20);
    assert_int_not_equal(han, fingerprint("+p " HAN "\xE4\xBA\x86"));
    assert_int_equal(story, UINT64_C(0x97205de50e50fbb8));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),     cmocka_unit_test(test_empty),
        cmocka_unit_test(test_blocks),   cmocka_unit_test(test_valid),
        cmocka_unit_test(test_markdown), cmocka_unit_test(test_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
