/* SPDX-License-Identifier: Apache-2.0 */
/* slice: a borrowed run of bytes, and ASCII-only helpers that never look at the locale.
 * Slices are not NUL-terminated. ptr may be NULL when len is 0. */
#ifndef DH_BASE_SLICE_H
#define DH_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct dh_slice {
    const char *ptr;
    size_t len;
} dh_slice;

#define DH_SLICE(literal) ((dh_slice){(literal), sizeof(literal) - 1})
#define DH_SLICE_INIT(literal) {(literal), sizeof(literal) - 1}
#define DH_NPOS SIZE_MAX

static inline dh_slice dh_slice_make(const char *ptr, size_t len) {
    return (dh_slice){ptr, len};
}

/* text may be NULL: gives an empty slice. */
static inline dh_slice dh_slice_cstr(const char *text) {
    return (dh_slice){text, text != NULL ? strlen(text) : 0};
}

/* Bytes [begin, end) of s, clamped to s. */
static inline dh_slice dh_slice_sub(dh_slice s, size_t begin, size_t end) {
    if (end > s.len) end = s.len;
    if (begin > end) begin = end;
    return (dh_slice){s.ptr != NULL ? s.ptr + begin : NULL, end - begin};
}

static inline bool dh_slice_eq(dh_slice a, dh_slice b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool dh_is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
static inline bool dh_is_digit(char c) {
    return c >= '0' && c <= '9';
}
static inline char dh_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline bool dh_is_alpha(char c) {
    return dh_lower(c) >= 'a' && dh_lower(c) <= 'z';
}
static inline bool dh_is_alnum(char c) {
    return dh_is_alpha(c) || dh_is_digit(c);
}

/* ASCII case-insensitive equality. */
bool dh_slice_eq_nocase(dh_slice a, dh_slice b);
/* Order by bytes, then by length: <0, 0, >0. */
int dh_slice_compare(dh_slice a, dh_slice b);
bool dh_slice_starts(dh_slice s, dh_slice prefix);
bool dh_slice_starts_nocase(dh_slice s, dh_slice prefix);
bool dh_slice_ends(dh_slice s, dh_slice suffix);
bool dh_slice_ends_nocase(dh_slice s, dh_slice suffix);
/* Offset of the first occurrence, or DH_NPOS. An empty needle is found at 0. */
size_t dh_slice_find(dh_slice hay, dh_slice needle);
size_t dh_slice_find_nocase(dh_slice hay, dh_slice needle);
static inline bool dh_slice_has(dh_slice hay, dh_slice needle) {
    return dh_slice_find(hay, needle) != DH_NPOS;
}
static inline bool dh_slice_has_nocase(dh_slice hay, dh_slice needle) {
    return dh_slice_find_nocase(hay, needle) != DH_NPOS;
}
/* Without ASCII white space at both ends. */
dh_slice dh_slice_trim(dh_slice s);
/* Cuts the part before the first `separator` off *rest and returns it; the whole of it when there
 * is none (then *rest becomes empty with ptr NULL). Loop: while (rest.ptr != NULL). */
dh_slice dh_slice_cut(dh_slice *rest, char separator);
/* The next run of non-space bytes of *rest, which moves behind it; empty at the end. */
dh_slice dh_slice_token(dh_slice *rest);
/* Decimal digits only, no sign; false on anything else or on overflow. */
bool dh_slice_to_u64(dh_slice s, uint64_t *out);

#endif
