/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mojibake.h"

#include "base/utf8.h"

/* The code points of windows-1252's bytes 80 to 9F; 0 where it has none (then the C1 control). */
static const uint16_t specials[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* The byte whose image code is, or -1. */
static int byte_of(uint32_t code) {
    if (code < 0x100) return (int)code;
    for (int i = 0; i < 32; i++)
        if (specials[i] == code) return 0x80 + i;
    return -1;
}

bool dh_mojibake_suspect(dh_slice text) {
    const char *p = text.ptr, *end = text.len > 0 ? text.ptr + text.len : text.ptr;
    while (p < end && (p = memchr(p, 0xC3, (size_t)(end - p))) != NULL) {
        uint32_t lead, next = 0;
        p += dh_utf8_decode(p, end, &lead);
        if (lead < 0xC2 || lead > 0xF4 || p == end) continue;
        dh_utf8_decode(p, end, &next);
        int byte = next < 0x80 ? -1 : byte_of(next);
        if (byte >= 0x80 && byte < 0xC0) return true;
    }
    return false;
}

/* Marks that follow a capital letter in honest text: quotes, dots, dashes, degree, no-break space. */
static bool is_common_follower(uint32_t code) {
    return code == 0xA0 || code == 0xAB || code == 0xAE || code == 0xB0 || code == 0xB4 ||
           code == 0xB7 || code == 0xBB || (code >= 0x2013 && code <= 0x203A) || code == 0x2122;
}

/* Scripts and marks that a doubly encoded page really has. */
static bool is_plausible(uint32_t code) {
    static const struct {
        uint32_t low, high;
    } ranges[] = {{0xA0, 0x17F},    {0x218, 0x21B},   {0x2C6, 0x2DD},    {0x300, 0x45F},
                  {0x490, 0x491},   {0x4D0, 0x52F},   {0x531, 0x58A},    {0x5B0, 0x5F4},
                  {0x600, 0x6FF},   {0x900, 0xDFF},   {0xE01, 0xEFF},    {0x10A0, 0x10FF},
                  {0x1200, 0x137F}, {0x1780, 0x17FF}, {0x1E00, 0x1EF9},  {0x2000, 0x206F},
                  {0x20A0, 0x20BF}, {0x2100, 0x214F}, {0x2190, 0x21FF},  {0x2460, 0x27BF},
                  {0x3000, 0x30FF}, {0x3400, 0x9FFF}, {0xAC00, 0xD7A3},  {0xFB50, 0xFDFF},
                  {0xFE00, 0xFEFF}, {0xFF00, 0xFFEF}, {0x1F000, 0x1FAFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].low && code <= ranges[i].high) return true;
    return false;
}

/* Undoes one sequence at p. Returns its length in the text, 0 when it is none. */
static size_t undo(const char *p, const char *end, uint32_t *code, bool *sure) {
    char bytes[4];
    const char *at = p;
    size_t need = 0, n = 0;
    *sure = false;
    do {
        uint32_t one;
        if (at == end) return 0;
        at += dh_utf8_decode(at, end, &one);
        int byte = byte_of(one);
        if (byte < 0x80) return 0;
        if (n == 0) need = byte < 0xC2 || byte > 0xF4 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        if (need == 0) return 0;
        if (n > 0 && !is_common_follower(one)) *sure = true;
        bytes[n++] = (char)byte;
    } while (n < need);
    if (need > 2 || (unsigned char)bytes[0] == 0xC2) *sure = true;
    if (dh_utf8_decode(bytes, bytes + n, code) != n || *code == DH_REPLACEMENT) return 0;
    return is_plausible(*code) ? (size_t)(at - p) : 0;
}

bool dh_mojibake_repair(dh_slice text, uint32_t least, dh_buf *out, uint32_t *offsets, size_t n) {
    const char *p = text.ptr, *end = text.ptr + text.len;
    uint32_t found = 0, certain = 0;
    for (const char *q = p; q < end;) { /* first see whether it holds throughout */
        uint32_t code;
        bool sure;
        if ((unsigned char)*q < 0x80) {
            q++;
            continue;
        }
        size_t len = undo(q, end, &code, &sure);
        if (len == 0) return false;
        q += len;
        found += len > 4 ? 2 : 1; /* three or more bytes: chance is out of the question */
        certain += sure;
    }
    if (found < least || certain == 0) return false;
    size_t next = 0;
    while (p < end) {
        uint32_t code;
        bool sure;
        size_t at = (size_t)(p - text.ptr), len = 1;
        size_t before = out->len;
        if ((unsigned char)*p < 0x80) {
            if (!dh_buf_putc(out, *p)) return false;
        } else {
            len = undo(p, end, &code, &sure);
            if (!dh_buf_put_code(out, code)) return false;
        }
        for (; offsets != NULL && next < n && offsets[next] < at + len; next++)
            offsets[next] = (uint32_t)before;
        p += len;
    }
    for (; offsets != NULL && next < n; next++) offsets[next] = (uint32_t)out->len;
    return true;
}
