/* SPDX-License-Identifier: Apache-2.0 */
/* survey_page: what was kept of a corpus and what dropped, as one self-contained HTML page: `dehusk corpus stats --html`. Made
 * like the report of an article (emit/report.h): no script, no address of anything else, what comes from documents is
 * text. */
#ifndef DH_CORPUS_SURVEY_PAGE_H
#define DH_CORPUS_SURVEY_PAGE_H

#include "corpus/survey.h"

/* sum: of the store's markers. name: what the reader calls the corpus. */
void dh_survey_page(const dh_store *store, dh_marker *sum, dh_survey *survey, dh_slice name,
                    dh_buf *out);

/* The parts that survey_parts.c writes. Private to survey_p*.c. */
void dh_survey_months(const dh_survey *survey, dh_buf *out);
void dh_survey_lengths(const dh_lengths *lengths, const char *unit, dh_buf *out);
void dh_survey_examples(const dh_survey *survey, dh_buf *out);
/* Names of reasons and fills, for people. Static. */
const char *dh_survey_help(dh_slice reason);
/* The class that a reason is drawn in, by its number among survey->reasons. */
const char *dh_survey_fill(uint32_t number);

#endif
