/* SPDX-License-Identifier: Apache-2.0 */
/* crawl_setup: the command line of `dehusk crawl` as the crawl's options. */
#ifndef DH_CLI_CRAWL_SETUP_H
#define DH_CLI_CRAWL_SETUP_H

#include "cli/cli.h"
#include "crawl/crawl.h"

/* Fills in what the options say, but for say, stop, reload and data; resolver must stay while the crawl
 * runs. DH_ERR_USAGE with what is wrong: no contact above all. */
dh_status dh_crawl_setup(const dh_cli *cli, dh_crawl_options *options, dh_resolver *resolver,
                         dh_error *error);

/* --delay's text as milliseconds; NULL is the default. DH_ERR_USAGE when it is no time. */
dh_status dh_crawl_delay_of(const char *text, uint32_t *delay_ms, dh_error *error);

#endif
