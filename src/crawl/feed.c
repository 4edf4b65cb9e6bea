/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes are, gzip, JSON Feed and plain lists; feed_xml.c has the rest. */
#include "crawl/feed.h"

#include "archive/content.h"
#include "base/json.h"
#include "crawl/feed_private.h"

bool dh_feed_add(dh_feed *feed, dh_slice url, dh_slice date, bool is_news) {
    url = dh_slice_trim(url);
    if (url.len == 0) return true;
    if (feed->len == DH_FEED_MAX_ITEMS) {
        feed->cut = true;
        return true;
    }
    if (feed->len == feed->cap) {
        size_t cap = feed->cap > 0 ? feed->cap * 2 : 64, size = sizeof *feed->items;
        void *more = dh_arena_grow(&feed->arena, feed->items, feed->cap * size, cap * size);
        if (more == NULL) return false;
        feed->items = more;
        feed->cap = cap;
    }
    dh_feed_item item = {.url = dh_arena_dup(&feed->arena, url),
                         .date = dh_arena_dup(&feed->arena, dh_slice_trim(date)),
                         .is_news = is_news};
    if (item.url.ptr == NULL || item.date.ptr == NULL) return false;
    feed->items[feed->len++] = item;
    return true;
}

/* ---- JSON Feed ---- */

static bool read_json(dh_feed *feed, dh_slice text) {
    jmp_buf guard;
    dh_json json;
    if (dh_arena_guard(&feed->arena, &guard)) {
        feed->arena.guard = NULL;
        return false;
    }
    dh_error error;
    dh_status status = dh_json_parse(&json, &feed->arena, text, false, &error);
    feed->arena.guard = NULL;
    if (status != DH_OK) return true;
    dh_slice version = dh_json_string(&json, dh_json_get(&json, 0, DH_SLICE("version")));
    if (!dh_slice_has(version, DH_SLICE("jsonfeed.org"))) return true;
    feed->form = DH_FORM_JSON;
    uint32_t items = dh_json_get(&json, 0, DH_SLICE("items"));
    if (items == UINT32_MAX) return true;
    for (uint32_t i = dh_json_first(&json, items); i != UINT32_MAX;
         i = dh_json_next(&json, items, i)) {
        dh_slice url = dh_json_string(&json, dh_json_get(&json, i, DH_SLICE("url")));
        if (url.len == 0)
            url = dh_json_string(&json, dh_json_get(&json, i, DH_SLICE("external_url")));
        dh_slice date = dh_json_string(&json, dh_json_get(&json, i, DH_SLICE("date_modified")));
        if (date.len == 0)
            date = dh_json_string(&json, dh_json_get(&json, i, DH_SLICE("date_published")));
        if (!dh_feed_add(feed, url, date, true)) return false;
    }
    return true;
}

/* ---- lists ---- */

static bool is_address(dh_slice line) {
    return dh_slice_starts_nocase(line, DH_SLICE("http://")) ||
           dh_slice_starts_nocase(line, DH_SLICE("https://"));
}

static bool read_list(dh_feed *feed, dh_slice text) {
    feed->form = DH_FORM_LIST;
    for (dh_slice rest = text; rest.ptr != NULL;) {
        dh_slice line = dh_slice_trim(dh_slice_cut(&rest, '\n'));
        if (is_address(line) && !dh_feed_add(feed, line, DH_SLICE(""), false)) return false;
    }
    return true;
}

/* Whether every line that is not empty is an address; looks at the first few. */
static bool looks_like_list(dh_slice text) {
    size_t seen = 0;
    for (dh_slice rest = text; rest.ptr != NULL && seen < 5;) {
        dh_slice line = dh_slice_trim(dh_slice_cut(&rest, '\n'));
        if (line.len == 0) continue;
        if (!is_address(line) || line.len > 2048 || dh_slice_has(line, DH_SLICE("<"))) return false;
        seen++;
    }
    return seen > 0;
}

/* ---- */

static bool is_gzip(dh_slice bytes) {
    return bytes.len > 2 && bytes.ptr[0] == '\x1F' && bytes.ptr[1] == '\x8B';
}

/* False: no memory. */
static bool unpack(dh_feed *feed, dh_slice bytes, dh_buf *out) {
    dh_content_decoder decoder;
    dh_content_init(&decoder, out, DH_FEED_MAX_BYTES, 1000);
    dh_status status = dh_content_begin(&decoder, DH_SLICE("gzip"), NULL);
    if (status == DH_OK) status = dh_content_put(&decoder, bytes, NULL);
    if (status == DH_ERR_LIMIT)
        feed->cut = true;
    else if (status != DH_OK || !dh_content_is_whole(&decoder))
        feed->damaged = true;
    dh_content_release(&decoder);
    return status != DH_ERR_MEMORY;
}

static bool read_text(dh_feed *feed, dh_slice text, dh_slice url) {
    if (dh_slice_starts(text, DH_SLICE("\xEF\xBB\xBF"))) text = dh_slice_sub(text, 3, text.len);
    text = dh_slice_trim(text);
    if (text.len > DH_FEED_MAX_BYTES) {
        feed->cut = true;
        text.len = DH_FEED_MAX_BYTES;
    }
    if (text.len == 0) return true;
    if (text.ptr[0] == '{') return read_json(feed, text);
    bool utf16 = text.len > 2 && ((text.ptr[0] == '\xFE' && text.ptr[1] == '\xFF') ||
                                  (text.ptr[0] == '\xFF' && text.ptr[1] == '\xFE'));
    if (text.ptr[0] == '<' || utf16) return dh_feed_read_xml(feed, text);
    if (dh_slice_ends_nocase(url, DH_SLICE(".txt")) ||
        dh_slice_ends_nocase(url, DH_SLICE(".txt.gz")) || looks_like_list(text))
        return read_list(feed, text);
    return true;
}

dh_status dh_feed_read(dh_feed *feed, dh_slice bytes, dh_slice url, dh_error *error) {
    *feed = (dh_feed){.form = DH_FORM_NONE};
    dh_arena_init(&feed->arena, 0);
    dh_buf unpacked = {0};
    bool good = true;
    if (is_gzip(bytes)) {
        good = unpack(feed, bytes, &unpacked);
        bytes = dh_buf_slice(&unpacked);
    }
    good = good && read_text(feed, bytes, url);
    dh_buf_release(&unpacked);
    return good ? DH_OK : dh_error_set(error, DH_ERR_MEMORY, "feed", 0, "out of memory");
}

void dh_feed_release(dh_feed *feed) {
    dh_arena_release(&feed->arena);
}
