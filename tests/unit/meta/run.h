/* SPDX-License-Identifier: Apache-2.0 */
/* run: what the tests of meta/ share: a page's fields as one text. */
#ifndef DH_TEST_META_RUN_H
#define DH_TEST_META_RUN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "blocks/blocks.h"
#include "meta/meta.h"
#include "text/class.h"

typedef struct run {
    dh_arena arena;
    jmp_buf guard;
    dh_dom dom;
    dh_blocks blocks;
    dh_fields fields;
    dh_meta_page page;
} run;

static inline run *run_new(void) {
    run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    dh_arena_init(&r->arena, 0);
    return r;
}

static inline void run_free(run *r) {
    dh_arena_release(&r->arena);
    free(r);
}

/* rule: "name=value" put into the fields as a rule's, or NULL. */
static inline void run_page(run *r, dh_slice html, const char *url, const char *now,
                            const char *rule) {
    dh_limits limits = dh_limits_default();
    dh_fields_init(&r->fields, &r->arena);
    if (rule != NULL) {
        dh_slice value = dh_slice_cstr(rule);
        dh_slice name = dh_slice_cut(&value, '=');
        dh_fields_add(&r->fields, (dh_field){.kind = dh_field_of(name),
                                             .source = DH_SOURCE_RULE,
                                             .value = value,
                                             .where = DH_SLICE("test.rules:1"),
                                             .node = DH_NO_NODE});
    }
    /* the parser wants a NUL behind the page */
    dh_slice copy = dh_arena_dup(&r->arena, html);
    assert_int_equal(dh_dom_parse(&r->dom, copy, &limits, &r->arena, NULL), DH_OK);
    dh_blocks_of_dom(&r->blocks, &r->dom, &limits, &r->arena);
    r->page = (dh_meta_page){.dom = &r->dom,
                             .blocks = &r->blocks,
                             .url = dh_slice_cstr(url),
                             .now = dh_slice_cstr(now),
                             .arena = &r->arena,
                             .fields = &r->fields};
    dh_meta_read(&r->page);
}

/* Lines of 60 characters (20 of scripts without spaces) with a full stop count as the body. */
static inline void run_text(run *r, const char *text, const char *url) {
    dh_limits limits = dh_limits_default();
    dh_fields_init(&r->fields, &r->arena);
    dh_blocks_of_text(&r->blocks, dh_slice_cstr(text), &limits, &r->arena);
    r->page = (dh_meta_page){
        .blocks = &r->blocks, .url = dh_slice_cstr(url), .arena = &r->arena, .fields = &r->fields};
    dh_meta_read(&r->page);
    uint8_t *lines = dh_arena_zalloc(&r->arena, r->blocks.len, 1);
    for (uint32_t i = 0; i < r->blocks.len; i++) {
        dh_text_facts facts;
        dh_text_measure(r->blocks.ptr[i].text, &facts);
        bool body = facts.chars >= (facts.unspaced > 0 ? 20u : 60u) && facts.ends_sentence;
        lines[i] = body ? DH_TEXT_BODY : DH_TEXT_OTHER;
    }
    dh_meta_read_text(&r->page, lines);
}

/* The values of a field, "; " between; source (may be NULL) is set to the first one's. */
static inline dh_slice run_value(run *r, dh_slice name, const char **source) {
    dh_buf out;
    dh_buf_init(&out, &r->arena, 0);
    for (uint32_t i = 0; i < r->fields.len; i++) {
        const dh_field *field = &r->fields.ptr[i];
        if (!dh_slice_eq(dh_field_name(field->kind), name)) continue;
        if (out.len > 0)
            dh_buf_puts(&out, "; ");
        else if (source != NULL)
            *source = dh_field_source_name(field->source);
        dh_buf_put_slice(&out, field->value);
        assert_true(field->value.len > 0);
        assert_true(field->where.len > 0);
    }
    return dh_buf_slice(&out);
}

/* want: lines "name=value" or "name@source=value"; an empty value says that there is none. Returns
 * how many are not so. */
static inline int run_check(run *r, const char *label, const char *want) {
    dh_slice rest = dh_slice_cstr(want);
    int bad = 0;
    while (rest.ptr != NULL) {
        dh_slice value = dh_slice_cut(&rest, '\n');
        if (value.len == 0) continue;
        dh_slice name = dh_slice_cut(&value, '=');
        dh_slice source = name;
        name = dh_slice_cut(&source, '@');
        assert_int_not_equal(dh_field_of(name), DH_FIELD_COUNT);
        const char *got_source = "";
        dh_slice got = run_value(r, name, &got_source);
        if (dh_slice_eq(got, value) &&
            (source.ptr == NULL || dh_slice_eq(source, dh_slice_cstr(got_source))))
            continue;
        print_error("%s: %.*s: want \"%.*s\" (%.*s), got \"%.*s\" (%s)\n", label, (int)name.len,
                    name.ptr, (int)value.len, value.ptr, (int)source.len,
                    source.ptr != NULL ? source.ptr : "", (int)got.len, got.ptr, got_source);
        bad++;
    }
    return bad;
}

#endif
