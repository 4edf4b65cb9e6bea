/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk crawl: adds sites, runs, or tells how it stands. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "cli/crawl_config.h"
#include "cli/crawl_setup.h"
#include "cli/crawl_status.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "cli/load.h"
#include "cli/reload.h"

typedef struct run {
    dh_cli *cli;
    dh_reload reload;
    dh_crawl_options options;
    dh_resolver resolver;
    dh_state *state;
    dh_crawl *crawl;
} run;

/* ---- what happens ---- */

static bool is_said(const dh_cli *cli, dh_say level) {
    if (level == DH_SAY_ERROR) return true;
    if (level == DH_SAY_NOTICE) return !cli->talk.quiet;
    return cli->talk.verbose >= (level == DH_SAY_PAGE ? 1 : 2);
}

static void say_json(dh_say level, dh_slice host, const char *text) {
    static const char *const words[] = {"error", "notice", "page", "detail"};
    char utc[DH_UTC_SIZE];
    dh_buf line = {0};
    dh_clock_print_utc(dh_clock_now(&dh_clock_system), utc);
    dh_buf_printf(&line, "{\"time\": \"%s\", \"level\": \"%s\", \"host\": ", utc, words[level]);
    dh_json_put_string(&line, host);
    dh_buf_puts(&line, ", \"text\": ");
    dh_json_put_string(&line, dh_slice_cstr(text));
    dh_buf_puts(&line, "}\n");
    dh_io_put(STDERR_FILENO, dh_buf_slice(&line), NULL);
    dh_buf_release(&line);
}

static void say(void *data, dh_say level, dh_slice host, const char *text) {
    run *r = data;
    dh_cli *cli = r->cli;
    if (!is_said(cli, level)) return;
    if (cli->options->log != NULL && strcmp(cli->options->log, "json") == 0) {
        say_json(level, host, text);
        return;
    }
    char name[256];
    size_t n = host.len < sizeof name - 1 ? host.len : sizeof name - 1;
    if (n > 0) memcpy(name, host.ptr, n);
    name[n] = '\0';
    if (n > 0)
        dh_talk_about(&cli->talk, name, "%s", text);
    else
        dh_talk_error(&cli->talk, "%s", text);
}

static bool stop(void *data) {
    (void)data;
    return dh_interrupted();
}

/* The delay that command line and configuration file ask for now; an own frame for the guard. */
static dh_status delay_now(const dh_cli *cli, uint32_t *delay_ms, dh_error *error) {
    dh_arena arena;
    jmp_buf guard;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) {
        dh_arena_release(&arena);
        return dh_error_set(error, DH_ERR_MEMORY, "options", 0, "out of memory");
    }
    dh_cli_options fresh;
    dh_cli_options_init(&fresh);
    int argc = cli->argc;
    const char *const *argv = cli->argv;
    dh_status status = dh_crawl_config(&argc, &argv, &arena, error);
    if (status == DH_OK)
        status = dh_cli_options_parse(&fresh, DH_CMD_CRAWL, argc, argv, &arena, error);
    if (status == DH_OK) status = dh_crawl_delay_of(fresh.delay, delay_ms, error);
    dh_arena_release(&arena);
    return status;
}

static void take_delay(run *r) {
    char text[700];
    uint32_t delay_ms = 0;
    dh_error error = {0};
    bool good = delay_now(r->cli, &delay_ms, &error) == DH_OK;
    if (good && delay_ms == r->options.pace.delay_ms) return;
    if (good) {
        snprintf(text, sizeof text, "the delay is %u.%03u s from now on", (unsigned)delay_ms / 1000,
                 (unsigned)delay_ms % 1000);
        dh_crawl_set_delay(r->crawl, delay_ms);
        r->options.pace.delay_ms = delay_ms;
    } else {
        snprintf(text, sizeof text, "%s; the old delay stays", error.message);
    }
    say(r, good ? DH_SAY_NOTICE : DH_SAY_ERROR, DH_SLICE(""), text);
}

static dehusk_engine *reload(void *data) {
    run *r = data;
    if (dh_interrupt_hangup()) {
        dh_reload_force(&r->reload);
        take_delay(r);
    }
    return dh_reload_look(&r->reload);
}

/* ---- running ---- */

static int failed(run *r, dh_status status, const dh_error *error) {
    say(r, DH_SAY_ERROR, DH_SLICE(""), error->message);
    return status == DH_ERR_USAGE && r->state != NULL ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

static void sum_up(run *r) {
    dh_crawl_counts c = dh_crawl_count(r->crawl);
    char text[256];
    snprintf(text, sizeof text,
             "%llu requests, %llu articles stored, %llu new addresses, %llu refused by robots.txt, "
             "%llu failed",
             (unsigned long long)c.fetches, (unsigned long long)c.stored,
             (unsigned long long)c.found, (unsigned long long)c.refused,
             (unsigned long long)c.failed);
    say(r, DH_SAY_NOTICE, DH_SLICE(""), text);
}

static int go(run *r) {
    const dh_cli_options *o = r->cli->options;
    dh_error error = {0};
    dh_status status = DH_OK;
    for (uint32_t i = 0; i < o->adds.len && status == DH_OK; i++)
        status = dh_crawl_add(r->crawl, dh_slice_cstr(o->adds.ptr[i]), &error);
    for (uint32_t i = 0; i < o->accepts.len && status == DH_OK; i++)
        status = dh_crawl_accept(r->crawl, dh_slice_cstr(o->accepts.ptr[i]), &error);
    if (status != DH_OK) return failed(r, status, &error);
    if (o->accepts.len > 0 && o->adds.len == 0 && !o->daemon) return DH_EXIT_OK;
    dh_crawl_mode mode = o->adds.len > 0 && !o->daemon ? DH_CRAWL_DISCOVER
                         : o->daemon                   ? DH_CRAWL_DAEMON
                                                       : DH_CRAWL_ONCE;
    status = dh_crawl_run(r->crawl, mode, &error);
    sum_up(r);
    if (status != DH_OK) return failed(r, status, &error);
    /* A service is ended by a signal: that is no failure. */
    return dh_interrupted() && !o->daemon ? DH_EXIT_INTERRUPTED : DH_EXIT_OK;
}

static int open_and_go(run *r) {
    const dh_cli_options *o = r->cli->options;
    dh_error error = {0};
    dehusk_error why = {0};
    dehusk_engine *engine = NULL;
    dh_reload_begin(&r->reload, r->cli);
    dehusk_status made = dh_engine_for(r->cli, &engine, &why);
    if (made != DEHUSK_OK) return dh_cli_engine_failed(r->cli, made, &why);
    dh_state_mode mode = o->adds.len > 0 ? DH_STATE_CREATE : DH_STATE_WRITE;
    dh_status status = dh_state_open(r->options.folder, mode, &r->state, &error);
    if (status == DH_OK)
        status = dh_crawl_new(&r->options, r->state, engine, &r->crawl, &error);
    else
        dehusk_engine_free(engine);
    int code = status == DH_OK ? go(r) : failed(r, status, &error);
    dh_crawl_free(r->crawl);
    dh_state_close(r->state);
    return code;
}

int dh_cmd_crawl(dh_cli *cli) {
    const dh_cli_options *o = cli->options;
    dh_error error = {0};
    run r = {.cli = cli};
    if (o->operands.len != 1) {
        dh_talk_error(&cli->talk, "crawl needs one folder for its state, see dehusk crawl --help");
        return DH_EXIT_USAGE;
    }
    if (o->status) return dh_crawl_status(cli, o->operands.ptr[0], o->format != NULL);
    if (dh_crawl_setup(cli, &r.options, &r.resolver, &error) != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return DH_EXIT_USAGE;
    }
    r.options.say = say;
    r.options.stop = stop;
    r.options.reload = reload;
    r.options.data = &r;
    dh_interrupt_take_hangups();
    return open_and_go(&r);
}
