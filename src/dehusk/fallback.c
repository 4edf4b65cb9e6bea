/* SPDX-License-Identifier: Apache-2.0 */
/* fallback.c: pages whose text stands only in their scripts (JSON-LD, __NEXT_DATA__ and its kin). The
 * strings of each script that read as prose are collected; the script with most of it gives the
 * article, as further blocks of the page. Only asked when the visible page yields next to nothing. */
#include "base/json.h"
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "dehusk/page.h"
#include "text/class.h"
#include "text/clean.h"

enum {
    MIN_STRING = 80,   /* bytes of a string literal that may be a paragraph */
    MIN_WORDS = 80,    /* of a script that may hold the article */
    MAX_DEPTH = 3,     /* JSON in a string in JSON ... */
    MAX_STRINGS = 4096 /* of one script */
};

typedef struct found {
    dh_slice text; /* decoded */
    uint32_t begin, end;
} found;

typedef struct finder {
    dh_arena *arena;
    DH_VEC(found) strings;
    dh_map seen;
    uint64_t words;
} finder;

static bool is_markup(dh_slice text) {
    return dh_slice_has_nocase(text, DH_SLICE("<p")) || dh_slice_has_nocase(text, DH_SLICE("<br")) ||
           dh_slice_has_nocase(text, DH_SLICE("</"));
}

/* Sentences in words with spaces between them, no code and no address. */
static bool is_prose(dh_slice text, uint32_t *words) {
    dh_text_facts facts;
    dh_text_measure(text, &facts);
    *words = facts.words;
    if (facts.words < 10 || facts.sentences == 0) return false;
    return facts.letters * 10 >= facts.chars * 6 || is_markup(text);
}

/* One past the closing quote of the literal that opens at `at`; 0 when it has none. */
static size_t literal_end(dh_slice s, size_t at) {
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.ptr[i] == '\\') i++;
        else if (s.ptr[i] == '"') return i + 1;
    }
    return 0;
}

/* Collects the prose of all string literals in s. Works through nested levels with a stack of texts
 * instead of recursion; begin and end are those of the outermost literal. */
static void collect(finder *f, dh_slice script, uint32_t base) {
    struct level {
        dh_slice text;
        size_t at;
        uint32_t begin, end;
    } levels[MAX_DEPTH] = {{script, 0, 0, 0}};
    int depth = 0;
    while (depth >= 0 && f->strings.len < MAX_STRINGS) {
        struct level *l = &levels[depth];
        const char *quote = l->at < l->text.len
                                ? memchr(l->text.ptr + l->at, '"', l->text.len - l->at)
                                : NULL;
        if (quote == NULL) {
            depth--;
            continue;
        }
        size_t begin = (size_t)(quote - l->text.ptr), end = literal_end(l->text, begin);
        if (end == 0) {
            depth--;
            continue;
        }
        l->at = end;
        if (end - begin < MIN_STRING) continue;
        dh_json json = {0};
        if (dh_json_parse(&json, f->arena, dh_slice_sub(l->text, begin, end), false, NULL) != DH_OK)
            continue;
        dh_slice value = dh_json_string(&json, 0);
        uint32_t from = depth == 0 ? base + (uint32_t)begin : l->begin;
        uint32_t to = depth == 0 ? base + (uint32_t)end : l->end, words;
        bool nested = dh_slice_has(value, DH_SLICE("\":\"")) || dh_slice_has(value, DH_SLICE("\":{"));
        if (nested && depth + 1 < MAX_DEPTH) {
            levels[++depth] = (struct level){value, 0, from, to};
            continue;
        }
        bool added;
        if (!is_prose(value, &words)) continue;
        dh_map_put(&f->seen, value, &added);
        if (!added) continue;
        *DH_PUSH(f->arena, f->strings) = (found){value, from, to};
        f->words += words;
    }
}

static dh_block *push_block(dehusk_page *page) {
    dh_blocks *b = &page->blocks;
    if (b->len == b->cap) {
        uint32_t cap = b->cap > 0 ? b->cap * 2 : 64;
        b->ptr = dh_arena_grow(&page->arena, b->ptr, b->len * sizeof *b->ptr, cap * sizeof *b->ptr);
        b->cap = cap;
    }
    return &b->ptr[b->len++];
}

static void add(dehusk_page *page, const found *from, dh_slice text, dh_block_kind kind,
                uint8_t level) {
    if (text.len == 0) return;
    *push_block(page) = (dh_block){.text = text,
                                   .kind = kind,
                                   .level = level,
                                   .node = DH_NO_NODE,
                                   .first_text = DH_NO_NODE,
                                   .src_begin = from->begin,
                                   .src_end = from->end,
                                   .chars = (uint32_t)dh_utf8_count(text)};
    dh_mark *mark = dh_marks_add(&page->marks, page->blocks.len - 1, DH_KEEP, DH_CAUSE_SCORE,
                                 DH_SLICE("extractor"),
                                 DH_SLICE("the page's text stands only in its scripts"));
    mark->score = 500;
}

static void add_string(dehusk_page *page, const found *from) {
    dh_blocks inner;
    if (is_markup(from->text)) {
        dh_dom dom;
        dh_slice text = dh_arena_dup(&page->arena, from->text);
        if (dh_dom_parse(&dom, text, &page->limits, &page->arena, NULL) != DH_OK) return;
        dh_blocks_of_dom(&inner, &dom, &page->limits, &page->arena);
    } else {
        dh_blocks_of_text(&inner, from->text, &page->limits, &page->arena);
    }
    for (uint32_t i = 0; i < inner.len; i++)
        add(page, from, inner.ptr[i].text, inner.ptr[i].kind, inner.ptr[i].level);
}

bool dh_fallback(dehusk_page *page) {
    dh_dom *dom = page->dom;
    finder best = {.words = MIN_WORDS - 1};
    for (uint32_t id = 0; dom != NULL && id < dom->len; id++) {
        if (dom->nodes[id].tag != DH_TAG_script) continue;
        uint32_t text = dh_dom_first(dom, id);
        if (text == DH_NO_NODE) continue;
        finder f = {.arena = &page->arena};
        dh_map_init(&f.seen, &page->arena, 16);
        collect(&f, dh_dom_text(dom, text), dom->nodes[text].src_begin);
        if (f.words > best.words) best = f;
    }
    uint32_t shown = best.strings.len > 0 ? page->blocks.len : 0;
    for (uint32_t i = 0; i < shown; i++) /* what is shown is menus and "Loading ..." then */
        if (i != page->title_block)
            dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_SCORE, DH_SLICE("extractor"),
                         DH_SLICE("the article stands in the page's scripts"));
    for (uint32_t i = 0; i < best.strings.len; i++) add_string(page, &best.strings.ptr[i]);
    return best.strings.len > 0;
}
