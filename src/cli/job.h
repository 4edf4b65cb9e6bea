/* SPDX-License-Identifier: Apache-2.0 */
/* job: one page on its way to a worker, its result on the way back, and the worker between. Only the
 * flat records of these cross the pool. */
#ifndef DH_CLI_JOB_H
#define DH_CLI_JOB_H

#include "base/buf.h"
#include "cli/cli.h"
#include "work/pool.h"

typedef enum dh_job_kind {
    DH_JOB_PAGE,       /* bytes of a page by itself */
    DH_JOB_LINE,       /* a line of JSON that holds one */
    DH_JOB_RECORD,     /* an archive's record of one: see archive/payload.h */
    DH_JOB_RECORD_TEXT, /* the same, text that was extracted before */
    DH_JOB_MEMBER      /* a file of a tar or zip; its name is the job's */
} dh_job_kind;

typedef struct dh_job {
    uint64_t input; /* number of the input it comes from */
    uint64_t line;  /* of a file of JSON lines, or number of the record, from 1; 0: a page by itself */
    dh_job_kind kind;
    bool joined; /* as dehusk_input has it */
    const char *name, *url, *content_type; /* NULL is as good as "" */
    bool torn;             /* RECORD: the archive says that it is not all of the page */
    const char *date, *id; /* RECORD: "2024-05-15T10:20:30Z" or its day, "urn:uuid:..."; the same */
    const char *refused; /* why there is nothing to clean: comes back as the result, in its turn */
    dh_slice bytes;
} dh_job;

/* What came of it. Strings are borrowed from the record and never NULL. */
typedef struct dh_result {
    uint64_t input, line;
    dehusk_status status;
    uint64_t input_bytes, text_chars, kept_chars;
    bool torn;           /* it is not all of the page */
    const char *limited; /* name of a limit that cut the page, or "" */
    const char *refused; /* rule lines that were not followed, or "" */
    const char *message; /* what was wrong, unless OK */
    dh_slice output;     /* for a line also when it failed: an object with the error */
} dh_result;

/* Begins a record; the page's bytes are to be appended to it as they are. job->bytes is not looked at. */
void dh_job_begin(dh_buf *record, const dh_job *job);
/* The record of a job back; strings are borrowed from it. */
dh_job dh_job_read(dh_slice record);
/* DH_ERR_INTERNAL's message for a record that is none (memory was out). */
void dh_result_read(dh_slice record, dh_result *result);

/* A page, cleaned or not, for whoever makes something of it. Borrowed for the call; strings are never NULL. */
typedef struct dh_subject {
    const dh_job *job;
    const char *url, *date, *id; /* as the line or record has them, else as the options say; "" */
    dh_slice bytes;              /* that were cleaned; empty when it did not come to that */
    const dh_result *result;     /* without output */
    dehusk_page *page;           /* good for reading when result->status is OK */
} dh_subject;

/* What is to be made of each page in place of its output in a format: also of one that failed. Works on the
 * workers' threads, each with a state of its own. */
typedef struct dh_maker {
    void *(*start)(const void *data); /* NULL: there will be no worker */
    void (*make)(void *state, const dh_subject *subject, dh_buf *out);
    void (*stop)(void *state);
    const void *data;
} dh_maker;

/* What the workers share. Read only, but for the engine: it may be exchanged while no job is at work. */
typedef struct dh_workshop {
    const dehusk_engine *engine;
    const dh_cli_options *options;
    const char *format; /* of the output */
    const dh_maker *maker; /* NULL: output in the format */
} dh_workshop;

/* The result of a job that no worker could do, as a worker would have put it: message says why. */
void dh_job_failed(const dh_job *job, const dh_workshop *shop, dehusk_status status,
                   const char *message, dh_buf *out);

/* shared: a dh_workshop. */
extern const dh_pool_worker dh_page_worker;

/* Also for use without a pool. An engine as the options ask for; with --rules-lenient says what is left out. */
dehusk_status dh_engine_for(dh_cli *cli, dehusk_engine **engine, dehusk_error *error);
/* A page with the options' limits; NULL when memory is out. */
dehusk_page *dh_page_for(const dehusk_engine *engine, const dh_cli_options *options);
/* How the options would have bytes read. */
dehusk_from dh_from_of(const dh_cli_options *options);
/* Bytes of a page to read: one more than its limit, so that the page itself notices. */
size_t dh_bytes_to_read(const dh_cli_options *options);

#endif
