/* SPDX-License-Identifier: Apache-2.0 */
/* crawl_status: how it stands with a crawl, host by host. */
#ifndef DH_CLI_CRAWL_STATUS_H
#define DH_CLI_CRAWL_STATUS_H

#include "cli/cli.h"

/* Prints it, as a table or as JSON. The exit code. */
int dh_crawl_status(dh_cli *cli, const char *folder, bool as_json);

#endif
