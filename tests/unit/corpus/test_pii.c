/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "corpus/pii.h"

#define MAIL "|||EMAIL_ADDRESS|||"
#define IBAN "|||IBAN|||"
#define IP "|||IP_ADDRESS|||"
#define PHONE "|||PHONE_NUMBER|||"

static void replaced(void **state) {
    (void)state;
    static const struct {
        const char *text, *want; /* NULL: as it is */
    } rows[] = {
        {"", NULL},
        {"Write to jane.doe+news@mail.example.org.", "Write to " MAIL "."},
        {"<a_b@x-y.example> and c@d.example", "<" MAIL "> and " MAIL},
        {"اكتب إلى info@example.com الآن", "اكتب إلى " MAIL " الآن"},
        {"@handle, a@b, a@b.c, a.@b.example, x@y.1, @ 5 pm", NULL},
        {"a@b.example.", MAIL "."},
        {"a@b.example..c", MAIL "..c"},
        {"IBAN DE89 3704 0044 0532 0130 00, please", "IBAN " IBAN ", please"},
        {"GB82WEST12345698765432", IBAN},
        {"GB82WEST12345698765433 and XGB82WEST12345698765432", NULL},
        {"NL91ABNA0417164300 now", IBAN " now"},
        {"from 8.8.4.4, port 53", "from " IP ", port 53"},
        {"10.0.0.1 192.168.1.1 127.0.0.1 172.20.1.1 169.254.3.4 0.1.2.3 230.1.1.1 192.0.2.7 "
         "198.51.100.32 203.0.113.5",
         NULL},
        {"version 1.2.3.4.5, 256.1.1.1, 01.2.3.4, 1.2.3", NULL},
        {"1.2.3.4", IP},
        {"2a00:1450:4001:81b::200e is up", IP " is up"},
        {"at 12:30:45 and fe80::1:2:3 and ::1", NULL},
        {"call +44 20 7946 0958 today", "call " PHONE " today"},
        {"call 0049 (30) 9018-20 today", "call " PHONE " today"},
        {"Tel. (555) 010-0199, fax 555-010-0198.", "Tel. " PHONE ", fax " PHONE "."},
        {"+1 555 010 0199", PHONE},
        {"+966 50 123 4567.", PHONE "."},
        {"+5 % in 2024, +12345, 2024-05-15, 1999-2004, 00:15", NULL},
        {"scores 101-99-1234, ISBN 978-3-16-148410-0, 555-010-0199-22", NULL},
        {"a+4915112345678", NULL},
        {"C-00-2345", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf out = {0};
        dh_pii_counts counts, again;
        uint32_t sum = 0;
        assert_true(dh_pii_scan(dh_slice_cstr(rows[i].text), &out, &counts));
        const char *want = rows[i].want != NULL ? rows[i].want : rows[i].text;
        if (strcmp(dh_buf_cstr(&out), want) != 0) fail_msg("row %zu: %s", i, dh_buf_cstr(&out));
        for (int kind = 0; kind < DH_PII_COUNT; kind++) sum += counts.of[kind];
        assert_true((sum > 0) == (rows[i].want != NULL));
        /* What stands in its place is not taken for anything again. */
        dh_buf twice = {0};
        assert_true(dh_pii_scan(dh_buf_slice(&out), &twice, &again));
        assert_string_equal(dh_buf_cstr(&twice), want);
        assert_true(dh_pii_scan(dh_slice_cstr(rows[i].text), NULL, &again));
        assert_memory_equal(&again, &counts, sizeof counts);
        dh_buf_release(&out);
        dh_buf_release(&twice);
    }
}

/* What looks as if it began and never does costs no more than its length. */
static void hostile(void **state) {
    (void)state;
    enum { LEN = 1 << 20 };
    static char text[LEN];
    static const char *const pieces[] = {"a",    "a@", "1.", "1:", "+1",   "A1",
                                         "AB12", "(5", "0",  "a.", "+1 (", "1-"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        dh_pii_counts counts;
        size_t n = strlen(pieces[i]);
        for (size_t k = 0; k < LEN; k++) text[k] = pieces[i][k % n];
        assert_true(dh_pii_scan(dh_slice_make(text, LEN), NULL, &counts));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(replaced), cmocka_unit_test(hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
