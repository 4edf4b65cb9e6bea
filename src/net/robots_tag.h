/* SPDX-License-Identifier: Apache-2.0 */
/* robots_tag: what a page says about itself: the X-Robots-Tag header, the robots meta tag, and the TDM
 * reservation (header, meta tag). It is recorded with the document; noindex is obeyed unless told
 * otherwise. */
#ifndef DH_NET_ROBOTS_TAG_H
#define DH_NET_ROBOTS_TAG_H

#include "base/slice.h"

enum {
#define DH_ROBOTS_TAG(id, word, implied) DH_RTAG_##id##_BIT,
#include "net/robots_tag.def"
#undef DH_ROBOTS_TAG
    DH_RTAG_COUNT
};
enum {
#define DH_ROBOTS_TAG(id, word, implied) DH_RTAG_##id = 1 << DH_RTAG_##id##_BIT,
#include "net/robots_tag.def"
#undef DH_ROBOTS_TAG
    DH_RTAG_TDM_RESERVED = 1 << DH_RTAG_COUNT
};

/* The tags of one X-Robots-Tag header's value, or of a robots meta tag's content. A list may begin with
 * "name:", then it is for that crawler only: agent is ours (its product token). */
uint32_t dh_robots_tags(dh_slice value, dh_slice agent);
/* Whether a meta tag of this name speaks to agent ("robots", or the token itself). */
bool dh_robots_tag_is_for(dh_slice name, dh_slice agent);
/* DH_RTAG_TDM_RESERVED when a tdm-reservation header's or meta tag's value says so. */
uint32_t dh_robots_tdm(dh_slice value);
/* The word of a tag's bit number; "tdm-reserved" for the one behind the table. Static. */
const char *dh_robots_tag_word(unsigned bit);

#endif
