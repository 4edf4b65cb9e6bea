/* SPDX-License-Identifier: Apache-2.0 */
/* tally: documents counted by a name (a reason, a language, a host ...) and by their fate. */
#ifndef DH_CORPUS_TALLY_H
#define DH_CORPUS_TALLY_H

#include "base/json.h"
#include "base/map.h"

/* What became of a document. Each of the input has exactly one. */
typedef enum dh_fate { DH_FATE_KEPT, DH_FATE_REJECTED, DH_FATE_FAILED, DH_FATE_COUNT } dh_fate;
/* "kept", "rejected", "failed". */
const char *dh_fate_name(dh_fate fate);

typedef struct dh_tally_row {
    dh_slice name;
    uint64_t count[DH_FATE_COUNT];
} dh_tally_row;

typedef struct dh_tally {
    dh_arena *arena; /* guarded by whoever owns it */
    dh_map map;
    DH_VEC(dh_tally_row) rows;
} dh_tally;

void dh_tally_init(dh_tally *tally, dh_arena *arena);
/* name is copied. */
void dh_tally_add(dh_tally *tally, dh_slice name, dh_fate fate, uint64_t count);
/* Adds all of other. */
void dh_tally_merge(dh_tally *tally, const dh_tally *other);
/* By name. */
void dh_tally_sort(dh_tally *tally);
/* Most documents first, of equal ones by name. */
void dh_tally_rank(dh_tally *tally);
uint64_t dh_tally_sum(const dh_tally_row *row);
/* {"en": [kept, rejected, failed], ...}; and read again from value id. False when it is none. */
void dh_tally_put_json(const dh_tally *tally, dh_buf *out);
bool dh_tally_read_json(dh_tally *tally, const dh_json *json, uint32_t id);

#endif
