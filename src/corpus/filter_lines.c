/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of lines. Those of C4 are of the lines that it would leave, and so are FineWeb's, which come behind it. */
#include "base/utf8.h"
#include "corpus/filters_private.h"

enum { SHORT_LINE = 30, LINE_WORDS = 3, LONGEST_WORD = 1000 };

static bool starts_with_bullet(dh_slice line) {
    line = dh_slice_trim(line);
    return dh_slice_starts(line, DH_SLICE("-")) || dh_slice_starts(line, DH_SLICE("\xE2\x80\xA2"));
}

static bool ends_with_ellipsis(dh_slice line) {
    line = dh_slice_trim(line);
    return dh_slice_ends(line, DH_SLICE("...")) || dh_slice_ends(line, DH_SLICE("\xE2\x80\xA6"));
}

/* By its last character, which FineWeb asks for: no quotation mark behind it. */
static bool ends_sentence(dh_slice line) {
    size_t at = line.len;
    while (at > 0 && ((unsigned char)line.ptr[at - 1] & 0xC0) == 0x80) at--;
    if (at == 0) return false;
    uint32_t code;
    dh_utf8_decode(line.ptr + at - 1, line.ptr + line.len, &code);
    return dh_code_ends_sentence(code);
}

static bool has_policy(dh_slice line) {
    static const dh_slice phrases[] = {
        DH_SLICE_INIT("terms of use"),   DH_SLICE_INIT("privacy policy"),
        DH_SLICE_INIT("cookie policy"),  DH_SLICE_INIT("uses cookies"),
        DH_SLICE_INIT("use of cookies"), DH_SLICE_INIT("use cookies")};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (dh_slice_has_nocase(line, phrases[i])) return true;
    return false;
}

/* Three words between spaces (without them, as their letters count), none of them endless. */
static bool has_words(dh_slice line, const dh_text_facts *facts) {
    if (facts->unspaced > 0) return facts->words >= LINE_WORDS;
    unsigned words = 0;
    for (dh_slice rest = line; rest.len > 0;) {
        dh_slice word = dh_slice_cut(&rest, ' ');
        if (word.len == 0) continue;
        if (word.len > LONGEST_WORD && dh_filter_chars(word) > LONGEST_WORD) return false;
        words++;
    }
    return words >= LINE_WORDS;
}

/* C4's measures; *left are the lines that it would leave. */
static void measure_c4(const dh_filter_text *t, dh_words *left, dh_filter_values values) {
    uint64_t sentences = 0;
    bool lorem = false, curly = false;
    for (uint32_t i = 0; i < t->lines.len; i++) {
        dh_text_facts facts;
        dh_slice line = t->lines.ptr[i];
        dh_text_measure(line, &facts);
        if (!has_words(line, &facts)) continue;
        lorem = lorem || dh_slice_has_nocase(line, DH_SLICE("lorem ipsum"));
        if (dh_slice_has_nocase(line, DH_SLICE("javascript"))) continue;
        curly = curly || dh_slice_has(line, DH_SLICE("{"));
        if (has_policy(line)) continue;
        sentences += facts.sentences + !facts.ends_sentence;
        *DH_PUSH(t->arena, *left) = line;
    }
    values[DH_FILTER_c4_lorem_ipsum] = lorem;
    values[DH_FILTER_c4_curly_bracket] = curly;
    values[DH_FILTER_c4_few_sentences] = (double)sentences;
}

static uint64_t words_in(const dh_filter_text *t, const dh_words *lines) {
    uint64_t n = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < lines->len; i++) {
        const char *begin = lines->ptr[i].ptr, *end = begin + lines->ptr[i].len;
        while (at < t->words.len && t->words.ptr[at].ptr < begin) at++;
        for (; at < t->words.len && t->words.ptr[at].ptr < end; at++) n++;
    }
    return n;
}

static void measure_fineweb(const dh_filter_text *t, const dh_words *lines,
                            dh_filter_values values) {
    uint64_t ends = 0, shorts = 0, chars = 0, repeated, repeated_chars;
    for (uint32_t i = 0; i < lines->len; i++) {
        uint32_t length = dh_filter_chars(lines->ptr[i]);
        ends += ends_sentence(lines->ptr[i]);
        shorts += length <= SHORT_LINE;
        chars += length;
    }
    dh_filter_duplicates(lines, t->arena, &repeated, &repeated_chars);
    values[DH_FILTER_fineweb_line_ends] = dh_filter_share(ends, lines->len);
    values[DH_FILTER_fineweb_short_lines] = dh_filter_share(shorts, lines->len);
    values[DH_FILTER_fineweb_dup_chars] = dh_filter_share(repeated_chars, chars);
    values[DH_FILTER_fineweb2_dup_chars] = values[DH_FILTER_fineweb_dup_chars];
    values[DH_FILTER_fineweb_line_breaks] =
        dh_filter_share(lines->len > 0 ? lines->len - 1 : 0, words_in(t, lines));
}

void dh_filter_lines(const dh_filter_text *t, dh_filter_values values) {
    uint64_t bullets = 0, ellipses = 0;
    for (uint32_t i = 0; i < t->lines.len; i++) {
        bullets += starts_with_bullet(t->lines.ptr[i]);
        ellipses += ends_with_ellipsis(t->lines.ptr[i]);
    }
    values[DH_FILTER_gopher_bullets] = dh_filter_share(bullets, t->lines.len);
    values[DH_FILTER_gopher_ellipsis_lines] = dh_filter_share(ellipses, t->lines.len);
    dh_words left = {0};
    measure_c4(t, &left, values);
    measure_fineweb(t, t->after_c4 ? &left : &t->lines, values);
}
