/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const golden plain[] = {
    {"", ""},
    {"-p gone", ""},
    {"+p ", ""},
    {"+p One\n+p Two", "One\n\nTwo\n"},
    {"+p One\n-p gone\n+h2 Head\n+p Two", "One\n\nHead\n\nTwo\n"},
    {"th1 Title\nbp By line\n+p One\ncp Caption\nmp Comment", "One\n"},
    {"+p a\x01"
     "b",
     "a\nb\n"},
    /* lists */
    {"+p P\n+u1* a\n+u1 b\n+p Q", "P\n\n- a\n- b\n\nQ\n"},
    {"+o1* a\n+o1 b\n+o1* c", "1. a\n2. b\n\n1. c\n"},
    {"+u1* a\n+u2* b\n+u2 c\n+u1 d", "- a\n  - b\n  - c\n- d\n"},
    {"+u1* a\n+o2* b\n+u3* c\n+u1 d", "- a\n  1. b\n    - c\n- d\n"},
    {"+u1* a\n+u1& more\n+u1 b\x01"
     "c",
     "- a\n  more\n- b\n  c\n"},
    {"+u1* a\n+u2* b\n+u1& back\n+u1 c", "- a\n  - b\n  back\n- c\n"},
    {"+u1* a\n-u1 gone\n+u1& its second part\n+u1 c", "- a\n- its second part\n- c\n"},
    {"+u1* a\n-u1* gone\n+u1 b", "- a\n\n- b\n"},
    {"+o1* a\n-o1 gone\n+o1 b\n-p ad\n+o1 c", "1. a\n2. b\n3. c\n"},
    {"+o1* a\n+p between\n+o1 b", "1. a\n\nbetween\n\n2. b\n"},
    {"+o1* a\n+u1* b", "1. a\n\n- b\n"},
    {"-u1* gone\n+u2* inner\n+u2 more\n+u1 outer", "- inner\n- more\n\n- outer\n"},
    {"+u3* deep\n+u3 deep\n+u1 flat", "- deep\n- deep\n\n- flat\n"},
    {"+u0* level 0\n+u0 too", "- level 0\n- too\n"},
    /* the rest */
    {"+q a\n+q b\n+p c", "a\n\nb\n\nc\n"},
    {"+k if (x)\x01    y;", "if (x)\n    y;\n"},
    {"+r* a\tb\n+r c\td\n+p e", "a | b\nc | d\n\ne\n"},
    {"+r* a\n+r* b", "a\n\nb\n"},
    {"+r* a\n-r* gone\n+r b", "a\n\nb\n"},
    {"+r* a\n-r gone\n-p ad\n+r b", "a\nb\n"},
    {"+i {i=/x.png :alt}\n+p {s:b}{a=/x :link}", "blink\n"},
    {"+p - not escaped # 1. *", "- not escaped # 1. *\n"},
    {"+p \xD8\xA7\xD9\x84\n+u1* \xD9\x85", "\xD8\xA7\xD9\x84\n\n- \xD9\x85\n"},
};

static void test_plain(void **state) {
    (void)state;
    dh_emit_options options = {.tables = true, .links = true, .images = true, .formatting = true};
    check_goldens("txt", &options, plain, COUNT(plain));
}

static void test_options(void **state) {
    (void)state;
    static const golden extra[] = {
        {"+p One\ncp Caption\n+p Two\nmp First\nmu1* x\nmp Last",
         "One\n\nCaption\n\nTwo\n\nFirst\n\n- x\n\nLast\n"},
        {"mp Only a comment", "Only a comment\n"},
        {"+r* a\tb\n+p One", "One\n"},
    };
    dh_emit_options options = {.captions = true, .comments = true};
    check_goldens("txt", &options, extra, COUNT(extra));
}

static void test_metadata(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.with_metadata = true};
    build(&b, "th1 Title\n+p One");
    build_fields(&b);
    assert_string_equal(emitted(&b, "text", &options), "---\n"
                                                       "title: \"Rain: \\\"heavy\\\" & <wet>\"\n"
                                                       "author: A. Writer; B. Other\n"
                                                       "url: https://example.org/rain\n"
                                                       "hostname: example.org\n"
                                                       "description: It rained.\n"
                                                       "sitename: The Example\n"
                                                       "date: 2024-05-06\n"
                                                       "categories: [\"weather\"]\n"
                                                       "tags: [\"rain\", \"water, wet\"]\n"
                                                       "fingerprint: c7133ce41dcffbbd\n"
                                                       "id: rec-7\n"
                                                       "license: https://example.org/license\n"
                                                       "---\n"
                                                       "\n"
                                                       "One\n");
    unbuild(&b);
    /* No title among the fields: the headline's block gives it. */
    build(&b, "-h1 Not this\ntp The: title\n+p One\ntp Later");
    assert_non_null(strstr(emitted(&b, "txt", &options), "---\ntitle: \"The: title\"\nfinger"));
    unbuild(&b);
    build(&b, "");
    assert_string_equal(emitted(&b, "txt", &options), "---\n---\n");
    unbuild(&b);
}

/* Titles that YAML would read as something else come in quotes. */
static void test_yaml(void **state) {
    (void)state;
    static const char *const table[][2] = {
        {"Plain title", "Plain title"},
        {"It's 5:30", "It's 5:30"},
        {"true", "\"true\""},
        {"No", "\"No\""},
        {"2024", "\"2024\""},
        {"1e5", "\"1e5\""},
        {"- x", "\"- x\""},
        {"\"quoted\"", "\"\\\"quoted\\\"\""},
        {"[x]", "\"[x]\""},
        {"a #b", "\"a #b\""},
        {"a: b", "\"a: b\""},
        {"ends:", "\"ends:\""},
        {"a\nb", "\"a\\nb\""},
        {"@x", "\"@x\""},
        {"\xD8\xA7\xD9\x84", "\xD8\xA7\xD9\x84"},
        {"(x) y", "(x) y"},
        {"bad \xFF", "\"bad \xEF\xBF\xBD\""},
    };
    dh_emit_options options = {.with_metadata = true};
    for (size_t i = 0; i < COUNT(table); i++) {
        built b;
        char want[128];
        build(&b, "");
        build_field(&b, DH_FIELD_title, table[i][0]);
        snprintf(want, sizeof want, "---\ntitle: %s\n---\n", table[i][1]);
        assert_string_equal(emitted(&b, "txt", &options), want);
        unbuild(&b);
    }
}

/* Kept text that marks have cut or folds have changed is what is written. */
static void test_texts(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.formatting = true};
    build(&b, "+p {s:One} two\n+p three");
    b.texts[0] = DH_SLICE("other");
    b.texts[1] = (dh_slice){NULL, 0};
    assert_string_equal(emitted(&b, "txt", &options), "other\n");
    assert_string_equal(emitted(&b, "md", &options), "other\n");
    unbuild(&b);
}

static void test_deep(void **state) {
    (void)state;
    dh_buf script;
    built b;
    dh_emit_options options = {.formatting = true};
    dh_buf_init(&script, NULL, 0);
    for (int level = 1; level <= 255; level++) dh_buf_printf(&script, "+o%d* x\n", level);
    for (int level = 255; level >= 1; level--) dh_buf_printf(&script, "+o%d y\n", level);
    build(&b, dh_buf_cstr(&script));
    static const char *const formats[] = {"txt", "md", "html", "json"};
    for (size_t i = 0; i < COUNT(formats); i++) {
        const char *got = emitted(&b, formats[i], &options);
        size_t n = 0;
        for (const char *p = got; (p = strpbrk(p, "xy")) != NULL; p++) n++;
        assert_true(n >= 510); /* nothing is lost */
        assert_true(strlen(got) < 200000);
    }
    unbuild(&b);
    dh_buf_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),    cmocka_unit_test(test_options),
        cmocka_unit_test(test_metadata), cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_texts),    cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
