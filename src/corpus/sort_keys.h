/* SPDX-License-Identifier: Apache-2.0 */
/* sort_keys: what dedup and paragraphs sort by. Private to corpus/. */
#ifndef DH_CORPUS_SORT_KEYS_H
#define DH_CORPUS_SORT_KEYS_H

#include "base/buf.h"

enum { DH_KEY_ID = 64, DH_KEY_TEXT = 16 };

/* An id; one that is longer is cut, with a hash of all of it at its end. */
void dh_key_id(dh_slice id, unsigned char to[DH_KEY_ID]);
/* The first half of the SHA-256 of a text in which white space of any kind and length is one space. room is the caller's.
 * False when memory is out. */
bool dh_key_text(dh_slice text, dh_buf *room, unsigned char to[DH_KEY_TEXT]);

#endif
