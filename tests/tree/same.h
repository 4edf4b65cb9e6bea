/* SPDX-License-Identifier: Apache-2.0 */
/* same: whether the tree that dom/ builds from a skeleton is the tree that Gumbo builds from the whole
 * page. For tests, the fuzz target and bench/trees.
 *
 * Compared node by node, in document order: depth, element name, attributes (names and values, in
 * order), text (between two tags, whatever comments stood in it). Left out of the comparison, because
 * dom/ leaves it out on purpose:
 * - comments and the doctype: nothing of them is shown;
 * - the namespace and the attributes of svg and math elements, and what stands in a svg element: no
 *   reader of a text sees a drawing, and libgumbo 0.10 aborts on some. The svg element itself and all
 *   elements and text of math are compared;
 * - white space alone directly in html, frameset and template: there the standard may drop the other
 *   characters of a run and keep its white space, and we see a run as one;
 * - how many white space characters stand in a row, outside of pre, listing, textarea and raw text;
 * - control characters and noncharacters: Gumbo makes U+FFFD of them, the standard and we keep them. */
#ifndef DH_TESTS_TREE_SAME_H
#define DH_TESTS_TREE_SAME_H

#include "base/buf.h"
#include "dom/dom.h"

/* The two trees as text, a line for each node. page: decoded, a NUL behind it. */
void same_ours(dh_slice page, const dh_limits *limits, dh_arena *arena, dh_buf *out);
void same_gumbo(dh_slice page, dh_arena *arena, dh_buf *out);

/* All text of such a tree that a page shows, without white space and U+FFFD: what must not be lost. */
dh_slice same_text(dh_slice tree, dh_arena *arena);

/* Limits that no ordinary page meets. */
dh_limits same_limits(void);

/* The first line in which they differ, counted from 1; 0 when they are equal. *ours and *gumbo:
 * these lines, empty at the end of a tree. */
size_t same_differ(dh_slice ours_tree, dh_slice gumbo_tree, dh_slice *ours, dh_slice *gumbo);

#endif
