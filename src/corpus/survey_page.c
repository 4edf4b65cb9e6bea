/* SPDX-License-Identifier: Apache-2.0 */
/* The page's frame, its style sheet, and all that is a table. */
#include "corpus/survey_page.h"

#include "corpus/chart.h"
#include "emit/report.h"

enum { MOST_ROWS = 15, MOST_REASONS = 40 };

/* clang-format off */
static const char *const style[] = {
    ":root{--grid:#e8e5de}@media (prefers-color-scheme:dark){:root{--grid:#2d3034}}",
    "body{max-width:84rem}",
    "main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1.25rem;align-items:start}",
    "section{min-width:0}",
    ".wide{grid-column:1/-1}",
    "h2{margin:0 0 .15rem;font-size:1.0625rem;line-height:1.3}",
    "section>p{margin:0 0 .75rem;color:var(--soft);font-size:.875rem}",
    "svg{display:block;width:100%}",
    "svg.columns{height:auto;overflow:visible}",
    "svg.bar{height:.7rem;border-radius:.2rem;background:var(--grid)}",
    ".whole svg.bar{height:2rem;border-radius:.35rem}",
    ".whole div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;margin:.6rem 0 .2rem;font-size:.875rem}",
    ".whole div span{color:var(--soft)}",
    "rect:hover,g:hover rect{opacity:.75}",
    ".line{stroke:var(--grid);fill:none}.axis{stroke:var(--soft);fill:none}",
    "svg text{font-size:11px;fill:var(--soft);font-variant-numeric:tabular-nums}",
    "text.y{text-anchor:end}",
    ".f-kept{fill:var(--kept);background:var(--kept)}",
    ".f-rejected{fill:var(--label);background:var(--label)}",
    ".f-failed{fill:var(--rule);background:var(--rule)}",
    ".f-1{fill:var(--label);background:var(--label)}.f-2{fill:var(--score);background:var(--score)}",
    ".f-3{fill:var(--outside);background:var(--outside)}.f-4{fill:var(--repeated);background:var(--repeated)}",
    ".f-5{fill:var(--partly);background:var(--partly)}.f-6{fill:var(--rule);background:var(--rule)}",
    ".f-0{fill:var(--hidden);background:var(--hidden)}",
    ".key{display:inline-block;width:.75em;height:.75em;border-radius:.2em;margin-inline-end:.4em}",
    ".keys{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;margin:0 0 1rem;font-size:.875rem;color:var(--soft)}",
    "table{width:100%;border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}",
    "th{font-weight:500;color:var(--soft);text-align:end;padding:.1rem .35rem .3rem}",
    "th:first-child,td:first-child{text-align:start;padding-inline-start:0}",
    "td{text-align:end;padding:.2rem .35rem;border-top:1px solid var(--line);vertical-align:middle;overflow-wrap:normal}",
    "td:first-child{overflow-wrap:anywhere}",
    "td:last-child,th:last-child{padding-inline-end:0}",
    "td.b{width:26%}td:not(:first-child,.help){white-space:nowrap}td small{display:block;color:var(--soft);font-size:.8125rem;"
    "line-height:1.35}",
    ".reasons td{padding-block:.12rem}td.help{text-align:start;color:var(--soft)}td.name{white-space:nowrap}",
    ".whole rect{stroke:var(--paper);stroke-width:1px;vector-effect:non-scaling-stroke}",
    "@media (max-width:48rem){td.help{display:none}td.name{white-space:normal}}",
    "tr.more td{color:var(--soft)}",
    "details{margin:0 0 .5rem}",
    "summary b{margin-inline-start:.5rem;font-weight:400;color:var(--soft)}",
    "summary small{margin-inline-start:.75rem;font-weight:400;color:var(--soft)}",
    ".examples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.75rem;padding:.25rem .75rem .75rem}",
    ".examples article{min-width:0;border:1px solid var(--line);border-radius:.4rem;padding:.6rem .75rem;font-size:.875rem}",
    ".examples h3{margin:0 0 .25rem;font-size:.9375rem;line-height:1.35;overflow-wrap:anywhere}",
    ".examples p{margin:0 0 .4rem;overflow-wrap:anywhere}",
    ".examples .text{white-space:pre-line;line-height:1.5;max-height:15em;overflow:auto;scrollbar-width:thin}",
    ".examples [dir=rtl].text,.examples h3[dir=rtl]{font-size:1rem}",
    ".examples .about{color:var(--soft);font-size:.8125rem}",
    "pre{margin:0;padding:.25rem .75rem .75rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem}",
    "footer{margin-top:1.25rem}",
    "@media print{section{break-inside:avoid}}",
    NULL};
/* clang-format on */

const char *dh_survey_help(dh_slice reason) {
    static const struct {
        const char *name, *help;
    } all[] = {
#define DH_REASON(name, help) {#name, help},
#include "corpus/survey_reasons.def"
#undef DH_REASON
#define DH_FILTER(name, profiles, sense, threshold, key, help) {#name, #sense " " help},
#include "corpus/filters.def"
#undef DH_FILTER
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (dh_slice_eq(reason, dh_slice_cstr(all[i].name))) return all[i].help;
    return "";
}

/* A measure's help says first on which side of its threshold a document is dropped. */
static void put_help(dh_slice reason, dh_buf *out) {
    dh_slice help = dh_slice_cstr(dh_survey_help(reason));
    static const struct {
        dh_slice sense, words;
    } senses[] = {{DH_SLICE_INIT("MAX "), DH_SLICE_INIT("too many: ")},
                  {DH_SLICE_INIT("MIN "), DH_SLICE_INIT("too few: ")}};
    for (size_t i = 0; i < sizeof senses / sizeof *senses; i++)
        if (dh_slice_starts(help, senses[i].sense)) {
            dh_buf_put_slice(out, senses[i].words);
            help = dh_slice_sub(help, senses[i].sense.len, help.len);
        }
    dh_report_text(out, help);
}

const char *dh_survey_fill(uint32_t number) {
    static const char *const fills[] = {"f-1", "f-2", "f-3", "f-4", "f-5", "f-6"};
    return number < sizeof fills / sizeof *fills ? fills[number] : "f-0";
}

/* ---- tables ---- */

static void put_counted(dh_buf *out, const uint64_t count[DH_FATE_COUNT], uint64_t most) {
    static const char *const fills[DH_FATE_COUNT] = {"f-kept", "f-rejected", "f-failed"};
    dh_chart_part parts[DH_FATE_COUNT];
    uint64_t sum = 0;
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) {
        parts[fate] =
            (dh_chart_part){dh_slice_cstr(dh_fate_name((dh_fate)fate)), fills[fate], count[fate]};
        sum += count[fate];
    }
    dh_buf_puts(out, "</td><td class=\"b\">");
    dh_chart_bar(out, parts, DH_FATE_COUNT, most, "documents");
    dh_buf_puts(out, "</td><td>");
    dh_chart_number(out, sum);
    dh_buf_puts(out, "</td><td>");
    dh_chart_number(out, count[DH_FATE_KEPT]);
    dh_buf_puts(out, "</td><td>");
    dh_chart_share(out, count[DH_FATE_KEPT], sum);
    dh_buf_puts(out, "</td></tr>\n");
}

/* Documents by name and fate; those beyond the first rows as one. */
static void put_tally(dh_tally *tally, const char *title, const char *about, dh_buf *out) {
    uint64_t rest[DH_FATE_COUNT] = {0};
    if (tally->rows.len == 0) return;
    dh_tally_rank(tally);
    uint64_t most = dh_tally_sum(&tally->rows.ptr[0]);
    dh_buf_printf(out,
                  "<section>\n<h2>%s</h2>\n<p>%s</p>\n<table><tr><th></th><th></th>"
                  "<th>documents</th><th>kept</th><th></th></tr>\n",
                  title, about);
    for (uint32_t i = 0; i < tally->rows.len; i++) {
        const dh_tally_row *row = &tally->rows.ptr[i];
        for (int fate = 0; i >= MOST_ROWS && fate < DH_FATE_COUNT; fate++)
            rest[fate] += row->count[fate];
        if (i >= MOST_ROWS) continue;
        dh_buf_puts(out, "<tr><td><bdi dir=\"ltr\">");
        dh_report_text(out, row->name);
        dh_buf_puts(out, "</bdi>");
        put_counted(out, row->count, most);
    }
    if (tally->rows.len > MOST_ROWS) {
        dh_buf_puts(out, "<tr class=\"more\"><td>");
        dh_chart_number(out, tally->rows.len - MOST_ROWS);
        dh_buf_puts(out, " more");
        uint64_t sum = 0;
        for (int fate = 0; fate < DH_FATE_COUNT; fate++) sum += rest[fate];
        put_counted(out, rest, sum > most ? sum : most);
    }
    dh_buf_puts(out, "</table>\n</section>\n");
}

static void put_persons(const dh_survey *survey, dh_buf *out) {
    static const char *const helps[DH_PII_COUNT] = {
#define DH_PII(name, token, help) help,
#include "corpus/pii.def"
#undef DH_PII
    };
    uint64_t all = 0;
    for (int kind = 0; kind < DH_PII_COUNT; kind++) all += survey->found[kind];
    if (all == 0) return;
    dh_buf_puts(out, "<section>\n<h2>Persons</h2>\n<p>What leads to a person by its form, in all "
                     "documents.</p>\n<table><tr><th></th><th>documents</th><th>found</th></tr>\n");
    for (int kind = 0; kind < DH_PII_COUNT; kind++) {
        dh_buf_printf(out, "<tr><td>%s<small>%s</small></td><td>", dh_pii_name((dh_pii_kind)kind),
                      helps[kind]);
        dh_chart_number(out, survey->persons[kind]);
        dh_buf_puts(out, "</td><td>");
        dh_chart_number(out, survey->found[kind]);
        dh_buf_puts(out, "</td></tr>\n");
    }
    dh_buf_puts(out, "</table>\n</section>\n");
}

/* ---- where it all went ---- */

static void put_name(const dh_survey_reason *reason, dh_buf *out) {
    if (reason->fate == DH_FATE_KEPT) dh_buf_puts(out, "kept");
    else dh_report_text(out, reason->name);
}

typedef struct totals {
    uint64_t documents, chars;
} totals;

static void put_whole(const dh_survey *survey, const char *title, bool chars, uint64_t total,
                      dh_arena *arena, dh_buf *out) {
    uint32_t len = survey->reasons.len;
    dh_chart_part *parts = dh_arena_alloc(arena, (size_t)len * sizeof *parts + 1);
    uint64_t kept = 0, n = 0;
    for (uint32_t i = 0; i < len; i++) {
        const dh_survey_reason *r = &survey->reasons.ptr[i];
        bool is_kept = r->fate == DH_FATE_KEPT;
        uint64_t value = chars ? r->chars : r->documents;
        parts[i] = (dh_chart_part){is_kept ? DH_SLICE("kept") : r->name,
                                   is_kept ? "f-kept" : dh_survey_fill((uint32_t)n++), value};
        if (is_kept) kept = value;
    }
    dh_buf_printf(out, "<div><b>%s</b><span>", title);
    dh_chart_number(out, kept);
    dh_buf_puts(out, " of ");
    dh_chart_number(out, total);
    dh_buf_puts(out, " kept, ");
    dh_chart_share(out, kept, total);
    dh_buf_puts(out, "</span></div>\n");
    dh_chart_bar(out, parts, len, total, chars ? "characters" : "documents");
    dh_buf_putc(out, '\n');
}

static void put_reason(const dh_survey_reason *r, uint32_t number, uint32_t dropped, totals all,
                       dh_buf *out) {
    bool kept = r->fate == DH_FATE_KEPT;
    dh_buf_printf(out, "<tr><td class=\"name\"><span class=\"key %s\"></span>",
                  kept ? "f-kept" : dh_survey_fill(dropped));
    if (r->shown > 0) dh_buf_printf(out, "<a href=\"#e%u\">", (unsigned)number);
    put_name(r, out);
    if (r->shown > 0) dh_buf_puts(out, "</a>");
    dh_buf_printf(out, "</td><td class=\"help\">%s", r->fate == DH_FATE_FAILED ? "failed: " : "");
    if (!kept) put_help(r->name, out);
    dh_buf_puts(out, "</td><td>");
    dh_chart_number(out, r->documents);
    dh_buf_puts(out, "</td><td>");
    dh_chart_share(out, r->documents, all.documents);
    dh_buf_puts(out, "</td><td>");
    dh_chart_number(out, r->chars);
    dh_buf_puts(out, "</td><td>");
    dh_chart_share(out, r->chars, all.chars);
    dh_buf_puts(out, "</td></tr>\n");
}

static void put_reasons(const dh_store *store, const dh_survey *survey, dh_buf *out) {
    totals all = {0, 0};
    uint32_t dropped = 0;
    for (uint32_t i = 0; i < survey->reasons.len; i++) {
        all.documents += survey->reasons.ptr[i].documents;
        all.chars += survey->reasons.ptr[i].chars;
    }
    dh_buf_puts(out, "<section class=\"wide whole\">\n<h2>Where it went</h2>\n");
    put_whole(survey, "Documents", false, all.documents, store->arena, out);
    put_whole(survey, "Text, in characters", true, all.chars, store->arena, out);
    dh_buf_puts(
        out,
        "</section>\n<section class=\"wide\">\n<h2>Reasons</h2>\n"
        "<p>Each document has one: the first that applied. Text is what was left of the page "
        "after cleaning.</p>\n<table class=\"reasons\"><tr><th></th><th></th><th>documents</th>"
        "<th></th><th>characters</th><th></th></tr>\n");
    for (uint32_t i = 0; i < survey->reasons.len && i < MOST_REASONS; i++) {
        const dh_survey_reason *r = &survey->reasons.ptr[i];
        put_reason(r, i + 1, dropped, all, out);
        if (r->fate != DH_FATE_KEPT) dropped++;
    }
    dh_buf_puts(out, "</table>\n");
    if (survey->reasons.len > MOST_REASONS)
        dh_buf_printf(out, "<p>%u more are not listed.</p>\n",
                      (unsigned)(survey->reasons.len - MOST_REASONS));
    dh_buf_puts(out, "</section>\n");
}

/* ---- the frame ---- */

static void put_fact(dh_buf *out, uint64_t value, const char *what) {
    dh_buf_puts(out, "<span><b>");
    dh_chart_number(out, value);
    dh_buf_printf(out, "</b> %s</span> ", what);
}

/* "12.3 MB" */
static void put_bytes(dh_buf *out, uint64_t bytes, const char *what) {
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB"};
    uint64_t tenths = bytes / 100;
    size_t unit = 0;
    for (; tenths >= 10000 && unit + 1 < sizeof units / sizeof *units; unit++) tenths /= 1000;
    dh_buf_printf(out, "<span><b>%llu.%llu %s</b> %s</span> ", (unsigned long long)(tenths / 10),
                  (unsigned long long)(tenths % 10), units[unit], what);
}

static void put_header(const dh_store *store, const dh_marker *sum, dh_slice name, dh_buf *out) {
    uint64_t unit;
    dh_buf_puts(out, "<header>\n<h1>Corpus <bdi>");
    dh_report_text(out, name);
    dh_buf_puts(out, "</bdi></h1>\n<p class=\"sum\">");
    put_fact(out, sum->documents, "documents");
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        put_fact(out, sum->fates[fate], dh_fate_name((dh_fate)fate));
    dh_buf_puts(out, "</p>\n<p class=\"sum\">");
    put_fact(out, sum->words, "words kept");
    put_fact(out, sum->chars, "characters kept");
    if (sum->lines_removed > 0)
        put_fact(out, sum->lines_removed, "lines removed that pages of a host share");
    put_bytes(out, sum->input_bytes, "of pages");
    put_bytes(out, sum->kept.stored, "stored");
    put_fact(out, sum->left_out, "records left out that are no pages");
    dh_buf_puts(out, "</p>\n");
    if (!dh_store_is_whole(store, NULL, &unit))
        dh_buf_printf(
            out, "<p class=\"warn\"><b>Not whole yet</b>: unit %llu of %llu is not done.</p>\n",
            (unsigned long long)unit, (unsigned long long)store->units);
    dh_buf_puts(out,
                "<p class=\"keys\"><span><span class=\"key f-kept\"></span>kept</span> "
                "<span><span class=\"key f-rejected\"></span>rejected: judged and not kept</span> "
                "<span><span class=\"key f-failed\"></span>failed: could not be read</span></p>\n"
                "</header>\n");
}

void dh_survey_page(const dh_store *store, dh_marker *sum, dh_survey *survey, dh_slice name,
                    dh_buf *out) {
    dh_report_head(out, name, style);
    put_header(store, sum, name, out);
    dh_buf_puts(out, "<main>\n");
    put_reasons(store, survey, out);
    dh_survey_months(survey, out);
    dh_survey_lengths(&survey->chars, "characters", out);
    dh_survey_lengths(&survey->words, "words", out);
    put_tally(&survey->complete, "Completeness", "How much of an article a page holds.", out);
    put_persons(survey, out);
    put_tally(&sum->languages, "Languages", "By the language of the text.", out);
    put_tally(&sum->hosts, "Hosts", "Those with the most documents.", out);
    put_tally(&sum->rules, "Rule files", "By the site's rule files; other pages have none.", out);
    dh_survey_examples(survey, out);
    dh_buf_puts(out, "</main>\n<footer>\n<details><summary>How it was made</summary>\n<pre>");
    dh_report_text(out, store->run);
    dh_buf_puts(out, "</pre></details>\n</footer>\n</body>\n</html>\n");
}
