/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: what the parts of `dehusk corpus` share. Private to cmd_corpus.c and corpus_*.c. */
#ifndef DH_CLI_CORPUS_H
#define DH_CLI_CORPUS_H

#include "archive/digest.h"
#include "archive/stream.h"
#include "cli/run.h"
#include "corpus/document.h"
#include "corpus/plan.h"

/* Documents on their way from the inputs to wherever they go. */
typedef struct dh_corpus {
    dh_cli *cli;
    dh_run run;
    dh_plan plan;
    dh_document_options options;
    dh_filters *filters;
    dh_fasttext *model;
    char model_digest[DH_DIGEST_SIZE]; /* of its file */
    dh_maker maker;
    dh_taker taker;
    dh_workshop shop;
    dh_document_maker *mender; /* for documents that no worker answered for */
    dh_buf mended;             /* heap: their record */
} dh_corpus;

/* The name by which a corpus knows an input. */
const char *dh_corpus_input(const dh_corpus *corpus, uint64_t id);
/* Inputs, engine and plan; nothing is open unless it is DH_EXIT_OK. */
int dh_corpus_begin(dh_corpus *corpus, dh_cli *cli);
/* Workers; take (and wants, which may be NULL) are called with data. */
int dh_corpus_start(dh_corpus *corpus, const dh_taker *taker);
void dh_corpus_end(dh_corpus *corpus);
/* What came of a document; also when the worker's answer is none. False: it failed for want of memory, which is
 * nothing of its own, and may not fail another time. */
bool dh_corpus_document(dh_corpus *corpus, const dh_result *result, dh_document *document);
/* The text of run.json, in the program's arena. DH_ERR_IO, DH_ERR_MEMORY: a digest cannot be made. */
dh_status dh_corpus_run_text(dh_corpus *corpus, dh_slice *text, dh_error *error);
/* How shards are packed. */
dh_coding dh_corpus_coding(const dh_cli_options *options);
/* How many documents a shard may have. */
uint64_t dh_corpus_shard_documents(const dh_cli_options *options);

/* Exit codes. */
int dh_corpus_build(dh_cli *cli);  /* into a folder */
int dh_corpus_stream(dh_cli *cli); /* to stdout */
int dh_corpus_merge(dh_cli *cli);
int dh_corpus_stats(dh_cli *cli);
int dh_corpus_verify(dh_cli *cli);
int dh_corpus_show(dh_cli *cli);
int dh_corpus_residue(dh_cli *cli);

#endif
