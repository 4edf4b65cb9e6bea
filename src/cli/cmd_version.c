/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "cli/cli.h"

int dh_cmd_version(dh_cli *cli) {
    dh_buf out;
    dh_buf_init(&out, cli->arena, 0);
    dh_buf_printf(&out, "dehusk %s\n", dehusk_version());
    return dh_cli_print(cli, dh_buf_slice(&out));
}
