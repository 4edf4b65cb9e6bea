/* SPDX-License-Identifier: Apache-2.0 */
/* trees: whether the tree built through skim is the one that Gumbo builds from the whole page
 * (tests/tree/same.h says what is compared), for every file below the folders; the inputs of *.dat
 * files (html5lib's tree construction tests) one by one.
 *
 *     trees [--all] [--known FILE] FOLDER...
 *
 * Prints each difference with the first two lines that differ, and whether text is lost; with --all
 * both trees. FILE names inputs that are known to differ ("tests1.dat:3 reason" in a line). Exit status
 * 1 when another one differed, when text was lost, or when one of FILE's did not differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "input/decode.h"
#include "tree/same.h"

typedef struct counts {
    size_t pages, skipped, differ, known, lost;
    dh_slice known_lines; /* what is known to differ */
    bool all;
} counts;

static void die(const char *what, const char *why) {
    fprintf(stderr, "trees: %s: %s\n", what, why);
    exit(2);
}

/* All of part's characters stand in whole, in order. */
static bool within(dh_slice part, dh_slice whole) {
    size_t at = 0;
    for (size_t i = 0; i < whole.len && at < part.len; i++) at += part.ptr[at] == whole.ptr[i];
    return at == part.len;
}

enum { SHOWN = 160, BEFORE = 40 };

/* A part of a long line, from a little before the byte `from`. */
static void put_shown(dh_slice s, size_t from) {
    dh_slice part = dh_slice_sub(s, s.len > SHOWN && from > BEFORE ? from - BEFORE : 0, s.len);
    printf("%.*s", (int)(part.len > SHOWN ? SHOWN : part.len), part.ptr);
}

static bool is_known(const counts *c, const char *name, size_t number) {
    char key[256];
    snprintf(key, sizeof key, "\n%s:%zu ", name, number);
    return dh_slice_has(c->known_lines, dh_slice_cstr(key));
}

static size_t count_known(const counts *c) {
    size_t n = 0;
    for (size_t i = 1; i < c->known_lines.len; i++)
        n += c->known_lines.ptr[i - 1] == '\n' && c->known_lines.ptr[i] != '#' &&
             c->known_lines.ptr[i] != '\n';
    return n;
}

static void look(counts *c, const char *name, size_t number, dh_slice page) {
    dh_arena arena;
    dh_buf ours, gumbo;
    const dh_limits limits = same_limits();
    dh_arena_init(&arena, 0);
    dh_buf_init(&ours, &arena, 0);
    dh_buf_init(&gumbo, &arena, 0);
    same_ours(page, &limits, &arena, &ours);
    same_gumbo(page, &arena, &gumbo);
    dh_slice our_line, gumbo_line;
    size_t line = same_differ(dh_buf_slice(&ours), dh_buf_slice(&gumbo), &our_line, &gumbo_line);
    c->pages++;
    if (line > 0) {
        const bool known = is_known(c, name, number);
        c->differ++;
        c->known += known;
        bool lost = !within(same_text(dh_buf_slice(&gumbo), &arena),
                            same_text(dh_buf_slice(&ours), &arena));
        c->lost += lost;
        printf("%s%s:%zu: line %zu of the tree%s\n  gumbo ", known ? "known: " : "", name, number,
               line, lost ? ", text lost" : "");
        size_t same = 0;
        while (same < gumbo_line.len && same < our_line.len &&
               gumbo_line.ptr[same] == our_line.ptr[same])
            same++;
        put_shown(gumbo_line, same);
        printf("\n  skim  ");
        put_shown(our_line, same);
        if (number > 0) {
            printf("\n  page  ");
            put_shown(page, 0);
        }
        printf("\n");
        if (c->all)
            printf("---- gumbo\n%s---- skim\n%s----\n", dh_buf_cstr(&gumbo), dh_buf_cstr(&ours));
    }
    dh_arena_release(&arena);
}

static void decode_and_look(counts *c, const char *name, size_t number, dh_slice bytes) {
    dh_arena arena;
    dh_decoded decoded;
    const dh_slice none = {NULL, 0};
    dh_decoder *decoder = dh_decoder_new();
    if (decoder == NULL) die(name, "out of memory");
    dh_arena_init(&arena, 0);
    const dh_slice charset = number > 0 ? DH_SLICE("utf-8") : none;
    if (dh_decode(decoder, bytes, charset, none, &arena, &decoded, NULL) == DH_OK &&
        (number > 0 || decoded.content != DH_CONTENT_BINARY)) {
        look(c, name, number, decoded.text);
    } else {
        c->skipped++;
    }
    dh_arena_release(&arena);
    dh_decoder_free(decoder);
}

/* "#data\nINPUT\n#errors\n...": the inputs, but for those of fragments. */
static void look_at_tests(counts *c, const char *name, dh_slice file) {
    size_t number = 0;
    while (file.len > 0) {
        size_t begin = dh_slice_find(file, DH_SLICE("#data\n"));
        if (begin == DH_NPOS) return;
        file = dh_slice_sub(file, begin + 6, file.len);
        size_t end = dh_slice_find(file, DH_SLICE("#errors\n"));
        if (end == DH_NPOS) return;
        dh_slice input = dh_slice_sub(file, 0, end > 0 ? end - 1 : 0);
        file = dh_slice_sub(file, end, file.len);
        size_t next = dh_slice_find(file, DH_SLICE("\n#data\n"));
        dh_slice rest = next == DH_NPOS ? file : dh_slice_sub(file, 0, next);
        number++;
        if (dh_slice_has(rest, DH_SLICE("\n#document-fragment\n")))
            c->skipped++;
        else
            decode_and_look(c, name, number, input);
    }
}

static void look_below(counts *c, const char *folder) {
    dh_arena arena;
    dh_io_entries names = {0};
    dh_error error;
    dh_arena_init(&arena, 0);
    if (dh_io_walk(folder, &arena, &names, NULL, NULL, &error) != DH_OK) die(folder, error.message);
    for (uint32_t i = 0; i < names.len; i++) {
        dh_buf bytes;
        dh_buf_init(&bytes, NULL, 0);
        const dh_slice name = dh_slice_cstr(names.ptr[i].relative);
        if (dh_slice_ends(name, DH_SLICE(".md"))) continue;
        if (dh_io_read(names.ptr[i].path, 0, &bytes, NULL, &error) != DH_OK)
            die(names.ptr[i].path, error.message);
        dh_buf_cstr(&bytes); /* Gumbo may look at the byte behind them */
        if (dh_slice_ends(name, DH_SLICE(".dat")))
            look_at_tests(c, names.ptr[i].relative, dh_buf_slice(&bytes));
        else
            decode_and_look(c, names.ptr[i].relative, 0, dh_buf_slice(&bytes));
        dh_buf_release(&bytes);
        fflush(stdout);
    }
    dh_arena_release(&arena);
}

int main(int argc, char **argv) {
    counts c = {0};
    dh_buf known;
    int at = 1;
    dh_buf_init(&known, NULL, 0);
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
        if (strcmp(argv[at], "--all") == 0)
            c.all = true;
        else if (strcmp(argv[at], "--known") == 0 && at + 1 < argc) {
            if (dh_io_read(argv[++at], 0, &known, NULL, NULL) != DH_OK) die(argv[at], "not read");
        } else
            die(argv[at], "no such option");
    }
    if (at >= argc) die("trees", "no folder");
    c.known_lines = dh_buf_slice(&known);
    for (; at < argc; at++) look_below(&c, argv[at]);
    printf(
        "%zu trees compared, %zu differ (%zu of %zu known), %zu lose text; %zu inputs left out\n",
        c.pages, c.differ, c.known, count_known(&c), c.lost, c.skipped);
    const bool fine = c.differ == c.known && c.known == count_known(&c) && c.lost == 0;
    dh_buf_release(&known);
    return fine ? 0 : 1;
}
