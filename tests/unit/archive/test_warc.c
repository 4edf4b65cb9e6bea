/* SPDX-License-Identifier: Apache-2.0 */
/* What is written holds to the standard (by a checker that shares no code with it) and reads back; what is torn,
 * damaged or hostile costs no more than itself. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "archive/http.h"
#include "archive/warc_read.h"
#include "archive/warc_write.h"
#include "base/io.h"

static char folder[64];
static char path[128];

static int set_up(void **state) {
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    snprintf(folder, sizeof folder, "/tmp/dehusk-warc-XXXXXX");
    if (mkdtemp(folder) == NULL) return 1;
    snprintf(path, sizeof path, "%s/x.warc.gz", folder);
    return 0;
}

static void clear_folder(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s/*", folder);
    assert_int_equal(system(command), 0);
}

static int tear_down(void **state) {
    (void)state;
    clear_folder();
    return rmdir(folder);
}

/* A clock that stands where it is put. */
static int64_t moment = INT64_C(1715790728000);
static int64_t tell(void *data) {
    (void)data;
    return moment;
}
static const dh_clock stopped = {tell, tell, NULL};

#define URL "http://harbour.example/a?b=\xC3\xA9 c"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define CHUNKED_HEAD "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static dh_warc_exchange exchange(const char *body) {
    return (dh_warc_exchange){.url = DH_SLICE(URL),
                              .date_ms = moment,
                              .ip = "93.184.216.34",
                              .request =
                                  DH_SLICE("GET /a HTTP/1.1\r\nHost: harbour.example\r\n\r\n"),
                              .head = DH_SLICE(HEAD),
                              .body = dh_slice_cstr(body),
                              .payload = dh_slice_cstr(body),
                              .metadata = DH_SLICE("fetchTimeMs: 7\r\n")};
}

static dh_warc_writer *open_writer(const char *file, int mode) {
    dh_warc_writer *w;
    dh_error error = {0};
    dh_warc_writer_options options = {.path = file,
                                      .folder = folder,
                                      .clock = &stopped,
                                      .software = "dehusk/test",
                                      .user_agent = "tester (+http://tester.example/)",
                                      .max_bytes = 3000};
    options.mode = mode == 0 ? DH_WARC_NEW : mode == 1 ? DH_WARC_APPEND : DH_WARC_REPLACE;
    if (dh_warc_writer_new(&options, &w, NULL, &error) != DH_OK) fail_msg("%s", error.message);
    return w;
}

static void close_writer(dh_warc_writer *w) {
    assert_int_equal(dh_warc_writer_close(w, NULL), DH_OK);
}

static void check(const char *file) {
    char command[512];
    snprintf(command, sizeof command, "%s %s >%s/log", WARC_CHECK, file, folder);
    if (system(command) == 0) return;
    snprintf(command, sizeof command, "cat %s/log >&2", folder);
    fail_msg("the checker finds something: %d", system(command));
}

/* What there is in a file, as a line of text: "R" for each response read and so on, "!" for damage. */
typedef struct tally {
    char text[256];
    uint64_t offsets[64], stored[64], damage;
    char blocks[64][200];
} tally;

static void count_file(const char *file, tally *t) {
    static const struct {
        const char *type;
        char letter;
    } letters[] = {{"warcinfo", 'i'}, {"response", 'R'},   {"request", 'q'},
                   {"metadata", 'm'}, {"conversion", 'C'}, {"revisit", 'v'}};
    dh_warc_reader *reader;
    dh_warc_reader_options options = {.max_block = 1000};
    dh_warc_item item;
    dh_error error = {0};
    dh_status status;
    size_t n = 0;
    *t = (tally){.damage = UINT64_MAX};
    if (dh_warc_reader_new(file, &options, &reader, &error) != DH_OK) fail_msg("%s", error.message);
    while ((status = dh_warc_next(reader, &item, &error)) != DH_ERR_EMPTY && n < 63) {
        if (status == DH_ERR_SYNTAX && t->damage == UINT64_MAX) t->damage = error.offset;
        if (status != DH_OK && status != DH_ERR_SYNTAX) fail_msg("%s", error.message);
        t->text[n] = status == DH_OK ? '?' : '!';
        for (size_t i = 0; status == DH_OK && i < sizeof letters / sizeof *letters; i++)
            if (dh_slice_eq(item.type, dh_slice_cstr(letters[i].type)))
                t->text[n] = letters[i].letter;
        t->offsets[n] = item.offset;
        t->stored[n] = item.stored;
        snprintf(t->blocks[n], sizeof t->blocks[n], "%.*s", (int)item.block.len, item.block.ptr);
        n++;
    }
    dh_warc_reader_free(reader);
}

static void assert_text(const char *file, const char *text) {
    tally t;
    count_file(file, &t);
    if (strcmp(t.text, text) != 0) fail_msg("%s: %s, not %s", file, t.text, text);
}

static void put(dh_warc_writer *w, const dh_warc_exchange *x, dh_warc_place *place) {
    dh_error error = {0};
    if (dh_warc_put(w, x, place, &error) != DH_OK) fail_msg("%s", error.message);
}

static void written_holds_and_reads_back(void **state) {
    (void)state;
    const char *names[] = {"x.warc.gz", "x.warc"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        dh_warc_writer *w = open_writer(path, 0);
        dh_warc_place place, first;
        dh_warc_exchange x = exchange("<p>One.</p>");
        put(w, &x, &first);
        assert_string_equal(first.payload_digest, "sha1:QTOMKGTT6UHXXVBEWBN4JRTIJOXFZYTS");
        x = exchange("");
        x.request = x.metadata = (dh_slice){NULL, 0};
        put(w, &x, &place);
        x = exchange("5\r\nChunk\r\n0\r\n\r\n");
        x.head = DH_SLICE(CHUNKED_HEAD);
        x.payload = DH_SLICE("Chunk");
        x.truncated = "length";
        x.protocol = "h2";
        put(w, &x, &place);
        x = exchange("<p>One.</p>");
        x.kind = DH_WARC_SAME_PAYLOAD;
        x.refers_to = dh_slice_cstr(first.id);
        x.refers_to_url = DH_SLICE(URL);
        x.refers_to_date = DH_SLICE("2024-05-15T16:32:08Z");
        put(w, &x, &place);
        assert_string_equal(place.payload_digest, first.payload_digest);
        x.kind = DH_WARC_NOT_MODIFIED;
        x.head = DH_SLICE("HTTP/1.1 304 Not Modified\r\n\r\n");
        x.body = x.payload = (dh_slice){NULL, 0};
        x.refers_to_digest = dh_slice_cstr(first.payload_digest);
        put(w, &x, &place);
        assert_int_equal(dh_warc_sync(w, NULL), DH_OK);
        close_writer(w);
        check(path);
        tally t;
        count_file(path, &t);
        assert_string_equal(t.text, "iRqmRRqmvqmvqm");
        assert_string_equal(t.blocks[1], HEAD "<p>One.</p>");
        assert_int_equal(t.offsets[1], first.offset);
        assert_int_equal(t.stored[1], first.length);
        assert_int_equal(t.offsets[11], place.offset);
        clear_folder();
    }
}

static void fields_cannot_be_smuggled_in(void **state) {
    (void)state;
    snprintf(path, sizeof path, "%s/x.warc", folder);
    dh_warc_writer *w = open_writer(path, 0);
    dh_warc_place place;
    dh_warc_exchange x = exchange("x");
    x.url = DH_SLICE("http://a.example/\r\nWARC-Type: warcinfo\r\n\r\n");
    put(w, &x, &place);
    close_writer(w);
    check(path);
    dh_buf all = {0};
    assert_int_equal(dh_io_read(path, 0, &all, NULL, NULL), DH_OK);
    assert_true(
        dh_slice_has(dh_buf_slice(&all),
                     DH_SLICE("WARC-Target-URI: http://a.example/%0D%0AWARC-Type:%20warcinfo")));
    dh_buf_release(&all);
    clear_folder();
}

static void rotates_by_size_and_age(void **state) {
    (void)state;
    dh_warc_writer *w = open_writer(NULL, 0);
    dh_warc_exchange x = exchange("<p>One.</p>");
    dh_warc_place place;
    char names[4][64] = {{0}};
    size_t count = 0;
    for (int i = 0; i < 8; i++) {
        put(w, &x, &place);
        assert_true(place.offset < 3000 + 400);
        if (count == 0 || strcmp(names[count - 1], place.file) != 0)
            snprintf(names[count++ % 4], sizeof names[0], "%s", place.file);
    }
    assert_in_range(count, 2, 3);
    assert_string_equal(names[0], "dehusk-20240515163208-00000.warc.gz");
    assert_string_equal(names[1], "dehusk-20240515163208-00001.warc.gz");
    close_writer(w);
    /* Goes on with the newest while it is young. */
    w = open_writer(NULL, 0);
    put(w, &x, &place);
    assert_string_equal(place.file, names[count - 1]);
    assert_true(place.offset > 0);
    moment += 86400000;
    put(w, &x, &place);
    assert_true(dh_slice_starts(dh_slice_cstr(place.file), DH_SLICE("dehusk-20240516163208-")));
    close_writer(w);
    moment += 2 * 86400000;
    w = open_writer(NULL, 0);
    put(w, &x, &place);
    assert_true(dh_slice_starts(dh_slice_cstr(place.file), DH_SLICE("dehusk-20240518163208-")));
    close_writer(w);
    char all[128];
    snprintf(all, sizeof all, "%s/*.warc.gz", folder);
    check(all);
    clear_folder();
}

static void copy_prefix(const char *from, const char *to, size_t len, const char *tail) {
    dh_buf all = {0};
    assert_int_equal(dh_io_read(from, 0, &all, NULL, NULL), DH_OK);
    if (len < all.len) all.len = len;
    dh_buf_puts(&all, tail);
    assert_int_equal(dh_io_write(to, dh_buf_slice(&all), true, false, NULL), DH_OK);
    dh_buf_release(&all);
}

/* Cut at every byte: what was whole stays, the rest goes, and more can be added. */
static void torn_tails_are_repaired(void **state) {
    (void)state;
    const char *names[] = {"x.warc.gz", "x.warc"};
    for (size_t i = 0; i < 2; i++) {
        char torn[128];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        snprintf(torn, sizeof torn, "%s/torn-%s", folder, names[i]);
        dh_warc_writer *w = open_writer(path, 0);
        dh_warc_place first, second, added;
        dh_warc_exchange x = exchange("<p>One.</p>");
        x.request = x.metadata = (dh_slice){NULL, 0};
        put(w, &x, &first);
        put(w, &x, &second);
        close_writer(w);
        for (uint64_t len = second.offset; len <= second.offset + second.length; len++) {
            bool whole = len == second.offset + second.length;
            /* The middle is like the rest of it. */
            if (len == second.offset + 40) len = second.offset + second.length - 20;
            copy_prefix(path, torn, (size_t)len, "");
            dh_warc_writer_options options = {
                .path = torn, .mode = DH_WARC_APPEND, .clock = &stopped};
            uint64_t repaired;
            assert_int_equal(dh_warc_writer_new(&options, &w, &repaired, NULL), DH_OK);
            if (repaired != (whole ? 0 : len - second.offset))
                fail_msg("%s cut to %d of %d: %d bytes repaired", names[i],
                         (int)(len - second.offset), (int)second.length, (int)repaired);
            put(w, &x, &added);
            close_writer(w);
            check(torn);
            assert_text(torn, whole ? "iRRR" : "iRR");
        }
        /* What a crash of the machine leaves there instead. */
        copy_prefix(path, torn, SIZE_MAX, "garbage");
        w = open_writer(torn, 1);
        put(w, &x, &second);
        close_writer(w);
        check(torn);
        assert_text(torn, "iRRR");
        clear_folder();
    }
}

static void what_cannot_be_written_is_told(void **state) {
    (void)state;
    dh_warc_writer *w, *other;
    dh_warc_writer_options options = {.path = "/dev/full", .clock = &stopped};
    dh_error error = {0};
    assert_int_equal(dh_warc_writer_new(&options, &w, NULL, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "space"));
    options.path = "/proc/none/x.warc.gz";
    assert_int_equal(dh_warc_writer_new(&options, &w, NULL, &error), DH_ERR_IO);
    options = (dh_warc_writer_options){.folder = "/proc/self/fd/none", .clock = &stopped};
    assert_int_equal(dh_warc_writer_new(&options, &w, NULL, &error), DH_ERR_IO);

    snprintf(path, sizeof path, "%s/x.warc.gz", folder);
    w = open_writer(path, 0);
    options = (dh_warc_writer_options){.path = path, .clock = &stopped};
    assert_int_equal(dh_warc_writer_new(&options, &other, NULL, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "exists"));
    options.mode = DH_WARC_APPEND;
    assert_int_equal(dh_warc_writer_new(&options, &other, NULL, &error), DH_ERR_IO);
    assert_non_null(strstr(error.message, "another process"));
    /* The disk is full for a while: nothing of the record is left, and the next one is written. */
    struct rlimit was, low;
    struct stat st;
    dh_warc_place place;
    dh_warc_exchange x = exchange("<p>One.</p>");
    put(w, &x, &place);
    assert_int_equal(stat(path, &st), 0);
    getrlimit(RLIMIT_FSIZE, &was);
    low = was;
    low.rlim_cur = (rlim_t)st.st_size + 100;
    setrlimit(RLIMIT_FSIZE, &low);
    assert_int_equal(dh_warc_put(w, &x, &place, &error), DH_ERR_IO);
    assert_int_equal(dh_warc_put(w, &x, &place, &error), DH_ERR_IO);
    setrlimit(RLIMIT_FSIZE, &was);
    off_t size = st.st_size;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, size);
    put(w, &x, &place);
    assert_int_equal(place.offset, size);
    close_writer(w);
    check(path);
    assert_text(path, "iRqmRqm");
    /* A file that is something else is not added to. */
    assert_int_equal(dh_io_write(path, DH_SLICE("<html>"), true, false, NULL), DH_OK);
    assert_int_equal(dh_warc_writer_new(&options, &other, NULL, &error), DH_ERR_TYPE);
    clear_folder();
}

/* Reading what others write. */

#define RECORD(version, type, length, block)                                                       \
    "WARC/" version "\r\nWARC-Type: " type "\r\nWARC-Target-URI: <http://a.example/>\r\n"          \
    "Content-Length: " length "\r\n\r\n" block "\r\n\r\n"
#define ONE RECORD("1.0", "response", "5", "block")
#define TWO RECORD("1.1", "conversion", "0", "")
#define THREE RECORD("1.0", "metadata", "15", "a\r\n\r\nWARC/1.0\r\n")

enum { PLAIN, GZIP, ZSTD };

static void pack(dh_buf *out, int kind, dh_slice bytes) {
    if (kind == PLAIN) {
        dh_buf_put_slice(out, bytes);
    } else if (kind == ZSTD) {
        dh_buf_reserve(out, ZSTD_compressBound(bytes.len));
        out->len += ZSTD_compress(out->ptr + out->len, ZSTD_compressBound(bytes.len), bytes.ptr,
                                  bytes.len, 3);
    } else {
        z_stream z = {0};
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
        dh_buf_reserve(out, deflateBound(&z, bytes.len));
        memcpy(&z.next_in, &bytes.ptr, sizeof bytes.ptr);
        z.avail_in = (uInt)bytes.len;
        z.next_out = (Bytef *)out->ptr + out->len;
        z.avail_out = (uInt)(out->cap - out->len);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        out->len = out->cap - z.avail_out;
        deflateEnd(&z);
    }
}

static void write_file(dh_buf *bytes) {
    assert_int_equal(dh_io_write(path, dh_buf_slice(bytes), true, false, NULL), DH_OK);
    dh_buf_release(bytes);
}

static void every_packing_reads_alike(void **state) {
    (void)state;
    for (int kind = PLAIN; kind <= ZSTD; kind++) {
        for (int whole = 0; whole < 2; whole++) {
            dh_buf all = {0};
            if (whole) {
                pack(&all, kind, DH_SLICE(ONE TWO THREE ONE));
            } else {
                pack(&all, kind, DH_SLICE(ONE));
                pack(&all, kind, DH_SLICE(TWO));
                pack(&all, kind, DH_SLICE(THREE));
                pack(&all, kind, DH_SLICE(ONE));
            }
            write_file(&all);
            tally t;
            count_file(path, &t);
            if (strcmp(t.text, "RCmR") != 0) fail_msg("kind %d, whole %d: %s", kind, whole, t.text);
            assert_string_equal(t.blocks[0], "block");
            assert_string_equal(t.blocks[2], "a\r\n\r\nWARC/1.0\r\n");
        }
    }
    dh_buf empty = {0};
    write_file(&empty);
    assert_text(path, "");
    /* Frames that share a dictionary, which stands in front. */
    static const char words[] =
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a.example/>";
    dh_buf all = {0};
    ZSTD_CCtx *c = ZSTD_createCCtx();
    dh_buf_puts(&all, "\x5D\x2A\x4D\x18");
    unsigned char size[4] = {sizeof words - 1, 0, 0, 0};
    dh_buf_put(&all, size, 4);
    dh_buf_puts(&all, words);
    for (int i = 0; i < 2; i++) {
        dh_buf_reserve(&all, 4096);
        all.len += ZSTD_compress_usingDict(c, all.ptr + all.len, 4096, ONE, sizeof ONE - 1, words,
                                           sizeof words - 1, 3);
    }
    ZSTD_freeCCtx(c);
    write_file(&all);
    assert_text(path, "RR");
    clear_folder();
}

static void damage_costs_no_more_than_itself(void **state) {
    (void)state;
    static const struct {
        const char *text, *records;
    } rows[] = {
        {ONE TWO, "RC"},
        {ONE "rubbish\r\n\r\n" TWO, "R!C"},
        {RECORD("1.0", "response", "3", "block") TWO, "R!C"}, /* too short a length */
        {RECORD("1.0", "response", "none", "x") TWO ONE, "!CR"},
        {"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n" TWO, "!C"},
        {ONE "WARC/1.0\r\nWARC-Type: resp", "R!"},
        {ONE RECORD("1.0", "response", "5000", "block"), "R!"},
        {ONE "\r\n\r\n\r\n" TWO "\r\n", "RC"},
        {ONE "WARC/1.0\nWARC-Type: response\nContent-Length: 2\n\nok\n\n" TWO, "RRC"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf all = {0};
        dh_buf_puts(&all, rows[i].text);
        write_file(&all);
        tally t;
        count_file(path, &t);
        if (strcmp(t.text, rows[i].records) != 0) fail_msg("row %zu: %s", i, t.text);
    }
    /* In members: a length that reaches into the next, a header that breaks off, a torn end. */
    static const char *const members[][2] = {
        {RECORD("1.0", "response", "400", "block"), "!Cm"},
        {"WARC/1.0\r\nWARC-Type: response\r\n", "!Cm"},
        {"no record at all", "!Cm"},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        for (int kind = GZIP; kind <= ZSTD; kind++) {
            dh_buf all = {0};
            pack(&all, kind, DH_SLICE(ONE));
            pack(&all, kind, dh_slice_cstr(members[i][0]));
            pack(&all, kind, DH_SLICE(TWO));
            pack(&all, kind, DH_SLICE(THREE));
            write_file(&all);
            tally t;
            count_file(path, &t);
            if (t.text[0] != 'R' || strcmp(t.text + 1, members[i][1]) != 0)
                fail_msg("member %zu: %s", i, t.text);
        }
    }
    clear_folder();
}

/* Each byte of the second of three members in turn is another: the third is always found, and the second is
 * named by its offset. */
static void any_flipped_byte_costs_one_record(void **state) {
    (void)state;
    dh_buf first = {0}, second = {0}, third = {0};
    pack(&first, GZIP, DH_SLICE(ONE));
    pack(&second, GZIP,
         DH_SLICE(RECORD("1.0", "response", "35", "some words that are packed and kept")));
    pack(&third, GZIP, DH_SLICE(TWO));
    unsigned lost = 0;
    for (size_t at = 0; at < second.len; at++) {
        dh_buf all = {0};
        dh_buf_put_slice(&all, dh_buf_slice(&first));
        dh_buf_put_slice(&all, dh_buf_slice(&second));
        dh_buf_put_slice(&all, dh_buf_slice(&third));
        all.ptr[first.len + at] ^= 0x55;
        write_file(&all);
        tally t;
        count_file(path, &t);
        size_t len = strlen(t.text);
        if (t.text[0] != 'R' || len < 2 || t.text[len - 1] != 'C')
            fail_msg("byte %zu: %s", at, t.text);
        if (t.damage != UINT64_MAX) assert_in_range(t.damage, first.len, first.len + second.len);
        lost += strcmp(t.text, "R!C") == 0;
    }
    /* The member's time, flags and system (6 bytes) do not matter; a bit that is not looked at may not. */
    assert_in_range(lost, second.len - 8, second.len - 6);
    dh_buf_release(&first);
    dh_buf_release(&second);
    dh_buf_release(&third);
    clear_folder();
}

static void no_warc_is_refused(void **state) {
    (void)state;
    static const char *const rows[] = {"<html>", "{\"url\":1}\n", "WAR",
                                       "\x1F\x8B\x08 no gzip really"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dh_buf all = {0};
        dh_warc_reader *reader;
        dh_warc_reader_options options = {.max_block = 10};
        dh_warc_item item;
        dh_buf_puts(&all, rows[i]);
        write_file(&all);
        dh_status status = dh_warc_reader_new(path, &options, &reader, NULL);
        if (i < 3) {
            assert_int_equal(status, DH_ERR_TYPE);
        } else { /* it may once have been one */
            assert_int_equal(status, DH_OK);
            assert_int_equal(dh_warc_next(reader, &item, NULL), DH_ERR_SYNTAX);
            assert_int_equal(dh_warc_next(reader, &item, NULL), DH_ERR_EMPTY);
            dh_warc_reader_free(reader);
        }
    }
    dh_warc_reader *reader;
    dh_error error = {0};
    assert_int_equal(dh_warc_reader_new("/none", &(dh_warc_reader_options){0}, &reader, &error),
                     DH_ERR_IO);
    assert_int_equal(dh_warc_reader_new("/tmp", &(dh_warc_reader_options){0}, &reader, &error),
                     DH_ERR_IO);
    clear_folder();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_holds_and_reads_back),
        cmocka_unit_test(fields_cannot_be_smuggled_in),
        cmocka_unit_test(rotates_by_size_and_age),
        cmocka_unit_test(torn_tails_are_repaired),
        cmocka_unit_test(what_cannot_be_written_is_told),
        cmocka_unit_test(every_packing_reads_alike),
        cmocka_unit_test(damage_costs_no_more_than_itself),
        cmocka_unit_test(any_flipped_byte_costs_one_record),
        cmocka_unit_test(no_warc_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
