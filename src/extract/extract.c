/* SPDX-License-Identifier: Apache-2.0 */
/* extract.c: the generic extractor: first a heuristic one, then the learned classifier (classify.c), which has
 * the heuristic's opinion among its features and leaves it the last word on plain text where it sees no article.
 *
 * The heuristic in integers: every block is worth words for or against being article text (sentences
 * for; links, labels and short scraps against). In a tree the element whose blocks are worth most
 * in sum is the article's container (extract_tree.c); in plain text the run of lines that is worth
 * most is the article (extract_lines.c). After that each block inside is judged by itself. */
#include "extract/extract.h"

#include "base/json.h"
#include "extract/features.h"
#include "extract/model.h"
#include "extract/unit.h"

enum { MIN_PROSE_WORDS = 10, LONG_PHRASE_WORDS = 25 };

/* A paragraph that is nothing but an address: what a card of another page leaves without its script. */
static bool is_address(const dh_block *block) {
    dh_slice text = block->text;
    if (block->kind == DH_BLOCK_LIST_ITEM || block->kind == DH_BLOCK_CODE) return false;
    if (!dh_slice_starts_nocase(text, DH_SLICE("http://")) &&
        !dh_slice_starts_nocase(text, DH_SLICE("https://")))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (dh_is_space(text.ptr[i])) return false;
    return true;
}

static uint8_t kind_of(const dh_block *block, const dh_unit *u) {
    const dh_text_facts *f = &u->facts;
    if (block->text.len == 0) return DH_UNIT_EMPTY;
    bool sentence = f->sentences > 0 || f->ends_sentence;
    uint32_t own_words = f->words * (100u - u->link_percent) / 100;
    if (u->link_percent >= 50 && !(sentence && own_words >= MIN_PROSE_WORDS)) return DH_UNIT_LINKS;
    if (u->link_percent >= 30 && !sentence && f->words < LONG_PHRASE_WORDS) return DH_UNIT_LINKS;
    if (block->kind == DH_BLOCK_CODE && f->words >= 3) return DH_UNIT_HALF;
    if (own_words >= MIN_PROSE_WORDS && sentence) return DH_UNIT_PROSE;
    if (own_words >= LONG_PHRASE_WORDS) return DH_UNIT_PROSE;
    return f->words >= MIN_PROSE_WORDS ? DH_UNIT_HALF : DH_UNIT_SHORT;
}

static int32_t value_of(const dh_block *block, const dh_unit *u, const dh_label_hit *label) {
    int32_t words = (int32_t)u->facts.words, links = u->link_percent;
    if (label->label != DH_LABEL_NONE && u->kind != DH_UNIT_PROSE) return -6;
    switch (u->kind) {
    case DH_UNIT_PROSE: {
        int32_t value = words * (100 - 2 * (links < 50 ? links : 50)) / 100 - 8;
        return value > 1 ? value : 1;
    }
    case DH_UNIT_HALF:
        return words / 3 - 5;
    case DH_UNIT_SHORT:
        return block->kind == DH_BLOCK_PARAGRAPH ? -3 : -1;
    case DH_UNIT_LINKS:
        return -5 - words;
    default:
        return 0;
    }
}

dh_unit *dh_units_of(const dh_extract_page *page) {
    dh_unit *units = dh_arena_zalloc(page->arena, page->blocks->len, sizeof *units);
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        const dh_block *block = &page->blocks->ptr[i];
        dh_unit *u = &units[i];
        if (page->gone[i]) continue;
        dh_text_measure(block->text, &u->facts);
        if (block->chars > 0)
            u->link_percent = (uint8_t)((uint64_t)block->link_chars * 100 / block->chars);
        if (page->hidden != NULL && page->hidden[i]) {
            u->hidden = block->text.len > 0;
            continue;
        }
        u->address = is_address(block);
        u->kind = u->address ? DH_UNIT_LINKS : kind_of(block, u);
        u->value = value_of(block, u, &page->labels[i]);
    }
    return units;
}

dh_unit_span dh_units_best(const dh_unit *units, uint32_t begin, uint32_t end, int64_t max_loss) {
    dh_unit_span best = {begin, begin, 0};
    int64_t sum = 0;
    int64_t loss = 0;
    uint32_t from = begin;
    for (uint32_t i = begin; i < end; i++) {
        if (sum <= 0) {
            sum = 0;
            from = i;
        }
        int64_t value = units[i].value;
        if (value > 0) {
            loss = 0;
        } else if (max_loss > 0) {
            if (loss - value > max_loss) value = loss - max_loss;
            loss -= value;
        }
        sum += value;
        if (sum > best.value) best = (dh_unit_span){from, i + 1, sum};
    }
    return best;
}

static int32_t score_of(const dh_unit *u) {
    int32_t strength = u->value < 0 ? -u->value : u->value;
    if (strength > 40) strength = 40;
    return u->keep ? 600 + strength * 10 : 400 - strength * 10;
}

/* How sure the result is: the share of the page's sentences that were kept, and their amount. */
static int32_t confidence_of(const dh_extract_page *page, const dh_unit *units) {
    uint64_t kept = 0, all = 0;
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        if (units[i].kind != DH_UNIT_PROSE) continue;
        all += units[i].facts.words;
        if (units[i].keep) kept += units[i].facts.words;
    }
    if (kept == 0) return 0;
    uint64_t amount = kept < 200 ? kept * 1000 / 200 : 1000;
    return (int32_t)((kept * 1000 / all + amount) / 2);
}

/* The heuristic extractor's opinion of every block. */
static dh_unit *judge_units(dh_extract_page *page) {
    dh_unit *units = dh_units_of(page);
    if (page->dom != NULL) dh_extract_tree(page, units);
    else dh_extract_lines(page, units);
    return units;
}

void dh_extract_dump(dh_extract_page *page, dh_buf *out) {
    dh_unit *units = judge_units(page);
    dh_features *features = dh_features_new(page, units);
    const dh_model *model = dh_model_for(page);
    dh_buf_puts(out, "block\trole\tgone\tlogit");
    for (int k = 0; k < DH_FEATURE_COUNT; k++) dh_buf_printf(out, "\t%s", dh_feature_names[k]);
    dh_buf_puts(out, "\ttext\n");
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        int16_t row[DH_FEATURE_COUNT];
        dh_features_row(features, i, row);
        dh_buf_printf(out, "%u\t%d\t%d\t%d", i, (int)page->roles[i],
                      units[i].kind == DH_UNIT_GONE && !units[i].hidden,
                      (int)dh_model_logit(model, row));
        for (int k = 0; k < DH_FEATURE_COUNT; k++) dh_buf_printf(out, "\t%d", row[k]);
        dh_buf_putc(out, '\t');
        dh_json_put_string(out, page->blocks->ptr[i].text);
        dh_buf_putc(out, '\n');
    }
    dh_features_free(features);
}

void dh_extract(dh_extract_page *page) {
    dh_unit *units = judge_units(page);
    page->confidence = confidence_of(page, units);
    for (uint32_t i = 0; i < page->blocks->len; i++) units[i].score = (int16_t)score_of(&units[i]);
    if (dh_classify(page, units)) dh_extract_roles(page, units);
    for (uint32_t i = 0; i < page->blocks->len; i++) {
        const dh_unit *u = &units[i];
        if (u->kind == DH_UNIT_GONE && !u->keep) continue;
        dh_mark *mark = dh_marks_add(page->marks, i, u->keep ? DH_KEEP : DH_DROP, DH_CAUSE_SCORE,
                                     DH_SLICE("extractor"), u->reason);
        mark->score = u->score;
        mark->moved = u->moved;
    }
}
