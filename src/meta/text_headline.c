/* SPDX-License-Identifier: Apache-2.0 */
/* text_headline: the headline of scraped text, where no markup tells. Only a line that nothing else
 * before the first paragraph rivals, and whose words the text takes up, is one: a wrong headline
 * would be cut out of an article. */
#include "base/utf8.h"
#include "meta/state.h"
#include "text/class.h"

enum { LOOK_AT = 24, NEAR = 5, BODY_BLOCKS = 12, LEAD_CHARS = 140, SHARE = 500 };

static bool is_lead(const dh_text_facts *facts) {
    return facts->chars >= LEAD_CHARS && facts->words >= 15;
}

/* Marks that menus, lists and credits have and headlines do not begin or go on with. */
static bool has_menu_marks(dh_slice text) {
    static const dh_slice marks[] = {
        DH_SLICE_INIT(" | "), DH_SLICE_INIT("http"), DH_SLICE_INIT("www."), DH_SLICE_INIT("@"),
        DH_SLICE_INIT("©"),   DH_SLICE_INIT(" > "),  DH_SLICE_INIT(" » "),  DH_SLICE_INIT("\t")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (dh_slice_has(text, marks[i])) return true;
    uint32_t c;
    dh_utf8_decode(text.ptr, text.ptr + text.len, &c);
    return c == '-' || c == '*' || c == 0x2022 || c == 0x2013 || c == 0x00B7;
}

/* A full stop, comma or colon at the end: a sentence or a label. A question is a headline too. */
static bool ends_like_text(dh_slice text) {
    uint32_t c;
    dh_utf8_decode_before(text.ptr, text.ptr + text.len, &c);
    return c == '.' || c == ',' || c == ':' || c == ';' || c == '!' || c == '>' || c == 0x3002 ||
           c == 0x060C || c == 0x06D4 || c == 0x0964;
}

static bool may_be_headline(const dh_block *block, const dh_text_facts *facts) {
    uint32_t words = facts->words, min_chars = facts->unspaced * 2 > facts->letters ? 10 : 25;
    if (block->text.len == 0 || facts->chars < min_chars || facts->chars > 200) return false;
    if (words < 4 || facts->letters * 2 < facts->chars || facts->digits * 3 > facts->chars)
        return false;
    return !has_menu_marks(block->text) && !ends_like_text(block->text);
}

/* How many of the line's words the first paragraphs use, 0..1000. */
static uint32_t share_in_body(const dh_blocks *blocks, uint32_t line, uint32_t lead,
                              dh_arena *arena) {
    dh_words words = dh_words_of(blocks->ptr[line].text, arena);
    bool *hit = dh_arena_zalloc(arena, words.len + 1, sizeof *hit);
    uint32_t hits = 0, read = 0;
    for (uint32_t i = lead; i < blocks->len && i < lead + LOOK_AT && read < BODY_BLOCKS; i++) {
        if (blocks->ptr[i].chars < 80) continue;
        read++;
        dh_words body = dh_words_of(dh_slice_sub(blocks->ptr[i].text, 0, 1500), arena);
        for (uint32_t k = 0; k < words.len; k++)
            for (uint32_t n = 0; n < body.len && !hit[k]; n++)
                hit[k] = words.hashes[k] == body.hashes[n];
    }
    for (uint32_t k = 0; k < words.len; k++) hits += hit[k];
    return words.len > 0 ? hits * 1000 / words.len : 0;
}

/* Whether a shorter line ahead is made of the text's words too: the headline, and `line` its summary. */
static bool is_rivalled(const dh_blocks *blocks, uint32_t line, uint32_t lead, dh_arena *arena) {
    for (uint32_t i = line > NEAR ? line - NEAR : 0; i < line; i++)
        if (dh_words_of(blocks->ptr[i].text, arena).len >= 2 &&
            share_in_body(blocks, i, lead, arena) >= SHARE)
            return true;
    return false;
}

uint32_t dh_meta_text_headline(const dh_blocks *blocks, dh_arena *arena) {
    uint32_t found[LOOK_AT], n = 0, lead = UINT32_MAX;
    for (uint32_t i = 0; i < blocks->len && i < LOOK_AT; i++) {
        dh_text_facts facts;
        dh_text_measure(dh_slice_sub(blocks->ptr[i].text, 0, 2000), &facts);
        if (is_lead(&facts)) {
            lead = i;
            break;
        }
        if (may_be_headline(&blocks->ptr[i], &facts)) found[n++] = i;
    }
    if (lead == UINT32_MAX || n == 0) return UINT32_MAX;
    uint32_t best = UINT32_MAX, best_chars = 0, second_chars = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t chars = blocks->ptr[found[i]].chars;
        if (share_in_body(blocks, found[i], lead, arena) < SHARE) continue;
        if (chars > best_chars) {
            second_chars = best_chars;
            best_chars = chars;
            best = found[i];
        } else if (chars > second_chars) {
            second_chars = chars;
        }
    }
    if (best == UINT32_MAX || lead - best > NEAR || best_chars * 2 <= second_chars * 3)
        return UINT32_MAX;
    return is_rivalled(blocks, best, lead, arena) ? UINT32_MAX : best;
}
