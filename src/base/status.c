/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *dh_status_text(dh_status status) {
    switch (status) {
#define DH_STATUS(name, number, text) \
    case DH_##name:                   \
        return text;
#include "base/status.def"
#undef DH_STATUS
    }
    return "unknown status";
}

static void fill(dh_error *error, dh_status status, const char *stage, const char *format,
                 va_list args) {
    memset(error, 0, sizeof *error);
    error->status = status;
    snprintf(error->stage, sizeof error->stage, "%s", stage);
    vsnprintf(error->message, sizeof error->message, format, args);
}

dh_status dh_error_set(dh_error *error, dh_status status, const char *stage, uint64_t offset,
                       const char *format, ...) {
    if (error == NULL) return status;
    va_list args;
    va_start(args, format);
    fill(error, status, stage, format, args);
    va_end(args);
    error->offset = offset;
    return status;
}

dh_status dh_error_at(dh_error *error, dh_status status, const char *stage, const char *file,
                      uint32_t line, uint32_t column, const char *format, ...) {
    if (error == NULL) return status;
    va_list args;
    va_start(args, format);
    fill(error, status, stage, format, args);
    va_end(args);
    if (file != NULL) snprintf(error->file, sizeof error->file, "%s", file);
    error->line = line;
    error->column = column;
    return status;
}
