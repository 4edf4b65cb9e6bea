/* SPDX-License-Identifier: Apache-2.0 */
/* classify.c: the learned classifier's say: a chance for every block, corrected where the page's own names
 * leave no doubt, then the choice by expected F1. */
#include "extract/batch.h"
#include "extract/hints.h"

enum {
    LEAST_CHANCE = 200, /* no block above: the classifier sees no article */
    LEAST_SCRAPS = 3, /* fewer phrases beside links, and no sentence: a menu or a list of titles */
    TITLE_WORDS = 4,  /* of links, at least so many on the average: titles */
    PAGE_ARTICLE = 1, /* dh_extract_page.page_type */
    DOUBT = 500,
    SOME_CHANCE = 400,
    SUBHEAD_CHANCE = 250,
    BETWEEN_CHANCE =
        300, /* of sentences that the text goes on around; most such blocks are of it */
    BETWEEN_SURE = 600,
    BETWEEN_REACH = 3,
    BETWEEN_WORDS = 6,
    OTHERS = DH_HINT_COMMENTS | DH_HINT_RELATED | DH_HINT_NEWSLETTER | DH_HINT_AUTHOR,
    NEVER = DH_HINT_COOKIE | DH_HINT_MODAL
};

/* A paragraph that the heuristic keeps and that stands next to one that is kept stays when there is some
 * chance, rather than lose text. */
static void keep_next(const dh_unit *units, const int32_t *chance, uint32_t n, bool *keep) {
    bool kept = false; /* the block before, labels aside */
    for (uint32_t i = 0; i < n; i++) {
        if (units[i].kind == DH_UNIT_GONE) continue;
        if (kept && units[i].keep && units[i].kind == DH_UNIT_PROSE && chance[i] >= SOME_CHANCE)
            keep[i] = true;
        kept = keep[i];
    }
}

static bool is_sure_near(const int32_t *chance, uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; i++)
        if (chance[i] >= BETWEEN_SURE) return true;
    return false;
}

/* Sentences set apart (a quotation, an item, preformatted) between blocks that are surely the article's. */
static void keep_between(const dh_extract_page *page, const dh_unit *units, const int32_t *chance,
                         bool *keep) {
    uint32_t n = page->blocks->len;
    for (uint32_t i = 1; i + 1 < n; i++) {
        const dh_text_facts *facts = &units[i].facts;
        uint8_t kind = page->blocks->ptr[i].kind;
        if (kind == DH_BLOCK_PARAGRAPH || kind == DH_BLOCK_CAPTION) continue;
        if (keep[i] || chance[i] < BETWEEN_CHANCE || !facts->ends_sentence ||
            facts->words < BETWEEN_WORDS)
            continue;
        uint32_t begin = i > BETWEEN_REACH ? i - BETWEEN_REACH : 0;
        uint32_t end = n - i > BETWEEN_REACH ? i + BETWEEN_REACH + 1 : n;
        keep[i] = is_sure_near(chance, begin, i) && is_sure_near(chance, i + 1, end);
    }
}

/* The heading of what can be unfolded goes with the text below it when there is some chance. */
static void keep_subheads(const dh_extract_page *page, const dh_unit *units, const int32_t *chance,
                          bool *keep) {
    bool below = false; /* the next block is kept */
    uint32_t n = page->blocks->len, first = n;
    for (uint32_t i = 0; i < n && first == n; i++)
        if (keep[i] && units[i].kind != DH_UNIT_LINKS) first = i;
    for (uint32_t i = n; i-- > 0;) {
        if (chance[i] < 0) continue;
        bool heading = page->blocks->ptr[i].kind == DH_BLOCK_HEADING && i != page->title_block &&
                       (units[i].near & DH_HINT_FOLD) && page->labels[i].label == DH_LABEL_NONE;
        if (heading && below && first < i && chance[i] >= SUBHEAD_CHANCE) keep[i] = true;
        below = keep[i];
    }
}

/* "sentence ends 4", "the block before ends like a sentence: no", "levels up to comments: none" */
static void put_value(dh_buf *out, int column, int16_t value) {
    enum { NO_ANCESTOR = 40 };
    dh_slice help = dh_slice_cstr(dh_feature_helps[column]);
    bool yes_no = dh_slice_starts(help, DH_SLICE("1: "));
    dh_buf_put_slice(out, yes_no ? dh_slice_sub(help, 3, help.len) : help);
    if (yes_no) dh_buf_puts(out, value != 0 ? ": yes" : ": no");
    else if (value == NO_ANCESTOR && dh_slice_starts(help, DH_SLICE("levels up")))
        dh_buf_puts(out, ": none");
    else dh_buf_printf(out, " %d", value);
}

/* "against it: per cent of code points in links 92, levels up to comments 2": the columns that change the
 * block's logit most when they have the value of the page's surest block (for one that is dropped)
 * or of its least likely one (for one that is kept), a tenth of a logit at least. */
static dh_slice moved_by(const dh_model *model, const int16_t *row, const int16_t *other, bool kept,
                         dh_arena *arena) {
    enum { SHOWN = 3, LEAST_MOVE = 102 };
    int32_t moves[DH_FEATURE_COUNT], now = dh_model_logit(model, row);
    int16_t changed[DH_FEATURE_COUNT];
    memcpy(changed, row, sizeof changed);
    for (int k = 0; k < DH_FEATURE_COUNT; k++) {
        changed[k] = other[k];
        moves[k] = row[k] == other[k] ? 0 : dh_model_logit(model, changed) - now;
        if (kept) moves[k] = -moves[k];
        changed[k] = row[k];
    }
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    for (int shown = 0; shown < SHOWN; shown++) {
        int most = 0;
        for (int k = 1; k < DH_FEATURE_COUNT; k++)
            if (moves[k] > moves[most]) most = k;
        if (moves[most] < LEAST_MOVE) break;
        dh_buf_puts(&out, shown > 0 ? ", " : kept ? "for it: " : "against it: ");
        put_value(&out, most, row[most]);
        moves[most] = 0;
    }
    return dh_buf_slice(&out);
}

/* Says of the blocks that were judged what spoke for or against them. Slow (a walk through the trees for each
 * column): for people, and no further than the first MAX_TOLD blocks. */
static void tell(const dh_model *model, dh_features *features, const int32_t *chance,
                 const bool *keep, dh_unit *units, uint32_t n, dh_arena *arena) {
    enum { MAX_TOLD = 2000 };
    uint32_t surest = UINT32_MAX, least = UINT32_MAX, told = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (chance[i] < 0) continue;
        if (surest == UINT32_MAX || chance[i] > chance[surest]) surest = i;
        if (least == UINT32_MAX || chance[i] < chance[least]) least = i;
    }
    if (surest == least) return;
    int16_t best[DH_FEATURE_COUNT], worst[DH_FEATURE_COUNT], row[DH_FEATURE_COUNT];
    dh_features_row(features, surest, best);
    dh_features_row(features, least, worst);
    for (uint32_t i = 0; i < n && told < MAX_TOLD; i++) {
        if (chance[i] < 0) continue;
        dh_features_row(features, i, row);
        units[i].moved = moved_by(model, row, keep[i] ? worst : best, keep[i], arena);
        told++;
    }
}

/* A page of which no block reads like text (a shop's page before its scripts ran, a footer and menus) has none: the
 * best run of such blocks would be passed off as an article. */
static void keep_nothing(dh_extract_page *page, dh_unit *units, const int32_t *chance) {
    page->confidence = 0;
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        dh_unit *u = &units[i];
        if (u->keep) u->reason = DH_SLICE("no block of the page reads like an article's text");
        u->keep = false;
        if (chance[i] >= 0) u->score = (int16_t)chance[i];
    }
}

/* Whether the classifier is asked about a block at all. */
static bool is_asked(const dh_extract_page *page, const dh_unit *u) {
    if ((u->kind == DH_UNIT_GONE && !u->hidden) || u->kind == DH_UNIT_EMPTY) return false;
    return !u->address && (u->hints & NEVER) == 0 && !(u->other && page->page_type == PAGE_ARTICLE);
}

/* chance[i] in a thousand, -1 for blocks that are not asked about. */
static void find_chances(const dh_extract_page *page, const dh_unit *units, dh_features *features,
                         int32_t *chance) {
    uint32_t n = page->blocks->len;
    dh_arena_switch(page->arena); /* scratch, as the features */
    int32_t *logits = dh_arena_alloc(page->arena, (n + 1u) * sizeof *logits);
    dh_batch *batch = dh_batch_new(dh_model_for(page), n, logits, page->arena);
    dh_arena_switch(page->arena);
    for (uint32_t i = 0; i < n; i++) {
        int16_t row[DH_FEATURE_COUNT];
        chance[i] = is_asked(page, &units[i]) ? 0 : -1;
        if (chance[i] < 0) continue;
        dh_features_row(features, i, row);
        dh_batch_add(batch, i, row);
    }
    dh_batch_finish(batch);
    for (uint32_t i = 0; i < n; i++) {
        if (chance[i] < 0) continue;
        chance[i] = dh_model_chance_of(logits[i]);
        /* A page that calls itself an article has others' words there. */
        if (page->page_type == PAGE_ARTICLE && (units[i].hints & OTHERS))
            chance[i] = chance[i] > DOUBT ? chance[i] - DOUBT : 0;
    }
}

static bool classify(dh_extract_page *page, dh_unit *units, dh_features *features) {
    uint32_t n = page->blocks->len;
    int32_t *chance = dh_arena_alloc(page->arena, (n + 1u) * sizeof *chance), best = 0;
    uint32_t *words = dh_arena_alloc(page->arena, (n + 1u) * sizeof *words);
    bool *keep = dh_arena_alloc(page->arena, n + 1u);
    uint32_t prose = 0, scraps = 0, links = 0, link_words = 0;
    find_chances(page, units, features, chance);
    for (uint32_t i = 0; i < n; i++) {
        const dh_unit *u = &units[i];
        words[i] = u->facts.words;
        if (chance[i] < 0) continue;
        if (u->kind == DH_UNIT_PROSE) prose++;
        else if (u->kind != DH_UNIT_LINKS) scraps += !u->hidden;
        else links++, link_words += u->facts.words;
        if (chance[i] > best) best = chance[i];
    }
    bool menu = prose == 0 && scraps < LEAST_SCRAPS && link_words < links * TITLE_WORDS;
    if (best < LEAST_CHANCE && page->dom == NULL) return false;
    if (best < LEAST_CHANCE || menu) {
        keep_nothing(page, units, chance);
        return true;
    }
    bool article = page->page_type == PAGE_ARTICLE && page->focus == DH_FOCUS_BALANCED;
    page->confidence = dh_model_choose(chance, words, n, article ? DH_FOCUS_ARTICLE : page->focus,
                                       page->arena, keep);
    keep_next(units, chance, n, keep);
    if (page->dom != NULL) {
        if (page->focus != DH_FOCUS_PRECISION) keep_between(page, units, chance, keep);
        keep_subheads(page, units, chance, keep);
    }
    if (page->reasons) tell(dh_model_for(page), features, chance, keep, units, n, page->arena);
    for (uint32_t i = 0; i < n; i++) {
        dh_unit *u = &units[i];
        if (chance[i] < 0) {
            if (u->kind != DH_UNIT_EMPTY) u->keep = false; /* the heuristic's reason stands */
            continue;
        }
        u->score = (int16_t)chance[i];
        if (keep[i] != u->keep)
            u->reason = keep[i] ? DH_SLICE("reads like the article's text")
                                : DH_SLICE("does not read like the article's text");
        u->keep = keep[i];
    }
    return true;
}

bool dh_classify(dh_extract_page *page, dh_unit *units) {
    dh_features *features = dh_features_new(page, units);
    bool done = classify(page, units, features);
    dh_features_free(features);
    return done;
}
