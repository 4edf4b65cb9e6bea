/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "model/field.h"
#include "model/label.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

typedef struct added {
    dh_field_kind kind;
    dh_field_source source;
    const char *value;
    bool taken;
} added;

static void test_add(void **state) {
    (void)state;
    static const struct {
        added steps[5];
        const char *want; /* "name=value" of all, a space behind each */
    } table[] = {
        {{{0}}, ""},
        {{{DH_FIELD_title, DH_SOURCE_META, "", false}}, ""},
        /* one value: the more trusted source, then the first */
        {{{DH_FIELD_title, DH_SOURCE_META, "a", true},
          {DH_FIELD_title, DH_SOURCE_META, "b", false}},
         "title=a "},
        {{{DH_FIELD_title, DH_SOURCE_META, "a", true}, {DH_FIELD_title, DH_SOURCE_RULE, "b", true}},
         "title=b "},
        {{{DH_FIELD_title, DH_SOURCE_RULE, "a", true},
          {DH_FIELD_title, DH_SOURCE_META, "b", false}},
         "title=a "},
        /* many values: all of the most trusted source, each once */
        {{{DH_FIELD_author, DH_SOURCE_META, "a", true},
          {DH_FIELD_author, DH_SOURCE_META, "b", true},
          {DH_FIELD_author, DH_SOURCE_META, "a", false}},
         "author=a author=b "},
        {{{DH_FIELD_author, DH_SOURCE_META, "a", true},
          {DH_FIELD_author, DH_SOURCE_META, "b", true},
          {DH_FIELD_author, DH_SOURCE_JSONLD, "c", true},
          {DH_FIELD_author, DH_SOURCE_PAGE, "d", false},
          {DH_FIELD_author, DH_SOURCE_JSONLD, "e", true}},
         "author=c author=e "},
        /* grouped in the order of the table, whatever the order they come in */
        {{{DH_FIELD_tag, DH_SOURCE_META, "t", true},
          {DH_FIELD_title, DH_SOURCE_PAGE, "h", true},
          {DH_FIELD_author, DH_SOURCE_URL, "a", true},
          {DH_FIELD_tag, DH_SOURCE_META, "u", true},
          {DH_FIELD_title, DH_SOURCE_OPTION, "i", true}},
         "title=i author=a tag=t tag=u "},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        dh_arena arena;
        dh_fields fields;
        dh_buf got;
        dh_arena_init(&arena, 0);
        dh_fields_init(&fields, &arena);
        dh_buf_init(&got, &arena, 0);
        for (size_t s = 0; s < COUNT(table[i].steps); s++) {
            const added *step = &table[i].steps[s];
            if (step->value == NULL) continue;
            bool taken = dh_fields_add(&fields, (dh_field){.kind = step->kind,
                                                           .source = step->source,
                                                           .value = dh_slice_cstr(step->value)});
            if (taken != step->taken) fail_msg("case %zu, step %zu", i, s);
        }
        for (uint32_t f = 0; f < fields.len; f++) {
            dh_buf_put_slice(&got, dh_field_name(fields.ptr[f].kind));
            dh_buf_putc(&got, '=');
            dh_buf_put_slice(&got, fields.ptr[f].value);
            dh_buf_putc(&got, ' ');
        }
        assert_string_equal(dh_buf_cstr(&got), table[i].want);
        dh_arena_release(&arena);
    }
}

static void test_get(void **state) {
    (void)state;
    dh_arena arena;
    dh_fields fields;
    dh_arena_init(&arena, 0);
    dh_fields_init(&fields, &arena);
    assert_null(dh_fields_get(&fields, DH_FIELD_tag));
    assert_null(dh_fields_value(&fields, DH_FIELD_tag).ptr);
    for (int i = 0; i < 1000; i++) {
        dh_buf value;
        dh_buf_init(&value, &arena, 0);
        dh_buf_printf(&value, "tag %d", i);
        assert_true(dh_fields_add(&fields, (dh_field){.kind = DH_FIELD_tag,
                                                      .source = DH_SOURCE_META,
                                                      .value = dh_buf_slice(&value)}));
    }
    assert_int_equal(fields.len, 1000);
    assert_true(dh_slice_eq(dh_fields_value(&fields, DH_FIELD_tag), DH_SLICE("tag 0")));
    assert_true(dh_slice_eq(fields.ptr[999].value, DH_SLICE("tag 999")));
    assert_null(dh_fields_get(&fields, DH_FIELD_title));
    dh_arena_release(&arena);
}

static void test_names(void **state) {
    (void)state;
    for (int i = 0; i < DH_FIELD_COUNT; i++) {
        assert_true(dh_field_name((dh_field_kind)i).len > 0);
        assert_int_equal(dh_field_of(dh_field_name((dh_field_kind)i)), i);
    }
    assert_int_equal(dh_field_of(DH_SLICE("Title")), DH_FIELD_COUNT);
    assert_int_equal(dh_field_of((dh_slice){NULL, 0}), DH_FIELD_COUNT);
    assert_true(dh_field_many(DH_FIELD_author));
    assert_false(dh_field_many(DH_FIELD_title));
    for (int i = 0; i < DH_SOURCE_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(dh_field_source_name((dh_field_source)i),
                                    dh_field_source_name((dh_field_source)k));
    assert_string_equal(dh_field_source_name(DH_SOURCE_JSONLD), "json-ld");
}

static void test_labels(void **state) {
    (void)state;
    for (int i = 1; i < DH_LABEL_COUNT; i++) {
        dh_label label = (dh_label)i;
        assert_int_equal(dh_label_of(dh_label_name(label)), label);
        assert_true(dh_label_text(label).len > 0);
        assert_false(dh_slice_has(dh_label_text(label), DH_SLICE("_")));
    }
    assert_int_equal(dh_label_of((dh_slice){NULL, 0}), DH_LABEL_NONE);
    assert_int_equal(dh_label_of(DH_SLICE("no such label")), DH_LABEL_NONE);
    assert_false(dh_label_alone(DH_LABEL_NONE) || dh_label_list(DH_LABEL_NONE));
    assert_true(dh_label_alone(DH_LABEL_most_read) && dh_label_list(DH_LABEL_most_read));
    assert_true(dh_label_alone(DH_LABEL_copyright) && !dh_label_list(DH_LABEL_copyright));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
