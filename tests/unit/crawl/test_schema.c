/* SPDX-License-Identifier: Apache-2.0 */
/* docs/crawl.md names every table and column of the state, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "crawl/state_private.h"

/* The row of the schema's table that begins with this name, "" without one. */
static dh_slice row_of(dh_slice doc, const char *table) {
    char start[64];
    snprintf(start, sizeof start, "\n| `%s` | ", table);
    size_t at = dh_slice_find(doc, dh_slice_cstr(start));
    if (at == DH_NPOS) return DH_SLICE("");
    doc = dh_slice_sub(doc, at + strlen(start), doc.len);
    return dh_slice_cut(&doc, '\n');
}

static void schema(void **state) {
    (void)state;
    char folder[] = "/tmp/dehusk-docs-XXXXXX", path[128];
    assert_non_null(mkdtemp(folder));
    dh_state *crawl = NULL;
    dh_buf doc = {0};
    assert_int_equal(dh_state_open(folder, DH_STATE_CREATE, &crawl, NULL), DH_OK);
    assert_int_equal(dh_io_read(DH_SOURCE_DIR "/docs/crawl.md", 0, &doc, NULL, NULL), DH_OK);
    sqlite3_stmt *s = NULL;
    const char *sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                      "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1";
    assert_int_equal(sqlite3_prepare_v2(crawl->db, sql, -1, &s, NULL), SQLITE_OK);
    int columns = 0;
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(s, 0);
        char column[64];
        snprintf(column, sizeof column, "`%s`", (const char *)sqlite3_column_text(s, 1));
        dh_slice row = row_of(dh_buf_slice(&doc), table);
        if (!dh_slice_has(row, dh_slice_cstr(column)))
            fail_msg("docs/crawl.md: %s.%s", table, column);
        columns++;
    }
    assert_true(columns > 40);
    sqlite3_finalize(s);
    dh_state_close(crawl);
    static const char *const names[] = {"crawl.sqlite", "crawl.sqlite-wal", "crawl.sqlite-shm",
                                        "lock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
    dh_buf_release(&doc);
}

/* And every word for a kind or an end. */
static void words(void **state) {
    (void)state;
    dh_buf doc = {0};
    assert_int_equal(dh_io_read(DH_SOURCE_DIR "/docs/crawl.md", 0, &doc, NULL, NULL), DH_OK);
    for (int i = 0; i < DH_END_COUNT; i++) {
        char row[64];
        snprintf(row, sizeof row, "\n| %d | `%s` | ", i, dh_crawl_end_word(i));
        if (!dh_slice_has(dh_buf_slice(&doc), dh_slice_cstr(row)))
            fail_msg("docs/crawl.md:%s", row);
    }
    for (int i = 0; i < DH_IS_COUNT; i++) {
        char text[64];
        snprintf(text, sizeof text, "%d %s (", i, dh_crawl_kind_word(i));
        if (!dh_slice_has(dh_buf_slice(&doc), dh_slice_cstr(text)))
            fail_msg("docs/crawl.md: %s", text);
    }
    dh_buf_release(&doc);
}

/* A state of version 1 is brought up to date, what is in it stays. */
static void migrates(void **state) {
    (void)state;
    char folder[] = "/tmp/dehusk-docs-XXXXXX", path[128];
    assert_non_null(mkdtemp(folder));
    dh_state *crawl = NULL;
    dh_error error = {0};
    assert_int_equal(dh_state_open(folder, DH_STATE_CREATE, &crawl, NULL), DH_OK);
    assert_int_equal(dh_state_add_site(crawl, DH_SLICE("h.example"), 1, NULL), DH_OK);
    assert_int_equal(dh_state_commit(crawl, NULL), DH_OK);
    assert_int_equal(
        sqlite3_exec(crawl->db, "DROP TABLE drift; PRAGMA user_version = 1", NULL, NULL, NULL),
        SQLITE_OK);
    dh_state_close(crawl);
    assert_int_equal(dh_state_open(folder, DH_STATE_READ, &crawl, &error), DH_ERR_IO);
    assert_int_equal(dh_state_open(folder, DH_STATE_WRITE, &crawl, &error), DH_OK);
    assert_true(dh_state_has_site(crawl, DH_SLICE("h.example")));
    dh_drift_row row = {.line = DH_SLICE("x.rules:1"), .acted = {3, 2, 1}};
    assert_int_equal(dh_state_save_drift(crawl, 1, &row, NULL), DH_OK);
    assert_int_equal(dh_state_commit(crawl, NULL), DH_OK);
    sqlite3_exec(crawl->db, "PRAGMA user_version = 99", NULL, NULL, NULL);
    dh_state_close(crawl);
    assert_int_equal(dh_state_open(folder, DH_STATE_WRITE, &crawl, &error), DH_ERR_USAGE);
    assert_non_null(strstr(error.message, "newer"));
    static const char *const names[] = {"crawl.sqlite", "crawl.sqlite-wal", "crawl.sqlite-shm",
                                        "lock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(schema), cmocka_unit_test(words),
                                       cmocka_unit_test(migrates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
