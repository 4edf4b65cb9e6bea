/* SPDX-License-Identifier: Apache-2.0 */
/* bylines: authors that the page names near its headline: rel=author, links to authors' pages,
 * elements named after authors, lines that begin as bylines do. What stands elsewhere counts only
 * when it names one person and nothing near the headline does. */
#include "base/url.h"
#include "base/utf8.h"
#include "meta/needle.h"
#include "meta/state.h"
#include "meta/text_head.h"
#include "text/class.h"
#include "text/date.h"

enum {
    NEAR_BEFORE = 3,
    NEAR_BEHIND = 10,
    RANK_REL = 0,
    RANK_LINK = 50,
    RANK_NAMED = 100,
    RANK_TEXT = 200,
    RANK_BARE = 250,
    /* DH_RANK_FAR = 300 */
    FAR_MAX = 12,
    SUBTREE_MAX = 80,
    BODY_BLOCKS = 40,
    LABEL_BYTES = 32
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
    while (word > 0 && text.ptr[word - 1] != ' ' && text.ptr[word - 1] != ',') word--;
    if (cut && is_month(dh_slice_sub(text, word, text.len), arena))
        text = dh_slice_trim(dh_slice_sub(text, 0, word));
    /* "Sat, 14 May": what one word stands before a number is no name */
    if (cut && memchr(text.ptr, ' ', text.len) == NULL && text.len > 0 &&
        (unsigned char)text.ptr[0] < 0x80)
        text.len = 0;
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

/* Whether two runs of text stand in elements of one kind next to each other: one a name. */
static bool are_alike(dh_meta_state *state, uint32_t a, uint32_t b) {
    const dh_node *nodes = state->dom->nodes;
    a = nodes[a].parent;
    b = nodes[b].parent;
    if (a == b || nodes[a].tag != nodes[b].tag || nodes[a].parent != nodes[b].parent) return false;
    dh_slice class = dh_dom_attr_value(state->dom, a, DH_SLICE("class"));
    return class.len > 0 && dh_slice_eq(class, dh_dom_attr_value(state->dom, b, DH_SLICE("class")));
}

/* Reads the runs of text below a byline element: the first names, and more while "and" or a comma
 * goes on, or elements of the same class. What follows (trade, date, buttons) is not read. */
static void read_named(reader *r, uint32_t id, uint16_t rank) {
    dh_dom *dom = r->state->dom;
    bool any = false, more = true;
    uint32_t others = 0, last = 0, end = dom->nodes[id].end;
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
            if (any && !more && !are_alike(r->state, last, i)) return;
            offer(r, i, text, rank, DH_SLICE("byline"));
            last = i;
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

/* "Jane DoeEditor": what ran together when the page was flattened. */
static bool is_glued(dh_slice text) {
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ') begin = i + 1;
        bool mac =
            i - begin == 3 && dh_slice_starts(dh_slice_sub(text, begin, text.len), DH_SLICE("Mac"));
        if (i - begin >= 3 && !mac && c >= 'A' && c <= 'Z' && text.ptr[i - 1] >= 'a' &&
            text.ptr[i - 1] <= 'z')
            return true;
    }
    return false;
}

static bool has_digit(dh_slice text) {
    for (size_t i = 0; i < text.len; i++)
        if (dh_is_digit(text.ptr[i])) return true;
    return false;
}

static void offer_line(reader *r, uint32_t i, dh_slice text) {
    dh_meta_state *state = r->state;
    uint32_t distance = i > state->headline ? i - state->headline : NEAR_BEHIND;
    text = head_of(text, state->arena);
    if (state->dom == NULL && is_glued(text)) return;
    if (dh_names_is_person(text))
        offer(r, state->page->blocks->ptr[i].node, text, (uint16_t)(RANK_TEXT + distance),
              DH_SLICE("byline"));
}

bool dh_text_head_is_byline(const dh_text_head *head, uint32_t i) {
    dh_slice text = head->blocks->ptr[i].text, rest;
    if (text.len > 200) return false;
    if (dh_names_is_byline(text, &rest)) return dh_names_is_person(head_of(rest, head->arena));
    return dh_names_is_prefix(text);
}

/* "Published on 14 May 2024 by Jane Doe" */
static dh_slice name_behind_date(dh_slice text) {
    static const dh_slice words[] = {DH_SLICE_INIT(" by "), DH_SLICE_INIT(" von "),
                                     DH_SLICE_INIT(" par "), DH_SLICE_INIT(" por ")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t at = dh_slice_find(text, words[i]);
        if (at == DH_NPOS || at < 6) continue;
        return dh_slice_sub(text, at + words[i].len, text.len);
    }
    return (dh_slice){NULL, 0};
}

/* "Jane Doe | 14 May 2024": a name of two words or more, a mark, a date. */
static dh_slice name_before_date(dh_slice text) {
    static const dh_slice marks[] = {DH_SLICE_INIT(" | "), DH_SLICE_INIT(" • "),
                                     DH_SLICE_INIT(" · ")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = dh_slice_find(text, marks[i]);
        if (at == DH_NPOS) continue;
        dh_slice name = dh_slice_sub(text, 0, at), rest = name;
        uint32_t words = 0;
        while (dh_slice_token(&rest).len > 0) words++;
        return words >= 2 && words <= 4 ? name : (dh_slice){NULL, 0};
    }
    return (dh_slice){NULL, 0};
}

/* A block that begins as bylines do, is the beginning of one, or holds a name and a date. */
static void read_line(reader *r, uint32_t i) {
    dh_meta_state *state = r->state;
    const dh_blocks *blocks = state->page->blocks;
    dh_slice text = blocks->ptr[i].text, rest;
    if (text.len > 200 || (blocks->ptr[i].flags & DH_BLOCK_HIDDEN) != 0) return;
    if (dh_names_is_byline(text, &rest)) {
        offer_line(r, i, rest);
    } else if (text.len <= 40 && dh_names_is_prefix(text)) {
        if (i + 1 >= blocks->len || blocks->ptr[i + 1].text.len > 100) return;
        dh_slice next = blocks->ptr[i + 1].text;
        if (!dh_names_is_byline(next, &rest)) rest = next;
        offer_line(r, i, rest);
    } else if (text.len <= 120 && text.len > 12 && has_digit(text) &&
               dh_date_parse(text, state->lang, state->arena).len > 0) {
        rest = name_behind_date(text);
        if (rest.len == 0) rest = name_before_date(text);
        if (rest.len > 0) offer_line(r, i, rest);
    }
}

/* "(责编：王明)", "Author: Jane Doe": a line with such a label anywhere behind the headline, the last
 * resort. */
static void read_labels(reader *r) {
    const dh_blocks *blocks = r->state->page->blocks;
    for (uint32_t i = r->state->headline + 1; i < blocks->len; i++) {
        dh_slice text = blocks->ptr[i].text, rest, head = dh_slice_sub(text, 0, LABEL_BYTES);
        if (text.len > 120 || text.len < 6) continue;
        if (memchr(head.ptr, ':', head.len) == NULL && !dh_slice_has(head, DH_SLICE("：")))
            continue;
        static const dh_slice open[] = {DH_SLICE_INIT("("), DH_SLICE_INIT("（"),
                                        DH_SLICE_INIT("[")};
        static const dh_slice close[] = {DH_SLICE_INIT(")"), DH_SLICE_INIT("）"),
                                         DH_SLICE_INIT("]")};
        if ((blocks->ptr[i].flags & DH_BLOCK_HIDDEN) != 0) continue;
        for (size_t k = 0; k < 3; k++)
            if (dh_slice_starts(text, open[k]) && dh_slice_ends(text, close[k]))
                text = dh_slice_sub(text, open[k].len, text.len - close[k].len);
        if (!dh_names_is_byline(text, &rest)) continue;
        rest = head_of(rest, r->state->arena);
        if (dh_names_is_person(rest))
            offer(r, blocks->ptr[i].node, rest, DH_RANK_FAR + 1, DH_SLICE("byline"));
    }
}

/* Lines around the headline. */
static void read_lines(reader *r) {
    dh_meta_state *state = r->state;
    uint32_t begin = state->headline > NEAR_BEFORE ? state->headline - NEAR_BEFORE : 0;
    for (uint32_t i = begin; i < state->page->blocks->len && i <= state->headline + NEAR_BEHIND;
         i++)
        if (i != state->headline) read_line(r, i);
    read_labels(r);
}

/* Two or three words, each with a capital or of a script without. */
static bool is_short_name(dh_slice text) {
    dh_slice rest = text;
    uint32_t words = 0;
    if (text.len < 5 || text.len > 60) return false;
    for (dh_slice word = dh_slice_token(&rest); word.len > 0; word = dh_slice_token(&rest)) {
        uint32_t c;
        dh_utf8_decode(word.ptr, word.ptr + word.len, &c);
        if (word.len < 2 || (c < 0x80 ? !(c >= 'A' && c <= 'Z') : !dh_code_is_letter(c)))
            return false;
        for (size_t k = 0; k < word.len; k++)
            if (dh_is_digit(word.ptr[k])) return false;
        words++;
    }
    return words >= 2 && words <= 3 && dh_names_is_person(text) && !dh_names_has_role(text) &&
           !is_glued(text);
}

/* A short name next to a date, of which the text itself says no word: it may speak of other people, of
 * places and of its subject, but hardly of who wrote it. */
static bool is_bare_name(const dh_text_head *head, uint32_t i) {
    const dh_blocks *blocks = head->blocks;
    if (head->lines[i] != DH_TEXT_OTHER || !is_short_name(blocks->ptr[i].text)) return false;
    if (!(i > 0 && dh_text_head_is_dated(head, i - 1)) &&
        !(i + 1 < blocks->len && dh_text_head_is_dated(head, i + 1)))
        return false;
    dh_words words = dh_words_of(blocks->ptr[i].text, head->arena);
    for (uint32_t k = head->lead, read = 0; k < blocks->len && read < BODY_BLOCKS; k++) {
        if (head->lines[k] != DH_TEXT_BODY) continue;
        dh_words body = dh_words_of(dh_slice_sub(blocks->ptr[k].text, 0, 1500), head->arena);
        if (dh_words_share(&words, &body) > 0) return false;
        read++;
    }
    return true;
}

void dh_meta_read_byline_lines(dh_meta_state *state, const dh_text_head *head, uint32_t begin,
                               uint32_t end) {
    reader r = {.state = state};
    for (uint32_t i = begin; i <= end; i++) {
        if (i == state->page->title_block || head->lines[i] == DH_TEXT_LABEL) continue;
        read_line(&r, i);
        if (i != begin && is_bare_name(head, i))
            offer(&r, DH_NO_NODE, head->blocks->ptr[i].text, RANK_BARE, DH_SLICE("name by a date"));
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
