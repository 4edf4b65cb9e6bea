/* SPDX-License-Identifier: Apache-2.0 */
#include "emit/reason.h"

#include "model/label.h"

const char *dh_block_kind_name(const dh_block *block) {
    if ((block->flags & DH_BLOCK_IMAGE) != 0) return "image";
    switch (block->kind) {
    case DH_BLOCK_PARAGRAPH:
        return "paragraph";
    case DH_BLOCK_HEADING:
        return "heading";
    case DH_BLOCK_LIST_ITEM:
        return "list_item";
    case DH_BLOCK_QUOTE:
        return "quote";
    case DH_BLOCK_CODE:
        return "code";
    case DH_BLOCK_ROW:
        return "row";
    case DH_BLOCK_CAPTION:
        return "caption";
    }
    return "block";
}

const char *dh_role_name(dh_role role) {
    static const char *const names[] = {[DH_ROLE_BODY] = "body",
                                        [DH_ROLE_TITLE] = "title",
                                        [DH_ROLE_BYLINE] = "byline",
                                        [DH_ROLE_CAPTION] = "caption",
                                        [DH_ROLE_COMMENT] = "comment"};
    return names[role];
}

const char *dh_verdict_name(dh_verdict verdict) {
    static const char *const names[] = {
        [DH_KEEP] = "keep", [DH_DROP] = "drop", [DH_REPLACE] = "replace"};
    return names[verdict];
}

const char *dh_cause_name(dh_cause cause) {
    static const char *const names[] = {
        [DH_CAUSE_KEEP] = "keep",         [DH_CAUSE_RULE] = "rule",
        [DH_CAUSE_HIDDEN] = "hidden",     [DH_CAUSE_LABEL] = "label",
        [DH_CAUSE_REPEATED] = "repeated", [DH_CAUSE_ARTICLE] = "article",
        [DH_CAUSE_SCORE] = "score"};
    return names[cause];
}

static void put_detail(dh_buf *out, const char *before, dh_slice detail) {
    if (detail.len == 0) return;
    dh_buf_puts(out, before);
    dh_buf_put_slice(out, detail);
}

/* "rules/x.rules:12 remove .ad" */
static void put_rule(dh_buf *out, const dh_mark *mark) {
    if (mark->source.len > 0)
        dh_buf_put_slice(out, mark->source);
    else
        dh_buf_puts(out, "a rule");
    if (mark->line > 0) dh_buf_printf(out, ":%u", (unsigned)mark->line);
    put_detail(out, " ", mark->detail);
}

static void put_label(dh_buf *out, const dh_mark *mark) {
    dh_slice text = dh_label_text(dh_label_of(mark->source));
    dh_buf_puts(out, "the label ");
    dh_buf_put_slice(out, text.len > 0 ? text : mark->source);
    put_detail(out, ": ", mark->detail);
}

static void put_score(dh_buf *out, const dh_mark *mark) {
    dh_buf_puts(out, "the extractor");
    if (mark->score >= 0)
        dh_buf_printf(out, ", %d.%02d", (int)(mark->score / 1000), (int)(mark->score % 1000 / 10));
    put_detail(out, ": ", mark->detail);
}

void dh_reason_put(dh_buf *out, const dh_mark *mark, dh_slice text) {
    if (dh_mark_is_whole(mark)) {
        dh_buf_puts(out, mark->verdict == DH_KEEP ? "kept " : "dropped ");
    } else {
        dh_buf_puts(out, mark->verdict == DH_KEEP      ? "kept \""
                         : mark->verdict == DH_REPLACE ? "replaced \""
                                                       : "removed \"");
        dh_buf_put_slice(out, dh_slice_sub(text, mark->begin, mark->end));
        dh_buf_puts(out, "\" ");
        if (mark->verdict == DH_REPLACE) {
            dh_buf_puts(out, "with \"");
            dh_buf_put_slice(out, mark->replacement);
            dh_buf_puts(out, "\" ");
        }
    }
    switch (mark->cause) {
    case DH_CAUSE_KEEP:
    case DH_CAUSE_RULE:
        dh_buf_puts(out, "by ");
        put_rule(out, mark);
        break;
    case DH_CAUSE_ARTICLE:
        dh_buf_puts(out, mark->verdict == DH_KEEP ? "as inside of the article: "
                                                  : "as outside of the article: ");
        put_rule(out, mark);
        break;
    case DH_CAUSE_HIDDEN:
        dh_buf_puts(out, "as hidden");
        put_detail(out, ": ", mark->detail);
        break;
    case DH_CAUSE_LABEL:
        dh_buf_puts(out, "by ");
        put_label(out, mark);
        break;
    case DH_CAUSE_REPEATED:
        dh_buf_puts(out, "as repeated");
        put_detail(out, ": ", mark->detail);
        break;
    case DH_CAUSE_SCORE:
        dh_buf_puts(out, "by ");
        put_score(out, mark);
        break;
    }
}

void dh_reason_put_block(dh_buf *out, const dh_article *article, uint32_t block) {
    const dh_decision *decision = &article->decisions[block];
    if (decision->mark < article->marks->len)
        dh_reason_put(out, &article->marks->ptr[decision->mark], article->blocks->ptr[block].text);
    else
        dh_buf_puts(out,
                    decision->verdict == DH_KEEP ? "kept: nothing spoke against it" : "dropped");
}

dh_reasons dh_reasons_make(const dh_article *article, dh_arena *arena) {
    const dh_marks *marks = article->marks;
    uint32_t n = article->blocks->len;
    uint32_t *begin = dh_arena_zalloc(arena, (size_t)n + 2, sizeof *begin);
    uint32_t *order = dh_arena_zalloc(arena, marks->len, sizeof *order);
    uint32_t *at = begin + 1; /* at[b] runs from the begin of block b to its end: begin[b + 1] */
    for (uint32_t m = 0; m < marks->len; m++)
        if (marks->ptr[m].block < n) at[marks->ptr[m].block + 1]++;
    for (uint32_t b = 1; b <= n; b++) at[b] += at[b - 1];
    /* One pass for each cause puts them in order of authority; deciding ones go before all. */
    for (uint32_t b = 0; b < n; b++) {
        uint32_t m = article->decisions[b].mark;
        if (m < marks->len && marks->ptr[m].block == b) order[at[b]++] = m;
    }
    for (int cause = DH_CAUSE_KEEP; cause <= DH_CAUSE_SCORE; cause++)
        for (uint32_t m = 0; m < marks->len; m++) {
            const dh_mark *mark = &marks->ptr[m];
            if (mark->block >= n || mark->cause != (dh_cause)cause) continue;
            if (article->decisions[mark->block].mark != m) order[at[mark->block]++] = m;
        }
    return (dh_reasons){begin, order};
}
