/* SPDX-License-Identifier: Apache-2.0 */
#include "dom/dom.h"

#include "dom/dom_private.h"
#include "dom/entity.h"

/* A page is skimmed again when the tree builder ignored a tag that skim had believed in; such pages
 * are rare, and one more time nearly always does. After TRIES the careful way, which mostly needs one
 * pass; as many more of these as cost no more than so many bytes. When even that does not do, the last
 * try believes skim again, which loses no text. */
enum { TRIES = 4, CAREFUL_TRIES = 4, MORE_TRIES = 252, MORE_BYTES = 1048576 };

static dh_slice lower_copy(dh_slice s, dh_arena *arena) {
    bool upper = false;
    for (size_t i = 0; i < s.len; i++) upper |= s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
    if (!upper) return s;
    char *copy = dh_arena_alloc(arena, s.len);
    for (size_t i = 0; i < s.len; i++) copy[i] = dh_lower(s.ptr[i]);
    return (dh_slice){copy, s.len};
}

dh_slice dh_dom_name(const dh_dom *dom, uint32_t id) {
    const dh_node *node = &dom->nodes[id];
    if (node->tag != DH_TAG_UNKNOWN || node->src_end == 0) return dh_tag_name(node->tag);
    dh_slice tag = dh_slice_sub(dom->page, node->src_begin, node->src_end);
    return lower_copy(dh_slice_sub(tag, 1, dh_skim_name_end(tag)), dom->arena);
}

/* Where the frameset that took the body's place begins: what the body held is gone from the tree. */
static uint32_t frameset_begin(const dh_dom *dom) {
    for (uint32_t c = dh_dom_first(dom, 0); c != DH_NO_NODE; c = dh_dom_next(dom, c))
        if (dh_slice_eq(dh_dom_name(dom, c), DH_SLICE("frameset"))) return dom->nodes[c].src_begin;
    return 0;
}

static bool holds_markup(const dh_dom *dom, const dh_skim_tag *tag) {
    dh_slice content = dh_slice_sub(dom->page, tag->end, tag->raw_end);
    return tag->tag == DH_TAG_plaintext ||
           (content.len > 0 && memchr(content.ptr, '<', content.len) != NULL);
}

/* Adds offsets to others; both are in order. */
static void merge(dh_arena *arena, dh_skim_offsets *list, const dh_skim_offsets *added) {
    dh_skim_offsets all = {0};
    uint32_t i = 0, k = 0;
    while (i < list->len || k < added->len) {
        const bool old = k == added->len || (i < list->len && list->ptr[i] < added->ptr[k]);
        *DH_PUSH(arena, all) = old ? list->ptr[i++] : added->ptr[k++];
    }
    *list = all;
}

/* What the tree shows about the tags whose content is no markup when the tree builder does not ignore
 * them. Certain is only what stands before the first mistake with consequences: a tag that was ignored
 * though its content has markup, or (in a careful pass) raw text that did not end where it should. Of
 * the latter kind all are taken for raw from now on, since a wrong one is seen as ignored later. Of what
 * stood in a body that is gone nothing is shown: there only a template ignores such tags, which with care
 * need not be known. */
static bool learn(dh_dom *dom, dh_skim_known *known) {
    const dh_skim *skim = &dom->priv->skim;
    const uint32_t from = frameset_begin(dom);
    dh_skim_offsets ignored = {0}, raw = {0};
    bool certain = true, care = false;
    for (uint32_t i = 0; i < skim->tags.len; i++) {
        const dh_skim_tag *tag = DH_PARTS_AT(skim->tags, i);
        if (!dh_skim_swallows(tag->tag)) continue;
        const bool gone = !tag->used && tag->begin < from;
        if (gone && tag->in_template) {
            care |= !known->careful;
            continue;
        }
        if (tag->open && (tag->used || gone) && !dh_skim_ends_alike(skim, tag)) {
            *DH_PUSH(dom->arena, raw) = tag->begin;
            certain = false;
        } else if (certain && !tag->open && !tag->used && !gone) {
            *DH_PUSH(dom->arena, ignored) = tag->begin;
            certain = !holds_markup(dom, tag);
        }
    }
    if (ignored.len > 0) merge(dom->arena, &known->ignored, &ignored);
    if (raw.len > 0) merge(dom->arena, &known->raw, &raw);
    known->careful |= care;
    return care || ignored.len + raw.len > 0;
}

dh_status dh_dom_parse(dh_dom *dom, dh_slice page, const dh_limits *limits, dh_arena *arena,
                       dh_error *error) {
    memset(dom, 0, sizeof *dom);
    if (page.len >= UINT32_MAX / 2)
        return dh_error_set(error, DH_ERR_LIMIT, "dom", 0, "the page is over 2 GiB");
    dom->page = page;
    dom->arena = arena;
    dh_skim_known known = {0};
    const size_t more = MORE_BYTES / (page.len + 1);
    const size_t most = TRIES + CAREFUL_TRIES + (more < MORE_TRIES ? more : MORE_TRIES);
    dom->priv = dh_arena_zalloc(arena, 1, sizeof *dom->priv);
    dom->priv->max_attributes = limits->attributes;
    for (size_t tries = 1;; tries++) { /* in the same memory */
        dom->len = dom->priv->pieces.len = dom->priv->attr_lists.len = 0;
        dh_arena_switch(arena);
        dh_skim_page(&dom->priv->skim, page, limits, &known, arena);
        dh_arena_switch(arena);
        dom->limited = dom->priv->skim.limited;
        dom->limit_kept = dom->priv->skim.kept;
        dh_dom_build(dom);
        const bool again = tries < most && learn(dom, &known);
        known.careful = (known.careful || tries >= TRIES) && tries + 1 < most;
        dh_arena_drop_scratch(arena);
        if (!again) break;
    }
    return DH_OK;
}

static bool has_name(const dh_attr *attrs, uint32_t n, dh_slice name) {
    for (uint32_t i = 0; i < n; i++)
        if (dh_slice_eq(attrs[i].name, name)) return true;
    return false;
}

typedef DH_VEC(dh_attr) attr_vec;

/* Appends the attributes of one start tag whose names are not there yet. */
static void read_tag(dh_dom *dom, dh_slice tag, attr_vec *list) {
    size_t at = tag.len > 0 ? dh_skim_name_end(tag) : 0;
    dh_slice name, value;
    uint64_t seen = 0;
    while (tag.len > 0 && dh_skim_attribute(tag, &at, &name, &value)) {
        if (++seen > dom->priv->max_attributes) {
            if (dom->limited == DH_LIMIT_NONE) dom->limited = DH_LIMIT_attributes;
            break;
        }
        name = lower_copy(name, dom->arena);
        if (has_name(list->ptr, list->len, name)) continue;
        if (list->len == list->cap) { /* the first ones stand in the caller's own room */
            dh_attr *more = dh_arena_alloc(dom->arena, 2u * list->cap * sizeof *more);
            memcpy(more, list->ptr, list->len * sizeof *more);
            list->ptr = more;
            list->cap *= 2;
        }
        *DH_PUSH(dom->arena, *list) =
            (dh_attr){.name = name, .value = dh_entity_decode(value, true, dom->arena)};
    }
}

void dh_dom_read_attrs(dh_dom *dom, dh_node *node, const dh_slice *tags, uint32_t n) {
    dh_attr small[16];
    attr_vec list = {small, 0, 16};
    for (uint32_t i = 0; i < n; i++) read_tag(dom, tags[i], &list);
    dh_attr *kept = list.ptr;
    if (list.ptr == small) {
        kept = dh_arena_alloc(dom->arena, list.len * sizeof *kept);
        memcpy(kept, small, list.len * sizeof *kept);
    }
    *DH_PUSH(dom->arena, dom->priv->attr_lists) = (dh_attr_list){kept, list.len};
    node->more = dom->priv->attr_lists.len;
}

const dh_attr *dh_dom_attrs(dh_dom *dom, uint32_t id, uint32_t *n) {
    dh_node *node = &dom->nodes[id];
    *n = 0;
    if (node->tag == DH_TAG_TEXT) return NULL;
    if (node->more == 0) {
        /* "<div>": nothing to read; skips most elements of many pages */
        dh_slice tag = dh_slice_sub(dom->page, node->src_begin, node->src_end);
        if (tag.len == 0 || dh_skim_name_end(tag) + 1 >= tag.len) return NULL;
        dh_dom_read_attrs(dom, node, &tag, 1);
    }
    const dh_attr_list *list = &dom->priv->attr_lists.ptr[node->more - 1];
    *n = list->len;
    return list->len > 0 ? list->attrs : NULL;
}

bool dh_dom_attr(dh_dom *dom, uint32_t id, dh_slice name, dh_slice *value) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(dom, id, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (!dh_slice_eq(attrs[i].name, name)) continue;
        if (value != NULL) *value = attrs[i].value;
        return true;
    }
    return false;
}

dh_slice dh_dom_attr_value(dh_dom *dom, uint32_t id, dh_slice name) {
    dh_slice value = {NULL, 0};
    dh_dom_attr(dom, id, name, &value);
    return value;
}

static dh_slice join_pieces(dh_dom *dom, uint32_t first) {
    const dh_text_piece *piece = &dom->priv->pieces.ptr[first];
    dh_buf out;
    dh_buf_init(&out, dom->arena, 0);
    for (;; piece++) {
        dh_buf_put_slice(&out,
                         piece->raw ? piece->text : dh_entity_decode(piece->text, false, dom->arena));
        if (piece->last) break;
    }
    return dh_buf_slice(&out);
}

dh_slice dh_dom_text(dh_dom *dom, uint32_t id) {
    dh_node *node = &dom->nodes[id];
    dh_slice text;
    if (node->tag != DH_TAG_TEXT) return (dh_slice){NULL, 0};
    if (node->more == 0) {
        if (node->src_end == node->src_begin) return DH_SLICE(" ");
        text = dh_slice_sub(dom->page, node->src_begin, node->src_end);
        if (memchr(text.ptr, '&', text.len) == NULL) return text;
        text = dh_entity_decode(text, false, dom->arena);
    } else {
        const dh_text_piece *piece = &dom->priv->pieces.ptr[node->more - 1];
        if (piece->last && piece->raw) return piece->text;
        text = join_pieces(dom, node->more - 1);
    }
    /* Decoded once: from now on a piece that says it all. */
    *DH_PUSH(dom->arena, dom->priv->pieces) = (dh_text_piece){.text = text, .raw = true, .last = true};
    node->more = dom->priv->pieces.len;
    return text;
}

static void put_folded(dh_buf *out, dh_slice text, size_t start) {
    for (size_t i = 0; i < text.len;) {
        if (dh_is_space(text.ptr[i])) {
            if (out->len > start && out->ptr[out->len - 1] != ' ') dh_buf_putc(out, ' ');
            i++;
            continue;
        }
        size_t from = i;
        while (i < text.len && !dh_is_space(text.ptr[i])) i++;
        dh_buf_put(out, text.ptr + from, i - from);
    }
}

void dh_dom_inner_text(dh_dom *dom, uint32_t id, dh_buf *out) {
    size_t start = out->len;
    uint32_t end = dom->nodes[id].end;
    for (uint32_t i = id; i < end;) {
        dh_tag tag = dom->nodes[i].tag;
        if (tag == DH_TAG_TEXT) {
            put_folded(out, dh_dom_text(dom, i), start);
        } else if (i != id && (tag == DH_TAG_script || tag == DH_TAG_style ||
                               tag == DH_TAG_template)) {
            i = dom->nodes[i].end;
            continue;
        } else if (tag == DH_TAG_br || dh_tag_is(tag, DH_T_BLOCK)) {
            put_folded(out, DH_SLICE(" "), start);
        }
        i++;
    }
    while (out->len > start && out->ptr[out->len - 1] == ' ') out->len--;
}

uint32_t dh_dom_find(const dh_dom *dom, uint32_t id, dh_tag tag) {
    for (uint32_t i = id + 1; i < dom->nodes[id].end; i++)
        if (dom->nodes[i].tag == tag) return i;
    return DH_NO_NODE;
}

/* "div#main.story", and ":nth-of-type(n)" when it has siblings of its name and neither id nor class. */
static void put_step(dh_dom *dom, uint32_t id, dh_buf *out) {
    dh_slice name = dh_dom_name(dom, id), value;
    dh_buf_put_slice(out, name);
    if (dh_dom_attr(dom, id, DH_SLICE("id"), &value) && dh_slice_trim(value).len > 0) {
        dh_buf_putc(out, '#');
        dh_buf_put_slice(out, dh_slice_trim(value));
        return;
    }
    if (dh_dom_attr(dom, id, DH_SLICE("class"), &value) && dh_slice_trim(value).len > 0) {
        for (dh_slice token = dh_slice_token(&value); token.len > 0; token = dh_slice_token(&value)) {
            dh_buf_putc(out, '.');
            dh_buf_put_slice(out, token);
        }
        return;
    }
    uint32_t parent = dom->nodes[id].parent;
    if (parent == DH_NO_NODE) return;
    uint32_t same = 0, mine = 0, looked = 0;
    for (uint32_t c = dh_dom_first(dom, parent); c != DH_NO_NODE && looked < 512;
         c = dh_dom_next(dom, c), looked++) {
        if (dom->nodes[c].tag == DH_TAG_TEXT || dom->nodes[c].tag != dom->nodes[id].tag) continue;
        same++;
        if (c == id) mine = same;
    }
    if (same > 1 && mine > 0) dh_buf_printf(out, ":nth-of-type(%u)", mine);
}

dh_slice dh_dom_path(dh_dom *dom, uint32_t id) {
    uint32_t n = 0;
    for (uint32_t at = id; at != DH_NO_NODE; at = dom->nodes[at].parent) n++;
    uint32_t *chain = dh_arena_alloc(dom->arena, n * sizeof *chain);
    uint32_t i = n;
    for (uint32_t at = id; at != DH_NO_NODE; at = dom->nodes[at].parent) chain[--i] = at;
    dh_buf out;
    dh_buf_init(&out, dom->arena, 0);
    for (i = 0; i < n; i++) {
        if (dom->nodes[chain[i]].tag == DH_TAG_TEXT) break;
        if (i > 0) dh_buf_puts(&out, " > ");
        put_step(dom, chain[i], &out);
    }
    return dh_buf_slice(&out);
}

void dh_dom_dump(dh_dom *dom, dh_buf *out) {
    for (uint32_t id = 0; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        for (uint32_t i = 0; i < node->depth; i++) dh_buf_puts(out, "  ");
        if (node->tag == DH_TAG_TEXT) {
            dh_buf_putc(out, '"');
            dh_slice text = dh_dom_text(dom, id);
            for (size_t i = 0; i < text.len; i++) {
                if (text.ptr[i] == '\n') dh_buf_puts(out, "\\n");
                else dh_buf_putc(out, text.ptr[i]);
            }
            dh_buf_puts(out, "\"\n");
            continue;
        }
        dh_buf_putc(out, '<');
        dh_buf_put_slice(out, dh_dom_name(dom, id));
        uint32_t n;
        const dh_attr *attrs = dh_dom_attrs(dom, id, &n);
        for (uint32_t i = 0; i < n; i++) {
            dh_buf_putc(out, ' ');
            dh_buf_put_slice(out, attrs[i].name);
            dh_buf_puts(out, "=\"");
            dh_buf_put_slice(out, attrs[i].value);
            dh_buf_putc(out, '"');
        }
        dh_buf_puts(out, ">\n");
    }
}
