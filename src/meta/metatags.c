/* SPDX-License-Identifier: Apache-2.0 */
/* metatags: the head's elements: meta (OpenGraph, Dublin Core and the others of metatags.def), link,
 * title, base and the language of html. */
#include "base/url.h"
#include "meta/state.h"

typedef struct metatag {
    dh_slice name;
    uint8_t kind, source, rank;
} metatag;

static const metatag metatags[] = {
#define DH_METATAG(name, field, source, rank)                                                      \
    {DH_SLICE_INIT(name), DH_FIELD_##field, DH_SOURCE_##source, rank},
#include "meta/metatags.def"
#undef DH_METATAG
};

enum { NAME_MAX_BYTES = 64 };

/* The name as the table writes it; empty when it is too long to be in it. */
static dh_slice table_name(dh_slice name, char out[NAME_MAX_BYTES]) {
    size_t n = 0;
    name = dh_slice_trim(name);
    if (name.len > NAME_MAX_BYTES) return (dh_slice){NULL, 0};
    for (size_t i = 0; i < name.len; i++) {
        char c = dh_lower(name.ptr[i]);
        out[n++] = c == ':' || c == '.' || c == '_' || c == ' ' || c == '/' ? '-' : c;
    }
    return (dh_slice){out, n};
}

static const metatag *find(dh_slice name) {
    char buffer[NAME_MAX_BYTES];
    dh_slice key = table_name(name, buffer);
    for (size_t i = 0; i < sizeof metatags / sizeof *metatags; i++)
        if (dh_slice_eq(metatags[i].name, key)) return &metatags[i];
    return NULL;
}

/* "meta[property=og:title]" */
static dh_slice where(dh_slice attribute, dh_slice name, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_puts(&out, "meta[");
    dh_buf_put_slice(&out, attribute);
    dh_buf_putc(&out, '=');
    dh_buf_put_slice(&out, dh_slice_trim(name));
    dh_buf_putc(&out, ']');
    return dh_buf_slice(&out);
}

/* twitter:label1 "Written by" and twitter:data1 with the name, or 2 for both. */
static void read_labelled(dh_meta_state *state, uint32_t id, dh_slice name, dh_slice content) {
    if (dh_slice_starts(name, DH_SLICE("twitter:label")) && name.len == 14) {
        if (dh_names_is_prefix(content)) state->written_by = name.ptr[13];
    } else if (dh_slice_starts(name, DH_SLICE("twitter:data")) && name.len == 13 &&
               name.ptr[12] == state->written_by) {
        dh_meta_offer(state, DH_FIELD_author,
                      (dh_candidate){.value = content,
                                     .where = where(DH_SLICE("name"), name, state->arena),
                                     .source = DH_SOURCE_META,
                                     .rank = 5,
                                     .node = id});
    }
}

static void read_meta(dh_meta_state *state, uint32_t id) {
    static const dh_slice naming[] = {DH_SLICE_INIT("property"), DH_SLICE_INIT("name"),
                                      DH_SLICE_INIT("itemprop"), DH_SLICE_INIT("http-equiv")};
    dh_slice content = dh_dom_attr_value(state->dom, id, DH_SLICE("content"));
    if (content.len == 0) return;
    for (size_t i = 0; i < sizeof naming / sizeof *naming; i++) {
        dh_slice name;
        if (!dh_dom_attr(state->dom, id, naming[i], &name)) continue;
        /* itemprop outside of the head belongs to microdata */
        if (i == 2 && state->dom->nodes[state->dom->nodes[id].parent].tag != DH_TAG_head) continue;
        const metatag *tag = find(name);
        if (tag == NULL) continue;
        dh_meta_offer(state, (dh_field_kind)tag->kind,
                      (dh_candidate){.value = content,
                                     .where = where(naming[i], name, state->arena),
                                     .source = (dh_field_source)tag->source,
                                     .rank = tag->rank,
                                     .node = id});
        return;
    }
    dh_slice name = dh_dom_attr_value(state->dom, id, DH_SLICE("name"));
    read_labelled(state, id, name, content);
    if (dh_slice_eq_nocase(name, DH_SLICE("twitter:site")) && content.len < 60 &&
        content.ptr[0] == '@')
        dh_candidate_add(state, &state->sites,
                         (dh_candidate){.value = dh_slice_sub(content, 1, content.len)});
}

static bool has_token(dh_slice list, dh_slice token) {
    for (dh_slice t = dh_slice_token(&list); t.len > 0; t = dh_slice_token(&list))
        if (dh_slice_eq_nocase(t, token)) return true;
    return false;
}

static void read_link(dh_meta_state *state, uint32_t id) {
    dh_slice rel = dh_dom_attr_value(state->dom, id, DH_SLICE("rel"));
    dh_slice href = dh_slice_trim(dh_dom_attr_value(state->dom, id, DH_SLICE("href")));
    dh_candidate found = {.value = href, .source = DH_SOURCE_META, .node = id};
    if (rel.len == 0 || href.len == 0 || href.len > DH_META_VALUE) return;
    if (has_token(rel, DH_SLICE("canonical"))) {
        found.where = DH_SLICE("link[rel=canonical]");
        dh_candidate_add(state, &state->fields[DH_FIELD_canonical], found);
    } else if (has_token(rel, DH_SLICE("license"))) {
        found.where = DH_SLICE("link[rel=license]");
        dh_candidate_add(state, &state->fields[DH_FIELD_license], found);
    } else if (has_token(rel, DH_SLICE("image_src"))) {
        found.where = DH_SLICE("link[rel=image_src]");
        found.rank = 3;
        dh_candidate_add(state, &state->fields[DH_FIELD_image], found);
    }
}

static void read_html(dh_meta_state *state) {
    dh_slice lang = dh_dom_attr_value(state->dom, 0, DH_SLICE("lang"));
    if (lang.len == 0) lang = dh_dom_attr_value(state->dom, 0, DH_SLICE("xml:lang"));
    dh_meta_offer(
        state, DH_FIELD_language,
        (dh_candidate){
            .value = lang, .where = DH_SLICE("html[lang]"), .source = DH_SOURCE_PAGE, .node = 0});
}

static void read_title(dh_meta_state *state, uint32_t id) {
    if (state->document_title.len > 0) return;
    state->document_title = dh_value_node(state->dom, id, DH_META_VALUE, state->arena);
    dh_candidate_add(state, &state->fields[DH_FIELD_title],
                     (dh_candidate){.value = state->document_title,
                                    .where = DH_SLICE("title"),
                                    .source = DH_SOURCE_PAGE,
                                    .rank = DH_RANK_DOCUMENT,
                                    .node = id});
}

void dh_meta_read_head(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    bool based = false;
    read_html(state);
    for (uint32_t id = 1; id < dom->len; id++) {
        switch (dom->nodes[id].tag) {
        case DH_TAG_meta:
            read_meta(state, id);
            break;
        case DH_TAG_link:
            read_link(state, id);
            break;
        case DH_TAG_title: /* an svg has titles of its own */
            if (dom->nodes[dom->nodes[id].parent].tag != DH_TAG_svg) read_title(state, id);
            break;
        case DH_TAG_base: {
            dh_slice href = dh_dom_attr_value(dom, id, DH_SLICE("href"));
            dh_slice base = dh_url_resolve(state->base, href, state->arena);
            if (!based && base.len > 0) state->base = base;
            based = true;
            break;
        }
        default:
            break;
        }
    }
}
