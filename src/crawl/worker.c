/* SPDX-License-Identifier: Apache-2.0 */
/* The workers' side: an article to its line of JSON, a section's page to its links, a feed or sitemap to
 * its addresses. Nothing here knows the state. */
#include <stdio.h>
#include <stdlib.h>

#include "crawl/crawl_private.h"
#include "crawl/feed.h"
#include "crawl/links.h"
#include "crawl/work_record.h"
#include "dehusk/page.h"
#include "net/robots_tag.h"

enum { MAX_SECTIONS = 40, MAX_LINES = 1000 };

typedef struct worker {
    const dh_workroom *room;
    dehusk_page *page;
    dh_arena arena;
    dh_buf out, found, lines;
    uint64_t found_count, line_count;
} worker;

static dehusk_page *page_for(const dh_workroom *room) {
    dehusk_page *page = dehusk_page_new(room->engine);
    const char *const *limits = room->options->limits;
    for (size_t i = 0; page != NULL && limits != NULL && limits[i] != NULL; i += 2)
        dehusk_page_set_limit(page, limits[i], strtoull(limits[i + 1], NULL, 10));
    return page;
}

static void *worker_new(void *shared) {
    worker *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->room = shared;
    dh_arena_init(&w->arena, 0);
    w->page = page_for(w->room);
    if (w->page != NULL) return w;
    free(w);
    return NULL;
}

static void stop(void *state) {
    worker *w = state;
    dehusk_page_free(w->page);
    dh_arena_release(&w->arena);
    dh_buf_release(&w->out);
    dh_buf_release(&w->found);
    dh_buf_release(&w->lines);
    free(w);
}

static void put_found(worker *w, dh_crawl_kind kind, int prio, dh_slice url) {
    dh_record_put_u64(&w->found, (uint64_t)kind);
    dh_record_put_u64(&w->found, (uint64_t)prio);
    dh_record_put_bytes(&w->found, url);
    w->found_count++;
}

/* ---- feeds and sitemaps ---- */

static int prio_of(const dh_feed *feed, const dh_feed_item *item, const dh_work *work) {
    bool dated = item->date.len >= 10 && item->date.ptr[4] == '-';
    if (item->is_news && feed->form != DH_FORM_SITEMAP) return DH_PRIO_NEWS;
    if (item->is_news && !dated) return DH_PRIO_NEWS;
    if (!dated) return DH_PRIO_BACKLOG;
    dh_slice day = dh_slice_sub(item->date, 0, 10);
    return dh_slice_compare(day, dh_slice_cstr(work->recent)) >= 0 ? DH_PRIO_NEWS : DH_PRIO_BACKLOG;
}

/* False when the bytes are neither. */
static bool read_feed(worker *w, const dh_work *work, dh_worked *worked) {
    dh_feed feed;
    dh_canon base;
    dh_status status = dh_feed_read(&feed, work->bytes, dh_slice_cstr(work->url), NULL);
    bool is_feed = status == DH_OK && feed.form != DH_FORM_NONE;
    if (is_feed && dh_canon_parse(&base, NULL, dh_slice_cstr(work->url), &w->arena)) {
        bool index = feed.form == DH_FORM_INDEX;
        bool sitemap = index || feed.form == DH_FORM_SITEMAP || feed.form == DH_FORM_LIST;
        worked->kind = sitemap ? DH_IS_SITEMAP : DH_IS_FEED;
        worked->is_source = true;
        worked->damaged = feed.damaged;
        for (size_t i = 0; i < feed.len; i++) {
            dh_canon url;
            if (!dh_canon_parse(&url, &base, feed.items[i].url, &feed.arena)) continue;
            put_found(w, index ? DH_IS_SITEMAP : DH_IS_PAGE,
                      index ? DH_PRIO_SOURCE : prio_of(&feed, &feed.items[i], work), url.href);
        }
    }
    bool short_of_memory = status == DH_ERR_MEMORY || feed.arena.failure == DH_ERR_MEMORY;
    if (short_of_memory) worked->status = DEHUSK_ERR_MEMORY;
    dh_feed_release(&feed);
    return is_feed || short_of_memory;
}

/* ---- pages ---- */

static void take_links(worker *w, const dh_work *work, const dh_links *links) {
    for (uint32_t i = 0; i < links->feeds.len; i++)
        put_found(w, DH_IS_FEED, DH_PRIO_SOURCE, links->feeds.ptr[i].href);
    for (uint32_t i = 0; i < links->articles.len; i++)
        put_found(w, DH_IS_PAGE, DH_PRIO_NEWS, links->articles.ptr[i].href);
    for (uint32_t i = 0; work->is_seed && i < links->sections.len && i < MAX_SECTIONS; i++)
        put_found(w, DH_IS_SECTION, DH_PRIO_SOURCE, links->sections.ptr[i].href);
}

/* Rule lines that left a mark on the page, each once. */
static void take_lines(worker *w, dehusk_page *page) {
    dh_map seen;
    dh_map_init(&seen, &page->arena, 0);
    for (uint32_t i = 0; i < page->marks.len && w->line_count < MAX_LINES; i++) {
        const dh_mark *mark = &page->marks.ptr[i];
        bool added = false;
        if (mark->line == 0) continue;
        dh_buf name;
        dh_buf_init(&name, &page->arena, 0);
        dh_buf_put_slice(&name, mark->source);
        dh_buf_printf(&name, ":%u", (unsigned)mark->line);
        dh_map_put(&seen, dh_buf_slice(&name), &added);
        if (!added) continue;
        dh_record_put_bytes(&w->lines, dh_buf_slice(&name));
        w->line_count++;
    }
}

/* What the tree of a cleaned page says; an own frame for the guard of the page's arena. */
static void look_at_tree(worker *w, const dh_work *work, dh_worked *worked) {
    dehusk_page *page = w->page;
    jmp_buf guard;
    dh_canon base;
    dh_links links;
    if (dh_arena_guard(&page->arena, &guard)) {
        page->arena.guard = NULL;
        if (page->arena.failure == DH_ERR_MEMORY) worked->status = DEHUSK_ERR_MEMORY;
        return;
    }
    take_lines(w, page);
    if (page->dom != NULL && dh_canon_parse(&base, NULL, dh_slice_cstr(work->url), &page->arena)) {
        dh_links_read(&links, page->dom, &base, dh_slice_cstr(w->room->options->agent),
                      &page->arena);
        worked->tags |= links.tags;
        if (links.canonical.href.len > 0)
            worked->canonical = dh_arena_dup(&w->arena, links.canonical.href).ptr;
        if (work->kind == DH_IS_SECTION && (links.tags & DH_RTAG_NOFOLLOW) == 0)
            take_links(w, work, &links);
        if (work->kind == DH_IS_SECTION) worked->is_source = true;
    }
    page->arena.guard = NULL;
}

static void clean(worker *w, const dh_work *work, dh_worked *worked, dehusk_bytes *line,
                  dehusk_error *error) {
    dehusk_input input = {.bytes = {work->bytes.ptr, work->bytes.len},
                          .name = work->url,
                          .url = work->url,
                          .content_type = work->content_type[0] != '\0' ? work->content_type : NULL,
                          .date = work->day};
    worked->status = dehusk_page_clean(w->page, &input, &w->room->options->clean, error);
    if (worked->status != DEHUSK_OK && worked->status != DEHUSK_ERR_EMPTY) {
        worked->message = error->message;
        return;
    }
    look_at_tree(w, work, worked);
    dehusk_stats stats = dehusk_page_stats(w->page);
    worked->text_chars = stats.text_chars;
    worked->kept_chars = stats.kept_chars;
    const char *title = dehusk_page_field(w->page, "title");
    if (title != NULL) worked->title = title;
    if (work->kind == DH_IS_PAGE && worked->status == DEHUSK_OK)
        worked->status = dehusk_page_write(w->page, "jsonl", line, error);
    if (worked->status != DEHUSK_OK) worked->message = error->message;
}

static void work(void *state, uint64_t number, dh_slice record, dh_pool_reply *reply) {
    worker *w = state;
    dh_work job;
    dehusk_error error = {0};
    dehusk_bytes line = {0};
    (void)number;
    dh_arena_reset(&w->arena);
    dh_buf_reset(&w->out);
    dh_buf_reset(&w->found);
    dh_buf_reset(&w->lines);
    w->found_count = w->line_count = 0;
    dh_work_read(record, &job);
    dh_worked worked = {.kind = job.kind, .message = "", .title = "", .canonical = ""};
    if (job.kind == DH_IS_PAGE || !read_feed(w, &job, &worked))
        if (job.kind == DH_IS_PAGE || job.kind == DH_IS_SECTION)
            clean(w, &job, &worked, &line, &error);
    worked.lines = w->line_count;
    worked.found = w->found_count;
    dh_worked_put(&w->out, &worked);
    dh_buf_put_slice(&w->out, dh_buf_slice(&w->lines));
    dh_buf_put_slice(&w->out, dh_buf_slice(&w->found));
    if (worked.status == DEHUSK_OK) dh_buf_put(&w->out, line.data, line.len);
    /* An empty answer is one for which there was no memory. */
    if (w->found.failed || w->lines.failed || w->out.failed || w->arena.failure != DH_OK)
        dh_buf_reset(&w->out);
    dh_pool_answer(reply, dh_buf_slice(&w->out));
}

const dh_pool_worker dh_crawl_worker = {.start = worker_new, .work = work, .stop = stop};
