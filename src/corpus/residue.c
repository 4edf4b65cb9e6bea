/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/residue.h"

#include <stdlib.h>

#include "corpus/counter.h"
#include "corpus/document.h"
#include "corpus/verify.h"
#include "text/line_key.h"

typedef struct row {
    uint64_t host, key;
    dh_residue_line line;
} row;

typedef struct finder {
    const dh_store *store;
    dh_residue *residue;
    dh_counter *counter;
    dh_arena lines; /* of the document at hand */
    bool (*stop)(void *data);
    void *data;
    row *rows; /* in the store's arena; while it is filled, a heap with the least on top */
    uint32_t len;
    bool naming; /* the last pass */
    dh_status status;
    dh_error *error;
} finder;

/* ---- the lines that count ---- */

/* Whether a ranks before b. */
static bool before(const row *a, const row *b) {
    if (a->line.pages != b->line.pages) return a->line.pages > b->line.pages;
    return a->host != b->host ? a->host < b->host : a->key < b->key;
}

static void sift_down(row *rows, uint32_t len, uint32_t at) {
    for (;;) {
        uint32_t last = at;
        for (uint32_t child = 2 * at + 1; child < 2 * at + 3 && child < len; child++)
            if (before(&rows[last], &rows[child])) last = child;
        if (last == at) return;
        row swap = rows[at];
        rows[at] = rows[last];
        rows[last] = swap;
        at = last;
    }
}

/* Only the first DH_RESIDUE_LINES are kept. */
static void rank(finder *f, const dh_counted *c) {
    row r = {c->host_hash, c->key, {.pages = c->pages, .of = c->of}};
    f->residue->distinct++;
    f->residue->leaked += c->pages;
    if (f->len < DH_RESIDUE_LINES) {
        f->rows[f->len++] = r;
        for (uint32_t i = f->len / 2; f->len == DH_RESIDUE_LINES && i-- > 0;)
            sift_down(f->rows, f->len, i);
    } else if (before(&r, &f->rows[0])) {
        f->rows[0] = r;
        sift_down(f->rows, f->len, 0);
    }
}

static dh_status rank_all(finder *f) {
    dh_counted c;
    dh_status status;
    f->rows = dh_arena_zalloc(f->store->arena, DH_RESIDUE_LINES, sizeof *f->rows);
    while ((status = dh_counter_next(f->counter, &c, f->error)) == DH_OK) {
        if (c.key == 0) {
            f->residue->hosts++;
            f->residue->articles += c.pages;
        } else if (c.pages >= DH_COUNTER_LEAST && c.pages * c.pages >= c.of) {
            rank(f, &c);
        }
    }
    return status == DH_ERR_EMPTY ? DH_OK : status;
}

/* ---- what they say ---- */

static int by_key(const void *a, const void *b) {
    const row *x = a, *y = b;
    if (x->host != y->host) return x->host < y->host ? -1 : 1;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : 0;
}

static int by_rank(const void *a, const void *b) {
    return before(a, b) ? -1 : before(b, a) ? 1 : 0;
}

static void name_line(finder *f, const dh_page_lines *page, uint64_t host, dh_slice text) {
    dh_line_key key;
    text = dh_slice_trim(text);
    if (!dh_text_line_key(text, page->arena, &key)) return;
    row want = {.host = host, .key = key.hash != 0 ? key.hash : 1};
    row *found = bsearch(&want, f->rows, f->len, sizeof *f->rows, by_key);
    if (found == NULL) return;
    if (found->line.text.len > 0 && dh_slice_compare(found->line.text, text) <= 0) return;
    found->line.text = dh_arena_dup(f->store->arena, text);
    found->line.host = dh_arena_dup(f->store->arena, page->host);
}

/* ---- the passes ---- */

static void take_document(finder *f, const dh_document *document) {
    dh_page_lines page;
    dh_page_lines_begin(&page, document->host, document->url, document->id, DH_SLICE(""),
                        &f->lines);
    if (f->naming) {
        uint64_t host = dh_hash(page.host);
        for (dh_slice rest = document->text; rest.ptr != NULL;)
            name_line(f, &page, host, dh_slice_cut(&rest, '\n'));
        return;
    }
    dh_page_lines_of_text(&page, document->text);
    f->status = dh_counter_add(f->counter, &page, f->error);
}

static bool take(void *data, dh_slice line) {
    finder *f = data;
    dh_document document;
    jmp_buf guard;
    dh_arena_reset(&f->lines);
    if (f->stop != NULL && f->stop(f->data)) {
        f->status = dh_error_set(f->error, DH_ERR_INTERRUPTED, "corpus", 0, "interrupted");
    } else if (!dh_document_parse(line, &f->lines, &document)) {
        f->status = dh_error_set(f->error, DH_ERR_SYNTAX, "corpus", 0, "a line is no document");
    } else if (document.host.len > 0) {
        if (dh_arena_guard(&f->lines, &guard))
            f->status = dh_error_set(f->error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
        else take_document(f, &document);
        f->lines.guard = NULL;
    }
    return f->status == DH_OK;
}

static dh_status read_all(finder *f) {
    for (uint32_t i = 0; i < f->store->markers.len; i++) {
        const char *path = dh_store_path(f->store, "data", f->store->markers.ptr[i]);
        dh_error why = {0};
        dh_status status = dh_store_lines(path, take, f, &why);
        if (f->status != DH_OK) return f->status;
        if (status != DH_OK)
            return dh_error_set(f->error, status, "corpus", 0, "%.200s: %.200s", path, why.message);
    }
    return DH_OK;
}

static dh_status find(finder *f) {
    dh_status status = DH_OK;
    for (int pass = 0; pass < DH_COUNTER_PASSES && status == DH_OK; pass++) {
        status = read_all(f);
        if (status == DH_OK) status = dh_counter_turn(f->counter, f->error);
    }
    if (status == DH_OK) status = rank_all(f);
    if (status != DH_OK || f->len == 0) return status;
    qsort(f->rows, f->len, sizeof *f->rows, by_key);
    f->naming = true;
    status = read_all(f);
    qsort(f->rows, f->len, sizeof *f->rows, by_rank);
    for (uint32_t i = 0; i < f->len; i++)
        *DH_PUSH(f->store->arena, f->residue->lines) = f->rows[i].line;
    return status;
}

dh_status dh_residue_find(const dh_store *store, const char *folder, bool (*stop)(void *data),
                          void *data, dh_residue *residue, dh_error *error) {
    finder f = {.store = store, .residue = residue, .stop = stop, .data = data, .error = error};
    *residue = (dh_residue){0};
    dh_status status = dh_counter_new(folder, 0, &f.counter, error);
    if (status != DH_OK) return status;
    dh_arena_init(&f.lines, 0);
    status = find(&f);
    dh_arena_release(&f.lines);
    dh_counter_free(f.counter);
    return status;
}
