/* SPDX-License-Identifier: Apache-2.0 */
/* date: the fold. Independent of the month names, which tools/months makes with this very fold. */
#include "text/date.h"

#include "base/buf.h"
#include "base/utf8.h"

typedef struct fold_pair {
    uint16_t from, to;
} fold_pair;

static const fold_pair folds[] = {
#include "text/folds.inc"
};

/* First digit (zero) of each decimal digit range of the BMP that is used in dates. */
static const uint16_t zeros[] = {0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                                 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
                                 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10};

static bool is_dropped(uint32_t c) {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7 && c != 0x05BE) ||
           (c >= 0x0610 && c <= 0x061A) || c == 0x061C || c == 0x0640 ||
           (c >= 0x064B && c <= 0x065F) || c == 0x0670 || (c >= 0x06D6 && c <= 0x06ED) ||
           c == 0x00AD || c == 0x093C || c == 0x09BC || c == 0x0A3C || c == 0x0ABC || c == 0x0B3C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_blank(uint32_t c) {
    return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == DH_REPLACEMENT;
}

static uint32_t fold_code(uint32_t c) {
    if (c < 0x80) return (uint32_t)(unsigned char)dh_lower((char)c);
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (c >= zeros[i] && c < zeros[i] + 10u) return '0' + (c - zeros[i]);
    if (c > 0xFF00 && c < 0xFF5F) return (uint32_t)(unsigned char)dh_lower((char)(c - 0xFEE0));
    size_t low = 0, high = sizeof folds / sizeof *folds;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (folds[middle].from < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof folds / sizeof *folds && folds[low].from == c ? folds[low].to : c;
}

/* Letters as far as the full stop behind one is concerned: everything beyond ASCII and Latin-1's
 * signs that is no general or CJK punctuation. */
static bool is_letter(uint32_t c) {
    if (c < 0x80) return dh_is_alpha((char)c);
    return c >= 0xC0 && !(c >= 0x2000 && c < 0x2E80) && !(c >= 0x3000 && c < 0x3005) &&
           c != 0x060C && c != 0x061B && c != 0x066A && c != 0x066B && c != 0x066C && c != 0x06D4;
}

dh_slice dh_date_fold(dh_slice text, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, text.len);
    const char *p = text.ptr, *end = text.ptr + text.len;
    bool letter = false, space = true;
    while (p < end) {
        uint32_t c;
        p += dh_utf8_decode(p, end, &c);
        if (is_dropped(c)) continue;
        if (is_blank(c)) {
            if (!space) dh_buf_putc(&out, ' ');
            space = true;
            letter = false;
            continue;
        }
        c = fold_code(c);
        if (c == '.' && letter) continue;
        letter = is_letter(c);
        space = false;
        dh_buf_put_code(&out, c);
    }
    if (space && out.len > 0) out.len--;
    return dh_buf_slice(&out);
}
