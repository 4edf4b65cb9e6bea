/* SPDX-License-Identifier: Apache-2.0 */
/* chart: counts drawn as inline SVG: a bar of parts, and columns on an axis. No script and nothing from elsewhere; a part or
 * column says its figures as a title. Colours are classes of the page's style sheet. All coordinates are whole numbers, so the
 * same counts give the same bytes everywhere. */
#ifndef DH_CORPUS_CHART_H
#define DH_CORPUS_CHART_H

#include "corpus/tally.h"

typedef struct dh_chart_part {
    dh_slice name;    /* any text */
    const char *fill; /* class */
    uint64_t value;
} dh_chart_part;

/* Parts side by side; total (at least their sum) is the whole width. unit: of what ("documents"). */
void dh_chart_bar(dh_buf *out, const dh_chart_part *parts, size_t len, uint64_t total,
                  const char *unit);

typedef struct dh_chart_column {
    char name[48];  /* of the title: "2024-05" */
    char label[24]; /* below the axis; may be "" */
    uint64_t count[DH_FATE_COUNT];
} dh_chart_column;

/* Columns of documents by fate. width: of the drawing; its height is always the same. A label stands below the left edge of
 * its column. */
void dh_chart_columns(dh_buf *out, const dh_chart_column *columns, size_t len, int width,
                      const char *about);

/* "12,345" */
void dh_chart_number(dh_buf *out, uint64_t value);
/* "12.3 %"; of nothing "0 %". */
void dh_chart_share(dh_buf *out, uint64_t value, uint64_t total);

#endif
