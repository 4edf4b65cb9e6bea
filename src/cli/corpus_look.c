/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk corpus stats, verify, show: what is in a corpus that was made. */
#include <stdlib.h>

#include "base/io.h"
#include "cli/corpus.h"
#include "corpus/store.h"
#include "corpus/survey_page.h"
#include "corpus/verify.h"

enum { MOST_ROWS = 20 };

static int usage(dh_cli *cli, const char *message) {
    dh_talk_error(&cli->talk, "%s", message);
    return DH_EXIT_USAGE;
}

static int open_store(dh_cli *cli, dh_store *store) {
    dh_error error = {0};
    dh_status status = dh_store_read(store, cli->options->operands.ptr[1], cli->arena, &error);
    if (status == DH_OK) return DH_EXIT_OK;
    dh_talk_error(&cli->talk, "%s", error.message);
    return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

/* ---- stats ---- */

static void put_count(dh_buf *out, const char *name, uint64_t value) {
    dh_buf_printf(out, "%-12s %12llu\n", name, (unsigned long long)value);
}

static void put_tally(dh_buf *out, const char *title, dh_tally *tally) {
    if (tally->rows.len == 0) return;
    dh_tally_rank(tally);
    dh_buf_printf(out, "\n%-31s %9s %9s %9s\n", title, "kept", "rejected", "failed");
    for (uint32_t i = 0; i < tally->rows.len && i < MOST_ROWS; i++) {
        const dh_tally_row *row = &tally->rows.ptr[i];
        dh_buf name;
        dh_buf_init(&name, out->arena, 0);
        dh_io_put_printable(&name, row->name, false);
        dh_buf_printf(out, "  %-29s %9llu %9llu %9llu\n", dh_buf_cstr(&name),
                      (unsigned long long)row->count[DH_FATE_KEPT],
                      (unsigned long long)row->count[DH_FATE_REJECTED],
                      (unsigned long long)row->count[DH_FATE_FAILED]);
        dh_buf_release(&name);
    }
    if (tally->rows.len > MOST_ROWS)
        dh_buf_printf(out, "  ... %u more\n", (unsigned)(tally->rows.len - MOST_ROWS));
}

static void put_stats(dh_buf *out, const dh_store *store, dh_marker *sum) {
    uint64_t unit;
    if (!dh_store_is_whole(store, NULL, &unit))
        dh_buf_printf(out, "Not whole yet: unit %llu of %llu is not done.\n\n",
                      (unsigned long long)unit, (unsigned long long)store->units);
    put_count(out, "documents", sum->documents);
    for (int fate = 0; fate < DH_FATE_COUNT; fate++)
        put_count(out, dh_fate_name((dh_fate)fate), sum->fates[fate]);
    put_count(out, "left out", sum->left_out);
    put_count(out, "shards", store->markers.len);
    put_count(out, "input bytes", sum->input_bytes);
    put_count(out, "characters", sum->chars);
    put_count(out, "words", sum->words);
    if (sum->lines_removed > 0) {
        put_count(out, "lines gone", sum->lines_removed);
        put_count(out, "of texts", sum->thinned);
    }
    put_count(out, "bytes", sum->kept.bytes);
    put_count(out, "stored", sum->kept.stored);
    put_tally(out, "reason", &sum->reasons);
    put_tally(out, "language", &sum->languages);
    put_tally(out, "host", &sum->hosts);
    put_tally(out, "rule file", &sum->rules);
}

static int show_page(dh_cli *cli, const dh_store *store, dh_marker *sum, dh_buf *out) {
    dh_survey survey;
    dh_error error = {0};
    if (dh_survey_make(&survey, store, &error) != DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return DH_EXIT_FAILED;
    }
    dh_survey_page(store, sum, &survey, dh_slice_cstr(store->folder), out);
    return dh_cli_write(cli, dh_buf_slice(out));
}

int dh_corpus_stats(dh_cli *cli) {
    dh_store store;
    dh_marker sum;
    dh_buf out;
    if (cli->options->operands.len != 2)
        return usage(cli, "dehusk corpus stats DIR: name one corpus");
    int code = open_store(cli, &store);
    if (code != DH_EXIT_OK) return code;
    dh_buf_init(&out, cli->arena, 0);
    dh_store_sum(&store, &sum);
    if (cli->options->as_html) return show_page(cli, &store, &sum, &out);
    if (cli->options->format != NULL) {
        uint64_t unit;
        sum.last = dh_store_is_whole(&store, NULL, &unit);
        dh_marker_put_counts(&sum, store.markers.len, &out);
    } else {
        put_stats(&out, &store, &sum);
    }
    return dh_cli_print(cli, dh_buf_slice(&out));
}

/* ---- verify ---- */

static void tell(void *data, const char *where, const char *what) {
    dh_cli *cli = data;
    dh_talk_about(&cli->talk, where, "%s", what);
}

int dh_corpus_verify(dh_cli *cli) {
    dh_store store;
    dh_error error = {0};
    uint64_t wrong = 0, documents = 0;
    if (cli->options->operands.len != 2)
        return usage(cli, "dehusk corpus verify DIR: name one corpus");
    int code = open_store(cli, &store);
    if (code != DH_EXIT_OK) return code;
    dh_plan_task task;
    const char *shard = cli->options->shard;
    if (shard != NULL && dh_plan_task_read(&task, shard, getenv, &error) != DH_OK)
        return usage(cli, error.message);
    if (dh_verify(&store, shard != NULL ? &task : NULL, tell, cli, &wrong, &documents, &error) !=
        DH_OK) {
        dh_talk_error(&cli->talk, "%s", error.message);
        return DH_EXIT_FAILED;
    }
    if (wrong > 0) {
        dh_talk_error(&cli->talk, "%llu things are wrong", (unsigned long long)wrong);
        return DH_EXIT_FAILED;
    }
    dh_talk_notice(&cli->talk, "%llu documents in %u shard%s, all as they should be",
                   (unsigned long long)documents, (unsigned)store.markers.len,
                   store.markers.len == 1 ? "" : "s");
    return DH_EXIT_OK;
}

/* ---- show ---- */

typedef struct search {
    dh_cli *cli;
    dh_buf needle; /* in the program's arena */
    const char *path;
    uint32_t found;
    int code;
} search;

/* Every line begins with the id, as we write it. */
static bool look(void *data, dh_slice line) {
    search *s = data;
    if (!dh_slice_starts(line, dh_buf_slice(&s->needle))) return true;
    dh_talk_notice(&s->cli->talk, "%s", s->path);
    s->code = dh_cli_print(s->cli, line);
    s->found++;
    return s->code == DH_EXIT_OK;
}

static void look_in(search *s, const char *path) {
    dh_error error = {0};
    if (s->code != DH_EXIT_OK) return;
    s->path = path;
    if (dh_store_lines(path, look, s, &error) == DH_OK) return;
    dh_talk_about(&s->cli->talk, path, "%s", error.message);
    s->code = DH_EXIT_FAILED;
}

int dh_corpus_show(dh_cli *cli) {
    dh_store store;
    search s = {.cli = cli};
    if (cli->options->operands.len != 3)
        return usage(cli, "dehusk corpus show DIR ID: name one corpus and the id of a document");
    int code = open_store(cli, &store);
    if (code != DH_EXIT_OK) return code;
    dh_buf_init(&s.needle, cli->arena, 0);
    dh_buf_puts(&s.needle, "{\"id\": ");
    dh_json_put_string(&s.needle, dh_slice_cstr(cli->options->operands.ptr[2]));
    dh_buf_putc(&s.needle, ',');
    for (uint32_t i = 0; i < store.markers.len; i++) {
        look_in(&s, dh_store_path(&store, "data", store.markers.ptr[i]));
        look_in(&s, dh_store_path(&store, "rejected", store.markers.ptr[i]));
    }
    if (s.code != DH_EXIT_OK || s.found > 0) return s.code;
    dh_talk_error(&cli->talk, "no document has this id");
    return DH_EXIT_FAILED;
}
