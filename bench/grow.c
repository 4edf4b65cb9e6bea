/* SPDX-License-Identifier: Apache-2.0 */
/* grow: one clean of a page of a given size, made of real pages one behind the other or of a hostile
 * shape; bench/grow runs it under callgrind and prints how cost grows.
 *
 *     grow SHAPE BYTES [FOLDER]
 *
 * SHAPE is "pages" (with the FOLDER), "rules" (BYTES rules for the site of one small page) or the name
 * of a row of tests/pathological/shapes.def. Ceilings stay as they are for hostile shapes; for pages and rules they are raised.
 * Prints the CPU time and the memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "dehusk/dehusk.h"
#include "pathological/shape.h"

#define BENCH "grow"
#include "measure.h"

enum { UNIT = 100000, SMALL = 60000 };

/* About 100 kB of small pages, again and again: a page twice as long has twice of the same. */
static void put_pages(dh_buf *page, const char *folder, size_t size) {
    dh_arena arena;
    dh_io_entries names = {0};
    dh_error error;
    dh_buf unit, one;
    dh_arena_init(&arena, 0);
    dh_buf_init(&unit, NULL, 0);
    if (dh_io_walk(folder, &arena, &names, NULL, NULL, &error) != DH_OK) die(folder, error.message);
    for (uint32_t i = 0; i < names.len && unit.len < UNIT; i++) {
        dh_buf_init(&one, NULL, 0);
        if (dh_io_read(names.ptr[i].path, 0, &one, NULL, NULL) == DH_OK && one.len < SMALL)
            dh_buf_put(&unit, one.ptr, one.len);
        dh_buf_release(&one);
    }
    if (unit.len == 0) die(folder, "no small pages");
    while (page->len < size)
        dh_buf_put(page, unit.ptr, unit.len < size - page->len ? unit.len : size - page->len);
    dh_buf_release(&unit);
    dh_arena_release(&arena);
}

static void put_shape(dh_buf *page, const char *name, size_t size) {
    const shape *s = shape_find(name);
    if (s == NULL) die(name, "no such shape");
    shape_put(s, size, page);
}

/* A folder with one file of so many rules; the caller removes it. */
static void write_rules(char *folder, size_t count) {
    char path[64];
    if (mkdtemp(folder) == NULL) die(folder, "not made");
    snprintf(path, sizeof path, "%s/bench.example.rules", folder);
    FILE *f = fopen(path, "w");
    if (f == NULL) die(path, "not written");
    fputs("site: bench.example\n", f);
    for (size_t i = 0; i < count; i++)
        fprintf(f,
                i % 5 == 4 ? "remove line: \"Read more about number %zu*\"\n"
                           : "remove: div.promo-%zu > a[href*=\"/ad/\"], .widget-%zu\n",
                i, i);
    if (fclose(f) != 0) die(path, "not written");
}

/* What is measured; callgrind counts in dehusk_page_clean. */
static void clean_once(dehusk_page *page, const dehusk_input *input) {
    dehusk_bytes out;
    dehusk_error error;
    if (dehusk_page_clean(page, input, NULL, &error) != DEHUSK_OK ||
        dehusk_page_write(page, "txt", &out, &error) != DEHUSK_OK)
        die("page", error.message);
}

int main(int argc, char **argv) {
    uint64_t size;
    if (argc < 3 || !dh_slice_to_u64(dh_slice_cstr(argv[2]), &size))
        die("usage", "SHAPE BYTES [FOLDER]");
    const bool pages = strcmp(argv[1], "pages") == 0, rules = strcmp(argv[1], "rules") == 0;
    char folder[] = "dehusk-rules-XXXXXX";
    const char *dirs[] = {folder};
    dehusk_engine_options options = {
        .no_rules = !rules, .rule_dirs = dirs, .rule_dir_count = rules};
    if (rules) write_rules(folder, size);
    dehusk_engine *engine;
    dehusk_error error;
    dh_buf bytes;
    dh_buf_init(&bytes, NULL, 0);
    if (dehusk_engine_new(&options, &engine, &error) != DEHUSK_OK) die("engine", error.message);
    if (rules) {
        char path[64];
        snprintf(path, sizeof path, "%s/bench.example.rules", folder);
        unlink(path);
        rmdir(folder);
    }
    if ((pages || rules) && argc > 3) put_pages(&bytes, argv[3], rules ? 200000 : size);
    else put_shape(&bytes, argv[1], size);
    dehusk_page *page = dehusk_page_new(engine);
    for (const char *const *name =
             (const char *const[]){"bytes", "nodes", "blocks", "rule-steps", NULL};
         (pages || rules) && *name != NULL; name++)
        dehusk_page_set_limit(page, *name, UINT32_MAX);
    const dehusk_input input = {.bytes = {dh_buf_cstr(&bytes), bytes.len},
                                .url = rules ? "https://bench.example/a" : NULL,
                                .from = DEHUSK_FROM_HTML};
    const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    clean_once(page, &input);
    const char *limit = dehusk_page_limited(page);
    printf("%s %llu: %.1f ms, memory %.1f MB%s%s\n", argv[1], (unsigned long long)size,
           1e3 * (seconds(CLOCK_PROCESS_CPUTIME_ID) - start),
           (double)dehusk_page_stats(page).peak_memory / 1e6, limit != NULL ? ", limit " : "",
           limit != NULL ? limit : "");
    dehusk_page_free(page);
    dehusk_engine_free(engine);
    dh_buf_release(&bytes);
    return 0;
}
