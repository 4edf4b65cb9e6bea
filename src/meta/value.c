/* SPDX-License-Identifier: Apache-2.0 */
/* value: cleaning what the readers found. */
#include "dom/entity.h"
#include "meta/state.h"
#include "text/clean.h"

void dh_candidate_add(dh_meta_state *state, dh_candidates *list, dh_candidate candidate) {
    if (candidate.value.len == 0 || list->len >= DH_META_CANDIDATES) return;
    *DH_PUSH(state->arena, *list) = candidate;
}

void dh_meta_offer(dh_meta_state *state, dh_field_kind kind, dh_candidate candidate) {
    if (state->fields[kind].len >= DH_META_CANDIDATES || candidate.value.len > 4 * DH_META_VALUE)
        return;
    candidate.value = dh_value_markup(candidate.value, state->arena);
    if (candidate.value.len <= DH_META_VALUE)
        dh_candidate_add(state, &state->fields[kind], candidate);
}

uint32_t dh_candidates_next(const dh_candidates *list, uint32_t from) {
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < list->len; i++) {
        uint32_t order = dh_candidate_order(&list->ptr[i]);
        if (order >= from && order < best) best = order;
    }
    return best;
}

dh_slice dh_value_text(dh_slice raw, dh_arena *arena) {
    return dh_text_clean(raw, DH_SPACE_FOLD, arena, NULL, 0);
}

/* Length of the tag at s.ptr[0] == '<', 0 when it is none: "a < b" and "<3" are text. */
static size_t tag_length(dh_slice s) {
    size_t at = s.len > 1 && s.ptr[1] == '/' ? 2 : 1;
    if (at >= s.len || !(dh_is_alpha(s.ptr[at]) || s.ptr[at] == '!')) return 0;
    const char *close = memchr(s.ptr, '>', s.len < 2000 ? s.len : 2000);
    return close != NULL ? (size_t)(close - s.ptr) + 1 : 0;
}

/* Elements that run on within a line; any other tag parts words. */
static bool is_inline(dh_slice tag) {
    static const dh_slice names[] = {
        DH_SLICE_INIT("a"),    DH_SLICE_INIT("b"),   DH_SLICE_INIT("i"),
        DH_SLICE_INIT("em"),   DH_SLICE_INIT("u"),   DH_SLICE_INIT("strong"),
        DH_SLICE_INIT("span"), DH_SLICE_INIT("sup"), DH_SLICE_INIT("sub"),
        DH_SLICE_INIT("font"), DH_SLICE_INIT("wbr"), DH_SLICE_INIT("small"),
    };
    size_t begin = tag.ptr[1] == '/' ? 2 : 1, end = begin;
    while (end < tag.len && dh_is_alnum(tag.ptr[end])) end++;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dh_slice_eq_nocase(dh_slice_sub(tag, begin, end), names[i])) return true;
    return false;
}

static dh_slice without_tags(dh_slice s, dh_arena *arena) {
    if (memchr(s.ptr, '<', s.len) == NULL) return s;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, s.len);
    for (size_t at = 0; at < s.len;) {
        dh_slice rest = dh_slice_sub(s, at, s.len);
        size_t tag = rest.ptr[0] == '<' ? tag_length(rest) : 0;
        if (tag == 0) {
            const char *next = memchr(rest.ptr + 1, '<', rest.len - 1);
            size_t n = next != NULL ? (size_t)(next - rest.ptr) : rest.len;
            dh_buf_put(&out, rest.ptr, n);
            at += n;
            continue;
        }
        if (!is_inline(dh_slice_sub(rest, 0, tag))) dh_buf_putc(&out, '\n');
        at += tag;
    }
    return dh_buf_slice(&out);
}

dh_slice dh_value_markup(dh_slice raw, dh_arena *arena) {
    raw = dh_slice_trim(raw);
    for (int i = 0; i < 2 && raw.len > 0 && memchr(raw.ptr, '&', raw.len) != NULL; i++)
        raw = dh_entity_decode(raw, false, arena);
    if (raw.len > 0) raw = without_tags(raw, arena);
    return dh_value_text(raw, arena);
}

dh_slice dh_value_node(dh_dom *dom, uint32_t node, size_t max, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, max);
    dh_dom_inner_text(dom, node, &out);
    dh_slice text = dh_buf_slice(&out);
    return text.len > 0 ? dh_value_text(text, arena) : text;
}
