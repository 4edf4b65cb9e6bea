/* SPDX-License-Identifier: Apache-2.0 */
/* isolate: --isolate and its like, for the commands that have workers. */
#ifndef DH_CLI_ISOLATE_H
#define DH_CLI_ISOLATE_H

#include "cli/cli.h"
#include "work/pool.h"

/* What the pool is to be. many: there may be many pages; one alone is cleaned without workers, unless it is said
 * otherwise. */
dh_pool_options dh_isolate_options(const dh_cli_options *options, bool many);

#endif
