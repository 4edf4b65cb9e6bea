/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive brings a dozen libraries along: it is loaded as libcrypto is (digest.c). */
#include "archive/members.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"

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
    X(archive_read_open_filename)                                                                  \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_is_encrypted)                                                                  \
    X(archive_errno)                                                                               \
    X(archive_error_string)                                                                        \
    X(archive_filter_bytes)

/* Written once, under `once`. */
static struct {
    bool whole; /* all of them are there */
#define X(name) __typeof__(name) *name;
    FUNCTIONS(X)
#undef X
} real;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen(library_name, RTLD_LAZY | RTLD_LOCAL), *at;
    if (library == NULL) return;
    bool whole = true;
#define X(name)                                                                                    \
    at = dlsym(library, #name);                                                                    \
    memcpy(&real.name, &at, sizeof at);                                                            \
    whole = whole && at != NULL;
    FUNCTIONS(X)
#undef X
    real.whole = whole;
}

struct dh_members {
    struct archive *archive;
    locale_t
        utf8; /* libarchive decodes names by the thread's locale; the caller's is put back after each call */
    size_t max_bytes;
    dh_buf bytes; /* heap */
    bool ended, any;
};

size_t dh_members_ending(dh_slice name) {
    static const char *const endings[] = {".tar",    ".tar.gz", ".tgz",     ".tar.zst", ".tzst",
                                          ".tar.xz", ".txz",    ".tar.bz2", ".tbz2",    ".zip"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (dh_slice_ends_nocase(name, dh_slice_cstr(endings[i]))) return strlen(endings[i]);
    return 0;
}

static dh_status failed(const dh_members *m, dh_status status, dh_error *error) {
    const char *why = real.archive_error_string(m->archive);
    return dh_error_set(error, status, "archive", 0, "%s", why != NULL ? why : "it cannot be read");
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
}

dh_status dh_members_new(const char *name, size_t max_bytes, dh_members **out, dh_error *error) {
    *out = NULL;
    if (pthread_once(&once, load) != 0 || !real.whole)
        return dh_error_set(error, DH_ERR_IO, "archive", 0,
                            "%s cannot be loaded: no tar and no zip (Debian: libarchive13)",
                            library_name);
    dh_members *m = calloc(1, sizeof *m);
    if (m == NULL) return no_memory(error);
    m->max_bytes = max_bytes;
    m->archive = real.archive_read_new();
    m->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (m->archive == NULL) {
        dh_members_free(m);
        return no_memory(error);
    }
    real.archive_read_support_filter_gzip(m->archive);
    real.archive_read_support_filter_zstd(m->archive);
    real.archive_read_support_filter_xz(m->archive);
    real.archive_read_support_filter_bzip2(m->archive);
    real.archive_read_support_format_tar(m->archive);
    real.archive_read_support_format_zip(m->archive);
    if (real.archive_read_open_filename(m->archive, name, BLOCK) != ARCHIVE_OK) {
        int number = real.archive_errno(m->archive);
        dh_status status =
            failed(m, number > 0 && number != EILSEQ ? DH_ERR_IO : DH_ERR_TYPE, error);
        dh_members_free(m);
        return status;
    }
    *out = m;
    return DH_OK;
}

void dh_members_free(dh_members *m) {
    if (m == NULL) return;
    real.archive_read_free(m->archive);
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

static dh_status next(dh_members *m, dh_member *member, dh_error *error) {
    struct archive_entry *entry;
    *member = (dh_member){.name = ""};
    if (m->ended) return DH_ERR_EMPTY;
    int code;
    do code = real.archive_read_next_header(m->archive, &entry);
    while (code == ARCHIVE_RETRY);
    if (code == ARCHIVE_EOF) return DH_ERR_EMPTY;
    if (code == ARCHIVE_FATAL || code == ARCHIVE_FAILED) {
        m->ended = true;
        return failed(m, m->any ? DH_ERR_SYNTAX : DH_ERR_TYPE, error);
    }
    m->any = true;
    const char *name = real.archive_entry_pathname_utf8(entry);
    if (name == NULL) name = real.archive_entry_pathname(entry);
    if (name != NULL) member->name = name;
    member->is_folder = real.archive_entry_filetype(entry) == AE_IFDIR;
    if (!member->is_folder) member->refused = refusal(entry, member->name);
    return member->is_folder || member->refused != NULL ? DH_OK : read_bytes(m, member, error);
}

dh_status dh_members_next(dh_members *m, dh_member *member, dh_error *error) {
    locale_t before = m->utf8 != (locale_t)0 ? uselocale(m->utf8) : (locale_t)0;
    dh_status status = next(m, member, error);
    if (before != (locale_t)0) uselocale(before);
    return status;
}
