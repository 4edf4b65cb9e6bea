/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that come from the tree, held against their definitions, which are slow and plain here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "blocks/blocks.h"
#include "extract/features.h"
#include "extract/hints.h"

enum { NONE = 40 };

static dh_arena arena;

/* Elements inside of each other and side by side, with names that say something, some of them deeper than
 * any distance counts. */
static void put_page(dh_buf *page, uint32_t seed) {
    static const char *const opens[] = {"<div>",
                                        "<nav>",
                                        "<div class=comments>",
                                        "<article>",
                                        "<section>",
                                        "<ul><li>",
                                        "<div class='card'>",
                                        "<aside>",
                                        "<blockquote>",
                                        "<p>",
                                        "<div id=related>",
                                        "<div class=article-body>",
                                        "<div hidden>",
                                        "<div class=tab>"};
    for (int i = 0; i < 400; i++) {
        seed = seed * 1664525u + 1013904223u;
        const uint32_t dice = seed >> 24;
        if (dice < 100) {
            dh_buf_puts(page, opens[(seed >> 8) % (sizeof opens / sizeof opens[0])]);
        } else if (dice < 150) {
            dh_buf_puts(page, dice < 120 ? "</div>" : dice < 130 ? "</ul>" : "</article>");
        } else if (dice < 180) {
            dh_buf_printf(page, "<p>Scrap %u <a href=%u>and a link %u</a></p>", dice, dice, seed);
        } else {
            for (uint32_t k = 0; k < dice % 5; k++)
                dh_buf_printf(page, "A sentence of some words, and of the number %u, stands here. ",
                              seed);
        }
    }
}

typedef struct sums {
    uint32_t chars, links, blocks, longs;
} sums;

/* Over the blocks at and below id that count for `block`: hidden ones do for a hidden one. */
static sums sum_below(const dh_extract_page *page, const dh_unit *units, uint32_t id, bool hidden) {
    sums s = {0};
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        const dh_block *b = &page->blocks->ptr[i];
        if (!dh_dom_inside(page->dom, b->node != DH_NO_NODE ? b->node : 0, id)) continue;
        if (units[i].kind == DH_UNIT_GONE && !(hidden && units[i].hidden)) continue;
        s.chars += b->chars;
        s.links += b->link_chars;
        s.blocks++;
        s.longs += b->chars >= 80 && units[i].link_percent < 30;
    }
    return s;
}

static int16_t levels_to(const dh_extract_page *page, uint32_t id, dh_tag tag, uint32_t hint) {
    for (int16_t up = 0; id != DH_NO_NODE && up < NONE; up++, id = page->dom->nodes[id].parent)
        if (page->dom->nodes[id].tag == tag || (page->hints[id] & hint) != 0) return up;
    return NONE;
}

static uint32_t named_above(const dh_extract_page *page, uint32_t id, uint32_t hints) {
    uint32_t n = 0;
    for (; id != DH_NO_NODE; id = page->dom->nodes[id].parent) n += (page->hints[id] & hints) != 0;
    return n;
}

static void check_names(const dh_extract_page *page, uint32_t id, const int16_t *row) {
    assert_int_equal(row[DH_FEATURE_to_nav], levels_to(page, id, DH_TAG_nav, 0));
    assert_int_equal(row[DH_FEATURE_to_article], levels_to(page, id, DH_TAG_article, 0));
    assert_int_equal(row[DH_FEATURE_to_list], levels_to(page, id, DH_TAG_ul, 0));
    assert_int_equal(row[DH_FEATURE_to_quote], levels_to(page, id, DH_TAG_blockquote, 0));
    for (int bit = 0; bit < 32; bit++)
        assert_int_equal(row[DH_FEATURE_hint_nav + bit],
                         levels_to(page, id, DH_TAG_COUNT, UINT32_C(1) << bit));
    assert_int_equal(row[DH_FEATURE_bad_above], named_above(page, id, DH_HINTS_BAD));
    assert_int_equal(row[DH_FEATURE_good_above],
                     named_above(page, id, DH_HINT_ARTICLE | DH_HINT_BODY));
    uint32_t up = page->dom->nodes[id].parent, siblings = up == DH_NO_NODE;
    for (uint32_t c = up != DH_NO_NODE ? dh_dom_first(page->dom, up) : DH_NO_NODE; c != DH_NO_NODE;
         c = dh_dom_next(page->dom, c))
        siblings += dh_dom_is_element(page->dom, c);
    assert_int_equal(row[DH_FEATURE_siblings], siblings < 100 ? siblings : 100);
}

static void check_sums(const dh_extract_page *page, const dh_unit *units, uint32_t id, bool hidden,
                       const int16_t *row) {
    const dh_node *nodes = page->dom->nodes;
    sums all = sum_below(page, units, 0, hidden), own = sum_below(page, units, id, hidden);
    assert_int_equal(row[DH_FEATURE_c0_chars], own.chars / 10);
    assert_int_equal(row[DH_FEATURE_c0_blocks], own.blocks);
    assert_int_equal(row[DH_FEATURE_c0_links], own.chars > 0 ? own.links * 100 / own.chars : 0);
    uint32_t up = nodes[id].parent != DH_NO_NODE ? nodes[id].parent : id;
    sums above = sum_below(page, units, up, hidden);
    assert_int_equal(row[DH_FEATURE_c1_blocks], above.blocks);
    assert_int_equal(row[DH_FEATURE_c1_long],
                     above.blocks > 0 ? above.longs * 100 / above.blocks : 0);
    assert_int_equal(row[DH_FEATURE_c1_share], all.chars > 0 ? above.chars * 1000 / all.chars : 0);
    for (uint32_t at = id; at != DH_NO_NODE; at = nodes[at].parent) {
        if (nodes[at].parent != page->container) continue;
        sums branch = sum_below(page, units, at, hidden);
        assert_int_equal(row[DH_FEATURE_b_chars], branch.chars / 10);
        assert_int_equal(row[DH_FEATURE_b_blocks], branch.blocks);
        return;
    }
    assert_int_equal(row[DH_FEATURE_b_blocks], 0);
}

/* The blocks that were checked. */
static uint32_t check_page(dh_slice text, uint32_t *hidden_ones, int16_t *deepest) {
    dh_limits limits = dh_limits_default();
    dh_dom dom;
    dh_blocks blocks;
    assert_int_equal(dh_dom_parse(&dom, text, &limits, &arena, NULL), DH_OK);
    dh_blocks_of_dom(&blocks, &dom, &limits, &arena);
    bool *hidden = dh_arena_zalloc(&arena, blocks.len, sizeof *hidden);
    for (uint32_t i = 0; i < blocks.len; i++)
        hidden[i] = (blocks.ptr[i].flags & DH_BLOCK_HIDDEN) != 0;
    dh_extract_page page = {.dom = &dom,
                            .blocks = &blocks,
                            .labels = dh_arena_zalloc(&arena, blocks.len, sizeof(dh_label_hit)),
                            .gone = dh_arena_zalloc(&arena, blocks.len, sizeof(bool)),
                            .hidden = hidden,
                            .title_block = UINT32_MAX,
                            .arena = &arena,
                            .roles = dh_arena_zalloc(&arena, blocks.len, sizeof(dh_role))};
    dh_unit *units = dh_units_of(&page);
    dh_extract_tree(&page, units);
    dh_features *features = dh_features_new(&page, units);
    for (uint32_t i = 0; i < blocks.len; i++) {
        int16_t row[DH_FEATURE_COUNT];
        uint32_t id = blocks.ptr[i].node != DH_NO_NODE ? blocks.ptr[i].node : 0;
        dh_features_row(features, i, row);
        check_names(&page, id, row);
        check_sums(&page, units, id, units[i].hidden, row);
        *hidden_ones += units[i].hidden;
        if (row[DH_FEATURE_depth] > *deepest) *deepest = row[DH_FEATURE_depth];
    }
    dh_features_free(features);
    return blocks.len;
}

static void test_definitions(void **state) {
    (void)state;
    uint32_t blocks = 0, hidden = 0;
    int16_t deepest = 0;
    for (uint32_t seed = 0; seed < 20; seed++) {
        dh_buf page;
        dh_arena_reset(&arena);
        dh_buf_init(&page, &arena, 0);
        put_page(&page, seed);
        dh_buf_cstr(&page);
        blocks += check_page(dh_buf_slice(&page), &hidden, &deepest);
    }
    /* The pages had what there is to find. */
    assert_true(blocks > 1000 && hidden > 10 && deepest > NONE + 10);
    dh_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definitions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
