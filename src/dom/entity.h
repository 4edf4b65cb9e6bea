/* SPDX-License-Identifier: Apache-2.0 */
/* entity: character references (HTML standard, 13.2.5.72 and following). */
#ifndef DH_DOM_ENTITY_H
#define DH_DOM_ENTITY_H

#include "base/buf.h"

/* raw with its character references decoded; raw itself when there are none. in_attribute: a legacy
 * name without semicolon is left alone before '=' and alphanumerics. */
dh_slice dh_entity_decode(dh_slice raw, bool in_attribute, dh_arena *arena);

/* Decodes the reference at raw.ptr[0] == '&'. Returns the bytes it takes, 0 when it is none; writes
 * at most 8 bytes of UTF-8 to out and their number to *len. */
size_t dh_entity_at(dh_slice raw, bool in_attribute, char out[8], size_t *len);

#endif
