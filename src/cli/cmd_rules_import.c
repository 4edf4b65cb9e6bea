/* SPDX-License-Identifier: Apache-2.0 */
/* dehusk rules import: a folder of Full-Text RSS site configs to a folder of rule files. Rule files
 * that are there already are kept unless --overwrite is said. */
#include "cli/cmd_rules_import.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/io.h"
#include "rules/import.h"

enum { MAX_CONFIG = 4 << 20 };

typedef struct job {
    dh_cli *cli;
    dh_import *import;
    const char *from;
    DH_VEC(const char *) names;
    uint32_t failed;
} job;

/* "global.txt", which the others inherit, comes first. */
static int by_name(const void *a, const void *b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    int gx = strcmp(x, "global.txt") != 0, gy = strcmp(y, "global.txt") != 0;
    return gx != gy ? gx - gy : strcmp(x, y);
}

/* Names that begin with a dot are configs, too: ".x.example.txt" is for the subdomains. */
static bool list(job *j) {
    DIR *folder = opendir(j->from);
    if (folder == NULL) {
        dh_talk_about(&j->cli->talk, j->from, "%s", strerror(errno));
        return false;
    }
    dh_buf names; /* heap: the folder must be closed before the arena is asked */
    dh_buf_init(&names, NULL, 0);
    int why = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        why = errno;
        if (entry == NULL) break;
        dh_slice name = dh_slice_cstr(entry->d_name);
        if (dh_slice_ends(name, DH_SLICE(".txt"))) dh_buf_put(&names, name.ptr, name.len + 1);
    }
    closedir(folder);
    if (names.failed) why = ENOMEM;
    if (why != 0) {
        dh_talk_about(&j->cli->talk, j->from, "%s", strerror(why));
        dh_buf_release(&names);
        return false;
    }
    dh_slice all = dh_arena_dup(j->cli->arena, dh_buf_slice(&names));
    dh_buf_release(&names);
    for (size_t at = 0; at < all.len; at += strlen(all.ptr + at) + 1)
        *DH_PUSH(j->cli->arena, j->names) = all.ptr + at;
    if (j->names.len > 0) qsort(j->names.ptr, j->names.len, sizeof *j->names.ptr, by_name);
    else dh_talk_about(&j->cli->talk, j->from, "no site configs (*.txt) are in it");
    return j->names.len > 0;
}

static const char *join(dh_cli *cli, const char *folder, dh_slice name) {
    dh_buf path;
    dh_buf_init(&path, cli->arena, 0);
    dh_buf_printf(&path, "%s/%.*s", folder, (int)name.len, name.ptr);
    return dh_buf_cstr(&path);
}

static dh_status write_file(job *j, dh_slice name, dh_slice text, dh_error *error) {
    const char *path = join(j->cli, j->cli->options->output, name);
    dh_slice folder = dh_slice_cstr(path);
    while (folder.len > 0 && folder.ptr[folder.len - 1] != '/') folder.len--;
    folder.len--;
    dh_status status = dh_io_mkdirs(dh_arena_dup(j->cli->arena, folder).ptr, error);
    if (status != DH_OK) return status;
    return dh_io_write(path, text, j->cli->options->overwrite, false, error);
}

static void import_one(job *j, const char *name, dh_buf *text, dh_buf *out) {
    dh_error error = {0};
    bool cut = false;
    dh_buf_reset(text);
    dh_status status =
        dh_io_read(join(j->cli, j->from, dh_slice_cstr(name)), MAX_CONFIG, text, &cut, &error);
    if (status == DH_OK && cut)
        status = dh_error_set(&error, DH_ERR_LIMIT, "rules", 0, "over %d MiB", MAX_CONFIG >> 20);
    if (status == DH_OK) {
        dh_slice rules;
        dh_import_file(j->import, dh_slice_cstr(name), dh_buf_slice(text), &rules, out);
        if (rules.len > 0) status = write_file(j, rules, dh_buf_slice(out), &error);
    }
    if (status == DH_OK) return;
    dh_talk_about(&j->cli->talk, name, "%s", error.message);
    j->failed++;
}

static bool write_report(job *j) {
    const char *path = j->cli->options->report;
    if (path == NULL) return true;
    dh_buf out;
    dh_buf_init(&out, j->cli->arena, 0);
    dh_import_report(j->import, &out);
    dh_error error = {0};
    if (dh_io_write(path, dh_buf_slice(&out), true, false, &error) == DH_OK) return true;
    dh_talk_about(&j->cli->talk, path, "%s", error.message);
    return false;
}

static int tell(job *j) {
    dh_import_counts c = dh_import_count(j->import);
    dh_buf out;
    dh_buf_init(&out, j->cli->arena, 0);
    dh_buf_printf(&out, "%u site configs, %u rule files in %s\n", (unsigned)c.files,
                  (unsigned)c.written - (unsigned)j->failed, j->cli->options->output);
    dh_buf_printf(&out, "%u of %u selector lines survive; %u lines are dropped, %u warnings%s\n",
                  (unsigned)c.survived, (unsigned)c.selectors, (unsigned)c.dropped,
                  (unsigned)c.warnings,
                  j->cli->options->report == NULL ? " (--report FILE lists them)" : "");
    return dh_cli_print(j->cli, dh_buf_slice(&out));
}

int dh_cmd_rules_import(dh_cli *cli) {
    const dh_cli_options *o = cli->options;
    if (o->operands.len != 2 || o->output == NULL) {
        dh_talk_error(&cli->talk, "rules import FOLDER -o FOLDER: a folder of Full-Text RSS site "
                                  "configs, and where the rule files go");
        return DH_EXIT_USAGE;
    }
    job j = {.cli = cli, .from = o->operands.ptr[1], .import = dh_import_new(cli->arena)};
    if (!list(&j)) return DH_EXIT_USAGE;
    dh_buf text, out;
    dh_buf_init(&text, cli->arena, 0);
    dh_buf_init(&out, cli->arena, 0);
    for (uint32_t i = 0; i < j.names.len; i++) import_one(&j, j.names.ptr[i], &text, &out);
    bool reported = write_report(&j);
    int code = tell(&j);
    return code == DH_EXIT_OK && (j.failed > 0 || !reported) ? DH_EXIT_FAILED : code;
}
