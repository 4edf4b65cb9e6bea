/* SPDX-License-Identifier: Apache-2.0 */
/* The inputs of a corpus, and the workers that make documents of them. */
#include "cli/corpus.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/interrupt.h"
#include "cli/isolate.h"
#include "cli/load.h"

/* ---- the workers' side ---- */

/* A worker's state; the corpus is only read. */
typedef struct making {
    const dh_corpus *corpus;
    dh_document_maker *maker;
} making;

const char *dh_corpus_input(const dh_corpus *corpus, uint64_t id) {
    return corpus->run.inputs.all.ptr[id].relative;
}

static void *start(const void *data) {
    making *m = malloc(sizeof *m);
    if (m == NULL) return NULL;
    m->corpus = data;
    m->maker = dh_document_maker_new(&m->corpus->options);
    if (m->maker != NULL) return m;
    free(m);
    return NULL;
}

static void stop(void *state) {
    making *m = state;
    dh_document_maker_free(m->maker);
    free(m);
}

static void make(void *state, const dh_subject *subject, dh_buf *out) {
    making *m = state;
    const dh_result *result = subject->result;
    dh_document_subject document = {
        .input = dh_corpus_input(m->corpus, result->input),
        .number = result->line,
        .member = subject->job->kind == DH_JOB_MEMBER ? subject->job->name : "",
        .url = subject->url,
        .date = subject->date,
        .id = subject->id,
        .bytes = subject->bytes,
        .torn = result->torn,
        .status = result->status,
        .message = result->message,
        .page = subject->page};
    dh_document_make(m->maker, &document, out);
}

/* ---- the caller's side ---- */

bool dh_corpus_document(dh_corpus *corpus, const dh_result *result, dh_document *document) {
    if (dh_document_read(result->output, document)) return result->status != DEHUSK_ERR_MEMORY;
    dh_document_subject lost = {
        .input = dh_corpus_input(corpus, result->input),
        .number = result->line,
        .member = "",
        .url = "",
        .date = "",
        .id = "",
        .bytes = DH_SLICE(""),
        .status = result->status != DEHUSK_OK ? result->status : DEHUSK_ERR_MEMORY,
        .message = result->message[0] != '\0' ? result->message : "out of memory"};
    dh_buf_reset(&corpus->mended);
    dh_document_make(corpus->mender, &lost, &corpus->mended);
    dh_document_read(dh_buf_slice(&corpus->mended), document);
    return lost.status != DEHUSK_ERR_MEMORY;
}

dh_coding dh_corpus_coding(const dh_cli_options *options) {
    if (options->pack != NULL && strcmp(options->pack, "none") == 0) return DH_CODING_NONE;
    if (options->pack != NULL && strcmp(options->pack, "gzip") == 0) return DH_CODING_GZIP;
    return DH_CODING_ZSTD;
}

uint64_t dh_corpus_shard_documents(const dh_cli_options *options) {
    return options->shard_documents > 0 ? options->shard_documents : DH_SHARD_DOCUMENTS;
}

static int usage(dh_cli *cli, const char *message) {
    dh_talk_error(&cli->talk, "%s", message);
    return DH_EXIT_USAGE;
}

/* SOURCE_DATE_EPOCH (reproducible-builds.org): a time that is not now. */
static const char *added(dh_cli *cli) {
    static const uint64_t latest = UINT64_C(253402300799);
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    if (cli->options->date != NULL) return cli->options->date;
    if (epoch == NULL || !dh_slice_to_u64(dh_slice_cstr(epoch), &seconds) || seconds > latest)
        return "";
    char *text = dh_arena_alloc(cli->arena, DH_UTC_SIZE);
    dh_clock_print_utc((int64_t)seconds * 1000, text);
    return text;
}

/* --complete: "full,live" as bits. */
static bool read_complete(const char *list, uint32_t *bits) {
    if (list == NULL) return true;
    *bits = 0;
    for (dh_slice rest = dh_slice_cstr(list); rest.ptr != NULL;) {
        dh_complete complete = dh_complete_of(dh_slice_trim(dh_slice_cut(&rest, ',')));
        if (complete == DH_COMPLETE_COUNT) return false;
        *bits |= 1u << complete;
    }
    return true;
}

static int collect(dh_corpus *corpus) {
    dh_cli *cli = corpus->cli;
    dh_run *run = &corpus->run;
    dh_error error = {0};
    dh_status status = dh_inputs_collect(cli, &run->inputs, true, &error);
    bool collected = status == DH_OK;
    if (collected) status = dh_run_look_at_stdin(run, &error);
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    if (status != DH_OK) {
        dh_talk_error(&cli->talk, "%s%s", collected ? "stdin: " : "", error.message);
        return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    }
    for (uint32_t i = 0; i < run->inputs.all.len; i++)
        if (run->inputs.all.ptr[i].source == DH_FROM_URL)
            return usage(
                cli, "corpus fetches no addresses: dehusk fetch or crawl keeps them in an archive");
    run->inputs.many = true;
    return DH_EXIT_OK;
}

static void plan(dh_corpus *corpus) {
    const dh_inputs *inputs = &corpus->run.inputs;
    dh_arena *arena = corpus->cli->arena;
    dh_plan_input *sorted = dh_arena_zalloc(arena, inputs->all.len, sizeof *sorted);
    for (uint32_t i = 0; i < inputs->all.len; i++) {
        const dh_input *input = &inputs->all.ptr[i];
        sorted[i] = (dh_plan_input){.name = input->relative,
                                    .path = input->name,
                                    .bytes = input->size,
                                    .many = input->source != DH_FROM_FILE,
                                    .id = i};
    }
    dh_plan_make(&corpus->plan, sorted, inputs->all.len, arena);
}

/* What documents are judged by. */
static int choose_filters(dh_corpus *corpus) {
    dh_cli *cli = corpus->cli;
    const dh_cli_options *o = cli->options;
    dh_error error = {0};
    corpus->options.complete = UINT32_MAX;
    if (!read_complete(o->complete, &corpus->options.complete))
        return usage(cli, "--complete takes a list of full, teaser, truncated, block_page, live and index");
    corpus->options.languages = o->languages;
    for (dh_slice rest = dh_slice_cstr(o->languages); rest.ptr != NULL;) {
        dh_slice tag = dh_slice_trim(dh_slice_cut(&rest, ','));
        if (dh_lang_is_tag(tag)) continue;
        dh_talk_error(&cli->talk, "--lang: no language is called %.*s",
                      tag.len < 40 ? (int)tag.len : 40, tag.len > 0 ? tag.ptr : "");
        return DH_EXIT_USAGE;
    }
    dh_status status = dh_digest_check(&error);
    if (status == DH_OK) status = dh_lang_check(&error);
    if (status == DH_OK && o->fasttext_model != NULL) {
        status = dh_fasttext_new(o->fasttext_model, &corpus->model, &error);
        if (status == DH_OK) status = dh_digest_file(o->fasttext_model, corpus->model_digest, &error);
    }
    corpus->options.model = corpus->model;
    if (status == DH_OK)
        status = dh_filters_new(o->profile, o->thresholds, &corpus->filters, &error);
    corpus->options.filters = corpus->filters;
    if (status == DH_OK) return DH_EXIT_OK;
    if (error.file[0] != '\0')
        dh_talk_error(&cli->talk, "%s:%u: %s", error.file, (unsigned)error.line, error.message);
    else dh_talk_error(&cli->talk, "%s", error.message);
    return status == DH_ERR_USAGE || status == DH_ERR_SYNTAX ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

int dh_corpus_begin(dh_corpus *corpus, dh_cli *cli) {
    *corpus = (dh_corpus){.cli = cli, .run = {.cli = cli}};
    dehusk_error error = {0};
    const dh_cli_options *o = cli->options;
    corpus->options = (dh_document_options){.source = o->source != NULL ? o->source : "dehusk",
                                            .added = added(cli)};
    corpus->options.lines = o->site_memory && o->output != NULL;
    if (o->pii != NULL && strcmp(o->pii, "find") == 0) corpus->options.pii = DH_PII_FIND;
    if (o->pii != NULL && strcmp(o->pii, "replace") == 0) corpus->options.pii = DH_PII_REPLACE;
    int code = collect(corpus);
    if (code == DH_EXIT_OK) code = choose_filters(corpus);
    if (code == DH_EXIT_OK) {
        plan(corpus);
        dehusk_status status = dh_engine_for(cli, &corpus->run.engine, &error);
        if (status != DEHUSK_OK) code = dh_cli_engine_failed(cli, status, &error);
    }
    if (code != DH_EXIT_OK) dh_corpus_end(corpus);
    return code;
}

int dh_corpus_start(dh_corpus *corpus, const dh_taker *taker) {
    dh_cli *cli = corpus->cli;
    dh_run *run = &corpus->run;
    dh_error error = {0};
    corpus->taker = *taker;
    corpus->maker = (dh_maker){start, make, stop, corpus};
    corpus->shop =
        (dh_workshop){.engine = run->engine, .options = cli->options, .maker = &corpus->maker};
    run->taker = &corpus->taker;
    run->shop = &corpus->shop;
    corpus->mender = dh_document_maker_new(&corpus->options);
    dh_pool_options how = dh_isolate_options(cli->options, true);
    dh_status status = DH_ERR_MEMORY;
    if (corpus->mender != NULL)
        status = dh_pool_open(&dh_page_worker, &corpus->shop, &how, &run->pool, &error);
    if (status == DH_OK) {
        if (dh_pool_why(run->pool)[0] != '\0')
            dh_talk_notice(&cli->talk, "pages are cleaned in threads, not in closed processes: %s",
                           dh_pool_why(run->pool));
        dh_run_listen(run);
        return DH_EXIT_OK;
    }
    dh_talk_error(&cli->talk, "%s", corpus->mender != NULL ? error.message : "out of memory");
    return DH_EXIT_FAILED;
}

void dh_corpus_end(dh_corpus *corpus) {
    dh_run *run = &corpus->run;
    dh_pool_free(run->pool);
    run->pool = NULL;
    if (run->stdin_open) dh_lines_close(&run->stdin_lines);
    dehusk_engine_free(run->engine);
    dh_filters_free(corpus->filters);
    dh_fasttext_free(corpus->model);
    dh_document_maker_free(corpus->mender);
    dh_buf_release(&corpus->mended);
    dh_buf_release(&run->record);
    dh_buf_release(&run->texts);
}
