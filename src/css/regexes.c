/* SPDX-License-Identifier: Apache-2.0 */
#include "css/css_private.h"

const dh_regex *dh_css_regex(const dh_css *css, uint32_t number) {
    for (uint32_t i = 0; i < css->parts.len; i++) {
        const css_part *part = &css->parts.ptr[i];
        if (part->regex != NULL && number-- == 0) return part->regex;
        if (part->name_regex != NULL && number-- == 0) return part->name_regex;
    }
    return NULL;
}
