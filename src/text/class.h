/* SPDX-License-Identifier: Apache-2.0 */
/* class: cheap facts about text in any script, in one linear pass (tables and ICU behind it). */
#ifndef DH_TEXT_CLASS_H
#define DH_TEXT_CLASS_H

#include "base/slice.h"

typedef struct dh_text_facts {
    uint32_t chars;   /* code points */
    uint32_t words;   /* words; in scripts without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) two
                           letters count as a word */
    uint32_t letters; /* letters and marks */
    uint32_t digits;
    uint32_t upper;    /* upper-case letters */
    uint32_t rtl;      /* letters of right-to-left scripts */
    uint32_t unspaced; /* letters of scripts written without spaces (Hangul is spaced) */
    uint32_t
        sentences;   /* sentence ends . ! ? and their kin in all scripts, followed by space or end;
                           not after a single letter or inside numbers */
    uint32_t commas; /* commas and semicolons of all scripts */
    bool
        ends_sentence; /* the last mark, quotes and brackets aside, ends a sentence (also : and ...) */
    bool ends_colon;
    bool starts_lower;
} dh_text_facts;

void dh_text_measure(dh_slice text, dh_text_facts *facts);

/* Whether the code point is white space, a letter, ... by Unicode 15. Marks count as letters: vowel
 * signs are inside of words. */
bool dh_code_is_space(uint32_t code);
bool dh_code_is_letter(uint32_t code);
bool dh_code_is_digit(uint32_t code);
bool dh_code_is_punctuation(uint32_t code); /* also symbols */
bool dh_code_ends_sentence(uint32_t code); /* a stop, question or exclamation mark of any script */
bool dh_code_is_rtl(uint32_t code);
bool dh_code_is_unspaced(uint32_t code);

#endif
