/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the run share. */
#ifndef DH_CRAWL_CRAWL_PRIVATE_H
#define DH_CRAWL_CRAWL_PRIVATE_H

#include "base/map.h"
#include "crawl/crawl.h"
#include "crawl/store.h"
#include "net/robots.h"
#include "net/url_key.h"

/* A robots.txt to be asked for on a host: the origin's own, or where it sends; or its tdmrep.json. */
typedef struct dh_robots_job {
    struct dh_robots_job *next;
    dh_slice origin, url; /* heap, behind the struct */
    uint32_t hops;
    uint32_t failures;
    bool is_tdm; /* origin is the whole address, as in the state's table of robots */
} dh_robots_job;

/* A host in memory. Times are ticks of the clock, but for due_ms and hold_ms. */
typedef struct dh_host {
    int64_t id;
    dh_slice name;
    dh_pace pace;
    uint64_t hash;
    int64_t due_ms;  /* wall clock: its next address; INT64_MAX: none */
    int64_t hold_ms; /* wall clock: robots.txt cannot be had until then */
    int64_t at;      /* ticks: when it is its turn; INT64_MAX: never */
    uint32_t place;  /* in the heap */
    bool busy;
    bool suspect; /* drift: its articles are in doubt */
    dh_robots_job *jobs;
} dh_host;

/* A request on its way, then its page at the workers. */
typedef struct dh_flight {
    struct dh_flight *next;
    uint32_t host;
    dh_robots_job *robots; /* NULL: an address */
    dh_arena arena;        /* of task */
    dh_task task;
    dh_canon url;
    dh_response *response;
    uint64_t ai_refused; /* by robots.txt, bits of net/ai_agents.def */
    uint32_t tags;       /* of its headers */
} dh_flight;

struct dh_crawl {
    dh_crawl_options options;
    dh_clock clock;
    dh_state *state;
    dehusk_engine *engine;
    dh_transport *transport;
    dh_pool *pool;
    dh_store *store;
    /* Both are guarded while the crawl runs: memory out ends it. */
    dh_arena arena;   /* hosts and their names */
    dh_arena scratch; /* of a moment */
    DH_VEC(dh_host) hosts;
    dh_map names; /* host name to its place in hosts */
    uint32_t *heap;
    uint32_t heap_len, heap_cap;
    dh_flight *cleaning, *cleaning_last; /* in the order of the pool's jobs */
    uint32_t flying, at_work;
    dh_crawl_mode mode;
    dh_crawl_counts counts;
    int64_t commit_at; /* ticks */
    uint32_t uncommitted;
    dh_status status; /* of the first thing that could not be stored */
    dh_error error;
    bool draining; /* no new claims */
};

static inline int64_t dh_crawl_ticks(const dh_crawl *crawl) {
    return dh_clock_ticks(&crawl->clock);
}
static inline int64_t dh_crawl_now(const dh_crawl *crawl) {
    return dh_clock_now(&crawl->clock);
}

/* A reset takes the guard away with the rest. */
static inline void dh_crawl_reset_scratch(dh_crawl *crawl) {
    dh_arena_reset(&crawl->scratch);
    crawl->scratch.guard = crawl->arena.guard;
}

void dh_crawl_say(dh_crawl *crawl, dh_say level, dh_slice host, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Keeps the first failure; the run ends. */
void dh_crawl_fail(dh_crawl *crawl, dh_status status, const dh_error *error);

/* ---- yard.c: the hosts and whose turn it is ---- */

dh_status dh_yard_fill(dh_crawl *crawl, dh_error *error);
/* Place of the host of this name, made when it is new. UINT32_MAX on failure (told). */
uint32_t dh_yard_host(dh_crawl *crawl, dh_slice name, dh_slice domain);
/* The host's turn anew, after anything about it changed. */
void dh_yard_place(dh_crawl *crawl, uint32_t host);
/* All of them, after the clock may have jumped. */
void dh_yard_place_all(dh_crawl *crawl);
/* The host whose turn is next, UINT32_MAX when it is nobody's ever. */
uint32_t dh_yard_first(const dh_crawl *crawl);

/* ---- claim.c ---- */

/* Starts a request to the host, whose turn it is; or finds that it has none. */
void dh_claim(dh_crawl *crawl, uint32_t host);
/* A request for robots.txt is to be made; job is taken over. */
void dh_claim_robots(dh_crawl *crawl, uint32_t host, dh_robots_job *job);
dh_robots_job *dh_robots_job_new(dh_slice origin, dh_slice url, uint32_t hops, uint32_t failures);

/* ---- settle.c: what came back ---- */

void dh_settle(dh_crawl *crawl, dh_flight *flight, dh_response *response);
/* The pool's result for the oldest flight at the workers. */
void dh_settle_cleaned(void *crawl, uint64_t number, dh_slice result);
/* Of a job that took two workers with it. */
void dh_settle_lost(void *crawl, uint64_t number, dh_slice job, const dh_pool_loss *loss);
void dh_flight_free(dh_flight *flight);
/* An address that was found; whether it is new. from: where; NULL: the user named it. */
bool dh_crawl_found(dh_crawl *crawl, const dh_canon *url, dh_crawl_kind kind, int prio,
                    uint32_t hops, int64_t found_by, const dh_canon *from);
/* What robots.txt said. */
void dh_settle_robots(dh_crawl *crawl, dh_flight *flight);

/* ---- watch.c: drift ---- */

/* A cleaned article: the rule lines that acted on it, and its length. */
void dh_watch_page(dh_crawl *crawl, uint32_t host, const dh_slice *lines, uint32_t count,
                   uint64_t chars);

/* ---- metrics.c ---- */

void dh_metrics_write(dh_crawl *crawl);

/* ---- worker.c ---- */

typedef struct dh_workroom {
    const dehusk_engine *engine;
    const dh_crawl_options *options;
} dh_workroom;

extern const dh_pool_worker dh_crawl_worker;

#endif
