/* SPDX-License-Identifier: Apache-2.0 */
/* code: code points as the formats care about them. Private to emit/. */
#ifndef DH_EMIT_CODE_H
#define DH_EMIT_CODE_H

#include "base/utf8.h"

static inline bool dh_is_ascii_punct(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

/* White space or punctuation, as far as it is common in news text. */
static inline bool dh_code_separates(uint32_t c) {
    if (c < 0x80) return c <= ' ' || c == 0x7F || dh_is_ascii_punct((char)c);
    if (c < 0xC0) return c != 0xAA && c != 0xB5 && c != 0xBA; /* Latin-1 signs */
    if (c < 0x2000)
        return c == 0xD7 || c == 0xF7 || c == 0x589 || c == 0x5BE || c == 0x60C || c == 0x61B ||
               c == 0x61F || c == 0x66A || c == 0x66B || c == 0x66C || c == 0x6D4 || c == 0x964 ||
               c == 0x965;
    return c <= 0x206F || (c >= 0x20A0 && c <= 0x20CF) || (c >= 0x2190 && c <= 0x2BFF) ||
           (c >= 0x3000 && c <= 0x303F && c != 0x3005 && c != 0x3006) || c == 0x30FB ||
           (c >= 0xFD3E && c <= 0xFD3F) || (c >= 0xFE10 && c <= 0xFE6F) ||
           (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
           (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65);
}

/* A letter of a script written without spaces: Thai, Lao, Myanmar, Khmer, kana, Han. */
static inline bool dh_code_unspaced(uint32_t c) {
    if (c < 0x0E00) return false;
    return c <= 0x0EFF || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) ||
           (c >= 0x3005 && c <= 0x3007) || (c >= 0x3041 && c <= 0x30FF) ||
           (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

#endif
