/* SPDX-License-Identifier: Apache-2.0 */
/* state: the crawl's memory: one SQLite file, crawl.sqlite, in the state folder (docs/crawl.md says what
 * is in it). One process writes it at a time; others may read.
 *
 * Writes gather in a transaction until dh_state_commit: what was not committed was not done. Strings
 * handed out are in the arena that was given. */
#ifndef DH_CRAWL_STATE_H
#define DH_CRAWL_STATE_H

#include "base/arena.h"
#include "crawl/drift.h"
#include "crawl/pace.h"

typedef struct dh_state dh_state;

typedef enum dh_crawl_kind {
#define DH_CRAWL_KIND(id, number, word, text) DH_IS_##id = number,
#include "crawl/words.def"
#undef DH_CRAWL_KIND
    DH_IS_COUNT
} dh_crawl_kind;

typedef enum dh_crawl_end {
#define DH_CRAWL_END(id, number, word, text) DH_END_##id = number,
#include "crawl/words.def"
#undef DH_CRAWL_END
    DH_END_COUNT
} dh_crawl_end;

/* Static words, "" for numbers that are none. */
const char *dh_crawl_kind_word(int kind);
const char *dh_crawl_end_word(int end);

typedef enum dh_state_mode {
    DH_STATE_CREATE, /* to write; made when it is not there */
    DH_STATE_WRITE,
    DH_STATE_READ /* beside a process that writes */
} dh_state_mode;

/* folder: of the state. DH_ERR_USAGE when there is no state (modes WRITE and READ), when another
 * process writes it, or when it is of a newer version; DH_ERR_IO when it cannot be opened or is damaged.
 * An older version is brought up to date. Leases of an earlier process end. */
dh_status dh_state_open(const char *folder, dh_state_mode mode, dh_state **out, dh_error *error);
/* Without a commit: what is open is rolled back. NULL is fine. */
void dh_state_close(dh_state *state);
/* Makes what was written last. DH_ERR_IO: disk full and the like. What a function that has no status to give could
 * not look up fails it, too, and all that comes between: then nothing is left but to roll back. */
dh_status dh_state_commit(dh_state *state, dh_error *error);
dh_status dh_state_rollback(dh_state *state, dh_error *error);
/* Whether the last process that wrote it ended without closing it: what it did in its last second is not
 * known. */
bool dh_state_was_killed(const dh_state *state);
/* Whether something waits for a commit. */
bool dh_state_is_open(const dh_state *state);

/* ---- sites and hosts ---- */

/* Registrable domains that the crawl may enter. */
dh_status dh_state_add_site(dh_state *state, dh_slice domain, int64_t now_ms, dh_error *error);
bool dh_state_has_site(dh_state *state, dh_slice domain);

typedef struct dh_host_row {
    int64_t id;
    dh_slice name; /* host or host:port */
    dh_slice domain;
    dh_pace pace; /* next_ms: wall clock */
    bool suspect;
} dh_host_row;

/* The number of a host, made when it is new (*added, may be NULL). */
dh_status dh_state_host(dh_state *state, dh_slice name, dh_slice domain, int64_t *id, bool *added,
                        dh_error *error);
/* Calls for each host in the order of their numbers. The row is good during the call. */
dh_status dh_state_hosts(dh_state *state, void (*each)(void *data, const dh_host_row *row),
                         void *data, dh_error *error);
dh_status dh_state_save_pace(dh_state *state, int64_t host, const dh_pace *pace, dh_error *error);

/* ---- robots ---- */

typedef struct dh_robots_row {
    int verdict; /* a dh_robots_verdict: READ, ALLOW, DISALLOW */
    int status;  /* of the answer; 0: none */
    int64_t fetched_ms, expires_ms;
    uint32_t failures;
    dh_slice text;
} dh_robots_row;

/* False when there is none. */
bool dh_state_robots(dh_state *state, dh_slice origin, dh_robots_row *row, dh_arena *arena);
dh_status dh_state_save_robots(dh_state *state, dh_slice origin, const dh_robots_row *row,
                               dh_error *error);

/* Whether the host's articles are in doubt. */
dh_status dh_state_suspect(dh_state *state, int64_t host, bool suspect, dh_error *error);

/* ---- drift ---- */

typedef struct dh_drift_row {
    dh_slice line; /* "file:line"; empty: the lengths */
    dh_drift_line acted;
    dh_drift_lengths lengths;
} dh_drift_row;

/* Calls for each row of a host. The row is good during the call. */
dh_status dh_state_drift(dh_state *state, int64_t host,
                         void (*each)(void *data, const dh_drift_row *row), void *data,
                         dh_error *error);
dh_status dh_state_save_drift(dh_state *state, int64_t host, const dh_drift_row *row,
                              dh_error *error);
/* Forgets what was counted, and the doubt. */
dh_status dh_state_clear_drift(dh_state *state, int64_t host, dh_error *error);

/* ---- addresses ---- */

/* Lower is earlier. */
enum { DH_PRIO_SOURCE, DH_PRIO_NEWS, DH_PRIO_BACKLOG, DH_PRIO_COUNT };

typedef struct dh_found {
    dh_slice key, url; /* net/url_key.h; what is fetched */
    int64_t host;
    dh_crawl_kind kind;
    int prio;
    int64_t due_ms;
    uint32_t hops;       /* redirects that led here */
    int64_t found_by;    /* the source's number; 0: the user */
    int64_t interval_ms; /* sources: of revisits */
} dh_found;

/* *added (may be NULL) is false when the key is known already: then nothing changes, but that a page
 * which was known from the backlog comes earlier. id may be NULL. */
dh_status dh_state_add(dh_state *state, const dh_found *found, int64_t now_ms, int64_t *id,
                       bool *added, dh_error *error);

typedef struct dh_task {
    int64_t id, host;
    dh_slice url, key;
    dh_crawl_kind kind;
    dh_crawl_end end; /* how it stood before */
    int prio;
    uint32_t tries, hops;
    int64_t found_by;
    int64_t fetched_ms; /* last time; 0: never */
    int64_t interval_ms;
    dh_slice etag, modified, digest; /* of that time, as far as known */
} dh_task;

/* The next due address of a host, not leased; *task has id 0 when there is none. It stays as it is until
 * it is leased. */
dh_status dh_state_next(dh_state *state, int64_t host, int64_t now_ms, dh_task *task,
                        dh_arena *arena, dh_error *error);
dh_status dh_state_lease(dh_state *state, int64_t id, int64_t until_ms, dh_error *error);
/* When the host's next address is due; INT64_MAX: none. */
int64_t dh_state_next_due(dh_state *state, int64_t host);
/* Addresses of the host that are to wait for longer than anything makes them wait were put off by a clock
 * that was ahead: they are due now. recheck_ms: when stored articles are looked at again; 0: not known.
 * *mended: whether there were any. */
dh_status dh_state_mend_due(dh_state *state, int64_t host, int64_t now_ms, int64_t recheck_ms,
                            bool *mended, dh_error *error);
/* The due time only (robots.txt is not known yet, and the like); ends a lease. */
dh_status dh_state_postpone(dh_state *state, int64_t id, int64_t due_ms, dh_error *error);

/* What came of a fetch. */
typedef struct dh_done {
    int64_t id;
    dh_crawl_end end;
    int status;     /* HTTP's; 0: no answer */
    dh_slice fault; /* word, "" */
    int64_t at_ms;
    int64_t due_ms; /* next time; <0: never */
    uint32_t tries; /* in a row without success */
    int64_t interval_ms;
    dh_slice etag, modified, digest; /* ptr NULL: keep what was */
    int64_t bytes;
    int64_t file, offset; /* of the WARC record; file 0: none */
} dh_done;

/* Ends the lease, keeps a line of history. */
dh_status dh_state_finish(dh_state *state, const dh_done *done, dh_error *error);
/* The number of an address of this host with this payload digest, other than `but`; 0: none. */
int64_t dh_state_same_bytes(dh_state *state, int64_t host, dh_slice digest, int64_t but);
/* Where it is stored: false when it is not. */
bool dh_state_where(dh_state *state, int64_t id, dh_slice *url, int64_t *at_ms, dh_slice *file,
                    dh_arena *arena);

/* ---- files ---- */

/* Files that grow: what is behind `bytes` was not committed. */
typedef struct dh_file_row {
    int64_t id, bytes, begun_ms;
    int kind; /* the writer's to number */
    dh_slice name;
} dh_file_row;

dh_status dh_state_file_new(dh_state *state, int kind, dh_slice name, int64_t now_ms, int64_t *id,
                            dh_error *error);
dh_status dh_state_file_grown(dh_state *state, int64_t id, int64_t bytes, bool closed,
                              dh_error *error);
/* Those not closed. */
dh_status dh_state_files(dh_state *state, void (*each)(void *data, const dh_file_row *row),
                         void *data, dh_error *error);

/* ---- the summary ---- */

typedef struct dh_host_sum {
    int64_t id;
    dh_slice name;
    int64_t due, waiting, sources; /* due now; pages to be fetched at all; feeds and the like */
    int64_t ends[DH_END_COUNT];
    int64_t fetched; /* requests that were answered or failed */
    int64_t next_ms;
    uint32_t failures, trips, crawl_delay_ms;
    int robots; /* a dh_robots_verdict; -1: not asked yet */
    bool suspect;
} dh_host_sum;

dh_status dh_state_summary(dh_state *state, int64_t now_ms,
                           void (*each)(void *data, const dh_host_sum *sum), void *data,
                           dh_error *error);

#endif
