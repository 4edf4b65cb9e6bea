/* SPDX-License-Identifier: Apache-2.0 */
/* blocks_text.c: text that was scraped earlier: a line is a block. Lines that were wrapped by hand are
 * joined only where the text shows it, and never over an empty line. Two signs count: a long line
 * that breaks off behind a comma or before a lower-case letter; and lines that are all as full as
 * they can be, so that the next line's first word would not have fitted (greedy wrapping, whatever
 * its width). A headline without a full stop is not enough of a sign. */
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "text/class.h"
#include "text/clean.h"

enum {
    MIN_WRAPPED = 40,  /* code points of a line that may have been wrapped */
    MAX_WRAPPED = 200, /* a longer line was not wrapped by a person or a mail program */
    MAX_HEADING = 90,
    MIN_WIDTH = 60 /* of two lines that were wrapped like those before them */
};

typedef struct line {
    dh_slice text;
    uint32_t begin, end; /* bytes of the page */
    dh_text_facts facts;
    uint32_t first_word; /* code points */
    uint32_t widest;     /* code points of the longest line from here to the end of its run */
    bool comma;          /* ends with a comma */
    bool after_blank;
} line;

typedef DH_VEC(line) lines;

/* A semicolon is no such sign: items of a list end with one. */
static bool ends_with_comma(dh_slice text) {
    if (text.len == 0) return false;
    uint32_t code;
    dh_utf8_decode_before(text.ptr, text.ptr + text.len, &code);
    switch (code) {
    case ',':
    case 0x060C: /* Arabic comma */
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

/* Whether line i + 1 goes on with the paragraph that line i is the last of. */
static bool breaks_off(const lines *all, uint32_t i, bool joined) {
    if (i + 1 >= all->len) return false;
    const line *last = &all->ptr[i], *next = &all->ptr[i + 1];
    if (next->after_blank || !may_be_wrapped(last) || next->facts.letters == 0) return false;
    if (joined) return true;
    return last->comma || (next->facts.starts_lower && last->facts.unspaced == 0);
}

/* A run of lines up to the first that ends a sentence or announces something, a blank line, or one that is too
 * long; `widest` of its lines is set. Looked for once, whichever of its lines one begins with. */
typedef struct run {
    uint32_t end;
    bool good; /* it ends with a sentence, and no line is too long */
    uint32_t bad,
        bad_width; /* a line that greedy wrapping to this width would not have broken there */
} run;

static run run_from(lines *all, uint32_t i) {
    run r = {.end = i};
    bool over = false, ended = false;
    while (!over && !ended && r.end < all->len && (r.end == i || !all->ptr[r.end].after_blank)) {
        const line *l = &all->ptr[r.end++];
        over = l->facts.chars > MAX_WRAPPED;
        ended = l->facts.ends_sentence || l->facts.ends_colon;
    }
    r.good = !over && all->ptr[r.end - 1].facts.ends_sentence;
    for (uint32_t k = r.end, widest = 0; k-- > i;) {
        if (all->ptr[k].facts.chars > widest) widest = all->ptr[k].facts.chars;
        all->ptr[k].widest = widest;
    }
    return r;
}

/* One past the last of a run of lines from i that greedy wrapping would give; i + 1 when it is none.
 * A line that is bad for a width stays so for all lines before it: widths are few, so all of this is
 * linear in the lines. */
static uint32_t wrapped_end(lines *all, uint32_t i, bool wrapped_before, run *r) {
    if (i >= r->end) *r = run_from(all, i);
    uint32_t end = r->end, width = all->ptr[i].widest;
    if (end <= i + 1 || !r->good) return i + 1;
    /* Two lines are little to go by, and the first line of all is mostly a headline. */
    if (end == i + 2 && !(wrapped_before && width >= MIN_WIDTH)) return i + 1;
    if (r->bad >= i && r->bad_width == width) return i + 1;
    for (uint32_t k = i; k + 1 < end; k++) {
        uint32_t chars = all->ptr[k].facts.chars;
        bool bad = chars < MIN_WRAPPED || chars + 1 + all->ptr[k + 1].first_word <= width;
        if (bad) r->bad = k;
        if (bad) r->bad_width = width;
        if (bad || (i == 0 && k == 0 && chars + 2 < width)) return i + 1;
    }
    return end;
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
            size_t word = dh_slice_find(out->text, DH_SLICE(" "));
            out->first_word = (uint32_t)dh_utf8_count(dh_slice_sub(out->text, 0, word));
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

static void add_joined(dh_blocks *blocks, const lines *all, uint32_t begin, uint32_t end,
                       dh_arena *arena) {
    if (end == begin + 1) {
        add_block(blocks, &all->ptr[begin], &all->ptr[begin], all->ptr[begin].text, arena);
        return;
    }
    dh_buf whole;
    dh_buf_init(&whole, arena, 0);
    for (uint32_t i = begin; i < end; i++) {
        if (i > begin) dh_buf_putc(&whole, ' ');
        dh_buf_put_slice(&whole, all->ptr[i].text);
    }
    add_block(blocks, &all->ptr[begin], &all->ptr[end - 1], dh_buf_slice(&whole), arena);
}

void dh_blocks_of_text(dh_blocks *blocks, dh_slice text, const dh_limits *limits, dh_arena *arena) {
    memset(blocks, 0, sizeof *blocks);
    lines all = {NULL, 0, 0};
    line one;
    size_t at = 0;
    while (all.len < limits->blocks && next_line(text, &at, &one, arena))
        *DH_PUSH(arena, all) = one;
    run r = {.end = 0};
    bool wrapped = false;
    for (uint32_t i = 0; i < all.len;) {
        uint32_t end = wrapped_end(&all, i, wrapped, &r);
        wrapped = end > i + 1;
        while (!wrapped && breaks_off(&all, end - 1, end > i + 1)) end++;
        add_joined(blocks, &all, i, end, arena);
        i = end;
    }
    find_headings(blocks);
}
