/* SPDX-License-Identifier: Apache-2.0 */
/* titles: the smallest program that uses the library. For each file: its title, the number of blocks
 * kept and dropped, and the article.
 *
 *     cc titles.c $(pkg-config --cflags --libs dehusk) -o titles
 *     ./titles page.html */
#include <dehusk.h>
#include <stdio.h>
#include <stdlib.h>

/* The whole file, NULL when it cannot be read. */
static char *read_file(const char *name, size_t *length) {
    FILE *file = fopen(name, "rb");
    char *bytes = NULL;
    size_t room = 0;
    *length = 0;
    if (file == NULL) return NULL;
    for (;;) {
        if (*length == room) {
            char *more = realloc(bytes, room = room * 2 + 65536);
            if (more == NULL) break;
            bytes = more;
        }
        const size_t got = fread(bytes + *length, 1, room - *length, file);
        if (got == 0) break;
        *length += got;
    }
    if (ferror(file) || *length == room) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

static int show(dehusk_page *page, const char *name) {
    dehusk_input input = {0};
    dehusk_bytes text;
    dehusk_error error;
    dehusk_block block;
    size_t length, kept = 0;
    char *bytes = read_file(name, &length);
    if (bytes == NULL) {
        fprintf(stderr, "%s: cannot be read\n", name);
        return 1;
    }
    input.bytes = (dehusk_bytes){bytes, length};
    input.name = name;
    if (dehusk_page_clean(page, &input, NULL, &error) != DEHUSK_OK ||
        dehusk_page_write(page, "txt", &text, &error) != DEHUSK_OK) {
        fprintf(stderr, "%s: %s\n", name, error.message);
        free(bytes);
        return 1;
    }
    const size_t count = dehusk_page_block_count(page);
    for (size_t i = 0; i < count; i++) kept += dehusk_page_block(page, i, &block) && block.kept;
    printf("%s: %s\n%zu blocks kept, %zu dropped\n\n%.*s\n", name, dehusk_page_field(page, "title"),
           kept, count - kept, (int)text.len, text.data);
    free(bytes);
    return 0;
}

int main(int argc, char **argv) {
    dehusk_engine *engine;
    dehusk_error error;
    int failed = 0;
    if (dehusk_engine_new(NULL, &engine, &error) != DEHUSK_OK) {
        fprintf(stderr, "%s:%u: %s\n", error.file, (unsigned)error.line, error.message);
        return 2;
    }
    dehusk_page *page = dehusk_page_new(engine);
    for (int i = 1; page != NULL && i < argc; i++) failed |= show(page, argv[i]);
    dehusk_page_free(page);
    dehusk_engine_free(engine);
    return page == NULL || failed;
}
