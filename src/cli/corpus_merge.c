/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk corpus merge: corpora, or the parts that tasks made of one, into one. */
#include "cli/corpus.h"
#include "cli/interrupt.h"
#include "corpus/merge.h"

static bool stop(void *data) {
    (void)data;
    return dh_interrupted();
}

static int fail(dh_cli *cli, dh_status status, const dh_error *error) {
    dh_talk_error(&cli->talk, "%s", error->message);
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    return status == DH_ERR_USAGE ? DH_EXIT_USAGE : DH_EXIT_FAILED;
}

int dh_corpus_merge(dh_cli *cli) {
    const dh_cli_options *o = cli->options;
    dh_error error = {0};
    dh_merge_options options = {.folder = o->output, .coding = dh_corpus_coding(o), .stop = stop};
    bool exact = o->dedup != NULL && strcmp(o->dedup, "exact") == 0;
    bool near = o->dedup != NULL && strcmp(o->dedup, "minhash") == 0;
    options.dedup = near ? DH_MERGE_NEAR : exact ? DH_MERGE_EXACT : DH_MERGE_ALL;
    options.paragraphs = o->dedup_paragraphs;
    options.site_memory = o->site_memory;
    if (options.paragraphs == 1) {
        dh_talk_error(&cli->talk,
                      "--dedup-paragraphs: every paragraph is in 1 document; 2 or more");
        return DH_EXIT_USAGE;
    }
    options.shard_documents = dh_corpus_shard_documents(o);
    dh_merge_result result;
    uint32_t count = o->operands.len - 1;
    if (count == 0 || o->output == NULL) {
        dh_talk_error(&cli->talk,
                      "dehusk corpus merge DIR... -o DIR: name the corpora and where they go");
        return DH_EXIT_USAGE;
    }
    dh_store *stores = dh_arena_zalloc(cli->arena, count, sizeof *stores);
    for (uint32_t i = 0; i < count; i++) {
        dh_status status = dh_store_read(&stores[i], o->operands.ptr[i + 1], cli->arena, &error);
        if (status != DH_OK) return fail(cli, status, &error);
    }
    dh_status status = dh_merge(stores, count, &options, &result, &error);
    if (status != DH_OK) return fail(cli, status, &error);
    dh_talk_notice(&cli->talk, "%llu documents, %llu kept", (unsigned long long)result.documents,
                   (unsigned long long)result.kept);
    dh_buf line;
    dh_buf_init(&line, cli->arena, 0);
    dh_buf_printf(&line, "%s\n", result.sha256);
    return dh_cli_print(cli, dh_buf_slice(&line));
}
