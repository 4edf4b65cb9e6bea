/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/digest.h"
#include "base/buf.h"
#include "base/io.h"
#include "dehusk/dehusk.h"

enum { KIND_WARC, KIND_CLEAN, DAY_SIZE = 11 };

/* A file of articles that grows. */
typedef struct part {
    struct part *next;
    int fd;
    int64_t id, begun_ms;
    uint64_t bytes;
    char day[DAY_SIZE];
    dh_buf name, path, growing; /* below the folder of articles; whole paths */
    bool dirty;
} part;

struct dh_store {
    dh_store_options options;
    dh_clock clock;
    dh_state *state;
    dh_warc_writer *writer;
    dh_buf warc_folder, warc_name; /* name of the file at hand */
    int64_t warc_id;
    bool warc_dirty, warc_new;
    part *parts;
};

static dh_status io_error(dh_error *error, const char *what) {
    return dh_error_set(error, DH_ERR_IO, "store", 0, "%s: %s", what, strerror(errno));
}

/* A name that was cut off for want of memory names another file. */
static dh_status whole(const dh_buf *name, dh_error *error) {
    return name->failed ? dh_error_set(error, DH_ERR_MEMORY, "store", 0, "out of memory") : DH_OK;
}

static dh_status sync_folder_of(const char *path, dh_error *error) {
    dh_buf folder = {0};
    const char *slash = strrchr(path, '/');
    dh_buf_put(&folder, path, slash != NULL ? (size_t)(slash - path) : 0);
    dh_buf_cstr(&folder);
    dh_status status = whole(&folder, error);
    int fd = status == DH_OK ? open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (status == DH_OK && (fd < 0 || fsync(fd) != 0)) status = io_error(error, path);
    if (fd >= 0) close(fd);
    dh_buf_release(&folder);
    return status;
}

/* ---- names of parts ---- */

/* A file grows in a folder of its own, under its last name. */
static dh_status paths_of(const dh_store *store, dh_slice name, dh_buf *path, dh_buf *growing,
                          dh_error *error) {
    size_t slash = name.len;
    while (slash > 0 && name.ptr[slash - 1] != '/') slash--;
    dh_buf_printf(path, "%s/clean/%.*s", store->options.folder, (int)name.len, name.ptr);
    dh_buf_printf(growing, "%s/growing/%.*s", store->options.folder, (int)(name.len - slash),
                  name.ptr + slash);
    dh_buf_cstr(path);
    dh_buf_cstr(growing);
    dh_status status = whole(path, error);
    return status == DH_OK ? whole(growing, error) : status;
}

static void part_free(part *p) {
    if (p->fd >= 0) close(p->fd);
    dh_buf_release(&p->name);
    dh_buf_release(&p->path);
    dh_buf_release(&p->growing);
    free(p);
}

/* ---- what an earlier run left ---- */

typedef struct leftovers {
    dh_store *store;
    dh_buf all; /* dh_file_row, then its name */
} leftovers;

static void keep_row(void *data, const dh_file_row *row) {
    dh_buf *all = &((leftovers *)data)->all;
    dh_buf_put(all, row, sizeof *row);
    dh_buf_put_slice(all, row->name);
}

/* A file that is longer than was committed is cut; one that is shorter lost something. */
static dh_status cut_back(const char *path, int64_t bytes, bool *there, dh_error *error) {
    struct stat about;
    *there = stat(path, &about) == 0;
    if (!*there && errno != ENOENT) return io_error(error, path);
    if (!*there || about.st_size == bytes) return DH_OK;
    if (about.st_size < bytes)
        return dh_error_set(
            error, DH_ERR_IO, "store", 0,
            "%s has %lld bytes, the state knows of %lld: restore the file, or move it "
            "away to go on without",
            path, (long long)about.st_size, (long long)bytes);
    return truncate(path, (off_t)bytes) == 0 ? DH_OK : io_error(error, path);
}

static dh_status recover_warc(dh_store *store, const dh_file_row *row, dh_error *error) {
    dh_buf path = {0};
    bool there = false;
    dh_buf_printf(&path, "%s/%.*s", dh_buf_cstr(&store->warc_folder), (int)row->name.len,
                  row->name.ptr);
    dh_buf_cstr(&path);
    dh_status status = whole(&path, error);
    if (status == DH_OK) status = cut_back(path.ptr, row->bytes, &there, error);
    if (status == DH_OK && !there)
        status = dh_state_file_grown(store->state, row->id, row->bytes, true, error);
    if (status == DH_OK && there) {
        dh_buf_reset(&store->warc_name);
        dh_buf_put_slice(&store->warc_name, row->name);
        dh_buf_cstr(&store->warc_name);
        status = whole(&store->warc_name, error);
        store->warc_id = row->id;
    }
    dh_buf_release(&path);
    return status;
}

/* Whatever of it was committed becomes a whole file. */
static dh_status recover_part(dh_store *store, const dh_file_row *row, dh_error *error) {
    dh_buf path = {0}, growing = {0};
    bool there = false;
    dh_status status = paths_of(store, row->name, &path, &growing, error);
    if (status == DH_OK) status = cut_back(growing.ptr, row->bytes, &there, error);
    if (status == DH_OK && there && row->bytes == 0 && unlink(growing.ptr) != 0)
        status = io_error(error, growing.ptr);
    if (status == DH_OK && there && row->bytes > 0 && rename(growing.ptr, path.ptr) != 0)
        status = io_error(error, path.ptr);
    if (status == DH_OK)
        status = dh_state_file_grown(store->state, row->id, row->bytes, true, error);
    dh_buf_release(&path);
    dh_buf_release(&growing);
    return status;
}

/* Files that the state never heard of: all that is in them will be fetched again. */
static dh_status clear_growing(dh_store *store, dh_error *error) {
    dh_buf folder = {0}, path = {0};
    dh_buf_printf(&folder, "%s/growing", store->options.folder);
    dh_status status = dh_io_mkdirs(dh_buf_cstr(&folder), error);
    DIR *all = status == DH_OK ? opendir(dh_buf_cstr(&folder)) : NULL;
    if (status == DH_OK && all == NULL) status = io_error(error, dh_buf_cstr(&folder));
    for (struct dirent *entry; all != NULL && (entry = readdir(all)) != NULL;) {
        if (strncmp(entry->d_name, "part-", 5) != 0) continue;
        dh_buf_reset(&path);
        dh_buf_printf(&path, "%s/%s", dh_buf_cstr(&folder), entry->d_name);
        if (unlink(dh_buf_cstr(&path)) != 0) status = io_error(error, dh_buf_cstr(&path));
    }
    if (all != NULL) closedir(all);
    dh_buf_release(&folder);
    dh_buf_release(&path);
    return status;
}

static dh_status recover(dh_store *store, dh_error *error) {
    leftovers left = {.store = store};
    dh_status status = dh_state_files(store->state, keep_row, &left, error);
    for (size_t at = 0; status == DH_OK && at < left.all.len;) {
        dh_file_row row;
        memcpy(&row, left.all.ptr + at, sizeof row);
        at += sizeof row;
        row.name.ptr = left.all.ptr + at;
        at += row.name.len;
        status = row.kind == KIND_WARC ? recover_warc(store, &row, error)
                                       : recover_part(store, &row, error);
    }
    if (status == DH_OK && left.all.failed)
        status = dh_error_set(error, DH_ERR_MEMORY, "store", 0, "out of memory");
    dh_buf_release(&left.all);
    if (status == DH_OK) status = clear_growing(store, error);
    return status == DH_OK ? dh_state_commit(store->state, error) : status;
}

dh_status dh_store_new(const dh_store_options *options, dh_state *state, dh_store **out,
                       dh_error *error) {
    *out = NULL;
    dh_status ready = dh_digest_check(error);
    if (ready != DH_OK) return ready;
    dh_store *store = calloc(1, sizeof *store);
    if (store == NULL) return dh_error_set(error, DH_ERR_MEMORY, "store", 0, "out of memory");
    store->options = *options;
    store->clock = options->clock != NULL ? *options->clock : dh_clock_system;
    store->state = state;
    if (store->options.max_part_bytes == 0) store->options.max_part_bytes = 256000000;
    if (store->options.max_part_ms == 0) store->options.max_part_ms = 3600000;
    dh_buf_printf(&store->warc_folder, "%s/warc", options->folder);
    dh_buf_cstr(&store->warc_folder);
    dh_status status = whole(&store->warc_folder, error);
    if (status == DH_OK && !options->no_warc) status = dh_io_mkdirs(store->warc_folder.ptr, error);
    if (status == DH_OK) status = recover(store, error);
    if (status != DH_OK) {
        dh_store_free(store);
        return status;
    }
    *out = store;
    return DH_OK;
}

/* ---- WARC ---- */

static dh_status warc_size(dh_store *store, int64_t *bytes, dh_error *error) {
    dh_buf path = {0};
    struct stat about;
    dh_buf_printf(&path, "%s/%s", dh_buf_cstr(&store->warc_folder), dh_buf_cstr(&store->warc_name));
    dh_buf_cstr(&path);
    *bytes = 0;
    dh_status status = whole(&path, error);
    if (status == DH_OK && stat(path.ptr, &about) != 0) status = io_error(error, path.ptr);
    else if (status == DH_OK) *bytes = (int64_t)about.st_size;
    dh_buf_release(&path);
    return status;
}

/* The writer began another file: the one before is complete. */
static dh_status next_warc(dh_store *store, const char *name, dh_error *error) {
    dh_status status = DH_OK;
    if (store->warc_id != 0) {
        int64_t bytes = 0;
        status = warc_size(store, &bytes, error);
        if (status == DH_OK)
            status = dh_state_file_grown(store->state, store->warc_id, bytes, true, error);
    }
    store->warc_new = true;
    dh_buf_reset(&store->warc_name);
    dh_buf_puts(&store->warc_name, name);
    dh_buf_cstr(&store->warc_name);
    if (status == DH_OK) status = whole(&store->warc_name, error);
    if (status == DH_OK)
        status = dh_state_file_new(store->state, KIND_WARC, dh_slice_cstr(name),
                                   dh_clock_now(&store->clock), &store->warc_id, error);
    return status;
}

static dh_status open_writer(dh_store *store, dh_error *error) {
    char software[64];
    snprintf(software, sizeof software, "dehusk/%s", dehusk_version());
    dh_warc_writer_options how = {.folder = dh_buf_cstr(&store->warc_folder),
                                  .mode = DH_WARC_APPEND,
                                  .clock = store->options.clock,
                                  .software = software,
                                  .user_agent = store->options.user_agent,
                                  .robots = "obey"};
    return dh_warc_writer_new(&how, &store->writer, NULL, error);
}

dh_status dh_store_warc(dh_store *store, const dh_warc_exchange *exchange, dh_warc_place *place,
                        int64_t *file, dh_error *error) {
    *file = 0;
    *place = (dh_warc_place){.file = ""};
    if (store->options.no_warc) {
        bool good = dh_digest_sha1(&exchange->payload, 1, place->payload_digest);
        return good ? DH_OK : dh_error_set(error, DH_ERR_MEMORY, "store", 0, "out of memory");
    }
    dh_status status = store->writer == NULL ? open_writer(store, error) : DH_OK;
    if (status == DH_OK) status = dh_warc_put(store->writer, exchange, place, error);
    if (status != DH_OK) return status;
    store->warc_dirty = true;
    if (store->warc_id == 0 || strcmp(dh_buf_cstr(&store->warc_name), place->file) != 0)
        status = next_warc(store, place->file, error);
    *file = store->warc_id;
    return status;
}

/* ---- articles ---- */

static void day_of(int64_t at_ms, char day[DAY_SIZE]) {
    char utc[DH_UTC_SIZE];
    dh_clock_print_utc(at_ms, utc);
    memcpy(day, utc, DAY_SIZE - 1);
    day[DAY_SIZE - 1] = '\0';
}

static dh_status open_part(dh_store *store, part *p, int64_t stamp, dh_error *error) {
    dh_buf folder = {0};
    dh_buf_reset(&p->name);
    dh_buf_reset(&p->path);
    dh_buf_reset(&p->growing);
    dh_buf_printf(&p->name, "year=%.4s/month=%.2s/day=%.2s/part-%013lld.jsonl", p->day, p->day + 5,
                  p->day + 8, (long long)stamp);
    dh_status status = whole(&p->name, error);
    if (status == DH_OK)
        status = paths_of(store, dh_buf_slice(&p->name), &p->path, &p->growing, error);
    if (status != DH_OK) return status;
    dh_buf_put(&folder, p->path.ptr, (size_t)(strrchr(p->path.ptr, '/') - p->path.ptr));
    dh_buf_cstr(&folder);
    status = whole(&folder, error);
    if (status == DH_OK) status = dh_io_mkdirs(folder.ptr, NULL);
    if (status == DH_ERR_IO) status = io_error(error, folder.ptr); /* says which */
    dh_buf_release(&folder);
    if (status != DH_OK) return status;
    if (access(p->path.ptr, F_OK) == 0) return DH_ERR_USAGE; /* taken: another stamp */
    p->fd = open(p->growing.ptr, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (p->fd < 0 && errno == EEXIST) return DH_ERR_USAGE;
    if (p->fd < 0) return io_error(error, p->growing.ptr);
    return dh_state_file_new(store->state, KIND_CLEAN, dh_buf_slice(&p->name), p->begun_ms, &p->id,
                             error);
}

static part *part_new(dh_store *store, const char *day, dh_error *error, dh_status *status) {
    part *p = calloc(1, sizeof *p);
    *status = DH_ERR_MEMORY;
    if (p == NULL) return NULL;
    p->fd = -1;
    p->begun_ms = dh_clock_now(&store->clock);
    memcpy(p->day, day, DAY_SIZE);
    *status = DH_ERR_USAGE;
    for (int64_t i = 0; i < 1000 && *status == DH_ERR_USAGE; i++)
        *status = open_part(store, p, p->begun_ms + i, error);
    if (*status != DH_OK) {
        part_free(p);
        return NULL;
    }
    p->next = store->parts;
    store->parts = p;
    return p;
}

dh_status dh_store_line(dh_store *store, int64_t at_ms, dh_slice line, dh_error *error) {
    if (store->options.no_clean) return DH_OK;
    char day[DAY_SIZE];
    day_of(at_ms, day);
    dh_status status = DH_OK;
    part *p = store->parts;
    while (p != NULL && (strcmp(p->day, day) != 0 || p->bytes >= store->options.max_part_bytes))
        p = p->next;
    if (p == NULL) p = part_new(store, day, error, &status);
    if (p == NULL) return status;
    status = dh_io_put(p->fd, line, error);
    if (status == DH_OK) p->bytes += line.len;
    p->dirty = true;
    return status;
}

/* ---- commits ---- */

dh_status dh_store_sync(dh_store *store, dh_error *error) {
    dh_status status = DH_OK;
    if (store->warc_dirty && store->writer != NULL) {
        int64_t bytes = 0;
        status = dh_warc_sync(store->writer, error);
        if (status == DH_OK) status = warc_size(store, &bytes, error);
        if (status == DH_OK)
            status = dh_state_file_grown(store->state, store->warc_id, bytes, false, error);
        if (status == DH_OK) store->warc_dirty = false;
    }
    for (part *p = store->parts; p != NULL && status == DH_OK; p = p->next) {
        if (!p->dirty) continue;
        if (fdatasync(p->fd) != 0) return io_error(error, p->growing.ptr);
        status = dh_state_file_grown(store->state, p->id, (int64_t)p->bytes, false, error);
        if (status == DH_OK) p->dirty = false;
    }
    return status;
}

bool dh_store_is_new(const dh_store *store) {
    return store->warc_new;
}

dh_status dh_store_settle(dh_store *store, bool all, dh_error *error) {
    store->warc_new = false;
    int64_t now = dh_clock_now(&store->clock);
    char today[DAY_SIZE];
    day_of(now, today);
    for (part **at = &store->parts; *at != NULL;) {
        part *p = *at;
        int64_t age = now - p->begun_ms;
        bool over = all || strcmp(p->day, today) != 0 ||
                    p->bytes >= store->options.max_part_bytes ||
                    age >= store->options.max_part_ms || age < -60000;
        if (p->dirty || !over) {
            at = &p->next;
            continue;
        }
        dh_status status = DH_OK;
        if (rename(p->growing.ptr, p->path.ptr) != 0) status = io_error(error, p->path.ptr);
        if (status == DH_OK) status = sync_folder_of(p->path.ptr, error);
        if (status == DH_OK)
            status = dh_state_file_grown(store->state, p->id, (int64_t)p->bytes, true, error);
        if (status != DH_OK) return status;
        *at = p->next;
        part_free(p);
    }
    return DH_OK;
}

void dh_store_free(dh_store *store) {
    if (store == NULL) return;
    if (store->writer != NULL) dh_warc_writer_close(store->writer, NULL);
    while (store->parts != NULL) {
        part *p = store->parts;
        store->parts = p->next;
        part_free(p);
    }
    dh_buf_release(&store->warc_folder);
    dh_buf_release(&store->warc_name);
    free(store);
}
