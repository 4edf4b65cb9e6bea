/* SPDX-License-Identifier: Apache-2.0 */
#include "work/quarantine.h"

#include "base/io.h"
#include "base/map.h"

static void put_line(dh_buf *out, const char *what, const char *value) {
    if (value == NULL || value[0] == '\0') return;
    dh_buf_printf(out, "%s: ", what);
    dh_io_put_printable(out, dh_slice_cstr(value), false);
    dh_buf_putc(out, '\n');
}

/* The lines of what was said, made printable. */
static void put_said(dh_buf *out, const char *said) {
    for (dh_slice rest = dh_slice_cstr(said); rest.ptr != NULL && rest.len > 0;) {
        dh_buf_puts(out, "    ");
        dh_io_put_printable(out, dh_slice_cut(&rest, '\n'), false);
        dh_buf_putc(out, '\n');
    }
}

static void put_note(dh_buf *out, const dh_quarantined *page) {
    dh_buf_puts(out, "The process that cleaned this page ");
    dh_buf_puts(out, page->loss->cause);
    dh_buf_puts(out, ", twice.\nPlease report it with the file beside this note.\n\n");
    put_line(out, "input", page->name);
    put_line(out, "address", page->url);
    put_line(out, "content type", page->content_type);
    dh_buf_printf(out, "bytes: %llu\n", (unsigned long long)page->bytes.len);
    if (page->loss->said[0] == '\0') return;
    dh_buf_puts(out, "\nThe last it said:\n\n");
    put_said(out, page->loss->said);
}

static dh_status write_pair(dh_buf *path, const dh_quarantined *page, dh_error *error) {
    dh_buf note = {0};
    size_t stem = path->len;
    put_note(&note, page);
    dh_buf_puts(path, "txt");
    const char *file = dh_buf_cstr(path);
    dh_status status = note.failed || path->failed
                           ? dh_error_set(error, DH_ERR_MEMORY, "quarantine", 0, "out of memory")
                           : dh_io_write(file, dh_buf_slice(&note), true, false, error);
    dh_buf_release(&note);
    if (status != DH_OK) return status;
    path->len = stem;
    dh_buf_puts(path, page->ending);
    return dh_io_write(dh_buf_cstr(path), page->bytes, true, false, error);
}

dh_status dh_quarantine_keep(const char *folder, const dh_quarantined *page, dh_buf *name,
                             dh_error *error) {
    dh_status status = dh_io_mkdirs(folder, error);
    if (status != DH_OK) return status;
    dh_buf_printf(name, "%s/%016llx.", folder, (unsigned long long)dh_hash(page->bytes));
    return write_pair(name, page, error);
}

/* The last line that was said, when there is one. */
static dh_slice last_line(const char *said) {
    dh_slice all = dh_slice_trim(dh_slice_cstr(said));
    size_t at = all.len;
    while (at > 0 && all.ptr[at - 1] != '\n') at--;
    dh_slice line = dh_slice_sub(all, at, all.len);
    return line.len > 200 ? dh_slice_sub(line, 0, 200) : line;
}

void dh_quarantine_tell(const char *folder, const dh_quarantined *page, dh_buf *out) {
    dh_buf name = {0};
    dh_error error = {0};
    dh_buf_printf(out, "not cleaned: its worker %s%s", page->loss->cause,
                  page->loss->outside ? "" : ", twice");
    dh_slice line = last_line(page->loss->said);
    if (line.len > 0) dh_buf_puts(out, " (");
    if (line.len > 0) dh_io_put_printable(out, line, false);
    if (line.len > 0) dh_buf_puts(out, ")");
    if (page->loss->outside) return; /* no bug of ours shows in it */
    if (folder == NULL) dh_buf_puts(out, "; --quarantine DIR keeps such pages for a bug report");
    else if (dh_quarantine_keep(folder, page, &name, &error) == DH_OK)
        dh_buf_printf(out, "; kept as %s", dh_buf_cstr(&name));
    else dh_buf_printf(out, "; it could not be kept in %s: %s", folder, error.message);
    dh_buf_release(&name);
}
