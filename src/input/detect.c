/* SPDX-License-Identifier: Apache-2.0 */
#include "input/detect.h"

#include "base/utf8.h"

enum {
    SAMPLE = 8192,  /* bytes: as much as ICU's detector looks at */
    SCAN = 4 << 20, /* bytes looked through for a sample */
    UTF16_HEAD = 4096,
    TRUSTED = 10, /* ICU's confidence, of 100, below which it means nothing */
    MARGIN = 15   /* how much better another charset than the language's must be */
};

dh_utf8_stats dh_utf8_measure(dh_slice data) {
    dh_utf8_stats stats = {0, 0, false};
    const char *p = data.ptr, *end = data.len > 0 ? p + data.len : p;
    while (p < end) {
        if (end - p >= 8) {
            uint64_t eight;
            memcpy(&eight, p, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                p += sizeof eight;
                continue;
            }
        }
        const unsigned char *s = (const unsigned char *)p;
        if (s[0] < 0x80) {
            p++;
        } else if (s[0] >= 0xC2 && s[0] < 0xE0 && end - p > 1 && (s[1] & 0xC0) == 0x80) {
            stats.multi++;
            p += 2;
        } else if (s[0] > 0xE0 && s[0] < 0xED && end - p > 2 && (s[1] & 0xC0) == 0x80 &&
                   (s[2] & 0xC0) == 0x80) {
            stats.multi++;
            p += 3;
        } else {
            uint32_t code;
            size_t n = dh_utf8_decode_slow(p, end, &code);
            bool good = code != DH_REPLACEMENT || (n == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0);
            bool cut_off = !good && p + n == end && s[0] >= 0xC2 && end - p < 4;
            stats.multi += good;
            stats.bad += !good && !cut_off;
            stats.cut = stats.cut || cut_off;
            p += n;
        }
    }
    return stats;
}

dh_charset dh_detect_utf16(dh_slice data) {
    size_t head = (data.len < UTF16_HEAD ? data.len : UTF16_HEAD) & ~(size_t)1;
    size_t even = 0, odd = 0;
    if (head < 4 || memchr(data.ptr, 0, head) == NULL) return DH_CHARSET_NONE;
    for (size_t i = 0; i < head; i += 2) {
        even += data.ptr[i] == 0;
        odd += data.ptr[i + 1] == 0;
    }
    size_t pairs = head / 2;
    /* Even Arabic or Chinese has its spaces, digits and line ends; a U+0000 is in no text. */
    if (odd > 0 && even == 0 && odd * 20 >= pairs) return DH_CHARSET_utf16le;
    if (even > 0 && odd == 0 && even * 20 >= pairs) return DH_CHARSET_utf16be;
    return DH_CHARSET_NONE;
}

bool dh_detect_iso2022jp(dh_slice data) {
    const char *esc = data.len > 0 ? memchr(data.ptr, 0x1B, data.len) : NULL;
    if (esc == NULL) return false;
    dh_slice rest = {esc, (size_t)(data.ptr + data.len - esc)};
    return dh_slice_starts(rest, DH_SLICE("\x1B$B")) || dh_slice_starts(rest, DH_SLICE("\x1B$@"));
}

typedef struct sample {
    char *bytes;
    size_t len;
    size_t high;    /* bytes over 7F in it */
    size_t in_runs; /* of them in runs of three or more */
    size_t c1;      /* of them below A0: letters in windows-125x, nothing in ISO-8859 */
} sample;

/* Adds one run of text with what ICU's detector needs of it: its bytes and a space. */
static void add_text(sample *s, const char *p, const char *end) {
    const char *high = p;
    while (high < end && (unsigned char)*high < 0x80) high++;
    if (high == end) return;
    size_t run = 0;
    for (; p < end && s->len + 1 < SAMPLE; p++) {
        s->bytes[s->len++] = *p;
        run = (unsigned char)*p >= 0x80 ? run + 1 : 0;
        s->high += run > 0;
        s->c1 += run > 0 && (unsigned char)*p < 0xA0;
        s->in_runs += run == 3 ? 3 : run > 3;
    }
    s->bytes[s->len++] = ' ';
}

/* Behind a script or style element that begins at p, else p. */
static const char *skip_raw(const char *p, const char *end) {
    dh_slice at = {p, (size_t)(end - p)};
    bool script = dh_slice_starts_nocase(at, DH_SLICE("<script"));
    bool style = dh_slice_starts_nocase(at, DH_SLICE("<style"));
    if (!script && !style) return p;
    size_t close = dh_slice_find_nocase(at, script ? DH_SLICE("</script") : DH_SLICE("</style"));
    return close == DH_NPOS ? end : p + close;
}

/* The text between tags that has bytes over 7F. */
static sample take_sample(dh_slice data, dh_arena *arena) {
    sample s = {.bytes = dh_arena_alloc(arena, SAMPLE + 1)};
    const char *p = data.ptr, *end = p + (data.len < SCAN ? data.len : SCAN);
    while (p < end && s.len + 1 < SAMPLE) {
        const char *open = memchr(p, '<', (size_t)(end - p));
        add_text(&s, p, open != NULL ? open : end);
        if (open == NULL) break;
        open = skip_raw(open, end);
        const char *close = open < end ? memchr(open, '>', (size_t)(end - open)) : NULL;
        p = close != NULL ? close + 1 : end;
    }
    if (s.high == 0) { /* only in attributes or scripts */
        s.len = 0;
        for (p = data.ptr; p < end && s.len + 1 < SAMPLE;) {
            const char *eol = memchr(p, '\n', (size_t)(end - p));
            add_text(&s, p, eol != NULL ? eol : end);
            p = eol != NULL ? eol + 1 : end;
        }
    }
    return s;
}

/* What pages in a language are written in when they are not UTF-8 (HTML standard, 13.2.3.2 step 9,
 * and a few languages more). */
static dh_charset of_language(dh_slice language) {
    static const struct {
        char code[8];
        dh_charset charset;
    } table[] = {
        {"zh-hant", DH_CHARSET_big5}, {"zh-tw", DH_CHARSET_big5}, {"zh-hk", DH_CHARSET_big5},
        {"ar", DH_CHARSET_win1256},   {"fa", DH_CHARSET_win1256}, {"ur", DH_CHARSET_win1256},
        {"be", DH_CHARSET_win1251},   {"bg", DH_CHARSET_win1251}, {"kk", DH_CHARSET_win1251},
        {"ky", DH_CHARSET_win1251},   {"mk", DH_CHARSET_win1251}, {"ru", DH_CHARSET_win1251},
        {"sah", DH_CHARSET_win1251},  {"sr", DH_CHARSET_win1251}, {"tg", DH_CHARSET_win1251},
        {"tt", DH_CHARSET_win1251},   {"uk", DH_CHARSET_win1251}, {"mn", DH_CHARSET_win1251},
        {"cs", DH_CHARSET_win1250},   {"sk", DH_CHARSET_win1250}, {"hr", DH_CHARSET_win1250},
        {"hu", DH_CHARSET_win1250},   {"pl", DH_CHARSET_iso2},    {"sl", DH_CHARSET_win1250},
        {"ro", DH_CHARSET_win1250},   {"bs", DH_CHARSET_win1250}, {"sq", DH_CHARSET_win1250},
        {"el", DH_CHARSET_iso7},      {"he", DH_CHARSET_win1255}, {"iw", DH_CHARSET_win1255},
        {"et", DH_CHARSET_win1257},   {"lt", DH_CHARSET_win1257}, {"lv", DH_CHARSET_win1257},
        {"tr", DH_CHARSET_win1254},   {"az", DH_CHARSET_win1254}, {"ku", DH_CHARSET_win1254},
        {"vi", DH_CHARSET_win1258},   {"th", DH_CHARSET_win874},  {"ja", DH_CHARSET_shiftjis},
        {"ko", DH_CHARSET_euckr},     {"zh", DH_CHARSET_gbk},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        dh_slice code = dh_slice_cstr(table[i].code);
        if (dh_slice_starts_nocase(language, code) &&
            (language.len == code.len || language.ptr[code.len] == '-' ||
             language.ptr[code.len] == '_' || language.ptr[code.len] == ','))
            return table[i].charset;
    }
    return DH_CHARSET_NONE;
}

static bool is_latin(dh_charset charset) {
    switch (charset) {
    case DH_CHARSET_win1250:
    case DH_CHARSET_win1252:
    case DH_CHARSET_win1254:
    case DH_CHARSET_win1257:
    case DH_CHARSET_win1258:
    case DH_CHARSET_iso2:
    case DH_CHARSET_iso3:
    case DH_CHARSET_iso4:
    case DH_CHARSET_iso10:
    case DH_CHARSET_iso13:
    case DH_CHARSET_iso14:
    case DH_CHARSET_iso15:
    case DH_CHARSET_iso16:
        return true;
    default:
        return false;
    }
}

typedef struct guess {
    dh_charset best; /* of the right family */
    int32_t confidence;
    int32_t expected; /* confidence in what the language lets expect */
} guess;

/* Whether the sample can be read in this charset: hardly a byte is undefined in it. ICU's detector
 * does not look at that. */
static bool reads(dh_decoder *decoder, const sample *s, dh_charset charset, dh_arena *arena) {
    dh_slice text;
    decoder->replaced = 0;
    if (dh_convert(decoder, (dh_slice){s->bytes, s->len}, charset, arena, &text) != DH_OK)
        return false;
    return (size_t)decoder->replaced * 25 <= s->high;
}

/* ICU's matches, best first, without the families that the sample rules out. */
static guess ask_icu(dh_decoder *decoder, const sample *s, bool latin, dh_charset expected,
                     dh_arena *arena) {
    UErrorCode status = U_ZERO_ERROR;
    guess g = {DH_CHARSET_NONE, 0, 0};
    int32_t n = 0;
    if (decoder->detector == NULL) decoder->detector = ucsdet_open(&status);
    ucsdet_setText(decoder->detector, s->bytes, (int32_t)s->len, &status);
    const UCharsetMatch **matches = ucsdet_detectAll(decoder->detector, &n, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < n; i++) {
        dh_charset charset = dh_charset_find(dh_slice_cstr(ucsdet_getName(matches[i], &status)));
        int32_t confidence = ucsdet_getConfidence(matches[i], &status);
        dh_charset_kind kind = dh_charset_kind_of(charset);
        if (kind != DH_KIND_SINGLE && kind != DH_KIND_MULTI) continue;
        if (is_latin(charset) != latin || !reads(decoder, s, charset, arena)) continue;
        if (charset == expected && confidence > g.expected) g.expected = confidence;
        if (g.best != DH_CHARSET_NONE) continue;
        g.best = charset;
        g.confidence = confidence;
    }
    return g;
}

/* The two charsets of Central Europe differ in few letters, but those are among the commonest. */
static dh_charset settle_central(dh_charset charset, const sample *s) {
    if (charset != DH_CHARSET_iso2 && charset != DH_CHARSET_win1250) return charset;
    return s->c1 > 0 ? DH_CHARSET_win1250 : DH_CHARSET_iso2;
}

static dh_charset detect(dh_decoder *decoder, const sample *s, dh_charset expected,
                         dh_arena *arena) {
    /* Words of Latin text have a high letter here and there; other scripts are runs of high bytes. */
    bool latin = s->in_runs * 3 < s->high;
    guess g = ask_icu(decoder, s, latin, expected, arena);
    if (g.expected >= TRUSTED && g.expected + MARGIN >= g.confidence) return expected;
    if (latin) {
        if (is_latin(expected)) return expected;
        if (s->high >= 40 && g.confidence >= 40) return g.best;
    } else {
        if (expected == DH_CHARSET_win874) return expected; /* ICU does not know it */
        if (g.confidence >= 30) return g.best;
        if (expected != DH_CHARSET_NONE && !is_latin(expected)) return expected;
        if (g.confidence >= TRUSTED && s->high >= 12) return g.best;
    }
    return DH_CHARSET_NONE;
}

dh_charset dh_detect_legacy(dh_decoder *decoder, dh_slice data, dh_slice language, dh_arena *arena,
                            bool *sure) {
    sample s = take_sample(data, arena);
    dh_charset found = detect(decoder, &s, of_language(language), arena);
    *sure = found != DH_CHARSET_NONE;
    return *sure ? settle_central(found, &s) : DH_CHARSET_win1252;
}
