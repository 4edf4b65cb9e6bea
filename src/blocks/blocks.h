/* SPDX-License-Identifier: Apache-2.0 */
/* blocks: cutting a tree, or lines of text, into blocks in reading order. */
#ifndef DH_BLOCKS_BLOCKS_H
#define DH_BLOCKS_BLOCKS_H

#include "dom/dom.h"
#include "model/block.h"

/* Cuts the tree. Hidden and noscript text is cut too and flagged; script, style, template, form
 * controls are left out. Images become inlines of the block they stand in, or image blocks. */
void dh_blocks_of_dom(dh_blocks *blocks, dh_dom *dom, const dh_limits *limits, dh_arena *arena);
/* One block per line; hard-wrapped lines are joined where the text shows it. */
void dh_blocks_of_text(dh_blocks *blocks, dh_slice text, const dh_limits *limits, dh_arena *arena);

#endif
