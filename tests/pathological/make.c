/* SPDX-License-Identifier: Apache-2.0 */
/* make FOLDER BYTES [NAME...]: writes the pages of shapes.def (or those of these names) of this size into the
 * folder, as NAME.html, or NAME.txt where it is plain text. */
#include <stdio.h>

#include "base/io.h"
#include "pathological/shape.h"

static bool write_page(const char *folder, const shape *s, size_t size) {
    dh_buf page = {0}, path = {0};
    dh_error error = {0};
    shape_put(s, size, &page);
    dh_buf_printf(&path, "%s/%s.%s", folder, s->name, shape_is_text(s) ? "txt" : "html");
    bool good = !page.failed && dh_io_write(dh_buf_cstr(&path), dh_buf_slice(&page), true, false,
                                            &error) == DH_OK;
    if (!good) fprintf(stderr, "make: %s: %s\n", dh_buf_cstr(&path), error.message);
    dh_buf_release(&page);
    dh_buf_release(&path);
    return good;
}

int main(int argc, char **argv) {
    uint64_t size;
    bool good = true;
    if (argc < 3 || !dh_slice_to_u64(dh_slice_cstr(argv[2]), &size)) {
        fprintf(stderr, "make FOLDER BYTES [NAME...]\n");
        return 2;
    }
    if (dh_io_mkdirs(argv[1], NULL) != DH_OK) return 1;
    for (int i = 3; i < argc && good; i++) {
        const shape *s = shape_find(argv[i]);
        good = s != NULL && write_page(argv[1], s, (size_t)size);
    }
    for (size_t i = 0; i < shapes_len && argc == 3 && good; i++)
        good = write_page(argv[1], &shapes[i], (size_t)size);
    return good ? 0 : 1;
}
