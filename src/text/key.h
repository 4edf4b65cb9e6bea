/* SPDX-License-Identifier: Apache-2.0 */
/* key: the matching key (see dh_text_key) into a buffer of the caller's. Private to text/. */
#ifndef DH_TEXT_KEY_H
#define DH_TEXT_KEY_H

#include "base/buf.h"

/* offsets: NULL, or an array the caller keeps in the same arena as out (see dh_text_key_map). */
typedef struct dh_key_offsets {
    uint32_t *ptr;
    size_t cap;
} dh_key_offsets;

/* Appends nothing to what out holds: out must be empty. */
void dh_key_write(dh_slice text, bool trim_punctuation, dh_buf *out, dh_key_offsets *offsets);

#endif
