/* SPDX-License-Identifier: Apache-2.0 */
/* report: an article beside its page as one self-contained HTML page to look at: `dehusk explain
 * --html`. The left part (the right one when the text runs right to left) is the article; the other
 * holds every block of the page in reading order, the dropped ones tinted by what dropped them, with
 * all causes in words. No script, no image, no link but to the report's own parts; what comes from
 * the page is text only. A content security policy says so a second time. */
#ifndef DH_EMIT_REPORT_H
#define DH_EMIT_REPORT_H

#include "emit/emit.h"
#include "emit/reason.h"

void dh_emit_report(const dh_article *article, const dh_emit_options *options, dh_arena *arena,
                    dh_buf *out);

/* Style sheets, line by line up to a NULL: of all reports, and of this one. Private to emit_report*.c. */
extern const char *const dh_report_style[];
extern const char *const dh_report_article_style[];

/* What a block is to a reader of the report; each has a class in the style sheet. */
typedef enum dh_report_tint {
    DH_TINT_KEPT,
    DH_TINT_PARTLY, /* kept, but for some of its text */
    DH_TINT_RULE,
    DH_TINT_OUTSIDE, /* outside of what a rule's article selected */
    DH_TINT_HIDDEN,
    DH_TINT_LABEL,
    DH_TINT_REPEATED,
    DH_TINT_SCORE,
    DH_TINT_COUNT
} dh_report_tint;

typedef struct dh_report {
    const dh_article *article;
    dh_arena *arena;
    dh_buf *out;
    dh_reasons reasons;
    uint8_t *tints; /* a dh_report_tint for each block */
    uint32_t counts[DH_TINT_COUNT];
    dh_buf words; /* of one reason, before it is escaped */
} dh_report;

/* For reports of other things too: all up to <body>, with the policy, the common style sheet and lines of another behind
 * it, up to a NULL. */
void dh_report_head(dh_buf *out, dh_slice title, const char *const *style);
/* Text, or an attribute's value in double quotes. Controls, ill-formed bytes and what would reorder
 * the text around it (bidi embeddings, overrides, isolates) come out as U+FFFD. */
void dh_report_text(dh_buf *out, dh_slice text);
/* ` dir="rtl"` or ` dir="ltr"`, by most strong letters of the text; nothing when it has none. */
void dh_report_dir(dh_buf *out, dh_slice text);
/* "image: ALT ADDRESS" for an image, as text. */
void dh_report_image(dh_buf *out, const dh_inline *image);
/* The class of a tint ("rule"), and what it says in the legend. Static. */
const char *dh_report_class(dh_report_tint tint);
const char *dh_report_legend(dh_report_tint tint);

/* The two parts. */
void dh_report_article(dh_report *report);
void dh_report_page(dh_report *report);

#endif
