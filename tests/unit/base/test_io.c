/* SPDX-License-Identifier: Apache-2.0 */
/* Files are read with a ceiling, written whole or not at all, and walked once each. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static char root[64];

static const char *at(const char *name) {
    static char path[4][512];
    static unsigned turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", root, name);
    return p;
}

static int set_up(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/dehusk-io-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int tear_down(void **state) {
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+rwx %s && rm -rf %s", root, root);
    return system(command);
}

static void put(const char *name, const char *text) {
    dh_error error = {0};
    dh_status status = dh_io_write(at(name), dh_slice_cstr(text), true, false, &error);
    if (status != DH_OK) fail_msg("%s: %s", name, error.message);
}

static void has(const char *name, const char *text) {
    dh_buf in = {0};
    assert_int_equal(dh_io_read(at(name), 0, &in, NULL, NULL), DH_OK);
    assert_int_equal(in.len, strlen(text));
    if (in.len > 0) assert_memory_equal(in.ptr, text, in.len);
    dh_buf_release(&in);
}

/* Names in the test's folder, "." names but for . and .. too. */
static unsigned count_names(const char *name) {
    DIR *dir = opendir(at(name));
    assert_non_null(dir);
    unsigned n = 0;
    while (readdir(dir) != NULL) n++;
    closedir(dir);
    return n - 2;
}

static void reads_with_a_ceiling(void **state) {
    (void)state;
    put("ten", "0123456789");
    put("none", "");
    static const struct {
        const char *name;
        size_t max, len;
        bool cut;
    } cases[] = {{"ten", 0, 10, false}, {"ten", 11, 10, false}, {"ten", 10, 10, false},
                 {"ten", 9, 9, true},   {"ten", 1, 1, true},    {"none", 0, 0, false},
                 {"none", 5, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dh_buf in = {0};
        bool cut = !cases[i].cut;
        assert_int_equal(dh_io_read(at(cases[i].name), cases[i].max, &in, &cut, NULL), DH_OK);
        assert_int_equal(in.len, cases[i].len);
        assert_true(cut == cases[i].cut);
        if (in.len > 0) assert_memory_equal(in.ptr, "0123456789", in.len);
        dh_buf_release(&in);
    }
}

static void read_appends(void **state) {
    (void)state;
    put("ten", "0123456789");
    dh_buf in = {0};
    dh_buf_puts(&in, "ab");
    bool cut = true;
    assert_int_equal(dh_io_read(at("ten"), 10, &in, &cut, NULL), DH_OK);
    assert_false(cut);
    assert_int_equal(in.len, 12);
    assert_memory_equal(in.ptr, "ab0123456789", 12);
    dh_buf_release(&in);
}

static void read_refuses(void **state) {
    (void)state;
    put("secret", "x");
    chmod(at("secret"), 0);
    static const struct {
        const char *name, *says;
        bool not_for_root;
    } cases[] = {{"", "directory", false},
                 {"missing", "No such file", false},
                 {"secret", "Permission", true},
                 {"ten/below", "", false}};
    put("ten", "0123456789");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].not_for_root && geteuid() == 0) continue;
        dh_buf in = {0};
        dh_error error = {0};
        assert_int_equal(dh_io_read(at(cases[i].name), 0, &in, NULL, &error), DH_ERR_IO);
        assert_non_null(strstr(error.message, cases[i].says));
        dh_buf_release(&in);
    }
    dh_buf in = {0};
    assert_int_equal(dh_io_read("/dev/zero", 0, &in, NULL, NULL), DH_ERR_IO);
    bool cut = false;
    assert_int_equal(dh_io_read("/dev/zero", 1000, &in, &cut, NULL), DH_OK);
    assert_true(cut && in.len == 1000);
    dh_buf_release(&in);
}

/* The arena ends in the middle of a file: out through the guard, the descriptor closed. */
static void read_into_a_full_arena(void **state) {
    (void)state;
    dh_buf big = {0};
    for (int i = 0; i < 200000; i++) dh_buf_puts(&big, "0123456789");
    assert_int_equal(dh_io_write(at("big"), dh_buf_slice(&big), true, false, NULL), DH_OK);
    dh_buf_release(&big);
    int before = dup(0);
    close(before);
    dh_arena arena;
    dh_arena_init(&arena, 1024 * 1024);
    jmp_buf guard;
    if (dh_arena_guard(&arena, &guard)) {
        assert_int_equal(arena.failure, DH_ERR_LIMIT);
    } else {
        dh_buf in;
        dh_buf_init(&in, &arena, 0);
        dh_io_read(at("big"), 0, &in, NULL, NULL);
        fail_msg("the arena was not exhausted");
    }
    dh_arena_release(&arena);
    int after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

static void writes_whole_or_not(void **state) {
    (void)state;
    mkdir(at("out"), 0755);
    dh_error error = {0};
    assert_int_equal(dh_io_write(at("out/a"), DH_SLICE("one"), false, true, &error), DH_OK);
    has("out/a", "one");
    assert_int_equal(dh_io_write(at("out/a"), DH_SLICE("two"), false, false, &error), DH_ERR_IO);
    assert_string_equal(error.message, "exists");
    has("out/a", "one");
    chmod(at("out/a"), 0640);
    assert_int_equal(dh_io_write(at("out/a"), DH_SLICE("three"), true, false, &error), DH_OK);
    has("out/a", "three");
    struct stat st;
    assert_int_equal(stat(at("out/a"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    mkdir(at("out/folder"), 0755);
    assert_int_equal(dh_io_write(at("out/folder"), DH_SLICE("x"), true, false, &error), DH_ERR_IO);
    assert_int_equal(dh_io_write(at("no/a"), DH_SLICE("x"), true, false, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "No such file"));
    assert_int_equal(dh_io_write("/dev/full", DH_SLICE("x"), true, false, &error), DH_ERR_IO);
    assert_int_equal(symlink("nowhere", at("out/dangling")), 0);
    assert_int_equal(dh_io_write(at("out/dangling"), DH_SLICE("x"), false, false, &error),
                     DH_ERR_IO);
    assert_int_equal(count_names("out"), 3); /* and no temporary file */
}

static void mode_follows_the_umask(void **state) {
    (void)state;
    mode_t was = umask(027);
    put("masked", "x");
    umask(was);
    struct stat st;
    assert_int_equal(stat(at("masked"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
}

static void too_big_leaves_nothing(void **state) {
    (void)state;
    mkdir(at("small"), 0755);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit was, low;
    getrlimit(RLIMIT_FSIZE, &was);
    low = was;
    low.rlim_cur = 1000;
    setrlimit(RLIMIT_FSIZE, &low);
    char page[4096];
    memset(page, 'x', sizeof page);
    dh_error error = {0};
    dh_status status =
        dh_io_write(at("small/a"), dh_slice_make(page, sizeof page), true, false, &error);
    setrlimit(RLIMIT_FSIZE, &was);
    assert_int_equal(status, DH_ERR_IO);
    assert_int_equal(error.offset, 1000);
    assert_int_equal(count_names("small"), 0);
}

static void pieces_and_abort(void **state) {
    (void)state;
    mkdir(at("pieces"), 0755);
    dh_io_file file;
    assert_int_equal(dh_io_file_open(&file, at("pieces/a"), false, NULL), DH_OK);
    assert_int_equal(dh_io_file_put(&file, DH_SLICE("one "), NULL), DH_OK);
    assert_int_equal(access(at("pieces/a"), F_OK), -1);
    assert_int_equal(dh_io_file_put(&file, DH_SLICE("two"), NULL), DH_OK);
    assert_int_equal(dh_io_file_commit(&file, false, NULL), DH_OK);
    has("pieces/a", "one two");
    assert_int_equal(dh_io_file_open(&file, at("pieces/b"), false, NULL), DH_OK);
    assert_int_equal(dh_io_file_put(&file, DH_SLICE("lost"), NULL), DH_OK);
    dh_io_file_abort(&file);
    assert_int_equal(count_names("pieces"), 1);
    /* A name that comes into being while the file is written is not replaced. */
    assert_int_equal(dh_io_file_open(&file, at("pieces/c"), false, NULL), DH_OK);
    put("pieces/c", "first");
    dh_error error = {0};
    assert_int_equal(dh_io_file_commit(&file, false, &error), DH_ERR_IO);
    assert_string_equal(error.message, "exists");
    has("pieces/c", "first");
    assert_int_equal(count_names("pieces"), 2);
}

static void closed_pipe_and_full_disk(void **state) {
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    dh_error error = {0};
    assert_int_equal(dh_io_put(ends[1], DH_SLICE("x"), &error), DH_ERR_INTERRUPTED);
    close(ends[1]);
    int full = open("/dev/full", O_WRONLY);
    assert_true(full >= 0);
    assert_int_equal(dh_io_put(full, DH_SLICE("x"), &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "No space"));
    assert_int_equal(dh_io_put(full, DH_SLICE(""), &error), DH_OK);
    close(full);
}

static void makes_folders(void **state) {
    (void)state;
    dh_error error = {0};
    assert_int_equal(dh_io_mkdirs(at("deep/er/est"), &error), DH_OK);
    assert_int_equal(dh_io_mkdirs(at("deep//er/est//"), &error), DH_OK);
    assert_int_equal(dh_io_mkdirs(at("deep/er/two/"), &error), DH_OK);
    put("deep/file", "");
    assert_int_equal(dh_io_mkdirs(at("deep/file/x"), &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "no folder"));
    assert_int_equal(dh_io_mkdirs(at("deep/file"), &error), DH_ERR_IO);
    struct stat st;
    assert_true(stat(at("deep/er/two"), &st) == 0 && S_ISDIR(st.st_mode));
}

static void count_problem(void *data, const char *path, const char *why) {
    (void)why;
    unsigned *n = data;
    assert_non_null(path);
    ++*n;
}

static void walks_each_folder_once(void **state) {
    (void)state;
    const char *const folders[] = {"tree/b/inner", "tree/a", "tree/.hidden", "other/sub"};
    for (size_t i = 0; i < 4; i++) assert_int_equal(dh_io_mkdirs(at(folders[i]), NULL), DH_OK);
    const char *const files[] = {"tree/z",           "tree/b/inner/1", "tree/a/2", "tree/.secret",
                                 "tree/.hidden/one", "other/sub/3",    "tree/b!",  "tree/a/\xFF"};
    for (size_t i = 0; i < 8; i++) put(files[i], "12345");
    assert_int_equal(symlink("..", at("tree/a/loop")), 0);
    assert_int_equal(symlink("b", at("tree/0link")), 0); /* sorts first, yet b keeps its name */
    assert_int_equal(symlink("../other", at("tree/out")), 0);
    assert_int_equal(symlink("../tree", at("other/back")), 0);
    assert_int_equal(symlink("gone", at("tree/dangling")), 0);
    assert_int_equal(symlink("z", at("tree/y")), 0);
    const char *const want[] = {"a/2", "a/\xFF", "b!", "b/inner/1", "out/sub/3", "y", "z"};
    dh_arena arena;
    for (int slash = 0; slash < 2; slash++) {
        dh_arena_init(&arena, 0);
        dh_io_entries found;
        unsigned problems = 0;
        const char *from = at(slash ? "tree/" : "tree");
        assert_int_equal(dh_io_walk(from, &arena, &found, count_problem, &problems, NULL), DH_OK);
        assert_int_equal(found.len, 7);
        for (size_t i = 0; i < 7; i++) {
            assert_string_equal(found.ptr[i].relative, want[i]);
            assert_int_equal(found.ptr[i].size, 5);
            assert_int_equal(access(found.ptr[i].path, F_OK), 0);
        }
        assert_int_equal(problems, 1);
        dh_arena_release(&arena);
    }
}

static void walks_a_file(void **state) {
    (void)state;
    put("single", "123");
    dh_arena arena;
    dh_arena_init(&arena, 0);
    dh_io_entries found;
    assert_int_equal(dh_io_walk(at("single"), &arena, &found, NULL, NULL, NULL), DH_OK);
    assert_int_equal(found.len, 1);
    assert_string_equal(found.ptr[0].relative, "single");
    dh_error error = {0};
    assert_int_equal(dh_io_walk(at("absent"), &arena, &found, NULL, NULL, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "No such file"));
    dh_arena_release(&arena);
}

/* Every arena ceiling: the walk leaves through the guard and leaks nothing (ASan looks). */
static void walk_in_a_small_arena(void **state) {
    (void)state;
    assert_int_equal(dh_io_mkdirs(at("many"), NULL), DH_OK);
    for (int i = 0; i < 900; i++) {
        char name[300];
        snprintf(name, sizeof name, "many/%0200d", i);
        put(name, "");
    }
    dh_arena arena;
    dh_arena_init(&arena, 300 * 1024);
    dh_io_entries found;
    jmp_buf guard;
    if (dh_arena_guard(&arena, &guard)) {
        assert_int_equal(arena.failure, DH_ERR_LIMIT);
    } else {
        dh_io_walk(at("many"), &arena, &found, NULL, NULL, NULL);
        fail_msg("the arena was not exhausted");
    }
    dh_arena_release(&arena);
}

static void prints_names(void **state) {
    (void)state;
    static const struct {
        const char *name, *printed;
    } cases[] = {{"plain.html", "plain.html"},
                 {"", ""},
                 {"\xD9\x85\xD9\x82\xD8\xA7\xD9\x84", "\xD9\x85\xD9\x82\xD8\xA7\xD9\x84"},
                 {"a\xFF"
                  "b",
                  "a\\xFFb"},
                 {"new\nline\x1B[31m", "new\\x0Aline\\x1B[31m"},
                 {"back\\slash", "back\\x5Cslash"},
                 {"cut \xE2\x82", "cut \\xE2\\x82"},
                 {"rlo \xE2\x80\xAEx", "rlo \\xE2\\x80\\xAEx"},
                 {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
                 {"c1 \xC2\x9B", "c1 \\xC2\\x9B"}};
    dh_arena arena;
    dh_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(dh_io_printable(cases[i].name, &arena), cases[i].printed);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_with_a_ceiling),
        cmocka_unit_test(read_appends),
        cmocka_unit_test(read_refuses),
        cmocka_unit_test(read_into_a_full_arena),
        cmocka_unit_test(writes_whole_or_not),
        cmocka_unit_test(mode_follows_the_umask),
        cmocka_unit_test(too_big_leaves_nothing),
        cmocka_unit_test(pieces_and_abort),
        cmocka_unit_test(closed_pipe_and_full_disk),
        cmocka_unit_test(makes_folders),
        cmocka_unit_test(walks_each_folder_once),
        cmocka_unit_test(walks_a_file),
        cmocka_unit_test(walk_in_a_small_arena),
        cmocka_unit_test(prints_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
