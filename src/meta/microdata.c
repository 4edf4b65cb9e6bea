/* SPDX-License-Identifier: Apache-2.0 */
/* microdata: itemprop properties of the page's article item (HTML standard, chapter 5; and pages that
 * write itemprop without an item around it). Properties of items inside the article, a comment or a
 * related card, belong to those items and are left alone; but an author's and publisher's names are
 * read from theirs. */
#include "meta/jsonld.h"
#include "meta/state.h"

enum { DEPTH = 300 };

/* An open item. */
typedef struct item {
    uint32_t end;
    dh_slice type;
    enum { ITEM_ARTICLE, ITEM_PAGE, ITEM_AUTHOR, ITEM_PUBLISHER, ITEM_OTHER } role;
} item;

typedef struct reader {
    dh_meta_state *state;
    item open[DEPTH];
    uint32_t depth;
    bool has_article; /* an article item was seen: others do not count */
    uint32_t article_end;
} reader;

static const struct property {
    dh_slice name;
    dh_field_kind kind;
    uint16_t rank;
} properties[] = {
    {DH_SLICE_INIT("headline"), DH_FIELD_title, DH_RANK_OTHER},
    {DH_SLICE_INIT("datepublished"), DH_FIELD_published, 0},
    {DH_SLICE_INIT("datecreated"), DH_FIELD_published, 1},
    {DH_SLICE_INIT("datemodified"), DH_FIELD_modified, 0},
    {DH_SLICE_INIT("author"), DH_FIELD_author, 0},
    {DH_SLICE_INIT("creator"), DH_FIELD_author, 1},
    {DH_SLICE_INIT("publisher"), DH_FIELD_sitename, 0},
    {DH_SLICE_INIT("description"), DH_FIELD_description, 0},
    {DH_SLICE_INIT("image"), DH_FIELD_image, 0},
    {DH_SLICE_INIT("thumbnailurl"), DH_FIELD_image, 1},
    {DH_SLICE_INIT("keywords"), DH_FIELD_tag, 0},
    {DH_SLICE_INIT("articlesection"), DH_FIELD_section, 0},
    {DH_SLICE_INIT("inlanguage"), DH_FIELD_language, 0},
    {DH_SLICE_INIT("license"), DH_FIELD_license, 0},
    {DH_SLICE_INIT("isaccessibleforfree"), DH_FIELD_access, 0},
};

static const struct property *find(dh_slice name) {
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (dh_slice_eq_nocase(name, properties[i].name)) return &properties[i];
    return NULL;
}

/* The value of a property as the standard has it; attributes first, since pages put them on any
 * element. */
static dh_slice value_of(dh_meta_state *state, uint32_t id, bool is_url) {
    dh_slice value;
    if (dh_dom_attr(state->dom, id, DH_SLICE("content"), &value)) return value;
    dh_tag tag = state->dom->nodes[id].tag;
    if (tag == DH_TAG_time && dh_dom_attr(state->dom, id, DH_SLICE("datetime"), &value))
        return value;
    if (tag == DH_TAG_img) {
        if (dh_dom_attr(state->dom, id, DH_SLICE("src"), &value)) return value;
    } else if (tag == DH_TAG_link || (tag == DH_TAG_a && is_url)) {
        return dh_dom_attr_value(state->dom, id, DH_SLICE("href"));
    }
    if (tag == DH_TAG_meta || state->dom->nodes[id].end - id > 400) return (dh_slice){NULL, 0};
    return dh_value_node(state->dom, id, DH_META_VALUE, state->arena);
}

/* The author of a picture is not the article's. */
static bool is_in_figure(const dh_dom *dom, uint32_t id) {
    for (uint32_t at = id, n = 0; at != DH_NO_NODE && n < 8; at = dom->nodes[at].parent, n++)
        if (dom->nodes[at].tag == DH_TAG_figure || dom->nodes[at].tag == DH_TAG_figcaption)
            return true;
    return false;
}

static void offer(reader *r, uint32_t id, const struct property *property, dh_slice value) {
    if (property->kind == DH_FIELD_author && is_in_figure(r->state->dom, id)) return;
    dh_buf where;
    dh_buf_init(&where, r->state->arena, 0);
    dh_buf_puts(&where, "itemprop=");
    dh_buf_put_slice(&where, property->name);
    dh_candidate candidate = {.value = value,
                              .where = dh_buf_slice(&where),
                              .source = DH_SOURCE_MICRODATA,
                              .rank = property->rank,
                              .item = property->kind == DH_FIELD_author,
                              .node = id};
    dh_meta_offer(r->state, property->kind, candidate);
    if (property->kind == DH_FIELD_sitename) {
        candidate.value = dh_value_markup(dh_slice_sub(value, 0, 300), r->state->arena);
        dh_candidate_add(r->state, &r->state->sites, candidate);
    }
}

/* Opens the item that starts at id as the value of `property` (NULL: none) in the item `around`. */
static void open_item(reader *r, uint32_t id, const struct property *property, const item *around) {
    dh_dom *dom = r->state->dom;
    item *new = &r->open[r->depth];
    *new = (item){.end = dom->nodes[id].end, .role = ITEM_OTHER};
    new->type = dh_dom_attr_value(dom, id, DH_SLICE("itemtype"));
    dh_type_class class = dh_type_class_of(new->type);
    bool ours = around == NULL || around->role == ITEM_PAGE || around->role == ITEM_ARTICLE;
    if (property != NULL && property->kind == DH_FIELD_author && ours)
        new->role = ITEM_AUTHOR;
    else if (property != NULL && property->kind == DH_FIELD_sitename && ours)
        new->role = ITEM_PUBLISHER;
    else if ((class == DH_TYPE_PAGE || class == DH_TYPE_SITE) && around == NULL)
        new->role = ITEM_PAGE;
    else if (class <= DH_TYPE_WORK && !r->has_article &&
             (around == NULL || around->role == ITEM_PAGE)) {
        new->role = ITEM_ARTICLE;
        r->has_article = true;
        r->article_end = new->end;
    }
    r->depth++;
}

static void read_property(reader *r, uint32_t id, dh_slice names, const item *around) {
    bool is_name = false;
    for (dh_slice name = dh_slice_token(&names); name.len > 0; name = dh_slice_token(&names)) {
        const struct property *property = find(name);
        is_name = is_name || dh_slice_eq_nocase(name, DH_SLICE("name"));
        if (property == NULL || (around != NULL && around->role > ITEM_PAGE)) continue;
        /* loose properties behind the article are of other things */
        if (around == NULL && r->has_article && id >= r->article_end) continue;
        offer(r, id, property,
              value_of(r->state, id,
                       property->kind == DH_FIELD_image || property->kind == DH_FIELD_license));
    }
    if (!is_name || around == NULL) return;
    if (around->role == ITEM_AUTHOR)
        offer(r, id, find(DH_SLICE("author")), value_of(r->state, id, false));
    if (around->role == ITEM_PUBLISHER)
        offer(r, id, find(DH_SLICE("publisher")), value_of(r->state, id, false));
}

static void read_element(reader *r, uint32_t id) {
    dh_slice names = {NULL, 0};
    bool scope = dh_dom_attr(r->state->dom, id, DH_SLICE("itemscope"), NULL);
    bool prop = dh_dom_attr(r->state->dom, id, DH_SLICE("itemprop"), &names);
    const item *around = r->depth > 0 ? &r->open[r->depth - 1] : NULL;
    if (scope && r->depth < DEPTH) {
        dh_slice rest = names;
        const struct property *property = NULL;
        for (dh_slice t = dh_slice_token(&rest); t.len > 0 && property == NULL;
             t = dh_slice_token(&rest))
            property = find(t);
        open_item(r, id, property, around);
    } else if (prop) {
        read_property(r, id, names, around);
    }
}

/* Whether the tag has itemprop or itemtype, without reading its attributes. */
static bool is_item(dh_slice tag) {
    for (size_t at = 9; at < tag.len;) {
        const char *hit = memchr(tag.ptr + at, '=', tag.len - at);
        if (hit == NULL) return false;
        dh_slice name = {hit - 8, 8};
        if (dh_lower(name.ptr[0]) == 'i' && (dh_slice_eq_nocase(name, DH_SLICE("itemprop")) ||
                                             dh_slice_eq_nocase(name, DH_SLICE("itemtype"))))
            return true;
        at = (size_t)(hit - tag.ptr) + 1;
    }
    return false;
}

void dh_meta_read_microdata(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    reader *r = dh_arena_alloc(state->arena, sizeof *r);
    r->state = state;
    r->depth = 0;
    r->has_article = false;
    r->article_end = 0;
    for (uint32_t id = 1; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        if (node->tag == DH_TAG_TEXT) continue;
        while (r->depth > 0 && id >= r->open[r->depth - 1].end) r->depth--;
        dh_slice tag = dh_slice_sub(dom->page, node->src_begin, node->src_end);
        if (tag.len < 16) continue;
        if (!is_item(tag)) continue;
        if (dom->nodes[node->parent].tag == DH_TAG_head) continue; /* see metatags */
        read_element(r, id);
    }
}
