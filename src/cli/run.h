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

/* Who takes what comes of the documents, in their order, in place of the sink: page by page and line by line,
 * also of what is damaged or cannot be read. */
typedef struct dh_taker {
    /* Before a document is read into a job, number of it in its input (0: a page by itself); false passes it
     * over. NULL: all are wanted. */
    bool (*wants)(void *data, uint32_t input, uint64_t number);
    void (*take)(void *data, const dh_result *result);
    void *data;
} dh_taker;

typedef struct dh_run {
    dh_cli *cli;
    dh_inputs inputs;
    const dh_format *format;
    dh_sink sink;
    const dh_taker *taker; /* NULL: the sink */
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

/* Opens stdin when it is an input, and looks what it holds. DH_ERR_INTERRUPTED, DH_ERR_IO. */
dh_status dh_run_look_at_stdin(dh_run *run, dh_error *error);
/* Feeds all inputs, waits for their results. */
void dh_run_all(dh_run *run);
/* Feeds one of them; what comes of it is delivered by the pool then or later. */
void dh_run_feed(dh_run *run, uint32_t id);
/* Has what the pool delivers come here. */
void dh_run_listen(dh_run *run);
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
/* The same for a document that cannot be read; the taker gets it in its turn. */
void dh_run_damaged(dh_run *run, uint32_t id, uint64_t number, const char *message);
/* Whether the document is to be read into a job. */
bool dh_run_wants(dh_run *run, uint32_t id, uint64_t number);
/* What is ready goes out, before a wait for more. data: a dh_run. */
void dh_run_before_waiting(void *data);
/* Feeds the records of input number id; front: bytes of it that were read already, or NULL. */
void dh_feed_warc(dh_run *run, uint32_t id, const dh_lines *front);
/* Feeds the files in the tar or zip that is input number id. */
void dh_feed_members(dh_run *run, uint32_t id);

#endif
