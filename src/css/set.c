/* SPDX-License-Identifier: Apache-2.0 */
/* set: many selectors matched in one walk of the tree. Each complex selector waits in the bucket of
 * what its right-most compound surely needs: an id, else a class, else a tag; a node looks into the
 * buckets of its own id, classes and tag only. What the compounds to the left need (a token: a tag,
 * class or id) must stand on an ancestor, or at least earlier in the page. The walk knows for each
 * token up to which node the elements that have it reach, so this costs one comparison. A selector
 * whose bucket is a tag comes into it only when such a token was seen, its gate. So a hundred rules
 * cost little more than one, and rules for what the page does not have next to nothing. */
#include "base/map.h"
#include "css/css_private.h"

/* The first tokens are the tags; DH_TAG_TEXT stands for any element. */
enum { ANY = DH_TAG_TEXT, NO_GATE = 0, FILTER_WORDS = 16 };

typedef struct need {
    uint32_t token;
    bool above; /* on an ancestor; else on an element that begins earlier */
} need;

typedef struct entry {
    uint32_t css; /* index in the set */
    int32_t complex;
    uint32_t bucket;             /* the token */
    uint32_t first_need, needs; /* a range of set->needs */
    uint32_t next_gated;         /* + 1; 0: none */
} entry;

struct dh_css_set {
    dh_arena *arena;
    const dh_css *const *list;
    uint32_t len;
    DH_VEC(entry) entries;
    DH_VEC(need) needs;
    dh_map ids, classes; /* -> token */
    uint64_t filter[FILTER_WORDS]; /* of the names in both maps */
    /* By token, entry + 1: the bucket before the walk; the entries that wait for it. */
    DH_VEC(uint32_t) heads, gated;
    DH_VEC(uint32_t) next; /* by entry, + 1: in its bucket before the walk */
};

/* ---- compiling ---- */

/* Most names on a page are not in the set, and most of those are seen by length and both ends. */
static uint32_t filter_bit(dh_slice name) {
    uint32_t first = (unsigned char)name.ptr[0], last = (unsigned char)name.ptr[name.len - 1];
    return (uint32_t)(name.len * 37 + first * 11 + last * 101) % (FILTER_WORDS * 64);
}

static uint32_t new_token(dh_css_set *set) {
    *DH_PUSH(set->arena, set->heads) = 0;
    *DH_PUSH(set->arena, set->gated) = 0;
    return set->heads.len - 1;
}

static uint32_t token_of(dh_css_set *set, const css_part *part) {
    bool added;
    uint32_t *token = dh_map_put(part->kind == CSS_ID ? &set->ids : &set->classes, part->name, &added);
    if (added) {
        *token = new_token(set);
        if (part->name.len > 0) {
            uint32_t bit = filter_bit(part->name);
            set->filter[bit / 64] |= UINT64_C(1) << bit % 64;
        }
    }
    return *token;
}

static const css_part *part_of(const dh_css *css, const css_compound *compound, css_kind kind) {
    for (int32_t i = compound->first; i != CSS_NONE; i = css->parts.ptr[i].next)
        if (css->parts.ptr[i].kind == kind) return &css->parts.ptr[i];
    return NULL;
}

static uint32_t bucket_of(dh_css_set *set, const dh_css *css, const css_compound *last) {
    const css_part *part = part_of(css, last, CSS_ID);
    if (part == NULL) part = part_of(css, last, CSS_CLASS);
    return part != NULL ? token_of(set, part) : last->tag;
}

/* What the compounds to the left of the last one need, the nearest first. */
static void add_needs(dh_css_set *set, const dh_css *css, const css_compound *last, entry *e) {
    e->first_need = set->needs.len;
    for (const css_compound *at = last; at->prev != CSS_NONE;) {
        bool above = at->combinator == ' ' || at->combinator == '>';
        at = &css->compounds.ptr[at->prev];
        if (at->tag != ANY) *DH_PUSH(set->arena, set->needs) = (need){at->tag, above};
        for (int32_t i = at->first; i != CSS_NONE; i = css->parts.ptr[i].next) {
            const css_part *part = &css->parts.ptr[i];
            if (part->kind == CSS_ID || part->kind == CSS_CLASS)
                *DH_PUSH(set->arena, set->needs) = (need){token_of(set, part), above};
        }
    }
    e->needs = set->needs.len - e->first_need;
}

/* A token that must have been seen before the entry can match; names are rarer than tags. Buckets of
 * names need none: few nodes look into them. */
static uint32_t gate_of(const dh_css_set *set, const entry *e) {
    uint32_t gate = NO_GATE;
    if (e->bucket >= DH_TAG_COUNT) return NO_GATE;
    for (uint32_t i = 0; i < e->needs; i++) {
        uint32_t token = set->needs.ptr[e->first_need + i].token;
        if (gate == NO_GATE || (gate < DH_TAG_COUNT && token >= DH_TAG_COUNT)) gate = token;
    }
    return gate;
}

static void add(dh_css_set *set, uint32_t css, int32_t complex) {
    const dh_css *list = set->list[css];
    const css_compound *last = &list->compounds.ptr[list->complexes.ptr[complex].last];
    entry e = {.css = css, .complex = complex, .bucket = bucket_of(set, list, last)};
    add_needs(set, list, last, &e);
    uint32_t gate = gate_of(set, &e), number = set->entries.len + 1, next = 0;
    if (gate == NO_GATE) {
        next = set->heads.ptr[e.bucket];
        set->heads.ptr[e.bucket] = number;
    } else {
        e.next_gated = set->gated.ptr[gate];
        set->gated.ptr[gate] = number;
    }
    *DH_PUSH(set->arena, set->entries) = e;
    *DH_PUSH(set->arena, set->next) = next;
}

dh_css_set *dh_css_set_new(dh_arena *arena, const dh_css *const *list, uint32_t n) {
    dh_css_set *set = dh_arena_zalloc(arena, 1, sizeof *set);
    set->arena = arena;
    set->list = list;
    set->len = n;
    dh_map_init(&set->ids, arena, 0);
    dh_map_init(&set->classes, arena, 0);
    for (uint32_t tag = 0; tag < DH_TAG_COUNT; tag++) (void)new_token(set);
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == NULL || list[i]->climbs) continue;
        for (int32_t x = list[i]->list; x != CSS_NONE; x = list[i]->complexes.ptr[x].next)
            add(set, i, x);
    }
    return set;
}

/* ---- the walk ---- */

typedef struct walk {
    const dh_css_set *set;
    dh_css_context *context;
    dh_node_list *out;
    bool first_only;
    uint32_t *heads, *next; /* of this page: entries come in when their gate is seen */
    uint32_t *reach;        /* by token: where the elements seen so far that have it end; 0: none */
} walk;

/* The first list that found the steps used up. */
static void note_stop(dh_css_context *context, const dh_css *css) {
    if (context->limited && context->stopped == NULL) context->stopped = css;
}

static bool has_needs(const walk *w, const entry *e, uint32_t id) {
    const need *needs = w->set->needs.ptr + e->first_need;
    for (uint32_t i = 0; i < e->needs; i++)
        if (w->reach[needs[i].token] <= (needs[i].above ? id : 0)) return false;
    return true;
}

static void try_bucket(const walk *w, uint32_t token, uint32_t id) {
    for (uint32_t at = w->heads[token]; at > 0; at = w->next[at - 1]) {
        const entry *e = &w->set->entries.ptr[at - 1];
        dh_node_list *found = &w->out[e->css];
        if (found->len > 0 && (w->first_only || found->ptr[found->len - 1] == id)) continue;
        const dh_css *css = w->set->list[e->css];
        if (!has_needs(w, e, id)) (void)dh_css_spend(w->context, 1);
        else if (dh_css_complex_matches(css, w->context, e->complex, id))
            *DH_PUSH(w->context->arena, *found) = id;
        note_stop(w->context, css);
    }
}

/* The element has the token: its descendants have it above them. */
static void mark(const walk *w, uint32_t token, uint32_t id) {
    uint32_t end = w->context->dom->nodes[id].end;
    bool first = w->reach[token] == 0;
    if (w->reach[token] < end) w->reach[token] = end;
    if (!first) return;
    for (uint32_t at = w->set->gated.ptr[token]; at > 0;) {
        const entry *e = &w->set->entries.ptr[at - 1];
        w->next[at - 1] = w->heads[e->bucket];
        w->heads[e->bucket] = at;
        at = e->next_gated;
    }
}

static void try_name(const walk *w, const dh_map *map, dh_slice name, uint32_t id) {
    if (name.len == 0) return;
    uint32_t bit = filter_bit(name);
    if ((w->set->filter[bit / 64] >> bit % 64 & 1) == 0) return;
    const uint32_t *token = dh_map_get(map, name);
    if (token == NULL) return;
    mark(w, *token, id);
    try_bucket(w, *token, id);
}

static void try_attributes(const walk *w, uint32_t id) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(w->context->dom, id, &n);
    for (uint32_t i = 0; i < n; i++) {
        dh_slice name = attrs[i].name, value = attrs[i].value;
        if (dh_slice_eq(name, DH_SLICE("id"))) {
            try_name(w, &w->set->ids, value, id);
        } else if (dh_slice_eq(name, DH_SLICE("class"))) {
            for (dh_slice token = dh_slice_token(&value); token.len > 0;
                 token = dh_slice_token(&value))
                try_name(w, &w->set->classes, token, id);
        }
    }
}

static uint32_t *copy(dh_arena *arena, const uint32_t *numbers, uint32_t n) {
    uint32_t *out = dh_arena_alloc(arena, n * sizeof *out);
    memcpy(out, numbers, n * sizeof *out);
    return out;
}

void dh_css_set_select(const dh_css_set *set, dh_css_context *context, bool first_only,
                       dh_node_list *out) {
    dh_dom *dom = context->dom;
    for (uint32_t i = 0; i < set->len; i++)
        if (set->list[i] != NULL && set->list[i]->climbs) {
            dh_css_select(set->list[i], context, 0, &out[i]);
            note_stop(context, set->list[i]);
        }
    if (set->entries.len == 0) return;
    walk w = {set, context, out, first_only,
              .heads = copy(context->arena, set->heads.ptr, set->heads.len),
              .next = copy(context->arena, set->next.ptr, set->next.len),
              .reach = dh_arena_zalloc(context->arena, set->heads.len, sizeof *w.reach)};
    bool attributes = set->ids.len > 0 || set->classes.len > 0;
    for (uint32_t id = 0; id < dom->len && !context->limited; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_TEXT) continue;
        if (w.heads[tag] > 0) try_bucket(&w, tag, id);
        if (w.heads[ANY] > 0) try_bucket(&w, ANY, id);
        mark(&w, tag, id);
        if (attributes) try_attributes(&w, id);
    }
}
