/* SPDX-License-Identifier: Apache-2.0 */
/* hints: what an element's names (tag, class, id, role, itemprop) say about it. Private to extract/. */
#ifndef DH_EXTRACT_HINTS_H
#define DH_EXTRACT_HINTS_H

#include "dom/dom.h"

enum {
    DH_HINT_NAV = 1 << 0,
    DH_HINT_FOOTER = 1 << 1,
    DH_HINT_HEADER = 1 << 2,
    DH_HINT_SIDE = 1 << 3,
    DH_HINT_COMMENTS = 1 << 4,
    DH_HINT_SHARE = 1 << 5,
    DH_HINT_RELATED = 1 << 6,
    DH_HINT_TEASER = 1 << 7,
    DH_HINT_NEWSLETTER = 1 << 8,
    DH_HINT_COOKIE = 1 << 9,
    DH_HINT_AD = 1 << 10,
    DH_HINT_MODAL = 1 << 11,
    DH_HINT_AUTHOR = 1 << 12,
    DH_HINT_META = 1 << 13,
    DH_HINT_TAGS = 1 << 14,
    DH_HINT_CAPTION = 1 << 15,
    DH_HINT_WIDGET = 1 << 16,
    DH_HINT_TOOLS = 1 << 17,
    DH_HINT_TOC = 1 << 18,
    DH_HINT_PRODUCT = 1 << 19,
    DH_HINT_ARTICLE = 1 << 20,
    DH_HINT_LEAD = 1 << 21,
    DH_HINT_BODY = 1 << 22,
    /* The rest only inform the classifier. */
    DH_HINT_FORM = 1 << 23,
    DH_HINT_REVIEW = 1 << 24,
    DH_HINT_THREAD = 1 << 25,
    DH_HINT_EMBED = 1 << 26,
    DH_HINT_BOX = 1 << 27,
    DH_HINT_FOLD = 1 << 28,
    DH_HINT_CARD = 1 << 29,
    DH_HINT_SHOP = 1 << 30,
};
#define DH_HINT_TEXT (1u << 31)

/* Names that are boilerplate whatever stands in them. */
#define DH_HINTS_BAD                                                                         \
    (DH_HINT_NAV | DH_HINT_FOOTER | DH_HINT_SIDE | DH_HINT_COMMENTS | DH_HINT_SHARE |        \
     DH_HINT_RELATED | DH_HINT_NEWSLETTER | DH_HINT_COOKIE | DH_HINT_AD | DH_HINT_MODAL)
/* Names that are boilerplate when the text does not speak against it. */
#define DH_HINTS_DOUBTFUL                                                                    \
    (DH_HINT_HEADER | DH_HINT_TEASER | DH_HINT_AUTHOR | DH_HINT_META | DH_HINT_TAGS |        \
     DH_HINT_WIDGET | DH_HINT_TOOLS | DH_HINT_TOC)

/* hints[id] for every node: its own hints, without those of its ancestors. Linear; a class token is
 * looked at once a page. */
uint32_t *dh_hints_of_dom(dh_dom *dom, dh_arena *arena);
/* The first of `hints` in words ("comments", "share bar"), for reasons. Static. */
dh_slice dh_hint_text(uint32_t hints);

#endif
