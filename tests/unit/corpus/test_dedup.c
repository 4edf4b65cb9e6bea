/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/dedup.h"
#include "corpus/minhash.h"

static uint64_t next_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 16;
}

static bool share_a_band(const uint64_t *a, const uint64_t *b) {
    bool any = false;
    for (int i = 0; i < DH_MINHASH_BANDS; i++) any = any || a[i] == b[i];
    return any;
}

/* Pairs of sets of known similarity meet as often as theory has it. */
static void follows_theory(void **state) {
    (void)state;
    enum { PAIRS = 1500, UNION = 400 };
    static const double similarities[] = {0.3, 0.5, 0.7, 0.75, 0.8, 0.9};
    uint64_t seed = 7;
    for (size_t k = 0; k < sizeof similarities / sizeof *similarities; k++) {
        double s = similarities[k],
               expected = 1 - pow(1 - pow(s, DH_MINHASH_ROWS), DH_MINHASH_BANDS);
        size_t common = (size_t)(s * UNION + 0.5), each = (UNION - common) / 2;
        int met = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            uint64_t a[UNION], b[UNION], x[DH_MINHASH_BANDS], y[DH_MINHASH_BANDS];
            for (size_t i = 0; i < common; i++) a[i] = b[i] = next_random(&seed);
            for (size_t i = common; i < common + each; i++) {
                a[i] = next_random(&seed);
                b[i] = next_random(&seed);
            }
            dh_minhash_of(a, common + each, x);
            dh_minhash_of(b, common + each, y);
            met += share_a_band(x, y);
        }
        double share = (double)met / PAIRS, sigma = sqrt(expected * (1 - expected) / PAIRS);
        if (fabs(share - expected) > 4 * sigma + 0.002)
            fail_msg("similarity %.2f: %.3f meet, not %.3f", s, share, expected);
    }
}

static void texts(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        bool meet;
    } rows[] = {
        {"The lighthouse will be moved to the old quay in June",
         "the LIGHTHOUSE will be moved, to the old quay in june!", true},
        {"One", "one", true},
        {"The lighthouse will be moved to the old quay in June",
         "Nobody has named the cost of the work at the port so far", false},
        {"قرر المجلس البلدي نقل المنارة إلى الرصيف القديم",
         "قَرَّرَ المَجْلِسُ البَلَدِيُّ نَقْلَ المَنَارَةِ إِلَى الرَّصِيفِ القَدِيمِ", true},
        {"市议会星期二晚上决定把灯塔迁到旧码头", "市议会星期二晚上决定，把灯塔迁到旧码头。", true},
        {"市议会星期二晚上决定把灯塔迁到旧码头", "旁听席座无虚席辩论持续了五个多小时", false},
    };
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t x[DH_MINHASH_BANDS], y[DH_MINHASH_BANDS];
        jmp_buf guard;
        if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
        assert_true(dh_minhash(dh_slice_cstr(rows[i].a), &arena, x));
        assert_true(dh_minhash(dh_slice_cstr(rows[i].b), &arena, y));
        if (share_a_band(x, y) != rows[i].meet) fail_msg("row %zu", i);
    }
    uint64_t none[DH_MINHASH_BANDS];
    assert_false(dh_minhash(DH_SLICE("... -- !"), &arena, none));
    dh_arena_release(&arena);
}

/* ---- clusters ---- */

typedef struct doc {
    char id[120], text[400];
} doc;

static dh_arena arena;

static void run(const doc *docs, size_t count, bool near, dh_dedup_verdict *verdicts) {
    dh_dedup *d;
    dh_error error = {0};
    jmp_buf guard;
    dh_dedup_options options = {.near = near, .folder = "/tmp", .memory = 1000};
    assert_int_equal(dh_dedup_new(&options, &d, &error), DH_OK);
    if (dh_arena_guard(&arena, &guard)) fail_msg("memory");
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dh_dedup_add(d, dh_slice_cstr(docs[i].id), 1, dh_slice_cstr(docs[i].text),
                                      &arena, &error),
                         DH_OK);
    assert_int_equal(dh_dedup_cluster(d, &error), DH_OK);
    assert_true(dh_dedup_needs_names(d) == near);
    for (size_t i = 0; i < count && near; i++)
        assert_int_equal(dh_dedup_name(d, i, dh_slice_cstr(docs[i].id), 1, &error), DH_OK);
    if (near) assert_int_equal(dh_dedup_choose(d, &error), DH_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dh_dedup_next(d, i, &verdicts[i], &error), DH_OK);
    dh_dedup_free(d);
}

/* 60 documents: 20 stories, each once more with other white space, and once with another ending. In any order the same
 * ones stay. */
static void same_in_any_order(void **state) {
    (void)state;
    enum { STORIES = 20, COUNT = STORIES * 3, ORDERS = 5 };
    static doc docs[COUNT];
    static dh_dedup_verdict verdicts[COUNT];
    uint64_t seed = 3;
    for (int near = 0; near < 2; near++) {
        for (int i = 0; i < COUNT; i++) {
            int story = i / 3, kind = i % 3;
            size_t len = 0;
            /* The copy with another ending has the smallest id of the three. */
            snprintf(docs[i].id, sizeof docs[i].id,
                     "%02d-%c-a-name-that-is-longer-than-what-is-kept-of-it-%040d", story,
                     kind == 2   ? 'a'
                     : kind == 1 ? 'c'
                                 : 'b',
                     i);
            for (int w = 0; w < 40; w++)
                len += (size_t)snprintf(docs[i].text + len, sizeof docs[i].text - len, "%sw%d",
                                        kind == 1 ? " \n" : " ", story * 100 + w);
            if (kind == 2) snprintf(docs[i].text + len, sizeof docs[i].text - len, " end");
        }
        for (int order = 0; order < ORDERS; order++) {
            for (int i = COUNT - 1; i > 0; i--) {
                int k = (int)(next_random(&seed) % (uint64_t)(i + 1));
                doc swap = docs[i];
                docs[i] = docs[k];
                docs[k] = swap;
            }
            run(docs, COUNT, near == 1, verdicts);
            for (int i = 0; i < COUNT; i++) {
                char kind = docs[i].id[3];
                int want = near == 1 ? (kind == 'a'   ? DH_DEDUP_CHOSEN
                                        : kind == 'b' ? DH_DEDUP_NEAR
                                                      : DH_DEDUP_SAME)
                                     : (kind == 'a'   ? DH_DEDUP_ALONE
                                        : kind == 'b' ? DH_DEDUP_CHOSEN
                                                      : DH_DEDUP_SAME);
                if ((int)verdicts[i].kind != want)
                    fail_msg("%d %s: %d, not %d", near, docs[i].id, verdicts[i].kind, want);
                if (want == DH_DEDUP_ALONE) continue;
                assert_memory_equal(verdicts[i].id, docs[i].id, 2);
                assert_int_equal(verdicts[i].id[3], near == 1 ? 'a' : 'b');
                assert_int_equal(strlen(verdicts[i].id), DH_DEDUP_ID);
                if (want == DH_DEDUP_CHOSEN)
                    assert_int_equal(verdicts[i].documents, near == 1 ? 3 : 2);
            }
        }
    }
}

static void nothing(void **state) {
    (void)state;
    dh_dedup_verdict verdict;
    for (int near = 0; near < 2; near++) {
        doc one = {.id = "x", .text = ""};
        run(&one, 0, near == 1, &verdict);
        run(&one, 1, near == 1, &verdict);
        assert_int_equal(verdict.kind, DH_DEDUP_ALONE);
    }
}

static int setup(void **state) {
    (void)state;
    dh_arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    dh_arena_release(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follows_theory),
        cmocka_unit_test(texts),
        cmocka_unit_test(same_in_any_order),
        cmocka_unit_test(nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
