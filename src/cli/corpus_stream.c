/* SPDX-License-Identifier: Apache-2.0 */
/* Documents to stdout: a line for each that comes in, in their order, whatever became of it. */
#include "cli/corpus.h"
#include "cli/interrupt.h"

static void take(void *data, const dh_result *result) {
    dh_corpus *corpus = data;
    dh_document document;
    if (!dh_corpus_document(corpus, result, &document)) corpus->run.piece_failed = true;
    dh_sink_put(&corpus->run.sink, &corpus->cli->talk, "", document.line);
}

int dh_corpus_stream(dh_cli *cli) {
    dh_corpus corpus;
    dh_error error = {0};
    int code = dh_corpus_begin(&corpus, cli);
    if (code != DH_EXIT_OK) return code;
    dh_run *run = &corpus.run;
    dh_taker taker = {NULL, take, &corpus};
    dh_sink_open(&run->sink, DH_SINK_STDOUT, NULL, false, &error);
    code = dh_corpus_start(&corpus, &taker);
    dh_progress_begin(&run->progress, false);
    for (uint32_t i = 0; i < corpus.plan.len && code == DH_EXIT_OK && !dh_run_ended(run); i++)
        dh_run_feed(run, corpus.plan.inputs[i].id);
    if (code == DH_EXIT_OK) {
        if (!dh_sink_ended(&run->sink)) dh_pool_drain(run->pool);
        dh_sink_close(&run->sink, &cli->talk, !dh_interrupted());
        bool lost = run->sink.failed || run->piece_failed || run->inputs.failed > 0;
        code = dh_interrupted() ? DH_EXIT_INTERRUPTED : lost ? DH_EXIT_FAILED : DH_EXIT_OK;
    }
    dh_corpus_end(&corpus);
    return code;
}
