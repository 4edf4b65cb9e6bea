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

void dh_marks_resolve(const dh_marks *marks, dh_decision *decisions, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) decisions[i] = (dh_decision){.mark = UINT32_MAX};
    for (uint32_t m = 0; m < marks->len; m++) {
        const dh_mark *mark = &marks->ptr[m];
        if (mark->block >= n) continue;
        dh_decision *d = &decisions[mark->block];
        if (!is_whole(mark)) {
            d->spans++;
            continue;
        }
        if (d->mark != UINT32_MAX && marks->ptr[d->mark].cause < mark->cause) continue;
        d->mark = m;
        d->verdict = mark->verdict;
    }
}

static int by_begin(const dh_mark *a, const dh_mark *b) {
    if (a->begin != b->begin) return a->begin < b->begin ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

dh_slice dh_marks_text(const dh_marks *marks, const dh_blocks *blocks, const dh_decision *decisions,
                       uint32_t block, dh_arena *arena) {
    dh_slice text = blocks->ptr[block].text;
    const dh_decision *d = &decisions[block];
    if (d->spans == 0) return text;
    if (d->mark != UINT32_MAX && marks->ptr[d->mark].cause == DH_CAUSE_KEEP) return text;
    const dh_mark **spans = dh_arena_alloc(arena, d->spans * sizeof *spans);
    uint32_t n = 0;
    for (uint32_t m = 0; m < marks->len && n < d->spans; m++) {
        const dh_mark *mark = &marks->ptr[m];
        if (mark->block != block || is_whole(mark)) continue;
        uint32_t at = n++; /* insertion sort: spans of one block are few */
        for (; at > 0 && by_begin(mark, spans[at - 1]) < 0; at--) spans[at] = spans[at - 1];
        spans[at] = mark;
    }
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    size_t from = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (spans[i]->begin < from || spans[i]->verdict == DH_KEEP) continue;
        dh_buf_put_slice(&out, dh_slice_sub(text, from, spans[i]->begin));
        if (spans[i]->verdict == DH_REPLACE) dh_buf_put_slice(&out, spans[i]->replacement);
        from = spans[i]->end < text.len ? spans[i]->end : text.len;
    }
    dh_buf_put_slice(&out, dh_slice_sub(text, from, text.len));
    return dh_slice_trim(dh_buf_slice(&out));
}
