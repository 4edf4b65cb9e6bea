/* SPDX-License-Identifier: Apache-2.0 */
#include "net/robots_tag.h"

static const struct {
    const char *word;
    uint32_t implied;
} tags[DH_RTAG_COUNT] = {
#define DH_ROBOTS_TAG(id, word, implied) {word, (implied)},
#include "net/robots_tag.def"
#undef DH_ROBOTS_TAG
};

const char *dh_robots_tag_word(unsigned bit) {
    if (bit == DH_RTAG_COUNT) return "tdm-reserved";
    return bit < DH_RTAG_COUNT ? tags[bit].word : "";
}

static uint32_t tag_of(dh_slice word) {
    for (size_t i = 0; i < DH_RTAG_COUNT; i++)
        if (dh_slice_eq_nocase(word, dh_slice_cstr(tags[i].word))) return tags[i].implied;
    return 0;
}

/* "max-snippet: 50" and "unavailable_after: 25 Jun 2030 15:00:00 GMT" have colons and name nobody. */
static bool is_directive(dh_slice name) {
    return dh_slice_starts_nocase(name, DH_SLICE("max-")) ||
           dh_slice_eq_nocase(name, DH_SLICE("unavailable_after"));
}

uint32_t dh_robots_tags(dh_slice value, dh_slice agent) {
    uint32_t found = 0;
    bool ours = true;
    for (dh_slice rest = value; rest.ptr != NULL;) {
        dh_slice part = dh_slice_trim(dh_slice_cut(&rest, ','));
        const char *colon = part.len > 0 ? memchr(part.ptr, ':', part.len) : NULL;
        if (colon != NULL) {
            dh_slice name = dh_slice_trim(dh_slice_sub(part, 0, (size_t)(colon - part.ptr)));
            if (is_directive(name)) continue;
            /* The name holds for what follows it, until the next one. */
            ours = dh_robots_tag_is_for(name, agent) || dh_slice_eq(name, DH_SLICE("*"));
            part = dh_slice_sub(part, (size_t)(colon - part.ptr) + 1, part.len);
        }
        if (ours)
            for (dh_slice word; (word = dh_slice_token(&part)).len > 0;) found |= tag_of(word);
    }
    return found;
}

bool dh_robots_tag_is_for(dh_slice name, dh_slice agent) {
    return dh_slice_eq_nocase(name, DH_SLICE("robots")) || dh_slice_eq_nocase(name, agent);
}

uint32_t dh_robots_tdm(dh_slice value) {
    return dh_slice_eq(dh_slice_trim(value), DH_SLICE("1")) ? DH_RTAG_TDM_RESERVED : 0;
}
