/* SPDX-License-Identifier: Apache-2.0 */
/* status: how operations end, and the one error record that the detector fills and callers forward. */
#ifndef DH_BASE_STATUS_H
#define DH_BASE_STATUS_H

#include <stdint.h>

typedef enum dh_status {
#define DH_STATUS(name, number, text) DH_##name = number,
#include "base/status.def"
#undef DH_STATUS
} dh_status;

/* line and column count from 1, 0 when they do not apply; offset is in bytes. */
typedef struct dh_error {
    dh_status status;
    char stage[16];
    char file[256];
    uint32_t line;
    uint32_t column;
    uint64_t offset;
    char message[512];
} dh_error;

/* A static English text, never NULL. */
const char *dh_status_text(dh_status status);

/* Fills *error (which may be NULL) and returns status, so that `return dh_error_set(...)` works.
 * Clears file, line and column. */
dh_status dh_error_set(dh_error *error, dh_status status, const char *stage, uint64_t offset,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same with a place in a text file. file may be NULL. */
dh_status dh_error_at(dh_error *error, dh_status status, const char *stage, const char *file,
                      uint32_t line, uint32_t column, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

#endif
