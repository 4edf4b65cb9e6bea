/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_rules_import: dehusk rules import DIR -o OUT [--report FILE]. */
#ifndef DH_CLI_CMD_RULES_IMPORT_H
#define DH_CLI_CMD_RULES_IMPORT_H

#include "cli/cli.h"

/* Operands: "import" and the folder. Needs no engine. An exit code. */
int dh_cmd_rules_import(dh_cli *cli);

#endif
