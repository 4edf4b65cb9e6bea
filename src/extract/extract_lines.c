/* SPDX-License-Identifier: Apache-2.0 */
/* extract_lines.c: text that was scraped with its husk on has no tree. The article is the run of lines
 * that is worth most; inside of it scraps that stand alone in front of no prose go. */
#include "extract/unit.h"

enum { RUN = 4, MAX_ITEMS = 12, RUN_LOSS = 0, HALF_VALUE = -4, SHORT_VALUE = -5, ALONE_MAX = 40 };

/* A headline in a list of others: a phrase without a full stop, neither subhead nor prose. */
static bool is_scrap(const dh_unit *u) {
    if (u->facts.ends_sentence && u->facts.words >= 3 && u->kind != DH_UNIT_LINKS) return false;
    return u->kind == DH_UNIT_SHORT || u->kind == DH_UNIT_HALF || u->kind == DH_UNIT_LINKS;
}

/* Links with hardly a word between them. */
static bool is_menu(const dh_unit *units, uint32_t n) {
    uint32_t links = 0, words = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (units[i].kind == DH_UNIT_LINKS) links++;
        else if (units[i].kind != DH_UNIT_GONE) words += units[i].facts.words;
    }
    return links >= 3 && words < links * 2;
}

/* Items below a line that announces them ("... were:") belong to it, up to the next paragraph. */
static bool is_announced(const dh_unit *units, uint32_t i, uint32_t begin) {
    for (uint32_t k = i; k > begin && i - k < MAX_ITEMS; k--) {
        const dh_unit *before = &units[k - 1];
        if (before->kind == DH_UNIT_GONE) continue;
        if (before->facts.ends_colon && before->facts.words >= 3) return true;
        if (!is_scrap(before)) return false;
    }
    return false;
}

/* Length of the run of scraps around i. */
static uint32_t run_length(const dh_unit *units, uint32_t i, uint32_t begin, uint32_t end) {
    uint32_t from = i, to = i + 1;
    while (from > begin && is_scrap(&units[from - 1]) && i - from < RUN * 2) from--;
    while (to < end && is_scrap(&units[to]) && to - i < RUN * 2) to++;
    return to - from;
}

/* Without a tree the neighbours must tell a teaser from a paragraph: the summaries of other stories
 * stand one by one between headlines, names and times; an article's paragraphs stand together. */
static void revalue(dh_unit *units, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        dh_unit *u = &units[i];
        if (u->kind == DH_UNIT_HALF) u->value = HALF_VALUE;
        if (u->kind == DH_UNIT_SHORT) u->value = SHORT_VALUE;
        if (u->kind != DH_UNIT_PROSE) continue;
        bool alone = (i == 0 || units[i - 1].kind != DH_UNIT_PROSE) &&
                     (i + 1 == n || units[i + 1].kind != DH_UNIT_PROSE);
        if (alone && u->value > ALONE_MAX) u->value = ALONE_MAX;
    }
}

void dh_extract_lines(dh_extract_page *page, dh_unit *units) {
    uint32_t n = page->blocks->len;
    revalue(units, n);
    dh_unit_span best = dh_units_best(units, 0, n, RUN_LOSS);
    if (best.value == 0 && !is_menu(units, n))
        best = (dh_unit_span){0, n, 0}; /* no sentence anywhere: all that is no label is the text */
    for (uint32_t i = 0; i < n; i++) {
        dh_unit *u = &units[i];
        bool inside = i >= best.begin && i < best.end;
        u->where = inside ? 2 : i < best.begin ? 1 : 3;
        if (u->kind == DH_UNIT_GONE) continue;
        if (i == page->title_block) {
            u->keep = true;
            u->reason = DH_SLICE("the headline");
        } else if (!inside) {
            u->reason = i < best.begin ? DH_SLICE("before the article's first sentences")
                                       : DH_SLICE("after the article's last sentences");
        } else if (u->kind == DH_UNIT_LINKS) {
            u->reason = DH_SLICE("mostly links");
        } else if (u->kind == DH_UNIT_PROSE || best.value == 0) {
            u->keep = true;
            u->reason = DH_SLICE("sentences in the run of prose");
        } else if (page->labels[i].label != DH_LABEL_NONE) {
            u->reason = DH_SLICE("a label of other parts of the page");
        } else {
            u->keep = !is_scrap(u) || run_length(units, i, best.begin, best.end) < RUN ||
                      is_announced(units, i, best.begin);
            u->reason = u->keep ? DH_SLICE("between paragraphs of the article")
                                : DH_SLICE("one of a row of scraps");
        }
    }
}
