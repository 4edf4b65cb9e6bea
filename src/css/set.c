/* SPDX-License-Identifier: Apache-2.0 */
/* set: many selectors matched in one walk of the tree. Each complex selector waits in the bucket of
 * what its right-most compound surely needs: an id, else a class, else a tag; a node looks into the
 * buckets of its own id, classes and tag only. So a hundred rules cost little more than one. */
#include "base/map.h"
#include "css/css_private.h"

typedef struct entry {
    uint32_t css; /* index in the set */
    int32_t complex;
    uint32_t next; /* + 1; 0: none */
} entry;

struct dh_css_set {
    dh_arena *arena;
    const dh_css *const *list;
    uint32_t len;
    DH_VEC(entry) entries;
    dh_map ids, classes; /* -> entry + 1 */
    uint32_t tags[DH_TAG_COUNT], any;
};

static const css_part *part_of(const dh_css *css, int32_t complex, css_kind kind) {
    const css_compound *last = &css->compounds.ptr[css->complexes.ptr[complex].last];
    for (int32_t i = last->first; i != CSS_NONE; i = css->parts.ptr[i].next)
        if (css->parts.ptr[i].kind == kind) return &css->parts.ptr[i];
    return NULL;
}

static uint32_t *bucket_of(dh_css_set *set, const dh_css *css, int32_t complex) {
    const css_part *part = part_of(css, complex, CSS_ID);
    if (part != NULL) return dh_map_put(&set->ids, part->name, NULL);
    part = part_of(css, complex, CSS_CLASS);
    if (part != NULL) return dh_map_put(&set->classes, part->name, NULL);
    dh_tag tag = css->compounds.ptr[css->complexes.ptr[complex].last].tag;
    return tag != 0 ? &set->tags[tag] : &set->any;
}

dh_css_set *dh_css_set_new(dh_arena *arena, const dh_css *const *list, uint32_t n) {
    dh_css_set *set = dh_arena_zalloc(arena, 1, sizeof *set);
    set->arena = arena;
    set->list = list;
    set->len = n;
    dh_map_init(&set->ids, arena, 0);
    dh_map_init(&set->classes, arena, 0);
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == NULL || list[i]->climbs) continue;
        for (int32_t x = list[i]->list; x != CSS_NONE; x = list[i]->complexes.ptr[x].next) {
            uint32_t *head = bucket_of(set, list[i], x);
            *DH_PUSH(arena, set->entries) = (entry){i, x, *head};
            *head = set->entries.len;
        }
    }
    return set;
}

typedef struct walk {
    const dh_css_set *set;
    dh_css_context *context;
    dh_node_list *out;
    bool first_only;
} walk;

/* The first list that found the steps used up. */
static void note_stop(dh_css_context *context, const dh_css *css) {
    if (context->limited && context->stopped == NULL) context->stopped = css;
}

static void try_bucket(const walk *w, uint32_t head, uint32_t id) {
    for (uint32_t at = head; at > 0; at = w->set->entries.ptr[at - 1].next) {
        const entry *e = &w->set->entries.ptr[at - 1];
        dh_node_list *found = &w->out[e->css];
        if (found->len > 0 && (w->first_only || found->ptr[found->len - 1] == id)) continue;
        bool yes = dh_css_complex_matches(w->set->list[e->css], w->context, e->complex, id);
        note_stop(w->context, w->set->list[e->css]);
        if (!yes) continue;
        *DH_PUSH(w->context->arena, *found) = id;
    }
}

static void try_map(const walk *w, const dh_map *map, dh_slice key, uint32_t id) {
    const uint32_t *head = key.len > 0 ? dh_map_get(map, key) : NULL;
    if (head != NULL) try_bucket(w, *head, id);
}

static void try_attributes(const walk *w, uint32_t id) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(w->context->dom, id, &n);
    for (uint32_t i = 0; i < n; i++) {
        dh_slice name = attrs[i].name, value = attrs[i].value;
        if (dh_slice_eq(name, DH_SLICE("id"))) {
            try_map(w, &w->set->ids, value, id);
        } else if (dh_slice_eq(name, DH_SLICE("class"))) {
            for (dh_slice token = dh_slice_token(&value); token.len > 0;
                 token = dh_slice_token(&value))
                try_map(w, &w->set->classes, token, id);
        }
    }
}

void dh_css_set_select(const dh_css_set *set, dh_css_context *context, bool first_only,
                       dh_node_list *out) {
    walk w = {set, context, out, first_only};
    dh_dom *dom = context->dom;
    for (uint32_t i = 0; i < set->len; i++)
        if (set->list[i] != NULL && set->list[i]->climbs) {
            dh_css_select(set->list[i], context, 0, &out[i]);
            note_stop(context, set->list[i]);
        }
    if (set->entries.len == 0) return;
    bool attributes = set->ids.len > 0 || set->classes.len > 0;
    for (uint32_t id = 0; id < dom->len && !context->limited; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_TEXT) continue;
        if (set->tags[tag] > 0) try_bucket(&w, set->tags[tag], id);
        if (set->any > 0) try_bucket(&w, set->any, id);
        if (attributes) try_attributes(&w, id);
    }
}
