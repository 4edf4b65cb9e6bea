/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, STEP = 128 * 1024, MAX_DICTIONARY = 16 << 20 };

static const dh_slice gzip_mark = DH_SLICE_INIT("\x1F\x8B\x08");
static const dh_slice zstd_mark = DH_SLICE_INIT("\x28\xB5\x2F\xFD");
static const dh_slice dictionary_mark = DH_SLICE_INIT("\x5D\x2A\x4D\x18"); /* a skippable frame */

/* Where a member begins: in the unpacked bytes and in the file. */
typedef struct start {
    uint64_t position, offset;
} start;

struct dh_source {
    int fd;
    bool seekable, at_end, bad;
    dh_source_options options;
    dh_coding coding;
    dh_stream *stream;
    dh_buf in; /* heap: [in_at, in.len) is not unpacked yet */
    size_t in_at;
    uint64_t in_offset; /* of in.ptr[0] in the file */
    dh_buf out;         /* heap: [out_at, out.len) is the window */
    size_t out_at;
    uint64_t position; /* of out.ptr[0] */
    dh_buf starts;     /* heap: start, in order: the present member's and those in the window */
};

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
}

/* The input. */

/* Reads some more behind what is there. False at the end (at_end) and on failure. */
static bool read_more(dh_source *s, dh_error *error) {
    if (s->in_at > 0) {
        s->in.len -= s->in_at;
        memmove(s->in.ptr, s->in.ptr + s->in_at, s->in.len);
        s->in_offset += s->in_at;
        s->in_at = 0;
    }
    if (!dh_buf_reserve(&s->in, READ_SIZE)) return no_memory(error), false;
    for (;;) {
        if (s->options.wait != NULL && !s->seekable && !s->options.wait(s->options.data, s->fd)) {
            dh_error_set(error, DH_ERR_INTERRUPTED, "archive", 0, "interrupted");
            return false;
        }
        ssize_t n = read(s->fd, s->in.ptr + s->in.len, READ_SIZE);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            dh_error_set(error, DH_ERR_IO, "archive", s->in_offset + s->in.len, "%s",
                         strerror(errno));
            return false;
        }
        s->in.len += (size_t)n;
        s->at_end = n == 0;
        return n > 0;
    }
}

static dh_slice input(const dh_source *s) {
    return dh_slice_sub(dh_buf_slice(&s->in), s->in_at, s->in.len);
}

/* Until count bytes of input are there, or the end. False on failure. */
static bool want(dh_source *s, size_t count, dh_error *error) {
    while (input(s).len < count && !s->at_end)
        if (!read_more(s, error) && !s->at_end) return false;
    return true;
}

/* Members. */

static uint64_t end_of_window(const dh_source *s) {
    return s->position + s->out.len;
}

static bool note_start(dh_source *s) {
    start here = {end_of_window(s), s->in_offset + s->in_at};
    return dh_buf_put(&s->starts, &here, sizeof here);
}

static const start *all_starts(const dh_source *s, size_t *count) {
    *count = s->starts.len / sizeof(start);
    return (const start *)(const void *)s->starts.ptr;
}

/* Those that are behind are forgotten, but for the present member's. */
static void forget_starts(dh_source *s) {
    size_t count, gone = 0;
    const start *all = all_starts(s, &count);
    uint64_t here = s->position + s->out_at;
    while (gone + 1 < count && all[gone + 1].position <= here) gone++;
    if (gone == 0) return;
    s->starts.len -= gone * sizeof(start);
    memmove(s->starts.ptr, s->starts.ptr + gone * sizeof(start), s->starts.len);
}

/* A dictionary for all frames may stand at the front, plain or as a zstd frame of its own. */
static dh_status load_dictionary(dh_source *s, dh_error *error) {
    size_t made = 0;
    if (!want(s, 8, error)) return error != NULL ? error->status : DH_ERR_IO;
    dh_slice in = input(s);
    if (!dh_slice_starts(in, dictionary_mark) || in.len < 8) return DH_OK;
    uint32_t size = 0;
    for (size_t i = 0; i < 4; i++) size |= (uint32_t)(unsigned char)in.ptr[4 + i] << 8 * i;
    if (size <= MAX_DICTIONARY && !want(s, 8 + (size_t)size, error))
        return error != NULL ? error->status : DH_ERR_IO;
    in = dh_slice_sub(input(s), 8, 8 + (size_t)size);
    dh_buf unpacked = {0};
    bool good = in.len == size, packed = dh_slice_starts(in, zstd_mark);
    if (good && packed) {
        dh_slice rest = in;
        good = dh_buf_reserve(&unpacked, MAX_DICTIONARY) &&
               dh_stream_step(s->stream, &rest, unpacked.ptr, MAX_DICTIONARY, &made) == DH_STEP_END;
        unpacked.len = made;
        dh_stream_reset(s->stream);
    }
    good = good && dh_stream_set_dictionary(s->stream, packed ? dh_buf_slice(&unpacked) : in);
    dh_buf_release(&unpacked);
    if (!good) return dh_error_set(error, DH_ERR_SYNTAX, "archive", 0, "its dictionary is damaged");
    s->in_at += 8 + (size_t)size;
    return DH_OK;
}

static dh_status look_what_it_is(dh_source *s, dh_error *error) {
    dh_error own = {0};
    dh_status status = DH_OK;
    if (!want(s, 4, &own)) {
        if (error != NULL) *error = own;
        return own.status;
    }
    if (dh_slice_starts(input(s), gzip_mark)) s->coding = DH_CODING_GZIP;
    if (dh_slice_starts(input(s), zstd_mark) || dh_slice_starts(input(s), dictionary_mark))
        s->coding = DH_CODING_ZSTD;
    if (s->coding != DH_CODING_NONE)
        status = dh_stream_new(s->coding, DH_WINDOW_FILE, &s->stream, error);
    if (status == DH_OK && s->coding == DH_CODING_ZSTD) {
        status = load_dictionary(s, &own);
        if (status != DH_OK && error != NULL) *error = own;
    }
    if (status == DH_OK && !note_start(s)) return no_memory(error);
    return status;
}

dh_status dh_source_new(const char *name, const dh_source_options *options, dh_source **out,
                        dh_error *error) {
    *out = NULL;
    dh_source *s = calloc(1, sizeof *s);
    if (s == NULL) return no_memory(error);
    if (options != NULL) s->options = *options;
    struct stat st;
    bool is_stdin = strcmp(name, "-") == 0;
    s->fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        dh_error_set(error, DH_ERR_IO, "archive", 0, "%s",
                     strerror(s->fd >= 0 && S_ISDIR(st.st_mode) ? EISDIR : errno));
        dh_source_free(s);
        return DH_ERR_IO;
    }
    s->seekable = S_ISREG(st.st_mode);
    off_t begin = s->seekable ? lseek(s->fd, 0, SEEK_CUR) : 0;
    bool copied = dh_buf_put_slice(&s->in, s->options.front);
    if (begin > 0) s->in_offset = (uint64_t)begin - s->in.len;
    dh_status status = copied ? look_what_it_is(s, error) : no_memory(error);
    if (status == DH_OK)
        *out = s;
    else
        dh_source_free(s);
    return status;
}

void dh_source_free(dh_source *s) {
    if (s == NULL) return;
    if (s->fd > STDIN_FILENO) close(s->fd);
    dh_stream_free(s->stream);
    dh_buf_release(&s->in);
    dh_buf_release(&s->out);
    dh_buf_release(&s->starts);
    free(s);
}

dh_coding dh_source_coding(const dh_source *s) {
    return s->coding;
}

/* The window. */

dh_slice dh_source_window(const dh_source *s) {
    return dh_slice_sub(dh_buf_slice(&s->out), s->out_at, s->out.len);
}

void dh_source_take(dh_source *s, size_t count) {
    s->out_at += count;
    forget_starts(s);
}

uint64_t dh_source_position(const dh_source *s) {
    return s->position + s->out_at;
}

uint64_t dh_source_read(const dh_source *s) {
    return s->in_offset + s->in.len;
}

bool dh_source_is_start(const dh_source *s, size_t ahead, uint64_t *offset) {
    size_t count;
    const start *all = all_starts(s, &count);
    uint64_t here = dh_source_position(s) + ahead;
    if (s->coding == DH_CODING_NONE) {
        *offset = all[0].offset + (here - all[0].position);
        return true;
    }
    for (size_t i = count; i > 0; i--) {
        if (all[i - 1].position != here) continue;
        *offset = all[i - 1].offset;
        return true;
    }
    return false;
}

uint64_t dh_source_offset(const dh_source *s) {
    size_t count;
    const start *all = all_starts(s, &count);
    uint64_t here = dh_source_position(s);
    if (s->coding == DH_CODING_NONE) return all[0].offset + (here - all[0].position);
    while (count > 1 && all[count - 1].position > here) count--;
    return all[count - 1].offset;
}

/* Room for a step behind the window, which moves to the front when half of the memory is behind it. */
static bool make_room(dh_source *s) {
    if (s->out_at > 0 && s->out_at >= s->out.len / 2) {
        s->out.len -= s->out_at;
        memmove(s->out.ptr, s->out.ptr + s->out_at, s->out.len);
        s->position += s->out_at;
        s->out_at = 0;
    }
    return dh_buf_reserve(&s->out, STEP);
}

static dh_fill fill_plain(dh_source *s) {
    dh_slice in = dh_slice_sub(input(s), 0, STEP);
    if (in.len == 0) return DH_FILL_END;
    dh_buf_put_slice(&s->out, in); /* there is room */
    s->in_at += in.len;
    return DH_FILL_MORE;
}

/* zlib and zstd both hold decoded bytes back until there is room for them, so a step may also give some
 * when there is no input. */
static dh_fill fill_packed(dh_source *s, dh_error *error) {
    dh_slice in = input(s);
    bool was_open = dh_stream_is_open(s->stream);
    if (in.len == 0 && !was_open) return DH_FILL_END;
    size_t made, room = s->out.cap - s->out.len;
    dh_step step = dh_stream_step(s->stream, &in, s->out.ptr + s->out.len, room, &made);
    s->in_at = s->in.len - in.len;
    s->out.len += made;
    if (step == DH_STEP_MEMORY) return no_memory(error), DH_FILL_ERROR;
    if (step == DH_STEP_BAD) {
        s->bad = true;
        return made > 0 ? DH_FILL_MORE : DH_FILL_BAD;
    }
    if (step == DH_STEP_END)
        return note_start(s) ? DH_FILL_MORE : (no_memory(error), DH_FILL_ERROR);
    if (made == 0 && input(s).len == 0 && s->at_end) return DH_FILL_TORN;
    return DH_FILL_MORE;
}

dh_fill dh_source_fill(dh_source *s, dh_error *error) {
    if (s->bad) return DH_FILL_BAD;
    if (!make_room(s)) return no_memory(error), DH_FILL_ERROR;
    if (input(s).len == 0 && !s->at_end && !read_more(s, error) && !s->at_end) return DH_FILL_ERROR;
    return s->coding == DH_CODING_NONE ? fill_plain(s) : fill_packed(s, error);
}

/* Behind damage. */

/* The input goes on at this place of the file; at the next byte that is there when that cannot be. */
static void go_to(dh_source *s, uint64_t offset) {
    if (offset >= s->in_offset && offset <= s->in_offset + s->in.len) {
        s->in_at = (size_t)(offset - s->in_offset);
    } else if (s->seekable && lseek(s->fd, (off_t)offset, SEEK_SET) >= 0) {
        s->in.len = s->in_at = 0;
        s->in_offset = offset;
        s->at_end = false;
    }
}

/* The next place at which a member may begin. */
static dh_fill find_mark(dh_source *s, dh_error *error) {
    dh_slice mark = s->coding == DH_CODING_GZIP ? gzip_mark : zstd_mark;
    for (;;) {
        if (!want(s, mark.len, error)) return DH_FILL_ERROR;
        size_t at = dh_slice_find(input(s), mark);
        if (at != DH_NPOS) {
            s->in_at += at;
            return DH_FILL_MORE;
        }
        size_t rest = input(s).len;
        if (s->at_end) return DH_FILL_END;
        if (rest >= mark.len) s->in_at += rest - (mark.len - 1);
        if (!read_more(s, error) && !s->at_end) return DH_FILL_ERROR;
    }
}

/* Whether the member at hand begins with mark. */
static dh_fill try_member(dh_source *s, dh_slice mark, bool *good, dh_error *error) {
    dh_fill fill = DH_FILL_MORE;
    dh_stream_reset(s->stream);
    s->bad = false;
    s->position += s->out.len;
    s->out.len = s->out_at = 0;
    s->starts.len = 0;
    if (!note_start(s)) return no_memory(error), DH_FILL_ERROR;
    while (dh_source_window(s).len < mark.len && fill == DH_FILL_MORE)
        fill = dh_source_fill(s, error);
    *good = dh_slice_starts(dh_source_window(s), mark);
    return fill;
}

dh_fill dh_source_resync(dh_source *s, dh_slice mark, dh_error *error) {
    uint64_t from = dh_source_offset(s) + 1;
    for (;;) {
        bool good = false;
        go_to(s, from);
        dh_fill fill = find_mark(s, error);
        if (fill != DH_FILL_MORE) {
            s->bad = false;
            dh_stream_reset(s->stream);
            s->out_at = s->out.len;
            return fill;
        }
        from = s->in_offset + s->in_at + 1;
        fill = try_member(s, mark, &good, error);
        if (good || fill == DH_FILL_ERROR) return good ? DH_FILL_MORE : fill;
    }
}
