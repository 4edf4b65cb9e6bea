/* SPDX-License-Identifier: Apache-2.0 */
/* lang: which language a text is in, by CLD2 with its full tables (some 160 languages). Deterministic; looks at
 * nothing but the text. */
#ifndef DH_LANG_LANG_H
#define DH_LANG_LANG_H

#include "base/arena.h"
#include "lang/fasttext.h"

typedef struct dh_language {
    const char *tag; /* BCP 47: "ar", "zh-Hant"; "und": not known. Static */
    const char *iso; /* ISO 639-3, of the language itself: "arb", "cmn"; "und". Static */
    const char
        *script; /* ISO 15924, of most letters: "Arab", "Hani"; "Zzzz": there are none. Static */
    int share;   /* thousandths of the text that are in it, so far as could be told */
    bool sure;   /* clearly rather than any other */
} dh_language;

/* Loads the library. DH_ERR_IO, with its name, when it is not there: no text is in any language then. */
dh_status dh_lang_check(dh_error *error);
/* Looks at the first 64 KiB of a text. It is folded for this (vowel signs, elongation and presentation forms would
 * hide a language), in arena, which is guarded. */
void dh_lang_find(dh_slice text, dh_arena *arena, dh_language *language);
/* The same by the user's model, which looks at the text as it is: share is then the probability of its label, and sure that
 * it is SURE thousandths at least. A label that means no language of ours ("xyz_Latn") is the tag as it stands; a language is no
 * longer valid than its model. */
enum { DH_LANG_SURE = 650 };
void dh_lang_find_by(const dh_fasttext *model, dh_slice text, dh_arena *arena, dh_language *language);
/* Whether the language is the one, or one of those, that a tag means: "zh" means zh-Hant too, "sr-Latn" is Serbian in
 * Latin letters; also by ISO 639-3 with or without script ("arb", "arb_Arab"). Case does not matter. */
bool dh_lang_is(const dh_language *language, dh_slice tag);
/* Whether there is a language that a tag can mean. */
bool dh_lang_is_tag(dh_slice tag);

#endif
