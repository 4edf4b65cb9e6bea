/* SPDX-License-Identifier: Apache-2.0 */
/* line: text of a page on one line of a terminal. */
#ifndef DH_EMIT_LINE_H
#define DH_EMIT_LINE_H

#include "base/buf.h"

/* At most max code points (0: all), then "..." (U+2026): white space runs as one space, other
 * controls and bidi controls as "?", ill-formed bytes as U+FFFD. */
void dh_line_put(dh_buf *out, dh_slice text, size_t max);

#endif
