/* SPDX-License-Identifier: Apache-2.0 */
/* page: what the page's own markup says: headings, links with a meaning, images. */
#include "meta/needle.h"
#include "meta/state.h"

/* Block that begins at or behind the node's source, by bisection; the blocks are in source order. */
static uint32_t block_from(const dh_meta_state *state, uint32_t node) {
    const dh_blocks *blocks = state->page->blocks;
    uint32_t at = state->dom->nodes[node].src_begin, low = 0, high = blocks->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (blocks->ptr[middle].src_begin < at && blocks->ptr[middle].src_end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t dh_meta_distance(const dh_meta_state *state, uint32_t node) {
    if (state->headline == UINT32_MAX || state->page->blocks == NULL) return INT32_MAX;
    return (int32_t)((int64_t)block_from(state, node) - (int64_t)state->headline);
}

dh_meta_range dh_meta_near(const dh_meta_state *state, uint32_t before, uint32_t behind) {
    const dh_blocks *blocks = state->page->blocks;
    dh_meta_range range = {0, 0};
    if (state->headline == UINT32_MAX || blocks == NULL) return range;
    if (state->headline > before) range.begin = blocks->ptr[state->headline - before - 1].src_end;
    uint32_t last = blocks->len - 1;
    if (last - state->headline > behind) last = state->headline + behind;
    range.end = blocks->ptr[last].src_end;
    return range;
}

void dh_meta_read_headings(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    uint32_t seen = 0;
    for (uint32_t id = 1; id < dom->len && seen < DH_META_HEADINGS; id++) {
        if (dom->nodes[id].tag != DH_TAG_h1) continue;
        seen++;
        dh_candidate_add(
            state, &state->fields[DH_FIELD_title],
            (dh_candidate){.value = dh_value_node(dom, id, DH_META_VALUE, state->arena),
                           .where = DH_SLICE("h1"),
                           .source = DH_SOURCE_PAGE,
                           .rank = DH_RANK_H1,
                           .node = id});
    }
}

static bool has_token(dh_slice list, dh_slice token) {
    for (dh_slice t = dh_slice_token(&list); t.len > 0; t = dh_slice_token(&list))
        if (dh_slice_eq_nocase(t, token)) return true;
    return false;
}

static void read_anchor(dh_meta_state *state, uint32_t id) {
    dh_slice rel = dh_dom_attr_value(state->dom, id, DH_SLICE("rel"));
    dh_slice href = dh_dom_attr_value(state->dom, id, DH_SLICE("href"));
    dh_candidate found = {.source = DH_SOURCE_PAGE, .item = true, .node = id};
    if (has_token(rel, DH_SLICE("tag"))) {
        found.where = DH_SLICE("a[rel=tag]");
        found.value = dh_value_node(state->dom, id, 200, state->arena);
        /* WordPress writes categories as "category tag" */
        bool category = has_token(rel, DH_SLICE("category"));
        dh_candidate_add(state, &state->fields[category ? DH_FIELD_category : DH_FIELD_tag], found);
    } else if (has_token(rel, DH_SLICE("license"))) {
        found.where = DH_SLICE("a[rel=license]");
        found.value = href;
        dh_candidate_add(state, &state->fields[DH_FIELD_license], found);
    } else if (dh_slice_has_nocase(href, DH_SLICE("creativecommons.org/licenses/")) ||
               dh_slice_has_nocase(href, DH_SLICE("creativecommons.org/publicdomain/"))) {
        found.where = DH_SLICE("a[href]");
        found.rank = 1;
        found.value = href;
        dh_candidate_add(state, &state->fields[DH_FIELD_license], found);
    }
}

/* Names on the way from the start page to this one: the first and, when it is no link, the last are
 * left out by the chooser through the site's name and the title. */
static void read_breadcrumb(dh_meta_state *state, uint32_t id) {
    dh_dom *dom = state->dom;
    uint32_t seen = 0;
    for (uint32_t i = id + 1; i < dom->nodes[id].end && seen < 8; i++) {
        if (dom->nodes[i].tag != DH_TAG_a) continue;
        if (seen++ == 0) continue; /* the start page */
        dh_candidate_add(state, &state->fields[DH_FIELD_category],
                         (dh_candidate){.value = dh_value_node(dom, i, 200, state->arena),
                                        .where = DH_SLICE("breadcrumb"),
                                        .source = DH_SOURCE_PAGE,
                                        .rank = 2,
                                        .item = true,
                                        .node = i});
    }
}

static bool is_breadcrumb(dh_meta_state *state, uint32_t id) {
    static const dh_slice names[] = {DH_SLICE_INIT("class"), DH_SLICE_INIT("id"),
                                     DH_SLICE_INIT("aria-label")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dh_slice_has_nocase(dh_dom_attr_value(state->dom, id, names[i]),
                                DH_SLICE("breadcrumb")))
            return true;
    return false;
}

void dh_meta_read_links(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    dh_needle commons = dh_needle_make(DH_SLICE("creativecommons.org"));
    dh_needle crumb = dh_needle_make(DH_SLICE("readcrumb"));
    bool crumbs = true;
    for (uint32_t id = 1; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        if (node->tag == DH_TAG_TEXT) continue;
        dh_slice tag = dh_slice_sub(dom->page, node->src_begin, node->src_end);
        if (tag.len < 8) continue;
        if (node->tag == DH_TAG_a) {
            if (dh_tag_has(tag, DH_SLICE("rel")) || dh_needle_in(&commons, tag))
                read_anchor(state, id);
        } else if (crumbs &&
                   (node->tag == DH_TAG_nav || node->tag == DH_TAG_div || node->tag == DH_TAG_ul ||
                    node->tag == DH_TAG_ol) &&
                   dh_needle_in(&crumb, tag) && is_breadcrumb(state, id)) {
            crumbs = false; /* one is enough */
            read_breadcrumb(state, id);
        }
    }
}
