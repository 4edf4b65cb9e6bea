/* SPDX-License-Identifier: Apache-2.0 */
/* features.c: what the rows of features need, made in linear passes over the tree and the blocks. */
#include "base/map.h"
#include "base/utf8.h"
#include "extract/features_private.h"
#include "extract/hints.h"

const char *const dh_feature_names[DH_FEATURE_COUNT] = {
#define DH_FEATURE(name, tree, help) #name,
#include "extract/features.def"
#undef DH_FEATURE
};

const char *const dh_feature_helps[DH_FEATURE_COUNT] = {
#define DH_FEATURE(name, tree, help) help,
#include "extract/features.def"
#undef DH_FEATURE
};

/* ---- the tree ---- */

static const dh_tag distance_tags[TAGS][2] = {{DH_TAG_nav, DH_TAG_nav},
                                              {DH_TAG_header, DH_TAG_header},
                                              {DH_TAG_footer, DH_TAG_footer},
                                              {DH_TAG_aside, DH_TAG_aside},
                                              {DH_TAG_article, DH_TAG_article},
                                              {DH_TAG_main, DH_TAG_main},
                                              {DH_TAG_form, DH_TAG_form},
                                              {DH_TAG_table, DH_TAG_table},
                                              {DH_TAG_ul, DH_TAG_ol},
                                              {DH_TAG_figure, DH_TAG_figure},
                                              {DH_TAG_section, DH_TAG_section},
                                              {DH_TAG_blockquote, DH_TAG_blockquote},
                                              {DH_TAG_details, DH_TAG_details},
                                              {DH_TAG_a, DH_TAG_a},
                                              {DH_TAG_td, DH_TAG_th}};

static void make_names(dh_features *f) {
    const dh_dom *dom = f->dom;
    memset(f->by_tag, 0xFF, sizeof f->by_tag);
    for (uint8_t t = 0; t < TAGS; t++)
        f->by_tag[distance_tags[t][0]] = f->by_tag[distance_tags[t][1]] = t;
    f->children = dh_arena_zalloc(f->arena, dom->len, 1);
    for (uint32_t id = 0; id < dom->len; id++) {
        if (dom->nodes[id].tag == DH_TAG_TEXT) continue;
        uint32_t up = dom->nodes[id].parent;
        if (up != DH_NO_NODE && f->children[up] < MAX_SIBLINGS) f->children[up]++;
        if (f->page->hints[id] & DH_HINT_BODY) f->page_values[DH_FEATURE_page_hints] = 1;
    }
}

void dh_features_above(const dh_features *f, uint32_t id, dh_above *out) {
    const uint32_t *hints = f->page->hints;
    uint32_t bad = 0, good = 0, level = 0;
    memset(out->distance, NO_ANCESTOR, sizeof out->distance);
    out->branch = 0;
    for (uint32_t up; id != DH_NO_NODE; id = up, level++) {
        up = f->dom->nodes[id].parent;
        if (up == f->page->container && up != DH_NO_NODE) out->branch = id;
        bad += (hints[id] & DH_HINTS_BAD) != 0;
        good += (hints[id] & (DH_HINT_ARTICLE | DH_HINT_BODY)) != 0;
        if (level >= NO_ANCESTOR) continue;
        uint8_t tag = f->by_tag[f->dom->nodes[id].tag];
        if (tag != 0xFF && out->distance[tag] > level) out->distance[tag] = (uint8_t)level;
        uint8_t *by_hint = out->distance + TAGS;
        for (uint32_t h = hints[id]; h != 0; h >>= 1, by_hint++)
            if ((h & 1) && *by_hint > level) *by_hint = (uint8_t)level;
    }
    out->bad = (uint8_t)(bad < MAX_NAMED ? bad : MAX_NAMED);
    out->good = (uint8_t)(good < MAX_NAMED ? good : MAX_NAMED);
}

/* Blocks by their nodes, whose ids are in document order: those at and below a node stand together. */
static void rank_blocks(dh_features *f, uint32_t *order) {
    f->rank = dh_arena_zalloc(f->arena, f->dom->len + 1u, sizeof *f->rank);
    for (uint32_t i = 0; i < f->n; i++) f->rank[dh_feature_node_of(f, i) + 1]++;
    for (uint32_t id = 0; id < f->dom->len; id++) f->rank[id + 1] += f->rank[id];
    /* Fills each node's place from its end; what is left is where the place begins. */
    for (uint32_t i = 0; i < f->n; i++) order[--f->rank[dh_feature_node_of(f, i) + 1]] = i;
    memmove(f->rank, f->rank + 1, f->dom->len * sizeof *f->rank);
    f->rank[f->dom->len] = f->n;
}

static dh_sums *sums_of(dh_features *f, const uint32_t *order, bool with_hidden) {
    dh_sums *all = dh_arena_zalloc(f->arena, f->n + 1u, sizeof *all);
    for (uint32_t k = 0; k < f->n; k++) {
        const dh_block *b = &f->page->blocks->ptr[order[k]];
        const dh_unit *u = &f->units[order[k]];
        dh_sums *s = &all[k + 1];
        *s = all[k];
        if (u->kind == DH_UNIT_GONE && !(with_hidden && u->hidden)) continue;
        s->chars += b->chars;
        s->link_chars += b->link_chars;
        s->blocks++;
        s->longs += b->chars >= LONG_CHARS && u->link_percent < LONG_LINKS;
    }
    return all;
}

static void make_sums(dh_features *f) {
    bool hidden = false;
    uint32_t *order = dh_arena_alloc(f->arena, (f->n + 1u) * sizeof *order);
    rank_blocks(f, order);
    for (uint32_t i = 0; i < f->n && !hidden; i++) hidden = f->units[i].hidden;
    f->sums = sums_of(f, order, false);
    if (hidden) f->sums_hidden = sums_of(f, order, true);
}

/* Not 0. Attributes stay with the tree: they do not go to scratch memory. */
static uint32_t hash_of_class(dh_features *f, uint32_t id) {
    dh_arena_switch(f->arena);
    dh_slice class = dh_dom_attr_value(f->dom, id, DH_SLICE("class"));
    dh_arena_switch(f->arena);
    return ((uint32_t)dh_hash(class) ^ f->dom->nodes[id].tag * 2654435761u) | 1;
}

/* Groups blocks by the tags and classes of their element and the two above it. */
static void make_alikes(dh_features *f) {
    uint32_t *hash = dh_arena_zalloc(f->arena, f->dom->len, sizeof *hash);
    f->signature = dh_arena_zalloc(f->arena, f->n, sizeof *f->signature);
    f->alikes = dh_arena_zalloc(f->arena, f->n + 1u, sizeof *f->alikes);
    dh_map groups;
    dh_map_init(&groups, f->arena, f->n);
    uint32_t count = 0;
    uint32_t(*keys)[ALIKE_LEVELS] = dh_arena_zalloc(f->arena, f->n, sizeof *keys);
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t id = dh_feature_node_of(f, i);
        for (int up = 0; up < ALIKE_LEVELS && id != DH_NO_NODE; up++) {
            if (hash[id] == 0) hash[id] = hash_of_class(f, id);
            keys[i][up] = hash[id];
            id = f->dom->nodes[id].parent;
        }
        bool added;
        uint32_t *group =
            dh_map_put(&groups, (dh_slice){(const char *)keys[i], sizeof keys[i]}, &added);
        if (added) *group = count++;
        f->signature[i] = *group;
        dh_alike *a = &f->alikes[*group];
        a->blocks++;
        a->chars += f->page->blocks->ptr[i].chars;
        a->link_chars += f->page->blocks->ptr[i].link_chars;
        a->kept += f->units[i].keep;
        if (!dh_feature_is_long(f, i)) continue;
        a->long_chars += f->page->blocks->ptr[i].chars;
        f->long_chars += f->page->blocks->ptr[i].chars;
    }
}

/* ---- the sequence of blocks ---- */

static void make_repeats(dh_features *f) {
    dh_map seen;
    dh_map_init(&seen, f->arena, f->n);
    f->same_text = dh_arena_zalloc(f->arena, f->n, sizeof *f->same_text);
    f->text_count = dh_arena_zalloc(f->arena, f->n, sizeof *f->text_count);
    for (uint32_t i = 0; i < f->n; i++) {
        bool added;
        uint32_t *first = dh_map_put(&seen, f->page->blocks->ptr[i].text, &added);
        if (added) *first = i;
        f->same_text[i] = *first;
        f->text_count[*first]++;
    }
}

static uint32_t *numbers(dh_features *f, uint32_t more) {
    return dh_arena_zalloc(f->arena, f->n + more, sizeof(uint32_t));
}

static void make_sequence(dh_features *f) {
    f->chars_before = numbers(f, 1);
    f->sum_short = numbers(f, 1);
    f->sum_links = numbers(f, 1);
    f->sum_longs = numbers(f, 1);
    f->sum_keep = numbers(f, 1);
    f->since_long = numbers(f, 0);
    f->till_long = numbers(f, 0);
    f->since_label = numbers(f, 0);
    f->heading = numbers(f, 0);
    uint32_t since = FAR, label = 99, heading = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        const dh_block *b = &f->page->blocks->ptr[i];
        const dh_label_hit *hit = &f->page->labels[i];
        if (hit->label != DH_LABEL_NONE && dh_label_list(hit->label) &&
            hit->match == DH_MATCH_EXACT)
            label = 0;
        f->heading[i] = heading;
        if (b->kind == DH_BLOCK_HEADING && f->units[i].kind != DH_UNIT_GONE) heading = i + 1;
        f->since_label[i] = label;
        if (label < 99) label++;
        f->chars_before[i + 1] = f->chars_before[i] + b->chars;
        f->sum_short[i + 1] = f->sum_short[i] + (b->chars < 500 ? b->chars : 500);
        f->sum_links[i + 1] = f->sum_links[i] + f->units[i].link_percent;
        f->sum_longs[i + 1] = f->sum_longs[i] + dh_feature_is_long(f, i);
        f->sum_keep[i + 1] = f->sum_keep[i] + f->units[i].keep;
        f->since_long[i] = since;
        if (dh_feature_is_long(f, i)) since = 1;
        else if (since < FAR) since++;
    }
    uint32_t till = FAR;
    for (uint32_t i = f->n; i-- > 0;) {
        f->till_long[i] = till;
        if (dh_feature_is_long(f, i)) till = 1;
        else if (till < FAR) till++;
    }
}

/* Marks in the text: separators, signs, years, clocks. */
static dh_signs signs_of(dh_slice text) {
    dh_signs s = {0};
    const char *p = text.ptr, *end = p + text.len;
    uint32_t digits = 0, value = 0, before_colon = 0;
    int separators = 0, lines = 0;
    while (p < end) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (code >= '0' && code <= '9') {
            value = digits < 4 ? value * 10 + (code - '0') : 10000;
            digits++;
            if (before_colon > 0) s.clock = true;
            before_colon = 0;
            if (digits == 4 && value >= 1900 && value < 2100 && (p == end || !dh_is_digit(*p)))
                s.year = true;
            continue;
        }
        before_colon = code == ':' ? digits : 0;
        digits = value = 0;
        switch (code) {
        case '\n':
            lines++;
            break;
        case '|':
        case 0xBB:
        case 0x203A:
        case 0x2192:
        case 0x2022:
        case 0xB7:
            separators++;
            break;
        case 0xA9:
            s.copyright = true;
            break;
        case '$':
        case 0x20AC:
        case 0xA3:
        case 0xA5:
        case 0x20B9:
            s.money = true;
            break;
        case '@':
            s.at_sign = true;
            break;
        default:
            break;
        }
    }
    s.separators = dh_feature_cut(separators);
    s.lines = dh_feature_cut(lines);
    return s;
}

static void make_signs(dh_features *f) {
    f->signs = dh_arena_alloc(f->arena, (f->n + 1u) * sizeof *f->signs);
    for (uint32_t i = 0; i < f->n; i++) f->signs[i] = signs_of(f->page->blocks->ptr[i].text);
}

/* Columns of the page that count elements, and names above the text. */
static void make_page_tree(dh_features *f, uint64_t chars) {
    uint32_t articles = 0, forms = 0;
    for (uint32_t id = 0; id < f->dom->len; id++) {
        articles += f->dom->nodes[id].tag == DH_TAG_article;
        forms += f->dom->nodes[id].tag == DH_TAG_form;
    }
    static const struct {
        int hint, column;
    } below[] = {{DH_FEATURE_hint_thread, DH_FEATURE_page_thread},
                 {DH_FEATURE_hint_comments, DH_FEATURE_page_comments},
                 {DH_FEATURE_hint_card, DH_FEATURE_page_cards},
                 {DH_FEATURE_hint_shop, DH_FEATURE_page_shop}};
    f->page_values[DH_FEATURE_page_articles] = dh_feature_cut(articles < 100 ? articles : 100);
    f->page_values[DH_FEATURE_page_forms] = dh_feature_cut(forms < 100 ? forms : 100);
    uint64_t sums[sizeof below / sizeof below[0]] = {0};
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t hints = 0, id = dh_feature_node_of(f, i);
        for (int up = 0; up < NO_ANCESTOR && id != DH_NO_NODE; up++, id = f->dom->nodes[id].parent)
            hints |= f->page->hints[id];
        for (size_t k = 0; k < sizeof below / sizeof below[0]; k++)
            if (hints >> (below[k].hint - DH_FEATURE_to_nav - TAGS) & 1)
                sums[k] += f->page->blocks->ptr[i].chars;
    }
    for (size_t k = 0; k < sizeof below / sizeof below[0]; k++)
        f->page_values[below[k].column] = dh_feature_cut(dh_feature_ratio(sums[k], chars, 100));
}

static void make_page(dh_features *f) {
    uint64_t chars = 0, links = 0, longs = 0, long_chars = 0, items = 0, rows = 0, prose = 0,
             in = 0;
    uint64_t money = 0, shorts = 0, headings = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        const dh_block *b = &f->page->blocks->ptr[i];
        money += f->signs[i].money;
        shorts += b->chars < SHORT_CHARS;
        headings += b->kind == DH_BLOCK_HEADING;
        chars += b->chars;
        links += b->link_chars;
        longs += dh_feature_is_long(f, i);
        if (dh_feature_is_long(f, i)) long_chars += b->chars;
        items += b->kind == DH_BLOCK_LIST_ITEM;
        rows += b->kind == DH_BLOCK_ROW;
        if (f->units[i].kind != DH_UNIT_PROSE) continue;
        prose += f->units[i].facts.words;
        if (f->units[i].where != 0) in += f->units[i].facts.words;
    }
    int16_t *v = f->page_values;
    v[DH_FEATURE_page_chars] = dh_feature_cut((int64_t)(chars / 10));
    v[DH_FEATURE_page_blocks] = dh_feature_cut(f->n);
    v[DH_FEATURE_page_links] = dh_feature_cut(dh_feature_ratio(links, chars, 100));
    v[DH_FEATURE_page_long] = dh_feature_cut((int64_t)longs);
    v[DH_FEATURE_page_long_share] = dh_feature_cut(dh_feature_ratio(long_chars, chars, 100));
    v[DH_FEATURE_page_list] = dh_feature_cut(dh_feature_ratio(items, f->n, 100));
    v[DH_FEATURE_page_rows] = dh_feature_cut(dh_feature_ratio(rows, f->n, 100));
    v[DH_FEATURE_page_type] = f->page->page_type;
    v[DH_FEATURE_h_share] = dh_feature_cut(dh_feature_ratio(in, prose, 1000));
    v[DH_FEATURE_page_money] = dh_feature_cut(dh_feature_ratio(money, f->n, 1000));
    v[DH_FEATURE_page_short] = dh_feature_cut(dh_feature_ratio(shorts, f->n, 100));
    v[DH_FEATURE_page_titled] = f->page->title_block != UINT32_MAX;
    if (f->dom == NULL) return;
    v[DH_FEATURE_page_headings] = dh_feature_cut(dh_feature_ratio(headings, f->n, 1000));
    make_page_tree(f, chars);
}

dh_features *dh_features_new(const dh_extract_page *page, const dh_unit *units) {
    dh_arena_switch(page->arena);
    dh_features *f = dh_arena_zalloc(page->arena, 1, sizeof *f);
    f->page = page;
    f->units = units;
    f->arena = page->arena;
    f->dom = page->dom;
    f->n = page->blocks->len;
    dh_word_sets_make(&f->words, page->title, page->description, page->article_body, f->arena);
    make_repeats(f);
    make_sequence(f);
    make_signs(f);
    if (f->dom != NULL) {
        make_names(f);
        make_sums(f);
        make_alikes(f);
    }
    make_page(f);
    dh_arena_switch(page->arena);
    return f;
}

void dh_features_free(dh_features *features) {
    if (features != NULL) dh_arena_drop_scratch(features->arena);
}
