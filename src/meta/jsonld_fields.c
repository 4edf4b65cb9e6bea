/* SPDX-License-Identifier: Apache-2.0 */
/* jsonld_fields: which JSON-LD object is the page's article, and what it says. */
#include "base/url.h"
#include "meta/jsonld.h"
#include "text/clean.h"

/* Scores: an object that carries the page's address or its headline is the article wherever it
 * stands; else the first article at the top is. */
enum {
    SCORE_ARTICLE = 100,
    SCORE_WORK = 40,
    SCORE_PAGE = 10,
    SCORE_MAIN = 200,
    SCORE_ADDRESS = 150,
    SCORE_HEADLINE = 120,
    SCORE_DATED = 5,
    SCORE_ENOUGH = 200
};

static dh_ld_ref member(dh_ld_ref object, const char *key) {
    return (dh_ld_ref){object.json, dh_json_get(object.json, object.id, dh_slice_cstr(key))};
}
static bool is_there(dh_ld_ref ref) {
    return ref.id != UINT32_MAX;
}

/* Addresses without scheme, "www.", query, fragment and trailing slash. */
static dh_slice bare_address(dh_slice url) {
    dh_url parts;
    url = dh_slice_trim(url);
    if (!dh_url_split(url, &parts) || parts.host.len == 0) return (dh_slice){NULL, 0};
    dh_slice rest = {parts.host.ptr, (size_t)(parts.path.ptr != NULL
                                                  ? parts.path.ptr + parts.path.len - parts.host.ptr
                                                  : (ptrdiff_t)parts.host.len)};
    if (dh_slice_starts_nocase(rest, DH_SLICE("www."))) rest = dh_slice_sub(rest, 4, rest.len);
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/') rest.len--;
    return rest;
}

static bool is_same_address(dh_slice a, dh_slice b) {
    a = bare_address(a);
    return a.len > 0 && dh_slice_eq_nocase(a, bare_address(b));
}

static bool has_address(const dh_ld *ld, dh_ld_ref object, dh_slice url) {
    static const char *const keys[] = {"url", "mainEntityOfPage", "@id"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        dh_ld_ref value = member(object, keys[i]);
        if (!is_there(value)) continue;
        dh_slice text =
            value.json->values[value.id].type == DH_JSON_OBJECT
                ? dh_json_string(value.json, dh_json_get(value.json, value.id, DH_SLICE("@id")))
                : dh_ld_text(ld, value);
        if (is_same_address(text, url)) return true;
    }
    return false;
}

static int32_t score_of(const dh_ld *ld, const dh_ld_object *object, dh_meta_state *state,
                        dh_slice url, const dh_words *title) {
    static const int32_t by_class[] = {SCORE_ARTICLE, SCORE_WORK, SCORE_PAGE, 0, 0};
    int32_t score = by_class[object->class];
    if (object->class >= DH_TYPE_SITE) return 0;
    if (object->main) score += SCORE_MAIN;
    if (url.len > 0 && has_address(ld, object->ref, url)) score += SCORE_ADDRESS;
    if (is_there(member(object->ref, "datePublished"))) score += SCORE_DATED;
    dh_ld_ref headline = member(object->ref, "headline");
    if (object->class == DH_TYPE_ARTICLE && is_there(headline) && title->len > 0) {
        dh_slice text = dh_slice_sub(dh_ld_text(ld, headline), 0, DH_META_VALUE);
        dh_words words = dh_words_of(dh_value_markup(text, state->arena), state->arena);
        if (words.len >= 2 && dh_words_share(&words, title) >= 700) score += SCORE_HEADLINE;
    }
    return score;
}

typedef struct reader {
    dh_meta_state *state;
    const dh_ld *ld;
    const dh_ld_object *object;
    uint16_t rank;
} reader;

static dh_slice where_of(const reader *r, const char *key) {
    dh_buf out;
    dh_buf_init(&out, r->state->arena, 0);
    dh_buf_put_slice(&out, dh_slice_sub(r->object->type, 0, 60));
    dh_buf_putc(&out, '.');
    dh_buf_puts(&out, key);
    return dh_buf_slice(&out);
}

static dh_candidate candidate(const reader *r, const char *key, dh_slice value) {
    return (dh_candidate){.value = value,
                          .where = where_of(r, key),
                          .source = DH_SOURCE_JSONLD,
                          .rank = r->rank,
                          .node = DH_NO_NODE};
}

static void offer_one(const reader *r, dh_field_kind kind, const char *key) {
    dh_ld_ref value = member(r->object->ref, key);
    if (is_there(value)) dh_meta_offer(r->state, kind, candidate(r, key, dh_ld_text(r->ld, value)));
}

/* Each text of a value: of an array's elements, or the one. Elements beyond what is kept are not
 * looked at. list says that a lone string may hold several, which the chooser splits. */
static void offer_each(const reader *r, dh_field_kind kind, const char *key) {
    dh_ld_ref value = member(r->object->ref, key);
    if (!is_there(value)) return;
    bool array = value.json->values[value.id].type == DH_JSON_ARRAY;
    uint32_t at = array ? dh_json_first(value.json, value.id) : value.id;
    for (uint32_t n = 0; at != UINT32_MAX && n < DH_META_CANDIDATES; n++) {
        dh_ld_ref one = {value.json, at};
        dh_candidate c = candidate(r, key, dh_ld_text(r->ld, one));
        c.item = array && value.json->values[value.id].len > 1;
        dh_meta_offer(r->state, kind, c);
        at = array ? dh_json_next(value.json, value.id, at) : UINT32_MAX;
    }
}

/* Authors: unlike other lists an author without a name is nobody, his address no name, and one object
 * may hold an array of names. */
static void offer_author(const reader *r, const char *key, dh_ld_ref one, bool item) {
    bool group = false;
    if (one.json->values[one.id].type == DH_JSON_OBJECT) {
        one = dh_ld_follow(r->ld, one);
        dh_ld_ref type = member(one, "@type");
        group = is_there(type) && dh_slice_has(dh_ld_text(r->ld, type), DH_SLICE("Organization"));
        one = member(one, "name");
        if (!is_there(one)) return;
    }
    bool array = one.json->values[one.id].type == DH_JSON_ARRAY;
    uint32_t at = array ? dh_json_first(one.json, one.id) : one.id;
    for (uint32_t n = 0; at != UINT32_MAX && n < DH_META_CANDIDATES; n++) {
        dh_candidate c = candidate(r, key, dh_json_string(one.json, at));
        c.item = item || array;
        c.group = group;
        dh_meta_offer(r->state, DH_FIELD_author, c);
        at = array ? dh_json_next(one.json, one.id, at) : UINT32_MAX;
    }
}

static void offer_authors(const reader *r, const char *key) {
    dh_ld_ref value = member(r->object->ref, key);
    if (!is_there(value)) return;
    if (value.json->values[value.id].type != DH_JSON_ARRAY) {
        offer_author(r, key, value, false);
        return;
    }
    bool several = value.json->values[value.id].len > 1;
    uint32_t at = dh_json_first(value.json, value.id);
    for (uint32_t n = 0; at != UINT32_MAX && n < DH_META_CANDIDATES; n++) {
        offer_author(r, key, (dh_ld_ref){value.json, at}, several);
        at = dh_json_next(value.json, value.id, at);
    }
}

static void offer_image(const reader *r, const char *key) {
    dh_ld_ref value = member(r->object->ref, key);
    if (!is_there(value)) return;
    if (value.json->values[value.id].type == DH_JSON_ARRAY) {
        value.id = dh_json_first(value.json, value.id);
        if (!is_there(value)) return;
    }
    if (value.json->values[value.id].type == DH_JSON_OBJECT) {
        static const char *const keys[] = {"url", "contentUrl", "thumbnailUrl", "@id"};
        dh_ld_ref image = dh_ld_follow(r->ld, value);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            value = member(image, keys[i]);
            if (is_there(value)) break;
        }
        if (!is_there(value)) return;
    }
    dh_meta_offer(r->state, DH_FIELD_image, candidate(r, key, dh_ld_text(r->ld, value)));
}

static void offer_publisher(const reader *r) {
    dh_ld_ref publisher = member(r->object->ref, "publisher");
    if (!is_there(publisher)) return;
    publisher = dh_ld_follow(r->ld, publisher);
    dh_slice name = dh_ld_text(r->ld, publisher);
    if (!dh_url_is_http(name)) {
        dh_candidate c = candidate(r, "publisher", name);
        dh_meta_offer(r->state, DH_FIELD_sitename, c);
        c.value = dh_value_markup(dh_slice_sub(name, 0, DH_META_VALUE), r->state->arena);
        dh_candidate_add(r->state, &r->state->sites, c);
    }
    if (publisher.json->values[publisher.id].type != DH_JSON_OBJECT) return;
    dh_ld_ref logo = member(publisher, "logo");
    if (!is_there(logo)) return;
    logo = dh_ld_follow(r->ld, logo);
    dh_slice url = logo.json->values[logo.id].type == DH_JSON_OBJECT
                       ? dh_json_string(logo.json, dh_json_get(logo.json, logo.id, DH_SLICE("url")))
                       : dh_json_string(logo.json, logo.id);
    dh_candidate_add(r->state, &r->state->logos, (dh_candidate){.value = url});
}

static void offer_address(const reader *r) {
    dh_ld_ref value = member(r->object->ref, "mainEntityOfPage");
    if (is_there(value) && value.json->values[value.id].type == DH_JSON_OBJECT)
        value = member(value, "@id");
    dh_slice text = is_there(value) ? dh_json_string(value.json, value.id) : (dh_slice){NULL, 0};
    if (dh_url_is_http(text))
        dh_meta_offer(r->state, DH_FIELD_canonical, candidate(r, "mainEntityOfPage", text));
    else
        offer_one(r, DH_FIELD_canonical, "url");
}

/* The longest body of the page's article objects. Its length is bounded by the script's. */
static void take_body(const reader *r) {
    static const char *const keys[] = {"articleBody", "text"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        dh_ld_ref value = member(r->object->ref, keys[i]);
        if (!is_there(value)) continue;
        dh_slice text = dh_json_string(value.json, value.id);
        if (text.len <= r->state->page->article_body.len) continue;
        text = dh_value_markup(text, r->state->arena);
        if (text.len > r->state->page->article_body.len) r->state->page->article_body = text;
    }
}

static void take_word_count(const reader *r) {
    dh_ld_ref value = member(r->object->ref, "wordCount");
    uint64_t count;
    if (!is_there(value) || !dh_slice_to_u64(dh_slice_trim(dh_ld_text(r->ld, value)), &count)) return;
    if (r->state->page->word_count == 0) r->state->page->word_count = count;
}

static void offer_title(const reader *r) {
    const char *key = "headline";
    dh_ld_ref value = member(r->object->ref, key);
    if (!is_there(value) && r->object->class != DH_TYPE_PAGE)
        value = member(r->object->ref, key = "name");
    if (!is_there(value)) return;
    dh_candidate c = candidate(r, key, dh_ld_text(r->ld, value));
    c.rank = DH_RANK_HEADLINE;
    c.news = dh_slice_has(r->object->type, DH_SLICE("News")) ||
             dh_slice_starts(r->object->type, DH_SLICE("LiveBlog"));
    if (r->object->class == DH_TYPE_PAGE) c.rank = DH_RANK_OTHER;
    dh_meta_offer(r->state, DH_FIELD_title, c);
}

static void read_object(const reader *r) {
    offer_title(r);
    offer_authors(r, "author");
    if (!is_there(member(r->object->ref, "author"))) offer_authors(r, "creator");
    offer_one(r, DH_FIELD_published, "datePublished");
    offer_one(r, DH_FIELD_published, "uploadDate");
    offer_one(r, DH_FIELD_published, "dateCreated");
    offer_one(r, DH_FIELD_modified, "dateModified");
    offer_publisher(r);
    offer_one(r, DH_FIELD_language, "inLanguage");
    offer_address(r);
    offer_image(r, "image");
    offer_image(r, "thumbnailUrl");
    offer_one(r, DH_FIELD_description, "description");
    offer_each(r, DH_FIELD_tag, "keywords");
    offer_one(r, DH_FIELD_section, "articleSection");
    offer_each(r, DH_FIELD_category, "articleSection");
    offer_one(r, DH_FIELD_license, "license");
    offer_one(r, DH_FIELD_access, "isAccessibleForFree");
    if (r->object->class <= DH_TYPE_WORK) {
        dh_meta_offer(r->state, DH_FIELD_pagetype, candidate(r, "@type", r->object->type));
        take_body(r);
        take_word_count(r);
    }
}

/* What the page's <title> and og:title say, for telling its article from others'. */
static dh_words page_title(dh_meta_state *state) {
    dh_buf both;
    dh_buf_init(&both, state->arena, 0);
    const dh_candidates *titles = &state->fields[DH_FIELD_title];
    for (uint32_t i = 0; i < titles->len; i++) {
        dh_buf_put_slice(&both, titles->ptr[i].value);
        dh_buf_putc(&both, ' ');
    }
    return dh_words_of(dh_buf_slice(&both), state->arena);
}

static void read_site(dh_meta_state *state, const dh_ld *ld, const dh_ld_object *object) {
    dh_ld_ref name = member(object->ref, "name");
    if (!is_there(name)) return;
    reader r = {.state = state, .ld = ld, .object = object, .rank = 5};
    dh_candidate c = candidate(&r, "name", dh_ld_text(ld, name));
    dh_meta_offer(state, DH_FIELD_sitename, c);
    c.value = dh_value_markup(dh_slice_sub(c.value, 0, DH_META_VALUE), state->arena);
    dh_candidate_add(state, &state->sites, c);
}

/* The last name on the way to the page is often the page's own. */
static void read_trail(dh_meta_state *state, const dh_ld *ld, const dh_ld_object *object) {
    dh_ld_ref list = member(object->ref, "itemListElement");
    if (!is_there(list)) return;
    uint32_t last = list.id;
    if (list.json->values[list.id].type == DH_JSON_ARRAY) {
        last = UINT32_MAX;
        uint32_t at = dh_json_first(list.json, list.id);
        for (int n = 0; at != UINT32_MAX && n < DH_META_CANDIDATES; n++) {
            last = at;
            at = dh_json_next(list.json, list.id, at);
        }
    }
    if (last == UINT32_MAX) return;
    dh_ld_ref element = {list.json, last};
    if (list.json->values[last].type != DH_JSON_OBJECT) return;
    dh_ld_ref name = member(element, "name"), item = member(element, "item");
    if (!is_there(name) && is_there(item) && item.json->values[item.id].type == DH_JSON_OBJECT)
        name = member(item, "name");
    if (!is_there(name)) return;
    reader r = {.state = state, .ld = ld, .object = object, .rank = DH_RANK_TRAIL};
    dh_meta_offer(state, DH_FIELD_title, candidate(&r, "name", dh_ld_text(ld, name)));
}

/* The best object first, then those that may add to it: the page's own WebPage and the same article
 * written twice. Another article is never asked, however much the best one leaves open. */
void dh_meta_read_jsonld(dh_meta_state *state) {
    dh_ld ld;
    dh_ld_load(&ld, state);
    if (ld.objects.len == 0) return;
    dh_slice url =
        state->page->url.len > 0 ? state->page->url : dh_meta_url(state->dom, state->arena);
    dh_words title = page_title(state);
    const dh_ld_object *best = NULL;
    for (uint32_t i = 0; i < ld.objects.len; i++) {
        dh_ld_object *object = &ld.objects.ptr[i];
        object->score = score_of(&ld, object, state, url, &title);
        if (object->score >= SCORE_ENOUGH && (best == NULL || object->score > best->score))
            best = object;
    }
    if (best != NULL) {
        read_object(&(reader){.state = state, .ld = &ld, .object = best});
        for (uint32_t i = 0, more = 0; i < ld.objects.len && more < 8; i++) {
            const dh_ld_object *object = &ld.objects.ptr[i];
            bool same = object->score >= SCORE_MAIN + SCORE_HEADLINE ||
                        (object->class == DH_TYPE_PAGE && object->main);
            if (object == best || !same || object->score < SCORE_ENOUGH) continue;
            more++;
            read_object(
                &(reader){.state = state, .ld = &ld, .object = object, .rank = (uint16_t)more});
        }
    }
    for (uint32_t i = 0; i < ld.objects.len; i++) {
        if (ld.objects.ptr[i].class == DH_TYPE_SITE) read_site(state, &ld, &ld.objects.ptr[i]);
        if (ld.objects.ptr[i].class == DH_TYPE_TRAIL) read_trail(state, &ld, &ld.objects.ptr[i]);
    }
}
