/* SPDX-License-Identifier: Apache-2.0 */
/* jsonld: the schema.org objects of a page's JSON-LD scripts (json-ld.org 1.1, as publishers write
 * it: arrays, @graph, references by @id, language maps). Finds the object that is the page's article
 * among those that only mention others, and offers its properties. One pass over the values of each
 * script; nothing recurses. */
#include "meta/jsonld.h"

#include "dom/entity.h"
#include "meta/state.h"

/* Keys that lead from an object about the page to the object the page is about. */
static bool leads_on(dh_slice key) {
    static const dh_slice keys[] = {DH_SLICE_INIT("@graph"), DH_SLICE_INIT("mainEntity"),
                                    DH_SLICE_INIT("mainEntityOfPage")};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (dh_slice_eq(key, keys[i])) return true;
    return false;
}

/* "NewsArticle" of "https://schema.org/NewsArticle" or "schema:NewsArticle". */
static dh_slice type_name(dh_slice type) {
    for (size_t i = type.len; i > 0; i--)
        if (type.ptr[i - 1] == '/' || type.ptr[i - 1] == ':' || type.ptr[i - 1] == '#')
            return dh_slice_sub(type, i, type.len);
    return type;
}

dh_type_class dh_type_class_of(dh_slice type) {
    static const struct {
        dh_slice name;
        dh_type_class class;
    } others[] = {
        {DH_SLICE_INIT("Report"), DH_TYPE_ARTICLE},
        {DH_SLICE_INIT("Review"), DH_TYPE_WORK},
        {DH_SLICE_INIT("Recipe"), DH_TYPE_WORK},
        {DH_SLICE_INIT("HowTo"), DH_TYPE_WORK},
        {DH_SLICE_INIT("VideoObject"), DH_TYPE_WORK},
        {DH_SLICE_INIT("CreativeWork"), DH_TYPE_WORK},
        {DH_SLICE_INIT("AudioObject"), DH_TYPE_WORK},
        {DH_SLICE_INIT("Question"), DH_TYPE_WORK},
        {DH_SLICE_INIT("PodcastEpisode"), DH_TYPE_WORK},
        {DH_SLICE_INIT("WebSite"), DH_TYPE_SITE},
        {DH_SLICE_INIT("MediaGallery"), DH_TYPE_WORK},
        {DH_SLICE_INIT("Blog"), DH_TYPE_SITE},
        {DH_SLICE_INIT("BreadcrumbList"), DH_TYPE_TRAIL},
    };
    type = type_name(dh_slice_trim(type));
    if (dh_slice_ends(type, DH_SLICE("Article")) || dh_slice_ends(type, DH_SLICE("Posting")))
        return DH_TYPE_ARTICLE;
    if (dh_slice_ends(type, DH_SLICE("Page"))) return DH_TYPE_PAGE;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (dh_slice_eq(type, others[i].name)) return others[i].class;
    return DH_TYPE_OTHER;
}

/* The best of the object's types; *name is the type's. */
static dh_type_class class_of(const dh_json *json, uint32_t object, dh_slice *name) {
    uint32_t type = dh_json_get(json, object, DH_SLICE("@type"));
    dh_type_class best = DH_TYPE_OTHER;
    *name = (dh_slice){NULL, 0};
    if (type == UINT32_MAX) return best;
    bool list = json->values[type].type == DH_JSON_ARRAY;
    uint32_t at = list ? dh_json_first(json, type) : type;
    for (int n = 0; at != UINT32_MAX && n < 8; n++) {
        dh_slice text = dh_json_string(json, at);
        dh_type_class class = dh_type_class_of(text);
        if (text.len > 0 && (name->len == 0 || class < best)) {
            best = class;
            *name = type_name(dh_slice_trim(text));
        }
        at = list ? dh_json_next(json, type, at) : UINT32_MAX;
    }
    return best;
}

/* Follows a reference {"@id": "..."} to the object that says more. */
dh_ld_ref dh_ld_follow(const dh_ld *ld, dh_ld_ref ref) {
    const dh_json_value *value = &ref.json->values[ref.id];
    if (value->type != DH_JSON_OBJECT || value->len > 2) return ref;
    dh_slice id = dh_json_string(ref.json, dh_json_get(ref.json, ref.id, DH_SLICE("@id")));
    const uint32_t *known = id.len > 0 ? dh_map_get(&ld->by_id, id) : NULL;
    return known != NULL && *known > 0 ? ld->named.ptr[*known - 1] : ref;
}

dh_slice dh_ld_text(const dh_ld *ld, dh_ld_ref ref) {
    static const dh_slice keys[] = {DH_SLICE_INIT("name"), DH_SLICE_INIT("@value"),
                                    DH_SLICE_INIT("url"), DH_SLICE_INIT("contentUrl"),
                                    DH_SLICE_INIT("@id")};
    for (int depth = 0; depth < 4; depth++) {
        const dh_json_value *value = &ref.json->values[ref.id];
        if (value->type == DH_JSON_STRING || value->type == DH_JSON_NUMBER) return value->text;
        if (value->type == DH_JSON_TRUE) return DH_SLICE("true");
        if (value->type == DH_JSON_FALSE) return DH_SLICE("false");
        uint32_t next = UINT32_MAX;
        if (value->type == DH_JSON_ARRAY) next = dh_json_first(ref.json, ref.id);
        if (value->type == DH_JSON_OBJECT) {
            ref = dh_ld_follow(ld, ref);
            for (size_t i = 0; i < sizeof keys / sizeof *keys && next == UINT32_MAX; i++)
                next = dh_json_get(ref.json, ref.id, keys[i]);
        }
        if (next == UINT32_MAX) break;
        ref.id = next;
    }
    return (dh_slice){NULL, 0};
}

static void add_named(dh_ld *ld, dh_arena *arena, dh_ld_ref ref) {
    dh_slice id = dh_json_string(ref.json, dh_json_get(ref.json, ref.id, DH_SLICE("@id")));
    if (id.len == 0 || ref.json->values[ref.id].len < 2) return;
    uint32_t *slot = dh_map_put(&ld->by_id, id, NULL);
    if (*slot > 0) {
        dh_ld_ref old = ld->named.ptr[*slot - 1];
        if (old.json->values[old.id].len < ref.json->values[ref.id].len)
            ld->named.ptr[*slot - 1] = ref;
        return;
    }
    *DH_PUSH(arena, ld->named) = ref;
    *slot = ld->named.len;
}

/* Notes the objects of one script: those with a name to refer to, articles and pages, and whether
 * they are what the page is about or only stand inside something else. */
static void note_objects(dh_ld *ld, dh_arena *arena, const dh_json *json) {
    struct {
        uint32_t end;
        bool main;
    } open[600];
    uint32_t depth = 0;
    for (uint32_t i = 0; i < json->len; i++) {
        const dh_json_value *value = &json->values[i];
        while (depth > 0 && i >= open[depth - 1].end) depth--;
        if (value->type != DH_JSON_OBJECT && value->type != DH_JSON_ARRAY) continue;
        bool in_array = depth > 0 && value->key.ptr == NULL;
        bool main = depth == 0 || (open[depth - 1].main && (in_array || leads_on(value->key)));
        if (depth < sizeof open / sizeof *open) {
            open[depth].end = value->end;
            open[depth++].main = main;
        }
        if (value->type != DH_JSON_OBJECT) continue;
        dh_ld_object object = {.ref = {json, i}, .main = main};
        object.class = class_of(json, i, &object.type);
        add_named(ld, arena, object.ref);
        if (object.class != DH_TYPE_OTHER && ld->objects.len < DH_LD_OBJECTS)
            *DH_PUSH(arena, ld->objects) = object;
    }
}

static bool is_jsonld(dh_meta_state *state, uint32_t script) {
    dh_slice type = dh_slice_trim(dh_dom_attr_value(state->dom, script, DH_SLICE("type")));
    dh_slice name = DH_SLICE("application/ld+json");
    return dh_slice_starts_nocase(type, name) &&
           (type.len == name.len || type.ptr[name.len] == ';' || type.ptr[name.len] == ' ');
}

/* Some publishers escape the whole script as if it were HTML text. */
static dh_status parse(dh_meta_state *state, dh_json *json, dh_slice text) {
    dh_slice head = dh_slice_sub(text, 0, 200);
    if (memchr(head.ptr, '"', head.len) == NULL && dh_slice_has(head, DH_SLICE("&quot;")))
        text = dh_entity_decode(text, false, state->arena);
    return dh_json_parse(json, state->arena, text, false, NULL);
}

void dh_ld_load(dh_ld *ld, dh_meta_state *state) {
    dh_dom *dom = state->dom;
    size_t left = DH_META_SCRIPT;
    uint32_t scripts = 0;
    *ld = (dh_ld){.objects = {NULL, 0, 0}};
    dh_map_init(&ld->by_id, state->arena, 0);
    for (uint32_t id = 0; id < dom->len && scripts < DH_META_SCRIPTS; id++) {
        if (dom->nodes[id].tag != DH_TAG_script || !is_jsonld(state, id)) continue;
        uint32_t child = dh_dom_first(dom, id);
        dh_slice text = child != DH_NO_NODE ? dh_dom_text(dom, child) : (dh_slice){NULL, 0};
        if (text.len == 0 || text.len > left) continue;
        left -= text.len;
        scripts++;
        dh_json *json = dh_arena_zalloc(state->arena, 1, sizeof *json);
        if (parse(state, json, text) == DH_OK && json->len > 0)
            note_objects(ld, state->arena, json);
    }
}
