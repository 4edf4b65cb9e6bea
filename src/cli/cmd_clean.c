/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk clean: decides what goes where, lets run.c do it, and says how it went. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/isolate.h"
#include "cli/load.h"
#include "cli/names.h"
#include "cli/run.h"

static int usage(dh_cli *cli, const char *message) {
    dh_talk_error(&cli->talk, "%s", message);
    return DH_EXIT_USAGE;
}

/* The format whose ending path has, unless path is a folder. NULL: none. */
static const dh_format *format_of_path(const char *path) {
    struct stat st;
    if (path == NULL || (stat(path, &st) == 0 && S_ISDIR(st.st_mode))) return NULL;
    for (size_t i = 0; i < dh_formats_len; i++)
        if (dh_slice_ends(dh_slice_cstr(path), dh_slice_cstr(dh_formats[i].extension)))
            return &dh_formats[i];
    return NULL;
}

static const dh_format *choose_format(const dh_run *run) {
    const dh_cli_options *o = run->cli->options;
    if (o->format != NULL) return dh_format_find(dh_slice_cstr(o->format));
    const dh_format *by_path = format_of_path(o->output);
    if (by_path != NULL) return by_path;
    bool all_lines = run->inputs.all.len > 0;
    for (uint32_t i = 0; i < run->inputs.all.len; i++) {
        dh_input_source source = run->inputs.all.ptr[i].source;
        all_lines = all_lines && dh_input_holds_many(source);
    }
    return dh_format_find(all_lines ? DH_SLICE("jsonl") : DH_SLICE("txt"));
}

static int open_folder(dh_run *run) {
    dh_cli *cli = run->cli;
    dh_error error = {0};
    if (dh_sink_open(&run->sink, DH_SINK_FOLDER, cli->options->output, cli->options->overwrite,
                     &error) != DH_OK) {
        dh_talk_about(&cli->talk, cli->options->output, "%s", error.message);
        return DH_EXIT_USAGE;
    }
    run->names = dh_names_make(&run->inputs, run->format->extension, cli->arena);
    return DH_EXIT_OK;
}

static int open_file(dh_run *run) {
    dh_cli *cli = run->cli;
    const dh_cli_options *o = cli->options;
    dh_error error = {0};
    const char *why = NULL;
    if (dh_run_is_input(run, o->output))
        why = "it is an input";
    else if (access(o->output, F_OK) == 0 && !o->overwrite && !o->skip_existing)
        why = "exists; --overwrite replaces it";
    else if (dh_sink_open(&run->sink, DH_SINK_FILE, o->output, o->overwrite, &error) != DH_OK)
        why = error.message;
    if (why == NULL) return DH_EXIT_OK;
    dh_talk_about(&cli->talk, o->output, "%s", why);
    return DH_EXIT_USAGE;
}

/* Where the articles go. Anything but DH_EXIT_OK: nothing is open. */
static int open_sink(dh_run *run) {
    dh_cli *cli = run->cli;
    const char *output = cli->options->output;
    bool is_file = output != NULL && format_of_path(output) == run->format;
    if (output != NULL && cli->options->overwrite) dh_run_protect(run);
    if (output != NULL && !is_file) return open_folder(run);
    if (run->inputs.many && strcmp(run->format->name, "html") == 0)
        return usage(cli, "several pages as html need a folder to go to: -o DIR");
    if (is_file) return open_file(run);
    dh_error error = {0};
    dh_sink_open(&run->sink, DH_SINK_STDOUT, NULL, false, &error);
    return DH_EXIT_OK;
}

static bool has_headers(const dh_run *run) {
    return run->inputs.many &&
           (strcmp(run->format->name, "txt") == 0 || strcmp(run->format->name, "md") == 0);
}

static void begin_progress(dh_run *run) {
    const dh_inputs *inputs = &run->inputs;
    bool bar = inputs->many && !run->cli->options->quiet && isatty(STDERR_FILENO) &&
               (run->sink.kind != DH_SINK_STDOUT || !isatty(STDOUT_FILENO));
    dh_progress_begin(&run->progress, bar);
    run->progress.failed = inputs->failed;
    run->progress.total = inputs->all.len;
    for (uint32_t i = 0; i < inputs->all.len; i++) {
        if (inputs->sized) run->progress.total_bytes += inputs->all.ptr[i].size;
        dh_input_source source = inputs->all.ptr[i].source;
        if (dh_input_holds_many(source)) run->progress.total = 0;
    }
}

static void say_how_it_went(dh_run *run) {
    dh_cli *cli = run->cli;
    const dh_cli_options *o = cli->options;
    char line[256];
    if (dh_interrupted()) dh_talk_error(&cli->talk, "interrupted");
    if (!run->inputs.many || o->quiet) return;
    dh_progress_summary(&run->progress, line, sizeof line);
    dh_talk_error(&cli->talk, "%s", line);
    if (run->progress.kept_files > 0 && !o->skip_existing)
        dh_talk_error(&cli->talk, "%llu not done, their outputs exist (--overwrite replaces them)",
                      (unsigned long long)run->progress.kept_files);
    if (run->records_left_out > 0)
        dh_talk_error(&cli->talk, "%llu records of archives left out, no pages",
                      (unsigned long long)run->records_left_out);
    if (run->inputs.left_out > 0)
        dh_talk_error(&cli->talk, "%u files of folders left out, no pages by their names",
                      run->inputs.left_out);
}

static int exit_code(const dh_run *run) {
    if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
    if (run->progress.failed > 0 || run->sink.failed || run->stop) return DH_EXIT_FAILED;
    if (run->cli->options->strict && run->progress.empty > 0) return DH_EXIT_EMPTY;
    return DH_EXIT_OK;
}

static int run_workers(dh_run *run) {
    dh_cli *cli = run->cli;
    dh_error error = {0};
    dh_workshop shop = {.engine = run->engine, .options = cli->options, .format = run->format->name};
    run->shop = &shop;
    dh_pool_options how = dh_isolate_options(cli->options, run->inputs.many);
    if (dh_pool_open(&dh_page_worker, &shop, &how, &run->pool, &error) != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        dh_sink_close(&run->sink, &cli->talk, false);
        return DH_EXIT_FAILED;
    }
    if (dh_pool_why(run->pool)[0] != '\0')
        dh_talk_notice(&cli->talk, "pages are cleaned in threads, not in closed processes: %s",
                       dh_pool_why(run->pool));
    run->sink.headers = has_headers(run);
    begin_progress(run);
    dh_run_all(run);
    dh_pool_free(run->pool);
    run->pool = NULL;
    dh_progress_end(&run->progress, &cli->talk);
    dh_sink_close(&run->sink, &cli->talk, !run->stop && !dh_interrupted());
    say_how_it_went(run);
    return exit_code(run);
}

static int run_engine(dh_run *run) {
    dh_cli *cli = run->cli;
    dehusk_error error = {0};
    dh_reload_begin(&run->reload, cli);
    dehusk_status status = dh_engine_for(cli, &run->engine, &error);
    if (status != DEHUSK_OK) return dh_cli_engine_failed(cli, status, &error);
    int code = open_sink(run);
    if (code == DH_EXIT_OK) code = run_workers(run);
    dehusk_engine_free(run->engine);
    return code;
}

static bool is_done_before(const dh_run *run) {
    const dh_cli_options *o = run->cli->options;
    return o->skip_existing && o->output != NULL && format_of_path(o->output) == run->format &&
           access(o->output, F_OK) == 0;
}

int dh_cmd_clean(dh_cli *cli) {
    dh_run run = {.cli = cli};
    dh_error error = {0};
    dh_status status = dh_inputs_collect(cli, &run.inputs, false, &error);
    bool collected = status == DH_OK;
    if (collected) status = dh_run_look_at_stdin(&run, &error);
    int code = DH_EXIT_OK;
    if (status == DH_ERR_INTERRUPTED) {
        code = DH_EXIT_INTERRUPTED;
    } else if (status != DH_OK) {
        dh_talk_error(&cli->talk, "%s%s", collected ? "stdin: " : "", error.message);
        code = status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    } else {
        run.format = choose_format(&run);
        if (!is_done_before(&run)) code = run_engine(&run);
    }
    if (run.stdin_open) dh_lines_close(&run.stdin_lines);
    dh_getter_release(&run.getter);
    dh_buf_release(&run.record);
    dh_buf_release(&run.texts);
    return code;
}
