/* SPDX-License-Identifier: Apache-2.0 */
/* title: choosing the headline among h1, JSON-LD, OpenGraph and <title>, and finding its block.
 * Measured on news pages: a news article's own JSON-LD headline agrees most often with what the
 * publisher calls the headline, then an h1 whose words og:title or <title> share, then og:title
 * without the site's name. */
#include "base/url.h"
#include "base/utf8.h"
#include "meta/state.h"

enum {
    SUPPORTED = 250 /* of 1000 words of an h1 in another title: less, and it heads another thing */
};

/* Marks between a headline and the site's name. spaced: only with white space on both sides. */
static const struct {
    dh_slice text;
    bool spaced;
} separators[] = {
    {DH_SLICE_INIT("|"), false}, {DH_SLICE_INIT("｜"), false}, {DH_SLICE_INIT("ㅣ"), false},
    {DH_SLICE_INIT("│"), false}, {DH_SLICE_INIT("--"), false}, {DH_SLICE_INIT("："), false},
    {DH_SLICE_INIT("–"), true},  {DH_SLICE_INIT("—"), true},   {DH_SLICE_INIT("-"), true},
    {DH_SLICE_INIT("»"), true},  {DH_SLICE_INIT("«"), true},   {DH_SLICE_INIT("·"), true},
    {DH_SLICE_INIT("•"), true},  {DH_SLICE_INIT("›"), true},   {DH_SLICE_INIT("/"), true},
    {DH_SLICE_INIT(":"), true},  {DH_SLICE_INIT("*"), true},   {DH_SLICE_INIT("~"), true},
    {DH_SLICE_INIT("::"), true}, {DH_SLICE_INIT("―"), true},   {DH_SLICE_INIT(">"), true},
    {DH_SLICE_INIT("<"), true},
};

/* Length of the separator at byte `at`, 0 when there is none. */
static size_t separator_at(dh_slice s, size_t at) {
    unsigned char c = (unsigned char)s.ptr[at];
    if (c == ' ' || dh_is_alnum((char)c)) return 0;
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        if ((unsigned char)separators[i].text.ptr[0] != c) continue;
        dh_slice rest = dh_slice_sub(s, at, s.len);
        size_t len = separators[i].text.len;
        if (!dh_slice_starts(rest, separators[i].text)) continue;
        bool spaced = at > 0 && s.ptr[at - 1] == ' ' && len < rest.len && rest.ptr[len] == ' ';
        if (spaced || !separators[i].spaced) return len;
    }
    return 0;
}

static bool last_part(dh_slice s, dh_slice *head, dh_slice *tail) {
    for (size_t at = s.len; at-- > 1;) {
        size_t len = separator_at(s, at);
        if (len == 0) continue;
        *head = dh_slice_trim(dh_slice_sub(s, 0, at));
        *tail = dh_slice_trim(dh_slice_sub(s, at + len, s.len));
        return true;
    }
    return false;
}

static bool first_part(dh_slice s, dh_slice *head, dh_slice *tail) {
    for (size_t at = 1; at < s.len; at++) {
        size_t len = separator_at(s, at);
        if (len == 0) continue;
        *head = dh_slice_trim(dh_slice_sub(s, 0, at));
        *tail = dh_slice_trim(dh_slice_sub(s, at + len, s.len));
        return true;
    }
    return false;
}

/* "Metro News" for "Metro": one holds the other and little more. */
static bool is_near(dh_slice name, dh_slice site) {
    if (dh_slice_eq(name, site)) return true;
    if (name.len < 4 || site.len < 4) return false;
    return (dh_slice_has(name, site) && name.len <= site.len + 12) || dh_slice_has(site, name);
}

static dh_slice without_marks(dh_slice host, dh_arena *arena) {
    dh_buf flat;
    dh_buf_init(&flat, arena, 0);
    for (size_t i = 0; i < host.len; i++)
        if (dh_is_alnum(host.ptr[i])) dh_buf_putc(&flat, host.ptr[i]);
    return dh_buf_slice(&flat);
}

static bool is_host(dh_meta_state *state, dh_slice name) {
    dh_slice host = dh_url_host(state->base, state->arena);
    if (name.len < 3 || host.len == 0) return false;
    if (name.len >= 4 && dh_slice_has(without_marks(host, state->arena), name)) return true;
    while (host.ptr != NULL) {
        dh_slice label = without_marks(dh_slice_cut(&host, '.'), state->arena);
        if (host.ptr == NULL) break; /* not the top-level domain */
        if (label.len > 3 && dh_slice_has(name, label) && name.len < label.len + 14) return true;
    }
    return false;
}

bool dh_meta_is_site(dh_meta_state *state, dh_slice name) {
    if (name.len == 0 || name.len > 200) return false;
    dh_slice key = dh_words_of(name, state->arena).joined;
    if (key.len == 0) return false;
    while (state->site_keys.len < state->sites.len) {
        dh_slice site = state->sites.ptr[state->site_keys.len].value;
        if (site.len > 150) site.len = 0;
        *DH_PUSH(state->arena, state->site_keys) = dh_words_of(site, state->arena).joined;
    }
    for (uint32_t i = 0; i < state->site_keys.len; i++)
        if (state->site_keys.ptr[i].len > 0 && is_near(key, state->site_keys.ptr[i])) return true;
    return is_host(state, key);
}

/* The section's name stands between headline and site on many pages. */
static bool is_section(dh_meta_state *state, dh_slice name) {
    static const dh_field_kind kinds[] = {DH_FIELD_section, DH_FIELD_category};
    dh_words key = dh_words_of(name, state->arena);
    if (key.len == 0 || key.len > 4) return false;
    for (size_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < state->fields[kinds[k]].len && i < 12; i++) {
            dh_words section = dh_words_of(state->fields[kinds[k]].ptr[i].value, state->arena);
            if (section.len > 0 && dh_words_share(&section, &key) == 1000 &&
                key.len <= section.len + 1)
                return true;
        }
    return false;
}

/* A section is dropped only behind a site's name that was dropped, "Headline - Politics | Site". */
dh_slice dh_meta_without_site(dh_meta_state *state, dh_slice text) {
    dh_slice head, tail;
    bool cut = false;
    for (int i = 0; i < 4; i++) {
        if (!last_part(text, &head, &tail) || head.len == 0) break;
        if (tail.len > 0 && !dh_meta_is_site(state, tail) && !(cut && is_section(state, tail)))
            break;
        text = head;
        cut = true;
    }
    for (int i = 0; i < 2; i++) {
        if (!first_part(text, &head, &tail) || tail.len == 0) break;
        if (!dh_meta_is_site(state, head)) break;
        text = tail;
    }
    if (cut && last_part(text, &head, &tail) && is_section(state, tail)) return head;
    for (size_t at = text.len; cut && at > 1; at--) /* "Headline-Politics | Site" */
        if (text.ptr[at - 1] == '-')
            return is_section(state, dh_slice_sub(text, at, text.len))
                       ? dh_slice_sub(text, 0, at - 1)
                       : text;
    return text;
}

typedef struct choice {
    dh_candidate *headline, *shared, *other, *document, *trail;
    dh_candidate *h1[DH_META_HEADINGS];
    uint32_t h1_len;
    dh_words words[DH_META_HEADINGS]; /* of the h1s */
    dh_words others[4];               /* of headline, shared, other, document */
    dh_words trail_words;
    bool news;
} choice;

static void collect(dh_meta_state *state, choice *c) {
    dh_candidates *titles = &state->fields[DH_FIELD_title];
    memset(c, 0, sizeof *c);
    for (uint32_t i = 0; i < titles->len; i++) {
        dh_candidate *t = &titles->ptr[i];
        if (t->rank == DH_RANK_H1) {
            t->value = dh_meta_without_site(state, t->value);
            dh_words words = dh_words_of(t->value, state->arena);
            bool known = words.len == 0 || c->h1_len == DH_META_HEADINGS;
            for (uint32_t k = 0; k < c->h1_len && !known; k++)
                known = dh_slice_eq(c->words[k].joined, words.joined);
            if (known || dh_meta_is_site(state, t->value)) continue;
            c->words[c->h1_len] = words;
            c->h1[c->h1_len++] = t;
            continue;
        }
        dh_candidate **slot = t->rank == DH_RANK_HEADLINE ? &c->headline
                              : t->rank == DH_RANK_SHARED ? &c->shared
                              : t->rank == DH_RANK_OTHER  ? &c->other
                              : t->rank == DH_RANK_TRAIL  ? &c->trail
                                                          : &c->document;
        if (*slot != NULL) continue;
        t->value = dh_meta_without_site(state, t->value);
        *slot = t;
    }
    dh_candidate *all[] = {c->headline, c->shared, c->other, c->document};
    for (size_t i = 0; i < 4; i++)
        if (all[i] != NULL) c->others[i] = dh_words_of(all[i]->value, state->arena);
    if (c->trail != NULL) c->trail_words = dh_words_of(c->trail->value, state->arena);
    c->news = c->headline != NULL && c->headline->news;
}

static bool same(const dh_words *a, const dh_words *b) {
    return a->joined.len > 0 && dh_slice_eq(a->joined, b->joined);
}

/* "Headline | Sport" where an h1 or og:title is "Headline": the mark ended it. */
static void cut_by_others(dh_meta_state *state, choice *c) {
    dh_candidate *all[] = {c->headline, c->shared, c->other, c->document};
    for (size_t i = 0; i < 4; i++) {
        dh_slice head, tail;
        if (all[i] == NULL || !last_part(all[i]->value, &head, &tail)) continue;
        dh_words words = dh_words_of(head, state->arena);
        bool known = false;
        for (uint32_t k = 0; k < c->h1_len; k++) known = known || same(&words, &c->words[k]);
        for (size_t k = 0; k < 4; k++) known = known || same(&words, &c->others[k]);
        if (!known || words.len < 3) continue;
        all[i]->value = head;
        c->others[i] = words;
    }
}

/* The best of how many of an h1's words another title has. */
static uint32_t support(const choice *c, uint32_t h1) {
    uint32_t best = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t share = dh_words_share(&c->words[h1], &c->others[i]);
        if (share > best) best = share;
    }
    return best;
}

/* The h1 that other titles agree with; a lone one is believed when it is a sentence or so. */
static uint32_t pick_h1(const choice *c) {
    uint32_t best = UINT32_MAX, best_share = 0;
    for (uint32_t i = 0; i < c->h1_len; i++)
        if (c->words[i].len >= 2 && support(c, i) >= 750) return i;
    if (c->h1_len == 1 && c->words[0].len >= 3) return 0;
    for (uint32_t i = 0; i < c->h1_len; i++) {
        uint32_t share = support(c, i);
        if (c->words[i].len >= 4 && share >= 500 && share > best_share) {
            best = i;
            best_share = share;
        }
    }
    return best;
}

/* Whether a is b's beginning: content systems cut headlines for machines at 110 characters. */
static bool is_cut_off(const dh_words *a, const dh_words *b) {
    return a->joined.len < b->joined.len && a->joined.len >= 30 &&
           dh_slice_starts(b->joined, a->joined);
}

/* Whether b is all of a but a kicker in front: "Harbour fees: Council votes for a rise". */
static bool has_kicker(const dh_words *a, const dh_words *b) {
    return b->len >= 3 && a->joined.len > b->joined.len && dh_slice_ends(a->joined, b->joined);
}

/* A news article's own headline, unless the page's other titles know better. */
static dh_candidate *choose_news(const choice *c, uint32_t h1) {
    const dh_words *headline = &c->others[0], *shared = &c->others[1], *document = &c->others[3];
    const dh_words *words = h1 != UINT32_MAX ? &c->words[h1] : NULL;
    if (words == NULL) return c->headline;
    if (is_cut_off(headline, words) && !same(headline, shared)) return c->h1[h1];
    /* og:title tells where a kicker ends; or that there is one, when the h1 says so too */
    if (has_kicker(headline, shared) && same(words, headline)) return c->shared;
    if (has_kicker(shared, headline) && same(words, shared) && same(document, shared))
        return c->shared;
    /* the breadcrumbs end with what readers see or share */
    if (same(words, &c->trail_words) && !same(headline, shared)) return c->h1[h1];
    if (same(shared, &c->trail_words)) return c->shared;
    /* what readers see and share, where the headline is that of search engines */
    if (same(words, shared) && same(headline, document) && !same(words, headline)) return c->h1[h1];
    return c->headline;
}

static dh_candidate *choose(const choice *c) {
    uint32_t h1 = pick_h1(c);
    if (c->headline != NULL && c->others[0].len > 0 && c->news) return choose_news(c, h1);
    if (h1 != UINT32_MAX) {
        bool agreed = c->others[1].len >= 3 && same(&c->others[1], &c->others[3]);
        if (agreed && support(c, h1) < SUPPORTED) return c->shared;
        if (has_kicker(&c->words[h1], &c->others[1])) return c->shared;
        return c->h1[h1];
    }
    dh_candidate *rest[] = {c->headline, c->shared, c->other, c->document};
    for (size_t i = 0; i < 4; i++)
        if (rest[i] != NULL && c->others[i].len > 0) return rest[i];
    return c->h1_len > 0 ? c->h1[0] : NULL;
}

/* How well a block shows the title, 0..1000: all its words, or most of them both ways. */
static uint32_t fit(const dh_words *block, const dh_words *title) {
    if (same(block, title)) return 1000;
    uint32_t there = dh_words_share(title, block), back = dh_words_share(block, title);
    if (block->len < 2 || title->len < 2) return 0;
    if (there >= 900 && block->len <= title->len * 2) return 900;
    if (back >= 950 && block->len * 2 >= title->len) return 800;
    return there >= 600 && back >= 600 ? (there + back) / 3 : 0;
}

/* The heading that shows the title: the best fit above `least`, an h1 before others, the first of
 * equals. */
static uint32_t find_block(dh_meta_state *state, dh_slice title, uint32_t least) {
    const dh_blocks *blocks = state->page->blocks;
    uint32_t best = UINT32_MAX, best_score = least, tried = 0;
    dh_words words = dh_words_of(title, state->arena);
    if (blocks == NULL || words.len == 0) return UINT32_MAX;
    for (uint32_t i = 0; i < blocks->len && tried < 200; i++) {
        const dh_block *block = &blocks->ptr[i];
        if (block->kind != DH_BLOCK_HEADING || block->text.len > title.len * 3 ||
            block->text.len * 4 < title.len ||
            (block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) != 0)
            continue;
        tried++;
        dh_words of_block = dh_words_of(block->text, state->arena);
        uint32_t score = fit(&of_block, &words);
        if (score > 0 && block->level == 1) score += 150;
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

/* On pages without headings: the last block of exactly these words before the first long one, for a
 * breadcrumb and a ticker may say them too, and lists behind the article. */
static uint32_t find_line(dh_meta_state *state, dh_slice title) {
    const dh_blocks *blocks = state->page->blocks;
    uint32_t best = UINT32_MAX, tried = 0;
    dh_words words = dh_words_of(title, state->arena);
    if (blocks == NULL || words.len < 3) return UINT32_MAX;
    for (uint32_t i = 0; i < blocks->len && tried < 50; i++) {
        const dh_block *block = &blocks->ptr[i];
        bool prose = block->chars >= 200 && block->link_chars * 2 < block->chars;
        if (prose && best != UINT32_MAX) break;
        if (block->text.len > title.len + title.len / 4 + 4 ||
            block->text.len + title.len / 4 + 4 < title.len ||
            (block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) != 0)
            continue;
        tried++;
        dh_words of_block = dh_words_of(block->text, state->arena);
        if (same(&of_block, &words)) best = i;
    }
    return best;
}

/* Where to look for dates and bylines: the headline's block, else the first visible h1. */
static uint32_t reference_block(const dh_meta_state *state) {
    const dh_blocks *blocks = state->page->blocks;
    if (state->page->title_block != UINT32_MAX) return state->page->title_block;
    for (uint32_t i = 0; blocks != NULL && i < blocks->len; i++)
        if (blocks->ptr[i].kind == DH_BLOCK_HEADING && blocks->ptr[i].level == 1 &&
            (blocks->ptr[i].flags & DH_BLOCK_HIDDEN) == 0)
            return i;
    return UINT32_MAX;
}

void dh_meta_choose_title(dh_meta_state *state) {
    choice *c = dh_arena_alloc(state->arena, sizeof *c);
    collect(state, c);
    cut_by_others(state, c);
    const dh_candidate *chosen = choose(c);
    if (chosen != NULL)
        dh_fields_add(state->page->fields, (dh_field){.kind = DH_FIELD_title,
                                                      .source = chosen->source,
                                                      .value = chosen->value,
                                                      .where = chosen->where,
                                                      .node = chosen->node});
    dh_slice title = dh_fields_value(state->page->fields, DH_FIELD_title);
    uint32_t h1 = pick_h1(c);
    /* the page may show another wording than the machines are told */
    const dh_candidate *shown[] = {h1 != UINT32_MAX ? c->h1[h1] : NULL, c->shared, c->document};
    if (c->news) state->page->title_block = find_block(state, c->headline->value, 899);
    if (title.len > 0 && state->page->title_block == UINT32_MAX)
        state->page->title_block = find_block(state, title, 0);
    for (size_t i = 0; i < 3 && state->page->title_block == UINT32_MAX; i++)
        if (shown[i] != NULL) state->page->title_block = find_block(state, shown[i]->value, 0);
    if (state->page->title_block == UINT32_MAX && title.len > 0)
        state->page->title_block = find_line(state, title);
    state->headline = reference_block(state);
}
