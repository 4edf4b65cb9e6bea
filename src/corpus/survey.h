/* SPDX-License-Identifier: Apache-2.0 */
/* survey: what one pass over a corpus's documents tells beside the counts of its markers: months, lengths, text by
 * reason, persons, and a few examples of each reason. Everything depends on the documents alone, not on their order.
 * Memory grows with the number of reasons and months. survey_page.h writes it down. */
#ifndef DH_CORPUS_SURVEY_H
#define DH_CORPUS_SURVEY_H

#include "corpus/pii.h"
#include "corpus/store.h"

/* Lengths by size: class 0 is none, the next one 1 to 9, and from 10 on there are six to a power of ten. */
enum { DH_LENGTH_CLASSES = 40, DH_SURVEY_EXAMPLES = 3 };

typedef struct dh_lengths {
    uint64_t count[DH_LENGTH_CLASSES][DH_FATE_COUNT];
} dh_lengths;

/* The class of a length, and the smallest length of a class. */
int dh_length_class(uint64_t length);
uint64_t dh_length_begin(int class);

/* A document to show. */
typedef struct dh_survey_example {
    uint64_t order; /* a hash of its id: the smallest ones are chosen, one a host */
    dh_slice id, host, url, title, language, message;
    dh_slice text;             /* its beginning */
    dh_slice value, threshold; /* of the measure that it failed; may be empty */
    uint64_t chars;
} dh_survey_example;

/* Documents with one reason; the kept ones have none. */
typedef struct dh_survey_reason {
    dh_slice name; /* empty: kept */
    dh_fate fate;
    uint64_t documents, chars;
    dh_survey_example examples[DH_SURVEY_EXAMPLES]; /* smallest order first */
    uint32_t shown;
} dh_survey_reason;

typedef struct dh_survey {
    dh_arena *arena;
    dh_tally months; /* "2024-05" of publication; "" when it is not known */
    dh_tally complete; /* "teaser": how much of an article they are */
    dh_lengths chars, words;
    uint64_t persons[DH_PII_COUNT],
        found[DH_PII_COUNT];          /* documents that have any, and how many in all */
    DH_VEC(dh_survey_reason) reasons; /* most documents first; the kept ones before all */
} dh_survey;

/* Reads every document of a store. survey is in store->arena. DH_ERR_IO, DH_ERR_MEMORY; DH_ERR_SYNTAX for a line that is no
 * document. */
dh_status dh_survey_make(dh_survey *survey, const dh_store *store, dh_error *error);

#endif
