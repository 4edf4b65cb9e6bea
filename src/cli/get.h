/* SPDX-License-Identifier: Apache-2.0 */
/* get: a page from its address as the rule files of its site want it: rewritten addresses, headers, the
 * pause between requests, the whole on one page, or its parts one after the other. */
#ifndef DH_CLI_GET_H
#define DH_CLI_GET_H

#include "cli/load.h"

/* What lasts from one address to the next. Zero is a good start. */
typedef struct dh_getter {
    dh_fetcher *fetcher;
    dh_buf host; /* of the last request, heap */
    int64_t last_ms;
} dh_getter;

void dh_getter_release(dh_getter *getter);
/* As dh_fetch_for. engine may be NULL: no rules. *joined: fetched->body holds several parts, in UTF-8,
 * and is to be cleaned as such. A part that cannot be had is told of; those before it are taken. */
dh_status dh_get(dh_cli *cli, const dehusk_engine *engine, dh_getter *getter, const char *url,
                 dh_fetched *fetched, bool *joined, dh_error *error);

#endif
