/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"

/* The tree as compact JSON again, so that whole results can be compared. */
static void show(const dh_json *json, uint32_t id, dh_buf *out) {
    const dh_json_value *v = &json->values[id];
    bool object = v->type == DH_JSON_OBJECT;
    switch (v->type) {
    case DH_JSON_NULL:
        dh_buf_puts(out, "null");
        return;
    case DH_JSON_FALSE:
        dh_buf_puts(out, "false");
        return;
    case DH_JSON_TRUE:
        dh_buf_puts(out, "true");
        return;
    case DH_JSON_NUMBER:
        dh_buf_put_slice(out, v->text);
        return;
    case DH_JSON_STRING:
        dh_json_put_string(out, v->text);
        return;
    case DH_JSON_ARRAY:
    case DH_JSON_OBJECT:
        break;
    }
    uint32_t seen = 0;
    dh_buf_putc(out, object ? '{' : '[');
    for (uint32_t c = dh_json_first(json, id); c != UINT32_MAX; c = dh_json_next(json, id, c)) {
        if (seen++ > 0) dh_buf_putc(out, ',');
        if (object) {
            dh_json_put_string(out, json->values[c].key);
            dh_buf_putc(out, ':');
        }
        show(json, c, out);
    }
    assert_int_equal(seen, v->len);
    dh_buf_putc(out, object ? '}' : ']');
}

static dh_status read_shown(dh_slice text, bool strict, dh_arena *arena, dh_buf *out,
                            dh_error *error) {
    dh_json json;
    /* A copy of exactly this size on the heap, so that reading past it is caught. */
    char *copy = malloc(text.len + (text.len == 0));
    assert_non_null(copy);
    if (text.len > 0) memcpy(copy, text.ptr, text.len);
    dh_status status = dh_json_parse(&json, arena, dh_slice_make(copy, text.len), strict, error);
    if (status == DH_OK) {
        assert_int_equal(json.values[0].end, json.len);
        show(&json, 0, out);
    }
    free(copy);
    return status;
}

typedef struct read_case {
    const char *text;
    const char *lenient; /* NULL: DH_ERR_SYNTAX */
    const char *strict;  /* NULL: DH_ERR_SYNTAX at `offset` */
    uint64_t offset;
} read_case;

#define SAME(text)                                                                                 \
    { text, text, text, 0 }

static const read_case cases[] = {
    SAME("null"),
    SAME("true"),
    SAME("-0.5e+10"),
    SAME("\"\""),
    SAME("[]"),
    SAME("{}"),
    SAME("[1,[2,[3,{}]],{\"a\":[]},\"x\"]"),
    SAME("{\"a\":{\"b\":{\"c\":1}},\"d\":2}"),
    SAME("{\"\xD8\xA7\":\"\xD9\x84\xF0\x9F\x98\x80\"}"),
    SAME("{\"a\":1,\"a\":2}"),
    {" \t\r\n[ 1 , 2 ] \n", "[1,2]", "[1,2]", 0},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"",
     "\"\\\"\\\\/\\b\\f\\n\\r\\t\"", 0},
    {"\"\\u0627\\uD83D\\uDE00\\u00e9\"", "\"\xD8\xA7\xF0\x9F\x98\x80\xC3\xA9\"",
     "\"\xD8\xA7\xF0\x9F\x98\x80\xC3\xA9\"", 0},
    {"{\"k\\u0065y\\\\\":1}", "{\"key\\\\\":1}", "{\"key\\\\\":1}", 0},
    {"\"ends in \\\\\"", "\"ends in \\\\\"", "\"ends in \\\\\"", 0},
    /* nothing there */
    {"", NULL, NULL, 0},
    {"  ", NULL, NULL, 2},
    {"<html>", NULL, NULL, 0},
    {"}", NULL, NULL, 0},
    {"nope", NULL, NULL, 0},
    /* sloppy */
    {"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}", NULL, 0},
    {"{\"a\":1};", "{\"a\":1}", NULL, 7},
    {"[1] [2]", "[1]", NULL, 4},
    {"[1,]", "[1]", NULL, 3},
    {"{\"a\":1,}", "{\"a\":1}", NULL, 7},
    {"[,1,,2]", "[1,2]", NULL, 1},
    {"[1 2]", "[1,2]", NULL, 3},
    {"{\"a\":1 \"b\":2}", "{\"a\":1,\"b\":2}", NULL, 7},
    {"{\"a\":\"x\"\n\"b\":\"y\"}", "{\"a\":\"x\",\"b\":\"y\"}", NULL, 9},
    {"// one\n[1 /* two */,2]", "[1,2]", NULL, 0},
    {"[1,/* open", "[1]", NULL, 3},
    {"<!--\n[1]\n-->", "[1]", NULL, 0},
    {"//<![CDATA[\n[1]\n//]]>", "[1]", NULL, 0},
    {"\"a\nb\"", "\"a\\nb\"", NULL, 2},
    {"[\"a\tb\"]", "[\"a\\tb\"]", NULL, 3},
    {"[\"\\ud800\",\"\\udc00x\",\"\\ud800\\u0041\"]",
     "[\"\xEF\xBF\xBD\",\"\xEF\xBF\xBDx\",\"\xEF\xBF\xBD"
     "A\"]",
     NULL, 8},
    {"\"\\u12\"", "\"u12\"", NULL, 3},
    {"\"it\\'s C:\\dir \\-\"", "\"it's C:\\\\dir -\"", NULL, 4},
    {"\"\xFF\xD8\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"", NULL, 1},
    {"\"\\n\xFF\"", "\"\\n\xEF\xBF\xBD\"", NULL, 3},
    {"{'a':'it's'}", "{\"a\":\"it's\"}", NULL, 1},
    {"{a:1,$b_2:undefined}", "{\"a\":1,\"$b_2\":null}", NULL, 1},
    {"[NaN,-Infinity,01,+1,.5]", "[null,-Infinity,01,+1,.5]", NULL, 1},
    {"{\"a\":\"He said \"no\", and \"left\"\",\"b\":\"c\"}",
     "{\"a\":\"He said \\\"no\\\", and \\\"left\\\"\",\"b\":\"c\"}", NULL, 15},
    {"[\"a \"b\" c\",\"d\"]", "[\"a \\\"b\\\" c\",\"d\"]", NULL, 5},
    {"{\"a\"}", "{}", NULL, 4},
    {"{\"a\":}", "{}", NULL, 5},
    {"{\"a\":,\"b\":1}", "{\"b\":1}", NULL, 5},
    {"{?\"a\":1}", "{\"a\":1}", NULL, 1},
    {"[1}]", "[1]", NULL, 2},
    {"{\"a\":[1}", "{\"a\":[1]}", NULL, 7},
    {"[#1]", "[1]", NULL, 1},
    /* broken off */
    {"[1,{\"a\":[2", "[1,{\"a\":[2]}]", NULL, 10},
    {"{\"a\":\"b", "{\"a\":\"b\"}", NULL, 6},
    {"{\"a\":\"b\\", "{\"a\":\"b\\\\\"}", NULL, 6},
    {"{\"a\":\"b\\\"", "{\"a\":\"b\\\"\"}", NULL, 6},
    {"{\"a\":\"b\\u00", "{\"a\":\"bu00\"}", NULL, 6},
    {"{\"a", "{}", NULL, 2},
    {"{\"a\":", "{}", NULL, 5},
    {"{", "{}", NULL, 1},
};

static void test_read(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const read_case *c = &cases[i];
        for (int strict = 0; strict < 2; strict++) {
            const char *want = strict ? c->strict : c->lenient;
            dh_buf out;
            dh_error error = {.offset = UINT64_MAX};
            dh_buf_init(&out, &arena, 0);
            dh_status status = read_shown(dh_slice_cstr(c->text), strict, &arena, &out, &error);
            if (want == NULL) {
                if (status != DH_ERR_SYNTAX) fail_msg("case %zu is taken: %s", i, c->text);
                if (strict && error.offset != c->offset)
                    fail_msg("case %zu: offset %llu: %s", i, (unsigned long long)error.offset,
                             c->text);
                assert_true(error.message[0] != '\0');
            } else {
                if (status != DH_OK) fail_msg("case %zu is refused: %s", i, c->text);
                assert_string_equal(dh_buf_cstr(&out), want);
            }
        }
    }
    dh_arena_release(&arena);
}

static void test_navigation(void **state) {
    (void)state;
    dh_arena arena;
    dh_json json;
    dh_arena_init(&arena, 0);
    dh_slice text =
        DH_SLICE("{\"list\":[1,{\"x\":\"deep\"}],\"x\":\"top\",\"e\":{},\"x\":\"2nd\"}");
    assert_int_equal(dh_json_parse(&json, &arena, text, true, NULL), DH_OK);
    uint32_t x = dh_json_get(&json, 0, DH_SLICE("x"));
    assert_true(dh_slice_eq(dh_json_string(&json, x), DH_SLICE("top")));
    assert_ptr_equal(dh_json_string(&json, x).ptr, text.ptr + 30); /* a slice, not a copy */
    uint32_t list = dh_json_get(&json, 0, DH_SLICE("list"));
    assert_int_equal(json.values[list].len, 2);
    uint32_t one = dh_json_first(&json, list);
    assert_int_equal(json.values[one].type, DH_JSON_NUMBER);
    assert_int_equal(dh_json_string(&json, one).len, 0);
    uint32_t two = dh_json_next(&json, list, one);
    assert_int_equal(json.values[two].type, DH_JSON_OBJECT);
    assert_int_equal(dh_json_next(&json, list, two), UINT32_MAX);
    assert_int_equal(dh_json_get(&json, list, DH_SLICE("x")), UINT32_MAX);
    assert_int_equal(dh_json_get(&json, 0, DH_SLICE("y")), UINT32_MAX);
    assert_int_equal(dh_json_get(&json, UINT32_MAX, DH_SLICE("x")), UINT32_MAX);
    assert_int_equal(dh_json_string(&json, UINT32_MAX).len, 0);
    assert_int_equal(dh_json_first(&json, dh_json_get(&json, 0, DH_SLICE("e"))), UINT32_MAX);
    assert_int_equal(dh_json_first(&json, UINT32_MAX), UINT32_MAX);
    dh_arena_release(&arena);
}

static dh_status nested(char open, size_t depth, bool closed, bool strict, dh_arena *arena) {
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    for (size_t i = 0; i < depth; i++) dh_buf_puts(&text, open == '[' ? "[" : "{\"a\":");
    if (open == '{') dh_buf_putc(&text, '0');
    for (size_t i = 0; closed && i < depth; i++) dh_buf_putc(&text, open == '[' ? ']' : '}');
    dh_json json;
    dh_status status = dh_json_parse(&json, arena, dh_buf_slice(&text), strict, NULL);
    if (status == DH_OK) assert_int_equal(json.values[0].end, json.len);
    dh_buf_release(&text);
    return status;
}

static void test_depth(void **state) {
    (void)state;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (int strict = 0; strict < 2; strict++) {
        assert_int_equal(nested('[', 512, true, strict, &arena), DH_OK);
        assert_int_equal(nested('{', 512, true, strict, &arena), DH_OK);
        assert_int_equal(nested('[', 513, true, strict, &arena), DH_ERR_LIMIT);
        assert_int_equal(nested('{', 1000000, true, strict, &arena), DH_ERR_LIMIT);
    }
    assert_int_equal(nested('[', 512, false, false, &arena), DH_OK);
    assert_int_equal(nested('[', 512, false, true, &arena), DH_ERR_SYNTAX);
    dh_arena_release(&arena);
}

/* Every prefix and every single-byte change of a document must be read without a fault of memory;
 * run under the sanitizers. Texts that repeat one pattern show a loop that is not linear by
 * hanging. */
static void test_hostile(void **state) {
    (void)state;
    static const char whole[] =
        "{\"a\":[1,-2.5e3,\"x\\u00e9\\uD83D\\uDE00\\\"\",{\"b\":null}],'c':d, /*e*/\"f\":\"g\"h\"}";
    static const char bytes[] = "\"'\\{}[],:/*\xFFu0 ";
    dh_arena arena;
    dh_arena_init(&arena, 0);
    size_t accepted = 0;
    for (size_t n = 0; n < sizeof whole; n++) {
        for (size_t b = 0; b < sizeof bytes; b++) {
            char text[sizeof whole];
            memcpy(text, whole, sizeof whole);
            if (n < sizeof whole - 1) text[n] = bytes[b];
            dh_buf out;
            dh_buf_init(&out, &arena, 0);
            size_t len = b == 0 ? n : sizeof whole - 1;
            accepted += read_shown(dh_slice_make(text, len), false, &arena, &out, NULL) == DH_OK;
            read_shown(dh_slice_make(text, len), true, &arena, &out, NULL);
            dh_arena_reset(&arena);
        }
    }
    assert_true(accepted > sizeof whole * 10);
    static const char *const patterns[] = {"\\\\", "\"", "\" ", "[\"",      "{a", "a ",  ",",   "}",
                                           "/*",   "{",  "[]",  "\"a\" , ", "'",  "\\u", "\xF0"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        dh_buf text;
        dh_buf_init(&text, NULL, 0);
        dh_buf_puts(&text, "[\"");
        for (int k = 0; k < 100000; k++) dh_buf_puts(&text, patterns[i]);
        dh_json json;
        dh_status status = dh_json_parse(&json, &arena, dh_buf_slice(&text), false, NULL);
        assert_true(status == DH_OK || status == DH_ERR_LIMIT);
        dh_buf_release(&text);
        dh_arena_reset(&arena);
    }
    dh_arena_release(&arena);
}

static void test_memory(void **state) {
    (void)state;
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    dh_buf_putc(&text, '[');
    for (int i = 0; i < 3000; i++) dh_buf_puts(&text, "\"a\\nb\",");
    dh_buf_puts(&text, "0]");
    size_t ok = 0, failed = 0;
    for (size_t max = 1024; max < 2000000; max = max * 3 / 2) {
        dh_arena arena;
        dh_json json;
        dh_arena_init(&arena, max);
        /* Without a guard the arena returns NULL and the reader must say so. */
        dh_status status = dh_json_parse(&json, &arena, dh_buf_slice(&text), true, NULL);
        assert_true(status == DH_OK || status == DH_ERR_MEMORY);
        if (status == DH_OK)
            ok++;
        else
            failed++;
        dh_arena_release(&arena);
    }
    assert_true(ok > 0 && failed > 0);
    dh_buf_release(&text);
}

static void test_write(void **state) {
    (void)state;
    static const struct {
        dh_slice text;
        const char *want;
    } table[] = {
        {DH_SLICE_INIT(""), "\"\""},
        {{NULL, 0}, "\"\""},
        {DH_SLICE_INIT("plain"), "\"plain\""},
        {DH_SLICE_INIT("\"\\/"), "\"\\\"\\\\/\""},
        {DH_SLICE_INIT("a\nb\tc\rd\be\ff"), "\"a\\nb\\tc\\rd\\be\\ff\""},
        {DH_SLICE_INIT("\0\x01\x1F\x7F"), "\"\\u0000\\u0001\\u001f\x7F\""},
        {DH_SLICE_INIT("\xE2\x80\xA8|\xE2\x80\xA9|\xE2\x80\xA7"),
         "\"\\u2028|\\u2029|\xE2\x80\xA7\""},
        {DH_SLICE_INIT("\xD9\x84\xF0\x9F\x98\x80"), "\"\xD9\x84\xF0\x9F\x98\x80\""},
        {DH_SLICE_INIT("\xEF\xBF\xBD"), "\"\xEF\xBF\xBD\""},
        {DH_SLICE_INIT("a\xFF"
                       "b\xC3"),
         "\"a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD\""},
        {DH_SLICE_INIT("\xF0\x90\x80"
                       "b"),
         "\"\xEF\xBF\xBD"
         "b\""},
        {DH_SLICE_INIT("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_buf out;
        dh_buf_init(&out, NULL, 0);
        dh_json_put_string(&out, table[i].text);
        assert_string_equal(dh_buf_cstr(&out), table[i].want);
        dh_buf_release(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),   cmocka_unit_test(test_navigation),
        cmocka_unit_test(test_depth),  cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_memory), cmocka_unit_test(test_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
