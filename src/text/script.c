/* SPDX-License-Identifier: Apache-2.0 */
#include "text/script.h"

#include <unicode/uscript.h>

#include "text/codes.h"

enum {
    KANA_SHARE = 20
}; /* a text with more than 1 in so many is Japanese, however much Han is in it */

static UScriptCode script_of(uint32_t code) {
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)code, &status);
    return U_SUCCESS(status) && script > USCRIPT_INHERITED && script < USCRIPT_CODE_LIMIT
               ? script
               : USCRIPT_COMMON;
}

static void count(dh_slice text, uint64_t letters[USCRIPT_CODE_LIMIT]) {
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        p += dh_code_read(p, end, &code);
        if (code < 0x80) {
            letters[USCRIPT_LATIN] += dh_is_alpha((char)code);
        } else if (dh_code_find(code)->flags & DH_C_LETTER) {
            letters[script_of(code)]++;
        }
    }
}

const char *dh_text_script(dh_slice text) {
    uint64_t letters[USCRIPT_CODE_LIMIT] = {0};
    if (text.len > 0) count(text, letters);
    letters[USCRIPT_COMMON] = 0;
    uint64_t kana = letters[USCRIPT_HIRAGANA] + letters[USCRIPT_KATAKANA];
    letters[USCRIPT_HIRAGANA] = letters[USCRIPT_KATAKANA] = 0;
    letters[USCRIPT_JAPANESE] = kana;
    if (kana * KANA_SHARE > letters[USCRIPT_HAN]) {
        letters[USCRIPT_JAPANESE] += letters[USCRIPT_HAN];
        letters[USCRIPT_HAN] = 0;
    }
    int best = USCRIPT_COMMON;
    for (int i = 0; i < USCRIPT_CODE_LIMIT; i++) {
        if (letters[i] == 0 || letters[i] < letters[best]) continue;
        bool more = letters[i] > letters[best];
        if (more || strcmp(uscript_getShortName((UScriptCode)i),
                           uscript_getShortName((UScriptCode)best)) < 0)
            best = i;
    }
    return best == USCRIPT_COMMON ? "Zzzz" : uscript_getShortName((UScriptCode)best);
}
