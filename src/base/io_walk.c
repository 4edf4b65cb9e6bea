/* SPDX-License-Identifier: Apache-2.0 */
/* The files below a folder. Iterative; a folder is read to its end and closed before anything is
 * looked at, and real folders are all visited before the first link to one, so that what is found
 * does not depend on the order in which the system lists names. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/map.h"

typedef struct folder {
    const char *path;
    size_t root_len; /* where path's relative part begins */
} folder;

typedef DH_VEC(folder) folders;

typedef struct walk {
    dh_arena *arena;
    dh_io_entries *out;
    void (*problem)(void *data, const char *path, const char *why);
    void *data;
    folders open, links; /* to visit: real ones, then links to folders */
    dh_map seen;         /* (device, inode) of visited folders */
    dh_buf names;        /* heap: NUL-separated names of the folder at hand */
    dh_error failure;    /* of the first that could not be read, when nobody is told of it */
} walk;

static void tell(const walk *w, const char *path, int number) {
    char text[128];
    if (w->problem == NULL) return;
    if (strerror_r(number, text, sizeof text) != 0) snprintf(text, sizeof text, "error %d", number);
    w->problem(w->data, path, text);
}

/* What is left out for want of memory may have been there; so may what the system has no answer about. */
static void cannot(walk *w, const char *path, int number) {
    bool memory = number == ENOMEM, gone = number == ENOENT || number == ENOTDIR || number == ELOOP;
    tell(w, path, number);
    if (w->failure.status == DH_OK && (memory || (w->problem == NULL && !gone)))
        dh_error_set(&w->failure, memory ? DH_ERR_MEMORY : DH_ERR_IO, "io", 0, "%.200s: %s", path,
                     memory ? "out of memory" : "cannot be read");
}

/* Fills w->names. Touches no arena while the folder is open. */
static bool list_names(walk *w, const char *path, int *why) {
    dh_buf_reset(&w->names);
    DIR *dir = opendir(path);
    if (dir == NULL) {
        *why = errno;
        return false;
    }
    *why = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL) {
            *why = errno;
            break;
        }
        if (entry->d_name[0] == '.') continue;
        dh_buf_put(&w->names, entry->d_name, strlen(entry->d_name) + 1);
    }
    closedir(dir);
    if (w->names.failed) *why = ENOMEM;
    return *why == 0;
}

static bool first_visit(walk *w, const struct stat *st) {
    uint64_t id[2] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    dh_slice key = dh_arena_dup(w->arena, dh_slice_make((const char *)id, sizeof id));
    bool added;
    dh_map_put(&w->seen, key, &added);
    return added;
}

static void take(walk *w, const char *path, size_t root_len) {
    struct stat st, link;
    if (stat(path, &st) != 0) {
        cannot(w, path, errno);
        return;
    }
    if (S_ISREG(st.st_mode)) {
        *DH_PUSH(w->arena, *w->out) =
            (dh_io_entry){.path = path, .relative = path + root_len, .size = (uint64_t)st.st_size};
    } else if (S_ISDIR(st.st_mode)) {
        bool is_link = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
        folder found = {path, root_len};
        if (is_link)
            *DH_PUSH(w->arena, w->links) = found;
        else
            *DH_PUSH(w->arena, w->open) = found;
    }
}

static const char *join(walk *w, const char *path, const char *name) {
    dh_buf whole;
    dh_buf_init(&whole, w->arena, 0);
    dh_buf_puts(&whole, path);
    if (whole.len > 0 && whole.ptr[whole.len - 1] != '/') dh_buf_putc(&whole, '/');
    dh_buf_puts(&whole, name);
    return dh_buf_cstr(&whole);
}

static void visit(walk *w, folder f) {
    struct stat st;
    int why = 0;
    if (stat(f.path, &st) != 0) {
        cannot(w, f.path, errno);
        return;
    }
    if (!first_visit(w, &st)) return;
    if (!list_names(w, f.path, &why)) {
        cannot(w, f.path, why);
        return;
    }
    for (size_t at = 0; at < w->names.len;) {
        const char *name = w->names.ptr + at;
        at += strlen(name) + 1;
        take(w, join(w, f.path, name), f.root_len);
    }
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const folder *)a)->path, ((const folder *)b)->path);
}

static int by_relative(const void *a, const void *b) {
    return strcmp(((const dh_io_entry *)a)->relative, ((const dh_io_entry *)b)->relative);
}

static void visit_real(walk *w, folder from) {
    *DH_PUSH(w->arena, w->open) = from;
    while (w->open.len > 0) {
        folder next = w->open.ptr[--w->open.len];
        visit(w, next);
    }
}

static void visit_all(walk *w, const char *root) {
    dh_map_init(&w->seen, w->arena, 0);
    size_t len = strlen(root);
    visit_real(w, (folder){root, len > 0 && root[len - 1] == '/' ? len : len + 1});
    while (w->links.len > 0) { /* what the links lead to may hold further links */
        folders links = w->links;
        w->links = (folders){0};
        qsort(links.ptr, links.len, sizeof *links.ptr, by_path);
        for (uint32_t i = 0; i < links.len; i++) visit_real(w, links.ptr[i]);
    }
    if (w->out->len > 0) qsort(w->out->ptr, w->out->len, sizeof *w->out->ptr, by_relative);
}

/* An exhausted arena passes here on its way to the caller's guard: w->names is on the heap. */
static void visit_guarded(walk *w, const char *root) {
    jmp_buf *outer = w->arena->guard;
    jmp_buf here;
    if (dh_arena_guard(w->arena, &here)) {
        w->arena->guard = outer;
        dh_buf_release(&w->names);
        dh_arena_fail(w->arena, w->arena->failure);
        return;
    }
    visit_all(w, root);
    w->arena->guard = outer;
    dh_buf_release(&w->names);
}

dh_status dh_io_walk(const char *root, dh_arena *arena, dh_io_entries *out,
                     void (*problem)(void *data, const char *path, const char *why), void *data,
                     dh_error *error) {
    *out = (dh_io_entries){0};
    struct stat st;
    if (stat(root, &st) != 0) {
        char text[128];
        if (strerror_r(errno, text, sizeof text) != 0) snprintf(text, sizeof text, "unreadable");
        return dh_error_set(error, DH_ERR_IO, "io", 0, "%s", text);
    }
    walk w = {.arena = arena, .out = out, .problem = problem, .data = data};
    if (!S_ISDIR(st.st_mode)) {
        dh_slice path = dh_arena_dup(arena, dh_slice_cstr(root));
        if (path.ptr == NULL) return dh_error_set(error, DH_ERR_MEMORY, "io", 0, "out of memory");
        const char *slash = strrchr(path.ptr, '/');
        take(&w, path.ptr, slash != NULL ? (size_t)(slash - path.ptr) + 1 : 0);
        if (out->len == 0 &&
            !S_ISREG(st.st_mode)) /* a pipe: what it holds is known when it is read */
            *DH_PUSH(arena, *out) =
                (dh_io_entry){.path = path.ptr, .relative = slash != NULL ? slash + 1 : path.ptr};
        if (error != NULL && w.failure.status != DH_OK) *error = w.failure;
        return w.failure.status;
    }
    visit_guarded(&w, root);
    if (w.arena->failure != DH_OK)
        return dh_error_set(error, w.arena->failure, "io", 0, "out of memory");
    if (error != NULL && w.failure.status != DH_OK) *error = w.failure;
    return w.failure.status;
}
