/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/links.h"

#include "base/map.h"
#include "net/robots_tag.h"

/* ---- what an address looks like ---- */

static int hex(char c) {
    if (dh_is_digit(c)) return c - '0';
    c = dh_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static dh_slice percent_decoded(dh_slice s, dh_arena *arena) {
    char *out = dh_arena_alloc(arena, s.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool coded =
            s.ptr[i] == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0;
        out[n++] = coded ? (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2])) : s.ptr[i];
        if (coded) i += 2;
    }
    return dh_slice_make(out, n);
}

static bool is_never(dh_slice part) {
    static const char *const words[] = {
#define DH_NEVER(word) word,
#include "crawl/never.def"
#undef DH_NEVER
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (dh_slice_eq_nocase(part, dh_slice_cstr(words[i]))) return true;
    return false;
}

/* The ending of a file's name behind its last dot, if it is short and of letters. */
static dh_slice ending_of(dh_slice name) {
    size_t dot = name.len;
    while (dot > 0 && name.ptr[dot - 1] != '.') dot--;
    dh_slice ending = dh_slice_sub(name, dot, name.len);
    if (dot < 2 || ending.len == 0 || ending.len > 5) return (dh_slice){NULL, 0};
    for (size_t i = 0; i < ending.len; i++)
        if (!dh_is_alnum(ending.ptr[i])) return (dh_slice){NULL, 0};
    return dh_is_alpha(ending.ptr[0]) ? ending : (dh_slice){NULL, 0};
}

static bool is_page_ending(dh_slice ending) {
    static const char *const known[] = {"html", "htm", "shtml", "xhtml", "php", "asp", "aspx",
                                        "jsp",  "cms", "ece",   "story", "amp", "do",  "phtml"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (dh_slice_eq_nocase(ending, dh_slice_cstr(known[i]))) return true;
    return false;
}

typedef struct looks {
    size_t parts, digits, words, year_parts;
    bool dated;
    dh_slice last;
} looks;

/* Digits in a row, and words of a slug: what stands between hyphens or underscores. */
static void look_at_part(looks *l, dh_slice part) {
    size_t run = 0, words = part.len > 0 ? 1 : 0, longest = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        run = dh_is_digit(c) ? run + 1 : 0;
        if (run > longest) longest = run;
        bool gap = c == '-' || c == '_' || c == '+' || c == ' ';
        if (gap && i > 0 && i + 1 < part.len) words++;
    }
    if (longest > l->digits) l->digits = longest;
    l->words = words; /* of the last one, in the end */
    uint64_t n;
    bool number = dh_slice_to_u64(part, &n);
    if (number && part.len == 4 && n >= 1990 && n < 2100)
        l->year_parts = 1;
    else if (number && part.len <= 2 && n >= 1 && n <= 31 && l->year_parts > 0)
        l->year_parts++;
    if (l->year_parts >= 2) l->dated = true;
    if (part.len >= 10 && dh_slice_starts(part, DH_SLICE("20")) && part.ptr[4] == '-' &&
        part.ptr[7] == '-')
        l->dated = true;
}

static bool has_id_parameter(dh_slice query) {
    static const char *const names[] = {"id",    "p",      "article", "articleid", "newsid", "nid",
                                        "story", "idnews", "aid",     "storyid",   "post"};
    for (dh_slice rest = query; rest.ptr != NULL;) {
        dh_slice value = dh_slice_cut(&rest, '&');
        dh_slice name = dh_slice_cut(&value, '=');
        uint64_t n;
        if (!dh_slice_to_u64(value, &n) || value.len < 3) continue;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (dh_slice_eq_nocase(name, dh_slice_cstr(names[i]))) return true;
    }
    return false;
}

dh_link_kind dh_link_kind_of(const dh_canon *url, dh_arena *arena) {
    looks l = {.parts = 0};
    dh_slice path = percent_decoded(url->path, arena);
    for (dh_slice rest = dh_slice_sub(path, 1, path.len); rest.ptr != NULL;) {
        dh_slice part = dh_slice_cut(&rest, '/');
        if (part.len == 0) continue;
        if (is_never(part)) return DH_LINK_OTHER;
        dh_slice ending = rest.ptr == NULL ? ending_of(part) : (dh_slice){NULL, 0};
        if (ending.len > 0 && !is_page_ending(ending)) return DH_LINK_OTHER;
        if (ending.len > 0) part.len -= ending.len + 1;
        look_at_part(&l, part);
        l.last = part;
        l.parts++;
    }
    if (l.parts == 0 && url->query.len == 0) return DH_LINK_SECTION;
    if (has_id_parameter(url->query)) return DH_LINK_ARTICLE;
    bool only_date = l.dated && l.last.len <= 4;
    if (l.parts > 0 && !only_date && (l.dated || l.digits >= 5 || l.words >= 4))
        return DH_LINK_ARTICLE;
    bool is_short = l.parts <= 2 && l.words <= 3 && l.digits < 3 && l.last.len <= 40;
    return is_short && l.parts > 0 && url->query.len == 0 ? DH_LINK_SECTION : DH_LINK_OTHER;
}

/* ---- the tree ---- */

typedef struct walk {
    dh_links *links;
    dh_dom *dom;
    dh_arena *arena;
    dh_canon base;
    dh_slice agent;
    dh_map seen;
} walk;

static bool has_word(dh_slice list, dh_slice word) {
    for (dh_slice one; (one = dh_slice_token(&list)).len > 0;)
        if (dh_slice_eq_nocase(one, word)) return true;
    return false;
}

static bool is_feed_type(dh_slice type) {
    static const char *const types[] = {"application/rss+xml", "application/atom+xml",
                                        "application/feed+json", "application/rdf+xml"};
    type = dh_slice_trim(type);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (dh_slice_eq_nocase(type, dh_slice_cstr(types[i]))) return true;
    return false;
}

static void take_link(walk *w, uint32_t id) {
    dh_slice rel = dh_dom_attr_value(w->dom, id, DH_SLICE("rel"));
    dh_slice href = dh_dom_attr_value(w->dom, id, DH_SLICE("href"));
    dh_canon url;
    if (href.len == 0 || !dh_canon_parse(&url, &w->base, href, w->arena)) return;
    if (has_word(rel, DH_SLICE("canonical")) && w->links->canonical.href.len == 0)
        w->links->canonical = url;
    if (has_word(rel, DH_SLICE("alternate")) &&
        is_feed_type(dh_dom_attr_value(w->dom, id, DH_SLICE("type"))) &&
        w->links->feeds.len < DH_LINKS_MAX)
        *DH_PUSH(w->arena, w->links->feeds) = url;
}

static void take_meta(walk *w, uint32_t id) {
    dh_slice name = dh_dom_attr_value(w->dom, id, DH_SLICE("name"));
    dh_slice content = dh_dom_attr_value(w->dom, id, DH_SLICE("content"));
    if (dh_slice_eq_nocase(name, DH_SLICE("tdm-reservation")))
        w->links->tags |= dh_robots_tdm(content);
    else if (dh_robots_tag_is_for(name, w->agent))
        w->links->tags |= dh_robots_tags(content, w->agent);
}

static void take_anchor(walk *w, uint32_t id) {
    dh_slice href = dh_dom_attr_value(w->dom, id, DH_SLICE("href"));
    dh_canon url;
    bool added = false;
    if (href.len == 0 || href.ptr[0] == '#') return;
    if (has_word(dh_dom_attr_value(w->dom, id, DH_SLICE("rel")), DH_SLICE("nofollow"))) return;
    if (!dh_canon_parse(&url, &w->base, href, w->arena)) return;
    dh_map_put(&w->seen, url.href, &added);
    if (!added) return;
    dh_link_kind kind = dh_link_kind_of(&url, w->arena);
    if (kind == DH_LINK_ARTICLE && w->links->articles.len < DH_LINKS_MAX)
        *DH_PUSH(w->arena, w->links->articles) = url;
    else if (kind == DH_LINK_SECTION && w->links->sections.len < DH_LINKS_MAX)
        *DH_PUSH(w->arena, w->links->sections) = url;
}

void dh_links_read(dh_links *links, dh_dom *dom, const dh_canon *base, dh_slice agent,
                   dh_arena *arena) {
    walk w = {.links = links, .dom = dom, .arena = arena, .base = *base, .agent = agent};
    *links = (dh_links){.tags = 0};
    dh_map_init(&w.seen, arena, 0);
    bool based = false;
    for (uint32_t id = 0; id < dom->len; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_a) take_anchor(&w, id);
        if (tag == DH_TAG_link) take_link(&w, id);
        if (tag == DH_TAG_meta) take_meta(&w, id);
        if (tag != DH_TAG_base || based) continue;
        dh_canon url;
        dh_slice href = dh_dom_attr_value(dom, id, DH_SLICE("href"));
        based = href.len > 0;
        if (based && dh_canon_parse(&url, base, href, arena)) w.base = url;
    }
}
