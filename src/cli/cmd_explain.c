/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk explain: what clean would do with a page, block by block. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/job.h"
#include "cli/load.h"

static bool wants_colour(const dh_cli_options *options) {
    if (options->colour != NULL && strcmp(options->colour, "always") == 0) return true;
    if (options->colour != NULL && strcmp(options->colour, "never") == 0) return false;
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_colour == NULL || no_colour[0] == '\0');
}

static int explain(dh_cli *cli, const dh_single *single, dehusk_page *page, void *data) {
    (void)data;
    const dh_cli_options *o = cli->options;
    dehusk_error error = {0};
    dehusk_bytes out = {0};
    dehusk_input input = dh_single_input(cli, single);
    dehusk_options options = o->clean;
    options.reasons = true;
    dehusk_status status = dehusk_page_clean(page, &input, &options, &error);
    const char *format = "explain";
    if (o->as_html)
        format = "report";
    else if (o->output == NULL && wants_colour(o))
        format = "explain-colour";
    if (status == DEHUSK_OK) status = dehusk_page_write(page, format, &out, &error);
    if (status != DEHUSK_OK) {
        dh_talk_about(&cli->talk, single->name, "%s", error.message);
        return DH_EXIT_FAILED;
    }
    dh_slice text = dh_slice_make(out.data, out.len);
    return dh_cli_write(cli, text);
}

int dh_cmd_explain(dh_cli *cli) {
    return dh_with_single(cli, explain, NULL);
}
