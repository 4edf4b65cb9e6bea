/* SPDX-License-Identifier: Apache-2.0 */
/* What a fuzz target is, and how it fails. */
#ifndef MUST_H
#define MUST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: " #condition "\n", __FILE__, __LINE__);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline bool is_utf8(dh_slice s) {
    return s.len == 0 || dh_utf8_valid_prefix(s) == s.len;
}

/* What stands before the first NUL; the rest stays in *text. */
static inline dh_slice take_part(dh_slice *text) {
    const char *nul = text->len > 0 ? memchr(text->ptr, '\0', text->len) : NULL;
    size_t at = nul != NULL ? (size_t)(nul - text->ptr) : text->len;
    dh_slice part = dh_slice_sub(*text, 0, at);
    *text = dh_slice_sub(*text, at + 1, text->len);
    return part;
}

#endif
