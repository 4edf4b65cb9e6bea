/* SPDX-License-Identifier: Apache-2.0 */
/* html: a page with nothing but the article: semantic HTML5, no style, no scripts, no identifiers.
 * */
#include "base/utf8.h"
#include "emit/format.h"
#include "emit/head.h"
#include "emit/spans.h"

typedef struct html {
    const dh_article *article;
    const dh_emit_options *options;
    dh_arena *arena;
    dh_buf *out;
} html;

/* Text or an attribute's value: ill-formed bytes as U+FFFD, controls that HTML forbids left out. */
static void put_escaped(dh_buf *out, dh_slice s) {
    if (s.ptr == NULL) return;
    const char *p = s.ptr, *run = p, *end = p + s.len;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        const char *name = NULL;
        size_t n = 1;
        if (c >= 0x80) {
            uint32_t code;
            n = dh_utf8_decode(p, end, &code);
            bool itself = n == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0;
            if (code == DH_REPLACEMENT && !itself) name = "\xEF\xBF\xBD";
            if (code < 0xA0) name = "";
        } else if (c == '&') {
            name = "&amp;";
        } else if (c == '<') {
            name = "&lt;";
        } else if (c == '>') {
            name = "&gt;";
        } else if (c == '"') {
            name = "&quot;";
        } else if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7F) {
            name = "";
        }
        if (name != NULL) {
            dh_buf_put(out, run, (size_t)(p - run));
            dh_buf_puts(out, name);
            run = p + n;
        }
        p += n;
    }
    dh_buf_put(out, run, (size_t)(end - run));
}

/* Text between tags: a quote needs no escape there, a line feed is a <br>. */
static void put_text(html *h, dh_slice s) {
    while (s.ptr != NULL) {
        dh_slice line = dh_slice_cut(&s, '\n');
        while (line.ptr != NULL) {
            put_escaped(h->out, dh_slice_cut(&line, '"'));
            if (line.ptr != NULL) dh_buf_putc(h->out, '"');
        }
        if (s.ptr != NULL) dh_buf_puts(h->out, "<br>\n");
    }
}

static void put_attribute(dh_buf *out, const char *before, dh_slice value) {
    dh_buf_puts(out, before);
    put_escaped(out, value);
    dh_buf_putc(out, '"');
}

static void put_spans(html *h, dh_spans *spans) {
    static const char *const names[] = {
        [DH_INLINE_LINK] = "a", [DH_INLINE_STRONG] = "strong", [DH_INLINE_EMPHASIS] = "em"};
    for (;;) {
        switch (dh_spans_next(spans)) {
        case DH_SPAN_END:
            return;
        case DH_SPAN_TEXT:
            put_text(h, spans->run);
            break;
        case DH_SPAN_OPEN:
            if (spans->kind == DH_INLINE_LINK) {
                put_attribute(h->out, "<a href=\"", spans->target);
                dh_buf_putc(h->out, '>');
            } else {
                dh_buf_printf(h->out, "<%s>", names[spans->kind]);
            }
            break;
        case DH_SPAN_CLOSE:
            dh_buf_printf(h->out, "</%s>", names[spans->kind]);
            break;
        case DH_SPAN_CODE:
            dh_buf_puts(h->out, "<code>");
            put_text(h, spans->run);
            dh_buf_puts(h->out, "</code>");
            break;
        case DH_SPAN_IMAGE:
            put_attribute(h->out, "<img src=\"", spans->target);
            put_attribute(h->out, " alt=\"", spans->alt);
            dh_buf_putc(h->out, '>');
            break;
        }
    }
}

static void put_block(html *h, const dh_walk_event *event) {
    dh_spans spans;
    dh_spans_init(&spans, h->article, h->options, event->block, h->arena);
    put_spans(h, &spans);
}

static void put_row(html *h, const dh_walk_event *event) {
    const char *name = event->header ? "th" : "td";
    dh_spans spans;
    dh_spans_init(&spans, h->article, h->options, event->block, h->arena);
    dh_slice rest = event->text;
    dh_buf_puts(h->out, "<tr>");
    while (rest.ptr != NULL) {
        dh_buf_printf(h->out, "<%s>", name);
        dh_spans_window(&spans, dh_slice_cut(&rest, '\t'));
        put_spans(h, &spans);
        dh_buf_printf(h->out, "</%s>", name);
    }
    dh_buf_puts(h->out, "</tr>\n");
}

static void put_code(html *h, dh_slice text) {
    dh_buf_puts(h->out, "<pre><code>");
    put_escaped(h->out, text);
    dh_buf_puts(h->out, "</code></pre>\n");
}

static void begin_list(html *h, const dh_walk_event *event) {
    if (event->depth > 1) dh_buf_putc(h->out, '\n'); /* behind the text of its item */
    if (!event->ordered)
        dh_buf_puts(h->out, "<ul>\n");
    else if (event->number == 1)
        dh_buf_puts(h->out, "<ol>\n");
    else
        dh_buf_printf(h->out, "<ol start=\"%u\">\n", (unsigned)event->number);
}

static void render(void *data, const dh_walk_event *event) {
    html *h = data;
    dh_buf *out = h->out;
    bool leave = event->leave;
    switch (event->part) {
    case DH_PART_LIST:
        if (leave)
            dh_buf_puts(out, event->ordered ? "</ol>\n" : "</ul>\n");
        else
            begin_list(h, event);
        break;
    case DH_PART_ITEM:
        dh_buf_puts(out, leave ? "</li>\n" : "<li>");
        break;
    case DH_PART_QUOTE:
        dh_buf_puts(out, leave ? "</blockquote>\n" : "<blockquote>\n");
        break;
    case DH_PART_TABLE:
        dh_buf_puts(out, leave ? "</table>\n" : "<table>\n");
        break;
    case DH_PART_FIGURE:
        dh_buf_puts(out, leave ? "</figure>\n" : "<figure>\n");
        break;
    case DH_PART_PARAGRAPH:
        if (event->depth == 0 || event->further) dh_buf_puts(out, "<p>");
        put_block(h, event);
        if (event->depth == 0 || event->further) dh_buf_puts(out, "</p>");
        if (event->depth == 0) dh_buf_putc(out, '\n');
        break;
    case DH_PART_HEADING:
        dh_buf_printf(out, "<h%u>", (unsigned)event->level);
        put_block(h, event);
        dh_buf_printf(out, "</h%u>\n", (unsigned)event->level);
        break;
    case DH_PART_CODE:
        put_code(h, event->text);
        break;
    case DH_PART_ROW:
        put_row(h, event);
        break;
    case DH_PART_IMAGE:
        put_block(h, event);
        dh_buf_putc(out, '\n');
        break;
    case DH_PART_CAPTION:
        dh_buf_puts(out, "<figcaption>");
        put_block(h, event);
        dh_buf_puts(out, "</figcaption>\n");
        break;
    }
}

static void put_meta(dh_buf *out, const char *name, dh_slice value) {
    if (value.len == 0) return;
    dh_buf_printf(out, "<meta %s\" content=\"", name);
    put_escaped(out, value);
    dh_buf_puts(out, "\">\n");
}

/* An address from a page goes into an attribute only when it is one that a browser fetches. */
static void put_link(dh_buf *out, const char *rel, dh_slice url) {
    if (!dh_slice_starts_nocase(url, DH_SLICE("http://")) &&
        !dh_slice_starts_nocase(url, DH_SLICE("https://")))
        return;
    dh_buf_printf(out, "<link rel=\"%s", rel);
    put_attribute(out, "\" href=\"", url);
    dh_buf_puts(out, ">\n");
}

static void put_head(html *h) {
    const dh_fields *fields = h->article->fields;
    dh_buf *out = h->out;
    dh_slice language = dh_fields_value(fields, DH_FIELD_language);
    dh_slice canonical = dh_fields_value(fields, DH_FIELD_canonical);
    dh_buf_puts(out, "<!DOCTYPE html>\n<html");
    if (language.len > 0) put_attribute(out, " lang=\"", language);
    if (h->article->rtl) dh_buf_puts(out, " dir=\"rtl\"");
    dh_buf_puts(out, ">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    put_escaped(out, dh_head_title(h->article));
    dh_buf_puts(out, "</title>\n");
    for (uint32_t i = 0; i < fields->len; i++)
        if (fields->ptr[i].kind == DH_FIELD_author)
            put_meta(out, "name=\"author", fields->ptr[i].value);
    put_meta(out, "name=\"description", dh_fields_value(fields, DH_FIELD_description));
    put_meta(out, "name=\"keywords", dh_head_joined(h->article, DH_FIELD_tag, ", ", h->arena));
    put_meta(out, "property=\"og:site_name", dh_fields_value(fields, DH_FIELD_sitename));
    put_meta(out, "property=\"og:image", dh_fields_value(fields, DH_FIELD_image));
    put_meta(out, "property=\"article:published_time", dh_fields_value(fields, DH_FIELD_published));
    put_meta(out, "property=\"article:modified_time", dh_fields_value(fields, DH_FIELD_modified));
    put_meta(out, "property=\"article:section", dh_fields_value(fields, DH_FIELD_section));
    put_link(out, "canonical", canonical.len > 0 ? canonical : dh_head_url(h->article));
    put_link(out, "license", dh_fields_value(fields, DH_FIELD_license));
    if (h->options->version.len > 0) {
        dh_buf_puts(out, "<meta name=\"generator\" content=\"dehusk ");
        put_escaped(out, h->options->version);
        dh_buf_puts(out, "\">\n");
    }
    dh_buf_puts(out, "</head>\n");
}

/* Headline, authors and date as a reader sees them. */
static void put_header(html *h) {
    const dh_fields *fields = h->article->fields;
    dh_slice title = dh_head_title(h->article);
    dh_slice authors = dh_head_joined(h->article, DH_FIELD_author, ", ", h->arena);
    dh_slice sitename = dh_fields_value(fields, DH_FIELD_sitename);
    dh_slice published = dh_fields_value(fields, DH_FIELD_published);
    dh_slice parts[] = {authors, sitename};
    bool any = false;
    if (title.len + authors.len + sitename.len + published.len == 0) return;
    dh_buf_puts(h->out, "<header>\n");
    if (title.len > 0) {
        dh_buf_puts(h->out, "<h1>");
        put_text(h, title);
        dh_buf_puts(h->out, "</h1>\n");
    }
    if (authors.len + sitename.len + published.len > 0) {
        dh_buf_puts(h->out, "<p>");
        for (size_t i = 0; i < 2; i++) {
            if (parts[i].len == 0) continue;
            if (any) dh_buf_puts(h->out, ", ");
            put_text(h, parts[i]);
            any = true;
        }
        if (published.len > 0) {
            put_attribute(h->out, any ? ", <time datetime=\"" : "<time datetime=\"", published);
            dh_buf_putc(h->out, '>');
            put_text(h, dh_head_day(h->article, DH_FIELD_published));
            dh_buf_puts(h->out, "</time>");
        }
        dh_buf_puts(h->out, "</p>\n");
    }
    dh_buf_puts(h->out, "</header>\n");
}

void dh_emit_html(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                  dh_buf *out) {
    html h = {.article = article, .options = options, .arena = arena, .out = out};
    put_head(&h);
    dh_buf_puts(out, "<body>\n<article>\n");
    if (options->with_metadata) put_header(&h);
    dh_arena *images = options->images ? arena : NULL;
    dh_walk(article, options, dh_walk_body_roles(options), images, render, &h);
    dh_buf_puts(out, "</article>\n");
    if (options->comments) {
        size_t before = out->len;
        dh_buf_puts(out, "<section>\n");
        size_t empty = out->len;
        dh_walk(article, options, DH_ROLES_COMMENT, images, render, &h);
        if (out->len > empty)
            dh_buf_puts(out, "</section>\n");
        else
            out->len = before;
    }
    dh_buf_puts(out, "</body>\n</html>\n");
}
