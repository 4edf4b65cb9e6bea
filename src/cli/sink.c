/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/sink.h"

#include <unistd.h>

enum { HOLD = 64 * 1024 };

dh_status dh_sink_open(dh_sink *sink, dh_sink_kind kind, const char *path, bool replace,
                       dh_error *error) {
    *sink = (dh_sink){.kind = kind, .path = path, .replace = replace};
    dh_status status = DH_OK;
    if (kind == DH_SINK_FOLDER) status = dh_io_mkdirs(path, error);
    if (kind == DH_SINK_FILE) {
        status = dh_io_file_open(&sink->file, path, replace, error);
        sink->file_open = status == DH_OK;
    }
    return status;
}

bool dh_sink_ended(const dh_sink *sink) {
    return sink->pipe_closed || sink->failed;
}

void dh_sink_flush(dh_sink *sink, dh_talk *talk) {
    dh_error error = {0};
    if (sink->kind == DH_SINK_FOLDER || dh_sink_ended(sink)) return;
    dh_slice held = dh_buf_slice(&sink->buffer);
    dh_status status;
    if (sink->buffer.failed)
        status = dh_error_set(&error, DH_ERR_MEMORY, "sink", 0, "out of memory");
    else if (sink->kind == DH_SINK_FILE)
        status = dh_io_file_put(&sink->file, held, &error);
    else
        status = dh_io_put(STDOUT_FILENO, held, &error);
    dh_buf_reset(&sink->buffer);
    if (sink->buffer.cap > 4u * HOLD) dh_buf_release(&sink->buffer);
    if (status == DH_OK) return;
    sink->pipe_closed = status == DH_ERR_INTERRUPTED;
    sink->failed = !sink->pipe_closed;
    if (sink->failed)
        dh_talk_about(talk, sink->kind == DH_SINK_FILE ? sink->path : "stdout", "%s",
                      error.message);
}

void dh_sink_put(dh_sink *sink, dh_talk *talk, const char *name, dh_slice document) {
    if (dh_sink_ended(sink)) return;
    if (sink->headers) {
        dh_buf_puts(&sink->buffer, sink->documents > 0 ? "\n==> " : "==> ");
        dh_io_put_printable(&sink->buffer, dh_slice_cstr(name), true);
        dh_buf_puts(&sink->buffer, " <==\n");
    }
    sink->documents++;
    dh_buf_put_slice(&sink->buffer, document);
    if (sink->buffer.failed || sink->buffer.len >= HOLD) dh_sink_flush(sink, talk);
}

const char *dh_sink_path(dh_sink *sink, const char *relative) {
    dh_buf_reset(&sink->buffer);
    dh_buf_puts(&sink->buffer, sink->path);
    if (sink->buffer.len > 0 && sink->buffer.ptr[sink->buffer.len - 1] != '/')
        dh_buf_putc(&sink->buffer, '/');
    dh_buf_puts(&sink->buffer, relative);
    return dh_buf_cstr(&sink->buffer);
}

bool dh_sink_has(dh_sink *sink, const char *relative) {
    return access(dh_sink_path(sink, relative), F_OK) == 0;
}

/* Pages come folder by folder: the last one made is remembered. */
static dh_status make_way(dh_sink *sink, const char *relative, dh_error *error) {
    const char *slash = strrchr(relative, '/');
    dh_slice folder = dh_slice_make(relative, slash != NULL ? (size_t)(slash - relative) : 0);
    if (folder.len == 0 || dh_slice_eq(folder, dh_buf_slice(&sink->last_folder))) return DH_OK;
    dh_buf_reset(&sink->last_folder);
    dh_buf_puts(&sink->last_folder, sink->path);
    dh_buf_putc(&sink->last_folder, '/');
    dh_buf_put_slice(&sink->last_folder, folder);
    dh_status status = dh_io_mkdirs(dh_buf_cstr(&sink->last_folder), error);
    dh_buf_reset(&sink->last_folder);
    if (status == DH_OK) dh_buf_put_slice(&sink->last_folder, folder);
    return status;
}

dh_status dh_sink_write(dh_sink *sink, const char *relative, dh_slice document, dh_error *error) {
    dh_status status = make_way(sink, relative, error);
    if (status != DH_OK) return status;
    return dh_io_write(dh_sink_path(sink, relative), document, sink->replace, false, error);
}

dh_status dh_sink_begin(dh_sink *sink, const char *relative, dh_error *error) {
    dh_status status = make_way(sink, relative, error);
    if (status != DH_OK) return status;
    status = dh_io_file_open(&sink->file, dh_sink_path(sink, relative), sink->replace, error);
    sink->file_open = status == DH_OK;
    dh_buf_reset(&sink->buffer);
    return status;
}

dh_status dh_sink_piece(dh_sink *sink, dh_slice piece, dh_error *error) {
    dh_buf_put_slice(&sink->buffer, piece);
    if (sink->buffer.failed) return dh_error_set(error, DH_ERR_MEMORY, "sink", 0, "out of memory");
    if (sink->buffer.len < HOLD) return DH_OK;
    dh_status status = dh_io_file_put(&sink->file, dh_buf_slice(&sink->buffer), error);
    dh_buf_reset(&sink->buffer);
    return status;
}

dh_status dh_sink_end(dh_sink *sink, bool keep, dh_error *error) {
    if (!sink->file_open) return DH_OK;
    sink->file_open = false;
    dh_status status = DH_OK;
    if (keep) status = dh_io_file_put(&sink->file, dh_buf_slice(&sink->buffer), error);
    dh_buf_reset(&sink->buffer);
    if (keep && status == DH_OK) return dh_io_file_commit(&sink->file, false, error);
    dh_io_file_abort(&sink->file);
    return status;
}

void dh_sink_close(dh_sink *sink, dh_talk *talk, bool keep) {
    dh_error error = {0};
    if (sink->kind != DH_SINK_FILE || keep) dh_sink_flush(sink, talk);
    if (sink->kind == DH_SINK_FILE && sink->file_open) {
        sink->file_open = false;
        if (!keep || dh_sink_ended(sink)) {
            dh_io_file_abort(&sink->file);
        } else if (dh_io_file_commit(&sink->file, true, &error) != DH_OK) {
            sink->failed = true;
            dh_talk_about(talk, sink->path, "%s", error.message);
        }
    }
    if (sink->file_open) dh_io_file_abort(&sink->file);
    dh_buf_release(&sink->buffer);
    dh_buf_release(&sink->last_folder);
}
