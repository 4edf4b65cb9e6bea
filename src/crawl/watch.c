/* SPDX-License-Identifier: Apache-2.0 */
/* Drift of a host, page by page; see drift.h. */
#include "crawl/crawl_private.h"

typedef struct watch {
    dh_crawl *crawl;
    DH_VEC(dh_drift_row) rows; /* in scratch */
} watch;

static void keep(void *data, const dh_drift_row *row) {
    watch *w = data;
    dh_drift_row *mine = DH_PUSH(&w->crawl->scratch, w->rows);
    *mine = *row;
    mine->line = dh_arena_dup(&w->crawl->scratch, row->line);
}

static void alert(dh_crawl *crawl, uint32_t host, const dh_drift_row *row) {
    dh_host *h = &crawl->hosts.ptr[host];
    dh_error error = {0};
    crawl->counts.alerts++;
    if (row->line.len > 0)
        dh_crawl_say(
            crawl, DH_SAY_ERROR, h->name,
            "drift: the rule %.*s acted on %u of %u pages, and on none of the last %u: has "
            "the site changed? Its articles are marked as suspect",
            (int)row->line.len, row->line.ptr, (unsigned)row->acted.hits,
            (unsigned)(row->acted.pages - row->acted.misses), (unsigned)row->acted.misses);
    else
        dh_crawl_say(
            crawl, DH_SAY_ERROR, h->name,
            "drift: its articles are less than half as long as before: has the site changed? "
            "They are marked as suspect");
    h->suspect = true;
    dh_status status = dh_state_suspect(crawl->state, h->id, true, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
}

static void save(dh_crawl *crawl, uint32_t host, const dh_drift_row *row) {
    dh_error error = {0};
    dh_status status = dh_state_save_drift(crawl->state, crawl->hosts.ptr[host].id, row, &error);
    if (status != DH_OK) dh_crawl_fail(crawl, status, &error);
}

static bool is_among(dh_slice line, const dh_slice *lines, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (dh_slice_eq(line, lines[i])) return true;
    return false;
}

static void watch_lines(watch *w, uint32_t host, const dh_slice *lines, uint32_t count) {
    for (uint32_t i = 0; i < w->rows.len; i++) {
        dh_drift_row *row = &w->rows.ptr[i];
        if (row->line.len == 0) continue;
        bool fell = dh_drift_line_page(&row->acted, is_among(row->line, lines, count));
        save(w->crawl, host, row);
        if (fell) alert(w->crawl, host, row);
    }
    for (uint32_t i = 0; i < count; i++) {
        bool known = false;
        for (uint32_t k = 0; k < w->rows.len && !known; k++)
            known = dh_slice_eq(w->rows.ptr[k].line, lines[i]);
        dh_drift_row row = {.line = lines[i], .acted = {.pages = 1, .hits = 1}};
        if (!known) save(w->crawl, host, &row);
    }
}

void dh_watch_page(dh_crawl *crawl, uint32_t host, const dh_slice *lines, uint32_t count,
                   uint64_t chars) {
    watch w = {.crawl = crawl};
    dh_error error = {0};
    dh_status status = dh_state_drift(crawl->state, crawl->hosts.ptr[host].id, keep, &w, &error);
    if (status != DH_OK) {
        dh_crawl_fail(crawl, status, &error);
        return;
    }
    watch_lines(&w, host, lines, count);
    dh_drift_row lengths = {.line = DH_SLICE("")};
    for (uint32_t i = 0; i < w.rows.len; i++)
        if (w.rows.ptr[i].line.len == 0) lengths = w.rows.ptr[i];
    bool shorter = dh_drift_lengths_page(&lengths.lengths, chars);
    save(crawl, host, &lengths);
    if (shorter && !crawl->hosts.ptr[host].suspect) alert(crawl, host, &lengths);
}
