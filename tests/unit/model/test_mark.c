/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/mark.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

typedef struct said {
    uint32_t block;
    dh_verdict verdict;
    dh_cause cause;
} said;

static void test_authority(void **state) {
    (void)state;
    static const struct {
        said marks[4];
        uint32_t n;
        dh_verdict verdict;
        uint32_t mark;
    } table[] = {
        {{{0}}, 0, DH_KEEP, UINT32_MAX},
        {{{0, DH_DROP, DH_CAUSE_SCORE}}, 1, DH_DROP, 0},
        /* the higher cause wins, wherever it stands */
        {{{0, DH_DROP, DH_CAUSE_SCORE}, {0, DH_KEEP, DH_CAUSE_KEEP}}, 2, DH_KEEP, 1},
        {{{0, DH_KEEP, DH_CAUSE_KEEP}, {0, DH_DROP, DH_CAUSE_RULE}}, 2, DH_KEEP, 0},
        {{{0, DH_DROP, DH_CAUSE_RULE}, {0, DH_KEEP, DH_CAUSE_ARTICLE}}, 2, DH_DROP, 0},
        {{{0, DH_DROP, DH_CAUSE_HIDDEN}, {0, DH_KEEP, DH_CAUSE_SCORE}}, 2, DH_DROP, 0},
        {{{0, DH_DROP, DH_CAUSE_LABEL}, {0, DH_DROP, DH_CAUSE_HIDDEN}}, 2, DH_DROP, 1},
        {{{0, DH_DROP, DH_CAUSE_REPEATED}, {0, DH_KEEP, DH_CAUSE_ARTICLE}}, 2, DH_DROP, 0},
        {{{0, DH_KEEP, DH_CAUSE_ARTICLE}, {0, DH_DROP, DH_CAUSE_SCORE}}, 2, DH_KEEP, 0},
        /* of one cause the later */
        {{{0, DH_DROP, DH_CAUSE_RULE}, {0, DH_KEEP, DH_CAUSE_RULE}, {0, DH_DROP, DH_CAUSE_SCORE}},
         3,
         DH_KEEP,
         1},
        /* marks of other blocks, and of none */
        {{{1, DH_DROP, DH_CAUSE_KEEP}, {7, DH_DROP, DH_CAUSE_KEEP}, {0, DH_DROP, DH_CAUSE_SCORE}},
         3,
         DH_DROP,
         2},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_arena arena;
        dh_marks marks;
        dh_decision decisions[2];
        dh_arena_init(&arena, 0);
        dh_marks_init(&marks, &arena);
        for (uint32_t m = 0; m < table[i].n; m++) {
            const said *s = &table[i].marks[m];
            dh_mark *mark =
                dh_marks_add(&marks, s->block, s->verdict, s->cause, DH_SLICE("s"), DH_SLICE("d"));
            assert_int_equal(mark->score, -1);
            assert_int_equal(mark->end, DH_WHOLE);
        }
        dh_marks_resolve(&marks, decisions, 2);
        assert_int_equal(decisions[0].verdict, table[i].verdict);
        assert_int_equal(decisions[0].mark, table[i].mark);
        assert_int_equal(decisions[0].role, DH_ROLE_BODY);
        assert_int_equal(decisions[0].spans, 0);
        dh_arena_release(&arena);
    }
}

typedef struct span {
    uint32_t begin, end;
    const char *replacement; /* NULL: DROP */
} span;

static void test_spans(void **state) {
    (void)state;
    static const struct {
        span spans[4];
        const char *want; /* of "0123456789" */
        bool slice;       /* a part of the text, not a copy */
    } table[] = {
        {{{0}}, "0123456789", true},
        {{{2, 4, NULL}}, "01456789", false},
        {{{0, 4, NULL}}, "456789", true},
        {{{4, 10, NULL}}, "0123", true},
        {{{4, 1000, NULL}}, "0123", true},
        {{{0, 3, NULL}, {7, 10, NULL}}, "3456", true},
        {{{0, 10, NULL}}, "", true},
        {{{0, 5, NULL}, {5, 10, NULL}}, "", true},
        {{{6, 8, NULL}, {1, 3, NULL}}, "034589", false},
        {{{1, 5, NULL}, {3, 7, NULL}}, "0789", false}, /* overlap */
        {{{1, 7, NULL}, {3, 5, NULL}}, "0789", false}, /* one inside the other */
        {{{3, 5, NULL}, {3, 7, NULL}}, "012789", false},
        {{{5, 3, NULL}}, "0123456789", true}, /* no span at all */
        {{{20, 30, NULL}}, "0123456789", true},
        {{{2, 4, "ab"}}, "01ab456789", false},
        {{{2, 4, ""}}, "01456789", false},
        {{{0, DH_WHOLE, "ab"}}, "ab", false},
        {{{10, 10, "!"}}, "0123456789!", false},
        {{{2, 2, "ab"}}, "01ab23456789", false},
        {{{1, 4, "a"}, {3, 6, "b"}}, "0a456789", false}, /* overlap: the first holds */
        {{{1, 4, NULL}, {3, 6, "b"}}, "0456789", false},
        {{{1, 4, "a"}, {3, 6, NULL}}, "0a6789", false},
        {{{0, 5, " "}, {9, 10, " "}}, "5678", false}, /* trimmed */
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_arena arena;
        dh_marks marks;
        dh_decision decision;
        dh_block block = {.text = DH_SLICE("0123456789")};
        dh_blocks blocks = {.ptr = &block, .len = 1};
        dh_arena_init(&arena, 0);
        dh_marks_init(&marks, &arena);
        dh_marks_add(&marks, 0, DH_KEEP, DH_CAUSE_SCORE, DH_SLICE(""), DH_SLICE(""));
        for (size_t s = 0; s < 4; s++) {
            const span *one = &table[i].spans[s];
            if (one->begin == 0 && one->end == 0) continue;
            dh_mark *mark = dh_marks_add(&marks, 0, one->replacement ? DH_REPLACE : DH_DROP,
                                         DH_CAUSE_RULE, DH_SLICE(""), DH_SLICE(""));
            mark->begin = one->begin;
            mark->end = one->end;
            mark->replacement = dh_slice_cstr(one->replacement);
        }
        dh_marks_resolve(&marks, &decision, 1);
        assert_int_equal(decision.spans, marks.len - 1);
        assert_int_equal(decision.verdict, DH_KEEP); /* spans do not drop the block */
        dh_slice got = dh_marks_text(&marks, &blocks, &decision, 0, &arena);
        if (!dh_slice_eq(got, dh_slice_cstr(table[i].want)))
            fail_msg("case %zu: '%.*s', want '%s'", i, (int)got.len, got.ptr, table[i].want);
        bool inside = got.len == 0 || (got.ptr >= block.text.ptr && got.ptr < block.text.ptr + 10);
        if (inside != table[i].slice) fail_msg("case %zu is copied or not", i);
        dh_arena_release(&arena);
    }
}

/* A rule's keep protects the whole block, any other whole mark does not. */
static void test_keep_voids_spans(void **state) {
    (void)state;
    for (int cause = DH_CAUSE_KEEP; cause <= DH_CAUSE_SCORE; cause++) {
        dh_arena arena;
        dh_marks marks;
        dh_decision decision;
        dh_block block = {.text = DH_SLICE("abc")};
        dh_blocks blocks = {.ptr = &block, .len = 1};
        dh_arena_init(&arena, 0);
        dh_marks_init(&marks, &arena);
        dh_marks_add(&marks, 0, DH_DROP, DH_CAUSE_RULE, DH_SLICE(""), DH_SLICE(""))->begin = 1;
        dh_marks_add(&marks, 0, DH_KEEP, (dh_cause)cause, DH_SLICE(""), DH_SLICE(""));
        dh_marks_resolve(&marks, &decision, 1);
        dh_slice got = dh_marks_text(&marks, &blocks, &decision, 0, &arena);
        assert_int_equal(got.len, cause == DH_CAUSE_KEEP ? 3 : 1);
        dh_arena_release(&arena);
    }
}

/* Many spans, many blocks, in the worst orders: hangs when it is not about linear. */
static void test_many(void **state) {
    (void)state;
    enum { BLOCKS = 50000 };
    dh_arena arena;
    dh_marks marks;
    dh_arena_init(&arena, 0);
    dh_marks_init(&marks, &arena);
    dh_block *blocks = dh_arena_zalloc(&arena, BLOCKS, sizeof *blocks);
    dh_decision *decisions = dh_arena_zalloc(&arena, BLOCKS, sizeof *decisions);
    dh_blocks all = {.ptr = blocks, .len = BLOCKS};
    for (uint32_t i = 0; i < BLOCKS; i++) blocks[i].text = DH_SLICE("abcd");
    char *letters = dh_arena_alloc(&arena, BLOCKS);
    memset(letters, 'x', BLOCKS);
    blocks[0].text = dh_slice_make(letters, BLOCKS);
    for (uint32_t i = BLOCKS; i-- > 0;) { /* one span in each block, backwards */
        dh_mark *mark = dh_marks_add(&marks, i, DH_DROP, DH_CAUSE_RULE, DH_SLICE(""), DH_SLICE(""));
        mark->begin = 1;
        mark->end = 2;
    }
    for (uint32_t i = BLOCKS / 2; i-- > 1;) { /* and thousands in the first, backwards */
        dh_mark *mark = dh_marks_add(&marks, 0, DH_DROP, DH_CAUSE_RULE, DH_SLICE(""), DH_SLICE(""));
        mark->begin = i * 2;
        mark->end = i * 2 + 1;
    }
    dh_marks_resolve(&marks, decisions, BLOCKS);
    assert_int_equal(dh_marks_text(&marks, &all, decisions, 0, &arena).len, BLOCKS / 2);
    for (uint32_t i = 1; i < BLOCKS; i++)
        assert_int_equal(dh_marks_text(&marks, &all, decisions, i, &arena).len, 3);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_authority),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_keep_voids_spans),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
