/* SPDX-License-Identifier: Apache-2.0 */
/* classify.c: the learned classifier's say: a chance for every block, corrected where the page's own names
 * leave no doubt, then the choice by expected F1. */
#include "extract/hints.h"
#include "extract/model.h"

enum {
    LEAST_CHANCE = 200, /* no block above: the classifier sees no article */
    LEAST_SCRAPS = 3,   /* fewer phrases beside links, and no sentence: a menu */
    PAGE_ARTICLE = 1,   /* dh_extract_page.page_type */
    DOUBT = 500,
    SOME_CHANCE = 400,
    OTHERS = DH_HINT_COMMENTS | DH_HINT_RELATED | DH_HINT_NEWSLETTER | DH_HINT_AUTHOR,
    NEVER = DH_HINT_COOKIE | DH_HINT_MODAL
};

/* Without a tree the end of an article is hard to see: a paragraph that the heuristic keeps next to one that
 * is kept stays when there is some chance, rather than lose text. */
static void keep_next(const dh_unit *units, const int32_t *chance, uint32_t n, bool *keep) {
    bool kept = false; /* the block before, labels aside */
    for (uint32_t i = 0; i < n; i++) {
        if (units[i].kind == DH_UNIT_GONE) continue;
        if (kept && units[i].keep && units[i].kind == DH_UNIT_PROSE && chance[i] >= SOME_CHANCE)
            keep[i] = true;
        kept = keep[i];
    }
}

bool dh_classify(dh_extract_page *page, dh_unit *units) {
    uint32_t n = page->blocks->len;
    int32_t *chance = dh_arena_alloc(page->arena, (n + 1u) * sizeof *chance), best = 0;
    uint32_t *words = dh_arena_alloc(page->arena, (n + 1u) * sizeof *words);
    bool *keep = dh_arena_alloc(page->arena, n + 1u);
    const dh_model *model = page->dom != NULL ? &dh_model_page : &dh_model_text;
    uint32_t prose = 0, links = 0, scraps = 0;
    dh_features *features = dh_features_new(page, units);
    for (uint32_t i = 0; i < n; i++) {
        dh_unit *u = &units[i];
        words[i] = u->facts.words;
        chance[i] = -1;
        if (u->kind == DH_UNIT_GONE || u->kind == DH_UNIT_EMPTY) continue;
        if ((u->hints & NEVER) || (u->other && page->page_type == PAGE_ARTICLE)) continue;
        if (u->kind == DH_UNIT_LINKS) links++;
        else if (u->kind == DH_UNIT_PROSE) prose++;
        else scraps++;
        int16_t row[DH_FEATURE_COUNT];
        dh_features_row(features, i, row);
        chance[i] = dh_model_chance_of(dh_model_logit(model, row));
        /* A page that calls itself an article has others' words there. */
        if (page->page_type == PAGE_ARTICLE && (u->hints & OTHERS))
            chance[i] = chance[i] > DOUBT ? chance[i] - DOUBT : 0;
        if (chance[i] > best) best = chance[i];
    }
    if (best < LEAST_CHANCE || (prose == 0 && scraps < LEAST_SCRAPS && links > 0)) return false;
    page->confidence = dh_model_choose(chance, words, n, page->focus, page->arena, keep);
    if (page->dom == NULL) keep_next(units, chance, n, keep);
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
