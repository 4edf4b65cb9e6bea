/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "archive/warc_write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/digest.h"
#include "archive/warc_read.h"
#include "archive/warc_record.h"
#include "base/io.h"

enum { NAME_SIZE = 4096, STAMP_SIZE = 15 };

struct dh_warc_writer {
    dh_warc_writer_options options; /* with the defaults filled in; strings are in `strings` */
    char *path, *folder, *prefix, *software, *user_agent, *robots;
    int fd, folder_fd;
    char name[NAME_SIZE]; /* of the open file, within the folder or as given */
    bool regular, packed;
    bool unsynced;
    uint64_t size; /* of the open file */
    unsigned serial;
    char info[DH_WARC_ID_SIZE]; /* id of its warcinfo record */
    dh_warc_pen pen;            /* the records at hand */
};

static dh_status failed(dh_error *error, const char *what) {
    return dh_error_set(error, DH_ERR_IO, "warc", 0, "%s", what != NULL ? what : strerror(errno));
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "warc", 0, "out of memory");
}

static bool copy_string(const char *text, char **out) {
    *out = NULL;
    if (text == NULL) return true;
    size_t size = strlen(text) + 1;
    *out = malloc(size);
    if (*out != NULL) memcpy(*out, text, size);
    return *out != NULL;
}

static bool copy_options(dh_warc_writer *w, const dh_warc_writer_options *options) {
    w->options = *options;
    dh_warc_writer_options *o = &w->options;
    if (o->clock == NULL) o->clock = &dh_clock_system;
    if (o->max_bytes == 0) o->max_bytes = UINT64_C(1000000000);
    if (o->max_age_ms == 0) o->max_age_ms = INT64_C(86400000);
    return copy_string(o->path, &w->path) && copy_string(o->folder, &w->folder) &&
           copy_string(o->prefix != NULL ? o->prefix : "dehusk", &w->prefix) &&
           copy_string(o->software, &w->software) && copy_string(o->user_agent, &w->user_agent) &&
           copy_string(o->robots, &w->robots);
}

/* A torn tail. */

/* Where the last whole record ends. DH_ERR_TYPE when it is no WARC file. */
static dh_status find_end(dh_warc_writer *w, const char *path, uint64_t *end, dh_error *error) {
    dh_warc_reader *reader;
    dh_warc_reader_options none = {0};
    dh_warc_item item;
    *end = 0;
    dh_status status = dh_warc_reader_new(path, &none, &reader, error);
    if (status != DH_OK) return status;
    w->info[0] = '\0';
    dh_coding coding = dh_warc_reader_coding(reader);
    if (coding == DH_CODING_ZSTD) {
        dh_warc_reader_free(reader);
        return dh_error_set(error, DH_ERR_TYPE, "warc", 0, "zstd is read, not written");
    }
    while ((status = dh_warc_next(reader, &item, error)) == DH_OK || status == DH_ERR_SYNTAX) {
        if (status != DH_OK || !item.closed) continue;
        if (item.stored == 0) { /* compressed as a whole: nothing can be cut, nothing added */
            status = dh_error_set(error, DH_ERR_TYPE, "warc", 0,
                                  "it has no member for each record; only such can be added to");
            break;
        }
        *end = item.offset + item.stored;
        if (dh_slice_eq(item.type, DH_SLICE("warcinfo"))) dh_warc_copy_id(item.head, w->info);
    }
    /* As what is there, whatever the name says. */
    if (*end > 0) w->packed = coding == DH_CODING_GZIP;
    dh_warc_reader_free(reader);
    return status == DH_ERR_EMPTY ? DH_OK : status;
}

/* Opens w->name to go on behind what is whole in it. */
static dh_status repair(dh_warc_writer *w, const char *path, uint64_t *repaired, dh_error *error) {
    struct stat st;
    uint64_t end;
    if (fstat(w->fd, &st) != 0) return failed(error, NULL);
    dh_status status = find_end(w, path, &end, error);
    if (status != DH_OK) return status;
    if ((uint64_t)st.st_size > end) {
        if (ftruncate(w->fd, (off_t)end) != 0 || fsync(w->fd) != 0) return failed(error, NULL);
        if (repaired != NULL) *repaired = (uint64_t)st.st_size - end;
    }
    w->size = end;
    w->pen.plain = !w->packed;
    return DH_OK;
}

/* Opening. */

static dh_status lock(int fd, dh_error *error) {
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return DH_OK;
    return failed(error, errno == EWOULDBLOCK ? "another process writes to it" : NULL);
}

/* The folder's entry of a new file lasts, too. */
static dh_status sync_folder(const dh_warc_writer *w, dh_error *error) {
    if (w->folder_fd < 0) return DH_OK;
    return fsync(w->folder_fd) == 0 || errno == EINVAL ? DH_OK : failed(error, NULL);
}

/* Bytes go to the file whole or not at all. */
static dh_status put_bytes(dh_warc_writer *w, dh_slice bytes, dh_error *error) {
    dh_status status = dh_io_put(w->fd, bytes, error);
    if (status == DH_OK) {
        w->size += bytes.len;
        w->unsynced = true;
        return DH_OK;
    }
    /* A file that cannot even be cut is repaired when it is opened again. */
    if (w->regular && ftruncate(w->fd, (off_t)w->size) != 0)
        return dh_error_set(error, DH_ERR_IO, "warc", w->size, "%s, and cutting it back failed",
                            strerror(errno));
    return status;
}

static dh_status put_info(dh_warc_writer *w, dh_error *error) {
    dh_buf fields = {0};
    int64_t now = dh_clock_now(w->options.clock);
    if (w->software != NULL) dh_buf_printf(&fields, "software: %s\r\n", w->software);
    dh_buf_puts(&fields, "format: WARC File Format 1.1\r\n"
                         "conformsTo: http://iipc.github.io/warc-specifications/specifications/"
                         "warc-format/warc-1.1/\r\n");
    if (w->user_agent != NULL)
        dh_buf_printf(&fields, "http-header-user-agent: %s\r\n", w->user_agent);
    if (w->robots != NULL) dh_buf_printf(&fields, "robots: %s\r\n", w->robots);
    dh_warc_pen_reset(&w->pen);
    w->pen.plain = !w->packed;
    dh_warc_new_id(w->info);
    dh_slice block = dh_buf_slice(&fields);
    const char *slash = strrchr(w->name, '/');
    dh_warc_head head = {.type = "warcinfo",
                         .id = w->info,
                         .date_ms = now,
                         .content_type = "application/warc-fields",
                         .file = slash != NULL ? slash + 1 : w->name,
                         .block = &block,
                         .parts = 1};
    bool good = !fields.failed && dh_warc_pen_put(&w->pen, &head);
    dh_buf_release(&fields);
    return good ? put_bytes(w, dh_buf_slice(&w->pen.out), error) : no_memory(error);
}

static dh_status begin_file(dh_warc_writer *w, dh_error *error) {
    w->size = 0;
    dh_status status = put_info(w, error);
    return status == DH_OK ? sync_folder(w, error) : status;
}

/* "2024-05-15T16:32:08Z" -> "20240515163208". */
static void stamp(int64_t ms, char out[STAMP_SIZE]) {
    char utc[DH_UTC_SIZE];
    size_t len = 0;
    dh_clock_print_utc(ms, utc);
    for (const char *c = utc; *c != '\0' && len + 1 < STAMP_SIZE; c++)
        if (dh_is_digit(*c)) out[len++] = *c;
    out[len] = '\0';
}

static dh_status new_in_folder(dh_warc_writer *w, dh_error *error) {
    char at[STAMP_SIZE];
    for (unsigned tries = 0; tries < 100000; tries++) {
        stamp(dh_clock_now(w->options.clock), at);
        snprintf(w->name, sizeof w->name, "%s-%s-%05u.warc.gz", w->prefix, at,
                 w->serial++ % 100000);
        w->fd =
            openat(w->folder_fd, w->name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
        if (w->fd >= 0 || errno != EEXIST) break;
    }
    if (w->fd < 0) return failed(error, NULL);
    w->regular = w->packed = true;
    dh_status status = lock(w->fd, error);
    return status == DH_OK ? begin_file(w, error) : status;
}

/* "PREFIX-20240515163208-00012.warc.gz" -> its serial and the moment in its name. */
static bool read_name(const dh_warc_writer *w, const char *name, unsigned *serial, char *at) {
    dh_slice rest = dh_slice_cstr(name);
    uint64_t number, digits;
    if (!dh_slice_starts(rest, dh_slice_cstr(w->prefix)) ||
        !dh_slice_ends(rest, DH_SLICE(".warc.gz")))
        return false;
    rest = dh_slice_sub(rest, strlen(w->prefix), rest.len - strlen(".warc.gz"));
    if (rest.len != STAMP_SIZE + 1 + 5 || rest.ptr[0] != '-' || rest.ptr[STAMP_SIZE] != '-')
        return false;
    if (!dh_slice_to_u64(dh_slice_sub(rest, 1, STAMP_SIZE), &digits) ||
        !dh_slice_to_u64(dh_slice_sub(rest, STAMP_SIZE + 1, rest.len), &number))
        return false;
    memcpy(at, rest.ptr + 1, STAMP_SIZE - 1);
    at[STAMP_SIZE - 1] = '\0';
    *serial = (unsigned)number;
    return true;
}

/* The newest of the folder's files; false when there is none. */
static bool find_newest(dh_warc_writer *w) {
    int fd = openat(w->folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    char newest[STAMP_SIZE] = "", at[STAMP_SIZE];
    unsigned serial, last = 0;
    bool found = false;
    if (folder == NULL) {
        if (fd >= 0) close(fd);
        return false;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (!read_name(w, entry->d_name, &serial, at)) continue;
        int order = strcmp(at, newest);
        if (found && (order < 0 || (order == 0 && serial < last))) continue;
        found = true;
        memcpy(newest, at, sizeof newest);
        last = serial;
        snprintf(w->name, sizeof w->name, "%s", entry->d_name);
    }
    closedir(folder);
    w->serial = found ? last + 1 : 0;
    return found;
}

/* By when its name says that it was begun, so that it grows no older by being opened again: the digits are
 * compared, as a clock prints them in the same way. */
static bool is_old(const dh_warc_writer *w) {
    char at[STAMP_SIZE], limit[STAMP_SIZE];
    unsigned serial;
    stamp(dh_clock_now(w->options.clock) - w->options.max_age_ms, limit);
    return !read_name(w, w->name, &serial, at) || strcmp(at, limit) <= 0;
}

static dh_status open_folder(dh_warc_writer *w, uint64_t *repaired, dh_error *error) {
    char path[NAME_SIZE];
    w->folder_fd = open(w->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->folder_fd < 0) return failed(error, NULL);
    if (!find_newest(w)) return new_in_folder(w, error);
    w->fd = openat(w->folder_fd, w->name, O_RDWR | O_APPEND | O_CLOEXEC);
    if (w->fd < 0) return failed(error, NULL);
    w->regular = w->packed = true;
    int len = snprintf(path, sizeof path, "%s/%s", w->folder, w->name);
    if (len < 0 || (size_t)len >= sizeof path) return failed(error, strerror(ENAMETOOLONG));
    dh_status status = lock(w->fd, error);
    if (status == DH_OK) status = repair(w, path, repaired, error);
    if (status != DH_OK) return status;
    if (w->size > 0 && w->size < w->options.max_bytes && !is_old(w)) return DH_OK;
    if (w->size == 0) return begin_file(w, error);
    close(w->fd);
    return new_in_folder(w, error);
}

static dh_status open_path(dh_warc_writer *w, uint64_t *repaired, dh_error *error) {
    struct stat st;
    int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC;
    if (w->options.mode == DH_WARC_NEW) flags |= O_EXCL;
    bool exists = stat(w->path, &st) == 0;
    w->regular = !exists || S_ISREG(st.st_mode);
    w->packed = !dh_slice_ends(dh_slice_cstr(w->path), DH_SLICE(".warc"));
    if (!w->regular) flags = O_WRONLY | O_CLOEXEC; /* a pipe, a device */
    snprintf(w->name, sizeof w->name, "%s", w->path);
    w->fd = open(w->path, flags, 0666);
    if (w->fd < 0) return failed(error, NULL);
    if (!w->regular) return begin_file(w, error);
    dh_status status = lock(w->fd, error);
    if (status != DH_OK) return status;
    if (w->options.mode == DH_WARC_REPLACE && ftruncate(w->fd, 0) != 0) return failed(error, NULL);
    if (w->options.mode == DH_WARC_APPEND) status = repair(w, w->path, repaired, error);
    if (status != DH_OK || w->size > 0) return status;
    status = begin_file(w, error);
    /* A file that was not there and has nothing in it yet: there is none again. */
    if (status != DH_OK && w->options.mode == DH_WARC_NEW) unlink(w->path);
    return status;
}

static void free_writer(dh_warc_writer *w) {
    if (w->fd >= 0) close(w->fd);
    if (w->folder_fd >= 0) close(w->folder_fd);
    dh_warc_pen_release(&w->pen);
    free(w->path);
    free(w->folder);
    free(w->prefix);
    free(w->software);
    free(w->user_agent);
    free(w->robots);
    free(w);
}

dh_status dh_warc_writer_new(const dh_warc_writer_options *options, dh_warc_writer **out,
                             uint64_t *repaired, dh_error *error) {
    *out = NULL;
    if (repaired != NULL) *repaired = 0;
    dh_status ready = dh_digest_check(error);
    if (ready != DH_OK) return ready;
    dh_warc_writer *w = calloc(1, sizeof *w);
    if (w == NULL) return no_memory(error);
    w->fd = w->folder_fd = -1;
    dh_status status = copy_options(w, options) ? DH_OK : no_memory(error);
    if (status == DH_OK)
        status = w->path != NULL ? open_path(w, repaired, error) : open_folder(w, repaired, error);
    if (status == DH_OK)
        *out = w;
    else
        free_writer(w);
    return status;
}

/* Writing. */

dh_status dh_warc_sync(dh_warc_writer *w, dh_error *error) {
    if (!w->unsynced) return DH_OK;
    if (w->regular && fsync(w->fd) != 0) return failed(error, NULL);
    w->unsynced = false;
    return DH_OK;
}

/* A folder's file that is full or old is closed and another begun. */
static dh_status rotate(dh_warc_writer *w, dh_error *error) {
    if (w->folder_fd < 0 || w->fd < 0) return w->fd < 0 ? new_in_folder(w, error) : DH_OK;
    if (w->size < w->options.max_bytes && !is_old(w)) return DH_OK;
    dh_status status = dh_warc_sync(w, error);
    if (status != DH_OK) return status;
    close(w->fd);
    w->fd = -1;
    return new_in_folder(w, error);
}

dh_status dh_warc_put(dh_warc_writer *w, const dh_warc_exchange *x, dh_warc_place *place,
                      dh_error *error) {
    *place = (dh_warc_place){0};
    dh_status status = rotate(w, error);
    if (status != DH_OK) return status;
    dh_warc_pen_reset(&w->pen);
    uint64_t before = w->size;
    if (!dh_warc_pen_exchange(&w->pen, x, w->info, place)) return no_memory(error);
    place->file = w->name;
    place->offset = before;
    return put_bytes(w, dh_buf_slice(&w->pen.out), error);
}

dh_status dh_warc_writer_close(dh_warc_writer *w, dh_error *error) {
    if (w == NULL) return DH_OK;
    dh_status status = w->fd >= 0 ? dh_warc_sync(w, error) : DH_OK;
    if (w->fd >= 0 && close(w->fd) != 0 && status == DH_OK) status = failed(error, NULL);
    w->fd = -1;
    free_writer(w);
    return status;
}
