/* SPDX-License-Identifier: Apache-2.0 */
/* sort: records of a fixed size, more than memory holds, sorted by their bytes: pieces are sorted in memory, written to
 * a file without a name, and merged as they are read. */
#ifndef DH_CORPUS_SORT_H
#define DH_CORPUS_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct dh_sorter dh_sorter; /* one thread */

/* The sizes that records may have, in bytes. */
enum { DH_SORT_SMALL = 16, DH_SORT_MIDDLE = 32, DH_SORT_LARGE = 96 };

/* memory: bytes of a piece (0: 64 MiB). folder: where the file is made. DH_ERR_MEMORY, DH_ERR_IO, DH_ERR_USAGE. */
dh_status dh_sorter_new(size_t size, size_t memory, const char *folder, dh_sorter **out,
                        dh_error *error);
void dh_sorter_free(dh_sorter *sorter);
dh_status dh_sorter_put(dh_sorter *sorter, const void *record, dh_error *error);
/* Begins reading, again if need be; nothing may be put any more. */
dh_status dh_sorter_rewind(dh_sorter *sorter, dh_error *error);
/* The next record, good until the next call. DH_ERR_EMPTY at the end. */
dh_status dh_sorter_next(dh_sorter *sorter, const void **record, dh_error *error);

/* Numbers in an order that bytes have. */
static inline void dh_sort_put_u64(unsigned char *to, uint64_t value) {
    for (int i = 0; i < 8; i++) to[i] = (unsigned char)(value >> (56 - 8 * i));
}
static inline uint64_t dh_sort_u64(const unsigned char *from) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | from[i];
    return value;
}

#endif
