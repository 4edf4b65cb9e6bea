/* SPDX-License-Identifier: Apache-2.0 */
/* layout: what an element is for, where its name does not say it. Each question costs at most a walk over what is
 * in the element; no node is walked over for more than one list item or table. */
#ifndef DH_BLOCKS_LAYOUT_H
#define DH_BLOCKS_LAYOUT_H

#include "dom/dom.h"

/* By hidden, aria-hidden or its own style. */
bool dh_layout_is_hidden(dh_dom *dom, uint32_t id);
/* A table of data is printed by rows; one that only lays the page out is cut as if it were divs. */
bool dh_layout_is_data_table(dh_dom *dom, uint32_t id);
/* A list item that is a column of the page or holds a text of its own (an article, a headline of the first level, four
 * paragraphs): it is cut as if it were a div. */
bool dh_layout_is_column(dh_dom *dom, uint32_t id);

#endif
