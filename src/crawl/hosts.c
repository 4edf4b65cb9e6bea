/* SPDX-License-Identifier: Apache-2.0 */
/* Sites, hosts, robots and files of the state, and its summary. */
#include "crawl/state_private.h"

dh_status dh_state_add_site(dh_state *state, dh_slice domain, int64_t now_ms, dh_error *error) {
    return dh_sql_write(state, dh_sql(state, DH_SQL_ADD_SITE, "ti", domain, now_ms), error);
}

bool dh_state_has_site(dh_state *state, dh_slice domain) {
    bool row = false;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_HAS_SITE, "t", domain);
    if (dh_sql_step(state, s, &row, NULL) != DH_OK || !row) return false;
    sqlite3_reset(s);
    return true;
}

dh_status dh_state_host(dh_state *state, dh_slice name, dh_slice domain, int64_t *id, bool *added,
                        dh_error *error) {
    bool row = false;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_FIND_HOST, "t", name);
    dh_status status = dh_sql_step(state, s, &row, error);
    if (added != NULL) *added = false;
    if (status != DH_OK) return status;
    if (row) {
        *id = sqlite3_column_int64(s, 0);
        sqlite3_reset(s);
        return DH_OK;
    }
    status = dh_sql_write(state, dh_sql(state, DH_SQL_ADD_HOST, "tt", name, domain), error);
    if (status != DH_OK) return status;
    *id = sqlite3_last_insert_rowid(state->db);
    if (added != NULL) *added = true;
    return DH_OK;
}

dh_status dh_state_hosts(dh_state *state, void (*each)(void *data, const dh_host_row *row),
                         void *data, dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_HOSTS, "");
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        dh_host_row host = {.id = sqlite3_column_int64(s, 0),
                            .name = dh_sql_borrow(s, 1),
                            .domain = dh_sql_borrow(s, 2)};
        host.pace.next_ms = sqlite3_column_int64(s, 3);
        host.pace.crawl_delay_ms = (uint32_t)sqlite3_column_int64(s, 4);
        host.pace.failures = (uint32_t)sqlite3_column_int64(s, 5);
        host.pace.trips = (uint32_t)sqlite3_column_int64(s, 6);
        host.suspect = sqlite3_column_int(s, 7) != 0;
        each(data, &host);
    }
}

dh_status dh_state_save_pace(dh_state *state, int64_t host, const dh_pace *pace, dh_error *error) {
    return dh_sql_write(state,
                        dh_sql(state, DH_SQL_SAVE_PACE, "iiiii", host, pace->next_ms,
                               (int64_t)pace->crawl_delay_ms, (int64_t)pace->failures,
                               (int64_t)pace->trips),
                        error);
}

bool dh_state_robots(dh_state *state, dh_slice origin, dh_robots_row *robots, dh_arena *arena) {
    bool row = false;
    sqlite3_stmt *s = dh_sql(state, DH_SQL_ROBOTS, "t", origin);
    if (dh_sql_step(state, s, &row, NULL) != DH_OK || !row) return false;
    robots->verdict = sqlite3_column_int(s, 0);
    robots->status = sqlite3_column_int(s, 1);
    robots->fetched_ms = sqlite3_column_int64(s, 2);
    robots->expires_ms = sqlite3_column_int64(s, 3);
    robots->failures = (uint32_t)sqlite3_column_int64(s, 4);
    robots->text = dh_sql_text(s, 5, arena);
    sqlite3_reset(s);
    return true;
}

dh_status dh_state_save_robots(dh_state *state, dh_slice origin, const dh_robots_row *robots,
                               dh_error *error) {
    return dh_sql_write(state,
                        dh_sql(state, DH_SQL_SAVE_ROBOTS, "tiiiiib", origin,
                               (int64_t)robots->verdict, (int64_t)robots->status,
                               robots->fetched_ms, robots->expires_ms, (int64_t)robots->failures,
                               robots->text),
                        error);
}

/* ---- drift ---- */

dh_status dh_state_suspect(dh_state *state, int64_t host, bool suspect, dh_error *error) {
    return dh_sql_write(state, dh_sql(state, DH_SQL_SUSPECT, "ii", host, (int64_t)suspect), error);
}

dh_status dh_state_drift(dh_state *state, int64_t host,
                         void (*each)(void *data, const dh_drift_row *row), void *data,
                         dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_DRIFT, "i", host);
    bool there = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &there, error);
        if (status != DH_OK || !there) return status;
        dh_drift_row row = {.line = dh_sql_borrow(s, 0)};
        row.acted.pages = (uint32_t)sqlite3_column_int64(s, 1);
        row.acted.hits = (uint32_t)sqlite3_column_int64(s, 2);
        row.acted.misses = (uint32_t)sqlite3_column_int64(s, 3);
        dh_slice lengths = dh_sql_borrow(s, 4);
        if (lengths.len == sizeof row.lengths) memcpy(&row.lengths, lengths.ptr, lengths.len);
        each(data, &row);
    }
}

dh_status dh_state_save_drift(dh_state *state, int64_t host, const dh_drift_row *row,
                              dh_error *error) {
    dh_slice lengths = {NULL, 0};
    if (row->line.len == 0)
        lengths = dh_slice_make((const char *)&row->lengths, sizeof row->lengths);
    dh_slice line = row->line.len > 0 ? row->line : DH_SLICE("");
    return dh_sql_write(state,
                        dh_sql(state, DH_SQL_SAVE_DRIFT, "itiiib", host, line,
                               (int64_t)row->acted.pages, (int64_t)row->acted.hits,
                               (int64_t)row->acted.misses, lengths),
                        error);
}

dh_status dh_state_clear_drift(dh_state *state, int64_t host, dh_error *error) {
    dh_status status = dh_sql_write(state, dh_sql(state, DH_SQL_CLEAR_DRIFT, "i", host), error);
    return status == DH_OK ? dh_state_suspect(state, host, false, error) : status;
}

/* ---- files ---- */

dh_status dh_state_file_new(dh_state *state, int kind, dh_slice name, int64_t now_ms, int64_t *id,
                            dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_ADD_FILE, "iti", (int64_t)kind, name, now_ms);
    dh_status status = dh_sql_write(state, s, error);
    *id = status == DH_OK ? sqlite3_last_insert_rowid(state->db) : 0;
    return status;
}

dh_status dh_state_file_grown(dh_state *state, int64_t id, int64_t bytes, bool closed,
                              dh_error *error) {
    return dh_sql_write(state, dh_sql(state, DH_SQL_GROW_FILE, "iii", id, bytes, (int64_t)closed),
                        error);
}

dh_status dh_state_files(dh_state *state, void (*each)(void *data, const dh_file_row *row),
                         void *data, dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_FILES, "");
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        dh_file_row file = {.id = sqlite3_column_int64(s, 0),
                            .kind = sqlite3_column_int(s, 1),
                            .name = dh_sql_borrow(s, 2),
                            .bytes = sqlite3_column_int64(s, 3),
                            .begun_ms = sqlite3_column_int64(s, 4)};
        each(data, &file);
    }
}

/* ---- the summary ---- */

static dh_status count_urls(dh_state *state, int64_t host, int64_t now_ms, dh_host_sum *sum,
                            dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_SUM_URLS, "ii", host, now_ms);
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        bool source = sqlite3_column_int(s, 0) != 0;
        int end = sqlite3_column_int(s, 1);
        int64_t count = sqlite3_column_int64(s, 2);
        sum->due += sqlite3_column_int64(s, 3);
        if (source)
            sum->sources += count;
        else if (end >= 0 && end < DH_END_COUNT)
            sum->ends[end] += count;
        if (!source) sum->waiting += sqlite3_column_int64(s, 4);
    }
}

dh_status dh_state_summary(dh_state *state, int64_t now_ms,
                           void (*each)(void *data, const dh_host_sum *sum), void *data,
                           dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_SUM_HOSTS, "");
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        dh_host_sum sum = {.name = dh_sql_borrow(s, 1)};
        sum.next_ms = sqlite3_column_int64(s, 2);
        sum.failures = (uint32_t)sqlite3_column_int64(s, 3);
        sum.trips = (uint32_t)sqlite3_column_int64(s, 4);
        sum.crawl_delay_ms = (uint32_t)sqlite3_column_int64(s, 5);
        sum.fetched = sqlite3_column_int64(s, 6);
        sum.suspect = sqlite3_column_int(s, 7) != 0;
        sum.robots = sqlite3_column_type(s, 8) == SQLITE_NULL ? -1 : sqlite3_column_int(s, 8);
        status = count_urls(state, sqlite3_column_int64(s, 0), now_ms, &sum, error);
        if (status != DH_OK) {
            sqlite3_reset(s);
            return status;
        }
        each(data, &sum);
    }
}
