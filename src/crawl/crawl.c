/* SPDX-License-Identifier: Apache-2.0 */
/* The loop: claims while there is room, answers as they come, results as they are out, a commit now and
 * then. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "crawl/crawl_private.h"

enum {
    COMMIT_MS = 1000,
    COMMIT_AFTER = 256, /* addresses done */
    POLL_MS = 500,
    DRAIN_MS = 45000,     /* what is in flight when the run ends has so long */
    PATIENCE_MS = 240000, /* a host that is to be left alone for longer is for the next run */
    JUMP_MS = 5000,
    METRICS_MS = 10000
};

void dh_crawl_say(dh_crawl *crawl, dh_say level, dh_slice host, const char *format, ...) {
    char text[1024];
    va_list values;
    if (crawl->options.say == NULL) return;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    crawl->options.say(crawl->options.data, level, host, text);
}

void dh_crawl_fail(dh_crawl *crawl, dh_status status, const dh_error *error) {
    if (crawl->status != DH_OK) return;
    crawl->status = status;
    if (error != NULL) crawl->error = *error;
    if (error == NULL)
        dh_error_set(&crawl->error, status, "crawl", 0, "%s", dh_status_text(status));
}

/* ---- beginning and end ---- */

static bool asked_to_stop(void *data) {
    const dh_crawl *crawl = data;
    return crawl->options.stop != NULL && crawl->options.stop(crawl->options.data);
}

static void wake(void *data) {
    dh_transport_wake(data);
}

static dh_status open_parts(dh_crawl *crawl, dh_error *error) {
    dh_crawl_options *o = &crawl->options;
    dh_transport_options net = {.resolver = o->resolver,
                                .clock = &crawl->clock,
                                .user_agent = o->user_agent,
                                .ca_file = o->ca_file,
                                .proxy = o->proxy,
                                .max_idle = o->connections};
    dh_store_options keep = {.folder = o->folder,
                             .no_warc = o->no_warc,
                             .no_clean = o->no_clean,
                             .user_agent = o->user_agent,
                             .clock = &crawl->clock};
    dh_status status = dh_transport_new(&net, &crawl->transport, error);
    if (status == DH_OK) status = dh_store_new(&keep, crawl->state, &crawl->store, error);
    if (status == DH_OK) status = dh_yard_fill(crawl, error);
    return status;
}

static dh_status open_guarded(dh_crawl *crawl, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&crawl->arena, &guard)) {
        crawl->arena.guard = crawl->scratch.guard = NULL;
        return dh_error_set(error, DH_ERR_MEMORY, "crawl", 0, "out of memory");
    }
    crawl->scratch.guard = &guard;
    dh_status status = open_parts(crawl, error);
    crawl->arena.guard = crawl->scratch.guard = NULL;
    return status;
}

dh_status dh_crawl_new(const dh_crawl_options *options, dh_state *state, dehusk_engine *engine,
                       dh_crawl **out, dh_error *error) {
    dh_crawl *crawl = calloc(1, sizeof *crawl);
    *out = NULL;
    if (crawl == NULL) {
        dehusk_engine_free(engine);
        return dh_error_set(error, DH_ERR_MEMORY, "crawl", 0, "out of memory");
    }
    crawl->options = *options;
    crawl->clock = options->clock != NULL ? *options->clock : dh_clock_system;
    crawl->state = state;
    crawl->engine = engine;
    if (crawl->options.connections == 0) crawl->options.connections = 256;
    if (crawl->options.max_body == 0) crawl->options.max_body = 20 << 20;
    if (crawl->options.timeout_ms == 0) crawl->options.timeout_ms = 30000;
    dh_arena_init(&crawl->arena, 0);
    dh_arena_init(&crawl->scratch, 0);
    dh_status status = open_guarded(crawl, error);
    if (status != DH_OK) {
        dh_crawl_free(crawl);
        return status;
    }
    *out = crawl;
    return DH_OK;
}

void dh_crawl_free(dh_crawl *crawl) {
    if (crawl == NULL) return;
    dh_pool_free(crawl->pool);
    dh_transport_free(crawl->transport);
    dh_store_free(crawl->store);
    while (crawl->cleaning != NULL) {
        dh_flight *next = crawl->cleaning->next;
        dh_flight_free(crawl->cleaning);
        crawl->cleaning = next;
    }
    for (uint32_t i = 0; i < crawl->hosts.len; i++)
        while (crawl->hosts.ptr[i].jobs != NULL) {
            dh_robots_job *next = crawl->hosts.ptr[i].jobs->next;
            free(crawl->hosts.ptr[i].jobs);
            crawl->hosts.ptr[i].jobs = next;
        }
    dehusk_engine_free(crawl->engine);
    dh_arena_release(&crawl->arena);
    dh_arena_release(&crawl->scratch);
    free(crawl);
}

dh_crawl_counts dh_crawl_count(const dh_crawl *crawl) {
    return crawl->counts;
}

static dh_status add(dh_crawl *crawl, dh_slice text, dh_error *error) {
    dh_canon url, front;
    dh_crawl_reset_scratch(crawl);
    /* "www.example.org" is what people type. */
    dh_buf full;
    dh_buf_init(&full, &crawl->scratch, 0);
    if (!dh_slice_has(text, DH_SLICE("://"))) dh_buf_puts(&full, "https://");
    dh_buf_put_slice(&full, text);
    if (!dh_canon_parse(&url, NULL, dh_buf_slice(&full), &crawl->scratch) ||
        !dh_canon_parse(&front, &url, DH_SLICE("/"), &crawl->scratch) || url.user.len > 0)
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0, "%.*s is no http or https address",
                            (int)text.len, text.ptr);
    dh_slice domain = dh_url_domain(url.host, &crawl->scratch);
    dh_status status = dh_state_add_site(crawl->state, domain, dh_crawl_now(crawl), error);
    if (status != DH_OK) return status;
    dh_crawl_found(crawl, &url, DH_IS_SECTION, DH_PRIO_SOURCE, 0, 0, NULL);
    dh_crawl_found(crawl, &front, DH_IS_SECTION, DH_PRIO_SOURCE, 0, 0, NULL);
    if (crawl->status == DH_OK) return dh_state_commit(crawl->state, error);
    if (error != NULL) *error = crawl->error;
    return crawl->status;
}

dh_status dh_crawl_add(dh_crawl *crawl, dh_slice text, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&crawl->arena, &guard)) {
        crawl->arena.guard = crawl->scratch.guard = NULL;
        dh_state_rollback(crawl->state, NULL);
        return dh_error_set(error, DH_ERR_MEMORY, "crawl", 0, "out of memory");
    }
    crawl->scratch.guard = &guard;
    dh_status status = add(crawl, text, error);
    crawl->arena.guard = crawl->scratch.guard = NULL;
    return status;
}

dh_status dh_crawl_accept(dh_crawl *crawl, dh_slice host, dh_error *error) {
    const uint32_t *known = dh_map_get(&crawl->names, host);
    if (known == NULL)
        return dh_error_set(error, DH_ERR_USAGE, "crawl", 0, "%.*s is no host of this crawl",
                            (int)host.len, host.ptr);
    dh_status status = dh_state_clear_drift(crawl->state, crawl->hosts.ptr[*known].id, error);
    crawl->hosts.ptr[*known].suspect = false;
    return status == DH_OK ? dh_state_commit(crawl->state, error) : status;
}

/* ---- commits ---- */

static void commit(dh_crawl *crawl, bool last) {
    dh_error error = {0};
    if (crawl->status != DH_OK) return;
    dh_status status = dh_store_sync(crawl->store, &error);
    if (status == DH_OK) status = dh_state_commit(crawl->state, &error);
    if (status == DH_OK) status = dh_store_settle(crawl->store, last, &error);
    if (status == DH_OK) status = dh_state_commit(crawl->state, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
    crawl->uncommitted = 0;
    crawl->commit_at = dh_crawl_ticks(crawl) + COMMIT_MS;
}

/* ---- the loop ---- */

static bool has_room(const dh_crawl *crawl) {
    return crawl->flying < crawl->options.connections &&
           crawl->at_work < 4 * dh_pool_threads(crawl->pool) && !dh_pool_is_full(crawl->pool, 0);
}

static void claim(dh_crawl *crawl) {
    uint32_t host;
    for (int i = 0; i < 1000 && has_room(crawl) && crawl->status == DH_OK; i++) {
        host = dh_yard_first(crawl);
        if (host == UINT32_MAX || crawl->hosts.ptr[host].at > dh_crawl_ticks(crawl)) return;
        dh_claim(crawl, host);
    }
}

/* Milliseconds until somebody's turn. */
static int wait_of(const dh_crawl *crawl) {
    uint32_t host = dh_yard_first(crawl);
    if (host == UINT32_MAX || crawl->draining || !has_room(crawl)) return POLL_MS;
    int64_t wait = crawl->hosts.ptr[host].at - dh_crawl_ticks(crawl);
    return wait < 0 ? 0 : wait < POLL_MS ? (int)wait : POLL_MS;
}

static void take_answers(dh_crawl *crawl, int wait_ms) {
    dh_response *response = dh_transport_poll(crawl->transport, wait_ms);
    while (response != NULL) {
        dh_settle(crawl, response->data, response);
        response = dh_transport_poll(crawl->transport, 0);
    }
    dh_pool_poll(crawl->pool);
}

/* Nothing is due that this run would wait for. Looked at when all is quiet only. */
static bool is_done(const dh_crawl *crawl) {
    int64_t ticks = dh_crawl_ticks(crawl), now = dh_crawl_now(crawl);
    for (uint32_t i = 0; i < crawl->hosts.len; i++) {
        const dh_host *h = &crawl->hosts.ptr[i];
        bool due = h->jobs != NULL || (h->due_ms <= now && h->hold_ms <= now);
        if (due && h->pace.next_ms <= ticks + PATIENCE_MS) return false;
    }
    return true;
}

static void look_around(dh_crawl *crawl, dh_workroom *room) {
    if (crawl->options.reload == NULL || crawl->at_work > 0) return;
    dehusk_engine *engine = crawl->options.reload(crawl->options.data);
    if (engine == NULL) return;
    /* The workers hold pages of the old one: they begin anew, too. */
    room->engine = engine;
    dh_pool_free(crawl->pool);
    dehusk_engine_free(crawl->engine);
    crawl->engine = engine;
    crawl->pool = NULL;
}

static dh_status open_pool(dh_crawl *crawl, dh_workroom *room, dh_error *error) {
    dh_status status =
        dh_pool_open(&dh_crawl_worker, room, &crawl->options.pool, &crawl->pool, error);
    if (status != DH_OK) return status;
    if (dh_pool_why(crawl->pool)[0] != '\0')
        dh_crawl_say(crawl, DH_SAY_NOTICE, DH_SLICE(""),
                     "pages are cleaned in threads, not in closed processes: %s",
                     dh_pool_why(crawl->pool));
    dh_pool_deliver(crawl->pool, dh_settle_cleaned, crawl);
    dh_pool_lost(crawl->pool, dh_settle_lost, crawl);
    dh_pool_notify(crawl->pool, wake, crawl->transport);
    return DH_OK;
}

static void drain(dh_crawl *crawl) {
    int64_t until = dh_crawl_ticks(crawl) + DRAIN_MS;
    bool stopped = false;
    while (crawl->flying > 0 || crawl->at_work > 0) {
        if (!stopped && (dh_crawl_ticks(crawl) > until || crawl->status != DH_OK)) {
            dh_transport_stop(crawl->transport);
            stopped = true;
        }
        take_answers(crawl, 100);
        if (crawl->flying > 0) continue;
        dh_pool_drain(crawl->pool);
        return; /* what is still counted as at work never came to the workers */
    }
}

/* *skew: how far the wall clock was from the ticks when it was looked at last. */
static bool has_jumped(dh_crawl *crawl, int64_t *skew) {
    int64_t by = dh_crawl_now(crawl) - dh_crawl_ticks(crawl) - *skew;
    if (by <= JUMP_MS && by >= -JUMP_MS) return false;
    dh_crawl_say(crawl, DH_SAY_NOTICE, DH_SLICE(""), "the clock jumped by %lld s",
                 (long long)(by / 1000));
    *skew += by;
    dh_yard_place_all(crawl);
    return true;
}

static void loop(dh_crawl *crawl, dh_workroom *room) {
    int64_t look_at = 0, measure_at = 0, skew = dh_crawl_now(crawl) - dh_crawl_ticks(crawl);
    while (crawl->status == DH_OK) {
        int64_t ticks = dh_crawl_ticks(crawl);
        uint64_t most = crawl->options.max_fetches;
        if (asked_to_stop(crawl) || (most > 0 && crawl->counts.fetches >= most)) return;
        has_jumped(crawl, &skew);
        if (ticks >= look_at) {
            look_around(crawl, room);
            if (crawl->pool == NULL) {
                dh_error error = {0};
                dh_status status = open_pool(crawl, room, &error);
                if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
                if (status != DH_OK) return;
            }
            look_at = ticks + 1000;
        }
        if (ticks >= measure_at) {
            dh_metrics_write(crawl);
            measure_at = ticks + METRICS_MS;
        }
        claim(crawl);
        bool quiet = crawl->flying == 0 && crawl->at_work == 0;
        if (quiet && crawl->mode != DH_CRAWL_DAEMON && is_done(crawl) && !has_jumped(crawl, &skew))
            return;
        take_answers(crawl, wait_of(crawl));
        if (crawl->uncommitted >= COMMIT_AFTER || dh_store_is_new(crawl->store) ||
            (dh_state_is_open(crawl->state) && dh_crawl_ticks(crawl) >= crawl->commit_at))
            commit(crawl, false);
    }
}

/* The crawl's arenas are left through here when memory is out: the run ends, and nothing since the last commit
 * counts. What was under way is freed with the process. */
static void loop_guarded(dh_crawl *crawl, dh_workroom *room) {
    jmp_buf guard;
    if (dh_arena_guard(&crawl->arena, &guard)) {
        crawl->arena.guard = crawl->scratch.guard = NULL;
        dh_crawl_fail(crawl, DH_ERR_MEMORY, NULL);
        return;
    }
    crawl->scratch.guard = &guard;
    loop(crawl, room);
    crawl->draining = true;
    if (crawl->pool != NULL) drain(crawl);
    crawl->arena.guard = crawl->scratch.guard = NULL;
}

dh_status dh_crawl_run(dh_crawl *crawl, dh_crawl_mode mode, dh_error *error) {
    dh_workroom room = {.engine = crawl->engine, .options = &crawl->options};
    dh_status status = open_pool(crawl, &room, error);
    if (status != DH_OK) return status;
    crawl->mode = mode;
    crawl->draining = false;
    crawl->commit_at = dh_crawl_ticks(crawl) + COMMIT_MS;
    loop_guarded(crawl, &room);
    commit(crawl, true);
    dh_metrics_write(crawl);
    dh_pool_free(crawl->pool);
    crawl->pool = NULL;
    if (crawl->status == DH_OK) return DH_OK;
    dh_state_rollback(crawl->state, NULL);
    if (error != NULL) *error = crawl->error;
    return crawl->status;
}
