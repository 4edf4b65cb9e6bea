/* SPDX-License-Identifier: Apache-2.0 */
/* label_list: see the header. Every step looks at a block once; ancestors are bounded by the depth
 * limit of the tree, so a call is linear in the blocks it takes. */
#include "blocks/label_list.h"

#include "base/utf8.h"
#include "text/class.h"

enum {
    PROSE_CHARS = 120,    /* a longer paragraph with a sentence end is prose */
    LONG_CHARS = 240,     /* longer than any headline, sentence end or not */
    SEPARATOR_CHARS = 24, /* "-", "14:54", "2024-05-14 14:54", "1." */
    SHARE_PERCENT = 60,
    MAX_LIST = 2000 /* blocks of one list; keeps a page of labels from costing its square */
};

/* What a block may be to a list. */
typedef enum item_kind {
    ITEM_SEPARATOR, /* no letters: "-", a time, a rank */
    ITEM_LINKED,    /* list item, image, mostly link */
    ITEM_SHORT,     /* a line that does not end like a sentence */
    ITEM_SENTENCE,  /* a short one that does */
    ITEM_PROSE
} item_kind;

static bool is_void(const dh_block *b) {
    return (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) != 0;
}

static bool mostly_link(const dh_block *b) {
    return b->chars > 0 && b->link_chars * 2 > b->chars;
}

/* A full stop ends a sentence for sure; headlines end in question and exclamation marks too. */
static bool ends_in_stop(dh_slice text) {
    const char *p = text.ptr + text.len;
    while (p > text.ptr) {
        uint32_t code;
        p -= dh_utf8_decode_before(text.ptr, p, &code);
        switch (code) {
        case '.': /* but not "..." */
            return p == text.ptr || p[-1] != '.';
        case 0x3002:
        case 0xFF0E:
        case 0xFF61:
        case 0x06D4:
        case 0x0964:
        case 0x0965:
        case 0x0589:
        case 0x1362:
        case 0x104B:
        case 0x17D4:
            return true;
        case '"':
        case '\'':
        case ')':
        case ']':
        case ' ':
        case 0xBB:
        case 0x201D:
        case 0x2019:
        case 0x300D:
        case 0x300F:
            continue;
        default:
            return false;
        }
    }
    return false;
}

static bool has_colon(dh_slice text) {
    return text.len > 0 && memchr(text.ptr, ':', text.len) != NULL;
}

/* A time may carry "am", "h" or the Arabic letter of the half day. */
static bool is_separator(const dh_block *b, const dh_text_facts *facts) {
    if (b->chars == 0 || b->chars > SEPARATOR_CHARS) return false;
    if (facts->letters == 0) return true;
    return facts->letters <= 2 && facts->digits >= 2 && has_colon(b->text) && b->chars <= 12;
}

static item_kind kind_of(const dh_block *b) {
    if (b->flags & DH_BLOCK_IMAGE || b->chars == 0) return ITEM_LINKED;
    if (mostly_link(b) || b->kind == DH_BLOCK_LIST_ITEM) return ITEM_LINKED;
    dh_text_facts facts;
    dh_text_measure(b->text, &facts);
    if (is_separator(b, &facts)) return ITEM_SEPARATOR;
    /* Two letters of Chinese or Japanese say as much as a word. */
    uint32_t chars = facts.unspaced * 2 > facts.letters ? b->chars * 2 : b->chars;
    if (chars > PROSE_CHARS && (facts.ends_sentence || facts.sentences >= 2)) return ITEM_PROSE;
    if (chars > LONG_CHARS) return ITEM_PROSE;
    return ends_in_stop(b->text) ? ITEM_SENTENCE : ITEM_SHORT;
}

static bool label_at(const uint8_t *is_label, uint32_t i) {
    return is_label != NULL && is_label[i] != 0;
}

/* ---- plain text: no tree, no links ---- */

/* Lines between separators: each item, however long, stands behind "-" or a time. A line without one
 * is a second line of its item (a separator follows) or the end of the list. */
static uint32_t separated_end(const dh_blocks *blocks, uint32_t label, const uint8_t *is_label) {
    bool open = false; /* a separator stands before */
    uint32_t i = label + 1;
    for (; i < blocks->len && !label_at(is_label, i); i++) {
        item_kind kind = kind_of(&blocks->ptr[i]);
        if (kind == ITEM_SEPARATOR) {
            open = true;
            continue;
        }
        if (!open) {
            bool last = i + 1 == blocks->len;
            bool followed = !last && kind_of(&blocks->ptr[i + 1]) == ITEM_SEPARATOR;
            if (!followed && !(last && kind == ITEM_SHORT)) break;
        }
        open = false;
    }
    return i;
}

/* The last line before prose that is much shorter than the items above it is the article's next
 * subhead. */
static bool looks_like_subhead(const dh_blocks *blocks, uint32_t begin, uint32_t at) {
    if (at < begin + 1 || kind_of(&blocks->ptr[at]) == ITEM_SEPARATOR) return false;
    uint64_t sum = 0;
    for (uint32_t i = begin; i < at; i++) sum += blocks->ptr[i].chars;
    return (uint64_t)blocks->ptr[at].chars * (at - begin) * 5 < sum * 3;
}

static uint32_t lines_end(const dh_blocks *blocks, uint32_t label, const uint8_t *is_label) {
    uint32_t begin = label + 1, i = begin;
    bool prose = false;
    for (; i < blocks->len && !label_at(is_label, i) && !prose; i++) {
        item_kind kind = kind_of(&blocks->ptr[i]);
        /* An item may be a full sentence when its time stands below it. */
        bool timed = i + 1 < blocks->len && kind_of(&blocks->ptr[i + 1]) == ITEM_SEPARATOR &&
                     has_colon(blocks->ptr[i + 1].text);
        prose = kind >= ITEM_SENTENCE && !timed;
        if (prose) break;
    }
    if (prose && i > begin && looks_like_subhead(blocks, begin, i - 1)) i--;
    return i;
}

static uint32_t text_end(const dh_blocks *blocks, uint32_t label, const uint8_t *is_label) {
    uint32_t first = label + 1;
    if (first >= blocks->len) return first;
    return kind_of(&blocks->ptr[first]) == ITEM_SEPARATOR ? separated_end(blocks, label, is_label)
                                                          : lines_end(blocks, label, is_label);
}

/* ---- HTML ---- */

static uint32_t place(const dh_block *b) {
    return b->first_text != DH_NO_NODE ? b->first_text : b->node;
}

static bool inside(const dh_blocks *blocks, const dh_dom *dom, uint32_t i, uint32_t node) {
    uint32_t at = place(&blocks->ptr[i]);
    return at != DH_NO_NODE && dh_dom_inside(dom, at, node);
}

static uint32_t range_end(const dh_blocks *blocks, const dh_dom *dom, uint32_t from,
                          uint32_t node) {
    uint32_t most = blocks->len - from > MAX_LIST ? from + MAX_LIST : blocks->len;
    while (from < most && inside(blocks, dom, from, node)) from++;
    return from;
}

/* The visible text block before i, when it is inside node; DH_NO_NODE otherwise. */
static uint32_t before_in(const dh_blocks *blocks, const dh_dom *dom, uint32_t i, uint32_t node) {
    while (i-- > 0 && inside(blocks, dom, i, node))
        if (!is_void(&blocks->ptr[i]) && blocks->ptr[i].chars > 0) return i;
    return DH_NO_NODE;
}

static bool is_root(dh_tag tag) {
    return tag == DH_TAG_html || tag == DH_TAG_body || tag == DH_TAG_main || tag == DH_TAG_article;
}

/* A teaser's summary: the smallest element below `container` that holds something before it begins
 * with a link or an image and holds no other prose. */
static bool is_teaser(const dh_blocks *blocks, const dh_dom *dom, uint32_t i, uint32_t container) {
    uint32_t node = place(&blocks->ptr[i]), first = i;
    for (; node != container && node != DH_NO_NODE; node = dom->nodes[node].parent) {
        while (first > 0 && inside(blocks, dom, first - 1, node)) first--;
        if (first < i) break;
    }
    if (node == container || node == DH_NO_NODE) return false;
    if (kind_of(&blocks->ptr[first]) != ITEM_LINKED) return false;
    uint32_t end = range_end(blocks, dom, i, node);
    for (uint32_t k = first; k < end; k++)
        if (k != i && kind_of(&blocks->ptr[k]) == ITEM_PROSE) return false;
    return true;
}

/* Headings end the list, unless they are its items (linked) or stand below it. */
static bool ends_by_heading(const dh_block *b, const dh_block *label) {
    if (b->kind != DH_BLOCK_HEADING || b->chars == 0) return false;
    if (b->level == 1) return true;
    if (mostly_link(b)) return false;
    return label->kind != DH_BLOCK_HEADING || b->level <= label->level;
}

/* First of blocks [from, to), all inside container, that is no part of the list. */
static uint32_t scan_container(const dh_blocks *blocks, const dh_dom *dom, uint32_t label,
                               uint32_t from, uint32_t to, uint32_t container,
                               const uint8_t *is_label) {
    for (uint32_t i = from; i < to; i++) {
        const dh_block *b = &blocks->ptr[i];
        if (label_at(is_label, i) || ends_by_heading(b, &blocks->ptr[label])) return i;
        if (is_void(b)) continue;
        if (kind_of(b) == ITEM_PROSE && !is_teaser(blocks, dom, i, container)) return i;
    }
    return to;
}

/* Siblings in running text: once there was a linked item, only linked ones belong to the list. */
static uint32_t scan_siblings(const dh_blocks *blocks, uint32_t label, uint32_t to,
                              const uint8_t *is_label) {
    bool linked = false;
    uint32_t i = label + 1, end = i;
    for (; i < to; i++) {
        const dh_block *b = &blocks->ptr[i];
        if (label_at(is_label, i) || ends_by_heading(b, &blocks->ptr[label])) break;
        if (is_void(b)) continue;
        item_kind kind = kind_of(b);
        if (kind > ITEM_SHORT || (linked && kind == ITEM_SHORT)) break;
        if (kind == ITEM_SEPARATOR) continue;
        if (kind == ITEM_LINKED && b->chars > 0) linked = true;
        end = i + 1;
    }
    return i == to ? to : end;
}

static uint32_t html_end(const dh_blocks *blocks, const dh_dom *dom, uint32_t label,
                         const uint8_t *is_label) {
    uint32_t end = label + 1, node = place(&blocks->ptr[label]);
    if (node == DH_NO_NODE) return end;
    for (; node != DH_NO_NODE; node = dom->nodes[node].parent) {
        if (is_root(dom->nodes[node].tag)) break;
        if (before_in(blocks, dom, label, node) != DH_NO_NODE) break;
        uint32_t to = range_end(blocks, dom, end, node);
        if (to == end) continue;
        uint32_t stop = scan_container(blocks, dom, label, end, to, node, is_label);
        /* The container goes on with the article: only what surely is a list goes. */
        if (stop < to) return end > label + 1 ? end : scan_siblings(blocks, label, to, is_label);
        end = to;
    }
    if (end > label + 1) return end;
    for (; node != DH_NO_NODE; node = dom->nodes[node].parent) {
        uint32_t to = range_end(blocks, dom, label + 1, node);
        if (to > label + 1) return scan_siblings(blocks, label, to, is_label);
    }
    return end;
}

uint32_t dh_label_list_end(const dh_blocks *blocks, const dh_dom *dom, uint32_t label,
                           const uint8_t *is_label) {
    if (label >= blocks->len) return blocks->len;
    return dom == NULL ? text_end(blocks, label, is_label) : html_end(blocks, dom, label, is_label);
}

static uint64_t own_chars(const dh_block *b) {
    return is_void(b) || b->link_chars > b->chars ? 0 : b->chars - b->link_chars;
}

bool dh_label_list_too_much(const dh_blocks *blocks, uint32_t begin, uint32_t end) {
    uint64_t all = 0, taken = 0;
    for (uint32_t i = 0; i < blocks->len; i++) {
        uint64_t chars = own_chars(&blocks->ptr[i]);
        all += chars;
        if (i >= begin && i < end) taken += chars;
    }
    return taken * 100 > all * SHARE_PERCENT;
}
