/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"
#include "cli/help.h"

int dh_cmd_help(dh_cli *cli) {
    const dh_texts *operands = &cli->options->operands;
    if (operands->len == 0) return dh_cli_print(cli, dh_help_program(cli->arena));
    const dh_command *command = dh_command_find(operands->ptr[0]);
    if (command == NULL || operands->len > 1) {
        dh_talk_error(&cli->talk, "no help of that name; dehusk help lists the commands");
        return DH_EXIT_USAGE;
    }
    return dh_cli_print(cli, dh_help_command(command, cli->arena));
}
