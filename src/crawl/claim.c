/* SPDX-License-Identifier: Apache-2.0 */
/* A host's turn: its next address, what robots.txt says of it, and the request. */
#include <stdio.h>
#include <stdlib.h>

#include "crawl/crawl_private.h"
#include "net/robots_tag.h"
#include "net/tdmrep.h"

enum { LEASE_MS = 600000, LOOK_AT = 200 };

#define DAY_MS INT64_C(86400000)

/* ---- robots.txt ---- */

dh_robots_job *dh_robots_job_new(dh_slice origin, dh_slice url, uint32_t hops, uint32_t failures) {
    dh_robots_job *job = malloc(sizeof *job + origin.len + url.len + 2);
    if (job == NULL) return NULL;
    char *text = (char *)(job + 1);
    *job = (dh_robots_job){.origin = {text, origin.len},
                           .url = {text + origin.len + 1, url.len},
                           .hops = hops,
                           .failures = failures};
    memcpy(text, origin.ptr, origin.len);
    text[origin.len] = '\0';
    memcpy(text + origin.len + 1, url.ptr, url.len);
    text[origin.len + 1 + url.len] = '\0';
    return job;
}

/* Its arena is left through the run's guard, as the crawl's own are: an address that was cut short would be another. */
static dh_flight *flight_new(const dh_crawl *crawl, uint32_t host) {
    dh_flight *flight = calloc(1, sizeof *flight);
    if (flight == NULL) return NULL;
    dh_arena_init(&flight->arena, 0);
    flight->arena.guard = crawl->arena.guard;
    flight->host = host;
    return flight;
}

void dh_flight_free(dh_flight *flight) {
    if (flight == NULL) return;
    dh_response_free(flight->response);
    dh_arena_release(&flight->arena);
    free(flight->robots);
    free(flight);
}

/* Text, HTML, and what servers call feeds. */
static bool accept_page(void *data, const dh_response *response) {
    const dh_flight *flight = data;
    if (response->status != 200 || flight->robots != NULL || flight->task.kind != DH_IS_PAGE)
        return true;
    dh_slice type = dh_response_field(response, DH_SLICE("content-type"));
    static const char *const good[] = {"text/html", "application/xhtml", "text/plain",
                                       "application/octet-stream"};
    if (type.len == 0) return true;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (dh_slice_starts_nocase(dh_slice_trim(type), dh_slice_cstr(good[i]))) return true;
    return false;
}

static bool start(dh_crawl *crawl, dh_flight *flight, const char *url, const char *const *headers,
                  size_t header_count) {
    dh_error error = {0};
    bool page = flight->robots == NULL && flight->task.kind == DH_IS_PAGE;
    dh_request request = {.url = url,
                          .headers = headers,
                          .header_count = header_count,
                          .allow_private = crawl->options.allow_private,
                          .max_body = flight->robots != NULL ? 2 * DH_ROBOTS_MAX_BYTES
                                      : page                 ? crawl->options.max_body
                                                             : UINT64_C(52428800),
                          .timeout_ms = crawl->options.timeout_ms,
                          .accept = accept_page,
                          .data = flight};
    dh_status status = dh_transport_start(crawl->transport, &request, &error);
    if (status != DH_OK) {
        dh_crawl_fail(crawl, status, &error);
        return false;
    }
    crawl->counts.fetches++;
    crawl->flying++;
    crawl->hosts.ptr[flight->host].busy = true;
    dh_yard_place(crawl, flight->host);
    return true;
}

void dh_claim_robots(dh_crawl *crawl, uint32_t host, dh_robots_job *job) {
    dh_flight *flight = flight_new(crawl, host);
    if (flight == NULL) {
        free(job);
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return;
    }
    flight->robots = job;
    if (!start(crawl, flight, job->url.ptr, NULL, 0)) dh_flight_free(flight);
}

typedef enum permission { PERMITTED, FORBIDDEN, UNKNOWN, HELD } permission;

/* Parses text and asks. */
static permission ask(dh_crawl *crawl, dh_host *host, dh_slice text, dh_slice target,
                      dh_flight *flight) {
    dh_robots robots;
    dh_slice agent = dh_slice_cstr(crawl->options.agent);
    dh_robots_parse(&robots, &crawl->scratch, text);
    host->pace.crawl_delay_ms = dh_robots_delay_ms(&robots, agent);
    bool may = dh_robots_allows(&robots, agent, target, &crawl->scratch);
    if (may) flight->ai_refused = dh_robots_ai_refused(&robots, target, &crawl->scratch);
    return may ? PERMITTED : FORBIDDEN;
}

static permission permission_of(dh_crawl *crawl, dh_host *host, dh_flight *flight,
                                dh_robots_row *row) {
    dh_slice origin = dh_canon_origin(&flight->url, &crawl->scratch);
    int64_t now = dh_crawl_now(crawl);
    *row = (dh_robots_row){.verdict = 0};
    if (!dh_state_robots(crawl->state, origin, row, &crawl->scratch)) return UNKNOWN;
    /* Also when it lies in the future: the clock was wrong. */
    if (row->expires_ms <= now || row->fetched_ms > now + DAY_MS) return UNKNOWN;
    if (row->verdict == DH_ROBOTS_DISALLOW) return HELD;
    if (row->verdict == DH_ROBOTS_ALLOW) {
        host->pace.crawl_delay_ms = 0;
        return PERMITTED;
    }
    return ask(crawl, host, row->text, dh_canon_target(&flight->url), flight);
}

/* ---- tdmrep.json ---- */

static dh_slice tdm_address(dh_crawl *crawl, const dh_flight *flight) {
    dh_buf url;
    dh_buf_init(&url, &crawl->scratch, 0);
    dh_buf_put_slice(&url, dh_canon_origin(&flight->url, &crawl->scratch));
    dh_buf_puts(&url, DH_TDMREP_PATH);
    return dh_buf_slice(&url);
}

/* Whether robots.txt, if there is one, lets us ask. */
static bool may_ask_for_tdm(dh_crawl *crawl, const dh_robots_row *robots) {
    dh_robots rules;
    if (robots->verdict != DH_ROBOTS_READ) return true;
    dh_robots_parse(&rules, &crawl->scratch, robots->text);
    return dh_robots_allows(&rules, dh_slice_cstr(crawl->options.agent), DH_SLICE(DH_TDMREP_PATH),
                            &crawl->scratch);
}

static void mark_reserved(dh_crawl *crawl, dh_flight *flight, dh_slice text) {
    if (dh_tdmrep_reserves(text, dh_canon_target(&flight->url), &crawl->scratch))
        flight->tags |= DH_RTAG_TDM_RESERVED;
}

/* Whether the host's tdmrep.json is to be asked for before this page, which robots allows; else what it says is
 * in the flight's tags. */
static bool wants_tdm(dh_crawl *crawl, dh_flight *flight, const dh_robots_row *robots) {
    int64_t now = dh_crawl_now(crawl);
    dh_robots_row row = {.verdict = 0};
    if (flight->task.kind != DH_IS_PAGE) return false;
    bool known = dh_state_robots(crawl->state, tdm_address(crawl, flight), &row, &crawl->scratch) &&
                 row.expires_ms > now && row.fetched_ms <= now + DAY_MS;
    if (!known) return may_ask_for_tdm(crawl, robots);
    if (row.verdict == DH_ROBOTS_READ) mark_reserved(crawl, flight, row.text);
    return false;
}

static void ask_for_tdm(dh_crawl *crawl, uint32_t host, dh_flight *flight) {
    dh_slice url = tdm_address(crawl, flight);
    dh_robots_job *job = dh_robots_job_new(url, url, 0, 0);
    dh_flight_free(flight);
    if (job == NULL) {
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return;
    }
    job->is_tdm = true;
    dh_claim_robots(crawl, host, job);
}

/* ---- addresses ---- */

static void refuse(dh_crawl *crawl, const dh_flight *flight) {
    const dh_task *task = &flight->task;
    bool source = task->kind != DH_IS_PAGE;
    int64_t now = dh_crawl_now(crawl);
    dh_error error = {0};
    dh_done done = {.id = task->id,
                    .end = DH_END_REFUSED,
                    .fault = DH_SLICE("robots"),
                    .at_ms = now,
                    .due_ms = source ? now + 7 * DAY_MS : -1, /* sources: it may change its mind */
                    .interval_ms = task->interval_ms};
    dh_status status = dh_state_finish(crawl->state, &done, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    crawl->counts.refused++;
    crawl->uncommitted++;
    dh_crawl_say(crawl, DH_SAY_PAGE, crawl->hosts.ptr[flight->host].name,
                 "refused by robots.txt: %s", task->url.ptr);
}

static void fetch(dh_crawl *crawl, dh_flight *flight) {
    char etag[1024], modified[256];
    const char *headers[2];
    size_t count = 0;
    const dh_task *task = &flight->task;
    if (task->etag.len > 0 && task->etag.len < 900) {
        snprintf(etag, sizeof etag, "If-None-Match: %s", task->etag.ptr);
        headers[count++] = etag;
    }
    if (task->modified.len > 0 && task->modified.len < 200) {
        snprintf(modified, sizeof modified, "If-Modified-Since: %s", task->modified.ptr);
        headers[count++] = modified;
    }
    dh_error error = {0};
    int64_t until = dh_crawl_now(crawl) + LEASE_MS;
    dh_status status = dh_state_lease(crawl->state, task->id, until, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    const char *url = dh_arena_dup(&flight->arena, flight->url.href).ptr;
    if (status != DH_OK || !start(crawl, flight, url, headers, count)) dh_flight_free(flight);
}

/* The next address of the host that is due, in flight; NULL: there is none. */
static dh_flight *next_flight(dh_crawl *crawl, uint32_t host) {
    dh_host *h = &crawl->hosts.ptr[host];
    dh_error error = {0};
    dh_flight *flight = flight_new(crawl, host);
    if (flight == NULL) {
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return NULL;
    }
    dh_status status = dh_state_next(crawl->state, h->id, dh_crawl_now(crawl), &flight->task,
                                     &flight->arena, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    /* Discovery is for what the user named. */
    bool wanted = crawl->mode != DH_CRAWL_DISCOVER ||
                  (flight->task.found_by == 0 && flight->task.kind == DH_IS_SECTION);
    if (status == DH_OK && flight->task.id != 0 && wanted &&
        dh_canon_parse(&flight->url, NULL, flight->task.url, &flight->arena))
        return flight;
    if (status == DH_OK && flight->task.id != 0 && wanted) { /* not written by us */
        dh_state_postpone(crawl->state, flight->task.id, INT64_MAX / 2, NULL);
    }
    dh_flight_free(flight);
    return NULL;
}

static void rest(dh_crawl *crawl, uint32_t host) {
    dh_host *h = &crawl->hosts.ptr[host];
    h->due_ms =
        crawl->mode == DH_CRAWL_DISCOVER ? INT64_MAX : dh_state_next_due(crawl->state, h->id);
    int64_t now = dh_crawl_now(crawl);
    if (h->due_ms <= now) h->due_ms = now + 1000; /* leased, or unreadable: not at once again */
    dh_yard_place(crawl, host);
}

/* In place of the address, which waits. */
static void ask_for_robots(dh_crawl *crawl, uint32_t host, dh_flight *flight, uint32_t failures) {
    dh_buf url;
    dh_buf_init(&url, &crawl->scratch, 0);
    dh_slice origin = dh_canon_origin(&flight->url, &crawl->scratch);
    dh_buf_put_slice(&url, origin);
    dh_buf_puts(&url, "/robots.txt");
    dh_robots_job *job = dh_robots_job_new(origin, dh_buf_slice(&url), 0, failures);
    dh_flight_free(flight);
    if (job != NULL) dh_claim_robots(crawl, host, job);
    else dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
}

void dh_claim(dh_crawl *crawl, uint32_t host) {
    dh_crawl_reset_scratch(crawl);
    if (crawl->hosts.ptr[host].jobs != NULL) {
        dh_robots_job *job = crawl->hosts.ptr[host].jobs;
        crawl->hosts.ptr[host].jobs = job->next;
        dh_claim_robots(crawl, host, job);
        return;
    }
    for (int i = 0; i < LOOK_AT && crawl->status == DH_OK; i++) {
        dh_host *h = &crawl->hosts.ptr[host];
        dh_robots_row row;
        dh_flight *flight = next_flight(crawl, host);
        if (flight == NULL) {
            rest(crawl, host);
            return;
        }
        switch (permission_of(crawl, h, flight, &row)) {
        case PERMITTED:
            if (wants_tdm(crawl, flight, &row)) ask_for_tdm(crawl, host, flight);
            else fetch(crawl, flight);
            return;
        case FORBIDDEN:
            refuse(crawl, flight);
            dh_flight_free(flight);
            break;
        case HELD:
            h->hold_ms = row.expires_ms;
            dh_flight_free(flight);
            dh_yard_place(crawl, host);
            return;
        case UNKNOWN:
            ask_for_robots(crawl, host, flight, row.failures);
            return;
        }
    }
    dh_yard_place(crawl, host); /* more to look at, after others had their turn */
}
