/* SPDX-License-Identifier: Apache-2.0 */
/* phrase: whether a line of the page is one that a rule names. Keys are folded once per block. */
#include "rules/rules_private.h"
#include "text/clean.h"

dh_slice dh_rule_key(dh_rule_run *run, uint32_t block, bool trimmed) {
    dh_arena *arena = run->page->arena;
    dh_slice **keys = &run->keys[trimmed];
    if (*keys == NULL) *keys = dh_arena_zalloc(arena, run->page->blocks->len, sizeof **keys);
    dh_slice *key = &(*keys)[block];
    if (key->ptr == NULL) {
        *key = dh_text_key(run->page->blocks->ptr[block].text, trimmed, arena);
        if (key->ptr == NULL) *key = DH_SLICE("");
    }
    return *key;
}

/* The parts between the stars in order: the first at the start, the last at the end, the leftmost
 * place for each of the others. */
static bool parts_match(const dh_phrase *phrase, dh_slice key) {
    uint32_t last = phrase->key_count - 1;
    dh_slice first = phrase->keys[0], end = phrase->keys[last];
    if (key.len < first.len + end.len) return false;
    if (!dh_slice_starts(key, first) || !dh_slice_ends(key, end)) return false;
    dh_slice middle = dh_slice_sub(key, first.len, key.len - end.len);
    for (uint32_t i = 1; i < last; i++) {
        size_t at = dh_slice_find(middle, phrase->keys[i]);
        if (at == DH_NPOS) return false;
        middle = dh_slice_sub(middle, at + phrase->keys[i].len, middle.len);
    }
    return true;
}

bool dh_phrase_matches(dh_rule_run *run, const dh_phrase *phrase, uint32_t block, dh_slice text,
                       bool whole) {
    if (phrase->regex != NULL) {
        dh_regex_match match;
        if (run->page->regexes == NULL) return false;
        return dh_regex_find(run->page->regexes, phrase->regex, text, 0, &match) == DH_REGEX_YES;
    }
    size_t most = phrase->keys[0].len * 8 + DH_RULE_SHORT;
    if (phrase->key_count == 1 && text.len > most) return false; /* too long to be this line */
    dh_slice key = whole ? dh_rule_key(run, block, phrase->trimmed)
                         : dh_text_key(text, phrase->trimmed, run->page->arena);
    return phrase->key_count > 1 ? parts_match(phrase, key) : dh_slice_eq(key, phrase->keys[0]);
}

const dh_phrase *dh_rule_phrase_of(dh_rule_run *run, const dh_rule_line *line, uint32_t block) {
    dh_slice text = run->page->blocks->ptr[block].text;
    if (text.len == 0) return NULL;
    for (uint32_t i = 0; i < line->phrase_count; i++)
        if (dh_phrase_matches(run, &line->phrases[i], block, text, true)) return &line->phrases[i];
    return NULL;
}
