/* SPDX-License-Identifier: Apache-2.0 */
/* A selector, CSS or XPath, and behind its first NUL the page (else a page of ours). One that is refused says
 * where; one that is taken selects the same, in order, alone and in a set of selectors. */
#include "css/css.h"
#include "fuzz/must.h"

static const char page_of_ours[] =
    "<html lang=en><body><div id=a class='b c'><p>One <a href=/x>link</a></p><ul><li>1<li>2<li>3"
    "</ul></div><section data-k='v w'><h2>Head</h2><p hidden>Two</p><p>Three <b>bold</b> text</p>"
    "<figure><img src=i alt=''><figcaption>C</figcaption></figure></section></body></html>";

static void own(void *data, dh_regex *regex) {
    dh_regex **list = data;
    for (int i = 0; i < 64; i++) {
        if (list[i] != NULL) continue;
        list[i] = regex;
        return;
    }
    MUST(!"more than 64 regular expressions in a selector");
}

static void check(const dh_css *css, dh_css_context *context, uint32_t nodes, dh_arena *arena) {
    dh_node_list alone = {0}, together[2] = {{0}, {0}};
    const dh_css *const list[2] = {css, css};
    context->steps = 0;
    dh_css_select(css, context, 0, &alone);
    bool limited = context->limited;
    for (uint32_t i = 0; i < alone.len; i++) {
        MUST(alone.ptr[i] < nodes);
        MUST(i == 0 || alone.ptr[i] > alone.ptr[i - 1]);
    }
    context->steps = 0;
    context->limited = false;
    dh_css_set_select(dh_css_set_new(arena, list, 2), context, false, together);
    if (limited || context->limited || context->too_slow != NULL || dh_css_has_xpath(css)) return;
    for (int k = 0; k < 2; k++) {
        MUST(together[k].len == alone.len);
        for (uint32_t i = 0; i < alone.len; i++) MUST(together[k].ptr[i] == alone.ptr[i]);
    }
}

static void run(dh_slice text, dh_arena *arena, dh_regex **regexes, dh_regex_cache *cache,
                dh_xpath_cache *xpaths) {
    dh_slice selector = take_part(&text);
    dh_slice page = text.len > 0 ? text : dh_slice_cstr(page_of_ours);
    dh_limits limits = dh_limits_default();
    dh_error error = {0};
    dh_css *css;
    dh_dom dom;
    dh_status status = dh_css_compile(selector, arena, own, regexes, &css, &error);
    if (status != DH_OK) {
        MUST(error.message[0] != '\0' && error.offset <= selector.len);
        return;
    }
    limits.nodes = 500;
    if (dh_dom_parse(&dom, page, &limits, arena, &error) != DH_OK) return;
    dh_css_context context = {.dom = &dom,
                              .regexes = cache,
                              .arena = arena,
                              .url = DH_SLICE("https://h.example/a/b"),
                              .max_steps = 200000,
                              .xpaths = xpaths};
    check(css, &context, dom.len, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    dh_arena arena;
    jmp_buf guard;
    dh_regex *regexes[64] = {NULL};
    dh_regex_cache *cache = dh_regex_cache_new(1000);
    dh_xpath_cache *xpaths = dh_xpath_cache_new();
    dh_arena_init(&arena, (size_t)256 << 20);
    if (!dh_arena_guard(&arena, &guard))
        run(dh_slice_make((const char *)bytes, size), &arena, regexes, cache, xpaths);
    dh_regex_cache_free(cache);
    dh_xpath_cache_free(xpaths);
    for (int i = 0; i < 64; i++) dh_regex_free(regexes[i]);
    dh_arena_release(&arena);
    return 0;
}
