/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_rules: what the subcommands of `dehusk rules` share: the rule files, which of them are meant,
 * and their test pages, cleaned. Private to cmd_rules*.c. */
#ifndef DH_CLI_CMD_RULES_H
#define DH_CLI_CMD_RULES_H

#include "cli/cli.h"
#include "cli/load.h"
#include "dehusk/page.h"
#include "rules/check.h"
#include "rules/lint.h"

typedef struct dh_rules_cli {
    dh_cli *cli;
    dehusk_engine *engine;
    dh_rule_set *set;             /* the engine's */
    DH_VEC(dh_rule_file *) files; /* those that the operands mean; all without operands */
    dehusk_page *page;            /* for the tests' pages */
    dh_buf bytes;                 /* heap: of the page at hand */
    dh_findings findings;         /* of lint; in the program's arena */
    dh_buf out;                   /* what goes to stdout; in the program's arena */
    bool broken; /* a page could not be read or cleaned for no reason of its own: what tests say is no verdict */
} dh_rules_cli;

/* Subcommands: an exit code. Engine and files are there. */
int dh_rules_test(dh_rules_cli *r);
int dh_rules_lint(dh_rules_cli *r);
int dh_rules_list(dh_rules_cli *r);
int dh_rules_show(dh_rules_cli *r);
int dh_rules_mutate(dh_rules_cli *r);
int dh_rules_draft(dh_rules_cli *r);
int dh_rules_learn(dh_rules_cli *r);

/* Lint has the mistakes in rule files told to it. */
void dh_rules_lint_report(void *data, const dh_error *error);

/* Where the page of a test is: beside its rule file, else below fixtures/ beside the folder of rules.
 * NULL: nowhere. In the program's arena. */
const char *dh_rules_page_path(dh_rules_cli *r, const dh_rule_file *file, const dh_rule_test *test);
/* Cleans it as its checks say (url, site, crawled) into r->page. DEHUSK_ERR_EMPTY: skipped by a rule;
 * *error says what is wrong. text is the article, borrowed from the page. */
dehusk_status dh_rules_clean_test(dh_rules_cli *r, const dh_rule_file *file,
                                  const dh_rule_test *test, dh_slice *text, dehusk_error *error);
/* What the rules see of the page that r->page cleaned last. */
dh_rule_page dh_rules_page_of(dh_rules_cli *r);
/* Whether file served it. */
bool dh_rules_served(const dh_rules_cli *r, const dh_rule_file *file);
/* "rules/x.rules" as the user would open it. */
const char *dh_rules_path(const dh_rule_file *file);
/* Whether the file that -o names may be written; else it was told why not. */
bool dh_rules_may_write(dh_rules_cli *r);
/* Writes r->out there, or prints it. */
int dh_rules_write(dh_rules_cli *r);
/* Prints r->out; code, or the failure of printing. */
int dh_rules_print(dh_rules_cli *r, int code);

#endif
