/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker finds out about a page for `rules learn`, as a flat record, and the record read again. */
#include <stdlib.h>

#include "base/url.h"
#include "cli/rules_learn.h"
#include "corpus/page_lines.h"
#include "rules/draft.h"
#include "text/line_key.h"
#include "work/record.h"

enum {
    ABOVE = 6,       /* elements around a block */
    TRIES = 12,      /* selectors for each */
    TEXT = 1000,     /* bytes of a line that a rule can say */
    MOST_GOES = 500, /* lines of a page that are looked at */
    MOST_FOUND = 500 /* elements of a page: a selector of more is for other things */
};

typedef struct worker {
    const dh_learn *learn;
    dh_arena arena;    /* of the page at hand */
    dh_arena compiled; /* TRY: of the selectors */
    dh_css_set *set;
} worker;

/* Where a block is in the tree. */
typedef struct spot {
    uint32_t place, block;
} spot;
typedef DH_VEC(spot) spots;

/* A page as the passes see it. */
typedef struct view {
    const dh_learn *learn;
    dehusk_page *page;
    dh_arena *arena;
    unsigned char *fates; /* dh_learn_fate, one per block */
    uint64_t *keys;       /* of blocks that have one, else 0 */
    spots goes, bad;      /* the first MOST_GOES of those that go; those that must not; sorted */
} view;

/* ---- the blocks ---- */

static uint32_t place_of(const dh_block *block) {
    return block->first_text != DH_NO_NODE ? block->first_text : block->node;
}

static bool by_memory(const view *v, uint32_t b) {
    const dh_decision *d = &v->page->decisions[b];
    if (d->mark == UINT32_MAX) return false;
    const dh_mark *mark = &v->page->marks.ptr[d->mark];
    return mark->cause == DH_CAUSE_REPEATED && dh_slice_eq(mark->source, DH_SLICE("site memory"));
}

static dh_learn_fate fate_of(const view *v, uint32_t b, bool keyed) {
    const dh_block *block = &v->page->blocks.ptr[b];
    const dh_site_memory *memory = &v->learn->memory;
    dh_site_repeat repeat;
    if (block->chars == 0) return DH_LEARN_NOTHING;
    if (v->page->decisions[b].verdict != DH_DROP) return DH_LEARN_STAYS;
    if (by_memory(v, b)) return DH_LEARN_GOES;
    /* What has no key has no words: a number, a mark. */
    bool known = keyed && memory->find(memory->data, v->learn->host, v->keys[b], &repeat);
    return known || !keyed ? DH_LEARN_MAY_GO : DH_LEARN_OTHER;
}

static int by_place(const void *a, const void *b) {
    const spot *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return x->block < y->block ? -1 : x->block > y->block;
}

/* The first of them at this place of the tree or behind it. */
static uint32_t first_from(const spots *all, uint32_t place) {
    uint32_t low = 0, high = all->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (all->ptr[middle].place < place) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void find_spots(view *v) {
    for (uint32_t b = 0; b < v->page->blocks.len; b++) {
        spot s = {place_of(&v->page->blocks.ptr[b]), b};
        if (v->fates[b] == DH_LEARN_GOES && v->goes.len < MOST_GOES)
            *DH_PUSH(v->arena, v->goes) = s;
        if (v->fates[b] == DH_LEARN_STAYS || v->fates[b] == DH_LEARN_OTHER)
            *DH_PUSH(v->arena, v->bad) = s;
    }
    if (v->goes.len > 1) qsort(v->goes.ptr, v->goes.len, sizeof *v->goes.ptr, by_place);
    if (v->bad.len > 1) qsort(v->bad.ptr, v->bad.len, sizeof *v->bad.ptr, by_place);
}

static void look_at_blocks(view *v) {
    uint32_t n = v->page->blocks.len;
    v->fates = dh_arena_zalloc(v->arena, n + 1u, 1);
    v->keys = dh_arena_zalloc(v->arena, n + 1u, sizeof *v->keys);
    for (uint32_t b = 0; b < n; b++) {
        dh_line_key key;
        bool keyed = dh_text_line_key(v->page->blocks.ptr[b].text, v->arena, &key);
        v->keys[b] = keyed ? key.hash : 0;
        v->fates[b] = (unsigned char)fate_of(v, b, keyed);
    }
    find_spots(v);
}

/* ---- NOTE ---- */

static dh_slice url_of(const dh_subject *subject) {
    if (subject->url[0] != '\0') return dh_slice_cstr(subject->url);
    dh_slice url = dh_fields_value(&subject->page->fields, DH_FIELD_url);
    return url.len > 0 ? url : dh_fields_value(&subject->page->fields, DH_FIELD_canonical);
}

static bool is_of_host(const worker *w, const dh_subject *subject, dh_arena *arena) {
    dh_slice host = dh_url_bare_host(dh_url_host(url_of(subject), arena));
    return host.len == 0 || dh_slice_eq(host, w->learn->host);
}

static void note(worker *w, const dh_subject *subject, dh_buf *out) {
    dh_page_lines lines;
    dehusk_bytes text;
    dh_buf id, line;
    dh_buf_init(&id, &w->arena, 0);
    dh_buf_init(&line, &w->arena, 0);
    dh_buf_printf(&id, "%llu %llu %s", (unsigned long long)subject->result->input,
                  (unsigned long long)subject->result->line, subject->job->name);
    dh_slice date = dh_slice_cstr(subject->date);
    if (date.len == 0) date = dh_fields_value(&subject->page->fields, DH_FIELD_published);
    if (dehusk_page_write(subject->page, "txt", &text, NULL) != DEHUSK_OK)
        dh_arena_fail(&w->arena, DH_ERR_MEMORY);
    dh_page_lines_begin(&lines, w->learn->host, url_of(subject), dh_buf_slice(&id), date,
                        &w->arena);
    dh_page_lines_of(&lines, subject->page, dh_slice_make(text.data, text.len));
    dh_page_lines_put(&lines, &line);
    dh_record_put_u64(out, lines.day);
    dh_record_put_bytes(out, dh_buf_slice(&line));
}

/* ---- PROPOSE ---- */

/* Whether the element holds nothing but what goes or may go. */
static bool is_pure(const view *v, uint32_t node) {
    uint32_t at = first_from(&v->bad, node);
    return at == v->bad.len || v->bad.ptr[at].place >= v->page->dom->nodes[node].end;
}

/* Selectors for the block's element and for those around it that are pure, the largest first. */
static void selectors_for(const view *v, uint32_t b, dh_selectors *out) {
    uint32_t nodes[ABOVE], n = 0;
    uint32_t up = v->page->blocks.ptr[b].node;
    while (v->page->dom != NULL && up != DH_NO_NODE && n < ABOVE &&
           dh_dom_is_element(v->page->dom, up) && v->page->dom->nodes[up].tag != DH_TAG_body &&
           is_pure(v, up)) {
        nodes[n++] = up;
        up = dh_dom_parent(v->page->dom, up);
    }
    while (n-- > 0) {
        dh_selectors tries = {0};
        dh_draft_selectors(v->page->dom, nodes[n], v->arena, &tries);
        for (uint32_t i = 0; i < tries.len && i < TRIES; i++)
            *DH_PUSH(v->arena, *out) = tries.ptr[i];
    }
}

static void put_line(const view *v, uint32_t b, dh_buf *out) {
    dh_slice text = v->page->blocks.ptr[b].text;
    dh_line_key key;
    dh_text_line_key(text, v->arena, &key);
    dh_record_put_u64(out, key.hash);
    dh_record_put_u64(out, key.digits);
    dh_record_put_bytes(out, text.len <= TEXT ? text : DH_SLICE(""));
}

static void propose(const view *v, dh_buf *out) {
    dh_record_put_u64(out, v->goes.len);
    for (uint32_t g = 0; g < v->goes.len; g++) {
        dh_selectors tries = {0};
        put_line(v, v->goes.ptr[g].block, out);
        selectors_for(v, v->goes.ptr[g].block, &tries);
        dh_record_put_u64(out, tries.len);
        for (uint32_t i = 0; i < tries.len; i++) dh_record_put_bytes(out, tries.ptr[i]);
    }
}

/* ---- TRY ---- */

static void no_regex(void *data, dh_regex *regex) {
    (void)data;
    dh_regex_free(regex);
}

static void compile_all(worker *w) {
    uint32_t n = w->learn->selectors.len;
    const dh_css **all = dh_arena_zalloc(&w->compiled, n + 1u, sizeof *all);
    for (uint32_t i = 0; i < n; i++) {
        dh_css *css = NULL;
        dh_error error;
        if (dh_css_compile(w->learn->selectors.ptr[i].text, &w->compiled, no_regex, NULL, &css,
                           &error) == DH_OK)
            all[i] = css;
    }
    w->set = dh_css_set_new(&w->compiled, all, n);
}

typedef DH_VEC(uint32_t) numbers;

/* The blocks in an element: those that go are taken by the selector. takers: by place in v->goes. */
static void try_element(const view *v, uint32_t selector, uint32_t node, numbers *takers) {
    uint32_t end = v->page->dom->nodes[node].end;
    for (uint32_t g = first_from(&v->goes, node); g < v->goes.len; g++) {
        if (v->goes.ptr[g].place >= end) return;
        numbers *t = &takers[g];
        if (t->len == 0 || t->ptr[t->len - 1] != selector) *DH_PUSH(v->arena, *t) = selector;
    }
}

static void try_all(const worker *w, const view *v, numbers *takers, bool *harms) {
    uint32_t n = w->learn->selectors.len;
    dh_node_list *found = dh_arena_zalloc(v->arena, n + 1u, sizeof *found);
    dh_css_context context = {.dom = v->page->dom, .regexes = v->page->regexes, .arena = v->arena};
    if (v->page->dom == NULL || n == 0) return;
    dh_css_set_select(w->set, &context, false, found);
    for (uint32_t i = 0; i < n; i++) {
        harms[i] = found[i].len > MOST_FOUND;
        for (uint32_t k = 0; k < found[i].len && !harms[i]; k++) {
            harms[i] = !is_pure(v, found[i].ptr[k]);
            if (!harms[i]) try_element(v, i, found[i].ptr[k], takers);
        }
    }
}

static void put_takers(const view *v, uint32_t block, const numbers *takers, dh_buf *out) {
    dh_record_put_u64(out, v->keys[block]);
    dh_record_put_u64(out, v->fates[block] == DH_LEARN_STAYS);
    dh_record_put_u64(out, takers->len);
    for (uint32_t i = 0; i < takers->len; i++) dh_record_put_u64(out, takers->ptr[i]);
}

static void put_try(const worker *w, const view *v, dh_buf *out) {
    uint32_t n = v->page->blocks.len;
    numbers *takers = dh_arena_zalloc(v->arena, v->goes.len + 1u, sizeof *takers), harmful = {0};
    const numbers none = {0};
    bool *harms = dh_arena_zalloc(v->arena, w->learn->selectors.len + 1u, sizeof *harms);
    try_all(w, v, takers, harms);
    for (uint32_t i = 0; i < w->learn->selectors.len; i++)
        if (harms[i]) *DH_PUSH(v->arena, harmful) = i;
    dh_record_put_bytes(out, dh_slice_make((const char *)v->fates, n));
    dh_record_put_u64(out, harmful.len);
    for (uint32_t i = 0; i < harmful.len; i++) dh_record_put_u64(out, harmful.ptr[i]);
    for (uint32_t g = 0; g < v->goes.len; g++) put_takers(v, v->goes.ptr[g].block, &takers[g], out);
    for (uint32_t b = 0; b < n; b++)
        if (v->fates[b] == DH_LEARN_STAYS && v->keys[b] != 0) put_takers(v, b, &none, out);
    dh_record_put_u64(out, UINT64_MAX);
    dh_record_put_u64(out, 2);
}

/* ---- CHECK ---- */

/* By block: 0 it stays, 1 it is dropped, else 2 and the draft's line that drops it. */
static void put_check(const view *v, dh_buf *out) {
    const dehusk_page *page = v->page;
    dh_record_put_u64(out, page->blocks.len);
    for (uint32_t b = 0; b < page->blocks.len; b++) {
        const dh_decision *d = &page->decisions[b];
        uint64_t said = d->verdict == DH_DROP;
        if (said == 1 && d->mark != UINT32_MAX && page->marks.ptr[d->mark].cause == DH_CAUSE_RULE)
            said = 2 + (uint64_t)page->marks.ptr[d->mark].line;
        dh_record_put_u64(out, said);
    }
}

/* ---- the worker ---- */

static bool prepare(worker *w) {
    jmp_buf guard;
    bool good = !dh_arena_guard(&w->compiled, &guard);
    if (good && w->learn->pass == DH_LEARN_TRY) compile_all(w);
    w->compiled.guard = NULL;
    return good;
}

static void *start(const void *data) {
    worker *w = calloc(1, sizeof *w);
    if (w == NULL) return NULL;
    w->learn = data;
    dh_arena_init(&w->arena, 0);
    dh_arena_init(&w->compiled, 0);
    if (prepare(w)) return w;
    dh_arena_release(&w->compiled);
    free(w);
    return NULL;
}

static void stop(void *state) {
    worker *w = state;
    dh_arena_release(&w->arena);
    dh_arena_release(&w->compiled);
    free(w);
}

static void make_page(worker *w, const dh_subject *subject, dh_buf *out) {
    view v = {.learn = w->learn, .page = subject->page, .arena = &w->arena};
    bool mine = is_of_host(w, subject, &w->arena);
    dh_record_put_u64(out, mine ? 1 : 2);
    if (!mine) return;
    if (w->learn->pass == DH_LEARN_NOTE) {
        note(w, subject, out);
        return;
    }
    if (w->learn->pass == DH_LEARN_CHECK) {
        put_check(&v, out);
        return;
    }
    look_at_blocks(&v);
    if (w->learn->pass == DH_LEARN_PROPOSE) propose(&v, out);
    else put_try(w, &v, out);
}

/* Attributes of elements are decoded when they are asked for, in the page's arena. */
static void make(void *state, const dh_subject *subject, dh_buf *out) {
    worker *w = state;
    jmp_buf guard;
    size_t begin = out->len;
    dh_arena_reset(&w->arena);
    if (subject->result->status != DEHUSK_OK) {
        dh_record_put_u64(out, 0);
        return;
    }
    dehusk_page *page = subject->page;
    size_t max = page->arena.max;
    page->arena.max = 0;
    page->arena.guard = &guard;
    if (!dh_arena_guard(&w->arena, &guard)) {
        make_page(w, subject, out);
    } else {
        out->len = begin;
        dh_record_put_u64(out, 0);
    }
    w->arena.guard = page->arena.guard = NULL;
    page->arena.max = max;
}

const dh_maker dh_learn_maker = {start, make, stop, NULL};

/* ---- the caller's side ---- */

static void take_note(dh_learn *l, dh_record *r) {
    uint32_t day = (uint32_t)dh_record_u64(r);
    dh_buf_put_slice(&l->noted, dh_record_bytes(r));
    if (day != 0 && (l->first_day == 0 || day < l->first_day)) l->first_day = day;
    if (day > l->last_day) l->last_day = day;
}

static dh_learn_line *line_of(dh_learn *l, uint64_t key, bool make_it) {
    dh_slice name = dh_slice_make((const char *)&key, sizeof key);
    const uint32_t *known = dh_map_get(&l->line_ids, name);
    if (known != NULL) return &l->lines.ptr[*known];
    if (!make_it) return NULL;
    *dh_map_put(&l->line_ids, dh_arena_dup(&l->arena, name), NULL) = l->lines.len;
    dh_learn_line *line = DH_PUSH(&l->arena, l->lines);
    dh_site_repeat repeat = {0};
    l->memory.find(l->memory.data, l->host, key, &repeat);
    *line = (dh_learn_line){.key = key, .pages = repeat.pages, .of = repeat.of};
    return line;
}

static void take_selector(dh_learn *l, dh_slice text) {
    const uint32_t *known = dh_map_get(&l->selector_ids, text);
    if (known != NULL) {
        l->selectors.ptr[*known].proposed++;
        return;
    }
    dh_slice copy = dh_arena_dup(&l->arena, text);
    *dh_map_put(&l->selector_ids, copy, NULL) = l->selectors.len;
    *DH_PUSH(&l->arena, l->selectors) = (dh_learn_selector){.text = copy, .proposed = 1};
}

static void take_proposals(dh_learn *l, dh_record *r) {
    uint64_t count = dh_record_u64(r);
    for (uint64_t i = 0; i < count && !r->bad; i++) {
        dh_learn_line *line = line_of(l, dh_record_u64(r), true);
        line->digits = dh_record_u64(r) != 0;
        dh_slice text = dh_record_bytes(r);
        if (text.len > 0 && (line->text.len == 0 || dh_slice_compare(text, line->text) < 0))
            line->text = dh_arena_dup(&l->arena, text);
        uint64_t tries = dh_record_u64(r);
        for (uint64_t k = 0; k < tries && !r->bad; k++) take_selector(l, dh_record_bytes(r));
    }
}

static void take_takers(dh_learn *l, dh_record *r, uint64_t key, bool stays) {
    dh_learn_line *line = line_of(l, key, false);
    uint64_t takers = dh_record_u64(r);
    if (line != NULL && stays) line->stays++;
    dh_learn_hit hit = {.page = l->page, .begin = l->covers.len};
    for (uint64_t i = 0; i < takers && !r->bad; i++)
        *DH_PUSH(&l->arena, l->covers) = (uint32_t)dh_record_u64(r);
    hit.end = l->covers.len;
    if (line == NULL || stays) return;
    hit.line = (uint32_t)(line - l->lines.ptr);
    *DH_PUSH(&l->arena, l->hits) = hit;
}

static void take_try(dh_learn *l, dh_record *r) {
    l->fates.ptr[l->page] = dh_arena_dup(&l->arena, dh_record_bytes(r));
    uint64_t harmful = dh_record_u64(r);
    for (uint64_t i = 0; i < harmful && !r->bad; i++) {
        uint64_t id = dh_record_u64(r);
        if (id < l->selectors.len) l->selectors.ptr[id].harms = true;
    }
    while (!r->bad) {
        uint64_t key = dh_record_u64(r), stays = dh_record_u64(r);
        if (r->bad || stays == 2) return;
        take_takers(l, r, key, stays == 1);
    }
}

static void take_check(dh_learn *l, dh_record *r) {
    uint64_t n = dh_record_u64(r);
    dh_slice fates = l->page < l->fates.len ? l->fates.ptr[l->page] : DH_SLICE("");
    for (uint64_t b = 0; b < n && b < fates.len && !r->bad; b++) {
        dh_learn_fate before = (dh_learn_fate)(unsigned char)fates.ptr[b];
        uint64_t said = dh_record_u64(r);
        bool went = before == DH_LEARN_GOES || before == DH_LEARN_MAY_GO;
        if (went && said == 0) l->missed++;
        if (before == DH_LEARN_GOES && said > 0) l->gone++;
        if ((before == DH_LEARN_STAYS || before == DH_LEARN_OTHER) && said >= 2)
            *DH_PUSH(&l->arena, l->harmful) = (uint32_t)(said - 2);
    }
}

void dh_learn_take(dh_learn *l, dh_slice record) {
    dh_record r = {.rest = record};
    uint64_t kind = dh_record_u64(&r);
    l->seen += kind == 1 && !r.bad;
    if (l->pass == DH_LEARN_NOTE) l->elsewhere += kind == 2;
    if (l->pass == DH_LEARN_TRY) *DH_PUSH(&l->arena, l->fates) = DH_SLICE("");
    if (kind == 1 && l->pass == DH_LEARN_NOTE) take_note(l, &r);
    if (kind == 1 && l->pass == DH_LEARN_PROPOSE) take_proposals(l, &r);
    if (kind == 1 && l->pass == DH_LEARN_TRY) take_try(l, &r);
    if (kind == 1 && l->pass == DH_LEARN_CHECK) take_check(l, &r);
    l->page++;
}
