/* SPDX-License-Identifier: Apache-2.0 */
/* xpath: libxml2 behind xpath.h. The tree it walks is laid out by hand in the page's arena: libxml2
 * only reads it, and it goes when the arena goes. What libxml2 allocates itself (compiled expressions,
 * its context, results) belongs to the dh_xpath_cache; a result is copied into the cache's own buffer
 * and freed before anything is allocated in the arena, which may leave by longjmp. Nothing is parsed
 * as XML: there are no entities, documents or network. What is compiled is not the expression as it was
 * written but what xpath_bound.h makes of it, so that the work with strings and sets is counted, too. */
#include "css/xpath.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>

#include "base/map.h"
#include "css/css_private.h"
#include "css/xpath_bound.h"
#include "css/xpath_count.h"
#include "css/xpath_scan.h"

enum {
    SLOTS = 512,       /* compiled expressions kept */
    STEPS_PER_OP = 4,  /* what one of libxml2's operations counts as, */
    LONG_TEXT = 1024,  /* and once more for each so many bytes: it copies the expression's strings */
    MAX_OPS = 50000000 /* where the page has no limit */
};

/* An xmlXPathError as xmlError.code has it. */
#define CODE_OF(error) ((int)(error) + (int)XML_XPATH_EXPRESSION_OK - (int)XPATH_EXPRESSION_OK)

typedef struct slot {
    xmlChar *text;
    size_t len;
    xmlXPathCompExprPtr *programs; /* those of dh-step(), then the expression; ends with NULL */
    uint32_t count;
} slot;

/* One selected node, until it can go into the arena. */
typedef struct item {
    uint32_t node;
    const xmlNode *attribute; /* in the arena, those of an element one behind the other */
} item;

struct dh_xpath_cache {
    xmlXPathContextPtr context; /* made at first use */
    slot slots[SLOTS];
    dh_buf held; /* heap: items, or text */
};

/* The page as libxml2 sees it. A node's id is its place in the array. */
struct dh_xpath_tree {
    xmlDoc doc;
    xmlNode *nodes;
    uint32_t len;
    dh_xpath_work work;
};

typedef struct attribute {
    xmlAttr attr;
    xmlNode text;
} attribute;

/* ---- compiling ---- */

static void be_silent(void *data, xmlErrorPtr error) {
    (void)data;
    (void)error;
}

static xmlXPathContextPtr new_context(void) {
    xmlXPathContextPtr context = xmlXPathNewContext(NULL);
    if (context == NULL) return NULL;
    context->error = be_silent;
    dh_xpath_count_register(context);
    return context;
}

static const char *message_of(int code) {
    switch (code) {
    case XML_XPATH_UNFINISHED_LITERAL_ERROR:
    case XML_XPATH_START_LITERAL_ERROR:
        return "the closing quotation mark is missing";
    case XML_XPATH_UNCLOSED_ERROR:
        return "a closing bracket is missing";
    case XML_XPATH_INVALID_PREDICATE_ERROR:
        return "what stands in [...] is no condition";
    case XML_XPATH_NUMBER_ERROR:
        return "this is no number";
    default:
        return "this is no XPath 1.0 expression";
    }
}

static void empty(slot *s) {
    for (uint32_t i = 0; i < s->count; i++) xmlXPathFreeCompExpr(s->programs[i]);
    free(s->programs);
    xmlFree(s->text);
    *s = (slot){NULL, 0, NULL, 0};
}

/* libxml2 notes it in the context, or for the thread where it had none at hand. */
static xmlXPathCompExprPtr compile(xmlXPathContextPtr context, const xmlChar *text, bool *no_memory) {
    xmlResetLastError();
    xmlXPathCompExprPtr compiled = xmlXPathCtxtCompile(context, text);
    const xmlError *last = xmlGetLastError();
    *no_memory = compiled == NULL && (context->lastError.code == XML_ERR_NO_MEMORY ||
                                      (last != NULL && last->code == XML_ERR_NO_MEMORY));
    return compiled;
}

/* DH_ERR_MEMORY, or DH_ERR_RULE: no expression that can be bounded; *s holds nothing then. */
static dh_status fill(slot *s, xmlXPathContextPtr context, dh_slice text) {
    dh_xpath_bound bound;
    bool good = dh_xpath_bound_make(text, &bound);
    bool no_memory = bound.no_memory;
    if (good) s->programs = calloc(bound.programs, sizeof *s->programs);
    no_memory = no_memory || (good && s->programs == NULL);
    good = good && s->programs != NULL;
    const char *program = bound.text.ptr;
    for (uint32_t i = 0; good && i < bound.programs; i++, program += strlen(program) + 1) {
        s->programs[i] = compile(context, BAD_CAST program, &no_memory);
        good = s->programs[i] != NULL;
        s->count += good;
    }
    dh_buf_release(&bound.text);
    s->text = good ? xmlStrndup((const xmlChar *)text.ptr, (int)text.len) : NULL;
    s->len = text.len;
    if (s->text != NULL) return DH_OK;
    empty(s);
    return good || no_memory ? DH_ERR_MEMORY : DH_ERR_RULE;
}

dh_status dh_xpath_check(dh_slice text, dh_error *error) {
    dh_status status = dh_xpath_scan(text, error);
    if (status != DH_OK) return status;
    xmlXPathContextPtr context = new_context();
    xmlChar *copy = xmlStrndup((const xmlChar *)text.ptr, (int)text.len);
    xmlXPathCompExprPtr compiled = NULL;
    bool no_memory = context == NULL || copy == NULL;
    if (!no_memory) compiled = compile(context, copy, &no_memory);
    slot bound = {NULL, 0, NULL, 0};
    if (!no_memory && compiled != NULL) {
        status = fill(&bound, context, text);
        no_memory = status == DH_ERR_MEMORY;
    }
    if (no_memory) {
        status = dh_error_set(error, DH_ERR_MEMORY, "selector", 0, "out of memory");
    } else if (compiled == NULL) {
        int code = context->lastError.code, at = context->lastError.int1;
        status = dh_error_set(error, DH_ERR_RULE, "selector", at > 0 ? (uint64_t)at : 0, "%s",
                              message_of(code));
    } else if (status != DH_OK) {
        status = dh_error_set(error, DH_ERR_RULE, "selector", 0,
                              "the XPath compares what it compared too many times in a row");
    }
    empty(&bound);
    xmlXPathFreeCompExpr(compiled);
    xmlFree(copy);
    xmlXPathFreeContext(context);
    return status;
}

/* ---- the cache ---- */

dh_xpath_cache *dh_xpath_cache_new(void) {
    dh_xpath_cache *cache = calloc(1, sizeof *cache);
    if (cache != NULL) dh_buf_init(&cache->held, NULL, 0);
    return cache;
}

void dh_xpath_cache_free(dh_xpath_cache *cache) {
    if (cache == NULL) return;
    for (size_t i = 0; i < SLOTS; i++) empty(&cache->slots[i]);
    xmlXPathFreeContext(cache->context);
    dh_buf_release(&cache->held);
    free(cache);
}

/* Expressions are compiled once more for each page object: libxml2 writes into a compiled one while
 * it evaluates it, so threads cannot share them. NULL: out of memory. */
static const slot *compiled_of(dh_xpath_cache *cache, dh_slice text) {
    slot *s = &cache->slots[dh_hash(text) % SLOTS];
    if (s->count > 0 && dh_slice_eq(dh_slice_make((const char *)s->text, s->len), text)) return s;
    empty(s);
    if (cache->context == NULL) cache->context = new_context();
    if (cache->context == NULL || fill(s, cache->context, text) != DH_OK) return NULL;
    return s;
}

/* ---- the tree ---- */

static xmlChar *chars_of(dh_arena *arena, dh_slice text) {
    char *copy = dh_arena_alloc(arena, text.len + 1);
    if (text.len > 0) memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return (xmlChar *)copy;
}

static void add_attributes(dh_css_context *context, struct dh_xpath_tree *tree, uint32_t id) {
    uint32_t n;
    const dh_attr *attrs = dh_dom_attrs(context->dom, id, &n);
    attribute *made = n > 0 ? dh_arena_zalloc(context->arena, n, sizeof *made) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        made[i].attr = (xmlAttr){.type = XML_ATTRIBUTE_NODE,
                                 .name = chars_of(context->arena, attrs[i].name),
                                 .children = &made[i].text,
                                 .last = &made[i].text,
                                 .parent = &tree->nodes[id],
                                 .next = i + 1 < n ? &made[i + 1].attr : NULL,
                                 .prev = i > 0 ? &made[i - 1].attr : NULL,
                                 .doc = &tree->doc};
        made[i].text = (xmlNode){.type = XML_TEXT_NODE,
                                 .name = BAD_CAST "text",
                                 .parent = (xmlNode *)&made[i].attr,
                                 .doc = &tree->doc,
                                 .content = chars_of(context->arena, attrs[i].value)};
    }
    if (n > 0) tree->nodes[id].properties = &made[0].attr;
}

static void add_node(dh_css_context *context, struct dh_xpath_tree *tree, uint32_t id) {
    dh_dom *dom = context->dom;
    xmlNode *node = &tree->nodes[id];
    uint32_t up = dom->nodes[id].parent;
    xmlNode *parent = up != DH_NO_NODE ? &tree->nodes[up] : (xmlNode *)&tree->doc;
    node->doc = &tree->doc;
    node->parent = parent;
    node->prev = parent->last;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->children = node;
    parent->last = node;
    if (!dh_dom_is_element(dom, id)) {
        node->type = XML_TEXT_NODE;
        node->name = BAD_CAST "text";
        node->content = chars_of(context->arena, dh_dom_text(dom, id));
        return;
    }
    node->type = XML_ELEMENT_NODE;
    node->name = chars_of(context->arena, dh_dom_name(dom, id));
    /* What xmlXPathOrderDocElems would write: the place in the document, negative. */
    node->content = (xmlChar *)(-(intptr_t)id - 1);
    add_attributes(context, tree, id);
}

static struct dh_xpath_tree *tree_of(dh_css_context *context) {
    struct dh_css_memo *memo = dh_css_memo_of(context);
    if (memo->xpath_tree != NULL) return memo->xpath_tree;
    struct dh_xpath_tree *tree = dh_arena_zalloc(context->arena, 1, sizeof *tree);
    tree->len = context->dom->len;
    tree->nodes = dh_arena_zalloc(context->arena, tree->len, sizeof *tree->nodes);
    tree->doc.type = XML_DOCUMENT_NODE;
    tree->doc.doc = &tree->doc;
    uint64_t *before = dh_arena_zalloc(context->arena, tree->len + 1, sizeof *before);
    for (uint32_t id = 0; id < tree->len; id++) {
        add_node(context, tree, id);
        bool is_text = !dh_dom_is_element(context->dom, id);
        before[id + 1] = before[id] + (is_text ? dh_dom_text(context->dom, id).len : 0);
    }
    tree->work = (dh_xpath_work){context->dom, tree->nodes, before, NULL, 0, 0};
    memo->xpath_tree = tree;
    return tree;
}

/* ---- evaluation ---- */

static void hold_node(dh_xpath_cache *cache, const struct dh_xpath_tree *tree, const xmlNode *node) {
    item i = {.node = DH_NO_NODE};
    if (node->type == XML_ATTRIBUTE_NODE) {
        i.node = (uint32_t)(node->parent - tree->nodes);
        i.attribute = node;
    } else if (node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE) {
        i.node = (uint32_t)(node - tree->nodes);
    }
    if (i.node < tree->len) dh_buf_put(&cache->held, &i, sizeof i);
}

static int by_place(const void *left, const void *right) {
    const item *a = left, *b = right;
    if (a->node != b->node) return a->node < b->node ? -1 : 1;
    uintptr_t at = (uintptr_t)a->attribute, other = (uintptr_t)b->attribute;
    return at == other ? 0 : at < other ? -1 : 1;
}

/* Copies what is in object to where no arena is asked. Sorted here: libxml2's order of a text and what
 * is inside of the element before it is not that of the document. */
static void hold(dh_xpath_cache *cache, const struct dh_xpath_tree *tree, xmlXPathObjectPtr object,
                 dh_xpath_result *out) {
    if (object->type == XPATH_NODESET) {
        int n = object->nodesetval != NULL ? object->nodesetval->nodeNr : 0;
        for (int i = 0; i < n; i++) hold_node(cache, tree, object->nodesetval->nodeTab[i]);
        size_t held = cache->held.len / sizeof(item);
        if (held > 1) qsort(cache->held.ptr, held, sizeof(item), by_place);
        out->kind = DH_XPATH_NODES;
        return;
    }
    out->kind = object->type == XPATH_BOOLEAN ? DH_XPATH_TRUTH : DH_XPATH_TEXT;
    out->truth = xmlXPathCastToBoolean(object) != 0;
    if (out->kind == DH_XPATH_TRUTH) return;
    xmlChar *text = xmlXPathCastToString(object);
    if (text != NULL) dh_buf_puts(&cache->held, (const char *)text);
    xmlFree(text);
}

static unsigned long ops_left(const dh_css_context *context, uint64_t steps_per_op) {
    if (context->max_steps == 0) return MAX_OPS;
    uint64_t left = context->max_steps > context->steps ? context->max_steps - context->steps : 0;
    return (unsigned long)(left / steps_per_op) + 1; /* 0 would be no limit */
}

/* False: over the limit, or no memory for it. */
static bool evaluate(dh_css_context *context, struct dh_xpath_tree *tree, dh_slice text,
                     uint32_t node, dh_xpath_result *out) {
    dh_xpath_cache *cache = context->xpaths;
    dh_buf_reset(&cache->held); /* what an evaluation that fails gives, too */
    const slot *compiled = compiled_of(cache, text);
    if (compiled == NULL) return false;
    uint64_t steps_per_op = STEPS_PER_OP + text.len / LONG_TEXT;
    tree->work.programs = compiled->programs;
    tree->work.program_count = compiled->count - 1;
    xmlXPathContextPtr xml = cache->context;
    xmlNode *document = (xmlNode *)&tree->doc;
    xml->user = &tree->work;
    xml->doc = (xmlDoc *)document;
    xml->node = node != DH_NO_NODE ? &tree->nodes[node] : document;
    xml->opLimit = ops_left(context, steps_per_op);
    xml->opCount = 0;
    xml->depth = 0;
    xml->lastError.code = 0;
    xmlXPathObjectPtr object = xmlXPathCompiledEval(compiled->programs[compiled->count - 1], xml);
    context->steps += (uint64_t)xml->opCount * steps_per_op + 1;
    bool good = object != NULL && xml->opCount <= xml->opLimit;
    if (good) hold(cache, tree, object, out);
    xmlXPathFreeObject(object);
    /* A type error, such as count("x"), selects nothing; it is no limit. */
    int code = xml->lastError.code;
    xml->doc = NULL;
    xml->node = NULL;
    xml->user = NULL;
    return good || (code != 0 && code != CODE_OF(XPATH_OP_LIMIT_EXCEEDED) &&
                    code != CODE_OF(XPATH_RECURSION_LIMIT_EXCEEDED) &&
                    code != CODE_OF(XPATH_MEMORY_ERROR) && code != XML_ERR_NO_MEMORY);
}

static void unpack(dh_css_context *context, dh_xpath_result *out) {
    const dh_buf *held = &context->xpaths->held;
    if (out->kind == DH_XPATH_TEXT) out->text = dh_arena_dup(context->arena, dh_buf_slice(held));
    if (out->kind != DH_XPATH_NODES) return;
    const item *items = (const item *)(const void *)held->ptr;
    uint32_t n = (uint32_t)(held->len / sizeof *items);
    for (uint32_t i = 0; i < n; i++) {
        dh_css_value value = {.node = items[i].node};
        if (items[i].attribute != NULL) {
            value.is_attribute = true;
            value.text = dh_dom_attr_value(context->dom, value.node,
                                           dh_slice_cstr((const char *)items[i].attribute->name));
        } else if (!dh_dom_is_element(context->dom, value.node)) {
            value.text = dh_dom_text(context->dom, value.node);
        }
        *DH_PUSH(context->arena, out->nodes) = value;
    }
    out->truth = n > 0;
}

void dh_xpath_eval(dh_css_context *context, dh_slice text, uint32_t node, dh_xpath_result *out) {
    memset(out, 0, sizeof *out);
    if (context->xpaths == NULL || context->limited || context->dom->len == 0) return;
    struct dh_xpath_tree *tree = tree_of(context);
    if (!evaluate(context, tree, text, node, out)) {
        context->limited = true;
        return;
    }
    unpack(context, out);
    if (context->max_steps > 0 && context->steps > context->max_steps) context->limited = true;
}
