/* SPDX-License-Identifier: Apache-2.0 */
/* inputs: what the operands, lists and folders of the command line come to. */
#ifndef DH_CLI_INPUTS_H
#define DH_CLI_INPUTS_H

#include "cli/cli.h"

typedef enum dh_input_source {
    DH_FROM_FILE,
    DH_FROM_JSONL, /* a file of JSON lines */
    DH_FROM_WARC,  /* an archive of pages */
    DH_FROM_STDIN,
    DH_FROM_URL
} dh_input_source;

typedef struct dh_input {
    dh_input_source source;
    const char *name;     /* to open and to speak of; "-" for stdin */
    const char *url;      /* of the page as a list gives it, or NULL */
    const char *relative; /* what its output is named after */
    uint64_t size;        /* bytes, 0 when not known */
} dh_input;

typedef struct dh_inputs {
    DH_VEC(dh_input) all;
    uint32_t left_out; /* files of folders that are no pages by their names */
    uint32_t failed;   /* could not be found or read; have been told */
    bool many;         /* more than one page may come of it */
    bool sized;        /* the size of each is known */
    bool into_itself;  /* a folder of pages is the output folder too */
} dh_inputs;

/* Fills *inputs; what is missing is told and counted. DH_ERR_USAGE when nothing is named and stdin is
 * a terminal, when two things want stdin, or when a folder would be written into itself.
 * DH_ERR_INTERRUPTED. */
dh_status dh_inputs_collect(dh_cli *cli, dh_inputs *inputs, dh_error *error);
/* Length of the ending that makes name one of an archive (".warc.gz", ".wet.gz" ...), or 0. */
size_t dh_warc_ending(dh_slice name);
/* The same for one of JSON lines (".jsonl", ".jsonl.gz", ".json.zst" ...). */
size_t dh_lines_ending(dh_slice name);
/* "stdin" for "-", else name. */
const char *dh_input_spoken(const dh_input *input);

#endif
