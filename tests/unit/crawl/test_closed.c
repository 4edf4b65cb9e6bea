/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds in the encodings of the web are read in a closed process as they are in a thread: what libxml2 and
 * iconv load from files at first use is not missed there. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <iconv.h>

#include "base/buf.h"
#include "crawl/feed.h"
#include "work/pool.h"

static void *start(void *shared) {
    return shared;
}

static void stop(void *state) {
    (void)state;
}

static void work(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply) {
    dh_feed feed;
    dh_buf out = {0};
    (void)state, (void)number;
    dh_status status = dh_feed_read(&feed, job, DH_SLICE("http://example.org/feed"), NULL);
    dh_buf_printf(&out, "%d %d %d", (int)status, (int)feed.form, (int)feed.damaged);
    for (size_t i = 0; i < feed.len; i++) {
        dh_buf_putc(&out, ' ');
        dh_buf_put_slice(&out, feed.items[i].url);
    }
    dh_pool_answer(reply, dh_buf_slice(&out));
    dh_buf_release(&out);
    dh_feed_release(&feed);
}

static const dh_pool_worker worker = {start, work, stop};

static void take(void *data, uint64_t number, dh_slice result) {
    (void)number;
    dh_buf_put_slice(data, result);
    dh_buf_putc(data, '\n');
}

/* A feed whose one address has a letter of the encoding in it. */
static void make_feed(const char *encoding, const char *letter, dh_buf *out) {
    dh_buf text = {0};
    dh_buf_printf(&text,
                  "<?xml version=\"1.0\" encoding=\"%s\"?><rss version=\"2.0\"><channel><item>"
                  "<link>http://example.org/%s/story</link></item></channel></rss>",
                  encoding, letter);
    char bytes[1024], *to = bytes, *from = text.ptr;
    size_t room = sizeof bytes, left = text.len;
    iconv_t by = iconv_open(encoding, "UTF-8");
    assert_true(by != (iconv_t)-1);
    assert_int_equal(iconv(by, &from, &left, &to, &room), 0);
    iconv_close(by);
    dh_buf_reset(out);
    dh_buf_put(out, bytes, sizeof bytes - room);
    dh_buf_release(&text);
}

static void same_in_a_closed_process(void **state) {
    (void)state;
    static const char *const encodings[][2] = {
        {"windows-1256", "س"}, {"windows-1251", "ж"}, {"koi8-r", "ж"},  {"shift_jis", "日"},
        {"gb18030", "报"},     {"euc-kr", "신"},      {"big5", "報"},   {"iso-8859-6", "س"},
        {"windows-1252", "é"}, {"utf-16", "ж"},       {"euc-jp", "日"}, {"iso-8859-15", "é"}};
    dh_buf results[2] = {{0}, {0}}, feed = {0};
    for (int i = 0; i < 2; i++) {
        dh_pool *pool = NULL;
        dh_error error = {0};
        dh_pool_options how = {.threads = 1,
                               .isolation = i == 0 ? DH_ISOLATE_PROCESS : DH_ISOLATE_THREAD};
        int nothing = 0;
        assert_int_equal(dh_pool_open(&worker, &nothing, &how, &pool, &error), DH_OK);
        dh_pool_deliver(pool, take, &results[i]);
        for (size_t k = 0; k < sizeof encodings / sizeof *encodings; k++) {
            make_feed(encodings[k][0], encodings[k][1], &feed);
            assert_int_equal(dh_pool_push(pool, dh_buf_slice(&feed)), DH_OK);
        }
        dh_pool_drain(pool);
        dh_pool_free(pool);
    }
    assert_string_equal(dh_buf_cstr(&results[0]), dh_buf_cstr(&results[1]));
    dh_slice rest = dh_buf_slice(&results[1]);
    for (size_t k = 0; k < sizeof encodings / sizeof *encodings; k++)
        assert_true(dh_slice_has(dh_slice_cut(&rest, '\n'), dh_slice_cstr(encodings[k][1])));
    dh_buf_release(&results[0]);
    dh_buf_release(&results[1]);
    dh_buf_release(&feed);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_in_a_closed_process)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
