/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/lexicon.h"

static dh_arena arena;

static int set_up(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

static const char small[] = "\xEF\xBB\xBF# a comment\n"
                            "\n"
                            "share\ten\texact\tShare this story\r\n"
                            "comments\ten\texact\tComments\tweak\n"
                            "read_more\ten\tprefix\tRead more:\n"
                            "read_more\ten\tprefix\tRead\tweak\n"
                            "read_more\tar\tprefix\tللمزيد:\n"
                            "most_read\tar\texact\tالأكثر قراءة\n"
                            "newsletter\ten\tprefix\tSign up to\n"
                            "newsletter\ten\tprefix\tSign up to our letter\n"
                            "photo_credit\ten\tprefix\tPhoto:\n"
                            "photo_credit\tzh\tprefix\t图/\n"
                            "photo_credit\tzh\tprefix\t资料图\n"
                            "copyright\tmul\tprefix\t©\n"
                            "tags\ten\texact\tTags\n"
                            "trending\tnl\texact\tTags\tweak\n"
                            "share\tmul\texact\tX\tweak";

static dh_lexicon *lexicon_of(const char *text) {
    dh_lexicon *lexicon = dh_lexicon_new(&arena);
    dh_error error = {0};
    if (dh_lexicon_add(lexicon, dh_slice_cstr(text), "small.tsv", &error) != DH_OK)
        fail_msg("%u:%u: %s", error.line, error.column, error.message);
    return lexicon;
}

#define LONG_TAIL                                                                                  \
    " the harbour office has answered all the questions that were put to it last week about "      \
    "the new pier, and then some more"

static const struct {
    const char *text;
    dh_label label;
    dh_label_match match;
    const char *phrase;
    bool certain;
} finds[] = {
    {"", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {" - ", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"Share this story", DH_LABEL_share, DH_MATCH_EXACT, "Share this story", true},
    {"\xE2\x80\xA2 SHARE  this\xC2\xA0Story:", DH_LABEL_share, DH_MATCH_EXACT, "Share this story",
     true},
    {"Share this story now", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"Comments", DH_LABEL_comments, DH_MATCH_EXACT, "Comments", false},
    {"Tags", DH_LABEL_tags, DH_MATCH_EXACT, "Tags", false}, /* weak in another language */
    {"X", DH_LABEL_share, DH_MATCH_EXACT, "X", false},
    {"الأكثــر قراءة", DH_LABEL_most_read, DH_MATCH_EXACT, "الأكثر قراءة", true},
    /* prefixes */
    {"Read more: the pier", DH_LABEL_read_more, DH_MATCH_PREFIX, "Read more:", true},
    {"Read more : the pier", DH_LABEL_read_more, DH_MATCH_PREFIX, "Read more:", true},
    {"READ MORE\xEF\xBC\x9A the pier", DH_LABEL_read_more, DH_MATCH_PREFIX, "Read more:", true},
    {"Read more:", DH_LABEL_read_more, DH_MATCH_EXACT, "Read more:", true},
    {"Read more", DH_LABEL_read_more, DH_MATCH_EXACT, "Read more:", false},
    {"Read more about the pier", DH_LABEL_read_more, DH_MATCH_PREFIX, "Read", false},
    {"Reading the pier", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"Read more:" LONG_TAIL LONG_TAIL, DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"Read more:" LONG_TAIL, DH_LABEL_read_more, DH_MATCH_PREFIX, "Read more:", true},
    {"Read" LONG_TAIL, DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"للمزيد: الميناء يفتح أبوابه", DH_LABEL_read_more, DH_MATCH_PREFIX, "للمزيد:", true},
    {"للمزيد من العمل", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"Sign up to our letter today", DH_LABEL_newsletter, DH_MATCH_PREFIX, "Sign up to our letter",
     true},
    {"Sign up to our news", DH_LABEL_newsletter, DH_MATCH_PREFIX, "Sign up to", true},
    {"Photo: Mara Holt", DH_LABEL_photo_credit, DH_MATCH_PREFIX, "Photo:", false},
    {"Photo Mara Holt", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"图/小明", DH_LABEL_photo_credit, DH_MATCH_PREFIX, "图/", false},
    {"图书馆今天开门", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
    {"资料图片", DH_LABEL_photo_credit, DH_MATCH_PREFIX, "资料图", false},
    {"© 2024 Tide Press", DH_LABEL_copyright, DH_MATCH_PREFIX, "©", true},
    {"\xFF\xFE", DH_LABEL_NONE, DH_MATCH_NONE, "", false},
};

static void finds_labels(void **state) {
    (void)state;
    dh_lexicon *lexicon = lexicon_of(small);
    assert_int_equal(dh_lexicon_size(lexicon), 15);
    int bad = 0;
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        dh_label_hit hit = dh_lexicon_find(lexicon, dh_slice_cstr(finds[i].text), &arena);
        if (hit.label != finds[i].label || hit.match != finds[i].match ||
            !dh_slice_eq(hit.phrase, dh_slice_cstr(finds[i].phrase)) ||
            hit.certain != finds[i].certain)
            bad++, print_error("row %zu \"%s\": %.*s %d \"%.*s\" %d\n", i, finds[i].text,
                               (int)dh_label_name(hit.label).len, dh_label_name(hit.label).ptr,
                               (int)hit.match, (int)hit.phrase.len, hit.phrase.ptr, hit.certain);
    }
    assert_int_equal(bad, 0);
}

static void names_errors(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message;
    } rows[] = {
        {"share\ten\texact", 1, 15, "wants"},
        {"# x\nshare\ten\texact\tShare\t\t", 2, 23, "wants"},
        {"shares\ten\texact\tShare", 1, 1, "unknown class \"shares\""},
        {"share\t\texact\tShare", 1, 7, "no language"},
        {"share\ten\tExact\tShare", 1, 10, "not \"Exact\""},
        {"share\ten\texact\tShare\tstrong", 1, 22, "unknown flag \"strong\""},
        {"share\ten\texact\tSh\xFF", 1, 16, "UTF-8"},
        {"\nshare\ten\texact\t-->", 2, 16, "nothing but punctuation"},
        {"share\ten\texact\t", 1, 16, "nothing but punctuation"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_error error = {0};
        dh_status status =
            dh_lexicon_add(dh_lexicon_new(&arena), dh_slice_cstr(rows[i].text), "rows.tsv", &error);
        if (status != DH_ERR_RULE || error.line != rows[i].line || error.column != rows[i].column ||
            strstr(error.message, rows[i].message) == NULL || strcmp(error.file, "rows.tsv") != 0)
            fail_msg("row %zu: %d %u:%u %s", i, (int)status, error.line, error.column,
                     error.message);
    }
}

static void bears_long_text(void **state) {
    (void)state;
    dh_lexicon *lexicon = lexicon_of(small);
    size_t len = 10 * 1024 * 1024;
    char *big = malloc(len);
    memset(big, 'a', len);
    assert_int_equal(dh_lexicon_find(lexicon, dh_slice_make(big, len), &arena).label,
                     DH_LABEL_NONE);
    for (size_t cut = 0; cut < 1000; cut++) { /* every length around the limits */
        memcpy(big, "Read more: ", 11);
        dh_lexicon_find(lexicon, dh_slice_make(big, cut), &arena);
    }
    for (size_t i = 0; i < 900; i += 3)
        memcpy(big + i, "\xEF\xB7\xBA", 3); /* its key is 11 times as long */
    dh_lexicon_find(lexicon, dh_slice_make(big, 399), &arena);
    free(big);
}

/* The files of rules/labels/. */
static const char *const classes[] = {
#define DH_LABEL(id, words, is_alone, is_list) #id,
#include "model/label.def"
#undef DH_LABEL
};
enum { CLASSES = sizeof classes / sizeof *classes };

static dh_slice read_class(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/rules/labels/%s.tsv", DH_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s", path);
    char *text = dh_arena_alloc(&arena, 1 << 20);
    size_t len = fread(text, 1, 1 << 20, file);
    fclose(file);
    assert_in_range(len, 1, (1 << 20) - 1);
    return dh_slice_make(text, len);
}

static dh_lexicon *shipped(void) {
    dh_slice files[CLASSES];
    for (size_t i = 0; i < CLASSES; i++) files[i] = read_class(classes[i]);
    dh_lexicon *lexicon = dh_lexicon_new(&arena);
    for (size_t i = 0; i < CLASSES; i++) {
        dh_error error = {0};
        if (dh_lexicon_add(lexicon, files[i], classes[i], &error) != DH_OK)
            fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.message);
    }
    return lexicon;
}

static const struct {
    const char *text;
    dh_label label;
    bool certain;
} news[] = {
#include "lexicon_rows.def"
};

static void knows_real_labels(void **state) {
    (void)state;
    dh_lexicon *lexicon = shipped();
    assert_true(dh_lexicon_size(lexicon) > 7600);
    int bad = 0;
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        dh_label_hit hit = dh_lexicon_find(lexicon, dh_slice_cstr(news[i].text), &arena);
        if (hit.label != news[i].label || hit.certain != news[i].certain)
            bad++, print_error("\"%s\": %.*s by \"%.*s\", %scertain\n", news[i].text,
                               (int)dh_label_name(hit.label).len, dh_label_name(hit.label).ptr,
                               (int)hit.phrase.len, hit.phrase.ptr, hit.certain ? "" : "not ");
    }
    assert_int_equal(bad, 0);
}

/* Order of lines: language, match, phrase. */
static int compare_lines(const dh_slice a[3], const dh_slice b[3]) {
    int order = 0;
    for (int i = 0; i < 3 && order == 0; i++) order = dh_slice_compare(a[i], b[i]);
    return order;
}

static uint32_t check_class(const dh_lexicon *lexicon, const char *name) {
    uint32_t count = 0;
    dh_slice file = read_class(name), last[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    while (file.ptr != NULL) {
        dh_slice rest = dh_slice_cut(&file, '\n'), column[3];
        if (rest.len == 0 || rest.ptr[0] == '#') continue;
        assert_true(dh_slice_eq(dh_slice_cut(&rest, '\t'), dh_slice_cstr(name)));
        for (int i = 0; i < 3; i++) column[i] = dh_slice_cut(&rest, '\t');
        dh_slice phrase = column[2];
        if (dh_lexicon_find(lexicon, phrase, &arena).label == DH_LABEL_NONE)
            fail_msg("%s: \"%.*s\" is not found", name, (int)phrase.len, phrase.ptr);
        if (count++ > 0 && compare_lines(last, column) >= 0)
            fail_msg("%s: \"%.*s\" is out of order or doubled", name, (int)phrase.len, phrase.ptr);
        memcpy(last, column, sizeof last);
    }
    return count;
}

/* Every phrase of the files is found by itself, each file is of its class, sorted, without doubles. */
static void finds_every_phrase(void **state) {
    (void)state;
    dh_lexicon *lexicon = shipped();
    uint32_t found = 0;
    for (size_t i = 0; i < CLASSES; i++) found += check_class(lexicon, classes[i]);
    assert_int_equal(found, dh_lexicon_size(lexicon));
}

/* What was compiled in is what the files give. */
static void is_compiled_as_read(void **state) {
    (void)state;
    const dh_lexicon_table *have = &dh_lexicon_shipped;
    dh_lexicon *lexicon = dh_lexicon_new(&arena);
    assert_int_equal(have->file_count, CLASSES);
    for (uint32_t i = 0; i < have->file_count; i++) {
        char name[64];
        const dh_lexicon_file *file = &have->files[i];
        assert_int_equal(sscanf(file->name, "labels/%59[a-z_].tsv", name), 1);
        dh_slice text = read_class(name), in_pool = {have->pool + file->begin, file->len};
        assert_true(dh_slice_eq(text, in_pool));
        assert_int_equal(dh_lexicon_add(lexicon, text, name, NULL), DH_OK);
    }
    const dh_lexicon_table *want = dh_lexicon_table_of(lexicon);
    assert_int_equal(have->slot_count, want->slot_count);
    assert_int_equal(have->phrase_count, want->phrase_count);
    assert_int_equal(have->pool_len, want->pool_len);
    assert_int_equal(have->max_exact, want->max_exact);
    assert_int_equal(have->max_prefix, want->max_prefix);
    assert_memory_equal(have->slots, want->slots, want->slot_count * sizeof *want->slots);
    assert_memory_equal(have->phrases, want->phrases, want->phrase_count * sizeof *want->phrases);
    assert_memory_equal(have->pool, want->pool, want->pool_len);
    assert_memory_equal(have->keys, want->keys, DH_LEXICON_SIEVE / 8);
    assert_memory_equal(have->prefixes, want->prefixes, DH_LEXICON_SIEVE / 8);
}

/* The arrays grow beyond what the shipped files need; what was found stays found. */
static void grows(void **state) {
    (void)state;
    enum { MANY = 40000 };
    char line[64];
    dh_lexicon *lexicon = dh_lexicon_new(&arena);
    assert_int_equal(dh_lexicon_find(lexicon, DH_SLICE("Phrase 1"), &arena).label, DH_LABEL_NONE);
    for (int i = 0; i < MANY; i++) {
        int n = snprintf(line, sizeof line, "share\ten\texact\tPhrase number %d", i);
        assert_int_equal(dh_lexicon_add(lexicon, dh_slice_make(line, (size_t)n), "many", NULL), DH_OK);
    }
    assert_int_equal(dh_lexicon_size(lexicon), MANY);
    for (int i = 0; i < MANY; i++) {
        int n = snprintf(line, sizeof line, "PHRASE number %d", i);
        dh_label_hit hit = dh_lexicon_find(lexicon, dh_slice_make(line, (size_t)n), &arena);
        assert_int_equal(hit.label, DH_LABEL_share);
        assert_true(dh_slice_eq_nocase(hit.phrase, dh_slice_make(line, (size_t)n)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_labels),       cmocka_unit_test(names_errors),
        cmocka_unit_test(bears_long_text),    cmocka_unit_test(knows_real_labels),
        cmocka_unit_test(finds_every_phrase), cmocka_unit_test(is_compiled_as_read),
        cmocka_unit_test(grows),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
