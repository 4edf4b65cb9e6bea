/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the state share: prepared statements and their arguments. */
#ifndef DH_CRAWL_STATE_PRIVATE_H
#define DH_CRAWL_STATE_PRIVATE_H

#include <sqlite3.h>

#include "crawl/state.h"

typedef enum dh_sql_id {
#define DH_SQL(id, text) DH_SQL_##id,
#include "crawl/statements.def"
#undef DH_SQL
    DH_SQL_COUNT
} dh_sql_id;

struct dh_state {
    sqlite3 *db;
    sqlite3_stmt *statements[DH_SQL_COUNT];
    int lock; /* descriptor, -1: none */
    bool open, was_killed;
    dh_error broken; /* the first failure since the last commit: what was looked up wrongly is not committed */
};

enum { DH_STATE_VERSION = 2 };

/* Brings an empty or older file to DH_STATE_VERSION. */
dh_status dh_state_migrate(dh_state *state, dh_error *error);

/* Keeps what SQLite says as the state's failure, and gives it. */
dh_status dh_sql_failed(dh_state *state, dh_error *error);
/* The statement with its arguments; types: 'i' an int64_t, 't' a dh_slice (text; ptr NULL is NULL), 'b'
 * the same as bytes. Never NULL: preparing failed would have failed the opening. */
sqlite3_stmt *dh_sql(dh_state *state, dh_sql_id id, const char *types, ...);
/* One step; *row (may be NULL) says whether there is a row. Without a row the statement is reset. */
dh_status dh_sql_step(dh_state *state, sqlite3_stmt *statement, bool *row, dh_error *error);
/* The same for one that writes: opens the transaction first. */
dh_status dh_sql_write(dh_state *state, sqlite3_stmt *statement, dh_error *error);
/* A column's text, in arena; ptr NULL for NULL. */
dh_slice dh_sql_text(sqlite3_stmt *statement, int column, dh_arena *arena);
/* The same, borrowed until the next step. */
dh_slice dh_sql_borrow(sqlite3_stmt *statement, int column);

#endif
