/* SPDX-License-Identifier: Apache-2.0 */
/* text_headline: the headline of scraped text, where no markup tells. It stands in the lines ahead of
 * the body's first paragraph, among menus, summaries, bylines, captions and credits. Each line that
 * is shaped like a headline is weighed: by how many of its words the body takes up, by whether the page says
 * it twice (in a trail of links, in a list), by what stands around it. The best is named when it is
 * clearly better than the next, else none is: a wrong headline would be cut out of an article. */
#include <stdlib.h>

#include "base/utf8.h"
#include "meta/text_head.h"
#include "text/class.h"

enum {
    BODY_BLOCKS = 12, /* paragraphs that a headline's words are looked for in */
    SHARE = 400,      /* of its words the body uses, of 1000; else it is of something else */
    COMMON = 20,      /* a word that is more than one in so many */
    ENOUGH = 38,      /* least weight */
    MARGIN = 4        /* to the next */
};

typedef struct line {
    dh_text_facts facts;
    bool may_be; /* shaped like a headline */
    bool dated, byline, credit;
} line;

typedef struct reader {
    const dh_text_head *head;
    dh_arena *arena;
    uint32_t *hashes; /* of the body's words, sorted */
    uint32_t hash_len;
} reader;

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void read_body(reader *r) {
    const dh_blocks *blocks = r->head->blocks;
    uint32_t read = 0;
    r->hashes = dh_arena_alloc(r->arena, BODY_BLOCKS * DH_WORDS_MAX * sizeof *r->hashes);
    for (uint32_t i = r->head->lead; i < blocks->len && read < BODY_BLOCKS; i++) {
        if (r->head->lines[i] != DH_TEXT_BODY || blocks->ptr[i].chars < 40) continue;
        dh_words words = dh_words_of(dh_slice_sub(blocks->ptr[i].text, 0, 1500), r->arena);
        memcpy(r->hashes + r->hash_len, words.hashes, words.len * sizeof *r->hashes);
        r->hash_len += words.len;
        read++;
    }
    qsort(r->hashes, r->hash_len, sizeof *r->hashes, compare);
}

/* How often the body uses the word. */
static uint32_t count_in_body(const reader *r, uint32_t hash) {
    const uint32_t *hit = bsearch(&hash, r->hashes, r->hash_len, sizeof hash, compare);
    uint32_t n = 0;
    if (hit == NULL) return 0;
    while (hit > r->hashes && hit[-1] == hash) hit--;
    for (; hit < r->hashes + r->hash_len && *hit == hash; hit++) n++;
    return n;
}

/* How many of the text's words the body uses, 0..1000. Words that it uses all the time ("of", "the") say
 * nothing. */
static uint32_t share_in_body(const reader *r, dh_slice text) {
    dh_words words = dh_words_of(text, r->arena);
    uint32_t hits = 0, all = 0;
    for (uint32_t k = 0; k < words.len; k++) {
        uint32_t n = count_in_body(r, words.hashes[k]);
        if (n > 2 && n * COMMON > r->hash_len) continue;
        hits += n > 0;
        all++;
    }
    return all > 0 ? hits * 1000 / all : 0;
}

static bool has_any(dh_slice text, const dh_slice *marks, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (dh_slice_has(text, marks[i])) return true;
    return false;
}

/* Marks that menus, lists, trails and addresses have and headlines do not. */
static bool has_menu_marks(dh_slice text) {
    static const dh_slice marks[] = {
        DH_SLICE_INIT("http"), DH_SLICE_INIT("www."), DH_SLICE_INIT("@"),  DH_SLICE_INIT("©"),
        DH_SLICE_INIT(" > "),  DH_SLICE_INIT(" » "),  DH_SLICE_INIT("\t"), DH_SLICE_INIT(" | "),
        DH_SLICE_INIT(" › "),  DH_SLICE_INIT(" • ")};
    uint32_t c;
    dh_utf8_decode(text.ptr, text.ptr + text.len, &c);
    return c == '*' || c == 0x2022 || c == 0x00B7 || c == '-' || c == 0x2013 ||
           has_any(text, marks, sizeof marks / sizeof *marks);
}

/* Who took a picture, or where the text was taken from. */
static bool is_credit(dh_slice text) {
    static const dh_slice marks[] = {
        DH_SLICE_INIT("©"),        DH_SLICE_INIT("Getty"),   DH_SLICE_INIT("Foto:"),
        DH_SLICE_INIT("Fotos:"),   DH_SLICE_INIT("Photo:"),  DH_SLICE_INIT("Photo by"),
        DH_SLICE_INIT("Picture:"), DH_SLICE_INIT("Image:"),  DH_SLICE_INIT("Credit:"),
        DH_SLICE_INIT("Reuters"),  DH_SLICE_INIT("REUTERS"), DH_SLICE_INIT("AFP"),
        DH_SLICE_INIT("dpa"),      DH_SLICE_INIT("Фото:"),   DH_SLICE_INIT("фото:"),
        DH_SLICE_INIT("写真"),     DH_SLICE_INIT("図"),      DH_SLICE_INIT("صورة"),
        DH_SLICE_INIT("عکس:"),     DH_SLICE_INIT("사진"),    DH_SLICE_INIT("(AP"),
        DH_SLICE_INIT("/AP"),      DH_SLICE_INIT("撮影"),    DH_SLICE_INIT("رويترز"),
        DH_SLICE_INIT("أ ف ب"),    DH_SLICE_INIT("ا ف ب"),   DH_SLICE_INIT("تصوير"),
        DH_SLICE_INIT("أرشيفية")};
    return text.len <= 300 && (has_any(text, marks, sizeof marks / sizeof *marks) ||
                               dh_slice_starts(text, DH_SLICE("Bild:")));
}

/* A full stop, comma or colon at the end: a sentence or a label. A question is a headline too. */
static bool ends_like_text(dh_slice text) {
    uint32_t c;
    dh_utf8_decode_before(text.ptr, text.ptr + text.len, &c);
    return c == '.' || c == ',' || c == ':' || c == ';' || c == '>' || c == '|' || c == 0x3002 ||
           c == 0x060C || c == 0x06D4 || c == 0x0964;
}

static bool may_be_headline(const dh_block *block, const dh_text_facts *facts) {
    bool alone = facts->unspaced * 2 > facts->letters;
    if (facts->chars < (alone ? 8u : 15u) || facts->chars > 220 || facts->words < 3) return false;
    if (facts->letters * 2 < facts->chars || facts->digits * 3 > facts->chars) return false;
    return !has_menu_marks(block->text) && !ends_like_text(block->text);
}

static line measure(const reader *r, uint32_t i) {
    const dh_block *block = &r->head->blocks->ptr[i];
    line l = {0};
    dh_text_measure(dh_slice_sub(block->text, 0, 2000), &l.facts);
    l.dated = dh_text_head_is_dated(r->head, i);
    l.byline = dh_text_head_is_byline(r->head, i);
    l.credit = is_credit(block->text);
    l.may_be = block->text.len > 0 && !l.dated && !l.byline && !l.credit &&
               r->head->lines[i] != DH_TEXT_LABEL && may_be_headline(block, &l.facts);
    return l;
}

/* Whether a line ahead ends with this one: a trail of links, "Home News Headline". */
static bool is_in_trail(const dh_block *blocks, uint32_t k) {
    for (uint32_t i = 0; i < k; i++)
        if (blocks[i].text.len < blocks[k].text.len + 80 &&
            dh_slice_ends(blocks[i].text, blocks[k].text))
            return true;
    return false;
}

/* What the form of line k and its place say. blocks and lines begin with the first line of the
 * head; the lead is block n. */
static int32_t weigh_form(const line *lines, uint32_t n, uint32_t k) {
    const line *l = &lines[k];
    int32_t weight = -(int32_t)(n - k) - (n - k == 1 ? 7 : 0);
    if (l->facts.words < 6) weight -= 29;
    if (l->facts.words < 4) weight -= 32;
    if (l->facts.chars > 100) weight -= 15;
    if (l->facts.ends_sentence) weight -= 8;
    return weight;
}

/* Dates and bylines stand below a headline; what is below them or below prose is a caption or a
 * subhead, and so is what comes after or before many lines of its like. */
static int32_t weigh_place(const line *lines, uint32_t n, uint32_t k) {
    uint32_t next = UINT32_MAX, above = 0, below = 0, longer = 0;
    bool byline = false, dated = false, prose = false;
    for (uint32_t i = 0; i < k; i++) {
        above += lines[i].may_be;
        byline = byline || lines[i].byline;
        /* right above it stands its own date, unless another headline is above that */
        dated = dated || (lines[i].dated && (i + 1 < k || (i > 0 && lines[i - 1].may_be)));
        prose = prose || (lines[i].facts.chars >= 100 && lines[i].facts.ends_sentence);
    }
    for (uint32_t i = k + 1; i < n; i++) {
        below += lines[i].may_be;
        longer += lines[i].facts.chars >= 60;
        if (next == UINT32_MAX && (lines[i].dated || lines[i].byline)) next = i - k;
    }
    int32_t weight = -5 * (int32_t)(above < 5 ? above : 5) - 5 * (int32_t)(below < 5 ? below : 5) -
                     2 * (int32_t)(longer < 4 ? longer : 4);
    if (next != UINT32_MAX) weight += next <= 3 ? 42 : 18;
    return weight - 15 * byline - 22 * dated - 20 * prose;
}

/* A short line above is the section; a longer one below is the summary. Of two that could be the
 * headline, one right below the other, the first is; but one that repeats the first with a kicker in
 * front is as the page shows it. */
static int32_t weigh_neighbours(const dh_block *blocks, const line *lines, uint32_t n, uint32_t k) {
    int32_t weight = 0;
    if (k == 0 || lines[k - 1].facts.words <= 3) weight += 16;
    if (k > 0 && lines[k - 1].may_be) weight -= 10;
    if (k + 1 >= n) return weight;
    const line *next = &lines[k + 1];
    if (next->may_be) weight -= 6;
    if (next->facts.words >= 5 && next->facts.chars > lines[k].facts.chars && !next->dated &&
        !next->byline && !next->credit)
        weight += 18;
    if (dh_slice_ends(blocks[k + 1].text, blocks[k].text)) weight += 8;
    return weight;
}

/* The weights were fitted to text dumps of development pages (logistic regression on the pages' lines; half
 * of the pages tested on the other half), then rounded. */
static int32_t weigh(const reader *r, const dh_block *blocks, const line *lines, uint32_t n,
                     uint32_t k) {
    uint32_t share = share_in_body(r, blocks[k].text);
    bool trail = is_in_trail(blocks, k);
    if (share < SHARE && !trail) return INT32_MIN;
    int32_t weight = (int32_t)share * 95 / 1000 + (trail ? 39 : 0);
    return weight + weigh_form(lines, n, k) + weigh_place(lines, n, k) +
           weigh_neighbours(blocks, lines, n, k);
}

uint32_t dh_text_headline(const dh_text_head *head, dh_arena *arena) {
    reader r = {.head = head, .arena = arena};
    uint32_t begin = head->lead > DH_TEXT_HEAD ? head->lead - DH_TEXT_HEAD : 0;
    uint32_t n = head->lead - begin, best = UINT32_MAX;
    int32_t best_weight = INT32_MIN, second = INT32_MIN;
    line lines[DH_TEXT_HEAD];
    read_body(&r);
    for (uint32_t k = 0; k < n; k++) lines[k] = measure(&r, begin + k);
    for (uint32_t k = 0; k < n; k++) {
        if (!lines[k].may_be) continue;
        int32_t weight = weigh(&r, head->blocks->ptr + begin, lines, n, k);
        bool same = best != UINT32_MAX &&
                    dh_slice_eq(head->blocks->ptr[best].text, head->blocks->ptr[begin + k].text);
        if (weight > best_weight || (same && weight > INT32_MIN)) {
            if (!same) second = best_weight;
            best = begin + k;
            if (weight > best_weight) best_weight = weight;
        } else if (weight > second) {
            second = weight;
        }
    }
    if (best_weight < ENOUGH || (second > INT32_MIN && best_weight - second < MARGIN))
        return UINT32_MAX;
    return best;
}
