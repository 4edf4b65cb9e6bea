/* SPDX-License-Identifier: Apache-2.0 */
/* lint: what is wrong with rule files that can be read, found without any page. Works on a finished
 * set; lines that the parser refused are told by dh_rules_report. */
#ifndef DH_RULES_LINT_H
#define DH_RULES_LINT_H

#include "rules/rules_private.h"

typedef enum dh_finding_level { DH_FINDING_ERROR, DH_FINDING_WARNING, DH_FINDING_NOTE } dh_finding_level;

/* DH_FINDING(name, level, help) */
typedef enum dh_finding_kind {
#define DH_FINDING(name, level, help) DH_LINT_##name,
#include "rules/findings.def"
#undef DH_FINDING
    DH_LINT_COUNT
} dh_finding_kind;

typedef struct dh_finding {
    dh_finding_kind kind;
    const char *file; /* its path */
    uint32_t line, column; /* 0: the whole file, no column */
    dh_slice message;
} dh_finding;

typedef struct dh_findings {
    dh_arena *arena;
    dh_finding *ptr;
    uint32_t len, cap;
} dh_findings;

const char *dh_finding_name(dh_finding_kind kind);
dh_finding_level dh_finding_level_of(dh_finding_kind kind);
/* "error", "warning", "note". Static. */
const char *dh_finding_level_name(dh_finding_level level);

void dh_findings_add(dh_findings *findings, dh_finding_kind kind, const char *file, uint32_t line,
                     uint32_t column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Sorted by file, line, column. */
void dh_findings_sort(dh_findings *findings);

/* Adds what is to be said about the files for which wanted[i] is not 0 (by their index in the set);
 * all files are looked at. Linear in lines but for files of one host. */
void dh_rule_set_lint(const dh_rule_set *set, const uint8_t *wanted, dh_findings *findings);

#endif
