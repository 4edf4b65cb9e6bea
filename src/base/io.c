/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing of whole files. Walking folders is in io_walk.c. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"

static dh_status fail_errno(dh_error *error, int number, const char *doing) {
    char text[128];
    if (strerror_r(number, text, sizeof text) != 0) snprintf(text, sizeof text, "error %d", number);
    if (doing == NULL) return dh_error_set(error, DH_ERR_IO, "io", 0, "%s", text);
    return dh_error_set(error, DH_ERR_IO, "io", 0, "%s: %s", doing, text);
}

static dh_status read_fd(int fd, size_t max, dh_buf *out, bool *cut, dh_error *error) {
    size_t had = out->len;
    for (;;) {
        size_t got = out->len - had;
        size_t want = out->cap - out->len;
        if (max != 0 && want > max - got) want = max - got;
        if (want == 0 && max != 0 && got == max) break;
        if (want == 0) {
            if (!dh_buf_reserve(out, 64 * 1024))
                return dh_error_set(error, DH_ERR_MEMORY, "io", out->len, "out of memory");
            continue;
        }
        ssize_t n = read(fd, out->ptr + out->len, want);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail_errno(error, errno, NULL);
        if (n == 0) return DH_OK;
        out->len += (size_t)n;
    }
    char one;
    ssize_t more;
    do more = read(fd, &one, 1);
    while (more < 0 && errno == EINTR);
    if (more < 0) return fail_errno(error, errno, NULL);
    if (cut != NULL) *cut = more > 0;
    return DH_OK;
}

static dh_status read_open(int fd, size_t max, dh_buf *out, bool *cut, dh_error *error) {
    struct stat st;
    if (fstat(fd, &st) != 0) return fail_errno(error, errno, NULL);
    if (S_ISDIR(st.st_mode)) return fail_errno(error, EISDIR, NULL);
    if (S_ISBLK(st.st_mode) || (S_ISCHR(st.st_mode) && max == 0))
        return dh_error_set(error, DH_ERR_IO, "io", 0, "is a device");
    size_t room = 16 * 1024;
    if (S_ISREG(st.st_mode) && st.st_size > 0) /* and one more, to meet the end without growing */
        room = (uint64_t)st.st_size < SIZE_MAX / 8 ? (size_t)st.st_size + 1 : SIZE_MAX / 8;
    if (max != 0 && room > max) room = max;
    if (!dh_buf_reserve(out, room))
        return dh_error_set(error, DH_ERR_MEMORY, "io", 0, "out of memory");
    return read_fd(fd, max, out, cut, error);
}

dh_status dh_io_read(const char *name, size_t max, dh_buf *out, bool *cut, dh_error *error) {
    if (cut != NULL) *cut = false;
    bool is_stdin = strcmp(name, "-") == 0;
    int fd = STDIN_FILENO;
    if (!is_stdin) {
        do fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        while (fd < 0 && errno == EINTR);
        if (fd < 0) return fail_errno(error, errno, NULL);
    }
    /* The descriptor must be closed before an exhausted arena is left through its guard. */
    jmp_buf *guard = out->arena != NULL ? out->arena->guard : NULL;
    if (guard != NULL) out->arena->guard = NULL;
    dh_status status = read_open(fd, max, out, cut, error);
    if (!is_stdin) close(fd);
    if (guard != NULL) {
        out->arena->guard = guard;
        if (status == DH_ERR_MEMORY && out->arena->failure != DH_OK)
            dh_arena_fail(out->arena, out->arena->failure);
    }
    return status;
}

dh_status dh_io_put(int fd, dh_slice bytes, dh_error *error) {
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);
        if (n >= 0) {
            done += (size_t)n;
            continue;
        }
        if (errno == EINTR) continue;
        int number = errno;
        dh_status status = fail_errno(error, number, NULL);
        if (number == EPIPE) status = DH_ERR_INTERRUPTED;
        if (error != NULL) error->status = status, error->offset = done;
        return status;
    }
    return DH_OK;
}

/* Length of the folder part of name with its slash; 0 when there is none. */
static size_t folder_len(const char *name) {
    const char *slash = strrchr(name, '/');
    return slash != NULL ? (size_t)(slash - name) + 1 : 0;
}

/* Opens a file of a name nobody has, in name's folder. Not mkstemp: its mode ignores the umask. */
static int open_temp(const char *name, dh_buf *temp) {
    size_t folder = folder_len(name);
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        dh_buf_reset(temp);
        dh_buf_put(temp, name, folder);
        dh_buf_printf(temp, ".dehusk-%ld-%lx%u.tmp", (long)getpid(),
                      (unsigned long)now.tv_nsec ^ (unsigned long)now.tv_sec << 20, attempt);
        const char *path = dh_buf_cstr(temp);
        if (temp->failed) {
            errno = ENOMEM;
            return -1;
        }
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || (errno != EEXIST && errno != EINTR)) return fd;
    }
    return -1;
}

static void forget(dh_io_file *file) {
    dh_buf_release(&file->name);
    dh_buf_release(&file->temp);
    file->fd = -1;
}

dh_status dh_io_file_open(dh_io_file *file, const char *name, bool replace, dh_error *error) {
    *file = (dh_io_file){.fd = -1, .replace = replace};
    struct stat st;
    bool exists = stat(name, &st) == 0;
    if (exists && !S_ISREG(st.st_mode))
        return dh_error_set(error, DH_ERR_IO, "io", 0, "exists and is no regular file");
    if (!replace && (exists || lstat(name, &st) == 0))
        return dh_error_set(error, DH_ERR_IO, "io", 0, "exists");
    dh_buf_puts(&file->name, name);
    dh_buf_cstr(&file->name);
    file->fd = file->name.failed ? -1 : open_temp(name, &file->temp);
    if (file->fd < 0) {
        dh_status status = fail_errno(error, file->name.failed ? ENOMEM : errno, NULL);
        forget(file);
        return status;
    }
    if (exists && fchmod(file->fd, st.st_mode & 07777) != 0) {
        dh_status status = fail_errno(error, errno, "cannot set its mode");
        dh_io_file_abort(file);
        return status;
    }
    return DH_OK;
}

dh_status dh_io_file_put(dh_io_file *file, dh_slice bytes, dh_error *error) {
    return dh_io_put(file->fd, bytes, error);
}

void dh_io_file_abort(dh_io_file *file) {
    if (file->fd >= 0) close(file->fd);
    if (file->temp.len > 0) unlink(file->temp.ptr);
    forget(file);
}

/* Gives the temporary file its name. Without replace link(2) is what refuses a name that came into
 * being meanwhile; file systems without links make do with a look before the rename. */
static dh_status give_name(const dh_io_file *file, dh_error *error) {
    const char *temp = file->temp.ptr, *name = file->name.ptr;
    if (!file->replace) {
        if (link(temp, name) == 0) {
            unlink(temp);
            return DH_OK;
        }
        struct stat st;
        if (errno == EEXIST || lstat(name, &st) == 0)
            return dh_error_set(error, DH_ERR_IO, "io", 0, "exists");
    }
    if (rename(temp, name) != 0) return fail_errno(error, errno, "cannot rename");
    return DH_OK;
}

static dh_status sync_folder(const char *name, dh_error *error) {
    dh_buf folder = {0};
    size_t len = folder_len(name);
    dh_buf_put(&folder, len > 0 ? name : ".", len > 0 ? len : 1);
    const char *path = dh_buf_cstr(&folder);
    dh_status status = DH_OK;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* EINVAL: a file system that has nothing to sync for folders. */
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
        status = fail_errno(error, errno, "cannot sync the folder");
    if (fd >= 0) close(fd);
    dh_buf_release(&folder);
    return status;
}

dh_status dh_io_file_commit(dh_io_file *file, bool durable, dh_error *error) {
    dh_status status = DH_OK;
    if (durable && fsync(file->fd) != 0) status = fail_errno(error, errno, NULL);
    int fd = file->fd;
    file->fd = -1;
    if (close(fd) != 0 && errno != EINTR && status == DH_OK)
        status = fail_errno(error, errno, NULL);
    if (status == DH_OK) status = give_name(file, error);
    if (status != DH_OK) {
        dh_io_file_abort(file);
        return status;
    }
    if (durable) status = sync_folder(file->name.ptr, error);
    forget(file);
    return status;
}

dh_status dh_io_write(const char *name, dh_slice bytes, bool replace, bool durable,
                      dh_error *error) {
    dh_io_file file;
    dh_status status = dh_io_file_open(&file, name, replace, error);
    if (status != DH_OK) return status;
    status = dh_io_file_put(&file, bytes, error);
    if (status != DH_OK) {
        dh_io_file_abort(&file);
        return status;
    }
    return dh_io_file_commit(&file, durable, error);
}

dh_status dh_io_look(const char *path, dh_io_kind *kind, dh_error *error) {
    struct stat st;
    *kind = DH_IO_NONE;
    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? DH_OK
                                                                     : fail_errno(error, errno, NULL);
    *kind = S_ISREG(st.st_mode) ? DH_IO_FILE : S_ISDIR(st.st_mode) ? DH_IO_FOLDER : DH_IO_OTHER;
    return DH_OK;
}

static dh_status make_folder(const char *path, dh_error *error) {
    if (mkdir(path, 0777) == 0) return DH_OK;
    int number = errno;
    struct stat st;
    if (stat(path, &st) != 0) return fail_errno(error, number, "cannot make the folder");
    if (S_ISDIR(st.st_mode)) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "io", 0, "%.200s is no folder", path);
}

dh_status dh_io_mkdirs(const char *folder, dh_error *error) {
    struct stat st;
    if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode)) return DH_OK;
    dh_buf path = {0};
    dh_buf_puts(&path, folder);
    dh_buf_cstr(&path);
    if (path.failed) {
        dh_buf_release(&path);
        return dh_error_set(error, DH_ERR_MEMORY, "io", 0, "out of memory");
    }
    dh_status status = DH_OK;
    for (size_t i = 1; i <= path.len && status == DH_OK; i++) {
        if (i < path.len && path.ptr[i] != '/') continue;
        if (path.ptr[i - 1] == '/') continue;
        char was = path.ptr[i];
        path.ptr[i] = '\0';
        status = make_folder(path.ptr, error);
        path.ptr[i] = was;
    }
    dh_buf_release(&path);
    return status;
}

/* Controls, and what reorders or breaks a terminal's line. */
static bool is_unprintable(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x61C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void dh_io_put_printable(dh_buf *out, dh_slice text, bool is_name) {
    const char *end = text.ptr + text.len;
    for (const char *p = text.ptr; p < end;) {
        uint32_t code;
        size_t n = dh_utf8_decode(p, end, &code);
        bool bad = code == DH_REPLACEMENT && !(n == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0);
        if (bad || is_unprintable(code) || (is_name && code == '\\')) {
            for (size_t i = 0; i < n; i++) dh_buf_printf(out, "\\x%02X", (unsigned char)p[i]);
        } else {
            dh_buf_put(out, p, n);
        }
        p += n;
    }
}

const char *dh_io_printable(const char *name, dh_arena *arena) {
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_io_put_printable(&out, dh_slice_cstr(name), true);
    return dh_buf_cstr(&out);
}
