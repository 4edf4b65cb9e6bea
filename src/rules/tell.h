/* SPDX-License-Identifier: Apache-2.0 */
/* tell: which rule file serves a page, and why, in words. For `rules show`. */
#ifndef DH_RULES_TELL_H
#define DH_RULES_TELL_H

#include "rules/rules_private.h"

/* Finds the files for the page as dh_rules_apply does, writes a line or more about each (its name, the
 * site line, path, date or fingerprint that chose it), and about files of the same host that were
 * passed over. Fills *files with those that serve it, in arena of the page. */
typedef DH_VEC(const dh_rule_file *) dh_rule_file_list;
void dh_rules_tell(const dh_rule_set *set, dh_rule_page *page, dh_buf *out,
                   dh_rule_file_list *files);
/* The lines that a file applies, own ones and then inherited ones, each with its file and line. */
void dh_rules_put_merged(const dh_rule_file *file, dh_buf *out);

#endif
