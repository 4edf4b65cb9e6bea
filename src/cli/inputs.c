/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/members.h"
#include "base/io.h"
#include "base/url.h"
#include "cli/interrupt.h"
#include "cli/lines.h"

enum { LONGEST_LIST_LINE = 64 * 1024 };

/* A folder of saved pages holds what the pages are dressed with: known by name and left out without
 * a word, where a file that somebody names is read and found to be no page. */
static const char *const no_pages[] = {
    "css", "js",     "mjs",   "json", "map",  "png", "jpg", "jpeg", "gif",  "webp", "avif", "svg",
    "ico", "bmp",    "tif",   "tiff", "mp3",  "mp4", "m4a", "m4v",  "ogg",  "webm", "mov",  "avi",
    "wav", "woff",   "woff2", "ttf",  "otf",  "eot", "pdf", "doc",  "docx", "xls",  "xlsx", "ppt",
    "zip", "gz",     "bz2",   "xz",   "zst",  "tar", "7z",  "rar",  "exe",  "bin",  "so",   "swf",
    "db",  "sqlite", "warc",  "tmp",  "lock", "log", "csv", "tsv",  "rss",  "atom", "epub", "wasm"};

typedef struct collector {
    dh_cli *cli;
    dh_inputs *inputs;
    bool several_folders, stdin_used, members_too;
    const char *out; /* real path of the output folder when it exists, or NULL */
} collector;

const char *dh_input_spoken(const dh_input *input) {
    return strcmp(input->name, "-") == 0 ? "stdin" : input->name;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static dh_slice ending(const char *path) {
    const char *name = last_part(path), *dot = strrchr(name, '.');
    return dot != NULL && dot > name ? dh_slice_cstr(dot + 1) : (dh_slice){NULL, 0};
}

static size_t ending_among(dh_slice name, const char *const *endings, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (dh_slice_ends_nocase(name, dh_slice_cstr(endings[i]))) return strlen(endings[i]);
    return 0;
}

size_t dh_warc_ending(dh_slice name) {
    static const char *const endings[] = {".warc.wet.gz", ".warc.gz", ".wet.gz", ".warc.zst",
                                          ".warc", ".wet"};
    return ending_among(name, endings, sizeof endings / sizeof *endings);
}

/* ".json" by itself is one object as often as not. */
size_t dh_lines_ending(dh_slice name) {
    static const char *const endings[] = {".jsonl",      ".ndjson",     ".jsonl.gz", ".jsonl.zst",
                                          ".ndjson.gz", ".ndjson.zst", ".json.gz",  ".json.zst"};
    return ending_among(name, endings, sizeof endings / sizeof *endings);
}

/* A file holds pages by lines or by records when its name or --from says so. */
static dh_input_source source_of(const collector *c, const char *path) {
    const char *from = c->cli->options->from;
    if (from != NULL && strcmp(from, "jsonl") == 0) return DH_FROM_JSONL;
    if (from != NULL && strcmp(from, "warc") == 0) return DH_FROM_WARC;
    if (from != NULL && strcmp(from, "auto") != 0) return DH_FROM_FILE;
    if (dh_warc_ending(dh_slice_cstr(path)) > 0) return DH_FROM_WARC;
    if (dh_members_ending(dh_slice_cstr(path)) > 0) return DH_FROM_MEMBERS;
    return dh_lines_ending(dh_slice_cstr(path)) > 0 ? DH_FROM_JSONL : DH_FROM_FILE;
}

static void missing(collector *c, const char *name, const char *why) {
    dh_talk_about(&c->cli->talk, name, "%s", why);
    c->inputs->failed++;
    bool gone = access(name, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP);
    if (!gone) c->inputs->unread++;
}

static void missing_in_walk(void *data, const char *path, const char *why) {
    missing(data, path, why);
}

static void add(collector *c, dh_input input) {
    if (input.source == DH_FROM_FILE) input.source = source_of(c, input.name);
    if (dh_input_holds_many(input.source)) c->inputs->many = true;
    if (input.source == DH_FROM_URL || input.source == DH_FROM_STDIN) c->inputs->sized = false;
    *DH_PUSH(c->cli->arena, c->inputs->all) = input;
}

/* The output folder as seen from root, NULL when it is not below it: what an earlier run wrote there
 * is no input of this one. "" when they are the same. */
static const char *output_below(const collector *c, const char *root, dh_arena *arena) {
    char *real = c->out != NULL ? realpath(root, NULL) : NULL;
    if (real == NULL) return NULL;
    size_t len = strlen(real);
    const char *below = NULL;
    if (strcmp(c->out, real) == 0)
        below = "";
    else if (strncmp(c->out, real, len) == 0 && (c->out[len] == '/' || len == 1))
        below = dh_arena_dup(arena, dh_slice_cstr(c->out + len + (len > 1))).ptr;
    free(real);
    return below;
}

static bool is_below(const char *relative, const char *folder) {
    size_t len = strlen(folder);
    return strncmp(relative, folder, len) == 0 && relative[len] == '/';
}

bool dh_input_is_no_page(const char *path) {
    dh_slice end = ending(path);
    if (dh_warc_ending(dh_slice_cstr(path)) > 0 || dh_lines_ending(dh_slice_cstr(path)) > 0) return false;
    for (size_t i = 0; i < sizeof no_pages / sizeof *no_pages; i++)
        if (dh_slice_eq_nocase(end, dh_slice_cstr(no_pages[i]))) return true;
    return false;
}

/* Of several folders each is mirrored under its own name. */
static const char *under_root(const collector *c, const char *root, const char *relative) {
    if (!c->several_folders) return relative;
    dh_slice name = dh_slice_cstr(root);
    while (name.len > 0 && name.ptr[name.len - 1] == '/') name.len--;
    size_t begin = name.len;
    while (begin > 0 && name.ptr[begin - 1] != '/') begin--;
    name = dh_slice_sub(name, begin, name.len);
    if (name.len == 0 || dh_slice_eq(name, DH_SLICE(".")) || dh_slice_eq(name, DH_SLICE("..")))
        return relative;
    dh_buf path;
    dh_buf_init(&path, c->cli->arena, 0);
    dh_buf_put_slice(&path, name);
    dh_buf_putc(&path, '/');
    dh_buf_puts(&path, relative);
    return dh_buf_cstr(&path);
}

static void add_folder(collector *c, const char *root) {
    dh_io_entries entries;
    dh_error error = {0};
    c->inputs->many = true;
    if (dh_io_walk(root, c->cli->arena, &entries, missing_in_walk, c, &error) != DH_OK) {
        missing(c, root, error.message);
        return;
    }
    const char *out = output_below(c, root, c->cli->arena);
    if (out != NULL && out[0] == '\0') c->inputs->into_itself = true;
    for (uint32_t i = 0; i < entries.len; i++) {
        const dh_io_entry *entry = &entries.ptr[i];
        if (out != NULL && is_below(entry->relative, out)) continue;
        bool members = c->members_too && dh_members_ending(dh_slice_cstr(entry->relative)) > 0;
        if (!members && dh_input_is_no_page(entry->relative)) {
            c->inputs->left_out++;
            continue;
        }
        add(c, (dh_input){.name = entry->path,
                          .relative = under_root(c, root, entry->relative),
                          .size = entry->size});
    }
}

static dh_status add_stdin(collector *c, dh_error *error) {
    if (c->stdin_used)
        return dh_error_set(error, DH_ERR_USAGE, "inputs", 0, "stdin cannot be read twice");
    c->stdin_used = true;
    add(c, (dh_input){.source = DH_FROM_STDIN, .name = "-", .relative = "stdin"});
    return DH_OK;
}

/* One operand, or (listed) one line of a list, whose path names its output as it stands. */
static dh_status add_one(collector *c, const char *name, const char *url, bool listed,
                         dh_error *error) {
    struct stat st;
    if (strcmp(name, "-") == 0 && !listed) return add_stdin(c, error);
    if (dh_url_is_http(dh_slice_cstr(name))) {
        add(c, (dh_input){.source = DH_FROM_URL, .name = name, .url = url, .relative = name});
    } else if (stat(name, &st) != 0) {
        const char *why = strerror(errno);
        missing(c, name,
                strstr(name, "://") != NULL ? "only http and https addresses are fetched" : why);
    } else if (S_ISDIR(st.st_mode)) {
        add_folder(c, name);
    } else {
        if (!S_ISREG(st.st_mode)) c->inputs->sized = false;
        add(c, (dh_input){.name = name,
                          .url = url,
                          .relative = listed ? name : last_part(name),
                          .size = (uint64_t)st.st_size});
    }
    return DH_OK;
}

static dh_status read_list(collector *c, dh_lines *lines, dh_error *error) {
    for (;;) {
        dh_slice line;
        bool cut;
        dh_status status = dh_lines_next(lines, LONGEST_LIST_LINE, &line, &cut, error);
        if (status == DH_ERR_EMPTY) return DH_OK;
        if (status != DH_OK) return status;
        if (dh_slice_trim(line).len == 0) continue;
        dh_slice rest = line;
        dh_slice name = dh_slice_cut(&rest, '\t'), url = dh_slice_trim(rest);
        const char *copy = dh_arena_dup(c->cli->arena, name).ptr;
        if (cut || strlen(copy) != name.len) {
            missing(c, copy, cut ? "the line is too long" : "the name holds a NUL");
            continue;
        }
        const char *address = url.len > 0 ? dh_arena_dup(c->cli->arena, url).ptr : NULL;
        status = add_one(c, copy, address, true, error);
        if (status != DH_OK) return status;
    }
}

static dh_status add_list(collector *c, const char *name, dh_error *error) {
    if (strcmp(name, "-") == 0 && c->stdin_used)
        return dh_error_set(error, DH_ERR_USAGE, "inputs", 0, "stdin cannot be read twice");
    if (strcmp(name, "-") == 0) c->stdin_used = true;
    c->inputs->many = true;
    dh_lines lines;
    dh_error why = {0};
    dh_status status = dh_lines_open(&lines, name, &why);
    if (status == DH_OK) {
        status = read_list(c, &lines, &why);
        dh_lines_close(&lines);
    }
    if (status == DH_ERR_IO) {
        missing(c, strcmp(name, "-") == 0 ? "stdin" : name, why.message);
        return DH_OK;
    }
    if (status != DH_OK && error != NULL) *error = why;
    return status;
}

static dh_status collect(collector *c, dh_error *error) {
    const dh_cli_options *o = c->cli->options;
    dh_status status = DH_OK;
    if (o->operands.len + o->lists.len + o->folders.len == 0) {
        if (isatty(STDIN_FILENO))
            return dh_error_set(error, DH_ERR_USAGE, "inputs", 0,
                                "nothing to clean: name a file, a folder or an address, or pipe a "
                                "page in; see dehusk clean --help");
        return add_stdin(c, error);
    }
    for (uint32_t i = 0; i < o->operands.len && status == DH_OK; i++)
        status = add_one(c, o->operands.ptr[i], NULL, false, error);
    for (uint32_t i = 0; i < o->folders.len; i++) add_folder(c, o->folders.ptr[i]);
    for (uint32_t i = 0; i < o->lists.len && status == DH_OK; i++)
        status = add_list(c, o->lists.ptr[i], error);
    return status;
}

static dh_status count_folders(const dh_cli_options *o, uint32_t *folders, dh_error *error) {
    *folders = o->folders.len;
    for (uint32_t i = 0; i < o->operands.len; i++) {
        dh_io_kind kind;
        dh_error why;
        const char *name = o->operands.ptr[i];
        if (dh_url_is_http(dh_slice_cstr(name))) continue;
        dh_status status = dh_io_look(name, &kind, &why);
        /* Whatever it is that keeps us from it is told when it is opened. */
        if (status != DH_OK && access(name, F_OK) == 0)
            return dh_error_set(error, status, "inputs", 0, "%.200s: %.200s", name, why.message);
        *folders += kind == DH_IO_FOLDER;
    }
    return DH_OK;
}

dh_status dh_inputs_collect(dh_cli *cli, dh_inputs *inputs, bool members_too, dh_error *error) {
    const dh_cli_options *o = cli->options;
    *inputs = (dh_inputs){.sized = true};
    uint32_t folders;
    dh_status status = count_folders(o, &folders, error);
    if (status != DH_OK) return status;
    char *out = o->output != NULL ? realpath(o->output, NULL) : NULL;
    const char *kept = out != NULL ? dh_arena_dup(cli->arena, dh_slice_cstr(out)).ptr : NULL;
    free(out);
    collector c = {.cli = cli, .inputs = inputs, .several_folders = folders > 1, .out = kept};
    c.members_too = members_too;
    status = collect(&c, error);
    if (inputs->all.len + inputs->failed > 1) inputs->many = true;
    if (status == DH_OK && inputs->into_itself)
        return dh_error_set(error, DH_ERR_USAGE, "inputs", 0,
                            "-o %.200s: the output folder is a folder of inputs", o->output);
    return status;
}
