/* SPDX-License-Identifier: Apache-2.0 */
/* draft_select: selectors a person would write for an element. */
#include "rules/draft.h"

enum { MAX_NAME = 40, ANCESTORS = 4 };

static bool is_vowel(char c) {
    return strchr("aeiouy", dh_lower(c)) != NULL;
}

/* A part of a name between hyphens and underscores: a word, or a short number-free abbreviation. */
static bool is_word(dh_slice part) {
    size_t digits = 0, vowels = 0, humps = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        digits += dh_is_digit(c);
        vowels += dh_is_alpha(c) && is_vowel(c);
        bool upper = c >= 'A' && c <= 'Z';
        bool after_lower = i > 0 && part.ptr[i - 1] >= 'a' && part.ptr[i - 1] <= 'z';
        humps += upper && after_lower;
    }
    if (digits > 0 && (digits > 2 || part.len - digits < 3) && part.len > 2 && digits != part.len)
        return false;
    if (digits > 2) return false;
    if (part.len >= 5 && vowels == 0 && digits < part.len) return false;
    return humps * 4 <= part.len;
}

bool dh_draft_is_stable(dh_slice name) {
    if (name.len < 2 || name.len > MAX_NAME || !dh_is_alpha(name.ptr[0])) return false;
    size_t begin = 0;
    for (size_t i = 0; i <= name.len; i++) {
        bool cut = i == name.len || name.ptr[i] == '-' || name.ptr[i] == '_';
        if (!cut && !dh_is_alnum(name.ptr[i])) return false;
        if (!cut) continue;
        if (i > begin && !is_word(dh_slice_sub(name, begin, i))) return false;
        begin = i + 1;
    }
    /* CSS modules put five letters behind "__": "head__EWZfF", not "story__media". */
    size_t at = dh_slice_find(name, DH_SLICE("__"));
    dh_slice tail = at != DH_NPOS ? dh_slice_sub(name, at + 2, name.len) : (dh_slice){NULL, 0};
    for (size_t i = 0; tail.len == 5 && i < tail.len; i++)
        if (tail.ptr[i] < 'a' || tail.ptr[i] > 'z') return false;
    if (dh_slice_eq(name, DH_SLICE("undefined")) || dh_slice_eq(name, DH_SLICE("null"))) return false;
    static const dh_slice generated[] = {DH_SLICE_INIT("css-"), DH_SLICE_INIT("sc-"),
                                         DH_SLICE_INIT("jsx-"), DH_SLICE_INIT("svelte-"),
                                         DH_SLICE_INIT("ng-"),  DH_SLICE_INIT("wp-image-")};
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++)
        if (dh_slice_starts(name, generated[i])) return false;
    return true;
}

static void add(dh_selectors *out, dh_arena *arena, const char *before, dh_slice text,
                const char *behind) {
    dh_buf buf;
    dh_buf_init(&buf, arena, 0);
    dh_buf_puts(&buf, before);
    dh_buf_put_slice(&buf, text);
    dh_buf_puts(&buf, behind);
    for (uint32_t i = 0; i < out->len; i++)
        if (dh_slice_eq(out->ptr[i], dh_buf_slice(&buf))) return;
    *DH_PUSH(arena, *out) = dh_buf_slice(&buf);
}

static bool is_plain(dh_slice value) {
    for (size_t i = 0; i < value.len; i++)
        if (!dh_is_alnum(value.ptr[i]) && strchr("-_:.", value.ptr[i]) == NULL) return false;
    return value.len > 0 && value.len <= MAX_NAME;
}

/* By what the element itself says. */
static void add_own(dh_dom *dom, uint32_t node, dh_arena *arena, dh_selectors *out) {
    static const dh_slice roles[] = {DH_SLICE_INIT("itemprop"), DH_SLICE_INIT("property"),
                                     DH_SLICE_INIT("name"),     DH_SLICE_INIT("rel"),
                                     DH_SLICE_INIT("role"),     DH_SLICE_INIT("data-testid"),
                                     DH_SLICE_INIT("data-component")};
    dh_slice value;
    if (dh_dom_attr(dom, node, DH_SLICE("id"), &value) && dh_draft_is_stable(value))
        add(out, arena, "#", value, "");
    dh_slice classes = dh_dom_attr_value(dom, node, DH_SLICE("class"));
    for (dh_slice word; (word = dh_slice_token(&classes)).len > 0;)
        if (dh_draft_is_stable(word)) add(out, arena, ".", word, "");
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (!dh_dom_attr(dom, node, roles[i], &value) || !is_plain(value)) continue;
        dh_buf attr;
        dh_buf_init(&attr, arena, 0);
        dh_buf_printf(&attr, "[%s=\"", roles[i].ptr);
        dh_buf_put_slice(&attr, value);
        add(out, arena, dom->nodes[node].tag == DH_TAG_meta ? "meta" : "", dh_buf_slice(&attr), "\"]");
    }
}

static bool says_much(dh_tag tag) {
    return tag == DH_TAG_article || tag == DH_TAG_main || tag == DH_TAG_h1 || tag == DH_TAG_time ||
           tag == DH_TAG_aside || tag == DH_TAG_nav || tag == DH_TAG_footer;
}

void dh_draft_selectors(dh_dom *dom, uint32_t node, dh_arena *arena, dh_selectors *out) {
    add_own(dom, node, arena, out);
    dh_slice tag = dh_dom_name(dom, node);
    if (says_much(dom->nodes[node].tag)) add(out, arena, "", tag, "");
    uint32_t own = out->len;
    for (uint32_t i = 0; i < own; i++)
        if (out->ptr[i].ptr[0] == '.') {
            dh_buf typed;
            dh_buf_init(&typed, arena, 0);
            dh_buf_put_slice(&typed, tag);
            add(out, arena, dh_buf_cstr(&typed), out->ptr[i], "");
        }
    uint32_t up = dh_dom_parent(dom, node);
    for (int level = 0; level < ANCESTORS && up != DH_NO_NODE; level++, up = dh_dom_parent(dom, up)) {
        dh_selectors above = {0};
        add_own(dom, up, arena, &above);
        if (says_much(dom->nodes[up].tag)) add(&above, arena, "", dh_dom_name(dom, up), "");
        for (uint32_t i = 0; i < above.len; i++) {
            dh_buf before;
            dh_buf_init(&before, arena, 0);
            dh_buf_put_slice(&before, above.ptr[i]);
            dh_buf_puts(&before, level == 0 ? " > " : " ");
            add(out, arena, dh_buf_cstr(&before), tag, "");
            for (uint32_t k = 0; k < own && k < 3; k++)
                if (out->ptr[k].ptr[0] == '.') add(out, arena, dh_buf_cstr(&before), out->ptr[k], "");
        }
    }
}

static void no_regex(void *data, dh_regex *regex) {
    (void)data;
    dh_regex_free(regex);
}

dh_node_list dh_draft_select(const dh_draft *draft, const dh_draft_page *page, dh_slice selector) {
    dh_node_list found = {0};
    dh_css *css = NULL;
    dh_error error;
    if (page->dom == NULL) return found;
    if (dh_css_compile(selector, draft->arena, no_regex, NULL, &css, &error) != DH_OK) return found;
    dh_css_context context = {.dom = page->dom, .regexes = draft->regexes, .arena = draft->arena};
    dh_css_select(css, &context, 0, &found);
    return found;
}
