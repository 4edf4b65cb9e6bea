/* SPDX-License-Identifier: Apache-2.0 */
/* unit: what the extractor knows of one block. Private to extract/. */
#ifndef DH_EXTRACT_UNIT_H
#define DH_EXTRACT_UNIT_H

#include "extract/extract.h"
#include "text/class.h"

typedef enum dh_unit_kind {
    DH_UNIT_GONE,  /* dropped by a higher authority, or hidden */
    DH_UNIT_EMPTY, /* an image */
    DH_UNIT_PROSE, /* sentences */
    DH_UNIT_HALF,  /* a longer phrase without a full stop */
    DH_UNIT_SHORT,
    DH_UNIT_LINKS /* mostly link text */
} dh_unit_kind;

typedef struct dh_unit {
    dh_text_facts facts;
    uint32_t hints; /* of all its ancestors, those overruled left out; 0 for plain text */
    uint32_t near;  /* of its nearest three ancestors */
    int32_t value;  /* words for (positive) or against being article text */
    uint8_t link_percent;
    uint8_t kind; /* dh_unit_kind */
    bool keep;
    bool address; /* nothing but a URL */
    bool hidden; /* not shown: of kind GONE, but for the classifier */
    bool other; /* in another article of a page that loads story after story */
    int16_t score; /* 0..1000 */
    uint8_t where; /* 0 outside of the container, 1 before, 2 in, 3 behind the article's run */
    dh_slice reason;
    dh_slice moved; /* what moved the classifier, when that was asked for */
} dh_unit;

/* A run of units: [begin, end). */
typedef struct dh_unit_span {
    uint32_t begin, end;
    int64_t value;
} dh_unit_span;

/* Fills kind, facts, link_percent and a first value for all blocks. */
dh_unit *dh_units_of(const dh_extract_page *page);
/* The contiguous run in [begin, end) whose values sum up highest (Kadane). Empty when none is
 * positive. A run of negative units costs at most max_loss (0: what it sums up to). */
dh_unit_span dh_units_best(const dh_unit *units, uint32_t begin, uint32_t end, int64_t max_loss);

/* Roles (headline, captions, comments) once keep is settled; keeps the headline, and comments that are
 * wanted. */
void dh_extract_roles(dh_extract_page *page, dh_unit *units);

/* The two ways to judge; both set keep and reason of every unit and the page's roles. */
void dh_extract_tree(dh_extract_page *page, dh_unit *units);
void dh_extract_lines(dh_extract_page *page, dh_unit *units);

#endif
