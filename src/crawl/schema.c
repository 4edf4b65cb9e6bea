/* SPDX-License-Identifier: Apache-2.0 */
/* The schema by versions. docs/crawl.md describes the newest; a test holds the two together. A file's
 * version stands in its user_version. */
#include <stdio.h>

#include "crawl/state_private.h"

/* Number n brings version n to n + 1. Never change one that was released. */
static const char *const migrations[DH_STATE_VERSION] = {
    "CREATE TABLE site(domain TEXT PRIMARY KEY, added_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE host(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, domain TEXT NOT NULL,"
    "  next_ms INTEGER NOT NULL DEFAULT 0, crawl_delay_ms INTEGER NOT NULL DEFAULT 0,"
    "  failures INTEGER NOT NULL DEFAULT 0, trips INTEGER NOT NULL DEFAULT 0,"
    "  fetched INTEGER NOT NULL DEFAULT 0, suspect INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE robots(origin TEXT PRIMARY KEY, verdict INTEGER NOT NULL,"
    "  status INTEGER NOT NULL, fetched_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,"
    "  failures INTEGER NOT NULL, body BLOB) WITHOUT ROWID;"
    "CREATE TABLE url(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, url TEXT,"
    "  host INTEGER NOT NULL REFERENCES host(id), kind INTEGER NOT NULL, prio INTEGER NOT NULL,"
    "  due_ms INTEGER, lease_ms INTEGER NOT NULL DEFAULT 0, end INTEGER NOT NULL DEFAULT 0,"
    "  status INTEGER, fault TEXT, tries INTEGER NOT NULL DEFAULT 0, hops INTEGER NOT NULL,"
    "  found_by INTEGER NOT NULL, found_ms INTEGER NOT NULL, fetched_ms INTEGER,"
    "  interval_ms INTEGER NOT NULL, etag TEXT, modified TEXT, digest TEXT,"
    "  file INTEGER REFERENCES file(id), offset INTEGER);"
    "CREATE INDEX url_due ON url(host, prio, due_ms) WHERE due_ms IS NOT NULL;"
    "CREATE INDEX url_lease ON url(lease_ms) WHERE lease_ms > 0;"
    "CREATE INDEX url_digest ON url(digest) WHERE digest IS NOT NULL;"
    "CREATE TABLE history(id INTEGER PRIMARY KEY, url INTEGER NOT NULL REFERENCES url(id),"
    "  at_ms INTEGER NOT NULL, end INTEGER NOT NULL, status INTEGER, fault TEXT, bytes INTEGER,"
    "  digest TEXT, file INTEGER REFERENCES file(id), offset INTEGER);"
    "CREATE INDEX history_url ON history(url);"
    "CREATE TABLE file(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL UNIQUE,"
    "  begun_ms INTEGER NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,"
    "  closed INTEGER NOT NULL DEFAULT 0);",

    "CREATE TABLE drift(host INTEGER NOT NULL REFERENCES host(id), line TEXT NOT NULL,"
    "  pages INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0,"
    "  misses INTEGER NOT NULL DEFAULT 0, lengths BLOB, PRIMARY KEY(host, line)) WITHOUT ROWID;",
};

static dh_status run(dh_state *state, const char *sql, dh_error *error) {
    if (sqlite3_exec(state->db, sql, NULL, NULL, NULL) == SQLITE_OK) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "state", 0, "%s", sqlite3_errmsg(state->db));
}

static dh_status version_of(dh_state *state, int *version, dh_error *error) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(state->db, "PRAGMA user_version", -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    *version = code == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    if (*version >= 0) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "state", 0, "the state is damaged: %s",
                        sqlite3_errmsg(state->db));
}

dh_status dh_state_migrate(dh_state *state, dh_error *error) {
    int version = 0;
    dh_status status = version_of(state, &version, error);
    if (status != DH_OK) return status;
    if (version > DH_STATE_VERSION)
        return dh_error_set(error, DH_ERR_USAGE, "state", 0,
                            "the state is of version %d, this program knows %d: use a newer one",
                            version, DH_STATE_VERSION);
    for (; version < DH_STATE_VERSION && status == DH_OK; version++) {
        char mark[64];
        snprintf(mark, sizeof mark, "PRAGMA user_version = %d; COMMIT", version + 1);
        status = run(state, "BEGIN IMMEDIATE", error);
        if (status == DH_OK) status = run(state, migrations[version], error);
        if (status == DH_OK) status = run(state, mark, error);
        if (status != DH_OK) sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return status;
}
