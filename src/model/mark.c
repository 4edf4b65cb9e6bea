/* SPDX-License-Identifier: Apache-2.0 */
#include "model/mark.h"

#include "base/buf.h"

void dh_marks_init(dh_marks *marks, dh_arena *arena) {
    *marks = (dh_marks){.arena = arena};
}

dh_mark *dh_marks_add(dh_marks *marks, uint32_t block, dh_verdict verdict, dh_cause cause,
                      dh_slice source, dh_slice detail) {
    dh_mark *mark = DH_PUSH(marks->arena, *marks);
    *mark = (dh_mark){.block = block,
                      .end = DH_WHOLE,
                      .verdict = verdict,
                      .cause = cause,
                      .source = source,
                      .detail = detail,
                      .score = -1};
    return mark;
}

static bool is_whole(const dh_mark *mark) {
    return mark->begin == 0 && mark->end == DH_WHOLE && mark->verdict != DH_REPLACE;
}

void dh_marks_resolve(dh_marks *marks, dh_decision *decisions, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        decisions[i] = (dh_decision){.mark = UINT32_MAX, .first_span = UINT32_MAX};
    for (uint32_t m = marks->len; m-- > 0;) { /* backwards, so that chains run forwards */
        dh_mark *mark = &marks->ptr[m];
        if (mark->block >= n) continue;
        dh_decision *d = &decisions[mark->block];
        if (!is_whole(mark)) {
            mark->next_span = d->first_span;
            d->first_span = m;
            d->spans++;
        } else if (d->mark == UINT32_MAX || mark->cause < marks->ptr[d->mark].cause) {
            d->mark = m;
            d->verdict = mark->verdict;
        }
    }
}

/* By begin, then end, then order of marking. Rules mark line after line, so spans come nearly sorted;
 * Shell's sort keeps the other case from being quadratic. */
static bool before(const dh_mark *a, const dh_mark *b) {
    if (a->begin != b->begin) return a->begin < b->begin;
    if (a->end != b->end) return a->end < b->end;
    return a < b;
}

static void sort(const dh_mark **spans, uint32_t n) {
    uint32_t gap = 1;
    while (gap < n / 3) gap = gap * 3 + 1;
    for (; gap > 0; gap /= 3)
        for (uint32_t i = gap; i < n; i++) {
            const dh_mark *mark = spans[i];
            uint32_t at = i;
            for (; at >= gap && before(mark, spans[at - gap]); at -= gap) spans[at] = spans[at - gap];
            spans[at] = mark;
        }
}

/* What is left of a text: nothing is copied before there is a second piece. */
typedef struct pieces {
    dh_slice first;
    dh_buf rest; /* first and all after it */
} pieces;

static void add_piece(pieces *p, dh_slice piece) {
    if (piece.len == 0) return;
    if (p->first.len == 0) {
        p->first = piece;
        return;
    }
    if (p->rest.len == 0) dh_buf_put_slice(&p->rest, p->first);
    dh_buf_put_slice(&p->rest, piece);
}

dh_slice dh_marks_text(const dh_marks *marks, const dh_blocks *blocks, const dh_decision *decisions,
                       uint32_t block, dh_arena *arena) {
    dh_slice text = blocks->ptr[block].text;
    const dh_decision *d = &decisions[block];
    if (d->spans == 0) return text;
    if (d->mark != UINT32_MAX && marks->ptr[d->mark].cause == DH_CAUSE_KEEP) return text;
    const dh_mark **spans = dh_arena_alloc(arena, d->spans * sizeof *spans);
    uint32_t n = 0;
    for (uint32_t m = d->first_span; m != UINT32_MAX && n < d->spans; m = marks->ptr[m].next_span)
        spans[n++] = &marks->ptr[m];
    sort(spans, n);
    pieces left = {.first = {NULL, 0}};
    dh_buf_init(&left.rest, arena, 0);
    size_t from = 0;
    for (uint32_t i = 0; i < n; i++) {
        const dh_mark *mark = spans[i];
        size_t end = mark->end < text.len ? mark->end : text.len;
        bool replaces = mark->verdict == DH_REPLACE;
        if (mark->verdict == DH_KEEP || end < from || end < mark->begin) continue;
        if (replaces && mark->begin < from) continue;
        add_piece(&left, dh_slice_sub(text, from, mark->begin));
        if (replaces) add_piece(&left, mark->replacement);
        from = end;
    }
    add_piece(&left, dh_slice_sub(text, from, text.len));
    return dh_slice_trim(left.rest.len > 0 ? dh_buf_slice(&left.rest) : left.first);
}
