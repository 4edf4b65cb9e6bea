/* SPDX-License-Identifier: Apache-2.0 */
/* format: the writers of formats.def, and the bodies that one format takes from another. Private to
 * emit/. */
#ifndef DH_EMIT_FORMAT_H
#define DH_EMIT_FORMAT_H

#include "emit/emit.h"
#include "emit/walk.h"

#define DH_FORMAT(name, extension, lines, help)                                                    \
    void dh_emit_##name(const dh_article *article, const dh_emit_options *options,                 \
                        dh_arena *arena, dh_buf *out);
#include "emit/formats.def"
#undef DH_FORMAT

/* The blocks of `roles` (see emit/walk.h) without fields and without a last line feed. When out
 * holds something of this document already, an empty line comes first. */
void dh_emit_txt_body(const dh_article *article, const dh_emit_options *options, uint32_t roles,
                      dh_arena *arena, dh_buf *out);
void dh_emit_md_body(const dh_article *article, const dh_emit_options *options, uint32_t roles,
                     dh_arena *arena, dh_buf *out);

#endif
