/* SPDX-License-Identifier: Apache-2.0 */
/* meta: the order of the work. All readers first, then the choosers, since a choice is checked against
 * what other sources say. */
#include "meta/meta.h"

#include "base/url.h"
#include "meta/state.h"

/* "<!-- saved from url=(0052)https://example.org/ -->", which browsers write into saved pages. */
static dh_slice saved_from(dh_slice page) {
    dh_slice head = dh_slice_sub(page, 0, 4096), mark = DH_SLICE("saved from url=(");
    size_t at = dh_slice_find(head, mark);
    if (at == DH_NPOS) return (dh_slice){NULL, 0};
    head = dh_slice_sub(head, at + mark.len, head.len);
    const char *close = memchr(head.ptr, ')', head.len < 8 ? head.len : 8);
    if (close == NULL) return (dh_slice){NULL, 0};
    head = dh_slice_sub(head, (size_t)(close - head.ptr) + 1, head.len);
    dh_slice url = dh_slice_token(&head);
    return dh_url_is_http(url) ? url : (dh_slice){NULL, 0};
}

static bool has_token(dh_slice list, dh_slice token) {
    for (dh_slice t = dh_slice_token(&list); t.len > 0; t = dh_slice_token(&list))
        if (dh_slice_eq_nocase(t, token)) return true;
    return false;
}

/* The address as it stands in the page: a relative one helps nobody without a base. */
static dh_slice address(dh_dom *dom, uint32_t id, dh_slice attribute) {
    dh_slice url = dh_slice_trim(dh_dom_attr_value(dom, id, attribute));
    return dh_url_is_http(url) ? url : (dh_slice){NULL, 0};
}

dh_slice dh_meta_url(dh_dom *dom, dh_arena *arena) {
    dh_slice canonical = {NULL, 0}, shared = {NULL, 0};
    for (uint32_t id = 1; id < dom->len && canonical.len == 0; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_link) {
            if (has_token(dh_dom_attr_value(dom, id, DH_SLICE("rel")), DH_SLICE("canonical")))
                canonical = address(dom, id, DH_SLICE("href"));
        } else if (tag == DH_TAG_meta && shared.len == 0) {
            dh_slice name = dh_dom_attr_value(dom, id, DH_SLICE("property"));
            if (name.len == 0) name = dh_dom_attr_value(dom, id, DH_SLICE("name"));
            if (dh_slice_eq_nocase(name, DH_SLICE("og:url")))
                shared = address(dom, id, DH_SLICE("content"));
        }
    }
    dh_slice url = canonical.len > 0 ? canonical : shared.len > 0 ? shared : saved_from(dom->page);
    return url.len > 0 ? dh_url_resolve((dh_slice){NULL, 0}, url, arena) : url;
}

dh_meta_state *dh_meta_state_new(dh_meta_page *page) {
    dh_meta_state *state = dh_arena_zalloc(page->arena, 1, sizeof *state);
    state->page = page;
    state->dom = page->dom;
    state->arena = page->arena;
    state->headline = UINT32_MAX;
    state->base = page->url;
    return state;
}

void dh_meta_read(dh_meta_page *page) {
    dh_meta_state *state = dh_meta_state_new(page);
    page->title_block = UINT32_MAX;
    page->article_body = (dh_slice){NULL, 0};
    if (page->dom == NULL) { /* dh_meta_read_text does the rest */
        dh_meta_choose_plain(state);
        return;
    }
    if (state->base.len == 0) state->base = dh_meta_url(page->dom, page->arena);
    dh_meta_read_head(state);
    dh_meta_read_headings(state);
    dh_meta_read_jsonld(state);
    dh_meta_read_microdata(state);
    dh_meta_read_links(state);
    dh_meta_choose_plain(state);
    dh_meta_choose_title(state);
    dh_meta_choose_lists(state);
    dh_meta_read_times(state);
    dh_meta_read_bylines(state);
    dh_meta_choose_dates(state);
    dh_meta_choose_authors(state);
}
