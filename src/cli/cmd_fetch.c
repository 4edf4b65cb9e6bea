/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk fetch: pages as they are on the wire, redirects included, into a WARC file. What has been told to be
 * there is on the disk. Asks no robots.txt: each address was named by the user. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/url.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "net/evidence.h"
#include "net/follow.h"

static const uint64_t max_body = UINT64_C(64) << 20; /* what the cleaner reads of a page */

typedef struct fetching {
    dh_cli *cli;
    dh_warc_writer *writer;
    dh_transport *transport;
    dh_evidence evidence;
    dh_progress progress;
    dh_buf via;       /* heap: address of the hop before */
    dh_buf last_host; /* heap: of the last request */
    dh_arena arena;   /* of the address at hand */
    int64_t last_ms;  /* when it was over */
    uint64_t records, bytes;
    bool stop; /* nothing can be written any more */
} fetching;

static int usage(dh_cli *cli, const char *message) {
    dh_talk_error(&cli->talk, "%s", message);
    return DH_EXIT_USAGE;
}

static bool stopped(void *data) {
    (void)data;
    return dh_interrupted();
}

/* A host is not asked again before the time has passed. */
static void wait_for(fetching *f, const char *url) {
    dh_arena_reset(&f->arena);
    dh_slice host = dh_url_host(dh_slice_cstr(url), &f->arena);
    const dh_clock *clock = &dh_clock_system;
    int64_t pause =
        f->cli->options->wait < 86400 ? (int64_t)f->cli->options->wait * 1000 : 86400000;
    bool same = dh_slice_eq(host, dh_buf_slice(&f->last_host));
    while (same && !dh_interrupted()) {
        int64_t left = f->last_ms + pause - dh_clock_ticks(clock);
        if (left <= 0) break;
        struct timespec nap = {0, (left < 100 ? (long)left : 100) * 1000000};
        nanosleep(&nap, NULL);
    }
    dh_buf_reset(&f->last_host);
    dh_buf_put_slice(&f->last_host, host);
}

/* A hop that is over goes into the file before the next one begins. */
static bool keep_hop(void *data, const dh_response *r) {
    fetching *f = data;
    dh_talk *talk = &f->cli->talk;
    dh_error error = {0};
    dh_warc_place place;
    f->last_ms = dh_clock_ticks(&dh_clock_system);
    if (dh_evidence_take(&f->evidence, r)) {
        if (f->via.len > 0) dh_evidence_add(&f->evidence, "via", dh_buf_slice(&f->via));
        dh_status status = dh_warc_put(f->writer, &f->evidence.exchange, &place, &error);
        if (status == DH_OK) status = dh_warc_sync(f->writer, &error);
        f->stop = status != DH_OK;
        if (f->stop) dh_talk_about(talk, f->cli->options->output, "%s", error.message);
        f->records += status == DH_OK;
        f->bytes += r->wire.len;
        if (talk->verbose > 0 && status == DH_OK)
            dh_talk_about(talk, r->url, "%ld, %zu bytes, at %llu", r->status, r->wire.len,
                          (unsigned long long)place.offset);
    }
    dh_buf_reset(&f->via);
    if (r->url != NULL) dh_buf_puts(&f->via, r->url); /* else there was no memory for it */
    dh_buf target = {0};
    bool leads_on = r->fault == DH_FAULT_NONE && dh_response_is_redirect(r) && !f->stop &&
                    dh_response_target(r, &target);
    if (leads_on) wait_for(f, target.ptr);
    dh_buf_release(&target);
    return !f->stop && !dh_interrupted();
}

static void fetch_one(fetching *f, const char *url) {
    const dh_cli_options *o = f->cli->options;
    dh_error error = {0};
    dh_follow_options how = {.hop = keep_hop, .data = f};
    dh_request request = {.url = url,
                          .max_body = max_body,
                          .timeout_ms = o->timeout < 86400 ? (uint32_t)o->timeout * 1000 : 86400000,
                          .allow_private = o->allow_private};
    wait_for(f, url);
    dh_buf_reset(&f->via);
    if (dh_interrupted()) return;
    dh_response *r = dh_follow(f->transport, &request, &how, &error);
    if (r == NULL) {
        dh_talk_about(&f->cli->talk, url, "%s", error.message);
        f->progress.failed++;
        return;
    }
    bool good = r->fault == DH_FAULT_NONE && r->status / 100 == 2;
    f->progress.pages += good;
    f->progress.failed += !good;
    if (f->stop || dh_interrupted()) good = true; /* told elsewhere */
    const char *kept = r->status != 0 ? "; what came is kept" : "";
    if (!good && r->fault != DH_FAULT_NONE)
        dh_talk_about(&f->cli->talk, url, "%s%s", r->message, kept);
    else if (!good)
        dh_talk_about(&f->cli->talk, url, "the server answers %ld%s%s", r->status,
                      dh_status_words(r->status), kept);
    dh_response_free(r);
}

static void fetch_all(fetching *f, const dh_inputs *inputs) {
    for (uint32_t i = 0; i < inputs->all.len && !f->stop && !dh_interrupted(); i++) {
        const dh_input *input = &inputs->all.ptr[i];
        if (input->source == DH_FROM_URL) {
            fetch_one(f, input->name);
        } else {
            dh_talk_about(&f->cli->talk, dh_input_spoken(input), "no http or https address");
            f->progress.failed++;
        }
        dh_progress_draw(&f->progress, &f->cli->talk);
    }
}

static int run(fetching *f, const dh_inputs *inputs) {
    dh_cli *cli = f->cli;
    const dh_cli_options *o = cli->options;
    bool bar = inputs->many && !o->quiet && o->verbose == 0 && isatty(STDERR_FILENO);
    dh_error error = {0};
    dh_progress_begin(&f->progress, bar);
    f->progress.total = inputs->all.len;
    f->progress.failed = inputs->failed;
    fetch_all(f, inputs);
    dh_progress_end(&f->progress, &cli->talk);
    if (dh_warc_writer_close(f->writer, &error) != DH_OK && !f->stop) {
        dh_talk_about(&cli->talk, cli->options->output, "%s", error.message);
        f->stop = true;
    }
    f->writer = NULL;
    if (dh_interrupted()) dh_talk_error(&cli->talk, "interrupted; what was told is kept");
    if (inputs->many && !cli->options->quiet)
        dh_talk_error(&cli->talk, "%llu pages fetched, %llu failed; %llu answers, %llu bytes",
                      (unsigned long long)f->progress.pages, (unsigned long long)f->progress.failed,
                      (unsigned long long)f->records, (unsigned long long)f->bytes);
    if (dh_interrupted()) return DH_EXIT_INTERRUPTED;
    return f->progress.failed > 0 || f->stop ? DH_EXIT_FAILED : DH_EXIT_OK;
}

/* The file, and the program's own name for both ends. Anything but DH_EXIT_OK has been told. */
static int open_both(fetching *f) {
    const dh_cli_options *o = f->cli->options;
    dh_error error = {0};
    uint64_t repaired;
    char agent[64];
    snprintf(agent, sizeof agent, "dehusk/%s", dehusk_version());
    dh_warc_writer_options file = {.path = o->output,
                                   .mode = o->append      ? DH_WARC_APPEND
                                           : o->overwrite ? DH_WARC_REPLACE
                                                          : DH_WARC_NEW,
                                   .software = agent,
                                   .user_agent = o->user_agent != NULL ? o->user_agent : agent,
                                   .robots = "ignore"};
    dh_transport_options net = {.user_agent = file.user_agent, .proxy = o->proxy,
                                .ca_file = o->ca_file, .stop = stopped};
    if (dh_transport_new(&net, &f->transport, &error) != DH_OK) {
        dh_talk_error(&f->cli->talk, "%s", error.message);
        return DH_EXIT_FAILED;
    }
    if (dh_warc_writer_new(&file, &f->writer, &repaired, &error) != DH_OK) {
        bool exists = file.mode == DH_WARC_NEW && access(o->output, F_OK) == 0;
        const char *why =
            exists ? "exists; --append adds to it, --overwrite replaces it" : error.message;
        dh_talk_about(&f->cli->talk, o->output, "%s", why);
        return exists ? DH_EXIT_USAGE : DH_EXIT_FAILED;
    }
    if (repaired > 0)
        dh_talk_about(&f->cli->talk, o->output, "a torn record of %llu bytes was cut off its end",
                      (unsigned long long)repaired);
    return DH_EXIT_OK;
}

int dh_cmd_fetch(dh_cli *cli) {
    const dh_cli_options *o = cli->options;
    dh_slice out = dh_slice_cstr(o->output);
    dh_inputs inputs;
    dh_error error = {0};
    if (o->operands.len + o->lists.len == 0)
        return usage(cli, "name an address, or a list of them: -i LIST");
    if (out.len == 0) return usage(cli, "name the file to write: -o FILE.warc.gz");
    if (o->append && o->overwrite) return usage(cli, "--append or --overwrite, not both");
    bool is_warc =
        dh_slice_ends(out, DH_SLICE(".warc.gz")) || dh_slice_ends(out, DH_SLICE(".warc"));
    if (!is_warc) return usage(cli, "the file to write ends in .warc.gz or .warc");
    dh_status status = dh_inputs_collect(cli, &inputs, false, &error);
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    if (status != DH_OK) return usage(cli, error.message);
    fetching f = {.cli = cli};
    dh_arena_init(&f.arena, 0);
    int code = open_both(&f);
    if (code == DH_EXIT_OK) code = run(&f, &inputs);
    dh_warc_writer_close(f.writer, NULL);
    dh_transport_free(f.transport);
    dh_evidence_release(&f.evidence);
    dh_buf_release(&f.via);
    dh_buf_release(&f.last_host);
    dh_arena_release(&f.arena);
    return code;
}
