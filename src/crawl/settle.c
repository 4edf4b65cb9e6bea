/* SPDX-License-Identifier: Apache-2.0 */
/* What came back from a host: its pace, then what becomes of the address. */
#include <stdlib.h>

#include "archive/http.h"
#include "crawl/crawl_private.h"
#include "crawl/judge.h"
#include "crawl/keep.h"
#include "crawl/work_record.h"
#include "net/retry_after.h"
#include "net/robots_tag.h"
#include "work/quarantine.h"

#define DAY_MS INT64_C(86400000)
enum { RECENT_DAYS = 3 };

/* ---- addresses found ---- */

static int year_of(int64_t now_ms) {
    char utc[DH_UTC_SIZE];
    dh_clock_print_utc(now_ms, utc);
    return (int)strtol(utc, NULL, 10);
}

/* Pages are taken from the sites of the crawl only. A feed or sitemap may be elsewhere (feeds.example.net)
 * when a page or robots.txt of such a site names it, or when it has moved within its own site. */
static bool is_allowed(dh_crawl *crawl, const dh_canon *url, dh_slice domain, dh_crawl_kind kind,
                       const dh_canon *from) {
    if (dh_state_has_site(crawl->state, domain)) return true;
    if (kind == DH_IS_PAGE || kind == DH_IS_SECTION || from == NULL) return false;
    return dh_url_same_site(url, from, &crawl->scratch) ||
           dh_state_has_site(crawl->state, dh_url_domain(from->host, &crawl->scratch));
}

bool dh_crawl_found(dh_crawl *crawl, const dh_canon *url, dh_crawl_kind kind, int prio,
                    uint32_t hops, int64_t found_by, const dh_canon *from) {
    dh_arena *arena = &crawl->scratch;
    int64_t now = dh_crawl_now(crawl);
    dh_slice domain = dh_url_domain(url->host, arena);
    if (!is_allowed(crawl, url, domain, kind, from)) return false;
    if (dh_url_trap_of(url, year_of(now)) != DH_TRAP_NONE) return false;
    uint32_t host = dh_yard_host(crawl, dh_canon_authority(url), domain);
    if (host == UINT32_MAX) return false;
    dh_found found = {.key = dh_url_key(url, arena),
                      .url = url->href,
                      .host = crawl->hosts.ptr[host].id,
                      .kind = kind,
                      .prio = prio,
                      .due_ms = now,
                      .hops = hops,
                      .found_by = found_by};
    bool added = false;
    dh_error error = {0};
    dh_status status = dh_state_add(crawl->state, &found, now, NULL, &added, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    if (!added) return false;
    crawl->counts.found++;
    if (crawl->mode == DH_CRAWL_DISCOVER && kind != DH_IS_PAGE && found_by != 0)
        dh_crawl_say(crawl, DH_SAY_NOTICE, crawl->hosts.ptr[host].name, "%s %.*s",
                     dh_crawl_kind_word((int)kind), (int)url->href.len, url->href.ptr);
    if (crawl->mode == DH_CRAWL_DISCOVER && found_by != 0) return true;
    if (crawl->hosts.ptr[host].due_ms > now) {
        crawl->hosts.ptr[host].due_ms = now;
        dh_yard_place(crawl, host);
    }
    return true;
}

/* ---- the end of an address's turn ---- */

static void finish(dh_crawl *crawl, const dh_done *done) {
    dh_error error = {0};
    dh_status status = dh_state_finish(crawl->state, done, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    crawl->uncommitted++;
}

static dh_done done_of(const dh_crawl *crawl, const dh_flight *flight, dh_crawl_end end) {
    const dh_response *r = flight->response;
    return (dh_done){.id = flight->task.id,
                     .end = end,
                     .status = (int)r->status,
                     .fault = r->fault == DH_FAULT_NONE
                                  ? DH_SLICE("")
                                  : dh_slice_cstr(dh_fault_of(r->fault)->word),
                     .at_ms = r->begun_ms != 0 ? r->begun_ms : dh_crawl_now(crawl),
                     .due_ms = -1,
                     .interval_ms = flight->task.interval_ms,
                     .bytes = (int64_t)r->wire.len};
}

/* Sources come again, whatever came of them. */
static void revisit(dh_crawl *crawl, const dh_flight *flight, dh_done *done, bool changed) {
    if (flight->task.kind == DH_IS_PAGE) return;
    done->interval_ms = dh_pace_revisit_ms(flight->task.interval_ms, changed);
    done->due_ms = dh_crawl_now(crawl) + done->interval_ms;
}

static void host_again(dh_crawl *crawl, uint32_t host) {
    dh_host *h = &crawl->hosts.ptr[host];
    h->due_ms = crawl->mode == DH_CRAWL_DISCOVER ? dh_crawl_now(crawl)
                                                 : dh_state_next_due(crawl->state, h->id);
    dh_yard_place(crawl, host);
}

/* ---- answers ---- */

static void forget(dh_crawl *crawl, const dh_flight *flight) {
    if (flight->robots == NULL) dh_state_lease(crawl->state, flight->task.id, 0, NULL);
}

static void move(dh_crawl *crawl, dh_flight *flight) {
    dh_buf target;
    dh_canon url;
    dh_buf_init(&target, &crawl->scratch, 0);
    if (dh_response_target(flight->response, &target) &&
        dh_canon_parse(&url, NULL, dh_buf_slice(&target), &crawl->scratch)) {
        /* What the user named is his wish, wherever it has moved to. */
        if (flight->task.found_by == 0 && flight->task.kind == DH_IS_SECTION)
            dh_state_add_site(crawl->state, dh_url_domain(url.host, &crawl->scratch),
                              dh_crawl_now(crawl), NULL);
        /* To the same key (tracking parameters, a slash): fetched as it is from now on. */
        if (dh_slice_eq(dh_url_key(&url, &crawl->scratch), flight->task.key)) {
            dh_done done = done_of(crawl, flight, DH_END_FAILED);
            finish(crawl, &done);
            return;
        }
        dh_crawl_found(crawl, &url, flight->task.kind, flight->task.prio, flight->task.hops + 1,
                       flight->task.found_by, &flight->url);
    }
    dh_done done = done_of(crawl, flight, DH_END_MOVED);
    revisit(crawl, flight, &done, false);
    finish(crawl, &done);
}

static void same(dh_crawl *crawl, dh_flight *flight) {
    dh_done done = done_of(crawl, flight, DH_END_SAME);
    revisit(crawl, flight, &done, false);
    dh_keep_not_modified(crawl, flight, &done);
    finish(crawl, &done);
}

static void retry(dh_crawl *crawl, dh_flight *flight, uint32_t tries) {
    dh_done done = done_of(crawl, flight, flight->task.end);
    done.tries = tries;
    done.due_ms = dh_crawl_now(crawl) +
                  dh_pace_retry_ms(tries, &crawl->options.pace, (uint64_t)flight->task.id);
    crawl->counts.failed++;
    finish(crawl, &done);
}

static void drop(dh_crawl *crawl, dh_flight *flight, dh_crawl_end end) {
    dh_done done = done_of(crawl, flight, end);
    revisit(crawl, flight, &done, false);
    crawl->counts.failed++;
    finish(crawl, &done);
}

static void read_content(dh_crawl *crawl, dh_flight *flight) {
    const dh_response *r = flight->response;
    char day[DH_UTC_SIZE], recent[DH_UTC_SIZE];
    dh_clock_print_utc(r->begun_ms, day);
    dh_clock_print_utc(r->begun_ms - RECENT_DAYS * DAY_MS, recent);
    day[10] = recent[10] = '\0';
    dh_slice type = dh_response_field(r, DH_SLICE("content-type"));
    dh_buf record = {0};
    dh_work work = {.kind = flight->task.kind,
                    .is_seed = flight->task.found_by == 0,
                    .url = flight->task.url.ptr,
                    .content_type = type.len > 0 ? dh_arena_dup(&flight->arena, type).ptr : "",
                    .day = day,
                    .recent = recent,
                    .bytes = dh_buf_slice(&r->body)};
    dh_work_put(&record, &work);
    flight->next = NULL;
    if (crawl->cleaning == NULL)
        crawl->cleaning = flight;
    else
        crawl->cleaning_last->next = flight;
    crawl->cleaning_last = flight;
    crawl->at_work++;
    dh_status status =
        record.failed ? DH_ERR_MEMORY : dh_pool_push(crawl->pool, dh_buf_slice(&record));
    dh_buf_release(&record);
    if (status == DH_OK) return;
    crawl->at_work--; /* the flight stays where it is, for the end */
    dh_crawl_fail(crawl, status, NULL);
}

static void save_pace(dh_crawl *crawl, const dh_host *h) {
    dh_pace stored = h->pace;
    dh_error error = {0};
    stored.next_ms = dh_crawl_now(crawl) + (h->pace.next_ms - dh_crawl_ticks(crawl));
    dh_status status = dh_state_save_pace(crawl->state, h->id, &stored, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
}

/* Tells the host's pace what happened. */
static void set_pace(dh_crawl *crawl, dh_flight *flight) {
    const dh_response *r = flight->response;
    dh_host *h = &crawl->hosts.ptr[flight->host];
    int64_t now = dh_crawl_ticks(crawl), wall = dh_crawl_now(crawl);
    dh_pace_event event = {.seen_ms = now,
                           .over_ms = now,
                           .retry_after_ms = -1,
                           .trouble = dh_judge_trouble(r->fault, (int)r->status)};
    /* Reckoned from its end: when the request left is not known as exactly. One more for the fractions
     * that ticks have lost. */
    if (r->first_byte_ms > 0 && r->total_ms >= r->first_byte_ms)
        event.seen_ms = now - (r->total_ms - r->first_byte_ms) + 1;
    dh_slice after = dh_response_field(r, DH_SLICE("retry-after"));
    if (after.len > 0 && (r->status == 429 || r->status == 503))
        event.retry_after_ms = dh_retry_after_ms(after, wall);
    bool was_broken = dh_pace_is_broken(&h->pace);
    dh_pace_after(&h->pace, &crawl->options.pace, &event, h->hash);
    if (dh_pace_is_broken(&h->pace) && !was_broken)
        dh_crawl_say(crawl, DH_SAY_NOTICE, h->name, "in trouble: left alone for %lld s",
                     (long long)((h->pace.next_ms - now) / 1000));
    save_pace(crawl, h);
}

/* A request that was broken off counts as one, too. */
static void wait_a_delay(dh_crawl *crawl, uint32_t host) {
    dh_host *h = &crawl->hosts.ptr[host];
    h->pace.next_ms = dh_crawl_ticks(crawl) + dh_pace_delay_ms(&h->pace, &crawl->options.pace);
    save_pace(crawl, h);
}

static void tell(dh_crawl *crawl, const dh_flight *flight) {
    const dh_response *r = flight->response;
    const char *url = flight->robots != NULL ? flight->robots->url.ptr : flight->task.url.ptr;
    dh_slice host = crawl->hosts.ptr[flight->host].name;
    if (r->fault != DH_FAULT_NONE)
        dh_crawl_say(crawl, DH_SAY_PAGE, host, "%s: %s", url, r->message);
    else
        dh_crawl_say(crawl, DH_SAY_PAGE, host, "%ld %s", r->status, url);
}

static void take_tags(dh_crawl *crawl, dh_flight *flight) {
    dh_slice rest = dh_buf_slice(&flight->response->head), name, value;
    while (dh_http_next(&rest, &name, &value)) {
        if (dh_slice_eq_nocase(name, DH_SLICE("x-robots-tag")))
            flight->tags |= dh_robots_tags(value, dh_slice_cstr(crawl->options.agent));
        if (dh_slice_eq_nocase(name, DH_SLICE("tdm-reservation")))
            flight->tags |= dh_robots_tdm(value);
    }
}

/* True when the flight goes on to the workers. */
static bool act(dh_crawl *crawl, dh_flight *flight) {
    const dh_response *r = flight->response;
    dh_answer answer = {.fault = r->fault,
                        .status = (int)r->status,
                        .redirect = dh_response_is_redirect(r),
                        .tries = flight->task.tries + 1,
                        .hops = flight->task.hops};
    switch (dh_judge_answer(&answer)) {
    case DH_ACT_READ:
        take_tags(crawl, flight);
        read_content(crawl, flight);
        return true;
    case DH_ACT_SAME:
        same(crawl, flight);
        break;
    case DH_ACT_MOVE:
        move(crawl, flight);
        break;
    case DH_ACT_RETRY:
        retry(crawl, flight, answer.tries);
        break;
    case DH_ACT_GIVE_UP:
        drop(crawl, flight, DH_END_FAILED);
        break;
    case DH_ACT_GONE:
        drop(crawl, flight, DH_END_GONE);
        break;
    case DH_ACT_UNWANTED:
        drop(crawl, flight, DH_END_UNWANTED);
        break;
    case DH_ACT_FORGET:
        forget(crawl, flight);
        break;
    }
    return false;
}

void dh_settle(dh_crawl *crawl, dh_flight *flight, dh_response *response) {
    uint32_t host = flight->host;
    flight->response = response;
    dh_crawl_reset_scratch(crawl);
    crawl->flying--;
    crawl->counts.bytes += response->wire.len;
    crawl->hosts.ptr[host].busy = false;
    bool stopped = response->fault == DH_FAULT_STOPPED;
    /* Neither says anything of the host: what was asked for will be asked for again. */
    bool ours = stopped || response->fault == DH_FAULT_MEMORY;
    bool at_work = false;
    if (!stopped) tell(crawl, flight);
    /* robots.txt first: its Crawl-delay holds from now on. */
    if (flight->robots != NULL && !ours) dh_settle_robots(crawl, flight);
    if (ours)
        wait_a_delay(crawl, host);
    else
        set_pace(crawl, flight);
    if (flight->robots == NULL) at_work = act(crawl, flight);
    if (!at_work) dh_flight_free(flight);
    host_again(crawl, host);
}

/* ---- what the workers found out ---- */

static void settle_source(dh_crawl *crawl, dh_flight *flight, dh_worked *worked) {
    uint64_t fresh = 0;
    for (uint64_t i = 0; i < worked->found && crawl->status == DH_OK; i++) {
        dh_crawl_kind kind = (dh_crawl_kind)dh_record_u64(&worked->rest);
        int prio = (int)dh_record_u64(&worked->rest);
        dh_slice href = dh_record_bytes(&worked->rest);
        dh_canon url;
        if (i % 64 == 0) dh_crawl_reset_scratch(crawl);
        if (dh_canon_parse(&url, NULL, href, &crawl->scratch))
            fresh += dh_crawl_found(crawl, &url, kind, prio, 0, flight->task.id, &flight->url);
    }
    dh_done done = done_of(crawl, flight, worked->is_source ? DH_END_STORED : DH_END_UNWANTED);
    const dh_response *r = flight->response;
    done.etag = dh_response_field(r, DH_SLICE("etag"));
    done.modified = dh_response_field(r, DH_SLICE("last-modified"));
    revisit(crawl, flight, &done, fresh > 0);
    finish(crawl, &done);
    dh_crawl_say(crawl, worked->is_source ? DH_SAY_DETAIL : DH_SAY_PAGE,
                 crawl->hosts.ptr[flight->host].name, "%s %s: %llu of %llu addresses are new%s",
                 worked->is_source ? dh_crawl_kind_word((int)worked->kind) : "no source",
                 flight->task.url.ptr, (unsigned long long)fresh, (unsigned long long)worked->found,
                 worked->damaged ? " (not well-formed)" : "");
}

void dh_settle_cleaned(void *data, uint64_t number, dh_slice result) {
    dh_crawl *crawl = data;
    dh_flight *flight = crawl->cleaning;
    dh_worked worked;
    (void)number;
    crawl->cleaning = flight->next;
    crawl->at_work--;
    dh_crawl_reset_scratch(crawl);
    dh_worked_read(result, &worked);
    flight->tags |= worked.tags;
    uint32_t tries = flight->task.tries + 1;
    if (crawl->status == DH_OK) {
        /* That there was no memory says nothing of the page. */
        if (worked.status == DEHUSK_ERR_MEMORY && tries < DH_MAX_TRIES) {
            retry(crawl, flight, tries);
        } else if (flight->task.kind != DH_IS_PAGE) {
            dh_keep_skip_lines(&worked);
            settle_source(crawl, flight, &worked);
        } else {
            dh_done done = done_of(crawl, flight, DH_END_STORED);
            dh_keep_page(crawl, flight, &worked, &done);
            finish(crawl, &done);
        }
    }
    uint32_t host = flight->host;
    dh_flight_free(flight);
    if (!crawl->hosts.ptr[host].busy) host_again(crawl, host);
}

void dh_settle_lost(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss) {
    dh_crawl *crawl = data;
    dh_work work;
    dh_buf message = {0}, result = {0};
    dh_work_read(job, &work);
    dh_quarantined page = {.url = work.url,
                           .content_type = work.content_type,
                           .bytes = work.bytes,
                           .ending = "page",
                           .loss = loss};
    dh_quarantine_tell(crawl->options.quarantine, &page, &message);
    dh_crawl_say(crawl, DH_SAY_NOTICE, crawl->hosts.ptr[crawl->cleaning->host].name, "%s: %s",
                 work.url, dh_buf_cstr(&message));
    dh_worked worked = {.status = loss->outside ? DEHUSK_ERR_MEMORY : DEHUSK_ERR_INTERNAL,
                        .kind = work.kind,
                        .message = loss->cause,
                        .title = "",
                        .canonical = ""};
    dh_worked_put(&result, &worked);
    crawl->counts.failed++;
    dh_settle_cleaned(crawl, number, dh_buf_slice(&result));
    dh_buf_release(&message);
    dh_buf_release(&result);
}
