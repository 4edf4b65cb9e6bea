/* SPDX-License-Identifier: Apache-2.0 */
/* head: the fields as formats print them, and the header block in front of txt and md. Private to
 * emit/. */
#ifndef DH_EMIT_HEAD_H
#define DH_EMIT_HEAD_H

#include "emit/emit.h"

/* The headline: the field, else the text of the block that is the headline, else empty. */
dh_slice dh_head_title(const dh_article *article);
/* The address: the field url, else the canonical one. */
dh_slice dh_head_url(const dh_article *article);
/* YYYY-MM-DD of a date field, or what there is of it. */
dh_slice dh_head_day(const dh_article *article, dh_field_kind kind);
/* All values of a kind joined; empty when there is none. In arena unless it is one value. */
dh_slice dh_head_joined(const dh_article *article, dh_field_kind kind, const char *separator,
                        dh_arena *arena);
/* A 64-bit simhash (Charikar 2002) of the words of the kept body as 16 hex digits: near-identical
 * texts differ in few bits. Case and punctuation do not count; scripts without spaces are taken in
 * pairs of characters. Empty when the body is. In arena. */
dh_slice dh_head_fingerprint(const dh_article *article, dh_arena *arena);
/* The fields between lines of "---", as YAML, in trafilatura's order, and an empty line. */
void dh_head_put(const dh_article *article, dh_arena *arena, dh_buf *out);

#endif
