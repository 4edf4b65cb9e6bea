/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

size_t dh_utf8_decode_slow(const char *p, const char *end, uint32_t *code) {
    const unsigned char *s = (const unsigned char *)p;
    size_t room = (size_t)(end - p);
    unsigned char lead = s[0];
    *code = DH_REPLACEMENT;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) return 1;
    size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = 0x80, high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    uint32_t value = lead & (0xFFu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if (i >= room || s[i] < low || s[i] > high) return i;
        value = value << 6 | (s[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return need;
}

size_t dh_utf8_decode_before(const char *begin, const char *p, uint32_t *code) {
    const char *at = p - 1;
    while (at > begin && p - at < 4 && ((unsigned char)*at & 0xC0) == 0x80) at--;
    if (dh_utf8_decode(at, p, code) == (size_t)(p - at)) return (size_t)(p - at);
    *code = DH_REPLACEMENT;
    return 1;
}

size_t dh_utf8_encode(uint32_t code, char out[4]) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = DH_REPLACEMENT;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t dh_utf8_valid_prefix(dh_slice s) {
    const char *p = s.ptr, *end = s.ptr + s.len;
    while (p < end) {
        uint64_t eight;
        if ((size_t)(end - p) >= sizeof eight) {
            memcpy(&eight, p, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                p += sizeof eight;
                continue;
            }
        }
        /* Two and three bytes without a call. */
        const unsigned char *u = (const unsigned char *)p;
        if (u[0] >= 0xC2 && u[0] < 0xE0 && end - p >= 2 && (u[1] & 0xC0) == 0x80) {
            p += 2;
            continue;
        }
        if (u[0] >= 0xE0 && u[0] < 0xED && end - p >= 3 && (u[1] & 0xC0) == 0x80 &&
            (u[2] & 0xC0) == 0x80 && (u[0] > 0xE0 || u[1] >= 0xA0)) {
            p += 3;
            continue;
        }
        uint32_t code;
        size_t n = dh_utf8_decode(p, end, &code);
        if (code == DH_REPLACEMENT && !(n == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0)) break;
        p += n;
    }
    return (size_t)(p - s.ptr);
}

size_t dh_utf8_count(dh_slice s) {
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}
