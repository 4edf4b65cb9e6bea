/* SPDX-License-Identifier: Apache-2.0 */
/* The hosts, in a heap by the time of their next turn. A host's turn comes when its pace allows and
 * something of it is due; a busy one has none. */
#include "crawl/crawl_private.h"

#define DAY_MS INT64_C(86400000)

static uint32_t *slot(dh_crawl *crawl, uint32_t place) {
    return &crawl->heap[place];
}

static bool before(const dh_crawl *crawl, uint32_t a, uint32_t b) {
    return crawl->hosts.ptr[a].at < crawl->hosts.ptr[b].at;
}

static void put(dh_crawl *crawl, uint32_t place, uint32_t host) {
    *slot(crawl, place) = host;
    crawl->hosts.ptr[host].place = place;
}

static void rise(dh_crawl *crawl, uint32_t place) {
    uint32_t host = *slot(crawl, place);
    while (place > 0) {
        uint32_t up = (place - 1) / 2;
        if (!before(crawl, host, *slot(crawl, up))) break;
        put(crawl, place, *slot(crawl, up));
        place = up;
    }
    put(crawl, place, host);
}

static void sink(dh_crawl *crawl, uint32_t place) {
    uint32_t host = *slot(crawl, place);
    for (;;) {
        uint32_t down = 2 * place + 1;
        if (down >= crawl->heap_len) break;
        if (down + 1 < crawl->heap_len && before(crawl, *slot(crawl, down + 1), *slot(crawl, down)))
            down++;
        if (!before(crawl, *slot(crawl, down), host)) break;
        put(crawl, place, *slot(crawl, down));
        place = down;
    }
    put(crawl, place, host);
}

/* Ticks of a wall clock's time. */
static int64_t ticks_of(const dh_crawl *crawl, int64_t wall_ms) {
    return dh_crawl_ticks(crawl) + (wall_ms - dh_crawl_now(crawl));
}

static int64_t turn_of(const dh_crawl *crawl, const dh_host *host) {
    if (host->busy) return INT64_MAX;
    if (host->jobs != NULL) return host->pace.next_ms;
    if (host->due_ms == INT64_MAX) return INT64_MAX;
    int64_t due = host->due_ms > host->hold_ms ? host->due_ms : host->hold_ms;
    int64_t at = ticks_of(crawl, due);
    return at > host->pace.next_ms ? at : host->pace.next_ms;
}

void dh_yard_place(dh_crawl *crawl, uint32_t host) {
    dh_host *h = &crawl->hosts.ptr[host];
    h->at = turn_of(crawl, h);
    rise(crawl, h->place);
    sink(crawl, h->place);
}

/* What is due of the host, after the clock may have been put back: a wait that was reckoned from a later
 * day would never end. */
static dh_status mend(dh_crawl *crawl, dh_host *host, dh_error *error) {
    int64_t now = dh_crawl_now(crawl);
    bool mended = false;
    dh_status status =
        dh_state_mend_due(crawl->state, host->id, now, crawl->options.recheck_ms, &mended, error);
    if (host->hold_ms > now + DAY_MS) host->hold_ms = 0; /* robots.txt is asked for once a day */
    if (mended && host->due_ms < INT64_MAX && host->due_ms > now)
        host->due_ms =
            crawl->mode == DH_CRAWL_DISCOVER ? now : dh_state_next_due(crawl->state, host->id);
    return status;
}

void dh_yard_place_all(dh_crawl *crawl) {
    dh_error error = {0};
    for (uint32_t i = 0; i < crawl->hosts.len; i++) {
        dh_status status = mend(crawl, &crawl->hosts.ptr[i], &error);
        if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
        dh_yard_place(crawl, i);
    }
}

uint32_t dh_yard_first(const dh_crawl *crawl) {
    if (crawl->heap_len == 0) return UINT32_MAX;
    uint32_t host = crawl->heap[0];
    return crawl->hosts.ptr[host].at == INT64_MAX ? UINT32_MAX : host;
}

/* A turn is a delay behind the last request: it moves with the delay. Waits for other reasons stay. */
void dh_crawl_set_delay(dh_crawl *crawl, uint32_t delay_ms) {
    dh_pace_rules rules = crawl->options.pace;
    rules.delay_ms = delay_ms;
    for (uint32_t i = 0; i < crawl->hosts.len; i++) {
        dh_pace *pace = &crawl->hosts.ptr[i].pace;
        if (pace->failures == 0)
            pace->next_ms += (int64_t)dh_pace_delay_ms(pace, &rules) -
                             (int64_t)dh_pace_delay_ms(pace, &crawl->options.pace);
        dh_yard_place(crawl, i);
    }
    crawl->options.pace = rules;
}

static uint32_t add(dh_crawl *crawl, const dh_host *host) {
    uint32_t index = crawl->hosts.len;
    dh_host *h = DH_PUSH(&crawl->arena, crawl->hosts);
    *h = *host;
    h->name = dh_arena_dup(&crawl->arena, host->name);
    h->hash = dh_hash(h->name);
    *dh_map_put(&crawl->names, h->name, NULL) = index;
    if (crawl->heap_len == crawl->heap_cap) {
        uint32_t cap = crawl->heap_cap > 0 ? crawl->heap_cap * 2 : 64;
        crawl->heap =
            dh_arena_grow(&crawl->arena, crawl->heap, crawl->heap_cap * sizeof *crawl->heap,
                          cap * sizeof *crawl->heap);
        crawl->heap_cap = cap;
    }
    put(crawl, crawl->heap_len++, index);
    dh_yard_place(crawl, index);
    return index;
}

/* The state's times are the wall clock's. One that lies too far ahead comes from a clock that was wrong. */
static void take_row(void *data, const dh_host_row *row) {
    dh_crawl *crawl = data;
    dh_host host = {
        .id = row->id, .name = row->name, .pace = row->pace, .due_ms = 0, .suspect = row->suspect};
    int64_t ahead = row->pace.next_ms - dh_crawl_now(crawl);
    int64_t delay = dh_pace_delay_ms(&host.pace, &crawl->options.pace);
    /* Only trouble makes a host wait for longer than its delay. */
    int64_t most = row->pace.failures > 0 ? 36 * INT64_C(3600000) : delay;
    if (ahead < 0) ahead = 0;
    /* After a kill the last requests are not on record: one delay is waited. */
    if (dh_state_was_killed(crawl->state) && ahead < delay) ahead = delay;
    host.pace.next_ms = dh_crawl_ticks(crawl) + (ahead < most ? ahead : most);
    add(crawl, &host);
}

dh_status dh_yard_fill(dh_crawl *crawl, dh_error *error) {
    dh_map_init(&crawl->names, &crawl->arena, 0);
    dh_status status = dh_state_hosts(crawl->state, take_row, crawl, error);
    for (uint32_t i = 0; i < crawl->hosts.len && status == DH_OK; i++) {
        status = mend(crawl, &crawl->hosts.ptr[i], error);
        crawl->hosts.ptr[i].due_ms = dh_state_next_due(crawl->state, crawl->hosts.ptr[i].id);
        dh_yard_place(crawl, i);
    }
    return status;
}

uint32_t dh_yard_host(dh_crawl *crawl, dh_slice name, dh_slice domain) {
    const uint32_t *known = dh_map_get(&crawl->names, name);
    if (known != NULL) return *known;
    dh_error error = {0};
    dh_host host = {.name = name, .due_ms = INT64_MAX};
    dh_status status = dh_state_host(crawl->state, name, domain, &host.id, NULL, &error);
    if (status != DH_OK) {
        dh_crawl_fail(crawl, status, &error);
        return UINT32_MAX;
    }
    host.pace.next_ms = dh_crawl_ticks(crawl);
    return add(crawl, &host);
}
