/* SPDX-License-Identifier: Apache-2.0 */
#include "input/charset.h"

#include "input/decode.h"

static const struct {
    dh_slice name;
    dh_charset_kind kind;
    const char *icu;
    dh_slice labels; /* lower case, a space between */
} charsets[DH_CHARSET_COUNT] = {
    [DH_CHARSET_NONE] = {DH_SLICE_INIT(""), DH_KIND_OTHER, NULL, DH_SLICE_INIT("")},
#define DH_CHARSET(id, name, kind, icu, labels)                                                    \
    [DH_CHARSET_##id] = {DH_SLICE_INIT(name), DH_KIND_##kind, icu, DH_SLICE_INIT(labels)},
#include "input/charsets.def"
#undef DH_CHARSET
};

dh_charset dh_charset_find(dh_slice label) {
    label = dh_slice_trim(label);
    if (label.len == 0) return DH_CHARSET_NONE;
    for (int i = 1; i < DH_CHARSET_COUNT; i++) {
        dh_slice rest = charsets[i].labels, known;
        while ((known = dh_slice_token(&rest)).len > 0)
            if (dh_slice_eq_nocase(known, label)) return (dh_charset)i;
    }
    return DH_CHARSET_NONE;
}

dh_slice dh_charset_name(dh_charset charset) {
    return charsets[charset].name;
}
dh_charset_kind dh_charset_kind_of(dh_charset charset) {
    return charsets[charset].kind;
}
const char *dh_charset_icu(dh_charset charset) {
    return charsets[charset].icu;
}

dh_slice dh_charset_of_label(dh_slice label) {
    return dh_charset_name(dh_charset_find(label));
}

const char *dh_charset_why_name(dh_charset_why why) {
    static const char *const names[] = {[DH_CHARSET_OPTION] = "option",
                                        [DH_CHARSET_BOM] = "bom",
                                        [DH_CHARSET_HTTP] = "http",
                                        [DH_CHARSET_META] = "meta",
                                        [DH_CHARSET_VALID_UTF8] = "valid UTF-8",
                                        [DH_CHARSET_DETECTED] = "detected",
                                        [DH_CHARSET_FALLBACK] = "fallback"};
    return names[why];
}
