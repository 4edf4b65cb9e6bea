/* SPDX-License-Identifier: Apache-2.0 */
/* times: dates in the page itself, near the headline: time elements, elements that are named after
 * dates, short lines. And the choice among all dates. A date that the page marks as that of a change
 * is never taken for the publication's. */
#include "meta/date.h"
#include "meta/state.h"
#include "meta/text_head.h"
#include "text/date.h"

enum {
    NEAR_BEFORE = 6,
    NEAR_BEHIND = 12,
    RANK_ELEMENT = 0,
    RANK_NAMED = 40,
    RANK_TEXT = 100,
    BARE_DATE = 24
};

/* Where a word for "updated" begins in text folded as text/date.h folds; DH_NPOS when there is none. */
static size_t find_updated(dh_slice folded) {
    static const dh_slice words[] = {
        DH_SLICE_INIT("updat"),       DH_SLICE_INIT("modif"),      DH_SLICE_INIT("edited"),
        DH_SLICE_INIT("aktualisier"), DH_SLICE_INIT("geandert"),   DH_SLICE_INIT("stand:"),
        DH_SLICE_INIT("mis a jour"),  DH_SLICE_INIT("actualiz"),   DH_SLICE_INIT("atualiz"),
        DH_SLICE_INIT("aggiornat"),   DH_SLICE_INIT("bijgewerkt"), DH_SLICE_INIT("gewijzigd"),
        DH_SLICE_INIT("uppdater"),    DH_SLICE_INIT("oppdater"),   DH_SLICE_INIT("opdater"),
        DH_SLICE_INIT("andrad"),      DH_SLICE_INIT("endret"),     DH_SLICE_INIT("paivitetty"),
        DH_SLICE_INIT("muokattu"),    DH_SLICE_INIT("aktualiz"),   DH_SLICE_INIT("modyfik"),
        DH_SLICE_INIT("frissit"),     DH_SLICE_INIT("guncelle"),   DH_SLICE_INIT("обновлен"),
        DH_SLICE_INIT("изменен"),     DH_SLICE_INIT("оновлен"),    DH_SLICE_INIT("ενημερω"),
        DH_SLICE_INIT("تحديث"),       DH_SLICE_INIT("تعديل"),      DH_SLICE_INIT("بروزرساني"),
        DH_SLICE_INIT("به روزرساني"), DH_SLICE_INIT("ويرايش"),     DH_SLICE_INIT("עודכן"),
        DH_SLICE_INIT("更新"),        DH_SLICE_INIT("수정"),       DH_SLICE_INIT("업데이트"),
        DH_SLICE_INIT("cap nhat"),    DH_SLICE_INIT("diperbarui"), DH_SLICE_INIT("อัปเดต"),
    };
    size_t first = DH_NPOS;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = dh_slice_find(folded, words[i]);
        if (at < first) first = at;
    }
    return first;
}

static bool says_updated(dh_slice text, dh_arena *arena) {
    return find_updated(dh_date_fold(dh_slice_sub(text, 0, 200), arena)) != DH_NPOS;
}

static bool has_digit(dh_slice text) {
    for (size_t i = 0; i < text.len; i++)
        if (dh_is_digit(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0xD9) return true;
    return false;
}

/* The text just before a time element in the same block: "Updated: <time>". */
static dh_slice text_before(dh_meta_state *state, uint32_t id) {
    dh_dom *dom = state->dom;
    for (uint32_t i = id, n = 0; i-- > 1 && n < 4; n++) {
        if (dom->nodes[i].tag != DH_TAG_TEXT) {
            if (dh_tag_is(dom->nodes[i].tag, DH_T_BLOCK)) break;
            continue;
        }
        dh_slice text = dh_slice_trim(dh_dom_text(dom, i));
        if (text.len > 0) return text.len < 60 ? text : (dh_slice){NULL, 0};
    }
    return (dh_slice){NULL, 0};
}

/* Whether attributes or the words in front say that the date is that of a change. */
static bool is_modified(dh_meta_state *state, uint32_t id) {
    if (id == DH_NO_NODE) return false;
    static const dh_slice names[] = {DH_SLICE_INIT("class"), DH_SLICE_INIT("itemprop"),
                                     DH_SLICE_INIT("id"), DH_SLICE_INIT("data-testid")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dh_slice value = dh_dom_attr_value(state->dom, id, names[i]);
        bool change = dh_slice_has_nocase(value, DH_SLICE("updated")) ||
                      dh_slice_has_nocase(value, DH_SLICE("modif"));
        /* WordPress writes "entry-date published updated" where both are one */
        if (change && !dh_slice_has_nocase(value, DH_SLICE("publish"))) return true;
    }
    return says_updated(text_before(state, id), state->arena);
}

static uint16_t rank_of(int32_t distance, uint16_t base) {
    return (uint16_t)(base + (distance < 0 ? NEAR_BEHIND - distance : distance));
}

static void offer_as(dh_meta_state *state, dh_field_kind kind, uint32_t id, dh_slice value,
                     uint16_t rank, dh_slice where) {
    dh_candidate_add(
        state, &state->fields[kind],
        (dh_candidate){
            .value = value, .where = where, .source = DH_SOURCE_PAGE, .rank = rank, .node = id});
}

/* Where a word for "published" begins; DH_NPOS when there is none. */
static size_t find_published(dh_slice folded) {
    static const dh_slice words[] = {
        DH_SLICE_INIT("publi"),       DH_SLICE_INIT("erstellt"), DH_SLICE_INIT("veroffentlicht"),
        DH_SLICE_INIT("posted"),      DH_SLICE_INIT("pubblic"),  DH_SLICE_INIT("опубликован"),
        DH_SLICE_INIT("опублікован"), DH_SLICE_INIT("نشر"),      DH_SLICE_INIT("منتشر"),
        DH_SLICE_INIT("انتشار"),      DH_SLICE_INIT("公開"),     DH_SLICE_INIT("发布"),
        DH_SLICE_INIT("발행"),        DH_SLICE_INIT("입력"),     DH_SLICE_INIT("등록")};
    size_t first = DH_NPOS;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = dh_slice_find(folded, words[i]);
        if (at < first) first = at;
    }
    return first;
}

/* text with a date, or two: "14.05.2024, updated 15.05.2024". */
static void offer_date(dh_meta_state *state, uint32_t id, dh_slice text, uint16_t base,
                       int32_t distance, dh_slice where) {
    uint16_t rank = rank_of(distance, base);
    dh_slice folded = dh_date_fold(dh_slice_sub(text, 0, 240), state->arena);
    size_t at = find_updated(folded);
    if (at == DH_NPOS) {
        offer_as(state, is_modified(state, id) ? DH_FIELD_modified : DH_FIELD_published, id, folded,
                 rank, where);
        return;
    }
    dh_slice ahead = dh_slice_sub(folded, 0, at), behind = dh_slice_sub(folded, at, folded.len);
    size_t other = find_published(behind); /* "updated 15.05.2024, published 14.05.2024" */
    if (other != DH_NPOS) {
        dh_slice published = dh_slice_sub(behind, other, behind.len);
        offer_as(state, DH_FIELD_published, id, published, rank, where);
        behind = dh_slice_sub(behind, 0, other);
    }
    bool first = dh_date_parse(ahead, state->lang, state->arena).len > 0;
    bool second = dh_date_parse(behind, state->lang, state->arena).len > 0;
    if (first && second) offer_as(state, DH_FIELD_published, id, ahead, rank, where);
    offer_as(state, DH_FIELD_modified, id, second ? behind : ahead, rank, where);
}

static bool is_near(int32_t distance) {
    return distance != INT32_MAX && distance >= -NEAR_BEFORE && distance <= NEAR_BEHIND;
}

/* Whether an element around it is named after comments or is such an item. */
static bool is_in_comment(dh_meta_state *state, uint32_t id) {
    static const dh_slice names[] = {DH_SLICE_INIT("class"), DH_SLICE_INIT("id"),
                                     DH_SLICE_INIT("itemtype")};
    uint32_t at = state->dom->nodes[id].parent;
    for (int n = 0; n < 12 && at != DH_NO_NODE && state->dom->nodes[at].tag != DH_TAG_body; n++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (dh_slice_has_nocase(dh_dom_attr_value(state->dom, at, names[i]),
                                    DH_SLICE("comment")))
                return true;
        at = state->dom->nodes[at].parent;
    }
    return false;
}

/* alone: it is the page's only one, and there is no headline that it could be near to. */
static void read_time(dh_meta_state *state, uint32_t id, bool alone) {
    int32_t distance = dh_meta_distance(state, id);
    bool pubdate = dh_dom_attr(state->dom, id, DH_SLICE("pubdate"), NULL);
    if (!is_near(distance)) {
        if (!pubdate && !alone) return;
        distance = NEAR_BEHIND;
    }
    if (is_in_comment(state, id)) return;
    dh_slice text = dh_value_node(state->dom, id, 200, state->arena);
    dh_slice value = dh_dom_attr_value(state->dom, id, DH_SLICE("datetime"));
    if (dh_date_parse(value, state->lang, state->arena).len == 0) {
        offer_date(state, id, text, RANK_ELEMENT, distance, DH_SLICE("time"));
        return;
    }
    bool modified = is_modified(state, id) || says_updated(text, state->arena);
    offer_as(state, modified ? DH_FIELD_modified : DH_FIELD_published, id, value,
             rank_of(distance, RANK_ELEMENT), DH_SLICE("time"));
}

/* Elements whose class or id names a date. */
static bool is_named_date(dh_meta_state *state, uint32_t id) {
    static const dh_slice hints[] = {DH_SLICE_INIT("date"),    DH_SLICE_INIT("time"),
                                     DH_SLICE_INIT("publish"), DH_SLICE_INIT("posted"),
                                     DH_SLICE_INIT("datum"),   DH_SLICE_INIT("tarih")};
    if (state->dom->nodes[id].end - id > 12) return false;
    dh_slice names[] = {dh_dom_attr_value(state->dom, id, DH_SLICE("class")),
                        dh_dom_attr_value(state->dom, id, DH_SLICE("id"))};
    for (size_t n = 0; n < 2; n++) {
        char lower[256];
        size_t len = names[n].len < sizeof lower ? names[n].len : sizeof lower;
        for (size_t i = 0; i < len; i++) lower[i] = dh_lower(names[n].ptr[i]);
        for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
            if (dh_slice_has((dh_slice){lower, len}, hints[i])) return true;
    }
    return false;
}

/* Short blocks around the headline that hold a date. */
static void read_lines(dh_meta_state *state) {
    const dh_blocks *blocks = state->page->blocks;
    if (state->headline == UINT32_MAX || blocks == NULL) return;
    uint32_t begin = state->headline > NEAR_BEFORE ? state->headline - NEAR_BEFORE : 0;
    for (uint32_t i = begin; i < blocks->len && i <= state->headline + NEAR_BEHIND; i++) {
        const dh_block *block = &blocks->ptr[i];
        if (i == state->headline || block->node == DH_NO_NODE || block->text.len > 160 ||
            block->text.len < 6 || !has_digit(block->text))
            continue;
        offer_date(state, block->node, block->text, RANK_TEXT,
                   (int32_t)((int64_t)i - state->headline), DH_SLICE("text near the headline"));
    }
}

/* "02/03/2024" is the second of March to most, the third of February in America: in Latin script and
 * without a language it is no date at all. */
static bool is_ambiguous(dh_meta_state *state, const dh_text_head *head, dh_slice text) {
    dh_slice lead = dh_slice_sub(head->blocks->ptr[head->lead].text, 0, 300);
    size_t latin = 0;
    for (size_t i = 0; i < lead.len; i++) latin += dh_is_alpha(lead.ptr[i]);
    if (state->lang.len > 0 || latin * 2 < lead.len) return false;
    dh_slice one = dh_date_parse(text, DH_SLICE("en"), state->arena);
    return !dh_slice_eq(one, dh_date_parse(text, DH_SLICE("en-US"), state->arena));
}

void dh_meta_read_date_lines(dh_meta_state *state, const dh_text_head *head, uint32_t begin,
                             uint32_t end) {
    for (uint32_t i = begin; i <= end; i++)
        if (i != state->page->title_block && dh_text_head_is_dated(head, i) &&
            !is_ambiguous(state, head, head->blocks->ptr[i].text))
            offer_date(state, DH_NO_NODE, head->blocks->ptr[i].text, RANK_TEXT,
                       (int32_t)((int64_t)i - state->headline), DH_SLICE("line near the headline"));
}

void dh_meta_read_times(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    dh_meta_range range = dh_meta_near(state, NEAR_BEFORE, NEAR_BEHIND);
    uint32_t times = 0;
    for (uint32_t id = 1; state->headline == UINT32_MAX && id < dom->len; id++)
        times += dom->nodes[id].tag == DH_TAG_time;
    bool alone = times == 1;
    for (uint32_t id = 1; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        if (node->tag == DH_TAG_time) {
            read_time(state, id, alone);
            continue;
        }
        if (node->tag == DH_TAG_TEXT || node->end == id + 1 || node->src_begin < range.begin ||
            node->src_begin >= range.end || node->src_end - node->src_begin < 12 ||
            !is_named_date(state, id))
            continue;
        dh_slice text = dh_value_node(dom, id, 200, state->arena);
        if (!has_digit(text)) continue;
        offer_date(state, id, text, RANK_NAMED, dh_meta_distance(state, id),
                   DH_SLICE("element named date"));
    }
    read_lines(state);
}

/* Not later than the day after `now`: pages are read in every time zone. */
static bool is_future(const dh_meta_state *state, dh_slice date) {
    dh_day now = dh_day_of_iso(state->page->now);
    return now.year != 0 && dh_day_number(dh_day_of_iso(date)) > dh_day_number(now) + 1;
}

/* The trusted order of a date: by source, but an address is believed more than a line of text. */
static uint32_t order_of(const dh_candidate *c) {
    bool line = c->source == DH_SOURCE_PAGE && c->rank >= RANK_TEXT;
    return (uint32_t)(line ? DH_SOURCE_COUNT : c->source) << 16 | c->rank;
}

static bool is_news(const dh_meta_state *state) {
    const dh_candidates *titles = &state->fields[DH_FIELD_title];
    for (uint32_t i = 0; i < titles->len; i++)
        if (titles->ptr[i].news) return true;
    return false;
}

/* Systems for all kinds of sites write the day of the last upload as both dates. Then an earlier date that
 * the page shows its readers by the headline is the article's; news systems are believed. */
static const dh_candidate *shown_instead(dh_meta_state *state, const dh_candidate *best,
                                         dh_slice date) {
    const dh_candidates *published = &state->fields[DH_FIELD_published];
    const dh_candidates *modified = &state->fields[DH_FIELD_modified];
    int64_t day = dh_day_number(dh_day_of_iso(date));
    bool twice = false;
    if (best->source == DH_SOURCE_PAGE || best->source == DH_SOURCE_URL || is_news(state))
        return NULL;
    for (uint32_t i = 0; i < modified->len && !twice; i++)
        if (modified->ptr[i].source == best->source) {
            dh_slice other = dh_date_parse(modified->ptr[i].value, state->lang, state->arena);
            twice = other.len > 0 && dh_day_number(dh_day_of_iso(other)) <= day;
        }
    const dh_candidate *shown = NULL;
    for (uint32_t i = 0; i < published->len && twice; i++) {
        const dh_candidate *c = &published->ptr[i];
        if (c->source != DH_SOURCE_PAGE || c->value.len > BARE_DATE) continue;
        if (shown != NULL && c->rank >= shown->rank) continue;
        dh_slice other = dh_date_parse(c->value, state->lang, state->arena);
        if (other.len > 0 && dh_day_number(dh_day_of_iso(other)) < day - 1) shown = c;
    }
    return shown;
}

static void choose(dh_meta_state *state, dh_field_kind kind) {
    const dh_candidates *list = &state->fields[kind];
    const dh_candidate *best = NULL;
    dh_slice best_date = {NULL, 0};
    for (uint32_t i = 0; i < list->len; i++) {
        const dh_candidate *c = &list->ptr[i];
        if (best != NULL && order_of(c) >= order_of(best)) continue;
        dh_slice date = dh_date_parse(c->value, state->lang, state->arena);
        if (date.len == 0 || is_future(state, date)) continue;
        best = c;
        best_date = date;
    }
    if (best != NULL && kind == DH_FIELD_published) {
        const dh_candidate *shown = shown_instead(state, best, best_date);
        if (shown != NULL) {
            best = shown;
            best_date = dh_date_parse(shown->value, state->lang, state->arena);
        }
    }
    if (best != NULL)
        dh_fields_add(state->page->fields, (dh_field){.kind = kind,
                                                      .source = best->source,
                                                      .value = best_date,
                                                      .where = best->where,
                                                      .node = best->node});
}

void dh_meta_choose_dates(dh_meta_state *state) {
    dh_candidate url = {.source = DH_SOURCE_URL, .node = DH_NO_NODE};
    url.value = dh_date_of_url(state->base, state->arena);
    url.where = DH_SLICE("url");
    dh_candidate_add(state, &state->fields[DH_FIELD_published], url);
    choose(state, DH_FIELD_published);
    choose(state, DH_FIELD_modified);
}
