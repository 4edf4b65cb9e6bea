/* SPDX-License-Identifier: Apache-2.0 */
/* selectors [--list FILE] [--share N] FOLDER...: a second opinion on our selectors. Every XPath is
 * translated to CSS as the importer does, and on every page below the folders the CSS is matched by
 * css/ and the XPath by libxml2; the elements must be the same. The XPaths are those below, on every
 * page, and the lines of a file, of which a page sees every N-th (default 20), another part on each.
 * Exit status 1 when there are differences. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "css/xpath.h"
#include "input/decode.h"
#include "rules/import.h"

enum { MAX_PAGE = 64 << 20, MAX_LIST = 8 << 20, SHOWN = 40, STEPS = 2000000000 };

/* What real pages have, and each kind of step and condition that has a translation. */
static const char *const own[] = {
    "//*", "//div", "//p", "//a", "//li", "//img", "//span", "//script", "//html", "//tbody",
    "/html", "/html/body", "/html/body/*", "/html/head/meta", "/html//div//p",
    "//div/p", "//div//p", "//ul/li", "//ul//a", "//div/div/div/div", "//div//div//div//a",
    "//*[@id]", "//*[@class]", "//a[@href]", "//a[not(@href)]", "//*[not(@class)]", "//*[@class='']",
    "//*[@id='content']", "//*[@id='main']", "//*[@id='header']", "//*[@class='content']",
    "//*[contains(@class, 'content')]", "//*[contains(@class, 'a')]", "//*[contains(@id, 'a')]",
    "//*[contains(@class, ' ')]", "//*[starts-with(@class, 'c')]", "//*[starts-with(@href, 'http')]",
    "//a[contains(@href, '/')]", "//a[contains(@href, '?')]", "//a[starts-with(@href, '#')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' content ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' active ')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' clearfix ')]",
    "//a[contains(concat(' ', normalize-space(@rel), ' '), ' nofollow ')]",
    "//a[@rel='nofollow']", "//link[@rel='stylesheet']", "//input[@type='text']", "//*[@lang='en']",
    "//meta[@name='description']", "//meta[@property='og:title']", "//*[@itemprop]",
    "//*[@style and @class]", "//*[@style or @id]", "//*[@id and not(@class)]",
    "//*[(@id or @class) and not(@style or @href)]", "//a[@class!='x']", "//div[@id!='x' and @class]",
    "//*[1]", "//*[2]", "//*[3]", "//*[last()]", "//p[1]", "//p[2]", "//div[3]", "//p[last()]", "//li[last()]",
    "//*[position()<3]", "//p[position()<=2]", "//p[position()>1]", "//li[position()>=3]",
    "//li[position()=2]", "//div[@class][2]", "//*[@class][1]", "//a[@href][3]",
    "//div[@id][position()<3]", "//*[@id][position()>1]", "//p[2][@class]", "//*[1][self::div]",
    "//div[p]", "//div[a]", "//*[img]", "//div[.//img]", "//p[a/@href]", "//ul[li/a]", "//div[./p/a]",
    "//div[not(.//a)]", "//p[not(a) and not(b)]", "//div[p and a]", "//div[p or ul]",
    "//div[ul/li[2]]", "//ul[li[5]]", "//div[p[1]/a]", "//div[a/@href='#']", "//div[descendant::table]",
    "//*[self::h1 or self::h2 or self::h3]", "//*[not(self::div or self::span)]",
    "//h2/following-sibling::p", "//h1/following-sibling::*", "//p/following-sibling::*[1]",
    "//p/following-sibling::*[1][self::p]", "//h2/following-sibling::*[1]/a",
    "//p/preceding-sibling::p", "//h2/preceding-sibling::*", "//ul/preceding-sibling::p[@class]",
    "//img/..", "//p/..", "//a[@title]/..", "//li/parent::ul", "//img/parent::*/parent::div",
    "//img/ancestor::div", "//p/ancestor::*", "//h1/ancestor::div[@id]", "//li/../..", "//b | //i | //em",
    "//h1 | //h2[@class]", "//p[1] | //ul/li[1] | //img/..", "//div/descendant::a", "//table//td[2]",
    "//tr[2]/td[1]", "//table/tbody/tr", "//select/option[last()]", "//noscript", "//template//*",
    "//svg", "//video", "//iframe", "//form//input[not(@type)]", "//br", "//p/br",
};

typedef struct pair {
    dh_slice xpath;
    dh_css *css;
    dh_slice css_text;
} pair;

typedef struct bench {
    dh_arena list_arena, arena;
    DH_VEC(pair) pairs;
    uint32_t own; /* of the pairs, those of every page */
    uint32_t kept_xpath, share;
    uint64_t pages, matched, selected, different, nonempty;
    dh_decoder *decoder;
    dh_xpath_cache *xpaths;
} bench;

static void drop(void *data, dh_regex *regex) {
    (void)data;
    dh_regex_free(regex);
}

static void add(bench *b, dh_slice text) {
    dh_import_selector made;
    pair p = {.xpath = dh_arena_dup(&b->list_arena, text)};
    if (dh_xpath_check(text, NULL) != DH_OK) return;
    if (!dh_import_css(text, &b->list_arena, &made) || made.attr.len > 0 || made.capitals) {
        b->kept_xpath++;
        return;
    }
    p.css_text = made.css;
    if (dh_css_compile(made.css, &b->list_arena, drop, NULL, &p.css, NULL) == DH_OK)
        *DH_PUSH(&b->list_arena, b->pairs) = p;
    else
        fprintf(stderr, "refused: %.*s\n", (int)made.css.len, made.css.ptr);
}

static void show(bench *b, dh_dom *dom, const char *page, const pair *p, uint32_t node, bool by_css) {
    if (b->different++ >= SHOWN) return;
    dh_slice path = dh_dom_path(dom, node);
    printf("%s\n  XPath %.*s\n  CSS   %.*s\n  only %s: %.*s\n", page, (int)p->xpath.len, p->xpath.ptr,
           (int)p->css_text.len, p->css_text.ptr, by_css ? "CSS" : "XPath", (int)path.len, path.ptr);
}

static void compare(bench *b, dh_css_context *context, const char *page, const pair *p) {
    dh_node_list ours = {0};
    dh_xpath_result theirs;
    dh_css_select(p->css, context, 0, &ours);
    dh_xpath_eval(context, p->xpath, DH_NO_NODE, &theirs);
    b->matched++;
    b->selected += ours.len;
    b->nonempty += ours.len > 0;
    if (context->limited) printf("%s: %.*s: too many steps\n", page, (int)p->xpath.len, p->xpath.ptr);
    context->limited = false;
    context->steps = 0;
    uint32_t i = 0, k = 0;
    while (i < ours.len || k < theirs.nodes.len) {
        uint32_t a = i < ours.len ? ours.ptr[i] : DH_NO_NODE;
        uint32_t z = k < theirs.nodes.len ? theirs.nodes.ptr[k].node : DH_NO_NODE;
        if (a != z) {
            show(b, context->dom, page, p, a < z ? a : z, a < z);
            return;
        }
        i++;
        k++;
    }
}

static void take_page(bench *b, const char *path) {
    jmp_buf guard;
    dh_error error = {0};
    dh_limits limits = dh_limits_default();
    dh_arena_reset(&b->arena);
    if (dh_arena_guard(&b->arena, &guard)) {
        fprintf(stderr, "%s: out of memory\n", path);
        return;
    }
    dh_buf bytes;
    dh_decoded decoded;
    dh_dom dom;
    dh_buf_init(&bytes, &b->arena, 0);
    dh_slice none = {NULL, 0};
    if (dh_io_read(path, MAX_PAGE, &bytes, NULL, &error) != DH_OK ||
        dh_decode(b->decoder, dh_buf_slice(&bytes), none, none, &b->arena, &decoded, &error) != DH_OK ||
        dh_dom_parse(&dom, decoded.text, &limits, &b->arena, &error) != DH_OK) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        return;
    }
    dh_css_context context = {
        .dom = &dom, .arena = &b->arena, .xpaths = b->xpaths, .max_steps = STEPS};
    for (uint32_t i = 0; i < b->pairs.len; i++)
        if (i < b->own || i % b->share == b->pages % b->share)
            compare(b, &context, path, &b->pairs.ptr[i]);
    b->pages++;
}

static dh_status read_list(bench *b, const char *path, dh_error *error) {
    dh_buf text;
    dh_buf_init(&text, &b->list_arena, 0);
    dh_status status = dh_io_read(path, MAX_LIST, &text, NULL, error);
    dh_slice rest = dh_buf_slice(&text);
    while (status == DH_OK && rest.ptr != NULL) {
        dh_slice line = dh_slice_trim(dh_slice_cut(&rest, '\n'));
        if (line.len > 0) add(b, line);
    }
    return status;
}

static dh_status take_folder(bench *b, const char *folder, dh_error *error) {
    dh_io_entries pages = {NULL, 0, 0};
    dh_status status = dh_io_walk(folder, &b->list_arena, &pages, NULL, NULL, error);
    for (uint32_t i = 0; i < pages.len && status == DH_OK; i++) {
        dh_slice name = dh_slice_cstr(pages.ptr[i].relative);
        if (dh_slice_ends(name, DH_SLICE(".html")) || dh_slice_ends(name, DH_SLICE(".htm")))
            take_page(b, pages.ptr[i].path);
    }
    return status;
}

static dh_status run(bench *b, int argc, char **argv, dh_error *error) {
    dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) add(b, dh_slice_cstr(own[i]));
    b->own = b->pairs.len;
    for (int i = 1; i < argc && status == DH_OK; i++) {
        if (strcmp(argv[i], "--list") == 0 && i + 1 < argc)
            status = read_list(b, argv[++i], error);
        else if (strcmp(argv[i], "--share") == 0 && i + 1 < argc)
            b->share = (uint32_t)strtoul(argv[++i], NULL, 10);
        else
            status = take_folder(b, argv[i], error);
        if (b->share == 0) b->share = 1;
    }
    return status;
}

int main(int argc, char **argv) {
    bench b = {.share = 20, .decoder = dh_decoder_new(), .xpaths = dh_xpath_cache_new()};
    jmp_buf guard;
    dh_error error = {0};
    dh_arena_init(&b.list_arena, 0);
    dh_arena_init(&b.arena, 0);
    int code = 1;
    if (b.decoder != NULL && b.xpaths != NULL && !dh_arena_guard(&b.list_arena, &guard)) {
        dh_status status = run(&b, argc, argv, &error);
        if (status != DH_OK) fprintf(stderr, "%s\n", error.message);
        printf("pages %llu  selectors %u (%u more stay XPath)  matched %llu (%llu select something)  "
               "elements %llu  different %llu\n",
               (unsigned long long)b.pages, (unsigned)b.pairs.len, (unsigned)b.kept_xpath,
               (unsigned long long)b.matched, (unsigned long long)b.nonempty,
               (unsigned long long)b.selected, (unsigned long long)b.different);
        code = status == DH_OK && b.pages > 0 && b.different == 0 ? 0 : 1;
    }
    dh_decoder_free(b.decoder);
    dh_xpath_cache_free(b.xpaths);
    dh_arena_release(&b.arena);
    dh_arena_release(&b.list_arena);
    return code;
}
