/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source_line.h"

static dh_status at_end(dh_fill fill, dh_buf *room, dh_slice *line, dh_error *error) {
    *line = dh_buf_slice(room);
    switch (fill) {
    case DH_FILL_END:
        return room->len > 0 ? DH_OK : DH_ERR_EMPTY;
    case DH_FILL_TORN:
        return dh_error_set(error, DH_ERR_SYNTAX, "archive", 0, "the file breaks off");
    case DH_FILL_BAD:
        return dh_error_set(error, DH_ERR_SYNTAX, "archive", 0, "the compressed bytes are damaged");
    default:
        return error != NULL ? error->status : DH_ERR_IO;
    }
}

dh_status dh_source_line(dh_source *source, size_t max, dh_buf *room, dh_slice *line,
                         dh_error *error) {
    dh_buf_reset(room);
    for (;;) {
        dh_slice window = dh_source_window(source);
        const char *lf = window.len > 0 ? memchr(window.ptr, '\n', window.len) : NULL;
        size_t len = lf != NULL ? (size_t)(lf - window.ptr) + 1 : window.len;
        if (len > max || room->len > max - len)
            return dh_error_set(error, DH_ERR_LIMIT, "archive", 0, "a line is too long");
        if (!dh_buf_put(room, window.ptr, len))
            return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
        dh_source_take(source, len);
        if (lf != NULL) {
            *line = dh_buf_slice(room);
            return DH_OK;
        }
        dh_fill fill = dh_source_fill(source, error);
        if (fill != DH_FILL_MORE) return at_end(fill, room, line, error);
    }
}
