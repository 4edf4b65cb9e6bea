/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: hashed words of the title, the description and JSON-LD's text, looked up for each block. */
#include "extract/words.h"

#include "base/utf8.h"
#include "text/class.h"

enum { TITLE_BITS = 8, DESCRIPTION_BITS = 9, BODY_BITS = 12, MAX_BITS = 20, MIN_BODY = 200 };

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

static void set_init(dh_word_set *set, dh_arena *arena, unsigned bits) {
    set->mask = (1u << bits) - 1;
    set->slots = dh_arena_zalloc(arena, set->mask + 1u, sizeof *set->slots);
}

static void set_add(void *data, uint32_t hash) {
    dh_word_set *set = data;
    if (set->len > set->mask / 4 * 3) return;
    uint32_t i = (hash * 2654435761u >> 7) & set->mask;
    while (set->slots[i] != 0 && set->slots[i] != hash) i = (i + 1) & set->mask;
    if (set->slots[i] == 0) set->len++;
    set->slots[i] = hash;
}

static bool set_has(const dh_word_set *set, uint32_t hash) {
    if (set->len == 0) return false;
    uint32_t i = (hash * 2654435761u >> 7) & set->mask;
    while (set->slots[i] != 0 && set->slots[i] != hash) i = (i + 1) & set->mask;
    return set->slots[i] != 0;
}

/* Three words in a row as one hash. */
typedef struct runs {
    uint32_t a, b, count;
    dh_word_set *set;         /* adding */
    uint32_t hits;            /* looking up */
    const dh_word_sets *sets; /* looking up */
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
    if (set_has(&r->sets->title, hash)) r->in_title++;
    if (set_has(&r->sets->description, hash)) r->in_description++;
    if (r->sets->body.len > 0 && r->count >= 2 && set_has(&r->sets->body, run_of(r->a, r->b, hash)))
        r->hits++;
    r->a = r->b;
    r->b = hash;
    r->count++;
}

void dh_word_sets_make(dh_word_sets *sets, dh_slice title, dh_slice description, dh_slice body,
                       dh_arena *arena) {
    set_init(&sets->title, arena, TITLE_BITS);
    each_word(title, set_add, &sets->title);
    set_init(&sets->description, arena, DESCRIPTION_BITS);
    each_word(description, set_add, &sets->description);
    if (body.len < MIN_BODY) return;
    unsigned bits = BODY_BITS;
    while (bits < MAX_BITS && (body.len >> bits) > 0) bits++;
    set_init(&sets->body, arena, bits);
    runs r = {.set = &sets->body};
    each_word(body, add_run, &r);
}

static int16_t percent(uint32_t part, uint32_t whole) {
    return (int16_t)(whole > 0 ? (uint64_t)part * 100 / whole : 0);
}

dh_word_share dh_word_sets_share(const dh_word_sets *sets, dh_slice text) {
    runs r = {.sets = sets};
    each_word(text, look_up_word, &r);
    return (dh_word_share){
        .title = percent(r.in_title, r.words),
        .description = percent(r.in_description, r.words),
        .body =
            (int16_t)(sets->body.len > 0 ? percent(r.hits, r.count > 2 ? r.count - 2 : 1) : -1)};
}
