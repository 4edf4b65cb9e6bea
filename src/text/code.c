/* SPDX-License-Identifier: Apache-2.0 */
/* code: the rarer look-ups behind codes.h: planes 2 and up, and mappings to several letters. */
#include "text/codes.h"

const dh_code_record *dh_code_above(uint32_t code) {
    int kind = DH_ABOVE_NONE;
    if ((code & 0xFFFE) == 0xFFFE) {
        kind = DH_ABOVE_BAD;
    } else if (code >= 0x2F800 && code <= 0x2FA1F) {
        kind = DH_ABOVE_COMPAT;
    } else if (code < 0x40000) {
        kind = DH_ABOVE_HAN;
    } else if (code >= 0xE0020 && code <= 0xE007F) {
        kind = DH_ABOVE_TAG;
    } else if (code >= 0xE0100 && code <= 0xE01EF) {
        kind = DH_ABOVE_SELECTOR;
    } else if (code >= 0xF0000 && code <= 0x10FFFF) {
        kind = DH_ABOVE_PRIVATE;
    }
    return &dh_code_records[dh_code_samples[kind]];
}

dh_code_run dh_code_mapping(uint32_t code) {
    uint32_t low = 0, high = dh_code_map_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (dh_code_maps[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == dh_code_map_count || dh_code_maps[low].code != code) return (dh_code_run){NULL, 0};
    return (dh_code_run){dh_code_pool + dh_code_maps[low].at, dh_code_maps[low].len};
}
