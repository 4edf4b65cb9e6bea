/* SPDX-License-Identifier: Apache-2.0 */
/* text_head: fields of scraped text. Only the lines around the place where the body begins are read:
 * what stands elsewhere belongs to other stories. */
#include "meta/text_head.h"

#include "text/class.h"
#include "text/date.h"

enum {
    LEAD_CHARS = 60, /* of a first paragraph; half as many where words are not spaced */
    BEHIND = 4,      /* lines behind the lead: its summary may be taken for the first paragraph */
    ABOVE = 1,       /* above the headline */
    DATE_CHARS = 120,
    DATE_WORDS = 16
};

/* A line that holds little but a date. */
bool dh_text_head_is_dated(const dh_text_head *head, uint32_t i) {
    dh_slice text = head->blocks->ptr[i].text;
    dh_text_facts facts;
    if (text.len < 6 || text.len > 3 * DATE_CHARS) return false;
    dh_text_measure(text, &facts);
    if (facts.digits < 3 || facts.chars > DATE_CHARS || facts.words > DATE_WORDS) return false;
    if (facts.ends_sentence && facts.words > 8) return false;
    return dh_date_parse(text, (dh_slice){NULL, 0}, head->arena).len > 0;
}

static uint32_t find_lead(const dh_text_head *head) {
    for (uint32_t i = 0; i < head->blocks->len; i++) {
        const dh_block *block = &head->blocks->ptr[i];
        dh_text_facts facts;
        if (head->lines[i] != DH_TEXT_BODY || block->chars * 2 < LEAD_CHARS) continue;
        dh_text_measure(dh_slice_sub(block->text, 0, 2000), &facts);
        bool alone = facts.unspaced * 2 > facts.letters;
        if (facts.chars * (alone ? 2 : 1) >= LEAD_CHARS) return i;
    }
    return UINT32_MAX;
}

void dh_meta_read_text(dh_meta_page *page, const uint8_t *lines) {
    dh_meta_state *state = dh_meta_state_new(page);
    dh_text_head head = {.blocks = page->blocks, .lines = lines, .arena = page->arena};
    head.lead = find_lead(&head);
    if (head.lead != UINT32_MAX) {
        uint32_t title = dh_text_headline(&head, page->arena);
        uint32_t begin = title != UINT32_MAX ? title : head.lead > 8 ? head.lead - 8 : 0;
        uint32_t end = head.lead + BEHIND;
        page->title_block = title;
        if (title != UINT32_MAX && dh_fields_get(page->fields, DH_FIELD_title) == NULL)
            dh_fields_add(page->fields, (dh_field){.kind = DH_FIELD_title,
                                                   .source = DH_SOURCE_PAGE,
                                                   .value = page->blocks->ptr[title].text,
                                                   .where = DH_SLICE("line above the text"),
                                                   .node = DH_NO_NODE});
        if (title != UINT32_MAX && begin > ABOVE) begin -= ABOVE;
        if (end >= page->blocks->len) end = page->blocks->len - 1;
        state->headline = title != UINT32_MAX ? title : head.lead;
        dh_meta_read_date_lines(state, &head, begin, end);
        dh_meta_read_byline_lines(state, &head, begin, end);
    }
    dh_meta_choose_dates(state);
    dh_meta_choose_authors(state);
}
