/* SPDX-License-Identifier: Apache-2.0 */
/* judge.c: every voice but the rules gets its say about the blocks, then authority decides. Voices
 * add marks; nothing is removed here. */
#include "base/map.h"
#include "blocks/label_list.h"
#include "dehusk/page.h"
#include "text/clean.h"

enum {
    ENOUGH_TEXT = 200,
    MIN_REPEATED = 20,
    MAX_LISTS = 256 /* labels of a page that may head a list: real pages have a dozen */
};

/* A page that hides its article until a script runs is read as if it were shown: only when the visible
 * rest is next to nothing. */
static bool believe_hidden(const dehusk_page *page, uint16_t flag) {
    uint64_t shown = 0, hidden = 0;
    for (uint32_t i = 0; i < page->blocks.len; i++) {
        const dh_block *block = &page->blocks.ptr[i];
        uint32_t prose = block->chars >= 60 ? block->chars - block->link_chars : 0;
        if (block->flags & flag) hidden += prose;
        else shown += prose;
    }
    return hidden == 0 || shown >= ENOUGH_TEXT || shown * 2 >= hidden;
}

/* Which blocks are not shown, by the flags that are believed. */
static bool *find_hidden(dehusk_page *page) {
    bool *hidden = dh_arena_zalloc(&page->arena, page->blocks.len + 1u, sizeof *hidden);
    uint16_t flags = 0;
    if (believe_hidden(page, DH_BLOCK_HIDDEN)) flags |= DH_BLOCK_HIDDEN;
    if (believe_hidden(page, DH_BLOCK_NOSCRIPT)) flags |= DH_BLOCK_NOSCRIPT;
    for (uint32_t i = 0; i < page->blocks.len; i++)
        hidden[i] = (page->blocks.ptr[i].flags & flags) != 0;
    return hidden;
}

static bool classifier_keeps(const dehusk_page *page, uint32_t block) {
    const dh_decision *d = &page->decisions[block];
    return d->mark != UINT32_MAX && d->verdict == DH_KEEP &&
           page->marks.ptr[d->mark].cause == DH_CAUSE_SCORE;
}

/* The text of accordions and tabs is hidden until a reader asks for it: what the classifier takes for the
 * article's stays. */
static void mark_hidden(dehusk_page *page, const bool *hidden) {
    for (uint32_t i = 0; i < page->blocks.len; i++) {
        if (!hidden[i] || classifier_keeps(page, i)) continue;
        bool shown = !(page->blocks.ptr[i].flags & DH_BLOCK_HIDDEN);
        dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_HIDDEN,
                     shown ? DH_SLICE("noscript") : DH_SLICE("hidden"),
                     shown ? DH_SLICE("only shown without scripts")
                           : DH_SLICE("not visible to a reader"));
    }
}

static void mark_labels(dehusk_page *page) {
    uint32_t tried = 0;
    uint8_t *lists = dh_arena_zalloc(&page->arena, page->blocks.len, 1);
    for (uint32_t i = 0; i < page->blocks.len; i++)
        lists[i] = page->labels[i].certain && dh_label_list(page->labels[i].label);
    for (uint32_t i = 0; i < page->blocks.len; i++) {
        const dh_label_hit *hit = &page->labels[i];
        if (hit->label == DH_LABEL_NONE || !hit->certain || i == page->title_block) continue;
        dh_slice name = dh_label_name(hit->label);
        dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_LABEL, name, hit->phrase);
        if (!dh_label_list(hit->label) || hit->match != DH_MATCH_EXACT) continue;
        if (++tried > MAX_LISTS) continue;
        uint32_t end = dh_label_list_end(&page->blocks, page->dom, i, lists);
        if (dh_label_list_too_much(&page->blocks, i, end)) continue;
        for (uint32_t k = i + 1; k < end; k++)
            dh_marks_add(&page->marks, k, DH_DROP, DH_CAUSE_LABEL, name, hit->phrase);
    }
}

/* --deduplicate: a block that says again what an earlier kept one said. */
static void mark_repeated(dehusk_page *page) {
    dh_map seen;
    dh_map_init(&seen, &page->arena, page->blocks.len);
    dh_marks_resolve(&page->marks, page->decisions, page->blocks.len);
    for (uint32_t i = 0; i < page->blocks.len; i++) {
        if (page->decisions[i].verdict != DH_KEEP || page->blocks.ptr[i].chars < MIN_REPEATED)
            continue;
        bool added;
        dh_map_put(&seen, dh_text_key(page->blocks.ptr[i].text, true, &page->arena), &added);
        if (!added)
            dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_REPEATED, DH_SLICE("repeated"),
                         DH_SLICE("says what an earlier block says"));
    }
}

/* What the page says it is (og:type, JSON-LD's @type), in the classes of the features. */
static int16_t page_type(dh_slice says) {
    static const struct {
        dh_slice part;
        int16_t type;
    } types[] = {{DH_SLICE_INIT("discussion"), 3},  {DH_SLICE_INIT("forum"), 3},
                 {DH_SLICE_INIT("qapage"), 3},      {DH_SLICE_INIT("article"), 1},
                 {DH_SLICE_INIT("blogposting"), 1}, {DH_SLICE_INIT("report"), 1},
                 {DH_SLICE_INIT("product"), 2},     {DH_SLICE_INIT("collection"), 4},
                 {DH_SLICE_INIT("itemlist"), 4}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (dh_slice_has_nocase(says, types[i].part)) return types[i].type;
    return says.len > 0 ? 5 : 0;
}

static void run_extractor(dehusk_page *page, const bool *hidden) {
    uint32_t n = page->blocks.len;
    bool *gone = dh_arena_zalloc(&page->arena, n, sizeof *gone);
    dh_marks_resolve(&page->marks, page->decisions, n);
    for (uint32_t i = 0; i < n; i++) gone[i] = page->decisions[i].verdict == DH_DROP;
    page->extract_blocks = page->blocks;
    page->extract =
        (dh_extract_page){.models = page->engine->models,
                          .dom = page->dom,
                          .blocks = &page->extract_blocks,
                          .labels = page->labels,
                          .gone = gone,
                          .hidden = hidden,
                          .title = dh_fields_value(&page->fields, DH_FIELD_title),
                          .description = dh_fields_value(&page->fields, DH_FIELD_description),
                          .article_body = page->article_body,
                          .page_type = page_type(dh_fields_value(&page->fields, DH_FIELD_pagetype)),
                          .title_block = page->title_block,
                          .focus = (dh_focus)page->options.focus,
                          .reasons = page->options.reasons,
                          .comments = page->options.comments,
                          .arena = &page->arena,
                          .marks = &page->marks,
                          .roles = page->roles};
    dh_extract(&page->extract);
    page->confidence = page->extract.confidence;
}

/* "Jane Doe covers the harbour for the Courier.": the last paragraphs, when they begin with an author
 * that a field names in full. */
static void mark_biographies(dehusk_page *page) {
    enum { TAIL = 3 };
    dh_marks_resolve(&page->marks, page->decisions, page->blocks.len);
    int kept = 0;
    for (uint32_t i = page->blocks.len; i-- > 0 && kept < TAIL;) {
        if (page->decisions[i].verdict != DH_KEEP || i == page->title_block) continue;
        kept++;
        dh_slice text = page->blocks.ptr[i].text;
        for (uint32_t f = 0; f < page->fields.len; f++) {
            const dh_field *field = &page->fields.ptr[f];
            if (field->kind != DH_FIELD_author || !dh_slice_has(field->value, DH_SLICE(" ")))
                continue;
            if (!dh_slice_starts(text, field->value) || text.len < field->value.len + 20) continue;
            dh_mark *mark = dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_SCORE,
                                         DH_SLICE("extractor"), DH_SLICE("about the author"));
            mark->score = 200;
        }
    }
}

/* Too little for an article. */
static bool is_meagre(const dehusk_page *page) {
    uint32_t chars = 0;
    for (uint32_t i = 0; i < page->blocks.len; i++)
        if (page->decisions[i].verdict == DH_KEEP && i != page->title_block)
            chars += page->blocks.ptr[i].chars;
    return chars < ENOUGH_TEXT;
}

static void look_into_scripts(dehusk_page *page) {
    uint32_t before = page->blocks.len;
    if (!dh_fallback(page)) return;
    uint32_t n = page->blocks.len;
    dh_role *roles = dh_arena_zalloc(&page->arena, n, sizeof *roles);
    memcpy(roles, page->roles, before * sizeof *roles);
    page->roles = roles;
    page->decisions = dh_arena_zalloc(&page->arena, n, sizeof *page->decisions);
    dh_marks_resolve(&page->marks, page->decisions, n);
}

/* Scraped text: headline, date and byline stand where the body begins. */
static void read_text_head(dehusk_page *page) {
    uint32_t n = page->blocks.len;
    uint8_t *lines = dh_arena_zalloc(&page->arena, n, 1);
    for (uint32_t i = 0; i < n; i++) {
        bool label = page->labels[i].label != DH_LABEL_NONE && page->labels[i].certain;
        lines[i] = page->decisions[i].verdict == DH_KEEP ? DH_TEXT_BODY
                   : label                               ? DH_TEXT_LABEL
                                                         : DH_TEXT_OTHER;
    }
    dh_meta_page meta = dh_page_meta(page);
    dh_meta_read_text(&meta, lines);
    page->title_block = meta.title_block;
    if (page->title_block == UINT32_MAX) return;
    dh_marks_add(&page->marks, page->title_block, DH_KEEP, DH_CAUSE_SCORE, DH_SLICE("extractor"),
                 DH_SLICE("the headline"));
    dh_marks_resolve(&page->marks, page->decisions, n);
}

void dh_judge(dehusk_page *page) {
    uint32_t n = page->blocks.len;
    page->decisions = dh_arena_zalloc(&page->arena, n, sizeof *page->decisions);
    page->roles = dh_arena_zalloc(&page->arena, n, sizeof *page->roles);
    page->confidence = 1000;
    mark_labels(page);
    const bool *hidden = find_hidden(page);
    if (page->outcome.heuristics) run_extractor(page, hidden);
    dh_marks_resolve(&page->marks, page->decisions, n);
    mark_hidden(page, hidden);
    if (page->outcome.heuristics && page->dom != NULL) mark_biographies(page);
    dh_judge_remember(page);
    if (page->options.deduplicate) mark_repeated(page);
    dh_marks_resolve(&page->marks, page->decisions, n);
    if (page->outcome.heuristics && is_meagre(page)) look_into_scripts(page);
    if (page->dom == NULL) read_text_head(page);
    for (uint32_t i = 0; i < page->blocks.len; i++) {
        dh_role role = page->roles[i];
        if (page->blocks.ptr[i].kind == DH_BLOCK_CAPTION && role == DH_ROLE_BODY)
            role = DH_ROLE_CAPTION;
        if (i == page->title_block) role = DH_ROLE_TITLE; /* a field, wherever it stands */
        page->decisions[i].role = role;
    }
}
