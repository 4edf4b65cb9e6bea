/* SPDX-License-Identifier: Apache-2.0 */
/* choose: the fields whose choice needs no other field: addresses, names, lists. Title, dates and
 * authors have files of their own. */
#include "base/url.h"
#include "meta/state.h"

static void add(dh_meta_state *state, dh_field_kind kind, const dh_candidate *from,
                dh_slice value) {
    dh_fields_add(state->page->fields, (dh_field){.kind = kind,
                                                  .source = from->source,
                                                  .value = value,
                                                  .where = from->where,
                                                  .node = from->node});
}

/* Calls accept on the candidates in order of trust until it gives a value. */
static void choose_first(dh_meta_state *state, dh_field_kind kind,
                         dh_slice (*accept)(dh_meta_state *, const dh_candidate *)) {
    const dh_candidates *list = &state->fields[kind];
    for (uint32_t order = dh_candidates_next(list, 0); order != UINT32_MAX;
         order = dh_candidates_next(list, order + 1))
        for (uint32_t i = 0; i < list->len; i++) {
            if (dh_candidate_order(&list->ptr[i]) != order) continue;
            dh_slice value = accept(state, &list->ptr[i]);
            if (value.len == 0) continue;
            add(state, kind, &list->ptr[i], value);
            return;
        }
}

static dh_slice a_description(dh_meta_state *state, const dh_candidate *c) {
    bool name = c->value.len <= 60 && dh_meta_is_site(state, c->value);
    return name ? (dh_slice){NULL, 0} : c->value;
}

static dh_slice lower(dh_slice s, dh_arena *arena) {
    char *copy = dh_arena_alloc(arena, s.len);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return (dh_slice){copy, s.len};
}

static dh_slice short_lower(dh_meta_state *state, const dh_candidate *c) {
    return c->value.len <= 60 ? lower(c->value, state->arena) : (dh_slice){NULL, 0};
}

static dh_slice a_name(dh_meta_state *state, const dh_candidate *c) {
    (void)state;
    bool address = dh_url_is_http(c->value) || dh_slice_has(c->value, DH_SLICE("@"));
    return address || c->value.len > 150 ? (dh_slice){NULL, 0} : c->value;
}

/* BCP 47, case as recommended there (RFC 5646, 2.1.1); the first of a list. */
static dh_slice a_language(dh_meta_state *state, const dh_candidate *c) {
    dh_slice tag = c->value;
    size_t n = 0, part = 0;
    while (n < tag.len && (dh_is_alnum(tag.ptr[n]) || tag.ptr[n] == '-' || tag.ptr[n] == '_')) n++;
    if (n < tag.len && tag.ptr[n] != ',' && tag.ptr[n] != ';' && tag.ptr[n] != '.')
        return (dh_slice){NULL, 0};
    char *out = dh_arena_alloc(state->arena, n + 1);
    for (size_t i = 0; i <= n; i++) {
        bool end = i == n || tag.ptr[i] == '-' || tag.ptr[i] == '_';
        if (!end) {
            out[i] = dh_lower(tag.ptr[i]);
            continue;
        }
        size_t len = i - part;
        if (part == 0 && (len < 2 || len > 3)) return (dh_slice){NULL, 0};
        if (len == 0 || len > 8) return (dh_slice){NULL, 0};
        if (part > 0 && len == 4 && dh_is_alpha(out[part])) out[part] = (char)(out[part] - 32);
        for (size_t k = part; part > 0 && len == 2 && k < i; k++)
            if (dh_is_alpha(out[k])) out[k] = (char)(out[k] - 32);
        if (i < n) out[i] = '-';
        part = i + 1;
    }
    return (dh_slice){out, n};
}

/* The end of a host that says whose it is: the last two labels, three below co.uk and its like. */
static dh_slice registrable(dh_slice host) {
    size_t dots = 0, last = host.len, second = host.len;
    for (size_t i = host.len; i > 0; i--) {
        if (host.ptr[i - 1] != '.') continue;
        dots++;
        if (dots == 1) last = i;
        if (dots == 2) second = i;
        bool short_end = host.len - last == 2 && last - 1 - second <= 3;
        if (dots == 3 || (dots == 2 && !short_end)) return dh_slice_sub(host, i, host.len);
    }
    return host;
}

static bool is_same_site(dh_meta_state *state, dh_slice a, dh_slice b) {
    dh_slice x = dh_url_host(a, state->arena), y = dh_url_host(b, state->arena);
    return x.len > 0 && dh_slice_eq(registrable(x), registrable(y));
}

static bool is_start_page(dh_slice url) {
    return dh_url_path(url).len <= 1;
}

static dh_slice an_address(dh_meta_state *state, const dh_candidate *c) {
    dh_slice url = dh_url_resolve(state->base, c->value, state->arena), given = state->page->url;
    bool wrong =
        !dh_url_is_http(url) || (given.len > 0 && (!is_same_site(state, url, given) ||
                                                   (is_start_page(url) && !is_start_page(given))));
    return wrong ? (dh_slice){NULL, 0} : url;
}

/* The part behind the last slash, without the query. */
static dh_slice file_name(dh_slice url) {
    dh_slice path = dh_url_path(url);
    const char *query = path.len > 0 ? memchr(path.ptr, '?', path.len) : NULL;
    if (query != NULL) path.len = (size_t)(query - path.ptr);
    for (size_t i = path.len; i > 0; i--)
        if (path.ptr[i - 1] == '/') return dh_slice_sub(path, i, path.len);
    return path;
}

static dh_slice an_image(dh_meta_state *state, const dh_candidate *c) {
    static const dh_slice bad[] = {
        DH_SLICE_INIT("logo"),     DH_SLICE_INIT("placeholder"), DH_SLICE_INIT("favicon"),
        DH_SLICE_INIT("avatar"),   DH_SLICE_INIT("blank."),      DH_SLICE_INIT("spacer"),
        DH_SLICE_INIT("pixel."),   DH_SLICE_INIT("default-"),    DH_SLICE_INIT("default."),
        DH_SLICE_INIT("default_"), DH_SLICE_INIT("no-image"),    DH_SLICE_INIT("noimage"),
        DH_SLICE_INIT("no_image"), DH_SLICE_INIT("fallback"),    DH_SLICE_INIT("sprite")};
    dh_slice url = dh_url_resolve(state->base, c->value, state->arena);
    if (!dh_url_is_http(url)) return (dh_slice){NULL, 0};
    dh_slice name = file_name(url);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dh_slice_has_nocase(name, bad[i])) return (dh_slice){NULL, 0};
    for (uint32_t i = 0; i < state->logos.len; i++)
        if (dh_slice_eq(dh_url_resolve(state->base, state->logos.ptr[i].value, state->arena), url))
            return (dh_slice){NULL, 0};
    return url;
}

static dh_slice a_license(dh_meta_state *state, const dh_candidate *c) {
    dh_slice url = dh_url_resolve(state->base, c->value, state->arena);
    bool reference = c->value.len > 0 && (c->value.ptr[0] == '/' || dh_url_is_http(c->value));
    if (reference && url.len > 0) return url;
    return c->value.len <= 300 ? c->value : (dh_slice){NULL, 0};
}

static dh_slice an_access(dh_meta_state *state, const dh_candidate *c) {
    static const struct {
        dh_slice word, access;
    } words[] = {
        {DH_SLICE_INIT("true"), DH_SLICE_INIT("free")},
        {DH_SLICE_INIT("yes"), DH_SLICE_INIT("free")},
        {DH_SLICE_INIT("1"), DH_SLICE_INIT("free")},
        {DH_SLICE_INIT("free"), DH_SLICE_INIT("free")},
        {DH_SLICE_INIT("open"), DH_SLICE_INIT("free")},
        {DH_SLICE_INIT("metered"), DH_SLICE_INIT("metered")},
        {DH_SLICE_INIT("false"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("no"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("0"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("locked"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("paid"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("premium"), DH_SLICE_INIT("paid")},
        {DH_SLICE_INIT("subscription"), DH_SLICE_INIT("paid")},
    };
    (void)state;
    dh_slice word = c->value;
    for (size_t i = word.len; i > 0; i--) /* "https://schema.org/False" */
        if (word.ptr[i - 1] == '/') {
            word = dh_slice_sub(word, i, word.len);
            break;
        }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dh_slice_eq_nocase(word, words[i].word)) return words[i].access;
    return (dh_slice){NULL, 0};
}

/* The next value of a list in one string. */
static dh_slice cut_item(dh_slice *rest) {
    size_t at = 0, len = 0;
    for (; at < rest->len && len == 0; at++) {
        dh_slice here = dh_slice_sub(*rest, at, rest->len);
        if (here.ptr[0] == ',' || here.ptr[0] == ';' || here.ptr[0] == '|') len = 1;
        if (dh_slice_starts(here, DH_SLICE("،"))) len = 2;
        if (dh_slice_starts(here, DH_SLICE("，")) || dh_slice_starts(here, DH_SLICE("、")) ||
            dh_slice_starts(here, DH_SLICE("；")))
            len = 3;
        if (len > 0) at--;
    }
    dh_slice item = dh_slice_trim(dh_slice_sub(*rest, 0, at));
    *rest = at + len < rest->len ? dh_slice_sub(*rest, at + len, rest->len) : (dh_slice){NULL, 0};
    return item;
}

/* A way to this page may begin with the site and end with the page itself. */
static bool is_category(dh_meta_state *state, dh_slice name) {
    dh_slice title = dh_fields_value(state->page->fields, DH_FIELD_title);
    dh_words a = dh_words_of(name, state->arena), b = dh_words_of(title, state->arena);
    return !dh_slice_eq(a.joined, b.joined) && !dh_meta_is_site(state, name);
}

/* All values of the most trusted order that has any. */
static void choose_many(dh_meta_state *state, dh_field_kind kind) {
    const dh_candidates *list = &state->fields[kind];
    uint32_t taken = 0;
    for (uint32_t order = dh_candidates_next(list, 0); order != UINT32_MAX && taken == 0;
         order = dh_candidates_next(list, order + 1))
        for (uint32_t i = 0; i < list->len; i++) {
            const dh_candidate *c = &list->ptr[i];
            if (dh_candidate_order(c) != order) continue;
            dh_slice rest = c->value;
            while (rest.ptr != NULL && taken < DH_META_MANY) {
                dh_slice item = c->item ? rest : cut_item(&rest);
                if (c->item) rest.ptr = NULL;
                if (item.len == 0 || item.len > 150 ||
                    (kind == DH_FIELD_category && !is_category(state, item)))
                    continue;
                add(state, kind, c, item);
                taken++;
            }
        }
}

/* html lang is set by people, og:locale often by a plugin's default. */
static void rank_languages(dh_meta_state *state) {
    static const uint16_t ranks[] = {
        [DH_SOURCE_PAGE] = 0,      [DH_SOURCE_META] = 1,      [DH_SOURCE_JSONLD] = 2,
        [DH_SOURCE_MICRODATA] = 3, [DH_SOURCE_OPENGRAPH] = 4, [DH_SOURCE_URL] = 5};
    dh_candidates *list = &state->fields[DH_FIELD_language];
    for (uint16_t want = 0; want < 6; want++)
        for (uint32_t i = 0; i < list->len; i++) {
            const dh_candidate *c = &list->ptr[i];
            if (ranks[c->source] != want || dh_fields_get(state->page->fields, DH_FIELD_language))
                continue;
            dh_slice value = a_language(state, c);
            if (value.len > 0) add(state, DH_FIELD_language, c, value);
        }
}

/* A date's order of day and month: "en" alone is American when the page says so elsewhere. */
static void set_date_language(dh_meta_state *state) {
    state->lang = dh_fields_value(state->page->fields, DH_FIELD_language);
    if (!dh_slice_eq(state->lang, DH_SLICE("en"))) return;
    const dh_candidates *list = &state->fields[DH_FIELD_language];
    for (uint32_t i = 0; i < list->len; i++)
        if (dh_slice_starts_nocase(list->ptr[i].value, DH_SLICE("en_US")) ||
            dh_slice_starts_nocase(list->ptr[i].value, DH_SLICE("en-US")))
            state->lang = DH_SLICE("en-US");
}

/* link[rel=canonical] first, then og:url, then what else claims to be the address. */
static void choose_canonical(dh_meta_state *state) {
    dh_candidates *list = &state->fields[DH_FIELD_canonical];
    for (uint32_t pass = 0; pass < 3; pass++)
        for (uint32_t i = 0; i < list->len; i++) {
            const dh_candidate *c = &list->ptr[i];
            bool link = dh_slice_starts(c->where, DH_SLICE("link"));
            bool shared = c->source == DH_SOURCE_OPENGRAPH;
            if ((pass == 0) != link || (pass == 1) != shared) continue;
            dh_slice url = an_address(state, c);
            if (url.len == 0) continue;
            add(state, DH_FIELD_canonical, c, url);
            return;
        }
}

static void choose_host(dh_meta_state *state) {
    dh_slice canonical = dh_fields_value(state->page->fields, DH_FIELD_canonical);
    dh_slice url = state->page->url;
    dh_candidate from = {.source = DH_SOURCE_OPTION, .where = DH_SLICE("url"), .node = DH_NO_NODE};
    if (url.len == 0) {
        url = canonical.len > 0 ? canonical : state->base;
        from.source = DH_SOURCE_URL;
        from.where = DH_SLICE("canonical address");
    }
    if (url.len == 0) return;
    add(state, DH_FIELD_url, &from, url);
    from.source = DH_SOURCE_URL;
    add(state, DH_FIELD_hostname, &from, dh_url_host(url, state->arena));
}

void dh_meta_choose_plain(dh_meta_state *state) {
    const dh_candidates *names = &state->fields[DH_FIELD_sitename];
    for (uint32_t i = 0; i < names->len; i++)
        if (a_name(state, &names->ptr[i]).len > 0)
            dh_candidate_add(state, &state->sites, names->ptr[i]);
    rank_languages(state);
    set_date_language(state);
    choose_canonical(state);
    choose_host(state);
    choose_first(state, DH_FIELD_sitename, a_name);
    choose_first(state, DH_FIELD_image, an_image);
    choose_first(state, DH_FIELD_description, a_description);
    choose_first(state, DH_FIELD_section, a_name);
    choose_first(state, DH_FIELD_license, a_license);
    choose_first(state, DH_FIELD_access, an_access);
    choose_first(state, DH_FIELD_pagetype, short_lower);
}

void dh_meta_choose_lists(dh_meta_state *state) {
    choose_many(state, DH_FIELD_tag);
    choose_many(state, DH_FIELD_category);
}
