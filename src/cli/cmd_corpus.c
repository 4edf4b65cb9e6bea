/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk corpus: which part of it is meant. */
#include "cli/corpus.h"

static const struct {
    const char *name;
    int (*run)(dh_cli *cli);
} parts[] = {{"merge", dh_corpus_merge},
             {"stats", dh_corpus_stats},
             {"verify", dh_corpus_verify},
             {"show", dh_corpus_show},
             {"residue", dh_corpus_residue}};

int dh_cmd_corpus(dh_cli *cli) {
    const dh_cli_options *o = cli->options;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && o->operands.len > 0; i++)
        if (strcmp(o->operands.ptr[0], parts[i].name) == 0) return parts[i].run(cli);
    return o->output != NULL ? dh_corpus_build(cli) : dh_corpus_stream(cli);
}
