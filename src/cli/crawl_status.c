/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/crawl_status.h"

#include "base/clock.h"
#include "base/json.h"
#include "crawl/state.h"
#include "net/robots.h"

typedef struct report {
    dh_buf *out;
    dh_state *state;
    bool json, any, any_silent;
    int64_t now_ms;
    int64_t hosts, due, stored, failed;
} report;

static const char *robots_word(int verdict) {
    switch (verdict) {
    case DH_ROBOTS_READ:
        return "read";
    case DH_ROBOTS_ALLOW:
        return "none";
    case DH_ROBOTS_DISALLOW:
        return "unreachable";
    default:
        return "not asked";
    }
}

static int64_t stored_of(const dh_host_sum *s) {
    return s->ends[DH_END_STORED] + s->ends[DH_END_SAME];
}
static int64_t failed_of(const dh_host_sum *s) {
    return s->ends[DH_END_FAILED] + s->ends[DH_END_GONE];
}

/* Rule lines that fell silent. */
static void put_silent(void *data, const dh_drift_row *row) {
    report *r = data;
    const dh_drift_line *l = &row->acted;
    if (row->line.len == 0 || !dh_drift_line_is_silent(l)) return;
    if (r->json) {
        dh_buf_puts(r->out, r->any_silent ? ", " : "");
        dh_json_put_string(r->out, row->line);
    } else {
        dh_buf_printf(r->out, "    %.*s acted on %u of %u pages, and on none of the last %u\n",
                      (int)row->line.len, row->line.ptr, (unsigned)l->hits,
                      (unsigned)(l->pages - l->misses), (unsigned)l->misses);
    }
    r->any_silent = true;
}

static void put_json(report *r, const dh_host_sum *s) {
    dh_buf *out = r->out;
    char next[DH_UTC_SIZE];
    dh_clock_print_utc(s->next_ms, next);
    dh_buf_puts(out, r->any ? ",\n    {\"host\": " : "\n    {\"host\": ");
    dh_json_put_string(out, s->name);
    dh_buf_printf(out, ", \"due\": %lld, \"waiting\": %lld, \"sources\": %lld, \"fetched\": %lld",
                  (long long)s->due, (long long)s->waiting, (long long)s->sources,
                  (long long)s->fetched);
    for (int i = 1; i < DH_END_COUNT; i++)
        dh_buf_printf(out, ", \"%s\": %lld", dh_crawl_end_word(i), (long long)s->ends[i]);
    dh_buf_printf(out,
                  ", \"robots\": \"%s\", \"crawl_delay_ms\": %u, \"troubles\": %u, "
                  "\"broken\": %s, \"next\": \"%s\", \"suspect\": %s, \"silent\": [",
                  robots_word(s->robots), (unsigned)s->crawl_delay_ms, (unsigned)s->failures,
                  s->trips > 0 ? "true" : "false", next, s->suspect ? "true" : "false");
    r->any_silent = false;
    dh_state_drift(r->state, s->id, put_silent, r, NULL);
    dh_buf_puts(out, "]}");
}

static void put_row(report *r, const dh_host_sum *s) {
    dh_buf_printf(r->out, "%-32.*s %7lld %8lld %7lld %7lld %7lld  %s%s%s\n", (int)s->name.len,
                  s->name.ptr, (long long)s->due, (long long)stored_of(s), (long long)failed_of(s),
                  (long long)s->ends[DH_END_REFUSED], (long long)s->sources, robots_word(s->robots),
                  s->trips > 0 ? ", in trouble" : "", s->suspect ? ", SUSPECT" : "");
    dh_state_drift(r->state, s->id, put_silent, r, NULL);
}

static void each(void *data, const dh_host_sum *sum) {
    report *r = data;
    if (r->json)
        put_json(r, sum);
    else
        put_row(r, sum);
    r->any = true;
    r->hosts++;
    r->due += sum->due;
    r->stored += stored_of(sum);
    r->failed += failed_of(sum);
}

int dh_crawl_status(dh_cli *cli, const char *folder, bool as_json) {
    dh_state *state = NULL;
    dh_error error = {0};
    dh_buf out = {0};
    report r = {.out = &out, .json = as_json, .now_ms = dh_clock_now(&dh_clock_system)};
    dh_status status = dh_state_open(folder, DH_STATE_READ, &state, &error);
    if (as_json)
        dh_buf_puts(&out, "{\n  \"hosts\": [");
    else
        dh_buf_printf(&out, "%-32s %7s %8s %7s %7s %7s  %s\n", "host", "due", "stored", "failed",
                      "refused", "sources", "robots.txt");
    r.state = state;
    if (status == DH_OK) status = dh_state_summary(state, r.now_ms, each, &r, &error);
    dh_state_close(state);
    if (as_json)
        dh_buf_printf(&out,
                      "\n  ],\n  \"due\": %lld,\n  \"stored\": %lld,\n  \"failed\": %lld\n}\n",
                      (long long)r.due, (long long)r.stored, (long long)r.failed);
    else
        dh_buf_printf(&out, "%lld host%s: %lld due, %lld stored, %lld failed\n", (long long)r.hosts,
                      r.hosts == 1 ? "" : "s", (long long)r.due, (long long)r.stored,
                      (long long)r.failed);
    int code = DH_EXIT_FAILED;
    if (status != DH_OK || out.failed)
        dh_talk_error(&cli->talk, "%s", status != DH_OK ? error.message : "out of memory");
    else
        code = dh_cli_print(cli, dh_buf_slice(&out));
    dh_buf_release(&out);
    return code;
}
