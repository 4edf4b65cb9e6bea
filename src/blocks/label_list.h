/* SPDX-License-Identifier: Apache-2.0 */
/* label_list: what belongs to a boilerplate label: "heading, then items until prose, an equal or
 * higher heading, or the end". Shared by `remove block` of the rule files and by the lexicon's list
 * labels. Pure: reads blocks and the tree, writes nothing, takes no memory. */
#ifndef DH_BLOCKS_LABEL_LIST_H
#define DH_BLOCKS_LABEL_LIST_H

#include "blocks/blocks.h"

/* One past the last block of the list that block `label` heads; label + 1 when nothing follows that
 * looks like one. dom is NULL for plain text. is_label (one byte per block, nonzero: is a list label
 * itself, so that the list ends before it) may be NULL.
 *
 * HTML: the list is what stands in the label's own container (the highest ancestor that holds
 * nothing before the label and no prose but teasers); without one, the list items, images,
 * mostly-link blocks and short lines that follow it as siblings.
 * Plain text: lines without a sentence end; full sentences only where lone "-" or HH:MM lines stand
 * between the items. */
uint32_t dh_label_list_end(const dh_blocks *blocks, const dh_dom *dom, uint32_t label,
                           const uint8_t *is_label);

/* Whether blocks [begin, end) hold over 60 % of the page's visible text outside of links: then a
 * label must not take them. */
bool dh_label_list_too_much(const dh_blocks *blocks, uint32_t begin, uint32_t end);

#endif
