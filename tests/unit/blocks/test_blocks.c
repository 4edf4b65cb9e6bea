/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of small pages and texts, one a line: kind letter, level, flags, text. Inlines follow in
 * braces: kind@begin-end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "blocks/blocks.h"

static dh_arena arena;

static void put_block(dh_buf *out, const dh_blocks *blocks, const dh_block *b, bool inlines) {
    static const char letters[] = "PHLQCRF";
    dh_buf_putc(out, letters[b->kind]);
    if (b->level > 0) dh_buf_printf(out, "%d", b->level);
    if (b->flags & DH_BLOCK_ORDERED) dh_buf_putc(out, '#');
    if (b->flags & DH_BLOCK_HIDDEN) dh_buf_putc(out, '-');
    if (b->flags & DH_BLOCK_NOSCRIPT) dh_buf_putc(out, '~');
    if (b->flags & DH_BLOCK_HEADER_ROW) dh_buf_putc(out, '^');
    if (b->flags & DH_BLOCK_LIST_START) dh_buf_putc(out, '(');
    if (b->flags & DH_BLOCK_CONTINUES) dh_buf_putc(out, '+');
    if (b->flags & DH_BLOCK_IMAGE) dh_buf_putc(out, '*');
    dh_buf_putc(out, ' ');
    dh_buf_put_slice(out, b->text);
    for (uint32_t i = 0; inlines && i < b->inline_count; i++) {
        const dh_inline *in = &blocks->inlines[b->inline_begin + i];
        dh_buf_printf(out, " {%c%u-%u", "ASEKI"[in->kind], in->begin, in->end);
        if (in->target.len > 0) dh_buf_printf(out, " %.*s", (int)in->target.len, in->target.ptr);
        dh_buf_putc(out, '}');
    }
    dh_buf_putc(out, '\n');
}

static const char *blocks_of(const char *input, bool html, bool inlines) {
    static dh_buf out;
    dh_limits limits = dh_limits_default();
    dh_arena_reset(&arena);
    dh_slice text = dh_arena_dup(&arena, dh_slice_cstr(input));
    dh_blocks blocks;
    if (html) {
        dh_dom dom;
        assert_int_equal(dh_dom_parse(&dom, text, &limits, &arena, NULL), DH_OK);
        dh_blocks_of_dom(&blocks, &dom, &limits, &arena);
    } else {
        dh_blocks_of_text(&blocks, text, &limits, &arena);
    }
    dh_buf_init(&out, &arena, 0);
    for (uint32_t i = 0; i < blocks.len; i++) {
        const dh_block *b = &blocks.ptr[i];
        assert_int_equal(dh_utf8_valid_prefix(b->text), b->text.len);
        assert_int_equal(b->chars, dh_utf8_count(b->text));
        assert_true(b->link_chars <= b->chars);
        assert_true(b->src_begin <= b->src_end && b->src_end <= text.len);
        for (uint32_t k = 0; k < b->inline_count; k++) {
            const dh_inline *in = &blocks.inlines[b->inline_begin + k];
            assert_true(in->begin <= in->end && in->end <= b->text.len);
        }
        put_block(&out, &blocks, b, inlines);
    }
    return dh_buf_cstr(&out);
}

typedef struct row {
    const char *input, *want;
} row;

static void check(const row *rows, size_t n, bool html, bool inlines) {
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const char *got = blocks_of(rows[i].input, html, inlines);
        if (strcmp(got, rows[i].want) == 0) continue;
        print_error("%s\n--- want\n%s--- got\n%s", rows[i].input, rows[i].want, got);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}
#define CHECK(rows, html, inlines) check(rows, sizeof rows / sizeof rows[0], html, inlines)

static const row pages[] = {
    {"", ""},
    {"<title>no</title><p> one\n two </p>three", "P one two\nP three\n"},
    {"<div>a<p>b</p>c</div>", "P a\nP b\nP c\n"},
    {"<h1>T</h1><h3>S</h3>", "H1 T\nH3 S\n"},
    {"<p>a<br>b<br><br>c<br/><br/><br/>d", "P a\nb\nP c\nP d\n"},
    {"<p>a<br> <br>b", "P a\nP b\n"},
    {"<ul><li>a<li>b<ul><li>c</ul>d</ul><ol><li>e</ol>",
     "L1( a\nL1 b\nL2( c\nL1+ d\nL1#( e\n"},
    {"<li><p>a</p><p>b</p></li>", "L a\nL+ b\n"},
    {"<blockquote><p>q</p></blockquote>", "Q q\n"},
    {"<pre>a\n  b\n</pre>", "C a\n  b\n"},
    {"<p>x <code>a  b</code></p>", "P x a b\n"},
    {"<figure><img src=i.png alt=A><figcaption>cap</figcaption></figure>", "P* \nF cap\n"},
    {"<table><caption>c</caption><tr><th>a<th>b<tr><td>1<td><p>2</p></table>",
     "F c\nR^( a\tb\nR 1\t2\n"},
    {"<table><tr><td>only<tr><td>layout</table>", "P only\nP layout\n"},
    {"<table><tr><td><h2>h</h2><p>x</p><td>y</table>", "H2 h\nP x\nP y\n"},
    {"<p>a<div hidden>b</div>c", "P a\nP- b\nP c\n"},
    {"<div aria-hidden=true><p>x</p></div><div style='color:red; display : none'>y</div>",
     "P- x\nP- y\n"},
    {"<p>a <span style='display:none'>x</span>b</p>", "P a b\n"},
    {"<body><noscript><p>n</p></noscript><template><p>t</p></template>p", "P~ n\nP p\n"},
    {"<p>a<script>s</script>b<style>c</style></p>", "P ab\n"},
    {"<p>a<svg><text>s</text></svg>b", "P a b\n"},
    {"<select><option>o</select><button>b</button><textarea>t</textarea>x", "P x\n"},
    {"<h3><button>Question</button></h3><p>Answer", "H3 Question\nP Answer\n"},
    {"<ruby>\xE6\xBC\xA2<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "P \xE6\xBC\xA2\n"},
    {"<p>a&nbsp;b &shy;c\xE2\x80\x8B" "d</p>", "P a b cd\n"},
    {"<p>\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85 <b>x</b> \xE2\x80\x8F!</p>",
     "P \xD8\xB3\xD9\x84\xD8\xA7\xD9\x85 x !\n"},
    {"<p>A line that is a sentence and is long enough to be a paragraph by itself, it says so.<br>"
     "Next line.",
     "P A line that is a sentence and is long enough to be a paragraph by itself, it says so.\n"
     "P Next line.\n"},
    {"<div>x<hr>y</div>", "P x\nP y\n"},
    {"<dl><dt>t<dd>d</dl>", "P t\nP d\n"},
};

static void test_pages(void **state) {
    (void)state;
    CHECK(pages, true, false);
}

static const row marked[] = {
    {"<p>a <a href=/x>link</a> b", "P a link b {A2-6 /x}\n"},
    {"<p><b>x <i>y</i></b> z", "P x y z {S0-3}{E2-3}\n"},
    {"<p>a<a href=u>b<p>c</a>d", "P ab {A1-2 u}\nP cd {A0-1 u}\n"},
    {"<p>one <img src=p.png> two", "P one two {I3-3 p.png}\n"},
    {"<p> <b> spaced </b> out", "P spaced out {S0-6}\n"},
    {"<p>\xE2\x80\x8F<a href=u>\xE2\x80\x8F" "ab</a>c", "P abc {A0-2 u}\n"},
    {"<a href=u></a><p>x", "P x\n"},
    {"<img data-src=lazy.jpg src='data:image/gif;base64,x'>", "P*  {I0-0 lazy.jpg}\n"},
};

static void test_inlines(void **state) {
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++) {
        /* "} {" and "}{" mean the same here */
        char want[256], *to = want;
        for (const char *p = marked[i].want; *p != '\0'; p++) {
            *to++ = *p;
            if (*p == '}' && p[1] == '{') *to++ = ' ';
        }
        *to = '\0';
        const char *got = blocks_of(marked[i].input, true, true);
        if (strcmp(got, want) == 0) continue;
        print_error("%s\n--- want\n%s--- got\n%s", marked[i].input, want, got);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define WRAP1 "The first of several lines that somebody wrapped by hand,"
#define WRAP2 "which go on without a full stop until the end of the paragraph"
#define WRAP3 "is reached here."
static const row texts[] = {
    {"", ""},
    {"\n \n\t\n", ""},
    {"one\n\ntwo\r\n", "P one\nP two\n"},
    {"  a   b  ", "P a b\n"},
    {WRAP1 "\n" WRAP2 "\n" WRAP3 "\nNext one.", "P " WRAP1 " " WRAP2 " " WRAP3 "\nP Next one.\n"},
    {WRAP1 "\n\n" WRAP2, "P " WRAP1 "\nP " WRAP2 "\n"},
    {"A headline without a full stop that is quite long\nThe story begins here.",
     "P A headline without a full stop that is quite long\nP The story begins here.\n"},
    {"short,\nnot joined", "P short,\nP not joined\n"},
    {"Subhead\nA long paragraph that follows the subhead and goes on for more than a hundred "
     "characters, as paragraphs do.",
     "H Subhead\nP A long paragraph that follows the subhead and goes on for more than a hundred "
     "characters, as paragraphs do.\n"},
    {"-\n14:54\nx", "P -\nP 14:54\nP x\n"},
    /* as full as they can be, whatever the width */
    {"Head\nThe ferry that connects the islands with the\nmainland will not leave before Monday because\n"
     "of the storm, the harbour office said.",
     "H Head\nP The ferry that connects the islands with the mainland will not leave before Monday "
     "because of the storm, the harbour office said.\n"},
    /* headlines one below the other are not */
    {"x\nFerry that connects the islands will not leave\nHarbour office says that storm is the reason for it "
     "all\nMayor asks for patience until Monday evening\nThe end is here.",
     "P x\nP Ferry that connects the islands will not leave\nP Harbour office says that storm is the reason "
     "for it all\nP Mayor asks for patience until Monday evening\nP The end is here.\n"},
    /* nor items that end with a semicolon */
    {"x\nthe first of the items in a list of three of them;\nThe second of the items in that same list;\n"
     "The third.",
     "P x\nP the first of the items in a list of three of them;\nP The second of the items in that same list;\n"
     "P The third.\n"},
};

static void test_texts(void **state) {
    (void)state;
    CHECK(texts, false, false);
}

static void test_block_limit(void **state) {
    (void)state;
    dh_limits limits = dh_limits_default();
    limits.blocks = 10;
    dh_arena_reset(&arena);
    dh_buf html;
    dh_buf_init(&html, &arena, 0);
    for (int i = 0; i < 100; i++) dh_buf_puts(&html, "<p>x</p>\n");
    dh_slice text = {dh_buf_cstr(&html), html.len};
    dh_dom dom;
    dh_blocks blocks;
    assert_int_equal(dh_dom_parse(&dom, text, &limits, &arena, NULL), DH_OK);
    dh_blocks_of_dom(&blocks, &dom, &limits, &arena);
    assert_in_range(blocks.len, 10, 11);
    assert_int_equal(dom.limited, DH_LIMIT_blocks);
    dh_blocks_of_text(&blocks, text, &limits, &arena);
    assert_int_equal(blocks.len, 10);
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
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_inlines),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_block_limit),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
