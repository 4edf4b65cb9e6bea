/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/recall.h"

#include "base/buf.h"
#include "base/url.h"
#include "text/line_key.h"

typedef struct row {
    dh_recalled_line line;
    uint32_t gap; /* line ends before it */
    bool goes;
} row;

typedef DH_VEC(row) rows;

/* The lines that are not empty. */
static void cut(dh_slice text, dh_arena *arena, rows *out) {
    uint32_t gap = 0;
    for (dh_slice rest = text; rest.ptr != NULL; gap++) {
        dh_slice line = dh_slice_cut(&rest, '\n');
        if (dh_slice_trim(line).len == 0) continue;
        *DH_PUSH(arena, *out) = (row){.line = {.text = line}, .gap = gap};
        gap = 0;
    }
}

/* From the last: a heading goes with the line below it, or when there is none. */
static void judge(const dh_site_memory *memory, dh_slice host, dh_arena *arena, rows *all) {
    bool text_below = false;
    for (uint32_t i = all->len; i-- > 0;) {
        row *r = &all->ptr[i];
        dh_line_key key;
        bool known = dh_text_line_key(r->line.text, arena, &key) &&
                     memory->find(memory->data, host, key.hash, &r->line.repeat);
        r->line.key = key.hash;
        r->goes = known && !(r->line.repeat.heading && text_below);
        text_below = !r->goes;
    }
}

void dh_recall(const dh_site_memory *memory, dh_slice host, dh_slice text, dh_arena *arena,
               dh_recalled *out) {
    rows all = {0};
    dh_buf left;
    uint32_t gap = 0;
    *out = (dh_recalled){.text = text};
    host = dh_url_bare_host(host);
    cut(text, arena, &all);
    judge(memory, host, arena, &all);
    dh_buf_init(&left, arena, 0);
    for (uint32_t i = 0; i < all.len; i++) {
        const row *r = &all.ptr[i];
        if (r->gap > gap) gap = r->gap;
        if (r->goes) {
            *DH_PUSH(arena, out->lines) = r->line;
            continue;
        }
        for (uint32_t k = 0; k < gap && left.len > 0; k++) dh_buf_putc(&left, '\n');
        dh_buf_put_slice(&left, r->line.text);
        gap = 0;
    }
    if (out->lines.len > 0) out->text = left.len > 0 ? dh_buf_slice(&left) : DH_SLICE("");
}
