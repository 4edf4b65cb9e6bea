/* SPDX-License-Identifier: Apache-2.0 */
/* Site memory: what is counted, what is boilerplate by its counts, and what goes from a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "corpus/memory.h"
#include "corpus/recall.h"
#include "text/line_key.h"

static dh_arena arena;

static int begin(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}
static int end(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

/* ---- keys ---- */

static void keys(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"Read 1,204 times", "  READ 7,311 TIMES! ", true},
        {"- Subscribe now", "Subscribe now", true},
        {"12. Subscribe now", "Subscribe now", true},
        {"اشترك الآن", "إشترك الآن", true},
        {"قَرَّرَ المَجْلِسُ", "قرر المجلس", true},
        {"今日の天気", "今日の天気。", true},
        {"Subscribe now", "Subscribe today", false},
        {"Read 12 times", "Read times", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_line_key a, b;
        assert_true(dh_text_line_key(dh_slice_cstr(rows[i].a), &arena, &a));
        assert_true(dh_text_line_key(dh_slice_cstr(rows[i].b), &arena, &b));
        if ((a.hash == b.hash) != rows[i].same) fail_msg("%s | %s", rows[i].a, rows[i].b);
    }
    dh_line_key key;
    assert_false(dh_text_line_key(DH_SLICE("* * *"), &arena, &key));
    assert_false(dh_text_line_key(DH_SLICE("Yes"), &arena, &key));
    assert_false(dh_text_line_key(DH_SLICE(""), &arena, &key));
    assert_false(dh_text_line_key(DH_SLICE("1.234"), &arena, &key));
    assert_true(dh_text_line_key(DH_SLICE("天気"), &arena, &key));
    assert_int_equal(key.weight, 6);
    assert_false(key.digits);
}

/* ---- the file of a page's lines ---- */

static void page(dh_page_lines *lines, const char *host, const char *url) {
    dh_page_lines_begin(lines, dh_slice_cstr(host), dh_slice_cstr(url), DH_SLICE("id"),
                        DH_SLICE("2024-05-15T10:20:30Z"), &arena);
}

static void file(void **state) {
    (void)state;
    dh_page_lines a, b;
    dh_buf out = {0};
    page(&a, "www.a.example", "https://www.a.example/x/");
    dh_page_lines_add(&a, DH_SLICE("A line of the text, with 7 words."), DH_LINE_PROSE, true);
    dh_page_lines_add(&a, DH_SLICE("A heading"), DH_LINE_HEADING, false);
    dh_page_lines_add(&a, DH_SLICE("a HEADING!"), DH_LINE_ITEM, true); /* kept: it counts as that */
    dh_page_lines_add(&a, DH_SLICE("?"), DH_LINE_PROSE, true);
    dh_page_lines_put(&a, &out);
    assert_true(dh_page_lines_read(dh_buf_slice(&out), &b, &arena));
    assert_true(dh_slice_eq(b.host, DH_SLICE("a.example")));
    assert_true(a.page == b.page);
    assert_int_equal(b.day, 20240515);
    assert_int_equal(b.lines.len, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(a.lines.ptr[i].key == b.lines.ptr[i].key);
        assert_true(b.lines.ptr[i].kept);
        assert_int_equal(b.lines.ptr[i].digits, i == 0);
        assert_int_equal(b.lines.ptr[i].kind, i == 0 ? DH_LINE_PROSE : DH_LINE_ITEM);
        assert_int_equal(b.lines.ptr[i].weight, i == 0 ? 20 : 8);
    }
    /* One page, however its address is written. */
    page(&b, "a.example", "http://a.example/x#there");
    assert_true(a.page == b.page);
    page(&b, "a.example", "http://a.example/x?y");
    assert_false(a.page == b.page);
    static const char *const bad[] = {
        "",
        "{}",
        "x",
        "{\"host\": \"a\", \"page\": \"0\", \"day\": 0, \"lines\": \"0\"}",
        "{\"host\": \"\", \"page\": \"0\", \"day\": 0, \"lines\": \"\"}",
        "{\"host\": \"a\", \"page\": \"g\", \"day\": 0, \"lines\": \"\"}",
        "{\"host\": \"a\", \"page\": \"0\", \"day\": -1, \"lines\": \"\"}",
        "{\"host\": \"a\", \"page\": \"0\", \"day\": 0, \"lines\": \"0401zzzzzzzzzzzzzzzz\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dh_page_lines_read(dh_slice_cstr(bad[i]), &b, &arena));
    dh_buf_release(&out);
}

/* ---- counting ---- */

enum { PAGES = 30 };

/* Page n of 30 on one host, all with a line; some with others. Pages 20 to 29 are copies of page 19 under their own addresses,
 * page 18 is one that was saved under the address of page 17. */
static void make(uint32_t n, dh_page_lines *lines) {
    char url[64], own[128], said[64];
    uint32_t story = n > 19 ? 19 : n;
    snprintf(url, sizeof url, "https://a.example/%u", (unsigned)(n == 18 ? 17 : n));
    page(lines, "a.example", url);
    snprintf(own, sizeof own,
             "What story number %c%c tells is told at some length, and nowhere else again.",
             'a' + (int)story % 26, 'a' + (int)story / 26);
    snprintf(said, sizeof said, "Wibble at the fandry %u times", (unsigned)n);
    dh_page_lines_add(lines, dh_slice_cstr(own), DH_LINE_PROSE, true);
    dh_page_lines_add(lines, dh_slice_cstr(said), DH_LINE_PROSE, n % 2 == 0);
    if (n < 6)
        dh_page_lines_add(lines, DH_SLICE("Six stories have this one."), DH_LINE_HEADING, true);
    if (n < 4)
        dh_page_lines_add(lines, DH_SLICE("Four stories have that one."), DH_LINE_PROSE, true);
}

static void count(size_t memory, uint32_t start, dh_counted *out, uint32_t *len) {
    dh_counter *c;
    dh_error error = {0};
    assert_int_equal(dh_counter_new("/tmp", memory, &c, &error), DH_OK);
    for (int pass = 0; pass < DH_COUNTER_PASSES; pass++) {
        for (uint32_t i = 0; i < PAGES; i++) {
            dh_page_lines lines;
            make((start + i * 7) % PAGES, &lines); /* 7 and 30 have no divisor in common */
            assert_int_equal(dh_counter_add(c, &lines, &error), DH_OK);
        }
        assert_int_equal(dh_counter_turn(c, &error), DH_OK);
    }
    *len = 0;
    while (dh_counter_next(c, &out[*len], &error) == DH_OK) {
        assert_true(dh_slice_eq(out[*len].host, DH_SLICE("a.example")));
        out[*len].host = DH_SLICE("");
        assert_true(++*len < 8);
    }
    dh_counter_free(c);
}

static const dh_counted *row(const dh_counted *rows, uint32_t len, const char *text) {
    dh_line_key key = {0};
    if (text != NULL) assert_true(dh_text_line_key(dh_slice_cstr(text), &arena, &key));
    for (uint32_t i = 0; i < len; i++)
        if (rows[i].key == key.hash) return &rows[i];
    return NULL;
}

static void counts(void **state) {
    (void)state;
    dh_counted first[8], again[8];
    uint32_t len, len2;
    count(0, 0, first, &len);
    assert_int_equal(row(first, len, NULL)->pages, 19);
    const dh_counted *all = row(first, len, "Wibble at the fandry 5 times");
    assert_int_equal(all->pages, 19);
    assert_int_equal(all->of, 19);
    assert_int_equal(all->kept,
                     11); /* 0, 2 ... 16, 17 by way of 18, and the copies by some of them */
    assert_true(all->digits);
    assert_int_equal(all->first, 20240515);
    const dh_counted *six = row(first, len, "Six stories have this one.");
    assert_int_equal(six->pages, 6);
    assert_int_equal(six->kind, DH_LINE_HEADING);
    assert_null(row(first, len, "Four stories have that one."));
    /* Ten copies have it, which are one article. */
    const dh_counted *copied = row(
        first, len, "What story number ta tells is told at some length, and nowhere else again.");
    assert_int_equal(copied->pages, 1);
    static const size_t memories[] = {32, 100, 1000};
    for (uint32_t start = 0; start < PAGES; start += 3)
        for (size_t k = 0; k < 3; k++) {
            count(memories[k], start, again, &len2);
            assert_int_equal(len, len2);
            for (uint32_t i = 0; i < len; i++) {
                assert_true(first[i].key == again[i].key);
                assert_int_equal(first[i].pages, again[i].pages);
                assert_int_equal(first[i].kept, again[i].kept);
                assert_int_equal(first[i].of, again[i].of);
            }
        }
}

/* ---- the verdict ---- */

static void verdicts(void **state) {
    (void)state;
    static const struct {
        uint64_t pages, kept, of;
        uint32_t weight;
        dh_line_kind kind;
        bool digits, want;
    } rows[] = {
        /* a host with few pages */
        {19, 19, 19, 100, DH_LINE_PROSE, false, false},
        {20, 20, 20, 100, DH_LINE_PROSE, false, true},
        /* quotations, background */
        {3, 3, 200, 100, DH_LINE_PROSE, false, false},
        {28, 28, 200, 100, DH_LINE_PROSE, false, false},
        {29, 29, 200, 100, DH_LINE_PROSE, false, true},
        {199, 199, 10000, 100, DH_LINE_PROSE, false, false},
        {200, 200, 10000, 100, DH_LINE_PROSE, false, true},
        {8, 8, 20, 100, DH_LINE_PROSE, false, false},
        {9, 9, 20, 100, DH_LINE_PROSE, false, true},
        /* what the extractor mostly drops */
        {15, 7, 200, 100, DH_LINE_PROSE, false, true},
        {14, 7, 200, 100, DH_LINE_PROSE, false, false},
        {28, 7, 200, 20, DH_LINE_ITEM, false, false},
        {29, 7, 200, 20, DH_LINE_ITEM, false, true},
        {200, 7, 200, 8, DH_LINE_PROSE, false, false},
        {200, 7, 200, 8, DH_LINE_HEADING, false, false},
        {200, 7, 200, 8, DH_LINE_ITEM, false, false},
        {4, 0, 9, 100, DH_LINE_PROSE, false, false},
        /* numbers */
        {29, 29, 200, 100, DH_LINE_PROSE, true, false},
        {57, 57, 200, 100, DH_LINE_PROSE, true, true},
        /* short ones */
        {56, 56, 200, 19, DH_LINE_PROSE, false, false},
        {57, 57, 200, 19, DH_LINE_PROSE, false, true},
        {199, 199, 1000, 8, DH_LINE_PROSE, false, false},
        {200, 200, 1000, 8, DH_LINE_PROSE, false, true},
        {200, 200, 200, 8, DH_LINE_ITEM, false, false},
        {57, 57, 200, 40, DH_LINE_ITEM, false, true},
        {29, 29, 200, 8, DH_LINE_HEADING, false, true},
        /* lines of code and verse */
        {200, 200, 200, 100, DH_LINE_PART, false, false},
        /* as many as there may be */
        {UINT32_MAX, UINT32_MAX, UINT64_C(1) << 40, 100, DH_LINE_PROSE, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_counted counted = {.pages = rows[i].pages,
                              .kept = rows[i].kept,
                              .of = rows[i].of,
                              .weight = rows[i].weight,
                              .kind = rows[i].kind,
                              .digits = rows[i].digits};
        if (dh_memory_is_boilerplate(&counted) != rows[i].want)
            fail_msg("%zu: %u of %u", i, (unsigned)rows[i].pages, (unsigned)rows[i].of);
    }
}

/* ---- what goes ---- */

static bool find(const void *data, dh_slice host, uint64_t line, dh_site_repeat *repeat) {
    static const char *const husk[] = {"Subscribe to the Courier today", "More from the harbour",
                                       "Reported by the agency"};
    (void)data;
    if (!dh_slice_eq(host, DH_SLICE("a.example"))) return false;
    for (size_t i = 0; i < 3; i++) {
        dh_line_key key;
        dh_text_line_key(dh_slice_cstr(husk[i]), &arena, &key);
        if (key.hash != line) continue;
        *repeat = (dh_site_repeat){40, 50, i == 1};
        return true;
    }
    return false;
}

static void texts(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
        uint32_t lines;
    } rows[] = {
        {"One.\n\nTwo.", "One.\n\nTwo.", 0},
        {"", "", 0},
        {"Subscribe to the Courier today!\n\nOne.\n\nTwo.", "One.\n\nTwo.", 1},
        {"One.\n\nSubscribe to the Courier today!\n\nTwo.", "One.\n\nTwo.", 1},
        {"One.\nSubscribe to the Courier today!\nTwo.", "One.\nTwo.", 1},
        {"One.\n\nReported by the agency\nSubscribe to the Courier today!\n\nTwo.", "One.\n\nTwo.",
         2},
        {"One.\n\n- Subscribe to the Courier today\n- Two", "One.\n\n- Two", 1},
        {"    One.\n\n\n  Two.\n\nReported by the agency", "    One.\n\n\n  Two.", 1},
        {"Reported by the agency", "", 1},
        /* a heading goes with what stands below it, or when nothing does */
        {"One.\n\nMore from the harbour", "One.", 1},
        {"One.\n\nMore from the harbour\n\nReported by the agency", "One.", 2},
        {"One.\n\nMore from the harbour\n\nTwo.", "One.\n\nMore from the harbour\n\nTwo.", 0},
        {"One.\n\nMore from the harbour\n\nReported by the agency\n\nTwo.", "One.\n\nTwo.", 2},
    };
    dh_site_memory memory = {.find = find};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_recalled out;
        dh_recall(&memory, DH_SLICE("www.a.example"), dh_slice_cstr(rows[i].text), &arena, &out);
        if (!dh_slice_eq(out.text, dh_slice_cstr(rows[i].want)))
            fail_msg("%zu: \"%.*s\"", i, (int)out.text.len, out.text.ptr);
        assert_int_equal(out.lines.len, rows[i].lines);
        dh_recall(&memory, DH_SLICE("b.example"), dh_slice_cstr(rows[i].text), &arena, &out);
        assert_int_equal(out.lines.len, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys, begin, end),
        cmocka_unit_test_setup_teardown(file, begin, end),
        cmocka_unit_test_setup_teardown(counts, begin, end),
        cmocka_unit_test_setup_teardown(verdicts, begin, end),
        cmocka_unit_test_setup_teardown(texts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
