/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rules_private.h"

/* Two places to go back to: the last * and the last **. Each moves forward only, so the work is at
 * most pattern times text squared, on short strings. */
bool dh_rule_glob(dh_slice pattern, dh_slice text) {
    size_t p = 0, t = 0;
    size_t star = DH_NPOS, star_text = 0, deep = DH_NPOS, deep_text = 0;
    for (;;) {
        bool is_star = p < pattern.len && pattern.ptr[p] == '*';
        if (is_star && p + 1 < pattern.len && pattern.ptr[p + 1] == '*') {
            p += 2;
            deep = p;
            deep_text = t;
            star = DH_NPOS;
        } else if (is_star) {
            star = ++p;
            star_text = t;
        } else if (p == pattern.len && t == text.len) {
            return true;
        } else if (p < pattern.len && t < text.len && pattern.ptr[p] == text.ptr[t]) {
            p++;
            t++;
        } else if (star != DH_NPOS && star_text < text.len && text.ptr[star_text] != '/') {
            p = star;
            t = ++star_text;
        } else if (deep != DH_NPOS && deep_text < text.len) {
            p = deep;
            t = ++deep_text;
            star = DH_NPOS;
        } else {
            return false;
        }
    }
}
