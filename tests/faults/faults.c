/* SPDX-License-Identifier: Apache-2.0 */
/* What the system gives is refused: the Nth call of a kind fails, once or from then on. For tests/faults/run.sh.
 * Linked to the program (FAULTS_WRAP, ld --wrap) it stands between our code and the C library, with the
 * sanitizers below; loaded with LD_PRELOAD it refuses to the libraries, too.
 *
 *   FAULT=KIND:N[:ever]   KIND is a row of the table below; N from 1; 0: none fails
 *   FAULT_COUNT=FILE      the calls of the kind are counted, their number is written there at the end
 *   FAULT_TRACE=1         says on standard error where it was refused (with a sanitizer)
 *
 * Calls on standard error are let by: what is said is what tests look at. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum kind { NONE, ALLOC, READ, WRITE, SYNC, RENAME, CLOSE, OPEN, SHORT, INTR, DIRS, STAT };
static const char *const names[] = {"none",  "alloc", "read",  "write", "sync",    "rename",
                                    "close", "open",  "short", "intr",  "readdir", "stat"};

static enum kind chosen;
static unsigned long at;
static bool ever, traced;
static atomic_ulong calls;

extern void __sanitizer_print_stack_trace(void) __attribute__((weak));

/* Whether this call is to fail. */
static bool fails(enum kind kind) {
    if (kind != chosen) return false;
    unsigned long n = atomic_fetch_add(&calls, 1) + 1;
    bool refused = at != 0 && (n == at || (ever && n > at));
    if (refused && n == at && traced && __sanitizer_print_stack_trace != NULL)
        __sanitizer_print_stack_trace();
    return refused;
}

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULT");
    traced = getenv("FAULT_TRACE") != NULL;
    if (text == NULL) return;
    for (size_t i = 1; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if (strncmp(text, names[i], len) != 0 || text[len] != ':') continue;
        char *end;
        at = strtoul(text + len + 1, &end, 10);
        ever = strcmp(end, ":ever") == 0;
        chosen = (enum kind)i;
    }
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAULT_COUNT");
    unsigned long n = atomic_load(&calls);
    chosen = NONE;
    if (path == NULL) return;
    FILE *file = fopen(path, "w");
    if (file == NULL) return;
    fprintf(file, "%lu\n", n);
    fclose(file);
}

#ifdef FAULTS_WRAP
#define OURS(name) __wrap_##name
#define REAL(name) __real_##name
#define BEHIND(name) __typeof__(name) __real_##name, __wrap_##name
#else
#define OURS(name) name
/* dlsym may allocate: `real_` pointers of memory are taken before they are needed. */
#define REAL(name) ((__typeof__(&name))real(#name, (void **)&real_##name))
#define BEHIND(name) static void *real_##name

static void *real(const char *name, void **place) {
    void *found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (found == NULL) {
        found = dlsym(RTLD_NEXT, name);
        __atomic_store_n(place, found, __ATOMIC_RELEASE);
    }
    return found;
}
#endif

/* ---- memory ---- */

BEHIND(malloc);
BEHIND(calloc);
BEHIND(realloc);
BEHIND(posix_memalign);
BEHIND(aligned_alloc);

#ifdef FAULTS_WRAP
static bool is_there(void) {
    return true;
}
static void *take_early(size_t size) {
    (void)size;
    return NULL;
}
static bool is_early(const void *p) {
    (void)p;
    return false;
}
static size_t early_room(const void *p) {
    (void)p;
    return 0;
}
#else
/* What dlsym asks for before there is anything behind us; never given back. */
static _Alignas(16) char early[65536];
static size_t early_used;
static _Thread_local bool looking __attribute__((tls_model("initial-exec")));

static void *take_early(size_t size) {
    size_t need = (size + 15) & ~(size_t)15;
    if (early_used + need > sizeof early) return NULL;
    void *p = early + early_used;
    early_used += need;
    return p;
}

static bool is_early(const void *p) {
    return (const char *)p >= early && (const char *)p < early + sizeof early;
}

static size_t early_room(const void *p) {
    return (size_t)(early + sizeof early - (const char *)p);
}

static bool is_there(void) {
    if (__atomic_load_n(&real_malloc, __ATOMIC_ACQUIRE) != NULL) return true;
    if (looking) return false;
    looking = true;
    (void)REAL(calloc);
    (void)REAL(realloc);
    (void)REAL(posix_memalign);
    (void)REAL(aligned_alloc);
    (void)REAL(malloc);
    looking = false;
    return true;
}
#endif

EXPORT void *OURS(malloc)(size_t size) {
    if (!is_there()) return take_early(size);
    if (fails(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return REAL(malloc)(size);
}

EXPORT void *OURS(calloc)(size_t count, size_t size) {
    if (!is_there()) return take_early(count * size);
    if (fails(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return REAL(calloc)(count, size);
}

EXPORT void *OURS(realloc)(void *old, size_t size) {
    if (!is_there()) return NULL;
    if (is_early(old)) {
        void *moved = OURS(malloc)(size);
        if (moved != NULL) memcpy(moved, old, size < early_room(old) ? size : early_room(old));
        return moved;
    }
    if (fails(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return REAL(realloc)(old, size);
}

BEHIND(free);
EXPORT void OURS(free)(void *p) {
    if (p == NULL || is_early(p)) return;
    REAL(free)(p);
}

EXPORT int OURS(posix_memalign)(void **out, size_t alignment, size_t size) {
    if (!is_there() || fails(ALLOC)) return ENOMEM;
    return REAL(posix_memalign)(out, alignment, size);
}

EXPORT void *OURS(aligned_alloc)(size_t alignment, size_t size) {
    if (!is_there() || fails(ALLOC)) {
        errno = ENOMEM;
        return NULL;
    }
    return REAL(aligned_alloc)(alignment, size);
}

/* ---- files ---- */

/* A message comes whole or not at all. Where this cannot be asked (sandbox.c) nothing else is read. */
static bool may_be_short(int fd) {
    int type = 0;
    socklen_t len = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0) return type != SOCK_SEQPACKET;
    return errno != EPERM;
}

BEHIND(read);
EXPORT ssize_t OURS(read)(int fd, void *out, size_t len) {
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    if (fails(INTR)) {
        errno = EINTR;
        return -1;
    }
    return REAL(read)(fd, out, len > 1 && may_be_short(fd) && fails(SHORT) ? len / 2 : len);
}

#ifndef FAULTS_WRAP
BEHIND(pread64);
EXPORT ssize_t OURS(pread64)(int fd, void *out, size_t len, off64_t place) {
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    return REAL(pread64)(fd, out, len, place);
}
#endif

BEHIND(pread);
EXPORT ssize_t OURS(pread)(int fd, void *out, size_t len, off_t place) {
    if (fails(READ)) {
        errno = EIO;
        return -1;
    }
    return REAL(pread)(fd, out, len, place);
}

static bool write_fails(int fd, ssize_t *result) {
    if (fd == STDERR_FILENO) return false;
    bool full = fails(WRITE), interrupted = !full && fails(INTR);
    if (full) errno = ENOSPC;
    if (interrupted) errno = EINTR;
    *result = -1;
    return full || interrupted;
}

BEHIND(write);
EXPORT ssize_t OURS(write)(int fd, const void *bytes, size_t len) {
    ssize_t result;
    if (write_fails(fd, &result)) return result;
    return REAL(write)(fd, bytes,
                       fd != STDERR_FILENO && len > 1 && may_be_short(fd) && fails(SHORT) ? len / 2
                                                                                          : len);
}

BEHIND(pwrite);
EXPORT ssize_t OURS(pwrite)(int fd, const void *bytes, size_t len, off_t place) {
    ssize_t result;
    if (write_fails(fd, &result)) return result;
    return REAL(pwrite)(fd, bytes, len, place);
}

#ifndef FAULTS_WRAP
BEHIND(pwrite64);
EXPORT ssize_t OURS(pwrite64)(int fd, const void *bytes, size_t len, off64_t place) {
    ssize_t result;
    if (write_fails(fd, &result)) return result;
    return REAL(pwrite64)(fd, bytes, len, place);
}
#endif

BEHIND(ftruncate);
EXPORT int OURS(ftruncate)(int fd, off_t len) {
    if (fails(WRITE)) {
        errno = EIO;
        return -1;
    }
    return REAL(ftruncate)(fd, len);
}

BEHIND(fsync);
EXPORT int OURS(fsync)(int fd) {
    if (fails(SYNC)) {
        errno = EIO;
        return -1;
    }
    return REAL(fsync)(fd);
}

BEHIND(fdatasync);
EXPORT int OURS(fdatasync)(int fd) {
    if (fails(SYNC)) {
        errno = EIO;
        return -1;
    }
    return REAL(fdatasync)(fd);
}

BEHIND(rename);
EXPORT int OURS(rename)(const char *from, const char *to) {
    if (fails(RENAME)) {
        errno = EIO;
        return -1;
    }
    return REAL(rename)(from, to);
}

BEHIND(renameat);
EXPORT int OURS(renameat)(int from_fd, const char *from, int to_fd, const char *to) {
    if (fails(RENAME)) {
        errno = EIO;
        return -1;
    }
    return REAL(renameat)(from_fd, from, to_fd, to);
}

BEHIND(link);
EXPORT int OURS(link)(const char *from, const char *to) {
    if (fails(RENAME)) {
        errno = EIO;
        return -1;
    }
    return REAL(link)(from, to);
}

/* Closed all the same, as the kernel does. */
BEHIND(close);
EXPORT int OURS(close)(int fd) {
    bool failed = fd > STDERR_FILENO && fails(CLOSE);
    int result = REAL(close)(fd);
    if (!failed) return result;
    errno = EIO;
    return -1;
}

static mode_t mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
}

BEHIND(open);
EXPORT int OURS(open)(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    if (fails(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    return REAL(open)(path, flags, mode);
}

#ifndef FAULTS_WRAP
BEHIND(open64);
EXPORT int OURS(open64)(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    if (fails(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    return REAL(open64)(path, flags, mode);
}
#endif

BEHIND(openat);
EXPORT int OURS(openat)(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    if (fails(OPEN)) {
        errno = EMFILE;
        return -1;
    }
    return REAL(openat)(folder, path, flags, mode);
}

BEHIND(opendir);
EXPORT DIR *OURS(opendir)(const char *path) {
    if (fails(OPEN)) {
        errno = EMFILE;
        return NULL;
    }
    return REAL(opendir)(path);
}

BEHIND(mkdir);
EXPORT int OURS(mkdir)(const char *path, mode_t mode) {
    if (fails(OPEN)) {
        errno = ENOSPC;
        return -1;
    }
    return REAL(mkdir)(path, mode);
}

BEHIND(readdir);
EXPORT struct dirent *OURS(readdir)(DIR *folder) {
    if (fails(DIRS)) {
        errno = EIO;
        return NULL;
    }
    return REAL(readdir)(folder);
}

BEHIND(stat);
EXPORT int OURS(stat)(const char *path, struct stat *out) {
    if (fails(STAT)) {
        errno = EIO;
        return -1;
    }
    return REAL(stat)(path, out);
}

BEHIND(lstat);
EXPORT int OURS(lstat)(const char *path, struct stat *out) {
    if (fails(STAT)) {
        errno = EIO;
        return -1;
    }
    return REAL(lstat)(path, out);
}

BEHIND(fstat);
EXPORT int OURS(fstat)(int fd, struct stat *out) {
    if (fails(STAT)) {
        errno = EIO;
        return -1;
    }
    return REAL(fstat)(fd, out);
}
