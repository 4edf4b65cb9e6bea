/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/url.h"

enum { VERSION = 1, SHORT = 20, SAMPLE = 200 };

/* ---- what is boilerplate ---- */

/* Whether pages are times * sqrt(of) at least. */
static bool reaches(uint64_t pages, uint64_t times, uint64_t of) {
    return pages > UINT32_MAX || pages * pages >= times * times * of;
}

/* The pages it takes, times sqrt(of); 0: no number will do. */
static uint64_t factor_for(const dh_counted *c, bool mostly_kept) {
    bool item = c->kind == DH_LINE_ITEM;
    if (c->kind == DH_LINE_PART) return 0;
    if (c->weight >= SHORT) return (mostly_kept ? 2u : 1u) * (item ? 2u : 1u);
    if (item || !mostly_kept) return 0;
    return c->kind == DH_LINE_HEADING ? 2 : 4;
}

bool dh_memory_is_boilerplate(const dh_counted *c) {
    bool mostly_kept = c->kept * 2 > c->pages;
    uint64_t factor = factor_for(c, mostly_kept);
    if (c->of < DH_MEMORY_PAGES || factor == 0) return false;
    if (factor == 4 && c->kind == DH_LINE_PROSE && c->pages * 5 < c->of) return false;
    uint64_t least = factor == 1 ? 5 : factor == 4 ? 15 : 8;
    return c->pages >= least && reaches(c->pages, factor * (c->digits ? 2 : 1), c->of);
}

/* ---- the file ---- */

static const char *const schema =
    "CREATE TABLE host(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, pages INTEGER NOT NULL,"
    "  first TEXT, last TEXT);"
    "CREATE TABLE line(host INTEGER NOT NULL REFERENCES host(id), key INTEGER NOT NULL,"
    "  pages INTEGER NOT NULL, kept INTEGER NOT NULL, kind INTEGER NOT NULL, weight INTEGER NOT "
    "NULL,"
    "  digits INTEGER NOT NULL, boilerplate INTEGER NOT NULL, first TEXT, last TEXT,"
    "  removed INTEGER NOT NULL DEFAULT 0, sample TEXT, PRIMARY KEY(host, key)) WITHOUT ROWID;";

static dh_status failed(sqlite3 *db, dh_error *error) {
    int code = db != NULL ? sqlite3_errcode(db) : SQLITE_NOMEM;
    const char *what = db != NULL ? sqlite3_errmsg(db) : "out of memory";
    if (code == SQLITE_CANTOPEN && sqlite3_system_errno(db) != 0)
        what = strerror(sqlite3_system_errno(db));
    return dh_error_set(error, code == SQLITE_NOMEM ? DH_ERR_MEMORY : DH_ERR_IO, "memory", 0, "%s",
                        what);
}

static dh_status run(sqlite3 *db, const char *sql, dh_error *error) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? DH_OK : failed(db, error);
}

static dh_status prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, dh_error *error) {
    return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK ? DH_OK : failed(db, error);
}

static void bind_day(sqlite3_stmt *statement, int at, uint32_t day) {
    char text[16];
    if (day == 0) {
        sqlite3_bind_null(statement, at);
        return;
    }
    snprintf(text, sizeof text, "%04u-%02u-%02u", (unsigned)(day / 10000 % 10000),
             (unsigned)(day / 100 % 100), (unsigned)(day % 100));
    sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static dh_status step(sqlite3 *db, sqlite3_stmt *statement, dh_error *error) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? DH_OK : failed(db, error);
}

static dh_status put_host(sqlite3 *db, sqlite3_stmt *insert, sqlite3_int64 id, const dh_counted *c,
                          dh_error *error) {
    sqlite3_bind_int64(insert, 1, id);
    sqlite3_bind_text64(insert, 2, c->host.ptr, c->host.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    sqlite3_bind_int64(insert, 3, (sqlite3_int64)c->pages);
    bind_day(insert, 4, c->first);
    bind_day(insert, 5, c->last);
    return step(db, insert, error);
}

static dh_status put_line(sqlite3 *db, sqlite3_stmt *insert, sqlite3_int64 host,
                          const dh_counted *c, dh_error *error) {
    const sqlite3_int64 numbers[] = {host,
                                     (sqlite3_int64)c->key,
                                     (sqlite3_int64)c->pages,
                                     (sqlite3_int64)c->kept,
                                     c->kind,
                                     c->weight,
                                     c->digits,
                                     dh_memory_is_boilerplate(c)};
    int n = (int)(sizeof numbers / sizeof *numbers);
    for (int i = 0; i < n; i++) sqlite3_bind_int64(insert, i + 1, numbers[i]);
    bind_day(insert, n + 1, c->first);
    bind_day(insert, n + 2, c->last);
    return step(db, insert, error);
}

static dh_status put_all(sqlite3 *db, dh_counter *counter, sqlite3_stmt *host, sqlite3_stmt *line,
                         dh_error *error) {
    dh_counted counted;
    sqlite3_int64 id = 0;
    dh_status status;
    while ((status = dh_counter_next(counter, &counted, error)) == DH_OK) {
        if (counted.of < DH_MEMORY_PAGES) continue;
        if (counted.key == 0) status = put_host(db, host, ++id, &counted, error);
        else if (counted.pages >= DH_COUNTER_LEAST)
            status = put_line(db, line, id, &counted, error);
        if (status != DH_OK) return status;
    }
    return status == DH_ERR_EMPTY ? DH_OK : status;
}

/* It is a new file that is thrown away when it is not finished: no journal is needed. */
static dh_status fill(sqlite3 *db, dh_counter *counter, dh_error *error) {
    sqlite3_stmt *host = NULL, *line = NULL;
    char version[64];
    snprintf(version, sizeof version, "PRAGMA user_version = %d; COMMIT", VERSION);
    dh_status status = run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN", error);
    if (status == DH_OK) status = run(db, schema, error);
    if (status == DH_OK) status = prepare(db, "INSERT INTO host VALUES(?,?,?,?,?)", &host, error);
    if (status == DH_OK)
        status = prepare(db, "INSERT INTO line VALUES(?,?,?,?,?,?,?,?,?,?,0,NULL)", &line, error);
    if (status == DH_OK) status = put_all(db, counter, host, line, error);
    sqlite3_finalize(host);
    sqlite3_finalize(line);
    return status == DH_OK ? run(db, version, error) : status;
}

static dh_status sync_and_rename(const char *from, const char *to, dh_error *error) {
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    if (good && rename(from, to) == 0) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "memory", 0, "%.200s: %s", to, strerror(errno));
}

/* Beside path, hidden, as what a kill leaves is removed by its name. */
static bool temporary_name(const char *path, dh_buf *out) {
    const char *last = strrchr(path, '/');
    size_t folder = last != NULL ? (size_t)(last - path) + 1 : 0;
    dh_buf_put(out, path, folder);
    dh_buf_printf(out, ".dehusk-%s.tmp", path + folder);
    dh_buf_cstr(out);
    return !out->failed;
}

dh_status dh_memory_write(dh_counter *counter, const char *path, dh_error *error) {
    sqlite3 *db = NULL;
    dh_buf temporary = {0};
    if (!temporary_name(path, &temporary))
        return dh_error_set(error, DH_ERR_MEMORY, "memory", 0, "out of memory");
    const char *name = dh_buf_cstr(&temporary);
    unlink(name);
    dh_status status = DH_OK;
    if (sqlite3_open(name, &db) != SQLITE_OK) status = failed(db, error);
    if (status == DH_OK) status = fill(db, counter, error);
    if (sqlite3_close(db) != SQLITE_OK && status == DH_OK) status = failed(db, error);
    if (status == DH_OK) status = sync_and_rename(name, path, error);
    if (status != DH_OK) unlink(name);
    dh_buf_release(&temporary);
    return status;
}

/* ---- what is asked of it ---- */

typedef struct entry {
    uint64_t host, key; /* hashes */
    uint64_t pages, removed;
    uint32_t of; /* place in hosts */
    bool heading;
    dh_slice sample; /* of what was removed; in the arena */
} entry;

typedef struct host {
    sqlite3_int64 id;
    uint64_t hash, pages;
} host;

struct dh_memory {
    dh_arena arena;
    DH_VEC(host) hosts;
    DH_VEC(entry) entries; /* sorted by host and key */
};

static int by_key(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->host != y->host) return x->host < y->host ? -1 : 1;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : 0;
}

static void read_row(dh_memory *m, sqlite3_stmt *s) {
    sqlite3_int64 id = sqlite3_column_int64(s, 0);
    if (m->hosts.len == 0 || m->hosts.ptr[m->hosts.len - 1].id != id) {
        const char *name = (const char *)sqlite3_column_text(s, 1);
        *DH_PUSH(&m->arena, m->hosts) = (host){id, dh_hash(dh_slice_cstr(name != NULL ? name : "")),
                                               (uint64_t)sqlite3_column_int64(s, 2)};
    }
    uint32_t of = m->hosts.len - 1;
    *DH_PUSH(&m->arena, m->entries) =
        (entry){.host = m->hosts.ptr[of].hash,
                .key = (uint64_t)sqlite3_column_int64(s, 3),
                .pages = (uint64_t)sqlite3_column_int64(s, 4),
                .heading = sqlite3_column_int(s, 5) == DH_LINE_HEADING,
                .of = of};
}

static dh_status read_rows(dh_memory *m, sqlite3 *db, sqlite3_stmt *s, dh_error *error) {
    jmp_buf guard;
    int code;
    if (dh_arena_guard(&m->arena, &guard)) {
        m->arena.guard = NULL;
        return dh_error_set(error, DH_ERR_MEMORY, "memory", 0, "out of memory");
    }
    while ((code = sqlite3_step(s)) == SQLITE_ROW) read_row(m, s);
    m->arena.guard = NULL;
    if (m->entries.len > 1) qsort(m->entries.ptr, m->entries.len, sizeof *m->entries.ptr, by_key);
    return code == SQLITE_DONE ? DH_OK : failed(db, error);
}

static dh_status check_version(sqlite3 *db, dh_error *error) {
    sqlite3_stmt *s = NULL;
    dh_status status = prepare(db, "PRAGMA user_version", &s, error);
    int version = status == DH_OK && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int(s, 0) : -1;
    sqlite3_finalize(s);
    if (version == VERSION) return DH_OK;
    return dh_error_set(error, DH_ERR_SYNTAX, "memory", 0, "it is no site memory of this version");
}

static dh_memory *memory_new(void) {
    dh_memory *m = calloc(1, sizeof *m);
    if (m != NULL) dh_arena_init(&m->arena, 0);
    return m;
}

dh_status dh_memory_load(const char *path, dh_memory **out, dh_error *error) {
    static const char *const sql =
        "SELECT h.id, h.name, h.pages, l.key, l.pages, l.kind FROM line l JOIN host h "
        "ON h.id = l.host WHERE l.boilerplate ORDER BY h.id, l.key";
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    dh_memory *m = memory_new();
    *out = NULL;
    if (m == NULL) return dh_error_set(error, DH_ERR_MEMORY, "memory", 0, "out of memory");
    dh_status status = DH_OK;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        status = failed(db, error);
    if (status == DH_OK) status = check_version(db, error);
    if (status == DH_OK) status = prepare(db, sql, &s, error);
    if (status == DH_OK) status = read_rows(m, db, s, error);
    sqlite3_finalize(s);
    sqlite3_close(db);
    if (status == DH_OK) *out = m;
    else dh_memory_free(m);
    return status;
}

void dh_memory_free(dh_memory *m) {
    if (m == NULL) return;
    dh_arena_release(&m->arena);
    free(m);
}

static entry *find(const dh_memory *m, dh_slice name, uint64_t key) {
    entry want = {.host = dh_hash(dh_url_bare_host(name)), .key = key != 0 ? key : 1};
    if (m->entries.len == 0) return NULL;
    return bsearch(&want, m->entries.ptr, m->entries.len, sizeof want, by_key);
}

static bool find_repeat(const void *data, dh_slice name, uint64_t line, dh_site_repeat *repeat) {
    const dh_memory *m = data;
    const entry *e = find(m, name, line);
    if (e == NULL) return false;
    *repeat = (dh_site_repeat){e->pages, m->hosts.ptr[e->of].pages, e->heading};
    return true;
}

static void release(void *data) {
    dh_memory_free(data);
}

dh_site_memory dh_memory_of(dh_memory *m) {
    return (dh_site_memory){m, find_repeat, release};
}

static dh_slice beginning(dh_slice text) {
    size_t most = text.len < SAMPLE ? text.len : SAMPLE;
    while (most < text.len && most > 0 && ((unsigned char)text.ptr[most] & 0xC0) == 0x80) most--;
    return dh_slice_sub(text, 0, most);
}

bool dh_memory_removed(dh_memory *m, dh_slice name, uint64_t key, dh_slice text) {
    entry *e = find(m, name, key);
    jmp_buf guard;
    if (e == NULL) return true;
    text = beginning(text);
    bool good = !dh_arena_guard(&m->arena, &guard);
    if (good && (e->removed == 0 || dh_slice_compare(text, e->sample) < 0))
        e->sample = dh_arena_dup(&m->arena, text);
    m->arena.guard = NULL;
    e->removed += good;
    return good;
}

static dh_status save_rows(const dh_memory *m, sqlite3 *db, dh_error *error) {
    sqlite3_stmt *s = NULL;
    /* Whoever is killed here makes the file anew; a journal on the disk would be taken for the new one's. */
    dh_status status = run(db, "PRAGMA journal_mode = MEMORY; BEGIN", error);
    if (status == DH_OK)
        status = prepare(db, "UPDATE line SET removed = ?, sample = ? WHERE host = ? AND key = ?",
                         &s, error);
    for (uint32_t i = 0; i < m->entries.len && status == DH_OK; i++) {
        const entry *e = &m->entries.ptr[i];
        if (e->removed == 0) continue;
        sqlite3_bind_int64(s, 1, (sqlite3_int64)e->removed);
        sqlite3_bind_text64(s, 2, e->sample.ptr, e->sample.len, SQLITE_TRANSIENT, SQLITE_UTF8);
        sqlite3_bind_int64(s, 3, m->hosts.ptr[e->of].id);
        sqlite3_bind_int64(s, 4, (sqlite3_int64)e->key);
        status = step(db, s, error);
    }
    sqlite3_finalize(s);
    return status == DH_OK ? run(db, "COMMIT", error) : status;
}

dh_status dh_memory_save(const dh_memory *m, const char *path, dh_error *error) {
    sqlite3 *db = NULL;
    dh_status status = DH_OK;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        status = failed(db, error);
    if (status == DH_OK) status = save_rows(m, db, error);
    if (sqlite3_close(db) != SQLITE_OK && status == DH_OK) status = failed(db, error);
    return status;
}
