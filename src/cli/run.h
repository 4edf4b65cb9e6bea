/* SPDX-License-Identifier: Apache-2.0 */
/* run: many inputs through the pool to the sink, in order, counting as they go. Reading and fetching,
 * writing and talking are done on the caller's thread; workers only clean. */
#ifndef DH_CLI_RUN_H
#define DH_CLI_RUN_H

#include "base/map.h"
#include "cli/get.h"
#include "cli/inputs.h"
#include "cli/job.h"
#include "cli/lines.h"
#include "cli/progress.h"
#include "cli/reload.h"
#include "cli/sink.h"
#include "emit/emit.h"

typedef struct dh_run {
    dh_cli *cli;
    dh_inputs inputs;
    const dh_format *format;
    dh_sink sink;
    const char **names; /* FOLDER: below it, by input */
    dh_map input_files; /* (device, inode) of what must not be written over */
    dh_pool *pool;
    dehusk_engine *engine;
    dh_workshop *shop;  /* of the pool; its engine is exchanged when rule files change */
    dh_reload reload;
    dh_progress progress;
    dh_lines stdin_lines;
    bool stdin_open;
    dh_getter getter;
    dh_buf record;          /* heap: the job at hand */
    dh_buf texts;           /* heap: strings of it */
    uint64_t records_left_out; /* of archives: no pages */
    bool piece_failed;      /* the file of JSON lines that is being written has failed */
    unsigned failed_writes; /* one after the other */
    bool stop;
} dh_run;

/* Feeds all inputs, waits for their results. */
void dh_run_all(dh_run *run);
/* Notes which files the inputs are. */
void dh_run_protect(dh_run *run);
/* Whether path is one of the inputs. */
bool dh_run_is_input(const dh_run *run, const char *path);

/* For feed_warc.c: */

/* Whether no more is to be fed. */
bool dh_run_ended(const dh_run *run);
/* Gives run->record to the workers. */
void dh_run_push(dh_run *run, const dh_input *input);
/* Tells what is wrong with an input, or with a piece of it, and counts it. */
void dh_run_failed(dh_run *run, const dh_input *input, const char *message);
/* What is ready goes out, before a wait for more. data: a dh_run. */
void dh_run_before_waiting(void *data);
/* Feeds the records of input number id; front: bytes of it that were read already, or NULL. */
void dh_feed_warc(dh_run *run, uint32_t id, const dh_lines *front);

#endif
