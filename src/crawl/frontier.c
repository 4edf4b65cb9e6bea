/* SPDX-License-Identifier: Apache-2.0 */
/* The addresses of the state: found, claimed, done. */
#include "crawl/state_private.h"

static const dh_slice none = {NULL, 0};

dh_status dh_state_add(dh_state *state, const dh_found *found, int64_t now_ms, int64_t *id,
                       bool *added, dh_error *error) {
    /* The address itself only where it is not its key. */
    dh_slice url = dh_slice_eq(found->key, found->url) ? none : found->url;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_ADD_URL, "ttiiiiiiii", found->key, url, found->host,
                             (int64_t)found->kind, (int64_t)found->prio, found->due_ms,
                             (int64_t)found->hops, found->found_by, now_ms, found->interval_ms);
    if (found->due_ms < 0) sqlite3_bind_null(s, 6);
    dh_status status = dh_sql_write(state, s, error);
    if (status != DH_OK) return status;
    bool is_new = sqlite3_changes(state->db) > 0;
    if (added != NULL) *added = is_new;
    if (is_new) {
        if (id != NULL) *id = sqlite3_last_insert_rowid(state->db);
        return DH_OK;
    }
    if (found->prio < DH_PRIO_BACKLOG) {
        s = dh_sql(state, DH_SQL_SOONER, "ti", found->key, (int64_t)found->prio);
        if ((status = dh_sql_write(state, s, error)) != DH_OK) return status;
    }
    if (id == NULL) return DH_OK;
    bool row = false;
    s = dh_sql(state, DH_SQL_FIND_URL, "t", found->key);
    status = dh_sql_step(state, s, &row, error);
    *id = row ? sqlite3_column_int64(s, 0) : 0;
    if (row) sqlite3_reset(s);
    return status;
}

static void read_task(sqlite3_stmt *s, int64_t host, dh_task *task, dh_arena *arena) {
    task->host = host;
    task->id = sqlite3_column_int64(s, 0);
    task->url = dh_sql_text(s, 1, arena);
    task->key = dh_sql_text(s, 2, arena);
    task->kind = (dh_crawl_kind)sqlite3_column_int(s, 3);
    task->end = (dh_crawl_end)sqlite3_column_int(s, 4);
    task->prio = sqlite3_column_int(s, 5);
    task->tries = (uint32_t)sqlite3_column_int64(s, 6);
    task->hops = (uint32_t)sqlite3_column_int64(s, 7);
    task->fetched_ms = sqlite3_column_int64(s, 8);
    task->interval_ms = sqlite3_column_int64(s, 9);
    task->etag = dh_sql_text(s, 10, arena);
    task->modified = dh_sql_text(s, 11, arena);
    task->digest = dh_sql_text(s, 12, arena);
    task->found_by = sqlite3_column_int64(s, 13);
}

dh_status dh_state_next(dh_state *state, int64_t host, int64_t now_ms, dh_task *task,
                        dh_arena *arena, dh_error *error) {
    *task = (dh_task){.id = 0};
    for (int64_t prio = 0; prio < DH_PRIO_COUNT; prio++) {
        bool row = false;
        sqlite3_stmt *s = dh_sql(state, DH_SQL_NEXT, "iii", host, prio, now_ms);
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK) return status;
        if (!row) continue;
        read_task(s, host, task, arena);
        sqlite3_reset(s);
        return DH_OK;
    }
    return DH_OK;
}

dh_status dh_state_lease(dh_state *state, int64_t id, int64_t until_ms, dh_error *error) {
    return dh_sql_write(state, dh_sql(state, DH_SQL_LEASE, "ii", id, until_ms), error);
}

int64_t dh_state_next_due(dh_state *state, int64_t host) {
    int64_t least = INT64_MAX;
    for (int64_t prio = 0; prio < DH_PRIO_COUNT; prio++) {
        bool row = false;
        sqlite3_stmt *s = dh_sql(state, DH_SQL_NEXT_DUE, "ii", host, prio);
        if (dh_sql_step(state, s, &row, NULL) != DH_OK || !row) continue;
        int64_t due = sqlite3_column_int64(s, 0);
        if (due < least) least = due;
        sqlite3_reset(s);
    }
    return least;
}

dh_status dh_state_mend_due(dh_state *state, int64_t host, int64_t now_ms, int64_t recheck_ms,
                            bool *mended, dh_error *error) {
    /* The longest wait but for a source's interval: one that robots.txt refuses, a week. */
    const int64_t most = 8 * INT64_C(86400000);
    if (recheck_ms <= 0) recheck_ms = 100000 * INT64_C(3600000); /* the longest that can be asked for */
    dh_status status = DH_OK;
    *mended = false;
    for (int64_t prio = 0; prio < DH_PRIO_COUNT && status == DH_OK; prio++) {
        status = dh_sql_write(
            state, dh_sql(state, DH_SQL_MEND_DUE, "iiiii", host, prio, now_ms, most, recheck_ms),
            error);
        *mended |= status == DH_OK && sqlite3_changes(state->db) > 0;
    }
    return status;
}

dh_status dh_state_postpone(dh_state *state, int64_t id, int64_t due_ms, dh_error *error) {
    return dh_sql_write(state, dh_sql(state, DH_SQL_POSTPONE, "ii", id, due_ms), error);
}

/* Binds NULL in place of a number that says so. */
static void bind_optional(sqlite3_stmt *s, int at, int64_t value, bool there) {
    if (there)
        sqlite3_bind_int64(s, at, value);
    else
        sqlite3_bind_null(s, at);
}

dh_status dh_state_finish(dh_state *state, const dh_done *done, dh_error *error) {
    sqlite3_stmt *s =
        dh_sql(state, DH_SQL_FINISH, "iiitiiiittt", done->id, (int64_t)done->end,
               (int64_t)done->status, done->fault, done->at_ms, done->due_ms, (int64_t)done->tries,
               done->interval_ms, done->etag, done->modified, done->digest);
    bind_optional(s, 6, done->due_ms, done->due_ms >= 0);
    bind_optional(s, 12, done->file, done->file != 0);
    bind_optional(s, 13, done->offset, done->file != 0);
    dh_status status = dh_sql_write(state, s, error);
    if (status != DH_OK) return status;
    s = dh_sql(state, DH_SQL_ADD_HISTORY, "iiiitit", done->id, done->at_ms, (int64_t)done->end,
               (int64_t)done->status, done->fault, done->bytes, done->digest);
    bind_optional(s, 8, done->file, done->file != 0);
    bind_optional(s, 9, done->offset, done->file != 0);
    return dh_sql_write(state, s, error);
}

int64_t dh_state_same_bytes(dh_state *state, int64_t host, dh_slice digest, int64_t but) {
    bool row = false;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_SAME_BYTES, "iti", host, digest, but);
    if (dh_sql_step(state, s, &row, NULL) != DH_OK || !row) return 0;
    int64_t id = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    return id;
}

bool dh_state_where(dh_state *state, int64_t id, dh_slice *url, int64_t *at_ms, dh_slice *file,
                    dh_arena *arena) {
    bool row = false;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_WHERE, "i", id);
    if (dh_sql_step(state, s, &row, NULL) != DH_OK || !row) return false;
    *url = dh_sql_text(s, 0, arena);
    *at_ms = sqlite3_column_int64(s, 1);
    *file = dh_sql_text(s, 2, arena);
    sqlite3_reset(s);
    return true;
}
