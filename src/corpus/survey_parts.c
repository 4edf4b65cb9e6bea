/* SPDX-License-Identifier: Apache-2.0 */
/* The survey's plots and examples. */
#include <stdio.h>

#include "corpus/chart.h"
#include "corpus/survey_page.h"
#include "emit/report.h"

enum { MOST_MONTHS = 120, YEAR = 12, FEW = 20, WIDE = 1200, NARROW = 560 };

/* ---- months ---- */

/* Months since the year 0 of "2024-05". */
static int number_of(dh_slice month) {
    int year = 0;
    for (int i = 0; i < 4; i++) year = year * 10 + month.ptr[i] - '0';
    return year * YEAR + (month.ptr[5] - '0') * 10 + month.ptr[6] - '0' - 1;
}

/* The months that are drawn: up to the last one, at most MOST_MONTHS; a long thin beginning, in which fewer than one in FEW
 * documents lie, is left out. */
typedef struct span {
    int first, last;
    uint64_t before, unknown, all; /* documents */
} span;

static span span_of(const dh_tally *months) {
    span s = {.first = -1, .last = -1};
    for (uint32_t i = 0; i < months->rows.len; i++) {
        const dh_tally_row *row = &months->rows.ptr[i];
        s.all += dh_tally_sum(row);
        if (row->name.len == 0) {
            s.unknown = dh_tally_sum(row);
            continue;
        }
        int month = number_of(row->name);
        if (s.first < 0) s.first = month;
        s.last = month;
    }
    if (s.last - s.first >= MOST_MONTHS) s.first = s.last - MOST_MONTHS + 1;
    uint64_t few = (s.all - s.unknown) / FEW, sum = 0;
    for (uint32_t i = 0; i < months->rows.len; i++) {
        const dh_tally_row *row = &months->rows.ptr[i];
        if (row->name.len == 0) continue;
        sum += dh_tally_sum(row);
        if (sum > few) {
            if (number_of(row->name) > s.first && s.last - s.first > YEAR)
                s.first = number_of(row->name);
            break;
        }
    }
    if (s.last - s.first < YEAR - 1 && s.last >= YEAR - 1) s.first = s.last - YEAR + 1;
    return s;
}

static void label_months(dh_chart_column *columns, int len, int first) {
    int every = len > 5 * YEAR ? YEAR : len > 2 * YEAR ? 6 : len > YEAR ? 3 : 1;
    for (int i = 0; i < len; i++) {
        int month = first + i;
        snprintf(columns[i].name, sizeof columns[i].name, "%04d-%02d", month / YEAR,
                 month % YEAR + 1);
        if (month % every != 0) continue;
        if (every == YEAR)
            snprintf(columns[i].label, sizeof columns[i].label, "%04d", month / YEAR);
        else memcpy(columns[i].label, columns[i].name, sizeof columns[i].label - 1);
    }
}

void dh_survey_months(const dh_survey *survey, dh_buf *out) {
    span s = span_of(&survey->months);
    if (s.first < 0) return;
    int len = s.last - s.first + 1;
    dh_chart_column *columns = dh_arena_zalloc(survey->arena, (size_t)len, sizeof *columns);
    label_months(columns, len, s.first);
    for (uint32_t i = 0; i < survey->months.rows.len; i++) {
        const dh_tally_row *row = &survey->months.rows.ptr[i];
        int at = row->name.len > 0 ? number_of(row->name) - s.first : 0;
        if (row->name.len > 0 && at < 0) s.before += dh_tally_sum(row);
        if (row->name.len > 0 && at >= 0) memcpy(columns[at].count, row->count, sizeof row->count);
    }
    dh_buf_puts(out, "<section class=\"wide\">\n<h2>Months</h2>\n<p>Documents by the month of "
                     "publication, as the "
                     "page says. ");
    dh_chart_number(out, s.unknown);
    dh_buf_puts(out, " of ");
    dh_chart_number(out, s.all);
    dh_buf_puts(out, " have no date");
    if (s.before > 0) {
        dh_buf_puts(out, ", ");
        dh_chart_number(out, s.before);
        dh_buf_printf(out, " are of before %s", columns[0].name);
    }
    dh_buf_puts(out, ".</p>\n");
    dh_chart_columns(out, columns, (size_t)len, WIDE, "documents by month of publication");
    dh_buf_puts(out, "</section>\n");
}

/* ---- lengths ---- */

static bool is_empty(const uint64_t count[DH_FATE_COUNT]) {
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        if (count[fate] > 0) return false;
    return true;
}

static void label_length(dh_chart_column *column, int class) {
    unsigned long long begin = dh_length_begin(class), end = dh_length_begin(class + 1) - 1;
    if (class + 1 == DH_LENGTH_CLASSES)
        snprintf(column->name, sizeof column->name, "%llu and more", begin);
    else if (begin == end) snprintf(column->name, sizeof column->name, "%llu", begin);
    else snprintf(column->name, sizeof column->name, "%llu to %llu", begin, end);
    bool power =
        class < 2 || (class - 2) % 6 == 0 || (class - 2) % 6 == 3; /* 0, 1, 10, 30, 100 ... */
    if (!power) return;
    if (begin < 1000) snprintf(column->label, sizeof column->label, "%llu", begin);
    else if (begin < 1000000) snprintf(column->label, sizeof column->label, "%lluk", begin / 1000);
    else snprintf(column->label, sizeof column->label, "%lluM", begin / 1000000);
}

void dh_survey_lengths(const dh_lengths *lengths, const char *unit, dh_buf *out) {
    dh_chart_column columns[DH_LENGTH_CLASSES] = {0};
    int first = 0, end = DH_LENGTH_CLASSES;
    while (end > 0 && is_empty(lengths->count[end - 1])) end--;
    while (first < end && is_empty(lengths->count[first])) first++;
    if (first == end) return;
    for (int class = first; class < end; class ++) {
        dh_chart_column *column = &columns[class - first];
        label_length(column, class);
        memcpy(column->count, lengths->count[class], sizeof column->count);
    }
    dh_buf_printf(
        out,
        "<section>\n<h2>Length in %s</h2>\n<p>Documents by the %s of their texts; the scale "
        "below is not even.</p>\n",
        unit, unit);
    dh_chart_columns(out, columns, (size_t)(end - first), NARROW, "documents by length");
    dh_buf_puts(out, "</section>\n");
}

/* ---- examples ---- */

static void put_lang(const dh_survey_example *e, dh_slice text, dh_buf *out) {
    if (e->language.len > 0 && !dh_slice_eq(e->language, DH_SLICE("und"))) {
        dh_buf_puts(out, " lang=\"");
        dh_report_text(out, e->language);
        dh_buf_putc(out, '"');
    }
    dh_report_dir(out, text);
    dh_buf_putc(out, '>');
}

static void put_about(const dh_survey_example *e, dh_buf *out) {
    dh_buf_puts(out, "<p class=\"about\" dir=\"ltr\">");
    if (e->url.len > 0 || e->host.len > 0) {
        dh_buf_puts(out, "<code>");
        dh_report_text(out, e->url.len > 0 ? e->url : e->host);
        dh_buf_puts(out, "</code><br>");
    }
    if (e->language.len > 0) {
        dh_report_text(out, e->language);
        dh_buf_puts(out, ", ");
    }
    dh_chart_number(out, e->chars);
    dh_buf_puts(out, " characters");
    if (e->value.len > 0) {
        dh_buf_puts(out, "; measured ");
        dh_report_text(out, e->value);
        dh_buf_puts(out, ", threshold ");
        dh_report_text(out, e->threshold);
    }
    if (e->message.len > 0) {
        dh_buf_puts(out, "; ");
        dh_report_text(out, e->message);
    }
    dh_buf_puts(out, "</p>\n");
}

static void put_example(const dh_survey_example *e, dh_buf *out) {
    dh_buf_puts(out, "<article>\n");
    if (e->title.len > 0) {
        dh_buf_puts(out, "<h3");
        put_lang(e, e->title, out);
        dh_report_text(out, e->title);
        dh_buf_puts(out, "</h3>\n");
    }
    put_about(e, out);
    if (e->text.len > 0) {
        dh_buf_puts(out, "<p class=\"text\"");
        put_lang(e, e->text, out);
        dh_report_text(out, e->text);
        dh_buf_puts(out, "</p>\n");
    }
    dh_buf_puts(out, "<p class=\"about\" dir=\"ltr\">id <code>");
    dh_report_text(out, e->id);
    dh_buf_puts(out, "</code></p>\n</article>\n");
}

void dh_survey_examples(const dh_survey *survey, dh_buf *out) {
    uint32_t dropped = 0;
    dh_buf_puts(
        out,
        "<section class=\"wide\">\n<h2>Examples</h2>\n<p>Up to three documents of each reason, of "
        "different "
        "hosts, chosen by a hash of their ids. <code>dehusk corpus show DIR ID</code> prints the "
        "whole.</p>\n");
    for (uint32_t i = 0; i < survey->reasons.len; i++) {
        const dh_survey_reason *r = &survey->reasons.ptr[i];
        bool kept = r->fate == DH_FATE_KEPT;
        if (r->shown == 0) continue;
        dh_buf_printf(out, "<details%s><summary><span class=\"key %s\"></span>",
                      i < 2 ? " open" : "", kept ? "f-kept" : dh_survey_fill(dropped));
        if (!kept) dropped++;
        if (kept) dh_buf_puts(out, "kept");
        else dh_report_text(out, r->name);
        dh_buf_puts(out, "<b>");
        dh_chart_number(out, r->documents);
        dh_buf_printf(out, "</b></summary>\n<div class=\"examples\" id=\"e%u\">\n",
                      (unsigned)i + 1);
        for (uint32_t k = 0; k < r->shown; k++) put_example(&r->examples[k], out);
        dh_buf_puts(out, "</div>\n</details>\n");
    }
    dh_buf_puts(out, "</section>\n");
}
