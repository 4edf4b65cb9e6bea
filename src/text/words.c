/* SPDX-License-Identifier: Apache-2.0 */
#include "text/words.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "text/class.h"
#include "text/codes.h"

struct dh_word_cutter {
    UBreakIterator *breaks; /* NULL until something unspaced comes */
    UText text;
};

dh_word_cutter *dh_word_cutter_new(void) {
    dh_word_cutter *cutter = calloc(1, sizeof *cutter);
    if (cutter != NULL) cutter->text = (UText)UTEXT_INITIALIZER;
    return cutter;
}

void dh_word_cutter_free(dh_word_cutter *cutter) {
    if (cutter == NULL) return;
    if (cutter->breaks != NULL) ubrk_close(cutter->breaks);
    utext_close(&cutter->text);
    free(cutter);
}

static void put(dh_words *words, dh_arena *arena, const char *begin, const char *end) {
    if (begin < end) *DH_PUSH(arena, *words) = dh_slice_make(begin, (size_t)(end - begin));
}

static bool start(dh_word_cutter *cutter, const char *begin, const char *end) {
    UErrorCode status = U_ZERO_ERROR;
    if (cutter->breaks == NULL) cutter->breaks = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    utext_openUTF8(&cutter->text, begin, end - begin, &status);
    if (U_SUCCESS(status)) ubrk_setUText(cutter->breaks, &cutter->text, &status);
    return U_SUCCESS(status) && cutter->breaks != NULL;
}

/* Without ICU's help it is one word. */
static void cut_unspaced(dh_word_cutter *cutter, const char *begin, const char *end,
                         dh_words *words, dh_arena *arena) {
    if (!start(cutter, begin, end)) {
        put(words, arena, begin, end);
        return;
    }
    int32_t from = ubrk_first(cutter->breaks), to;
    while ((to = ubrk_next(cutter->breaks)) != UBRK_DONE) {
        put(words, arena, begin + from, begin + to);
        from = to;
    }
}

static bool is_mark(uint32_t code) {
    return (dh_code_find(code)->flags & DH_C_PUNCT) != 0;
}

/* A mark that is repeated ("...", "--") is one word. */
static void put_marks(const char *begin, const char *end, dh_words *words, dh_arena *arena) {
    uint32_t code, before = 0;
    for (const char *p = begin, *at = p; p < end;) {
        const char *from = p;
        p += dh_code_read(p, end, &code);
        if (from > at && code != before) {
            put(words, arena, at, from);
            at = from;
        }
        before = code;
        if (p == end) put(words, arena, at, p);
    }
}

/* A hyphen, dash or stroke between letters is a word of its own: so do the tokenizers whose counts the thresholds were
 * made for. */
static bool joins(uint32_t code) {
    return code == '-' || code == '/' || code == '~' || (code >= 0x2010 && code <= 0x2015);
}

static void cut_spaced(const char *begin, const char *end, dh_words *words, dh_arena *arena) {
    uint32_t code, before = 0, behind = 0;
    for (const char *p = begin; p < end; before = code) {
        const char *at = p;
        p += dh_code_read(p, end, &code);
        if (!joins(code) || !dh_code_is_letter(before) || p >= end) continue;
        dh_code_read(p, end, &behind);
        if (!dh_code_is_letter(behind)) continue;
        put(words, arena, begin, at);
        put(words, arena, at, p);
        begin = p;
    }
    put(words, arena, begin, end);
}

/* What stands between two spaces. */
static void cut_run(dh_word_cutter *cutter, const char *begin, const char *end, dh_words *words,
                    dh_arena *arena) {
    uint32_t code;
    const char *core = begin, *core_end = begin;
    bool inside = false, unspaced = false;
    for (const char *p = begin; p < end;) {
        const char *at = p;
        p += dh_code_read(p, end, &code);
        if (is_mark(code)) continue;
        if (!inside) core = at;
        inside = true;
        core_end = p;
        unspaced = unspaced || (dh_code_find(code)->flags & DH_C_UNSPACED) != 0;
    }
    if (!inside) core = core_end = end;
    put_marks(begin, core, words, arena);
    if (unspaced) cut_unspaced(cutter, core, core_end, words, arena);
    else cut_spaced(core, core_end, words, arena);
    put_marks(core_end, end, words, arena);
}

void dh_words_cut(dh_word_cutter *cutter, dh_slice text, dh_arena *arena, dh_words *words) {
    const char *end = text.ptr + text.len, *begin = text.ptr;
    for (const char *p = text.ptr; p < end;) {
        uint32_t code;
        const char *at = p;
        p += dh_code_read(p, end, &code);
        if ((dh_code_find(code)->flags & DH_C_SPACE) == 0) continue;
        if (begin < at) cut_run(cutter, begin, at, words, arena);
        begin = p;
    }
    if (begin < end) cut_run(cutter, begin, end, words, arena);
}
