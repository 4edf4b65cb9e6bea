/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>
#include <pthread.h>
#include <stdlib.h>

#include "text/regex.h"

static dh_regex *compiled(const char *pattern, const char *flags) {
    dh_regex *regex = NULL;
    dh_error error = {0};
    if (dh_regex_new(dh_slice_cstr(pattern), dh_slice_cstr(flags), &regex, &error) != DH_OK)
        fail_msg("%s: %s", pattern, error.message);
    return regex;
}

static const struct {
    const char *pattern, *flags, *text;
    size_t from;
    long begin, end, group_begin, group_end; /* begin -1: no match; group -1: none */
} finds[] = {
    {"b+", "", "abbc", 0, 1, 3, -1, -1},
    {"b+", "", "abbc", 2, 2, 3, -1, -1},
    {"b+", "", "abbc", 3, -1, 0, -1, -1},
    {"b+", "", "abbc", 4, -1, 0, -1, -1},
    {"b+", "", "abbc", 5, -1, 0, -1, -1},
    {"x*", "", "", 0, 0, 0, -1, -1},
    {"$", "", "ab", 2, 2, 2, -1, -1},
    {"READ", "i", "please read", 0, 7, 11, -1, -1},
    {"READ", "", "please read", 0, -1, 0, -1, -1},
    {"by (\\w+)", "i", "By Mara", 0, 0, 7, 3, 7},
    {"a(b)?c", "", "ac", 0, 0, 2, -1, -1},
    {"^two$", "m", "one\ntwo\nthree", 0, 4, 7, -1, -1},
    {"^two$", "", "one\ntwo\nthree", 0, -1, 0, -1, -1},
    {"a.b", "s", "a\nb", 0, 0, 3, -1, -1},
    {"a.b", "", "a\nb", 0, -1, 0, -1, -1},
    {"a b # note", "x", "ab", 0, 0, 2, -1, -1},
    /* bytes, not characters: alef is two bytes, an emoji four */
    {"قراءة", "", "الأكثر قراءة", 0, 13, 23, -1, -1},
    {"\\bقراءة\\b", "", "الأكثر قراءة", 0, 13, 23, -1, -1},
    {"\\p{Arabic}+", "", "ab نص cd", 0, 3, 7, -1, -1},
    {"b", "",
     "\xF0\x9F\x98\x80"
     "b",
     0, 4, 5, -1, -1},
    {"(?<=a)b", "", "ab", 1, 1, 2, -1, -1},
    {"É", "i", "caf\xC3\xA9", 0, 3, 5, -1, -1},
    {"\\d+", "", "٢٤ ساعة", 0, 0, 4, -1, -1},
    {"b", "",
     "a\xFF\xFE"
     "b",
     0, 3, 4, -1, -1},
};

static void finds_bytes(void **state) {
    (void)state;
    dh_regex_cache *cache = dh_regex_cache_new(1000);
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        dh_regex *regex = compiled(finds[i].pattern, finds[i].flags);
        for (int twice = 0; twice < 2; twice++) {
            dh_regex_match m = {0};
            dh_regex_result result =
                dh_regex_find(cache, regex, dh_slice_cstr(finds[i].text), finds[i].from, &m);
            if (result != (finds[i].begin < 0 ? DH_REGEX_NO : DH_REGEX_YES))
                fail_msg("row %zu /%s/: result %d", i, finds[i].pattern, (int)result);
            if (result == DH_REGEX_YES &&
                (m.begin != (size_t)finds[i].begin || m.end != (size_t)finds[i].end ||
                 m.group_begin !=
                     (finds[i].group_begin < 0 ? DH_NPOS : (size_t)finds[i].group_begin) ||
                 m.group_end != (finds[i].group_end < 0 ? DH_NPOS : (size_t)finds[i].group_end)))
                fail_msg("row %zu /%s/: %zu-%zu", i, finds[i].pattern, m.begin, m.end);
        }
        dh_regex_free(regex); /* its address may come back for the next: the cache must notice */
    }
    dh_regex_cache_free(cache);
    dh_regex_cache_free(NULL);
    dh_regex_free(NULL);
}

static void names_errors(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *flags;
        size_t offset;
        const char *message;
    } rows[] = {
        {"", "", 0, "empty"},
        {"a", "q", 1, "flag"},
        {"a(b", "", 3, "parentheses"},
        {"قر[ا", "", 7, "missing ]"},
        {"a\\", "", 2, ""},
        {"a{3,2}", "", 6, "max below min"},
        {"(?<=a+)b", "", 8, "look-behind"},
        {"ok\n(", "", 4, "parentheses"},
        {"ab\xFF", "", 2, "UTF-8"},
        {"[z-a]", "", 4, "backwards"},
        {"\\p{Nonsense}", "", 12, "property"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_regex *regex = (dh_regex *)&state;
        dh_error error = {0};
        dh_status status = dh_regex_new(dh_slice_cstr(rows[i].pattern),
                                        dh_slice_cstr(rows[i].flags), &regex, &error);
        if (status != DH_ERR_RULE || regex != NULL ||
            strstr(error.message, rows[i].message) == NULL || error.offset > rows[i].offset ||
            error.offset + 2 < rows[i].offset)
            fail_msg("row %zu: status %d, offset %u, \"%s\"", i, (int)status,
                     (unsigned)error.offset, error.message);
    }
}

static void stops_catastrophes(void **state) {
    (void)state;
    static const char *const patterns[] = {"(a+)+b", "(a*)*b", "(a|aa)+b", "(.*a){20}b"};
    char text[2001];
    memset(text, 'a', 2000);
    text[2000] = '\0';
    dh_regex_cache *cache = dh_regex_cache_new(10);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        dh_regex *regex = compiled(patterns[i], "");
        dh_regex_match m;
        dh_regex_result result = dh_regex_find(cache, regex, dh_slice_cstr(text), 0, &m);
        if (result != DH_REGEX_LIMIT) fail_msg("%s: %d", patterns[i], (int)result);
        dh_arena arena;
        dh_arena_init(&arena, 0);
        dh_slice same = dh_regex_replace(cache, regex, dh_slice_cstr(text), DH_SLICE("x"), &arena);
        assert_ptr_equal(same.ptr, text);
        dh_arena_release(&arena);
        dh_regex_free(regex);
    }
    /* A deep match overflows ICU's backtracking stack, which is a limit too, not a crash. */
    size_t len = 4 * 1024 * 1024;
    char *big = malloc(len);
    memset(big, 'x', len);
    dh_regex *deep = compiled("(x|y)*z", "");
    dh_regex_match m;
    assert_int_equal(dh_regex_find(cache, deep, dh_slice_make(big, len), 0, &m), DH_REGEX_LIMIT);
    dh_regex *plain = compiled("y", "");
    assert_int_equal(dh_regex_find(cache, plain, dh_slice_make(big, 1000), 0, &m), DH_REGEX_NO);
    dh_regex_free(deep);
    dh_regex_free(plain);
    dh_regex_cache_free(cache);
    free(big);
}

static void replaces_all(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *text, *replacement, *result;
    } rows[] = {
        {"\\s*\\(opens in new tab\\)", "Tide tables (opens in new tab) today", "",
         "Tide tables today"},
        {"(\\w+) (\\w+)", "one two", "$2 $1", "two one"},
        {"(\\w+)", "one two", "<$1>", "<one> <two>"},
        {"(?<first>\\w)\\w*", "one two", "${first}", "o t"},
        {"o", "foo", "\\$1\\\\", "f$1\\$1\\"},
        {"(o)", "o", "$12", "o2"},
        {"x*", "ab", "-", "-a-b-"},
        {"ن", "نص نص", "م", "مص مص"},
        {"all", "all", "", ""},
        {"none", "text", "x", "text"},
        {"a", "a", "$9 ${gone} ${open $", "  ${open $"},
    };
    dh_regex_cache *cache = dh_regex_cache_new(1000);
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_regex *regex = compiled(rows[i].pattern, "");
        dh_slice out = dh_regex_replace(cache, regex, dh_slice_cstr(rows[i].text),
                                        dh_slice_cstr(rows[i].replacement), &arena);
        if (!dh_slice_eq(out, dh_slice_cstr(rows[i].result)))
            fail_msg("row %zu: \"%.*s\"", i, (int)out.len, out.ptr);
        dh_regex_free(regex);
    }
    dh_arena_release(&arena);
    dh_regex_cache_free(cache);
}

static void *search(void *data) {
    dh_regex *const *shared = data;
    dh_regex_cache *cache = dh_regex_cache_new(1000);
    uintptr_t found = 0;
    for (int i = 0; i < 2000; i++) {
        dh_regex_match m;
        if (dh_regex_find(cache, shared[i % 40], DH_SLICE("some text 17 with a number"), 0, &m) ==
            DH_REGEX_YES)
            found += m.end;
    }
    dh_regex_cache_free(cache);
    return (void *)found;
}

static void is_shared_by_threads(void **state) {
    (void)state;
    dh_regex *shared[40];
    for (size_t i = 0; i < 40; i++) shared[i] = compiled(i % 2 == 0 ? "\\d+" : "w(i)th", "i");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, search, shared), 0);
    for (int i = 0; i < 4; i++) {
        void *found;
        pthread_join(threads[i], &found);
        assert_int_equal((uintptr_t)found, 1000 * 12 + 1000 * 17);
    }
    for (size_t i = 0; i < 40; i++) dh_regex_free(shared[i]);
}

/* Patterns are compiled when first used if nothing can be wrong with them: whatever is accepted must
 * be a pattern to ICU, and whatever it refuses must be refused at once. */
static void test_faults_are_told_at_once(void **state) {
    static const char *const parts[] = {
        "a",   "9",   "[a",  "-",      "]",   "[^", "^",   "$",    "(",  ")",   "(?:",     "|",
        "*",   "+",   "{2}", "{3,1}",  "{",   "}",  ".",   "\\d", "\\p{L}", "\\b", "&&", ":",
        "[:",  "z-a", "\\", "0-9",    "\\1"};
    enum { PARTS = sizeof parts / sizeof parts[0] };
    (void)state;
    for (size_t i = 0; i < PARTS * PARTS * PARTS; i++) {
        char text[32];
        UChar units[32];
        int32_t len = 0;
        UParseError where;
        UErrorCode status = U_ZERO_ERROR;
        dh_regex *regex = NULL;
        snprintf(text, sizeof text, "%s%s%s", parts[i % PARTS], parts[i / PARTS % PARTS],
                 parts[i / PARTS / PARTS]);
        dh_status ours = dh_regex_new(dh_slice_cstr(text), DH_SLICE(""), &regex, NULL);
        u_strFromUTF8(units, 32, &len, text, -1, &status);
        URegularExpression *theirs = uregex_open(units, len, 0, &where, &status);
        if ((ours == DH_OK) != (U_SUCCESS(status) != 0)) fail_msg("%s", text);
        uregex_close(theirs);
        dh_regex_free(regex);
    }
}

/* What many matches spend together has a limit, too; what is quick is matched all the same. */
static void page_budget(void **state) {
    (void)state;
    dh_regex *slow, *quick;
    assert_int_equal(dh_regex_new(DH_SLICE("^(a+)+$"), (dh_slice){0}, &slow, NULL), DH_OK);
    assert_int_equal(dh_regex_new(DH_SLICE("a+"), (dh_slice){0}, &quick, NULL), DH_OK);
    dh_regex_cache *cache = dh_regex_cache_new(10);
    dh_regex_match match;
    dh_slice line = DH_SLICE("aaaaaaaaaaaaaa!"); /* some steps: less than the limit of one match */
    int before = 0;
    while (before < 300 && dh_regex_find(cache, slow, line, 0, &match) == DH_REGEX_NO) before++;
    assert_in_range(before, 8, 80);
    for (int i = 0; i < 20; i++)
        assert_int_equal(dh_regex_find(cache, slow, line, 0, &match), DH_REGEX_LIMIT);
    assert_ptr_equal(dh_regex_cache_stopped(cache), slow);
    assert_int_equal(dh_regex_find(cache, quick, line, 0, &match), DH_REGEX_YES);
    assert_null(dh_regex_cache_stopped(cache));
    dh_regex_cache_begin(cache);
    assert_int_equal(dh_regex_find(cache, slow, line, 0, &match), DH_REGEX_NO);
    dh_regex_cache_free(cache);
    dh_regex_free(slow);
    dh_regex_free(quick);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_told_at_once),
        cmocka_unit_test(finds_bytes),          cmocka_unit_test(names_errors),
        cmocka_unit_test(stops_catastrophes),   cmocka_unit_test(replaces_all),
        cmocka_unit_test(is_shared_by_threads), cmocka_unit_test(page_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
