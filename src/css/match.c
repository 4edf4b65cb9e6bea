/* SPDX-License-Identifier: Apache-2.0 */
/* match: compiled selectors against the tree, right to left. A failure says how far it reaches, so
 * that chains of descendant combinators do not try the same ancestors again and again (the scheme
 * is WebKit's). Recursion is along the selector only: at most CSS_MAX_PARTS compounds deep. */
#include "base/url.h"
#include "base/utf8.h"
#include "css/css_private.h"
#include "css/xpath.h"

typedef enum result {
    YES,
    NO_HERE,     /* another sibling or ancestor may */
    NO_SIBLINGS, /* no earlier sibling either, but an ancestor may */
    NEVER        /* nor any ancestor */
} result;

typedef struct matcher {
    const dh_css *css;
    dh_css_context *context;
} matcher;

static bool list_matches(const matcher *m, int32_t list, uint32_t id, uint32_t scope);
static result chain_matches(const matcher *m, int32_t compound, uint32_t id, uint32_t scope);

bool dh_css_spend(dh_css_context *context, uint64_t steps) {
    context->steps += steps;
    if (context->max_steps > 0 && context->steps > context->max_steps) context->limited = true;
    return !context->limited;
}

/* ---- attributes ---- */

static bool equal(dh_slice a, dh_slice b, bool fold) {
    return fold ? dh_slice_eq_nocase(a, b) : dh_slice_eq(a, b);
}

static bool has_word(dh_slice list, dh_slice word, bool fold) {
    if (word.len == 0 || list.len < word.len) return false;
    for (size_t at = 0; at < list.len;) {
        while (at < list.len && dh_is_space(list.ptr[at])) at++;
        size_t begin = at;
        while (at < list.len && !dh_is_space(list.ptr[at])) at++;
        if (at - begin == word.len && equal(dh_slice_sub(list, begin, at), word, fold)) return true;
    }
    return false;
}

static bool attribute_matches(const css_part *part, dh_slice value) {
    dh_slice want = part->value;
    bool fold = part->fold;
    switch (part->op) {
    case CSS_OP_PRESENT:
        return true;
    case CSS_OP_EQUAL:
        return equal(value, want, fold);
    case CSS_OP_WORD:
        return has_word(value, want, fold);
    case CSS_OP_DASH:
        return equal(dh_slice_sub(value, 0, want.len), want, fold) &&
               (value.len == want.len || value.ptr[want.len] == '-');
    case CSS_OP_PREFIX:
        return want.len > 0 && equal(dh_slice_sub(value, 0, want.len), want, fold);
    case CSS_OP_SUFFIX:
        return want.len > 0 && value.len >= want.len &&
               equal(dh_slice_sub(value, value.len - want.len, value.len), want, fold);
    case CSS_OP_SUBSTRING:
        return want.len > 0 &&
               (fold ? dh_slice_has_nocase(value, want) : dh_slice_has(value, want));
    }
    return false;
}

static bool regex_finds(const matcher *m, const dh_regex *regex, dh_slice text) {
    dh_regex_match match;
    if (m->context->regexes == NULL) return false;
    dh_regex_result found = dh_regex_find(m->context->regexes, regex, text, 0, &match);
    if (found == DH_REGEX_LIMIT && m->context->too_slow == NULL) m->context->too_slow = m->css;
    return found == DH_REGEX_YES;
}

static bool any_attribute(const matcher *m, const css_part *part, uint32_t id) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(m->context->dom, id, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (part->name_regex != NULL ? !regex_finds(m, part->name_regex, attrs[i].name)
                                     : !dh_slice_eq(part->name, attrs[i].name))
            continue;
        if (part->op == CSS_OP_PRESENT) return true;
        if (part->regex != NULL ? regex_finds(m, part->regex, attrs[i].value)
                                : dh_slice_eq(part->value, attrs[i].value))
            return true;
    }
    return false;
}

/* The attribute of the element or of the nearest ancestor that has it. */
static bool inherited(const matcher *m, uint32_t id, dh_slice name, dh_slice *value) {
    dh_dom *dom = m->context->dom;
    for (; id != DH_NO_NODE && dh_css_spend(m->context, 1); id = dom->nodes[id].parent)
        if (dh_dom_attr(dom, id, name, value)) return true;
    return false;
}

/* Extended filtering (RFC 4647, 3.3.2): each subtag of the range in order, others may stand between
 * but for single characters. */
static bool language_in_range(dh_slice tag, dh_slice range) {
    bool first = true;
    while (range.ptr != NULL) {
        dh_slice want = dh_slice_cut(&range, '-');
        bool any = dh_slice_eq(want, DH_SLICE("*"));
        for (;; first = false) {
            if (any && !first) break;
            if (tag.ptr == NULL) return false;
            dh_slice subtag = dh_slice_cut(&tag, '-');
            if (any || dh_slice_eq_nocase(subtag, want)) break;
            if (first || subtag.len <= 1) return false;
        }
        first = false;
    }
    return true;
}

static bool language_matches(const matcher *m, const css_part *part, uint32_t id) {
    dh_slice tag, ranges = part->value;
    if (!inherited(m, id, DH_SLICE("lang"), &tag) || tag.len == 0) return false;
    while (ranges.ptr != NULL) {
        dh_slice range = dh_slice_cut(&ranges, ',');
        if (range.len > 0 && language_in_range(tag, range)) return true;
    }
    return false;
}

static bool direction_matches(const matcher *m, const css_part *part, uint32_t id) {
    dh_dom *dom = m->context->dom;
    for (; id != DH_NO_NODE && dh_css_spend(m->context, 1); id = dom->nodes[id].parent) {
        dh_slice dir;
        if (!dh_dom_attr(dom, id, DH_SLICE("dir"), &dir)) continue;
        if (dh_slice_eq_nocase(dir, DH_SLICE("ltr")) || dh_slice_eq_nocase(dir, DH_SLICE("rtl")))
            return dh_slice_eq_nocase(dir, part->value);
    }
    return dh_slice_eq(part->value, DH_SLICE("ltr"));
}

/* ---- text ---- */

static dh_slice text_of(const matcher *m, uint32_t id) {
    dh_buf *buf = &dh_css_memo_of(m->context)->text;
    dh_buf_reset(buf);
    dh_dom_inner_text(m->context->dom, id, buf);
    (void)dh_css_spend(m->context, buf->len / 16);
    return dh_slice_trim(dh_buf_slice(buf));
}

static bool text_matches(const matcher *m, const css_part *part, dh_slice text) {
    if (part->regex != NULL) return regex_finds(m, part->regex, text);
    return dh_slice_has(text, part->value);
}

static bool is_blank(dh_slice text) {
    return dh_slice_trim(text).len == 0;
}

static bool is_empty(const matcher *m, uint32_t id) {
    dh_dom *dom = m->context->dom;
    for (uint32_t c = id + 1; c < dom->nodes[id].end; c++)
        if (dh_dom_is_element(dom, c) || !is_blank(dh_dom_text(dom, c))) return false;
    return true;
}

/* ---- position ---- */

static uint32_t counted_index(const matcher *m, const css_part *part, uint32_t id, uint32_t scope,
                              bool from_end) {
    const struct dh_css_memo *memo = dh_css_siblings(m->context);
    if (part->list == CSS_NONE) return from_end ? memo->last[id] : memo->index[id];
    if (!list_matches(m, part->list, id, scope)) return 0;
    uint32_t n = 1;
    dh_dom *dom = m->context->dom;
    if (from_end) {
        for (uint32_t s = dh_dom_next(dom, id); s != DH_NO_NODE; s = dh_dom_next(dom, s))
            if (dh_dom_is_element(dom, s) && list_matches(m, part->list, s, scope)) n++;
    } else {
        for (uint32_t s = memo->prev[id]; s != DH_NO_NODE; s = memo->prev[s])
            if (list_matches(m, part->list, s, scope)) n++;
    }
    return n;
}

static bool position_matches(const matcher *m, const css_part *part, uint32_t id, uint32_t scope) {
    bool from_end = part->kind == CSS_NTH_LAST_CHILD;
    uint32_t index;
    switch (part->kind) {
    case CSS_FIRST_CHILD:
        return dh_css_siblings(m->context)->index[id] == 1;
    case CSS_LAST_CHILD:
        return dh_css_siblings(m->context)->last[id] == 1;
    case CSS_ONLY_CHILD:
        return dh_css_siblings(m->context)->index[id] == 1 && m->context->memo->last[id] == 1;
    case CSS_FIRST_OF_TYPE:
        return dh_css_types(m->context)->type_index[id] == 1;
    case CSS_LAST_OF_TYPE:
        return dh_css_types(m->context)->type_last[id] == 1;
    case CSS_ONLY_OF_TYPE:
        return dh_css_types(m->context)->type_index[id] == 1 &&
               m->context->memo->type_last[id] == 1;
    case CSS_NTH_OF_TYPE:
        return dh_css_nth_fits(part->a, part->b, dh_css_types(m->context)->type_index[id]);
    case CSS_NTH_LAST_OF_TYPE:
        return dh_css_nth_fits(part->a, part->b, dh_css_types(m->context)->type_last[id]);
    default:
        index = counted_index(m, part, id, scope, from_end);
        return index > 0 && dh_css_nth_fits(part->a, part->b, index);
    }
}

/* ---- :has ---- */

static bool has_matches(const matcher *m, int32_t list, uint32_t id) {
    dh_dom *dom = m->context->dom;
    for (int32_t x = list; x != CSS_NONE; x = m->css->complexes.ptr[x].next) {
        const css_complex *complex = &m->css->complexes.ptr[x];
        bool below = complex->leading == ' ' || complex->leading == '>';
        uint32_t up = dom->nodes[id].parent;
        uint32_t from = below ? id + 1 : dom->nodes[id].end;
        uint32_t to = below ? dom->nodes[id].end : up == DH_NO_NODE ? from : dom->nodes[up].end;
        for (uint32_t c = from; c < to; c++) {
            if (!dh_dom_is_element(dom, c)) continue;
            if (chain_matches(m, complex->last, c, id) == YES) return true;
            if (m->context->limited) return false;
        }
    }
    return false;
}

/* ---- parts, compounds, chains ---- */

static bool part_matches(const matcher *m, const css_part *part, uint32_t id, uint32_t scope) {
    dh_dom *dom = m->context->dom;
    dh_slice value;
    switch (part->kind) {
    case CSS_NAME:
        return dh_slice_eq(dh_dom_name(dom, id), part->name);
    case CSS_SCOPE:
        return scope == DH_NO_NODE ? id == 0 : id == scope;
    case CSS_ROOT:
        return id == 0;
    case CSS_ID:
        return dh_dom_attr(dom, id, DH_SLICE("id"), &value) && dh_slice_eq(value, part->name);
    case CSS_CLASS:
        return dh_dom_attr(dom, id, DH_SLICE("class"), &value) &&
               has_word(value, part->name, false);
    case CSS_ATTRIBUTE:
        return dh_dom_attr(dom, id, part->name, &value) && attribute_matches(part, value);
    case CSS_LINK:
        return (dom->nodes[id].tag == DH_TAG_a || dom->nodes[id].tag == DH_TAG_area) &&
               dh_dom_attr(dom, id, DH_SLICE("href"), NULL);
    case CSS_EMPTY:
        return is_empty(m, id);
    case CSS_DIR:
        return direction_matches(m, part, id);
    case CSS_LANG:
        return language_matches(m, part, id);
    case CSS_MATCHES_PATH:
        return m->context->url.len > 0 && text_matches(m, part, dh_url_path(m->context->url));
    case CSS_MATCHES_ATTR:
        return any_attribute(m, part, id);
    case CSS_IS:
        return list_matches(m, part->list, id, scope);
    case CSS_NOT:
        return !list_matches(m, part->list, id, scope);
    case CSS_MIN_TEXT:
        return dh_utf8_count(text_of(m, id)) >= (size_t)part->b;
    case CSS_HAS_TEXT:
        return text_matches(m, part, text_of(m, id));
    case CSS_HAS:
        return has_matches(m, part->list, id);
    case CSS_UPWARD:
    case CSS_XPATH:
        return false;
    default:
        return position_matches(m, part, id, scope);
    }
}

static bool compound_matches(const matcher *m, const css_compound *compound, uint32_t id,
                             uint32_t scope) {
    if (compound->tag != 0 && compound->tag != m->context->dom->nodes[id].tag) return false;
    const css_part *parts = m->css->parts.ptr;
    for (int32_t i = compound->first; i != CSS_NONE; i = parts[i].next)
        if (!part_matches(m, &parts[i], id, scope)) return false;
    return true;
}

static result ancestors_match(const matcher *m, const css_compound *compound, uint32_t id,
                              uint32_t scope) {
    const dh_node *nodes = m->context->dom->nodes;
    for (uint32_t up = nodes[id].parent; up != DH_NO_NODE; up = nodes[up].parent) {
        result r = chain_matches(m, compound->prev, up, scope);
        if (r == YES || r == NEVER) return r;
        if (compound->combinator == '>') return NO_SIBLINGS;
    }
    return NEVER;
}

static result siblings_match(const matcher *m, const css_compound *compound, uint32_t id,
                             uint32_t scope) {
    const uint32_t *prev = dh_css_siblings(m->context)->prev;
    for (uint32_t s = prev[id]; s != DH_NO_NODE; s = prev[s]) {
        result r = chain_matches(m, compound->prev, s, scope);
        if (r != NO_HERE) return r;
        if (compound->combinator == '+') return NO_HERE;
    }
    return NO_SIBLINGS;
}

static result chain_matches(const matcher *m, int32_t compound, uint32_t id, uint32_t scope) {
    const css_compound *here = &m->css->compounds.ptr[compound];
    if (!dh_css_spend(m->context, 1)) return NEVER;
    if (!compound_matches(m, here, id, scope)) return NO_HERE;
    if (here->prev == CSS_NONE) return YES;
    if (here->combinator == ' ' || here->combinator == '>')
        return ancestors_match(m, here, id, scope);
    return siblings_match(m, here, id, scope);
}

static bool list_matches(const matcher *m, int32_t list, uint32_t id, uint32_t scope) {
    for (int32_t x = list; x != CSS_NONE; x = m->css->complexes.ptr[x].next)
        if (chain_matches(m, m->css->complexes.ptr[x].last, id, scope) == YES) return true;
    return false;
}

/* ---- :upward ---- */

typedef struct climb {
    matcher m;
    uint8_t *selected; /* a bit per node */
} climb;

static uint32_t ancestor(const climb *c, const css_upward *up, uint32_t id) {
    const dh_node *nodes = c->m.context->dom->nodes;
    uint32_t left = up->count;
    for (id = nodes[id].parent; id != DH_NO_NODE; id = nodes[id].parent) {
        if (up->list != CSS_NONE ? list_matches(&c->m, up->list, id, DH_NO_NODE) : --left == 0)
            return id;
    }
    return DH_NO_NODE;
}

static void climb_from(const climb *c, int32_t step, uint32_t id);

/* Selects what the tail of a step selects with top as its scope, or climbs on from there. */
static void follow(const climb *c, const css_upward *up, uint32_t top) {
    const dh_node *nodes = c->m.context->dom->nodes;
    bool itself = c->m.css->compounds.ptr[up->tail].prev == CSS_NONE;
    uint32_t to = nodes[top].end;
    if (itself)
        to = top + 1;
    else if (nodes[top].parent != DH_NO_NODE)
        to = nodes[nodes[top].parent].end;
    for (uint32_t at = top; at < to && !c->m.context->limited; at++) {
        if (!dh_dom_is_element(c->m.context->dom, at)) continue;
        if (chain_matches(&c->m, up->tail, at, top) != YES) continue;
        if (up->next != CSS_NONE)
            climb_from(c, up->next, at);
        else
            c->selected[at / 8] |= (uint8_t)(1u << at % 8);
    }
}

/* Recursion: one level per :upward or :xpath of the selector. */
static void climb_from(const climb *c, int32_t step, uint32_t id) {
    const css_upward *up = &c->m.css->upwards.ptr[step];
    if (up->xpath.len == 0) {
        uint32_t top = ancestor(c, up, id);
        if (top != DH_NO_NODE && !c->m.context->limited) follow(c, up, top);
        return;
    }
    dh_xpath_result given;
    dh_xpath_eval(c->m.context, up->xpath, id, &given);
    if (given.kind != DH_XPATH_NODES && given.truth) follow(c, up, id);
    for (uint32_t i = 0; i < given.nodes.len && !c->m.context->limited; i++)
        if (!given.nodes.ptr[i].is_attribute &&
            dh_dom_is_element(c->m.context->dom, given.nodes.ptr[i].node))
            follow(c, up, given.nodes.ptr[i].node);
}

static void select_xpath(const dh_css *css, dh_css_context *context, uint32_t root,
                         dh_node_list *out) {
    dh_xpath_result given;
    dh_xpath_eval(context, css->xpath, DH_NO_NODE, &given);
    if (given.kind == DH_XPATH_TRUTH && given.truth && root == 0)
        *DH_PUSH(context->arena, *out) = 0;
    for (uint32_t i = 0; i < given.nodes.len; i++)
        if (!given.nodes.ptr[i].is_attribute &&
            dh_dom_inside(context->dom, given.nodes.ptr[i].node, root))
            *DH_PUSH(context->arena, *out) = given.nodes.ptr[i].node;
}

static void select_climbing(const dh_css *css, dh_css_context *context, uint32_t root,
                            dh_node_list *out) {
    if (css->xpath.len > 0) {
        select_xpath(css, context, root, out);
        return;
    }
    dh_dom *dom = context->dom;
    climb c = {.m = {css, context}};
    c.selected = dh_arena_zalloc(context->arena, dom->len / 8 + 1, 1);
    uint32_t end = dom->nodes[root].end;
    for (uint32_t id = root; id < end && !context->limited; id++) {
        if (!dh_dom_is_element(dom, id)) continue;
        for (int32_t x = css->list; x != CSS_NONE; x = css->complexes.ptr[x].next) {
            const css_complex *complex = &css->complexes.ptr[x];
            if (chain_matches(&c.m, complex->last, id, DH_NO_NODE) != YES) continue;
            if (complex->upward != CSS_NONE)
                climb_from(&c, complex->upward, id);
            else
                c.selected[id / 8] |= (uint8_t)(1u << id % 8);
        }
    }
    for (uint32_t id = root; id < end && !context->limited; id++)
        if (c.selected[id / 8] >> id % 8 & 1) *DH_PUSH(context->arena, *out) = id;
}

/* ---- the interface ---- */

bool dh_css_complex_matches(const dh_css *css, dh_css_context *context, int32_t complex,
                            uint32_t id) {
    matcher m = {css, context};
    return chain_matches(&m, css->complexes.ptr[complex].last, id, DH_NO_NODE) == YES &&
           !context->limited;
}

bool dh_css_matches(const dh_css *css, dh_css_context *context, uint32_t id) {
    if (context->dom->len == 0 || !dh_dom_is_element(context->dom, id)) return false;
    if (css->climbs) {
        dh_node_list found = {0};
        select_climbing(css, context, 0, &found);
        for (uint32_t i = 0; i < found.len; i++)
            if (found.ptr[i] == id) return true;
        return false;
    }
    matcher m = {css, context};
    bool yes = list_matches(&m, css->list, id, DH_NO_NODE);
    return yes && !context->limited;
}

void dh_css_select(const dh_css *css, dh_css_context *context, uint32_t root, dh_node_list *out) {
    dh_dom *dom = context->dom;
    if (root >= dom->len) return;
    if (css->climbs) {
        select_climbing(css, context, root, out);
        return;
    }
    matcher m = {css, context};
    for (uint32_t id = root; id < dom->nodes[root].end; id++) {
        if (!dh_dom_is_element(dom, id)) continue;
        bool yes = list_matches(&m, css->list, id, DH_NO_NODE);
        if (context->limited) return;
        if (yes) *DH_PUSH(context->arena, *out) = id;
    }
}

uint32_t dh_css_first(const dh_css *css, dh_css_context *context, uint32_t root) {
    dh_dom *dom = context->dom;
    if (root >= dom->len) return DH_NO_NODE;
    if (css->climbs) {
        dh_node_list found = {0};
        select_climbing(css, context, root, &found);
        return found.len > 0 ? found.ptr[0] : DH_NO_NODE;
    }
    matcher m = {css, context};
    for (uint32_t id = root; id < dom->nodes[root].end; id++) {
        if (!dh_dom_is_element(dom, id)) continue;
        bool yes = list_matches(&m, css->list, id, DH_NO_NODE);
        if (context->limited) return DH_NO_NODE;
        if (yes) return id;
    }
    return DH_NO_NODE;
}

bool dh_css_is_xpath(const dh_css *css) {
    return css->xpath.len > 0;
}

bool dh_css_has_xpath(const dh_css *css) {
    bool any = css->xpath.len > 0;
    for (uint32_t i = 0; i < css->upwards.len; i++) any |= css->upwards.ptr[i].xpath.len > 0;
    return any;
}

void dh_css_evaluate(const dh_css *css, dh_css_context *context, dh_css_values *out) {
    if (context->dom->len == 0) return;
    if (css->xpath.len == 0) {
        dh_node_list nodes = {0};
        dh_css_select(css, context, 0, &nodes);
        for (uint32_t i = 0; i < nodes.len; i++)
            *DH_PUSH(context->arena, *out) = (dh_css_value){.node = nodes.ptr[i]};
        return;
    }
    dh_xpath_result given;
    dh_xpath_eval(context, css->xpath, DH_NO_NODE, &given);
    if (context->limited && context->stopped == NULL) context->stopped = css;
    for (uint32_t i = 0; i < given.nodes.len; i++)
        *DH_PUSH(context->arena, *out) = given.nodes.ptr[i];
    if (given.kind == DH_XPATH_TEXT && given.text.len > 0)
        *DH_PUSH(context->arena, *out) = (dh_css_value){.node = DH_NO_NODE, .text = given.text};
}
