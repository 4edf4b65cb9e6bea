/* SPDX-License-Identifier: Apache-2.0 */
/* explain: every block in reading order with its verdict and why. For people at a terminal:
 * nothing from the page reaches it as a control character, and text stays in logical order (the
 * terminal turns right-to-left runs round). */
#include "emit/head.h"
#include "emit/line.h"
#include "emit/reason.h"

enum { SHOWN_CHARS = 100, NAME_WIDTH = 12 };

typedef struct explain {
    const dh_article *article;
    dh_buf *out;
    bool colour, full;
    dh_buf words; /* of one reason, before it is made safe */
} explain;

typedef enum tint { PLAIN, GREEN, RED, YELLOW, DIM } tint;

static void paint(explain *e, tint colour) {
    static const char *const codes[] = {"\x1b[0m", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m"};
    if (e->colour) dh_buf_puts(e->out, codes[colour]);
}

static void put_line(explain *e, dh_slice text, size_t max) {
    dh_line_put(e->out, text, max);
}

static void put_name(explain *e, const char *name) {
    size_t len = strlen(name);
    paint(e, DIM);
    dh_buf_puts(e->out, name);
    for (; len < NAME_WIDTH; len++) dh_buf_putc(e->out, ' ');
    paint(e, PLAIN);
}

static void put_fact(explain *e, const char *name, dh_slice value) {
    if (value.len == 0) return;
    put_name(e, name);
    put_line(e, value, 0);
    dh_buf_putc(e->out, '\n');
}

/* "title       Headline (json-ld NewsArticle.headline)" */
static void put_field(explain *e, const dh_field *field) {
    put_name(e, dh_field_name(field->kind).ptr);
    put_line(e, field->value, e->full ? 0 : 2 * SHOWN_CHARS);
    paint(e, DIM);
    dh_buf_printf(e->out, " (%s", dh_field_source_name(field->source));
    if (field->where.len > 0) dh_buf_putc(e->out, ' ');
    put_line(e, field->where, 0);
    dh_buf_puts(e->out, ")");
    paint(e, PLAIN);
    dh_buf_putc(e->out, '\n');
}

static void put_charset(explain *e) {
    const dh_article *a = e->article;
    if (a->charset.len == 0) return;
    put_name(e, "charset");
    put_line(e, a->charset, 0);
    if (a->charset_why.len > 0) {
        dh_buf_puts(e->out, " (");
        put_line(e, a->charset_why, 0);
        dh_buf_putc(e->out, ')');
    }
    if (a->replaced > 0)
        dh_buf_printf(e->out, ", %u ill-formed %s", (unsigned)a->replaced,
                      a->replaced == 1 ? "sequence" : "sequences");
    dh_buf_putc(e->out, '\n');
}

static void put_limit(explain *e) {
    if (e->article->limited == DH_LIMIT_NONE) return;
    put_name(e, "limit");
    paint(e, YELLOW);
    dh_buf_printf(e->out, "%s: cut off after %llu bytes", dh_limit_name(e->article->limited),
                  (unsigned long long)e->article->limit_kept);
    paint(e, PLAIN);
    dh_buf_putc(e->out, '\n');
}

static void put_header(explain *e) {
    const dh_article *a = e->article;
    put_fact(e, "page", a->name);
    if (dh_fields_get(a->fields, DH_FIELD_title) == NULL) put_fact(e, "title", dh_head_title(a));
    for (uint32_t i = 0; i < a->fields->len; i++) put_field(e, &a->fields->ptr[i]);
    put_fact(e, "input", a->kind == DH_INPUT_TEXT ? DH_SLICE("text") : (dh_slice){NULL, 0});
    put_charset(e);
    put_fact(e, "rules", a->rule_files.len > 0 ? a->rule_files : DH_SLICE("none"));
    put_fact(e, "refused", a->refused); /* rule lines */
    put_fact(e, "folds", a->folds);
    put_limit(e);
    dh_buf_putc(e->out, '\n');
}

/* A reason on a line of its own. */
static void put_words(explain *e, const char *indent) {
    dh_buf_puts(e->out, indent);
    paint(e, DIM);
    put_line(e, dh_buf_slice(&e->words), 0);
    paint(e, PLAIN);
    dh_buf_putc(e->out, '\n');
    dh_buf_reset(&e->words);
}

static void put_reasons(explain *e, const dh_reasons *reasons, uint32_t i) {
    const dh_article *a = e->article;
    uint32_t deciding = a->decisions[i].mark;
    dh_reason_put_block(&e->words, a, i);
    put_words(e, "    ");
    if (deciding < a->marks->len && a->marks->ptr[deciding].moved.len > 0) {
        dh_buf_put_slice(&e->words, a->marks->ptr[deciding].moved);
        put_words(e, "    ");
    }
    for (uint32_t r = reasons->begin[i]; r < reasons->begin[i + 1]; r++) {
        uint32_t m = reasons->order[r];
        if (m == deciding) continue;
        dh_reason_put(&e->words, &a->marks->ptr[m], a->blocks->ptr[i].text);
        put_words(e, "    also ");
    }
}

/* An image has no text: what it shows, else where it is. */
static dh_slice text_of(const explain *e, const dh_block *block) {
    if ((block->flags & DH_BLOCK_IMAGE) == 0 || block->inline_count == 0) return block->text;
    const dh_inline *image = &e->article->blocks->inlines[block->inline_begin];
    return image->alt.len > 0 ? image->alt : image->target;
}

/* "+ heading 2 (title): " */
static void put_kind(explain *e, const dh_block *block, dh_role role) {
    for (const char *p = dh_block_kind_name(block); *p != '\0'; p++)
        dh_buf_putc(e->out, *p == '_' ? ' ' : *p);
    if (block->level > (block->kind == DH_BLOCK_LIST_ITEM ? 1 : 0))
        dh_buf_printf(e->out, " %u", (unsigned)block->level);
    if (role != DH_ROLE_BODY) dh_buf_printf(e->out, " (%s)", dh_role_name(role));
}

static void put_block(explain *e, const dh_reasons *reasons, uint32_t i) {
    const dh_block *block = &e->article->blocks->ptr[i];
    const dh_decision *decision = &e->article->decisions[i];
    bool kept = decision->verdict == DH_KEEP;
    bool partly = kept && decision->spans > 0 && !dh_slice_eq(e->article->texts[i], block->text);
    paint(e, partly ? YELLOW : kept ? GREEN : RED);
    dh_buf_putc(e->out, partly ? '~' : kept ? '+' : '-');
    dh_buf_putc(e->out, ' ');
    put_kind(e, block, decision->role);
    paint(e, PLAIN);
    dh_buf_puts(e->out, ": ");
    put_line(e, text_of(e, block), e->full ? 0 : SHOWN_CHARS);
    dh_buf_putc(e->out, '\n');
    put_reasons(e, reasons, i);
}

static void put_summary(explain *e) {
    const dh_article *a = e->article;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a->blocks->len; i++) kept += a->decisions[i].verdict == DH_KEEP;
    uint64_t percent = a->total_chars > 0 ? (uint64_t)a->body_chars * 100 / a->total_chars : 0;
    dh_buf_printf(e->out, "\nkept %u of %u blocks, %u %% of the text\n", (unsigned)kept,
                  (unsigned)a->blocks->len, (unsigned)percent);
}

void dh_emit_explain(const dh_article *article, const dh_emit_options *options, bool colour,
                     dh_arena *arena, dh_buf *out) {
    explain e = {
        .article = article, .out = out, .colour = colour, .full = options->full};
    dh_buf_init(&e.words, arena, 0);
    dh_reasons reasons = dh_reasons_make(article, arena);
    put_header(&e);
    for (uint32_t i = 0; i < article->blocks->len; i++) put_block(&e, &reasons, i);
    put_summary(&e);
}
