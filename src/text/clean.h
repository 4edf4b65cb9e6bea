/* SPDX-License-Identifier: Apache-2.0 */
/* clean: the text rules. Idempotent; ASCII and already clean text take a fast path and are returned
 * as they are, without a copy.
 *
 * Always: white space of every kind folded to one space (or, when `keep_lines`, line ends kept and
 * each line folded; or, when `verbatim`, left alone but for controls); soft hyphens, BOM / U+FEFF,
 * zero-width space U+200B (a space between Thai, Khmer, Lao, Myanmar letters' words is NOT put in:
 * it is just removed), word joiner U+2060, bidi marks and embeddings (U+200E/F, U+061C, U+202A-E,
 * U+2066-9), C0/C1 controls, U+FFFC and noncharacters removed; ZWNJ and ZWJ kept between letters of scripts
 * that need them (Arabic, Indic, Khmer ..., and in emoji sequences), removed elsewhere; Arabic
 * presentation forms (FB50-FDFF letters, FE70-FEFF) and Latin ligatures (FB00-FB06) to letters; NFC;
 * mojibake repaired when certain. Tatweel, diacritics and letters are never touched. */
#ifndef DH_TEXT_CLEAN_H
#define DH_TEXT_CLEAN_H

#include "base/arena.h"

typedef enum dh_clean_space {
    DH_SPACE_FOLD,
    DH_SPACE_KEEP_LINES,
    DH_SPACE_VERBATIM
} dh_clean_space;

/* offsets: n byte offsets into text, ascending; rewritten to the matching offsets of the result: a
 * begin at the character it stood before, white space at the end of what it follows.
 * May be NULL. The result is trimmed (offsets follow); a verbatim one keeps its first line's
 * indentation. Ill-formed bytes become U+FFFD. */
dh_slice dh_text_clean(dh_slice text, dh_clean_space space, dh_arena *arena, uint32_t *offsets,
                       size_t n);

/* --fold: what a corpus may fold in the output; never applied by default. fold.def has a row each:
 * tatweel, diacritics, digits, alef, yeh, kaf, quotes, dashes, width, case, zwnj. */
typedef enum dh_fold {
#define DH_FOLD(name, help) DH_FOLD_bit_##name,
#include "text/fold.def"
#undef DH_FOLD
    DH_FOLD_COUNT
} dh_fold;

/* names: comma separated. False with *bad set to the unknown one. */
bool dh_fold_parse(dh_slice names, uint32_t *mask, dh_slice *bad);
/* mask: bit (1 << dh_fold). */
dh_slice dh_text_fold(dh_slice text, uint32_t mask, dh_arena *arena);

/* The matching key of labels and lines, for comparing only: NFKC, case folded, tatweel, harakat,
 * bidi marks, ZWJ, BOM removed, ZWNJ as a space, alef / yeh / kaf forms unified, digits of all
 * scripts as ASCII, spaces collapsed and trimmed; kinds of quotation marks and of dashes are one each,
 * Turkish dotted and dotless i too, Greek without tonos, Russian without the dots of yo.
 * trim_punctuation: outer punctuation, arrows, icons and emoji are trimmed too, but not # @ % & + and
 * signs such as (c) (false for patterns). In arena; no copy is promised. */
dh_slice dh_text_key(dh_slice text, bool trim_punctuation, dh_arena *arena);

/* The same with a map back: offsets[i] is the byte of text where key byte i comes from (len + 1
 * entries, the last is text.len). For finding a label inside a longer text. */
dh_slice dh_text_key_map(dh_slice text, bool trim_punctuation, dh_arena *arena, uint32_t **offsets);

#endif
