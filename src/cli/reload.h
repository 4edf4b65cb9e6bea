/* SPDX-License-Identifier: Apache-2.0 */
/* reload: rule files, labels and the site memory that change during a long run. The folders are looked at once a second
 * at most; the engine is exchanged between pages, never within one. */
#ifndef DH_CLI_RELOAD_H
#define DH_CLI_RELOAD_H

#include "cli/cli.h"

typedef struct dh_reload {
    dh_cli *cli;
    uint64_t stamp;  /* of what the engine at work was made from */
    int64_t next_ms; /* not to be looked at before */
} dh_reload;

/* Call before the engine is made. */
void dh_reload_begin(dh_reload *reload, dh_cli *cli);
/* A new engine when something changed, else NULL. A mistake in a file is told once; the old rules
 * stay at work. */
dehusk_engine *dh_reload_look(dh_reload *reload);
/* The next look makes a new engine whether or not a file changed. */
void dh_reload_force(dh_reload *reload);

#endif
