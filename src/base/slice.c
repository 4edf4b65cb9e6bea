/* SPDX-License-Identifier: Apache-2.0 */
#include "base/slice.h"

bool dh_slice_eq_nocase(dh_slice a, dh_slice b) {
    return a.len == b.len && dh_slice_starts_nocase(a, b);
}

int dh_slice_compare(dh_slice a, dh_slice b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool dh_slice_starts(dh_slice s, dh_slice prefix) {
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool dh_slice_starts_nocase(dh_slice s, dh_slice prefix) {
    if (s.len < prefix.len) return false;
    for (size_t i = 0; i < prefix.len; i++)
        if (dh_lower(s.ptr[i]) != dh_lower(prefix.ptr[i])) return false;
    return true;
}

bool dh_slice_ends(dh_slice s, dh_slice suffix) {
    return s.len >= suffix.len && dh_slice_eq(dh_slice_sub(s, s.len - suffix.len, s.len), suffix);
}

bool dh_slice_ends_nocase(dh_slice s, dh_slice suffix) {
    return s.len >= suffix.len &&
           dh_slice_eq_nocase(dh_slice_sub(s, s.len - suffix.len, s.len), suffix);
}

size_t dh_slice_find(dh_slice hay, dh_slice needle) {
    if (needle.len == 0) return 0;
    size_t at = 0;
    while (at + needle.len <= hay.len) {
        const char *hit = memchr(hay.ptr + at, needle.ptr[0], hay.len - at - needle.len + 1);
        if (hit == NULL) return DH_NPOS;
        if (memcmp(hit, needle.ptr, needle.len) == 0) return (size_t)(hit - hay.ptr);
        at = (size_t)(hit - hay.ptr) + 1;
    }
    return DH_NPOS;
}

size_t dh_slice_find_nocase(dh_slice hay, dh_slice needle) {
    if (needle.len == 0) return 0;
    const char first = dh_lower(needle.ptr[0]);
    for (size_t at = 0; at + needle.len <= hay.len; at++)
        if (dh_lower(hay.ptr[at]) == first &&
            dh_slice_starts_nocase(dh_slice_sub(hay, at, hay.len), needle))
            return at;
    return DH_NPOS;
}

dh_slice dh_slice_trim(dh_slice s) {
    while (s.len > 0 && dh_is_space(s.ptr[0])) s.ptr++, s.len--;
    while (s.len > 0 && dh_is_space(s.ptr[s.len - 1])) s.len--;
    return s;
}

dh_slice dh_slice_cut(dh_slice *rest, char separator) {
    const char *hit = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
    dh_slice part = *rest;
    if (hit == NULL) {
        *rest = (dh_slice){NULL, 0};
        return part;
    }
    part.len = (size_t)(hit - rest->ptr);
    *rest = dh_slice_sub(*rest, part.len + 1, rest->len);
    return part;
}

dh_slice dh_slice_token(dh_slice *rest) {
    while (rest->len > 0 && dh_is_space(rest->ptr[0])) rest->ptr++, rest->len--;
    size_t n = 0;
    while (n < rest->len && !dh_is_space(rest->ptr[n])) n++;
    dh_slice token = {rest->ptr, n};
    *rest = dh_slice_sub(*rest, n, rest->len);
    return token;
}

bool dh_slice_to_u64(dh_slice s, uint64_t *out) {
    uint64_t value = 0;
    if (s.len == 0) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!dh_is_digit(s.ptr[i])) return false;
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
