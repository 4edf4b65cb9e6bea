/* SPDX-License-Identifier: Apache-2.0 */
/* bylines: authors that the page names near its headline: rel=author, links to authors' pages,
 * elements named after authors, lines that begin as bylines do. What stands elsewhere counts only
 * when it names one person and nothing near the headline does. */
#include "base/url.h"
#include "meta/needle.h"
#include "meta/state.h"
#include "text/date.h"

enum {
    NEAR_BEFORE = 3,
    NEAR_BEHIND = 10,
    RANK_REL = 0,
    RANK_LINK = 50,
    RANK_NAMED = 100,
    RANK_TEXT = 200,
    /* DH_RANK_FAR = 300 */
    FAR_MAX = 12,
    SUBTREE_MAX = 80
};

typedef struct reader {
    dh_meta_state *state;
    uint32_t far; /* candidates that stand elsewhere */
} reader;

static bool is_near(int32_t distance) {
    return distance != INT32_MAX && distance >= -NEAR_BEFORE && distance <= NEAR_BEHIND;
}

static void offer(reader *r, uint32_t id, dh_slice value, uint16_t rank, dh_slice where) {
    if (value.len == 0 || value.len > 200) return;
    if (rank >= DH_RANK_FAR && r->far++ >= FAR_MAX) return;
    dh_candidate_add(
        r->state, &r->state->fields[DH_FIELD_author],
        (dh_candidate){
            .value = value, .where = where, .source = DH_SOURCE_PAGE, .rank = rank, .node = id});
}

static bool has_any(dh_slice text, const dh_slice *words, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (dh_slice_has(text, words[i])) return true;
    return false;
}

/* The words that class names use for authors; "author-bio" and its like hold other things too. */
static bool is_author_token(dh_slice token) {
    static const dh_slice hints[] = {DH_SLICE_INIT("author"), DH_SLICE_INIT("byline"),
                                     DH_SLICE_INIT("autor"),  DH_SLICE_INIT("auteur"),
                                     DH_SLICE_INIT("writer"), DH_SLICE_INIT("redacteur"),
                                     DH_SLICE_INIT("yazar"),  DH_SLICE_INIT("contributor")};
    static const dh_slice others[] = {
        DH_SLICE_INIT("bio"),     DH_SLICE_INIT("image"),    DH_SLICE_INIT("avatar"),
        DH_SLICE_INIT("photo"),   DH_SLICE_INIT("social"),   DH_SLICE_INIT("follow"),
        DH_SLICE_INIT("about"),   DH_SLICE_INIT("title"),    DH_SLICE_INIT("role"),
        DH_SLICE_INIT("job"),     DH_SLICE_INIT("comment"),  DH_SLICE_INIT("date"),
        DH_SLICE_INIT("img"),     DH_SLICE_INIT("icon"),     DH_SLICE_INIT("authority"),
        DH_SLICE_INIT("desc"),    DH_SLICE_INIT("email"),    DH_SLICE_INIT("authoriz"),
        DH_SLICE_INIT("no-auth"), DH_SLICE_INIT("twitter"),  DH_SLICE_INIT("reviewer"),
        DH_SLICE_INIT("related"), DH_SLICE_INIT("position"), DH_SLICE_INIT("button")};
    return has_any(token, hints, sizeof hints / sizeof *hints) &&
           !has_any(token, others, sizeof others / sizeof *others);
}

static bool is_author_name(dh_slice value) {
    char lower[256];
    if (value.len < 5) return false;
    if (value.len > sizeof lower) value.len = sizeof lower;
    for (size_t i = 0; i < value.len; i++) lower[i] = dh_lower(value.ptr[i]);
    value.ptr = lower;
    for (dh_slice token = dh_slice_token(&value); token.len > 0; token = dh_slice_token(&value))
        if (is_author_token(token)) return true;
    return false;
}

/* "/author/jane-doe", "/autoren/17/": a folder of authors with something in it. */
static bool is_author_address(dh_slice href) {
    static const dh_slice folders[] = {
        DH_SLICE_INIT("author"),       DH_SLICE_INIT("authors"),      DH_SLICE_INIT("autor"),
        DH_SLICE_INIT("autoren"),      DH_SLICE_INIT("autores"),      DH_SLICE_INIT("auteur"),
        DH_SLICE_INIT("auteurs"),      DH_SLICE_INIT("autore"),       DH_SLICE_INIT("autori"),
        DH_SLICE_INIT("contributor"),  DH_SLICE_INIT("contributors"), DH_SLICE_INIT("writer"),
        DH_SLICE_INIT("writers"),      DH_SLICE_INIT("reporter"),     DH_SLICE_INIT("reporters"),
        DH_SLICE_INIT("journalist"),   DH_SLICE_INIT("journalists"),  DH_SLICE_INIT("journaliste"),
        DH_SLICE_INIT("journalistes"), DH_SLICE_INIT("columnist"),    DH_SLICE_INIT("columnists"),
        DH_SLICE_INIT("byline"),       DH_SLICE_INIT("yazar"),        DH_SLICE_INIT("yazarlar")};
    dh_slice path = dh_url_is_http(href) ? dh_url_path(href) : href;
    while (path.ptr != NULL) {
        dh_slice part = dh_slice_cut(&path, '/');
        if (path.len == 0) break;
        for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
            if (dh_slice_eq_nocase(part, folders[i])) return true;
    }
    return false;
}

static bool is_month(dh_slice word, dh_arena *arena) {
    return dh_month_find(dh_date_fold(word, arena), (dh_slice){NULL, 0}).number != 0;
}

/* A byline's text ends where a date, a place or a button begins. */
static dh_slice head_of(dh_slice text, dh_arena *arena) {
    static const dh_slice ends[] = {
        DH_SLICE_INIT(" | "),     DH_SLICE_INIT(" • "),    DH_SLICE_INIT(" · "),
        DH_SLICE_INIT(" — "),     DH_SLICE_INIT(" – "),    DH_SLICE_INIT(" - "),
        DH_SLICE_INIT(" ● "),     DH_SLICE_INIT(" ⋅ "),    DH_SLICE_INIT("Published"),
        DH_SLICE_INIT("Updated"), DH_SLICE_INIT("Posted"), DH_SLICE_INIT(" on "),
        DH_SLICE_INIT(", in "),   DH_SLICE_INIT(" in "),   DH_SLICE_INIT("Last updated")};
    size_t end = text.len;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t at = dh_slice_find(dh_slice_sub(text, 0, end), ends[i]);
        if (at != DH_NPOS && at > 0) end = at;
    }
    bool cut = false;
    for (size_t i = 0; i < end; i++)
        if (dh_is_digit(text.ptr[i]) && (i == 0 || text.ptr[i - 1] == ' ')) {
            end = i;
            cut = true;
        }
    text = dh_slice_trim(dh_slice_sub(text, 0, end));
    size_t word = text.len;
    while (word > 0 && text.ptr[word - 1] != ' ') word--;
    if (cut && is_month(dh_slice_sub(text, word, text.len), arena))
        text = dh_slice_trim(dh_slice_sub(text, 0, word));
    return text;
}

/* What a run of text in a byline is. */
typedef enum piece { PIECE_NAME, PIECE_PREFIX, PIECE_AND, PIECE_OTHER } piece;

static piece piece_of(dh_slice *text, dh_arena *arena) {
    static const dh_slice ands[] = {
        DH_SLICE_INIT("and"), DH_SLICE_INIT("&"),  DH_SLICE_INIT(","), DH_SLICE_INIT("und"),
        DH_SLICE_INIT("et"),  DH_SLICE_INIT("y"),  DH_SLICE_INIT("e"), DH_SLICE_INIT("och"),
        DH_SLICE_INIT("og"),  DH_SLICE_INIT("en"), DH_SLICE_INIT("و"), DH_SLICE_INIT(", and"),
        DH_SLICE_INIT("|"),   DH_SLICE_INIT("،"),  DH_SLICE_INIT("i")};
    static const dh_slice prefixes[] = {
        DH_SLICE_INIT("by"),           DH_SLICE_INIT("by:"),         DH_SLICE_INIT("von"),
        DH_SLICE_INIT("par"),          DH_SLICE_INIT("por"),         DH_SLICE_INIT("di"),
        DH_SLICE_INIT("door"),         DH_SLICE_INIT("av"),          DH_SLICE_INIT("af"),
        DH_SLICE_INIT("author"),       DH_SLICE_INIT("author:"),     DH_SLICE_INIT("authors:"),
        DH_SLICE_INIT("written by"),   DH_SLICE_INIT("written by:"), DH_SLICE_INIT("words by"),
        DH_SLICE_INIT("posted by"),    DH_SLICE_INIT("posted by:"),  DH_SLICE_INIT("text:"),
        DH_SLICE_INIT("autor:"),       DH_SLICE_INIT("autor"),       DH_SLICE_INIT("بقلم"),
        DH_SLICE_INIT("بقلم:"),        DH_SLICE_INIT("كتب:"),        DH_SLICE_INIT("كتب"),
        DH_SLICE_INIT("كتبت:"),        DH_SLICE_INIT("كتبت"),        DH_SLICE_INIT("نویسنده:"),
        DH_SLICE_INIT("article by"),   DH_SLICE_INIT("auteur:"),     DH_SLICE_INIT("מאת"),
        DH_SLICE_INIT("published by"), DH_SLICE_INIT("story by")};
    dh_slice rest;
    for (size_t i = 0; i < sizeof ands / sizeof *ands; i++)
        if (dh_slice_eq_nocase(*text, ands[i])) return PIECE_AND;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (dh_slice_eq_nocase(*text, prefixes[i])) return PIECE_PREFIX;
    if (dh_names_is_byline(*text, &rest)) *text = rest;
    *text = head_of(*text, arena);
    return dh_names_is_person(*text) ? PIECE_NAME : PIECE_OTHER;
}

/* Reads the runs of text below a byline element: the first names, and more while "and" or a comma
 * goes on. What follows (trade, date, buttons) is not read. */
static void read_named(reader *r, uint32_t id, uint16_t rank) {
    dh_dom *dom = r->state->dom;
    bool any = false, more = true;
    uint32_t others = 0, end = dom->nodes[id].end;
    if (end - id > SUBTREE_MAX) end = id + SUBTREE_MAX;
    for (uint32_t i = id + 1; i < end && others < 4; i++) {
        if (dh_tag_is(dom->nodes[i].tag, DH_T_SKIP)) {
            i = dom->nodes[i].end - 1;
            continue;
        }
        dh_slice raw = dh_dom_text(dom, i);
        if (dom->nodes[i].tag != DH_TAG_TEXT || raw.len > 300) continue;
        dh_slice text = dh_value_text(raw, r->state->arena);
        if (text.len == 0) continue;
        bool comma = text.ptr[text.len - 1] == ',';
        switch (piece_of(&text, r->state->arena)) {
        case PIECE_NAME:
            if (any && !more) return;
            offer(r, i, text, rank, DH_SLICE("byline"));
            any = true;
            more = comma;
            break;
        case PIECE_AND:
            more = true;
            break;
        case PIECE_PREFIX:
            break;
        case PIECE_OTHER:
            if (any) return;
            others++;
            break;
        }
    }
}

/* A link with rel=author or to an author's page. */
static bool read_link(reader *r, uint32_t id, bool near) {
    dh_dom *dom = r->state->dom;
    bool rel = dh_slice_has_nocase(dh_dom_attr_value(dom, id, DH_SLICE("rel")), DH_SLICE("author"));
    if (!rel && !is_author_address(dh_dom_attr_value(dom, id, DH_SLICE("href")))) return false;
    dh_slice text = dh_value_node(dom, id, 200, r->state->arena);
    if (piece_of(&text, r->state->arena) == PIECE_NAME)
        offer(r, id, text,
              !near ? DH_RANK_FAR
              : rel ? RANK_REL
                    : RANK_LINK,
              rel ? DH_SLICE("a[rel=author]") : DH_SLICE("link to an author"));
    return true;
}

static void read_near(reader *r, uint32_t id) {
    static const dh_slice names[] = {DH_SLICE_INIT("class"), DH_SLICE_INIT("data-testid"),
                                     DH_SLICE_INIT("id"), DH_SLICE_INIT("data-qa")};
    dh_dom *dom = r->state->dom;
    if (dom->nodes[id].tag == DH_TAG_a && dom->nodes[id].end - id <= 12 && read_link(r, id, true))
        return;
    int32_t distance = dh_meta_distance(r->state, id);
    if (!is_near(distance)) return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_author_name(dh_dom_attr_value(dom, id, names[i]))) {
            read_named(r, id,
                       (uint16_t)(RANK_NAMED + (distance < 0 ? NEAR_BEHIND - distance : distance)));
            return;
        }
}

/* Blocks that begin as bylines do: "By Jane Doe", "بقلم: ...". */
static void read_lines(reader *r) {
    dh_meta_state *state = r->state;
    const dh_blocks *blocks = state->page->blocks;
    uint32_t begin = state->headline > NEAR_BEFORE ? state->headline - NEAR_BEFORE : 0;
    for (uint32_t i = begin; i < blocks->len && i <= state->headline + NEAR_BEHIND; i++) {
        const dh_block *block = &blocks->ptr[i];
        dh_slice rest;
        if (i == state->headline || block->text.len > 200 || (block->flags & DH_BLOCK_HIDDEN) != 0)
            continue;
        if (!dh_names_is_byline(block->text, &rest)) continue;
        rest = head_of(rest, state->arena);
        uint32_t distance = i > state->headline ? i - state->headline : NEAR_BEHIND;
        if (dh_names_is_person(rest))
            offer(r, block->node, rest, (uint16_t)(RANK_TEXT + distance), DH_SLICE("byline"));
    }
}

void dh_meta_read_bylines(dh_meta_state *state) {
    dh_dom *dom = state->dom;
    reader r = {.state = state};
    if (state->headline == UINT32_MAX || state->page->blocks == NULL) return;
    dh_meta_range range = dh_meta_near(state, NEAR_BEFORE, NEAR_BEHIND);
    dh_needle author = dh_needle_make(DH_SLICE("author"));
    for (uint32_t id = 1; id < dom->len; id++) {
        const dh_node *node = &dom->nodes[id];
        if (node->tag == DH_TAG_TEXT || node->end == id + 1) continue;
        bool near = node->src_begin >= range.begin && node->src_begin < range.end;
        if (!near && node->tag != DH_TAG_a) continue;
        dh_slice tag = dh_slice_sub(dom->page, node->src_begin, node->src_end);
        if (tag.len < 12) continue;
        if (near)
            read_near(&r, id);
        else if (dh_needle_in(&author, tag) && node->end - id <= 12)
            read_link(&r, id, false);
    }
    read_lines(&r);
}
