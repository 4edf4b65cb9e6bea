/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a label: lines of text by their shape alone, HTML by a tree written as rows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/utf8.h"
#include "blocks/label_list.h"

enum { MAX_BLOCKS = 64 };

static dh_block line(const char *text) {
    dh_slice s = dh_slice_cstr(text);
    return (dh_block){.text = s,
                      .kind = DH_BLOCK_PARAGRAPH,
                      .flags = DH_BLOCK_LINE,
                      .node = DH_NO_NODE,
                      .first_text = DH_NO_NODE,
                      .chars = (uint32_t)dh_utf8_count(s)};
}

#define PROSE                                                                                      \
    "The union said on Monday that its members would not return to the docks before a new offer " \
    "is on the table. Talks resume on Thursday in the town hall."
#define LONG_ITEM                                                                                 \
    "Minister after meeting the president: we support the country's security and stability and " \
    "are against every attack on civilians wherever it may come from"
#define AR_ITEM "مسؤول إسرائيلي لأكسيوس: محمد السنوار أعطى موافقة على الصفقة"

typedef struct text_case {
    const char *name;
    const char *lines[16];
    uint32_t label, end;
    const char *labels; /* one letter a line, 'L': a label */
} text_case;

static const text_case texts[] = {
    {"label is last", {"a", "Most read"}, 1, 2, NULL},
    {"items to the end", {PROSE, "Most read", "Storm hits coast", "Cup final tonight"}, 1, 4, NULL},
    {"up to prose", {"Read also", "Storm hits the northern coast", PROSE}, 0, 2, NULL},
    {"prose at once: nothing", {"Read also", PROSE}, 0, 1, NULL},
    {"short sentence ends it", {"Read also", "Storm hits coast", "He agreed at once."}, 0, 2, NULL},
    {"question and exclamation are headlines",
     {"Read also", "Will the storm hit us?", "They won the cup!", PROSE}, 0, 3, NULL},
    {"dots at the end are a headline", {"Read also", "Inside the storm...", PROSE}, 0, 2, NULL},
    {"subhead before prose is given back",
     {"Read also", "Storm hits the northern coast tonight", "Cup final moves to Saturday evening",
      "The deal", PROSE}, 0, 3, NULL},
    {"one item alone is no subhead", {"Read also", "The deal", PROSE}, 0, 2, NULL},
    {"known label ends it", {"Most read", "One", "Latest", "Two"}, 0, 2, "L.L."},
    {"unknown label is an item", {"Most read", "One", "Latest", "Two"}, 0, 4, NULL},
    {"dashes: long items", {PROSE, "Now read", "-", LONG_ITEM, "-", LONG_ITEM}, 1, 6, NULL},
    {"dashes: sentences", {"Now read", "-", PROSE, "-", "He agreed."}, 0, 5, NULL},
    {"dashes: prose without one ends it",
     {"Now read", "-", "One", "-", "Two", PROSE, PROSE}, 0, 5, NULL},
    {"dashes: unknown label between", {"Now read", "-", "One", "Most read", "-", "Two"}, 0, 6, NULL},
    {"dashes: known label between", {"Now read", "-", "One", "Most read", "-", "Two"}, 0, 3, "L..L"},
    {"ticker", {"Urgent", "-", "14:54", LONG_ITEM ".", "-", "14:53", LONG_ITEM "."}, 0, 7, NULL},
    {"ticker, Arabic digits", {"عاجل", "١٤:٥٤", AR_ITEM, "١٤:٥٣", AR_ITEM}, 0, 5, NULL},
    {"ticker with half days", {"عاجل", "2:54 م", AR_ITEM, "2:53 م", AR_ITEM}, 0, 5, NULL},
    {"time below the item",
     {"Urgent", LONG_ITEM ".", "14:54", LONG_ITEM ".", "14:53", PROSE, "x"}, 0, 5, NULL},
    {"scene break is no separator of items", {"Read also", "Storm hits coast", "***", PROSE}, 0, 3,
     NULL},
    {"ranks", {"Most read", "1.", "Storm hits coast", "2.", "Cup final tonight"}, 0, 5, NULL},
    {"Chinese prose", {"相关新闻", "台风登陆",
      "工会星期一表示，在新的方案提出之前，其成员不会返回码头工作。谈判将于星期四在市政厅恢复举行，双方都希望"
      "尽快达成协议。市长呼吁双方保持冷静。"}, 0, 2, NULL},
    {"empty line texts do not crash", {"", "", ""}, 0, 3, NULL},
};

static void text_lists(void **state) {
    (void)state;
    int bad = 0;
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        const text_case *c = &texts[t];
        dh_block all[16];
        uint8_t is_label[16] = {0};
        dh_blocks blocks = {.ptr = all};
        while (blocks.len < 16 && c->lines[blocks.len] != NULL) {
            all[blocks.len] = line(c->lines[blocks.len]);
            blocks.len++;
        }
        for (size_t i = 0; c->labels != NULL && c->labels[i] != 0; i++)
            is_label[i] = c->labels[i] == 'L';
        uint32_t end =
            dh_label_list_end(&blocks, NULL, c->label, c->labels != NULL ? is_label : NULL);
        if (end == c->end) continue;
        bad++;
        fprintf(stderr, "%s: ends at %u, not %u\n", c->name, end, c->end);
    }
    assert_int_equal(bad, 0);
}

/* A row is an element; with text it is a block too. */
typedef struct row {
    int depth;
    dh_tag tag;
    const char *text;
    bool linked;
} row;

typedef struct tree_case {
    const char *name;
    row rows[24];
    const char *label; /* text of the label's block */
    const char *last;  /* text of the last block taken */
} tree_case;

#define R(depth, tag, text) {depth, DH_TAG_##tag, text, false}
#define A(depth, tag, text) {depth, DH_TAG_##tag, text, true}

static const tree_case trees[] = {
    {"own section, whatever its lines",
     {R(0, body, NULL), R(1, p, PROSE), R(1, section, NULL), R(2, h3, "Related"), R(2, p, "One."),
      R(2, p, "Two"), R(1, p, "He agreed.")},
     "Related", "Two"},
    {"wrapped heading",
     {R(0, body, NULL), R(1, p, PROSE), R(1, section, NULL), R(2, div, NULL), R(3, h3, "Related"),
      R(2, ul, NULL), A(3, li, "One"), A(3, li, "Two"), R(1, p, PROSE)},
     "Related", "Two"},
    {"siblings in running text: linked only",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, PROSE), R(2, p, "Read also"), A(2, p, "One"),
      A(2, p, "Two"), R(2, p, "A subhead"), R(2, p, PROSE)},
     "Read also", "Two"},
    {"equal heading ends it",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, PROSE), R(2, h3, "Related"), A(2, p, "One"),
      R(2, h3, "What next"), R(2, p, PROSE)},
     "Related", "One"},
    {"linked headings are items",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, PROSE), R(1, aside, NULL), R(2, h3, "Related"),
      A(2, h3, "One"), A(2, h3, "Two"), R(1, p, PROSE)},
     "Related", "Two"},
    {"first of everything: stops at the headline",
     {R(0, body, NULL), R(1, div, NULL), R(2, h3, "Latest"), R(2, ul, NULL), A(3, li, "One"),
      R(2, h1, "Strike ends"), R(2, p, PROSE)},
     "Latest", "One"},
    {"first of the article: only what is surely a list",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, "Read also"), A(2, p, "One"), R(2, p, "He left."),
      R(2, p, PROSE)},
     "Read also", "One"},
    {"teasers with summaries",
     {R(0, body, NULL), R(1, p, PROSE), R(1, aside, NULL), R(2, h3, "Related"), R(2, div, NULL),
      A(3, h4, "One"), R(3, p, PROSE), R(2, div, NULL), A(3, h4, "Two"), R(3, p, PROSE "2"),
      R(1, p, PROSE)},
     "Related", PROSE "2"},
    {"two paragraphs are no teaser",
     {R(0, body, NULL), R(1, p, PROSE), R(1, aside, NULL), R(2, h3, "Related"), A(2, p, "One"),
      R(2, div, NULL), A(3, h4, "Two"), R(3, p, PROSE), R(3, p, PROSE)},
     "Related", "Two"},
    {"label alone in its wrapper, list behind it",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, PROSE), R(2, div, NULL), R(3, span, "Related"),
      R(1, ul, NULL), A(2, li, "One"), A(2, li, "Two"), R(1, p, PROSE)},
     "Related", "Two"},
    {"prose at once",
     {R(0, body, NULL), R(1, div, NULL), R(2, p, PROSE), R(2, h2, "Related"), R(2, p, PROSE)},
     "Related", "Related"},
    {"last of the page",
     {R(0, body, NULL), R(1, p, PROSE), R(1, p, "Related")}, "Related", "Related"},
};

static uint32_t build(const row *rows, dh_node *nodes, dh_block *blocks, uint32_t *n_blocks) {
    uint32_t n = 0, open[16];
    *n_blocks = 0;
    for (const row *r = rows; n == 0 || r->tag != 0; r++) {
        nodes[n] = (dh_node){.tag = r->tag, .depth = (uint16_t)r->depth, .end = n + 1};
        nodes[n].parent = r->depth > 0 ? open[r->depth - 1] : DH_NO_NODE;
        open[r->depth] = n++;
        if (r->text != NULL) {
            dh_block *b = &blocks[(*n_blocks)++];
            *b = line(r->text);
            b->flags = 0;
            b->node = n - 1;
            b->first_text = n;
            if (r->linked) b->link_chars = b->chars;
            if (r->tag == DH_TAG_li) b->kind = DH_BLOCK_LIST_ITEM;
            if (dh_tag_is(r->tag, DH_T_HEADING)) {
                b->kind = DH_BLOCK_HEADING;
                b->level = (uint8_t)(r->tag - DH_TAG_h1 + 1);
            }
            nodes[n] = (dh_node){.tag = DH_TAG_TEXT, .parent = n - 1, .end = n + 1};
            n++;
        }
        for (int d = 0; d <= r->depth; d++) nodes[open[d]].end = n;
    }
    return n;
}

static void tree_lists(void **state) {
    (void)state;
    int bad = 0;
    for (size_t t = 0; t < sizeof trees / sizeof *trees; t++) {
        dh_node nodes[MAX_BLOCKS * 2];
        dh_block all[MAX_BLOCKS];
        dh_blocks blocks = {.ptr = all};
        dh_dom dom = {.nodes = nodes};
        dom.len = build(trees[t].rows, nodes, all, &blocks.len);
        uint32_t label = 0;
        while (!dh_slice_eq(all[label].text, dh_slice_cstr(trees[t].label))) label++;
        uint32_t end = dh_label_list_end(&blocks, &dom, label, NULL);
        assert_in_range(end, label + 1, blocks.len);
        if (dh_slice_eq(all[end - 1].text, dh_slice_cstr(trees[t].last))) continue;
        bad++;
        fprintf(stderr, "%s: last is \"%s\"\n", trees[t].name, all[end - 1].text.ptr);
    }
    assert_int_equal(bad, 0);
}

static void too_much(void **state) {
    (void)state;
    dh_block all[4] = {line(PROSE), line("Most read"), line(PROSE), line(PROSE)};
    dh_blocks blocks = {.ptr = all, .len = 4};
    assert_true(dh_label_list_too_much(&blocks, 1, 4));
    assert_false(dh_label_list_too_much(&blocks, 1, 3));
    all[2].link_chars = all[2].chars; /* links do not count */
    assert_false(dh_label_list_too_much(&blocks, 1, 4));
    all[0].flags |= DH_BLOCK_HIDDEN;
    assert_true(dh_label_list_too_much(&blocks, 1, 4));
    assert_false(dh_label_list_too_much(&blocks, 1, 1));
}

static void out_of_range(void **state) {
    (void)state;
    dh_blocks none = {0};
    assert_int_equal(dh_label_list_end(&none, NULL, 0, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_lists),
        cmocka_unit_test(tree_lists),
        cmocka_unit_test(too_much),
        cmocka_unit_test(out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
