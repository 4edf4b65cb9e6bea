/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/same.h"

#include <gumbo.h>

#include "base/utf8.h"

typedef struct writer {
    dh_buf *out;
    dh_buf text; /* text since the last tag */
    uint32_t text_depth;
    bool verbatim; /* the text stands in pre and its like */
    bool gap;      /* it stands where white space alone is not compared */
} writer;

/* verbatim: each white space as it is, not runs of it as one space. lower: ASCII in lower case. */
static void put_escaped(dh_buf *out, dh_slice s, bool verbatim, bool lower) {
    bool space = false;
    const char *end = s.ptr + s.len;
    for (const char *p = s.ptr; p < end;) {
        uint32_t code;
        size_t n = dh_utf8_decode(p, end, &code);
        const bool blank = n == 1 && dh_is_space(*p);
        if (blank && !verbatim) {
            if (!space) dh_buf_putc(out, ' ');
        } else if (blank) {
            dh_buf_puts(out, *p == '\n' ? "\\n" : *p == '\t' ? "\\t" : " ");
        } else if (code == DH_REPLACEMENT || code < 0x20 || (code >= 0x7F && code < 0xA0) ||
                   (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF)) {
            dh_buf_puts(out, "\xEF\xBF\xBD");
        } else {
            if (n == 1 && lower)
                dh_buf_putc(out, dh_lower(*p));
            else
                dh_buf_put(out, p, n);
        }
        space = blank;
        p += n;
    }
}

static void put_depth(dh_buf *out, uint32_t depth) {
    dh_buf_printf(out, "%u ", depth);
}

static void flush_text(writer *w) {
    if (w->gap && dh_slice_trim(dh_buf_slice(&w->text)).len == 0) w->text.len = 0;
    if (w->text.len == 0) return;
    put_depth(w->out, w->text_depth);
    dh_buf_putc(w->out, '"');
    put_escaped(w->out, dh_buf_slice(&w->text), w->verbatim, false);
    dh_buf_puts(w->out, "\"\n");
    w->text.len = 0;
}

static void put_text(writer *w, uint32_t depth, dh_slice parent, dh_slice text, bool verbatim) {
    if (w->text.len > 0 && w->text_depth != depth) flush_text(w);
    w->text_depth = depth;
    w->verbatim = verbatim;
    w->gap = dh_slice_eq(parent, DH_SLICE("html")) || dh_slice_eq(parent, DH_SLICE("frameset")) ||
             dh_slice_eq(parent, DH_SLICE("template"));
    dh_buf_put_slice(&w->text, text);
}

static void put_lower(dh_buf *out, dh_slice s) {
    put_escaped(out, s, true, true);
}

static void put_attr(dh_buf *out, dh_slice name, dh_slice value) {
    dh_buf_putc(out, ' ');
    put_lower(out, name);
    dh_buf_puts(out, "=\"");
    put_escaped(out, value, true, false);
    dh_buf_putc(out, '"');
}

static bool is_verbatim(dh_slice name) {
    static const char *const names[] = {"pre",    "listing", "textarea", "xmp",     "plaintext",
                                        "script", "style",   "iframe",   "noembed", "noframes"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_eq(name, dh_slice_cstr(names[i]))) return true;
    return false;
}

/* ---- ours ---- */

static bool in_verbatim(const dh_dom *dom, uint32_t id) {
    for (uint32_t up = dom->nodes[id].parent; up != DH_NO_NODE; up = dom->nodes[up].parent)
        if (is_verbatim(dh_dom_name(dom, up))) return true;
    return false;
}

void same_ours(dh_slice page, const dh_limits *limits, dh_arena *arena, dh_buf *out) {
    dh_dom dom;
    writer w = {.out = out};
    dh_buf_init(&w.text, arena, 0);
    if (dh_dom_parse(&dom, page, limits, arena, NULL) != DH_OK) return;
    uint32_t math_end = 0;
    for (uint32_t id = 0; id < dom.len; id++) {
        const dh_node *node = &dom.nodes[id];
        if (node->tag == DH_TAG_TEXT) {
            dh_slice text = dh_dom_text(&dom, id);
            put_text(&w, node->depth, dh_dom_name(&dom, node->parent), text, in_verbatim(&dom, id));
            continue;
        }
        flush_text(&w);
        put_depth(out, node->depth);
        dh_slice name = dh_dom_name(&dom, id);
        put_lower(out, name);
        if (node->tag == DH_TAG_math) math_end = node->end;
        if (node->tag != DH_TAG_svg && id >= math_end) {
            uint32_t n;
            const dh_attr *attrs = dh_dom_attrs(&dom, id, &n);
            for (uint32_t i = 0; i < n; i++) put_attr(out, attrs[i].name, attrs[i].value);
        }
        dh_buf_putc(out, '\n');
        if (node->tag == DH_TAG_svg && node->end > id + 1) id = node->end - 1;
    }
    flush_text(&w);
}

/* ---- Gumbo's ---- */

static void *allocate(void *arena, size_t size) {
    return dh_arena_alloc(arena, size);
}

static void forget(void *arena, void *ptr) {
    (void)arena;
    (void)ptr;
}

static bool is_element(const GumboNode *node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/* Of the source, as gumbo_tag_from_original_text, which takes a vertical tab for a space. "</>" before
 * a tag is counted to the tag by Gumbo 0.10. */
static dh_slice name_of(const GumboElement *e) {
    if (e->tag != GUMBO_TAG_UNKNOWN) return dh_slice_cstr(gumbo_normalized_tagname(e->tag));
    dh_slice tag = {e->original_tag.data, e->original_tag.length};
    while (tag.len > 2 && (tag.ptr[0] != '<' || !dh_is_alpha(tag.ptr[1])))
        tag = dh_slice_sub(tag, 1, tag.len);
    size_t end = 1;
    while (end < tag.len && !dh_is_space(tag.ptr[end]) && tag.ptr[end] != '/' &&
           tag.ptr[end] != '>')
        end++;
    return dh_slice_sub(tag, 1, end);
}

static bool in_math(const GumboNode *node) {
    for (; node != NULL && is_element(node); node = node->parent)
        if (node->v.element.tag_namespace == GUMBO_NAMESPACE_MATHML) return true;
    return false;
}

static bool verbatim_above(const GumboNode *node) {
    for (node = node->parent; node != NULL && is_element(node); node = node->parent)
        if (is_verbatim(name_of(&node->v.element))) return true;
    return false;
}

static bool is_svg(const GumboNode *node) {
    return is_element(node) && node->v.element.tag_namespace == GUMBO_NAMESPACE_SVG;
}

static void put_gumbo_node(writer *w, const GumboNode *node, uint32_t depth) {
    if (node->type == GUMBO_NODE_COMMENT) return;
    if (!is_element(node)) {
        const dh_slice text = dh_slice_cstr(node->v.text.text);
        put_text(w, depth, name_of(&node->parent->v.element), text, verbatim_above(node));
        return;
    }
    const GumboElement *e = &node->v.element;
    flush_text(w);
    put_depth(w->out, depth);
    put_lower(w->out, name_of(e));
    if (e->tag_namespace != GUMBO_NAMESPACE_SVG && !in_math(node)) {
        for (unsigned i = 0; i < e->attributes.length; i++) {
            const GumboAttribute *a = e->attributes.data[i];
            put_attr(w->out, dh_slice_cstr(a->name), dh_slice_cstr(a->value));
        }
    }
    dh_buf_putc(w->out, '\n');
}

void same_gumbo(dh_slice page, dh_arena *arena, dh_buf *out) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = forget;
    options.userdata = arena;
    /* With 0, Gumbo 0.10 glues the name of a repeated attribute to the next one's. */
    options.max_errors = -1;
    const GumboOutput *output = gumbo_parse_with_options(&options, page.ptr, page.len);
    writer w = {.out = out};
    dh_buf_init(&w.text, arena, 0);
    const GumboNode *node = output->root;
    uint32_t depth = 0;
    while (node != NULL) {
        put_gumbo_node(&w, node, depth);
        if (is_element(node) && !is_svg(node) && node->v.element.children.length > 0) {
            node = node->v.element.children.data[0];
            depth++;
            continue;
        }
        while (node != output->root && node != NULL) {
            const GumboVector *siblings = &node->parent->v.element.children;
            /* Gumbo 0.10 does not renumber the siblings of a body it removed. */
            size_t at = node->index_within_parent;
            if (at >= siblings->length || siblings->data[at] != node)
                for (at = 0; siblings->data[at] != node;) at++;
            if (at + 1 < siblings->length) {
                node = siblings->data[at + 1];
                break;
            }
            node = node->parent;
            depth--;
            flush_text(&w);
        }
        if (node == output->root) break;
    }
    flush_text(&w);
}

/* ---- both ---- */

dh_limits same_limits(void) {
    dh_limits limits = dh_limits_default();
    limits.bytes = limits.nodes = limits.blocks = limits.attributes = UINT32_MAX;
    limits.depth = limits.formatting = UINT32_MAX;
    return limits;
}

/* Cuts the next line off. */
static bool next_line(dh_slice *rest, dh_slice *line) {
    if (rest->len == 0) {
        *line = (dh_slice){"", 0};
        return false;
    }
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t len = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
    *line = dh_slice_sub(*rest, 0, len);
    *rest = dh_slice_sub(*rest, len < rest->len ? len + 1 : len, rest->len);
    return true;
}

/* "12 <name ...": the depth and where the node begins. */
static size_t node_at(dh_slice line, uint32_t *depth) {
    size_t at = 0;
    *depth = 0;
    while (at < line.len && dh_is_digit(line.ptr[at]))
        *depth = *depth * 10 + (uint32_t)(line.ptr[at++] - '0');
    return at + 1;
}

static bool hides(dh_slice name) {
    static const char *const names[] = {"script", "style",    "iframe", "noembed", "noframes",
                                        "title",  "textarea", "svg",    "template"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (dh_slice_eq(name, dh_slice_cstr(names[i]))) return true;
    return false;
}

dh_slice same_text(dh_slice tree, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_slice line;
    uint32_t hidden = UINT32_MAX; /* depth of an element that shows nothing of its content */
    while (next_line(&tree, &line)) {
        uint32_t depth;
        dh_slice node = dh_slice_sub(line, node_at(line, &depth), line.len);
        if (depth <= hidden) hidden = UINT32_MAX;
        if (hidden != UINT32_MAX || node.len == 0) continue;
        if (node.ptr[0] != '"') {
            const char *space = memchr(node.ptr, ' ', node.len);
            size_t len = space != NULL ? (size_t)(space - node.ptr) : node.len;
            if (hides(dh_slice_sub(node, 0, len))) hidden = depth;
            continue;
        }
        for (size_t i = 1; i + 1 < node.len; i++) {
            if (node.ptr[i] == '\\' && i + 2 < node.len)
                i++; /* white space; one of the page's is lost */
            else if (dh_slice_starts(dh_slice_sub(node, i, node.len), DH_SLICE("\xEF\xBF\xBD")))
                i += 2;
            else if (node.ptr[i] != ' ')
                dh_buf_putc(&out, node.ptr[i]);
        }
    }
    return dh_buf_slice(&out);
}

size_t same_differ(dh_slice ours_tree, dh_slice gumbo_tree, dh_slice *ours, dh_slice *gumbo) {
    for (size_t line = 1;; line++) {
        bool more_ours = next_line(&ours_tree, ours), more_gumbo = next_line(&gumbo_tree, gumbo);
        if (!more_ours && !more_gumbo) return 0;
        if (!dh_slice_eq(*ours, *gumbo)) return line;
    }
}
