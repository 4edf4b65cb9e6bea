/* SPDX-License-Identifier: Apache-2.0 */
/* check: the checks of a rule file's tests, against what came of a page. */
#ifndef DH_RULES_CHECK_H
#define DH_RULES_CHECK_H

#include "rules/rules_private.h"

typedef struct dh_check_page {
    dh_slice text; /* the article, as clean prints it */
    const dh_fields *fields;
    dh_slice files; /* rule files that served it, comma separated */
} dh_check_page;

/* What was wanted and what is there instead, in words, for a diff. */
typedef struct dh_check_diff {
    dh_slice want, got;
} dh_check_diff;

/* Whether the check holds. `url`, `site` and `crawled` are about how the page is cleaned and always
 * hold. White space counts as one space everywhere; dates are compared as far as the wanted one
 * goes; author and tag lists are comma separated. Slices in arena. */
bool dh_rule_check_holds(const dh_rule_check *check, const dh_check_page *page, dh_arena *arena,
                         dh_check_diff *diff);
/* Whether the test's page is an address: it is not stored, so only `rules test --url` can look at it. */
bool dh_rule_test_is_live(const dh_rule_test *test);
/* The value of a check of the test, or an empty slice. */
dh_slice dh_rule_check_value(const dh_rule_test *test, const char *key);
/* "480..520", "480..", "..520", "500"; false: none of these. */
bool dh_rule_word_range(dh_slice value, uint64_t *least, uint64_t *most);

#endif
