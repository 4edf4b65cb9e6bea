/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DH_CRAWL_FEED_PRIVATE_H
#define DH_CRAWL_FEED_PRIVATE_H

#include "crawl/feed.h"

/* Both give false when memory is out. An item without an address is left out. */
bool dh_feed_add(dh_feed *feed, dh_slice url, dh_slice date, bool is_news);
bool dh_feed_read_xml(dh_feed *feed, dh_slice text);

#endif
