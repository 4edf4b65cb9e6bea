/* SPDX-License-Identifier: Apache-2.0 */
/* A corpus into a folder: unit by unit, shard by shard. What has a marker is done; what has none is not there
 * and is made anew, from its first document on. */
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "cli/corpus.h"
#include "cli/interrupt.h"
#include "corpus/shard.h"
#include "corpus/store.h"

typedef struct build {
    dh_corpus corpus;
    dh_plan_task task;
    dh_store store; /* as it was found */
    dh_map done;    /* names of its shards; the value is 1 for a unit's last */
    uint32_t unit;
    uint64_t per_shard; /* documents */
    uint64_t seen;      /* documents of the unit that were come to */
    uint64_t left_out;  /* run.records_left_out when the shard began */
    dh_shard *shard;    /* NULL: passing over a shard that is done, or before the first */
    uint64_t fates[DH_FATE_COUNT];
    bool lost;   /* a unit could not be read to its end */
    bool failed; /* nothing more can be written */
} build;

static void broken(build *b, const dh_error *error) {
    if (!b->failed)
        dh_talk_about(&b->corpus.cli->talk, b->corpus.cli->options->output, "%s", error->message);
    b->failed = true;
    b->corpus.run.stop = true;
}

static const uint32_t *done(const build *b, uint64_t piece) {
    char name[DH_SHARD_NAME_SIZE];
    dh_shard_name(b->unit, piece, name);
    return dh_map_get(&b->done, dh_slice_cstr(name));
}

static bool open_shard(build *b, uint64_t piece) {
    const dh_plan *plan = &b->corpus.plan;
    dh_error error = {0};
    dh_shard_options options = {.folder = b->corpus.cli->options->output,
                                .coding = dh_corpus_coding(b->corpus.cli->options),
                                .first = plan->inputs[plan->units.ptr[b->unit].begin].name,
                                .unit = b->unit,
                                .piece = piece,
                                .lines = b->corpus.options.lines};
    if (dh_shard_open(&options, &b->shard, &error) == DH_OK) return true;
    broken(b, &error);
    return false;
}

/* Ends the shard at hand, if any, with all that is on its way to it. */
static void end_shard(build *b, bool last) {
    dh_run *run = &b->corpus.run;
    dh_error error = {0};
    dh_pool_drain(run->pool);
    uint64_t left_out = run->records_left_out - b->left_out;
    dh_shard *shard = b->shard;
    b->shard = NULL;
    b->left_out = run->records_left_out;
    if (shard == NULL) return;
    if (b->failed || run->piece_failed || dh_interrupted()) dh_shard_abort(shard);
    else if (dh_shard_commit(shard, left_out, last, &error) != DH_OK) broken(b, &error);
}

static bool wants(void *data, uint32_t input, uint64_t number) {
    build *b = data;
    (void)input;
    (void)number;
    if (b->failed) return false;
    uint64_t piece = b->seen / b->per_shard;
    if (b->seen > 0 && b->seen % b->per_shard == 0) end_shard(b, false);
    b->seen++;
    if (done(b, piece) != NULL) return false;
    return b->shard != NULL || open_shard(b, piece);
}

static void take(void *data, const dh_result *result) {
    build *b = data;
    dh_document document;
    dh_error error = {0};
    if (b->failed || b->shard == NULL) return;
    /* Then this shard is for the next run, and so are the unit's others that are not done yet. */
    if (!dh_corpus_document(&b->corpus, result, &document)) b->corpus.run.piece_failed = true;
    b->fates[document.fate]++;
    if (dh_shard_put(b->shard, &document, result->input_bytes, &error) != DH_OK) broken(b, &error);
}

/* Of what can be read again; "" of a pipe. */
static bool digest_input(build *b, const dh_plan_input *input, char digest[DH_DIGEST_SIZE]) {
    dh_error error = {0};
    dh_io_kind kind = DH_IO_OTHER;
    digest[0] = '\0';
    dh_status status = dh_io_look(input->path, &kind, &error);
    if (status == DH_OK && kind == DH_IO_FILE) status = dh_digest_file(input->path, digest, &error);
    if (status == DH_OK) return true;
    dh_run_failed(&b->corpus.run, &b->corpus.run.inputs.all.ptr[input->id], error.message);
    b->corpus.run.piece_failed = true;
    return false;
}

/* The inputs of the unit, for its last marker. */
static bool name_inputs(build *b) {
    const dh_plan_unit *unit = &b->corpus.plan.units.ptr[b->unit];
    dh_error error = {0};
    for (uint32_t i = unit->begin; i < unit->end; i++) {
        const dh_plan_input *input = &b->corpus.plan.inputs[i];
        char digest[DH_DIGEST_SIZE];
        if (!digest_input(b, input, digest)) return false;
        dh_marker_input named = {dh_slice_cstr(input->name), input->bytes, dh_slice_cstr(digest)};
        if (dh_shard_name_input(b->shard, &named, &error) == DH_OK) continue;
        broken(b, &error);
        return false;
    }
    return true;
}

static bool is_unit_done(const build *b) {
    for (uint64_t piece = 0;; piece++) {
        const uint32_t *found = done(b, piece);
        if (found == NULL) return false;
        if (*found == 1) return true;
    }
}

static void build_unit(build *b) {
    dh_run *run = &b->corpus.run;
    const dh_plan_unit *unit = &b->corpus.plan.units.ptr[b->unit];
    b->seen = 0;
    b->left_out = run->records_left_out;
    run->piece_failed = false;
    for (uint32_t i = unit->begin; i < unit->end && !dh_run_ended(run) && !b->failed; i++)
        dh_run_feed(run, b->corpus.plan.inputs[i].id);
    dh_pool_drain(run->pool);
    bool good = !b->failed && !run->piece_failed && !dh_interrupted();
    /* Also a unit without a document leaves a marker. */
    uint64_t piece = b->seen == 0 ? 0 : (b->seen - 1) / b->per_shard;
    if (good && b->shard == NULL) good = open_shard(b, piece);
    if (good) name_inputs(b);
    end_shard(b, true);
    b->lost = b->lost || run->piece_failed;
}

static void pass_over(build *b) {
    const dh_plan_unit *unit = &b->corpus.plan.units.ptr[b->unit];
    for (uint32_t i = unit->begin; i < unit->end; i++)
        b->corpus.run.progress.done_bytes += b->corpus.plan.inputs[i].bytes;
}

static bool is_mine(const build *b) {
    return dh_plan_is_of(&b->task, b->unit);
}

static void build_units(build *b) {
    uint32_t passed = 0;
    for (b->unit = 0; b->unit < b->corpus.plan.units.len && !dh_run_ended(&b->corpus.run);
         b->unit++) {
        if (!is_mine(b)) continue;
        if (is_unit_done(b)) {
            pass_over(b);
            passed++;
        } else {
            build_unit(b);
        }
    }
    if (passed > 0)
        dh_talk_notice(&b->corpus.cli->talk, "%u unit%s done before", (unsigned)passed,
                       passed == 1 ? " was" : "s were");
}

static void begin_progress(build *b) {
    dh_run *run = &b->corpus.run;
    const dh_plan *plan = &b->corpus.plan;
    bool quiet = b->corpus.cli->options->quiet;
    dh_progress_begin(&run->progress, !quiet && isatty(STDERR_FILENO));
    run->progress.logged = !quiet && !run->progress.shown;
    run->progress.failed = run->inputs.failed;
    for (b->unit = 0; b->unit < plan->units.len; b->unit++)
        for (uint32_t i = plan->units.ptr[b->unit].begin;
             is_mine(b) && i < plan->units.ptr[b->unit].end; i++)
            if (run->inputs.sized) run->progress.total_bytes += plan->inputs[i].bytes;
}

static void say_how_it_went(build *b) {
    dh_cli *cli = b->corpus.cli;
    dh_run *run = &b->corpus.run;
    char line[256];
    if (dh_interrupted()) dh_talk_error(&cli->talk, "interrupted");
    if (cli->options->quiet) return;
    dh_progress_summary(&run->progress, line, sizeof line);
    dh_talk_error(&cli->talk, "%s", line);
    if (b->lost)
        dh_talk_error(&cli->talk, "not whole: the same command again makes what is missing");
    dh_talk_error(&cli->talk, "%llu kept, %llu rejected, %llu failed",
                  (unsigned long long)b->fates[DH_FATE_KEPT],
                  (unsigned long long)b->fates[DH_FATE_REJECTED],
                  (unsigned long long)b->fates[DH_FATE_FAILED]);
    if (run->records_left_out > 0)
        dh_talk_error(&cli->talk, "%llu records of archives left out, no pages",
                      (unsigned long long)run->records_left_out);
    if (run->inputs.left_out > 0)
        dh_talk_error(&cli->talk, "%u files of folders left out, no pages by their names",
                      run->inputs.left_out);
}

/* The manifest, when this task was the last. */
static void finish(build *b) {
    dh_cli *cli = b->corpus.cli;
    dh_store store;
    dh_error error = {0};
    uint64_t unit;
    dh_status status = dh_store_read(&store, cli->options->output, cli->arena, &error);
    if (status == DH_OK && dh_store_is_whole(&store, NULL, &unit))
        status = dh_store_finish(&store, &error);
    if (status != DH_OK) broken(b, &error);
}

static int work(build *b) {
    dh_taker taker = {wants, take, b};
    int code = dh_corpus_start(&b->corpus, &taker);
    if (code != DH_EXIT_OK) return code;
    begin_progress(b);
    build_units(b);
    dh_progress_end(&b->corpus.run.progress, &b->corpus.cli->talk);
    if (!b->failed && !dh_interrupted()) finish(b);
    say_how_it_went(b);
    if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
    bool lost = b->corpus.run.inputs.failed > 0 || b->lost;
    return b->failed || lost ? DH_EXIT_FAILED : DH_EXIT_OK;
}

static int open_store(build *b) {
    dh_cli *cli = b->corpus.cli;
    dh_error error = {0};
    const char *folder = cli->options->output;
    dh_slice text;
    dh_status status = dh_corpus_run_text(&b->corpus, &text, &error);
    if (status == DH_OK) status = dh_store_begin(folder, text, cli->arena, &error);
    if (status == DH_OK) status = dh_store_read(&b->store, folder, cli->arena, &error);
    if (status != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    }
    dh_map_init(&b->done, cli->arena, b->store.markers.len);
    for (uint32_t i = 0; i < b->store.markers.len; i++)
        *dh_map_put(&b->done, b->store.markers.ptr[i]->name, NULL) = b->store.markers.ptr[i]->last;
    return DH_EXIT_OK;
}

int dh_corpus_build(dh_cli *cli) {
    build b = {.per_shard = dh_corpus_shard_documents(cli->options)};
    dh_error error = {0};
    if (dh_plan_task_read(&b.task, cli->options->shard, getenv, &error) != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return DH_EXIT_USAGE;
    }
    int code = dh_corpus_begin(&b.corpus, cli);
    if (code != DH_EXIT_OK) return code;
    if (b.corpus.run.inputs.unread > 0) { /* with them it would be another corpus */
        dh_talk_error(&cli->talk, "not begun: an input that is there cannot be read");
        dh_corpus_end(&b.corpus);
        return DH_EXIT_FAILED;
    }
    if (b.task.said_by != NULL)
        dh_talk_notice(&cli->talk, "shard %llu of %llu, by %s", (unsigned long long)b.task.number,
                       (unsigned long long)b.task.of, b.task.said_by);
    code = open_store(&b);
    if (code == DH_EXIT_OK) code = work(&b);
    dh_corpus_end(&b.corpus);
    return code;
}
