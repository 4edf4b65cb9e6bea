/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/features.h"

#include "base/map.h"
#include "base/utf8.h"
#include "extract/hints.h"

enum {
    NO_ANCESTOR = 40,
    TAGS = 15,         /* distances to ancestors by tag */
    HINTS = 23,        /* and by hint */
    DISTANCES = TAGS + HINTS,
    LONG_CHARS = 80,
    LONG_LINKS = 30,   /* per cent */
    SET_BITS = 12,     /* hash sets of words */
    FAR = 999,
    ALIKE_LEVELS = 3
};

/* Sums over the blocks below a node. */
typedef struct sums {
    uint32_t chars, link_chars, blocks, longs;
} sums;

/* Blocks with the same chain of tags and classes. */
typedef struct alike {
    uint32_t blocks;
    uint64_t chars, link_chars;
} alike;

typedef struct word_set {
    uint32_t *slots; /* hashes, 0 free */
    uint32_t mask, len;
} word_set;

struct dh_features {
    const dh_extract_page *page;
    const dh_unit *units;
    dh_arena *arena;
    dh_dom *dom;
    uint32_t n;
    sums *sums;             /* by node */
    uint8_t (*distance)[DISTANCES]; /* by node */
    uint8_t *bad, *good;    /* ancestors by names */
    uint32_t *children;     /* elements below each node, one level */
    uint32_t *signature;    /* by block: index into alikes */
    alike *alikes;
    uint32_t *same_text;    /* by block: index of the first with its text */
    uint32_t *text_count;   /* by first block */
    uint32_t *chars_before; /* n + 1 */
    uint32_t *since_long, *till_long, *since_label;
    uint32_t *sum_short, *sum_links, *sum_longs; /* prefix sums for windows, n + 1 */
    word_set title, description, body;
    int16_t page_values[DH_FEATURE_COUNT]; /* the columns of the page */
};

static int16_t cut(int64_t value) {
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

static uint32_t ratio(uint64_t part, uint64_t whole, uint32_t scale) {
    return whole > 0 ? (uint32_t)(part * scale / whole) : 0;
}

static bool is_long(const dh_features *f, uint32_t i) {
    return f->page->blocks->ptr[i].chars >= LONG_CHARS && f->units[i].link_percent < LONG_LINKS &&
           f->units[i].kind != DH_UNIT_GONE;
}

static uint32_t node_of(const dh_features *f, uint32_t i) {
    uint32_t node = f->page->blocks->ptr[i].node;
    return node != DH_NO_NODE ? node : 0;
}

/* ---- words ---- */

/* Calls on every word's hash; letters of unspaced scripts are words of their own. */
typedef void (*on_word)(void *data, uint32_t hash);

static void each_word(dh_slice text, on_word call, void *data) {
    const char *p = text.ptr, *end = p + text.len;
    uint32_t hash = 0;
    while (p < end) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (code < 0x80) {
            char c = dh_lower((char)code);
            if (dh_is_alnum(c)) {
                hash = (hash ^ (unsigned char)c) * 16777619u + 1;
                continue;
            }
        } else if (dh_code_is_letter(code)) {
            if (!dh_code_is_unspaced(code)) {
                hash = (hash ^ code) * 16777619u + 1;
                continue;
            }
            if (hash != 0) call(data, hash);
            call(data, code * 2654435761u | 1);
            hash = 0;
            continue;
        }
        if (hash != 0) call(data, hash);
        hash = 0;
    }
    if (hash != 0) call(data, hash);
}

static void set_init(word_set *set, dh_arena *arena, unsigned bits) {
    set->mask = (1u << bits) - 1;
    set->slots = dh_arena_zalloc(arena, set->mask + 1u, sizeof *set->slots);
}

static void set_add(void *data, uint32_t hash) {
    word_set *set = data;
    if (set->len > set->mask / 4 * 3) return;
    uint32_t i = (hash * 2654435761u >> 7) & set->mask;
    while (set->slots[i] != 0 && set->slots[i] != hash) i = (i + 1) & set->mask;
    if (set->slots[i] == 0) set->len++;
    set->slots[i] = hash;
}

static bool set_has(const word_set *set, uint32_t hash) {
    if (set->len == 0) return false;
    uint32_t i = (hash * 2654435761u >> 7) & set->mask;
    while (set->slots[i] != 0 && set->slots[i] != hash) i = (i + 1) & set->mask;
    return set->slots[i] != 0;
}

/* Three words in a row as one hash. */
typedef struct runs {
    uint32_t a, b, count;
    word_set *set;    /* adding */
    uint32_t hits;    /* looking up */
    const dh_features *f;
    uint32_t in_title, in_description, words;
} runs;

static uint32_t run_of(uint32_t a, uint32_t b, uint32_t c) {
    return ((a * 31 + b) * 31 + c) | 1;
}

static void add_run(void *data, uint32_t hash) {
    runs *r = data;
    if (r->count >= 2) set_add(r->set, run_of(r->a, r->b, hash));
    r->a = r->b;
    r->b = hash;
    r->count++;
}

static void look_up_word(void *data, uint32_t hash) {
    runs *r = data;
    r->words++;
    if (set_has(&r->f->title, hash)) r->in_title++;
    if (set_has(&r->f->description, hash)) r->in_description++;
    if (r->f->body.len > 0 && r->count >= 2 && set_has(&r->f->body, run_of(r->a, r->b, hash)))
        r->hits++;
    r->a = r->b;
    r->b = hash;
    r->count++;
}

static void make_sets(dh_features *f) {
    set_init(&f->title, f->arena, 8);
    each_word(f->page->title, set_add, &f->title);
    set_init(&f->description, f->arena, 9);
    each_word(f->page->description, set_add, &f->description);
    if (f->page->article_body.len < 200) return;
    unsigned bits = SET_BITS;
    while (bits < 20 && (f->page->article_body.len >> bits) > 0) bits++;
    set_init(&f->body, f->arena, bits);
    runs r = {.set = &f->body};
    each_word(f->page->article_body, add_run, &r);
}

/* ---- the tree ---- */

static const dh_tag distance_tags[TAGS][2] = {
    {DH_TAG_nav, DH_TAG_nav},         {DH_TAG_header, DH_TAG_header},
    {DH_TAG_footer, DH_TAG_footer},   {DH_TAG_aside, DH_TAG_aside},
    {DH_TAG_article, DH_TAG_article}, {DH_TAG_main, DH_TAG_main},
    {DH_TAG_form, DH_TAG_form},       {DH_TAG_table, DH_TAG_table},
    {DH_TAG_ul, DH_TAG_ol},           {DH_TAG_figure, DH_TAG_figure},
    {DH_TAG_section, DH_TAG_section}, {DH_TAG_blockquote, DH_TAG_blockquote},
    {DH_TAG_details, DH_TAG_details}, {DH_TAG_a, DH_TAG_a},
    {DH_TAG_td, DH_TAG_th}};

static void make_distances(dh_features *f) {
    dh_dom *dom = f->dom;
    const uint32_t *hints = dh_hints_of_dom(dom, f->arena);
    uint8_t by_tag[DH_TAG_COUNT];
    memset(by_tag, 0xFF, sizeof by_tag);
    for (uint8_t t = 0; t < TAGS; t++)
        by_tag[distance_tags[t][0]] = by_tag[distance_tags[t][1]] = t;
    f->distance = dh_arena_alloc(f->arena, dom->len * sizeof *f->distance);
    f->bad = dh_arena_zalloc(f->arena, dom->len, 1);
    f->good = dh_arena_zalloc(f->arena, dom->len, 1);
    f->children = dh_arena_zalloc(f->arena, dom->len, sizeof *f->children);
    for (uint32_t id = 0; id < dom->len; id++) {
        dh_tag tag = dom->nodes[id].tag;
        if (tag == DH_TAG_TEXT) continue;
        uint32_t up = dom->nodes[id].parent;
        uint8_t *own = f->distance[id];
        if (up == DH_NO_NODE) {
            memset(own, NO_ANCESTOR, DISTANCES);
        } else {
            const uint8_t *above = f->distance[up];
            for (int d = 0; d < DISTANCES; d++)
                own[d] = (uint8_t)(above[d] + (above[d] < NO_ANCESTOR));
            f->bad[id] = f->bad[up];
            f->good[id] = f->good[up];
            f->children[up]++;
        }
        if (by_tag[tag] != 0xFF) own[by_tag[tag]] = 0;
        uint32_t h = hints[id];
        for (int bit = 0; h != 0 && bit < HINTS; bit++, h >>= 1)
            if (h & 1) own[TAGS + bit] = 0;
        if ((hints[id] & DH_HINTS_BAD) && f->bad[id] < 250) f->bad[id]++;
        if ((hints[id] & (DH_HINT_ARTICLE | DH_HINT_BODY)) && f->good[id] < 250) f->good[id]++;
        if (hints[id] & DH_HINT_BODY) f->page_values[DH_FEATURE_page_hints] = 1;
    }
}

static void make_sums(dh_features *f) {
    f->sums = dh_arena_zalloc(f->arena, f->dom->len, sizeof *f->sums);
    for (uint32_t i = 0; i < f->n; i++) {
        const dh_block *b = &f->page->blocks->ptr[i];
        if (f->units[i].kind == DH_UNIT_GONE) continue;
        sums *s = &f->sums[node_of(f, i)];
        s->chars += b->chars;
        s->link_chars += b->link_chars;
        s->blocks++;
        s->longs += is_long(f, i);
    }
    for (uint32_t id = f->dom->len; id-- > 1;) {
        sums *up = &f->sums[f->dom->nodes[id].parent], *own = &f->sums[id];
        up->chars += own->chars;
        up->link_chars += own->link_chars;
        up->blocks += own->blocks;
        up->longs += own->longs;
    }
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
        uint32_t id = node_of(f, i);
        for (int up = 0; up < ALIKE_LEVELS && id != DH_NO_NODE; up++) {
            if (hash[id] == 0)
                hash[id] = ((uint32_t)dh_hash(dh_dom_attr_value(f->dom, id, DH_SLICE("class"))) ^
                            f->dom->nodes[id].tag * 2654435761u) |
                           1;
            keys[i][up] = hash[id];
            id = f->dom->nodes[id].parent;
        }
        bool added;
        uint32_t *group = dh_map_put(
            &groups, (dh_slice){(const char *)keys[i], sizeof keys[i]}, &added);
        if (added) *group = count++;
        f->signature[i] = *group;
        alike *a = &f->alikes[*group];
        a->blocks++;
        a->chars += f->page->blocks->ptr[i].chars;
        a->link_chars += f->page->blocks->ptr[i].link_chars;
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
    f->since_long = numbers(f, 0);
    f->till_long = numbers(f, 0);
    f->since_label = numbers(f, 0);
    uint32_t since = FAR, label = 99;
    for (uint32_t i = 0; i < f->n; i++) {
        const dh_block *b = &f->page->blocks->ptr[i];
        const dh_label_hit *hit = &f->page->labels[i];
        if (hit->label != DH_LABEL_NONE && dh_label_list(hit->label) && hit->match == DH_MATCH_EXACT)
            label = 0;
        f->since_label[i] = label;
        if (label < 99) label++;
        f->chars_before[i + 1] = f->chars_before[i] + b->chars;
        f->sum_short[i + 1] = f->sum_short[i] + (b->chars < 500 ? b->chars : 500);
        f->sum_links[i + 1] = f->sum_links[i] + f->units[i].link_percent;
        f->sum_longs[i + 1] = f->sum_longs[i] + is_long(f, i);
        f->since_long[i] = since;
        if (is_long(f, i)) since = 1;
        else if (since < FAR) since++;
    }
    uint32_t till = FAR;
    for (uint32_t i = f->n; i-- > 0;) {
        f->till_long[i] = till;
        if (is_long(f, i)) till = 1;
        else if (till < FAR) till++;
    }
}

static void make_page(dh_features *f) {
    uint64_t chars = 0, links = 0, longs = 0, long_chars = 0, items = 0, rows = 0, prose = 0, in = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        const dh_block *b = &f->page->blocks->ptr[i];
        chars += b->chars;
        links += b->link_chars;
        longs += is_long(f, i);
        if (is_long(f, i)) long_chars += b->chars;
        items += b->kind == DH_BLOCK_LIST_ITEM;
        rows += b->kind == DH_BLOCK_ROW;
        if (f->units[i].kind != DH_UNIT_PROSE) continue;
        prose += f->units[i].facts.words;
        if (f->units[i].where != 0) in += f->units[i].facts.words;
    }
    int16_t *v = f->page_values;
    v[DH_FEATURE_page_chars] = cut((int64_t)(chars / 10));
    v[DH_FEATURE_page_blocks] = cut(f->n);
    v[DH_FEATURE_page_links] = cut(ratio(links, chars, 100));
    v[DH_FEATURE_page_long] = cut((int64_t)longs);
    v[DH_FEATURE_page_long_share] = cut(ratio(long_chars, chars, 100));
    v[DH_FEATURE_page_list] = cut(ratio(items, f->n, 100));
    v[DH_FEATURE_page_rows] = cut(ratio(rows, f->n, 100));
    v[DH_FEATURE_page_type] = f->page->page_type;
    v[DH_FEATURE_h_share] = cut(ratio(in, prose, 1000));
}

dh_features *dh_features_new(const dh_extract_page *page, const dh_unit *units) {
    dh_features *f = dh_arena_zalloc(page->arena, 1, sizeof *f);
    f->page = page;
    f->units = units;
    f->arena = page->arena;
    f->dom = page->dom;
    f->n = page->blocks->len;
    make_sets(f);
    make_repeats(f);
    make_sequence(f);
    if (f->dom != NULL) {
        make_distances(f);
        make_sums(f);
        make_alikes(f);
    }
    make_page(f);
    return f;
}

/* ---- a row ---- */

/* Marks in the text: separators, signs, years, clocks. */
static void put_signs(dh_slice text, int16_t *row) {
    const char *p = text.ptr, *end = p + text.len;
    uint32_t digits = 0, value = 0, before_colon = 0;
    int separators = 0, lines = 0;
    while (p < end) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (code >= '0' && code <= '9') {
            value = digits < 4 ? value * 10 + (code - '0') : 10000;
            digits++;
            if (before_colon > 0) row[DH_FEATURE_clock] = 1;
            before_colon = 0;
            if (digits == 4 && value >= 1900 && value < 2100 && (p == end || !dh_is_digit(*p)))
                row[DH_FEATURE_year] = 1;
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
            row[DH_FEATURE_copyright] = 1;
            break;
        case '$':
        case 0x20AC:
        case 0xA3:
        case 0xA5:
        case 0x20B9:
            row[DH_FEATURE_money] = 1;
            break;
        case '@':
            row[DH_FEATURE_at_sign] = 1;
            break;
        default:
            break;
        }
    }
    row[DH_FEATURE_separators] = cut(separators);
    row[DH_FEATURE_lines] = cut(lines);
}

static int16_t starts_with(dh_slice text) {
    if (text.len == 0) return 3;
    uint32_t code;
    dh_utf8_decode(text.ptr, text.ptr + text.len, &code);
    if (dh_code_is_digit(code)) return 1;
    if (dh_code_is_letter(code)) return 0;
    return code == '"' || code == 0x201C || code == 0x201E || code == 0xAB || code == 0x300C ? 2 : 3;
}

static void put_block(const dh_features *f, uint32_t i, int16_t *row) {
    const dh_block *b = &f->page->blocks->ptr[i];
    const dh_unit *u = &f->units[i];
    const dh_text_facts *t = &u->facts;
    const dh_label_hit *hit = &f->page->labels[i];
    row[DH_FEATURE_chars] = cut(b->chars);
    row[DH_FEATURE_words] = cut(t->words);
    row[DH_FEATURE_word_length] = cut(t->words > 0 ? b->chars * 10 / t->words : 0);
    row[DH_FEATURE_sentences] = cut(t->sentences);
    row[DH_FEATURE_commas] = cut(t->commas);
    row[DH_FEATURE_sentence_rate] = cut(ratio(t->sentences, b->chars, 1000));
    row[DH_FEATURE_comma_rate] = cut(ratio(t->commas, b->chars, 1000));
    row[DH_FEATURE_upper_rate] = cut(ratio(t->upper, b->chars, 1000));
    row[DH_FEATURE_digit_rate] = cut(ratio(t->digits, b->chars, 1000));
    row[DH_FEATURE_letter_rate] = cut(ratio(t->letters, b->chars, 1000));
    row[DH_FEATURE_ends_sentence] = t->ends_sentence;
    row[DH_FEATURE_ends_colon] = t->ends_colon;
    row[DH_FEATURE_starts_lower] = t->starts_lower;
    row[DH_FEATURE_starts_with] = starts_with(b->text);
    row[DH_FEATURE_unspaced] = t->unspaced * 2 > t->letters;
    row[DH_FEATURE_rtl] = t->rtl * 2 > t->letters;
    row[DH_FEATURE_repeats] = cut(f->text_count[f->same_text[i]]);
    row[DH_FEATURE_label] = (int16_t)hit->label;
    row[DH_FEATURE_label_exact] = hit->match == DH_MATCH_EXACT    ? 2
                                  : hit->match == DH_MATCH_PREFIX ? 1
                                                                  : 0;
    put_signs(b->text, row);
    runs r = {.f = f};
    each_word(b->text, look_up_word, &r);
    row[DH_FEATURE_title_share] = cut(ratio(r.in_title, r.words, 100));
    if (f->dom == NULL) return;
    row[DH_FEATURE_links] = u->link_percent;
    row[DH_FEATURE_description_share] = cut(ratio(r.in_description, r.words, 100));
    row[DH_FEATURE_body_share] =
        f->body.len > 0 ? cut(ratio(r.hits, r.count > 2 ? r.count - 2 : 1, 100)) : -1;
    for (uint32_t k = 0; k < b->inline_count; k++)
        row[DH_FEATURE_link_count] =
            cut(row[DH_FEATURE_link_count] +
                (f->page->blocks->inlines[b->inline_begin + k].kind == DH_INLINE_LINK));
}

static int16_t tag_ordinal(dh_tag tag) {
    static const dh_tag order[] = {
        DH_TAG_p,   DH_TAG_li,  DH_TAG_h1,   DH_TAG_h2,      DH_TAG_h3,         DH_TAG_h4,
        DH_TAG_h5,  DH_TAG_h6,  DH_TAG_td,   DH_TAG_th,      DH_TAG_div,        DH_TAG_blockquote,
        DH_TAG_pre, DH_TAG_dt,  DH_TAG_dd,   DH_TAG_section, DH_TAG_figcaption, DH_TAG_article,
        DH_TAG_body, DH_TAG_main, DH_TAG_header, DH_TAG_footer, DH_TAG_tr,      DH_TAG_summary};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == tag) return (int16_t)i;
    return (int16_t)(sizeof order / sizeof order[0]);
}

/* Levels from the block's element up to what holds the other one as well. */
static int16_t levels_up(const dh_features *f, uint32_t id, uint32_t other) {
    int16_t up = 0;
    for (; id != DH_NO_NODE && up < NO_ANCESTOR && !dh_dom_inside(f->dom, other, id); up++)
        id = f->dom->nodes[id].parent;
    return up;
}

static void put_container(const dh_features *f, uint32_t id, int16_t *row, int chars, int links,
                          int blocks, int longs, int share) {
    const sums *s = &f->sums[id], *all = &f->sums[0];
    if (chars >= 0) row[chars] = cut(s->chars / 10);
    row[links] = cut(ratio(s->link_chars, s->chars, 100));
    if (blocks >= 0) row[blocks] = cut(s->blocks);
    row[longs] = cut(ratio(s->longs, s->blocks, 100));
    if (share >= 0) row[share] = cut(ratio(s->chars, all->chars, 1000));
}

static uint32_t above(const dh_features *f, uint32_t id, int levels) {
    for (; levels > 0 && f->dom->nodes[id].parent != DH_NO_NODE; levels--)
        id = f->dom->nodes[id].parent;
    return id;
}

static void put_containers(const dh_features *f, uint32_t id, int16_t *row) {
    put_container(f, id, row, DH_FEATURE_c0_chars, DH_FEATURE_c0_links, DH_FEATURE_c0_blocks,
                  DH_FEATURE_c0_long, -1);
    put_container(f, above(f, id, 1), row, DH_FEATURE_c1_chars, DH_FEATURE_c1_links,
                  DH_FEATURE_c1_blocks, DH_FEATURE_c1_long, DH_FEATURE_c1_share);
    put_container(f, above(f, id, 2), row, DH_FEATURE_c2_chars, DH_FEATURE_c2_links,
                  DH_FEATURE_c2_blocks, DH_FEATURE_c2_long, DH_FEATURE_c2_share);
    put_container(f, above(f, id, 3), row, DH_FEATURE_c3_chars, DH_FEATURE_c3_links, -1,
                  DH_FEATURE_c3_long, DH_FEATURE_c3_share);
    put_container(f, above(f, id, 5), row, -1, DH_FEATURE_c5_links, -1, DH_FEATURE_c5_long,
                  DH_FEATURE_c5_share);
    int16_t third = NO_ANCESTOR, longs = NO_ANCESTOR, up = 0;
    for (uint32_t at = id; at != DH_NO_NODE && up < NO_ANCESTOR; at = f->dom->nodes[at].parent, up++) {
        if (third == NO_ANCESTOR && f->sums[at].chars >= f->sums[0].chars / 3) third = up;
        if (longs == NO_ANCESTOR && f->sums[at].longs >= 3) longs = up;
        if (third < NO_ANCESTOR && longs < NO_ANCESTOR) break;
    }
    row[DH_FEATURE_to_third] = third;
    row[DH_FEATURE_to_longs] = longs;
}

static void put_tree(const dh_features *f, uint32_t i, int16_t *row) {
    const dh_block *b = &f->page->blocks->ptr[i];
    uint32_t id = node_of(f, i), up = f->dom->nodes[id].parent;
    row[DH_FEATURE_tag] = tag_ordinal(f->dom->nodes[id].tag);
    row[DH_FEATURE_kind] = (int16_t)b->kind;
    row[DH_FEATURE_level] = b->level;
    row[DH_FEATURE_depth] = cut(f->dom->nodes[id].depth);
    row[DH_FEATURE_hidden] = (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) != 0;
    uint32_t siblings = up != DH_NO_NODE ? f->children[up] : 1;
    row[DH_FEATURE_siblings] = cut(siblings < 100 ? siblings : 100);
    for (int d = 0; d < DISTANCES; d++) row[DH_FEATURE_to_nav + d] = f->distance[id][d];
    row[DH_FEATURE_bad_above] = f->bad[id];
    row[DH_FEATURE_good_above] = f->good[id];
    put_containers(f, id, row);
    if (i > 0) row[DH_FEATURE_p1_up] = levels_up(f, id, node_of(f, i - 1));
    if (i + 1 < f->n) row[DH_FEATURE_n1_up] = levels_up(f, id, node_of(f, i + 1));
    const alike *a = &f->alikes[f->signature[i]];
    row[DH_FEATURE_alike] = cut(a->blocks);
    uint64_t mean = a->chars / a->blocks;
    row[DH_FEATURE_alike_chars] = cut((int64_t)(mean < 2000 ? mean : 2000));
    row[DH_FEATURE_alike_links] = cut(ratio(a->link_chars, a->chars, 100));
}

/* Columns of a neighbour; -1 for one that is not there. */
static void put_neighbour(const dh_features *f, int64_t at, int16_t *row, int chars, int links,
                          int sentences) {
    bool there = at >= 0 && at < (int64_t)f->n;
    const dh_unit *u = there ? &f->units[at] : NULL;
    row[chars] = there ? cut(f->page->blocks->ptr[at].chars) : -1;
    if (links >= 0 && f->dom != NULL) row[links] = there ? u->link_percent : -1;
    if (sentences >= 0) row[sentences] = there ? cut(u->facts.sentences) : -1;
}

static void put_next_to(const dh_features *f, int64_t at, int16_t *row, int ends, int tag,
                        int label) {
    bool there = at >= 0 && at < (int64_t)f->n;
    row[ends] = there ? f->units[at].facts.ends_sentence : -1;
    row[label] = there ? (int16_t)f->page->labels[at].label : -1;
    if (f->dom == NULL) return;
    row[tag] = there ? tag_ordinal(f->dom->nodes[node_of(f, (uint32_t)at)].tag) : -1;
}

static int16_t window(const dh_features *f, const uint32_t *sum, uint32_t i, uint32_t around,
                      uint32_t scale) {
    uint32_t from = i > around ? i - around : 0, to = i + around + 1 < f->n ? i + around + 1 : f->n;
    return cut((sum[to] - sum[from]) * scale / (to - from));
}

static void put_sequence(const dh_features *f, uint32_t i, int16_t *row) {
    int64_t at = i;
    put_neighbour(f, at - 1, row, DH_FEATURE_p1_chars, DH_FEATURE_p1_links, DH_FEATURE_p1_sentences);
    put_neighbour(f, at + 1, row, DH_FEATURE_n1_chars, DH_FEATURE_n1_links, DH_FEATURE_n1_sentences);
    put_neighbour(f, at - 2, row, DH_FEATURE_p2_chars, DH_FEATURE_p2_links, DH_FEATURE_p2_sentences);
    put_neighbour(f, at + 2, row, DH_FEATURE_n2_chars, DH_FEATURE_n2_links, DH_FEATURE_n2_sentences);
    put_neighbour(f, at - 3, row, DH_FEATURE_p3_chars, -1, -1);
    put_neighbour(f, at + 3, row, DH_FEATURE_n3_chars, -1, -1);
    put_next_to(f, at - 1, row, DH_FEATURE_p1_ends, DH_FEATURE_p1_tag, DH_FEATURE_p1_label);
    put_next_to(f, at + 1, row, DH_FEATURE_n1_ends, DH_FEATURE_n1_tag, DH_FEATURE_n1_label);
    row[DH_FEATURE_w3_chars] = window(f, f->sum_short, i, 3, 1);
    row[DH_FEATURE_w8_chars] = window(f, f->sum_short, i, 8, 1);
    row[DH_FEATURE_w5_long] = window(f, f->sum_longs, i, 5, 100);
    row[DH_FEATURE_w15_long] = window(f, f->sum_longs, i, 15, 100);
    if (f->dom != NULL) {
        row[DH_FEATURE_w3_links] = window(f, f->sum_links, i, 3, 1);
        row[DH_FEATURE_w8_links] = window(f, f->sum_links, i, 8, 1);
    }
    row[DH_FEATURE_index] = cut(ratio(i, f->n, 1000));
    row[DH_FEATURE_before] = cut(ratio(f->chars_before[i], f->chars_before[f->n], 1000));
    row[DH_FEATURE_from_end] = cut(f->n - i < 1000 ? f->n - i : 1000);
    int64_t title = f->page->title_block;
    int64_t since = title == UINT32_MAX ? -999 : at - title;
    row[DH_FEATURE_from_title] = cut(since > 2000 ? 2000 : since < -998 && title != UINT32_MAX ? -998 : since);
    row[DH_FEATURE_is_title] = i == f->page->title_block;
    row[DH_FEATURE_since_long] = cut(f->since_long[i]);
    row[DH_FEATURE_till_long] = cut(f->till_long[i]);
    row[DH_FEATURE_since_label] = cut(f->since_label[i]);
}

void dh_features_row(dh_features *f, uint32_t i, int16_t *row) {
    memcpy(row, f->page_values, sizeof f->page_values);
    put_block(f, i, row);
    put_sequence(f, i, row);
    const dh_unit *u = &f->units[i];
    row[DH_FEATURE_h_where] = u->where;
    row[DH_FEATURE_h_keep] = u->keep;
    row[DH_FEATURE_h_value] = cut(u->value);
    if (f->dom != NULL) put_tree(f, i, row);
}
