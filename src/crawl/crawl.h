/* SPDX-License-Identifier: Apache-2.0 */
/* crawl: the run: what is due is claimed, fetched, cleaned and stored, host by host at its pace.
 *
 *     state -> claims -> transport -> workers -> store -> state
 *
 * One thread runs all but the workers, which clean pages and read feeds. What is stored is on the disk
 * before the state says so: after a crash a page may be fetched again, and none is lost. */
#ifndef DH_CRAWL_CRAWL_H
#define DH_CRAWL_CRAWL_H

#include "crawl/state.h"
#include "dehusk/dehusk.h"
#include "net/transport.h"
#include "work/pool.h"

typedef struct dh_crawl dh_crawl;

typedef enum dh_say { DH_SAY_ERROR, DH_SAY_NOTICE, DH_SAY_PAGE, DH_SAY_DETAIL } dh_say;

typedef struct dh_crawl_options {
    const char *folder;     /* of the state */
    const char *user_agent; /* says who crawls, with an address to ask */
    const char *agent;      /* its product token, for robots.txt */
    dh_pace_rules pace;
    bool allow_private; /* addresses that are not public */
    bool keep_noindex;  /* pages that ask not to be indexed are kept all the same */
    bool no_warc, no_clean;
    dh_pool_options pool;        /* of the workers */
    const char *quarantine;      /* folder for pages of which workers died; NULL: they are not kept */
    unsigned connections;        /* requests at a time, over all hosts; 0: 256 */
    uint64_t max_body;           /* of a page; 0: 20 MiB */
    uint32_t timeout_ms;         /* of a request; 0: 30,000 */
    int64_t recheck_ms;          /* articles are looked at once more after this; 0: not */
    uint64_t max_fetches;        /* ends the run; 0: no end */
    const dh_resolver *resolver; /* as dh_transport_options has them */
    const dh_clock *clock;
    const char *ca_file, *proxy;
    dehusk_options clean;
    const char *const
        *limits; /* name, value, name, value, NULL: dehusk_page_set_limit; may be NULL */
    /* What happens, for people: host and text. Called on the crawl's thread. */
    void (*say)(void *data, dh_say level, dh_slice host, const char *text);
    /* Asked some times a second: the run shall end. */
    bool (*stop)(void *data);
    /* Asked once a second: another engine to work with from now on, or NULL. The crawl owns it. */
    dehusk_engine *(*reload)(void *data);
    void *data;
} dh_crawl_options;

typedef enum dh_crawl_mode {
    DH_CRAWL_DISCOVER, /* robots.txt and what the user named, no more */
    DH_CRAWL_ONCE,     /* ends when nothing is due */
    DH_CRAWL_DAEMON    /* goes on until it is stopped */
} dh_crawl_mode;

typedef struct dh_crawl_counts {
    uint64_t fetches; /* requests, robots.txt included */
    uint64_t stored;  /* articles */
    uint64_t failed;  /* requests without a usable answer */
    uint64_t found;   /* addresses that were new */
    uint64_t refused; /* by robots.txt */
    uint64_t alerts;  /* of drift */
    uint64_t bytes;   /* received */
} dh_crawl_counts;

/* state was opened to write and stays the caller's, as do options' strings; engine becomes the crawl's.
 * DH_ERR_MEMORY, DH_ERR_IO. */
dh_status dh_crawl_new(const dh_crawl_options *options, dh_state *state, dehusk_engine *engine,
                       dh_crawl **out, dh_error *error);
/* NULL is fine. */
void dh_crawl_free(dh_crawl *crawl);
/* Adds url and its site's front page, to be read for more. DH_ERR_USAGE when it is no address. */
dh_status dh_crawl_add(dh_crawl *crawl, dh_slice url, dh_error *error);
/* Ends the doubt about a host's articles (host or host:port) and forgets what was counted. DH_ERR_USAGE when it
 * is not in the state. */
dh_status dh_crawl_accept(dh_crawl *crawl, dh_slice host, dh_error *error);
/* Another delay from now on (dh_pace_rules), also for hosts that wait for their turn. */
void dh_crawl_set_delay(dh_crawl *crawl, uint32_t delay_ms);
/* DH_OK when it ended as the mode says or was stopped. DH_ERR_IO when something cannot be stored: what was
 * committed until then holds. */
dh_status dh_crawl_run(dh_crawl *crawl, dh_crawl_mode mode, dh_error *error);
dh_crawl_counts dh_crawl_count(const dh_crawl *crawl);

#endif
