/* SPDX-License-Identifier: Apache-2.0 */
/* filters: whether a document is good enough to train on, by the measures of a profile (filters.def). They judge, they
 * change nothing: a document that is rejected says by which measure, with its value and the threshold.
 *
 * Thresholds and stop words by language come from files as FineWeb-2 has them, one a language and script
 * ("arb_Arab.yml"). Without one the measures that know the language only of English are left out for others: the length
 * of words and stop words. */
#ifndef DH_CORPUS_FILTERS_H
#define DH_CORPUS_FILTERS_H

#include "lang/lang.h"
#include "text/class.h"
#include "text/words.h"

enum { DH_PROFILE_C4 = 1, DH_PROFILE_GOPHER = 2, DH_PROFILE_FINEWEB = 4, DH_PROFILE_FINEWEB2 = 8 };

typedef enum dh_filter_id {
#define DH_FILTER(name, profiles, sense, threshold, key, help) DH_FILTER_##name,
#include "corpus/filters.def"
#undef DH_FILTER
    DH_FILTER_COUNT
} dh_filter_id;

typedef struct dh_filters dh_filters; /* read only once made: threads share it */

/* profile: "none", "c4", "gopher", "fineweb", "fineweb2"; NULL is none. folder: of threshold files; NULL, but for
 * fineweb2. DH_ERR_USAGE; DH_ERR_IO; DH_ERR_SYNTAX with file and line. */
dh_status dh_filters_new(const char *profile, const char *folder, dh_filters **out,
                         dh_error *error);
void dh_filters_free(dh_filters *filters);
/* Whether there is anything to look at. */
bool dh_filters_any(const dh_filters *filters);
/* Of the threshold files; "" without. */
const char *dh_filters_digest(const dh_filters *filters);

typedef struct dh_filter_verdict {
    const char *name; /* of the first filter that rejects it; NULL: none. Static */
    double value, threshold;
} dh_filter_verdict;

/* What is looked at. cutter is the caller's; arena is guarded. */
dh_filter_verdict dh_filters_judge(const dh_filters *filters, dh_slice text,
                                   const dh_text_facts *facts, const dh_language *language,
                                   dh_word_cutter *cutter, dh_arena *arena);
/* All values: of every filter, as a profile (0: none) has them measured. */
void dh_filters_measure(dh_slice text, const dh_text_facts *facts, int profile,
                        const dh_words *stop_words, dh_word_cutter *cutter, dh_arena *arena,
                        double values[DH_FILTER_COUNT]);

#endif
