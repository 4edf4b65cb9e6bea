/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "corpus/document.h"
#include "corpus/paragraphs.h"

#define COMMON "The ferry leaves from the old quay at seven in the morning."
#define OWN(n) "Story number " n " is told here, at some length, by itself."

static const struct doc {
    const char *id, *text, *want; /* when three documents must have a paragraph */
} docs[] = {
    {"d", OWN("1") "\n\n" COMMON "\n\nEnd.", OWN("1") "\n\nEnd."},
    {"a", "The ferry  leaves from the\nold quay at seven in the morning.\n\n" COMMON,
     "The ferry  leaves from the\nold quay at seven in the morning."},
    {"c", COMMON "\n\n" OWN("2") "\n\n" COMMON, OWN("2")},
    {"b", COMMON, ""},
    /* What two have, or one has twice, or is short, stays. */
    {"e", "Two papers print this sentence of the mayor.\n\nShort.", NULL},
    {"f", "Two papers print this sentence of the mayor.\n\nShort.", NULL},
    {"g", OWN("3") "\n\n" OWN("3") "\n\n" OWN("3") "\n\nShort.", NULL},
    {"h", "", NULL},
};
enum { COUNT = sizeof docs / sizeof *docs };

/* In any order and whatever memory there is the same ones go. */
static void in_any_order(void **state) {
    (void)state;
    static const size_t memories[] = {0, 96, 500};
    for (size_t start = 0; start < COUNT; start++)
        for (size_t k = 0; k < sizeof memories / sizeof *memories; k++) {
            dh_paragraphs *p;
            dh_error error = {0};
            dh_paragraphs_options options = {
                .documents = 3, .folder = "/tmp", .memory = memories[k]};
            assert_int_equal(dh_paragraphs_new(&options, &p, &error), DH_OK);
            for (size_t i = 0; i < COUNT; i++) {
                const struct doc *d =
                    &docs[(start + i * 3) % COUNT]; /* 3 and 8 have no divisor in common */
                assert_int_equal(
                    dh_paragraphs_add(p, i, dh_slice_cstr(d->id), dh_slice_cstr(d->text), &error),
                    DH_OK);
            }
            assert_int_equal(dh_paragraphs_choose(p, &error), DH_OK);
            for (size_t i = 0; i < COUNT; i++) {
                const struct doc *d = &docs[(start + i * 3) % COUNT];
                dh_buf out = {0};
                uint64_t removed;
                assert_int_equal(
                    dh_paragraphs_next(p, i, dh_slice_cstr(d->text), &out, &removed, &error),
                    DH_OK);
                assert_string_equal(dh_buf_cstr(&out), d->want != NULL ? d->want : d->text);
                assert_true((removed > 0) == (d->want != NULL));
                dh_buf_release(&out);
            }
            dh_paragraphs_free(p);
        }
}

/* A line with another text is the line of the other text. */
static void lines(void **state) {
    (void)state;
    static const char line[] =
        "{\"id\": \"x\", \"text\": \"a \\\"quoted\\\\\\\" text\\n\\nmore\", \"source\": \"s\", "
        "\"metadata\": "
        "{\"title\": \", \\\"chars\\\": 7\", \"chars\": 21, \"words\": 4, \"input\": \"i\"}}\n";
    static const char want[] =
        "{\"id\": \"x\", \"text\": \"say \\\"so\\\"\", \"source\": \"s\", \"metadata\": "
        "{\"title\": \", \\\"chars\\\": 7\", \"chars\": 8, \"words\": 2, \"input\": \"i\"}}\n";
    dh_arena arena;
    dh_document document;
    dh_buf out = {0};
    dh_text_facts facts;
    dh_arena_init(&arena, 0);
    assert_true(dh_document_parse(dh_slice_cstr(line), &arena, &document));
    assert_true(dh_slice_eq(document.text, DH_SLICE("a \"quoted\\\" text\n\nmore")));
    dh_text_measure(DH_SLICE("say \"so\""), &facts);
    assert_true(dh_document_recut(&document, DH_SLICE("say \"so\""), &facts, &out));
    assert_string_equal(dh_buf_cstr(&out), want);
    assert_int_equal(document.chars, 8);
    dh_buf_release(&out);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_any_order), cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
