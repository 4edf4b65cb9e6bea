/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_count: see its header. Costs are in bytes of text handled, or nodes looked at; what is counted
 * is the most that a call may cost, so that no order of nodes or letters makes it dearer. The string of a
 * node is made here, in one piece: libxml2's grows by reallocation at each text in it. */
#include "css/xpath_count.h"

#include <libxml/xpathInternals.h>
#include <string.h>

enum { UNITS_PER_OP = 16, UNITS_PER_CALL = 64, LANG_UNITS = 256 };

/* False: too much; the evaluation is over. */
static bool charge(xmlXPathParserContextPtr parser, uint64_t units) {
    xmlXPathContextPtr context = parser->context;
    uint64_t ops = units / UNITS_PER_OP + 1;
    if (context->opCount <= context->opLimit && ops <= context->opLimit - context->opCount) {
        context->opCount += (unsigned long)ops;
        return true;
    }
    context->opCount = context->opLimit;
    xmlXPathErr(parser, XPATH_OP_LIMIT_EXCEEDED);
    return false;
}

/* No sum or product of sizes leaves the range. */
static uint64_t times(uint64_t a, uint64_t b) {
    return b != 0 && a > UINT32_MAX * (uint64_t)1024 / b ? UINT32_MAX * (uint64_t)1024 : a * b;
}

/* ---- sizes ---- */

static const dh_xpath_work *work_of(xmlXPathParserContextPtr parser) {
    return parser->context->user;
}

/* The element or text's number; of an attribute its element's; of the document 0. */
static uint32_t id_of(const dh_xpath_work *work, const xmlNode *node) {
    if (node->type == XML_ATTRIBUTE_NODE) node = node->parent;
    return node->type == XML_DOCUMENT_NODE ? 0 : (uint32_t)(node - work->nodes);
}

/* What its string costs. */
static uint64_t node_cost(const dh_xpath_work *work, const xmlNode *node) {
    if (node->type == XML_ATTRIBUTE_NODE)
        return strlen((const char *)node->children->content) + 1;
    uint32_t id = id_of(work, node);
    uint32_t end = node->type == XML_DOCUMENT_NODE ? work->dom->len : work->dom->nodes[id].end;
    return work->text_before[end] - work->text_before[id] + (end - id);
}

static int count_of(const xmlXPathObject *value) {
    return value->type == XPATH_NODESET && value->nodesetval != NULL ? value->nodesetval->nodeNr : 0;
}

/* The strings of all its nodes. */
static uint64_t all_cost(const dh_xpath_work *work, const xmlXPathObject *value) {
    uint64_t sum = 0;
    for (int i = 0; i < count_of(value); i++)
        sum += node_cost(work, value->nodesetval->nodeTab[i]);
    return sum;
}

/* Its string: of a set that of one node. */
static uint64_t string_cost(const dh_xpath_work *work, const xmlXPathObject *value) {
    if (value->type == XPATH_STRING) return strlen((const char *)value->stringval);
    uint64_t most = UNITS_PER_OP;
    for (int i = 0; i < count_of(value); i++) {
        uint64_t cost = node_cost(work, value->nodesetval->nodeTab[i]);
        if (cost > most) most = cost;
    }
    return (uint64_t)count_of(value) + most;
}

/* Argument i of n, on the parser's stack. NULL: there is none. */
static xmlXPathObjectPtr argument(xmlXPathParserContextPtr parser, int n, int i) {
    int at = parser->valueNr - n + i;
    return i < n && at >= 0 ? parser->valueTab[at] : NULL;
}

static uint64_t argument_cost(xmlXPathParserContextPtr parser, int n, int i) {
    const xmlXPathObject *value = argument(parser, n, i);
    return value != NULL ? string_cost(work_of(parser), value) : 0;
}

/* ---- strings of nodes ---- */

/* NULL: out of memory. The caller frees it with xmlFree. */
static xmlChar *string_of(const dh_xpath_work *work, const xmlNode *node) {
    if (node->type == XML_ATTRIBUTE_NODE) return xmlStrdup(node->children->content);
    uint32_t id = id_of(work, node);
    uint32_t end = node->type == XML_DOCUMENT_NODE ? work->dom->len : work->dom->nodes[id].end;
    size_t len = (size_t)(work->text_before[end] - work->text_before[id]);
    xmlChar *text = xmlMalloc(len + 1), *at = text;
    for (; text != NULL && id < end; id++) {
        if (work->nodes[id].type != XML_TEXT_NODE) continue;
        size_t part = (size_t)(work->text_before[id + 1] - work->text_before[id]);
        if (part > 0) memcpy(at, work->nodes[id].content, part);
        at += part;
    }
    if (text != NULL) *at = 0;
    return text;
}

static const xmlNode *first_of(const dh_xpath_work *work, const xmlXPathObject *set) {
    const xmlNode *first = NULL;
    for (int i = 0; i < count_of(set); i++) {
        const xmlNode *node = set->nodesetval->nodeTab[i];
        bool before = first == NULL || id_of(work, node) < id_of(work, first);
        bool twin = first != NULL && id_of(work, node) == id_of(work, first);
        /* An element is before its attributes, and those stand in an array. */
        if (twin) before = first->type == XML_ATTRIBUTE_NODE &&
                           (node->type != XML_ATTRIBUTE_NODE || node < first);
        if (before) first = node;
    }
    return first;
}

/* Puts a string in the place of argument i, when that is a set. */
static bool make_string(xmlXPathParserContextPtr parser, int n, int i) {
    xmlXPathObjectPtr value = argument(parser, n, i);
    if (value == NULL || value->type != XPATH_NODESET) return true;
    const dh_xpath_work *work = work_of(parser);
    const xmlNode *node = first_of(work, value);
    xmlChar *text = node != NULL ? string_of(work, node) : xmlStrdup(BAD_CAST "");
    xmlXPathObjectPtr made = text != NULL ? xmlXPathWrapString(text) : NULL;
    if (made == NULL) {
        xmlFree(text);
        xmlXPathErr(parser, XPATH_MEMORY_ERROR);
        return false;
    }
    xmlXPathFreeObject(value);
    int at = parser->valueNr - n + i;
    parser->valueTab[at] = made;
    if (at == parser->valueNr - 1) parser->value = made;
    return true;
}

/* ---- the functions of XPath that handle strings ---- */

typedef enum cost_kind {
    EACH,      /* reads each argument once */
    JOIN,      /* writes what it has again for each argument */
    SEARCH,    /* looks for the second in the first */
    TRANSLATE, /* looks for each character of the first in the second */
    SUM,       /* the strings of all nodes */
    CLIMB      /* goes up to the root */
} cost_kind;

static void call_sum(xmlXPathParserContextPtr parser, int n);

static const struct {
    const char *name;
    xmlXPathFunction function; /* libxml2's own, which gets strings for sets */
    cost_kind kind;
} counted[] = {
    {"string", xmlXPathStringFunction, EACH},
    {"concat", xmlXPathConcatFunction, JOIN},
    {"starts-with", xmlXPathStartsWithFunction, EACH},
    {"contains", xmlXPathContainsFunction, SEARCH},
    {"substring-before", xmlXPathSubstringBeforeFunction, SEARCH},
    {"substring-after", xmlXPathSubstringAfterFunction, SEARCH},
    {"substring", xmlXPathSubstringFunction, EACH},
    {"string-length", xmlXPathStringLengthFunction, EACH},
    {"normalize-space", xmlXPathNormalizeFunction, EACH},
    {"translate", xmlXPathTranslateFunction, TRANSLATE},
    {"number", xmlXPathNumberFunction, EACH},
    {"sum", call_sum, SUM},
    {"floor", xmlXPathFloorFunction, EACH},
    {"ceiling", xmlXPathCeilingFunction, EACH},
    {"round", xmlXPathRoundFunction, EACH},
    {"lang", xmlXPathLangFunction, CLIMB},
};

enum { COUNTED = sizeof counted / sizeof *counted };

static uint64_t call_cost(xmlXPathParserContextPtr parser, int n, cost_kind kind) {
    const dh_xpath_work *work = work_of(parser);
    uint64_t sum = UNITS_PER_CALL, first = argument_cost(parser, n, 0);
    for (int i = 0; i < n; i++) sum += argument_cost(parser, n, i);
    if (kind == JOIN) return times(sum, (uint64_t)n);
    if (kind == SEARCH) return sum + times(first, argument_cost(parser, n, 1) / 16);
    if (kind == TRANSLATE) return sum + times(first, 1 + argument_cost(parser, n, 1) / 4);
    if (kind == CLIMB) return sum + LANG_UNITS;
    const xmlXPathObject *value = argument(parser, n, 0);
    return kind == SUM && value != NULL ? sum + all_cost(work, value) : sum;
}

/* string() and its like without an argument are about the node at hand. */
static int add_node(xmlXPathParserContextPtr parser, int n, cost_kind kind) {
    if (n > 0 || kind != EACH) return n;
    valuePush(parser, xmlXPathNewNodeSet(parser->context->node));
    return 1;
}

static void call_counted(xmlXPathParserContextPtr parser, int n) {
    const char *name = (const char *)parser->context->function;
    size_t i = 0;
    while (i < COUNTED && strcmp(counted[i].name, name) != 0) i++;
    if (i == COUNTED) {
        xmlXPathErr(parser, XPATH_UNKNOWN_FUNC_ERROR);
        return;
    }
    n = add_node(parser, n, counted[i].kind);
    if (!charge(parser, call_cost(parser, n, counted[i].kind))) return;
    for (int k = 0; k < n && counted[i].kind != SUM; k++)
        if (!make_string(parser, n, k)) return;
    counted[i].function(parser, n);
}

/* As libxml2's own, but for the strings. */
static void call_sum(xmlXPathParserContextPtr parser, int n) {
    const xmlXPathObject *value = argument(parser, n, 0);
    if (n != 1 || value->type != XPATH_NODESET) {
        xmlXPathErr(parser, n != 1 ? XPATH_INVALID_ARITY : XPATH_INVALID_TYPE);
        return;
    }
    double sum = 0;
    for (int i = 0; i < count_of(value); i++) {
        xmlChar *text = string_of(work_of(parser), value->nodesetval->nodeTab[i]);
        sum += xmlXPathCastStringToNumber(text != NULL ? text : BAD_CAST "");
        xmlFree(text);
    }
    xmlXPathFreeObject(valuePop(parser));
    valuePush(parser, xmlXPathNewFloat(sum));
}

/* id("a b"): the elements with these ids. libxml2's own needs a parsed document's table. */
static void find_ids(xmlXPathParserContextPtr parser, int n) {
    if (n != 1) {
        xmlXPathSetArityError(parser);
        return;
    }
    const dh_xpath_work *work = work_of(parser);
    uint64_t cost = argument_cost(parser, 1, 0);
    if (!charge(parser, cost + times(work->dom->len, 16 + cost))) return;
    if (!make_string(parser, 1, 0)) return;
    xmlChar *wanted = xmlXPathPopString(parser);
    xmlNodeSetPtr found = xmlXPathNodeSetCreate(NULL);
    for (uint32_t i = 0; wanted != NULL && found != NULL && i < work->dom->len; i++) {
        if (work->nodes[i].type != XML_ELEMENT_NODE) continue;
        for (const xmlAttr *a = work->nodes[i].properties; a != NULL; a = a->next) {
            if (!xmlStrEqual(a->name, BAD_CAST "id") || a->children == NULL) continue;
            dh_slice left = dh_slice_cstr((const char *)wanted), token;
            dh_slice have = dh_slice_cstr((const char *)a->children->content);
            while ((token = dh_slice_token(&left)).len > 0)
                if (dh_slice_eq(token, have))
                    xmlXPathNodeSetAdd(found, (xmlNode *)(uintptr_t)&work->nodes[i]);
        }
    }
    xmlFree(wanted);
    valuePush(parser, xmlXPathWrapNodeSet(found));
}

/* ---- comparing ---- */

/* Each string is made once, each pair is looked at, its bytes at most as far as the shorter goes. */
static uint64_t compare_cost(xmlXPathParserContextPtr parser) {
    const dh_xpath_work *work = work_of(parser);
    uint64_t sum = UNITS_PER_CALL, n[2] = {1, 1}, longest[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        const xmlXPathObject *value = argument(parser, 2, i);
        longest[i] = string_cost(work, value);
        sum += longest[i];
        if (value->type != XPATH_NODESET) continue;
        n[i] = (uint64_t)count_of(value);
        sum += all_cost(work, value);
    }
    uint64_t shorter = longest[0] < longest[1] ? longest[0] : longest[1];
    return sum + times(times(n[0], n[1]), 1 + shorter / 256);
}

typedef enum comparison { EQ, NE, LT, LE, GT, GE } comparison;

/* One side of a comparison with a set: strings, or (numbers not NULL) numbers. */
typedef struct side {
    int len;
    xmlChar **texts;
    double *numbers;
} side;

static void free_side(side *s) {
    for (int i = 0; s->texts != NULL && i < s->len; i++) xmlFree(s->texts[i]);
    xmlFree(s->texts);
    xmlFree(s->numbers);
}

static bool fill_side(const dh_xpath_work *work, xmlXPathObjectPtr value, bool numbers, side *s) {
    bool set = value->type == XPATH_NODESET;
    int n = set ? count_of(value) : 1;
    *s = (side){.texts = xmlMalloc(((size_t)n + 1) * sizeof *s->texts)};
    if (numbers) s->numbers = xmlMalloc(((size_t)n + 1) * sizeof *s->numbers);
    if (s->texts == NULL || (numbers && s->numbers == NULL)) return false;
    for (; s->len < n; s->len++) {
        xmlChar *text = set ? string_of(work, value->nodesetval->nodeTab[s->len])
                            : xmlXPathCastToString(value);
        if (text == NULL) return false;
        s->texts[s->len] = text;
        if (numbers)
            s->numbers[s->len] =
                set ? xmlXPathCastStringToNumber(text) : xmlXPathCastToNumber(value);
    }
    return true;
}

static bool numbers_compare(double a, double b, comparison how) {
    switch (how) {
    case EQ: return a == b;
    case NE: return a != b;
    case LT: return a < b;
    case LE: return a <= b;
    case GT: return a > b;
    default: return a >= b;
    }
}

/* XPath 1.0, 3.4: true when it is for some pair. */
static bool sides_compare(const side *a, const side *b, comparison how) {
    for (int i = 0; i < a->len; i++)
        for (int k = 0; k < b->len; k++) {
            bool yes = a->numbers != NULL
                           ? numbers_compare(a->numbers[i], b->numbers[k], how)
                           : (bool)xmlStrEqual(a->texts[i], b->texts[k]) == (how == EQ);
            if (yes) return true;
        }
    return false;
}

static int plain_compare(xmlXPathParserContextPtr parser, comparison how) {
    if (how == EQ) return xmlXPathEqualValues(parser);
    if (how == NE) return xmlXPathNotEqualValues(parser);
    return xmlXPathCompareValues(parser, how == LT || how == LE, how == LT || how == GT);
}

static void compare(xmlXPathParserContextPtr parser, int n, comparison how) {
    xmlXPathObjectPtr left = argument(parser, n, 0), right = argument(parser, n, 1);
    if (n != 2 || left == NULL || right == NULL) {
        xmlXPathErr(parser, XPATH_INVALID_ARITY);
        return;
    }
    if (!charge(parser, compare_cost(parser))) return;
    bool set = left->type == XPATH_NODESET || right->type == XPATH_NODESET;
    bool truths = left->type == XPATH_BOOLEAN || right->type == XPATH_BOOLEAN;
    if (!set || truths) {
        int truth = plain_compare(parser, how);
        if (parser->error == XPATH_EXPRESSION_OK) valuePush(parser, xmlXPathNewBoolean(truth));
        return;
    }
    bool numbers = how > NE || left->type == XPATH_NUMBER || right->type == XPATH_NUMBER;
    side a = {0}, b = {0};
    bool good = fill_side(work_of(parser), left, numbers, &a) &&
                fill_side(work_of(parser), right, numbers, &b);
    bool truth = good && sides_compare(&a, &b, how);
    free_side(&a);
    free_side(&b);
    if (!good) {
        xmlXPathErr(parser, XPATH_MEMORY_ERROR);
        return;
    }
    xmlXPathFreeObject(valuePop(parser));
    xmlXPathFreeObject(valuePop(parser));
    valuePush(parser, xmlXPathNewBoolean(truth));
}

static void call_eq(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, EQ);
}

static void call_ne(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, NE);
}

static void call_lt(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, LT);
}

static void call_le(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, LE);
}

static void call_gt(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, GT);
}

static void call_ge(xmlXPathParserContextPtr parser, int n) {
    compare(parser, n, GE);
}

/* ---- sets ---- */

/* Leaves each node once, the first time it stands there. */
static void drop_twins(xmlXPathParserContextPtr parser, xmlNodeSetPtr set) {
    dh_xpath_work *work = parser->context->user;
    void *stamp = (void *)++work->stamp;
    int kept = 0;
    for (int i = 0; i < set->nodeNr; i++) {
        xmlNode *node = set->nodeTab[i];
        if (node->_private == stamp) continue;
        node->_private = stamp;
        set->nodeTab[kept++] = node;
    }
    set->nodeNr = kept;
}

static bool add_all(xmlXPathParserContextPtr parser, xmlNodeSetPtr set, const xmlNodeSet *more) {
    int n = more != NULL ? more->nodeNr : 0;
    if (!charge(parser, (uint64_t)n * 8)) return false;
    for (int i = 0; i < n; i++) {
        if (xmlXPathNodeSetAddUnique(set, more->nodeTab[i]) < 0) return false;
    }
    return true;
}

static void push_set(xmlXPathParserContextPtr parser, xmlNodeSetPtr set, bool good) {
    if (good) {
        drop_twins(parser, set);
        xmlXPathNodeSetSort(set);
        valuePush(parser, xmlXPathWrapNodeSet(set));
        return;
    }
    xmlXPathFreeNodeSet(set);
    if (parser->error == XPATH_EXPRESSION_OK) xmlXPathErr(parser, XPATH_MEMORY_ERROR);
}

static bool is_set(xmlXPathParserContextPtr parser, const xmlXPathObject *value) {
    if (value != NULL && value->type == XPATH_NODESET) return true;
    if (parser->error == XPATH_EXPRESSION_OK) xmlXPathErr(parser, XPATH_INVALID_TYPE);
    return false;
}

static void call_union(xmlXPathParserContextPtr parser, int n) {
    xmlNodeSetPtr set = xmlXPathNodeSetCreate(NULL);
    bool good = set != NULL;
    for (int i = 0; i < n; i++) {
        xmlXPathObjectPtr part = valuePop(parser);
        good = good && is_set(parser, part) && add_all(parser, set, part->nodesetval);
        xmlXPathFreeObject(part);
    }
    push_set(parser, set, good);
}

/* The program for each node of from. What they give meets now and then; the set is thinned whenever it
 * holds twice what the page has. */
static bool step_of_each(xmlXPathParserContextPtr parser, const xmlNodeSet *from,
                         xmlXPathCompExprPtr program, xmlNodeSetPtr set) {
    xmlXPathContextPtr context = parser->context;
    int most = 2 * (int)work_of(parser)->dom->len + 16;
    for (int i = 0; from != NULL && i < from->nodeNr; i++) {
        if (!charge(parser, UNITS_PER_CALL)) return false;
        context->node = from->nodeTab[i];
        xmlXPathObjectPtr given = xmlXPathCompiledEval(program, context);
        if (given == NULL) {
            int code = context->lastError.code - (int)XML_XPATH_EXPRESSION_OK;
            parser->error = code > 0 ? code : (int)XPATH_EXPR_ERROR;
            return false;
        }
        bool good = given->type == XPATH_NODESET && add_all(parser, set, given->nodesetval);
        xmlXPathFreeObject(given);
        if (!good) return false;
        if (set->nodeNr > most) drop_twins(parser, set);
    }
    return true;
}

/* The set that comes of *from by the program of this number takes its place. */
static bool go_step(xmlXPathParserContextPtr parser, xmlNodeSetPtr *from, double number) {
    const dh_xpath_work *work = work_of(parser);
    xmlNodeSetPtr set = xmlXPathNodeSetCreate(NULL);
    bool good = set != NULL && number >= 1 && number <= work->program_count &&
                step_of_each(parser, *from, work->programs[(uint32_t)number - 1], set);
    xmlXPathFreeNodeSet(*from);
    *from = set;
    if (!good) return false;
    drop_twins(parser, set);
    xmlXPathNodeSetSort(set);
    return true;
}

/* A set and the numbers of programs. */
static void call_step(xmlXPathParserContextPtr parser, int n) {
    xmlXPathContextPtr context = parser->context;
    xmlXPathObjectPtr start = argument(parser, n, 0);
    if (n < 2 || !is_set(parser, start)) return;
    xmlNodePtr node = context->node;
    int size = context->contextSize, position = context->proximityPosition;
    int depth = context->depth; /* an evaluation begins at 0 */
    xmlNodeSetPtr at = xmlXPathNodeSetCreate(NULL);
    bool good = at != NULL && add_all(parser, at, start->nodesetval);
    for (int i = 1; i < n && good; i++) {
        const xmlXPathObject *number = argument(parser, n, i);
        good = number->type == XPATH_NUMBER && go_step(parser, &at, number->floatval);
    }
    context->node = node;
    context->contextSize = size;
    context->proximityPosition = position;
    context->depth = depth;
    if (!good) {
        xmlXPathFreeNodeSet(at);
        if (parser->error == XPATH_EXPRESSION_OK) xmlXPathErr(parser, XPATH_MEMORY_ERROR);
        return;
    }
    for (int i = 0; i < n; i++) xmlXPathFreeObject(valuePop(parser));
    valuePush(parser, xmlXPathWrapNodeSet(at));
}

void dh_xpath_count_register(xmlXPathContextPtr context) {
    static const struct {
        const char *name;
        xmlXPathFunction function;
    } ours[] = {{"id", find_ids},   {"dh-eq", call_eq},       {"dh-ne", call_ne},
                {"dh-lt", call_lt}, {"dh-le", call_le},       {"dh-gt", call_gt},
                {"dh-ge", call_ge}, {"dh-union", call_union}, {"dh-step", call_step}};
    for (size_t i = 0; i < COUNTED; i++) {
        xmlXPathRegisterFunc(context, BAD_CAST counted[i].name, NULL); /* takes libxml2's out */
        xmlXPathRegisterFunc(context, BAD_CAST counted[i].name, call_counted);
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        xmlXPathRegisterFunc(context, BAD_CAST ours[i].name, NULL);
        xmlXPathRegisterFunc(context, BAD_CAST ours[i].name, ours[i].function);
    }
}
