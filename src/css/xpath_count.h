/* SPDX-License-Identifier: Apache-2.0 */
/* xpath_count: XPath functions that count what they do. Each works out from the sizes of its
 * arguments what libxml2's own is going to cost, and adds that to the evaluation's operations before it is
 * called; when too few are left the evaluation ends there. The same page gives the same count. */
#ifndef DH_CSS_XPATH_COUNT_H
#define DH_CSS_XPATH_COUNT_H

#include <libxml/xpath.h>

#include "dom/dom.h"

/* What the functions know of an evaluation: context->user. */
typedef struct dh_xpath_work {
    const dh_dom *dom;
    const xmlNode *nodes;       /* a node's id is its place in the array */
    const uint64_t *text_before; /* bytes of text before each node, and at the end */
    xmlXPathCompExprPtr *programs; /* of dh-step(), from number 1 on */
    uint32_t program_count;
    uintptr_t stamp; /* the last one given: _private of a node says in which set it was last */
} dh_xpath_work;

/* Registers all of them; user of the context has to be set before each evaluation. */
void dh_xpath_count_register(xmlXPathContextPtr context);

#endif
