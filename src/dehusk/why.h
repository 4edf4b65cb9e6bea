/* SPDX-License-Identifier: Apache-2.0 */
/* why: one sentence of a cleaned page: where it came from, why it is in or out of the article, and
 * what would change that. Compared by the folded key of labels and lines (text/clean.h), so that
 * case, quotation marks, harakat, forms of letters and white space do not count; a part of a sentence
 * and a sentence over several blocks are found too. Not part of the library's interface. */
#ifndef DH_DEHUSK_WHY_H
#define DH_DEHUSK_WHY_H

#include "base/buf.h"
#include "dehusk/dehusk.h"

typedef enum dh_why_found {
    DH_WHY_KEPT,    /* some block that holds it is in the article, with it */
    DH_WHY_DROPPED, /* blocks hold it, none of them gives it to the article */
    DH_WHY_APART,   /* no block holds it, but a script, an attribute or the page's head does */
    DH_WHY_NOWHERE
} dh_why_found;

/* Appends what there is to say to out (heap), in lines for a terminal. The page has been cleaned.
 * DH_ERR_USAGE: the sentence has no letters. DH_ERR_LIMIT, DH_ERR_MEMORY: as in dehusk_page_write. */
dehusk_status dh_why(dehusk_page *page, dh_slice sentence, dh_why_found *found, dh_buf *out,
                     dehusk_error *error);

#endif
