/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <zlib.h>

#include "crawl/feed.h"

/* What was read as one line: form, then url|date, news marked by "!". */
static void show(const dh_feed *feed, dh_buf *out) {
    static const char *const forms[] = {"none", "rss", "atom", "json", "sitemap", "index", "list"};
    dh_buf_puts(out, forms[feed->form]);
    if (feed->damaged) dh_buf_puts(out, "(damaged)");
    for (size_t i = 0; i < feed->len; i++) {
        const dh_feed_item *item = &feed->items[i];
        dh_buf_printf(out, " %.*s|%.*s%s", (int)item->url.len, item->url.ptr, (int)item->date.len,
                      item->date.ptr, item->is_news ? "!" : "");
    }
}

static const struct {
    const char *bytes, *url, *want;
} table[] = {
    {"", "", "none"},
    {"   \n", "", "none"},
    {"hello", "", "none"},
    {"<html><body><item><link>http://h/</link></item></body></html>", "", "none"},
    {"<!DOCTYPE html><html><head></head></html>", "", "none"},
    /* RSS 2.0 */
    {"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title><link>http://h/</link>"
     "<item><title>a</title><link>http://h/1</link><pubDate>Mon, 6 May 2024 08:00:00 GMT</pubDate>"
     "</item><item><link>\n http://h/2 \n</link></item></channel></rss>",
     "", "rss http://h/1|Mon, 6 May 2024 08:00:00 GMT! http://h/2|!"},
    {"<rss><channel><item><link><![CDATA[http://h/1?a=1&b=2]]></link></item></channel></rss>", "",
     "rss http://h/1?a=1&b=2|!"},
    {"<rss><channel><item><link>http://h/1?a=1&amp;b=2</link></item></channel></rss>", "",
     "rss http://h/1?a=1&b=2|!"},
    {"<rss><channel><item><guid>http://h/1</guid></item></channel></rss>", "", "rss http://h/1|!"},
    {"<rss><channel><item><guid isPermaLink=\"false\">http://h/1</guid></item></channel></rss>", "",
     "rss"},
    {"<rss><channel><item><guid>tag-1</guid></item></channel></rss>", "", "rss"},
    {"<rss><channel><item><guid>http://h/g</guid><link>http://h/1</link></item></channel></rss>",
     "", "rss http://h/1|!"},
    {"<rss><channel><item><link/><guid>http://h/1</guid></item></channel></rss>", "",
     "rss http://h/1|!"},
    {"<rss xmlns:f=\"http://rssnamespace.org/feedburner/ext/1.0\"><channel><item>"
     "<link>http://feeds.example/x</link><f:origLink>http://h/1</f:origLink></item></channel></"
     "rss>",
     "", "rss http://h/1|!"},
    {"<rss xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>"
     "<atom:link href=\"http://h/feed\" rel=\"self\"/><item>"
     "<atom:link href=\"http://h/self\" "
     "rel=\"self\"/><link>http://h/1</link></item></channel></rss>",
     "", "rss http://h/1|!"},
    {"<rss xmlns:m=\"m\"><channel><image><link>http://h/logo</link></image><item><m:group>"
     "<link>http://h/deep</link></m:group><m:link>http://h/m</m:link><link>http://h/1</link>"
     "</item></channel></rss>",
     "", "rss http://h/1|!"},
    {"<rss xmlns:dc=\"dc\"><channel><item><link>http://h/1</link><dc:date>2024-05-06</dc:date>"
     "</item></channel></rss>",
     "", "rss http://h/1|2024-05-06!"},
    {"<rss><channel><item></item><item><title>x</title></item></channel></rss>", "", "rss"},
    /* 0.91 with its DOCTYPE, 1.0 as RDF */
    {"<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" "
     "\"http://192.0.2.1/rss.dtd\"><rss version=\"0.91\"><channel><item><link>http://h/1</link>"
     "</item></channel></rss>",
     "", "rss http://h/1|!"},
    {"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
     "xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"http://h/\"><link>http://h/</link>"
     "<items><rdf:Seq><rdf:li resource=\"http://h/1\"/></rdf:Seq></items></channel>"
     "<item rdf:about=\"http://h/1\"><link>http://h/1</link></item></rdf:RDF>",
     "", "rss http://h/1|!"},
    /* Atom */
    {"<feed xmlns=\"http://www.w3.org/2005/Atom\"><link href=\"http://h/\"/><entry>"
     "<link rel=\"alternate\" href=\"http://h/1\"/><updated>2024-05-06T08:00:00Z</updated></entry>"
     "<entry><link rel=\"edit\" href=\"http://h/e\"/><link href=\"http://h/2?a&amp;b\"/></entry>"
     "<entry><link rel=\"enclosure\" href=\"http://h/mp3\"/></entry></feed>",
     "", "atom http://h/1|2024-05-06T08:00:00Z! http://h/2?a&b|!"},
    {"<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:link href=\"http://h/1\"/>"
     "<a:source><a:link href=\"http://h/s\"/></a:source></a:entry></a:feed>",
     "", "atom http://h/1|!"},
    /* Sitemaps */
    {"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>http://h/1</loc>"
     "<lastmod>2024-05-06</lastmod></url><url><loc>http://h/2</loc></url></urlset>",
     "", "sitemap http://h/1|2024-05-06 http://h/2|"},
    {"<urlset xmlns:n=\"n\" xmlns:i=\"i\"><url><loc>http://h/1</loc><i:image><i:loc>http://h/i.jpg"
     "</i:loc></i:image><n:news><n:publication_date>2024-05-06</n:publication_date></n:news></url>"
     "</urlset>",
     "", "sitemap http://h/1|2024-05-06!"},
    {"<s:urlset xmlns:s=\"s\"><s:url><s:loc>http://h/1</s:loc></s:url></s:urlset>", "",
     "sitemap http://h/1|"},
    {"<sitemapindex><sitemap><loc>http://h/a.xml</loc><lastmod>2024</lastmod></sitemap><sitemap>"
     "<loc>http://h/b.xml.gz</loc></sitemap></sitemapindex>",
     "", "index http://h/a.xml|2024 http://h/b.xml.gz|"},
    {"http://h/1\nhttp://h/2\r\n\nhttps://h/3", "", "list http://h/1| http://h/2| https://h/3|"},
    {"http://h/1\nnot one\nhttp://h/2\n", "http://h/sitemap.txt", "list http://h/1| http://h/2|"},
    {"http://h/1\nnot one\n", "http://h/x", "none"},
    {"\xEF\xBB\xBFhttp://h/1\n", "", "list http://h/1|"},
    /* JSON Feed */
    {"{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"url\":\"http://"
     "h/1\","
     "\"date_published\":\"2024-05-06\"},{\"external_url\":\"http://h/2\"},{\"id\":\"3\"}, 5]}",
     "", "json http://h/1|2024-05-06! http://h/2|!"},
    {"{\"version\":\"https://jsonfeed.org/version/1\"}", "", "json"},
    {"{\"items\":[{\"url\":\"http://h/1\"}]}", "", "none"},
    {"{", "", "none"},
    /* Mistakes */
    {"\n\n<?xml "
     "version=\"1.0\"?><rss><channel><item><link>http://h/1</link></item></channel></rss>",
     "", "rss http://h/1|!"},
    {"<rss><channel><item><link>http://h/1?a=1&b=2</link></item></channel></rss>", "",
     "rss http://h/1?a=1&b=2|!"},
    {"<rss><channel><item><title>a &nbsp; b "
     "&copy;</title><link>http://h/1</link></item></channel></rss>",
     "", "rss(damaged) http://h/1|!"},
    {"<rss><channel><item><link>http://h/1</link></item><item><link>http://h/2", "",
     "rss(damaged) http://h/1|!"},
    {"<rss><channel><item><title>\xFF\xFE</title><link>http://h/1</link></item></channel></rss>",
     "", "rss(damaged) http://h/1|!"},
    {"<?xml version=\"1.0\" encoding=\"windows-1256\"?><rss><channel><item><title>\xC7\xE1</title>"
     "<link>http://h/1</link></item></channel></rss>",
     "", "rss http://h/1|!"},
    /* Entities of the document's own are not known. */
    {"<!DOCTYPE rss [<!ENTITY x \"http://h/evil\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
     "<rss><channel><item><link>&x;</link></item><item><link>&f;</link></item>"
     "<item><link>http://h/1</link></item></channel></rss>",
     "", "rss(damaged) http://h/1|!"},
};

static void documents(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dh_feed feed;
        dh_buf got = {0};
        assert_int_equal(
            dh_feed_read(&feed, dh_slice_cstr(table[i].bytes), dh_slice_cstr(table[i].url), NULL),
            DH_OK);
        show(&feed, &got);
        if (strcmp(dh_buf_cstr(&got), table[i].want) != 0)
            fail_msg("row %zu:\n%s\ngives %s\nnot   %s", i, table[i].bytes, dh_buf_cstr(&got),
                     table[i].want);
        dh_buf_release(&got);
        dh_feed_release(&feed);
    }
}

static void pack(dh_slice bytes, dh_buf *out) {
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    dh_buf_reserve(out, deflateBound(&z, bytes.len) + 32);
    memcpy(&z.next_in, &bytes.ptr, sizeof bytes.ptr);
    z.avail_in = (uInt)bytes.len;
    z.next_out = (Bytef *)out->ptr;
    z.avail_out = (uInt)out->cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len = out->cap - z.avail_out;
    deflateEnd(&z);
}

static void gzip(void **state) {
    (void)state;
    dh_buf packed = {0}, got = {0};
    dh_feed feed;
    pack(DH_SLICE("<urlset><url><loc>http://h/1</loc></url></urlset>"), &packed);
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&packed), DH_SLICE(""), NULL), DH_OK);
    show(&feed, &got);
    assert_string_equal(dh_buf_cstr(&got), "sitemap http://h/1|");
    dh_feed_release(&feed);
    packed.len -= 10; /* broken off */
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&packed), DH_SLICE(""), NULL), DH_OK);
    assert_true(feed.damaged);
    dh_feed_release(&feed);
    /* A bomb: 200 MB of blanks. */
    dh_buf_reset(&packed);
    dh_buf blanks = {0};
    dh_buf_puts(&blanks, "<urlset><url><loc>http://h/1</loc></url>");
    dh_buf_reserve(&blanks, 200 << 20);
    memset(blanks.ptr + blanks.len, ' ', (200 << 20) - blanks.len);
    blanks.len = 200 << 20;
    pack(dh_buf_slice(&blanks), &packed);
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&packed), DH_SLICE(""), NULL), DH_OK);
    assert_true(feed.cut);
    assert_int_equal(feed.len, 1);
    dh_feed_release(&feed);
    dh_buf_release(&blanks);
    dh_buf_release(&packed);
    dh_buf_release(&got);
}

/* Deep, long and endless ones end. */
static void hostile(void **state) {
    (void)state;
    dh_buf text = {0};
    dh_feed feed;
    dh_buf_puts(&text, "<rss><channel><item><link>http://h/1</link></item>");
    for (int i = 0; i < 100000; i++) dh_buf_puts(&text, "<a>");
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&text), DH_SLICE(""), NULL), DH_OK);
    assert_int_equal(feed.len, 1);
    dh_feed_release(&feed);
    dh_buf_reset(&text);
    dh_buf_puts(&text, "<urlset>");
    for (int i = 0; i < DH_FEED_MAX_ITEMS + 10; i++)
        dh_buf_printf(&text, "<url><loc>http://h/%d</loc></url>", i);
    dh_buf_puts(&text, "</urlset>");
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&text), DH_SLICE(""), NULL), DH_OK);
    assert_int_equal(feed.len, DH_FEED_MAX_ITEMS);
    assert_true(feed.cut && !feed.damaged);
    dh_feed_release(&feed);
    /* One element's text without end. */
    dh_buf_reset(&text);
    dh_buf_puts(&text, "<rss><channel><item><link>http://h/");
    for (int i = 0; i < 5000000; i++) dh_buf_putc(&text, 'a');
    dh_buf_puts(&text, "</link></item></channel></rss>");
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&text), DH_SLICE(""), NULL), DH_OK);
    assert_true(feed.len <= 1);
    if (feed.len == 1) assert_true(feed.items[0].url.len < 2 * DH_FEED_MAX_TEXT + 1000000);
    dh_feed_release(&feed);
    /* Entities that grow: none is known. */
    dh_buf_reset(&text);
    dh_buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a0 \"aaaaaaaaaa\">");
    for (int i = 1; i < 20; i++)
        dh_buf_printf(&text, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;\">", i, i - 1, i - 1, i - 1,
                      i - 1);
    dh_buf_puts(&text, "]><rss><channel><item><link>http://h/1&a19;</link></item></channel></rss>");
    assert_int_equal(dh_feed_read(&feed, dh_buf_slice(&text), DH_SLICE(""), NULL), DH_OK);
    assert_true(feed.len <= 1);
    if (feed.len == 1) assert_true(feed.items[0].url.len < 100);
    dh_feed_release(&feed);
    /* Every beginning of a document is a document. */
    dh_slice whole = dh_slice_cstr(table[5].bytes);
    for (size_t n = 0; n < whole.len; n++) {
        assert_int_equal(dh_feed_read(&feed, dh_slice_sub(whole, 0, n), DH_SLICE(""), NULL), DH_OK);
        assert_true(feed.len <= 2);
        dh_feed_release(&feed);
    }
    dh_buf_release(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(documents), cmocka_unit_test(gzip),
                                       cmocka_unit_test(hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
