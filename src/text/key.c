/* SPDX-License-Identifier: Apache-2.0 */
/* key: folds text for comparing labels and lines (see text/clean.h). Each code point is mapped by the
 * tables of codes.h; only a run whose result may be other than NFC (decomposed accents, half-width
 * kana with voicing marks) goes through ICU, and then is mapped once more. */
#include "text/key.h"

#include "text/clean.h"
#include "text/codes.h"

typedef struct keyer {
    dh_buf *out;
    dh_key_offsets *offsets;
    bool trim;
    size_t from;         /* byte of the text that is being folded */
    size_t space_from;   /* where the pending space stands */
    bool space;          /* a space is due before the next code point */
    size_t segment;      /* in out: the last starter */
    size_t segment_from; /* the same in the text */
    uint32_t last;
    uint8_t last_ccc;
    bool dirty; /* the segment may be other than NFC */
} keyer;

static void note_offsets(keyer *k, size_t n, size_t from) {
    dh_key_offsets *o = k->offsets;
    size_t end = k->out->len;
    if (end + 1 > o->cap) {
        size_t cap = k->out->cap + 1;
        o->ptr =
            dh_arena_grow(k->out->arena, o->ptr, o->cap * sizeof *o->ptr, cap * sizeof *o->ptr);
        o->cap = cap;
    }
    for (size_t i = end - n; i < end; i++) o->ptr[i] = (uint32_t)from;
}

static inline void append(keyer *k, uint32_t code, size_t from) {
    dh_buf *out = k->out;
    if (out->cap - out->len < 4 && !dh_buf_reserve(out, 4)) return;
    char *at = out->ptr + out->len;
    size_t n = 1;
    if (code < 0x80) {
        at[0] = (char)code;
    } else if (code < 0x800) {
        at[0] = (char)(0xC0 | code >> 6);
        at[1] = (char)(0x80 | (code & 0x3F));
        n = 2;
    } else if (code < 0xD800) {
        at[0] = (char)(0xE0 | code >> 12);
        at[1] = (char)(0x80 | (code >> 6 & 0x3F));
        at[2] = (char)(0x80 | (code & 0x3F));
        n = 3;
    } else {
        n = dh_utf8_encode(code, at);
    }
    out->len += n;
    if (k->offsets != NULL) note_offsets(k, n, from);
}

/* r: the record of code. */
static void put(keyer *k, uint32_t code, const dh_code_record *r);

/* The key of one code point that is already NFKC, or of which NFKC does not matter. */
static void put_folded(keyer *k, uint32_t code, const dh_code_record *r) {
    if ((r->flags & DH_C_DIGIT) != 0)
        code = '0' + (uint32_t)r->digit;
    else if (r->delta != 0)
        code = (uint32_t)((int32_t)code + r->delta);
    else {
        put(k, code, r);
        return;
    }
    put(k, code, dh_code_find(code));
}

/* Composes the current segment and folds what comes of it. */
static void settle(keyer *k) {
    char composed[DH_CODE_RUN];
    k->dirty = false;
    size_t n = dh_code_compose(k->out->ptr + k->segment, k->out->len - k->segment, composed);
    if (n == 0) return;
    uint32_t before = 0;
    k->out->len = k->segment;
    for (const char *p = composed, *end = composed + n; p < end;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        const dh_code_record *r = dh_code_find(code);
        bool hamza = code >= 0x653 && code <= 0x655; /* harakat that had no letter to join */
        if ((r->flags & DH_C_KEY_DROP) != 0 || hamza || (before == 'i' && code == 0x307)) continue;
        before = code;
        if ((r->flags & DH_C_KEY_MAP) != 0) {
            dh_code_run run = dh_code_mapping(code);
            for (uint32_t i = 0; i < run.count; i++) append(k, run.codes[i], k->segment_from);
        } else {
            append(k, (uint32_t)((int32_t)code + r->delta), k->segment_from);
        }
    }
}

/* Writes a code point of the key. */
static void put(keyer *k, uint32_t code, const dh_code_record *r) {
    if (k->trim && k->out->len == 0 && (r->flags & DH_C_TRIM) != 0) return;
    bool starter = r->ccc == 0 && (r->flags & DH_C_NFC) == 0;
    if (starter || k->space) {
        if (k->dirty) settle(k);
        if (k->space && k->out->len > 0) append(k, ' ', k->space_from);
        k->space = false;
        k->segment = k->out->len;
        k->segment_from = k->from;
        k->last_ccc = 0;
    }
    if (!starter) {
        bool composes = (r->flags & DH_C_NFC) != 0 && dh_code_may_compose(k->last, code);
        if (composes || (r->ccc != 0 && r->ccc < k->last_ccc)) k->dirty = true;
    }
    k->last_ccc = r->ccc;
    k->last = code;
    append(k, code, k->from);
}

/* One code point of a mapping's result; it may have a mapping of its own, but that is the last. */
static void fold_result(keyer *k, uint32_t code, bool may_map) {
    const dh_code_record *r = dh_code_find(code);
    if (code == ' ') {
        if (!k->space) k->space_from = k->from;
        k->space = true;
    } else if (may_map && (r->flags & DH_C_KEY_MAP) != 0) {
        dh_code_run run = dh_code_mapping(code);
        for (uint32_t i = 0; i < run.count; i++) fold_result(k, run.codes[i], false);
    } else if ((r->flags & DH_C_KEY_DROP) == 0) {
        put_folded(k, code, r);
    }
}

static void fold_mapped(keyer *k, uint32_t code) {
    dh_code_run run = dh_code_mapping(code);
    for (uint32_t i = 0; i < run.count; i++) fold_result(k, run.codes[i], true);
}

static void fold_hard(keyer *k, uint32_t code) {
    uint32_t codes[32];
    size_t n = dh_code_fold_hard(code, codes);
    for (size_t i = 0; i < n; i++) fold_result(k, codes[i], true);
}

static void fold(keyer *k, uint32_t code) {
    const dh_code_record *r = dh_code_find(code);
    if ((r->flags & DH_C_KEY_DROP) != 0) return;
    if ((r->flags & DH_C_SPACE) != 0 || code == 0x200C) {
        if (!k->space) k->space_from = k->from;
        k->space = true;
    } else if ((r->flags & DH_C_KEY_MAP) != 0) {
        fold_mapped(k, code);
    } else if ((r->flags & DH_C_KEY_HARD) != 0) {
        fold_hard(k, code);
    } else {
        put_folded(k, code, r);
    }
}

/* A letter that begins a segment and whose key is one more such letter: fold's quick way for nearly all
 * of them. False: nothing was done. */
static inline bool fold_plain(keyer *k, uint32_t code) {
    enum {
        ODD = DH_C_KEY_DROP | DH_C_SPACE | DH_C_KEY_MAP | DH_C_KEY_HARD | DH_C_DIGIT | DH_C_NFC |
              DH_C_TRIM
    };
    const dh_code_record *r = dh_code_find(code);
    if (k->dirty || (r->flags & ODD) != 0 || r->ccc != 0 || code == 0x200C) return false;
    if (r->delta != 0) {
        code = (uint32_t)((int32_t)code + r->delta);
        r = dh_code_find(code);
        if ((r->flags & ODD) != 0 || r->ccc != 0) return false;
    }
    if (k->space && k->out->len > 0) append(k, ' ', k->space_from);
    k->space = false;
    k->segment = k->out->len;
    k->segment_from = k->from;
    k->last = code;
    k->last_ccc = 0;
    append(k, code, k->from);
    return true;
}

/* A run of ASCII letters and digits, the bulk of Latin text. */
static const char *fold_ascii(keyer *k, const char *begin, const char *p, const char *end) {
    const char *run = p;
    k->from = (size_t)(p - begin);
    put(k, (unsigned char)dh_lower(*p), dh_code_find((unsigned char)*p));
    for (p++; p < end && dh_is_alnum(*p); p++) continue;
    size_t rest = (size_t)(p - run) - 1;
    if (rest == 0 || !dh_buf_reserve(k->out, rest)) return p;
    char *at = k->out->ptr + k->out->len;
    for (size_t i = 0; i < rest; i++) at[i] = dh_lower(run[i + 1]);
    for (size_t i = 1; i <= rest && k->offsets != NULL; i++) {
        k->out->len++;
        note_offsets(k, 1, k->from + i);
    }
    if (k->offsets == NULL) k->out->len += rest;
    k->segment = k->out->len - 1;
    k->segment_from = k->from + rest;
    k->last = (unsigned char)at[rest - 1];
    return p;
}

static bool is_ascii(dh_slice text) {
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t eight;
        memcpy(&eight, text.ptr + i, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) return false;
    }
    for (; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80) return false;
    return true;
}

/* What an ASCII character is in a key: lower case, the one apostrophe, a space, or 0 for nothing. */
/* clang-format off */
static const char ascii_keys[] =
    "\0\0\0\0\0\0\0\0\0     \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    " !\"#$%&'()*+,-./0123456789:;<=>?"
    "@abcdefghijklmnopqrstuvwxyz[\\]^_"
    "'abcdefghijklmnopqrstuvwxyz{|}~"; /* 0x7F is the NUL behind it */
_Static_assert(sizeof ascii_keys == 0x80, "one for each character");
/* clang-format on */

/* The same for text of ASCII alone: out has the room. */
static void write_ascii(dh_slice text, bool trim, dh_buf *out) {
    const char *p = text.ptr, *end = p + text.len;
    char *at = out->ptr;
    for (; p < end; p++) {
        char c = ascii_keys[(unsigned char)*p];
        if (c > ' ' && !(trim && (dh_code_find((unsigned char)c)->flags & DH_C_TRIM) != 0)) break;
    }
    for (; p < end; p++) {
        char c = ascii_keys[(unsigned char)*p];
        if (c > ' ' || (c == ' ' && at[-1] != ' ')) *at++ = c;
    }
    if (at > out->ptr && at[-1] == ' ') at--;
    out->len = (size_t)(at - out->ptr);
}

static void write_any(keyer *k, dh_slice text) {
    for (const char *p = text.ptr, *end = text.ptr + text.len; p < end;) {
        if (dh_is_alnum(*p)) {
            p = fold_ascii(k, text.ptr, p, end);
            continue;
        }
        uint32_t code;
        k->from = (size_t)(p - text.ptr);
        p += dh_code_read(p, end, &code);
        if (!fold_plain(k, code)) fold(k, code);
    }
    if (k->dirty) settle(k);
}

void dh_key_write(dh_slice text, bool trim_punctuation, dh_buf *out, dh_key_offsets *offsets) {
    if (text.len == 0 || !dh_buf_reserve(out, text.len + 1)) return;
    if (offsets == NULL && is_ascii(text)) {
        write_ascii(text, trim_punctuation, out);
    } else {
        keyer k = {.out = out, .offsets = offsets, .trim = trim_punctuation};
        write_any(&k, text);
    }
    while (trim_punctuation && out->len > 0) {
        uint32_t code;
        size_t n = dh_utf8_decode_before(out->ptr, out->ptr + out->len, &code);
        if (code != ' ' && (dh_code_find(code)->flags & DH_C_TRIM) == 0) break;
        out->len -= n;
    }
}

dh_slice dh_text_key(dh_slice text, bool trim_punctuation, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_key_write(text, trim_punctuation, &out, NULL);
    return out.len > 0 ? dh_buf_slice(&out) : DH_SLICE("");
}

dh_slice dh_text_key_map(dh_slice text, bool trim_punctuation, dh_arena *arena,
                         uint32_t **offsets) {
    dh_buf out;
    dh_key_offsets map = {NULL, 0};
    dh_buf_init(&out, arena, 0);
    dh_key_write(text, trim_punctuation, &out, &map);
    if (map.ptr == NULL) map.ptr = dh_arena_alloc(arena, sizeof *map.ptr);
    map.ptr[out.len] = (uint32_t)text.len;
    *offsets = map.ptr;
    return out.len > 0 ? dh_buf_slice(&out) : DH_SLICE("");
}
