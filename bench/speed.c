/* SPDX-License-Identifier: Apache-2.0 */
/* speed: what cleaning costs, compared with a bare parse by Gumbo of the same bytes, in one run.
 *
 *     speed [--rounds N] [--pages N] [--threads N] FOLDER...
 *     speed --count MEASURE [--every N] FOLDER...
 *
 * bare    gumbo_parse_with_options from memory, default allocator, max_errors 0, and its destroy
 * arena   the same with an arena as allocator, nothing freed one by one
 * decode  bytes to UTF-8
 * skim    decode, and the skeleton that Gumbo is fed
 * tree    decode, skim, tree
 * clean   the whole of it, memory to memory, through the public API, without site rules
 * rules   the same with a file of 50 rules for every page's site
 *
 * All run over the same few pages in turn before the next few, in changing order, so that what else
 * the machine does hits them alike. Figures are medians of the rounds, in CPU time; those of the
 * threads are in wall time. Memory is measured in a process of its own that reads one page after the
 * other and gives each a new page object, so that no page profits from memory of an earlier one.
 *
 * The stages of a clean are timed one by one on each page, next to a bare parse and a whole clean of it.
 * Tree (what is not skim or Gumbo of building one) and rest (labels, fields, verdicts, output) are
 * differences.
 *
 * --count runs one measure once on each N-th page and prints the bytes: under callgrind, which counts in
 * the function `counted`, that gives instructions per byte (bench/speed does so). */
#include <gumbo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "blocks/blocks.h"
#include "dehusk/page.h"
#include "dom/skim.h"
#include "extract/model.h"

#define BENCH "speed"
#include "measure.h"

enum { GROUP = 32, MAX_ROUNDS = 99, MAX_THREADS = 64 };

typedef struct page_bytes {
    dh_slice bytes; /* with a NUL behind them: Gumbo may look there */
} page_bytes;

typedef struct corpus {
    page_bytes *pages;
    size_t len;
    size_t bytes;
    size_t not_utf8;
} corpus;

/* What the measured functions work with; one for each thread. */
typedef struct bench {
    dehusk_engine *engine, *ruled_engine;
    dehusk_page *page, *ruled_page; /* the ruled ones may be NULL */
    dh_decoder *decoder;
    dh_arena arena;
    size_t failed, kept_chars;
} bench;

/* ---- the measured functions ---- */

static void run_bare(bench *b, dh_slice bytes) {
    GumboOptions options = kGumboDefaultOptions;
    (void)b;
    options.max_errors = 0;
    gumbo_destroy_output(&options, gumbo_parse_with_options(&options, bytes.ptr, bytes.len));
}

static void *allocate(void *arena, size_t size) {
    return dh_arena_alloc(arena, size);
}

static void forget(void *arena, void *ptr) {
    (void)arena;
    (void)ptr;
}

static void parse_in_arena(dh_arena *arena, dh_slice bytes) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.allocator = allocate;
    options.deallocator = forget;
    options.userdata = arena;
    gumbo_parse_with_options(&options, bytes.ptr, bytes.len);
}

static void run_arena(bench *b, dh_slice bytes) {
    dh_arena_reset(&b->arena);
    parse_in_arena(&b->arena, bytes);
}

static void run_skim(bench *b, dh_slice bytes) {
    const dh_limits limits = dh_limits_default();
    const dh_slice none = {0};
    const dh_skim_known known = {0};
    dh_decoded decoded;
    dh_skim skim;
    dh_arena_reset(&b->arena);
    if (dh_decode(b->decoder, bytes, none, none, &b->arena, &decoded, NULL) == DH_OK)
        dh_skim_page(&skim, decoded.text, &limits, &known, &b->arena);
    else
        b->failed++;
}

static void decode_and_parse(bench *b, dh_slice bytes, bool parse) {
    const dh_limits limits = dh_limits_default();
    const dh_slice none = {0};
    jmp_buf guard;
    dh_decoded decoded;
    dh_dom dom;
    dh_arena_reset(&b->arena);
    if (dh_arena_guard(&b->arena, &guard)) {
        b->failed++;
        return;
    }
    if (dh_decode(b->decoder, bytes, none, none, &b->arena, &decoded, NULL) != DH_OK ||
        decoded.content == DH_CONTENT_BINARY ||
        (parse && dh_dom_parse(&dom, decoded.text, &limits, &b->arena, NULL) != DH_OK)) {
        b->failed++;
    }
}

static void run_decode(bench *b, dh_slice bytes) {
    decode_and_parse(b, bytes, false);
}

static void run_tree(bench *b, dh_slice bytes) {
    decode_and_parse(b, bytes, true);
}

static void clean(bench *b, dehusk_page *page, dh_slice bytes, const char *url) {
    const dehusk_input input = {
        .bytes = {bytes.ptr, bytes.len}, .url = url, .from = DEHUSK_FROM_HTML};
    dehusk_bytes out;
    if (dehusk_page_clean(page, &input, NULL, NULL) != DEHUSK_OK ||
        dehusk_page_write(page, "txt", &out, NULL) != DEHUSK_OK) {
        b->failed++;
        return;
    }
    b->kept_chars += out.len;
}

static void run_clean(bench *b, dh_slice bytes) {
    clean(b, b->page, bytes, NULL);
}

static void run_rules(bench *b, dh_slice bytes) {
    clean(b, b->ruled_page, bytes, "https://bench.example/page");
}

static const struct measure {
    const char *name, *word; /* word: for --count */
    void (*run)(bench *b, dh_slice bytes);
} measures[] = {
    {"bare gumbo_parse", "bare", run_bare},  {"gumbo in an arena", "arena", run_arena},
    {"decode", "decode", run_decode},        {"decode, skim", "skim", run_skim},
    {"decode, tree", "tree", run_tree},      {"whole clean", "clean", run_clean},
    {"clean, 50 rules", "rules", run_rules},
};
enum { BARE, MEASURES = sizeof measures / sizeof measures[0] };

/* ---- setting up ---- */

static void bench_init(bench *b, dehusk_engine *engine) {
    *b = (bench){.engine = engine, .page = dehusk_page_new(engine), .decoder = dh_decoder_new()};
    if (b->page == NULL || b->decoder == NULL) die("page", "out of memory");
    dh_arena_init(&b->arena, 0);
}

static void bench_release(bench *b) {
    dehusk_page_free(b->page);
    dehusk_page_free(b->ruled_page);
    if (b->ruled_engine != NULL) dehusk_engine_free(b->ruled_engine);
    dh_decoder_free(b->decoder);
    dh_arena_release(&b->arena);
}

static dehusk_engine *new_engine(void) {
    const dehusk_engine_options options = {.no_rules = true};
    dehusk_engine *engine;
    dehusk_error error;
    if (dehusk_engine_new(&options, &engine, &error) != DEHUSK_OK) die("engine", error.message);
    return engine;
}

/* An engine with one file of 50 rules, such as people write, none of which fits a page by chance. */
static dehusk_engine *new_ruled_engine(void) {
    char folder[] = "/tmp/dehusk-bench-XXXXXX", path[64];
    const char *const folders[] = {folder};
    const dehusk_engine_options options = {
        .rule_dirs = folders, .rule_dir_count = 1, .no_default_dirs = true};
    dehusk_engine *engine;
    dehusk_error error;
    if (mkdtemp(folder) == NULL) die(folder, "not made");
    snprintf(path, sizeof path, "%s/bench.example.rules", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL) die(path, "not written");
    fputs("site: bench.example\n", file);
    for (int i = 0; i < 40; i++)
        fprintf(file, "remove: div.promo-%d > a[href*=\"/ad%d/\"], .widget-%d p\n", i, i, i);
    for (int i = 0; i < 10; i++) fprintf(file, "remove line: \"Read more about number %d*\"\n", i);
    if (fclose(file) != 0) die(path, "not written");
    const dehusk_status status = dehusk_engine_new(&options, &engine, &error);
    unlink(path);
    rmdir(folder);
    if (status != DEHUSK_OK) die("rules", error.message);
    return engine;
}

static void bench_init_rules(bench *b) {
    b->ruled_engine = new_ruled_engine();
    b->ruled_page = dehusk_page_new(b->ruled_engine);
    if (b->ruled_page == NULL) die("page", "out of memory");
}

/* The names of the pages below the folders, at most `most`. */
static void list_pages(dh_arena *arena, char **folders, int count, size_t most,
                       dh_io_entries *out) {
    dh_error error;
    for (int i = 0; i < count; i++) {
        if (dh_io_walk(folders[i], arena, out, NULL, NULL, &error) != DH_OK) {
            die(folders[i], error.message);
        }
    }
    if (out->len > most) out->len = (uint32_t)most;
    if (out->len == 0) die("no pages in", count > 0 ? folders[0] : "nothing");
}

static void load(corpus *c, const dh_io_entries *names) {
    dh_error error;
    c->pages = calloc(names->len, sizeof *c->pages);
    if (c->pages == NULL) die("pages", "out of memory");
    for (uint32_t i = 0; i < names->len; i++) {
        dh_buf bytes;
        dh_buf_init(&bytes, NULL, 0);
        if (dh_io_read(names->ptr[i].path, 0, &bytes, NULL, &error) != DH_OK) {
            die(names->ptr[i].path, error.message);
        }
        const char *text = dh_buf_cstr(&bytes); /* never released: lives as long as the process */
        c->pages[i].bytes = dh_slice_make(text, bytes.len);
        c->bytes += bytes.len;
        c->not_utf8 += dh_utf8_valid_prefix(c->pages[i].bytes) != bytes.len;
    }
    c->len = names->len;
}

/* ---- time ---- */

static void time_round(bench *b, const corpus *c, unsigned round, double spent[MEASURES]) {
    for (size_t m = 0; m < MEASURES; m++) spent[m] = 0;
    for (size_t begin = 0, turn = round; begin < c->len; begin += GROUP, turn++) {
        const size_t end = begin + GROUP < c->len ? begin + GROUP : c->len;
        for (size_t k = 0; k < MEASURES; k++) {
            const size_t m = turn % 2 == 0 ? k : MEASURES - 1 - k;
            const double start = seconds(CLOCK_THREAD_CPUTIME_ID);
            for (size_t i = begin; i < end; i++) measures[m].run(b, c->pages[i].bytes);
            spent[m] += seconds(CLOCK_THREAD_CPUTIME_ID) - start;
        }
    }
}

static void report_time(dehusk_engine *engine, const corpus *c, unsigned rounds) {
    double spent[MEASURES][MAX_ROUNDS], ratio[MEASURES][MAX_ROUNDS], one[MEASURES];
    const double pages = (double)c->len, megabytes = (double)c->bytes / 1e6;
    bench b;
    bench_init(&b, engine);
    bench_init_rules(&b);
    for (unsigned round = 0; round < rounds; round++) {
        time_round(&b, c, round, one);
        for (size_t m = 0; m < MEASURES; m++) {
            spent[m][round] = one[m];
            ratio[m][round] = one[m] / one[BARE];
        }
    }
    printf("\n%-18s %10s %10s %10s %10s %8s %17s\n", "one thread", "seconds", "ms/page", "pages/s",
           "MB/s", "of bare", "lowest - highest");
    for (size_t m = 0; m < MEASURES; m++) {
        const double t = quantile(spent[m], rounds, 0.5), r = quantile(ratio[m], rounds, 0.5);
        printf("%-18s %10.3f %10.3f %10.0f %10.1f %8.3f %8.3f - %.3f\n", measures[m].name, t,
               1e3 * t / pages, pages / t, megabytes / t, r, quantile(ratio[m], rounds, 0),
               quantile(ratio[m], rounds, 1));
    }
    if (b.failed > 0) printf("%zu runs failed (all measures, all rounds)\n", b.failed);
    bench_release(&b);
}

/* ---- stages ---- */

enum { DECODE, SKIM, GUMBO, TREE, BLOCKS, HEURISTIC, CLASSIFIER, REST, WHOLE, BARE_AGAIN, STAGES };

static const char *const stage_names[STAGES] = {"decode",
                                                "skim",
                                                "gumbo on the skeleton",
                                                "tree",
                                                "blocks",
                                                "heuristic extractor",
                                                "features, classifier",
                                                "rest",
                                                "whole clean",
                                                "bare gumbo_parse"};

static double lap(double *since) {
    const double now = seconds(CLOCK_THREAD_CPUTIME_ID), spent = now - *since;
    *since = now;
    return spent;
}

/* Up to the blocks. */
static void time_parts(bench *b, dh_slice bytes, double spent[STAGES]) {
    const dh_limits limits = dh_limits_default();
    const dh_slice none = {0};
    const dh_skim_known known = {0};
    jmp_buf guard;
    dh_decoded decoded;
    dh_skim skim;
    dh_dom dom;
    dh_blocks blocks;
    dh_arena_reset(&b->arena);
    if (dh_arena_guard(&b->arena, &guard)) die("stages", "out of memory");
    double since = seconds(CLOCK_THREAD_CPUTIME_ID);
    dh_decode(b->decoder, bytes, none, none, &b->arena, &decoded, NULL);
    spent[DECODE] += lap(&since);
    dh_skim_page(&skim, decoded.text, &limits, &known, &b->arena);
    const double skimmed = lap(&since);
    parse_in_arena(&b->arena, dh_buf_slice(&skim.skeleton));
    const double parsed = lap(&since);
    dh_dom_parse(&dom, decoded.text, &limits, &b->arena, NULL);
    spent[SKIM] += skimmed;
    spent[GUMBO] += parsed;
    spent[TREE] += lap(&since) - skimmed - parsed;
    dh_blocks_of_dom(&blocks, &dom, &limits, &b->arena);
    spent[BLOCKS] += lap(&since);
}

/* The whole, then the extractor once more on the page as it was asked. */
static void time_whole(bench *b, dh_slice bytes, double spent[STAGES]) {
    double since = seconds(CLOCK_THREAD_CPUTIME_ID);
    run_clean(b, bytes);
    spent[WHOLE] += lap(&since);
    dh_extract_page again = b->page->extract;
    if (again.blocks == NULL || again.dom == NULL) return;
    again.hints = NULL;
    dh_unit *units = dh_units_of(&again);
    dh_extract_tree(&again, units);
    spent[HEURISTIC] += lap(&since);
    dh_classify(&again, units);
    spent[CLASSIFIER] += lap(&since);
}

static void report_stages(dehusk_engine *engine, const corpus *c, unsigned rounds) {
    double all[STAGES][MAX_ROUNDS], ratio[STAGES][MAX_ROUNDS];
    bench b;
    bench_init(&b, engine);
    for (unsigned round = 0; round < rounds; round++) {
        double spent[STAGES] = {0};
        for (size_t i = 0; i < c->len; i++) {
            double since = seconds(CLOCK_THREAD_CPUTIME_ID);
            run_bare(&b, c->pages[i].bytes);
            spent[BARE_AGAIN] += lap(&since);
            time_parts(&b, c->pages[i].bytes, spent);
            time_whole(&b, c->pages[i].bytes, spent);
        }
        spent[REST] = spent[WHOLE];
        for (int s = 0; s < REST; s++) spent[REST] -= spent[s];
        for (int s = 0; s < STAGES; s++) {
            all[s][round] = spent[s];
            ratio[s][round] = spent[s] / spent[BARE_AGAIN];
        }
    }
    printf("\n%-22s %10s %8s\n", "stages of a clean", "ms/page", "of bare");
    for (int s = 0; s < STAGES; s++)
        printf("%-22s %10.3f %8.3f\n", stage_names[s],
               1e3 * quantile(all[s], rounds, 0.5) / (double)c->len,
               quantile(ratio[s], rounds, 0.5));
    bench_release(&b);
}

/* ---- instructions ---- */

__attribute__((noinline)) static void counted(bench *b, const struct measure *m, const corpus *c,
                                              unsigned every) {
    for (size_t i = 0; i < c->len; i += every) m->run(b, c->pages[i].bytes);
}

static int count(const char *word, const corpus *c, unsigned every) {
    const struct measure *m = measures;
    while (m < measures + MEASURES && strcmp(m->word, word) != 0) m++;
    if (m == measures + MEASURES) die(word, "no such measure");
    dehusk_engine *engine = new_engine();
    size_t bytes = 0, pages = 0;
    bench b;
    bench_init(&b, engine);
    if (m->run == run_rules) bench_init_rules(&b);
    counted(&b, m, c, every);
    for (size_t i = 0; i < c->len; i += every, pages++) bytes += c->pages[i].bytes.len;
    printf("%zu bytes of %zu pages, %s\n", bytes, pages, m->name);
    bench_release(&b);
    dehusk_engine_free(engine);
    return 0;
}

/* ---- threads ---- */

typedef struct shared_work {
    dehusk_engine *engine;
    const corpus *corpus;
    atomic_size_t next;
    pthread_barrier_t ready;
} shared_work;

static void *clean_some(void *data) {
    shared_work *work = data;
    bench b;
    bench_init(&b, work->engine);
    pthread_barrier_wait(&work->ready);
    for (size_t i; (i = atomic_fetch_add(&work->next, 1)) < work->corpus->len;) {
        run_clean(&b, work->corpus->pages[i].bytes);
    }
    bench_release(&b);
    return NULL;
}

static double clean_with(dehusk_engine *engine, const corpus *c, unsigned threads) {
    shared_work work = {.engine = engine, .corpus = c};
    pthread_t ids[MAX_THREADS];
    atomic_init(&work.next, 0);
    if (pthread_barrier_init(&work.ready, NULL, threads + 1) != 0) die("threads", "no barrier");
    for (unsigned i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, clean_some, &work) != 0) die("threads", "none left");
    }
    pthread_barrier_wait(&work.ready);
    const double start = seconds(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    const double spent = seconds(CLOCK_MONOTONIC) - start;
    pthread_barrier_destroy(&work.ready);
    return spent;
}

static void report_threads(dehusk_engine *engine, const corpus *c, unsigned rounds,
                           unsigned threads) {
    double alone[MAX_ROUNDS], together[MAX_ROUNDS], gain[MAX_ROUNDS];
    for (unsigned round = 0; round < rounds; round++) {
        alone[round] = clean_with(engine, c, 1);
        together[round] = clean_with(engine, c, threads);
        gain[round] = alone[round] / together[round];
    }
    const double one = quantile(alone, rounds, 0.5), many = quantile(together, rounds, 0.5);
    const double middle = quantile(gain, rounds, 0.5);
    printf("\nwhole clean, wall time: 1 thread %.3f s, %u threads %.3f s (%.0f pages/s): "
           "%.2f times one (lowest %.2f, highest %.2f)\n",
           one, threads, many, (double)c->len / many, middle, quantile(gain, rounds, 0),
           quantile(gain, rounds, 1));
}

/* ---- memory ---- */

typedef struct memory_report {
    double most, p99, median;       /* bytes of a page's arena */
    double most_factor, p99_factor; /* (bytes - 1 MiB) / bytes of input */
    double process;                 /* bytes, peak of the process */
    size_t pages;
} memory_report;

/* In a process of its own: one page after the other. */
static memory_report measure_memory(const dh_io_entries *names) {
    dehusk_engine *engine = new_engine();
    memory_report report = {0};
    double *peaks = calloc(names->len, sizeof *peaks),
           *factors = calloc(names->len, sizeof *factors);
    if (peaks == NULL || factors == NULL) die("memory", "out of memory");
    for (uint32_t i = 0; i < names->len; i++) {
        dh_buf bytes;
        bench b;
        dh_buf_init(&bytes, NULL, 0);
        if (dh_io_read(names->ptr[i].path, 0, &bytes, NULL, NULL) == DH_OK && bytes.len > 0) {
            bench_init(&b, engine);
            run_clean(&b, dh_buf_slice(&bytes));
            const double peak = (double)dehusk_page_stats(b.page).peak_memory;
            peaks[report.pages] = peak;
            factors[report.pages++] = (peak - 1048576) / (double)bytes.len;
            bench_release(&b);
        }
        dh_buf_release(&bytes);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    report.process = (double)usage.ru_maxrss * 1024;
    report.median = quantile(peaks, report.pages, 0.5);
    report.p99 = quantile(peaks, report.pages, 0.99);
    report.most = quantile(peaks, report.pages, 1);
    report.p99_factor = quantile(factors, report.pages, 0.99);
    report.most_factor = quantile(factors, report.pages, 1);
    return report;
}

static void report_memory(const dh_io_entries *names) {
    memory_report r;
    int ends[2], status;
    if (pipe(ends) != 0) die("memory", "no pipe");
    const pid_t child = fork();
    if (child == 0) {
        r = measure_memory(names);
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 1);
    }
    close(ends[1]);
    if (child < 0 || read(ends[0], &r, sizeof r) != (ssize_t)sizeof r ||
        waitpid(child, &status, 0) != child || status != 0) {
        die("memory", "the measuring process failed");
    }
    close(ends[0]);
    printf("\nmemory of a page: median %.2f MB, 99th percentile %.2f MB, most %.2f MB\n",
           r.median / 1e6, r.p99 / 1e6, r.most / 1e6);
    printf("less 1 MiB, in bytes per byte of input: 99th percentile %.2f, most %.2f\n",
           r.p99_factor, r.most_factor);
    printf("peak of the process, lexicon included: %.1f MB\n", r.process / 1e6);
}

/* ---- */

static unsigned number(const char *text, unsigned most) {
    uint64_t value;
    if (!dh_slice_to_u64(dh_slice_cstr(text), &value) || value == 0 || value > most) {
        die(text, "not a number in range");
    }
    return (unsigned)value;
}

int main(int argc, char **argv) {
    unsigned rounds = 5, threads = 2, most = UINT32_MAX, every = 1;
    const char *measure = NULL;
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--rounds") == 0) {
            rounds = number(argv[at + 1], MAX_ROUNDS);
        } else if (strcmp(argv[at], "--threads") == 0) {
            threads = number(argv[at + 1], MAX_THREADS);
        } else if (strcmp(argv[at], "--pages") == 0) {
            most = number(argv[at + 1], UINT32_MAX);
        } else if (strcmp(argv[at], "--every") == 0) {
            every = number(argv[at + 1], UINT32_MAX);
        } else if (strcmp(argv[at], "--count") == 0) {
            measure = argv[at + 1];
        } else {
            die(argv[at], "no such option");
        }
    }
    if (at >= argc) {
        fputs("speed [--rounds N] [--pages N] [--threads N] FOLDER...\n", stderr);
        return 2;
    }
    dh_arena arena;
    dh_io_entries names = {0};
    corpus c = {0};
    dh_arena_init(&arena, 0);
    list_pages(&arena, argv + at, argc - at, most, &names);

    if (measure == NULL) report_memory(&names); /* first: the child must not inherit the pages */
    load(&c, &names);
    if (measure != NULL) return count(measure, &c, every);
    printf("\n%zu pages, %.1f MB, %zu not UTF-8 (Gumbo reads their bytes as they are); %u rounds\n",
           c.len, (double)c.bytes / 1e6, c.not_utf8, rounds);
    fflush(stdout);
    dehusk_engine *engine = new_engine();
    report_time(engine, &c, rounds);
    fflush(stdout);
    report_stages(engine, &c, rounds);
    fflush(stdout);
    report_threads(engine, &c, rounds, threads);
    dehusk_engine_free(engine);
    dh_arena_release(&arena);
    return 0;
}
