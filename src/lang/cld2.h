/* SPDX-License-Identifier: Apache-2.0 */
/* cld2: the little of CLD2 that we call, for C. Private to lang/. */
#ifndef DH_LANG_CLD2_H
#define DH_LANG_CLD2_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

typedef struct dh_cld2_result {
    const char *code; /* CLD2's own; static */
    int percent;
    bool reliable;
    bool out_of_memory; /* always set */
} dh_cld2_result;

dh_status dh_cld2_load(dh_error *error);
/* text is valid UTF-8. False when the language is not known, or the library is not there. */
bool dh_cld2_find(const char *text, size_t len, dh_cld2_result *result);

#endif
