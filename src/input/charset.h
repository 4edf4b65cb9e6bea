/* SPDX-License-Identifier: Apache-2.0 */
/* charset: the encodings of the WHATWG Encoding Standard (charsets.def) and their labels. Private to
 * input/. */
#ifndef DH_INPUT_CHARSET_H
#define DH_INPUT_CHARSET_H

#include "base/slice.h"

typedef enum dh_charset_kind {
    DH_KIND_UTF8,
    DH_KIND_UTF16,
    DH_KIND_SINGLE, /* one byte, one code point: decoded by a table */
    DH_KIND_MULTI,  /* decoded by ICU */
    DH_KIND_OTHER   /* replacement, x-user-defined */
} dh_charset_kind;

typedef enum dh_charset {
    DH_CHARSET_NONE,
#define DH_CHARSET(id, name, kind, icu, labels) DH_CHARSET_##id,
#include "input/charsets.def"
#undef DH_CHARSET
    DH_CHARSET_COUNT
} dh_charset;

/* Case and outer white space of the label do not matter. */
dh_charset dh_charset_find(dh_slice label);
dh_slice dh_charset_name(dh_charset charset); /* "windows-1252"; static */
dh_charset_kind dh_charset_kind_of(dh_charset charset);
const char *dh_charset_icu(dh_charset charset); /* ICU's converter, NULL when none is needed */

#endif
