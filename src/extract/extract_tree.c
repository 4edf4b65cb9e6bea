/* SPDX-License-Identifier: Apache-2.0 */
/* extract_tree.c: pages with a tree. */
#include "extract/hints.h"
#include "extract/unit.h"

enum {
    WRAPPER_PERCENT = 40, /* an element with this share of the page's prose is no sidebar */
    LEAD_DISTANCE = 12,
    CHUNK_PERCENT = 25,
    CHILD_LOSS = 5,
    RUN_LOSS = 20,
    HIDDEN_RUN = 3
};

typedef struct judge {
    dh_extract_page *page;
    dh_dom *dom;
    dh_unit *units;
    uint32_t *own;   /* hints by node */
    uint32_t *hints; /* with those of ancestors */
    uint32_t *prose; /* words of prose below each node */
    int64_t *value;  /* sum of the values below each node */
    uint32_t prose_all;
    uint32_t container;
    uint32_t lo, hi; /* blocks of the container */
} judge;

/* The node a block hangs on. */
static uint32_t node_of(const judge *j, uint32_t block) {
    const dh_block *b = &j->page->blocks->ptr[block];
    return b->node != DH_NO_NODE ? b->node : 0;
}

/* Words of prose by node: what tells a wrapper from a sidebar. */
static void sum_prose(judge *j) {
    uint32_t n = j->dom->len;
    for (uint32_t i = 0; i < j->page->blocks->len; i++)
        if (j->units[i].kind == DH_UNIT_PROSE) {
            j->prose[node_of(j, i)] += j->units[i].facts.words;
            j->prose_all += j->units[i].facts.words;
        }
    for (uint32_t id = n; id-- > 1;) j->prose[j->dom->nodes[id].parent] += j->prose[id];
}

/* Hints go down the tree; an element that holds a good part of the page's prose, or the headline with
 * some, is no boilerplate whatever its name says; a body's name overrules that of what it stands in. */
static void spread_hints(judge *j, bool believe) {
    uint32_t title =
        j->page->title_block != UINT32_MAX ? node_of(j, j->page->title_block) : DH_NO_NODE;
    for (uint32_t id = 0; id < j->dom->len; id++) {
        uint32_t own = j->own[id], parent = j->dom->nodes[id].parent;
        uint32_t down = parent != DH_NO_NODE ? j->hints[parent] : 0;
        bool wrapper = (uint64_t)j->prose[id] * 100 >= (uint64_t)j->prose_all * WRAPPER_PERCENT &&
                       j->prose[id] > 0;
        bool headline =
            title != DH_NO_NODE && dh_dom_inside(j->dom, title, id) && j->prose[id] > 40;
        /* Rules for commenters and cookie notices can be longer than a short article. */
        uint32_t sure = headline ? 0 : DH_HINT_COMMENTS | DH_HINT_COOKIE | DH_HINT_MODAL;
        if (!believe) own &= ~(uint32_t)(DH_HINTS_BAD | DH_HINTS_DOUBTFUL) | DH_HINT_COOKIE;
        else if (wrapper || headline)
            own &= ~(uint32_t)(DH_HINTS_BAD | DH_HINTS_DOUBTFUL | DH_HINT_CAPTION) | sure;
        if (own & DH_HINT_BODY)
            down &= DH_HINT_COMMENTS | DH_HINT_RELATED | DH_HINT_COOKIE | DH_HINT_AD;
        j->hints[id] = own | down;
    }
}

static bool is_text_element(dh_tag tag) {
    return tag == DH_TAG_p || tag == DH_TAG_blockquote || tag == DH_TAG_li || tag == DH_TAG_dd ||
           tag == DH_TAG_dt || tag == DH_TAG_pre || tag == DH_TAG_td || tag == DH_TAG_tr ||
           tag == DH_TAG_th;
}

/* Hidden blocks in a row, block i among them. */
static uint32_t hidden_run(const judge *j, uint32_t i) {
    uint32_t n = j->page->blocks->len, from = i, to = i + 1;
    while (from > 0 && i - from < HIDDEN_RUN && j->page->hidden[from - 1]) from--;
    while (to < n && to - i < HIDDEN_RUN && j->page->hidden[to]) to++;
    return to - from;
}

/* What a reader can unfold is named so, or is more than a line; a paragraph that is hidden alone among others
 * is a trap or a draft. */
static void value_units(judge *j) {
    for (uint32_t i = 0; i < j->page->blocks->len; i++) {
        dh_unit *u = &j->units[i];
        if ((u->kind == DH_UNIT_GONE && !u->hidden) || u->kind == DH_UNIT_EMPTY) continue;
        uint32_t id = node_of(j, i);
        bool text = is_text_element(j->dom->nodes[id].tag);
        u->hints = j->hints[id];
        u->near = 0;
        for (int up = 0; up < 3 && id != DH_NO_NODE; up++, id = j->dom->nodes[id].parent)
            u->near |= j->own[id];
        u->near &= u->hints;
        if (u->hidden) {
            u->hidden = (u->near & DH_HINT_FOLD) || hidden_run(j, i) >= HIDDEN_RUN;
            continue;
        }
        if (u->hints & DH_HINTS_BAD) {
            int32_t words = u->facts.words < 60 ? (int32_t)u->facts.words : 60;
            u->value = -5 - words / 2;
        } else if ((u->hints & DH_HINTS_DOUBTFUL) && u->kind != DH_UNIT_PROSE) {
            if (u->value > -4) u->value = -4;
        } else if (u->kind == DH_UNIT_SHORT && text && u->link_percent == 0) {
            u->value = u->hints & DH_HINT_BODY ? 1 : -1;
        } else if (u->kind == DH_UNIT_HALF && text && u->link_percent == 0) {
            u->value = (int32_t)u->facts.words / (u->hints & DH_HINT_BODY ? 2 : 4);
        } else if (u->kind == DH_UNIT_PROSE && (u->hints & DH_HINT_BODY)) {
            u->value += u->value / 3;
        }
    }
}

/* What a child is worth against its parent is bounded: a list of links between two halves of an
 * article is left out later, it must not tear them apart. */
static void sum_values(judge *j) {
    memset(j->value, 0, j->dom->len * sizeof *j->value);
    for (uint32_t i = 0; i < j->page->blocks->len; i++)
        j->value[node_of(j, i)] += j->units[i].value;
    for (uint32_t id = j->dom->len; id-- > 1;) {
        int64_t value = j->value[id] > -CHILD_LOSS ? j->value[id] : -CHILD_LOSS;
        j->value[j->dom->nodes[id].parent] += value;
    }
}

/* The element worth most; the deepest of equals. */
static uint32_t best_container(const judge *j) {
    uint32_t best = 0;
    for (uint32_t id = 1; id < j->dom->len; id++)
        if (j->dom->nodes[id].tag != DH_TAG_TEXT && j->value[id] >= j->value[best] &&
            j->value[id] > 0)
            best = id;
    return best;
}

/* Pages that load story after story: of several articles side by side, that of the headline. */
static uint32_t one_article(const judge *j, uint32_t container) {
    uint32_t first = DH_NO_NODE, with_title = DH_NO_NODE, count = 0;
    uint32_t title =
        j->page->title_block != UINT32_MAX ? node_of(j, j->page->title_block) : DH_NO_NODE;
    const dh_dom *dom = j->dom;
    for (uint32_t id = container + 1; id < dom->nodes[container].end;) {
        bool story = dom->nodes[id].tag == DH_TAG_article && j->value[id] > 0 &&
                     j->value[id] * 100 >= j->value[container] * CHUNK_PERCENT / 2;
        if (!story) {
            id++;
            continue;
        }
        count++;
        if (first == DH_NO_NODE) first = id;
        if (title != DH_NO_NODE && dh_dom_inside(dom, title, id)) with_title = id;
        id = dom->nodes[id].end;
    }
    if (count < 2 || with_title == DH_NO_NODE) return container;
    return j->value[with_title] * 100 >= j->value[container] * CHUNK_PERCENT ? with_title
                                                                             : container;
}

static void find_range(judge *j) {
    uint32_t n = j->page->blocks->len;
    j->lo = n;
    j->hi = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!dh_dom_inside(j->dom, node_of(j, i), j->container)) continue;
        if (i < j->lo) j->lo = i;
        j->hi = i + 1;
    }
    if (j->lo > j->hi) j->lo = j->hi;
}

/* Whether prose or a list follows the heading before the next one of its rank or higher. */
static bool heads_something(const judge *j, uint32_t i, uint32_t end) {
    const dh_block *heading = &j->page->blocks->ptr[i];
    for (uint32_t k = i + 1; k < end && k < i + 40; k++) {
        const dh_block *b = &j->page->blocks->ptr[k];
        if (j->units[k].kind == DH_UNIT_GONE) continue;
        if (b->kind == DH_BLOCK_HEADING && b->level <= heading->level) return false;
        if (j->units[k].keep && b->kind != DH_BLOCK_HEADING && b->kind != DH_BLOCK_CAPTION)
            return true;
    }
    return false;
}

static void drop(dh_unit *u, dh_slice reason) {
    u->keep = false;
    u->reason = reason;
}

static void keep(dh_unit *u, dh_slice reason) {
    u->keep = true;
    u->reason = reason;
}

/* The verdict on one block inside of the article's run. Headings are seen to afterwards. */
static void judge_inside(judge *j, uint32_t i) {
    const dh_block *b = &j->page->blocks->ptr[i];
    dh_unit *u = &j->units[i];
    dh_tag tag = j->dom->nodes[node_of(j, i)].tag;
    if (u->hints & DH_HINTS_BAD) {
        drop(u, dh_hint_text(u->hints & DH_HINTS_BAD));
    } else if (u->kind == DH_UNIT_LINKS) {
        drop(u, DH_SLICE("mostly links"));
    } else if (u->kind == DH_UNIT_PROSE) {
        uint32_t doubt =
            u->facts.sentences > 0 ? DH_HINT_AUTHOR | DH_HINT_TEASER : DH_HINTS_DOUBTFUL;
        if ((u->near & doubt) && !(u->near & DH_HINT_BODY)) drop(u, dh_hint_text(u->near & doubt));
        else keep(u, DH_SLICE("sentences in the article's container"));
    } else if (b->kind == DH_BLOCK_CAPTION || (u->near & DH_HINT_CAPTION)) {
        keep(u, DH_SLICE("a caption in the article's container"));
    } else if (u->near & DH_HINTS_DOUBTFUL) {
        drop(u, dh_hint_text(u->near & DH_HINTS_DOUBTFUL));
    } else if (j->page->labels[i].label != DH_LABEL_NONE &&
               j->page->labels[i].label != DH_LABEL_photo_credit) {
        drop(u, DH_SLICE("a label of other parts of the page"));
    } else if (is_text_element(tag) || b->kind == DH_BLOCK_HEADING) {
        keep(u, DH_SLICE("text element in the article's container"));
    } else if (u->kind == DH_UNIT_HALF || (u->facts.ends_sentence && u->facts.words >= 3)) {
        keep(u, DH_SLICE("a phrase in the article's container"));
    } else {
        drop(u, DH_SLICE("a scrap between paragraphs"));
    }
}

static void judge_headings(judge *j, uint32_t begin, uint32_t end) {
    for (uint32_t i = end; i-- > begin;) { /* backwards: what follows is known */
        dh_unit *u = &j->units[i];
        if (!u->keep || j->page->blocks->ptr[i].kind != DH_BLOCK_HEADING) continue;
        if (u->kind == DH_UNIT_PROSE && u->facts.words > 20) continue;
        if (!heads_something(j, i, end)) drop(u, DH_SLICE("a heading of nothing that is kept"));
    }
}

/* Standfirst and lead often stand between the headline and the container. */
static void keep_lead(judge *j, uint32_t begin) {
    uint32_t title = j->page->title_block;
    if (title == UINT32_MAX || title >= begin || begin - title > LEAD_DISTANCE) return;
    for (uint32_t i = title + 1; i < begin; i++) {
        dh_unit *u = &j->units[i];
        if (u->hints & (DH_HINTS_BAD & ~(uint32_t)DH_HINT_SIDE)) continue;
        if (u->near & (DH_HINT_META | DH_HINT_AUTHOR | DH_HINT_CAPTION | DH_HINT_TAGS)) continue;
        if (j->page->blocks->ptr[i].kind == DH_BLOCK_CAPTION) continue;
        bool lead =
            u->kind == DH_UNIT_PROSE || (u->kind == DH_UNIT_HALF && (u->near & DH_HINT_LEAD));
        if (lead && u->link_percent < 30) keep(u, DH_SLICE("lead between headline and article"));
    }
}

void dh_extract_roles(dh_extract_page *page, dh_unit *units) {
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        dh_unit *u = &units[i];
        page->roles[i] = DH_ROLE_BODY;
        if (u->kind == DH_UNIT_GONE && !u->hidden) continue;
        const dh_block *b = &page->blocks->ptr[i];
        if (i == page->title_block) {
            keep(u, DH_SLICE("the headline"));
        } else if (page->comments && (u->hints & DH_HINT_COMMENTS) && u->kind != DH_UNIT_LINKS) {
            keep(u, DH_SLICE("a reader's comment"));
            page->roles[i] = DH_ROLE_COMMENT;
        } else if (u->keep && (b->kind == DH_BLOCK_CAPTION ||
                               ((u->near & DH_HINT_CAPTION) && b->kind != DH_BLOCK_QUOTE))) {
            /* A quotation in a figure is no caption; its source (figcaption) is. */
            page->roles[i] = DH_ROLE_CAPTION;
        }
    }
}

static void judge_container(judge *j) {
    dh_unit_span best = dh_units_best(j->units, j->lo, j->hi, RUN_LOSS);
    uint32_t n = j->page->blocks->len;
    for (uint32_t i = 0; i < n; i++) {
        dh_unit *u = &j->units[i];
        bool outside =
            i < j->lo || i >= j->hi || !dh_dom_inside(j->dom, node_of(j, i), j->container);
        u->where = outside ? 0 : i < best.begin ? 1 : i < best.end ? 2 : 3;
        if (outside) drop(u, DH_SLICE("outside of the article's container"));
        else if (i < best.begin) drop(u, DH_SLICE("before the article's first sentences"));
        else if (i >= best.end) drop(u, DH_SLICE("after the article's last sentences"));
        else if (u->kind != DH_UNIT_GONE && u->kind != DH_UNIT_EMPTY) judge_inside(j, i);
    }
    judge_headings(j, best.begin, best.end);
    keep_lead(j, best.begin);
    for (uint32_t i = best.begin; i < best.end; i++)
        if (j->units[i].kind == DH_UNIT_EMPTY && !(j->hints[node_of(j, i)] & DH_HINTS_BAD))
            keep(&j->units[i], DH_SLICE("a picture in the article"));
}

static uint32_t kept_words(const judge *j) {
    uint32_t words = 0;
    for (uint32_t i = 0; i < j->page->blocks->len; i++)
        if (j->units[i].keep && j->units[i].kind == DH_UNIT_PROSE) words += j->units[i].facts.words;
    return words;
}

void dh_extract_tree(dh_extract_page *page, dh_unit *units) {
    dh_dom *dom = page->dom;
    judge j = {.page = page, .dom = dom, .units = units};
    if (page->hints == NULL) page->hints = dh_hints_of_dom(dom, page->arena);
    j.own = page->hints;
    dh_arena_switch(page->arena); /* scratch */
    j.hints = dh_arena_zalloc(page->arena, dom->len, sizeof *j.hints);
    j.prose = dh_arena_zalloc(page->arena, dom->len, sizeof *j.prose);
    j.value = dh_arena_zalloc(page->arena, dom->len, sizeof *j.value);
    dh_arena_switch(page->arena);
    sum_prose(&j);
    for (int pass = 0; pass < 2; pass++) {
        /* The second pass, without names, only when the first found next to nothing. */
        if (pass == 1 && (kept_words(&j) * 5 >= j.prose_all || kept_words(&j) >= 80)) break;
        if (pass == 1) {
            dh_unit *fresh = dh_units_of(page);
            memcpy(units, fresh, page->blocks->len * sizeof *units);
        }
        spread_hints(&j, pass == 0);
        value_units(&j);
        sum_values(&j);
        uint32_t whole = best_container(&j);
        j.container = one_article(&j, whole);
        for (uint32_t i = 0; i < page->blocks->len; i++)
            units[i].other = whole != j.container && dh_dom_inside(dom, node_of(&j, i), whole) &&
                             !dh_dom_inside(dom, node_of(&j, i), j.container);
        find_range(&j);
        judge_container(&j);
    }
    page->container = j.container;
    dh_arena_drop_scratch(page->arena);
    if (kept_words(&j) == 0) dh_extract_lines(page, units);
    dh_extract_roles(page, units);
}
