/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as what servers hand a crawler: a robots.txt, an address (absolute, or relative to one), a feed or
 * sitemap, the values of headers. The first byte chooses. Checks what must hold whatever comes in. */
#include "crawl/feed.h"
#include "crawl/links.h"
#include "fuzz/must.h"
#include "net/retry_after.h"
#include "net/robots.h"
#include "net/robots_tag.h"
#include "net/url_key.h"

/* The file, and behind its first NUL a path to ask for. */
static void robots(dh_slice text, dh_arena *arena) {
    dh_robots file;
    dh_robots_parse(&file, arena, take_part(&text));
    dh_slice path = text;
    MUST(dh_robots_delay_ms(&file, DH_SLICE("dehusk")) <= 86400000);
    bool may = dh_robots_allows(&file, DH_SLICE("dehusk"), path, arena);
    if (!dh_robots_names(&file, DH_SLICE("dehusk")))
        MUST(may == dh_robots_allows(&file, DH_SLICE("*"), path, arena));
    MUST(dh_robots_allows(&file, DH_SLICE("dehusk"), DH_SLICE("/robots.txt"), arena));
    (void)dh_robots_ai_refused(&file, path, arena);
}

/* A canonical address is its own canonical form, and so is a key its own key. */
static void address(dh_slice text, dh_arena *arena) {
    dh_canon base, url, again;
    MUST(dh_canon_parse(&base, NULL, DH_SLICE("https://h.example/a/b?c"), arena));
    if (!dh_canon_parse(&url, &base, text, arena)) return;
    MUST(url.path.len > 0 && url.path.ptr[0] == '/' && url.host.len > 0);
    MUST(dh_canon_parse(&again, NULL, url.href, arena));
    MUST(dh_slice_eq(again.href, url.href) && dh_slice_eq(again.host, url.host));
    dh_slice key = dh_url_key(&url, arena);
    MUST(dh_canon_parse(&again, NULL, key, arena));
    MUST(dh_slice_eq(dh_url_key(&again, arena), key));
    MUST(dh_url_trap_of(&url, 2026) < DH_TRAP_COUNT);
    MUST(dh_url_domain(url.host, arena).len > 0);
    (void)dh_link_kind_of(&url, arena);
}

static void feed(dh_slice text) {
    dh_feed read;
    MUST(dh_feed_read(&read, text, DH_SLICE("http://h.example/sitemap.txt"), NULL) == DH_OK);
    MUST(read.len <= DH_FEED_MAX_ITEMS);
    for (size_t i = 0; i < read.len; i++) MUST(read.items[i].url.len > 0);
    dh_feed_release(&read);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const unsigned choice = size > 0 ? bytes[0] : 0;
    dh_slice text = {size > 0 ? (const char *)bytes + 1 : "", size > 0 ? size - 1 : 0};
    dh_arena arena;
    dh_arena_init(&arena, 0);
    switch (choice % 4) {
    case 0:
        robots(text, &arena);
        break;
    case 1:
        address(text, &arena);
        break;
    case 2:
        feed(text);
        break;
    default:
        (void)dh_robots_tags(text, DH_SLICE("dehusk"));
        MUST(dh_retry_after_ms(text, 1700000000000) >= -1);
        break;
    }
    dh_arena_release(&arena);
    return 0;
}
