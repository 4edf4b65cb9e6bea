/* SPDX-License-Identifier: Apache-2.0 */
/* help: what --help prints, from the tables. */
#ifndef DH_CLI_HELP_H
#define DH_CLI_HELP_H

#include "base/buf.h"
#include "cli/cli.h"

dh_slice dh_help_program(dh_arena *arena);
dh_slice dh_help_command(const dh_command *command, dh_arena *arena);
/* Appends text broken into lines of at most width columns, each line but the first after indent
 * spaces; column is where the first begins. */
void dh_help_wrap(dh_buf *out, const char *text, size_t column, size_t indent, size_t width);

#endif
