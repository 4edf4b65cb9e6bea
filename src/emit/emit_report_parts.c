/* SPDX-License-Identifier: Apache-2.0 */
/* The report's two parts. Block N of the page has the id "bN", what is kept of it "aN", and their
 * numbers link to each other. */
#include "emit/head.h"
#include "emit/report.h"

typedef enum group { GROUP_NONE, GROUP_UL, GROUP_OL, GROUP_TABLE } group;

static const char *group_tag(group g) {
    static const char *const tags[] = {"", "ul", "ol", "table"};
    return tags[g];
}

static group group_of(const dh_block *block) {
    if (block->kind == DH_BLOCK_LIST_ITEM)
        return (block->flags & DH_BLOCK_ORDERED) != 0 ? GROUP_OL : GROUP_UL;
    return block->kind == DH_BLOCK_ROW ? GROUP_TABLE : GROUP_NONE;
}

static const char *tag_of(const dh_block *block, dh_role role) {
    static const char *const headings[] = {"h4", "h3", "h3", "h4", "h5", "h6", "h6"};
    if (role == DH_ROLE_TITLE) return "h2";
    switch (block->kind) {
    case DH_BLOCK_HEADING:
        return headings[block->level <= 6 ? block->level : 6];
    case DH_BLOCK_LIST_ITEM:
        return "li";
    case DH_BLOCK_QUOTE:
        return "blockquote";
    case DH_BLOCK_CODE:
        return "pre";
    case DH_BLOCK_ROW:
        return "tr";
    case DH_BLOCK_PARAGRAPH:
    case DH_BLOCK_CAPTION:
        return "p";
    }
    return "p";
}

static void put_number(dh_buf *out, uint32_t i) {
    unsigned number = (unsigned)i + 1;
    dh_buf_printf(out, "<a class=\"no\" href=\"#b%u\" title=\"block %u of the page\">%u</a>",
                  number, number, number);
}

static void put_cells(dh_buf *out, dh_slice text) {
    while (text.ptr != NULL) {
        dh_buf_puts(out, "<td>");
        dh_report_text(out, dh_slice_cut(&text, '\t'));
        dh_buf_puts(out, "</td>");
    }
}

static void put_images(const dh_report *r, const dh_block *block) {
    for (uint32_t k = 0; k < block->inline_count; k++) {
        const dh_inline *in = &r->article->blocks->inlines[block->inline_begin + k];
        if (in->kind == DH_INLINE_IMAGE) dh_report_image(r->out, in);
    }
}

static void put_kept(dh_report *r, uint32_t i) {
    const dh_block *block = &r->article->blocks->ptr[i];
    dh_role role = r->article->decisions[i].role;
    const char *tag = tag_of(block, role);
    dh_slice text = r->article->texts[i];
    dh_buf_printf(r->out, "<%s id=\"a%u\" class=\"k-%s r-%s\"", tag, (unsigned)i + 1,
                  dh_block_kind_name(block), dh_role_name(role));
    dh_report_dir(r->out, text);
    dh_buf_putc(r->out, '>');
    if (block->kind == DH_BLOCK_ROW && role != DH_ROLE_TITLE) {
        dh_buf_puts(r->out, "<td class=\"no\">");
        put_number(r->out, i);
        dh_buf_puts(r->out, "</td>");
        put_cells(r->out, text);
    } else {
        put_number(r->out, i);
        dh_report_text(r->out, text);
        put_images(r, block);
    }
    dh_buf_printf(r->out, "</%s>\n", tag);
}

/* The kept headings, to jump to. */
static void put_contents(dh_report *r) {
    const dh_article *a = r->article;
    bool open = false;
    for (uint32_t i = 0; i < a->blocks->len; i++) {
        if (a->decisions[i].verdict != DH_KEEP || a->texts[i].len == 0) continue;
        if (a->blocks->ptr[i].kind != DH_BLOCK_HEADING || a->decisions[i].role == DH_ROLE_TITLE)
            continue;
        if (!open) dh_buf_puts(r->out, "<nav aria-label=\"Headings\"><ul>\n");
        open = true;
        dh_buf_printf(r->out, "<li class=\"l%u\"", (unsigned)a->blocks->ptr[i].level);
        dh_report_dir(r->out, a->texts[i]);
        dh_buf_printf(r->out, "><a href=\"#a%u\">", (unsigned)i + 1);
        dh_report_text(r->out, a->texts[i]);
        dh_buf_puts(r->out, "</a></li>\n");
    }
    if (open) dh_buf_puts(r->out, "</ul></nav>\n");
}

/* The headline, when it is known from elsewhere and no kept block is it. */
static void put_title(dh_report *r) {
    const dh_article *a = r->article;
    for (uint32_t i = 0; i < a->blocks->len; i++)
        if (a->decisions[i].role == DH_ROLE_TITLE && a->decisions[i].verdict == DH_KEEP) return;
    dh_slice title = dh_head_title(a);
    if (title.len == 0) return;
    dh_buf_puts(r->out, "<h2");
    dh_report_dir(r->out, title);
    dh_buf_putc(r->out, '>');
    dh_report_text(r->out, title);
    dh_buf_puts(r->out, "</h2>\n");
}

void dh_report_article(dh_report *r) {
    const dh_article *a = r->article;
    group open = GROUP_NONE;
    bool any = false;
    dh_buf_puts(r->out,
                "<section class=\"article\">\n<h2 class=\"part\" dir=\"ltr\">Article</h2>\n");
    put_contents(r);
    dh_buf_puts(r->out, "<article>\n");
    put_title(r);
    for (uint32_t i = 0; i < a->blocks->len; i++) {
        const dh_block *block = &a->blocks->ptr[i];
        bool image = (block->flags & DH_BLOCK_IMAGE) != 0;
        if (a->decisions[i].verdict != DH_KEEP || (a->texts[i].len == 0 && !image)) continue;
        any = true;
        group g = a->decisions[i].role == DH_ROLE_TITLE ? GROUP_NONE : group_of(block);
        bool first = (block->flags & DH_BLOCK_LIST_START) != 0 && block->level <= 1;
        if (open != GROUP_NONE && (g != open || first)) {
            dh_buf_printf(r->out, "</%s>\n", group_tag(open));
            open = GROUP_NONE;
        }
        if (g != open) dh_buf_printf(r->out, "<%s>\n", group_tag(g));
        open = g;
        put_kept(r, i);
    }
    if (open != GROUP_NONE) dh_buf_printf(r->out, "</%s>\n", group_tag(open));
    if (!any) dh_buf_puts(r->out, "<p class=\"none\" dir=\"ltr\">Nothing was kept.</p>\n");
    dh_buf_puts(r->out, "</article>\n</section>\n");
}

/* How many removed or replaced spans begin less how many end at each byte: spans may overlap and
 * come in any order, and this is linear in both. */
static int32_t *depths_of(const dh_report *r, uint32_t i) {
    const dh_article *a = r->article;
    size_t len = a->blocks->ptr[i].text.len;
    int32_t *depths = dh_arena_zalloc(r->arena, len + 1, sizeof *depths);
    const dh_decision *d = &a->decisions[i];
    uint32_t n = 0;
    for (uint32_t m = d->first_span; m < a->marks->len && n < d->spans;
         m = a->marks->ptr[m].next_span, n++) {
        const dh_mark *mark = &a->marks->ptr[m];
        size_t end = mark->end < len ? mark->end : len;
        if (mark->verdict == DH_KEEP || mark->begin >= end) continue;
        depths[mark->begin]++;
        depths[end]--;
    }
    return depths;
}

/* The block's text with what was taken out of it struck through. */
static void put_partly(dh_report *r, uint32_t i) {
    dh_slice text = r->article->blocks->ptr[i].text;
    const int32_t *depths = depths_of(r, i);
    int32_t depth = 0;
    size_t from = 0;
    for (size_t at = 0; at <= text.len; at++) {
        int32_t next = depth + depths[at];
        if (at < text.len && (next > 0) == (depth > 0)) {
            depth = next;
            continue;
        }
        if (at > from) {
            if (depth > 0) dh_buf_puts(r->out, "<del>");
            dh_report_text(r->out, dh_slice_sub(text, from, at));
            if (depth > 0) dh_buf_puts(r->out, "</del>");
        }
        from = at;
        depth = next;
    }
}

static void put_deciding(dh_report *r, uint32_t i) {
    dh_buf_reset(&r->words);
    dh_reason_put_block(&r->words, r->article, i);
    dh_report_text(r->out, dh_buf_slice(&r->words));
}

/* What moved the classifier, when it decided and was asked. */
static void put_moved(dh_report *r, uint32_t i, const char *before, const char *after) {
    const dh_article *a = r->article;
    uint32_t m = a->decisions[i].mark;
    if (m >= a->marks->len || a->marks->ptr[m].moved.len == 0) return;
    dh_buf_puts(r->out, before);
    dh_report_text(r->out, a->marks->ptr[m].moved);
    dh_buf_puts(r->out, after);
}

static void put_also(dh_report *r, uint32_t i, const char *before, const char *after) {
    const dh_article *a = r->article;
    for (uint32_t k = r->reasons.begin[i]; k < r->reasons.begin[i + 1]; k++) {
        uint32_t m = r->reasons.order[k];
        if (m == a->decisions[i].mark) continue;
        dh_buf_puts(r->out, before);
        dh_buf_reset(&r->words);
        dh_reason_put(&r->words, &a->marks->ptr[m], a->blocks->ptr[i].text);
        dh_report_text(r->out, dh_buf_slice(&r->words));
        dh_buf_puts(r->out, after);
    }
}

static void put_kind(dh_report *r, uint32_t i) {
    const dh_block *block = &r->article->blocks->ptr[i];
    dh_role role = r->article->decisions[i].role;
    for (const char *p = dh_block_kind_name(block); *p != '\0'; p++)
        dh_buf_putc(r->out, *p == '_' ? ' ' : *p);
    if (block->level > (block->kind == DH_BLOCK_LIST_ITEM ? 1 : 0))
        dh_buf_printf(r->out, " %u", (unsigned)block->level);
    if (role != DH_ROLE_BODY) dh_buf_printf(r->out, ", %s", dh_role_name(role));
}

static void put_block(dh_report *r, uint32_t i) {
    const dh_article *a = r->article;
    const dh_block *block = &a->blocks->ptr[i];
    bool kept = a->decisions[i].verdict == DH_KEEP;
    unsigned number = (unsigned)i + 1;
    dh_buf_printf(r->out, "<li id=\"b%u\" class=\"b %s k-%s\" title=\"", number,
                  dh_report_class((dh_report_tint)r->tints[i]), dh_block_kind_name(block));
    put_deciding(r, i);
    put_moved(r, i, "\n", "");
    put_also(r, i, "\nalso ", "");
    dh_buf_puts(r->out, "\"><div class=\"t\"");
    dh_report_dir(r->out, block->text);
    dh_buf_putc(r->out, '>');
    if (r->tints[i] == DH_TINT_PARTLY) put_partly(r, i);
    else dh_report_text(r->out, block->text);
    put_images(r, block);
    dh_buf_printf(r->out, "</div><div class=\"w\" dir=\"ltr\"><a href=\"#%c%u\">%u</a> <i>",
                  kept ? 'a' : 'b', number, number);
    put_kind(r, i);
    dh_buf_puts(r->out, "</i> <span>");
    put_deciding(r, i);
    dh_buf_puts(r->out, "</span>");
    put_moved(r, i, "<span class=\"also\">", "</span>");
    put_also(r, i, "<span class=\"also\">also ", "</span>");
    dh_buf_puts(r->out, "</div></li>\n");
}

void dh_report_page(dh_report *r) {
    dh_buf_printf(r->out,
                  "<section class=\"page\">\n<h2 class=\"part\" dir=\"ltr\">Page: %u blocks in "
                  "reading order</h2>\n<ol>\n",
                  (unsigned)r->article->blocks->len);
    for (uint32_t i = 0; i < r->article->blocks->len; i++) put_block(r, i);
    dh_buf_puts(r->out, "</ol>\n</section>\n");
}
