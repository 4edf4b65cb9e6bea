/* SPDX-License-Identifier: Apache-2.0 */
/* inputs: what the operands, lists and folders of the command line come to. */
#ifndef DH_CLI_INPUTS_H
#define DH_CLI_INPUTS_H

#include "cli/cli.h"

typedef enum dh_input_source {
    DH_FROM_FILE,
    DH_FROM_JSONL, /* a file of JSON lines */
    DH_FROM_WARC,  /* an archive of pages */
    DH_FROM_MEMBERS, /* a tar or zip of files */
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
    uint32_t unread;   /* of these: are there, or may be */
    bool many;         /* more than one page may come of it */
    bool sized;        /* the size of each is known */
    bool into_itself;  /* a folder of pages is the output folder too */
} dh_inputs;

/* Fills *inputs; what is missing is told and counted. members_too: whether a tar or zip in a folder is an input; a
 * folder of saved pages has them as downloads. DH_ERR_USAGE when nothing is named and stdin is
 * a terminal, when two things want stdin, or when a folder would be written into itself.
 * DH_ERR_INTERRUPTED. */
dh_status dh_inputs_collect(dh_cli *cli, dh_inputs *inputs, bool members_too, dh_error *error);
/* Whether more than one page may come of what is of this kind. */
static inline bool dh_input_holds_many(dh_input_source source) {
    return source == DH_FROM_JSONL || source == DH_FROM_WARC || source == DH_FROM_MEMBERS;
}
/* Whether a file is no page by its name. */
bool dh_input_is_no_page(const char *path);
/* Length of the ending that makes name one of an archive (".warc.gz", ".wet.gz" ...), or 0. */
size_t dh_warc_ending(dh_slice name);
/* The same for one of JSON lines (".jsonl", ".jsonl.gz", ".json.zst" ...). */
size_t dh_lines_ending(dh_slice name);
/* "stdin" for "-", else name. */
const char *dh_input_spoken(const dh_input *input);

#endif
