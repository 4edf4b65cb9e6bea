/* SPDX-License-Identifier: Apache-2.0 */
#include "extract/complete.h"

#include "base/buf.h"
#include "base/url.h"
#include "text/class.h"
#include "text/clean.h"

enum {
    SMALL = 1500, /* characters: a body that may be a notice or a teaser */
    TINY = 600,   /* that may be a block page for one line in it */
    HARDLY = 150, /* that is hardly any */
    SHORT = 200,  /* characters of a block that may be a notice */
    CLOSE = 3,    /* blocks behind the text, too: close behind it */
    LOOK_ON = 6,  /* blocks behind the text that may say that it goes on elsewhere */
    ENTRIES = 6,  /* that begin with a time: a live blog's */
    LISTED = 8,   /* links that make a list */
    LINES = 20,   /* short parts that make a list, where paragraphs are few */
    PROSE = 150,  /* characters of a block that is a paragraph of an article */
    WORDS = 150,  /* a count of words that is worth comparing */
    TAIL = 4096   /* bytes of the page in which its end tags stand */
};

/* What is counted once for all questions. */
typedef struct facts {
    const dh_complete_page *page;
    const dh_article *article;
    uint32_t blocks;            /* kept, of the body */
    uint32_t first, last;       /* the first and the last of them */
    uint32_t chars, link_chars; /* in them */
    uint32_t prose;             /* of them: paragraphs */
    uint32_t linked;            /* of them: hardly more than links */
    uint32_t timed;             /* of them: begin with a time */
    uint32_t headings;          /* of them: headings that are links */
    uint32_t letters, unspaced;
    uint64_t words;
    dh_slice title, key; /* and its key */
    dh_buf why;
} facts;

/* ---- phrases ---- */

static const dh_phrase_row phrases[] = {
#define DH_PHRASE(kind, text) {DH_PHRASE_##kind, text},
#include "extract/complete_phrases.def"
#undef DH_PHRASE
};

const dh_phrase_row *dh_complete_phrases(size_t *len) {
    *len = sizeof phrases / sizeof *phrases;
    return phrases;
}

static const char *kind_name(dh_phrase_kind kind) {
    static const char *const names[DH_PHRASE_KINDS] = {
        "an error", "a captcha", "a question for consent",
        "a log-in", "live",      "the rest is elsewhere"};
    return names[kind];
}

/* A letter or digit does not go on behind it; in scripts without spaces anything may. */
static bool ends_word(dh_slice text, size_t at) {
    if (at >= text.len) return true;
    unsigned char c = (unsigned char)text.ptr[at];
    return c >= 0x80 ? (unsigned char)text.ptr[at - 1] >= 0xE0 : !dh_is_alnum(text.ptr[at]);
}

static bool is_anywhere(dh_phrase_kind kind) {
    return kind == DH_PHRASE_live || kind == DH_PHRASE_rest;
}

/* The phrase that a key begins with, or has in it. One of a single word is all of the key, or nearly: many a headline begins
 * with it. */
static const dh_phrase_row *phrase_of(dh_slice key, dh_phrase_kind first, dh_phrase_kind last) {
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        dh_slice phrase = dh_slice_cstr(phrases[i].text);
        bool anywhere = is_anywhere(phrases[i].kind);
        if (phrases[i].kind < first || phrases[i].kind > last) continue;
        size_t at = anywhere                       ? dh_slice_find(key, phrase)
                    : dh_slice_starts(key, phrase) ? 0
                                                   : DH_NPOS;
        if (at == DH_NPOS || !ends_word(key, at + phrase.len)) continue;
        if (at > 0 && dh_is_alnum(key.ptr[at - 1])) continue;
        bool one_word = !dh_slice_has(phrase, DH_SLICE(" "));
        if (!anywhere && one_word && key.len > phrase.len + 8) continue;
        return &phrases[i];
    }
    return NULL;
}

static const dh_phrase_row *block_phrase(dh_slice key) {
    return phrase_of(key, DH_PHRASE_error, DH_PHRASE_login);
}

/* ---- counting ---- */

/* "14:32", "14.32 Uhr", "9:05 am" begin it. */
static bool begins_with_time(dh_slice text) {
    size_t at = 0, digits = 0;
    while (at < text.len && at < 2 && dh_is_digit(text.ptr[at])) at++;
    if (at == 0 || at >= text.len || (text.ptr[at] != ':' && text.ptr[at] != '.')) return false;
    for (at++; at < text.len && dh_is_digit(text.ptr[at]); at++) digits++;
    bool point = text.ptr[at - digits - 1] == '.';
    dh_slice rest = dh_slice_trim(dh_slice_sub(text, at, text.len));
    if (digits != 2) return false;
    if (rest.len > 0 && (rest.ptr[0] == '.' || rest.ptr[0] == '/')) return false; /* a date */
    return !point || dh_slice_starts(rest, DH_SLICE("Uhr")) || rest.len == 0;
}

static void count_block(facts *f, uint32_t i) {
    const dh_block *block = &f->article->blocks->ptr[i];
    dh_text_facts text;
    dh_text_measure(f->article->texts[i], &text);
    if (f->blocks++ == 0) f->first = i;
    f->last = i;
    f->chars += text.chars;
    f->words += text.words;
    f->letters += text.letters;
    f->unspaced += text.unspaced;
    f->link_chars += block->link_chars < text.chars ? block->link_chars : text.chars;
    if (block->link_chars * 10 >= text.chars * 8) f->linked++;
    else if (text.chars >= PROSE && block->link_chars * 3 < text.chars) f->prose++;
    if (begins_with_time(f->article->texts[i])) f->timed++;
    bool linked = block->link_chars * 10 >= block->chars * 8 && block->chars >= 15;
    if (block->kind == DH_BLOCK_HEADING && linked) f->headings++;
}

static facts count(const dh_complete_page *page) {
    const dh_article *a = page->article;
    facts f = {.page = page, .article = a};
    for (uint32_t i = 0; i < a->blocks->len; i++)
        if (a->decisions[i].verdict == DH_KEEP && a->decisions[i].role == DH_ROLE_BODY &&
            a->texts[i].len > 0)
            count_block(&f, i);
    f.title = dh_fields_value(a->fields, DH_FIELD_title);
    f.key = dh_text_key(dh_slice_sub(f.title, 0, 300), true, page->arena);
    dh_buf_init(&f.why, page->arena, 0);
    return f;
}

static void say_text(facts *f, dh_slice text) {
    dh_buf_putc(&f->why, '"');
    dh_buf_put_slice(&f->why, text);
    dh_buf_putc(&f->why, '"');
}

static bool is_visible(const dh_block *block) {
    return (block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) == 0 && block->text.len > 0;
}

static bool is_paid(const facts *f) {
    dh_slice access = dh_fields_value(f->article->fields, DH_FIELD_access);
    return dh_slice_eq(access, DH_SLICE("paid")) || dh_slice_eq(access, DH_SLICE("metered"));
}

static bool is_free(const facts *f) {
    return dh_slice_eq(dh_fields_value(f->article->fields, DH_FIELD_access), DH_SLICE("free"));
}

static dh_slice type_of(const facts *f) {
    return dh_fields_value(f->article->fields, DH_FIELD_pagetype);
}

/* ---- the questions ---- */

/* A page of little text whose title or one of whose lines says what it is. */
static bool is_block_page(facts *f) {
    const dh_blocks *blocks = f->article->blocks;
    if (f->chars >= SMALL) return false;
    const dh_phrase_row *row = f->key.len > 0 ? block_phrase(f->key) : NULL;
    if (row != NULL) {
        dh_buf_printf(&f->why, "%s: the title is ", kind_name(row->kind));
        say_text(f, f->title);
        return true;
    }
    if (f->chars >= TINY || f->article->total_chars >= 2 * SMALL) return false;
    for (uint32_t i = 0; i < blocks->len; i++) {
        const dh_block *block = &blocks->ptr[i];
        if (!is_visible(block) || block->chars > SHORT) continue;
        row = block_phrase(dh_text_key(block->text, true, f->page->arena));
        /* Many an open page asks for a log-in somewhere. */
        if (row == NULL || (row->kind == DH_PHRASE_login && f->chars >= HARDLY)) continue;
        dh_buf_printf(&f->why, "%s: the page says ", kind_name(row->kind));
        say_text(f, block->text);
        return true;
    }
    return false;
}

static bool is_live(facts *f) {
    dh_slice type = type_of(f);
    if (dh_slice_has_nocase(type, DH_SLICE("liveblog"))) {
        dh_buf_puts(&f->why, "the page calls itself ");
        dh_buf_put_slice(&f->why, type);
        return true;
    }
    const dh_phrase_row *row =
        f->key.len > 0 ? phrase_of(f->key, DH_PHRASE_live, DH_PHRASE_live) : NULL;
    if (f->timed < ENTRIES || (row == NULL && f->timed * 4 < f->blocks)) return false;
    dh_buf_printf(&f->why, "%u parts begin with a time", (unsigned)f->timed);
    if (row != NULL) dh_buf_puts(&f->why, ", and the title says ");
    if (row != NULL) say_text(f, dh_slice_cstr(row->text));
    return true;
}

static bool is_front(dh_slice url) {
    size_t scheme = dh_slice_find(url, DH_SLICE("://"));
    if (scheme == DH_NPOS) return false;
    dh_slice rest = dh_slice_sub(url, scheme + 3, url.len);
    size_t slash = dh_slice_find(rest, DH_SLICE("/"));
    return slash == DH_NPOS || slash + 1 == rest.len;
}

static bool is_list_type(dh_slice type) {
    static const dh_slice words[] = {DH_SLICE_INIT("collectionpage"), DH_SLICE_INIT("itemlist"),
                                     DH_SLICE_INIT("searchresults"), DH_SLICE_INIT("productgroup")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dh_slice_has_nocase(type, words[i])) return true;
    return false;
}

/* It says so itself, where pages say what they are and not only how to show them. */
static bool is_article(const facts *f) {
    const dh_field *type = dh_fields_get(f->article->fields, DH_FIELD_pagetype);
    static const dh_slice words[] = {DH_SLICE_INIT("article"), DH_SLICE_INIT("posting"),
                                     DH_SLICE_INIT("recipe"), DH_SLICE_INIT("qapage"),
                                     DH_SLICE_INIT("report")};
    if (type == NULL || type->source > DH_SOURCE_MICRODATA) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dh_slice_has_nocase(type->value, words[i])) return true;
    return false;
}

static bool is_index(facts *f) {
    dh_slice url = dh_fields_value(f->article->fields, DH_FIELD_url), type = type_of(f);
    uint32_t share = f->chars > 0 ? (uint32_t)((uint64_t)f->link_chars * 100 / f->chars) : 0;
    bool front = is_front(url), list = is_list_type(type);
    if (is_article(f) && !front) return false;
    bool links = share >= 50 && f->linked >= LISTED;
    bool cards = f->headings >= LISTED && f->prose * 2 < f->headings;
    bool lines = f->blocks >= LINES && f->prose <= 2;
    bool few = f->prose < LISTED && f->headings + f->linked >= LISTED / 2;
    if (!links && !cards && !lines && !(list && f->prose < LISTED) && !(front && few)) return false;
    if (front) dh_buf_puts(&f->why, "the address is a site's front page");
    if (list) {
        dh_buf_puts(&f->why, front ? ", the page calls itself " : "the page calls itself ");
        dh_buf_put_slice(&f->why, type);
    }
    if (front || list) dh_buf_puts(&f->why, ", ");
    if (links) dh_buf_printf(&f->why, "%u %% of the text are links", (unsigned)share);
    else if (cards) dh_buf_printf(&f->why, "%u headings are links", (unsigned)f->headings);
    else
        dh_buf_printf(&f->why, "%u of %u parts are paragraphs", (unsigned)f->prose,
                      (unsigned)f->blocks);
    return true;
}

/* ---- how it ends ---- */

/* The mark at the end that says that there is more; empty when there is none. */
static dh_slice ellipsis_of(dh_slice text) {
    static const dh_slice marks[] = {DH_SLICE_INIT("[…]"),       DH_SLICE_INIT("[...]"),
                                     DH_SLICE_INIT("(…)"),       DH_SLICE_INIT("(...)"),
                                     DH_SLICE_INIT("…"),         DH_SLICE_INIT("..."),
                                     DH_SLICE_INIT("[&hellip;]")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (dh_slice_ends(text, marks[i])) return marks[i];
    return (dh_slice){NULL, 0};
}

/* A label behind the text, or at its end, that says that there is more. */
static const dh_label_hit *label_behind(const facts *f, dh_label label) {
    const dh_blocks *blocks = f->article->blocks;
    uint32_t seen = 0;
    for (uint32_t i = f->last; i < f->page->label_count && seen < LOOK_ON; i++) {
        const dh_label_hit *hit = &f->page->labels[i];
        if (!is_visible(&blocks->ptr[i])) continue;
        seen++;
        size_t space = dh_slice_find(hit->phrase, DH_SLICE(" "));
        bool sentence =
            hit->match == DH_MATCH_PREFIX ||
            (space != DH_NPOS &&
             dh_slice_has(dh_slice_sub(hit->phrase, space + 1, hit->phrase.len), DH_SLICE(" ")));
        if (hit->label == label && (hit->certain || label == DH_LABEL_read_more) &&
            (sentence || label == DH_LABEL_read_more))
            return hit;
    }
    return NULL;
}

/* Close behind the text somebody says that there is more for others. */
static const dh_phrase_row *rest_behind(const facts *f) {
    const dh_blocks *blocks = f->article->blocks;
    uint32_t seen = 0;
    for (uint32_t i = f->last + 1; i < blocks->len && seen < CLOSE; i++) {
        const dh_block *block = &blocks->ptr[i];
        if (!is_visible(block)) continue;
        seen++;
        if (block->chars > SHORT) continue;
        dh_slice key = dh_text_key(block->text, true, f->page->arena);
        const dh_phrase_row *row = phrase_of(key, DH_PHRASE_rest, DH_PHRASE_rest);
        if (row != NULL) return row;
    }
    return NULL;
}

static void say_length(facts *f) {
    dh_buf_printf(&f->why, ", and the text has %u characters", (unsigned)f->chars);
}

/* Words of a page that counts its own: fewer than half of them are here. */
static bool is_short_of_words(const facts *f) {
    uint64_t says = f->page->word_count;
    return says >= WORDS && says < 100000 && f->words * 5 < says * 2 &&
           f->unspaced * 2 < f->letters;
}

static bool is_teaser(facts *f) {
    if (f->blocks == 0) return false;
    dh_slice end = ellipsis_of(f->article->texts[f->last]);
    const dh_label_hit *wall = label_behind(f, DH_LABEL_paywall);
    const dh_label_hit *more = label_behind(f, DH_LABEL_read_more);
    bool paid = is_paid(f);
    /* A letter of a script without spaces says more. */
    uint32_t size = f->chars + f->unspaced;
    if (paid && is_short_of_words(f)) {
        dh_buf_printf(&f->why, "not free, and %llu words of the %llu that the page says it has",
                      (unsigned long long)f->words, (unsigned long long)f->page->word_count);
        return true;
    }
    const dh_phrase_row *rest = rest_behind(f);
    if (rest != NULL && !is_free(f)) {
        dh_buf_puts(&f->why, paid ? "not free, close behind the text stands "
                                  : "close behind the text stands ");
        say_text(f, dh_slice_cstr(rest->text));
        return true;
    }
    if (wall != NULL && size < SMALL && (paid || size < TINY || end.len > 0)) {
        if (paid) dh_buf_puts(&f->why, "not free, ");
        say_text(f, wall->phrase);
        dh_buf_puts(&f->why, " stands behind the text");
        say_length(f);
        return true;
    }
    if (end.len > 0 && size < SMALL && (paid || more != NULL || size < TINY)) {
        dh_buf_puts(&f->why, paid ? "not free, the text ends with " : "the text ends with ");
        say_text(f, end);
        if (more != NULL) {
            dh_buf_puts(&f->why, ", behind it stands ");
            say_text(f, more->phrase);
        }
        say_length(f);
        return true;
    }
    return false;
}

/* The page does not end: neither body nor html is closed, and its last text is the article's and breaks off. */
static bool breaks_off(const facts *f) {
    dh_slice page = f->page->page;
    dh_slice tail = dh_slice_sub(page, page.len > TAIL ? page.len - TAIL : 0, page.len);
    if (f->article->kind == DH_INPUT_TEXT || f->blocks == 0) return false;
    if (dh_slice_has_nocase(tail, DH_SLICE("</html")) ||
        dh_slice_has_nocase(tail, DH_SLICE("</body")))
        return false;
    for (uint32_t i = f->last + 1; i < f->article->blocks->len; i++)
        if (is_visible(&f->article->blocks->ptr[i])) return false;
    dh_text_facts text;
    dh_text_measure(f->article->texts[f->last], &text);
    return !text.ends_sentence;
}

static bool is_truncated(facts *f) {
    if (f->article->limited != DH_LIMIT_NONE) {
        dh_buf_printf(&f->why, "the limit %s cut the page", dh_limit_name(f->article->limited));
        return true;
    }
    if (breaks_off(f)) {
        dh_buf_puts(&f->why, "the page breaks off within the text");
        return true;
    }
    if (f->blocks == 0) return false;
    dh_slice end = ellipsis_of(f->article->texts[f->last]);
    bool brackets = end.len > 0 && (end.ptr[0] == '[' || end.ptr[0] == '(');
    if (brackets || (end.len > 0 && f->blocks == 1)) {
        dh_buf_puts(&f->why, "the text ends with ");
        say_text(f, end);
        return true;
    }
    if (is_short_of_words(f)) {
        dh_buf_printf(&f->why, "%llu words of the %llu that the page says it has",
                      (unsigned long long)f->words, (unsigned long long)f->page->word_count);
        return true;
    }
    return false;
}

dh_complete dh_complete_judge(const dh_complete_page *page, dh_slice *why) {
    static const struct {
        bool (*is)(facts *f);
        dh_complete complete;
    } questions[] = {{is_block_page, DH_COMPLETE_block_page},
                     {is_live, DH_COMPLETE_live},
                     {is_index, DH_COMPLETE_index},
                     {is_teaser, DH_COMPLETE_teaser},
                     {is_truncated, DH_COMPLETE_truncated}};
    facts f = count(page);
    dh_complete complete = DH_COMPLETE_full;
    for (size_t i = 0; i < sizeof questions / sizeof *questions && complete == DH_COMPLETE_full;
         i++)
        if (questions[i].is(&f)) complete = questions[i].complete;
    *why = dh_buf_slice(&f.why);
    return complete;
}
