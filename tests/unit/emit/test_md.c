/* SPDX-License-Identifier: Apache-2.0 */
#include "article.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* What must be escaped, and what must not. */
static const golden escapes[] = {
    {"+p plain text, (with) \"marks\" - and! more? 5 < 6 > 4 & so; on = fine",
     "plain text, (with) \"marks\" - and! more? 5 < 6 > 4 & so; on = fine\n"},
    /* beginnings of lines */
    {"+p # not a heading", "\\# not a heading\n"},
    {"+p #hashtag", "#hashtag\n"},
    {"+p ####### seven", "####### seven\n"},
    {"+p #", "\\#\n"},
    {"+p > quote", "\\> quote\n"},
    {"+p - dash", "\\- dash\n"},
    {"+p -5 degrees", "-5 degrees\n"},
    {"+p -", "\\-\n"},
    {"+p ---", "\\---\n"},
    {"+p - - -", "\\- - -\n"},
    {"+p --", "--\n"},
    {"+p + plus", "\\+ plus\n"},
    {"+p +1", "+1\n"},
    {"+p * star", "\\* star\n"},
    {"+p ***", "\\*\\*\\*\n"},
    {"+p _ _ _", "\\_ _ _\n"},
    {"+p 1. one", "1\\. one\n"},
    {"+p 14. Juli", "14\\. Juli\n"},
    {"+p 3) three", "3\\) three\n"},
    {"+p 3.5 percent", "3.5 percent\n"},
    {"+p 1.", "1\\.\n"},
    {"+p 2024 was", "2024 was\n"},
    {"+p 1234567890. long", "1234567890. long\n"},
    {"+p ~~~", "\\~\\~\\~\n"},
    {"+p ```", "\\`\\`\\`\n"},
    {"+p === x", "=== x\n"},
    {"+p a\x01===", "a  \n\\===\n"},
    {"+p a\x01--", "a  \n\\--\n"},
    {"+p a\x01- b", "a  \n\\- b\n"},
    {"+p a\x01"
     "14. Juli\x01"
     "1. Mai",
     "a  \n14. Juli  \n1\\. Mai\n"},
    {"+p a | b\x01--- | ---", "a | b  \n\\--- | ---\n"},
    {"+p a\x01:--", "a  \n\\:--\n"},
    {"+p a \x01  b", "a  \nb\n"},
    {"+p     four spaces", "four spaces\n"},
    /* inside of lines */
    {"+p a*b*c and 2 * 3 * 4", "a\\*b\\*c and 2 * 3 * 4\n"},
    {"+p snake_case_name and _emphasis_ and a _ b",
     "snake_case_name and \\_emphasis\\_ and a _ b\n"},
    {"+p #\xD9\x83\xD9\x84\xD9\x85\xD8\xA9_\xD8\xA8 x",
     "#\xD9\x83\xD9\x84\xD9\x85\xD8\xA9_\xD8\xA8 x\n"},
    {"+p one ` tick", "one ` tick\n"},
    {"+p two `ticks`", "two \\`ticks\\`\n"},
    {"+p ~5 million", "~5 million\n"},
    {"+p ~a~", "\\~a\\~\n"},
    {"+p [1] and [note]", "[1] and [note]\n"},
    {"+p [a](b) [c]", "\\[a](b) [c]\n"},
    {"+p [a]: http://x", "\\[a]: http://x\n"},
    {"+p ![a](b)", "!\\[a](b)\n"},
    {"+p <b>x</b> a<b <!-- x --> <?x <3 a <", "\\<b>x\\</b> a\\<b \\<!-- x --> \\<?x <3 a <\n"},
    {"+p <http://x.org>", "\\<http://x.org>\n"},
    {"+p AT&T &amp; &#38; &x27; &copy", "AT&T \\&amp; \\&#38; \\&x27; &copy\n"},
    {"+p a\\b \\* \\\\ c:\\", "a\\b \\\\\\* \\\\\\ c:\\\n"},
    {"+p a|b", "a|b\n"},
    {"+p \xE2\x80\x94 dash", "\xE2\x80\x94 dash\n"},
    {"+h2 1. Not a list", "## 1. Not a list\n"},
    {"+h2 C #", "## C \\#\n"},
    {"+h3 C#", "### C#\n"},
    {"+h1 ##", "# \\##\n"},
    {"+h1 a\x01"
     "b",
     "# a b\n"},
    {"+h9 deep", "###### deep\n"},
    {"+h0 looks like one", "## looks like one\n"},
    {"+u1* --\n+u1 a", "- \\--\n- a\n"},
    {"+u1* [x] done\n+u1 - dash\n+u1 [y]", "- \\[x] done\n- \\- dash\n- [y]\n"},
};

static void test_escapes(void **state) {
    (void)state;
    dh_emit_options options = {.tables = true};
    check_goldens("md", &options, escapes, COUNT(escapes));
}

static const golden shapes[] = {
    {"", ""},
    {"+p One\n+h2 Head\n+p Two", "One\n\n## Head\n\nTwo\n"},
    {"+u1* a\n+u1 b\n+u2* c\n+u1 d", "- a\n- b\n  - c\n- d\n"},
    {"+o1* a\n+o2* b\n+o1 c", "1. a\n   1. b\n2. c\n"},
    {"+u1* a\n+u1& more\n+u1 b", "- a\n\n  more\n- b\n"},
    {"+u1* a\x01"
     "b\n+u1 c",
     "- a  \n  b\n- c\n"},
    /* neighbours need different marks */
    {"+u1* a\n+u1* b\n+u1* c", "- a\n\n* b\n\n- c\n"},
    {"+o1* a\n+o1* b", "1. a\n\n1) b\n"},
    {"+u1* a\n+p x\n+u1* b", "- a\n\nx\n\n- b\n"},
    {"+u1* a\n+o1* b", "- a\n\n1. b\n"},
    {"+u1* a\n+u2* b\n+u2* c\n+u1 d\n+u2* e", "- a\n  - b\n  * c\n- d\n  - e\n"},
    /* an interrupted numbering goes on, also where it must not follow text directly */
    {"+o1* a\n+p x\n+o1 b", "1. a\n\nx\n\n2. b\n"},
    {"+u1* a\n-o2* gone\n+p x\n+o2* one\n+p y\n+u1 b\n+o2 two",
     "- a\n\nx\n\n1. one\n\ny\n\n- b\n\n  2. two\n"},
    {"+q a\n+q b\x01"
     "c\n+p d",
     "> a\n>\n> b  \n> c\n\nd\n"},
    {"+p a\n+q b", "a\n\n> b\n"},
    {"+k a\n+k b ``` c\x01", "```\na\n```\n\n````\nb ``` c\n````\n"},
    {"+k - x\x01\x01  * y", "```\n- x\n\n  * y\n```\n"},
    {"+r*! a\tb|c\n+r 1\t2\t3\n+p x",
     "| a | b\\|c |  |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n\nx\n"},
    {"+r* a\\|b\t`c`", "| a\\\\\\|b | \\`c\\` |\n| --- | --- |\n"},
    {"+r* \t- x\t1. y", "|  | - x | 1. y |\n| --- | --- | --- |\n"},
    {"+r* a\x01"
     "b",
     "| a b |\n| --- |\n"},
};

static void test_shapes(void **state) {
    (void)state;
    dh_emit_options options = {.tables = true};
    check_goldens("markdown", &options, shapes, COUNT(shapes));
}

static const golden marks[] = {
    {"+p a {s:b} {e:c} {c:d}", "a **b** *c* `d`\n"},
    {"+p {s:a {e:b}} c", "**a *b*** c\n"},
    {"+p a{s: b }c", "a **b** c\n"},
    {"+p a{s:b}c", "a**b**c\n"},
    {"+p a{s:\"b\"}c", "a\"b\"c\n"}, /* CommonMark cannot say it */
    {"+p a{s:\xC2\xAB"
     "b\xC2\xBB}c",
     "a\xC2\xAB"
     "b\xC2\xBB"
     "c\n"},
    {"+p a {s:\"b\"}.", "a **\"b\"**.\n"},
    {"+p {s:a}{s:b}", "**ab**\n"},
    {"+p {e:a}{s:b}", "*a*b\n"},
    {"+p {s:}a{e: }b", "a b\n"},
    {"+p {s:{s:a}}", "**a**\n"},
    {"+p a\x01{e:- ~}", "a  \n\\- ~\n"},
    {"+p {e:a}{s:b} {s:{e:a} {e:b}} {e:{s:a}}", "*a*b ***a* b** ***a***\n"},
    {"+p {s:a\x01"
     "b}",
     "**a  \nb**\n"},
    {"+p {s:- a}", "**- a**\n"},
    {"+p a{s:\x01- b}", "a  \n**- b**\n"},
    {"+p {c:a`b} {c:`} {c:a|b}", "``a`b`` `` ` `` `a|b`\n"},
    {"+p {c:a}{c:b}", "`a`b\n"},
    {"+p a`b {c:x}", "a\\`b `x`\n"},
    {"+p {c:*a* {s:b}}", "`*a* b`\n"},
    {"+p {e:a*}b", "a\\*b\n"},
    {"+p a\\{s:b}", "a\\\\**b**\n"},
    {"+r* {c:a|b}\t{s:c}\t{a=/x|y :d}", "| `a\\|b` | **c** | [d](/x\\|y) |\n| --- | --- | --- |\n"},
    {"+h2 {s:Bold} head {a=/x :link}", "## **Bold** head [link](/x)\n"},
    /* links */
    {"+p {a=/x :text}", "[text](/x)\n"},
    {"+p {a=/x :a [b] c}", "[a \\[b\\] c](/x)\n"},
    {"+p wow!{a=/x :text}", "wow\\![text](/x)\n"},
    {"+p {a=/x_(y) :a} {a=/x(y :b} {a=/a&amp;b :c}", "[a](/x_(y)) [b](/x\\(y) [c](/a&amp;amp;b)\n"},
    {"+p {a=#top :up} {a=javascript:x :run} {a= :none}", "up run none\n"},
    {"+p {a=/x :{s:bold} link}", "[**bold** link](/x)\n"},
    {"+p {s:{a=/x :link}}", "**[link](/x)**\n"},
    {"+p a{s:{a=/x :link}}b", "a[link](/x)b\n"},
    {"+p {a=/x :a {a=/y :b}}", "[a b](/x)\n"},
    {"+p {a=/x :end\\}", "[end\\\\](/x)\n"},
    {"+p a{a=mailto:x@y.org :b}", "a[b](mailto:x@y.org)\n"},
    /* images */
    {"+p a {i=/x.png :alt [1]} b", "a ![alt \\[1\\]](/x.png) b\n"},
    {"+p {a=/x :see {i=/x.png :} it}", "[see ![](/x.png) it](/x)\n"},
    {"+p {i=data:image/png;base64,AAAA :x}a", "a\n"},
    {"+i {i=/x.png :alt}\ncp Caption\n+i {i=data:x :y}\n+p a", "![alt](/x.png)\n\nCaption\n\na\n"},
};

static void test_marks(void **state) {
    (void)state;
    dh_emit_options options = {
        .tables = true, .links = true, .images = true, .formatting = true, .captions = true};
    check_goldens("md", &options, marks, COUNT(marks));
    static const golden off[] = {
        {"+p {s:a} {e:b} {c:c} {a=/x :d}{i=/y :e}", "a b c d\n"},
        {"+i {i=/x.png :alt}\n+p a", "a\n"},
    };
    dh_emit_options none = {.tables = true};
    check_goldens("md", &none, off, COUNT(off));
    static const golden based[] = {
        {"+p {a=../x :d} {a=//f.org/ :e} {a=https://g.org/<a> :f}",
         "[d](https://e.org/x) [e](https://f.org/) [f](https://g.org/%3Ca%3E)\n"},
    };
    dh_emit_options base = {.links = true, .base_url = DH_SLICE("https://e.org/a/b")};
    check_goldens("md", &base, based, COUNT(based));
}

/* Text that is a part of its block keeps its marks, any other text loses them. */
static void test_moved(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.formatting = true};
    build(&b, "+p {s:Lead} and {s:bold} text");
    b.texts[0] = dh_slice_sub(b.blocks.ptr[0].text, 5, 13);
    assert_string_equal(emitted(&b, "md", &options), "and **bold**\n");
    b.texts[0] = dh_slice_sub(b.blocks.ptr[0].text, 2, 8);
    assert_string_equal(emitted(&b, "md", &options), "ad and\n");
    b.texts[0] = dh_arena_dup(&b.arena, DH_SLICE("and bold"));
    assert_string_equal(emitted(&b, "md", &options), "and bold\n");
    unbuild(&b);
}

static void test_extras(void **state) {
    (void)state;
    built b;
    dh_emit_options options = {.with_metadata = true, .comments = true, .captions = true};
    build(&b, "tp Head\n+p One\ncp Cap\nmp *Comment*");
    assert_non_null(strstr(emitted(&b, "md", &options), "---\n\nOne\n\nCap\n\n\\*Comment\\*\n"));
    unbuild(&b);
}

/* Offsets that no block should have must not be followed out of the text. */
static void test_absurd(void **state) {
    (void)state;
    dh_emit_options options = {.links = true, .images = true, .formatting = true};
    static const uint32_t bounds[] = {0, 1, 4, 5, 6, 1000, UINT32_MAX};
    static const dh_inline_kind kinds[] = {DH_INLINE_LINK, DH_INLINE_STRONG, DH_INLINE_EMPHASIS,
                                           DH_INLINE_CODE, DH_INLINE_IMAGE};
    for (size_t n = 0; n < COUNT(bounds) * COUNT(bounds) * COUNT(kinds); n++) {
        built b;
        build(&b, "+p {s:abc} {a=/x :d}");
        dh_inline *in = b.blocks.inlines;
        in[0].kind = kinds[n % COUNT(kinds)];
        in[0].target = DH_SLICE("/y");
        in[0].begin = bounds[n / COUNT(kinds) % COUNT(bounds)];
        in[0].end = bounds[n / COUNT(kinds) / COUNT(bounds)];
        const char *md = emitted(&b, "md", &options), *html = emitted(&b, "html", &options);
        assert_non_null(strstr(md, "d"));
        assert_non_null(strstr(html, "d"));
        unbuild(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes), cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_marks),   cmocka_unit_test(test_moved),
        cmocka_unit_test(test_extras),  cmocka_unit_test(test_absurd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
