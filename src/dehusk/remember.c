/* SPDX-License-Identifier: Apache-2.0 */
/* remember.c: what other pages of the host say about the blocks of this one. */
#include "base/url.h"
#include "dehusk/page.h"
#include "text/line_key.h"

static dh_slice host_of(dehusk_page *page) {
    dh_slice url = page->url;
    if (url.len == 0) url = dh_fields_value(&page->fields, DH_FIELD_url);
    if (url.len == 0) url = dh_fields_value(&page->fields, DH_FIELD_canonical);
    if (url.len == 0) url = page->site;
    return dh_url_bare_host(dh_url_host(url, &page->arena));
}

/* "1,033" */
static void put_number(dh_buf *out, uint64_t n) {
    if (n >= 1000) put_number(out, n / 1000);
    if (n >= 1000) dh_buf_printf(out, ",%03u", (unsigned)(n % 1000));
    else dh_buf_printf(out, "%u", (unsigned)n);
}

static dh_slice words_for(dehusk_page *page, const dh_site_repeat *repeat) {
    dh_buf out;
    dh_buf_init(&out, &page->arena, 0);
    dh_buf_puts(&out, "on ");
    put_number(&out, repeat->pages);
    dh_buf_puts(&out, " of ");
    put_number(&out, repeat->of);
    dh_buf_puts(&out, " pages of this host");
    return dh_buf_slice(&out);
}

/* From the last block: a heading goes with the block below it, or when there is none. */
void dh_judge_remember(dehusk_page *page) {
    const dh_site_memory *memory = &page->engine->memory;
    if (memory->find == NULL) return;
    dh_slice host = host_of(page);
    bool text_below = false;
    dh_marks_resolve(&page->marks, page->decisions, page->blocks.len);
    for (uint32_t i = page->blocks.len; i-- > 0 && host.len > 0;) {
        const dh_block *block = &page->blocks.ptr[i];
        dh_line_key key;
        dh_site_repeat repeat;
        if (page->decisions[i].verdict != DH_KEEP || i == page->title_block || block->chars == 0)
            continue;
        bool known = dh_text_line_key(block->text, &page->arena, &key) &&
                     memory->find(memory->data, host, key.hash, &repeat);
        bool goes = known && !(repeat.heading && text_below);
        if (goes)
            dh_marks_add(&page->marks, i, DH_DROP, DH_CAUSE_REPEATED, DH_SLICE("site memory"),
                         words_for(page, &repeat));
        text_below = !goes;
    }
    dh_marks_resolve(&page->marks, page->decisions, page->blocks.len);
}
