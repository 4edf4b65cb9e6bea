/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that knows Gumbo. It parses the skeleton with all memory from the page's arena (so
 * that its recursive destroy is never needed and a page over its budget can be left by longjmp) and
 * flattens the tree without recursion. */
#include <gumbo.h>

#include "dom/dom_private.h"

enum { MAX_ROOT_TAGS = 128 };

/* Gumbo's memory, from the arena, but only as aligned as Gumbo needs it: most of its blocks are names and
 * vectors of a few bytes. Only the last one is taken back when it is freed: that is what becomes of most
 * names. */
enum { UNIT = 8, LARGE = 2048 };

typedef struct heap {
    dh_arena *arena;
    char *at, *end;
    char *last;     /* the newest block in [at, end), or NULL */
    uint32_t nodes; /* blocks of the size of a node */
} heap;

static void *allocate(void *data, size_t size) {
    heap *h = data;
    if (size > LARGE) return dh_arena_alloc(h->arena, size);
    const size_t need = (size + UNIT - 1) / UNIT * UNIT;
    if ((size_t)(h->end - h->at) < need) {
        size_t rest;
        h->at = dh_arena_alloc_rest(h->arena, LARGE, &rest);
        h->end = h->at + rest;
    }
    if (size == sizeof(GumboNode)) h->nodes++;
    h->last = h->at;
    h->at += need;
    return h->last;
}

static void take_back(void *data, void *ptr) {
    heap *h = data;
    if (ptr == NULL || ptr != h->last) return;
    h->at = h->last;
    h->last = NULL;
}

/* The start tags whose attributes html or body has. */
typedef struct root_tags {
    dh_slice tags[MAX_ROOT_TAGS];
    uint32_t len, node;
} root_tags;

typedef struct flattener {
    dh_dom *dom;
    struct dh_dom_private *priv;
    uint32_t next_tag; /* guess for the next element's start tag */
    bool content_known; /* of the last element, which has its content from the page */
    root_tags html, body;
} flattener;

static dh_node *add_node(flattener *f, uint32_t parent) {
    dh_dom *dom = f->dom;
    if (dom->len == f->priv->node_cap) {
        uint32_t cap = f->priv->node_cap * 2;
        dom->nodes = dh_arena_grow(dom->arena, dom->nodes, dom->len * sizeof *dom->nodes,
                                   cap * sizeof *dom->nodes);
        f->priv->node_cap = cap;
    }
    dh_node *node = &dom->nodes[dom->len++];
    *node = (dh_node){.parent = parent, .end = dom->len};
    if (parent != DH_NO_NODE && dom->nodes[parent].depth < UINT16_MAX)
        node->depth = (uint16_t)(dom->nodes[parent].depth + 1);
    return node;
}

/* The start tag that stands at this place of the skeleton. They mostly come in order. */
static dh_skim_tag *find_tag(flattener *f, size_t offset) {
    const dh_skim *skim = &f->priv->skim;
    uint32_t len = skim->tags.len, low = 0, high = len;
    if (f->next_tag < len) {
        dh_skim_tag *next = DH_PARTS_AT(skim->tags, f->next_tag);
        if (next->skeleton == offset) {
            f->next_tag++;
            return next;
        }
    }
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (DH_PARTS_AT(skim->tags, mid)->skeleton < offset)
            low = mid + 1;
        else
            high = mid;
    }
    if (low >= len || DH_PARTS_AT(skim->tags, low)->skeleton != offset) return NULL;
    f->next_tag = low + 1;
    return DH_PARTS_AT(skim->tags, low);
}

static void add_piece(flattener *f, dh_slice text, bool raw) {
    *DH_PUSH(f->dom->arena, f->priv->pieces) = (dh_text_piece){.text = text, .raw = raw};
}

/* Where a run's text begins when only the last `shown` characters of its white space were kept. */
static uint32_t run_begin(const dh_dom *dom, const dh_skim_run *run, size_t shown) {
    uint32_t at = run->begin;
    char c;
    size_t n, blanks = 0, more;
    if (shown >= run->lead) return at;
    for (uint32_t i = at;
         (n = dh_skim_blank(dh_slice_sub(dom->page, i, run->end), run->raw, &c)) > 0;
         i += (uint32_t)n)
        blanks++;
    for (more = blanks - shown; more > 0; more--)
        at += (uint32_t)dh_skim_blank(dh_slice_sub(dom->page, at, run->end), run->raw, &c);
    return at;
}

/* White space that is no run's own. One space alone needs no piece: that is what a node without
 * source means. */
static void add_blank(flattener *f, const char *begin, const char *end, bool alone) {
    const size_t len = (size_t)(end - begin);
    if (len == 0 || (alone && len == 1 && *begin == ' ')) return;
    dh_slice text = {begin, len};
    add_piece(f, len == 1 && *begin == ' ' ? DH_SLICE(" ") : dh_arena_dup(f->dom->arena, text), true);
}

/* The node that more text belongs to: the one before, when nothing but comments stands between; its
 * text becomes pieces. */
static dh_node *open_text(flattener *f, uint32_t parent) {
    dh_node *node = &f->dom->nodes[f->dom->len - 1];
    if (node->tag != DH_TAG_TEXT || node->parent != parent) {
        node = add_node(f, parent);
        node->tag = DH_TAG_TEXT;
        return node;
    }
    if (node->more != 0)
        f->priv->pieces.ptr[f->priv->pieces.len - 1].last = false;
    else if (node->src_end > node->src_begin)
        add_piece(f, dh_slice_sub(f->dom->page, node->src_begin, node->src_end), false);
    else
        add_piece(f, DH_SLICE(" "), true);
    if (node->more == 0) node->more = f->priv->pieces.len;
    return node;
}

/* A text node's content: placeholders, and white space. */
static void add_text(flattener *f, uint32_t parent, const char *text) {
    struct dh_dom_private *priv = f->priv;
    const char *end = text + strlen(text), *blank = text;
    dh_node *node = open_text(f, parent);
    uint32_t first = priv->pieces.len, runs = 0;
    for (const char *p = text; p < end;) {
        uint32_t run;
        size_t n = dh_skim_placeholder(p, end, &run);
        if (n == 0 || run >= priv->skim.runs.len) {
            p++;
            continue;
        }
        const dh_skim_run *at = DH_PARTS_AT(priv->skim.runs, run);
        size_t before = (size_t)(p - blank);
        if (before > at->lead) add_blank(f, blank, p - at->lead, false);
        uint32_t begin = run_begin(f->dom, at, before);
        add_piece(f, dh_slice_sub(f->dom->page, begin, at->end), at->raw);
        if (node->src_end == 0) node->src_begin = begin;
        node->src_end = at->end < node->src_begin ? node->src_begin : at->end;
        runs++;
        p += n;
        blank = p;
    }
    add_blank(f, blank, end, runs == 0 && node->more == 0);
    bool single = priv->pieces.len == first + 1 && runs == 1 && !priv->pieces.ptr[first].raw;
    if (single && node->more == 0) priv->pieces.len = first; /* its source span says it all */
    if (priv->pieces.len > first && node->more == 0) node->more = first + 1;
    if (node->more != 0) priv->pieces.ptr[priv->pieces.len - 1].last = true;
}

/* html and body have the attributes of all their tags (skim names these "tN"); with only its own
 * tag they are read when asked for. */
static void find_root_tags(flattener *f, uint32_t id, const GumboVector *attributes,
                           const dh_skim_tag *own, root_tags *out) {
    bool others = false;
    out->node = id;
    for (unsigned i = 0; i < attributes->length && out->len < MAX_ROOT_TAGS; i++) {
        const GumboAttribute *attribute = attributes->data[i];
        uint64_t index;
        if (attribute->name[0] != 't' ||
            !dh_slice_to_u64(dh_slice_cstr(attribute->name + 1), &index) ||
            index >= f->priv->skim.tags.len)
            continue;
        const dh_skim_tag *tag = DH_PARTS_AT(f->priv->skim.tags, index);
        others |= tag != own;
        out->tags[out->len++] = dh_slice_sub(f->dom->page, tag->begin, tag->end);
    }
    if (!others) out->len = 0;
}

static void read_root_tags(flattener *f, const root_tags *root) {
    if (root->len > 0) dh_dom_read_attrs(f->dom, &f->dom->nodes[root->node], root->tags, root->len);
}

/* The text of an element that has no markup in it, from the page. */
static void add_content(flattener *f, uint32_t id, const dh_skim_tag *tag) {
    uint32_t begin = tag->end;
    dh_slice content = dh_slice_sub(f->dom->page, begin, tag->raw_end);
    const bool raw = dh_tag_is(tag->tag, DH_T_RAW);
    char c;
    size_t n = tag->tag == DH_TAG_textarea ? dh_skim_blank(content, false, &c) : 0;
    if (n > 0 && c == '\n') begin += (uint32_t)n; /* the first line feed is dropped */
    if (begin >= tag->raw_end) return;
    add_piece(f, dh_slice_sub(f->dom->page, begin, tag->raw_end), raw);
    f->priv->pieces.ptr[f->priv->pieces.len - 1].last = true;
    dh_node *text = add_node(f, id);
    text->tag = DH_TAG_TEXT;
    text->src_begin = begin;
    text->src_end = tag->raw_end;
    text->more = f->priv->pieces.len;
}

static uint32_t add_element(flattener *f, uint32_t parent, const GumboElement *element) {
    uint32_t id = f->dom->len;
    dh_skim_tag *tag = NULL;
    f->content_known = false;
    if (element->original_tag.data != NULL && element->original_tag.length > 0)
        tag = find_tag(f, (size_t)(element->original_tag.data - f->priv->skim.skeleton.ptr));
    dh_node *node = add_node(f, parent);
    if (element->tag == GUMBO_TAG_HTML || element->tag == GUMBO_TAG_BODY)
        find_root_tags(f, id, &element->attributes, tag,
                       element->tag == GUMBO_TAG_HTML ? &f->html : &f->body);
    if (tag == NULL) {
        node->tag = dh_tag_of(dh_slice_cstr(gumbo_normalized_tagname(element->tag)));
        return id;
    }
    tag->used = true;
    node->tag = tag->tag;
    node->src_begin = tag->begin;
    node->src_end = tag->end;
    if (dh_tag_is(tag->tag, DH_T_RAW) || (tag->open && dh_tag_is(tag->tag, DH_T_RCDATA)))
        add_content(f, id, tag);
    f->content_known = tag->open;
    return id;
}

static const GumboVector *children_of(const GumboNode *node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE
               ? &node->v.element.children
               : NULL;
}

/* The place behind node's own. Gumbo 0.10 does not renumber the siblings of a body that a frameset
 * replaced. */
static unsigned next_place(const GumboVector *siblings, const GumboNode *node) {
    size_t at = node->index_within_parent;
    if (at >= siblings->length || siblings->data[at] != node)
        for (at = 0; at < siblings->length && siblings->data[at] != node;) at++;
    return (unsigned)at + 1;
}

/* Closes node `id`: its end, and the end of its source. */
static void close_node(dh_dom *dom, uint32_t id) {
    dh_node *node = &dom->nodes[id];
    node->end = dom->len;
    if (node->tag_end < node->src_end) node->tag_end = node->src_end;
    if (node->parent != DH_NO_NODE && dom->nodes[node->parent].tag_end < node->tag_end)
        dom->nodes[node->parent].tag_end = node->tag_end;
}

/* In scratch memory; first in what the skeleton left of its buffer. *nodes: about as many, and seldom
 * fewer, as the tree has. */
static const GumboOutput *parse(dh_dom *dom, uint32_t *nodes) {
    const dh_skim *skim = &dom->priv->skim;
    const dh_buf *skeleton = &skim->skeleton;
    size_t used = (skeleton->len + UNIT) / UNIT * UNIT; /* with the NUL */
    heap memory = {.arena = dom->arena};
    if (used < skeleton->cap) {
        memory.at = skeleton->ptr + used;
        memory.end = skeleton->ptr + skeleton->cap;
    }
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = take_back;
    options.userdata = &memory;
    options.max_errors = 0;
    dh_arena_switch(dom->arena);
    const GumboOutput *output = gumbo_parse_with_options(&options, skeleton->ptr, skeleton->len);
    dh_arena_switch(dom->arena);
    *nodes = memory.nodes + skim->raw;
    return output;
}

static void flatten(flattener *f, const GumboOutput *output) {
    dh_dom *dom = f->dom;
    const GumboNode *node = output->root;
    uint32_t parent = DH_NO_NODE;
    while (node != NULL) {
        const GumboVector *children = children_of(node);
        if (children != NULL) {
            parent = add_element(f, parent, &node->v.element);
            if (children->length > 0 && !f->content_known) {
                node = children->data[0];
                continue;
            }
            uint32_t up = dom->nodes[parent].parent;
            close_node(dom, parent);
            parent = up;
        } else if (node->type != GUMBO_NODE_COMMENT && parent != DH_NO_NODE) {
            add_text(f, parent, node->v.text.text);
            close_node(dom, dom->len - 1);
        }
        /* To the next node that is not yet visited, closing what ends on the way. */
        while (node != NULL) {
            const GumboNode *up = node == output->root ? NULL : node->parent;
            if (up == NULL) {
                node = NULL;
                break;
            }
            const GumboVector *siblings = children_of(up);
            unsigned next = siblings != NULL ? next_place(siblings, node) : 0;
            if (siblings != NULL && next < siblings->length) {
                node = siblings->data[next];
                break;
            }
            uint32_t outer = dom->nodes[parent].parent;
            close_node(dom, parent);
            parent = outer;
            node = up;
        }
    }
}

void dh_dom_build(dh_dom *dom) {
    flattener f = {.dom = dom, .priv = dom->priv};
    uint32_t nodes;
    const GumboOutput *output = parse(dom, &nodes);
    if (dom->priv->node_cap < nodes + 16) {
        dom->priv->node_cap = nodes + 16;
        dom->nodes = dh_arena_alloc(dom->arena, dom->priv->node_cap * sizeof *dom->nodes);
    }
    flatten(&f, output);
    read_root_tags(&f, &f.html);
    read_root_tags(&f, &f.body);
}
