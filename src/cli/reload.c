/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reload.h"

#include <sys/stat.h>
#include <time.h>

#include "base/io.h"
#include "base/map.h"
#include "cli/job.h"
#include "cli/load.h"
#include "dehusk/page.h"

enum { EVERY_MS = 1000 };

static int64_t now_ms(void) {
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_data(dh_slice name) {
    return dh_slice_ends(name, DH_SLICE(".rules")) || dh_slice_ends(name, DH_SLICE(".tsv"));
}

static void put_file(dh_buf *out, const char *name, const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) return;
    dh_buf_printf(out, "\n%s %lld %lld.%09ld %llu", name, (long long)st.st_size,
                  (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (unsigned long long)st.st_ino);
}

/* Name, size and time of change of each file; a folder that is not there counts, too. */
static void put_folder(dh_buf *out, const char *folder, dh_arena *arena) {
    dh_io_entries entries = {0};
    dh_buf_puts(out, folder);
    if (dh_io_walk(folder, arena, &entries, NULL, NULL, NULL) != DH_OK) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        if (!is_data(dh_slice_cstr(entries.ptr[i].relative))) continue;
        put_file(out, entries.ptr[i].relative, entries.ptr[i].path);
    }
}

/* 0 when memory is out. */
static uint64_t stamp_of(const dh_cli_options *options) {
    dh_arena arena;
    dh_arena_init(&arena, 0);
    jmp_buf guard;
    if (dh_arena_guard(&arena, &guard)) {
        dh_arena_release(&arena);
        return 0;
    }
    dehusk_engine_options how = {.rule_dirs = options->rules.ptr,
                                 .rule_dir_count = options->rules.len};
    dh_rule_folders folders = {0};
    dh_rule_folders_list(&how, &arena, &folders);
    dh_buf all;
    dh_buf_init(&all, &arena, 0);
    for (uint32_t i = 0; i < folders.len; i++) put_folder(&all, folders.ptr[i], &arena);
    if (options->memory != NULL) put_file(&all, options->memory, options->memory);
    uint64_t stamp = dh_hash(dh_buf_slice(&all));
    dh_arena_release(&arena);
    return stamp;
}

void dh_reload_begin(dh_reload *reload, dh_cli *cli) {
    *reload = (dh_reload){.cli = cli, .stamp = stamp_of(cli->options)};
    reload->next_ms = now_ms() + EVERY_MS;
}

dehusk_engine *dh_reload_look(dh_reload *reload) {
    int64_t now = now_ms();
    if (now < reload->next_ms) return NULL;
    uint64_t stamp = stamp_of(reload->cli->options);
    reload->next_ms = now_ms() + EVERY_MS;
    if (stamp == reload->stamp || stamp == 0) return NULL;
    reload->stamp = stamp;
    dehusk_engine *engine = NULL;
    dehusk_error error = {0};
    dehusk_status status = dh_engine_for(reload->cli, &engine, &error);
    if (status == DEHUSK_OK) {
        if (reload->cli->talk.verbose > 0)
            dh_talk_error(&reload->cli->talk, "rule files changed and were read again");
        return engine;
    }
    (void)dh_cli_engine_failed(reload->cli, status, &error);
    dh_talk_error(&reload->cli->talk, "rule files changed; the old ones stay at work");
    return NULL;
}

void dh_reload_force(dh_reload *reload) {
    reload->stamp = 0;
    reload->next_ms = 0;
}
