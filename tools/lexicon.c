/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon: makes a label lexicon's table of its files, as C. The build runs it for the files of
 * rules/labels/ (CMakeLists.txt), so that the program need not read and fold them at each start.
 *
 *     lexicon OUT.c FILE...
 *
 * The files in the order in which an engine would read them; each is known by the last two parts of its
 * path. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "text/lexicon.h"

enum { MAX_FILES = 256, LINE = 24 };

typedef struct source {
    const char *name;
    uint32_t begin, len;
} source;

static void die(const char *what, const char *why) {
    fprintf(stderr, "lexicon: %s: %s\n", what, why);
    exit(1);
}

static const char *name_of(const char *path) {
    const char *name = strrchr(path, '/');
    while (name != NULL && name > path && name[-1] != '/') name--;
    return name != NULL ? name : path;
}

static void add(dh_lexicon *lexicon, const char *path, source *s) {
    dh_buf text;
    dh_error error = {0};
    dh_buf_init(&text, NULL, 0);
    if (dh_io_read(path, 0, &text, NULL, &error) != DH_OK) die(path, error.message);
    *s = (source){name_of(path), dh_lexicon_table_of(lexicon)->pool_len, (uint32_t)text.len};
    if (dh_lexicon_add(lexicon, dh_buf_slice(&text), path, &error) != DH_OK) {
        fprintf(stderr, "%s:%u:%u: %s\n", path, error.line, error.column, error.message);
        exit(1);
    }
    dh_buf_release(&text);
}

/* As string literals; an octal escape has three digits, whatever follows. */
static void put_pool(FILE *out, const dh_lexicon_table *t) {
    fprintf(out, "static const char pool[%u] =", t->pool_len);
    for (uint32_t i = 0; i < t->pool_len; i++) {
        const unsigned char c = (unsigned char)t->pool[i];
        if (i % LINE == 0) fputs(i > 0 ? "\"\n    \"" : "\n    \"", out);
        if (c < ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '?') fprintf(out, "\\%03o", c);
        else putc(c, out);
    }
    fputs("\";\n", out);
}

static void put_sieve(FILE *out, const char *name, const uint64_t *bits) {
    fprintf(out, "static const uint64_t %s[] = {", name);
    for (int i = 0; i < DH_LEXICON_SIEVE / 64; i++)
        fprintf(out, "%sUINT64_C(%llu),", i % 4 == 0 ? "\n    " : " ", (unsigned long long)bits[i]);
    fputs("\n};\n", out);
}

static void put_arrays(FILE *out, const dh_lexicon_table *t) {
    fputs("static const dh_lexicon_slot slots[] = {\n", out);
    for (uint32_t i = 0; i < t->slot_count; i++) {
        const dh_lexicon_slot *s = &t->slots[i];
        fprintf(out, "    {%u, %u, %uu, %u, %u},\n", s->key, s->len, s->hash, s->exact, s->prefix);
    }
    fputs("};\nstatic const dh_lexicon_phrase phrases[] = {\n", out);
    for (uint32_t i = 0; i < t->phrase_count; i++) {
        const dh_lexicon_phrase *p = &t->phrases[i];
        fprintf(out, "    {%u, %u, %u, %u, %u, %u},\n", p->written, p->tail, p->next, p->len,
                p->label, p->weak);
    }
    fputs("};\n", out);
    put_sieve(out, "keys", t->keys);
    put_sieve(out, "prefixes", t->prefixes);
}

static void put_table(FILE *out, const dh_lexicon_table *t, const source *files, int count) {
    fputs("static const dh_lexicon_file files[] = {\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out, "    {\"%s\", %u, %u},\n", files[i].name, files[i].begin, files[i].len);
    fprintf(out,
            "};\nconst dh_lexicon_table dh_lexicon_shipped = {\n"
            "    slots, phrases, pool, keys, prefixes, files, %u, %u, %u, %d, %u, %u};\n",
            t->slot_count, t->phrase_count, t->pool_len, count, t->max_exact, t->max_prefix);
}

static void write_all(const char *path, const dh_lexicon_table *t, const source *files, int count) {
    FILE *out = fopen(path, "w");
    if (out == NULL) die(path, "cannot be written");
    fputs("/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tools/lexicon.c of rules/labels/. "
          "*/\n"
          "#include \"text/lexicon_table.h\"\n\n",
          out);
    put_arrays(out, t);
    put_pool(out, t);
    put_table(out, t, files, count);
    const int bad = ferror(out);
    if (fclose(out) != 0 || bad) die(path, "cannot be written");
}

int main(int argc, char **argv) {
    source files[MAX_FILES];
    dh_arena arena;
    jmp_buf guard;
    if (argc < 3 || argc - 2 > MAX_FILES) die("usage", "lexicon OUT.c FILE...");
    dh_arena_init(&arena, 0);
    if (dh_arena_guard(&arena, &guard)) die("memory", "none left");
    dh_lexicon *lexicon = dh_lexicon_new(&arena);
    for (int i = 2; i < argc; i++) add(lexicon, argv[i], &files[i - 2]);
    write_all(argv[1], dh_lexicon_table_of(lexicon), files, argc - 2);
    dh_arena_release(&arena);
    return 0;
}
