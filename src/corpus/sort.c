/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/sort.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

enum { MEMORY = 64 << 20, READ_SIZE = 64 * 1024 };

/* A sorted piece: of the file, or the one in memory. */
typedef struct run {
    uint64_t at,
        end; /* bytes of the file that were not read yet; equal: none, or the piece in memory */
    unsigned char *buffer;
    size_t pos, len; /* of the buffer, in bytes */
    bool own;        /* the buffer is the run's */
} run;

struct dh_sorter {
    size_t size, room; /* of a record; of the piece, in bytes */
    unsigned char *piece;
    size_t used;
    int fd;
    uint64_t written;
    dh_buf ends; /* heap: uint64_t, where each piece in the file ends */
    run *runs;
    size_t run_count;
    size_t *heap; /* runs that have a record, the smallest first */
    size_t heap_len;
    bool sorted;  /* the piece in memory is */
    bool started; /* the run on top of the heap has been handed out */
};

static int compare_small(const void *a, const void *b) {
    return memcmp(a, b, DH_SORT_SMALL);
}
static int compare_middle(const void *a, const void *b) {
    return memcmp(a, b, DH_SORT_MIDDLE);
}
static int compare_large(const void *a, const void *b) {
    return memcmp(a, b, DH_SORT_LARGE);
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "sort", 0, "out of memory");
}

static dh_status io_failed(dh_error *error) {
    return dh_error_set(error, DH_ERR_IO, "sort", 0, "%s", strerror(errno));
}

/* A file that is gone when it is closed, however that comes. */
static dh_status open_file(dh_sorter *s, const char *folder, dh_error *error) {
    dh_buf name = {0};
    dh_buf_printf(&name, "%s/.dehusk-sort-XXXXXX", folder);
    dh_buf_cstr(&name);
    if (name.failed) return no_memory(error);
    s->fd = mkstemp(name.ptr);
    dh_status status = s->fd < 0 || unlink(name.ptr) != 0 ? io_failed(error) : DH_OK;
    dh_buf_release(&name);
    return status;
}

dh_status dh_sorter_new(size_t size, size_t memory, const char *folder, dh_sorter **out,
                        dh_error *error) {
    *out = NULL;
    if (size != DH_SORT_SMALL && size != DH_SORT_MIDDLE && size != DH_SORT_LARGE)
        return dh_error_set(error, DH_ERR_USAGE, "sort", 0, "records may not have this size");
    dh_sorter *s = calloc(1, sizeof *s);
    if (s == NULL) return no_memory(error);
    s->fd = -1;
    s->size = size;
    s->room = (memory > 0 ? memory : MEMORY) / size * size;
    if (s->room < size) s->room = size;
    s->piece = malloc(s->room);
    dh_status status = s->piece == NULL ? no_memory(error) : open_file(s, folder, error);
    if (status == DH_OK) *out = s;
    else dh_sorter_free(s);
    return status;
}

static void forget_runs(dh_sorter *s) {
    for (size_t i = 0; i < s->run_count; i++)
        if (s->runs[i].own) free(s->runs[i].buffer);
    free(s->runs);
    free(s->heap);
    s->runs = NULL;
    s->heap = NULL;
    s->run_count = s->heap_len = 0;
}

void dh_sorter_free(dh_sorter *s) {
    if (s == NULL) return;
    forget_runs(s);
    dh_buf_release(&s->ends);
    free(s->piece);
    if (s->fd >= 0) close(s->fd);
    free(s);
}

static void sort_piece(dh_sorter *s) {
    if (s->used > 0)
        qsort(s->piece, s->used / s->size, s->size,
              s->size == DH_SORT_SMALL    ? compare_small
              : s->size == DH_SORT_MIDDLE ? compare_middle
                                          : compare_large);
}

static dh_status write_piece(dh_sorter *s, dh_error *error) {
    sort_piece(s);
    dh_status status = dh_io_put(s->fd, dh_slice_make((const char *)s->piece, s->used), error);
    if (status != DH_OK) return status;
    s->written += s->used;
    s->used = 0;
    return dh_buf_put(&s->ends, &s->written, sizeof s->written) ? DH_OK : no_memory(error);
}

dh_status dh_sorter_put(dh_sorter *s, const void *record, dh_error *error) {
    if (s->used == s->room) {
        dh_status status = write_piece(s, error);
        if (status != DH_OK) return status;
    }
    memcpy(s->piece + s->used, record, s->size);
    s->used += s->size;
    return DH_OK;
}

/* ---- reading ---- */

static dh_status read_on(dh_sorter *s, run *r, dh_error *error) {
    size_t want = READ_SIZE / s->size * s->size;
    if (r->end - r->at < want) want = (size_t)(r->end - r->at);
    r->pos = r->len = 0;
    while (r->len < want) {
        ssize_t n = pread(s->fd, r->buffer + r->len, want - r->len, (off_t)(r->at + r->len));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return io_failed(error);
        if (n == 0) return dh_error_set(error, DH_ERR_IO, "sort", 0, "the file is too short");
        r->len += (size_t)n;
    }
    r->at += want;
    return DH_OK;
}

static const unsigned char *head(const dh_sorter *s, size_t slot) {
    const run *r = &s->runs[s->heap[slot]];
    return r->buffer + r->pos;
}

static void sift_down(dh_sorter *s, size_t slot) {
    for (;;) {
        size_t least = slot, child = slot * 2 + 1;
        for (size_t i = child; i < child + 2 && i < s->heap_len; i++)
            if (memcmp(head(s, i), head(s, least), s->size) < 0) least = i;
        if (least == slot) return;
        size_t swap = s->heap[slot];
        s->heap[slot] = s->heap[least];
        s->heap[least] = swap;
        slot = least;
    }
}

static dh_status open_runs(dh_sorter *s, dh_error *error) {
    uint64_t begin = 0;
    for (size_t i = 0; i < s->run_count; i++) {
        run *r = &s->runs[i];
        if (i + 1 == s->run_count) { /* what is in memory */
            *r = (run){.buffer = s->piece, .len = s->used};
        } else {
            memcpy(&r->end, s->ends.ptr + i * sizeof r->end, sizeof r->end);
            r->at = begin;
            begin = r->end;
            r->buffer = malloc(READ_SIZE);
            if (r->buffer == NULL) return no_memory(error);
            r->own = true;
            dh_status status = read_on(s, r, error);
            if (status != DH_OK) return status;
        }
        if (r->len > 0) s->heap[s->heap_len++] = i;
    }
    for (size_t i = s->heap_len; i-- > 0;) sift_down(s, i);
    return DH_OK;
}

dh_status dh_sorter_rewind(dh_sorter *s, dh_error *error) {
    if (!s->sorted) sort_piece(s);
    s->sorted = true;
    s->started = false;
    forget_runs(s);
    size_t count = s->ends.len / sizeof(uint64_t) + 1;
    s->runs = calloc(count, sizeof *s->runs);
    s->heap = calloc(count, sizeof *s->heap);
    if (s->runs == NULL || s->heap == NULL) return no_memory(error);
    s->run_count = count;
    return open_runs(s, error);
}

/* The record on top was handed out: the next of its run. */
static dh_status step(dh_sorter *s, dh_error *error) {
    run *r = &s->runs[s->heap[0]];
    r->pos += s->size;
    if (r->pos == r->len && r->at < r->end) {
        dh_status status = read_on(s, r, error);
        if (status != DH_OK) return status;
    }
    if (r->pos == r->len) s->heap[0] = s->heap[--s->heap_len];
    sift_down(s, 0);
    return DH_OK;
}

dh_status dh_sorter_next(dh_sorter *s, const void **record, dh_error *error) {
    if (s->started) {
        dh_status status = step(s, error);
        if (status != DH_OK) return status;
    }
    s->started = s->heap_len > 0;
    if (!s->started) return DH_ERR_EMPTY;
    *record = head(s, 0);
    return DH_OK;
}
