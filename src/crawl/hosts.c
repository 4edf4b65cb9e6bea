/* SPDX-License-Identifier: Apache-2.0 */
/* Sites, hosts, robots and files of the state, and its summary. */
#include "base/buf.h"
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

/* A group of addresses: of a host, sources or not, with one end. */
typedef struct group {
    int64_t host, count, due, waiting;
    int end;
    bool source;
} group;

/* All groups, by host: one pass over the addresses, however many hosts there are. */
static dh_status count_urls(dh_state *state, int64_t now_ms, dh_buf *groups, dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_SUM_URLS, "i", now_ms);
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        group g = {.host = sqlite3_column_int64(s, 0),
                   .source = sqlite3_column_int(s, 1) != 0,
                   .end = sqlite3_column_int(s, 2),
                   .count = sqlite3_column_int64(s, 3),
                   .due = sqlite3_column_int64(s, 4),
                   .waiting = sqlite3_column_int64(s, 5)};
        dh_buf_put(groups, &g, sizeof g);
    }
}

static void add_groups(const dh_buf *groups, int64_t host, dh_host_sum *sum) {
    size_t low = 0, high = groups->len / sizeof(group), count = high;
    group g;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        memcpy(&g, groups->ptr + middle * sizeof g, sizeof g);
        if (g.host < host)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count; low++) {
        memcpy(&g, groups->ptr + low * sizeof g, sizeof g);
        if (g.host != host) return;
        sum->due += g.due;
        if (g.source)
            sum->sources += g.count;
        else
            sum->waiting += g.waiting;
        if (!g.source && g.end >= 0 && g.end < DH_END_COUNT) sum->ends[g.end] += g.count;
    }
}

static dh_status sum_hosts(dh_state *state, const dh_buf *groups,
                           void (*each)(void *data, const dh_host_sum *sum), void *data,
                           dh_error *error) {
    sqlite3_stmt *s = dh_sql(state, DH_SQL_SUM_HOSTS, "");
    bool row = true;
    for (;;) {
        dh_status status = dh_sql_step(state, s, &row, error);
        if (status != DH_OK || !row) return status;
        dh_host_sum sum = {.id = sqlite3_column_int64(s, 0), .name = dh_sql_borrow(s, 1)};
        sum.next_ms = sqlite3_column_int64(s, 2);
        sum.failures = (uint32_t)sqlite3_column_int64(s, 3);
        sum.trips = (uint32_t)sqlite3_column_int64(s, 4);
        sum.crawl_delay_ms = (uint32_t)sqlite3_column_int64(s, 5);
        sum.fetched = sqlite3_column_int64(s, 6);
        sum.suspect = sqlite3_column_int(s, 7) != 0;
        sum.robots = sqlite3_column_type(s, 8) == SQLITE_NULL ? -1 : sqlite3_column_int(s, 8);
        add_groups(groups, sum.id, &sum);
        each(data, &sum);
    }
}

dh_status dh_state_summary(dh_state *state, int64_t now_ms,
                           void (*each)(void *data, const dh_host_sum *sum), void *data,
                           dh_error *error) {
    dh_buf groups = {0};
    dh_status status = count_urls(state, now_ms, &groups, error);
    if (status == DH_OK && groups.failed) status = DH_ERR_MEMORY;
    if (status == DH_OK) status = sum_hosts(state, &groups, each, data, error);
    dh_buf_release(&groups);
    return status;
}
