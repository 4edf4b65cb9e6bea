/* SPDX-License-Identifier: Apache-2.0 */
/* text_codes: writes src/text/codes.c, the tables of src/text/codes.h, from ICU's data.
 *
 *     cc -std=c11 -Isrc tools/text_codes.c $(pkg-config --cflags --libs icu-uc) -o text_codes
 *     ./text_codes > src/text/codes.c
 *
 * Run again only to move to another Unicode version (ICU 72 has 15.0, which is what is checked in);
 * tests/unit/text/test_codes.c compares the tables with the ICU that is installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/uversion.h>

#include "text/codes.h"

enum { TOP = DH_CODE_DIRECT, MAX_MAPS = 4096, MAX_POOL = 65535, MAX_RUN = 255 };

static const UNormalizer2 *nfc, *nfkc, *nfkc_fold;

static const UScriptCode unspaced[] = {
    USCRIPT_HAN,         USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_BOPOMOFO, USCRIPT_THAI,
    USCRIPT_LAO,         USCRIPT_KHMER,    USCRIPT_MYANMAR,  USCRIPT_YI,       USCRIPT_TAI_LE,
    USCRIPT_NEW_TAI_LUE, USCRIPT_LANNA,    USCRIPT_TAI_VIET, USCRIPT_JAVANESE, USCRIPT_BALINESE,
    USCRIPT_TANGUT,      USCRIPT_NUSHU};
static const UScriptCode joining[] = {USCRIPT_ARABIC,
                                      USCRIPT_SYRIAC,
                                      USCRIPT_NKO,
                                      USCRIPT_MONGOLIAN,
                                      USCRIPT_MANDAEAN,
                                      USCRIPT_ADLAM,
                                      USCRIPT_HANIFI_ROHINGYA,
                                      USCRIPT_PHAGS_PA,
                                      USCRIPT_PSALTER_PAHLAVI,
                                      USCRIPT_DEVANAGARI,
                                      USCRIPT_BENGALI,
                                      USCRIPT_GURMUKHI,
                                      USCRIPT_GUJARATI,
                                      USCRIPT_ORIYA,
                                      USCRIPT_TAMIL,
                                      USCRIPT_TELUGU,
                                      USCRIPT_KANNADA,
                                      USCRIPT_MALAYALAM,
                                      USCRIPT_SINHALA,
                                      USCRIPT_KHMER,
                                      USCRIPT_MYANMAR,
                                      USCRIPT_TIBETAN,
                                      USCRIPT_BALINESE,
                                      USCRIPT_JAVANESE,
                                      USCRIPT_SUNDANESE,
                                      USCRIPT_CHAM,
                                      USCRIPT_LANNA,
                                      USCRIPT_NEWA,
                                      USCRIPT_LIMBU,
                                      USCRIPT_SAURASHTRA,
                                      USCRIPT_KAITHI,
                                      USCRIPT_TIRHUTA,
                                      USCRIPT_GRANTHA,
                                      USCRIPT_CHAKMA,
                                      USCRIPT_MEITEI_MAYEK,
                                      USCRIPT_SYLOTI_NAGRI,
                                      USCRIPT_SHARADA,
                                      USCRIPT_KHOJKI,
                                      USCRIPT_KHUDAWADI,
                                      USCRIPT_MODI,
                                      USCRIPT_TAKRI,
                                      USCRIPT_SIDDHAM,
                                      USCRIPT_BRAHMI};
static const UScriptCode leftward[] = {USCRIPT_ARABIC,   USCRIPT_HEBREW, USCRIPT_SYRIAC,
                                       USCRIPT_THAANA,   USCRIPT_NKO,    USCRIPT_SAMARITAN,
                                       USCRIPT_MANDAEAN, USCRIPT_ADLAM,  USCRIPT_HANIFI_ROHINGYA};

static int is_any(UChar32 c, const UScriptCode *scripts, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (uscript_hasScript(c, scripts[i])) return 1;
    return 0;
}
#define IS_ANY(c, list) is_any(c, list, sizeof list / sizeof *list)

static int among(UChar32 c, const UChar32 *ranges, size_t n) {
    for (size_t i = 0; i + 1 < n; i += 2)
        if (c >= ranges[i] && c <= ranges[i + 1]) return 1;
    return 0;
}
#define AMONG(c, ...)                                                                              \
    among(c, (const UChar32[]){__VA_ARGS__},                                                       \
          sizeof((const UChar32[]){__VA_ARGS__}) / sizeof(UChar32))

static int is_bad(UChar32 c) {
    return u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT);
}

static int is_presentation(UChar32 c) {
    if (AMONG(c, 0xFDF2, 0xFDF2, 0xFDFA, 0xFDFD)) return 0; /* written on purpose */
    return AMONG(c, 0xFB00, 0xFB06, 0xFB50, 0xFDFF, 0xFE70, 0xFEFC);
}

static int is_removed(UChar32 c) {
    if (u_charType(c) == U_CONTROL_CHAR) return !u_hasBinaryProperty(c, UCHAR_WHITE_SPACE);
    return is_bad(c) ||
           AMONG(c, 0xAD, 0xAD, 0x61C, 0x61C, 0x200B, 0x200B, 0x200E, 0x200F, 0x202A, 0x202E,
                 0x2060, 0x2060, 0x2066, 0x206F, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFC);
}

static int is_key_dropped(UChar32 c) {
    if (c == 0x200C) return 0;
    if (is_removed(c)) return 1;
    if (AMONG(c, 0x640, 0x640, 0x64B, 0x652, 0x656, 0x65F, 0x670, 0x670, 0x6D6, 0x6DC, 0x6DF, 0x6E4,
              0x6E7, 0x6E8, 0x6EA, 0x6ED))
        return 1;
    return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

/* The unifications that keys add to NFKC_Casefold; 0 for none. */
static UChar32 unified(UChar32 c) {
    static const UChar32 pairs[][2] = {
        {0x622, 0x627}, {0x623, 0x627}, {0x625, 0x627}, {0x671, 0x627}, {0x672, 0x627},
        {0x673, 0x627}, {0x649, 0x64A}, {0x6CC, 0x64A}, {0x6A9, 0x643}, {0x6C0, 0x647},
        {0x131, 'i'},   {0x130, 'i'},   {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7},
        {0x3AF, 0x3B9}, {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9}, {0x390, 0x3CA},
        {0x3B0, 0x3CB}, {0x451, 0x435}, {0x5F3, '\''},  {0x5F4, '"'},   {0x2BC, '\''},
        {0x2018, '\''}, {0x2019, '\''}, {0x201A, '\''}, {0x201B, '\''}, {0x2039, '\''},
        {0x203A, '\''}, {0x2032, '\''}, {0xB4, '\''},   {0x60, '\''},   {0x201C, '"'},
        {0x201D, '"'},  {0x201E, '"'},  {0x201F, '"'},  {0xAB, '"'},    {0xBB, '"'},
        {0x2212, '-'},  {0x24B8, 0xA9}, {0x24D2, 0xA9}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] == c) return pairs[i][1];
    if (u_charType(c) == U_DASH_PUNCTUATION &&
        !AMONG(c, 0x301C, 0x301C, 0x3030, 0x3030, 0x30A0, 0x30A0))
        return '-';
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) return '0' + u_charDigitValue(c);
    return 0;
}

/* What one code point becomes in a key; the number of code points. */
static int key_of(UChar32 c, UChar32 out[64]) {
    UChar from[2], to[64];
    UErrorCode status = U_ZERO_ERROR;
    if (is_key_dropped(c)) return 0;
    if (unified(c) != 0) {
        out[0] = unified(c);
        return 1;
    }
    int n = 0;
    int32_t len = 0;
    U16_APPEND_UNSAFE(from, len, c);
    int32_t to_len = unorm2_normalize(nfkc_fold, from, len, to, 64, &status);
    if (U_FAILURE(status)) exit(1);
    if (AMONG(c, 0xFE70, 0xFE7F) && to_len > 1) { /* a harakah on a space, or on a tatweel */
        to[0] = to[1];
        to_len = 1;
    }
    for (int32_t i = 0; i < to_len;) {
        UChar32 d;
        U16_NEXT(to, i, to_len, d);
        if (is_key_dropped(d)) continue;
        out[n++] = unified(d) != 0 ? unified(d) : d;
    }
    return n;
}

/* What clean makes of a presentation form. */
static int clean_of(UChar32 c, UChar32 out[64]) {
    UChar from[2], to[64];
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0, i = 0;
    int n = 0;
    U16_APPEND_UNSAFE(from, len, c);
    int32_t to_len = unorm2_normalize(nfkc, from, len, to, 64, &status);
    if (U_FAILURE(status)) exit(1);
    if (AMONG(c, 0xFC5E, 0xFC63, 0xFE70, 0xFE7F) && to_len > 1 && to[0] == 0x20) i = 1;
    while (i < to_len) {
        U16_NEXT(to, i, to_len, out[n]);
        n++;
    }
    return n;
}

static int is_trimmed(UChar32 c) {
    int8_t type = u_charType(c);
    if (AMONG(c, '#', '#', '%', '&', '@', '@', 0xA7, 0xA7, 0x66A, 0x66A, 0x2030, 0x2031)) return 0;
    if (u_ispunct(c) && (U_GET_GC_MASK(c) & U_GC_P_MASK)) return 1;
    if (type == U_MODIFIER_SYMBOL || type == U_PRIVATE_USE_CHAR) return 1;
    return AMONG(c, '<', '>', '|', '|', '~', '~', 0x2190, 0x23FF, 0x2500, 0x27BF, 0x2900, 0x297F,
                 0x2B00, 0x2BFF, 0x1F000, 0x1FAFF);
}

static uint32_t class_flags(UChar32 c) {
    uint32_t mask = U_GET_GC_MASK(c), f = 0;
    if (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE)) f |= DH_C_SPACE;
    if (AMONG(c, 0x0A, 0x0D, 0x85, 0x85, 0x2028, 0x2029)) f |= DH_C_LINE;
    if (mask & U_GC_L_MASK) f |= DH_C_LETTER;
    if (mask & U_GC_M_MASK) f |= DH_C_MARK;
    if (mask & U_GC_ND_MASK) f |= DH_C_DIGIT;
    if (mask & (U_GC_P_MASK | U_GC_S_MASK)) f |= DH_C_PUNCT;
    if (mask & (U_GC_LU_MASK | U_GC_LT_MASK)) f |= DH_C_UPPER;
    if (mask & U_GC_LL_MASK) f |= DH_C_LOWER;
    if ((mask & U_GC_M_MASK) && IS_ANY(c, leftward)) f |= DH_C_RTL;
    UCharDirection direction = u_charDirection(c);
    if ((mask & U_GC_L_MASK) &&
        (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC))
        f |= DH_C_RTL;
    if ((mask & U_GC_L_MASK) && IS_ANY(c, unspaced)) f |= DH_C_UNSPACED;
    if (u_hasBinaryProperty(c, UCHAR_S_TERM) || c == 0x2026)
        f |= AMONG(c, '.', '.', '!', '!', '?', '?', 0x2024, 0x2026, 0xFF0E, 0xFF0E)
                 ? DH_C_STOP
                 : DH_C_STOP_WIDE;
    if (AMONG(c, ',', ',', ';', ';', 0x55D, 0x55D, 0x60C, 0x60C, 0x61B, 0x61B, 0x7F8, 0x7F8, 0x104A,
              0x104A, 0x1363, 0x1364, 0x1802, 0x1802, 0x1808, 0x1808, 0x2E32, 0x2E32, 0x2E34,
              0x2E35, 0x3001, 0x3001, 0xA4FE, 0xA4FE, 0xA60D, 0xA60D, 0xFE10, 0xFE11, 0xFE14,
              0xFE14, 0xFE50, 0xFE51, 0xFE54, 0xFE54, 0xFF0C, 0xFF0C, 0xFF1B, 0xFF1B, 0xFF64,
              0xFF64))
        f |= DH_C_COMMA;
    if (AMONG(c, ':', ':', 0xFE13, 0xFE13, 0xFE55, 0xFE55, 0xFF1A, 0xFF1A)) f |= DH_C_COLON;
    if ((mask & (U_GC_PS_MASK | U_GC_PE_MASK | U_GC_PI_MASK | U_GC_PF_MASK)) ||
        u_hasBinaryProperty(c, UCHAR_QUOTATION_MARK))
        f |= DH_C_CLOSER;
    if ((mask & (U_GC_L_MASK | U_GC_M_MASK)) && IS_ANY(c, joining)) f |= DH_C_JOINS;
    if ((u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) && c > 0xFF) ||
        u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) || c == 0xFE0F)
        f |= DH_C_PICTURE;
    return f;
}

static uint32_t clean_flags(UChar32 c) {
    uint32_t f = 0;
    if (is_removed(c)) f |= DH_C_REMOVE;
    if (c == 0x200C || c == 0x200D) f |= DH_C_JOINER;
    UNormalizationCheckResult quick =
        (UNormalizationCheckResult)u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK);
    if (quick != UNORM_YES) f |= DH_C_NFC;
    UChar32 out[64];
    if (is_presentation(c) && (clean_of(c, out) != 1 || out[0] != c)) f |= DH_C_MAP;
    if (u_getCombiningClass(c) == 9) f |= DH_C_VIRAMA;
    if (f & (DH_C_REMOVE | DH_C_JOINER | DH_C_NFC | DH_C_MAP)) f |= DH_C_WORK;
    if (c != ' ' && u_hasBinaryProperty(c, UCHAR_WHITE_SPACE)) f |= DH_C_WORK;
    return f;
}

static dh_code_map maps[MAX_MAPS];
static uint32_t map_count, pool_len;
static uint16_t pool[MAX_POOL];

static void add_map(UChar32 c, const UChar32 *out, int n) {
    uint32_t at = 0;
    if (n > MAX_RUN || map_count == MAX_MAPS) exit(2);
    for (; at + (uint32_t)n <= pool_len; at++) {
        int same = 0;
        while (same < n && pool[at + (uint32_t)same] == out[same]) same++;
        if (same == n) break;
    }
    if (at + (uint32_t)n > pool_len) {
        at = pool_len;
        for (int i = 0; i < n; i++) {
            if (out[i] > 0xFFFF || pool_len == MAX_POOL) exit(3);
            pool[pool_len++] = (uint16_t)out[i];
        }
    }
    maps[map_count++] = (dh_code_map){(uint16_t)c, (uint16_t)at, (uint8_t)n};
}

static int deltas[0x20000], *delta_count = deltas + 0x10000;

/* Adds what the key needs to know; the list holds mappings of code points that news text has. */
static void key_flags(UChar32 c, dh_code_record *r) {
    UChar32 out[64];
    if (c == 0x200C) return; /* a space in keys */
    int n = key_of(c, out);
    if (r->flags & DH_C_MAP) { /* the list has the plain letters; a key folds each of them */
        n = clean_of(c, out);
        r->flags |= DH_C_KEY_MAP;
        add_map(c, out, n);
        return;
    }
    if (n == 0) {
        r->flags |= DH_C_KEY_DROP;
        return;
    }
    if (r->flags & (DH_C_SPACE | DH_C_DIGIT)) return;
    if (n == 1 && out[0] == c) return;
    int32_t delta = out[0] - c;
    if (n == 1 && delta > -32768 && delta < 32768 && delta_count[delta] >= 4) {
        r->delta = (int16_t)delta;
        return;
    }
    if (AMONG(c, 0x0, 0x5FF, 0x600, 0x6FF, 0x1E00, 0x1EFF, 0x2000, 0x206F, 0x2100, 0x214F, 0x2212,
              0x2212, 0x2460, 0x24EA, 0x3000, 0x303F, 0xFB00, 0xFB06, 0xFDF0, 0xFDFF, 0xFE10,
              0xFE6F, 0xFF00, 0xFF9D, 0xFFE0, 0xFFEF)) {
        r->flags |= DH_C_KEY_MAP;
        add_map(c, out, n);
        return;
    }
    r->flags |= DH_C_KEY_HARD;
}

static void count_deltas(void) {
    for (UChar32 c = 0; c < TOP; c++) {
        UChar32 out[64];
        if (U_IS_SURROGATE(c) || u_charType(c) == U_DECIMAL_DIGIT_NUMBER) continue;
        if (key_of(c, out) != 1 || out[0] == c) continue;
        int32_t delta = out[0] - c;
        if (delta > -32768 && delta < 32768) delta_count[delta]++;
    }
}

static dh_code_record record_of(UChar32 c) {
    dh_code_record r = {0};
    if (U_IS_SURROGATE(c)) return r;
    r.flags = class_flags(c) | clean_flags(c);
    if (is_trimmed(c)) r.flags |= DH_C_TRIM;
    r.ccc = u_getCombiningClass(c);
    if (r.flags & DH_C_DIGIT) r.digit = (uint8_t)u_charDigitValue(c);
    if ((r.flags & DH_C_WORK) || r.ccc != 0 || c == 0xFFFD) r.flags |= DH_C_LOOK;
    if (c < TOP) {
        key_flags(c, &r);
    } else if (is_key_dropped(c)) {
        r.flags |= DH_C_KEY_DROP;
    } else if (r.flags & DH_C_NFC) {
        r.flags |= DH_C_KEY_HARD;
    }
    return r;
}

static dh_code_record records[256];
static int record_count;

static uint8_t number_of(dh_code_record r) {
    for (int i = 0; i < record_count; i++)
        if (records[i].flags == r.flags && records[i].delta == r.delta && records[i].ccc == r.ccc &&
            records[i].digit == r.digit)
            return (uint8_t)i;
    if (record_count == 256) {
        fprintf(stderr, "more than 256 records\n");
        exit(4);
    }
    records[record_count] = r;
    return (uint8_t)record_count++;
}

static void put_numbers(const char *head, const uint32_t *v, size_t n) {
    printf("%s = {", head);
    int column = 100;
    for (size_t i = 0; i < n; i++) {
        if (column > 92) {
            printf("\n    ");
            column = 4;
        }
        column += printf("%u,", (unsigned)v[i]);
    }
    printf("\n};\n\n");
}

int main(void) {
    static uint8_t all[TOP];
    static uint32_t index[TOP / DH_CODE_BLOCK], blocks[TOP], numbers[MAX_POOL];
    size_t block_count = 0;
    UErrorCode status = U_ZERO_ERROR;
    nfc = unorm2_getNFCInstance(&status);
    nfkc = unorm2_getNFKCInstance(&status);
    nfkc_fold = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status)) return 1;
    count_deltas();
    for (UChar32 c = 0; c < TOP; c++) all[c] = number_of(record_of(c));
    for (size_t b = 0; b < TOP / DH_CODE_BLOCK; b++) {
        size_t i = 0;
        for (; i < block_count; i++) {
            size_t k = 0;
            while (k < DH_CODE_BLOCK && blocks[i * DH_CODE_BLOCK + k] == all[b * DH_CODE_BLOCK + k])
                k++;
            if (k == DH_CODE_BLOCK) break;
        }
        if (i == block_count) {
            for (size_t k = 0; k < DH_CODE_BLOCK; k++)
                blocks[i * DH_CODE_BLOCK + k] = all[b * DH_CODE_BLOCK + k];
            block_count++;
        }
        index[b] = (uint32_t)i;
    }
    static const UChar32 above[DH_ABOVE_COUNT] = {0x8FFF0, 0x20000, 0x2F801, 0xE0041,
                                                  0xE0101, 0xF0000, 0x2FFFF};
    uint32_t samples[DH_ABOVE_COUNT];
    for (int i = 0; i < DH_ABOVE_COUNT; i++) samples[i] = number_of(record_of(above[i]));

    printf("/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated by tools/text_codes.c from ICU "
           "%s (Unicode %s). */\n#include \"text/codes.h\"\n\n",
           U_ICU_VERSION, U_UNICODE_VERSION);
    put_numbers("const uint16_t dh_code_index[DH_CODE_DIRECT / DH_CODE_BLOCK]", index,
                TOP / DH_CODE_BLOCK);
    put_numbers("const uint8_t dh_code_blocks[]", blocks, block_count * DH_CODE_BLOCK);
    put_numbers("const uint8_t dh_code_samples[DH_ABOVE_COUNT]", samples, DH_ABOVE_COUNT);
    printf("const dh_code_record dh_code_records[] = {\n");
    for (int i = 0; i < record_count; i++)
        printf("    {0x%07xu, %d, %u, %u},\n", (unsigned)records[i].flags, records[i].delta,
               records[i].ccc, records[i].digit);
    printf("};\n\nconst uint32_t dh_code_map_count = %u;\n\nconst dh_code_map dh_code_maps[] = {",
           (unsigned)map_count);
    for (uint32_t i = 0; i < map_count; i++)
        printf("%s{%u,%u,%u},", i % 6 == 0 ? "\n    " : " ", maps[i].code, maps[i].at, maps[i].len);
    printf("\n};\n\n");
    for (uint32_t i = 0; i < pool_len; i++) numbers[i] = pool[i];
    put_numbers("const uint16_t dh_code_pool[]", numbers, pool_len);
    fprintf(stderr, "%d records, %zu blocks, %u mappings, pool of %u\n", record_count, block_count,
            (unsigned)map_count, (unsigned)pool_len);
    return 0;
}
