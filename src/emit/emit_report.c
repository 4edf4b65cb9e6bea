/* SPDX-License-Identifier: Apache-2.0 */
/* The report's frame: head, summary, fields, legend; and how text gets into it. */
#include "base/utf8.h"
#include "emit/head.h"
#include "emit/report.h"

static bool reorders(uint32_t code) {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

void dh_report_text(dh_buf *out, dh_slice text) {
    if (text.ptr == NULL) return;
    const char *p = text.ptr, *run = p, *end = p + text.len;
    while (p < end) {
        uint32_t code;
        size_t n = dh_utf8_decode(p, end, &code);
        const char *name = NULL;
        if (code == '&')
            name = "&amp;";
        else if (code == '<')
            name = "&lt;";
        else if (code == '>')
            name = "&gt;";
        else if (code == '"')
            name = "&quot;";
        else if (code == '\'')
            name = "&#39;";
        else if ((code < ' ' && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
                 code == DH_REPLACEMENT || reorders(code))
            name = "\xEF\xBF\xBD";
        if (name != NULL) {
            dh_buf_put(out, run, (size_t)(p - run));
            dh_buf_puts(out, name);
            run = p + n;
        }
        p += n;
    }
    dh_buf_put(out, run, (size_t)(end - run));
}

/* The blocks of Unicode whose letters run right to left: Hebrew to Arabic Extended, presentation forms,
 * and the old and African scripts of the first plane. */
static bool is_rtl(uint32_t c) {
    return (c >= 0x590 && c <= 0x8FF && (c < 0x660 || c > 0x669) && (c < 0x6F0 || c > 0x6F9)) ||
           (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC) ||
           (c >= 0x10800 && c <= 0x10FFF) || (c >= 0x1E800 && c <= 0x1EFFF);
}

/* Not the punctuation, signs and digits among them; near enough for a layout. */
static bool is_ltr(uint32_t c) {
    if (c < 0x80) return dh_is_alpha((char)c);
    return c >= 0xC0 && !is_rtl(c) && !(c >= 0x2000 && c <= 0x2BFF) && c != 0xD7 && c != 0xF7 &&
           !(c >= 0x3000 && c <= 0x303F) && !(c >= 0x660 && c <= 0x6F9) &&
           !(c >= 0xFE00 && c <= 0xFE0F) && c < 0x1F000;
}

void dh_report_dir(dh_buf *out, dh_slice text) {
    if (text.ptr == NULL) return;
    size_t rtl = 0, ltr = 0;
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (is_ltr(code))
            ltr++;
        else if (is_rtl(code))
            rtl++;
    }
    if (rtl + ltr > 0) dh_buf_puts(out, rtl >= ltr ? " dir=\"rtl\"" : " dir=\"ltr\"");
}

void dh_report_image(dh_buf *out, const dh_inline *image) {
    dh_buf_puts(out, "<span class=\"img\"><i>image</i> ");
    if (image->alt.len > 0) {
        dh_buf_puts(out, "<bdi>");
        dh_report_text(out, image->alt);
        dh_buf_puts(out, "</bdi> ");
    }
    dh_buf_puts(out, "<code dir=\"ltr\">");
    dh_report_text(out, image->target);
    dh_buf_puts(out, "</code></span>");
}

const char *dh_report_class(dh_report_tint tint) {
    static const char *const classes[DH_TINT_COUNT] = {
        "kept", "partly", "rule", "outside", "hidden", "label", "repeated", "score"};
    return classes[tint];
}

const char *dh_report_legend(dh_report_tint tint) {
    static const char *const texts[DH_TINT_COUNT] = {[DH_TINT_KEPT] = "kept",
                                                     [DH_TINT_PARTLY] = "kept in part",
                                                     [DH_TINT_RULE] = "a rule",
                                                     [DH_TINT_OUTSIDE] = "outside of article",
                                                     [DH_TINT_HIDDEN] = "hidden",
                                                     [DH_TINT_LABEL] = "a label",
                                                     [DH_TINT_REPEATED] = "repeated",
                                                     [DH_TINT_SCORE] = "the extractor"};
    return texts[tint];
}

static dh_report_tint tint_of(const dh_article *a, uint32_t i) {
    const dh_decision *decision = &a->decisions[i];
    if (decision->verdict == DH_KEEP) {
        bool whole = decision->spans == 0 || dh_slice_eq(a->texts[i], a->blocks->ptr[i].text);
        return whole ? DH_TINT_KEPT : DH_TINT_PARTLY;
    }
    if (decision->mark >= a->marks->len) return DH_TINT_SCORE;
    const dh_mark *mark = &a->marks->ptr[decision->mark];
    switch (mark->cause) {
    case DH_CAUSE_KEEP:
    case DH_CAUSE_RULE:
        return dh_slice_starts(mark->detail, DH_SLICE("outside of ")) ? DH_TINT_OUTSIDE
                                                                     : DH_TINT_RULE;
    case DH_CAUSE_HIDDEN:
        return DH_TINT_HIDDEN;
    case DH_CAUSE_LABEL:
        return DH_TINT_LABEL;
    case DH_CAUSE_REPEATED:
        return DH_TINT_REPEATED;
    case DH_CAUSE_ARTICLE:
        return DH_TINT_OUTSIDE;
    case DH_CAUSE_SCORE:
        return DH_TINT_SCORE;
    }
    return DH_TINT_SCORE;
}

static dh_slice title_of(const dh_article *a) {
    dh_slice title = dh_head_title(a);
    if (title.len == 0) title = a->name;
    return title.len > 0 ? title : DH_SLICE("a page");
}

static void put_style(dh_buf *out, const char *const *lines) {
    for (size_t i = 0; lines[i] != NULL; i++) {
        dh_buf_puts(out, lines[i]);
        dh_buf_putc(out, '\n');
    }
}

void dh_report_head(dh_buf *out, dh_slice title, const char *const *style) {
    dh_buf_puts(out,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    dh_report_text(out, title);
    dh_buf_puts(out, " - dehusk</title>\n<style>\n");
    put_style(out, dh_report_style);
    put_style(out, style);
    dh_buf_puts(out, "</style>\n</head>\n<body>\n");
}

static void put_value(dh_report *r, dh_slice value) {
    dh_buf_puts(r->out, "<bdi");
    if (dh_slice_starts(value, DH_SLICE("http"))) /* an address stays one, whatever it is made of */
        dh_buf_puts(r->out, " dir=\"ltr\"");
    else
        dh_report_dir(r->out, value);
    dh_buf_putc(r->out, '>');
    dh_report_text(r->out, value);
    dh_buf_puts(r->out, "</bdi>");
}

static void put_where(dh_report *r, const char *source, dh_slice where) {
    dh_buf_printf(r->out, " <small dir=\"ltr\">%s", source);
    if (where.len > 0) {
        dh_buf_puts(r->out, " <code>");
        dh_report_text(r->out, where);
        dh_buf_puts(r->out, "</code>");
    }
    dh_buf_puts(r->out, "</small></dd></div>\n");
}

static void put_fact(dh_report *r, const char *name, dh_slice value, dh_slice why) {
    if (value.len == 0) return;
    dh_buf_printf(r->out, "<div><dt>%s</dt><dd>", name);
    put_value(r, value);
    put_where(r, "", why);
}

/* Values of one kind from one place share a row. */
static void put_facts(dh_report *r) {
    const dh_article *a = r->article;
    const dh_slice none = {NULL, 0};
    dh_buf_puts(r->out, "<details open><summary>Fields</summary>\n<dl>\n");
    for (uint32_t i = 0; i < a->fields->len;) {
        const dh_field *field = &a->fields->ptr[i];
        dh_buf_printf(r->out, "<div><dt>%s</dt><dd>", dh_field_name(field->kind).ptr);
        put_value(r, field->value);
        for (i++; i < a->fields->len; i++) {
            const dh_field *next = &a->fields->ptr[i];
            if (next->kind != field->kind || next->source != field->source ||
                !dh_slice_eq(next->where, field->where))
                break;
            dh_buf_puts(r->out, ", ");
            put_value(r, next->value);
        }
        put_where(r, dh_field_source_name(field->source), field->where);
    }
    put_fact(r, "rules", a->rule_files.len > 0 ? a->rule_files : DH_SLICE("none"), none);
    put_fact(r, "charset", a->charset, a->charset_why);
    put_fact(r, "folds", a->folds, none);
    dh_buf_puts(r->out, "</dl>\n</details>\n");
}

/* What went wrong with the page or its rules. */
static void put_warnings(dh_report *r) {
    const dh_article *a = r->article;
    if (a->refused.len > 0) {
        dh_buf_puts(r->out, "<p class=\"warn\"><b>Refused rule lines</b> (they would have taken too "
                            "much of the page) <code dir=\"auto\">");
        dh_report_text(r->out, a->refused);
        dh_buf_puts(r->out, "</code></p>\n");
    }
    if (a->limited != DH_LIMIT_NONE)
        dh_buf_printf(r->out,
                      "<p class=\"warn\"><b>Limit</b> %s: the page was cut off after %llu bytes</p>\n",
                      dh_limit_name(a->limited), (unsigned long long)a->limit_kept);
    if (a->replaced > 0)
        dh_buf_printf(r->out, "<p class=\"warn\"><b>%u</b> ill-formed %s replaced</p>\n",
                      (unsigned)a->replaced, a->replaced == 1 ? "sequence" : "sequences");
}

static void put_summary(dh_report *r) {
    const dh_article *a = r->article;
    uint32_t kept = r->counts[DH_TINT_KEPT] + r->counts[DH_TINT_PARTLY];
    uint64_t percent = a->total_chars > 0 ? (uint64_t)a->body_chars * 100 / a->total_chars : 0;
    dh_slice title = title_of(a);
    dh_buf_puts(r->out, "<header>\n<h1");
    dh_report_dir(r->out, title);
    dh_buf_putc(r->out, '>');
    dh_report_text(r->out, title);
    dh_buf_puts(r->out, "</h1>\n<p class=\"sum\">");
    if (a->name.len > 0) {
        dh_buf_puts(r->out, "<span><bdi dir=\"ltr\">");
        dh_report_text(r->out, a->name);
        dh_buf_puts(r->out, "</bdi></span> ");
    }
    dh_buf_printf(r->out,
                  "<span><b>%u</b> of %u blocks kept</span> <span><b>%u %%</b> of the text</span> "
                  "<span>confidence <b>%d.%02d</b></span></p>\n",
                  (unsigned)kept, (unsigned)a->blocks->len, (unsigned)percent,
                  (int)(a->confidence / 1000), (int)(a->confidence % 1000 / 10));
    put_warnings(r);
    put_facts(r);
    dh_buf_puts(r->out, "</header>\n");
}

/* What the tints mean; each may be switched off, by the style sheet alone. */
static void put_legend(dh_report *r) {
    dh_buf_puts(r->out, "<form class=\"legend\" aria-label=\"Blocks shown\">");
    bool dropped = false;
    for (int t = 0; t < DH_TINT_COUNT; t++) {
        if (r->counts[t] == 0) continue;
        const char *name = dh_report_class((dh_report_tint)t);
        if (t >= DH_TINT_RULE && !dropped) dh_buf_puts(r->out, "<span>dropped by</span>\n");
        dropped = t >= DH_TINT_RULE;
        dh_buf_printf(r->out,
                      "<label class=\"chip %s\"><input type=\"checkbox\" id=\"f-%s\" checked> %s "
                      "<b>%u</b></label>\n",
                      name, name, dh_report_legend((dh_report_tint)t), (unsigned)r->counts[t]);
    }
    dh_buf_puts(r->out, "</form>\n");
}

void dh_emit_report(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                    dh_buf *out) {
    (void)options;
    dh_report r = {.article = article, .arena = arena, .out = out};
    dh_buf_init(&r.words, arena, 0);
    r.reasons = dh_reasons_make(article, arena);
    r.tints = dh_arena_zalloc(arena, article->blocks->len, 1);
    for (uint32_t i = 0; i < article->blocks->len; i++) {
        r.tints[i] = (uint8_t)tint_of(article, i);
        r.counts[r.tints[i]]++;
    }
    dh_report_head(out, title_of(article), dh_report_article_style);
    put_summary(&r);
    put_legend(&r);
    dh_buf_printf(out, "<main dir=\"%s\">\n", article->rtl ? "rtl" : "ltr");
    dh_report_article(&r);
    dh_report_page(&r);
    dh_buf_puts(out, "</main>\n</body>\n</html>\n");
}
