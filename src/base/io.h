/* SPDX-License-Identifier: Apache-2.0 */
/* io: files. Names are bytes. Every write, flush and close is checked; EINTR is retried. */
#ifndef DH_BASE_IO_H
#define DH_BASE_IO_H

#include "base/buf.h"

/* Reads a whole file into *out (heap or arena), at most max bytes (0: no ceiling): when there is
 * more, *cut (may be NULL) is set and the first max bytes are kept. name "-" is stdin. What is in
 * *out stays in front; out->max is not touched, a buffer too small for the file is DH_ERR_MEMORY.
 * A folder, a block device, an endless device without a ceiling, an unreadable file: DH_ERR_IO with
 * errno's text. */
dh_status dh_io_read(const char *name, size_t max, dh_buf *out, bool *cut, dh_error *error);

/* Writes bytes to name whole or not at all: a temporary file in the same folder, fsync'd when
 * `durable`, renamed over name; on failure the temporary file is gone. mode 0666 less umask, or that
 * of the file it replaces. When !replace and name exists: DH_ERR_IO, "exists". */
dh_status dh_io_write(const char *name, dh_slice bytes, bool replace, bool durable,
                      dh_error *error);

/* The same in pieces, for what is too long to hold. Ended by exactly one of commit (also when it
 * fails) and abort. The temporary file is ".dehusk-*.tmp" beside name; a kill leaves it behind. */
typedef struct dh_io_file {
    int fd;
    dh_buf name, temp; /* heap */
    bool replace;
} dh_io_file;

/* Makes the temporary file. A name that exists and is no regular file is refused; when !replace so
 * is one that exists. On failure nothing is open. */
dh_status dh_io_file_open(dh_io_file *file, const char *name, bool replace, dh_error *error);
dh_status dh_io_file_put(dh_io_file *file, dh_slice bytes, dh_error *error);
dh_status dh_io_file_commit(dh_io_file *file, bool durable, dh_error *error);
void dh_io_file_abort(dh_io_file *file);

/* write(2) until done. DH_ERR_IO with errno's text; *error->offset is the bytes written. A pipe
 * nobody reads any more is DH_ERR_INTERRUPTED (SIGPIPE must be ignored). */
dh_status dh_io_put(int fd, dh_slice bytes, dh_error *error);

/* What stands at a path, links followed; NONE also at the end of a link that leads nowhere. */
typedef enum dh_io_kind { DH_IO_NONE, DH_IO_FILE, DH_IO_FOLDER, DH_IO_OTHER } dh_io_kind;
/* DH_ERR_IO when the system cannot say: that is not NONE. *kind is NONE then, too. */
dh_status dh_io_look(const char *path, dh_io_kind *kind, dh_error *error);

/* mkdir -p. */
dh_status dh_io_mkdirs(const char *folder, dh_error *error);

typedef struct dh_io_entry {
    const char *path;     /* root + "/" + relative, or root itself when it is a file */
    const char *relative; /* below the root; the last part when the root is a file */
    uint64_t size;
} dh_io_entry;

typedef DH_VEC(dh_io_entry) dh_io_entries;

/* Collects the regular files below root, sorted by relative name (bytes), symbolic links followed but
 * each folder visited once by (device, inode), by its real name where it has one below the root;
 * hidden files and folders (".x") left out below the root. Unreadable folders and dangling links are
 * reported through problem and skipped; when that is NULL, links are skipped without a word and what cannot be
 * read, or looked at, is DH_ERR_IO. A root that is no folder is taken as a file. */
dh_status dh_io_walk(const char *root, dh_arena *arena, dh_io_entries *out,
                     void (*problem)(void *data, const char *path, const char *why), void *data,
                     dh_error *error);

/* Appends text with controls, what reorders a line, and bytes that are not valid UTF-8 as \xNN; of a
 * name backslashes too, so that it can be read back. */
void dh_io_put_printable(dh_buf *out, dh_slice text, bool is_name);
/* name with bytes that are not valid UTF-8, controls and backslashes as \xNN, for messages. */
const char *dh_io_printable(const char *name, dh_arena *arena);

#endif
