/* SPDX-License-Identifier: Apache-2.0 */
/* links: what a page of HTML says about where else to look: feeds, articles, sections, its canonical
 * address; and what it says about itself to crawlers. */
#ifndef DH_CRAWL_LINKS_H
#define DH_CRAWL_LINKS_H

#include "dom/dom.h"
#include "net/canon.h"

typedef enum dh_link_kind {
    DH_LINK_OTHER, /* neither: a picture, a log-in, a search */
    DH_LINK_ARTICLE,
    DH_LINK_SECTION
} dh_link_kind;

/* By the looks of the address alone: dates, long numbers and slugs of four words or more are articles, one or
 * two short names are sections. */
dh_link_kind dh_link_kind_of(const dh_canon *url, dh_arena *arena);

enum { DH_LINKS_MAX = 5000 };

typedef struct dh_links {
    DH_VEC(dh_canon) feeds;    /* link rel=alternate of a feed's type */
    DH_VEC(dh_canon) articles; /* without those with rel=nofollow, each once */
    DH_VEC(dh_canon) sections;
    dh_canon canonical; /* href empty: none */
    uint32_t tags;      /* of net/robots_tag.h: meta robots and TDM */
} dh_links;

/* base: the page's address. agent: our product token. Everything in arena, which must have a guard, as
 * must the tree's. */
void dh_links_read(dh_links *links, dh_dom *dom, const dh_canon *base, dh_slice agent,
                   dh_arena *arena);

#endif
