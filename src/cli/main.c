/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk: finds the subcommand, reads its options and runs it. */
#include <fcntl.h>
#include <setjmp.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/cli.h"
#include "cli/crawl_config.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "css/suggest.h"

const dh_command dh_commands[] = {
#define DH_COMMAND(name, id, operands, summary)                                                    \
    {#name, operands, summary, DH_CMD_##id, dh_cmd_##name},
#include "cli/commands.def"
#undef DH_COMMAND
};
const size_t dh_commands_len = sizeof dh_commands / sizeof *dh_commands;

const dh_command *dh_command_find(const char *name) {
    for (size_t i = 0; i < dh_commands_len; i++)
        if (strcmp(dh_commands[i].name, name) == 0) return &dh_commands[i];
    return NULL;
}

int dh_cli_print(dh_cli *cli, dh_slice text) {
    dh_error error = {0};
    dh_status status = dh_io_put(STDOUT_FILENO, text, &error);
    if (status == DH_OK || status == DH_ERR_INTERRUPTED) return DH_EXIT_OK;
    dh_talk_about(&cli->talk, "stdout", "%s", error.message);
    return DH_EXIT_FAILED;
}

int dh_cli_write(dh_cli *cli, dh_slice text) {
    const dh_cli_options *o = cli->options;
    dh_error error = {0};
    if (o->output == NULL) return dh_cli_print(cli, text);
    if (dh_io_write(o->output, text, o->overwrite, false, &error) == DH_OK) return DH_EXIT_OK;
    bool exists = strcmp(error.message, "exists") == 0;
    dh_talk_about(&cli->talk, o->output, "%s",
                  exists ? "exists; --overwrite replaces it" : error.message);
    return DH_EXIT_FAILED;
}

static int unknown_command(dh_cli *cli, const char *word) {
    const char *printable = dh_io_printable(word, cli->arena);
    dh_suggest suggest = dh_suggest_start(dh_slice_cstr(word));
    for (size_t i = 0; i < dh_commands_len; i++)
        dh_suggest_offer(&suggest, dh_slice_cstr(dh_commands[i].name));
    if (word[0] == '-')
        dh_talk_error(&cli->talk, "unknown option %s before a command, see dehusk --help",
                      printable);
    else if (suggest.best.len > 0)
        dh_talk_error(&cli->talk, "unknown command %s; did you mean %.*s?", printable,
                      (int)suggest.best.len, suggest.best.ptr);
    else if (access(word, F_OK) == 0 || strstr(word, "://") != NULL)
        dh_talk_error(&cli->talk, "unknown command %s; did you mean dehusk clean %s?", printable,
                      printable);
    else
        dh_talk_error(&cli->talk, "unknown command %s, see dehusk --help", printable);
    return DH_EXIT_USAGE;
}

static int run_command(dh_cli *cli, const dh_command *command, int argc, const char *const *argv) {
    dh_cli_options *options = dh_arena_alloc(cli->arena, sizeof *options);
    dh_cli_options_init(options);
    cli->argc = argc;
    cli->argv = argv;
    dh_error error = {0};
    dh_status status = command->bit == DH_CMD_CRAWL
                           ? dh_crawl_config(&argc, &argv, cli->arena, &error)
                           : DH_OK;
    if (status == DH_OK)
        status = dh_cli_options_parse(options, command->bit, argc, argv, cli->arena, &error);
    if (status != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return DH_EXIT_USAGE;
    }
    cli->options = options;
    cli->talk.quiet = options->quiet;
    cli->talk.verbose = options->verbose;
    if (options->help) return dh_cli_print(cli, dh_help_command(command, cli->arena));
    if (options->version) return dh_cmd_version(cli);
    return command->run(cli);
}

static int run(dh_cli *cli, int argc, const char *const *argv) {
    if (argc < 2) {
        dh_io_put(STDERR_FILENO, dh_help_program(cli->arena), NULL);
        return DH_EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) word = "help";
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) word = "version";
    const dh_command *command = dh_command_find(word);
    if (command == NULL) return unknown_command(cli, word);
    return run_command(cli, command, argc - 2, argv + 2);
}

/* The guard that the program's arena leaves through stands in a frame of its own. */
static int run_guarded(dh_cli *cli, int argc, const char *const *argv) {
    jmp_buf guard;
    if (dh_arena_guard(cli->arena, &guard)) {
        dh_talk_error(&cli->talk, "out of memory");
        return DH_EXIT_FAILED;
    }
    return run(cli, argc, argv);
}

/* A standard stream that is closed would be the next file opened, and talk would be written into an
 * article. In its place stands what fails as a closed one does. */
static void fill_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}

int main(int argc, char **argv) {
    fill_standard_streams();
    dh_arena arena;
    dh_cli cli = {.arena = &arena};
    dh_arena_init(&arena, 0);
    dh_interrupt_install();
    int code = run_guarded(&cli, argc, (const char *const *)argv);
    dh_arena_release(&arena);
    return code;
}
