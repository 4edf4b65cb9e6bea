/* SPDX-License-Identifier: Apache-2.0 */
/* pii: what in a text leads to a person: addresses and numbers by their forms (pii.def), no names. Made to be right about
 * what it finds rather than to find all. Linear in the text. */
#ifndef DH_CORPUS_PII_H
#define DH_CORPUS_PII_H

#include "base/buf.h"

typedef enum dh_pii_kind {
#define DH_PII(name, token, help) DH_PII_##name,
#include "corpus/pii.def"
#undef DH_PII
    DH_PII_COUNT
} dh_pii_kind;

typedef struct dh_pii_counts {
    uint32_t of[DH_PII_COUNT];
} dh_pii_counts;

/* "email" */
const char *dh_pii_name(dh_pii_kind kind);
/* How many there are. The text with tokens in their place is appended to out, which may be NULL. False when memory is
 * out. */
bool dh_pii_scan(dh_slice text, dh_buf *out, dh_pii_counts *counts);

#endif
