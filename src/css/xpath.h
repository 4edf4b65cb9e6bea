/* SPDX-License-Identifier: Apache-2.0 */
/* xpath: XPath 1.0 (W3C, 1999) over the page's tree, by libxml2. Its own tree is made of a page's nodes
 * when the first expression is evaluated, so only pages whose rules need it pay. What stands in that
 * tree: elements by their names without namespace, attributes and text; no comments. */
#ifndef DH_CSS_XPATH_H
#define DH_CSS_XPATH_H

#include "css/css.h"

enum {
    DH_XPATH_MAX_BYTES = 16384,
    DH_XPATH_MAX_PARTS = 2000, /* steps, operators, brackets */
    DH_XPATH_MAX_NESTING = 32  /* of brackets */
};

/* Whether a rule's value is XPath: begins with "xpath:", "/" or "(/". */
bool dh_xpath_is(dh_slice text);
/* DH_ERR_RULE with *error->offset (bytes into text) when it is none that can be evaluated. Holds
 * nothing afterwards. */
dh_status dh_xpath_check(dh_slice text, dh_error *error);

/* What an expression gives. */
typedef struct dh_xpath_result {
    enum { DH_XPATH_NODES, DH_XPATH_TRUTH, DH_XPATH_TEXT } kind;
    dh_css_values nodes; /* in document order; an attribute is its element and a text */
    bool truth;                 /* TRUTH; NODES: there are any; TEXT: it is not empty */
    dh_slice text;              /* of strings and numbers */
} dh_xpath_result;

/* Evaluates text (checked before) with element `node` as context; DH_NO_NODE: the document. In
 * context->arena. Without context->xpaths, or when the steps are used up, an empty result. */
void dh_xpath_eval(dh_css_context *context, dh_slice text, uint32_t node, dh_xpath_result *out);

#endif
