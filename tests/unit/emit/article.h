/* SPDX-License-Identifier: Apache-2.0 */
/* article: builds articles for the tests of emit/ from a script, a block a line:
 *
 *     <role><kind>[level][flags] <text>
 *
 *     role   + body, - dropped, t title, b byline, c caption, m comment
 *     kind   p paragraph, h heading, u item, o ordered item, q quote, k code, r row, f caption,
 *            i image
 *     flags  * first of its list or table, & continues the item, ! header row
 *
 * In the text, \x01 is a line feed, and {s:..} {e:..} {c:..} {a=ADDRESS :..} {i=ADDRESS :alt} are
 * strong, emphasis, code, link and image. */
#ifndef DH_TESTS_EMIT_ARTICLE_H
#define DH_TESTS_EMIT_ARTICLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "emit/emit.h"

typedef struct built {
    dh_arena arena;
    dh_blocks blocks;
    dh_marks marks;
    dh_fields fields;
    dh_decision *decisions;
    dh_slice *texts;
    dh_article article;
} built;

static inline uint32_t build_inlines(built *b, dh_slice script, dh_buf *text) {
    static const char letters[] = "aseci";
    static const dh_inline_kind kinds[] = {DH_INLINE_LINK, DH_INLINE_STRONG, DH_INLINE_EMPHASIS,
                                           DH_INLINE_CODE, DH_INLINE_IMAGE};
    uint32_t open[16], depth = 0, first = b->blocks.inline_len;
    for (size_t i = 0; i < script.len; i++) {
        char c = script.ptr[i];
        const char *letter = i + 2 < script.len ? strchr(letters, script.ptr[i + 1]) : NULL;
        if (c == '{' && letter != NULL && (script.ptr[i + 2] == ':' || script.ptr[i + 2] == '=')) {
            dh_inline *in = &b->blocks.inlines[b->blocks.inline_len];
            *in = (dh_inline){.begin = (uint32_t)text->len, .kind = kinds[letter - letters]};
            i += 2;
            if (script.ptr[i] == '=') {
                size_t end = i;
                while (script.ptr[end] != ' ') end++;
                in->target = dh_slice_sub(script, i + 1, end);
                i = end + 1;
                assert_int_equal(script.ptr[i], ':');
            }
            if (in->kind == DH_INLINE_IMAGE) {
                size_t end = i;
                while (script.ptr[end] != '}') end++;
                in->alt = dh_slice_sub(script, i + 1, end);
                in->end = in->begin;
                i = end;
            } else {
                open[depth++] = b->blocks.inline_len;
            }
            b->blocks.inline_len++;
        } else if (c == '}' && depth > 0) {
            b->blocks.inlines[open[--depth]].end = (uint32_t)text->len;
        } else {
            dh_buf_putc(text, c == '\x01' ? '\n' : c);
        }
    }
    return b->blocks.inline_len - first;
}

static inline void build_line(built *b, dh_slice line, uint32_t i) {
    static const char roles[] = "+tbcm", kinds[] = "phuoqkrfi";
    static const dh_block_kind of[] = {DH_BLOCK_PARAGRAPH, DH_BLOCK_HEADING, DH_BLOCK_LIST_ITEM,
                                       DH_BLOCK_LIST_ITEM, DH_BLOCK_QUOTE,   DH_BLOCK_CODE,
                                       DH_BLOCK_ROW,       DH_BLOCK_CAPTION, DH_BLOCK_PARAGRAPH};
    dh_block *block = &b->blocks.ptr[i];
    const char *kind = strchr(kinds, line.ptr[1]);
    assert_non_null(kind);
    *block = (dh_block){.kind = of[kind - kinds], .node = DH_NO_NODE, .first_text = DH_NO_NODE};
    block->inline_begin = b->blocks.inline_len;
    if (*kind == 'o') block->flags |= DH_BLOCK_ORDERED;
    if (*kind == 'i') block->flags |= DH_BLOCK_IMAGE;
    size_t at = 2;
    for (; at < line.len && line.ptr[at] != ' '; at++) {
        char c = line.ptr[at];
        if (c == '*')
            block->flags |= DH_BLOCK_LIST_START;
        else if (c == '&')
            block->flags |= DH_BLOCK_CONTINUES;
        else if (c == '!')
            block->flags |= DH_BLOCK_HEADER_ROW;
        else
            block->level = (uint8_t)(block->level * 10 + (c - '0'));
    }
    dh_buf text;
    dh_buf_init(&text, &b->arena, 0);
    block->inline_count = build_inlines(b, dh_slice_sub(line, at + 1, line.len), &text);
    block->text = dh_arena_dup(&b->arena, dh_buf_slice(&text));
    block->chars = (uint32_t)dh_utf8_count(block->text);
    block->src_begin = i * 100;
    block->src_end = i * 100 + (uint32_t)block->text.len;
    const char *role = strchr(roles, line.ptr[0]);
    b->decisions[i] = (dh_decision){.verdict = role != NULL ? DH_KEEP : DH_DROP,
                                    .role = role != NULL ? (dh_role)(role - roles) : DH_ROLE_BODY,
                                    .mark = UINT32_MAX};
    b->texts[i] = block->text;
}

/* The arena has no guard and no ceiling. Release with unbuild. */
static inline void build(built *b, const char *script) {
    dh_slice rest = dh_slice_cstr(script), lines = rest;
    uint32_t n = 0, inlines = 0;
    memset(b, 0, sizeof *b);
    dh_arena_init(&b->arena, 0);
    for (size_t i = 0; i < rest.len; i++) inlines += rest.ptr[i] == '{';
    while (lines.ptr != NULL) n += dh_slice_cut(&lines, '\n').len > 0;
    b->blocks.ptr = dh_arena_zalloc(&b->arena, n, sizeof *b->blocks.ptr);
    b->blocks.inlines = dh_arena_zalloc(&b->arena, inlines, sizeof *b->blocks.inlines);
    b->decisions = dh_arena_zalloc(&b->arena, n, sizeof *b->decisions);
    b->texts = dh_arena_zalloc(&b->arena, n, sizeof *b->texts);
    dh_marks_init(&b->marks, &b->arena);
    dh_fields_init(&b->fields, &b->arena);
    while (rest.ptr != NULL) {
        dh_slice line = dh_slice_cut(&rest, '\n');
        if (line.len > 0) build_line(b, line, b->blocks.len++);
    }
    b->article = (dh_article){.blocks = &b->blocks,
                              .decisions = b->decisions,
                              .texts = b->texts,
                              .marks = &b->marks,
                              .fields = &b->fields,
                              .kind = DH_INPUT_HTML};
}

static inline void unbuild(built *b) {
    dh_arena_release(&b->arena);
}

static inline void build_field(built *b, dh_field_kind kind, const char *value) {
    dh_fields_add(&b->fields, (dh_field){.kind = kind,
                                         .source = DH_SOURCE_JSONLD,
                                         .value = dh_slice_cstr(value),
                                         .where = DH_SLICE("NewsArticle.x"),
                                         .node = DH_NO_NODE});
}

/* A full set of fields, with what needs escaping in them. */
static inline void build_fields(built *b) {
    build_field(b, DH_FIELD_title, "Rain: \"heavy\" & <wet>");
    build_field(b, DH_FIELD_author, "A. Writer");
    build_field(b, DH_FIELD_author, "B. Other");
    build_field(b, DH_FIELD_published, "2024-05-06T07:08:09+02:00");
    build_field(b, DH_FIELD_modified, "2024-05-07");
    build_field(b, DH_FIELD_sitename, "The Example");
    build_field(b, DH_FIELD_hostname, "example.org");
    build_field(b, DH_FIELD_language, "en");
    build_field(b, DH_FIELD_canonical, "https://example.org/rain?a=1&b=2");
    build_field(b, DH_FIELD_url, "https://example.org/rain");
    build_field(b, DH_FIELD_image, "https://example.org/rain.jpg");
    build_field(b, DH_FIELD_description, "It rained.");
    build_field(b, DH_FIELD_tag, "rain");
    build_field(b, DH_FIELD_tag, "water, wet");
    build_field(b, DH_FIELD_category, "weather");
    build_field(b, DH_FIELD_section, "Local");
    build_field(b, DH_FIELD_license, "https://example.org/license");
    build_field(b, DH_FIELD_access, "free");
    build_field(b, DH_FIELD_pagetype, "article");
    b->article.id = DH_SLICE("rec-7");
    b->article.charset = DH_SLICE("UTF-8");
    b->article.charset_why = DH_SLICE("meta");
    b->article.name = DH_SLICE("rain.html");
}

/* What a format writes, NUL-terminated in the arena. */
static inline const char *emitted(built *b, const char *format, const dh_emit_options *options) {
    dh_buf out;
    dh_buf_init(&out, &b->arena, 0);
    const dh_format *found = dh_format_find(dh_slice_cstr(format));
    assert_non_null(found);
    found->write(&b->article, options, &b->arena, &out);
    assert_false(out.failed);
    assert_int_equal(dh_utf8_valid_prefix(dh_buf_slice(&out)), out.len);
    return dh_buf_cstr(&out);
}

/* A golden: script in, text out. */
typedef struct golden {
    const char *script, *want;
} golden;

static inline void check_goldens(const char *format, const dh_emit_options *options,
                                 const golden *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        built b;
        build(&b, cases[i].script);
        const char *got = emitted(&b, format, options);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s %zu of\n%s\n--- got\n%s\n--- want\n%s\n---", format, i, cases[i].script,
                     got, cases[i].want);
        unbuild(&b);
    }
}

#endif
