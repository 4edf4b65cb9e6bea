/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/page_lines.h"

#include "base/json.h"
#include "base/url.h"
#include "dehusk/page.h"
#include "text/line_key.h"

/* A line in the file: 2 hexadecimal digits of bits, 2 of weight, 16 of the key. */
enum { DIGITS = 20, BIT_KEPT = 4, BIT_DIGITS = 8, WEIGHT_STEP = 4 };

/* ---- making ---- */

/* Addresses that differ in scheme, "www.", fragment or a slash at the end are one. */
static uint64_t hash_of_url(dh_slice url, dh_arena *arena) {
    dh_url parts;
    dh_buf text;
    if (!dh_url_split(url, &parts)) return dh_hash(url);
    dh_buf_init(&text, arena, 0);
    dh_buf_put_slice(&text, dh_url_bare_host(dh_url_host(url, arena)));
    dh_buf_putc(&text, '\n');
    while (dh_slice_ends(parts.path, DH_SLICE("/"))) parts.path.len--;
    dh_buf_put_slice(&text, parts.path);
    dh_buf_putc(&text, '\n');
    dh_buf_put_slice(&text, parts.query);
    return dh_hash(dh_buf_slice(&text));
}

/* "2024-05-15" as 20240515. */
static uint32_t day_of(dh_slice date) {
    uint32_t day = 0;
    if (date.len < 10 || date.ptr[4] != '-' || date.ptr[7] != '-') return 0;
    for (size_t i = 0; i < 10; i++) {
        if (i == 4 || i == 7) continue;
        if (!dh_is_digit(date.ptr[i])) return 0;
        day = day * 10 + (uint32_t)(date.ptr[i] - '0');
    }
    return day;
}

void dh_page_lines_begin(dh_page_lines *lines, dh_slice host, dh_slice url, dh_slice id,
                         dh_slice date, dh_arena *arena) {
    *lines = (dh_page_lines){.arena = arena,
                             .host = dh_url_bare_host(host),
                             .page = url.len > 0 ? hash_of_url(url, arena) : dh_hash(id),
                             .day = day_of(date)};
    dh_map_init(&lines->map, arena, 0);
}

static dh_slice name_of(uint64_t key, dh_arena *arena) {
    return dh_arena_dup(arena, dh_slice_make((const char *)&key, sizeof key));
}

static void add_key(dh_page_lines *lines, const dh_line_key *key, dh_line_kind kind, bool kept) {
    bool added;
    if (lines->lines.len == DH_PAGE_LINES) return;
    uint32_t *at = dh_map_put(&lines->map, name_of(key->hash, lines->arena), &added);
    if (!added) {
        dh_page_line *known = &lines->lines.ptr[*at];
        if (kept && !known->kept) known->kind = kind;
        known->kept = known->kept || kept;
        return;
    }
    *at = lines->lines.len;
    uint32_t weight = key->weight / WEIGHT_STEP < 255 ? key->weight / WEIGHT_STEP : 255;
    *DH_PUSH(lines->arena, lines->lines) = (dh_page_line){.key = key->hash,
                                                          .weight = weight * WEIGHT_STEP,
                                                          .kind = kind,
                                                          .kept = kept,
                                                          .digits = key->digits};
}

void dh_page_lines_add(dh_page_lines *lines, dh_slice text, dh_line_kind kind, bool kept) {
    dh_line_key key;
    if (lines->lines.len < DH_PAGE_LINES && dh_text_line_key(text, lines->arena, &key))
        add_key(lines, &key, kind, kept);
}

static dh_line_kind kind_of(const dh_block *block) {
    switch (block->kind) {
    case DH_BLOCK_HEADING:
        return block->flags & DH_BLOCK_LINE ? DH_LINE_PROSE : DH_LINE_HEADING;
    case DH_BLOCK_LIST_ITEM:
    case DH_BLOCK_ROW:
        return DH_LINE_ITEM;
    default:
        return DH_LINE_PROSE;
    }
}

/* What the kept blocks of one line are, by their keys; the value is the kind. */
static void learn_kinds(const dehusk_page *page, dh_arena *arena, dh_map *kinds) {
    const dh_article *a = &page->article;
    for (uint32_t b = 0; b < a->blocks->len; b++) {
        dh_line_key key;
        if (a->decisions[b].verdict == DH_DROP || dh_slice_has(a->texts[b], DH_SLICE("\n")))
            continue;
        if (!dh_text_line_key(a->texts[b], arena, &key)) continue;
        *dh_map_put(kinds, name_of(key.hash, arena), NULL) = kind_of(&a->blocks->ptr[b]);
    }
}

void dh_page_lines_of(dh_page_lines *lines, const dehusk_page *page, dh_slice text) {
    const dh_article *a = &page->article;
    dh_map kinds;
    dh_map_init(&kinds, lines->arena, a->blocks->len);
    learn_kinds(page, lines->arena, &kinds);
    for (dh_slice rest = text; rest.ptr != NULL;) {
        dh_line_key key;
        dh_slice line = dh_slice_cut(&rest, '\n');
        if (!dh_text_line_key(line, lines->arena, &key)) continue;
        const uint32_t *kind = dh_map_get(&kinds, name_of(key.hash, lines->arena));
        add_key(lines, &key, kind != NULL ? (dh_line_kind)*kind : DH_LINE_PART, true);
    }
    for (uint32_t b = 0; b < a->blocks->len; b++)
        if (a->decisions[b].verdict == DH_DROP && a->decisions[b].role != DH_ROLE_TITLE)
            dh_page_lines_add(lines, a->blocks->ptr[b].text, kind_of(&a->blocks->ptr[b]), false);
}

void dh_page_lines_of_text(dh_page_lines *lines, dh_slice text) {
    for (dh_slice rest = text; rest.ptr != NULL;)
        dh_page_lines_add(lines, dh_slice_cut(&rest, '\n'), DH_LINE_PROSE, true);
}

/* ---- the file ---- */

void dh_page_lines_put(const dh_page_lines *lines, dh_buf *out) {
    dh_buf_puts(out, "{\"host\": ");
    dh_json_put_string(out, lines->host);
    dh_buf_printf(out, ", \"page\": \"%016llx\", \"day\": %u, \"lines\": \"",
                  (unsigned long long)lines->page, (unsigned)lines->day);
    for (uint32_t i = 0; i < lines->lines.len; i++) {
        const dh_page_line *l = &lines->lines.ptr[i];
        unsigned bits = (unsigned)l->kind | (l->kept ? BIT_KEPT : 0) | (l->digits ? BIT_DIGITS : 0);
        dh_buf_printf(out, "%02x%02x%016llx", bits, (unsigned)(l->weight / WEIGHT_STEP),
                      (unsigned long long)l->key);
    }
    dh_buf_puts(out, "\"}\n");
}

static bool hex(dh_slice text, uint64_t *value) {
    *value = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!dh_is_digit(c) && (c < 'a' || c > 'f')) return false;
        *value = *value << 4 | (uint64_t)(dh_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return text.len > 0;
}

static bool read_lines(dh_slice text, dh_page_lines *lines) {
    if (text.len % DIGITS != 0 || text.len / DIGITS > DH_PAGE_LINES) return false;
    for (size_t at = 0; at < text.len; at += DIGITS) {
        uint64_t bits, weight, key;
        if (!hex(dh_slice_sub(text, at, at + 2), &bits) ||
            !hex(dh_slice_sub(text, at + 2, at + 4), &weight) ||
            !hex(dh_slice_sub(text, at + 4, at + DIGITS), &key))
            return false;
        *DH_PUSH(lines->arena, lines->lines) =
            (dh_page_line){.key = key,
                           .weight = (uint32_t)weight * WEIGHT_STEP,
                           .kind = (dh_line_kind)(bits & 3),
                           .kept = (bits & BIT_KEPT) != 0,
                           .digits = (bits & BIT_DIGITS) != 0};
    }
    return true;
}

static bool read_page(dh_slice text, dh_page_lines *lines, dh_arena *arena) {
    dh_json json;
    uint64_t day;
    *lines = (dh_page_lines){.arena = arena};
    if (dh_json_parse(&json, arena, text, true, NULL) != DH_OK) return false;
    uint32_t at = dh_json_get(&json, 0, DH_SLICE("day"));
    lines->host = dh_json_string(&json, dh_json_get(&json, 0, DH_SLICE("host")));
    if (at == UINT32_MAX || !dh_slice_to_u64(json.values[at].text, &day) || day > UINT32_MAX)
        return false;
    lines->day = (uint32_t)day;
    return lines->host.len > 0 &&
           hex(dh_json_string(&json, dh_json_get(&json, 0, DH_SLICE("page"))), &lines->page) &&
           read_lines(dh_json_string(&json, dh_json_get(&json, 0, DH_SLICE("lines"))), lines);
}

bool dh_page_lines_read(dh_slice text, dh_page_lines *lines, dh_arena *arena) {
    jmp_buf guard;
    bool good = !dh_arena_guard(arena, &guard) && read_page(text, lines, arena);
    arena->guard = NULL;
    return good;
}
