/* SPDX-License-Identifier: Apache-2.0 */
/* options: the table of command line options and its reader. */
#ifndef DH_CLI_OPTIONS_H
#define DH_CLI_OPTIONS_H

#include "base/arena.h"
#include "base/limits.h"
#include "dehusk/dehusk.h"

typedef enum dh_cmd_id {
#define DH_COMMAND(name, id, operands, summary) DH_CMD_##id##_ID,
#include "cli/commands.def"
#undef DH_COMMAND
    DH_CMD_COUNT
} dh_cmd_id;

/* Which commands know an option, as bits. */
enum {
#define DH_COMMAND(name, id, operands, summary) DH_CMD_##id = 1 << DH_CMD_##id##_ID,
#include "cli/commands.def"
#undef DH_COMMAND
    DH_CMD_PAGES = DH_CMD_CLEAN | DH_CMD_EXPLAIN | DH_CMD_WHY | DH_CMD_DUMP,
    DH_CMD_SINGLE = DH_CMD_EXPLAIN | DH_CMD_WHY | DH_CMD_DUMP,
    DH_CMD_CLEANING = DH_CMD_PAGES | DH_CMD_RULES,
    DH_CMD_FETCHING = DH_CMD_CLEANING | DH_CMD_FETCH,
    DH_CMD_REMEMBERING = DH_CMD_PAGES | DH_CMD_CRAWL,
    DH_CMD_READING = DH_CMD_PAGES | DH_CMD_CORPUS,
    DH_CMD_MANY = DH_CMD_CLEAN | DH_CMD_CORPUS,
    DH_CMD_SAVED = DH_CMD_CLEANING | DH_CMD_CORPUS,
    DH_CMD_KEEPING = DH_CMD_PAGES | DH_CMD_CRAWL | DH_CMD_CORPUS,
    DH_CMD_RULING = DH_CMD_CLEANING | DH_CMD_CRAWL | DH_CMD_CORPUS,
    DH_CMD_GATHERING = DH_CMD_FETCH | DH_CMD_CRAWL,
    DH_CMD_POOLED = DH_CMD_CLEAN | DH_CMD_CRAWL | DH_CMD_CORPUS,
    DH_CMD_WORKING = DH_CMD_FETCHING | DH_CMD_CRAWL,
    DH_CMD_TALKING = DH_CMD_WORKING | DH_CMD_CORPUS,
    DH_CMD_EVERY = (1 << DH_CMD_COUNT) - 1
};

typedef enum dh_option_kind {
    DH_KIND_TRUE,
    DH_KIND_FALSE,
    DH_KIND_CONST,
    DH_KIND_TEXT,
    DH_KIND_NUMBER,
    DH_KIND_AMOUNT,
    DH_KIND_LIST,
    DH_KIND_COUNT,
    DH_KIND_FOCUS,
    DH_KIND_LIMIT
} dh_option_kind;

typedef enum dh_option_section {
    DH_SECTION_INPUT,
    DH_SECTION_RULES,
    DH_SECTION_KEEP,
    DH_SECTION_OUTPUT,
    DH_SECTION_RUN,
    DH_SECTION_FETCH,
    DH_SECTION_CRAWL,
    DH_SECTION_CORPUS,
    DH_SECTION_LIMITS,
    DH_SECTION_HELP,
    DH_SECTION_COUNT
} dh_option_section;

typedef struct dh_option {
    char letter;          /* 0: none */
    const char *name;     /* without the dashes */
    const char *argument; /* "DIR"; NULL: takes none */
    const char *choices;  /* see options.def */
    dh_option_kind kind;
    size_t field;     /* offset in dh_cli_options, or a dh_limit_id */
    const char *text; /* CONST */
    int number;       /* FOCUS */
    unsigned commands;
    dh_option_section section;
    const char *help;
} dh_option;

extern const dh_option dh_option_table[];
extern const size_t dh_option_count;
/* "What is kept" */
const char *dh_section_title(dh_option_section section);
/* The words an option's argument may be, space separated, tables resolved, in arena; "" when it may
 * be anything. */
const char *dh_option_words(const dh_option *option, dh_arena *arena);

typedef DH_VEC(const char *) dh_texts;

/* What was said, or the default. Strings are borrowed from argv. */
typedef struct dh_cli_options {
    dehusk_options clean;
    dh_texts operands, lists, folders, rules, adds, accepts, resolve;
    const char *format; /* NULL: not said */
    const char *from, *url, *site, *encoding, *date, *record;
    const char *output, *report, *stage, *colour, *user_agent, *proxy, *ca_file, *model, *least;
    const char *memory; /* clean, explain, why: a file of site memory */
    const char *contact, *delay, *config, *log, *isolate, *quarantine;
    const char *source, *pack, *shard, *languages, *complete, *fasttext_model, *profile, *thresholds, *dedup, *pii; /* NULL: not said */
    uint64_t threads, timeout; /* 0: not said; seconds */
    uint64_t wait, hang_after; /* seconds */
    uint64_t shard_documents, dedup_paragraphs; /* 0: not said */
    uint64_t connections, recheck, max_fetches; /* 0: not said; recheck in hours */
    int verbose;
    bool site_memory; /* corpus */
    bool no_rules, rules_lenient, allow_private, append, overwrite, skip_existing, strict, quiet, as_html, daemon, status,
        keep_noindex, no_warc, no_clean, help, version;
    uint64_t limits[DH_LIMIT_COUNT];
    bool limit_set[DH_LIMIT_COUNT];
} dh_cli_options;

void dh_cli_options_init(dh_cli_options *options);
/* Reads argv[0..argc) for the command with this bit. DH_ERR_USAGE with what was wrong and what may have been
 * meant. Values are checked too, unless --help or --version was given. */
dh_status dh_cli_options_parse(dh_cli_options *options, unsigned command, int argc,
                               const char *const *argv, dh_arena *arena, dh_error *error);

#endif
