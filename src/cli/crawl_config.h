/* SPDX-License-Identifier: Apache-2.0 */
/* crawl_config: the file of options of `dehusk crawl`. A line is "name = value" with the name of a long option,
 * or the name alone for one without a value; blank lines and lines that begin with "#" or ";" are passed
 * over, as are "[section]" lines. What stands on the command line counts more. */
#ifndef DH_CLI_CRAWL_CONFIG_H
#define DH_CLI_CRAWL_CONFIG_H

#include "cli/options.h"

/* argv, as given behind the command, with the file's options in front of it. --config names the file;
 * without it the usual one is read where it exists. Everything in arena. DH_ERR_USAGE with file and line. */
dh_status dh_crawl_config(int *argc, const char *const **argv, dh_arena *arena, dh_error *error);

#endif
