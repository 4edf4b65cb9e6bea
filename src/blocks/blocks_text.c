/* SPDX-License-Identifier: Apache-2.0 */
/* blocks_text.c: text that was scraped earlier: a line is a block. Lines that were wrapped by hand are
 * joined only where the text shows it: a long line that breaks off behind a comma, or before a
 * lower-case letter, begins a wrapped paragraph; it goes on until a line ends a sentence, and never
 * over an empty line. A headline without a full stop is not enough of a sign. */
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "text/class.h"
#include "text/clean.h"

enum {
    MIN_WRAPPED = 40,  /* code points of a line that may have been wrapped */
    MAX_WRAPPED = 200, /* a longer line was not wrapped by a person or a mail program */
    MAX_HEADING = 90
};

typedef struct line {
    dh_slice text;
    uint32_t begin, end; /* bytes of the page */
    dh_text_facts facts;
    bool comma; /* ends with a comma or semicolon */
    bool after_blank;
} line;

/* How a line ends, closing quotes and brackets aside, that is not the end of a sentence. */
static bool ends_with_comma(dh_slice text) {
    if (text.len == 0) return false;
    uint32_t code;
    dh_utf8_decode_before(text.ptr, text.ptr + text.len, &code);
    switch (code) {
    case ',':
    case ';':
    case 0x060C: /* Arabic comma */
    case 0x061B: /* Arabic semicolon */
    case 0x3001: /* ideographic comma */
    case 0xFF0C: /* full-width comma */
        return true;
    default:
        return false;
    }
}

static bool may_be_wrapped(const line *l) {
    return l->facts.chars >= MIN_WRAPPED && l->facts.chars <= MAX_WRAPPED &&
           !l->facts.ends_sentence && !l->facts.ends_colon;
}

/* Whether `next` goes on with the paragraph whose last line is `last`. */
static bool joins(const line *last, const line *next, bool joined) {
    if (next->after_blank || !may_be_wrapped(last)) return false;
    if (next->facts.letters == 0) return false;
    if (joined) return true;
    return last->comma || (next->facts.starts_lower && last->facts.unspaced == 0);
}

static dh_block *push(dh_blocks *blocks, dh_arena *arena) {
    if (blocks->len == blocks->cap) {
        uint32_t cap = blocks->cap > 0 ? blocks->cap * 2 : 64;
        blocks->ptr = dh_arena_grow(arena, blocks->ptr, blocks->len * sizeof *blocks->ptr,
                                    cap * sizeof *blocks->ptr);
        blocks->cap = cap;
    }
    return &blocks->ptr[blocks->len++];
}

/* Reads the next line that is not blank; false at the end. */
static bool next_line(dh_slice text, size_t *at, line *out, dh_arena *arena) {
    bool blank = *at == 0;
    while (*at < text.len) {
        const char *feed = memchr(text.ptr + *at, '\n', text.len - *at);
        size_t end = feed != NULL ? (size_t)(feed - text.ptr) : text.len;
        dh_slice raw = dh_slice_sub(text, *at, end);
        *out = (line){.begin = (uint32_t)*at, .end = (uint32_t)end, .after_blank = blank};
        *at = feed != NULL ? end + 1 : end;
        out->text = dh_text_clean(raw, DH_SPACE_FOLD, arena, NULL, 0);
        if (out->text.len > 0) {
            dh_text_measure(out->text, &out->facts);
            out->comma = ends_with_comma(out->text);
            return true;
        }
        blank = true;
    }
    return false;
}

static void add_block(dh_blocks *blocks, const line *first, const line *last, dh_slice text,
                      dh_arena *arena) {
    *push(blocks, arena) = (dh_block){.text = text,
                                      .kind = DH_BLOCK_PARAGRAPH,
                                      .flags = DH_BLOCK_LINE,
                                      .node = DH_NO_NODE,
                                      .first_text = DH_NO_NODE,
                                      .src_begin = first->begin,
                                      .src_end = last->end,
                                      .chars = (uint32_t)dh_utf8_count(text)};
}

/* A short line without a full stop in front of a long one reads as a heading. */
static void find_headings(dh_blocks *blocks) {
    for (uint32_t i = 0; i + 1 < blocks->len; i++) {
        dh_block *block = &blocks->ptr[i];
        if (block->chars > MAX_HEADING || blocks->ptr[i + 1].chars < block->chars * 2 ||
            blocks->ptr[i + 1].chars < 100)
            continue;
        dh_text_facts facts;
        dh_text_measure(block->text, &facts);
        if (facts.ends_sentence || facts.ends_colon || facts.letters < 3) continue;
        block->kind = DH_BLOCK_HEADING;
    }
}

void dh_blocks_of_text(dh_blocks *blocks, dh_slice text, const dh_limits *limits, dh_arena *arena) {
    memset(blocks, 0, sizeof *blocks);
    size_t at = 0;
    line here, next;
    bool more = next_line(text, &at, &here, arena);
    while (more && blocks->len < limits->blocks) {
        line first = here;
        dh_buf whole;
        dh_buf_init(&whole, arena, 0);
        while ((more = next_line(text, &at, &next, arena)) && joins(&here, &next, whole.len > 0)) {
            if (whole.len == 0) dh_buf_put_slice(&whole, first.text);
            dh_buf_putc(&whole, ' ');
            dh_buf_put_slice(&whole, next.text);
            here = next;
        }
        add_block(blocks, &first, &here, whole.len > 0 ? dh_buf_slice(&whole) : first.text, arena);
        here = next;
    }
    find_headings(blocks);
}
