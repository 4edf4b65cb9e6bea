/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules new: drafts a rule file from pages of a site. The extractor judges them, rules/draft.h
 * looks for what they have in common, and the draft is tried on them at once: its tests say what came
 * out, for the author to correct. */
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/url.h"
#include "cli/cmd_rules.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "rules/draft.h"
#include "rules/tell.h"
#include "text/class.h"
#include "text/clean.h"

enum { MAX_PAGES = 32, TEST_WORDS = 7 };

typedef struct source {
    const char *name, *url; /* url NULL: not known */
    bool stored;            /* a file: a test can name it */
    dh_buf bytes;           /* heap */
    dh_fetched fetched;
    dehusk_page *page;
} source;

typedef struct drafting {
    dh_rules_cli *r;
    source *sources;
    uint32_t len;
    dh_draft draft;
    dh_buf *out;
} drafting;

/* ---- the pages ---- */

static int read_source(drafting *d, source *s) {
    dh_cli *cli = d->r->cli;
    dh_error error = {0};
    dh_status status;
    if (dh_url_is_http(dh_slice_cstr(s->name))) {
        dh_fetcher *fetcher = NULL;
        status = dh_fetch_for(cli, &fetcher, s->name, NULL, 0, &s->fetched, &error);
        dh_fetcher_free(fetcher);
        s->url = s->fetched.url;
    } else {
        s->stored = true;
        s->url = cli->options->url;
        status = dh_read_page(cli, s->name, NULL, &s->bytes, &error);
    }
    if (status == DH_OK) return DH_EXIT_OK;
    if (status == DH_ERR_INTERRUPTED) return DH_EXIT_INTERRUPTED;
    dh_talk_about(&cli->talk, s->name, "%s", error.message);
    return DH_EXIT_FAILED;
}

static dehusk_status clean_source(drafting *d, source *s, const char *site, dehusk_error *error) {
    const dh_cli_options *o = d->r->cli->options;
    const dh_buf *bytes = s->stored ? &s->bytes : &s->fetched.body;
    dehusk_input input = {.bytes = {bytes->ptr, bytes->len},
                          .name = s->name,
                          .url = s->url,
                          .site = site,
                          .charset = o->encoding,
                          .content_type = s->stored ? NULL : s->fetched.content_type,
                          .date = o->date};
    dehusk_options how = o->clean;
    how.no_rules = site == NULL;
    dehusk_status status = dehusk_page_clean(s->page, &input, &how, error);
    s->page->arena.guard = d->r->cli->arena->guard; /* attributes are decoded when asked for */
    s->page->arena.max = 0;
    return status;
}

static int load_source(drafting *d, source *s) {
    dehusk_error error = {0};
    int code = read_source(d, s);
    if (code != DH_EXIT_OK) return code;
    s->page = dh_page_for(d->r->engine, d->r->cli->options);
    dehusk_status status = DEHUSK_ERR_MEMORY;
    if (s->page != NULL) status = clean_source(d, s, NULL, &error);
    if (status == DEHUSK_OK) return DH_EXIT_OK;
    dh_talk_about(&d->r->cli->talk, s->name, "%s", s->page != NULL ? error.message : "out of memory");
    return DH_EXIT_FAILED;
}

static void free_sources(drafting *d) {
    for (uint32_t i = 0; i < d->len; i++) {
        dehusk_page_free(d->sources[i].page);
        dh_buf_release(&d->sources[i].bytes);
        dh_fetched_release(&d->sources[i].fetched);
    }
}

/* ---- the head ---- */

/* The host of the first page that has one, without "www.". */
static dh_slice find_site(drafting *d) {
    dh_arena *arena = d->r->cli->arena;
    if (d->r->cli->options->site != NULL) return dh_slice_cstr(d->r->cli->options->site);
    for (uint32_t i = 0; i < d->len; i++) {
        dehusk_page *page = d->sources[i].page;
        dh_slice url = dh_slice_cstr(d->sources[i].url);
        if (url.len == 0 && page->dom != NULL) url = dh_meta_url(page->dom, arena);
        dh_slice host = dh_url_bare_host(dh_url_host(url, arena));
        if (host.len > 0) return host;
    }
    return (dh_slice){NULL, 0};
}

/* Files that serve the pages now: a family may be worth inheriting. */
static void put_served(drafting *d) {
    dh_map said;
    dh_map_init(&said, d->r->cli->arena, 0);
    for (uint32_t i = 0; i < d->len; i++) {
        dehusk_page *page = d->sources[i].page;
        dh_rule_page rule_page = {.dom = page->dom,
                                  .blocks = &page->blocks,
                                  .url = dh_slice_cstr(d->sources[i].url),
                                  .regexes = page->regexes,
                                  .arena = d->r->cli->arena,
                                  .limits = &page->limits};
        dh_buf ignored;
        dh_buf_init(&ignored, d->r->cli->arena, 0);
        dh_rule_file_list files = {0};
        dh_rules_tell(d->r->set, &rule_page, &ignored, &files);
        for (uint32_t f = 0; f < files.len; f++) {
            bool added;
            dh_map_put(&said, files.ptr[f]->name, &added);
            dh_slice name = files.ptr[f]->name;
            if (added)
                dh_buf_printf(d->out, "# Served so far by %.*s; to build on it: inherits: %.*s\n",
                              (int)name.len, name.ptr, (int)name.len - 6, name.ptr);
        }
    }
}

static void make_draft(drafting *d) {
    dh_arena *arena = d->r->cli->arena;
    dh_draft_page *pages = dh_arena_zalloc(arena, d->len, sizeof *pages);
    for (uint32_t i = 0; i < d->len; i++) {
        dehusk_page *page = d->sources[i].page;
        pages[i] = (dh_draft_page){.name = dh_io_printable(d->sources[i].name, arena),
                                   .dom = page->dom,
                                   .blocks = &page->blocks,
                                   .decisions = page->decisions,
                                   .labels = page->labels,
                                   .fields = &page->fields,
                                   .title_block = page->title_block};
    }
    d->draft = (dh_draft){.arena = arena,
                          .site = find_site(d),
                          .pages = pages,
                          .len = d->len,
                          .regexes = d->sources[0].page->regexes};
    dh_buf_printf(d->out,
                  "# Drafted from %u %s: read it, correct it, run dehusk rules test and lint.\n"
                  "# unverified: made by a program.\n",
                  (unsigned)d->len, d->len == 1 ? "page" : "pages");
    put_served(d);
    dh_draft_write(&d->draft, d->out);
}

/* ---- the tests ---- */

/* The first, or last, words of a text on one line. */
static dh_slice some_words(dh_slice text, bool last) {
    size_t at = last ? text.len : 0;
    int words = 0;
    while (words < TEST_WORDS && (last ? at > 0 : at < text.len)) {
        at = last ? at - 1 : at + 1;
        if (at > 0 && at < text.len && dh_is_space(text.ptr[at])) words++;
    }
    return dh_slice_trim(last ? dh_slice_sub(text, at, text.len) : dh_slice_sub(text, 0, at));
}

static void put_check(drafting *d, const char *key, dh_slice value) {
    if (value.len == 0) return;
    dh_buf_printf(d->out, "  %s: ", key);
    dh_buf_put_slice(d->out, value);
    dh_buf_putc(d->out, '\n');
}

/* The page's path as the rule file would name it. */
static const char *path_from(const drafting *d, const char *name) {
    const char *output = d->r->cli->options->output;
    const char *last = output != NULL ? strrchr(output, '/') : NULL;
    size_t folder = last != NULL ? (size_t)(last - output) + 1 : 0;
    if (name[0] == '/' || folder == 0) return name;
    if (strncmp(name, output, folder) == 0) return name + folder;
    char here[4096];
    if (getcwd(here, sizeof here) == NULL) return name;
    dh_buf whole;
    dh_buf_init(&whole, d->r->cli->arena, 0);
    dh_buf_printf(&whole, "%s/%s", here, name);
    return dh_buf_cstr(&whole);
}

static void put_test(drafting *d, source *s) {
    dehusk_error error = {0};
    dehusk_bytes bytes = {"", 0};
    if (clean_source(d, s, "draft", &error) != DEHUSK_OK ||
        dehusk_page_write(s->page, "txt", &bytes, &error) != DEHUSK_OK)
        return;
    dh_slice text = dh_text_clean(dh_slice_make(bytes.data, bytes.len), DH_SPACE_FOLD,
                                  d->r->cli->arena, NULL, 0);
    text = dh_slice_trim(text);
    dh_text_facts facts = {0};
    if (text.len > 0) dh_text_measure(text, &facts);
    dh_buf_printf(d->out, "\n%s: %s\n", s->page->dom != NULL ? "test" : "text", path_from(d, s->name));
    put_check(d, "url", dh_slice_cstr(s->url));
    put_check(d, "title is", dh_fields_value(&s->page->fields, DH_FIELD_title));
    dh_slice date = dh_fields_value(&s->page->fields, DH_FIELD_published);
    put_check(d, "date is", dh_slice_sub(date, 0, 10));
    put_check(d, "starts with", some_words(text, false));
    put_check(d, "ends with", some_words(text, true));
    dh_buf_printf(d->out, "  words: %u..%u\n", (unsigned)(facts.words - facts.words / 20),
                  (unsigned)(facts.words + facts.words / 20));
}

/* The draft is applied as it stands; that it can be read is checked by that, too. */
static int put_tests(drafting *d) {
    dh_cli *cli = d->r->cli;
    dh_error error = {0};
    dehusk_engine engine = *d->r->engine;
    dh_slice text = dh_arena_dup(cli->arena, dh_buf_slice(d->out));
    engine.rules = dh_rules_new(cli->arena);
    dh_status status = dh_rules_add(engine.rules, DH_SLICE("draft.rules"), "draft", text, &error);
    if (status == DH_OK) status = dh_rules_finish(engine.rules, &error);
    for (uint32_t i = 0; i < d->len && status == DH_OK; i++) {
        d->sources[i].page->engine = &engine;
        if (d->sources[i].stored) put_test(d, &d->sources[i]);
        else dh_buf_printf(d->out, "\n# Save the page for a test: %s\n", d->sources[i].name);
        d->sources[i].page->engine = d->r->engine;
    }
    dh_rules_release(engine.rules);
    if (status == DH_OK) return DH_EXIT_OK;
    dh_talk_error(&cli->talk, "the draft cannot be read, line %u: %s", (unsigned)error.line,
                  error.message);
    return DH_EXIT_FAILED;
}

int dh_rules_draft(dh_rules_cli *r) {
    const dh_texts *operands = &r->cli->options->operands;
    if (operands->len < 2 || operands->len > MAX_PAGES + 1) {
        dh_talk_error(&r->cli->talk, "rules new needs 1 to %d pages of one site", MAX_PAGES);
        return DH_EXIT_USAGE;
    }
    if (!dh_rules_may_write(r)) return DH_EXIT_USAGE;
    drafting d = {.r = r, .len = operands->len - 1, .out = &r->out};
    d.sources = dh_arena_zalloc(r->cli->arena, d.len, sizeof *d.sources);
    int code = DH_EXIT_OK;
    for (uint32_t i = 0; i < d.len && code == DH_EXIT_OK; i++) {
        d.sources[i].name = operands->ptr[i + 1];
        code = load_source(&d, &d.sources[i]);
        if (dh_interrupted()) code = DH_EXIT_INTERRUPTED;
    }
    if (code == DH_EXIT_OK) {
        make_draft(&d);
        code = put_tests(&d);
    }
    if (code == DH_EXIT_OK) code = dh_rules_write(r);
    free_sources(&d);
    return code;
}
