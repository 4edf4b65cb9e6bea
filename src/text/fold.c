/* SPDX-License-Identifier: Apache-2.0 */
/* fold: --fold, what a training corpus may fold in the output. Each fold is a small mapping of single
 * code points; nothing here is ever applied by default. */
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "text/clean.h"
#include "text/codes.h"

enum { NOTHING = 0x7FFFFFFF }; /* a code point that is taken out */

static const struct {
    dh_slice name;
} folds[DH_FOLD_COUNT] = {
#define DH_FOLD(name, help) {DH_SLICE_INIT(#name)},
#include "text/fold.def"
#undef DH_FOLD
};

bool dh_fold_parse(dh_slice names, uint32_t *mask, dh_slice *bad) {
    *mask = 0;
    while (names.ptr != NULL) {
        dh_slice name = dh_slice_trim(dh_slice_cut(&names, ','));
        int i = 0;
        while (i < DH_FOLD_COUNT && !dh_slice_eq(folds[i].name, name)) i++;
        if (i == DH_FOLD_COUNT) {
            *bad = name;
            return false;
        }
        *mask |= UINT32_C(1) << i;
    }
    return true;
}

/* Arabic harakat and Quranic marks, Hebrew niqqud and accents. */
static bool is_diacritic(uint32_t c) {
    return (c >= 0x64B && c <= 0x65F) || c == 0x670 || (c >= 0x610 && c <= 0x61A) ||
           (c >= 0x6D6 && c <= 0x6DC) || (c >= 0x6DF && c <= 0x6E4) || c == 0x6E7 || c == 0x6E8 ||
           (c >= 0x6EA && c <= 0x6ED) || (c >= 0x8D3 && c <= 0x8FF) || (c >= 0x591 && c <= 0x5BD) ||
           c == 0x5BF || c == 0x5C1 || c == 0x5C2 || c == 0x5C4 || c == 0x5C5 || c == 0x5C7;
}

static uint32_t quote_of(uint32_t c) {
    if ((c >= 0x2018 && c <= 0x201B) || c == 0x2039 || c == 0x203A || c == 0x2BC) return '\'';
    if ((c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB || c == 0x300C || c == 0x300D ||
        (c >= 0x300E && c <= 0x300F) || (c >= 0x301D && c <= 0x301F) || c == 0xFF02)
        return '"';
    return c == 0xFF07 ? '\'' : c;
}

static bool is_dash(uint32_t c) {
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2E3A || c == 0x2E3B ||
           c == 0xFE58 || c == 0xFE63 || c == 0xFF0D || c == 0x58A || c == 0x5BE;
}

static uint32_t letter_of(uint32_t c, uint32_t mask) {
    if (mask & 1u << DH_FOLD_bit_alef)
        if (c == 0x622 || c == 0x623 || c == 0x625 || (c >= 0x671 && c <= 0x673)) return 0x627;
    if (mask & 1u << DH_FOLD_bit_yeh)
        if (c == 0x649 || c == 0x6CC) return 0x64A;
    if (mask & 1u << DH_FOLD_bit_kaf)
        if (c == 0x6A9 || c == 0x6AA) return 0x643;
    return c;
}

/* What becomes of one code point; width and case apart, which may give several. */
static uint32_t fold_one(uint32_t c, uint32_t mask) {
    if (c < 0xA0) return c;
    if ((mask & 1u << DH_FOLD_bit_tatweel) && c == 0x640) return NOTHING;
    if ((mask & 1u << DH_FOLD_bit_diacritics) && is_diacritic(c)) return NOTHING;
    if ((mask & 1u << DH_FOLD_bit_zwnj) && c == 0x200C) return ' ';
    if ((mask & 1u << DH_FOLD_bit_quotes) && quote_of(c) != c) return quote_of(c);
    if ((mask & 1u << DH_FOLD_bit_dashes) && is_dash(c)) return '-';
    const dh_code_record *r = dh_code_find(c);
    if ((mask & 1u << DH_FOLD_bit_digits) && (r->flags & DH_C_DIGIT) != 0)
        return '0' + (uint32_t)r->digit;
    return letter_of(c, mask);
}

static bool is_wide(uint32_t c) {
    return (c >= 0xFF01 && c <= 0xFFEE) || c == 0x3000;
}

/* The ordinary form of a full-width or half-width one; NFKC knows it for each but the space. */
static uint32_t width_of(uint32_t c) {
    if (c == 0x3000) return ' ';
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
    uint32_t codes[32];
    return dh_code_fold_hard(c, codes) == 1 ? codes[0] : c;
}

static void put_cased(dh_buf *out, uint32_t code) {
    UChar from[2], to[8];
    char utf8[24];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = 0, made, size = 0;
    U16_APPEND_UNSAFE(from, n, code);
    made = u_strFoldCase(to, 8, from, n, U_FOLD_CASE_DEFAULT, &status);
    u_strToUTF8(utf8, sizeof utf8, &size, to, made, &status);
    if (U_SUCCESS(status))
        dh_buf_put(out, utf8, (size_t)size);
    else
        dh_buf_put_code(out, code);
}

/* Composes what folding may have brought together (kana and their voicing marks). */
static dh_slice composed(dh_slice text, dh_arena *arena) {
    return dh_text_clean(text, DH_SPACE_VERBATIM, arena, NULL, 0);
}

dh_slice dh_text_fold(dh_slice text, uint32_t mask, dh_arena *arena) {
    bool wide = (mask & 1u << DH_FOLD_bit_width) != 0, cased = (mask & 1u << DH_FOLD_bit_case) != 0;
    bool recompose = false;
    if (mask == 0 || text.len == 0) return text;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, text.len + 1);
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        p += dh_code_read(p, end, &code);
        if (wide && is_wide(code)) {
            recompose =
                recompose || code == 0xFF9E || code == 0xFF9F || (code >= 0xFFA0 && code <= 0xFFDC);
            code = width_of(code);
        }
        code = fold_one(code, mask);
        if (code == NOTHING) continue;
        if (cased && code >= 'A' && code <= 'Z')
            dh_buf_putc(&out, (char)(code + 32));
        else if (cased && code >= 0x80)
            put_cased(&out, code);
        else
            dh_buf_put_code(&out, code);
    }
    if (out.len == 0) return (dh_slice){text.ptr, 0};
    return recompose ? composed(dh_buf_slice(&out), arena) : dh_buf_slice(&out);
}
