/* SPDX-License-Identifier: Apache-2.0 */
/* work_record: what goes to the workers and what comes back, as flat bytes. */
#ifndef DH_CRAWL_WORK_RECORD_H
#define DH_CRAWL_WORK_RECORD_H

#include "crawl/state.h"
#include "dehusk/dehusk.h"
#include "work/record.h"

typedef struct dh_work {
    dh_crawl_kind kind;
    bool is_seed; /* a section whose sections are taken, too */
    const char *url, *content_type;
    const char *day;    /* of the fetch, YYYY-MM-DD */
    const char *recent; /* a few days before that: what is newer is news */
    dh_slice bytes;
} dh_work;

void dh_work_put(dh_buf *record, const dh_work *work);
void dh_work_read(dh_slice record, dh_work *work);

/* What a worker found out. Strings are borrowed from the record. After it come `lines` strings (rule lines
 * that acted, "file:line"), `found` triples (kind, prio, address), then the article as a line of JSON. */
typedef struct dh_worked {
    dehusk_status status;
    bool is_source;     /* a feed or sitemap, or a section's page that could be read */
    dh_crawl_kind kind; /* what it turned out to be */
    bool damaged;
    uint32_t tags;
    uint64_t text_chars, kept_chars;
    const char *message, *title, *canonical;
    uint64_t lines, found;
    dh_record rest;
} dh_worked;

void dh_worked_put(dh_buf *record, const dh_worked *worked);
void dh_worked_read(dh_slice record, dh_worked *worked);

#endif
