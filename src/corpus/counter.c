/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/counter.h"

#include <stdlib.h>

#include "corpus/sort.h"

/* Records, by their places:
 *   seen   (32) 0 host, 8 key, 16 page's number, 24 place of the line in it; key 0: the page itself
 *   shared (16) 0 page's number, 8 twice the place of the line, and 1 when a quarter of the host's pages have it
 *   hearts (32) 0 address, 8 heart, 16 page's number
 *   names  (16) 0 page's number, 8 its article
 *   rows   (32) 0 host, 8 key, 16 article, 24 day, 28 bits, 29 weight / 4 */
enum { HOST = 0, KEY = 8, NUMBER = 16, PLACE = 24, DAY = 24, BITS = 28, WEIGHT = 29 };
enum { KIND = 3, KEPT = 4, HAS_DIGITS = 8, WEIGHT_STEP = 4, COMMON_PART = 4 };

struct dh_counter {
    int pass;
    uint64_t number; /* of the page */
    dh_arena names;  /* of hosts */
    dh_map hosts;    /* bytes of the hash to a place in host_names */
    DH_VEC(dh_slice) host_names;
    dh_sorter *seen, *shared, *hearts, *articles, *rows;
    dh_buf waiting;   /* heap: of a line, its pages and places */
    uint64_t next[2]; /* of shared: page, place */
    bool has_next;
    uint64_t article;                  /* of the page at hand */
    unsigned char row[DH_SORT_MIDDLE]; /* the next of rows */
    bool has_row;
    uint64_t of; /* articles of the host at hand */
};

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

dh_status dh_counter_new(const char *folder, size_t memory, dh_counter **out, dh_error *error) {
    dh_counter *c = calloc(1, sizeof *c);
    *out = NULL;
    if (c == NULL) return no_memory(error);
    dh_arena_init(&c->names, 0);
    struct {
        dh_sorter **sorter;
        size_t size;
    } all[] = {{&c->seen, DH_SORT_MIDDLE},
               {&c->shared, DH_SORT_SMALL},
               {&c->hearts, DH_SORT_MIDDLE},
               {&c->articles, DH_SORT_SMALL},
               {&c->rows, DH_SORT_MIDDLE}};
    dh_status status = DH_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && status == DH_OK; i++)
        status = dh_sorter_new(all[i].size, memory, folder, all[i].sorter, error);
    if (status == DH_OK) *out = c;
    else dh_counter_free(c);
    return status;
}

void dh_counter_free(dh_counter *c) {
    if (c == NULL) return;
    dh_sorter_free(c->seen);
    dh_sorter_free(c->shared);
    dh_sorter_free(c->hearts);
    dh_sorter_free(c->articles);
    dh_sorter_free(c->rows);
    dh_buf_release(&c->waiting);
    dh_arena_release(&c->names);
    free(c);
}

/* ---- the first pass: which lines are on several pages ---- */

static void remember_host(dh_counter *c, uint64_t hash, dh_slice host) {
    bool added;
    dh_slice key = dh_slice_make((const char *)&hash, sizeof hash);
    if (c->hosts.arena == NULL) dh_map_init(&c->hosts, &c->names, 0);
    if (dh_map_get(&c->hosts, key) != NULL) return;
    uint32_t *at = dh_map_put(&c->hosts, dh_arena_dup(&c->names, key), &added);
    *at = c->host_names.len;
    *DH_PUSH(&c->names, c->host_names) = dh_arena_dup(&c->names, host);
}

static bool name_host(dh_counter *c, uint64_t hash, dh_slice host) {
    jmp_buf guard;
    bool good = !dh_arena_guard(&c->names, &guard);
    if (good) remember_host(c, hash, host);
    c->names.guard = NULL;
    return good;
}

static dh_slice host_of(const dh_counter *c, uint64_t hash) {
    const uint32_t *at = dh_map_get(&c->hosts, dh_slice_make((const char *)&hash, sizeof hash));
    return at != NULL ? c->host_names.ptr[*at] : DH_SLICE("");
}

static dh_status see(dh_counter *c, uint64_t host, uint64_t key, uint64_t place, dh_error *error) {
    unsigned char r[DH_SORT_MIDDLE];
    dh_sort_put_u64(r + HOST, host);
    dh_sort_put_u64(r + KEY, key);
    dh_sort_put_u64(r + NUMBER, c->number);
    dh_sort_put_u64(r + PLACE, place);
    return dh_sorter_put(c->seen, r, error);
}

/* 0 is the page itself; a hash that is 0 can be any other. */
static uint64_t key_of(const dh_page_line *line) {
    return line->key != 0 ? line->key : 1;
}

static dh_status add_seen(dh_counter *c, uint64_t host, const dh_page_lines *page,
                          dh_error *error) {
    if (!name_host(c, host, page->host)) return no_memory(error);
    dh_status status = see(c, host, 0, 0, error);
    for (uint32_t i = 0; i < page->lines.len && status == DH_OK; i++)
        status = see(c, host, key_of(&page->lines.ptr[i]), i, error);
    return status;
}

/* The pages and places of a line, when they are enough. */
static dh_status share(dh_counter *c, uint64_t of, dh_error *error) {
    uint64_t pages = c->waiting.len / DH_SORT_SMALL;
    bool common = pages * COMMON_PART > of;
    dh_status status = c->waiting.failed ? no_memory(error) : DH_OK;
    for (uint64_t i = 0; i < pages && pages >= DH_COUNTER_LEAST && status == DH_OK; i++) {
        unsigned char r[DH_SORT_SMALL];
        memcpy(r, c->waiting.ptr + i * DH_SORT_SMALL, sizeof r);
        dh_sort_put_u64(r + 8, dh_sort_u64(r + 8) * 2 + common);
        status = dh_sorter_put(c->shared, r, error);
    }
    dh_buf_reset(&c->waiting);
    return status;
}

static dh_status find_shared(dh_counter *c, dh_error *error) {
    unsigned char group[16] = {0}; /* host and key */
    uint64_t of = 0;
    const void *next;
    bool any = false;
    dh_status status = dh_sorter_rewind(c->seen, error);
    while (status == DH_OK && (status = dh_sorter_next(c->seen, &next, error)) == DH_OK) {
        const unsigned char *r = next;
        if (any && memcmp(group, r, sizeof group) != 0) status = share(c, of, error);
        if (!any || memcmp(group, r, KEY) != 0) of = 0;
        memcpy(group, r, sizeof group);
        any = true;
        if (dh_sort_u64(r + KEY) == 0) of++;
        else dh_buf_put(&c->waiting, r + NUMBER, DH_SORT_SMALL);
    }
    if (status == DH_ERR_EMPTY) status = share(c, of, error);
    if (status == DH_OK) dh_sorter_free(c->seen);
    if (status == DH_OK) c->seen = NULL;
    return status == DH_OK ? dh_sorter_rewind(c->shared, error) : status;
}

/* Whether the line at this place of the page at hand is shared. Asked for in their order. */
static dh_status is_shared(dh_counter *c, uint32_t place, bool *shared, bool *common,
                           dh_error *error) {
    *shared = *common = false;
    for (;;) {
        if (c->has_next &&
            (c->next[0] > c->number || (c->next[0] == c->number && c->next[1] / 2 >= place)))
            break;
        const void *record;
        dh_status status = dh_sorter_next(c->shared, &record, error);
        if (status == DH_ERR_EMPTY) return DH_OK;
        if (status != DH_OK) return status;
        c->next[0] = dh_sort_u64(record);
        c->next[1] = dh_sort_u64((const unsigned char *)record + 8);
        c->has_next = true;
    }
    *shared = c->next[0] == c->number && c->next[1] / 2 == place;
    *common = *shared && c->next[1] % 2 == 1;
    return DH_OK;
}

/* ---- the second: which pages are one article ---- */

typedef struct heart {
    const dh_page_line *line;
    int rank; /* 2: its own, 1: kept, 0: any */
} heart;

static bool is_better(const dh_page_line *line, int rank, const heart *than) {
    if (than->line == NULL || rank != than->rank) return than->line == NULL || rank > than->rank;
    if (line->weight != than->line->weight) return line->weight > than->line->weight;
    return line->key < than->line->key;
}

static dh_status add_heart(dh_counter *c, const dh_page_lines *page, dh_error *error) {
    heart best = {NULL, 0};
    unsigned char r[DH_SORT_MIDDLE] = {0};
    for (uint32_t i = 0; i < page->lines.len; i++) {
        const dh_page_line *line = &page->lines.ptr[i];
        bool shared, common;
        dh_status status = is_shared(c, i, &shared, &common, error);
        if (status != DH_OK) return status;
        int rank = line->kept ? (common ? 1 : 2) : 0;
        if (is_better(line, rank, &best)) best = (heart){line, rank};
    }
    dh_sort_put_u64(r, page->page);
    dh_sort_put_u64(r + 8, best.line != NULL ? best.line->key : page->page);
    dh_sort_put_u64(r + NUMBER, c->number);
    return dh_sorter_put(c->hearts, r, error);
}

/* All pages of an address are the article of its smallest heart. */
static dh_status name_articles(dh_counter *c, dh_error *error) {
    unsigned char first[16] = {0};
    const void *next;
    bool any = false;
    dh_status status = dh_sorter_rewind(c->hearts, error);
    while (status == DH_OK && (status = dh_sorter_next(c->hearts, &next, error)) == DH_OK) {
        const unsigned char *r = next;
        unsigned char named[DH_SORT_SMALL];
        if (!any || memcmp(first, r, 8) != 0) memcpy(first, r, sizeof first);
        any = true;
        memcpy(named, r + NUMBER, 8);
        memcpy(named + 8, first + 8, 8);
        status = dh_sorter_put(c->articles, named, error);
    }
    if (status == DH_ERR_EMPTY) status = dh_sorter_rewind(c->articles, error);
    c->has_next = false;
    return status == DH_OK ? dh_sorter_rewind(c->shared, error) : status;
}

/* ---- the third: the counts ---- */

static dh_status put_row(dh_counter *c, uint64_t host, uint64_t key, const dh_page_line *line,
                         uint32_t day, dh_error *error) {
    unsigned char r[DH_SORT_MIDDLE] = {0};
    dh_sort_put_u64(r + HOST, host);
    dh_sort_put_u64(r + KEY, key);
    dh_sort_put_u64(r + NUMBER, c->article);
    for (int i = 0; i < 4; i++) r[DAY + i] = (unsigned char)(day >> (24 - 8 * i));
    if (line != NULL) {
        r[BITS] = (unsigned char)((int)line->kind | (line->kept ? KEPT : 0) |
                                  (line->digits ? HAS_DIGITS : 0));
        r[WEIGHT] = (unsigned char)(line->weight / WEIGHT_STEP);
    }
    return dh_sorter_put(c->rows, r, error);
}

static dh_status add_rows(dh_counter *c, uint64_t host, const dh_page_lines *page,
                          dh_error *error) {
    const void *named;
    dh_status status = dh_sorter_next(c->articles, &named, error);
    if (status != DH_OK) return status;
    c->article = dh_sort_u64((const unsigned char *)named + 8);
    status = put_row(c, host, 0, NULL, page->day, error);
    for (uint32_t i = 0; i < page->lines.len && status == DH_OK; i++) {
        bool shared, common;
        status = is_shared(c, i, &shared, &common, error);
        if (status == DH_OK && shared)
            status = put_row(c, host, key_of(&page->lines.ptr[i]), &page->lines.ptr[i], page->day,
                             error);
    }
    return status;
}

uint64_t dh_counter_article(const dh_counter *c) {
    return c->article;
}

dh_status dh_counter_add(dh_counter *c, const dh_page_lines *page, dh_error *error) {
    uint64_t host = dh_hash(page->host);
    dh_status status = c->pass == 0   ? add_seen(c, host, page, error)
                       : c->pass == 1 ? add_heart(c, page, error)
                                      : add_rows(c, host, page, error);
    c->number++;
    return status;
}

dh_status dh_counter_turn(dh_counter *c, dh_error *error) {
    c->number = 0;
    switch (c->pass++) {
    case 0:
        return find_shared(c, error);
    case 1:
        return name_articles(c, error);
    default:
        return dh_sorter_rewind(c->rows, error);
    }
}

/* ---- what came of it ---- */

static dh_status next_row(dh_counter *c, dh_error *error) {
    const void *record;
    dh_status status = dh_sorter_next(c->rows, &record, error);
    c->has_row = status == DH_OK;
    if (c->has_row) memcpy(c->row, record, sizeof c->row);
    return status;
}

static uint32_t day_of(const unsigned char *row) {
    uint32_t day = 0;
    for (int i = 0; i < 4; i++) day = day << 8 | row[DAY + i];
    return day;
}

/* Of rows of one line: article by article. */
typedef struct sum {
    uint64_t article;
    bool kept; /* by a page of the article at hand */
    uint64_t kinds[DH_LINE_KINDS];
} sum;

static void add_to_sum(sum *s, const unsigned char *row, dh_counted *counted) {
    uint64_t article = dh_sort_u64(row + NUMBER);
    uint32_t day = day_of(row);
    if (counted->pages == 0 || article != s->article) {
        counted->pages++;
        s->kept = false;
    }
    s->article = article;
    if ((row[BITS] & KEPT) && !s->kept) {
        s->kept = true;
        counted->kept++;
    }
    s->kinds[row[BITS] & KIND]++;
    counted->digits = counted->digits || (row[BITS] & HAS_DIGITS) != 0;
    uint32_t weight = (uint32_t)row[WEIGHT] * WEIGHT_STEP;
    if (weight > counted->weight) counted->weight = weight;
    if (day == 0) return;
    if (counted->first == 0 || day < counted->first) counted->first = day;
    if (day > counted->last) counted->last = day;
}

dh_status dh_counter_next(dh_counter *c, dh_counted *counted, dh_error *error) {
    unsigned char group[16];
    sum s = {0};
    dh_status status = DH_OK;
    if (!c->has_row && (status = next_row(c, error)) != DH_OK) return status;
    memcpy(group, c->row, sizeof group);
    *counted =
        (dh_counted){.host_hash = dh_sort_u64(group + HOST), .key = dh_sort_u64(group + KEY)};
    counted->host = host_of(c, counted->host_hash);
    do add_to_sum(&s, c->row, counted);
    while ((status = next_row(c, error)) == DH_OK && memcmp(group, c->row, sizeof group) == 0);
    if (status != DH_OK && status != DH_ERR_EMPTY) return status;
    for (int kind = 0; kind < DH_LINE_KINDS; kind++)
        if (s.kinds[kind] >= s.kinds[counted->kind]) counted->kind = (dh_line_kind)kind;
    if (counted->key == 0) c->of = counted->pages;
    counted->of = c->of;
    return DH_OK;
}
