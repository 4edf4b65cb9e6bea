/* SPDX-License-Identifier: Apache-2.0 */
/* features_row.c: the columns of one block. */
#include "base/utf8.h"
#include "extract/features_private.h"

static void put_signs(const dh_signs *s, int16_t *row) {
    row[DH_FEATURE_separators] = s->separators;
    row[DH_FEATURE_lines] = s->lines;
    row[DH_FEATURE_copyright] = s->copyright;
    row[DH_FEATURE_money] = s->money;
    row[DH_FEATURE_at_sign] = s->at_sign;
    row[DH_FEATURE_year] = s->year;
    row[DH_FEATURE_clock] = s->clock;
}

static int16_t starts_with(dh_slice text) {
    if (text.len == 0) return 3;
    uint32_t code;
    dh_utf8_decode(text.ptr, text.ptr + text.len, &code);
    if (dh_code_is_digit(code)) return 1;
    if (dh_code_is_letter(code)) return 0;
    return code == '"' || code == 0x201C || code == 0x201E || code == 0xAB || code == 0x300C ? 2
                                                                                             : 3;
}

/* Bold, italics and pictures. */
static void put_inlines(const dh_features *f, const dh_block *b, int16_t *row) {
    uint64_t stress = 0;
    uint32_t until = 0;
    int64_t pictures = 0;
    for (uint32_t k = 0; k < b->inline_count; k++) {
        const dh_inline *in = &f->page->blocks->inlines[b->inline_begin + k];
        pictures += in->kind == DH_INLINE_IMAGE;
        if (in->kind != DH_INLINE_STRONG && in->kind != DH_INLINE_EMPHASIS) continue;
        uint32_t from = in->begin > until ? in->begin : until;
        if (in->end <= from) continue;
        stress += in->end - from;
        until = in->end;
    }
    row[DH_FEATURE_stress] = dh_feature_cut(dh_feature_ratio(stress, b->text.len, 100));
    row[DH_FEATURE_pictures] = dh_feature_cut(pictures);
}

static void put_block(const dh_features *f, uint32_t i, int16_t *row) {
    const dh_block *b = &f->page->blocks->ptr[i];
    const dh_unit *u = &f->units[i];
    const dh_text_facts *t = &u->facts;
    const dh_label_hit *hit = &f->page->labels[i];
    row[DH_FEATURE_chars] = dh_feature_cut(b->chars);
    row[DH_FEATURE_words] = dh_feature_cut(t->words);
    row[DH_FEATURE_word_length] = dh_feature_cut(t->words > 0 ? b->chars * 10 / t->words : 0);
    row[DH_FEATURE_sentences] = dh_feature_cut(t->sentences);
    row[DH_FEATURE_commas] = dh_feature_cut(t->commas);
    row[DH_FEATURE_sentence_rate] = dh_feature_cut(dh_feature_ratio(t->sentences, b->chars, 1000));
    row[DH_FEATURE_comma_rate] = dh_feature_cut(dh_feature_ratio(t->commas, b->chars, 1000));
    row[DH_FEATURE_upper_rate] = dh_feature_cut(dh_feature_ratio(t->upper, b->chars, 1000));
    row[DH_FEATURE_digit_rate] = dh_feature_cut(dh_feature_ratio(t->digits, b->chars, 1000));
    row[DH_FEATURE_letter_rate] = dh_feature_cut(dh_feature_ratio(t->letters, b->chars, 1000));
    row[DH_FEATURE_ends_sentence] = t->ends_sentence;
    row[DH_FEATURE_ends_colon] = t->ends_colon;
    row[DH_FEATURE_starts_lower] = t->starts_lower;
    row[DH_FEATURE_starts_with] = starts_with(b->text);
    row[DH_FEATURE_unspaced] = t->unspaced * 2 > t->letters;
    row[DH_FEATURE_rtl] = t->rtl * 2 > t->letters;
    row[DH_FEATURE_repeats] = dh_feature_cut(f->text_count[f->same_text[i]]);
    row[DH_FEATURE_again] = f->same_text[i] != i;
    row[DH_FEATURE_label] = (int16_t)hit->label;
    row[DH_FEATURE_label_exact] = hit->match == DH_MATCH_EXACT    ? 2
                                  : hit->match == DH_MATCH_PREFIX ? 1
                                                                  : 0;
    put_signs(&f->signs[i], row);
    dh_word_share share = dh_word_sets_share(&f->words, b->text);
    row[DH_FEATURE_title_share] = share.title;
    if (f->dom == NULL) return;
    row[DH_FEATURE_links] = u->link_percent;
    row[DH_FEATURE_description_share] = share.description;
    row[DH_FEATURE_body_share] = share.body;
    for (uint32_t k = 0; k < b->inline_count; k++)
        row[DH_FEATURE_link_count] =
            dh_feature_cut(row[DH_FEATURE_link_count] +
                           (f->page->blocks->inlines[b->inline_begin + k].kind == DH_INLINE_LINK));
    put_inlines(f, b, row);
}

static int16_t tag_ordinal(dh_tag tag) {
    static const dh_tag order[] = {
        DH_TAG_p,       DH_TAG_li,         DH_TAG_h1,      DH_TAG_h2,     DH_TAG_h3,
        DH_TAG_h4,      DH_TAG_h5,         DH_TAG_h6,      DH_TAG_td,     DH_TAG_th,
        DH_TAG_div,     DH_TAG_blockquote, DH_TAG_pre,     DH_TAG_dt,     DH_TAG_dd,
        DH_TAG_section, DH_TAG_figcaption, DH_TAG_article, DH_TAG_body,   DH_TAG_main,
        DH_TAG_header,  DH_TAG_footer,     DH_TAG_tr,      DH_TAG_summary};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (order[i] == tag) return (int16_t)i;
    return (int16_t)(sizeof order / sizeof order[0]);
}

/* Levels from the block's element up to what holds the other one as well. */
static int16_t levels_up(const dh_features *f, uint32_t id, uint32_t other) {
    int16_t up = 0;
    for (; id != DH_NO_NODE && up < NO_ANCESTOR && !dh_dom_inside(f->dom, other, id); up++)
        id = f->dom->nodes[id].parent;
    return up;
}

static void put_container(const dh_features *f, const dh_sums *from, uint32_t id, int16_t *row,
                          int chars, int links, int blocks, int longs, int share) {
    dh_sums s = dh_feature_sums(f, from, id);
    if (chars >= 0) row[chars] = dh_feature_cut(s.chars / 10);
    row[links] = dh_feature_cut(dh_feature_ratio(s.link_chars, s.chars, 100));
    if (blocks >= 0) row[blocks] = dh_feature_cut(s.blocks);
    row[longs] = dh_feature_cut(dh_feature_ratio(s.longs, s.blocks, 100));
    if (share >= 0) row[share] = dh_feature_cut(dh_feature_ratio(s.chars, from[f->n].chars, 1000));
}

static uint32_t above(const dh_features *f, uint32_t id, int levels) {
    for (; levels > 0 && f->dom->nodes[id].parent != DH_NO_NODE; levels--)
        id = f->dom->nodes[id].parent;
    return id;
}

static void put_containers(const dh_features *f, const dh_sums *from, uint32_t id, int16_t *row) {
    put_container(f, from, id, row, DH_FEATURE_c0_chars, DH_FEATURE_c0_links, DH_FEATURE_c0_blocks,
                  DH_FEATURE_c0_long, -1);
    put_container(f, from, above(f, id, 1), row, DH_FEATURE_c1_chars, DH_FEATURE_c1_links,
                  DH_FEATURE_c1_blocks, DH_FEATURE_c1_long, DH_FEATURE_c1_share);
    put_container(f, from, above(f, id, 2), row, DH_FEATURE_c2_chars, DH_FEATURE_c2_links,
                  DH_FEATURE_c2_blocks, DH_FEATURE_c2_long, DH_FEATURE_c2_share);
    put_container(f, from, above(f, id, 3), row, DH_FEATURE_c3_chars, DH_FEATURE_c3_links, -1,
                  DH_FEATURE_c3_long, DH_FEATURE_c3_share);
    put_container(f, from, above(f, id, 5), row, -1, DH_FEATURE_c5_links, -1, DH_FEATURE_c5_long,
                  DH_FEATURE_c5_share);
    int16_t third = NO_ANCESTOR, longs = NO_ANCESTOR, up = 0;
    for (uint32_t at = id; at != DH_NO_NODE && up < NO_ANCESTOR;
         at = f->dom->nodes[at].parent, up++) {
        dh_sums s = dh_feature_sums(f, from, at);
        if (third == NO_ANCESTOR && s.chars >= from[f->n].chars / 3) third = up;
        if (longs == NO_ANCESTOR && s.longs >= 3) longs = up;
        if (third < NO_ANCESTOR && longs < NO_ANCESTOR) break;
    }
    row[DH_FEATURE_to_third] = third;
    row[DH_FEATURE_to_longs] = longs;
}

/* The child of the heuristic's container that the element is in. */
static void put_branch(const dh_features *f, const dh_sums *from, uint32_t id, uint32_t branch,
                       int16_t *row) {
    uint32_t container = f->page->container;
    row[DH_FEATURE_b_depth] = NO_ANCESTOR;
    if (!dh_dom_inside(f->dom, id, container)) return;
    row[DH_FEATURE_b_depth] =
        dh_feature_cut((int64_t)f->dom->nodes[id].depth - f->dom->nodes[container].depth);
    if (branch == 0) return;
    dh_sums s = dh_feature_sums(f, from, branch), whole = dh_feature_sums(f, from, container);
    row[DH_FEATURE_b_chars] = dh_feature_cut(s.chars / 10);
    row[DH_FEATURE_b_links] = dh_feature_cut(dh_feature_ratio(s.link_chars, s.chars, 100));
    row[DH_FEATURE_b_blocks] = dh_feature_cut(s.blocks);
    row[DH_FEATURE_b_share] = dh_feature_cut(dh_feature_ratio(s.chars, whole.chars, 1000));
}

static void put_tree(const dh_features *f, uint32_t i, int16_t *row) {
    const dh_block *b = &f->page->blocks->ptr[i];
    uint32_t id = dh_feature_node_of(f, i), up = f->dom->nodes[id].parent;
    row[DH_FEATURE_tag] = tag_ordinal(f->dom->nodes[id].tag);
    row[DH_FEATURE_kind] = (int16_t)b->kind;
    row[DH_FEATURE_level] = b->level;
    row[DH_FEATURE_depth] = dh_feature_cut(f->dom->nodes[id].depth);
    row[DH_FEATURE_hidden] = (b->flags & (DH_BLOCK_HIDDEN | DH_BLOCK_NOSCRIPT)) != 0;
    row[DH_FEATURE_siblings] = up != DH_NO_NODE ? f->children[up] : 1;
    dh_above above_it;
    dh_features_above(f, id, &above_it);
    for (int d = 0; d < DISTANCES; d++) row[DH_FEATURE_to_nav + d] = above_it.distance[d];
    row[DH_FEATURE_bad_above] = above_it.bad;
    row[DH_FEATURE_good_above] = above_it.good;
    const dh_sums *from = f->units[i].hidden ? f->sums_hidden : f->sums;
    put_containers(f, from, id, row);
    put_branch(f, from, id, above_it.branch, row);
    if (i > 0) row[DH_FEATURE_p1_up] = levels_up(f, id, dh_feature_node_of(f, i - 1));
    if (i + 1 < f->n) row[DH_FEATURE_n1_up] = levels_up(f, id, dh_feature_node_of(f, i + 1));
    const dh_alike *a = &f->alikes[f->signature[i]];
    row[DH_FEATURE_alike] = dh_feature_cut(a->blocks);
    uint64_t mean = a->chars / a->blocks;
    row[DH_FEATURE_alike_chars] = dh_feature_cut((int64_t)(mean < 2000 ? mean : 2000));
    row[DH_FEATURE_alike_links] = dh_feature_cut(dh_feature_ratio(a->link_chars, a->chars, 100));
    row[DH_FEATURE_alike_kept] = dh_feature_cut(dh_feature_ratio(a->kept, a->blocks, 100));
    row[DH_FEATURE_alike_share] =
        dh_feature_cut(dh_feature_ratio(a->long_chars, f->long_chars, 1000));
    if (i > 0) row[DH_FEATURE_p1_alike] = f->signature[i - 1] == f->signature[i];
    if (i + 1 < f->n) row[DH_FEATURE_n1_alike] = f->signature[i + 1] == f->signature[i];
}

/* Columns of a neighbour; -1 for one that is not there. */
static void put_neighbour(const dh_features *f, int64_t at, int16_t *row, int chars, int links,
                          int sentences) {
    bool there = at >= 0 && at < (int64_t)f->n;
    const dh_unit *u = there ? &f->units[at] : NULL;
    row[chars] = there ? dh_feature_cut(f->page->blocks->ptr[at].chars) : -1;
    if (links >= 0 && f->dom != NULL) row[links] = there ? u->link_percent : -1;
    if (sentences >= 0) row[sentences] = there ? dh_feature_cut(u->facts.sentences) : -1;
}

static void put_next_to(const dh_features *f, int64_t at, int16_t *row, int ends, int tag,
                        int label) {
    bool there = at >= 0 && at < (int64_t)f->n;
    row[ends] = there ? f->units[at].facts.ends_sentence : -1;
    row[label] = there ? (int16_t)f->page->labels[at].label : -1;
    if (f->dom == NULL) return;
    row[tag] = there ? tag_ordinal(f->dom->nodes[dh_feature_node_of(f, (uint32_t)at)].tag) : -1;
}

static int16_t window(const dh_features *f, const uint32_t *sum, uint32_t i, uint32_t around,
                      uint32_t scale) {
    uint32_t from = i > around ? i - around : 0, to = i + around + 1 < f->n ? i + around + 1 : f->n;
    return dh_feature_cut((sum[to] - sum[from]) * scale / (to - from));
}

static void put_heading(const dh_features *f, uint32_t i, int16_t *row) {
    row[DH_FEATURE_since_heading] = NO_HEADING;
    if (f->heading[i] == 0) return;
    uint32_t at = f->heading[i] - 1;
    row[DH_FEATURE_since_heading] = dh_feature_cut(i - at < NO_HEADING ? i - at : NO_HEADING);
    row[DH_FEATURE_heading_label] = (int16_t)f->page->labels[at].label;
    if (f->dom == NULL) return;
    row[DH_FEATURE_heading_level] = f->page->blocks->ptr[at].level;
    row[DH_FEATURE_heading_links] = f->units[at].link_percent;
}

static void put_sequence(const dh_features *f, uint32_t i, int16_t *row) {
    int64_t at = i;
    put_neighbour(f, at - 1, row, DH_FEATURE_p1_chars, DH_FEATURE_p1_links,
                  DH_FEATURE_p1_sentences);
    put_neighbour(f, at + 1, row, DH_FEATURE_n1_chars, DH_FEATURE_n1_links,
                  DH_FEATURE_n1_sentences);
    put_neighbour(f, at - 2, row, DH_FEATURE_p2_chars, DH_FEATURE_p2_links,
                  DH_FEATURE_p2_sentences);
    put_neighbour(f, at + 2, row, DH_FEATURE_n2_chars, DH_FEATURE_n2_links,
                  DH_FEATURE_n2_sentences);
    put_neighbour(f, at - 3, row, DH_FEATURE_p3_chars, -1, -1);
    put_neighbour(f, at + 3, row, DH_FEATURE_n3_chars, -1, -1);
    put_next_to(f, at - 1, row, DH_FEATURE_p1_ends, DH_FEATURE_p1_tag, DH_FEATURE_p1_label);
    put_next_to(f, at + 1, row, DH_FEATURE_n1_ends, DH_FEATURE_n1_tag, DH_FEATURE_n1_label);
    row[DH_FEATURE_w3_chars] = window(f, f->sum_short, i, 3, 1);
    row[DH_FEATURE_w8_chars] = window(f, f->sum_short, i, 8, 1);
    row[DH_FEATURE_w5_long] = window(f, f->sum_longs, i, 5, 100);
    row[DH_FEATURE_w15_long] = window(f, f->sum_longs, i, 15, 100);
    if (f->dom != NULL) {
        row[DH_FEATURE_w3_links] = window(f, f->sum_links, i, 3, 1);
        row[DH_FEATURE_w8_links] = window(f, f->sum_links, i, 8, 1);
    }
    row[DH_FEATURE_index] = dh_feature_cut(dh_feature_ratio(i, f->n, 1000));
    row[DH_FEATURE_before] =
        dh_feature_cut(dh_feature_ratio(f->chars_before[i], f->chars_before[f->n], 1000));
    row[DH_FEATURE_from_end] = dh_feature_cut(f->n - i < 1000 ? f->n - i : 1000);
    int64_t title = f->page->title_block;
    int64_t since = title == UINT32_MAX ? -999 : at - title;
    row[DH_FEATURE_from_title] = dh_feature_cut(since > 2000                          ? 2000
                                                : since < -998 && title != UINT32_MAX ? -998
                                                                                      : since);
    row[DH_FEATURE_is_title] = i == f->page->title_block;
    row[DH_FEATURE_since_long] = dh_feature_cut(f->since_long[i]);
    row[DH_FEATURE_till_long] = dh_feature_cut(f->till_long[i]);
    row[DH_FEATURE_since_label] = dh_feature_cut(f->since_label[i]);
    put_heading(f, i, row);
}

void dh_features_row(dh_features *f, uint32_t i, int16_t *row) {
    memcpy(row, f->page_values, sizeof f->page_values);
    put_block(f, i, row);
    put_sequence(f, i, row);
    const dh_unit *u = &f->units[i];
    row[DH_FEATURE_h_where] = u->where;
    row[DH_FEATURE_h_keep] = u->keep;
    row[DH_FEATURE_p1_keep] = i > 0 && f->units[i - 1].keep;
    row[DH_FEATURE_n1_keep] = i + 1 < f->n && f->units[i + 1].keep;
    row[DH_FEATURE_w5_keep] = window(f, f->sum_keep, i, 5, 100);
    row[DH_FEATURE_h_value] = dh_feature_cut(u->value);
    if (f->dom != NULL) put_tree(f, i, row);
}
