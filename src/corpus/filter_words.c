/* SPDX-License-Identifier: Apache-2.0 */
/* Gopher's measures of words. */
#include "base/utf8.h"
#include "corpus/filters_private.h"

typedef struct sums {
    uint64_t words, chars; /* that are no marks */
    uint64_t alpha;
} sums;

static void look_at(dh_slice word, uint32_t length, sums *s) {
    bool alpha = false, plain = false;
    for (const char *p = word.ptr, *end = p + word.len; p < end && !alpha;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        alpha = dh_code_is_letter(code);
        plain = plain || !dh_code_is_punctuation(code);
    }
    s->alpha += alpha;
    if (!alpha && !plain) return;
    s->words++;
    s->chars += length;
}

static uint64_t occurrences(dh_slice text, dh_slice needle) {
    uint64_t n = 0;
    for (size_t at; (at = dh_slice_find(text, needle)) != DH_NPOS; n++)
        text = dh_slice_sub(text, at + needle.len, text.len);
    return n;
}

static bool has_word(const dh_words *words, dh_slice word) {
    for (uint32_t i = 0; i < words->len; i++)
        if (dh_slice_eq(words->ptr[i], word)) return true;
    return false;
}

/* Kinds, not times. */
static uint64_t stop_words_in(const dh_filter_text *t, const dh_words *stop_words) {
    dh_map seen;
    dh_map_init(&seen, t->arena, 0);
    for (uint32_t i = 0; i < t->words.len && seen.len < stop_words->len; i++)
        if (t->words.ptr[i].len < 64 && has_word(stop_words, t->words.ptr[i]))
            dh_map_put(&seen, t->words.ptr[i], NULL);
    return seen.len;
}

void dh_filter_words(const dh_filter_text *t, const dh_words *stop_words, dh_filter_values values) {
    sums s = {0};
    for (uint32_t i = 0; i < t->words.len; i++) look_at(t->words.ptr[i], t->lengths[i], &s);
    values[DH_FILTER_gopher_few_words] = (double)s.words;
    values[DH_FILTER_gopher_many_words] = (double)s.words;
    values[DH_FILTER_gopher_short_words] = dh_filter_share(s.chars, s.words);
    values[DH_FILTER_gopher_long_words] = values[DH_FILTER_gopher_short_words];
    values[DH_FILTER_gopher_alpha_words] = dh_filter_share(s.alpha, t->words.len);
    values[DH_FILTER_gopher_hashes] =
        dh_filter_share(occurrences(t->text, DH_SLICE("#")), t->words.len);
    uint64_t ellipses =
        occurrences(t->text, DH_SLICE("...")) + occurrences(t->text, DH_SLICE("\xE2\x80\xA6"));
    values[DH_FILTER_gopher_ellipses] = dh_filter_share(ellipses, t->words.len);
    values[DH_FILTER_gopher_stop_words] = (double)stop_words_in(t, stop_words);
}
