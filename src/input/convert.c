/* SPDX-License-Identifier: Apache-2.0 */
/* convert: UTF-8 and UTF-16 by hand, single-byte charsets by a table of 128 code points that is made
 * once with ICU, the rest by ICU's converters. Where ICU's tables differ from those of the WHATWG
 * Encoding Standard, the standard's are used. */
#include "input/convert.h"

#include <stdlib.h>
#include <unicode/ucnv_cb.h>

#include "base/utf8.h"
#include "input/decode.h"

enum { CHUNK = 2048 }; /* code units */

dh_decoder *dh_decoder_new(void) {
    return calloc(1, sizeof(dh_decoder));
}

void dh_decoder_free(dh_decoder *decoder) {
    if (decoder == NULL) return;
    for (int i = 0; i < DH_CHARSET_COUNT; i++) {
        if (decoder->open[i] != NULL) ucnv_close(decoder->open[i]);
        free(decoder->tables[i]);
    }
    if (decoder->detector != NULL) ucsdet_close(decoder->detector);
    free(decoder);
}

static dh_slice finished(dh_buf *out) {
    size_t len = out->len;
    dh_buf_putc(out, '\0');
    return (dh_slice){out->ptr, len};
}

static dh_slice convert_utf8(dh_decoder *decoder, dh_slice data, dh_arena *arena) {
    size_t valid = dh_utf8_valid_prefix(data);
    if (valid == data.len) return dh_arena_dup(arena, data);
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, data.len + 64);
    for (;;) {
        dh_buf_put(&out, data.ptr, valid);
        data = dh_slice_sub(data, valid, data.len);
        if (data.len == 0) return finished(&out);
        uint32_t code;
        size_t bad = dh_utf8_decode(data.ptr, data.ptr + data.len, &code);
        dh_buf_put_code(&out, DH_REPLACEMENT);
        decoder->replaced++;
        data = dh_slice_sub(data, bad, data.len);
        valid = dh_utf8_valid_prefix(data);
    }
}

static uint32_t unit_at(const char *p, bool big) {
    unsigned first = (unsigned char)p[0], second = (unsigned char)p[1];
    return big ? first << 8 | second : second << 8 | first;
}

static dh_slice convert_utf16(dh_decoder *decoder, dh_slice data, bool big, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, data.len / 2 * 3 + 4);
    size_t i = 0;
    while (i + 1 < data.len) {
        uint32_t code = unit_at(data.ptr + i, big);
        i += 2;
        if (code >= 0xD800 && code < 0xE000) {
            uint32_t low = i + 1 < data.len ? unit_at(data.ptr + i, big) : 0;
            if (code < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            } else {
                code = DH_REPLACEMENT;
                decoder->replaced++;
            }
        }
        dh_buf_put_code(&out, code);
    }
    if (i < data.len) { /* an odd byte */
        dh_buf_put_code(&out, DH_REPLACEMENT);
        decoder->replaced++;
    }
    return finished(&out);
}

typedef struct patch {
    dh_charset charset;
    uint8_t byte;
    uint16_t code;
} patch;

static const patch patches[] = {
    {DH_CHARSET_koi8u, 0xAE, 0x45E},    {DH_CHARSET_koi8u, 0xBE, 0x40E},
    {DH_CHARSET_win1253, 0xAA, 0xFFFD}, {DH_CHARSET_win874, 0xDB, 0xFFFD},
    {DH_CHARSET_win874, 0xDC, 0xFFFD},  {DH_CHARSET_win874, 0xDD, 0xFFFD},
    {DH_CHARSET_win874, 0xDE, 0xFFFD},  {DH_CHARSET_win874, 0xFC, 0xFFFD},
    {DH_CHARSET_win874, 0xFD, 0xFFFD},  {DH_CHARSET_win874, 0xFE, 0xFFFD},
    {DH_CHARSET_win874, 0xFF, 0xFFFD},  {DH_CHARSET_iso16, 0xA1, 0x104},
    {DH_CHARSET_iso16, 0xA2, 0x105},    {DH_CHARSET_iso16, 0xA3, 0x141},
    {DH_CHARSET_iso16, 0xA4, 0x20AC},   {DH_CHARSET_iso16, 0xA5, 0x201E},
    {DH_CHARSET_iso16, 0xA6, 0x160},    {DH_CHARSET_iso16, 0xA8, 0x161},
    {DH_CHARSET_iso16, 0xAA, 0x218},    {DH_CHARSET_iso16, 0xAC, 0x179},
    {DH_CHARSET_iso16, 0xAE, 0x17A},    {DH_CHARSET_iso16, 0xAF, 0x17B},
    {DH_CHARSET_iso16, 0xB2, 0x10C},    {DH_CHARSET_iso16, 0xB3, 0x142},
    {DH_CHARSET_iso16, 0xB4, 0x17D},    {DH_CHARSET_iso16, 0xB5, 0x201D},
    {DH_CHARSET_iso16, 0xB8, 0x17E},    {DH_CHARSET_iso16, 0xB9, 0x10D},
    {DH_CHARSET_iso16, 0xBA, 0x219},    {DH_CHARSET_iso16, 0xBC, 0x152},
    {DH_CHARSET_iso16, 0xBD, 0x153},    {DH_CHARSET_iso16, 0xBE, 0x178},
    {DH_CHARSET_iso16, 0xBF, 0x17C},    {DH_CHARSET_iso16, 0xC3, 0x102},
    {DH_CHARSET_iso16, 0xC5, 0x106},    {DH_CHARSET_iso16, 0xD0, 0x110},
    {DH_CHARSET_iso16, 0xD1, 0x143},    {DH_CHARSET_iso16, 0xD5, 0x150},
    {DH_CHARSET_iso16, 0xD7, 0x15A},    {DH_CHARSET_iso16, 0xD8, 0x170},
    {DH_CHARSET_iso16, 0xDD, 0x118},    {DH_CHARSET_iso16, 0xDE, 0x21A},
    {DH_CHARSET_iso16, 0xE3, 0x103},    {DH_CHARSET_iso16, 0xE5, 0x107},
    {DH_CHARSET_iso16, 0xF0, 0x111},    {DH_CHARSET_iso16, 0xF1, 0x144},
    {DH_CHARSET_iso16, 0xF5, 0x151},    {DH_CHARSET_iso16, 0xF7, 0x15B},
    {DH_CHARSET_iso16, 0xF8, 0x171},    {DH_CHARSET_iso16, 0xFD, 0x119},
    {DH_CHARSET_iso16, 0xFE, 0x21B},
};

/* The code points of bytes 80 to FF. */
static dh_status table_of(dh_decoder *decoder, dh_charset charset, const uint16_t **table) {
    if (decoder->tables[charset] == NULL) {
        UErrorCode status = U_ZERO_ERROR;
        UConverter *converter = ucnv_open(dh_charset_icu(charset), &status);
        if (U_FAILURE(status))
            return status == U_MEMORY_ALLOCATION_ERROR ? DH_ERR_MEMORY : DH_ERR_INTERNAL;
        uint16_t *made = malloc(128 * sizeof *made);
        for (int i = 0; made != NULL && i < 128; i++) {
            char byte = (char)(0x80 + i);
            UChar units[4] = {0};
            status = U_ZERO_ERROR;
            ucnv_resetToUnicode(converter);
            int32_t n = ucnv_toUChars(converter, units, 4, &byte, 1, &status);
            made[i] = U_SUCCESS(status) && n == 1 && units[0] != 0x1A ? units[0] : DH_REPLACEMENT;
        }
        ucnv_close(converter);
        if (made == NULL) return DH_ERR_MEMORY;
        for (size_t i = 0; i < sizeof patches / sizeof *patches; i++)
            if (patches[i].charset == charset) made[patches[i].byte - 0x80] = patches[i].code;
        decoder->tables[charset] = made;
    }
    *table = decoder->tables[charset];
    return DH_OK;
}

static dh_slice convert_single(dh_decoder *decoder, dh_slice data, const uint16_t *table,
                               dh_arena *arena) {
    uint8_t bytes[128][4]; /* UTF-8 and its length */
    size_t size = 0, at = 0;
    for (int i = 0; i < 128; i++) {
        char utf8[4];
        bytes[i][3] = (uint8_t)dh_utf8_encode(table[i], utf8);
        memcpy(bytes[i], utf8, 3);
    }
    for (size_t i = 0; i < data.len; i++) {
        unsigned char c = (unsigned char)data.ptr[i];
        size += c < 0x80 ? 1 : bytes[c - 0x80][3];
    }
    char *out = dh_arena_alloc(arena, size + 4);
    for (size_t i = 0; i < data.len; i++) {
        unsigned char c = (unsigned char)data.ptr[i];
        if (c < 0x80) {
            out[at++] = (char)c;
        } else {
            memcpy(out + at, bytes[c - 0x80], 3); /* there is room for what is too much */
            at += bytes[c - 0x80][3];
            decoder->replaced += table[c - 0x80] == DH_REPLACEMENT;
        }
    }
    out[at] = '\0';
    return (dh_slice){out, at};
}

/* U+FFFD for a sequence that is none; an ASCII byte at its end stands for itself, as in the standard,
 * so that a broken character does not swallow a "<". */
static void U_CALLCONV on_bad_bytes(const void *context, UConverterToUnicodeArgs *args,
                                    const char *bytes, int32_t len, UConverterCallbackReason reason,
                                    UErrorCode *status) {
    if (reason > UCNV_IRREGULAR) return;
    UChar units[2] = {DH_REPLACEMENT, 0};
    int32_t n = 1;
    if (len > 1 && (unsigned char)bytes[len - 1] < 0x80) units[n++] = (UChar)bytes[len - 1];
    uint32_t *replaced;
    memcpy(&replaced, &context, sizeof replaced); /* ours, which ICU hands back as const */
    (*replaced)++;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, units, n, 0, status);
}

static UConverter *converter_of(dh_decoder *decoder, dh_charset charset, UErrorCode *status) {
    UConverter **open = &decoder->open[charset];
    if (*open == NULL) {
        *open = ucnv_open(dh_charset_icu(charset), status);
        ucnv_setToUCallBack(*open, on_bad_bytes, &decoder->replaced, NULL, NULL, status);
    } else {
        ucnv_resetToUnicode(*open);
    }
    return *open;
}

static void put_units(dh_buf *out, const UChar *units, size_t n, uint32_t *lead) {
    dh_buf_reserve(out, n * 3 + 4);
    for (size_t i = 0; i < n; i++) {
        uint32_t code = units[i];
        if (*lead != 0) {
            code = 0x10000 + ((*lead - 0xD800) << 10) + (code - 0xDC00);
            *lead = 0;
        } else if (code >= 0xD800 && code < 0xDC00) { /* ICU never ends a pair half-way */
            *lead = code;
            continue;
        }
        out->len += dh_utf8_encode(code, out->ptr + out->len);
    }
}

static dh_status convert_multi(dh_decoder *decoder, dh_slice data, dh_charset charset,
                               dh_arena *arena, dh_slice *result) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = converter_of(decoder, charset, &status);
    dh_buf out;
    uint32_t lead = 0;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, data.len + data.len / 2 + 64);
    const char *p = data.ptr, *end = data.ptr + data.len;
    while (U_SUCCESS(status)) {
        UChar units[CHUNK], *at = units;
        ucnv_toUnicode(converter, &at, units + CHUNK, &p, end, NULL, true, &status);
        put_units(&out, units, (size_t)(at - units), &lead);
        if (status != U_BUFFER_OVERFLOW_ERROR) break;
        status = U_ZERO_ERROR;
    }
    if (U_FAILURE(status))
        return status == U_MEMORY_ALLOCATION_ERROR ? DH_ERR_MEMORY : DH_ERR_INTERNAL;
    *result = finished(&out);
    return DH_OK;
}

/* replacement: nothing but one U+FFFD. x-user-defined: bytes 80 to FF are U+F780 to U+F7FF. */
static dh_slice convert_other(dh_decoder *decoder, dh_slice data, dh_charset charset,
                              dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    if (charset == DH_CHARSET_userdefined) {
        for (size_t i = 0; i < data.len; i++) {
            unsigned char c = (unsigned char)data.ptr[i];
            dh_buf_put_code(&out, c < 0x80 ? c : 0xF700u + c);
        }
    } else if (data.len > 0) {
        decoder->replaced++;
        dh_buf_put_code(&out, DH_REPLACEMENT);
    }
    return finished(&out);
}

dh_status dh_convert(dh_decoder *decoder, dh_slice data, dh_charset charset, dh_arena *arena,
                     dh_slice *out) {
    if (data.len == 0) {
        *out = dh_arena_dup(arena, DH_SLICE(""));
        return DH_OK;
    }
    const uint16_t *table = NULL;
    dh_status status = DH_OK;
    switch (dh_charset_kind_of(charset)) {
    case DH_KIND_UTF8:
        *out = convert_utf8(decoder, data, arena);
        break;
    case DH_KIND_UTF16:
        *out = convert_utf16(decoder, data, charset == DH_CHARSET_utf16be, arena);
        break;
    case DH_KIND_SINGLE:
        status = table_of(decoder, charset, &table);
        if (status == DH_OK) *out = convert_single(decoder, data, table, arena);
        break;
    case DH_KIND_MULTI:
        status = convert_multi(decoder, data, charset, arena, out);
        break;
    case DH_KIND_OTHER:
        *out = convert_other(decoder, data, charset, arena);
        break;
    }
    return status;
}
