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
    dh_stream_free(lines->stream);
    lines->stream = NULL;
    dh_buf_release(&lines->raw);
    dh_buf_release(&lines->buf);
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "lines", 0, "out of memory");
}

/* Reads once, behind what is in buf. *end is set when there is no more. */
static dh_status read_once(dh_lines *lines, dh_buf *buf, bool *end, dh_error *error) {
    if (!dh_buf_reserve(buf, STEP)) return no_memory(error);
    if (lines->idle != NULL && !dh_interrupt_ready(lines->fd)) lines->idle(lines->data);
    for (;;) {
        if (!dh_interrupt_wait(lines->fd))
            return dh_error_set(error, DH_ERR_INTERRUPTED, "lines", 0, "interrupted");
        ssize_t n = read(lines->fd, buf->ptr + buf->len, buf->cap - buf->len);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n < 0) return fail(error, errno);
        *end = n == 0;
        buf->len += (size_t)n;
        lines->read += (uint64_t)n;
        return DH_OK;
    }
}

/* What the file is, by its first bytes: they stay in raw when it is packed. */
static dh_status look(dh_lines *lines, dh_error *error) {
    dh_status status = DH_OK;
    lines->unpack = false;
    while (status == DH_OK && !lines->raw_end && lines->raw.len < 4)
        status = read_once(lines, &lines->raw, &lines->raw_end, error);
    if (status != DH_OK) return status;
    dh_slice seen = dh_buf_slice(&lines->raw);
    dh_coding coding = dh_slice_starts(seen, DH_SLICE("\x1F\x8B\x08"))       ? DH_CODING_GZIP
                       : dh_slice_starts(seen, DH_SLICE("\x28\xB5\x2F\xFD")) ? DH_CODING_ZSTD
                                                                             : DH_CODING_NONE;
    if (coding != DH_CODING_NONE)
        return dh_stream_new(coding, DH_WINDOW_FILE, &lines->stream, error);
    lines->end = lines->raw_end;
    if (!dh_buf_put_slice(&lines->buf, seen)) return no_memory(error);
    dh_buf_release(&lines->raw);
    return DH_OK;
}

/* Unpacks until something comes of it, or the end. */
static dh_status unpack(dh_lines *lines, dh_error *error) {
    dh_buf *buf = &lines->buf;
    for (;;) {
        dh_slice in = dh_slice_sub(dh_buf_slice(&lines->raw), lines->raw_at, lines->raw.len);
        size_t made = 0;
        if (!dh_buf_reserve(buf, STEP)) return no_memory(error);
        bool asks = in.len > 0 || dh_stream_is_open(lines->stream);
        dh_step step = DH_STEP_MORE;
        if (asks)
            step =
                dh_stream_step(lines->stream, &in, buf->ptr + buf->len, buf->cap - buf->len, &made);
        if (step == DH_STEP_MEMORY) return no_memory(error);
        if (step == DH_STEP_BAD)
            return dh_error_set(error, DH_ERR_SYNTAX, "lines", 0,
                                "the compressed bytes are damaged");
        lines->raw_at = lines->raw.len - in.len;
        buf->len += made;
        if (made > 0) return DH_OK;
        if (in.len > 0) continue;
        if (lines->raw_end && dh_stream_is_open(lines->stream))
            return dh_error_set(error, DH_ERR_SYNTAX, "lines", 0, "the compressed bytes break off");
        lines->end = lines->raw_end;
        if (lines->end) return DH_OK;
        dh_buf_reset(&lines->raw);
        lines->raw_at = 0;
        dh_status status = read_once(lines, &lines->raw, &lines->raw_end, error);
        if (status != DH_OK) return status;
    }
}

/* Gets some more. Bytes that were handed out make room first. */
static dh_status fill(dh_lines *lines, dh_error *error) {
    dh_buf *buf = &lines->buf;
    if (lines->at > 0) {
        buf->len -= lines->at;
        memmove(buf->ptr, buf->ptr + lines->at, buf->len);
        lines->at = 0;
    }
    if (lines->unpack) return look(lines, error);
    return lines->stream != NULL ? unpack(lines, error) : read_once(lines, buf, &lines->end, error);
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
