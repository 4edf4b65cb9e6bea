/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir: the installed data is looked for relative to the program, so that no binary names the
 * folder it was built in and an installed tree may be moved. A program elsewhere that links the
 * library (/opt/app/bin/app) has no such folder beside it and gets the configured one. */
#include "dehusk/data_dir.h"

#include <limits.h>
#include <unistd.h>

#include "base/io.h"

#ifndef DEHUSK_DATA_DIR
#define DEHUSK_DATA_DIR "/usr/local/share/dehusk"
#endif

static bool put(dh_buf *out, dh_slice root, const char *below, const char *part) {
    dh_buf_reset(out);
    dh_buf_put_slice(out, root);
    dh_buf_puts(out, below);
    dh_buf_putc(out, '/');
    dh_buf_puts(out, part);
    return !out->failed;
}

/* s up to, not with, its last slash. */
static dh_slice parent(dh_slice s) {
    while (s.len > 0 && s.ptr[s.len - 1] != '/') s.len--;
    return dh_slice_sub(s, 0, s.len > 0 ? s.len - 1 : 0);
}

bool dh_data_dir(const char *part, dh_buf *out) {
    char program[PATH_MAX];
    dh_io_kind kind;
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    /* A path that fills the buffer may have been cut. */
    if (length > 0 && (size_t)length < sizeof program) {
        const dh_slice root = parent(parent(dh_slice_make(program, (size_t)length)));
        if (put(out, root, "/share/dehusk", part) &&
            (dh_io_look(dh_buf_cstr(out), &kind, NULL) != DH_OK || kind == DH_IO_FOLDER))
            return true; /* also when nobody can say: whoever opens it is told */
    }
    return put(out, DH_SLICE(DEHUSK_DATA_DIR), "", part);
}
