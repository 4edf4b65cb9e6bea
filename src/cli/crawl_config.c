/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/crawl_config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

enum { MAX_BYTES = 1 << 20 };

/* The file that the command line names, or the usual one; NULL: none. *named: it must exist. */
static const char *file_of(int argc, const char *const *argv, dh_arena *arena, bool *named) {
    *named = true;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--config=", 9) == 0) return argv[i] + 9;
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) return argv[i + 1];
    }
    *named = false;
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    dh_buf path;
    dh_buf_init(&path, arena, 0);
    if (base != NULL && base[0] == '/')
        dh_buf_printf(&path, "%s/dehusk/crawl.conf", base);
    else if (home != NULL && home[0] == '/')
        dh_buf_printf(&path, "%s/.config/dehusk/crawl.conf", home);
    else
        return NULL;
    const char *name = dh_buf_cstr(&path);
    return access(name, F_OK) == 0 ? name : NULL;
}

/* One line as the word of a command line; NULL: it says nothing. */
static const char *word_of(dh_slice line, dh_arena *arena) {
    line = dh_slice_trim(line);
    if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';' || line.ptr[0] == '[')
        return NULL;
    dh_buf word;
    dh_buf_init(&word, arena, 0);
    dh_slice value = line, name = dh_slice_trim(dh_slice_cut(&value, '='));
    dh_buf_puts(&word, "--");
    dh_buf_put_slice(&word, name);
    if (value.ptr != NULL) {
        dh_buf_putc(&word, '=');
        dh_buf_put_slice(&word, dh_slice_trim(value));
    }
    return dh_buf_cstr(&word);
}

/* Tries a word alone, so that a mistake is told with its line. */
static dh_status check(const char *word, const char *file, uint32_t line, dh_arena *arena,
                       dh_error *error) {
    dh_cli_options scratch;
    dh_error why = {0};
    dh_cli_options_init(&scratch);
    if (dh_cli_options_parse(&scratch, DH_CMD_CRAWL, 1, &word, arena, &why) == DH_OK) return DH_OK;
    return dh_error_at(error, DH_ERR_USAGE, "options", file, line, 0, "%s:%u: %s", file, line,
                       why.message);
}

dh_status dh_crawl_config(int *argc, const char *const **argv, dh_arena *arena, dh_error *error) {
    bool named;
    const char *file = file_of(*argc, *argv, arena, &named);
    if (file == NULL) return DH_OK;
    dh_buf text;
    dh_error why = {0};
    dh_buf_init(&text, arena, 0);
    if (dh_io_read(file, MAX_BYTES, &text, NULL, &why) != DH_OK)
        return dh_error_set(error, DH_ERR_USAGE, "options", 0, "%s: %s", file, why.message);
    dh_texts words = {0};
    uint32_t line = 0;
    for (dh_slice rest = dh_buf_slice(&text); rest.ptr != NULL && rest.len > 0;) {
        const char *word = word_of(dh_slice_cut(&rest, '\n'), arena);
        line++;
        if (word == NULL) continue;
        dh_status status = check(word, file, line, arena, error);
        if (status != DH_OK) return status;
        *DH_PUSH(arena, words) = word;
    }
    for (int i = 0; i < *argc; i++) *DH_PUSH(arena, words) = (*argv)[i];
    *argc = (int)words.len;
    *argv = words.ptr;
    return DH_OK;
}
