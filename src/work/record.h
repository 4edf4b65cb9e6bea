/* SPDX-License-Identifier: Apache-2.0 */
/* record: numbers and byte strings in flat bytes, the only thing that crosses the pool. Read in the
 * order in which they were put; for one machine, not for storage. */
#ifndef DH_WORK_RECORD_H
#define DH_WORK_RECORD_H

#include "base/buf.h"

/* Appending; failures stay in the buffer. */
void dh_record_put_u64(dh_buf *out, uint64_t value);
/* With a NUL behind the bytes, so that what is read serves as a C string where it holds no NUL. */
void dh_record_put_bytes(dh_buf *out, dh_slice bytes);

/* Reading: start with {bytes}. What is not there is 0 or an empty string and sets `bad`. */
typedef struct dh_record {
    dh_slice rest;
    bool bad;
} dh_record;

uint64_t dh_record_u64(dh_record *record);
/* Borrowed from the record; ptr is never NULL. */
dh_slice dh_record_bytes(dh_record *record);

#endif
