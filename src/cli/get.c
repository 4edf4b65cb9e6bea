/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/get.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/url.h"
#include "cli/interrupt.h"
#include "cli/job.h"
#include "dehusk/page.h"
#include "rules/fetch.h"

enum { NAP_MS = 50 };

typedef struct get {
    dh_cli *cli;
    dh_getter *getter;
    const dehusk_engine *engine;
    dehusk_page *page;
    dh_arena arena; /* of the rules */
    dh_fetch_rules rules;
    dh_buf whole;    /* heap: the parts so far */
    dh_buf visited;  /* heap: addresses, each with a line end */
    unsigned parts;
} get;

void dh_getter_release(dh_getter *getter) {
    dh_fetcher_free(getter->fetcher);
    dh_buf_release(&getter->host);
}

/* Waits until the site's pause since the last request to its host is over. */
static dh_status keep_pause(get *g, dh_slice url, dh_error *error) {
    dh_getter *last = g->getter;
    dh_url parts;
    dh_slice host = dh_url_split(url, &parts) ? parts.host : url;
    bool again = dh_slice_eq_nocase(host, dh_buf_slice(&last->host));
    int64_t until = again ? last->last_ms + g->rules.delay_ms : 0;
    while (dh_clock_ticks(&dh_clock_system) < until && !dh_interrupted()) {
        struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
        nanosleep(&nap, NULL);
    }
    if (dh_interrupted()) return dh_error_set(error, DH_ERR_INTERRUPTED, "fetch", 0, "interrupted");
    dh_buf_reset(&last->host);
    dh_buf_put_slice(&last->host, host);
    return DH_OK;
}

static dh_status fetch(get *g, dh_slice url, dh_fetched *out, dh_error *error) {
    *out = (dh_fetched){0};
    dh_buf text;
    dh_buf_init(&text, NULL, 0);
    dh_buf_put_slice(&text, url);
    dh_status status = keep_pause(g, url, error);
    if (status == DH_OK)
        status = dh_fetch_for(g->cli, &g->getter->fetcher, dh_buf_cstr(&text), g->rules.headers.ptr,
                              g->rules.headers.len, out, error);
    g->getter->last_ms = dh_clock_ticks(&dh_clock_system);
    dh_buf_release(&text);
    return status;
}

static bool was_visited(get *g, dh_slice url) {
    dh_slice left = dh_buf_slice(&g->visited);
    while (left.len > 0)
        if (dh_slice_eq(dh_slice_cut(&left, '\n'), url)) return true;
    return false;
}

/* Reads a page that came, and what it says of others. */
static bool read_links(get *g, const dh_fetched *fetched, dh_fetch_links *links) {
    const dh_cli_options *o = g->cli->options;
    dehusk_input input = {.bytes = {fetched->body.ptr, fetched->body.len},
                          .url = fetched->url,
                          .site = o->site,
                          .charset = o->encoding,
                          .content_type = fetched->content_type,
                          .date = o->date};
    dehusk_status status = dehusk_page_clean(g->page, &input, &o->clean, NULL);
    if (status != DEHUSK_OK && status != DEHUSK_ERR_EMPTY) return false;
    dh_rule_page page = dh_page_for_rules(g->page, g->arena.guard);
    page.url = dh_arena_dup(&g->arena, dh_slice_cstr(fetched->url));
    page.site = dh_slice_cstr(o->site);
    page.date = dh_slice_cstr(o->date);
    dh_rules_links(g->engine->rules, &page, links);
    links->next = dh_arena_dup(&g->arena, links->next);
    links->single = dh_arena_dup(&g->arena, links->single);
    dh_buf_put_slice(&g->visited, dh_slice_cstr(fetched->url));
    dh_buf_putc(&g->visited, '\n');
    return true;
}

/* A page sends us on to its own server only, and nowhere twice. */
static bool may_follow(get *g, dh_slice from, dh_slice to) {
    return to.len > 0 && dh_url_same_server(from, to) && !was_visited(g, to);
}

/* The whole on one page takes the place of what was fetched. */
static void take_single(get *g, dh_fetched *fetched, dh_fetch_links *links) {
    if (!may_follow(g, dh_slice_cstr(fetched->url), links->single)) return;
    dh_error error = {0};
    dh_fetched whole;
    dh_fetch_links more = {.at_most = 0};
    if (fetch(g, links->single, &whole, &error) == DH_OK && read_links(g, &whole, &more)) {
        dh_fetched_release(fetched);
        *fetched = whole;
        *links = more;
        return;
    }
    if (!dh_interrupted())
        dh_talk_about(&g->cli->talk, dh_arena_dup(&g->arena, links->single).ptr,
                      "the whole on one page: %s", error.message);
    dh_fetched_release(&whole);
}

static void add_part(get *g) {
    dh_buf_put_slice(&g->whole, g->page->decoded.text);
    dh_buf_putc(&g->whole, '\n');
    g->parts++;
}

static void take_parts(get *g, const dh_fetched *first, dh_fetch_links links) {
    uint32_t most = links.at_most;
    add_part(g);
    while (g->parts <= most && may_follow(g, dh_slice_cstr(first->url), links.next)) {
        dh_error error = {0};
        dh_fetched part;
        dh_slice url = links.next;
        bool good = fetch(g, url, &part, &error) == DH_OK && read_links(g, &part, &links);
        if (good) add_part(g);
        else if (!dh_interrupted())
            dh_talk_about(&g->cli->talk, url.ptr, "page %u is missing: %s", g->parts + 1,
                          error.message);
        dh_fetched_release(&part);
        if (!good) return;
    }
}

/* The parts take the place of the first. */
static bool join(get *g, dh_fetched *fetched) {
    static const char type[] = "text/html; charset=utf-8";
    char *copy = g->parts > 1 && !g->whole.failed ? malloc(sizeof type) : NULL;
    if (copy == NULL) return false;
    memcpy(copy, type, sizeof type);
    free(fetched->content_type);
    fetched->content_type = copy;
    dh_buf_release(&fetched->body);
    fetched->body = g->whole;
    g->whole = (dh_buf){0};
    return true;
}

static dh_status get_guarded(get *g, const char *url, dh_fetched *fetched, bool *joined,
                             dh_error *error) {
    dh_rule_page page = dh_page_for_rules(g->page, g->arena.guard);
    page.url = dh_slice_cstr(url);
    page.site = dh_slice_cstr(g->cli->options->site);
    page.date = dh_slice_cstr(g->cli->options->date);
    page.arena = &g->arena;
    dh_rules_fetch(g->engine->rules, &page, &g->rules);
    if (g->rules.user_agent != NULL && g->cli->options->user_agent == NULL) {
        dh_buf line;
        dh_buf_init(&line, &g->arena, 0);
        dh_buf_printf(&line, "User-Agent: %s", g->rules.user_agent);
        *DH_PUSH(&g->arena, g->rules.headers) = dh_buf_cstr(&line);
    }
    dh_status status = fetch(g, g->rules.url, fetched, error);
    dh_fetch_links links;
    if (status != DH_OK || !g->rules.links || !read_links(g, fetched, &links)) return status;
    take_single(g, fetched, &links);
    take_parts(g, fetched, links);
    *joined = join(g, fetched);
    return status;
}

dh_status dh_get(dh_cli *cli, const dehusk_engine *engine, dh_getter *getter, const char *url,
                 dh_fetched *fetched, bool *joined, dh_error *error) {
    get g = {.cli = cli, .getter = getter, .engine = engine};
    *joined = false;
    *fetched = (dh_fetched){0};
    if (engine == NULL || engine->rules == NULL || cli->options->no_rules)
        return dh_fetch_for(cli, &getter->fetcher, url, NULL, 0, fetched, error);
    g.page = dh_page_for(engine, cli->options);
    dh_arena_init(&g.arena, 0);
    dh_buf_init(&g.whole, NULL, 0);
    dh_buf_init(&g.visited, NULL, 0);
    jmp_buf guard;
    dh_status status = DH_ERR_MEMORY;
    if (g.page != NULL && !dh_arena_guard(&g.arena, &guard))
        status = get_guarded(&g, url, fetched, joined, error);
    else
        dh_error_set(error, status, "fetch", 0, "out of memory");
    dehusk_page_free(g.page);
    dh_buf_release(&g.whole);
    dh_buf_release(&g.visited);
    dh_arena_release(&g.arena);
    return status;
}
