/* SPDX-License-Identifier: Apache-2.0 */
/* scan: the tokens of selectors (CSS Syntax 3): names with escapes, strings, /regexes/. The first error
 * stays; every reader returns false once there is one. */
#ifndef DH_CSS_SCAN_H
#define DH_CSS_SCAN_H

#include "css/css_private.h"

typedef struct css_scan {
    dh_slice text; /* a copy in the arena: compiled parts point into it */
    size_t at;
    dh_css *css;
    dh_arena *arena;
    void (*own)(void *data, dh_regex *regex);
    void *data;
    uint32_t nesting, parts;
    dh_error *error;
    dh_status status; /* of the first error */
} css_scan;

static inline bool dh_scan_at_end(const css_scan *p) {
    return p->at >= p->text.len;
}
/* 0 at the end. */
static inline char dh_scan_peek(const css_scan *p) {
    return dh_scan_at_end(p) ? 0 : p->text.ptr[p->at];
}
/* A character of a name, escapes aside. */
static inline bool dh_scan_is_name(char c) {
    return dh_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}
/* Notes an error at byte `at` of the text; returns false. */
bool dh_scan_fail(css_scan *p, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Whether there was any. */
bool dh_scan_space(css_scan *p);
bool dh_scan_at_name(const css_scan *p);
/* An identifier. what: for the message when there is none ("a class name"). */
bool dh_scan_name(css_scan *p, dh_slice *name, const char *what);
/* At a quotation mark. */
bool dh_scan_string(css_scan *p, dh_slice *value);
/* At a slash: /pattern/flags. */
bool dh_scan_regex(css_scan *p, const dh_regex **regex);
/* A copy in ASCII lower case. */
dh_slice dh_scan_lower(css_scan *p, dh_slice s);

#endif
