/* SPDX-License-Identifier: Apache-2.0 */
/* dom: the page's tree as one array of nodes in document order. Read-only after dh_dom_parse, but for
 * attributes and text, which are decoded from the page's bytes when first asked for (so one thread
 * per tree). Gumbo decides the nesting (HTML standard, 13.2.6); nobody outside dom/ sees it.
 *
 * The children of id are id + 1, then each the `end` of the one before, while below end of id:
 *     for (c = dh_dom_first(dom, id); c != DH_NO_NODE; c = dh_dom_next(dom, c))
 * The descendants of id are all ids in [id + 1, dom->nodes[id].end). */
#ifndef DH_DOM_DOM_H
#define DH_DOM_DOM_H

#include "base/buf.h"
#include "base/limits.h"
#include "dom/tag.h"

#ifndef DH_NO_NODE
#define DH_NO_NODE UINT32_MAX
#endif

typedef struct dh_attr {
    dh_slice name;  /* lower case */
    dh_slice value; /* entities decoded */
} dh_attr;

typedef struct dh_node {
    uint32_t parent;         /* DH_NO_NODE for the root */
    uint32_t end;            /* one past the last descendant */
    dh_tag tag;              /* DH_TAG_TEXT for a text node, DH_TAG_UNKNOWN for unlisted elements */
    uint16_t depth;          /* root 0 */
    uint32_t src_begin, src_end; /* bytes of the decoded page: text; for an element its start tag
                                    ([0,0) when the parser implied it) */
    uint32_t tag_end;        /* elements: end of the whole element's source where known, else src_end */
    uint32_t more;           /* text: chain of further runs; elements: cached attributes (private) */
} dh_node;

typedef struct dh_dom {
    dh_slice page; /* decoded UTF-8, NUL behind it */
    dh_arena *arena;
    dh_node *nodes; /* nodes[0] is <html> */
    uint32_t len;
    dh_limit_id limited;  /* a limit cut or simplified the page */
    uint64_t limit_kept;  /* bytes of the page read */
    struct dh_dom_private *priv;
} dh_dom;

/* Builds the tree in arena. Bad HTML is no error; DH_ERR_LIMIT only when not even a part fits. */
dh_status dh_dom_parse(dh_dom *dom, dh_slice page, const dh_limits *limits, dh_arena *arena,
                       dh_error *error);

static inline bool dh_dom_is_element(const dh_dom *dom, uint32_t id) {
    return dom->nodes[id].tag != DH_TAG_TEXT;
}
static inline uint32_t dh_dom_first(const dh_dom *dom, uint32_t id) {
    return dom->nodes[id].end > id + 1 ? id + 1 : DH_NO_NODE;
}
static inline uint32_t dh_dom_next(const dh_dom *dom, uint32_t id) {
    uint32_t up = dom->nodes[id].parent, after = dom->nodes[id].end;
    return up != DH_NO_NODE && after < dom->nodes[up].end ? after : DH_NO_NODE;
}
static inline uint32_t dh_dom_parent(const dh_dom *dom, uint32_t id) {
    return dom->nodes[id].parent;
}
static inline bool dh_dom_inside(const dh_dom *dom, uint32_t id, uint32_t ancestor) {
    return id >= ancestor && id < dom->nodes[ancestor].end; /* a node is inside itself */
}

/* The element's name in lower case, "#text" for text. */
dh_slice dh_dom_name(const dh_dom *dom, uint32_t id);
/* All attributes, first of equal names only; *n may be 0 (then NULL). */
const dh_attr *dh_dom_attrs(dh_dom *dom, uint32_t id, uint32_t *n);
/* name in lower case. False when absent; value may be NULL. An attribute without value is empty. */
bool dh_dom_attr(dh_dom *dom, uint32_t id, dh_slice name, dh_slice *value);
/* Its value or an empty slice. */
dh_slice dh_dom_attr_value(dh_dom *dom, uint32_t id, dh_slice name);
/* A text node's text, entities decoded, white space as in the page (runs of it may be shortened
 * outside of pre). Script and style elements have one text node with their raw content. */
dh_slice dh_dom_text(dh_dom *dom, uint32_t id);
/* Appends the text below id (script, style, template left out), white space folded, a space at block
 * boundaries and <br>. */
void dh_dom_inner_text(dh_dom *dom, uint32_t id, dh_buf *out);
/* First element in document order below id with this tag, or DH_NO_NODE. */
uint32_t dh_dom_find(const dh_dom *dom, uint32_t id, dh_tag tag);
/* Path such as "html > body > div#main.story > p:nth-of-type(3)", for people. In dom->arena. */
dh_slice dh_dom_path(dh_dom *dom, uint32_t id);
/* The indented tree, a line per node: what a rule author sees (`dehusk dump --stage=dom`). */
void dh_dom_dump(dh_dom *dom, dh_buf *out);

#endif
