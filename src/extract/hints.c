/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/hints.h"

#include "base/map.h"

static const struct {
    const char *word;
    uint32_t hint;
} words[] = {
#define DH_HINT(word, group) {word, DH_HINT_##group},
#include "extract/hints.def"
#undef DH_HINT
};
enum { WORDS = sizeof words / sizeof words[0], MAX_TOKEN = 64, MAX_PARTS = 12 };

typedef struct reader {
    dh_map words;  /* hints.def */
    dh_map tokens; /* class tokens seen on this page */
} reader;

static uint32_t look_up(const reader *r, const char *word, size_t len) {
    const uint32_t *hit = dh_map_get(&r->words, (dh_slice){word, len});
    if (hit == NULL && len > 3 && word[len - 1] == 's')
        hit = dh_map_get(&r->words, (dh_slice){word, len - 1});
    return hit != NULL ? *hit : 0;
}

/* Tokens that describe the layout or the state of something, not what it is: conditions of utility classes
 * ("md:hidden", "[&_p]:mt-4"), "has-sidebar", "no-comments", "overflow-hidden". */
static bool says_nothing(dh_slice token) {
    static const dh_slice prefixes[] = {DH_SLICE_INIT("has-"),         DH_SLICE_INIT("has_"),
                                        DH_SLICE_INIT("no-"),          DH_SLICE_INIT("with-"),
                                        DH_SLICE_INIT("without-"),     DH_SLICE_INIT("overflow-"),
                                        DH_SLICE_INIT("field--label-")};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (dh_slice_starts(token, prefixes[i])) return true;
    return memchr(token.ptr, ':', token.len) != NULL || memchr(token.ptr, '[', token.len) != NULL;
}

/* WordPress writes the terms of a post among its classes: "tag-newsletter", "category-comment". */
static bool is_term(dh_slice token) {
    return dh_slice_starts(token, DH_SLICE("tag-")) ||
           dh_slice_starts(token, DH_SLICE("category-")) ||
           dh_slice_starts(token, DH_SLICE("format-"));
}

/* "relatedArticles-v2__body" has the parts related, articles, v, body. Pairs of neighbours count as
 * well ("entry-content", "most-read"), and three together ("field-name-body"). Small letters right behind
 * a digit are of a hash ("jXK9ad"), no word. */
static uint32_t classify(const reader *r, dh_slice token) {
    char lower[MAX_TOKEN];
    size_t begins[MAX_PARTS + 1], parts = 0, n = 0;
    bool fresh = true, hash = false;
    for (size_t i = 0; i < token.len && n < MAX_TOKEN && parts < MAX_PARTS; i++) {
        char c = token.ptr[i];
        if (!dh_is_alpha(c)) {
            fresh = true;
            hash = dh_is_digit(c);
            continue;
        }
        bool upper = c != dh_lower(c);
        hash = hash && !upper;
        if (hash) continue;
        bool hump = upper && i > 0 && dh_is_alpha(token.ptr[i - 1]) &&
                    token.ptr[i - 1] == dh_lower(token.ptr[i - 1]);
        if (fresh || hump) begins[parts++] = n;
        fresh = false;
        lower[n++] = dh_lower(c);
    }
    begins[parts] = n;
    uint32_t hints = 0, mask = UINT32_MAX;
    /* Page builders call every element a widget. */
    if (dh_slice_starts(token, DH_SLICE("elementor-")) ||
        dh_slice_starts(token, DH_SLICE("hs_cos")))
        mask = ~(uint32_t)DH_HINT_WIDGET;
    for (size_t i = 0; i < parts; i++)
        for (size_t k = i + 1; k <= parts && k <= i + 3; k++)
            hints |= look_up(r, lower + begins[i], begins[k] - begins[i]);
    return hints & mask;
}

static uint32_t of_tokens(reader *r, dh_slice value) {
    uint32_t hints = 0;
    bool post = dh_slice_has_nocase(value, DH_SLICE("hentry")) ||
                dh_slice_has_nocase(value, DH_SLICE("status-publish"));
    for (dh_slice token = dh_slice_token(&value); token.len > 0; token = dh_slice_token(&value)) {
        if (post && is_term(token)) continue;
        bool added;
        uint32_t *known = dh_map_put(&r->tokens, token, &added);
        if (added) *known = says_nothing(token) ? 0 : classify(r, token);
        hints |= *known;
    }
    return hints;
}

static uint32_t of_tag(dh_tag tag) {
    switch (tag) {
    case DH_TAG_nav:
    case DH_TAG_menu:
        return DH_HINT_NAV;
    case DH_TAG_footer:
        return DH_HINT_FOOTER;
    case DH_TAG_header:
        return DH_HINT_HEADER;
    case DH_TAG_aside:
        return DH_HINT_SIDE;
    case DH_TAG_dialog:
        return DH_HINT_MODAL;
    case DH_TAG_figcaption:
    case DH_TAG_figure:
        return DH_HINT_CAPTION;
    case DH_TAG_article:
    case DH_TAG_main:
        return DH_HINT_ARTICLE;
    default:
        return 0;
    }
}

uint32_t *dh_hints_of_dom(dh_dom *dom, dh_arena *arena) {
    reader r = {0};
    dh_map_init(&r.words, arena, WORDS);
    for (size_t i = 0; i < WORDS; i++)
        *dh_map_put(&r.words, dh_slice_cstr(words[i].word), NULL) |= words[i].hint;
    dh_map_init(&r.tokens, arena, 256);
    uint32_t *hints = dh_arena_zalloc(arena, dom->len, sizeof *hints);
    for (uint32_t id = 0; id < dom->len; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_TEXT) continue;
        uint32_t own = of_tag(tag), n;
        /* Layout classes of the whole page ("has-sidebar") say nothing about its text. */
        if (tag == DH_TAG_html || tag == DH_TAG_body) continue;
        const dh_attr *attrs = dh_dom_attrs(dom, id, &n);
        for (uint32_t i = 0; i < n; i++) {
            dh_slice name = attrs[i].name;
            if (dh_slice_eq(name, DH_SLICE("class")) || dh_slice_eq(name, DH_SLICE("id")) ||
                dh_slice_eq(name, DH_SLICE("role")) || dh_slice_eq(name, DH_SLICE("itemprop")) ||
                dh_slice_eq(name, DH_SLICE("data-component")) ||
                dh_slice_eq(name, DH_SLICE("data-testid")))
                own |= of_tokens(&r, attrs[i].value);
        }
        hints[id] = own;
    }
    return hints;
}

dh_slice dh_hint_text(uint32_t hints) {
    static const struct {
        uint32_t hint;
        dh_slice text;
    } texts[] = {
        {DH_HINT_COMMENTS, DH_SLICE_INIT("comments")},
        {DH_HINT_SHARE, DH_SLICE_INIT("share bar")},
        {DH_HINT_RELATED, DH_SLICE_INIT("related stories")},
        {DH_HINT_NEWSLETTER, DH_SLICE_INIT("newsletter")},
        {DH_HINT_COOKIE, DH_SLICE_INIT("cookie notice")},
        {DH_HINT_AD, DH_SLICE_INIT("advertisement")},
        {DH_HINT_NAV, DH_SLICE_INIT("navigation")},
        {DH_HINT_FOOTER, DH_SLICE_INIT("footer")},
        {DH_HINT_SIDE, DH_SLICE_INIT("sidebar")},
        {DH_HINT_MODAL, DH_SLICE_INIT("dialog")},
        {DH_HINT_TEASER, DH_SLICE_INIT("teasers")},
        {DH_HINT_HEADER, DH_SLICE_INIT("header")},
        {DH_HINT_AUTHOR, DH_SLICE_INIT("author box")},
        {DH_HINT_META, DH_SLICE_INIT("byline or date")},
        {DH_HINT_TAGS, DH_SLICE_INIT("tags")},
        {DH_HINT_WIDGET, DH_SLICE_INIT("widget")},
        {DH_HINT_TOOLS, DH_SLICE_INIT("page tools")},
        {DH_HINT_TOC, DH_SLICE_INIT("table of contents")},
        {DH_HINT_CAPTION, DH_SLICE_INIT("caption")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (hints & texts[i].hint) return texts[i].text;
    return DH_SLICE("names of its elements");
}
