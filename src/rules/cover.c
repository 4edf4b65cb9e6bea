/* SPDX-License-Identifier: Apache-2.0 */
/* cover: which blocks, or parts of blocks, lie in a set of elements. A block's text comes from the
 * text nodes between its first one and the next block's; where an inline element covers only some of
 * them, its place in the block's text is found by counting the characters that are no white space. */
#include "base/utf8.h"
#include "rules/rules_private.h"
#include "text/class.h"
#include "text/clean.h"

typedef struct range {
    uint32_t begin, end; /* nodes */
} range;

typedef struct ranges {
    range *ptr;
    uint32_t len, cap;
} ranges;

/* Nodes come in document order, so an element inside of the last range is part of it. */
static ranges outermost(dh_rule_run *run, const dh_node_list *nodes) {
    ranges out = {0};
    for (uint32_t i = 0; i < nodes->len; i++) {
        uint32_t id = nodes->ptr[i];
        if (out.len > 0 && id < out.ptr[out.len - 1].end) continue;
        *DH_PUSH(run->page->arena, out) = (range){id, run->page->dom->nodes[id].end};
    }
    return out;
}

/* The first range that ends behind node. */
static uint32_t range_at(const ranges *r, uint32_t node) {
    uint32_t low = 0, high = r->len;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (r->ptr[mid].end <= node)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool in_ranges(const ranges *r, uint32_t node) {
    uint32_t at = range_at(r, node);
    return at < r->len && r->ptr[at].begin <= node;
}

static uint32_t visible_chars(dh_rule_run *run, dh_slice text) {
    text = dh_text_clean(text, DH_SPACE_FOLD, run->page->arena, NULL, 0);
    uint32_t n = 0, code;
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        p += dh_utf8_decode(p, end, &code);
        n += !dh_code_is_space(code);
    }
    return n;
}

/* Byte of text behind its n-th visible character, or (first) before the one that follows. */
static uint32_t byte_of(dh_slice text, uint32_t n, bool before_next) {
    const char *p = text.ptr, *end = p + text.len, *next;
    uint32_t code, seen = 0;
    for (; p < end; p = next) {
        next = p + dh_utf8_decode(p, end, &code);
        bool visible = !dh_code_is_space(code);
        if (seen == n && (!before_next || visible)) break;
        seen += visible;
    }
    return (uint32_t)(p - text.ptr);
}

typedef struct block_nodes {
    uint32_t begin, end;
} block_nodes;

static block_nodes nodes_of(const dh_rule_run *run, uint32_t b) {
    const dh_blocks *blocks = run->page->blocks;
    const dh_dom *dom = run->page->dom;
    const dh_block *block = &blocks->ptr[b];
    uint32_t begin = block->first_text != DH_NO_NODE ? block->first_text : block->node;
    if (begin == DH_NO_NODE) return (block_nodes){0, 0};
    uint32_t end = block->node != DH_NO_NODE ? dom->nodes[block->node].end : begin + 1;
    if (b + 1 < blocks->len) {
        uint32_t next = blocks->ptr[b + 1].first_text;
        if (next != DH_NO_NODE && next > begin && next < end) end = next;
    }
    return (block_nodes){begin, end > begin ? end : begin + 1};
}

static bool is_block_text(const dh_dom *dom, uint32_t id) {
    if (dh_dom_is_element(dom, id)) return false;
    uint32_t up = dom->nodes[id].parent;
    return up == DH_NO_NODE || !dh_tag_is(dom->nodes[up].tag, DH_T_SKIP);
}

/* One of the two spaces (or cell ends) around what goes, goes too. */
static void take_space(dh_slice text, dh_cover_span *span) {
    bool before = span->begin == 0 || dh_is_space(text.ptr[span->begin - 1]);
    if (before && span->end < text.len && dh_is_space(text.ptr[span->end])) span->end++;
}

/* Walks the block's text nodes; the runs of covered ones become spans. Returns how much is covered. */
static dh_cover cover_parts(dh_rule_run *run, const ranges *r, uint32_t b, block_nodes at,
                            dh_covers *out) {
    dh_dom *dom = run->page->dom;
    dh_slice text = run->page->blocks->ptr[b].text;
    uint32_t seen = 0, covered = 0, first_span = out->spans.len;
    bool open = false;
    for (uint32_t id = at.begin; id < at.end; id++) {
        if (!is_block_text(dom, id)) continue;
        uint32_t n = visible_chars(run, dh_dom_text(dom, id));
        if (n == 0) continue;
        bool in = in_ranges(r, id);
        if (in && !open) {
            uint32_t begin = byte_of(text, seen, true);
            *DH_PUSH(run->page->arena, out->spans) = (dh_cover_span){b, begin, begin};
        }
        seen += n;
        covered += in ? n : 0;
        open = in;
        if (in) out->spans.ptr[out->spans.len - 1].end = byte_of(text, seen, false);
    }
    if (covered == 0 || covered == seen) {
        out->spans.len = first_span;
        return covered > 0 ? DH_COVER_WHOLE : DH_COVER_NONE;
    }
    /* Characters that cleaning joined or took out make the count useless. */
    if (seen != visible_chars(run, text)) out->spans.len = first_span;
    for (uint32_t i = first_span; i < out->spans.len; i++) take_space(text, &out->spans.ptr[i]);
    return DH_COVER_PART;
}

void dh_rule_cover(dh_rule_run *run, const dh_node_list *nodes, dh_covers *out) {
    const dh_blocks *blocks = run->page->blocks;
    memset(out, 0, sizeof *out);
    out->of = dh_arena_zalloc(run->page->arena, blocks->len, 1);
    ranges r = outermost(run, nodes);
    if (r.len == 0) return;
    for (uint32_t b = 0; b < blocks->len; b++) {
        block_nodes at = nodes_of(run, b);
        if (at.end == 0) continue;
        uint32_t k = range_at(&r, at.begin);
        if (k == r.len || r.ptr[k].begin >= at.end) continue; /* no range touches it */
        bool whole = r.ptr[k].begin <= at.begin && r.ptr[k].end >= at.end;
        if (blocks->ptr[b].flags & DH_BLOCK_IMAGE) whole = in_ranges(&r, at.begin);
        out->of[b] = whole ? DH_COVER_WHOLE : (uint8_t)cover_parts(run, &r, b, at, out);
    }
}
