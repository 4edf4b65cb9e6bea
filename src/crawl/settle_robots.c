/* SPDX-License-Identifier: Apache-2.0 */
/* What came of asking for a robots.txt. */
#include <stdlib.h>

#include "crawl/crawl_private.h"

/* Its Crawl-delay and sitemaps; an own frame for the guard. */
static void read_text(dh_crawl *crawl, uint32_t host, dh_slice text, const dh_canon *base) {
    jmp_buf guard;
    dh_robots robots;
    dh_arena arena;
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) {
        dh_arena_release(&arena);
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return;
    }
    dh_robots_parse(&robots, &arena, text);
    arena.guard = NULL;
    crawl->hosts.ptr[host].pace.crawl_delay_ms =
        dh_robots_delay_ms(&robots, dh_slice_cstr(crawl->options.agent));
    /* A host that is here for a feed only has no sitemaps of ours. */
    bool ours = dh_state_has_site(crawl->state, dh_url_domain(base->host, &arena));
    for (uint32_t i = 0; ours && i < robots.sitemaps.len; i++) {
        dh_canon url;
        if (!dh_canon_parse(&url, base, robots.sitemaps.ptr[i], &arena)) continue;
        dh_crawl_found(crawl, &url, DH_IS_SITEMAP, DH_PRIO_SOURCE, 0, -1, base);
    }
    dh_arena_release(&arena);
}

/* A redirect: asked for there, at that host's turn. False when it leads nowhere. */
static bool follow(dh_crawl *crawl, const dh_robots_job *job, const dh_response *response) {
    dh_buf target;
    dh_canon url;
    dh_buf_init(&target, &crawl->scratch, 0);
    if (!dh_response_is_redirect(response) || job->hops >= DH_ROBOTS_MAX_REDIRECTS) return false;
    if (!dh_response_target(response, &target)) return false;
    if (!dh_canon_parse(&url, NULL, dh_buf_slice(&target), &crawl->scratch)) return false;
    uint32_t host =
        dh_yard_host(crawl, dh_canon_authority(&url), dh_url_domain(url.host, &crawl->scratch));
    dh_robots_job *next = dh_robots_job_new(job->origin, url.href, job->hops + 1, job->failures);
    if (host == UINT32_MAX || next == NULL) {
        free(next);
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return false;
    }
    next->next = crawl->hosts.ptr[host].jobs;
    crawl->hosts.ptr[host].jobs = next;
    dh_yard_place(crawl, host);
    return true;
}

/* A tdmrep.json, or that there is none; for a day either way. */
static void settle_tdm(dh_crawl *crawl, const dh_robots_job *job, const dh_response *r) {
    int64_t now = dh_crawl_now(crawl);
    bool there = r->fault == DH_FAULT_NONE && r->status == 200;
    dh_robots_row row = {.verdict = there ? DH_ROBOTS_READ : DH_ROBOTS_ALLOW,
                         .status = (int)r->status,
                         .fetched_ms = now,
                         .expires_ms = now + INT64_C(86400000),
                         .text = there ? dh_slice_sub(dh_buf_slice(&r->body), 0, DH_ROBOTS_MAX_BYTES)
                                       : DH_SLICE("")};
    dh_error error = {0};
    dh_status status = dh_state_save_robots(crawl->state, job->origin, &row, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    crawl->uncommitted++;
}

void dh_settle_robots(dh_crawl *crawl, dh_flight *flight) {
    const dh_response *r = flight->response;
    const dh_robots_job *job = flight->robots;
    int64_t now = dh_crawl_now(crawl);
    dh_canon base;
    if (job->is_tdm) {
        settle_tdm(crawl, job, r);
        return;
    }
    if (r->fault == DH_FAULT_NONE && follow(crawl, job, r)) {
        /* The host waits for the answer from there, for a while. */
        crawl->hosts.ptr[flight->host].hold_ms = now + 2 * (int64_t)crawl->options.timeout_ms;
        return;
    }
    /* A file that is longer than is read is a file. */
    bool whole = r->fault == DH_FAULT_NONE || r->fault == DH_FAULT_TOO_LARGE;
    dh_robots_answer answer = {
        .failed = !whole, .status = (int)r->status, .hops = job->hops, .failures = job->failures};
    dh_robots_policy policy = dh_robots_judge(&answer);
    dh_slice body = dh_buf_slice(&r->body);
    dh_robots_row row = {.verdict = (int)policy.verdict,
                         .status = (int)r->status,
                         .fetched_ms = now,
                         .expires_ms = now + (int64_t)policy.keep_s * 1000,
                         .failures = policy.verdict == DH_ROBOTS_DISALLOW ? job->failures + 1 : 0,
                         .text = DH_SLICE("")};
    if (policy.verdict == DH_ROBOTS_READ) row.text = dh_slice_sub(body, 0, DH_ROBOTS_MAX_BYTES + 1);
    dh_error error = {0};
    dh_status status = dh_state_save_robots(crawl->state, job->origin, &row, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    crawl->uncommitted++;
    if (!dh_canon_parse(&base, NULL, job->origin, &crawl->scratch)) return;
    uint32_t owner =
        dh_yard_host(crawl, dh_canon_authority(&base), dh_url_domain(base.host, &crawl->scratch));
    if (owner == UINT32_MAX) return;
    dh_host *h = &crawl->hosts.ptr[owner];
    h->hold_ms = policy.verdict == DH_ROBOTS_DISALLOW ? row.expires_ms : 0;
    if (policy.verdict == DH_ROBOTS_DISALLOW)
        dh_crawl_say(crawl, DH_SAY_NOTICE, h->name,
                     "its robots.txt cannot be had (%s): nothing is fetched for %u min",
                     r->fault != DH_FAULT_NONE ? r->message : "server error", policy.keep_s / 60);
    if (policy.verdict == DH_ROBOTS_READ) read_text(crawl, owner, row.text, &base);
    dh_yard_place(crawl, owner);
}
