/* SPDX-License-Identifier: Apache-2.0 */
/* load: one page's bytes, from wherever it is. */
#ifndef DH_CLI_LOAD_H
#define DH_CLI_LOAD_H

#include "cli/cli.h"
#include "cli/lines.h"
#include "net/fetch.h"

/* Appends a file's or pipe's bytes, up to one more than the limit on them. name "-" is stdin; lines is
 * stdin when it is being read already, else NULL. */
dh_status dh_read_page(dh_cli *cli, const char *name, dh_lines *lines, dh_buf *out,
                       dh_error *error);
/* Fetches url as the options say. *fetcher is made when it is NULL; who holds it frees it. Says so when
 * the transfer broke off. */
dh_status dh_fetch_for(dh_cli *cli, dh_fetcher **fetcher, const char *url,
                       const char *const *headers, size_t header_count, dh_fetched *fetched,
                       dh_error *error);

/* The one page that explain and dump are about. */
typedef struct dh_single {
    const char *name, *url, *content_type; /* as dehusk_input has them */
    const char *date;                      /* likewise; NULL: as the options say */
    dh_buf bytes;                          /* heap */
    bool joined;                           /* of several pages */
    bool is_record, is_text;               /* of an archive; text that was extracted before */
    dh_fetched fetched;
} dh_single;

/* Reads it: the operand, got as the rules of engine want it (get.h), or stdin. An exit code; what is wrong has been told. */
int dh_single_load(dh_cli *cli, const dehusk_engine *engine, dh_single *single);
void dh_single_release(dh_single *single);
/* As dehusk_page_clean takes it, with what the options say of it. */
dehusk_input dh_single_input(const dh_cli *cli, const dh_single *single);
/* Loads the page, makes an engine and a page object for it, and gives them to use. The exit code. */
int dh_with_single(dh_cli *cli,
                   int (*use)(dh_cli *cli, const dh_single *single, dehusk_page *page, void *data),
                   void *data);

/* Tells why there is no engine. The exit code. */
int dh_cli_engine_failed(dh_cli *cli, dehusk_status status, const dehusk_error *error);

#endif
