/* SPDX-License-Identifier: Apache-2.0 */
/* feed: the addresses in feeds and sitemaps: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed, sitemaps, indexes of
 * sitemaps, news sitemaps, lists of addresses; each of them also in gzip. XML is read by libxml2 without a
 * tree, without entities but XML's own and without the net, and goes on behind mistakes as far as it
 * can: feeds have many. */
#ifndef DH_CRAWL_FEED_H
#define DH_CRAWL_FEED_H

#include "base/buf.h"

typedef enum dh_feed_form {
    DH_FORM_NONE, /* none of these */
    DH_FORM_RSS,
    DH_FORM_ATOM,
    DH_FORM_JSON,
    DH_FORM_SITEMAP,
    DH_FORM_INDEX, /* its items are sitemaps */
    DH_FORM_LIST   /* text, an address a line */
} dh_feed_form;

enum {
    DH_FEED_MAX_ITEMS = 50000,    /* the sitemap protocol's own ceiling */
    DH_FEED_MAX_BYTES = 52428800, /* the same; unpacked */
    DH_FEED_MAX_TEXT = 65536      /* of one element */
};

typedef struct dh_feed_item {
    dh_slice url;  /* as written, trimmed */
    dh_slice date; /* published or last changed, as written; may be empty */
    bool is_news;  /* a news sitemap's, or a feed's */
} dh_feed_item;

typedef struct dh_feed {
    dh_arena arena; /* of what follows */
    dh_feed_form form;
    dh_feed_item *items;
    size_t len, cap;
    bool cut;     /* more items, or more bytes, than are read */
    bool damaged; /* not well-formed; what could be read is there */
} dh_feed;

/* Reads bytes, whatever they are. url: where they came from (its ".txt" makes a list of text), may be empty.
 * DH_ERR_MEMORY. End it with dh_feed_release in any case. */
dh_status dh_feed_read(dh_feed *feed, dh_slice bytes, dh_slice url, dh_error *error);
void dh_feed_release(dh_feed *feed);

#endif
