/* SPDX-License-Identifier: Apache-2.0 */
/* prescan: what a page says of its own encoding. Private to input/. */
#ifndef DH_INPUT_PRESCAN_H
#define DH_INPUT_PRESCAN_H

#include "input/charset.h"

/* The encoding that <meta> or the XML declaration names in the first bytes of a page (HTML standard,
 * "prescan a byte stream to determine its encoding"); *label is the label as written, in data. A label
 * that is none is passed over. UTF-16 means UTF-8 and x-user-defined windows-1252 here. */
dh_charset dh_prescan(dh_slice data, dh_slice *label);

/* The charset parameter of a Content-Type value, or empty. */
dh_slice dh_content_type_charset(dh_slice value);

/* The page's language: lang of <html> or a Content-Language <meta>, as written, or empty. */
dh_slice dh_prescan_language(dh_slice data);

#endif
