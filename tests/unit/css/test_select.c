/* SPDX-License-Identifier: Apache-2.0 */
/* Selectors against small pages: what is selected, by id, in document order; and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "css/css.h"
#include "css/css_private.h"

static const char news[] =
    "<!DOCTYPE html><html id=html lang=en><head id=head><title id=title>T</title></head>"
    "<body id=body class='single post-12 \tbody-x'>"
    "<header id=hdr class=masthead><nav id=nav><a id=n1 href=/>Home</a><a id=n2>Off</a>"
    "<a id=n3 href='https://x.example/News' rel='NoFollow external'>News</a></nav></header>"
    "<main id=main><article id=art data-kind='Story' data-empty=''>"
    "<h1 id=h1 class='Headline big'>Ferry strike</h1>"
    "<p id=p1 class='lead first'>Dock workers walked out.</p>"
    "<p id=p2 lang=en-GB>Sponsored message</p>"
    "<div id=d1 class='ad-box'><p id=p3>Buy now</p></div>"
    "<p id=p4 title='a \"quoted\" word'>The union <b id=b1>said</b> <i id=i1></i>no.</p>"
    "<ul id=ul><li id=l1>one<li id=l2 class=hot>two<li id=l3>three<li id=l4 class=hot>four"
    "<li id=l5>five</ul>"
    "<section id=s1 dir=rtl lang=ar><h2 id=h2>x</h2><p id=p5 lang='ar-EG'>y</p>"
    "<x-card id=x1></x-card><x-note id=y1> </x-note><x-card id=x2><!-- c --></x-card></section>"
    "</article><aside id=aside class='related box'><h3 id=h3>Related</h3>"
    "<div id=c1 class=card><a id=a1 href='/2024/05/one.html'>One</a></div>"
    "<div id=c2 class='card hot'><a id=a2 href='/sport/two.html?x=1'>Two</a>"
    "<img id=im src=i.png></div></aside></main>"
    "<footer id=ft><form id=f><input id=in type=TEXT><area id=ar href=x></form>"
    "<p id=p6 class='md:flex 3col -x'>\xC2\xA9 2024</p><p id='1st'>n</p>"
    "<p id='caf\xC3\xA9' class='\xD8\xB9\xD8\xA7\xD8\xAC\xD9\x84'>u</p></footer></body></html>";

typedef struct row {
    const char *selector;
    const char *ids;
} row;

static const row rows[] = {
    /* type, universal */
    {"h1", "h1"},
    {"H1", "h1"},
    {"article", "art"},
    {"x-card", "x1 x2"},
    {"X-CARD", "x1 x2"},
    {"x-none", ""},
    {"b, i", "b1 i1"},
    {"i,b", "b1 i1"},
    {"p,p", "p1 p2 p3 p4 p5 p6 1st caf\xC3\xA9"},
    {"nav *", "n1 n2 n3"},
    {"*.card", "c1 c2"},
    {"html", "html"},
    {"head", "head"},
    {" h1 ", "h1"},
    {"\th1\n,\n h2", "h1 h2"},
    /* class */
    {".lead", "p1"},
    {".first", "p1"},
    {".LEAD", ""},
    {".lea", ""},
    {".lead.first", "p1"},
    {".first.lead", "p1"},
    {".lead.hot", ""},
    {"p.lead", "p1"},
    {"div.lead", ""},
    {".single", "body"},
    {".post-12", "body"},
    {".body-x", "body"},
    {".card.hot", "c2"},
    {".ad-box", "d1"},
    {".ad", ""},
    {".md\\:flex", "p6"},
    {".\\33 col", "p6"},
    {".\\000033col", "p6"},
    {".-x", "p6"},
    {".\xD8\xB9\xD8\xA7\xD8\xAC\xD9\x84", "caf\xC3\xA9"},
    /* id */
    {"#h1", "h1"},
    {"#H1", ""},
    {"h1#h1.big", "h1"},
    {"h2#h1", ""},
    {"#\\31 st", "1st"},
    {"#caf\xC3\xA9", "caf\xC3\xA9"},
    {"#caf\\E9", "caf\xC3\xA9"},
    {"#none", ""},
    /* attributes */
    {"[data-kind]", "art"},
    {"[DATA-KIND]", "art"},
    {"[data-none]", ""},
    {"[data-empty]", "art"},
    {"[data-empty='']", "art"},
    {"[data-kind=Story]", "art"},
    {"[data-kind=story]", ""},
    {"[data-kind=story i]", "art"},
    {"[data-kind=\"STORY\" I]", "art"},
    {"[data-kind='Story' s]", "art"},
    {"[ data-kind = \"Story\" ]", "art"},
    {"[rel=nofollow]", ""},
    {"[rel~=nofollow]", "n3"},
    {"[rel~=nofollow s]", ""},
    {"[rel~=external]", "n3"},
    {"[rel~='nofollow external']", ""},
    {"[rel~='']", ""},
    {"[type=text]", "in"},
    {"[type=text s]", ""},
    {"[class~=hot]", "l2 l4 c2"},
    {"[lang|=en]", "html p2"},
    {"[lang|=ar]", "s1 p5"},
    {"[lang|=a]", ""},
    {"[lang|=en-GB]", "p2"},
    {"[href^='/']", "n1 a1 a2"},
    {"[href^=https]", "n3"},
    {"[href^='']", ""},
    {"[href$='.html']", "a1"},
    {"[href$='.HTML' i]", "a1"},
    {"[href$='']", ""},
    {"[href*='/sport/']", "a2"},
    {"[href*=NEWS i]", "n3"},
    {"[href*=news]", ""},
    {"[href*='']", ""},
    {"[href]", "n1 n3 a1 a2 ar"},
    {"a[href][rel]", "n3"},
    {"a:not([href])", "n2"},
    {"[title='a \"quoted\" word']", "p4"},
    {"[title=\"a \\\"quoted\\\" word\"]", "p4"},
    {"[title*=quoted]", "p4"},
    {"[href='/2024/05/one.html']", "a1"},
    {"[id=caf\\E9]", "caf\xC3\xA9"},
    /* combinators */
    {"article p", "p1 p2 p3 p4 p5"},
    {"article > p", "p1 p2 p4"},
    {"article>p", "p1 p2 p4"},
    {"main p", "p1 p2 p3 p4 p5"},
    {"body article div p", "p3"},
    {"body > p", ""},
    {"html > body > footer > p", "p6 1st caf\xC3\xA9"},
    {"h1 + p", "p1"},
    {"h1+p", "p1"},
    {"h1 + div", ""},
    {"p + p", "p2 1st caf\xC3\xA9"},
    {"h1 ~ p", "p1 p2 p4"},
    {"h1~p", "p1 p2 p4"},
    {"p ~ h1", ""},
    {"div ~ p", "p4"},
    {"p + div > p", "p3"},
    {".lead ~ ul > .hot", "l2 l4"},
    {"li + li + li", "l3 l4 l5"},
    {"li ~ li ~ .hot", "l4"},
    {"#d1 p, #s1 p", "p3 p5"},
    {"section p + x-card", "x1"},
    {"x-card ~ x-card", "x2"},
    {"article div p ~ p", ""},
    {"html body main article p b", "b1"},
    {"aside div a, aside > h3", "h3 a1 a2"},
    {"div p, article", "art p3"},
    /* :is :where :not */
    {":is(h1, h2, h3)", "h1 h2 h3"},
    {":where(h1, h2)", "h1 h2"},
    {":matches(h1, .card)", "h1 c1 c2"},
    {":is(article, aside) > :is(h1, h3)", "h1 h3"},
    {"p:is(.lead, [lang])", "p1 p2 p5"},
    {"article > p:not(.lead)", "p2 p4"},
    {"article > p:not(.lead, [lang])", "p4"},
    {"li:not(.hot)", "l1 l3 l5"},
    {"li:not(.hot):not(:first-child)", "l3 l5"},
    {"p:not(article p)", "p6 1st caf\xC3\xA9"},
    {"p:not(article *)", "p6 1st caf\xC3\xA9"},
    {"article > :not(p):not(div)", "h1 ul s1"},
    {"li:not(:not(.hot))", "l2 l4"},
    {":is(:is(:is(h1)))", "h1"},
    {":is(div > p, ul > .hot)", "p3 l2 l4"},
    /* :has */
    {"p:has(b)", "p4"},
    {"div:has(img)", "c2"},
    {":has(> img)", "c2"},
    {"article:has(.ad-box)", "art"},
    {"main:has(> .ad-box)", ""},
    {"div:has(> p)", "d1"},
    {"p:has(+ div)", "p2"},
    {"p:has(~ ul)", "p1 p2 p4"},
    {"h1:has(+ p.lead)", "h1"},
    {"h1:has(+ p[lang])", ""},
    {"h1:has(~ div p)", "h1"},
    {"h1:has(+ div p)", ""},
    {"div:has(a, p)", "d1 c1 c2"},
    {"div:not(:has(a))", "d1"},
    {"aside:has(.card .none)", ""},
    {"aside:has(div > a[href])", "aside"},
    {"article:has(article p)", ""},
    {":has(:has(img)) > div", "c1 c2"},
    {"aside:has(> :scope)", ""},
    {"ul:has(:scope > li)", "ul"},
    {"article:has(:scope > li)", ""},
    {"ul:has(:scope li)", "ul"},
    {"h1:has(:SCOPE+p)", "h1"},
    {"li:has(:scope)", ""},
    {"li:has(:scope.hot, :scope )", ""},
    {"li:has(+ .hot)", "l1 l3"},
    /* position */
    {"li:first-child", "l1"},
    {"li:last-child", "l5"},
    {"li:nth-child(2)", "l2"},
    {"li:nth-child(odd)", "l1 l3 l5"},
    {"li:nth-child(even)", "l2 l4"},
    {"li:nth-child(2n+1)", "l1 l3 l5"},
    {"li:nth-child( 2n + 1 )", "l1 l3 l5"},
    {"li:nth-child(n)", "l1 l2 l3 l4 l5"},
    {"li:nth-child(n+4)", "l4 l5"},
    {"li:nth-child(-n+2)", "l1 l2"},
    {"li:nth-child(3n-1)", "l2 l5"},
    {"li:nth-child(+3n - 2)", "l1 l4"},
    {"li:nth-child(0)", ""},
    {"li:nth-child(-1)", ""},
    {"li:nth-child(0n+3)", "l3"},
    {"li:nth-child(EVEN)", "l2 l4"},
    {"li:nth-last-child(1)", "l5"},
    {"li:nth-last-child(-n+2)", "l4 l5"},
    {"li:nth-child(2 of .hot)", "l4"},
    {"li:nth-child(odd of .hot)", "l2"},
    {"li:nth-child(1 of li)", "l1"},
    {"li:nth-last-child(1 of .hot)", "l4"},
    {"li:nth-last-child(2 of .hot, #l5)", "l4"},
    {"article > p:nth-child(2)", "p1"},
    {"article > p:nth-of-type(2)", "p2"},
    {"article > p:nth-of-type(3)", "p4"},
    {"article > p:nth-last-of-type(1)", "p4"},
    {"article > :first-of-type", "h1 p1 d1 ul s1"},
    {"article > p:last-of-type", "p4"},
    {"article > :only-of-type", "h1 d1 ul s1"},
    {"x-card:first-of-type", "x1"},
    {"x-card:nth-of-type(2)", "x2"},
    {"x-card:last-of-type", "x2"},
    {"x-note:only-of-type", "y1"},
    {"div > p:only-child", "p3"},
    {"b:only-of-type", "b1"},
    {"b:only-child", ""},
    {"a:only-child", "a1"},
    {"html:first-child", "html"},
    {"p:first-child:last-child", "p3"},
    /* :empty :root :scope :link */
    {":root", "html"},
    {":root > body", "body"},
    {":scope", "html"},
    {"i:empty", "i1"},
    {"section > :empty", "x1 y1 x2"},
    {"p:empty", ""},
    {"img:empty", "im"},
    {":link", "n1 n3 a1 a2 ar"},
    {"a:any-link", "n1 n3 a1 a2"},
    /* :lang :dir */
    {"p:lang(en)", "p1 p2 p3 p4 p6 1st caf\xC3\xA9"},
    {"p:lang(en-GB)", "p2"},
    {"p:lang(EN-gb)", "p2"},
    {"p:lang(ar)", "p5"},
    {"p:lang(ar, 'en-GB')", "p2 p5"},
    {"p:lang('*-EG')", "p5"},
    {"p:lang(fr)", ""},
    {"h2:dir(rtl)", "h2"},
    {"h1:dir(rtl)", ""},
    {"h1:dir(ltr)", "h1"},
    {"p:dir(RTL)", "p5"},
    /* :has-text */
    {"p:has-text(\"Sponsored\")", "p2"},
    {"p:has-text('Sponsored')", "p2"},
    {"p:has-text(Sponsored)", "p2"},
    {"p:has-text(sponsored)", ""},
    {"p:has-text(/^sponsored/i)", "p2"},
    {"p:has-text(/^message/)", ""},
    {"p:has-text(\"union said\")", "p4"},
    {"p:has-text(/union\\s+said/)", "p4"},
    {"li:has-text(/^t/)", "l2 l3"},
    {"li:has-text(/^(t|f)/):not(.hot)", "l3 l5"},
    {"article p:not(:has-text(\"e\"))", "p3 p5"},
    {"p:has-text(/[/)]|Buy/)", "p3"},
    {"div:has(> p:has-text(Buy now))", "d1"},
    {"p:has-text(\"\")", "p1 p2 p3 p4 p5 p6 1st caf\xC3\xA9"},
    /* :min-text-length */
    {"p:min-text-length(20)", "p1"},
    {"p:min-text-length(17)", "p1 p2 p4"},
    {"footer p:min-text-length(6)", "p6"},
    {"footer p:min-text-length(7)", ""},
    {"b:min-text-length(0)", "b1"},
    /* :upward */
    {"p:has-text(Buy):upward(1)", "d1"},
    {"p:has-text(Buy):upward(2)", "art"},
    {"p:has-text(Buy):upward(article)", "art"},
    {"p:has-text(Buy):upward(main, div)", "d1"},
    {"p:has-text(Buy):upward(aside)", ""},
    {"b:upward(99)", ""},
    {"img:upward(.card).hot", "c2"},
    {"img:upward(.card):not(.hot)", ""},
    {"img:upward(aside) > h3", "h3"},
    {"img:upward(aside) a", "a1 a2"},
    {"img:upward(1):upward(1)", "aside"},
    {"img:upward(.card):upward(main) > article", "art"},
    {"h3:upward(1) .card:upward(main)", "main"},
    {"a:upward(div)", "c1 c2"},
    {"a[href]:upward(1), b", "nav b1 c1 c2"},
    {"h1:upward(1) + aside", "aside"},
    {"im:upward(1)", ""},
    /* :matches-attr :matches-path */
    {":matches-attr(\"data-kind\")", "art"},
    {":matches-attr(data-kind=\"Story\")", "art"},
    {":matches-attr(data-kind=\"Stor\")", ""},
    {":matches-attr(/^data-/=\"Story\")", "art"},
    {":matches-attr(/^data-/)", "art"},
    {"a:matches-attr(href=/\\.html$/)", "a1"},
    {"a:matches-attr(\"href\"=/^\\/sport/)", "a2"},
    {":matches-attr(/^on/)", ""},
    {"h1:matches-path(\"/2024/\")", "h1"},
    {"h1:matches-path(/^\\/2024\\/0[0-9]/)", "h1"},
    {"h1:matches-path(/x=1$/)", "h1"},
    {"h1:matches-path(/sport/)", ""},
    {"h1:matches-path(\"x.example\")", ""},
    /* together */
    {"main > article > h1 + p.lead.first:not(.hot)", "p1"},
    {"article > *:not(p):not(div):not(:has(*))", "h1"},
    {"ul > li:not(:first-child):not(:last-child)", "l2 l3 l4"},
    {"li:not(:nth-child(odd))", "l2 l4"},
    {"li:nth-child(n+2):nth-child(-n+4)", "l2 l3 l4"},
    {"li:nth-child(even).hot", "l2 l4"},
    {"li:nth-last-child(even)", "l2 l4"},
    {"li:nth-child(-2n+3)", "l1 l3"},
    {"li:nth-child(5n)", "l5"},
    {"li:nth-of-type(odd)", "l1 l3 l5"},
    {"li.hot ~ li:not(.hot)", "l3 l5"},
    {"li.hot + li:not(.hot)", "l3 l5"},
    {"li:not(.hot) + li.hot", "l2 l4"},
    {"li:has(~ .hot):has(+ .hot)", "l1 l3"},
    {"li:not(:has(~ li))", "l5"},
    {"ul:has(> li:nth-child(5))", "ul"},
    {"ul:has(> li:nth-child(6))", ""},
    {":is(#l1, #l3):is(li, p)", "l1 l3"},
    {":is(ul, section) > :first-child", "l1 h2"},
    {":not(html, head, head *, body, body *)", ""},
    {"html:not(.x) body.single main > article", "art"},
    {"body:not(.single) h1", ""},
    {"[class][id]:is(p, div):not(article *):not([id^=caf])", "c1 c2 p6"},
    {"p[class~=lead][class~=first]", "p1"},
    {"p[class='lead first']", "p1"},
    {"p[class='first lead']", ""},
    {"[class^=lead]", "p1"},
    {"[class$=first]", "p1"},
    {"[class*='ad f']", "p1"},
    {"[class*=card]", "c1 c2"},
    {"[class~=card]", "c1 c2"},
    {"[id^=l][class]", "l2 l4"},
    {"[id$='1']:is(h1, a, p)", "n1 h1 p1 a1"},
    {"a[href*='.']:not([href^=http])", "a1 a2"},
    {"a[rel][href]", "n3"},
    {"aside a[href$='.html'], aside img[src]", "a1 im"},
    {".card:has(img):has(a)", "c2"},
    {".card:not(:has(img))", "c1"},
    {".card:has(> a + img)", "c2"},
    {"div > a:only-child", "a1"},
    {"div > a:not(:only-child)", "a2"},
    {"section > h2 ~ x-card:last-of-type", "x2"},
    {"section > x-card ~ *", "y1 x2"},
    {"x-card:not(:first-of-type)", "x2"},
    {"section :empty:not(x-note)", "x1 x2"},
    {"section[dir=rtl] p[lang^='ar']", "p5"},
    {"section:lang(ar) > p:lang(ar-EG)", "p5"},
    {"article > p:lang(en):not(:lang(en-GB))", "p1 p4"},
    {"footer > p:nth-of-type(n+2)", "1st caf\xC3\xA9"},
    {"footer p:not([class])", "1st"},
    {"form > :not(input)", "ar"},
    {"input[type=TEXT]", "in"},
    {"p b, p i", "b1 i1"},
    {"p > b + i", "i1"},
    {"p > i + b", ""},
    {"p:has(b, i):has-text(union)", "p4"},
    {"p:not(:min-text-length(3)):not([id=p5])", "1st caf\xC3\xA9"},
    {"div:has(p:has-text(Buy)) + p", "p4"},
    /* XPath */
    {"//h1", "h1"},
    {"(//p)[2]", "p2"},
    {"xpath: //li[@class='hot'][2]", "l4"},
    {"xpath:id('h1 p1  h2')", "h1 p1 h2"},
    {"/html/body/main/aside/h3", "h3"},
    {"//ul/li[position() > 3]", "l4 l5"},
    {"//p[contains(., 'strike')] | //h1", "h1"},
    {"//h2 | //h1", "h1 h2"},
    {"//x-card", "x1 x2"},
    {"//H1", ""},
    {"//a[not(@href)]", "n2"},
    {"//*[@title='a \"quoted\" word']", "p4"},
    {"//li[@id='l2']/following-sibling::li", "l3 l4 l5"},
    {"//li[@id='l3']/preceding-sibling::li", "l1 l2"},
    {"//b/ancestor::*", "html body main art p4"},
    {"//section//@lang", ""},
    {"//img[ends-here]", ""},
    {"//p[count(\"x\")]", ""},
    {"xpath: count(//li) = 5", "html"},
    {"xpath: count(//li) = 6", ""},
    {"xpath: string(//h1)", ""},
    {"//div[contains(concat(' ',normalize-space(@class),' '),' card ')]", "c1 c2"},
    {"//comment()", ""},
    {"//*[lang('ar')]", ""},
    {"ul:xpath(li[2])", "l2"},
    {"li:xpath(..)", "ul"},
    {"b:xpath(ancestor::p)", "p4"},
    {":xpath(//h1)", "h1"},
    {"*:xpath(.//h1)", "h1"},
    {".card:xpath(./a) + img", "im"},
    {"#l2:xpath(following-sibling::li[1]), h1", "h1 l3"},
    {"#p3:upward(1):xpath(following-sibling::p[1])", "p4"},
    {"#b1:xpath(..):upward(article)", "art"},
    {"p:xpath(contains(., '(no)') or contains(., 'union'))", "p4"},
    {"li:xpath(@class)", ""},
    {"h1:xpath(text())", ""},
};

typedef struct bench {
    dh_arena arena;
    jmp_buf guard;
    dh_dom dom;
    dh_regex *regexes[64];
    uint32_t regex_count;
    dh_css_context context;
} bench;

static void own(void *data, dh_regex *regex) {
    bench *b = data;
    assert_true(b->regex_count < 64);
    b->regexes[b->regex_count++] = regex;
}

static void open_page(bench *b, const char *page) {
    *b = (bench){0};
    dh_arena_init(&b->arena, 0);
    dh_limits limits = dh_limits_default();
    dh_slice bytes = dh_arena_dup(&b->arena, dh_slice_cstr(page));
    assert_int_equal(dh_dom_parse(&b->dom, bytes, &limits, &b->arena, NULL), DH_OK);
    b->context = (dh_css_context){.dom = &b->dom,
                                  .regexes = dh_regex_cache_new(1000),
                                  .xpaths = dh_xpath_cache_new(),
                                  .arena = &b->arena,
                                  .url = DH_SLICE("https://x.example/2024/05/strike?x=1")};
}

static void drop_regexes(bench *b) {
    while (b->regex_count > 0) dh_regex_free(b->regexes[--b->regex_count]);
}

static void close_page(bench *b) {
    drop_regexes(b);
    dh_regex_cache_free(b->context.regexes);
    dh_xpath_cache_free(b->context.xpaths);
    dh_arena_release(&b->arena);
}

static void ids_of(bench *b, const dh_node_list *found, char *out, size_t size) {
    size_t at = 0;
    out[0] = 0;
    for (uint32_t i = 0; i < found->len; i++) {
        dh_slice id = dh_dom_attr_value(&b->dom, found->ptr[i], DH_SLICE("id"));
        if (at + id.len + 2 > size) break;
        if (at > 0) out[at++] = ' ';
        memcpy(out + at, id.ptr, id.len);
        at += id.len;
        out[at] = 0;
    }
}

static void selects(void **state) {
    (void)state;
    bench b;
    open_page(&b, news);
    int bad = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_css *css;
        dh_error error = {0};
        dh_slice text = dh_slice_cstr(rows[i].selector);
        if (dh_css_compile(text, &b.arena, own, &b, &css, &error) != DH_OK) {
            fprintf(stderr, "%s: refused: %s\n", rows[i].selector, error.message);
            bad++;
            continue;
        }
        dh_node_list found = {0};
        char ids[1000];
        dh_css_select(css, &b.context, 0, &found);
        ids_of(&b, &found, ids, sizeof ids);
        if (strcmp(ids, rows[i].ids) != 0) {
            fprintf(stderr, "%s: [%s], not [%s]\n", rows[i].selector, ids, rows[i].ids);
            bad++;
        }
        /* The three ways to ask agree. */
        uint32_t first = dh_css_first(css, &b.context, 0), at = 0;
        assert_int_equal(first, found.len > 0 ? found.ptr[0] : DH_NO_NODE);
        for (uint32_t id = 0; id < b.dom.len; id++) {
            bool in = at < found.len && found.ptr[at] == id;
            if (dh_css_matches(css, &b.context, id) != in) {
                fprintf(stderr, "%s: matches() of node %u is not what select() says\n",
                        rows[i].selector, id);
                bad++;
            }
            at += in;
        }
        drop_regexes(&b);
    }
    assert_int_equal(bad, 0);
    close_page(&b);
}

/* All rows at once, in one walk, give what each gives alone. */
static void sets_agree(void **state) {
    (void)state;
    enum { ROWS = sizeof rows / sizeof *rows };
    bench b;
    open_page(&b, news);
    static const dh_css *list[ROWS + 1];
    static dh_node_list all[ROWS + 1], first[ROWS + 1];
    memset(all, 0, sizeof all);
    memset(first, 0, sizeof first);
    for (size_t i = 0; i < ROWS; i++) {
        dh_css *css;
        assert_int_equal(
            dh_css_compile(dh_slice_cstr(rows[i].selector), &b.arena, own, &b, &css, NULL), DH_OK);
        list[i] = css;
    }
    list[ROWS] = NULL; /* a hole */
    dh_css_set *set = dh_css_set_new(&b.arena, list, ROWS + 1);
    dh_css_set_select(set, &b.context, false, all);
    dh_css_set_select(set, &b.context, true, first);
    for (size_t i = 0; i < ROWS; i++) {
        char ids[1000];
        ids_of(&b, &all[i], ids, sizeof ids);
        assert_string_equal(ids, rows[i].ids);
        assert_true(all[i].len > 0 ? first[i].len > 0 && first[i].ptr[0] == all[i].ptr[0]
                                   : first[i].len == 0);
    }
    assert_int_equal(all[ROWS].len, 0);
    close_page(&b);
}

/* Every chain of three out of a few compounds, in one set, gives what each gives alone: what stands
 * above, beside or before an element decides about each of them. */
static void sets_agree_on_chains(void **state) {
    (void)state;
    static const char *const compounds[] = {"div", "p", ".a", ".b", "#x", "p.a", "b", "*", "nav"};
    static const char joints[] = " >+~";
    enum { N = sizeof compounds / sizeof *compounds, JOINTS = 4, ALL = N * N * N * JOINTS * JOINTS };
    bench b;
    open_page(&b, "<div class=a><p class=b>1</p><p class='a b'><b>2</b></p><div id=x><p class=c>3</p></div>"
                  "<p>4<b class=a>5</b></p></div><p class=b>6</p><div><div class='b c'><p>7</p>"
                  "<p id=x>8</p><b>9</b></div><b class='c a'>10</b><p class=a>11</div><b>12</b>");
    const dh_css **list = dh_arena_zalloc(&b.arena, ALL, sizeof *list);
    dh_node_list *all = dh_arena_zalloc(&b.arena, ALL, sizeof *all);
    for (size_t i = 0; i < ALL; i++) {
        dh_css *css;
        char text[64];
        size_t n = i / (JOINTS * JOINTS);
        snprintf(text, sizeof text, "%s %c %s %c %s", compounds[n % N], joints[i % JOINTS],
                 compounds[n / N % N], joints[i / JOINTS % JOINTS], compounds[n / N / N]);
        assert_int_equal(dh_css_compile(dh_slice_cstr(text), &b.arena, own, &b, &css, NULL), DH_OK);
        list[i] = css;
    }
    dh_css_set_select(dh_css_set_new(&b.arena, list, ALL), &b.context, false, all);
    size_t selecting = 0;
    for (size_t i = 0; i < ALL; i++) {
        dh_node_list alone = {0};
        dh_css_select(list[i], &b.context, 0, &alone);
        assert_int_equal(all[i].len, alone.len);
        if (alone.len > 0) assert_memory_equal(all[i].ptr, alone.ptr, alone.len * sizeof *alone.ptr);
        selecting += alone.len > 0;
    }
    assert_true(selecting > ALL / 20);
    close_page(&b);
}

/* Below an element only. */
static void selects_below(void **state) {
    (void)state;
    bench b;
    open_page(&b, news);
    dh_css *css;
    assert_int_equal(dh_css_compile(DH_SLICE("article"), &b.arena, own, &b, &css, NULL), DH_OK);
    uint32_t article = dh_css_first(css, &b.context, 0);
    assert_int_equal(dh_css_compile(DH_SLICE("body p, article, b:upward(article), b:upward(main)"),
                                    &b.arena, own, &b, &css, NULL),
                     DH_OK);
    dh_node_list found = {0};
    char ids[200];
    dh_css_select(css, &b.context, article, &found);
    ids_of(&b, &found, ids, sizeof ids);
    assert_string_equal(ids, "art p1 p2 p3 p4 p5");
    assert_int_equal(dh_css_first(css, &b.context, b.dom.len), DH_NO_NODE);
    close_page(&b);
}

typedef struct refusal {
    const char *selector;
    size_t at;
    const char *says;
} refusal;

static const refusal refusals[] = {
    {"", 0, "missing at the end"},
    {"   ", 3, "missing at the end"},
    {"p,", 2, "missing at the end"},
    {",p", 0, "missing here"},
    {"p,,a", 2, "missing here"},
    {"> p", 0, "unexpected \">\""},
    {"p >", 3, "missing at the end"},
    {"p > > a", 4, "unexpected \">\""},
    {"p a)", 3, "a ) without its ("},
    {"p $", 2, "unexpected \"$\""},
    {"p!", 1, "unexpected \"!\""},
    {".", 1, "a class name expected"},
    {"#", 1, "an id expected"},
    {".3col", 1, "write \\33 and a space"},
    {"#1", 1, "cannot begin with a digit"},
    {"3p", 0, "cannot begin with a digit"},
    {"[", 1, "an attribute's name expected"},
    {"[a", 2, "expected ], ="},
    {"[a=", 3, "quotation marks"},
    {"[a=1]", 3, "quotation marks"},
    {"[href=/x/]", 6, "quotation marks"},
    {"[a=\"b]", 3, "closing \" is missing"},
    {"[a='b'", 6, "closing ] is missing"},
    {"[a=b x]", 5, "closing ] is missing"},
    {"[a!=b]", 2, ":not([a=b])"},
    {"[a?=b]", 2, "expected ], ="},
    {":", 1, "a pseudo-class expected"},
    {"p::before", 1, "pseudo-elements"},
    {"p:has", 5, ":has needs (...)"},
    {"p:has(", 6, "missing at the end"},
    {"p:has(b", 7, "closing ) of :has"},
    {"p:first-child(1)", 13, "takes no"},
    {"p:has-txt(\"x\")", 1, "did you mean :has-text?"},
    {"p:frist-child", 1, "did you mean :first-child?"},
    {"p:contains(x)", 1, ":has-text"},
    {"p:hover", 1, "cannot be told"},
    {"p:xpath(//a[)", 12, ""},
    {"p:xpath()", 8, "expression expected"},
    {":not(p:xpath(//a))", 6, "cannot stand inside"},
    {"//", 2, ""},
    {"//p[", 4, ""},
    {"//p]", 3, ""},
    {"//p[@a='x]", 10, "quotation mark"},
    {"//p[$a]", 4, "no variables"},
    {"//p[contain(., 'x')]", 4, "did you mean contains()"},
    {"//x:p", 2, "no prefixes"},
    {"//p/namespace::x", 4, "no namespace"},
    {"xpath:", 6, "expression expected"},
    {"xpath: //p[matches(., 'x')]", 11, "no function matches()"},
    {"p:qqqqqqqq", 1, "unknown pseudo-class :qqqqqqqq"},
    {"p:nth-child(x)", 12, "expected even"},
    {"p:nth-child()", 12, "expected even"},
    {"p:nth-child(2n+)", 12, "expected even"},
    {"p:nth-child(2 off p)", 14, "\"of\""},
    {"p:nth-of-type(2 of p)", 16, "closing )"},
    {"p:lang()", 7, "a language"},
    {"p:dir(up)", 8, "ltr or rtl"},
    {"p:has-text()", 11, "a text"},
    {"p:has-text(\"x)", 11, "closing \""},
    {"p:has-text(/x)", 11, "closing /"},
    {"p:min-text-length(x)", 18, "a number"},
    {"p:upward(0)", 10, ":upward(0)"},
    {"p:not(a:upward(1))", 7, ":upward() cannot stand inside"},
    {"p:has(a:upward(b))", 7, ":upward() cannot stand inside"},
    {"svg|a", 3, "namespaces"},
    {"*|a", 1, "namespaces"},
    {"p:is()", 5, "missing here"},
    {"p\\", 2, "nothing follows the backslash"},
    {":matches-attr()", 14, "a name, quoted text"},
};

static void refuses(void **state) {
    (void)state;
    bench b;
    open_page(&b, "<p>x");
    int bad = 0;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *r = &refusals[i];
        dh_css *css = NULL;
        dh_error error = {0};
        dh_status status =
            dh_css_compile(dh_slice_cstr(r->selector), &b.arena, own, &b, &css, &error);
        if (status == DH_ERR_RULE && css == NULL && error.offset == r->at &&
            strstr(error.message, r->says) != NULL)
            continue;
        bad++;
        fprintf(stderr, "%s: status %d at %d: %s\n", r->selector, (int)status, (int)error.offset,
                error.message);
    }
    assert_int_equal(bad, 0);
    close_page(&b);
}

static void bad_regex(void **state) {
    (void)state;
    bench b;
    open_page(&b, "<p>x");
    dh_css *css;
    dh_error error = {0};
    assert_int_equal(
        dh_css_compile(DH_SLICE("p:has-text(/(x/)"), &b.arena, own, &b, &css, &error), DH_ERR_RULE);
    assert_in_range(error.offset, 12, 15);
    assert_int_equal(dh_css_compile(DH_SLICE("p:has-text(/x/q)"), &b.arena, own, &b, &css, &error),
                     DH_ERR_RULE);
    close_page(&b);
}

/* Nesting, parts and steps have ceilings; what lies below them works. */
static void ceilings(void **state) {
    (void)state;
    bench b;
    open_page(&b, "<div><div><div><p>x");
    dh_css *css;
    dh_buf text;
    for (int depth = CSS_MAX_NESTING - 1; depth <= CSS_MAX_NESTING; depth++) {
        dh_buf_init(&text, &b.arena, 0);
        for (int i = 0; i < depth; i++) dh_buf_puts(&text, ":is(");
        dh_buf_puts(&text, "p");
        for (int i = 0; i < depth; i++) dh_buf_puts(&text, ")");
        dh_status status = dh_css_compile(dh_buf_slice(&text), &b.arena, own, &b, &css, NULL);
        assert_int_equal(status, depth < CSS_MAX_NESTING ? DH_OK : DH_ERR_RULE);
        if (status == DH_OK)
            assert_int_equal(b.dom.nodes[dh_css_first(css, &b.context, 0)].tag, DH_TAG_p);
    }
    for (int parts = CSS_MAX_PARTS; parts <= CSS_MAX_PARTS + 1; parts++) {
        dh_buf_init(&text, &b.arena, 0);
        for (int i = 1; i < parts; i++) dh_buf_puts(&text, "div ");
        dh_buf_puts(&text, "p");
        dh_status status = dh_css_compile(dh_buf_slice(&text), &b.arena, own, &b, &css, NULL);
        assert_int_equal(status, parts <= CSS_MAX_PARTS ? DH_OK : DH_ERR_RULE);
        if (status == DH_OK) assert_int_equal(dh_css_first(css, &b.context, 0), DH_NO_NODE);
    }
    close_page(&b);
}

static void deep_page(bench *b, const char *open, int n) {
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_buf text;
    dh_buf_init(&text, &arena, 0);
    for (int i = 0; i < n; i++) dh_buf_puts(&text, open);
    dh_buf_puts(&text, "<p>x");
    open_page(b, dh_buf_cstr(&text));
    dh_arena_release(&arena);
}

/* A chain that fails at its left end must not be tried at every combination of ancestors. */
static void chains_do_not_explode(void **state) {
    (void)state;
    bench b;
    deep_page(&b, "<div>", 200);
    dh_css *css;
    dh_slice chain = DH_SLICE(".none div div div div div div div div div div div div div p");
    assert_int_equal(dh_css_compile(chain, &b.arena, own, &b, &css, NULL), DH_OK);
    assert_int_equal(dh_css_first(css, &b.context, 0), DH_NO_NODE);
    assert_true(b.context.steps < 20000);
    close_page(&b);
}

static void steps_end_it(void **state) {
    (void)state;
    bench b;
    deep_page(&b, "<div><b></b>", 200);
    dh_css *css;
    assert_int_equal(
        dh_css_compile(DH_SLICE("div:has(div:has(div:has(i))), p"), &b.arena, own, &b, &css, NULL),
        DH_OK);
    b.context.max_steps = 5000;
    dh_node_list found = {0};
    dh_css_select(css, &b.context, 0, &found);
    assert_true(b.context.limited);
    assert_true(b.context.steps < 6000);
    assert_false(dh_css_matches(css, &b.context, b.dom.len - 2));
    b.context.limited = false;
    b.context.steps = 0;
    assert_int_equal(
        dh_css_compile(DH_SLICE("p:not(:has(i))"), &b.arena, own, &b, &css, NULL), DH_OK);
    dh_css_select(css, &b.context, 0, &found);
    assert_false(b.context.limited);
    assert_int_equal(found.len, 1);
    close_page(&b);
}

/* Every row of pseudo.def has a case above. */
static void every_pseudo_has_a_case(void **state) {
    (void)state;
    static const char *const names[] = {
#define DH_PSEUDO(name, kind, argument, help) ":" name,
#include "css/pseudo.def"
#undef DH_PSEUDO
    };
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        bool hit = false;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            hit |= strstr(rows[i].selector, names[n]) != NULL && rows[i].ids[0] != 0;
        if (!hit) fprintf(stderr, "%s has no case\n", names[n]);
        assert_true(hit);
    }
    assert_true(sizeof rows / sizeof *rows >= 150);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selects),
        cmocka_unit_test(sets_agree),
        cmocka_unit_test(sets_agree_on_chains),
        cmocka_unit_test(selects_below),
        cmocka_unit_test(refuses),
        cmocka_unit_test(bad_regex),
        cmocka_unit_test(ceilings),
        cmocka_unit_test(chains_do_not_explode),
        cmocka_unit_test(steps_end_it),
        cmocka_unit_test(every_pseudo_has_a_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
