/* SPDX-License-Identifier: Apache-2.0 */
/* keep: whether and how a fetched page is stored. */
#ifndef DH_CRAWL_KEEP_H
#define DH_CRAWL_KEEP_H

#include "crawl/crawl_private.h"
#include "crawl/work_record.h"

/* Stores a cleaned page as its kind asks: evidence, article, both or neither; fills in *done. */
void dh_keep_page(dh_crawl *crawl, dh_flight *flight, dh_worked *worked, dh_done *done);
/* The record of a 304. */
void dh_keep_not_modified(dh_crawl *crawl, dh_flight *flight, dh_done *done);
/* Passes over the rule lines of a record, to what was found. */
void dh_keep_skip_lines(dh_worked *worked);

#endif
