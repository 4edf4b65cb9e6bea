/* SPDX-License-Identifier: Apache-2.0 */
/* cli: what the subcommands share. Results go to stdout, talk to stderr. */
#ifndef DH_CLI_CLI_H
#define DH_CLI_CLI_H

#include "base/arena.h"
#include "cli/options.h"
#include "cli/talk.h"

/* Exit codes, documented in the man page. */
enum {
    DH_EXIT_OK = 0,
    DH_EXIT_FAILED = 1, /* some inputs failed, or the output did */
    DH_EXIT_USAGE = 2,  /* wrong usage or a bad rule file: nothing was processed */
    DH_EXIT_EMPTY = 3,  /* --strict: nothing extracted */
    DH_EXIT_TEST = 4,   /* rules: a test failed, lint or mutate found something */
    DH_EXIT_DROPPED = 5,   /* why: the sentence is on the page, not in the article */
    DH_EXIT_NOT_FOUND = 6, /* why: no block of the page has the sentence */
    DH_EXIT_INTERRUPTED = 130
};

typedef struct dh_cli {
    dh_arena *arena; /* the program's, guarded by main */
    dh_talk talk;
    const dh_cli_options *options;
    int argc; /* the command's own words, without those of a configuration file */
    const char *const *argv;
} dh_cli;

typedef struct dh_command {
    const char *name, *operands, *summary;
    unsigned bit; /* DH_CMD_* */
    int (*run)(dh_cli *cli);
} dh_command;

extern const dh_command dh_commands[];
extern const size_t dh_commands_len;
/* NULL when there is none. */
const dh_command *dh_command_find(const char *name);

#define DH_COMMAND(name, id, operands, summary) int dh_cmd_##name(dh_cli *cli);
#include "cli/commands.def"
#undef DH_COMMAND

/* Writes to stdout and checks. The exit code: a closed pipe is as good as success. */
int dh_cli_print(dh_cli *cli, dh_slice text);
/* The same into the file of -o, when there is one; one that exists is replaced with --overwrite only. */
int dh_cli_write(dh_cli *cli, dh_slice text);

#endif
