/* SPDX-License-Identifier: Apache-2.0 */
/* walk: blocks that are not shown still count as structure: the dropped first item of a second list
 * is what tells that list from the first. */
#include "emit/walk.h"

#include "emit/spans.h"

typedef enum holder { IN_NONE, IN_LISTS, IN_QUOTE, IN_TABLE, IN_FIGURE } holder;

typedef struct open_list {
    uint8_t level;
    bool ordered, item; /* item: one is open */
    uint32_t number;    /* of that item */
} open_list;

typedef struct walker {
    const dh_article *article;
    const dh_emit_options *options;
    dh_walk_fn *fn;
    void *data;
    uint32_t roles;
    dh_arena *images;
    holder in;
    bool captioned;    /* the open figure has its caption */
    bool table_begins; /* the first row of another table went by unseen */
    uint32_t columns;
    uint32_t depth;
    open_list lists[DH_WALK_DEPTH];
    uint32_t numbers[256]; /* by level: the last number given in its current list */
} walker;

static void tell(walker *w, dh_part part, bool leave) {
    dh_walk_event event = {.part = part, .leave = leave, .depth = w->depth, .columns = w->columns};
    if (part == DH_PART_LIST || part == DH_PART_ITEM) {
        const open_list *list = &w->lists[w->depth - 1];
        event.ordered = list->ordered;
        event.number = list->number;
    }
    w->fn(w->data, &event);
}

static void tell_block(walker *w, dh_part part, uint32_t i, bool further) {
    const dh_block *block = &w->article->blocks->ptr[i];
    dh_walk_event event = {.part = part,
                           .depth = w->depth,
                           .columns = w->columns,
                           .header = (block->flags & DH_BLOCK_HEADER_ROW) != 0,
                           .further = further,
                           .block = i,
                           .text = w->article->texts[i]};
    if (part == DH_PART_HEADING) {
        event.level = block->level == 0 ? 2 : block->level; /* 0: a line that looks like one */
        if (event.level > 6) event.level = 6;
    }
    w->fn(w->data, &event);
}

static void close_item(walker *w) {
    open_list *list = &w->lists[w->depth - 1];
    if (!list->item) return;
    tell(w, DH_PART_ITEM, true);
    list->item = false;
}

/* Closes the lists of this level and deeper. */
static void close_lists(walker *w, unsigned level) {
    while (w->depth > 0 && w->lists[w->depth - 1].level >= level) {
        close_item(w);
        tell(w, DH_PART_LIST, true);
        w->depth--;
    }
    if (w->depth == 0 && w->in == IN_LISTS) w->in = IN_NONE;
}

static void close_holder(walker *w) {
    close_lists(w, 0);
    if (w->in == IN_QUOTE) tell(w, DH_PART_QUOTE, true);
    if (w->in == IN_TABLE) tell(w, DH_PART_TABLE, true);
    if (w->in == IN_FIGURE) tell(w, DH_PART_FIGURE, true);
    w->in = IN_NONE;
    w->captioned = false;
    w->columns = 0;
}

static void open_holder(walker *w, holder in, dh_part part) {
    if (w->in == in) return;
    close_holder(w);
    w->in = in;
    tell(w, part, false);
}

static bool is_caption(const walker *w, uint32_t i) {
    return w->article->decisions[i].role == DH_ROLE_CAPTION ||
           w->article->blocks->ptr[i].kind == DH_BLOCK_CAPTION;
}

/* Whether one of its images has an address that can be written. */
static bool has_image(const walker *w, const dh_block *block) {
    for (uint32_t i = 0; w->images != NULL && i < block->inline_count; i++) {
        const dh_inline *in = &w->article->blocks->inlines[block->inline_begin + i];
        if (in->kind == DH_INLINE_IMAGE &&
            dh_link_target(w->options->base_url, in->target, w->images).len > 0)
            return true;
    }
    return false;
}

static bool is_shown(const walker *w, uint32_t i) {
    const dh_decision *decision = &w->article->decisions[i];
    const dh_block *block = &w->article->blocks->ptr[i];
    if (decision->verdict != DH_KEEP || (w->roles >> decision->role & 1) == 0) return false;
    if (block->kind == DH_BLOCK_ROW && !w->options->tables) return false;
    if ((block->flags & DH_BLOCK_IMAGE) != 0) return has_image(w, block);
    return w->article->texts[i].len > 0;
}

static unsigned level_of(const dh_block *block) {
    return block->level == 0 ? 1 : block->level;
}

/* An item that is not shown. */
static void pass_item(walker *w, const dh_block *block) {
    unsigned level = level_of(block);
    bool starts = (block->flags & DH_BLOCK_LIST_START) != 0;
    if (starts) w->numbers[level] = 0;
    if (w->in != IN_LISTS) return;
    close_lists(w, starts ? level : level + 1);
    if (w->depth > 0 && w->lists[w->depth - 1].level == level &&
        (block->flags & DH_BLOCK_CONTINUES) == 0)
        close_item(w);
}

static void open_list_for(walker *w, unsigned level, bool ordered) {
    /* A list stands in an item of its parent; without one (it was dropped) the parent ends. */
    while (w->depth > 0 && !w->lists[w->depth - 1].item)
        close_lists(w, w->lists[w->depth - 1].level);
    w->in = IN_LISTS;
    w->lists[w->depth++] =
        (open_list){.level = (uint8_t)level, .ordered = ordered, .number = w->numbers[level] + 1};
    tell(w, DH_PART_LIST, false);
}

static void show_item(walker *w, uint32_t i) {
    const dh_block *block = &w->article->blocks->ptr[i];
    unsigned level = level_of(block);
    bool starts = (block->flags & DH_BLOCK_LIST_START) != 0;
    bool ordered = (block->flags & DH_BLOCK_ORDERED) != 0;
    bool continues = (block->flags & DH_BLOCK_CONTINUES) != 0;
    if (w->in != IN_LISTS) close_holder(w);
    if (starts) w->numbers[level] = 0;
    close_lists(w, starts ? level : level + 1);
    if (w->depth == DH_WALK_DEPTH) level = w->lists[w->depth - 1].level;
    open_list *top = w->depth > 0 ? &w->lists[w->depth - 1] : NULL;
    if (top != NULL && top->level == level && top->ordered != ordered && !continues) {
        close_lists(w, level);
        top = NULL;
    }
    if (w->depth == 0 || w->lists[w->depth - 1].level < level) {
        open_list_for(w, level, ordered);
    } else if (continues && top != NULL && top->item) {
        tell_block(w, DH_PART_PARAGRAPH, i, true);
        return;
    }
    close_item(w);
    top = &w->lists[w->depth - 1];
    top->number = ++w->numbers[level];
    top->item = true;
    tell(w, DH_PART_ITEM, false);
    tell_block(w, DH_PART_PARAGRAPH, i, false);
}

static uint32_t count_cells(dh_slice text) {
    uint32_t n = 1;
    for (size_t i = 0; i < text.len; i++) n += text.ptr[i] == '\t';
    return n;
}

/* Cells of the longest shown row of the table that row i begins. */
static uint32_t count_columns(const walker *w, uint32_t i) {
    const dh_blocks *blocks = w->article->blocks;
    uint32_t most = 1;
    for (uint32_t k = i; k < blocks->len; k++) {
        bool row = blocks->ptr[k].kind == DH_BLOCK_ROW;
        if (row && k > i && (blocks->ptr[k].flags & DH_BLOCK_LIST_START) != 0) break;
        if (!is_shown(w, k)) continue;
        if (!row || is_caption(w, k)) break;
        uint32_t n = count_cells(w->article->texts[k]);
        if (n > most) most = n;
    }
    return most;
}

static void show_row(walker *w, uint32_t i) {
    bool starts = (w->article->blocks->ptr[i].flags & DH_BLOCK_LIST_START) != 0;
    if (w->in != IN_TABLE || starts || w->table_begins) {
        close_holder(w);
        w->columns = count_columns(w, i);
        w->in = IN_TABLE;
        tell(w, DH_PART_TABLE, false);
    }
    w->table_begins = false;
    tell_block(w, DH_PART_ROW, i, false);
}

static void show_figure(walker *w, uint32_t i) {
    bool image = (w->article->blocks->ptr[i].flags & DH_BLOCK_IMAGE) != 0;
    if (w->in == IN_FIGURE && (image || w->captioned)) close_holder(w);
    open_holder(w, IN_FIGURE, DH_PART_FIGURE);
    if (!image) w->captioned = true;
    tell_block(w, image ? DH_PART_IMAGE : DH_PART_CAPTION, i, false);
}

static void show(walker *w, uint32_t i) {
    const dh_block *block = &w->article->blocks->ptr[i];
    if ((block->flags & DH_BLOCK_IMAGE) != 0 || is_caption(w, i)) {
        show_figure(w, i);
        return;
    }
    switch (block->kind) {
    case DH_BLOCK_LIST_ITEM:
        show_item(w, i);
        break;
    case DH_BLOCK_ROW:
        show_row(w, i);
        break;
    case DH_BLOCK_QUOTE:
        open_holder(w, IN_QUOTE, DH_PART_QUOTE);
        tell_block(w, DH_PART_PARAGRAPH, i, false);
        break;
    case DH_BLOCK_HEADING:
        close_holder(w);
        tell_block(w, DH_PART_HEADING, i, false);
        break;
    case DH_BLOCK_CODE:
        close_holder(w);
        tell_block(w, DH_PART_CODE, i, false);
        break;
    case DH_BLOCK_PARAGRAPH:
    case DH_BLOCK_CAPTION:
        close_holder(w);
        tell_block(w, DH_PART_PARAGRAPH, i, false);
        break;
    }
}

uint32_t dh_walk_body_roles(const dh_emit_options *options) {
    return DH_ROLES_BODY | (options->captions ? (uint32_t)DH_ROLES_CAPTION : 0);
}

void dh_walk(const dh_article *article, const dh_emit_options *options, uint32_t roles,
             dh_arena *images, dh_walk_fn *fn, void *data) {
    walker w = {.article = article,
                .options = options,
                .fn = fn,
                .data = data,
                .roles = roles,
                .images = images};
    for (uint32_t i = 0; i < article->blocks->len; i++) {
        const dh_block *block = &article->blocks->ptr[i];
        if (is_shown(&w, i)) {
            show(&w, i);
        } else if (block->kind == DH_BLOCK_LIST_ITEM) {
            pass_item(&w, block);
        } else if (block->kind == DH_BLOCK_ROW && (block->flags & DH_BLOCK_LIST_START) != 0) {
            w.table_begins = true;
        }
    }
    close_holder(&w);
}
