/* SPDX-License-Identifier: Apache-2.0 */
/* md: CommonMark with GFM's tables. Blocks are laid out by the pen; text goes through md_escape. */
#include "emit/code.h"
#include "emit/format.h"
#include "emit/head.h"
#include "emit/md_escape.h"
#include "emit/pen.h"
#include "emit/spans.h"

#include <stdio.h>

typedef struct md {
    const dh_article *article;
    const dh_emit_options *options;
    dh_arena *arena;
    dh_pen pen;
    size_t outer[DH_WALK_DEPTH];
    /* The mark of the open list by depth, and of the list that ended just before at this depth:
     * another one beside it needs another mark, or both would read as one list. */
    char mark[DH_WALK_DEPTH], ended[DH_WALK_DEPTH + 1];
    uint32_t rows; /* of the open table */
    bool in_item_start;
} md;

/* The text of one leaf on its way out. */
typedef struct inlines {
    md *m;
    dh_spans spans;
    dh_slice text;
    dh_md_facts facts;
    dh_md_place place;
    bool one_line;         /* heading, cell: line feeds become spaces */
    bool written;          /* something of this leaf stands on the line */
    dh_slice link;         /* target of the open link */
    bool strong, emphasis; /* stars for it are open */
    bool inner;            /* the open one has held the other already */
    dh_inline_kind closed; /* the span that was closed last ... */
    size_t closed_at;      /* ... and where, in the output */
} inlines;

static void put_run(inlines *t, dh_slice run) {
    dh_buf *out = t->m->pen.out;
    size_t at = (size_t)(run.ptr - t->text.ptr), end = at + run.len;
    dh_md_place place = t->place;
    place.in_link = (t->spans.open >> DH_INLINE_LINK & 1) != 0;
    for (;;) {
        const char *feed = at < end ? memchr(t->text.ptr + at, '\n', end - at) : NULL;
        size_t stop = feed != NULL ? (size_t)(feed - t->text.ptr) : end;
        size_t shown = stop;
        while (feed != NULL && shown > at && t->text.ptr[shown - 1] == ' ') shown--;
        if (t->written) place.line = DH_MD_INLINE;
        place.before = t->written; /* runs part at markup */
        place.after = feed == NULL &&
                      (end < t->text.len || t->spans.depth > 0 || t->spans.at < t->spans.count);
        size_t before = out->len;
        dh_md_put(out, t->text, at, shown, &t->facts, place);
        t->written = t->written || out->len > before;
        if (feed == NULL) return;
        at = stop + 1;
        if (!t->written) continue; /* an empty line would end the paragraph */
        if (t->one_line) {
            dh_buf_putc(out, ' ');
        } else {
            dh_buf_puts(out, "  ");
            dh_pen_line(&t->m->pen);
            t->written = false;
            place.line = t->place.line = DH_MD_LATER;
        }
    }
}

static void put_code(inlines *t, dh_slice run) {
    dh_buf *out = t->m->pen.out;
    if (t->closed_at == out->len && t->closed == DH_INLINE_CODE) {
        put_run(t, run); /* right behind another one the marks would run together */
        return;
    }
    size_t longest = 0, ticks = 0;
    for (size_t i = 0; i < run.len; i++) {
        ticks = run.ptr[i] == '`' ? ticks + 1 : 0;
        if (ticks > longest) longest = ticks;
    }
    bool pad = run.ptr[0] == '`' || run.ptr[run.len - 1] == '`';
    for (size_t i = 0; i <= longest; i++) dh_buf_putc(out, '`');
    if (pad) dh_buf_putc(out, ' ');
    for (size_t i = 0; i < run.len; i++) {
        char c = run.ptr[i];
        if (c == '|' && t->place.in_cell) dh_buf_putc(out, '\\');
        dh_buf_putc(out, c == '\n' || c == '\t' ? ' ' : c);
    }
    if (pad) dh_buf_putc(out, ' ');
    for (size_t i = 0; i <= longest; i++) dh_buf_putc(out, '`');
    t->written = true;
    t->closed = DH_INLINE_CODE;
    t->closed_at = out->len;
}

/* Whether stars at the two ends of run would be read as emphasis (CommonMark 6.2, flanking): not
 * when a letter touches them on the outside and a sign on the inside. */
static bool can_begin(const inlines *t, dh_slice run) {
    const dh_buf *out = t->m->pen.out;
    uint32_t before = ' ', first;
    if (t->written && out->len > 0) dh_utf8_decode_before(out->ptr, out->ptr + out->len, &before);
    dh_utf8_decode(run.ptr, run.ptr + run.len, &first);
    if (before == '~' || first == '~') return false; /* GFM's parser looks past a "~" */
    /* marks of spans inside may touch ours */
    return dh_code_separates(before) || !(t->spans.nested || dh_code_separates(first));
}

static bool can_end(const inlines *t, dh_slice run) {
    const char *end = t->text.ptr + t->text.len;
    uint32_t last, after = ' ';
    dh_utf8_decode_before(run.ptr, run.ptr + run.len, &last);
    if (run.ptr + run.len < end) dh_utf8_decode(run.ptr + run.len, end, &after);
    if (after == '~' || last == '~') return false;
    return dh_code_separates(after) || !(t->spans.nested || dh_code_separates(last));
}

static void open_span(inlines *t) {
    dh_buf *out = t->m->pen.out;
    dh_inline_kind kind = t->spans.kind;
    if (kind == DH_INLINE_LINK) {
        /* "!" in front would make it an image. */
        if (t->written && out->len > 0 && out->ptr[out->len - 1] == '!') {
            out->len--;
            dh_buf_puts(out, "\\!");
        }
        dh_buf_putc(out, '[');
        t->link = t->spans.target;
        t->written = true;
        return;
    }
    /* Runs of stars that touch are read in ways of their own: one kind may hold the other once, and
     * does not follow it directly. */
    bool strong = kind == DH_INLINE_STRONG, touches = t->closed_at == out->len;
    size_t stars = strong ? 2 : 1;
    bool joins = touches && t->closed == kind && out->len >= stars;
    bool outer = strong ? t->emphasis : t->strong;
    bool marked = can_end(t, t->spans.run) && (joins || can_begin(t, t->spans.run)) &&
                  (joins || !touches || t->closed == DH_INLINE_CODE) && !(outer && t->inner);
    if (joins && marked)
        out->len -= stars; /* goes on where the same kind ended */
    else if (marked)
        dh_buf_put(out, "**", stars);
    if (marked) t->written = true;
    if (outer)
        t->inner = true;
    else if (marked)
        t->inner = false;
    *(strong ? &t->strong : &t->emphasis) = marked;
}

static void close_span(inlines *t) {
    dh_buf *out = t->m->pen.out;
    dh_inline_kind kind = t->spans.kind;
    if (kind == DH_INLINE_LINK) {
        dh_buf_puts(out, "](");
        dh_md_put_target(out, t->link, t->place.in_cell);
        dh_buf_putc(out, ')');
        return;
    }
    bool *open = kind == DH_INLINE_STRONG ? &t->strong : &t->emphasis;
    if (!*open) return;
    *open = false;
    dh_buf_put(out, "**", kind == DH_INLINE_STRONG ? 2 : 1);
    t->closed = kind;
    t->closed_at = out->len;
}

static void put_image(inlines *t) {
    dh_buf *out = t->m->pen.out;
    dh_slice alt = t->spans.alt;
    dh_md_facts facts = dh_md_look(alt);
    dh_md_place place = {.in_link = true,
                         .in_cell = t->place.in_cell,
                         .marks_code = true,
                         .before = true,
                         .after = true};
    dh_buf_puts(out, "![");
    while (alt.ptr != NULL) {
        dh_slice line = dh_slice_cut(&alt, '\n');
        dh_md_put(out, line, 0, line.len, &facts, place);
        if (alt.ptr != NULL) dh_buf_putc(out, ' ');
    }
    dh_buf_puts(out, "](");
    dh_md_put_target(out, t->spans.target, t->place.in_cell);
    dh_buf_putc(out, ')');
    t->written = true;
}

/* Writes what t->spans has, the whole text or a window of it. */
static void put_spans(inlines *t) {
    for (;;) {
        switch (dh_spans_next(&t->spans)) {
        case DH_SPAN_END:
            return;
        case DH_SPAN_TEXT:
            put_run(t, t->spans.run);
            break;
        case DH_SPAN_OPEN:
            open_span(t);
            break;
        case DH_SPAN_CLOSE:
            close_span(t);
            break;
        case DH_SPAN_CODE:
            put_code(t, t->spans.run);
            break;
        case DH_SPAN_IMAGE:
            put_image(t);
            break;
        }
    }
}

static inlines inlines_of(md *m, const dh_walk_event *event) {
    inlines t = {.m = m, .text = event->text, .closed_at = SIZE_MAX};
    dh_spans_init(&t.spans, m->article, m->options, event->block, m->arena);
    t.facts = dh_md_look(event->text);
    t.place.marks_code = m->options->formatting || m->options->images;
    return t;
}

static void paragraph(md *m, const dh_walk_event *event) {
    inlines t = inlines_of(m, event);
    t.place.line = m->in_item_start ? DH_MD_ITEM : DH_MD_FIRST;
    m->in_item_start = false;
    dh_pen_start(&m->pen);
    put_spans(&t);
}

static void heading(md *m, const dh_walk_event *event) {
    inlines t = inlines_of(m, event);
    t.one_line = true;
    dh_pen_start(&m->pen);
    dh_buf_put(m->pen.out, "######", event->level);
    dh_buf_putc(m->pen.out, ' ');
    size_t begin = m->pen.out->len;
    put_spans(&t);
    /* Number signs at the end would be taken for a closing sequence. */
    dh_buf *out = m->pen.out;
    size_t at = out->len;
    while (at > begin && out->ptr[at - 1] == '#') at--;
    if (at == out->len || (at > begin && out->ptr[at - 1] != ' ')) return;
    dh_slice signs = dh_arena_dup(m->arena, dh_slice_make(out->ptr + at, out->len - at));
    out->len = at;
    dh_buf_putc(out, '\\');
    dh_buf_put_slice(out, signs);
}

static void code(md *m, dh_slice text) {
    size_t longest = 2, ticks = 0;
    for (size_t i = 0; i < text.len; i++) {
        ticks = text.ptr[i] == '`' ? ticks + 1 : 0;
        if (ticks > longest) longest = ticks;
    }
    while (text.len > 0 && text.ptr[text.len - 1] == '\n') text.len--;
    dh_pen_start(&m->pen);
    for (size_t i = 0; i <= longest; i++) dh_buf_putc(m->pen.out, '`');
    dh_pen_line(&m->pen);
    dh_pen_text(&m->pen, text);
    dh_pen_line(&m->pen);
    for (size_t i = 0; i <= longest; i++) dh_buf_putc(m->pen.out, '`');
}

static void row(md *m, const dh_walk_event *event) {
    dh_buf *out = m->pen.out;
    inlines t = inlines_of(m, event);
    dh_slice rest = event->text;
    t.one_line = t.place.in_cell = true;
    dh_pen_start(&m->pen);
    dh_buf_putc(out, '|');
    for (uint32_t c = 0; c < event->columns; c++) {
        dh_buf_putc(out, ' ');
        if (rest.ptr != NULL) {
            dh_slice cell = dh_slice_cut(&rest, '\t');
            t.written = false;
            t.text = cell;
            t.facts = dh_md_look(cell);
            dh_spans_window(&t.spans, cell);
            put_spans(&t);
        }
        dh_buf_puts(out, " |");
    }
    if (m->rows++ > 0) return;
    dh_pen_line(&m->pen);
    dh_buf_putc(out, '|');
    for (uint32_t c = 0; c < event->columns; c++) dh_buf_puts(out, " --- |");
}

static void image(md *m, const dh_walk_event *event) {
    inlines t = inlines_of(m, event);
    dh_span span;
    while ((span = dh_spans_next(&t.spans)) != DH_SPAN_END) {
        if (span != DH_SPAN_IMAGE) continue;
        dh_pen_gap(&m->pen, 2);
        dh_pen_start(&m->pen);
        put_image(&t);
    }
}

static void begin_list(md *m, const dh_walk_event *event) {
    uint32_t at = event->depth - 1;
    char usual = event->ordered ? '.' : '-', other = event->ordered ? ')' : '*';
    m->mark[at] = m->ended[at] == usual ? other : usual;
    /* A list that does not begin with 1 cannot follow its item's text on the next line. */
    dh_pen_gap(&m->pen, event->depth > 1 && (!event->ordered || event->number == 1) ? 1 : 2);
}

static void begin_item(md *m, const dh_walk_event *event) {
    uint32_t at = event->depth - 1;
    char marker[16] = {m->mark[at], ' '};
    if (event->ordered)
        snprintf(marker, sizeof marker, "%u%c ", (unsigned)event->number, m->mark[at]);
    dh_pen_gap(&m->pen, 1);
    dh_slice text = dh_slice_cstr(marker);
    m->outer[at] = dh_pen_marker(&m->pen, text, dh_slice_make("                ", text.len));
    m->ended[event->depth] = 0;
    m->in_item_start = true;
}

static void holder(md *m, const dh_walk_event *event) {
    switch (event->part) {
    case DH_PART_LIST:
        if (event->leave)
            m->ended[event->depth - 1] = m->mark[event->depth - 1];
        else
            begin_list(m, event);
        break;
    case DH_PART_ITEM:
        if (event->leave)
            dh_pen_pop(&m->pen, m->outer[event->depth - 1]);
        else
            begin_item(m, event);
        break;
    case DH_PART_QUOTE:
        dh_pen_gap(&m->pen, 2);
        if (event->leave)
            dh_pen_pop(&m->pen, 0);
        else
            dh_pen_marker(&m->pen, DH_SLICE("> "), DH_SLICE("> "));
        break;
    case DH_PART_TABLE:
        dh_pen_gap(&m->pen, 2);
        m->rows = 0;
        break;
    default:
        break;
    }
}

static void render(void *data, const dh_walk_event *event) {
    md *m = data;
    if (event->part < DH_PART_PARAGRAPH) {
        holder(m, event);
        return;
    }
    m->ended[event->depth] = 0;
    dh_pen_gap(&m->pen, event->part == DH_PART_ROW ? 1 : 2);
    switch (event->part) {
    case DH_PART_HEADING:
        heading(m, event);
        break;
    case DH_PART_CODE:
        code(m, event->text);
        break;
    case DH_PART_ROW:
        row(m, event);
        break;
    case DH_PART_IMAGE:
        image(m, event);
        break;
    default:
        paragraph(m, event);
        break;
    }
}

void dh_emit_md_body(const dh_article *article, const dh_emit_options *options, uint32_t roles,
                     dh_arena *arena, dh_buf *out) {
    md m = {.article = article, .options = options, .arena = arena};
    dh_pen_init(&m.pen, out);
    dh_walk(article, options, roles, options->images ? arena : NULL, render, &m);
}

void dh_emit_md(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                dh_buf *out) {
    if (options->with_metadata) dh_head_put(article, arena, out);
    dh_emit_md_body(article, options, dh_walk_body_roles(options), arena, out);
    if (options->comments) dh_emit_md_body(article, options, DH_ROLES_COMMENT, arena, out);
    if (out->len > 0 && out->ptr[out->len - 1] != '\n') dh_buf_putc(out, '\n');
}
