/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/lang.h"

#include "lang/cld2.h"
#include "text/clean.h"
#include "text/script.h"

enum { LOOK_AT = 64 * 1024 };

static const struct {
    const char *cld2, *tag, *iso;
} languages[] = {
#define DH_LANGUAGE(cld2, tag, iso) {cld2, tag, iso},
#include "lang/languages.def"
#undef DH_LANGUAGE
};
enum { COUNT = sizeof languages / sizeof *languages };

dh_status dh_lang_check(dh_error *error) {
    return dh_cld2_load(error);
}

/* What is looked at ends between two characters. */
static dh_slice beginning(dh_slice text) {
    if (text.len <= LOOK_AT) return text;
    size_t end = LOOK_AT;
    while (end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80) end--;
    return dh_slice_sub(text, 0, end);
}

void dh_lang_find(dh_slice text, dh_arena *arena, dh_language *language) {
    enum { FOLDS = 1 << DH_FOLD_bit_tatweel | 1 << DH_FOLD_bit_diacritics };
    text = beginning(text);
    *language = (dh_language){.tag = "und", .iso = "und", .script = dh_text_script(text)};
    text = dh_text_fold(dh_text_clean(text, DH_SPACE_KEEP_LINES, arena, NULL, 0), FOLDS, arena);
    dh_cld2_result found;
    bool known = dh_cld2_find(text.ptr, text.len, &found);
    if (!known && found.out_of_memory) dh_arena_fail(arena, DH_ERR_MEMORY);
    if (!known) return;
    for (int i = 0; i < COUNT; i++) {
        if (strcmp(languages[i].cld2, found.code) != 0) continue;
        language->tag = languages[i].tag;
        language->iso = languages[i].iso;
        language->share = found.percent * 10;
        language->sure = found.reliable;
        return;
    }
}

/* The part of a tag before its script, and the script; empty when it has none. */
static dh_slice split(dh_slice tag, dh_slice *script) {
    size_t n = 0;
    while (n < tag.len && tag.ptr[n] != '-' && tag.ptr[n] != '_') n++;
    *script = dh_slice_sub(tag, n + 1, tag.len);
    return dh_slice_sub(tag, 0, n);
}

static bool is_name(const char *tag, const char *iso, dh_slice name) {
    dh_slice none, base = split(dh_slice_cstr(tag), &none);
    return dh_slice_eq_nocase(base, name) || dh_slice_eq_nocase(dh_slice_cstr(iso), name);
}

/* The language that a label means; "cmn_Hant" is zh-Hant rather than zh. */
static void name_by(dh_slice label, dh_language *language) {
    dh_slice script, tag_script, name = split(label, &script);
    int found = -1;
    for (int i = 0; i < COUNT; i++) {
        if (!is_name(languages[i].tag, languages[i].iso, name)) continue;
        split(dh_slice_cstr(languages[i].tag), &tag_script);
        bool same = dh_slice_eq_nocase(script, tag_script);
        if (found < 0 || same) found = i;
        if (same) break;
    }
    language->tag = found >= 0 ? languages[found].tag : label.ptr;
    language->iso = found >= 0 ? languages[found].iso : label.ptr;
}

void dh_lang_find_by(const dh_fasttext *model, dh_slice text, dh_arena *arena, dh_language *language) {
    dh_slice label;
    double probability;
    text = beginning(text);
    *language = (dh_language){.tag = "und", .iso = "und", .script = dh_text_script(text)};
    if (!dh_fasttext_find(model, text, arena, &label, &probability)) return;
    name_by(label, language);
    language->share = (int)(probability * 1000 + 0.5);
    language->sure = language->share >= DH_LANG_SURE;
}

bool dh_lang_is(const dh_language *language, dh_slice tag) {
    dh_slice script, name = split(tag, &script);
    if (dh_slice_eq_nocase(dh_slice_cstr(language->tag), tag)) return true;
    if (!is_name(language->tag, language->iso, name)) return false;
    return script.len == 0 || dh_slice_eq_nocase(dh_slice_cstr(language->script), script);
}

bool dh_lang_is_tag(dh_slice tag) {
    dh_slice script, name = split(tag, &script);
    if (dh_slice_eq_nocase(name, DH_SLICE("und"))) return true;
    for (int i = 0; i < COUNT; i++)
        if (is_name(languages[i].tag, languages[i].iso, name)) return true;
    return false;
}
