/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk why: where one sentence of a page came from, and why it is in or out. */
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/load.h"
#include "dehusk/why.h"

static int code_of(dh_why_found found) {
    switch (found) {
    case DH_WHY_KEPT:
        return DH_EXIT_OK;
    case DH_WHY_DROPPED:
        return DH_EXIT_DROPPED;
    case DH_WHY_APART:
    case DH_WHY_NOWHERE:
        return DH_EXIT_NOT_FOUND;
    }
    return DH_EXIT_FAILED;
}

static int why(dh_cli *cli, const dh_single *single, dehusk_page *page, void *data) {
    const dh_cli_options *o = cli->options;
    const char *sentence = *(const char **)data;
    dehusk_error error = {0};
    dehusk_input input = dh_single_input(cli, single);
    dh_buf out;
    dh_buf_init(&out, NULL, 0);
    dh_why_found found = DH_WHY_NOWHERE;
    dehusk_options options = o->clean;
    options.reasons = true;
    dehusk_status status = dehusk_page_clean(page, &input, &options, &error);
    if (status == DEHUSK_OK) status = dh_why(page, dh_slice_cstr(sentence), &found, &out, &error);
    int code = DH_EXIT_OK;
    if (status != DEHUSK_OK || out.failed) {
        dh_talk_about(&cli->talk, single->name, "%s",
                      status != DEHUSK_OK ? error.message : "out of memory");
        code = status == DEHUSK_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    } else {
        code = dh_cli_print(cli, dh_buf_slice(&out));
        if (code == DH_EXIT_OK) code = code_of(found);
    }
    dh_buf_release(&out);
    return code;
}

int dh_cmd_why(dh_cli *cli) {
    dh_cli_options options = *cli->options; /* the last operand is the sentence, not a page */
    dh_cli own = *cli;
    if (options.operands.len == 0 || options.operands.len > 2) {
        dh_talk_error(&cli->talk, "name a page and a sentence of it, in quotes");
        return DH_EXIT_USAGE;
    }
    const char *sentence = options.operands.ptr[--options.operands.len];
    own.options = &options;
    return dh_with_single(&own, why, &sentence);
}
