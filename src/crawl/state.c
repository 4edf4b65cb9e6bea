/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, locking, transactions, statements. */
#include "crawl/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "crawl/state_private.h"

static const char *word_of(int number, const char *const *words, int count) {
    return number >= 0 && number < count ? words[number] : "";
}

const char *dh_crawl_kind_word(int kind) {
    static const char *const words[DH_IS_COUNT] = {
#define DH_CRAWL_KIND(id, number, word, text) word,
#include "crawl/words.def"
#undef DH_CRAWL_KIND
    };
    return word_of(kind, words, DH_IS_COUNT);
}

const char *dh_crawl_end_word(int end) {
    static const char *const words[DH_END_COUNT] = {
#define DH_CRAWL_END(id, number, word, text) word,
#include "crawl/words.def"
#undef DH_CRAWL_END
    };
    return word_of(end, words, DH_END_COUNT);
}

dh_status dh_sql_failed(dh_state *state, dh_error *error) {
    int code = sqlite3_errcode(state->db);
    const char *what =
        code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? "the state is damaged: " : "";
    dh_error now;
    dh_error_set(&now, code == SQLITE_NOMEM ? DH_ERR_MEMORY : DH_ERR_IO, "state", 0, "%s%s", what,
                 sqlite3_errmsg(state->db));
    if (state->broken.status == DH_OK) state->broken = now;
    if (error != NULL) *error = now;
    return now.status;
}

/* ---- statements ---- */

sqlite3_stmt *dh_sql(dh_state *state, dh_sql_id id, const char *types, ...) {
    sqlite3_stmt *statement = state->statements[id];
    int code = SQLITE_OK;
    va_list values;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    va_start(values, types);
    for (int i = 0; types[i] != '\0'; i++) {
        if (types[i] == 'i') {
            code |= sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
            continue;
        }
        dh_slice s = va_arg(values, dh_slice);
        if (s.ptr != NULL && types[i] == 't')
            code |= sqlite3_bind_text64(statement, i + 1, s.ptr, s.len, SQLITE_TRANSIENT, SQLITE_UTF8);
        else if (s.ptr != NULL)
            code |= sqlite3_bind_blob64(statement, i + 1, s.ptr, s.len, SQLITE_TRANSIENT);
    }
    va_end(values);
    if (code != SQLITE_OK) dh_sql_failed(state, NULL); /* it would look for, or write, something else */
    return statement;
}

dh_status dh_sql_step(dh_state *state, sqlite3_stmt *statement, bool *row, dh_error *error) {
    if (row != NULL) *row = false;
    if (state->broken.status != DH_OK) {
        sqlite3_reset(statement);
        if (error != NULL) *error = state->broken;
        return state->broken.status;
    }
    int code = sqlite3_step(statement);
    if (row != NULL) *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW) return DH_OK;
    dh_status status = code == SQLITE_DONE ? DH_OK : dh_sql_failed(state, error);
    sqlite3_reset(statement);
    return status;
}

static dh_status begin(dh_state *state, dh_error *error) {
    if (state->open) return DH_OK;
    if (sqlite3_exec(state->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return dh_sql_failed(state, error);
    state->open = true;
    return DH_OK;
}

dh_status dh_sql_write(dh_state *state, sqlite3_stmt *statement, dh_error *error) {
    dh_status status = begin(state, error);
    if (status == DH_OK) status = dh_sql_step(state, statement, NULL, error);
    return status;
}

dh_slice dh_sql_borrow(sqlite3_stmt *statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return (dh_slice){NULL, 0};
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t len = (size_t)sqlite3_column_bytes(statement, column);
    return bytes != NULL && len > 0 ? (dh_slice){bytes, len} : DH_SLICE("");
}

dh_slice dh_sql_text(sqlite3_stmt *statement, int column, dh_arena *arena) {
    dh_slice s = dh_sql_borrow(statement, column);
    return s.ptr != NULL ? dh_arena_dup(arena, s) : s;
}

/* ---- transactions ---- */

bool dh_state_was_killed(const dh_state *state) {
    return state->was_killed;
}

bool dh_state_is_open(const dh_state *state) {
    return state->open;
}

dh_status dh_state_commit(dh_state *state, dh_error *error) {
    if (state->broken.status != DH_OK) {
        if (error != NULL) *error = state->broken;
        return state->broken.status;
    }
    if (!state->open) return DH_OK;
    if (sqlite3_exec(state->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return dh_sql_failed(state, error);
    state->open = false;
    return DH_OK;
}

dh_status dh_state_rollback(dh_state *state, dh_error *error) {
    state->broken.status = DH_OK;
    if (!state->open) return DH_OK;
    for (int i = 0; i < DH_SQL_COUNT; i++) sqlite3_reset(state->statements[i]);
    int code = sqlite3_exec(state->db, "ROLLBACK", NULL, NULL, NULL);
    state->open = false;
    return code == SQLITE_OK ? DH_OK : dh_sql_failed(state, error);
}

/* ---- opening ---- */

/* The lock is the process's: it ends with it, however it ends. Its file says whose it is. */
static dh_status take_lock(dh_state *state, const char *name, dh_error *error) {
    state->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (state->lock < 0)
        return dh_error_set(error, DH_ERR_IO, "state", 0, "%s: %s", name, strerror(errno));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(state->lock, F_SETLK, &lock) != 0) {
        char holder[32] = "";
        ssize_t n = read(state->lock, holder, sizeof holder - 1);
        while (n > 0 && !dh_is_digit(holder[n - 1])) n--;
        holder[n > 0 ? n : 0] = '\0';
        return dh_error_set(error, DH_ERR_USAGE, "state", 0,
                            "another process is at work on this state (process %s)",
                            holder[0] != '\0' ? holder : "unknown");
    }
    char line[32];
    int len = snprintf(line, sizeof line, "%ld\n", (long)getpid());
    if (ftruncate(state->lock, 0) != 0 ||
        dh_io_put(state->lock, dh_slice_make(line, (size_t)len), NULL) != DH_OK)
        return dh_error_set(error, DH_ERR_IO, "state", 0, "%s: %s", name, strerror(errno));
    return DH_OK;
}

static dh_status prepare(dh_state *state, dh_error *error) {
    static const char *const texts[DH_SQL_COUNT] = {
#define DH_SQL(id, text) text,
#include "crawl/statements.def"
#undef DH_SQL
    };
    for (int i = 0; i < DH_SQL_COUNT; i++)
        if (sqlite3_prepare_v3(state->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &state->statements[i], NULL) != SQLITE_OK)
            return dh_sql_failed(state, error);
    return DH_OK;
}

/* NORMAL: a commit survives the process in any case, and a crash of the machine leaves the state as it
 * was at some earlier commit. The files of the crawl are synced before each. */
static const char *const settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                                    "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536;"
                                    "PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;";

static dh_status open_db(dh_state *state, const char *name, dh_state_mode mode, dh_error *error) {
    int flags =
        mode == DH_STATE_READ ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(name, &state->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return state->db != NULL ? dh_sql_failed(state, error)
                                 : dh_error_set(error, DH_ERR_MEMORY, "state", 0, "out of memory");
    sqlite3_busy_timeout(state->db, 5000);
    sqlite3_extended_result_codes(state->db, 0);
    if (mode != DH_STATE_READ && sqlite3_exec(state->db, settings, NULL, NULL, NULL) != SQLITE_OK)
        return dh_sql_failed(state, error);
    if (mode == DH_STATE_READ &&
        sqlite3_exec(state->db, "PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK)
        return dh_sql_failed(state, error);
    dh_status status = mode != DH_STATE_READ ? dh_state_migrate(state, error) : DH_OK;
    if (status == DH_OK) status = prepare(state, error);
    if (status == DH_OK && mode != DH_STATE_READ) {
        status = dh_sql_write(state, dh_sql(state, DH_SQL_END_LEASES, ""), error);
        if (status == DH_OK) status = dh_state_commit(state, error);
    }
    return status;
}

static dh_status open_all(dh_state *state, const char *folder, dh_state_mode mode,
                          dh_error *error) {
    dh_buf name = {0}, lock = {0}, log = {0};
    struct stat about;
    dh_buf_printf(&name, "%s/crawl.sqlite", folder);
    dh_buf_printf(&lock, "%s/lock", folder);
    dh_buf_printf(&log, "%s-wal", dh_buf_cstr(&name));
    dh_buf_cstr(&lock);
    dh_buf_cstr(&log);
    dh_status status = DH_OK;
    if (name.failed || lock.failed || log.failed) /* SQLite takes a file without a name, too */
        status = dh_error_set(error, DH_ERR_MEMORY, "state", 0, "out of memory");
    else if (mode == DH_STATE_CREATE)
        status = dh_io_mkdirs(folder, error);
    else if (stat(dh_buf_cstr(&name), &about) != 0)
        status = dh_error_set(error, DH_ERR_USAGE, "state", 0,
                              "there is no crawl in %s: begin one with --add URL", folder);
    if (status == DH_OK && mode != DH_STATE_READ)
        status = take_lock(state, dh_buf_cstr(&lock), error);
    /* SQLite removes its log when the last one closes the file. */
    state->was_killed = status == DH_OK && stat(log.ptr, &about) == 0 && about.st_size > 0;
    if (status == DH_OK) status = open_db(state, dh_buf_cstr(&name), mode, error);
    dh_buf_release(&name);
    dh_buf_release(&lock);
    dh_buf_release(&log);
    return status;
}

/* Opens the file; on failure *out is NULL. */
static dh_status state_new(const char *folder, dh_state_mode mode, dh_state **out,
                           dh_error *error) {
    dh_state *state = calloc(1, sizeof *state);
    *out = NULL;
    if (state == NULL) return dh_error_set(error, DH_ERR_MEMORY, "state", 0, "out of memory");
    state->lock = -1;
    dh_status status = open_all(state, folder, mode, error);
    if (status == DH_OK)
        *out = state;
    else
        dh_state_close(state);
    return status;
}

dh_status dh_state_open(const char *folder, dh_state_mode mode, dh_state **out, dh_error *error) {
    return state_new(folder, mode, out, error);
}

void dh_state_close(dh_state *state) {
    if (state == NULL) return;
    for (int i = 0; i < DH_SQL_COUNT; i++) sqlite3_finalize(state->statements[i]);
    if (state->db != NULL) sqlite3_close(state->db);
    if (state->lock >= 0) close(state->lock);
    free(state);
}
