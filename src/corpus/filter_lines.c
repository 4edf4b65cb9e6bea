/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of lines, and C4's few of the whole text. */
#include "corpus/filters_private.h"

enum { SHORT_LINE = 30 };

static bool starts_with_bullet(dh_slice line) {
    line = dh_slice_trim(line);
    return dh_slice_starts(line, DH_SLICE("-")) || dh_slice_starts(line, DH_SLICE("\xE2\x80\xA2"));
}

static bool ends_with_ellipsis(dh_slice line) {
    line = dh_slice_trim(line);
    return dh_slice_ends(line, DH_SLICE("...")) || dh_slice_ends(line, DH_SLICE("\xE2\x80\xA6"));
}

void dh_filter_lines(const dh_filter_text *t, dh_filter_values values) {
    uint64_t bullets = 0, ellipses = 0, ends = 0, shorts = 0;
    for (uint32_t i = 0; i < t->lines.len; i++) {
        dh_text_facts facts;
        dh_slice line = t->lines.ptr[i];
        dh_text_measure(line, &facts);
        bullets += starts_with_bullet(line);
        ellipses += ends_with_ellipsis(line);
        ends += facts.ends_sentence;
        shorts += facts.chars <= SHORT_LINE;
    }
    values[DH_FILTER_gopher_bullets] = dh_filter_share(bullets, t->lines.len);
    values[DH_FILTER_gopher_ellipsis_lines] = dh_filter_share(ellipses, t->lines.len);
    values[DH_FILTER_fineweb_line_ends] = dh_filter_share(ends, t->lines.len);
    values[DH_FILTER_fineweb_short_lines] = dh_filter_share(shorts, t->lines.len);
    values[DH_FILTER_fineweb_line_breaks] =
        dh_filter_share(t->lines.len > 0 ? t->lines.len - 1 : 0, t->words.len);
    values[DH_FILTER_c4_lorem_ipsum] = dh_slice_has_nocase(t->text, DH_SLICE("lorem ipsum"));
    values[DH_FILTER_c4_curly_bracket] = dh_slice_has(t->text, DH_SLICE("{"));
    values[DH_FILTER_c4_few_sentences] = t->facts->sentences;
}
