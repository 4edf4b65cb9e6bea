/* SPDX-License-Identifier: Apache-2.0 */
/* rules [--files N] [FOLDER]: how long the rule files below a folder (or N invented ones) take to load, and how
 * long it takes to find the file that serves an address. Exit status 1 when loading takes a second
 * or more, or a lookup 10 microseconds or more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "rules/rules_private.h"

enum { LOOKUPS = 200000, MAX_FILE = 4 << 20 };

typedef struct source {
    dh_slice name;
    const char *path; /* NULL: text is there */
    dh_slice text;
} source;

typedef struct bench {
    dh_arena arena;
    DH_VEC(source) sources;
    DH_VEC(dh_slice) urls;
    dh_rule_set *set;
} bench;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Files such as people write: a dozen lines, one of them XPath, one a regular expression. */
static void invent(bench *b, unsigned n) {
    static const char rules[] =
        "site: site%u.example\narticle: main .story-%u, article\ntitle: h1.head-%u\n"
        "author: .byline-%u a | drop \"By \"\ndate: time @datetime\n"
        "remove: .ad-%u, [class*=\"promo\"], [id*=\"share\"]\nremove: aside, nav, .social > a\n"
        "remove: //div[contains(., 'Advertisement')]\nremove block: \"Most read\" or \"Related\"\n"
        "remove line: \"Sign up to our newsletter*\"\nreplace: /\\s*\\(opens in new tab\\)/ => \"\"\n";
    for (unsigned i = 0; i < n; i++) {
        char name[64], text[1024];
        snprintf(name, sizeof name, "site%u.example.rules", i);
        snprintf(text, sizeof text, rules, i, i, i % 97, i % 89, i % 13);
        *DH_PUSH(&b->arena, b->sources) =
            (source){.name = dh_arena_dup(&b->arena, dh_slice_cstr(name)),
                     .text = dh_arena_dup(&b->arena, dh_slice_cstr(text))};
    }
}

static dh_status list(bench *b, const char *folder, dh_error *error) {
    dh_io_entries entries = {NULL, 0, 0};
    dh_status status = dh_io_walk(folder, &b->arena, &entries, NULL, NULL, error);
    for (uint32_t i = 0; i < entries.len; i++) {
        dh_slice name = dh_slice_cstr(entries.ptr[i].relative);
        if (dh_slice_ends(name, DH_SLICE(".rules")))
            *DH_PUSH(&b->arena, b->sources) = (source){.name = name, .path = entries.ptr[i].path};
    }
    return status;
}

static dh_status load(bench *b, dh_error *error) {
    b->set = dh_rules_new(&b->arena);
    for (uint32_t i = 0; i < b->sources.len; i++) {
        source *s = &b->sources.ptr[i];
        dh_buf text;
        dh_buf_init(&text, &b->arena, 0);
        dh_status status = DH_OK;
        if (s->path != NULL) {
            status = dh_io_read(s->path, MAX_FILE, &text, NULL, error);
            s->text = dh_buf_slice(&text);
        }
        if (status == DH_OK) status = dh_rules_add(b->set, s->name, s->path, s->text, error);
        if (status != DH_OK) return status;
    }
    return dh_rules_finish(b->set, error);
}

/* An address on each host, and one on a subdomain that no file names. */
static void make_urls(bench *b) {
    for (uint32_t f = 0; f < b->set->files.len; f++) {
        const dh_rule_file *file = b->set->files.ptr[f];
        for (uint32_t i = 0; i < file->lines.len; i++) {
            const dh_rule_line *line = &file->lines.ptr[i];
            if (line->verb != DH_RULE_site) continue;
            dh_slice host = line->words[0];
            if (host.ptr[0] == '=') host = dh_slice_sub(host, 1, host.len);
            dh_buf url;
            dh_buf_init(&url, &b->arena, 0);
            dh_buf_printf(&url, "https://%s%.*s/2024/05/a-story-%u.html", f % 2 ? "" : "www.",
                          (int)host.len, host.ptr, (unsigned)f);
            *DH_PUSH(&b->arena, b->urls) = dh_buf_slice(&url);
        }
    }
}

static double lookup_us(bench *b, uint32_t *hits) {
    dh_arena arena;
    dh_blocks blocks = {0};
    dh_arena_init(&arena, 0);
    *hits = 0;
    double begin = now_ms();
    for (uint32_t i = 0; i < LOOKUPS; i++) {
        dh_arena_reset(&arena);
        dh_rule_page page = {
            .blocks = &blocks, .url = b->urls.ptr[(i * 7919u) % b->urls.len], .arena = &arena};
        dh_rule_outcome out = {0};
        dh_rule_run run = {.set = b->set, .page = &page, .out = &out};
        dh_rules_find(&run);
        *hits += out.files.len > 0;
    }
    double us = (now_ms() - begin) * 1e3 / LOOKUPS;
    dh_arena_release(&arena);
    return us;
}

static int measure(bench *b) {
    dh_error error = {0};
    double begin = now_ms();
    dh_status status = load(b, &error);
    double load_ms = now_ms() - begin;
    if (status != DH_OK) {
        fprintf(stderr, "%s:%u:%u: %s\n", error.file, (unsigned)error.line, (unsigned)error.column,
                error.message);
        return 1;
    }
    uint64_t lines = 0;
    for (uint32_t f = 0; f < b->set->files.len; f++) lines += b->set->files.ptr[f]->lines.len;
    make_urls(b);
    uint32_t hits = 0;
    double us = b->urls.len > 0 ? lookup_us(b, &hits) : 0;
    printf("files %u  lines %llu  load %.0f ms  memory %.1f MB  lookup %.2f us  found %.1f %%\n",
           (unsigned)b->set->files.len, (unsigned long long)lines, load_ms,
           (double)b->arena.reserved / 1e6, us, (double)hits * 100.0 / LOOKUPS);
    return load_ms < 1000 && us < 10 ? 0 : 1;
}

int main(int argc, char **argv) {
    bench b = {0};
    jmp_buf guard;
    dh_error error = {0};
    dh_arena_init(&b.arena, 0);
    int code = 1;
    if (!dh_arena_guard(&b.arena, &guard)) {
        dh_status status = DH_OK;
        if (argc == 3 && strcmp(argv[1], "--files") == 0)
            invent(&b, (unsigned)strtoul(argv[2], NULL, 10));
        else if (argc == 2)
            status = list(&b, argv[1], &error);
        else
            status = dh_error_set(&error, DH_ERR_USAGE, "bench", 0, "rules FOLDER | --files N");
        if (status == DH_OK) code = measure(&b);
        else fprintf(stderr, "%s\n", error.message);
    }
    dh_rules_release(b.set);
    dh_arena_release(&b.arena);
    return code;
}
