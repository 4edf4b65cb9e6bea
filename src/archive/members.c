/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive brings a dozen libraries along: it is loaded for the first archive. It reads through our functions, which
 * need no more of the system than read and lseek, and looks at nothing before the first member is asked for: a process
 * can be closed between dh_members_new and that. */
#include "archive/members.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/late.h"

enum { BLOCK = 256 * 1024 };
static const char library_name[] = "libarchive.so.13"; /* the number is its ABI */

#define FUNCTIONS(X)                                                                               \
    X(archive_read_new)                                                                            \
    X(archive_read_free)                                                                           \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_support_filter_xz)                                                              \
    X(archive_read_support_filter_bzip2)                                                           \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_open1)                                                                          \
    X(archive_read_set_callback_data)                                                              \
    X(archive_read_set_read_callback)                                                              \
    X(archive_read_set_seek_callback)                                                              \
    X(archive_read_set_skip_callback)                                                              \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_is_encrypted)                                                                  \
    X(archive_errno)                                                                               \
    X(archive_error_string)                                                                        \
    X(archive_set_error)                                                                           \
    X(archive_filter_bytes)

DH_LATE_LIBRARY(library_name, FUNCTIONS)

struct dh_members {
    struct archive *archive;
    /* libarchive decodes names by the thread's locale; the caller's is put back after each call. */
    locale_t utf8;
    int fd;
    char *block; /* heap: of the file, BLOCK bytes */
    size_t max_bytes;
    dh_buf bytes; /* heap */
    bool open, ended, any;
    int broken; /* errno of the file itself: what libarchive makes of that is no fault of the archive */
};

size_t dh_members_ending(dh_slice name) {
    static const char *const endings[] = {".tar",    ".tar.gz", ".tgz",     ".tar.zst", ".tzst",
                                          ".tar.xz", ".txz",    ".tar.bz2", ".tbz2",    ".zip"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (dh_slice_ends_nocase(name, dh_slice_cstr(endings[i]))) return strlen(endings[i]);
    return 0;
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
}

static dh_status failed(const dh_members *m, dh_status status, dh_error *error) {
    const char *why = real.archive_error_string(m->archive);
    if (real.archive_errno(m->archive) == ENOMEM) return no_memory(error);
    return dh_error_set(error, status, "archive", 0, "%s", why != NULL ? why : "it cannot be read");
}

/* ---- the file, for libarchive ---- */

static la_ssize_t read_file(struct archive *archive, void *data, const void **bytes) {
    dh_members *m = data;
    ssize_t n;
    do n = read(m->fd, m->block, BLOCK);
    while (n < 0 && errno == EINTR);
    if (n < 0) m->broken = errno;
    if (n < 0) real.archive_set_error(archive, errno, "%s", strerror(errno));
    *bytes = m->block;
    return n;
}

static la_int64_t skip_file(struct archive *archive, void *data, la_int64_t count) {
    const dh_members *m = data;
    (void)archive;
    return lseek(m->fd, count, SEEK_CUR) >= 0 ? count : 0;
}

static la_int64_t seek_file(struct archive *archive, void *data, la_int64_t offset, int whence) {
    dh_members *m = data;
    off_t at = lseek(m->fd, offset, whence);
    if (at < 0) m->broken = errno;
    if (at < 0) real.archive_set_error(archive, errno, "%s", strerror(errno));
    return at >= 0 ? at : ARCHIVE_FATAL;
}

/* Its first bytes are looked at. */
static bool open_archive(dh_members *m) {
    m->open = true;
    real.archive_read_set_read_callback(m->archive, read_file);
    real.archive_read_set_callback_data(m->archive, m);
    if (lseek(m->fd, 0, SEEK_CUR) >= 0) { /* no pipe */
        real.archive_read_set_skip_callback(m->archive, skip_file);
        real.archive_read_set_seek_callback(m->archive, seek_file);
    }
    return real.archive_read_open1(m->archive) == ARCHIVE_OK;
}

dh_status dh_members_check(dh_error *error) {
    if (loaded()) return DH_OK;
    return dh_error_set(error, DH_ERR_IO, "archive", 0,
                        "%s cannot be loaded: no tar and no zip (Debian: libarchive13)",
                        library_name);
}

dh_status dh_members_new(const char *name, size_t max_bytes, dh_members **out, dh_error *error) {
    *out = NULL;
    dh_status status = dh_members_check(error);
    if (status != DH_OK) return status;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return dh_error_set(error, DH_ERR_IO, "archive", 0, "%s", strerror(errno));
    dh_members *m = calloc(1, sizeof *m);
    if (m == NULL) {
        close(fd);
        return no_memory(error);
    }
    m->fd = fd;
    m->max_bytes = max_bytes;
    m->archive = real.archive_read_new();
    m->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    m->block = malloc(BLOCK);
    if (m->archive == NULL || m->block == NULL) {
        dh_members_free(m);
        return no_memory(error);
    }
    bool all = real.archive_read_support_filter_gzip(m->archive) != ARCHIVE_FATAL &&
               real.archive_read_support_filter_zstd(m->archive) != ARCHIVE_FATAL &&
               real.archive_read_support_filter_xz(m->archive) != ARCHIVE_FATAL &&
               real.archive_read_support_filter_bzip2(m->archive) != ARCHIVE_FATAL &&
               real.archive_read_support_format_tar(m->archive) != ARCHIVE_FATAL &&
               real.archive_read_support_format_zip(m->archive) != ARCHIVE_FATAL;
    if (!all) {
        dh_members_free(m);
        return no_memory(error);
    }
    *out = m;
    return DH_OK;
}

void dh_members_free(dh_members *m) {
    if (m == NULL) return;
    real.archive_read_free(m->archive);
    close(m->fd);
    free(m->block);
    if (m->utf8 != (locale_t)0) freelocale(m->utf8);
    dh_buf_release(&m->bytes);
    free(m);
}

uint64_t dh_members_read(const dh_members *m) {
    int64_t bytes = real.archive_filter_bytes(m->archive, -1);
    return bytes > 0 ? (uint64_t)bytes : 0;
}

/* Whether a part of the path is "..". */
static bool climbs(dh_slice path) {
    while (path.ptr != NULL)
        if (dh_slice_eq(dh_slice_cut(&path, '/'), DH_SLICE(".."))) return true;
    return false;
}

static const char *refusal(struct archive_entry *entry, const char *name) {
    dh_slice path = dh_slice_cstr(name);
    if (path.len == 0) return "the entry has no name that can be read";
    if (path.ptr[0] == '/' || path.ptr[0] == '\\' || (path.len > 1 && path.ptr[1] == ':'))
        return "the entry has an absolute name";
    if (climbs(path)) return "the entry's name leads out of the archive";
    if (real.archive_entry_hardlink(entry) != NULL) return "the entry is a link";
    if (real.archive_entry_is_encrypted(entry)) return "the entry is encrypted";
    if (real.archive_entry_filetype(entry) == AE_IFLNK) return "the entry is a link";
    if (real.archive_entry_filetype(entry) != AE_IFREG && real.archive_entry_filetype(entry) != 0)
        return "the entry is no plain file";
    return NULL;
}

/* The entry's bytes, as far as they are wanted. */
static dh_status read_bytes(dh_members *m, dh_member *member, dh_error *error) {
    enum { STEP = 64 * 1024 };
    dh_buf_reset(&m->bytes);
    while (m->bytes.len < m->max_bytes) {
        size_t want = m->max_bytes - m->bytes.len < STEP ? m->max_bytes - m->bytes.len : STEP;
        if (!dh_buf_reserve(&m->bytes, want)) return no_memory(error);
        la_ssize_t n = real.archive_read_data(m->archive, m->bytes.ptr + m->bytes.len, want);
        if (n == ARCHIVE_RETRY) continue;
        if (n < 0 && real.archive_errno(m->archive) == ENOMEM) return no_memory(error);
        if (n < 0) {
            m->ended = n == ARCHIVE_FATAL;
            member->refused = "the entry is damaged";
            return DH_OK;
        }
        if (n == 0) break;
        m->bytes.len += (size_t)n;
    }
    member->bytes = dh_buf_slice(&m->bytes);
    return DH_OK;
}

/* The next entry. */
static dh_status next_header(dh_members *m, struct archive_entry **entry, dh_error *error) {
    if (m->ended) return DH_ERR_EMPTY;
    if (!m->open && !open_archive(m)) {
        m->ended = true;
        return failed(m, DH_ERR_TYPE, error);
    }
    int code;
    do code = real.archive_read_next_header(m->archive, entry);
    while (code == ARCHIVE_RETRY);
    if (code == ARCHIVE_EOF) return DH_ERR_EMPTY;
    if (code == ARCHIVE_FATAL || code == ARCHIVE_FAILED) {
        m->ended = true;
        return failed(m, m->any ? DH_ERR_SYNTAX : DH_ERR_TYPE, error);
    }
    m->any = true;
    return DH_OK;
}

static dh_status next(dh_members *m, dh_member *member, dh_error *error) {
    struct archive_entry *entry;
    *member = (dh_member){.name = ""};
    dh_status status = next_header(m, &entry, error);
    if (status != DH_OK) return status;
    const char *name = real.archive_entry_pathname_utf8(entry);
    if (name == NULL) name = real.archive_entry_pathname(entry);
    if (name != NULL) member->name = name;
    member->is_folder = real.archive_entry_filetype(entry) == AE_IFDIR;
    if (!member->is_folder) member->refused = refusal(entry, member->name);
    return member->is_folder || member->refused != NULL ? DH_OK : read_bytes(m, member, error);
}

/* member NULL: passes over it. */
static dh_status in_locale(dh_members *m, dh_member *member, dh_error *error) {
    struct archive_entry *entry;
    locale_t before = m->utf8 != (locale_t)0 ? uselocale(m->utf8) : (locale_t)0;
    dh_status status = member != NULL ? next(m, member, error) : next_header(m, &entry, error);
    if (before != (locale_t)0) uselocale(before);
    if (m->broken == 0) return status;
    m->ended = true;
    return dh_error_set(error, DH_ERR_IO, "archive", 0, "%s", strerror(m->broken));
}

dh_status dh_members_next(dh_members *m, dh_member *member, dh_error *error) {
    return in_locale(m, member, error);
}

dh_status dh_members_skip(dh_members *m, dh_error *error) {
    return in_locale(m, NULL, error);
}
