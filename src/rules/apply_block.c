/* SPDX-License-Identifier: Apache-2.0 */
/* apply_block: `remove block`: a label and the list it heads (blocks/label_list.h). All labels of all
 * lines are found first, because one label's list ends at the next label. */
#include "blocks/label_list.h"
#include "rules/rules_private.h"

enum { MAX_LABEL_CHARS = 120 };

typedef struct label {
    const dh_rule_line *line; /* NULL: the block is no label */
    const dh_phrase *phrase;
} label;

static bool may_be_label(const dh_block *b) {
    return b->chars > 0 && b->chars <= MAX_LABEL_CHARS && b->kind != DH_BLOCK_CODE;
}

static label label_of(dh_rule_run *run, uint32_t block) {
    for (uint32_t i = 0; i < run->lines.len; i++) {
        const dh_rule_line *line = run->lines.ptr[i];
        if (line->verb != DH_RULE_remove_block) continue;
        const dh_phrase *phrase = dh_rule_phrase_of(run, line, block);
        if (phrase != NULL) return (label){line, phrase};
    }
    return (label){0};
}

static uint32_t percent(const dh_rule_run *run, uint32_t begin, uint32_t end) {
    const uint8_t *outside = run->outside;
    uint64_t all = 0, taken = 0;
    for (uint32_t i = 0; i < run->page->blocks->len; i++) {
        const dh_block *b = &run->page->blocks->ptr[i];
        if (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT) || b->link_chars > b->chars) continue;
        if (outside != NULL && outside[i]) continue;
        all += b->chars - b->link_chars;
        if (i >= begin && i < end) taken += b->chars - b->link_chars;
    }
    return all > 0 ? (uint32_t)(taken * 100 / all) : 0;
}

static uint32_t remove_list(dh_rule_run *run, const label *found, const uint8_t *is_label,
                            uint32_t at) {
    const dh_blocks *blocks = run->page->blocks;
    uint32_t end = dh_label_list_end(blocks, run->page->dom, at, is_label);
    uint32_t most = found->line->at_most;
    if (most > 0 && end - at - 1 > most) end = at + 1 + most;
    if (dh_label_list_too_much(blocks, at, end)) {
        dh_rule_refuse(run, found->line, percent(run, at, end));
        return at + 1;
    }
    dh_buf below;
    dh_buf_init(&below, run->page->arena, 0);
    dh_buf_printf(&below, "below \"%.*s\"", (int)found->phrase->text.len, found->phrase->text.ptr);
    for (uint32_t b = at; b < end; b++)
        dh_rule_mark(run, found->line, b, DH_DROP, DH_CAUSE_RULE,
                     b == at ? found->phrase->text : dh_buf_slice(&below));
    return end;
}

void dh_apply_block(dh_rule_run *run) {
    uint32_t n = run->page->blocks->len;
    label *labels = dh_arena_zalloc(run->page->arena, n, sizeof *labels);
    uint8_t *is_label = dh_arena_zalloc(run->page->arena, n, 1);
    for (uint32_t b = 0; b < n; b++) {
        if (!may_be_label(&run->page->blocks->ptr[b])) continue;
        labels[b] = label_of(run, b);
        is_label[b] = labels[b].line != NULL;
    }
    for (uint32_t b = 0; b < n;)
        b = is_label[b] ? remove_list(run, &labels[b], is_label, b) : b + 1;
}
