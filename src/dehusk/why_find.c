/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a sentence: in the blocks' keys laid end to end, else near them, else in what no block is
 * made of. Linear in the page, whatever the sentence. */
#include "base/utf8.h"
#include "dehusk/why_private.h"
#include "emit/line.h"
#include "text/clean.h"

enum { MAX_FOUND = 20, MAX_GRAMS = 4096, SHOWN = 100, AROUND = 40 };

/* Which block the byte `at` of the joined keys is of: the last that begins at or before it. */
static uint32_t block_at(const uint32_t *begins, uint32_t n, size_t at) {
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (begins[middle] <= at) low = middle;
        else high = middle;
    }
    return low;
}

dh_why_blocks dh_why_find(dh_why_run *run) {
    dehusk_page *page = run->page;
    dh_arena *arena = &page->arena;
    dh_why_blocks found = {0};
    dh_buf all;
    dh_buf_init(&all, arena, UINT32_MAX - 1);
    uint32_t n = page->blocks.len;
    uint32_t *begins = dh_arena_alloc(arena, (n + 1) * sizeof *begins);
    for (uint32_t i = 0; i < n; i++) {
        begins[i] = (uint32_t)all.len;
        dh_slice key = dh_text_key(page->blocks.ptr[i].text, false, arena);
        if (key.len == 0) continue; /* an image */
        dh_buf_put_slice(&all, key);
        dh_buf_putc(&all, ' ');
    }
    dh_slice hay = dh_buf_slice(&all);
    for (size_t from = 0; n > 0 && found.len < MAX_FOUND;) {
        size_t at = dh_slice_find(dh_slice_sub(hay, from, hay.len), run->key);
        if (at == DH_NPOS) break;
        at += from;
        uint32_t last = block_at(begins, n, at + run->key.len - 1);
        for (uint32_t b = block_at(begins, n, at); b <= last && found.len < MAX_FOUND; b++)
            if (found.len == 0 || found.ptr[found.len - 1] < b) *DH_PUSH(arena, found) = b;
        from = at + run->key.len;
    }
    return found;
}

/* Runs of three characters of a key, at most max: each is put into the map with its number from 1. */
static uint32_t grams_of(dh_slice key, dh_map *map, uint32_t max) {
    const char *p = key.ptr, *end = p + key.len, *from = p;
    uint32_t n = 0;
    for (uint32_t chars = 1; p < end && n < max; chars++) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (chars < 3) continue;
        bool added;
        uint32_t *value = dh_map_put(map, dh_slice_make(from, (size_t)(p - from)), &added);
        if (added) *value = ++n;
        from += dh_utf8_decode(from, end, &code);
    }
    return n;
}

/* How many of the map's runs the key has; seen[number] is the last block (from 1) that had it. */
static uint32_t shared(dh_slice key, const dh_map *map, uint32_t *seen, uint32_t block) {
    const char *p = key.ptr, *end = p + key.len, *from = p;
    uint32_t n = 0;
    for (uint32_t chars = 1; p < end; chars++) {
        uint32_t code;
        p += dh_utf8_decode(p, end, &code);
        if (chars < 3) continue;
        const uint32_t *value = dh_map_get(map, dh_slice_make(from, (size_t)(p - from)));
        if (value != NULL && seen[*value] != block) {
            seen[*value] = block;
            n++;
        }
        from += dh_utf8_decode(from, end, &code);
    }
    return n;
}

uint32_t dh_why_nearest(dh_why_run *run, uint32_t *percent) {
    dh_arena *arena = &run->page->arena;
    dh_map map;
    dh_map_init(&map, arena, 256);
    uint32_t total = grams_of(run->key, &map, MAX_GRAMS), best = 0, nearest = UINT32_MAX;
    uint32_t *seen = dh_arena_zalloc(arena, total + 1, sizeof *seen);
    for (uint32_t i = 0; i < run->page->blocks.len && total > 0; i++) {
        dh_slice key = dh_text_key(run->page->blocks.ptr[i].text, false, arena);
        uint32_t n = shared(key, &map, seen, i + 1);
        if (n <= best) continue;
        best = n;
        nearest = i;
    }
    *percent = total > 0 ? (uint32_t)((uint64_t)best * 100 / total) : 0;
    return nearest;
}

static uint32_t hex4(const char *p) {
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        char c = dh_lower(p[i]);
        if (dh_is_digit(c)) code = code * 16 + (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f') code = code * 16 + (uint32_t)(c - 'a' + 10);
        else return UINT32_MAX;
    }
    return code;
}

/* A script's text as its strings mean it: escapes resolved, wherever they stand. */
static dh_slice unescaped(dh_slice script, dh_arena *arena) {
    if (memchr(script.ptr, '\\', script.len) == NULL) return script;
    dh_buf out;
    dh_buf_init(&out, arena, 0);
    dh_buf_reserve(&out, script.len);
    for (size_t i = 0; i < script.len; i++) {
        char c = script.ptr[i];
        if (c != '\\' || i + 1 == script.len) {
            dh_buf_putc(&out, c);
            continue;
        }
        c = script.ptr[++i];
        uint32_t code = c == 'u' && i + 4 < script.len ? hex4(script.ptr + i + 1) : UINT32_MAX;
        if (code == UINT32_MAX) {
            dh_buf_putc(&out, c == 'n' || c == 't' || c == 'r' ? ' ' : c);
            continue;
        }
        i += 4;
        if (code >= 0xD800 && code < 0xDC00 && i + 6 < script.len && script.ptr[i + 1] == '\\' &&
            script.ptr[i + 2] == 'u') {
            uint32_t low = hex4(script.ptr + i + 3);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 6;
            }
        }
        dh_buf_put_code(&out, code);
    }
    return dh_buf_slice(&out);
}

/* The text of which the key holds the sentence; an excerpt of it in *around. */
static bool holds(dh_why_run *run, dh_slice text, dh_slice *around) {
    if (text.len < run->key.len / 4 || text.len == 0) return false;
    uint32_t *offsets;
    dh_arena *arena = &run->page->arena;
    size_t at = dh_slice_find(dh_text_key(text, false, arena), run->key);
    if (at == DH_NPOS) return false;
    dh_text_key_map(text, false, arena, &offsets);
    size_t begin = offsets[at], end = offsets[at + run->key.len];
    begin = begin > AROUND ? begin - AROUND : 0;
    while (begin > 0 && ((unsigned char)text.ptr[begin] & 0xC0) == 0x80) begin--;
    *around = dh_slice_sub(text, begin, end + AROUND);
    return true;
}

static void put_apart(dh_why_run *run, uint32_t node, dh_slice attr, dh_slice around) {
    dh_dom *dom = run->page->dom;
    const dh_node *at = &dom->nodes[node];
    dh_buf_puts(run->out, attr.len > 0 ? "? attribute " : "? text of <");
    dh_line_put(run->out, attr.len > 0 ? attr : dh_dom_name(dom, at->parent), 40);
    dh_buf_puts(run->out, attr.len > 0 ? ": " : ">: ");
    dh_line_put(run->out, around, 2 * SHOWN);
    dh_buf_puts(run->out, "\n    no block of the page is made of it\n");
    dh_why_put_place(run, attr.len > 0 ? node : at->parent, at->src_begin, at->src_end);
}

bool dh_why_apart(dh_why_run *run) {
    dh_dom *dom = run->page->dom;
    uint32_t found = 0;
    for (uint32_t id = 0; dom != NULL && id < dom->len && found < MAX_FOUND; id++) {
        dh_slice around;
        if (!dh_dom_is_element(dom, id)) {
            dh_slice text = dh_dom_text(dom, id);
            uint32_t parent = dom->nodes[id].parent;
            if (text.len == 0) continue;
            if (dom->nodes[parent].tag == DH_TAG_script) text = unescaped(text, dom->arena);
            if (!holds(run, text, &around)) continue;
            put_apart(run, id, (dh_slice){NULL, 0}, around);
            found++;
            continue;
        }
        uint32_t n;
        const dh_attr *attrs = dh_dom_attrs(dom, id, &n);
        for (uint32_t i = 0; i < n; i++) {
            if (!holds(run, attrs[i].value, &around)) continue;
            put_apart(run, id, attrs[i].name, around);
            found++;
        }
    }
    return found > 0;
}
