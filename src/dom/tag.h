/* SPDX-License-Identifier: Apache-2.0 */
/* tag: the elements that some stage treats by name, and their standing properties (tags.def). */
#ifndef DH_DOM_TAG_H
#define DH_DOM_TAG_H

#include "base/slice.h"

typedef uint16_t dh_tag;

enum {
    DH_TAG_TEXT,
    DH_TAG_UNKNOWN,
#define DH_TAG(name, flags) DH_TAG_##name,
#include "dom/tags.def"
#undef DH_TAG
    DH_TAG_COUNT
};

enum {
    DH_T_BLOCK = 1 << 0,      /* breaks a line when rendered */
    DH_T_VOID = 1 << 1,       /* has no end tag */
    DH_T_SPECIAL = 1 << 2,    /* "special" in the HTML standard's stack of open elements */
    DH_T_FORMATTING = 1 << 3, /* "formatting" there */
    DH_T_SCOPE = 1 << 4,      /* ends the default scope */
    DH_T_CLOSES_P = 1 << 5,   /* its start tag closes an open p */
    DH_T_RAW = 1 << 6,        /* raw text content (script, style, xmp, iframe, noembed, noframes) */
    DH_T_RCDATA = 1 << 7,     /* title, textarea */
    DH_T_SKIP = 1 << 8,       /* its content is never text of the page */
    DH_T_HEADING = 1 << 9,
};

/* Of an element's name in lower case (ASCII); DH_TAG_UNKNOWN when it is not listed. */
dh_tag dh_tag_of(dh_slice lower);
dh_slice dh_tag_name(dh_tag tag);
uint16_t dh_tag_flags(dh_tag tag);
static inline bool dh_tag_is(dh_tag tag, uint16_t flag) {
    return (dh_tag_flags(tag) & flag) != 0;
}

#endif
