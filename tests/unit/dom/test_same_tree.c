/* SPDX-License-Identifier: Apache-2.0 */
/* Pages whose tree through skim must be the one Gumbo builds from the whole page. Many were found by
 * tests/fuzz/trees.c. What is compared: tree/same.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tree/same.h"

static const char *const pages[] = {
    "",
    "<!doctype html><html lang=en><head><title>a &amp; b</title></head><body><p>x</body></html>",
    /* white space, also as character references, in the places where it is treated apart */
    "for<!-- --> <!-- -->x",
    "<table>&#32;<tr>&Tab;&#10;x",
    "<table> x<tr>",
    "<table>x</iframe>\n</tr>&amp;",
    "<table><tr><td>a</td> <!-- --> b",
    "<head> x",
    "<head></head> x",
    "<pre>\n\nx</pre><pre>&#10;x</pre><pre><!-- -->\nx</pre>",
    "<pre>&#13;&#10;x</pre>",
    "<textarea>\n\n x</textarea><listing>\ny",
    "<thead><listing><thead><button>\n\n",
    "<listing>x<!----><applet>x<address></listing><ruby>\n</td>",
    "<template> <!---->xxx<template>x",
    "<template><tr id=r><head> <![CDATA[x]]>x</button> x",
    "<frameset><frameset>&amp; <x-y><frameset>&amp;",
    "<p>x</p> <frameset>",
    "</h1></body x><?x><tr id=r><frameset>",
    "<form><head></body><!-- --><frameset><frame>",
    /* comments, and what is taken for one */
    "<form>a<!-- --> </form> b",
    "<form>x<form><!----></form>",
    "<form>\n<form><?></form>",
    "<body><pre></listing></body>\n",
    "<pre><table><td></pre></table></body>\n",
    "<form>x<tr><form></b><html><!----></form>",
    "<table><form>x<form><!----></form> </table>",
    "<tbody></form></script></form><form></form><form>\n</><form></form><form>\n",
    "a<!--b--!>c<!-->d<!--->e<?f>g</ h>i<!j>k</>l",
    "<table>x<!-- --> <tr>",
    /* tags that the tree builder ignores have no content of their own */
    "<select><style><option>a</style></select>b",
    "<select><plaintext><option>a</select>b",
    "<select><xmp><tfoot><style></script><form>x<xmp><tfoot><style></script><form>x",
    "<frameset><xmp>x<frameset>x",
    "<frameset><title><frame></title></frameset><noframes><p>x</noframes>",
    "<template><col><div><script><style></a><li><template><embed></style><script><style>",
    "<label><title></button><template></title><label><frameset></h1>",
    "<table><select><textarea><td></textarea>x",
    "<template><select><style>x</style></template><frameset>",
    "<template><select><style><a b='</style>'></template><frameset>",
    "<p><style><frameset></style><frameset><frame>",
    "<p><select><style><frameset></style></select><frameset><frame>",
    "<listing><select></listing>\t",
    "<pre><div><select></div></pre>\n\n</select>\t<b>x",
    /* attributes */
    "<body class=a><p><body class=b id=c><html lang=d><html dir=e lang=f>",
    "<html a=1><frameset><html b=2>",
    "<p a=1 a=2 b><div x='y>' =z a/=b c=d/>",
    "<b class=a><b class='a'><b class=a><b CLASS=a>x<p>y",
    "<b a=1 b=2><b b=2 a=1><b a=1 b=2><b a='1'  b=2>x<p>y",
    /* formatting elements are equal however their attributes are written */
    "<p><font  size=4><font size=4><font size='4' ><font SIZE=&#52;><p>x",
    "<b a=1 b=2><b b=2 a=1 ><b a='1' b=2><b a=1 b=2 a=3><p>x",
    "<p><b A=b><b a=B><b a=b/><b a=b ><p>x",
    "<p><b a><b a=''><b a/><b a><b b><p>x",
    "<a class=a><table><a class=a><td><a class=a><table><td><a class=a><p>x</table><p>y",
    "<input type=text type=hidden><frameset>",
    "<table><input type=HIDDEN><input type=text>",
    "<p a=&lt b=&copy= c=&copy; d=&nosuch;>",
    "<p a=&lt",
    /* raw text and its ends */
    "<title>a</titlex>b</title >c",
    "<title>a</title",
    "<script>a</script",
    "<style><!-- </style> -->x",
    "<xmp><p></xmp><noembed><p></noembed><iframe><p></iframe><noscript><p></noscript>",
    "<p>x<plaintext></p>&amp;",
    "<svg/><p>x<svg a=b/>y</svg>z",
    /* drawings end where Gumbo ends them */
    "<div><svg><path></div>x",
    "<a><svg><g><path></a>x<svg></svg>y",
    "<p>a<svg><g><p>b",
    "<p>a<svg><font x=1></font></svg>b<svg><font size=1>c",
    "<p>a<svg><title>t</title><path d='x>y'/></svg>b",
    "<p>a<svg><desc><![CDATA[</svg>]]></desc></svg>b",
    /* formulas keep their text */
    "<math><mi>x</mi><mspace/><mo>=</mo></math>y",
    "<math/><x-y>x",
    "<math><![CDATA[a<b]]></math>",
    "<math><mrow><p>x",
    "<math><mi><b>x</b></mi></math>",
    "<math><annotation-xml><div>x</math>y",
    "<math><annotation-xml encoding=text/html><div>x</div></annotation-xml></math>y",
    /* misnesting, which is Gumbo's to undo */
    "<b>1<p>2</b>3",
    "<a href=1>x<a href=2>y<table><a href=3>z",
    "<table><tr><td>a<td>b<tr>out<td>c</table>",
    "<dd><a "
    "href=1><table>x</iframe></iframe>\n</tr></noscript>&amp;<template></tr></select><thead>x<div>",
    "<ul><li>a<li>b<ul><li>c</ul></ul><dl><dt>a<dd>b</dl>",
    "<nobr><nobr>x</nobr><button><button>y",
    "<p><table><p>x</table>y",
    "<x-a-very-long-name-that-is-longer-than-most-a>x</"
    "x-a-very-long-name-that-is-longer-than-most-b>y",
    "<image><keygen></br></p>",
    "<x-y>a</svg>b</x-y>c",
    "<math><mrow><mi>x</math>y",
};

static void compare(const char *html, int *wrong) {
    dh_arena arena;
    dh_buf ours, gumbo;
    const dh_limits limits = same_limits();
    dh_slice our_line, gumbo_line;
    dh_arena_init(&arena, 0);
    const dh_slice page = dh_arena_dup(&arena, dh_slice_cstr(html));
    dh_buf_init(&ours, &arena, 0);
    dh_buf_init(&gumbo, &arena, 0);
    same_ours(page, &limits, &arena, &ours);
    same_gumbo(page, &arena, &gumbo);
    if (same_differ(dh_buf_slice(&ours), dh_buf_slice(&gumbo), &our_line, &gumbo_line) > 0) {
        print_error("%s\n---- Gumbo\n%s---- through skim\n%s\n", html, dh_buf_cstr(&gumbo),
                    dh_buf_cstr(&ours));
        ++*wrong;
    }
    dh_arena_release(&arena);
}

static void test_same_tree(void **state) {
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) compare(pages[i], &wrong);
    assert_int_equal(wrong, 0);
}

/* Each page cut off after each of its bytes. */
static void test_same_tree_cut_off(void **state) {
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (dh_slice_has_nocase(dh_slice_cstr(pages[i]), DH_SLICE("<svg")) ||
            dh_slice_has_nocase(dh_slice_cstr(pages[i]), DH_SLICE("<!--")))
            continue; /* a drawing or a script's comment that never ends is given up */
        char cut[256];
        for (size_t n = 0; pages[i][n] != '\0' && n + 1 < sizeof cut; n++) {
            memcpy(cut, pages[i], n);
            cut[n] = '\0';
            compare(cut, &wrong);
        }
    }
    assert_int_equal(wrong, 0);
}

/* Pages with a part that is repeated, each of which shows something only when all before are known: the
 * tree builder ignores their tags, so that what looks like raw text is markup. */
static const struct repeated {
    const char *begin, *part, *end;
    int times;
} repeated[] = {
    {"<select>", "<iframe><b>", "<option>x</select>y", 100},
    {"<select>", "<plaintext><b>", "<option>x</select>y<plaintext></p>&amp;", 300},
    {"<template><col>", "<style><address><script><br>", "</template>x", 200},
    {"<template><col>", "<title>&amp;<b></title><textarea>\n<i>", "<td>x", 200},
    {"<frameset>", "<xmp><frame></xmp>", "<noframes><p></noframes>x", 300},
    {"<table>x", "<select><style><tr>", "<td><style><b></style>x", 300},
    /* raw text behind it is raw text still */
    {"<select>", "<xmp><i>", "</select><xmp><p>&amp;</xmp>a<style><b>c</style><title><b>", 9},
    {"<select>", "<xmp><i>", "</select><textarea>\n\n &lt;<b>&amp; </textarea>x<textarea>&#10;<b>", 9},
    {"<select>", "<xmp><i>", "</select><title> &lt;<b> x</title>x<noembed><p></xmp>", 9},
    {"<select>", "<xmp><i>", "</select><pre>\n\n x<iframe>\n<pre></iframe></pre> \n <listing>\nx", 9},
    /* ends that are none as markup */
    {"<select>", "<xmp><i>", "</select><style><a b='</style>'>x<style><!-- </style> -->y", 9},
    {"<select>", "<xmp><i>", "</select><title><b a=</title>x<title><?</title>y>z<title></b </title>>", 9},
    {"<select>", "<xmp a='</xmp>'><xmp><a b='</xmp>'>", "</select><xmp><a b='</xmp>'>x", 100},
    {"", "<select><style><a b='</style>'></select><style><a b='</style>'>x", "<p>y", 100},
    {"<select>", "<xmp><i>", "</select><script>'<!-- <script></script> -->'</script>x", 9},
    {"<select>", "<script><!-- --><i>", "</select><script><!-- </script>x", 9},
    {"<template><col>", "<script><!--<td>-->", "</template>x", 300},
    {"<template><col>", "<script>", "<!----><td></template>x<script><!--'</script>--></script>y", 300},
    /* attributes of the last of many html and body tags */
    {"<body>", "<body class=a><html class=a>", "<body id=b class=b><html lang=c>", 300},
    {"", "<body class=a>", "<select><body id=d></select><body id=d>", 70},
    /* a body that a frameset replaces takes its raw text with it */
    {"<select>", "<xmp><i>", "</select><style><a b='</style>'></style><frameset><frame>", 9},
};

static void test_repeated(void **state) {
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        const struct repeated *page = &repeated[i];
        dh_buf html;
        dh_buf_init(&html, NULL, 0);
        dh_buf_puts(&html, page->begin);
        for (int n = 0; n < page->times; n++) dh_buf_puts(&html, page->part);
        dh_buf_puts(&html, page->end);
        compare(dh_buf_cstr(&html), &wrong);
        dh_buf_release(&html);
    }
    assert_int_equal(wrong, 0);
}

/* The comparison sees a difference, and the text that a tree shows. */
static void test_comparison(void **state) {
    static const char *const different[][2] = {{"<p>x</p>y", "<p>x</p><p>y"},
                                               {"<p a=1>", "<p a=2>"},
                                               {"<p a=1 b=2>", "<p a=1>"},
                                               {"<b>x</b>", "<i>x</i>"},
                                               {"x", "y"},
                                               {"<pre>x  y", "<pre>x y"}};
    (void)state;
    for (size_t i = 0; i < sizeof different / sizeof different[0]; i++) {
        dh_arena arena;
        dh_buf tree[2];
        dh_slice lines[2];
        dh_arena_init(&arena, 0);
        for (int k = 0; k < 2; k++) {
            dh_buf_init(&tree[k], &arena, 0);
            same_gumbo(dh_slice_cstr(different[i][k]), &arena, &tree[k]);
        }
        assert_true(
            same_differ(dh_buf_slice(&tree[0]), dh_buf_slice(&tree[1]), &lines[0], &lines[1]) > 0);
        dh_arena_release(&arena);
    }
    dh_arena arena;
    dh_buf tree;
    dh_arena_init(&arena, 0);
    dh_buf_init(&tree, &arena, 0);
    same_gumbo(DH_SLICE("<title>no</title><p>a b<script>no</script><pre>c\nd</pre>e"), &arena,
               &tree);
    assert_string_equal(dh_arena_dup(&arena, same_text(dh_buf_slice(&tree), &arena)).ptr, "abcde");
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_tree),
        cmocka_unit_test(test_same_tree_cut_off),
        cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
