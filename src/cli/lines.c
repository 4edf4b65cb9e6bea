/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"

enum { STEP = 64 * 1024 };

static dh_status fail(dh_error *error, int number) {
    char text[128];
    if (strerror_r(number, text, sizeof text) != 0) snprintf(text, sizeof text, "error %d", number);
    return dh_error_set(error, DH_ERR_IO, "lines", 0, "%s", text);
}

dh_status dh_lines_open(dh_lines *lines, const char *name, dh_error *error) {
    *lines = (dh_lines){.fd = STDIN_FILENO};
    /* Not to hang in open where a pipe has no writer yet; it is waited for in fill. */
    if (strcmp(name, "-") != 0)
        lines->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (lines->fd < 0) return fail(error, errno);
    struct stat st;
    int number = fstat(lines->fd, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (number == 0) return DH_OK;
    dh_lines_close(lines);
    return fail(error, number);
}

void dh_lines_close(dh_lines *lines) {
    if (lines->fd > STDIN_FILENO) close(lines->fd);
    lines->fd = -1;
    dh_buf_release(&lines->buf);
}

/* Reads once. Bytes that were handed out make room first. */
static dh_status fill(dh_lines *lines, dh_error *error) {
    dh_buf *buf = &lines->buf;
    if (lines->at > 0) {
        buf->len -= lines->at;
        memmove(buf->ptr, buf->ptr + lines->at, buf->len);
        lines->at = 0;
    }
    if (!dh_buf_reserve(buf, STEP))
        return dh_error_set(error, DH_ERR_MEMORY, "lines", 0, "out of memory");
    if (lines->idle != NULL && !dh_interrupt_ready(lines->fd)) lines->idle(lines->data);
    for (;;) {
        if (!dh_interrupt_wait(lines->fd))
            return dh_error_set(error, DH_ERR_INTERRUPTED, "lines", 0, "interrupted");
        ssize_t n = read(lines->fd, buf->ptr + buf->len, buf->cap - buf->len);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) return fail(error, errno);
        lines->end = n == 0;
        buf->len += (size_t)n;
        lines->read += (uint64_t)n;
        return DH_OK;
    }
}

dh_status dh_lines_peek(dh_lines *lines, dh_slice *seen, dh_error *error) {
    while (lines->at == lines->buf.len && !lines->end) {
        dh_status status = fill(lines, error);
        if (status != DH_OK) return status;
    }
    *seen = dh_slice_sub(dh_buf_slice(&lines->buf), lines->at, lines->buf.len);
    return DH_OK;
}

/* Throws the rest of an overlong line away; keeps its first max bytes in front. */
static dh_status skip_line(dh_lines *lines, size_t max, dh_error *error) {
    for (;;) {
        dh_buf *buf = &lines->buf;
        const char *from = buf->ptr + lines->at + max;
        size_t len = buf->len - lines->at - max;
        const char *lf = len > 0 ? memchr(from, '\n', len) : NULL;
        size_t gone = lf != NULL ? (size_t)(lf - from) : len;
        memmove(buf->ptr + lines->at + max, from + gone, len - gone);
        buf->len -= gone;
        if (lf != NULL || lines->end) return DH_OK;
        dh_status status = fill(lines, error);
        if (status != DH_OK) return status;
    }
}

dh_status dh_lines_next(dh_lines *lines, size_t max, dh_slice *line, bool *cut, dh_error *error) {
    size_t looked = 0;
    *cut = false;
    for (;;) {
        dh_slice rest = dh_slice_sub(dh_buf_slice(&lines->buf), lines->at, lines->buf.len);
        const char *lf =
            rest.len > looked ? memchr(rest.ptr + looked, '\n', rest.len - looked) : NULL;
        size_t len = lf != NULL ? (size_t)(lf - rest.ptr) : rest.len;
        if (len > max) {
            dh_status status = skip_line(lines, max, error);
            if (status != DH_OK) return status;
            *cut = true;
            looked = 0;
            continue;
        }
        if (lf == NULL && !lines->end) {
            looked = rest.len;
            dh_status status = fill(lines, error);
            if (status != DH_OK) return status;
            continue;
        }
        if (lf == NULL && rest.len == 0) return DH_ERR_EMPTY;
        lines->at += len + (lf != NULL);
        lines->line++;
        if (len > 0 && rest.ptr[len - 1] == '\r') len--;
        *line = dh_slice_sub(rest, 0, len);
        return DH_OK;
    }
}

dh_status dh_lines_rest(dh_lines *lines, size_t max, dh_buf *out, dh_error *error) {
    for (size_t got = 0;;) {
        dh_slice rest = dh_slice_sub(dh_buf_slice(&lines->buf), lines->at, lines->buf.len);
        if (rest.len > max - got) rest.len = max - got;
        if (!dh_buf_put_slice(out, rest))
            return dh_error_set(error, DH_ERR_MEMORY, "lines", 0, "out of memory");
        got += rest.len;
        lines->at += rest.len;
        if (lines->end || got == max) return DH_OK;
        dh_status status = fill(lines, error);
        if (status != DH_OK) return status;
    }
}
