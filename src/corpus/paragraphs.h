/* SPDX-License-Identifier: Apache-2.0 */
/* paragraphs: those that several documents have word for word. Asked in passes, as dedup.h is: dh_paragraphs_add with each
 * document, dh_paragraphs_choose, then dh_paragraphs_next with each number. A paragraph that enough documents have stays in
 * the one with the smallest id; the outcome does not depend on the order of the documents. */
#ifndef DH_CORPUS_PARAGRAPHS_H
#define DH_CORPUS_PARAGRAPHS_H

#include "base/buf.h"

typedef struct dh_paragraphs dh_paragraphs; /* one thread */

/* What has fewer letters is left alone: headings, "Read more". */
enum { DH_PARAGRAPH_LETTERS = 20 };

typedef struct dh_paragraphs_options {
    uint64_t documents; /* that must have it, 2 or more */
    const char *folder; /* for what is sorted */
    size_t memory;      /* of a sort; 0: 64 MiB */
} dh_paragraphs_options;

dh_status dh_paragraphs_new(const dh_paragraphs_options *options, dh_paragraphs **out,
                            dh_error *error);
void dh_paragraphs_free(dh_paragraphs *paragraphs);
dh_status dh_paragraphs_add(dh_paragraphs *paragraphs, uint64_t number, dh_slice id, dh_slice text,
                            dh_error *error);
dh_status dh_paragraphs_choose(dh_paragraphs *paragraphs, dh_error *error);
/* Appends the text without the paragraphs that stay elsewhere to out; *removed of them. Numbers ascend. */
dh_status dh_paragraphs_next(dh_paragraphs *paragraphs, uint64_t number, dh_slice text, dh_buf *out,
                             uint64_t *removed, dh_error *error);

#endif
