/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every format: its row, memory that runs out, a full buffer, absurd blocks. */
#include "article.h"

#include <stdlib.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void test_rows(void **state) {
    (void)state;
    static const char *const names[][2] = {
        {"txt", "txt"},     {"md", "md"},        {"json", "json"},
        {"jsonl", "jsonl"}, {"html", "html"},    {"text", "txt"},
        {"Markdown", "md"}, {"ndjson", "jsonl"}, {"HTML", "html"},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        const dh_format *format = dh_format_find(dh_slice_cstr(names[i][0]));
        assert_non_null(format);
        assert_string_equal(format->name, names[i][1]);
    }
    static const char *const none[] = {"", "xml", "txtx", "tx", "explain"};
    for (size_t i = 0; i < COUNT(none); i++) assert_null(dh_format_find(dh_slice_cstr(none[i])));
    for (size_t i = 0; i < dh_formats_len; i++) {
        assert_ptr_equal(dh_format_find(dh_slice_cstr(dh_formats[i].name)), &dh_formats[i]);
        assert_int_equal(dh_formats[i].extension[0], '.');
        assert_true(dh_formats[i].help[0] != '\0');
        assert_int_equal(dh_formats[i].lines, strcmp(dh_formats[i].name, "jsonl") == 0);
    }
}

static const char script[] =
    "th1 Title\n+h2 Head\n+p {s:Bold {a=/xy :link}} and {c:co`de} {e:so} on{i=/p.png :alt}\n"
    "+u1* a\n+u2* b\n+u2& c\n+o1* d\n+q e\n+k f\x01g\n+r*! h\ti\n+r j\tk\n+i {i=/q.png :x}\ncp "
    "Cap\n"
    "-p gone\nmp Comment";

static dh_emit_options everything(void) {
    return (dh_emit_options){.links = true,
                             .images = true,
                             .formatting = true,
                             .tables = true,
                             .captions = true,
                             .comments = true,
                             .with_metadata = true,
                             .blocks = true,
                             .base_url = DH_SLICE("https://example.org/a/"),
                             .version = DH_SLICE("1")};
}

/* Format number dh_formats_len is explain. */
static void write_one(const built *b, size_t format, dh_arena *arena, dh_buf *out) {
    dh_emit_options options = everything();
    if (format < dh_formats_len)
        dh_formats[format].write(&b->article, &options, arena, out);
    else
        dh_emit_explain(&b->article, &options, true, arena, out);
}

/* An arena that is nearly used up: each run gets a little more room. malloc'd chunks are of the
 * size that is asked for, so every allocation fails once. */
static void test_memory(void **state) {
    (void)state;
    built b;
    build(&b, script);
    build_fields(&b);
    dh_buf long_text;
    dh_buf_init(&long_text, &b.arena, 0);
    for (int i = 0; i < 300; i++) dh_buf_puts(&long_text, "many words & *signs* ");
    b.texts[2] = b.blocks.ptr[2].text = dh_buf_slice(&long_text);
    for (size_t format = 0; format <= dh_formats_len; format++) {
        volatile size_t failed = 0, done = 0;
        for (volatile size_t max = 64; done == 0 && max < 10000000; max = max * 9 / 8 + 16) {
            dh_arena arena;
            jmp_buf guard;
            dh_buf out;
            dh_arena_init(&arena, max);
            if (dh_arena_guard(&arena, &guard)) {
                assert_int_equal(arena.failure, DH_ERR_LIMIT);
                failed++;
            } else {
                dh_buf_init(&out, &arena, 0);
                write_one(&b, format, &arena, &out);
                assert_false(out.failed);
                done++;
            }
            dh_arena_release(&arena);
        }
        assert_int_equal(done, 1);
        assert_true(failed > 3);
    }
    unbuild(&b);
}

/* A buffer with a ceiling: what was written is the beginning of the whole, and the buffer says so.
 * */
static void test_full_buffer(void **state) {
    (void)state;
    built b;
    build(&b, script);
    build_fields(&b);
    for (size_t format = 0; format <= dh_formats_len; format++) {
        dh_buf whole;
        dh_buf_init(&whole, &b.arena, 0);
        write_one(&b, format, &b.arena, &whole);
        for (size_t max = 1; max < whole.len; max = max * 5 / 4 + 1) {
            dh_buf out;
            dh_buf_init(&out, NULL, max);
            write_one(&b, format, &b.arena, &out);
            assert_true(out.failed);
            assert_true(out.len <= max);
            dh_buf_release(&out);
        }
    }
    unbuild(&b);
}

/* Blocks as no cutter should make them: every kind, level, flag and role, in a fixed pseudo-random
 * order. Nothing may crash, and every kept word is written. */
static void test_absurd(void **state) {
    (void)state;
    uint32_t random = 12345;
    for (int round = 0; round < 300; round++) {
        built b;
        build(&b,
              "+p w0\n+p w1\n+p w2\n+p w3\n+p w4\n+p w5\n+p w6\n+p w7\n+p w8\n+p w9\n+p wA\n+p wB");
        for (uint32_t i = 0; i < b.blocks.len; i++) {
            random = random * 1664525 + 1013904223;
            b.blocks.ptr[i].kind = (dh_block_kind)(random >> 8 & 7) % (DH_BLOCK_CAPTION + 1);
            b.blocks.ptr[i].flags = (uint16_t)(random >> 11 & 0x7F);
            b.blocks.ptr[i].level = (uint8_t)(random >> 18 & (random >> 30 ? 3 : 255));
            if (random >> 26 == 0) b.decisions[i].verdict = DH_DROP;
        }
        for (size_t format = 0; format <= dh_formats_len; format++) {
            dh_buf out;
            dh_buf_init(&out, &b.arena, 0);
            write_one(&b, format, &b.arena, &out);
            for (uint32_t i = 0; i < b.blocks.len; i++)
                if (b.decisions[i].verdict == DH_KEEP)
                    assert_true(dh_slice_has(dh_buf_slice(&out), b.texts[i]));
        }
        unbuild(&b);
    }
}

/* Sizes that show a loop that is not linear by the test's timeout. */
static void test_many(void **state) {
    (void)state;
    static const char *const lines[] = {"+u1* a\n+u2* b\n", "+r* a\tb\n+r c\n", "+o9 a\n+p b\n",
                                        "+p a\n-r* gone\n", "+q a\n+k b\n"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        dh_buf text;
        built b;
        dh_buf_init(&text, NULL, 0);
        for (int k = 0; k < 20000; k++) dh_buf_puts(&text, lines[i]);
        build(&b, dh_buf_cstr(&text));
        for (size_t format = 0; format <= dh_formats_len; format++) {
            dh_buf out;
            dh_buf_init(&out, &b.arena, 0);
            write_one(&b, format, &b.arena, &out);
            assert_true(out.len > 20000);
        }
        unbuild(&b);
        dh_buf_release(&text);
    }
    /* one row with many cells and links, and one paragraph with many spans */
    dh_buf text;
    built b;
    dh_buf_init(&text, NULL, 0);
    dh_buf_puts(&text, "+r* ");
    for (int k = 0; k < 20000; k++) dh_buf_puts(&text, "{a=/x :[a]}*\t");
    dh_buf_puts(&text, "\n+p ");
    for (int k = 0; k < 20000; k++) dh_buf_puts(&text, "{s:a{e:b}} [x](y) `");
    build(&b, dh_buf_cstr(&text));
    for (size_t format = 0; format <= dh_formats_len; format++) {
        dh_buf out;
        dh_buf_init(&out, &b.arena, 0);
        write_one(&b, format, &b.arena, &out);
        assert_true(out.len > 0);
    }
    unbuild(&b);
    dh_buf_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_full_buffer), cmocka_unit_test(test_absurd),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
