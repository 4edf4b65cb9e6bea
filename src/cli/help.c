/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

enum { INDENT = 28, WIDTH = 80 };

/* What cannot be said in a table row. */
static const char *const clean_notes =
    "An INPUT is a file, a folder (every page below it), an http or https address, a\n"
    ".jsonl file, an archive (.warc, .warc.gz, .warc.zst, .wet.gz), or - for stdin;\n"
    "without one, stdin is read when it is a pipe.\n"
    "Folders leave out hidden files and what is no page by its name (.css, .png ...).\n"
    "\n"
    "Without -o the text goes to stdout. Of several inputs txt and md put the line\n"
    "==> NAME <== before each; json and jsonl write one object after the other; html\n"
    "needs -o. JSON lines and the pages of archives come out as JSON lines, in order,\n"
    "with an object that has \"error\" for one that failed.\n";

static const char *const clean_examples =
    "Examples:\n"
    "  dehusk clean page.html\n"
    "  dehusk clean https://example.org/story\n"
    "  dehusk clean saved/ -o clean/ --format md\n"
    "  cat page.html | dehusk clean\n"
    "  dehusk clean pages.jsonl --format jsonl > articles.jsonl\n";

static const char *const rules_notes =
    "  test [SITE...]    runs the tests in rule files; --url URL: against a live page\n"
    "  lint [SITE...]    finds mistakes, clones, lines that are never used\n"
    "  list [SITE...]    all files: hosts, families, lines, tests, verified or not\n"
    "  show WHAT         which file serves an address or a saved page, and why, and\n"
    "                    its lines; or the lines of a file\n"
    "  new PAGE...       drafts a rule file from pages of a site, files or addresses\n"
    "  learn HOST IN...  drafts one from what many saved pages of a host share\n"
    "  mutate [SITE...]  switches each line off in turn: dead, redundant, harmful?\n"
    "  import DIR -o DIR rule files from a folder of Full-Text RSS site configs\n"
    "\n"
    "A SITE is a host, the name of a rule file or its path; all files without one.\n";

static const char *const rules_exit_codes =
    "Exit status: 0 all is well; 1 a page could not be read or fetched; 2 wrong usage\n"
    "or a bad rule file; 4 a test failed, lint found an error (--strict: a warning),\n"
    "mutate a harmful line; 130 interrupted.\n";

static const char *const exit_codes =
    "Exit status: 0 all done; 1 some inputs or the output failed; 2 wrong usage or a\n"
    "bad rule file, nothing was processed; 3 nothing extracted (--strict); 130\n"
    "interrupted.\n";

static const char *const why_notes =
    "The sentence may be a part of one, or run over several blocks; case, quotation\n"
    "marks and forms of letters do not count. For each block that holds it: what\n"
    "decided, all other causes, where it stands in the page, and what would change\n"
    "the verdict. + in the article, ~ taken out of a kept block, - dropped, ? not in\n"
    "a block at all.\n";

static const char *const why_codes =
    "Examples:\n"
    "  dehusk why page.html \"Follow us on\"\n"
    "  curl -s https://example.org/story | dehusk why \"Follow us on\"\n"
    "\n"
    "Exit status: 0 the article has the sentence; 1 the page could not be read; 2\n"
    "wrong usage; 5 the page has it, the article does not; 6 no block of the page has\n"
    "it.\n";

static const char *const fetch_notes =
    "Each answer goes into the file as it was on the wire, with its request, those of\n"
    "redirects too, and is on the disk before the next address is asked for. The file\n"
    "is WARC 1.1, a gzip member per record; dehusk clean reads it. robots.txt is not\n"
    "asked.\n";

static const char *const fetch_codes =
    "Examples:\n"
    "  dehusk fetch https://example.org/story -o story.warc.gz\n"
    "  dehusk fetch -i addresses.txt -o pages.warc.gz --append\n"
    "  dehusk clean pages.warc.gz > articles.jsonl\n"
    "\n"
    "Exit status: 0 all fetched; 1 some were not, or the file could not be written; 2\n"
    "wrong usage, nothing was fetched; 130 interrupted.\n";

static const char *const corpus_notes =
    "  dehusk corpus INPUT... -o DIR   make a corpus, or go on with one\n"
    "  dehusk corpus INPUT...          the documents to stdout, a line for each\n"
    "  dehusk corpus merge DIR... -o DIR\n"
    "                                  corpora, or parts made by tasks, as one\n"
    "  dehusk corpus verify DIR        read it again: digests, sizes, accounts\n"
    "  dehusk corpus stats DIR         what was kept and dropped\n"
    "  dehusk corpus show DIR ID       one document\n"
    "  dehusk corpus residue DIR       lines that its texts still share, by host\n"
    "\n"
    "Inputs are as for dehusk clean, but no addresses. Each document is one line of\n"
    "JSON, kept or with the reason why not; docs/corpus.md has the fields. The same\n"
    "inputs give the same bytes, whatever -j, --shard and kills.\n";

static const char *const corpus_codes =
    "Examples:\n"
    "  dehusk corpus warcs/ -o corpus/\n"
    "  dehusk corpus warcs/ -o part-3/ --shard 3/64\n"
    "  dehusk corpus merge part-*/ -o corpus/\n"
    "\n"
    "Exit status: 0 all done; 1 an input could not be opened, the output could not be\n"
    "written, or verify found something; 2 wrong usage; 130 interrupted.\n";

static void pad(dh_buf *out, size_t from, size_t to) {
    while (from++ < to) dh_buf_putc(out, ' ');
}

void dh_help_wrap(dh_buf *out, const char *text, size_t column, size_t indent, size_t width) {
    dh_slice rest = dh_slice_cstr(text), word;
    bool first = true;
    while ((word = dh_slice_token(&rest)).len > 0) {
        if (!first && column + 1 + word.len > width) {
            dh_buf_putc(out, '\n');
            pad(out, 0, indent);
            column = indent;
            first = true;
        }
        if (!first) dh_buf_putc(out, ' ');
        column += word.len + !first;
        first = false;
        dh_buf_put_slice(out, word);
    }
    dh_buf_putc(out, '\n');
}

static void put_option(dh_buf *out, const dh_option *option) {
    size_t begin = out->len;
    if (option->letter != 0)
        dh_buf_printf(out, "  -%c, --%s", option->letter, option->name);
    else
        dh_buf_printf(out, "      --%s", option->name);
    if (option->argument != NULL) dh_buf_printf(out, " %s", option->argument);
    size_t used = out->len - begin;
    if (used + 2 > INDENT) {
        dh_buf_putc(out, '\n');
        used = 0;
    }
    pad(out, used, INDENT);
    dh_help_wrap(out, option->help, INDENT, INDENT, WIDTH);
}

static void put_section(dh_buf *out, dh_option_section section, unsigned command, dh_arena *arena) {
    bool begun = false;
    for (size_t i = 0; i < dh_option_count; i++) {
        const dh_option *option = &dh_option_table[i];
        if (option->section != section || (option->commands & command) == 0) continue;
        if (!begun) dh_buf_printf(out, "\n%s:\n", dh_section_title(section));
        begun = true;
        put_option(out, option);
        if (option->choices != NULL && strcmp(option->choices, "@folds") == 0) {
            pad(out, 0, INDENT);
            dh_help_wrap(out, dh_option_words(option, arena), INDENT, INDENT, WIDTH);
        }
    }
}

dh_slice dh_help_command(const dh_command *command, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_printf(&out, "Usage: dehusk %s [OPTION...]%s%s\n\ndehusk %s: %s.\n", command->name,
                  command->operands[0] != '\0' ? " " : "", command->operands, command->name,
                  command->summary);
    if (command->bit == DH_CMD_CLEAN) dh_buf_printf(&out, "\n%s", clean_notes);
    if (command->bit == DH_CMD_WHY) dh_buf_printf(&out, "\n%s", why_notes);
    if (command->bit == DH_CMD_RULES) dh_buf_printf(&out, "\n%s", rules_notes);
    if (command->bit == DH_CMD_FETCH) dh_buf_printf(&out, "\n%s", fetch_notes);
    if (command->bit == DH_CMD_CORPUS) dh_buf_printf(&out, "\n%s", corpus_notes);
    for (int s = 0; s < DH_SECTION_COUNT; s++)
        put_section(&out, (dh_option_section)s, command->bit, arena);
    if (command->bit == DH_CMD_WHY) dh_buf_printf(&out, "\n%s", why_codes);
    if (command->bit == DH_CMD_CLEAN) dh_buf_printf(&out, "\n%s\n%s", clean_examples, exit_codes);
    if (command->bit == DH_CMD_RULES) dh_buf_printf(&out, "\n%s", rules_exit_codes);
    if (command->bit == DH_CMD_FETCH) dh_buf_printf(&out, "\n%s", fetch_codes);
    if (command->bit == DH_CMD_CORPUS) dh_buf_printf(&out, "\n%s", corpus_codes);
    return dh_buf_slice(&out);
}

dh_slice dh_help_program(dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_puts(&out,
                "Usage: dehusk COMMAND [OPTION...] [INPUT...]\n\n"
                "Takes the husk (menus, tickers, related stories ...) off scraped news pages.\n\n"
                "Commands:\n");
    for (size_t i = 0; i < dh_commands_len; i++)
        dh_buf_printf(&out, "  %-12s%s\n", dh_commands[i].name, dh_commands[i].summary);
    dh_buf_printf(&out, "\ndehusk COMMAND --help shows a command's options.\n\n%s", clean_examples);
    return dh_buf_slice(&out);
}
