/* SPDX-License-Identifier: Apache-2.0 */
#include "dom/tag.h"

static const dh_slice names[DH_TAG_COUNT] = {
    [DH_TAG_TEXT] = DH_SLICE_INIT("#text"),
    [DH_TAG_UNKNOWN] = DH_SLICE_INIT("#unknown"),
#define DH_TAG(name, flags) [DH_TAG_##name] = DH_SLICE_INIT(#name),
#include "dom/tags.def"
#undef DH_TAG
};

static const uint16_t tag_flags[DH_TAG_COUNT] = {
#define DH_TAG(name, flags) [DH_TAG_##name] = (flags),
#include "dom/tags.def"
#undef DH_TAG
};

/* The comparisons of first letter and length are folded by the compiler into a decision tree. */
dh_tag dh_tag_of(dh_slice lower) {
    if (lower.len == 0) return DH_TAG_UNKNOWN;
#define DH_TAG(name, flags)                                                           \
    if (lower.ptr[0] == #name[0] && lower.len == sizeof #name - 1 &&                  \
        memcmp(lower.ptr, #name, sizeof #name - 1) == 0)                              \
        return DH_TAG_##name;
#include "dom/tags.def"
#undef DH_TAG
    return DH_TAG_UNKNOWN;
}

dh_slice dh_tag_name(dh_tag tag) {
    return names[tag < DH_TAG_COUNT ? tag : DH_TAG_UNKNOWN];
}

uint16_t dh_tag_flags(dh_tag tag) {
    return tag < DH_TAG_COUNT ? tag_flags[tag] : 0;
}
