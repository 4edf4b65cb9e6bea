/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/spans.h"

#include "base/url.h"

dh_slice dh_link_target(dh_slice base, dh_slice target, dh_arena *arena) {
    dh_slice none = {NULL, 0};
    target = dh_slice_trim(target);
    if (target.len == 0 || target.ptr[0] == '#') return none;
    dh_slice resolved = dh_url_resolve(base, target, arena);
    if (dh_slice_starts_nocase(resolved, DH_SLICE("data:"))) return none;
    dh_url url;
    if (resolved.len > 0 || base.len > 0 || dh_url_split(target, &url)) return resolved;
    return target;
}

void dh_spans_init(dh_spans *spans, const dh_article *article, const dh_emit_options *options,
                   uint32_t block, dh_arena *arena) {
    const dh_block *b = &article->blocks->ptr[block];
    dh_slice text = article->texts[block];
    *spans = (dh_spans){.options = options, .arena = arena, .text = text};
    uintptr_t whole = (uintptr_t)b->text.ptr, part = (uintptr_t)text.ptr;
    if (b->text.len == 0) part = whole; /* an image alone */
    if (part < whole || part + text.len > whole + b->text.len) return;
    if (!options->links && !options->images && !options->formatting) return;
    spans->shift = part - whole;
    spans->inlines = article->blocks->inlines + b->inline_begin;
    spans->count = b->inline_count;
}

void dh_spans_window(dh_spans *spans, dh_slice part) {
    spans->shift += (size_t)(part.ptr - spans->text.ptr);
    spans->text = part;
    spans->pos = 0;
    spans->depth = 0;
    spans->open = 0;
}

static bool is_wanted(const dh_spans *s, dh_inline_kind kind) {
    switch (kind) {
    case DH_INLINE_LINK:
        return s->options->links;
    case DH_INLINE_IMAGE:
        return s->options->images;
    case DH_INLINE_STRONG:
    case DH_INLINE_EMPHASIS:
    case DH_INLINE_CODE:
        break;
    }
    return s->options->formatting;
}

/* Where the innermost open span ends, or the window. */
static size_t inner_end(const dh_spans *s) {
    return s->depth > 0 ? s->stack[s->depth - 1].end : s->text.len;
}

/* Bounds in the window, without white space at the ends. False when nothing of it is there. */
static bool bounds(const dh_spans *s, const dh_inline *in, size_t *begin, size_t *end) {
    size_t limit = inner_end(s);
    if (in->begin < s->shift) return false;
    *begin = in->begin - s->shift;
    *end = in->end < s->shift ? 0 : in->end - s->shift;
    if (in->kind == DH_INLINE_IMAGE) {
        if (*begin < s->pos) *begin = s->pos;
        *end = *begin;
        return *begin <= s->text.len;
    }
    if (*end > limit) *end = limit;
    if (*begin < s->pos) *begin = s->pos;
    while (*begin < *end && dh_is_space(s->text.ptr[*begin])) ++*begin;
    while (*begin < *end && dh_is_space(s->text.ptr[*end - 1])) --*end;
    return *begin < *end;
}

/* Moves over inlines that are not for this window or not wanted; the next one's bounds. False when
 * none begins before the innermost open span, or the window, ends. */
static bool find_next(dh_spans *s, size_t *begin, size_t *end) {
    for (; s->at < s->count; s->at++) {
        const dh_inline *in = &s->inlines[s->at];
        size_t limit = s->shift + inner_end(s);
        /* An image at the very end of a text or cell belongs to it. */
        bool at_end = in->begin == limit && in->kind == DH_INLINE_IMAGE && s->depth == 0;
        if (in->begin >= limit && !at_end) return false;
        if (is_wanted(s, in->kind) && (s->open >> in->kind & 1) == 0 && bounds(s, in, begin, end))
            return true;
    }
    return false;
}

static dh_span text_until(dh_spans *s, size_t end) {
    s->run = dh_slice_sub(s->text, s->pos, end);
    s->pos = end;
    return DH_SPAN_TEXT;
}

/* Opens the inline at s->at, whose bounds these are; DH_SPAN_END when it is not to be shown. */
static dh_span open_next(dh_spans *s, size_t begin, size_t end) {
    const dh_inline *in = &s->inlines[s->at++];
    s->kind = in->kind;
    s->run = dh_slice_sub(s->text, begin, end);
    if (in->kind == DH_INLINE_LINK || in->kind == DH_INLINE_IMAGE) {
        s->target = dh_link_target(s->options->base_url, in->target, s->arena);
        s->alt = in->alt;
        if (s->target.len == 0) return DH_SPAN_END;
        if (in->kind == DH_INLINE_IMAGE) return DH_SPAN_IMAGE;
    }
    if (in->kind == DH_INLINE_CODE) {
        s->pos = end;
        while (s->at < s->count && s->inlines[s->at].begin < s->shift + end) s->at++;
        return DH_SPAN_CODE;
    }
    if (s->depth == DH_SPANS_DEPTH) return DH_SPAN_END;
    s->stack[s->depth].kind = in->kind;
    s->stack[s->depth++].end = end;
    s->open |= 1u << in->kind;
    s->nested = s->at < s->count && s->inlines[s->at].begin < s->shift + end;
    return DH_SPAN_OPEN;
}

dh_span dh_spans_next(dh_spans *s) {
    for (;;) {
        size_t begin = 0, end = 0;
        bool more = find_next(s, &begin, &end);
        if (s->depth > 0 && !more) {
            size_t close = s->stack[s->depth - 1].end;
            if (s->pos < close) return text_until(s, close);
            s->kind = s->stack[--s->depth].kind;
            s->open &= ~(1u << s->kind);
            return DH_SPAN_CLOSE;
        }
        if (!more) return s->pos < s->text.len ? text_until(s, s->text.len) : DH_SPAN_END;
        if (s->pos < begin) return text_until(s, begin);
        dh_span what = open_next(s, begin, end);
        if (what != DH_SPAN_END) return what;
    }
}
