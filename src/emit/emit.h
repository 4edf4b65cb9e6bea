/* SPDX-License-Identifier: Apache-2.0 */
/* emit: an article in one of the output formats (formats.def has a row each, one file emit_NAME.c
 * each). Deterministic; ends with a line feed unless the article is empty (JSON and HTML always
 * have one). The shared parts: walk (blocks to lists, tables ...), spans (links, bold ... in a
 * text), pen (indented lines), head (fields), reason (verdicts in words). */
#ifndef DH_EMIT_EMIT_H
#define DH_EMIT_EMIT_H

#include "base/buf.h"
#include "model/article.h"

typedef struct dh_emit_options {
    bool links, images, formatting, tables, captions, comments;
    bool with_metadata; /* txt, md, html: fields before the text */
    bool only_with_metadata;
    bool blocks;       /* json: every block with verdict and reasons */
    dh_slice base_url; /* for resolving links; may be empty */
    dh_slice version;  /* dehusk's version */
    dh_slice today;    /* json: YYYY-MM-DD for "filedate"; may be empty */
    bool full;         /* explain: whole texts, not their beginning */
} dh_emit_options;

typedef struct dh_format {
    const char *name;      /* "md" */
    const char *extension; /* ".md" */
    const char *help;
    bool lines; /* one record per line: many inputs may share a file */
    void (*write)(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                  dh_buf *out);
} dh_format;

extern const dh_format dh_formats[];
extern const size_t dh_formats_len;
/* NULL when there is none of this name ("txt", "md", "markdown", "json", ...). */
const dh_format *dh_format_find(dh_slice name);
/* What `dehusk explain` prints: every block, verdict, deciding cause, all causes. */
void dh_emit_explain(const dh_article *article, const dh_emit_options *options, bool colour,
                     dh_arena *arena, dh_buf *out);

#endif
