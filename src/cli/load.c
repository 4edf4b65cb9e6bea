/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/url.h"
#include "cli/get.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "cli/load_record.h"

dh_status dh_read_page(dh_cli *cli, const char *name, dh_lines *lines, dh_buf *out,
                       dh_error *error) {
    size_t max = dh_bytes_to_read(cli->options);
    bool is_stdin = strcmp(name, "-") == 0;
    struct stat st;
    if (is_stdin && lines != NULL) return dh_lines_rest(lines, max, out, error);
    if (!is_stdin &&
        (stat(name, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode)))
        return dh_io_read(name, max, out, NULL, error);
    dh_lines own; /* a pipe or terminal: it may have to be waited for */
    dh_status status = dh_lines_open(&own, name, error);
    if (status != DH_OK) return status;
    status = dh_lines_rest(&own, max, out, error);
    dh_lines_close(&own);
    return status;
}

static bool cancelled(void *data) {
    (void)data;
    return dh_interrupted();
}

static dh_status make_fetcher(dh_cli *cli, dh_fetcher **fetcher, dh_error *error) {
    const dh_cli_options *o = cli->options;
    char agent[64];
    snprintf(agent, sizeof agent, "dehusk/%s", dehusk_version());
    dh_fetch_options how = {.user_agent = o->user_agent != NULL ? o->user_agent : agent,
                            .timeout_ms =
                                o->timeout < 86400 ? (uint32_t)o->timeout * 1000 : 86400000,
                            .proxy = o->proxy != NULL ? o->proxy : "env",
                            .ca_file = o->ca_file,
                            .allow_private = o->allow_private,
                            .cancel = cancelled};
    return dh_fetcher_new(&how, fetcher, error);
}

dh_status dh_fetch_for(dh_cli *cli, dh_fetcher **fetcher, const char *url,
                       const char *const *headers, size_t header_count, dh_fetched *fetched,
                       dh_error *error) {
    dh_status status = *fetcher == NULL ? make_fetcher(cli, fetcher, error) : DH_OK;
    if (status == DH_OK)
        status = dh_fetch_with(*fetcher, url, headers, header_count, fetched, error);
    if (status == DH_OK && fetched->truncated && !cli->talk.quiet)
        dh_talk_about(&cli->talk, url, "the transfer broke off; what came of the page is taken");
    return status;
}

static dh_status load_address(dh_cli *cli, const dehusk_engine *engine, dh_single *single,
                              dh_error *error) {
    dh_getter getter = {0};
    dh_status status =
        dh_get(cli, engine, &getter, single->name, &single->fetched, &single->joined, error);
    dh_getter_release(&getter);
    if (status != DH_OK) return status;
    single->bytes = single->fetched.body;
    single->fetched.body = (dh_buf){0};
    if (single->url == NULL) single->url = single->fetched.url;
    single->content_type = single->fetched.content_type;
    return DH_OK;
}

int dh_single_load(dh_cli *cli, const dehusk_engine *engine, dh_single *single) {
    const dh_texts *operands = &cli->options->operands;
    *single =
        (dh_single){.name = operands->len > 0 ? operands->ptr[0] : "-", .url = cli->options->url};
    dh_error error = {0};
    if (operands->len > 1 || (operands->len == 0 && isatty(STDIN_FILENO))) {
        dh_talk_error(&cli->talk, "name one file or address, or pipe a page in");
        return DH_EXIT_USAGE;
    }
    dh_status status;
    if (dh_url_is_http(dh_slice_cstr(single->name)))
        status = load_address(cli, engine, single, &error);
    else if (dh_holds_records(cli, single->name)) status = dh_load_record(cli, single, &error);
    else if (cli->options->record != NULL)
        status = dh_error_set(&error, DH_ERR_USAGE, "cli", 0,
                              "--record chooses a page of an archive, and this is none by its name "
                              "(--from warc: it is one)");
    else status = dh_read_page(cli, single->name, NULL, &single->bytes, &error);
    if (strcmp(single->name, "-") == 0) single->name = "stdin";
    if (status == DH_OK) return DH_EXIT_OK;
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    dh_talk_about(&cli->talk, single->name, "%s", error.message);
    return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

void dh_single_release(dh_single *single) {
    dh_buf_release(&single->bytes);
    dh_fetched_release(&single->fetched);
}

int dh_cli_engine_failed(dh_cli *cli, dehusk_status status, const dehusk_error *error) {
    if (error->file[0] != '\0' && error->line > 0)
        dh_talk_error(&cli->talk, "%s:%u:%u: %s", error->file, error->line, error->column,
                      error->message);
    else if (error->file[0] != '\0') dh_talk_about(&cli->talk, error->file, "%s", error->message);
    else dh_talk_error(&cli->talk, "%s", error->message);
    return status == DEHUSK_ERR_MEMORY ? DH_EXIT_FAILED : DH_EXIT_USAGE;
}

dehusk_input dh_single_input(const dh_cli *cli, const dh_single *single) {
    const dh_cli_options *o = cli->options;
    return (dehusk_input){.bytes = {single->bytes.ptr, single->bytes.len},
                          .name = single->is_record ? NULL : single->name,
                          .url = single->url,
                          .site = o->site,
                          .charset = o->encoding,
                          .content_type = single->content_type,
                          .date = o->date != NULL ? o->date : single->date,
                          .from = single->is_text ? DEHUSK_FROM_TEXT : dh_from_of(o),
                          .joined = single->joined};
}

int dh_with_single(dh_cli *cli,
                   int (*use)(dh_cli *cli, const dh_single *single, dehusk_page *page, void *data),
                   void *data) {
    dehusk_engine *engine = NULL;
    dehusk_error error = {0};
    dehusk_status status = dh_engine_for(cli, &engine, &error);
    if (status != DEHUSK_OK) return dh_cli_engine_failed(cli, status, &error);
    dh_single single;
    int code = dh_single_load(cli, engine, &single);
    dehusk_page *page = code == DH_EXIT_OK ? dh_page_for(engine, cli->options) : NULL;
    if (page != NULL) {
        code = use(cli, &single, page, data);
    } else if (code == DH_EXIT_OK) {
        dh_talk_error(&cli->talk, "out of memory");
        code = DH_EXIT_FAILED;
    }
    dehusk_page_free(page);
    dh_single_release(&single);
    dehusk_engine_free(engine);
    return code;
}
