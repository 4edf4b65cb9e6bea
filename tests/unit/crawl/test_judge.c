/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawl/judge.h"

static void answers(void **state) {
    (void)state;
    static const struct {
        dh_answer answer;
        dh_act act;
        bool trouble;
    } table[] = {
        {{.status = 200}, DH_ACT_READ, false},
        {{.status = 203}, DH_ACT_READ, false},
        {{.status = 204}, DH_ACT_UNWANTED, false},
        {{.status = 206}, DH_ACT_UNWANTED, false},
        {{.status = 304}, DH_ACT_SAME, false},
        {{.status = 301, .redirect = true}, DH_ACT_MOVE, false},
        {{.status = 302, .redirect = true, .hops = 9}, DH_ACT_MOVE, false},
        {{.status = 302, .redirect = true, .hops = 10}, DH_ACT_GIVE_UP, false},
        {{.status = 302}, DH_ACT_GIVE_UP, false}, /* to nowhere */
        {{.status = 300}, DH_ACT_GIVE_UP, false},
        {{.status = 400}, DH_ACT_GONE, false},
        {{.status = 401}, DH_ACT_GONE, false},
        {{.status = 403}, DH_ACT_GONE, false},
        {{.status = 404}, DH_ACT_GONE, false},
        {{.status = 410}, DH_ACT_GONE, false},
        {{.status = 451}, DH_ACT_GONE, false},
        {{.status = 408, .tries = 1}, DH_ACT_RETRY, false},
        {{.status = 425, .tries = 1}, DH_ACT_RETRY, false},
        {{.status = 429, .tries = 1}, DH_ACT_RETRY, true},
        {{.status = 429, .tries = 5}, DH_ACT_GIVE_UP, true},
        {{.status = 500, .tries = 4}, DH_ACT_RETRY, true},
        {{.status = 503, .tries = 1}, DH_ACT_RETRY, true},
        {{.status = 503, .tries = 5}, DH_ACT_GIVE_UP, true},
        {{.fault = DH_FAULT_RESET, .tries = 1}, DH_ACT_RETRY, true},
        {{.fault = DH_FAULT_RESET, .tries = 5}, DH_ACT_GIVE_UP, true},
        {{.fault = DH_FAULT_DNS, .tries = 1}, DH_ACT_RETRY, true},
        {{.fault = DH_FAULT_TIMEOUT, .tries = 1}, DH_ACT_RETRY, true},
        {{.fault = DH_FAULT_TRUNCATED, .status = 200, .tries = 1}, DH_ACT_RETRY, true},
        {{.fault = DH_FAULT_TLS, .tries = 1}, DH_ACT_RETRY, true},
        {{.fault = DH_FAULT_BLOCKED, .tries = 1}, DH_ACT_GIVE_UP, false},
        {{.fault = DH_FAULT_ENCODING, .status = 200}, DH_ACT_GIVE_UP, false},
        {{.fault = DH_FAULT_TOO_LARGE, .status = 200}, DH_ACT_UNWANTED, false},
        {{.fault = DH_FAULT_UNWANTED, .status = 200}, DH_ACT_UNWANTED, false},
        {{.fault = DH_FAULT_STOPPED}, DH_ACT_FORGET, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const dh_answer *a = &table[i].answer;
        if (dh_judge_answer(a) != table[i].act ||
            dh_judge_trouble(a->fault, a->status) != table[i].trouble)
            fail_msg("row %zu: %d", i, (int)dh_judge_answer(a));
    }
}

static void soft_404(void **state) {
    (void)state;
    assert_true(dh_judge_soft_404(DH_SLICE("Error 404 - Courier"), 80));
    assert_true(dh_judge_soft_404(DH_SLICE("Page Not Found"), 600));
    assert_true(dh_judge_soft_404(DH_SLICE("عفوا، الصفحة غير موجودة"), 100));
    assert_false(dh_judge_soft_404(DH_SLICE("Lost ferry not found, search goes on"), 4000));
    assert_false(dh_judge_soft_404(DH_SLICE("Ferry sold"), 80));
    assert_false(dh_judge_soft_404(DH_SLICE(""), 0));
}

static void words(void **state) {
    (void)state;
    assert_string_equal(dh_crawl_end_word(DH_END_SOFT_404), "soft-404");
    assert_string_equal(dh_crawl_end_word(-1), "");
    assert_string_equal(dh_crawl_kind_word(DH_IS_FEED), "feed");
    assert_string_equal(dh_crawl_kind_word(99), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers), cmocka_unit_test(soft_404),
                                       cmocka_unit_test(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
