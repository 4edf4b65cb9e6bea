/* SPDX-License-Identifier: Apache-2.0 */
/* needle: private to meta/. Quick looks at start tags, so that only the few elements that matter have
 * their attributes read. */
#ifndef DH_META_NEEDLE_H
#define DH_META_NEEDLE_H

#include "base/slice.h"

/* A word that is searched for again and again (Horspool 1980): most bytes are never looked at. */
typedef struct dh_needle {
    dh_slice text; /* 1..255 bytes, borrowed */
    uint8_t shift[256];
} dh_needle;

static inline dh_needle dh_needle_make(dh_slice text) {
    dh_needle needle = {.text = text};
    memset(needle.shift, (int)text.len, sizeof needle.shift);
    for (size_t i = 0; i + 1 < text.len; i++)
        needle.shift[(unsigned char)text.ptr[i]] = (uint8_t)(text.len - 1 - i);
    return needle;
}

static inline bool dh_needle_in(const dh_needle *needle, dh_slice hay) {
    size_t len = needle->text.len, at = 0;
    while (at + len <= hay.len) {
        unsigned char last = (unsigned char)hay.ptr[at + len - 1];
        if (last == (unsigned char)needle->text.ptr[len - 1] &&
            memcmp(hay.ptr + at, needle->text.ptr, len) == 0)
            return true;
        at += needle->shift[last];
    }
    return false;
}

/* Whether the tag has an attribute of this name with a value, or one that only ends like it. */
static inline bool dh_tag_has(dh_slice tag, dh_slice name) {
    for (size_t at = name.len + 1; at < tag.len;) {
        const char *hit = memchr(tag.ptr + at, '=', tag.len - at);
        if (hit == NULL) return false;
        if (dh_slice_eq_nocase((dh_slice){hit - name.len, name.len}, name)) return true;
        at = (size_t)(hit - tag.ptr) + 1;
    }
    return false;
}

#endif
