/* SPDX-License-Identifier: Apache-2.0 */
/* decode: which of the things that speak of a page's encoding is believed, and then the conversion. */
#include "input/decode.h"

#include "base/mojibake.h"
#include "base/utf8.h"
#include "input/detect.h"
#include "input/prescan.h"
#include "input/sniff.h"

enum {
    PRESCAN = 4096,       /* bytes, as the standard has it */
    LONG_PRESCAN = 65536, /* for pages that are not UTF-8, whose <meta> some put behind a script */
    DOUBLED = 3           /* sequences that make a page doubly encoded */
};

typedef struct choice {
    dh_charset charset;
    dh_charset_why why;
    dh_slice label; /* as written */
    bool valid;     /* UTF-8 without a flaw: needs no second look */
} choice;

/* How sure bytes that are legacy by their label must be UTF-8: Latin-1 letters hardly ever form one
 * sequence by chance, pairs of a double-byte charset do. */
static bool looks_utf8(dh_utf8_stats stats, dh_charset labelled) {
    size_t least = dh_charset_kind_of(labelled) == DH_KIND_MULTI ? 6 : 1;
    if (stats.bad == 0) return stats.multi >= least;
    return stats.multi >= 10 && stats.multi >= 10 * stats.bad;
}

/* Stray bytes do not make UTF-8 something else: as long as most of what is above ASCII is UTF-8, more
 * is lost by any other reading. Chance makes fewer than one pair in four of legacy text well-formed. */
static bool tolerable(dh_utf8_stats stats, bool labelled) {
    return stats.bad == 0 || stats.multi >= (labelled ? 1 : 4) * stats.bad;
}

static dh_charset of_bom(dh_slice *data) {
    static const struct {
        dh_slice bytes;
        dh_charset charset;
    } marks[] = {{DH_SLICE_INIT("\xEF\xBB\xBF"), DH_CHARSET_utf8},
                 {DH_SLICE_INIT("\xFE\xFF"), DH_CHARSET_utf16be},
                 {DH_SLICE_INIT("\xFF\xFE"), DH_CHARSET_utf16le}};
    for (size_t i = 0; i < 3; i++) {
        if (!dh_slice_starts(*data, marks[i].bytes)) continue;
        *data = dh_slice_sub(*data, marks[i].bytes.len, data->len);
        return marks[i].charset;
    }
    return DH_CHARSET_NONE;
}

/* Whether a label, by itself possible, fits the bytes. */
static bool fits(dh_charset labelled, dh_slice data, dh_utf8_stats stats, dh_charset wide) {
    switch (dh_charset_kind_of(labelled)) {
    case DH_KIND_UTF8:
        return tolerable(stats, true) && wide == DH_CHARSET_NONE;
    case DH_KIND_UTF16:
        if (wide != DH_CHARSET_NONE) return labelled == wide;
        /* No NUL and valid UTF-8: a page has some ASCII, so it cannot be UTF-16. */
        return data.len > 0 &&
               !(stats.bad == 0 &&
                 memchr(data.ptr, 0, data.len < PRESCAN ? data.len : PRESCAN) == NULL);
    case DH_KIND_OTHER:
        return labelled == DH_CHARSET_userdefined && stats.multi == 0;
    default:
        return wide == DH_CHARSET_NONE && !looks_utf8(stats, labelled);
    }
}

static choice from_bytes(dh_decoder *decoder, dh_slice data, dh_utf8_stats stats, dh_charset wide,
                         dh_arena *arena) {
    dh_slice none = {NULL, 0};
    bool valid = stats.bad == 0 && !stats.cut;
    if (wide != DH_CHARSET_NONE) return (choice){wide, DH_CHARSET_DETECTED, none, false};
    if (stats.bad == 0 && stats.multi == 0 && dh_detect_iso2022jp(data))
        return (choice){DH_CHARSET_iso2022jp, DH_CHARSET_DETECTED, none, false};
    if (stats.bad == 0) return (choice){DH_CHARSET_utf8, DH_CHARSET_VALID_UTF8, none, valid};
    if (tolerable(stats, false)) return (choice){DH_CHARSET_utf8, DH_CHARSET_DETECTED, none, false};
    bool sure;
    dh_slice language = dh_prescan_language(dh_slice_sub(data, 0, PRESCAN));
    dh_charset charset = dh_detect_legacy(decoder, data, language, arena, &sure);
    return (choice){charset, sure ? DH_CHARSET_DETECTED : DH_CHARSET_FALLBACK, none, false};
}

static choice choose(dh_decoder *decoder, dh_slice data, dh_slice http, dh_arena *arena,
                     dh_slice *wrong) {
    dh_utf8_stats stats = dh_utf8_measure(data);
    dh_charset wide = dh_detect_utf16(data);
    choice said[2] = {{DH_CHARSET_NONE, DH_CHARSET_HTTP, dh_content_type_charset(http), false},
                      {DH_CHARSET_NONE, DH_CHARSET_META, {NULL, 0}, false}};
    said[0].charset = dh_charset_find(said[0].label);
    if (wide == DH_CHARSET_NONE)
        said[1].charset = dh_prescan(dh_slice_sub(data, 0, PRESCAN), &said[1].label);
    if (wide == DH_CHARSET_NONE && said[1].charset == DH_CHARSET_NONE && stats.bad > 0)
        said[1].charset = dh_prescan(dh_slice_sub(data, 0, LONG_PRESCAN), &said[1].label);
    for (int i = 0; i < 2; i++) {
        if (said[i].charset == DH_CHARSET_NONE) continue;
        said[i].valid = said[i].charset == DH_CHARSET_utf8 && stats.bad == 0 && !stats.cut;
        if (fits(said[i].charset, data, stats, wide)) return said[i];
        if (wrong->len == 0) *wrong = said[i].label;
    }
    return from_bytes(decoder, data, stats, wide, arena);
}

static size_t count_nuls(dh_slice text) {
    size_t nuls = 0;
    const char *p = text.ptr, *end = p + text.len;
    while ((p = memchr(p, 0, (size_t)(end - p))) != NULL) {
        nuls++;
        p++;
    }
    return nuls;
}

/* The first `byte` at or behind p, or end. */
static const char *find_byte(char byte, const char *p, const char *end) {
    const char *at = p < end ? memchr(p, byte, (size_t)(end - p)) : NULL;
    return at != NULL ? at : end;
}

/* text's bytes, which are ours to change: in the arena, and known to nobody else. */
static char *own_bytes(dh_slice text) {
    char *bytes;
    memcpy(&bytes, &text.ptr, sizeof bytes);
    return bytes;
}

/* CR LF and CR as LF, NUL as U+FFFD, without a byte order mark. text is ours to change: without NULs it
 * only shrinks and stays where it is. */
static dh_slice normalise(dh_slice text, dh_arena *arena) {
    if (dh_slice_starts(text, DH_SLICE("\xEF\xBB\xBF"))) text = dh_slice_sub(text, 3, text.len);
    const char *p = text.ptr, *end = p + text.len;
    size_t nuls = count_nuls(text);
    if (nuls == 0 && memchr(p, '\r', text.len) == NULL) return text;
    char *out = nuls > 0 ? dh_arena_alloc(arena, text.len + 2 * nuls + 1) : own_bytes(text);
    char *at = out;
    const char *cr = find_byte('\r', p, end), *nul = nuls > 0 ? find_byte('\0', p, end) : end;
    while (p < end) {
        if (cr < p) cr = find_byte('\r', p, end);
        if (nul < p) nul = find_byte('\0', p, end);
        const char *odd = cr < nul ? cr : nul;
        memmove(at, p, (size_t)(odd - p));
        at += odd - p;
        p = odd;
        if (p == end) break;
        if (*p == '\r') {
            *at++ = '\n';
            p += end - p > 1 && p[1] == '\n' ? 2 : 1;
        } else {
            at += dh_utf8_encode(DH_REPLACEMENT, at);
            p++;
        }
    }
    *at = '\0';
    return (dh_slice){out, (size_t)(at - out)};
}

/* Undoes double encoding of the whole page. */
static dh_slice repair(dh_slice text, dh_arena *arena, bool *repaired) {
    dh_buf out;
    *repaired = false;
    if (!dh_mojibake_suspect(text)) return text;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, text.len + 1); /* it gets shorter */
    if (!dh_mojibake_repair(text, DOUBLED, &out, NULL, 0)) return text;
    *repaired = true;
    dh_buf_putc(&out, '\0');
    return (dh_slice){out.ptr, out.len - 1};
}

static void sniff(dh_slice data, dh_slice http, dh_decoded *out) {
    bool wide = dh_slice_eq(out->charset, dh_charset_name(DH_CHARSET_utf16le)) ||
                dh_slice_eq(out->charset, dh_charset_name(DH_CHARSET_utf16be));
    out->binary_what = dh_sniff_binary(data, wide);
    if (out->binary_what.len > 0)
        out->content = DH_CONTENT_BINARY;
    else
        out->content = dh_sniff_html(out->text, http) ? DH_CONTENT_HTML : DH_CONTENT_TEXT;
}

dh_status dh_decode(dh_decoder *decoder, dh_slice data, dh_slice charset, dh_slice http,
                    dh_arena *arena, dh_decoded *out, dh_error *error) {
    dh_slice bytes = data;
    *out = (dh_decoded){.why = DH_CHARSET_OPTION};
    choice chosen = {dh_charset_find(charset), DH_CHARSET_OPTION, {NULL, 0}, false};
    if (charset.len > 0 && chosen.charset == DH_CHARSET_NONE)
        return dh_error_set(error, DH_ERR_USAGE, "decode", 0, "there is no encoding \"%.*s\"",
                            (int)(charset.len < 64 ? charset.len : 64), charset.ptr);
    if (chosen.charset == DH_CHARSET_NONE) {
        chosen = (choice){of_bom(&bytes), DH_CHARSET_BOM, {NULL, 0}, false};
        if (chosen.charset == DH_CHARSET_NONE)
            chosen = choose(decoder, bytes, http, arena, &out->wrong_label);
    }
    decoder->replaced = 0;
    dh_slice text;
    dh_status status = DH_OK;
    if (chosen.valid)
        text = dh_arena_dup(arena, bytes);
    else
        status = dh_convert(decoder, bytes, chosen.charset, arena, &text);
    if (status != DH_OK)
        return dh_error_set(error, status, "decode", 0, "ICU cannot read %.*s",
                            (int)dh_charset_name(chosen.charset).len,
                            dh_charset_name(chosen.charset).ptr);
    out->replaced = decoder->replaced;
    out->charset = dh_charset_name(chosen.charset);
    out->why = chosen.why;
    out->text = repair(normalise(text, arena), arena, &out->mojibake);
    sniff(data, http, out);
    return DH_OK;
}
