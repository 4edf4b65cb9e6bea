/* SPDX-License-Identifier: Apache-2.0 */
/* replay FOLDER...: feeds every file below the folders to a fuzz target, as it is and cut in the
 * middle, without a fuzzer. Fails when there was none to feed. */
#include <stdio.h>

#include "base/io.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int main(int argc, char **argv) {
    size_t fed = 0;
    for (int i = 1; i < argc; i++) {
        dh_arena arena;
        dh_io_entries files = {0};
        dh_arena_init(&arena, 0);
        /* A folder that is not there has nothing to feed. */
        if (dh_io_walk(argv[i], &arena, &files, NULL, NULL, NULL) != DH_OK) files.len = 0;
        for (uint32_t at = 0; at < files.len; at++) {
            dh_buf bytes;
            dh_buf_init(&bytes, NULL, 0);
            if (dh_io_read(files.ptr[at].path, 0, &bytes, NULL, NULL) == DH_OK) {
                const uint8_t *data = (const uint8_t *)bytes.ptr;
                LLVMFuzzerTestOneInput(data, bytes.len);
                LLVMFuzzerTestOneInput(data, bytes.len / 2);
                fed++;
            }
            dh_buf_release(&bytes);
        }
        dh_arena_release(&arena);
    }
    printf("%zu files\n", fed);
    return fed > 0 ? 0 : 1;
}
