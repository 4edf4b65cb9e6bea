/* SPDX-License-Identifier: Apache-2.0 */
/* load_record: one page of an archive. */
#ifndef DH_CLI_LOAD_RECORD_H
#define DH_CLI_LOAD_RECORD_H

#include "cli/load.h"

/* Whether the file holds records, by --from or its name. */
bool dh_holds_records(const dh_cli *cli, const char *name);
/* Takes the page that --record or --url chooses, else the only one, and what its record says of it into *single.
 * DH_ERR_USAGE: it has several, or none that is so called. */
dh_status dh_load_record(dh_cli *cli, dh_single *single, dh_error *error);

#endif
