/* SPDX-License-Identifier: Apache-2.0 */
/* What `rules learn` makes of its evidence: the fewest selectors that take what site memory takes, and lines of text for
 * the rest. */
#include "base/utf8.h"
#include "cli/rules_learn.h"
#include "text/class.h"

enum {
    LEAST_GAIN = 3 /* lines, for a selector of its own */,
    SHOWN = 70 /* bytes of a text in a comment */
};

/* ---- choosing ---- */

static void count_gains(dh_learn *l) {
    for (uint32_t i = 0; i < l->selectors.len; i++) l->selectors.ptr[i].gain = 0;
    for (uint32_t h = 0; h < l->hits.len; h++) {
        const dh_learn_hit *hit = &l->hits.ptr[h];
        for (uint32_t c = hit->begin; c < hit->end && !hit->covered; c++)
            if (l->covers.ptr[c] < l->selectors.len) l->selectors.ptr[l->covers.ptr[c]].gain++;
    }
}

static bool is_better(const dh_learn_selector *a, const dh_learn_selector *b) {
    if (a->gain != b->gain) return a->gain > b->gain;
    if (a->text.len != b->text.len) return a->text.len < b->text.len;
    return dh_slice_compare(a->text, b->text) < 0;
}

static dh_learn_selector *best_of(dh_learn *l) {
    dh_learn_selector *best = NULL;
    for (uint32_t i = 0; i < l->selectors.len; i++) {
        dh_learn_selector *s = &l->selectors.ptr[i];
        if (s->harms || s->chosen || s->gain < LEAST_GAIN) continue;
        if (best == NULL || is_better(s, best)) best = s;
    }
    return best;
}

/* What it takes is covered. The evidence: on how many pages, and the line on most of them. */
static void choose(dh_learn *l, dh_learn_selector *s) {
    uint32_t id = (uint32_t)(s - l->selectors.ptr);
    s->chosen = true;
    s->pages = 0;
    s->sample = s->last_page = UINT32_MAX;
    for (uint32_t h = 0; h < l->hits.len; h++) {
        dh_learn_hit *hit = &l->hits.ptr[h];
        bool takes = false;
        for (uint32_t c = hit->begin; c < hit->end && !takes; c++) takes = l->covers.ptr[c] == id;
        if (!takes) continue;
        hit->covered = true;
        s->pages += hit->page != s->last_page;
        s->last_page = hit->page;
        if (s->sample == UINT32_MAX ||
            l->lines.ptr[hit->line].pages > l->lines.ptr[s->sample].pages)
            s->sample = hit->line;
    }
}

void dh_learn_choose(dh_learn *l) {
    dh_learn_selector *best;
    for (uint32_t h = 0; h < l->hits.len; h++) l->hits.ptr[h].covered = false;
    for (uint32_t i = 0; i < l->selectors.len; i++) l->selectors.ptr[i].chosen = false;
    for (count_gains(l); (best = best_of(l)) != NULL; count_gains(l)) choose(l, best);
    for (uint32_t i = 0; i < l->lines.len; i++) l->lines.ptr[i].hits = 0;
    for (uint32_t h = 0; h < l->hits.len; h++)
        if (!l->hits.ptr[h].covered) l->lines.ptr[l->hits.ptr[h].line].hits++;
}

/* ---- writing ---- */

static void put_number(dh_buf *out, uint64_t n) {
    char digits[32];
    int len = 0, total = 0;
    for (; n > 0 || total == 0; n /= 10, total++) {
        if (total > 0 && total % 3 == 0) digits[len++] = ',';
        digits[len++] = (char)('0' + n % 10);
    }
    while (len-- > 0) dh_buf_putc(out, digits[len]);
}

static void put_shortened(dh_buf *out, dh_slice text) {
    size_t len = text.len < SHOWN ? text.len : SHOWN;
    while (len < text.len && len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) len--;
    for (size_t i = 0; i < len; i++)
        dh_buf_putc(out, text.ptr[i] == '\n' || text.ptr[i] == '\t' ? ' ' : text.ptr[i]);
    if (len < text.len) dh_buf_puts(out, " ...");
}

static void put_phrase(dh_buf *out, dh_slice text) {
    dh_buf_putc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\"\\*", text.ptr[i]) != NULL) dh_buf_putc(out, '\\');
        dh_buf_putc(out, text.ptr[i]);
    }
    dh_buf_putc(out, '"');
}

/* The whole line, with any number where there is one. */
static void put_regex(dh_buf *out, dh_slice text) {
    bool in_number = false;
    dh_buf_puts(out, "/^");
    for (size_t at = 0, next; at < text.len; at = next) {
        uint32_t code;
        next = at + dh_utf8_decode(text.ptr + at, text.ptr + text.len, &code);
        bool digit = dh_code_is_digit(code);
        if (digit && !in_number) dh_buf_puts(out, "\\d+");
        in_number = digit;
        if (digit) continue;
        if (code < 0x80 && strchr(".^$|?*+()[]{}\\/-", (int)code) != NULL) dh_buf_putc(out, '\\');
        dh_buf_put_slice(out, dh_slice_sub(text, at, next));
    }
    dh_buf_puts(out, "$/i");
}

static uint32_t line_number(const dh_buf *out) {
    uint32_t n = 1;
    for (size_t i = 0; i < out->len; i++) n += out->ptr[i] == '\n';
    return n;
}

static void put_day(dh_buf *out, uint32_t day) {
    dh_buf_printf(out, "%04u-%02u-%02u", (unsigned)(day / 10000), (unsigned)(day / 100 % 100),
                  (unsigned)(day % 100));
}

static void put_head(const dh_learn *l, bool checked, dh_buf *out) {
    dh_buf_puts(out, "# Learned from ");
    put_number(out, l->pages);
    dh_buf_puts(out, " pages of ");
    dh_buf_put_slice(out, l->host);
    if (l->first_day != 0) {
        dh_buf_puts(out, ", ");
        put_day(out, l->first_day);
        dh_buf_puts(out, " to ");
        put_day(out, l->last_day);
    }
    dh_buf_puts(out, ": read it, correct it, run dehusk rules lint.\n"
                     "# unverified: made by a program.\n");
    if (checked) {
        dh_buf_puts(out, "# Used alone on these pages it removes ");
        put_number(out, l->gone);
        dh_buf_puts(out, " of the ");
        put_number(out, l->gone + l->missed);
        dh_buf_puts(out, " lines that site memory removes, and no line of an article.\n");
    }
    dh_buf_puts(out, "site: =");
    dh_buf_put_slice(out, l->host);
    dh_buf_puts(out, ", =www.");
    dh_buf_put_slice(out, l->host);
    dh_buf_puts(out, "\n\n");
}

static void put_selector(dh_learn *l, dh_learn_selector *s, dh_buf *out) {
    const dh_learn_line *line = &l->lines.ptr[s->sample];
    dh_buf_puts(out, "# on ");
    put_number(out, s->pages);
    dh_buf_puts(out, " of ");
    put_number(out, l->pages);
    dh_buf_puts(out, " pages, e.g. ");
    put_shortened(out, line->text);
    dh_buf_putc(out, '\n');
    s->at = line_number(out);
    dh_buf_puts(out, "remove: ");
    dh_buf_put_slice(out, s->text);
    dh_buf_putc(out, '\n');
}

static void put_line(dh_learn_line *line, dh_buf *out) {
    dh_buf_puts(out, "# on ");
    put_number(out, line->pages);
    dh_buf_puts(out, " of ");
    put_number(out, line->of);
    dh_buf_puts(out, " articles, in no element of its own\n");
    line->at = line_number(out);
    dh_buf_puts(out, "remove line: ");
    if (line->digits) put_regex(out, line->text);
    else put_phrase(out, line->text);
    dh_buf_putc(out, '\n');
}

static bool is_for_text(const dh_learn_line *line) {
    return line->hits > 0 && line->stays == 0 && line->text.len > 0 &&
           !dh_slice_has(line->text, DH_SLICE("\n"));
}

void dh_learn_write(dh_learn *l, bool checked, dh_buf *out) {
    dh_buf_reset(out);
    put_head(l, checked, out);
    for (uint32_t i = 0; i < l->selectors.len; i++) {
        l->selectors.ptr[i].at = 0;
        if (l->selectors.ptr[i].chosen) put_selector(l, &l->selectors.ptr[i], out);
    }
    for (uint32_t i = 0; i < l->lines.len; i++) {
        dh_learn_line *line = &l->lines.ptr[i];
        line->at = 0;
        if (is_for_text(line)) put_line(line, out);
    }
}
