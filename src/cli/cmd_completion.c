/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"
#include "cli/completion.h"

static const struct {
    const char *name;
    void (*write)(dh_buf *out, dh_arena *arena);
} kinds[] = {{"bash", dh_completion_bash},
             {"zsh", dh_completion_zsh},
             {"fish", dh_completion_fish},
             {"man", dh_completion_man}};

int dh_cmd_completion(dh_cli *cli) {
    const dh_texts *operands = &cli->options->operands;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && operands->len == 1; i++) {
        if (strcmp(operands->ptr[0], kinds[i].name) != 0) continue;
        dh_buf out;
        dh_buf_init(&out, cli->arena, 0);
        kinds[i].write(&out, cli->arena);
        return dh_cli_print(cli, dh_buf_slice(&out));
    }
    dh_talk_error(&cli->talk, "completion of bash, zsh, fish or man");
    return DH_EXIT_USAGE;
}
