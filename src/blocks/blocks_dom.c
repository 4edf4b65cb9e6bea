/* SPDX-License-Identifier: Apache-2.0 */
/* blocks_dom.c: one pass over the flat tree, in document order. A block begins and ends where the
 * rendering would break a line: at block-level elements, at two line breaks, and at one line break
 * behind a full sentence. Text is written once into one buffer of the page's size; blocks are slices
 * of it. Hidden blocks are cut and flagged, not left out: the judge decides. */
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "blocks/layout.h"
#include "text/class.h"
#include "text/clean.h"

enum { MAX_PENDING = 256, MIN_LINE_PARAGRAPH = 80 };

/* An element we are inside of. */
typedef struct open {
    uint32_t id, end;
    uint16_t undo;    /* which counters to take back */
    uint32_t pending; /* its inline + 1, 0 for none */
} open;

enum {
    IN_HIDDEN = 1 << 0,
    IN_NOSCRIPT = 1 << 1,
    IN_PRE = 1 << 2,
    IN_LIST = 1 << 3,
    IN_ITEM = 1 << 4,
    IN_QUOTE = 1 << 5,
    IN_CAPTION = 1 << 6,
    IN_HEADING = 1 << 7,
    IN_ROW = 1 << 8,
    IN_LINK = 1 << 9,
    IN_BLOCK = 1 << 10,
    IN_DATA_TABLE = 1 << 11,
};

typedef struct cutter {
    dh_blocks *blocks;
    dh_dom *dom;
    dh_arena *arena;
    char *text; /* the page-sized buffer */
    size_t text_len, text_cap;
    size_t start, line; /* of the current block, of its last line */
    bool space;         /* white space is due before the next character */
    unsigned breaks;    /* line breaks since the last character */
    uint32_t first_text;
    uint32_t src_begin, src_end;
    uint32_t link_chars;
    size_t link_from; /* text_len where the open link began */
    DH_VEC(open) open;
    DH_VEC(uint32_t) containers;   /* block-level elements we are inside of */
    DH_VEC(bool) ordered;          /* open lists */
    uint32_t pending[MAX_PENDING]; /* open inlines: indices into blocks->inlines */
    uint32_t pending_len;
    uint32_t inline_begin;
    uint32_t hidden, noscript, pre, quote, caption, link, item, row, data_table;
    uint8_t heading;
    bool header_row, item_open, list_open; /* *_open: no block of it yet */
    uint32_t cells;
} cutter;

static dh_inline *add_inline(cutter *c) {
    dh_blocks *b = c->blocks;
    if (b->inline_len == b->inline_cap) {
        uint32_t cap = b->inline_cap > 0 ? b->inline_cap * 2 : 64;
        b->inlines = dh_arena_grow(c->arena, b->inlines, b->inline_len * sizeof *b->inlines,
                                   cap * sizeof *b->inlines);
        b->inline_cap = cap;
    }
    return &b->inlines[b->inline_len++];
}

static void put(cutter *c, const char *bytes, size_t len) {
    if (len > c->text_cap - c->text_len) len = c->text_cap - c->text_len;
    memcpy(c->text + c->text_len, bytes, len);
    c->text_len += len;
}

static uint32_t offset(const cutter *c) {
    return (uint32_t)(c->text_len - c->start);
}

static uint32_t count_chars(const cutter *c, size_t from) {
    return (uint32_t)dh_utf8_count((dh_slice){c->text + from, c->text_len - from});
}

static dh_block_kind kind_of(const cutter *c) {
    if (c->pre > 0) return DH_BLOCK_CODE;
    if (c->heading > 0) return DH_BLOCK_HEADING;
    if (c->caption > 0) return DH_BLOCK_CAPTION;
    if (c->row > 0 && c->data_table > 0) return DH_BLOCK_ROW;
    if (c->item > 0) return DH_BLOCK_LIST_ITEM;
    if (c->quote > 0) return DH_BLOCK_QUOTE;
    return DH_BLOCK_PARAGRAPH;
}

static uint16_t flags_of(cutter *c, dh_block_kind kind) {
    uint16_t flags = 0;
    if (c->hidden > 0) flags |= DH_BLOCK_HIDDEN;
    if (c->noscript > 0) flags |= DH_BLOCK_NOSCRIPT;
    if (kind == DH_BLOCK_ROW && c->header_row) flags |= DH_BLOCK_HEADER_ROW;
    if (kind == DH_BLOCK_ROW || kind == DH_BLOCK_LIST_ITEM) {
        if (c->list_open) flags |= DH_BLOCK_LIST_START;
        c->list_open = false;
    }
    if (kind == DH_BLOCK_LIST_ITEM) {
        if (c->ordered.len > 0 && c->ordered.ptr[c->ordered.len - 1]) flags |= DH_BLOCK_ORDERED;
        if (!c->item_open) flags |= DH_BLOCK_CONTINUES;
        c->item_open = false;
    }
    return flags;
}

/* Text rules move bytes; the inlines move with them. */
static dh_slice clean(cutter *c, dh_slice raw, dh_clean_space space) {
    uint32_t n = c->blocks->inline_len - c->inline_begin;
    if (n == 0) return dh_text_clean(raw, space, c->arena, NULL, 0);
    dh_inline *inlines = &c->blocks->inlines[c->inline_begin];
    for (uint32_t i = 0; i < n; i++) { /* trailing white space was trimmed since */
        if (inlines[i].begin > raw.len) inlines[i].begin = (uint32_t)raw.len;
        if (inlines[i].end > raw.len) inlines[i].end = (uint32_t)raw.len;
    }
    /* Begins ascend already; begins and ends together need sorting by merging: do them apart. */
    uint32_t *offsets = dh_arena_alloc(c->arena, n * sizeof *offsets);
    for (uint32_t i = 0; i < n; i++) offsets[i] = inlines[i].begin;
    dh_slice out = dh_text_clean(raw, space, c->arena, offsets, n);
    if (out.ptr == raw.ptr && out.len == raw.len) return out;
    for (uint32_t i = 0; i < n; i++) inlines[i].begin = offsets[i];
    /* Ends: through a sorted copy, looked up by value. */
    for (uint32_t i = 0; i < n; i++) offsets[i] = inlines[i].end;
    for (uint32_t i = 1; i < n; i++) /* nearly sorted: ends ascend but for nesting */
        for (uint32_t k = i; k > 0 && offsets[k] < offsets[k - 1]; k--) {
            uint32_t swap = offsets[k];
            offsets[k] = offsets[k - 1];
            offsets[k - 1] = swap;
        }
    uint32_t *before = dh_arena_alloc(c->arena, n * sizeof *before);
    memcpy(before, offsets, n * sizeof *before);
    dh_text_clean(raw, space, c->arena, offsets, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t low = 0, high = n - 1;
        while (low < high) {
            uint32_t mid = (low + high) / 2;
            if (before[mid] < inlines[i].end) low = mid + 1;
            else high = mid;
        }
        inlines[i].end = offsets[low];
    }
    return out;
}

/* Inlines that stay open go on in the next block. */
static void close_pending(cutter *c) {
    for (uint32_t i = 0; i < c->pending_len; i++) c->blocks->inlines[c->pending[i]].end = offset(c);
}

static void reopen_pending(cutter *c) {
    for (uint32_t i = 0; i < c->pending_len; i++) {
        dh_inline copy = c->blocks->inlines[c->pending[i]];
        copy.begin = copy.end = 0;
        uint32_t index = c->blocks->inline_len;
        *add_inline(c) = copy;
        c->pending[i] = index;
    }
}

static bool has_image(const cutter *c) {
    for (uint32_t i = c->inline_begin; i < c->blocks->inline_len; i++)
        if (c->blocks->inlines[i].kind == DH_INLINE_IMAGE) return true;
    return false;
}

static dh_block *push_block(cutter *c) {
    dh_blocks *b = c->blocks;
    if (b->len == b->cap) {
        uint32_t cap = b->cap > 0 ? b->cap * 2 : 128;
        b->ptr = dh_arena_grow(c->arena, b->ptr, b->len * sizeof *b->ptr, cap * sizeof *b->ptr);
        b->cap = cap;
    }
    return &b->ptr[b->len++];
}

/* Ends the current block. */
static void flush(cutter *c) {
    c->space = false;
    c->breaks = 0;
    while (c->text_len > c->start && dh_is_space(c->text[c->text_len - 1])) c->text_len--;
    if (c->link_from > c->text_len) c->link_from = c->text_len;
    if (c->line > c->text_len) c->line = c->text_len;
    bool image = c->text_len == c->start && has_image(c);
    if (c->text_len == c->start && !image) {
        if (c->pending_len == 0) c->blocks->inline_len = c->inline_begin;
        for (uint32_t i = 0; i < c->pending_len; i++)
            c->blocks->inlines[c->pending[i]].begin = c->blocks->inlines[c->pending[i]].end = 0;
        return;
    }
    if (c->link > 0) c->link_chars += count_chars(c, c->link_from);
    close_pending(c);
    dh_block_kind kind = kind_of(c);
    /* The cells of a row are told apart by tabs, which folding would take. */
    bool verbatim = kind == DH_BLOCK_CODE || kind == DH_BLOCK_ROW;
    dh_slice raw = {c->text + c->start, c->text_len - c->start};
    dh_slice text = clean(c, raw, verbatim ? DH_SPACE_VERBATIM : DH_SPACE_KEEP_LINES);
    if (text.len > 0 || image) {
        dh_block *block = push_block(c);
        *block = (dh_block){.text = text,
                            .kind = kind,
                            .flags = flags_of(c, kind),
                            .node = c->containers.len > 0 ? c->containers.ptr[c->containers.len - 1]
                                                          : DH_NO_NODE,
                            .first_text = c->first_text,
                            .src_begin = c->src_begin,
                            .src_end = c->src_end,
                            .chars = (uint32_t)dh_utf8_count(text),
                            .link_chars = c->link_chars,
                            .inline_begin = c->inline_begin,
                            .inline_count = c->blocks->inline_len - c->inline_begin};
        if (image) block->flags |= DH_BLOCK_IMAGE;
        if (block->link_chars > block->chars) block->link_chars = block->chars;
        block->level = kind == DH_BLOCK_HEADING ? c->heading
                       : kind == DH_BLOCK_LIST_ITEM
                           ? (uint8_t)(c->ordered.len < 255 ? c->ordered.len : 255)
                           : 0;
    }
    c->start = c->line = c->text_len;
    c->link_from = c->text_len;
    c->link_chars = 0;
    c->first_text = DH_NO_NODE;
    c->src_begin = c->src_end = 0;
    c->inline_begin = c->blocks->inline_len;
    reopen_pending(c);
}

static void add_text(cutter *c, uint32_t id) {
    dh_slice text = dh_dom_text(c->dom, id);
    const dh_node *node = &c->dom->nodes[id];
    if (c->pre > 0) {
        put(c, text.ptr, text.len);
    } else {
        size_t i = 0;
        while (i < text.len) {
            if (dh_is_space(text.ptr[i])) {
                c->space = true;
                i++;
                continue;
            }
            if (c->space && c->text_len > c->line) put(c, " ", 1);
            c->space = false;
            size_t from = i;
            while (i < text.len && !dh_is_space(text.ptr[i])) i++;
            put(c, text.ptr + from, i - from);
            c->breaks = 0;
        }
    }
    if (node->src_end > node->src_begin && c->text_len > c->start) {
        if (c->first_text == DH_NO_NODE) {
            c->first_text = id;
            c->src_begin = node->src_begin;
        }
        if (node->src_end > c->src_end) c->src_end = node->src_end;
    }
}

static void line_break(cutter *c) {
    c->breaks++;
    if (c->pre > 0) {
        put(c, "\n", 1);
        return;
    }
    if (c->text_len == c->line && c->breaks < 2) return;
    if (c->row > 0 && c->data_table > 0) {
        c->space = true;
        return;
    }
    bool paragraph = c->breaks >= 2;
    if (!paragraph && c->text_len - c->line >= MIN_LINE_PARAGRAPH) {
        dh_text_facts facts;
        dh_text_measure((dh_slice){c->text + c->line, c->text_len - c->line}, &facts);
        paragraph = facts.ends_sentence && !facts.ends_colon;
    }
    if (paragraph) {
        unsigned breaks = c->breaks;
        flush(c);
        c->breaks = breaks;
        return;
    }
    put(c, "\n", 1);
    c->line = c->text_len;
    c->space = false;
}

static void open_inline(cutter *c, open *o, dh_inline_kind kind, dh_slice target) {
    if (c->pending_len == MAX_PENDING) return;
    /* The white space that is due stands before the element, not in it. */
    if (c->space && c->text_len > c->line && c->pre == 0) {
        put(c, " ", 1);
        c->space = false;
    }
    c->pending[c->pending_len++] = c->blocks->inline_len;
    uint32_t begin = offset(c);
    *add_inline(c) =
        (dh_inline){.begin = begin, .end = begin, .kind = kind, .node = o->id, .target = target};
    o->pending = c->pending_len;
}

static void add_image(cutter *c, uint32_t id) {
    dh_slice src = dh_dom_attr_value(c->dom, id, DH_SLICE("src"));
    static const dh_slice lazy[] = {DH_SLICE_INIT("data-src"), DH_SLICE_INIT("data-lazy-src"),
                                    DH_SLICE_INIT("data-original")};
    if (src.len == 0 || dh_slice_starts_nocase(src, DH_SLICE("data:")))
        for (size_t i = 0; i < sizeof lazy / sizeof lazy[0]; i++) {
            dh_slice value = dh_dom_attr_value(c->dom, id, lazy[i]);
            if (value.len > 0) src = value;
        }
    if (src.len == 0 || dh_slice_starts_nocase(src, DH_SLICE("data:"))) return;
    if (c->first_text == DH_NO_NODE) {
        c->first_text = id;
        c->src_begin = c->dom->nodes[id].src_begin;
        c->src_end = c->dom->nodes[id].src_end;
    }
    uint32_t begin = offset(c);
    *add_inline(c) = (dh_inline){.begin = begin,
                                 .end = begin,
                                 .kind = DH_INLINE_IMAGE,
                                 .node = id,
                                 .target = src,
                                 .alt = dh_dom_attr_value(c->dom, id, DH_SLICE("alt"))};
}

/* Enters the element; fills what has to be undone when it ends. */
static void enter(cutter *c, open *o, dh_tag tag) {
    if (dh_layout_is_hidden(c->dom, o->id)) { /* only block-level ones come here */
        flush(c); /* what was visible so far does not become hidden with it */
        o->undo |= IN_HIDDEN;
        c->hidden++;
    }
    if (tag == DH_TAG_noscript) {
        flush(c);
        o->undo |= IN_NOSCRIPT;
        c->noscript++;
    }
    if (dh_tag_is(tag, DH_T_BLOCK)) {
        bool in_cell = c->row > 0 && c->data_table > 0;
        if (in_cell && tag != DH_TAG_tr) c->space = true;
        else flush(c);
        o->undo |= IN_BLOCK;
        *DH_PUSH(c->arena, c->containers) = o->id;
    }
    if (dh_tag_is(tag, DH_T_HEADING) && c->heading == 0) {
        o->undo |= IN_HEADING;
        c->heading = (uint8_t)(tag - DH_TAG_h1 + 1);
    }
    switch (tag) {
    case DH_TAG_pre:
    case DH_TAG_listing:
    case DH_TAG_xmp:
        o->undo |= IN_PRE;
        c->pre++;
        break;
    case DH_TAG_ul:
    case DH_TAG_ol:
    case DH_TAG_menu:
    case DH_TAG_dir:
        o->undo |= IN_LIST;
        *DH_PUSH(c->arena, c->ordered) = tag == DH_TAG_ol;
        c->list_open = true;
        break;
    case DH_TAG_li:
        if (dh_layout_is_column(c->dom, o->id)) break;
        o->undo |= IN_ITEM;
        c->item++;
        c->item_open = true;
        break;
    case DH_TAG_blockquote:
        o->undo |= IN_QUOTE;
        c->quote++;
        break;
    case DH_TAG_figcaption:
    case DH_TAG_caption:
        o->undo |= IN_CAPTION;
        c->caption++;
        break;
    case DH_TAG_table:
        if (c->data_table == 0 && dh_layout_is_data_table(c->dom, o->id)) {
            o->undo |= IN_DATA_TABLE;
            c->data_table++;
            c->list_open = true;
        }
        break;
    case DH_TAG_tr:
        o->undo |= IN_ROW;
        c->row++;
        c->cells = 0;
        c->header_row = true;
        break;
    case DH_TAG_td:
        c->header_row = false;
        /* fall through */
    case DH_TAG_th:
        if (c->data_table > 0) {
            c->space = false;
            if (c->cells++ > 0) put(c, "\t", 1);
            c->line = c->text_len;
        }
        break;
    case DH_TAG_a:
        if (c->link == 0 && dh_dom_attr(c->dom, o->id, DH_SLICE("href"), NULL)) {
            open_inline(c, o, DH_INLINE_LINK, dh_dom_attr_value(c->dom, o->id, DH_SLICE("href")));
            o->undo |= IN_LINK;
            c->link++;
            c->link_from = c->text_len;
        }
        break;
    case DH_TAG_b:
    case DH_TAG_strong:
        open_inline(c, o, DH_INLINE_STRONG, (dh_slice){NULL, 0});
        break;
    case DH_TAG_i:
    case DH_TAG_em:
        open_inline(c, o, DH_INLINE_EMPHASIS, (dh_slice){NULL, 0});
        break;
    case DH_TAG_code:
    case DH_TAG_kbd:
    case DH_TAG_samp:
        if (c->pre == 0) open_inline(c, o, DH_INLINE_CODE, (dh_slice){NULL, 0});
        break;
    default:
        break;
    }
}

static void leave(cutter *c, const open *o) {
    if (o->undo & IN_BLOCK) {
        bool in_cell = c->row > 0 && c->data_table > 0 && !(o->undo & (IN_ROW | IN_DATA_TABLE));
        if (in_cell) c->space = true;
        else flush(c);
        c->containers.len--;
    }
    if (o->undo & IN_NOSCRIPT) flush(c);
    if (o->undo & IN_LINK) {
        c->link_chars += count_chars(c, c->link_from);
        c->link--;
    }
    if (o->pending > 0) {
        c->blocks->inlines[c->pending[o->pending - 1]].end = offset(c);
        c->pending_len = o->pending - 1;
    }
    if (o->undo & IN_HIDDEN) c->hidden--;
    if (o->undo & IN_NOSCRIPT) c->noscript--;
    if (o->undo & IN_PRE) c->pre--;
    if (o->undo & IN_LIST) c->ordered.len--;
    if (o->undo & IN_ITEM) c->item--;
    if (o->undo & IN_QUOTE) c->quote--;
    if (o->undo & IN_CAPTION) c->caption--;
    if (o->undo & IN_HEADING) c->heading = 0;
    if (o->undo & IN_ROW) c->row--;
    if (o->undo & IN_DATA_TABLE) c->data_table--;
}

/* Left out with all below it: but a button in a heading is the heading (accordions). A hidden phrase
 * inside of a visible paragraph is left out too, for it would tear the paragraph. */
static bool is_skipped(const cutter *c, uint32_t id, dh_tag tag) {
    if (dh_tag_is(tag, DH_T_SKIP)) return !(tag == DH_TAG_button && c->heading > 0);
    return !dh_tag_is(tag, DH_T_BLOCK) && dh_layout_is_hidden(c->dom, id);
}

/* Room for all text that blocks may hold: the source of every text node but scripts and their like (a
 * character reference may gain a sixth), and the spaces and line ends between. Never more than a page. */
static size_t room_for_text(dh_dom *dom) {
    size_t room = 0;
    for (uint32_t id = 0; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        if (node->tag != DH_TAG_TEXT || dh_tag_is(dom->nodes[node->parent].tag, DH_T_RAW)) continue;
        room += node->src_end > node->src_begin ? node->src_end - node->src_begin
                                                : dh_dom_text(dom, id).len;
    }
    room += room / 6 + 2 * (size_t)dom->len;
    return (room < dom->page.len ? room : dom->page.len) + 64;
}

void dh_blocks_of_dom(dh_blocks *blocks, dh_dom *dom, const dh_limits *limits, dh_arena *arena) {
    memset(blocks, 0, sizeof *blocks);
    cutter c = {.blocks = blocks,
                .dom = dom,
                .arena = arena,
                .first_text = DH_NO_NODE,
                .text_cap = room_for_text(dom)};
    c.text = dh_arena_alloc(arena, c.text_cap);
    for (uint32_t id = 0; id < dom->len;) {
        while (c.open.len > 0 && id >= c.open.ptr[c.open.len - 1].end)
            leave(&c, &c.open.ptr[--c.open.len]);
        if (blocks->len >= limits->blocks) {
            dom->limited = DH_LIMIT_blocks;
            dom->limit_kept = dom->nodes[id].src_begin;
            break;
        }
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_TEXT) {
            add_text(&c, id++);
            continue;
        }
        if (tag == DH_TAG_br) line_break(&c);
        if (tag == DH_TAG_img) add_image(&c, id);
        if (is_skipped(&c, id, tag)) {
            if (dh_tag_is(tag, DH_T_BLOCK)) flush(&c);
            else if (!dh_tag_is(tag, DH_T_RAW) && c.text_len > c.start) c.space = true;
            id = dom->nodes[id].end;
            continue;
        }
        if (!dh_tag_is(tag, DH_T_VOID) || tag == DH_TAG_hr) {
            open *o = DH_PUSH(arena, c.open);
            *o = (open){.id = id, .end = dom->nodes[id].end};
            enter(&c, o, tag);
        }
        id++;
    }
    while (c.open.len > 0) leave(&c, &c.open.ptr[--c.open.len]);
    flush(&c);
}
