/* SPDX-License-Identifier: Apache-2.0 */
/* import: site configs of Full-Text RSS (one text file a site, `directive: value` lines, XPath 1.0) as
 * rule files. Every line is translated, kept as XPath, or listed with the reason why it is dropped.
 * Format: https://help.fivefilters.org/full-text-rss/site-patterns.html. */
#ifndef DH_RULES_IMPORT_H
#define DH_RULES_IMPORT_H

#include "base/buf.h"

/* An XPath as a CSS selector that selects the same elements, where there is one. */
typedef struct dh_import_selector {
    dh_slice css;
    dh_slice attr;     /* of a last step /@attr; else empty */
    bool capitals;     /* names were not lower case: the XPath never matches a page, the CSS does */
} dh_import_selector;

/* False: there is none that surely does; in arena. */
bool dh_import_css(dh_slice xpath, dh_arena *arena, dh_import_selector *out);
/* Text as it stands between quotation marks in a selector or a phrase. */
void dh_import_quote(dh_buf *out, dh_slice text, bool phrase);

typedef struct dh_import dh_import;

/* In arena (guarded by the caller), with all it makes. */
dh_import *dh_import_new(dh_arena *arena);
/* One file; name: without folders. *rules_name ("x.example.rules") is empty when there is nothing to write
 * (the report says why). The file "global.txt" goes first, if there is one: all others inherit it. */
void dh_import_file(dh_import *import, dh_slice name, dh_slice text, dh_slice *rules_name,
                    dh_buf *out);
/* Appends the report: counts by directive, then a tab separated line for each dropped line and each
 * warning: dropped|warning, FILE:LINE, directive, reason, value. */
void dh_import_report(const dh_import *import, dh_buf *out);
/* Files read and files that have rules; selector lines and those that survived. */
typedef struct dh_import_counts {
    uint32_t files, written, selectors, survived, dropped, warnings;
} dh_import_counts;
dh_import_counts dh_import_count(const dh_import *import);

#endif
