/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/md_escape.h"

#include "emit/code.h"

typedef struct run {
    dh_slice text;
    size_t begin, end;
    const dh_md_facts *facts;
    dh_md_place place;
} run;

static bool is_special(char c) {
    switch (c) {
    case '\\':
    case '*':
    case '_':
    case '[':
    case ']':
    case '<':
    case '&':
    case '`':
    case '~':
    case '|':
    case '\t':
        return true;
    default:
        return false;
    }
}

dh_md_facts dh_md_look(dh_slice text) {
    dh_md_facts facts = {.plain = true};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!is_special(c)) continue;
        facts.plain = false;
        facts.ticks += c == '`';
        facts.tildes += c == '~';
        if (c == ']' && i + 1 < text.len && memchr("([:", text.ptr[i + 1], 3) != NULL)
            facts.link_end = i;
    }
    return facts;
}

/* The neighbours of byte i; a space at the block's ends, '*' for markup. */
static uint32_t code_before(const run *r, size_t i) {
    uint32_t code;
    if (i == r->begin) return r->place.before ? '*' : ' ';
    dh_utf8_decode_before(r->text.ptr, r->text.ptr + i, &code);
    return code;
}

static uint32_t code_after(const run *r, size_t i) {
    uint32_t code;
    if (i + 1 >= r->end) return r->place.after ? '*' : ' ';
    dh_utf8_decode(r->text.ptr + i + 1, r->text.ptr + r->end, &code);
    return code;
}

static bool is_blank(uint32_t code) {
    return code == ' ' || code == '\t' || code == '\n';
}

static bool is_entity(const run *r, size_t i) {
    size_t at = ++i, most = 31;
    if (at < r->end && r->text.ptr[at] == '#') {
        at = ++i;
        most = 8;
    }
    while (at < r->end && at - i <= most && dh_is_alnum(r->text.ptr[at])) at++;
    return at > i && at < r->end && r->text.ptr[at] == ';';
}

/* "[ ]" or "[x]" at the beginning of an item. */
static bool is_task(const run *r, size_t i) {
    return r->place.line == DH_MD_ITEM && i == r->begin && r->end - i >= 3 &&
           r->text.ptr[i + 2] == ']' && memchr(" xX", r->text.ptr[i + 1], 3) != NULL;
}

static bool must_escape(const run *r, size_t i) {
    uint32_t before, after;
    switch (r->text.ptr[i]) {
    case '\\':
        after = code_after(r, i);
        return (after < 0x80 && dh_is_ascii_punct((char)after)) ||
               (i + 1 == r->end && r->end < r->text.len);
    case '*':
        return !is_blank(code_before(r, i)) || !is_blank(code_after(r, i));
    case '_':
        before = code_before(r, i);
        after = code_after(r, i);
        if (is_blank(before) && is_blank(after)) return false;
        return dh_code_separates(before) || dh_code_separates(after);
    case '`':
        return r->facts->ticks > 1 || r->place.marks_code;
    case '~':
        return r->facts->tildes > 1;
    case '[':
        return r->place.in_link || i < r->facts->link_end || is_task(r, i);
    case ']':
        return r->place.in_link;
    case '<':
        after = code_after(r, i);
        return after < 0x80 &&
               (dh_is_alpha((char)after) || after == '/' || after == '!' || after == '?');
    case '&':
        return is_entity(r, i);
    case '|':
        return r->place.in_cell;
    default:
        return false;
    }
}

/* Whether a blank or the end follows byte i. Behind the run may stand markup, but then may not
 * (marks that cannot be said are left out), so its end counts. */
static bool ends_word(const run *r, size_t i) {
    return i + 1 >= r->end || is_blank(code_after(r, i));
}

/* Whether the line, as far as the run goes, has characters of this set only. */
static bool line_is(const run *r, const char *set) {
    for (size_t i = r->begin; i < r->end; i++)
        if (strchr(set, r->text.ptr[i]) == NULL || r->text.ptr[i] == '\0') return false;
    return true;
}

/* Offset of the character that must be escaped so that the line does not begin a block; r->end when
 * none. */
static size_t block_start(const run *r) {
    size_t i = r->begin, n = 0;
    bool later = r->place.line == DH_MD_LATER;
    char c = i < r->end ? r->text.ptr[i] : ' ';
    switch (c) {
    case '#':
        while (i + n < r->end && r->text.ptr[i + n] == '#') n++;
        return n <= 6 && ends_word(r, i + n - 1) ? i : r->end;
    case '>':
        return i;
    case '-':
        if (line_is(r, "- ") && (r->place.line != DH_MD_FIRST || r->end - i >= 3)) return i;
        if (later && line_is(r, "-:| ")) return i;
        return ends_word(r, i) ? i : r->end;
    case '+':
    case '*':
        return ends_word(r, i) ? i : r->end;
    case '_':
        return line_is(r, "_ ") && r->end - i >= 3 ? i : r->end;
    case '=':
        return later && line_is(r, "= ") ? i : r->end;
    case '|':
    case ':':
        return later && line_is(r, "-:| ") ? i : r->end;
    default:
        break;
    }
    while (i + n < r->end && dh_is_digit(r->text.ptr[i + n])) n++;
    if (n == 0 || n > 9 || i + n >= r->end) return r->end;
    c = r->text.ptr[i + n];
    if ((c != '.' && c != ')') || !ends_word(r, i + n)) return r->end;
    if (later && (r->text.ptr[i + n - 1] != '1' || n > 1)) return r->end; /* only 1 interrupts */
    return i + n;
}

void dh_md_put(dh_buf *out, dh_slice text, size_t begin, size_t end, const dh_md_facts *facts,
               dh_md_place place) {
    if (place.line != DH_MD_INLINE)
        while (begin < end && (text.ptr[begin] == ' ' || text.ptr[begin] == '\t')) begin++;
    run r = {.text = text, .begin = begin, .end = end, .facts = facts, .place = place};
    size_t forced = place.line != DH_MD_INLINE ? block_start(&r) : end;
    if (facts->plain && forced == end) {
        dh_buf_put_slice(out, dh_slice_sub(text, begin, end));
        return;
    }
    size_t from = begin;
    for (size_t i = begin; i < end; i++) {
        if (text.ptr[i] == '\t') {
            dh_buf_put_slice(out, dh_slice_sub(text, from, i));
            dh_buf_putc(out, ' ');
            from = i + 1;
        } else if (i == forced || must_escape(&r, i)) {
            dh_buf_put_slice(out, dh_slice_sub(text, from, i));
            dh_buf_putc(out, '\\');
            from = i;
        }
    }
    dh_buf_put_slice(out, dh_slice_sub(text, from, end));
}

static bool is_balanced(dh_slice s) {
    int depth = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '(' && ++depth > 30) return false;
        if (s.ptr[i] == ')' && --depth < 0) return false;
    }
    return depth == 0;
}

void dh_md_put_target(dh_buf *out, dh_slice target, bool in_cell) {
    dh_md_facts facts = {.plain = false};
    run r = {.text = target, .end = target.len, .facts = &facts, .place = {.after = true}};
    bool balanced = is_balanced(target), pointed = false;
    for (size_t i = 0; i < target.len; i++)
        pointed |= (unsigned char)target.ptr[i] <= ' ' || target.ptr[i] == 0x7F;
    pointed |= target.len > 0 && target.ptr[0] == '<';
    if (pointed) dh_buf_putc(out, '<');
    for (size_t i = 0; i < target.len; i++) {
        char c = target.ptr[i];
        if (c == '\n' || c == '\r') continue;
        if (c == '&' && is_entity(&r, i)) {
            dh_buf_puts(out, "&amp;"); /* cmark decodes \&amp; here in spite of the backslash */
            continue;
        }
        bool escape = ((c == '(' || c == ')') && !balanced && !pointed) ||
                      (c == '\\' && must_escape(&r, i)) || ((c == '<' || c == '>') && pointed) ||
                      (c == '|' && in_cell) || c == '`';
        if (escape) dh_buf_putc(out, '\\');
        dh_buf_putc(out, c);
    }
    if (pointed) dh_buf_putc(out, '>');
}
