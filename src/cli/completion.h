/* SPDX-License-Identifier: Apache-2.0 */
/* completion: scripts for shells, and the man page's options, from the tables. */
#ifndef DH_CLI_COMPLETION_H
#define DH_CLI_COMPLETION_H

#include "base/buf.h"

void dh_completion_bash(dh_buf *out, dh_arena *arena);
void dh_completion_zsh(dh_buf *out, dh_arena *arena);
void dh_completion_fish(dh_buf *out, dh_arena *arena);
/* man(7) source. */
void dh_completion_man(dh_buf *out, dh_arena *arena);

#endif
