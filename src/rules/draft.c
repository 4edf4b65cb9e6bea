/* SPDX-License-Identifier: Apache-2.0 */
/* draft: every candidate is tried on all pages; what holds on each of them becomes a line. */
#include "rules/draft.h"

#include "base/utf8.h"
#include "text/clean.h"

enum {
    LEAST_COVER = 60,  /* percent of the article's characters that a container holds on every page */
    HEARTS = 4,        /* the longest paragraphs of a page, */
    ABOVE = 12,        /* whose ancestors are tried */
    MAX_TRIES = 300,   /* selectors */
    MAX_CONTAINERS = 4,
    TWO_STEPS = 15,    /* a selector that leans on an ancestor is as good as one so much longer */
    MAX_REMOVED = 20,  /* lines */
    SHOWN = 60,        /* bytes of a text in a comment */
    LONG_PHRASE = 90,
    SHORT_ELEMENT = 24 /* nodes of an element that may hold an author's name */
};

/* ---- texts ---- */

static dh_slice shortened(dh_slice text, size_t most) {
    if (text.len <= most) return text;
    while (most > 0 && ((unsigned char)text.ptr[most] & 0xC0) == 0x80) most--;
    return dh_slice_sub(text, 0, most);
}

void dh_draft_put_phrase(dh_buf *out, dh_slice text) {
    dh_slice part = shortened(text, LONG_PHRASE);
    dh_buf_putc(out, '"');
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        if (c == '"' || c == '\\' || c == '*') dh_buf_putc(out, '\\');
        dh_buf_putc(out, c == '\n' || c == '\t' ? ' ' : c);
    }
    dh_buf_puts(out, part.len < text.len ? "*\"" : "\"");
}

static void put_comment_text(dh_buf *out, dh_slice text) {
    dh_slice part = shortened(text, SHOWN);
    for (size_t i = 0; i < part.len; i++)
        dh_buf_putc(out, part.ptr[i] == '\n' || part.ptr[i] == '\t' ? ' ' : part.ptr[i]);
    if (part.len < text.len) dh_buf_puts(out, " ...");
}

static dh_slice text_of(const dh_draft *draft, const dh_draft_page *page, uint32_t node) {
    dh_buf text;
    dh_buf_init(&text, draft->arena, 0);
    dh_dom_inner_text(page->dom, node, &text);
    return dh_slice_trim(dh_text_clean(dh_buf_slice(&text), DH_SPACE_FOLD, draft->arena, NULL, 0));
}

static dh_slice key_of(const dh_draft *draft, dh_slice text) {
    return dh_text_key(text, true, draft->arena);
}

/* ---- blocks ---- */

static uint32_t place_of(const dh_block *block) {
    return block->first_text != DH_NO_NODE ? block->first_text : block->node;
}

static bool is_body(const dh_draft_page *page, uint32_t b) {
    return page->decisions[b].verdict == DH_KEEP && page->decisions[b].role == DH_ROLE_BODY &&
           b != page->title_block && page->blocks->ptr[b].chars > 0;
}

static bool is_seen(const dh_block *block) {
    return block->chars > 0 && !(block->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT));
}

static bool in_nodes(const dh_draft_page *page, const dh_node_list *nodes, uint32_t place) {
    for (uint32_t i = 0; place != DH_NO_NODE && i < nodes->len; i++)
        if (dh_dom_inside(page->dom, place, nodes->ptr[i])) return true;
    return false;
}

typedef struct amounts {
    uint64_t kept, all_kept, dropped; /* characters: of the article inside, of it at all, others inside */
} amounts;

static amounts amounts_in(const dh_draft_page *page, const dh_node_list *nodes) {
    amounts sum = {0};
    for (uint32_t b = 0; b < page->blocks->len; b++) {
        const dh_block *block = &page->blocks->ptr[b];
        bool inside = in_nodes(page, nodes, place_of(block));
        if (is_body(page, b)) {
            sum.all_kept += block->chars;
            sum.kept += inside ? block->chars : 0;
        } else if (inside && is_seen(block) && b != page->title_block) {
            sum.dropped += block->chars;
        }
    }
    return sum;
}

/* ---- the article ---- */

/* Where the longest paragraph of the article is that has fewer than *chars characters, which become
 * its own: the extractor errs about long ones least. */
static uint32_t heart_of(const dh_draft_page *page, uint32_t *chars) {
    uint32_t best = UINT32_MAX;
    for (uint32_t b = 0; page->dom != NULL && b < page->blocks->len; b++) {
        if (!is_body(page, b) || page->blocks->ptr[b].node == DH_NO_NODE) continue;
        if (page->blocks->ptr[b].chars >= *chars) continue;
        if (best == UINT32_MAX || page->blocks->ptr[b].chars > page->blocks->ptr[best].chars) best = b;
    }
    if (best == UINT32_MAX) return DH_NO_NODE;
    uint32_t node = page->blocks->ptr[best].node;
    *chars = page->blocks->ptr[best].chars;
    bool own = page->blocks->ptr[best].kind == DH_BLOCK_PARAGRAPH &&
               page->dom->nodes[node].tag != DH_TAG_div;
    return own ? dh_dom_parent(page->dom, node) : node;
}

static int64_t length_of(dh_slice selector) {
    return (int64_t)selector.len + (dh_slice_has(selector, DH_SLICE(" ")) ? TWO_STEPS : 0);
}

/* How well the selector does on a page; 0: it selects nothing there; below: something else. */
static int64_t page_score(const dh_draft *draft, const dh_draft_page *page, dh_slice selector) {
    dh_node_list nodes = dh_draft_select(draft, page, selector);
    if (nodes.len == 0) return 0;
    amounts sum = amounts_in(page, &nodes);
    if (nodes.len > 50 || sum.kept * 100 < sum.all_kept * LEAST_COVER || sum.kept == 0) return -1;
    int64_t score = 300 + (int64_t)(sum.kept * 1000 / sum.all_kept) -
                    (int64_t)(sum.dropped * 3000 / (sum.kept + sum.dropped)) -
                    (int64_t)(nodes.len - 1) * 100;
    return score > 1 ? score : 1;
}

/* Over the pages that have no container yet; 0: does not do. Elsewhere it must not select anything
 * but an article, for the first line that selects something counts. */
static int64_t container_score(const dh_draft *draft, dh_slice selector, const bool *done) {
    int64_t score = 0;
    for (uint32_t p = 0; p < draft->len; p++) {
        if (draft->pages[p].dom == NULL) continue;
        int64_t here = page_score(draft, &draft->pages[p], selector);
        if (here < 0) return 0;
        if (!done[p]) score += here;
    }
    return score > 0 ? score * 4 - length_of(selector) : 0;
}

static dh_slice find_container(const dh_draft *draft, const dh_selectors *tries, const bool *done) {
    dh_slice best = {NULL, 0};
    int64_t best_score = 0;
    for (uint32_t i = 0; i < tries->len; i++) {
        int64_t score = container_score(draft, tries->ptr[i], done);
        if (score <= best_score) continue;
        best = tries->ptr[i];
        best_score = score;
    }
    return best;
}

/* One for all pages, or several where the pages are of several designs. */
static void find_containers(const dh_draft *draft, dh_selectors *out) {
    dh_selectors tries = {0};
    bool *done = dh_arena_zalloc(draft->arena, draft->len, sizeof *done);
    for (uint32_t p = 0; p < draft->len; p++) {
        uint32_t chars = UINT32_MAX;
        for (int k = 0; k < HEARTS && tries.len < MAX_TRIES; k++) {
            uint32_t up = heart_of(&draft->pages[p], &chars);
            for (int level = 0; level < ABOVE && up != DH_NO_NODE; level++) {
                dh_draft_selectors(draft->pages[p].dom, up, draft->arena, &tries);
                up = dh_dom_parent(draft->pages[p].dom, up);
            }
        }
    }
    while (out->len < MAX_CONTAINERS) {
        dh_slice best = find_container(draft, &tries, done);
        if (best.len == 0) return;
        *DH_PUSH(draft->arena, *out) = best;
        for (uint32_t p = 0; p < draft->len; p++)
            if (draft->pages[p].dom != NULL && page_score(draft, &draft->pages[p], best) > 0)
                done[p] = true;
    }
}

/* What the first of them that selects something selects. */
static dh_node_list containers_of(const dh_draft *draft, const dh_draft_page *page,
                                  const dh_selectors *containers) {
    dh_node_list nodes = {0};
    for (uint32_t i = 0; i < containers->len && nodes.len == 0; i++)
        nodes = dh_draft_select(draft, page, containers->ptr[i]);
    return nodes;
}

static void put_article(const dh_draft *draft, const dh_selectors *containers, dh_buf *out) {
    for (uint32_t p = 0; p < draft->len; p++) {
        const dh_draft_page *page = &draft->pages[p];
        if (page->dom == NULL) continue;
        dh_node_list nodes = containers_of(draft, page, containers);
        amounts sum = amounts_in(page, &nodes);
        uint64_t share = sum.all_kept > 0 ? sum.kept * 100 / sum.all_kept : 0;
        dh_buf_printf(out, "# %u %% of the extractor's article, %llu other characters: %s\n",
                      (unsigned)share, (unsigned long long)sum.dropped, page->name);
    }
    if (containers->len == 0)
        dh_buf_puts(out, "# No element was found that holds the article: the extractor decides.\n"
                         "# article: .story-body\n");
    for (uint32_t i = 0; i < containers->len; i++) {
        dh_buf_puts(out, "article: ");
        dh_buf_put_slice(out, containers->ptr[i]);
        dh_buf_putc(out, '\n');
    }
}

/* ---- fields ---- */

typedef struct field_try {
    const char *verb;
    dh_field_kind kind;
    /* Whether node says the value. *exact: and nothing else. */
    bool (*says)(const dh_draft *draft, const dh_draft_page *page, uint32_t node, dh_slice value,
                 bool *exact);
} field_try;

static bool says_text(const dh_draft *draft, const dh_draft_page *page, uint32_t node, dh_slice value,
                      bool *exact) {
    if (page->dom->nodes[node].end - node > SHORT_ELEMENT) return false;
    dh_tag tag = page->dom->nodes[node].tag;
    if (tag == DH_TAG_title || tag == DH_TAG_script || tag == DH_TAG_head || tag == DH_TAG_style)
        return false;
    dh_slice key = key_of(draft, text_of(draft, page, node)), want = key_of(draft, value);
    *exact = dh_slice_eq(key, want);
    return want.len > 0 && key.len <= want.len + 40 && dh_slice_has(key, want);
}

static bool says_title(const dh_draft *draft, const dh_draft_page *page, uint32_t node,
                       dh_slice value, bool *exact) {
    return says_text(draft, page, node, value, exact) && *exact;
}

static bool says_date(const dh_draft *draft, const dh_draft_page *page, uint32_t node, dh_slice value,
                      bool *exact) {
    (void)draft;
    dh_tag tag = page->dom->nodes[node].tag;
    bool is_time = tag == DH_TAG_time;
    if (!is_time && tag != DH_TAG_meta) return false;
    dh_slice said = dh_dom_attr_value(page->dom, node,
                                      is_time ? DH_SLICE("datetime") : DH_SLICE("content"));
    *exact = is_time;
    return value.len >= 10 && dh_slice_starts(said, dh_slice_sub(value, 0, 10));
}

static const field_try field_tries[] = {
    {"title", DH_FIELD_title, says_title},
    {"author", DH_FIELD_author, says_text},
    {"date", DH_FIELD_published, says_date},
};

static void tries_for(const dh_draft *draft, const field_try *f, dh_selectors *tries) {
    for (uint32_t p = 0; p < draft->len && tries->len < 100; p++) {
        const dh_draft_page *page = &draft->pages[p];
        dh_slice value = dh_fields_value(page->fields, f->kind);
        uint32_t found = 0;
        for (uint32_t n = 0; page->dom != NULL && value.len > 0 && n < page->dom->len && found < 8; n++) {
            bool exact;
            if (!dh_dom_is_element(page->dom, n) || !f->says(draft, page, n, value, &exact)) continue;
            dh_draft_selectors(page->dom, n, draft->arena, tries);
            found++;
        }
    }
}

/* Pages with the value on which the first selected element says it; *pages: those with the value. */
static int64_t field_score(const dh_draft *draft, const field_try *f, dh_slice selector,
                           uint32_t *pages) {
    int64_t score = 0;
    *pages = 0;
    for (uint32_t p = 0; p < draft->len; p++) {
        const dh_draft_page *page = &draft->pages[p];
        dh_slice value = dh_fields_value(page->fields, f->kind);
        if (page->dom == NULL || value.len == 0) continue;
        dh_node_list nodes = dh_draft_select(draft, page, selector);
        bool exact = false;
        if (nodes.len == 0 || !f->says(draft, page, nodes.ptr[0], value, &exact)) return -1;
        ++*pages;
        score += 1000 + (exact ? 400 : 0) - (nodes.len > 1 ? 150 : 0);
    }
    return score > 0 ? score - length_of(selector) : -1;
}

static void put_field(const dh_draft *draft, const field_try *f, dh_buf *out) {
    dh_selectors tries = {0};
    dh_slice best = {NULL, 0}, value = {NULL, 0};
    int64_t best_score = 0;
    uint32_t pages = 0, best_pages = 0;
    for (uint32_t p = 0; p < draft->len && value.len == 0; p++)
        value = dh_fields_value(draft->pages[p].fields, f->kind);
    tries_for(draft, f, &tries);
    for (uint32_t i = 0; i < tries.len; i++) {
        int64_t score = field_score(draft, f, tries.ptr[i], &pages);
        if (score <= best_score) continue;
        best = tries.ptr[i];
        best_score = score;
        best_pages = pages;
    }
    if (best.len == 0) {
        dh_buf_printf(out, "# %s: no element says it on every page", f->verb);
        if (value.len > 0) dh_buf_puts(out, "; without a line it is \"");
        if (value.len > 0) put_comment_text(out, value);
        dh_buf_puts(out, value.len > 0 ? "\"\n" : "\n");
        return;
    }
    dh_buf_printf(out, "# on %u of %u pages; \"", (unsigned)best_pages, (unsigned)draft->len);
    put_comment_text(out, value);
    dh_buf_printf(out, "\"\n%s: ", f->verb);
    dh_buf_put_slice(out, best);
    dh_buf_putc(out, '\n');
}

/* ---- what goes ---- */

typedef struct removal {
    const dh_draft *draft;
    dh_selectors containers;
    dh_map said; /* selectors and keys that stand in the draft */
    uint32_t lines;
    dh_buf *out;
} removal;

/* The largest element around the block, below the container, without any of the article. */
static uint32_t furniture_of(const dh_draft_page *page, const dh_node_list *containers, uint32_t b) {
    uint32_t best = DH_NO_NODE;
    for (uint32_t up = page->blocks->ptr[b].node; up != DH_NO_NODE; up = dh_dom_parent(page->dom, up)) {
        for (uint32_t i = 0; i < containers->len; i++)
            if (containers->ptr[i] == up) return best;
        dh_node_list one = {.ptr = &up, .len = 1};
        if (amounts_in(page, &one).kept > 0) return best;
        if (page->title_block != UINT32_MAX &&
            in_nodes(page, &one, place_of(&page->blocks->ptr[page->title_block])))
            return best;
        best = up;
    }
    return DH_NO_NODE; /* not inside of the container */
}

/* The first selector that takes nothing of the article, on any page. */
static dh_slice harmless(const removal *r, const dh_draft_page *page, uint32_t node) {
    dh_selectors tries = {0};
    dh_draft_selectors(page->dom, node, r->draft->arena, &tries);
    for (uint32_t i = 0; i < tries.len && i < 12; i++) {
        bool good = true;
        for (uint32_t p = 0; p < r->draft->len && good; p++) {
            dh_node_list nodes = dh_draft_select(r->draft, &r->draft->pages[p], tries.ptr[i]);
            good = nodes.len == 0 || (nodes.len < 200 && amounts_in(&r->draft->pages[p], &nodes).kept == 0);
        }
        if (good) return tries.ptr[i];
    }
    return (dh_slice){NULL, 0};
}

static bool is_new(removal *r, dh_slice what) {
    bool added;
    dh_map_put(&r->said, what, &added);
    return added;
}

static void put_removal(removal *r, const char *verb, dh_slice value, bool quoted, const char *why,
                        dh_slice text) {
    if (r->lines >= MAX_REMOVED || !is_new(r, value)) return;
    r->lines++;
    dh_buf_printf(r->out, "# %s: ", why);
    put_comment_text(r->out, text);
    dh_buf_printf(r->out, "\n%s: ", verb);
    if (quoted) dh_draft_put_phrase(r->out, value);
    else dh_buf_put_slice(r->out, value);
    dh_buf_putc(r->out, '\n');
}

static void put_dropped(removal *r, const dh_draft_page *page) {
    dh_node_list containers = {0};
    uint32_t done_to = 0;
    if (page->dom != NULL) containers = containers_of(r->draft, page, &r->containers);
    for (uint32_t b = 0; b < page->blocks->len && r->lines < MAX_REMOVED; b++) {
        const dh_block *block = &page->blocks->ptr[b];
        const dh_label_hit *hit = &page->labels[b];
        bool exact = hit->match == DH_MATCH_EXACT && (hit->certain || page->dom == NULL);
        bool inside = page->dom == NULL || in_nodes(page, &containers, place_of(block));
        if (!inside || page->decisions[b].verdict == DH_KEEP || !is_seen(block)) continue;
        if (b == page->title_block || (page->dom != NULL && place_of(block) < done_to)) continue;
        uint32_t node = page->dom != NULL ? furniture_of(page, &containers, b) : DH_NO_NODE;
        dh_slice selector = {NULL, 0};
        if (node != DH_NO_NODE) selector = harmless(r, page, node);
        if (node != DH_NO_NODE) done_to = page->dom->nodes[node].end;
        if (selector.len > 0) {
            put_removal(r, "remove", selector, false, "not of the article", block->text);
        } else if (exact) {
            bool list = dh_label_list(hit->label);
            put_removal(r, list ? "remove block" : "remove line", block->text, true,
                        "a label the lexicon knows", dh_label_text(hit->label));
        }
    }
}

/* Short texts that stand on several pages, whatever the extractor thinks of them. */
static void put_repeated(removal *r) {
    dh_map seen;
    dh_map_init(&seen, r->draft->arena, 0);
    for (uint32_t p = 0; p < r->draft->len; p++) {
        const dh_draft_page *page = &r->draft->pages[p];
        for (uint32_t b = 0; b < page->blocks->len; b++) {
            const dh_block *block = &page->blocks->ptr[b];
            bool of_text = page->dom == NULL && block->chars > 0;
            if ((!is_body(page, b) && !of_text) || block->chars > 200 || block->chars < 3) continue;
            uint32_t *first = dh_map_put(&seen, key_of(r->draft, block->text), NULL);
            if (*first != 0 && *first != p + 1)
                put_removal(r, "remove line", block->text, true, "on several pages", block->text);
            *first = p + 1;
        }
    }
}

void dh_draft_write(const dh_draft *draft, dh_buf *out) {
    dh_buf_puts(out, draft->site.len > 0 ? "site: " : "# No page says its address.\n# site: ");
    dh_buf_put_slice(out, draft->site.len > 0 ? draft->site : DH_SLICE("news.example"));
    dh_buf_puts(out, "\n\n");
    bool any_tree = false;
    for (uint32_t p = 0; p < draft->len; p++) any_tree |= draft->pages[p].dom != NULL;
    removal r = {.draft = draft, .out = out};
    dh_map_init(&r.said, draft->arena, 0);
    if (any_tree) {
        find_containers(draft, &r.containers);
        put_article(draft, &r.containers, out);
        for (size_t i = 0; i < sizeof field_tries / sizeof *field_tries; i++)
            put_field(draft, &field_tries[i], out);
        dh_buf_putc(out, '\n');
    }
    for (uint32_t p = 0; p < draft->len; p++) put_dropped(&r, &draft->pages[p]);
    put_repeated(&r);
}
