/* SPDX-License-Identifier: Apache-2.0 */
/* nth: positions among siblings, computed for the whole tree in one pass when first asked for, and
 * the An+B notation (CSS Syntax 3, section 6). */
#include "base/map.h"
#include "css/css_private.h"

struct dh_css_memo *dh_css_memo_of(dh_css_context *context) {
    if (context->memo == NULL) {
        context->memo = dh_arena_zalloc(context->arena, 1, sizeof *context->memo);
        dh_buf_init(&context->memo->text, context->arena, 0);
    }
    return context->memo;
}

const struct dh_css_memo *dh_css_siblings(dh_css_context *context) {
    struct dh_css_memo *memo = dh_css_memo_of(context);
    if (memo->prev != NULL) return memo;
    dh_dom *dom = context->dom;
    uint32_t *prev = dh_arena_zalloc(context->arena, dom->len, sizeof *prev);
    memo->index = dh_arena_zalloc(context->arena, dom->len, sizeof *memo->index);
    memo->last = dh_arena_zalloc(context->arena, dom->len, sizeof *memo->last);
    prev[0] = DH_NO_NODE;
    memo->index[0] = memo->last[0] = 1;
    for (uint32_t p = 0; p < dom->len; p++) {
        uint32_t before = DH_NO_NODE, n = 0;
        for (uint32_t c = dh_dom_first(dom, p); c != DH_NO_NODE; c = dh_dom_next(dom, c)) {
            if (!dh_dom_is_element(dom, c)) continue;
            prev[c] = before;
            before = c;
            memo->index[c] = ++n;
        }
        for (uint32_t c = before; c != DH_NO_NODE; c = prev[c])
            memo->last[c] = n - memo->index[c] + 1;
    }
    memo->prev = prev;
    return memo;
}

/* Elements that tags.def does not list get numbers of their own, by name. */
static uint32_t type_of(dh_dom *dom, uint32_t id, dh_map *unknown) {
    dh_tag tag = dom->nodes[id].tag;
    if (tag != DH_TAG_UNKNOWN) return tag;
    bool added;
    uint32_t *number = dh_map_put(unknown, dh_dom_name(dom, id), &added);
    if (added) *number = DH_TAG_COUNT + unknown->len - 1;
    return *number;
}

const struct dh_css_memo *dh_css_types(dh_css_context *context) {
    struct dh_css_memo *memo = dh_css_memo_of(context);
    if (memo->type_index != NULL) return memo;
    (void)dh_css_siblings(context);
    dh_dom *dom = context->dom;
    dh_map unknown;
    dh_map_init(&unknown, context->arena, 0);
    uint32_t *type = dh_arena_zalloc(context->arena, dom->len, sizeof *type);
    for (uint32_t id = 0; id < dom->len; id++)
        if (dh_dom_is_element(dom, id)) type[id] = type_of(dom, id, &unknown);
    uint32_t *count = dh_arena_zalloc(context->arena, DH_TAG_COUNT + unknown.len, sizeof *count);
    uint32_t *index = dh_arena_zalloc(context->arena, dom->len, sizeof *index);
    memo->type_last = dh_arena_zalloc(context->arena, dom->len, sizeof *memo->type_last);
    index[0] = memo->type_last[0] = 1;
    for (uint32_t p = 0; p < dom->len; p++) {
        uint32_t end = DH_NO_NODE;
        for (uint32_t c = dh_dom_first(dom, p); c != DH_NO_NODE; c = dh_dom_next(dom, c)) {
            if (!dh_dom_is_element(dom, c)) continue;
            index[c] = ++count[type[c]];
            end = c;
        }
        for (uint32_t c = end; c != DH_NO_NODE; c = memo->prev[c])
            memo->type_last[c] = count[type[c]] - index[c] + 1;
        for (uint32_t c = end; c != DH_NO_NODE; c = memo->prev[c]) count[type[c]] = 0;
    }
    memo->type_index = index;
    return memo;
}

bool dh_css_nth_fits(int32_t a, int32_t b, uint32_t index) {
    int64_t rest = (int64_t)index - b;
    if (a == 0) return rest == 0;
    return rest % a == 0 && rest / a >= 0;
}

static size_t skip_space(dh_slice text, size_t at) {
    while (at < text.len && dh_is_space(text.ptr[at])) at++;
    return at;
}

/* Digits at *at, at most 9 of them. */
static bool read_number(dh_slice text, size_t *at, int32_t *number) {
    size_t begin = *at;
    int32_t value = 0;
    while (*at < text.len && dh_is_digit(text.ptr[*at]) && *at - begin < 9)
        value = value * 10 + (text.ptr[(*at)++] - '0');
    *number = value;
    return *at > begin && !(*at < text.len && dh_is_digit(text.ptr[*at]));
}

static int read_sign(dh_slice text, size_t *at) {
    if (*at >= text.len || (text.ptr[*at] != '+' && text.ptr[*at] != '-')) return 0;
    return text.ptr[(*at)++] == '-' ? -1 : 1;
}

static bool read_word(dh_slice text, size_t *at, dh_slice word) {
    dh_slice here = dh_slice_sub(text, *at, *at + word.len);
    if (!dh_slice_eq_nocase(here, word)) return false;
    *at += word.len;
    return true;
}

bool dh_css_parse_nth(dh_slice text, int32_t *a, int32_t *b, size_t *used) {
    size_t at = skip_space(text, 0);
    *a = *b = 0;
    if (read_word(text, &at, DH_SLICE("even"))) {
        *a = 2;
    } else if (read_word(text, &at, DH_SLICE("odd"))) {
        *a = 2;
        *b = 1;
    } else {
        int sign = read_sign(text, &at);
        int32_t number = 1;
        bool digits = read_number(text, &at, &number);
        if (!digits) number = 1;
        if (at < text.len && dh_lower(text.ptr[at]) == 'n') {
            at++;
            *a = sign < 0 ? -number : number;
            size_t next = skip_space(text, at);
            int plus = read_sign(text, &next);
            if (plus != 0) {
                next = skip_space(text, next);
                if (!read_number(text, &next, b)) return false;
                if (plus < 0) *b = -*b;
                at = next;
            }
        } else if (digits) {
            *b = sign < 0 ? -number : number;
        } else {
            return false;
        }
    }
    *used = at;
    return true;
}
