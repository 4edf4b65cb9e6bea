/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c: finds and reads rule files and the lexicon. Folders in order of precedence: those the
 * caller names, $XDG_CONFIG_HOME/dehusk/rules, the installed data folder (in a build folder: the source
 * tree). A file of a name that an earlier folder has is not read again. Label files are read last: when they
 * are those the build made a table of, byte for byte, the table is the lexicon. */
#include <stdlib.h>

#include "base/io.h"
#include "base/map.h"
#include "dehusk/data_dir.h"
#include "dehusk/page.h"
#include "extract/model_file.h"

enum { MAX_RULE_FILE = 16 * 1024 * 1024, MAX_MODEL_FILE = 4 * 1024 * 1024 };

typedef struct loader {
    dehusk_engine *engine;
    const dh_engine_extra *extra;
    dh_map seen;         /* relative names */
    dh_io_entries labels; /* in the order of their folders */
    bool no_rules;
    dh_error *error;
} loader;

static dh_status read_file(const char *path, dh_buf *text, dh_error *error) {
    bool cut = false;
    dh_status status = dh_io_read(path, MAX_RULE_FILE, text, &cut, error);
    if (status == DH_OK && cut)
        status = dh_error_at(error, DH_ERR_RULE, "rules", path, 0, 0, "the file is over %d MiB",
                             MAX_RULE_FILE >> 20);
    return status;
}

static dh_status load_file(loader *l, const dh_io_entry *entry) {
    dh_slice name = dh_slice_cstr(entry->relative);
    bool labels = dh_slice_starts(name, DH_SLICE("labels/")) && dh_slice_ends(name, DH_SLICE(".tsv"));
    bool rules = dh_slice_ends(name, DH_SLICE(".rules")) && !l->no_rules;
    if (!labels && !rules) return DH_OK;
    bool added;
    dh_map_put(&l->seen, name, &added);
    if (!added) return DH_OK;
    *DH_PUSH(&l->engine->arena, l->engine->files) = (dh_engine_file){name, entry->path};
    if (labels) {
        *DH_PUSH(&l->engine->arena, l->labels) = *entry;
        return DH_OK;
    }
    dh_buf text;
    dh_buf_init(&text, &l->engine->arena, 0);
    dh_status status = read_file(entry->path, &text, l->error);
    return status != DH_OK ? status
                           : dh_rules_add(l->engine->rules, name, entry->path, dh_buf_slice(&text),
                                          l->error);
}

/* Whether the label files are those of the table. */
static bool has_table(const loader *l, const dh_lexicon_table *table, dh_buf *text) {
    if (l->labels.len != table->file_count) return false;
    for (uint32_t i = 0; i < table->file_count; i++) {
        const dh_lexicon_file *file = &table->files[i];
        dh_buf_reset(text);
        if (strcmp(l->labels.ptr[i].relative, file->name) != 0 ||
            read_file(l->labels.ptr[i].path, text, NULL) != DH_OK || text->len != file->len ||
            memcmp(text->ptr, table->pool + file->begin, file->len) != 0)
            return false;
    }
    return true;
}

static dh_status add_labels(loader *l, dh_buf *text) {
    dh_status status = DH_OK;
    for (uint32_t i = 0; i < l->labels.len && status == DH_OK; i++) {
        const char *path = l->labels.ptr[i].path;
        dh_buf_reset(text);
        status = read_file(path, text, l->error);
        if (status == DH_OK)
            status = dh_lexicon_add(l->engine->lexicon, dh_buf_slice(text), path, l->error);
    }
    return status;
}

static dh_status load_labels(loader *l) {
    dh_buf text;
    dh_buf_init(&text, &l->engine->arena, 0);
    if (!has_table(l, &dh_lexicon_shipped, &text)) return add_labels(l, &text);
    dh_lexicon_use(l->engine->lexicon, &dh_lexicon_shipped);
    return DH_OK;
}

/* "families/x.rules" of a path that ends so, else its last part. */
static const char *name_of(const char *path) {
    const char *last = strrchr(path, '/'), *name = last != NULL ? last + 1 : path;
    static const char families[] = "families/";
    size_t n = sizeof families - 1, before = (size_t)(name - path);
    bool family = before >= n && memcmp(name - n, families, n) == 0 &&
                  (before == n || path[before - n - 1] == '/');
    return family ? name - n : name;
}

static dh_status load_extra(loader *l) {
    dh_status status = DH_OK;
    for (size_t i = 0; i < l->extra->file_count && status == DH_OK; i++) {
        const char *path = l->extra->files[i];
        status = load_file(l, &(dh_io_entry){.path = path, .relative = name_of(path)});
    }
    return status;
}

static dh_status load_folder(loader *l, const char *folder, bool wanted) {
    dh_io_kind kind;
    dh_error why;
    if (dh_io_look(folder, &kind, &why) != DH_OK)
        return dh_error_set(l->error, DH_ERR_IO, "rules", 0, "%.200s: %.200s", folder, why.message);
    if (kind != DH_IO_FOLDER) {
        if (!wanted) return DH_OK;
        return dh_error_set(l->error, DH_ERR_USAGE, "rules", 0, "%s is no folder", folder);
    }
    dh_io_entries entries = {NULL, 0, 0};
    dh_status status = dh_io_walk(folder, &l->engine->arena, &entries, NULL, NULL, l->error);
    for (uint32_t i = 0; i < entries.len && status == DH_OK; i++)
        status = load_file(l, &entries.ptr[i]);
    return status;
}

static void list_user_folder(dh_arena *arena, dh_rule_folders *out) {
    dh_buf path;
    dh_buf_init(&path, arena, 0);
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config != NULL && config[0] == '/') dh_buf_puts(&path, config);
    else if (home != NULL && home[0] == '/') dh_buf_printf(&path, "%s/.config", home);
    else return;
    dh_buf_puts(&path, "/dehusk/rules");
    *DH_PUSH(arena, *out) = dh_buf_cstr(&path);
}

void dh_rule_folders_list(const dehusk_engine_options *options, dh_arena *arena,
                          dh_rule_folders *out) {
    for (size_t i = 0; i < options->rule_dir_count; i++)
        *DH_PUSH(arena, *out) = options->rule_dirs[i];
    if (options->no_default_dirs) return;
    list_user_folder(arena, out);
    /* The data folder of the installation or, for a program in a build folder, the source tree's. */
    dh_buf path;
    dh_buf_init(&path, arena, 0);
    dh_data_dir("rules", &path);
    *DH_PUSH(arena, *out) = dh_buf_cstr(&path);
}

static dh_status load_all(loader *l, const dehusk_engine_options *options) {
    dh_rule_folders folders = {0};
    dh_rule_folders_list(options, &l->engine->arena, &folders);
    dh_status status = load_extra(l);
    for (uint32_t i = 0; i < folders.len && status == DH_OK; i++)
        status = load_folder(l, folders.ptr[i], i < options->rule_dir_count);
    if (status == DH_OK) status = load_labels(l);
    if (status == DH_OK && l->engine->rules != NULL)
        status = dh_rules_finish(l->engine->rules, l->error);
    return status;
}

static dh_status load_model(dehusk_engine *engine, const char *file, dh_error *error) {
    dh_buf bytes;
    dh_buf_init(&bytes, &engine->arena, 0);
    bool cut = false;
    dh_status status = dh_io_read(file, MAX_MODEL_FILE, &bytes, &cut, error);
    if (status != DH_OK) return status;
    engine->models = dh_arena_zalloc(&engine->arena, 1, sizeof *engine->models);
    return dh_models_read(engine->models, dh_buf_slice(&bytes), file, &engine->arena, error);
}

/* All that may leave through the arena's guard. */
static dh_status fill(dehusk_engine *engine, const dehusk_engine_options *options,
                      const dh_engine_extra *extra, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&engine->arena, &guard))
        return dh_error_set(error, DH_ERR_MEMORY, "engine", 0, "out of memory");
    loader l = {
        .engine = engine, .extra = extra, .no_rules = options->no_rules, .error = error};
    dh_map_init(&l.seen, &engine->arena, 64);
    engine->lexicon = dh_lexicon_new(&engine->arena);
    if (options->model != NULL) {
        dh_status status = load_model(engine, options->model, error);
        if (status != DH_OK) return status;
    }
    if (!options->no_rules) engine->rules = dh_rules_new(&engine->arena);
    if (engine->rules != NULL) dh_rules_report(engine->rules, extra->report, extra->data);
    return load_all(&l, options);
}

dehusk_status dehusk_engine_new(const dehusk_engine_options *options, dehusk_engine **out,
                                dehusk_error *error) {
    static const dh_engine_extra none = {0};
    return dh_engine_new(options, &none, out, error);
}

dehusk_status dh_engine_new(const dehusk_engine_options *options, const dh_engine_extra *extra,
                            dehusk_engine **out, dehusk_error *error) {
    static const dehusk_engine_options defaults = {0};
    *out = NULL;
    dh_error local = {0};
    dehusk_engine *engine = calloc(1, sizeof *engine);
    dh_status status = dh_error_set(&local, DH_ERR_MEMORY, "engine", 0, "out of memory");
    if (engine != NULL) {
        dh_arena_init(&engine->arena, 0);
        status = fill(engine, options != NULL ? options : &defaults, extra, &local);
        engine->arena.guard = NULL;
    }
    if (status == DH_OK) {
        *out = engine;
        return DEHUSK_OK;
    }
    dehusk_engine_free(engine);
    local.status = status;
    if (error != NULL) memcpy(error, &local, sizeof *error);
    return (dehusk_status)status;
}

void dh_engine_remember(dehusk_engine *engine, dh_site_memory memory) {
    if (engine->memory.release != NULL) engine->memory.release(engine->memory.data);
    engine->memory = memory;
}

void dehusk_engine_free(dehusk_engine *engine) {
    if (engine == NULL) return;
    dh_engine_remember(engine, (dh_site_memory){0});
    if (engine->rules != NULL) dh_rules_release(engine->rules);
    dh_arena_release(&engine->arena);
    free(engine);
}

size_t dehusk_engine_rule_count(const dehusk_engine *engine) {
    return engine->rules != NULL ? dh_rules_count(engine->rules) : 0;
}
