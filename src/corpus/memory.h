/* SPDX-License-Identifier: Apache-2.0 */
/* memory: site memory, the file of it and what is asked of it: the lines that the pages of a host share, and which of
 * them are boilerplate. An SQLite file:
 *   host(id, name, pages, first, last)
 *   line(host, key, pages, kept, kind, weight, digits, boilerplate, first, last, removed, sample)
 * pages are articles (counter.h); days are text, NULL when not known; sample is the smallest text, by bytes, of what was
 * removed. Hosts with fewer than DH_MEMORY_PAGES pages are not in it. */
#ifndef DH_CORPUS_MEMORY_H
#define DH_CORPUS_MEMORY_H

#include "corpus/counter.h"
#include "model/site_memory.h"

enum { DH_MEMORY_PAGES = 20 /* of a host: nothing is said about one that has fewer */ };

/* Whether a line is boilerplate by its counts: "pages" of "of" share it.
 *
 * Quotations, refrains of a column, a paragraph of background that is pasted into each story of a series: the article's
 * lines repeat too, on few pages. 2 * sqrt(of) is what it takes (9 pages of 20, 29 of 200, 200 of 10,000), half of it when
 * the extractor drops the line from most of its pages anyway; twice as much for items of lists and tables, and where
 * digits were taken as one.
 *
 * Short lines (under 20 letters) are words that articles have, too: what the extractor mostly drops is the navigation's "FAQs"
 * and "Services", which head parts of articles; it tells them apart better than a count does. So they go only when they are mostly
 * kept, on 4 * sqrt(of) and a fifth of the pages ("Yes.", "Q:"); headings on 2 * sqrt(of), as they go only with the line
 * below them, or at the end; items ("Weight: 5 kg") never. Nor do lines of code and verse. */
bool dh_memory_is_boilerplate(const dh_counted *counted);

typedef struct dh_memory dh_memory;

/* Writes what a counter has counted to path, whole or not at all. DH_ERR_IO, DH_ERR_MEMORY, or the counter's. */
dh_status dh_memory_write(dh_counter *counter, const char *path, dh_error *error);
/* The boilerplate of a file. DH_ERR_IO; DH_ERR_SYNTAX when it is none. */
dh_status dh_memory_load(const char *path, dh_memory **out, dh_error *error);
void dh_memory_free(dh_memory *memory);
/* For an engine; good as long as the memory is, which its release frees. */
dh_site_memory dh_memory_of(dh_memory *memory);
/* A line was removed from a text of the host: counted, for dh_memory_save. One thread. False when memory is out. */
bool dh_memory_removed(dh_memory *memory, dh_slice host, uint64_t key, dh_slice text);
/* Writes what was removed into the file. */
dh_status dh_memory_save(const dh_memory *memory, const char *path, dh_error *error);

#endif
