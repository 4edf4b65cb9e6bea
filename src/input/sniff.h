/* SPDX-License-Identifier: Apache-2.0 */
/* sniff: HTML, text, or neither. Private to input/. */
#ifndef DH_INPUT_SNIFF_H
#define DH_INPUT_SNIFF_H

#include "base/slice.h"

/* A word for what the bytes are when they are no text of any charset ("PDF", "PNG image", "zip
 * archive", "binary data"), else empty. Looks at the first bytes only. wide: the bytes are UTF-16, in
 * which NULs and controls mean nothing. */
dh_slice dh_sniff_binary(dh_slice data, bool wide);

/* Whether decoded text is HTML: it begins with a tag, doctype or comment that HTML has, or has several
 * HTML tags in its first kilobytes. Text that only mentions "<" or quotes a tag is not. XML (feeds,
 * XHTML) counts as HTML. mime: the Content-Type value, may be empty: text/plain is believed unless the
 * text begins as a page does; text/html and XML types as soon as there is any tag. */
bool dh_sniff_html(dh_slice text, dh_slice mime);

#endif
