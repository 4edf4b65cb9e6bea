/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/load.h"
#include "work/quarantine.h"

enum { GIVE_UP_AFTER = 3 }; /* writes that fail one after the other */

static bool file_id(const char *path, uint64_t id[2]) {
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return false;
    id[0] = (uint64_t)st.st_dev;
    id[1] = (uint64_t)st.st_ino;
    return true;
}

void dh_run_protect(dh_run *run) {
    dh_map_init(&run->input_files, run->cli->arena, 0);
    for (uint32_t i = 0; i < run->inputs.all.len; i++) {
        uint64_t id[2];
        if (!file_id(run->inputs.all.ptr[i].name, id)) continue;
        dh_slice key = dh_slice_make((const char *)id, sizeof id);
        dh_map_put(&run->input_files, dh_arena_dup(run->cli->arena, key), NULL);
    }
}

bool dh_run_is_input(const dh_run *run, const char *path) {
    uint64_t id[2];
    return run->input_files.len > 0 && file_id(path, id) &&
           dh_map_get(&run->input_files, dh_slice_make((const char *)id, sizeof id)) != NULL;
}

/* Results. */

/* "pages.jsonl:12" for a line of it. */
static const char *spoken(const dh_input *input, uint64_t line, dh_buf *out) {
    dh_buf_puts(out, dh_input_spoken(input));
    if (line > 0) dh_buf_printf(out, ":%llu", (unsigned long long)line);
    return dh_buf_cstr(out);
}

static void wrote(dh_run *run, dh_status status, const char *where, const dh_error *error) {
    if (status == DH_OK) {
        run->failed_writes = 0;
        return;
    }
    dh_talk_about(&run->cli->talk, where, "%s", error->message);
    run->progress.failed++;
    if (++run->failed_writes < GIVE_UP_AFTER || run->stop) return;
    dh_talk_error(&run->cli->talk, "nothing can be written: stopped");
    run->stop = true;
}

static void write_result(dh_run *run, const dh_result *result, const char *name) {
    dh_error error = {0};
    if (run->sink.kind != DH_SINK_FOLDER) {
        dh_sink_put(&run->sink, &run->cli->talk, name, result->output);
        if (!run->inputs.many) dh_sink_flush(&run->sink, &run->cli->talk);
        return;
    }
    const char *relative = run->names[result->input];
    dh_status status = DH_OK;
    if (result->line == 0)
        status = dh_sink_write(&run->sink, relative, result->output, &error);
    else if (!run->piece_failed)
        status = dh_sink_piece(&run->sink, result->output, &error);
    if (result->line > 0 && status != DH_OK) run->piece_failed = true;
    wrote(run, status, status != DH_OK ? dh_sink_path(&run->sink, relative) : "", &error);
}

static void count_page(dh_run *run, const dh_result *result, const char *name) {
    dh_talk *talk = &run->cli->talk;
    bool tell = !talk->quiet && (run->taker == NULL || talk->verbose > 0);
    run->progress.pages++;
    run->progress.text_chars += result->text_chars;
    run->progress.kept_chars += result->kept_chars;
    if (result->limited[0] != '\0') {
        run->progress.limited++;
        if (tell)
            dh_talk_about(talk, name, "cut by the limit on %s (--limit-%s)", result->limited,
                          result->limited);
    }
    if (result->refused[0] != '\0' && tell)
        dh_talk_about(talk, name, "rule lines not followed: %s", result->refused);
    if (result->torn && tell)
        dh_talk_about(talk, name, "the answer broke off; what came of the page is taken");
    bool none = result->status == DEHUSK_ERR_EMPTY || result->kept_chars == 0;
    if (none) run->progress.empty++;
    if (none && tell && (!run->inputs.many || talk->verbose > 0)) {
        dh_talk_about(talk, name, "%s",
                      result->message[0] != '\0' ? result->message : "nothing extracted");
    } else if (!none && talk->verbose > 0) {
        dh_talk_about(talk, name, "%llu of %llu characters kept",
                      (unsigned long long)result->kept_chars,
                      (unsigned long long)result->text_chars);
    }
}

static void deliver(void *data, uint64_t number, dh_slice record) {
    (void)number;
    dh_run *run = data;
    dh_result result;
    dh_buf buf = {0};
    dh_result_read(record, &result);
    const dh_input *input = &run->inputs.all.ptr[result.input];
    const char *name = spoken(input, result.line, &buf);
    if (run->taker != NULL) run->taker->take(run->taker->data, &result);
    bool good = result.status == DEHUSK_OK || result.status == DEHUSK_ERR_EMPTY;
    if (good) {
        count_page(run, &result, name);
    } else {
        dh_talk_about(&run->cli->talk, name, "%s", result.message);
        run->progress.failed++;
    }
    /* A line in, a line out: also when there is only an error to tell. */
    bool has_output = result.status == DEHUSK_OK || (result.line > 0 && result.output.len > 0);
    has_output = has_output && run->taker == NULL;
    if (has_output && !dh_sink_ended(&run->sink) && !run->stop) write_result(run, &result, name);
    if (result.line == 0) run->progress.done_bytes += input->size;
    dh_progress_draw(&run->progress, &run->cli->talk);
    dh_buf_release(&buf);
}

/* A job that took two workers with it. */
static void lost(void *data, uint64_t number, dh_slice record, const dh_pool_loss *loss) {
    static const char *const endings[] = {
        [DH_JOB_PAGE] = "html", [DH_JOB_LINE] = "jsonl", [DH_JOB_RECORD] = "http",
        [DH_JOB_RECORD_TEXT] = "text", [DH_JOB_MEMBER] = "html"};
    dh_run *run = data;
    dh_job job = dh_job_read(record);
    dh_quarantined page = {.name = job.name,
                           .url = job.url,
                           .content_type = job.content_type,
                           .bytes = job.bytes,
                           .ending = endings[job.kind],
                           .loss = loss};
    dh_buf message = {0}, result = {0};
    dh_quarantine_tell(run->cli->options->quarantine, &page, &message);
    dh_job_failed(&job, run->shop, loss->outside ? DEHUSK_ERR_MEMORY : DEHUSK_ERR_INTERNAL,
                  dh_buf_cstr(&message), &result);
    deliver(run, number, dh_buf_slice(&result));
    dh_buf_release(&message);
    dh_buf_release(&result);
}

/* Inputs. */

bool dh_run_ended(const dh_run *run) {
    return run->stop || dh_sink_ended(&run->sink) || dh_interrupted();
}

void dh_run_failed(dh_run *run, const dh_input *input, const char *message) {
    run->progress.failed++;
    dh_talk_about(&run->cli->talk, dh_input_spoken(input), "%s", message);
    dh_progress_draw(&run->progress, &run->cli->talk);
}

static void failed_input(dh_run *run, const dh_input *input, const dh_error *error) {
    run->progress.done_bytes += input->size;
    dh_run_failed(run, input, error->message);
}

bool dh_run_wants(dh_run *run, uint32_t id, uint64_t number) {
    const dh_taker *taker = run->taker;
    return taker == NULL || taker->wants == NULL || taker->wants(taker->data, id, number);
}

/* Between two pages: with all jobs done nobody holds the old engine. A taker's documents are all cleaned by
 * the same rules. */
static void reload_rules(dh_run *run) {
    dehusk_engine *fresh = run->inputs.many && run->taker == NULL ? dh_reload_look(&run->reload) : NULL;
    if (fresh == NULL) return;
    dh_error error = {0};
    dh_pool_drain(run->pool);
    run->shop->engine = fresh;
    if (dh_pool_renew(run->pool, &error) != DH_OK)
        dh_talk_error(&run->cli->talk, "rule files changed; the old ones stay at work: %s",
                      error.message);
    dehusk_engine_free(run->engine);
    run->engine = fresh;
}

void dh_run_push(dh_run *run, const dh_input *input) {
    reload_rules(run);
    dh_status status =
        run->record.failed ? DH_ERR_MEMORY : dh_pool_push(run->pool, dh_buf_slice(&run->record));
    if (status != DH_OK) {
        dh_run_failed(run, input, "out of memory");
        run->piece_failed = true;
    }
    if (run->record.cap > (size_t)4 << 20) dh_buf_release(&run->record);
}

static void push_refused(dh_run *run, uint32_t id, uint64_t number, const char *message) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_job job = {.input = id,
                  .line = number,
                  .kind = input->source == DH_FROM_WARC ? DH_JOB_RECORD : DH_JOB_PAGE,
                  .name = dh_input_spoken(input),
                  .refused = message};
    dh_buf_reset(&run->record);
    dh_job_begin(&run->record, &job);
    dh_run_push(run, input);
}

void dh_run_damaged(dh_run *run, uint32_t id, uint64_t number, const char *message) {
    if (run->taker == NULL)
        dh_run_failed(run, &run->inputs.all.ptr[id], message);
    else if (dh_run_wants(run, id, number))
        push_refused(run, id, number, message);
}

/* Called before a wait for a slow stream: what is ready goes out, so that a program at both ends of
 * the pipe gets its answer before it asks again. */
void dh_run_before_waiting(void *data) {
    dh_run *run = data;
    if (run->pool == NULL) return;
    dh_pool_drain(run->pool);
    if (run->sink.kind == DH_SINK_STDOUT) dh_sink_flush(&run->sink, &run->cli->talk);
}

static void feed_line(dh_run *run, uint32_t id, const dh_lines *lines, dh_slice line, bool cut) {
    const dh_input *input = &run->inputs.all.ptr[id];
    if (lines->line == 1 && dh_slice_starts(line, DH_SLICE("\xEF\xBB\xBF")))
        line = dh_slice_sub(line, 3, line.len);
    if (dh_slice_trim(line).len == 0 || !dh_run_wants(run, id, lines->line)) return;
    dh_job job = {.input = id,
                  .line = lines->line,
                  .kind = DH_JOB_LINE,
                  .name = dh_input_spoken(input),
                  .refused = cut ? "the line is too long (--limit-bytes)" : NULL};
    dh_buf_reset(&run->record);
    dh_job_begin(&run->record, &job);
    if (!cut) dh_buf_put_slice(&run->record, line);
    dh_run_push(run, input);
}

static void feed_lines(dh_run *run, uint32_t id, dh_lines *lines) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_error error = {0};
    /* Escapes at worst double a page of text; the page's own limit is looked at when it is cleaned. */
    size_t max = dh_bytes_to_read(run->cli->options) * 2 + 65536;
    uint64_t before = run->progress.done_bytes;
    while (!dh_run_ended(run)) {
        dh_slice line;
        bool cut;
        dh_status status = dh_lines_next(lines, max, &line, &cut, &error);
        if (status == DH_ERR_EMPTY || status == DH_ERR_INTERRUPTED) break;
        if (status == DH_ERR_SYNTAX && run->taker != NULL) {
            dh_run_damaged(run, id, lines->line + 1, error.message);
            break;
        }
        if (status != DH_OK) {
            failed_input(run, input, &error);
            run->piece_failed = true;
            break;
        }
        feed_line(run, id, lines, line, cut);
        run->progress.done_bytes = before + (lines->read < input->size ? lines->read : input->size);
    }
    run->progress.done_bytes = before + input->size;
}

typedef void feed(dh_run *run, uint32_t id, dh_lines *lines);

static void feed_records(dh_run *run, uint32_t id, dh_lines *lines) {
    dh_feed_warc(run, id, lines);
}

/* Into a folder: a file of its own, that appears when all of it is there. */
static void feed_to_file(dh_run *run, uint32_t id, feed *from, dh_lines *lines) {
    dh_error error = {0};
    dh_pool_drain(run->pool);
    dh_status status = dh_sink_begin(&run->sink, run->names[id], &error);
    run->piece_failed = status != DH_OK;
    if (status == DH_OK) {
        from(run, id, lines);
        dh_pool_drain(run->pool);
        status = dh_sink_end(&run->sink, !run->piece_failed && !dh_run_ended(run), &error);
    }
    wrote(run, status, status != DH_OK ? dh_sink_path(&run->sink, run->names[id]) : "", &error);
}

static void feed_jsonl(dh_run *run, uint32_t id) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_lines own, *lines = &own;
    dh_error error = {0};
    if (strcmp(input->name, "-") == 0) {
        lines = &run->stdin_lines;
    } else if (dh_lines_open(&own, input->name, &error) != DH_OK) {
        failed_input(run, input, &error);
        run->piece_failed = true;
        return;
    }
    lines->unpack = lines == &own;
    lines->idle = dh_run_before_waiting;
    lines->data = run;
    if (run->sink.kind == DH_SINK_FOLDER)
        feed_to_file(run, id, feed_lines, lines);
    else
        feed_lines(run, id, lines);
    if (lines == &own) dh_lines_close(&own);
}

static void feed_members_of(dh_run *run, uint32_t id, dh_lines *lines) {
    (void)lines;
    dh_feed_members(run, id);
}

static void feed_members(dh_run *run, uint32_t id) {
    if (run->sink.kind == DH_SINK_FOLDER)
        feed_to_file(run, id, feed_members_of, NULL);
    else
        dh_feed_members(run, id);
}

static void feed_warc(dh_run *run, uint32_t id) {
    bool is_stdin = strcmp(run->inputs.all.ptr[id].name, "-") == 0;
    dh_lines *lines = is_stdin && run->stdin_open ? &run->stdin_lines : NULL;
    if (run->sink.kind == DH_SINK_FOLDER)
        feed_to_file(run, id, feed_records, lines);
    else
        feed_records(run, id, lines);
}

/* Whether it is the file itself that cannot be read, now as later: what else went wrong (the disk, memory, too many
 * open files) says nothing of the page. */
static bool is_unreadable(const char *name) {
    struct stat st;
    if (strcmp(name, "-") == 0) return false;
    if (stat(name, &st) != 0 || access(name, R_OK) != 0)
        return errno != EIO && errno != ENOMEM && errno != ESTALE;
    return !S_ISREG(st.st_mode);
}

static void feed_page(dh_run *run, uint32_t id) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_error error = {0};
    dh_job job = {.input = id, .name = dh_input_spoken(input), .url = input->url};
    if (!dh_run_wants(run, id, 0)) return;
    dh_buf_reset(&run->record);
    dh_job_begin(&run->record, &job);
    dh_status status = dh_read_page(
        run->cli, input->name, run->stdin_open ? &run->stdin_lines : NULL, &run->record, &error);
    if (status == DH_OK)
        dh_run_push(run, input);
    else if (status != DH_ERR_INTERRUPTED && run->taker != NULL && is_unreadable(input->name))
        push_refused(run, id, 0, error.message);
    else if (status != DH_ERR_INTERRUPTED) {
        failed_input(run, input, &error);
        run->piece_failed = true;
    }
}

static void feed_address(dh_run *run, uint32_t id) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_error error = {0};
    dh_fetched fetched = {0};
    bool joined;
    dh_status status = dh_get(run->cli, run->engine, &run->getter, input->name, &fetched, &joined, &error);
    if (status == DH_OK) {
        dh_job job = {.input = id,
                      .joined = joined,
                      .name = input->name,
                      .url = input->url != NULL ? input->url : fetched.url,
                      .content_type = fetched.content_type};
        dh_buf_reset(&run->record);
        dh_job_begin(&run->record, &job);
        dh_buf_put_slice(&run->record, dh_buf_slice(&fetched.body));
        dh_run_push(run, input);
    } else if (status != DH_ERR_INTERRUPTED) {
        failed_input(run, input, &error);
    }
    dh_fetched_release(&fetched);
}

/* Whether the input's output is there already, or must not be made. */
static bool is_settled(dh_run *run, uint32_t id) {
    const dh_input *input = &run->inputs.all.ptr[id];
    if (run->sink.kind != DH_SINK_FOLDER) return false;
    const char *relative = run->names[id];
    bool settled = relative == NULL; /* named twice */
    if (!settled && dh_sink_has(&run->sink, relative)) {
        if (!run->cli->options->overwrite) {
            run->progress.kept_files++;
            settled = true;
        } else if (dh_run_is_input(run, dh_sink_path(&run->sink, relative))) {
            dh_error error = {.message = "not done: the output would replace an input"};
            failed_input(run, input, &error);
            return true;
        }
    }
    if (settled) run->progress.done_bytes += input->size;
    return settled;
}

void dh_run_feed(dh_run *run, uint32_t id) {
    switch (run->inputs.all.ptr[id].source) {
    case DH_FROM_FILE:
    case DH_FROM_STDIN:
        feed_page(run, id);
        break;
    case DH_FROM_JSONL:
        feed_jsonl(run, id);
        break;
    case DH_FROM_WARC:
        feed_warc(run, id);
        break;
    case DH_FROM_MEMBERS:
        feed_members(run, id);
        break;
    case DH_FROM_URL:
        feed_address(run, id);
        break;
    }
}

void dh_run_listen(dh_run *run) {
    dh_pool_deliver(run->pool, deliver, run);
    dh_pool_lost(run->pool, lost, run);
}

void dh_run_all(dh_run *run) {
    dh_run_listen(run);
    for (uint32_t i = 0; i < run->inputs.all.len && !dh_run_ended(run); i++)
        if (!is_settled(run, i)) dh_run_feed(run, i);
    if (!run->stop && !dh_sink_ended(&run->sink)) dh_pool_drain(run->pool);
}

/* What a stream is by its first bytes: a JSON object on the first line, an archive's mark, or gzip's or zstd's,
 * as which no page comes. */
static dh_input_source source_by(dh_slice seen) {
    if (dh_slice_starts(seen, DH_SLICE("WARC/")) || dh_slice_starts(seen, DH_SLICE("\x1F\x8B")) ||
        dh_slice_starts(seen, DH_SLICE("\x28\xB5\x2F\xFD")))
        return DH_FROM_WARC;
    if (dh_slice_starts(seen, DH_SLICE("\xEF\xBB\xBF"))) seen = dh_slice_sub(seen, 3, seen.len);
    seen = dh_slice_trim(seen);
    bool object = seen.len > 1 && seen.ptr[0] == '{' &&
                  dh_slice_starts(dh_slice_trim(dh_slice_sub(seen, 1, seen.len)), DH_SLICE("\""));
    return object ? DH_FROM_JSONL : DH_FROM_STDIN;
}

dh_status dh_run_look_at_stdin(dh_run *run, dh_error *error) {
    const char *from = run->cli->options->from;
    bool automatic = from == NULL || strcmp(from, "auto") == 0;
    for (uint32_t i = 0; i < run->inputs.all.len; i++) {
        dh_input *input = &run->inputs.all.ptr[i];
        if (input->source != DH_FROM_STDIN) continue;
        dh_status status = dh_lines_open(&run->stdin_lines, "-", error);
        if (status != DH_OK) return status;
        run->stdin_open = true;
        if (automatic) {
            dh_slice seen;
            status = dh_lines_peek(&run->stdin_lines, &seen, error);
            if (status != DH_OK) return status;
            input->source = source_by(seen);
        } else if (strcmp(from, "jsonl") == 0 || strcmp(from, "warc") == 0) {
            input->source = strcmp(from, "warc") == 0 ? DH_FROM_WARC : DH_FROM_JSONL;
        }
        if (input->source != DH_FROM_STDIN) run->inputs.many = true;
    }
    return DH_OK;
}
