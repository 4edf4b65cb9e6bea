/* SPDX-License-Identifier: Apache-2.0 */
/* state: private to meta/. What the readers (jsonld, microdata, metatags, page) find, and what the
 * chooser picks from. All of it lives in the page's arena; every list is capped, so that a page with
 * 100,000 authors costs no more than one with 64. */
#ifndef DH_META_STATE_H
#define DH_META_STATE_H

#include "meta/meta.h"
#include "meta/words.h"

enum {
    DH_META_CANDIDATES = 64, /* of a field */
    DH_META_VALUE = 2000, /* bytes of a value; descriptions and titles beyond it are not believed */
    DH_META_MANY = 50,    /* values given for a field that holds many */
    DH_META_HEADINGS = 16,    /* h1 elements looked at */
    DH_META_SCRIPTS = 64,     /* JSON-LD scripts read */
    DH_META_SCRIPT = 4 << 20, /* bytes of all of them */
};

/* Where a title comes from, as rank: the chooser compares titles of different kinds. */
enum {
    DH_RANK_HEADLINE,
    DH_RANK_SHARED,
    DH_RANK_OTHER,
    DH_RANK_H1,
    DH_RANK_DOCUMENT,
    DH_RANK_TRAIL /* the page's own name at the end of its breadcrumbs */
};

/* Ranks of authors from here on stand away from the headline. */
enum { DH_RANK_FAR = 300 };

typedef struct dh_candidate {
    dh_slice value, where;
    dh_field_source source;
    uint16_t rank; /* within the source: lower is better */
    bool item;     /* of a list: holds one value, not several */
    bool news;     /* title: of a news article by its schema type */
    bool group;    /* author: an organization by its schema type */
    uint32_t node;
} dh_candidate;

typedef DH_VEC(dh_candidate) dh_candidates;

typedef struct dh_meta_state {
    dh_meta_page *page;
    dh_dom *dom;
    dh_arena *arena;
    dh_slice base; /* address that references are resolved against, may be empty */
    dh_slice lang; /* of the page, as html lang or og:locale say; hint for dates */
    dh_slice document_title;
    char written_by; /* number of the twitter:label that says "Written by", 0 for none */
    dh_candidates fields[DH_FIELD_COUNT]; /* in order of appearance */
    dh_candidates sites;                  /* names of the site and its publisher */
    DH_VEC(dh_slice) site_keys;           /* of sites, made as they are needed */
    dh_candidates logos;                  /* addresses of the publisher's logo */
    uint32_t headline; /* block that dates and bylines are looked for around, or UINT32_MAX */
} dh_meta_state;

dh_meta_state *dh_meta_state_new(dh_meta_page *page);

/* Adds a candidate to a list of at most DH_META_CANDIDATES; empty values are left out. */
void dh_candidate_add(dh_meta_state *state, dh_candidates *list, dh_candidate candidate);
/* The same for a field, its value cleaned as markup (dh_value_markup). */
void dh_meta_offer(dh_meta_state *state, dh_field_kind kind, dh_candidate candidate);

/* Where a candidate stands in the order of trust: by source, then rank; lower is better. */
static inline uint32_t dh_candidate_order(const dh_candidate *c) {
    return (uint32_t)c->source << 16 | c->rank;
}
/* The lowest order of the list that is not below `from`; UINT32_MAX when there is none. */
uint32_t dh_candidates_next(const dh_candidates *list, uint32_t from);

/* raw as one line of text: white space folded and text/clean.h's rules. */
dh_slice dh_value_text(dh_slice raw, dh_arena *arena);
/* The same where markup may have slipped in, as in JSON-LD and meta elements: character references
 * are decoded up to twice, tags are left out. */
dh_slice dh_value_markup(dh_slice raw, dh_arena *arena);
/* Text below a node as one line, at most about max bytes. */
dh_slice dh_value_node(dh_dom *dom, uint32_t node, size_t max, dh_arena *arena);

/* The readers. Each appends to the state. */
void dh_meta_read_head(dh_meta_state *state); /* meta and link elements, html lang, title, base */
void dh_meta_read_headings(dh_meta_state *state);
void dh_meta_read_jsonld(dh_meta_state *state);
void dh_meta_read_microdata(dh_meta_state *state);
void dh_meta_read_links(dh_meta_state *state); /* rel=tag, rel=license, breadcrumbs, first image */
/* Dates and bylines in the lines [begin, end] of plain text. */
struct dh_text_head;
void dh_meta_read_date_lines(dh_meta_state *state, const struct dh_text_head *head, uint32_t begin,
                             uint32_t end);
void dh_meta_read_byline_lines(dh_meta_state *state, const struct dh_text_head *head,
                               uint32_t begin, uint32_t end);
/* Dates and authors around the headline, so the title must have been chosen. */
void dh_meta_read_times(dh_meta_state *state);
void dh_meta_read_bylines(dh_meta_state *state);

/* The choosers. Each adds to page->fields. */
void dh_meta_choose_plain(dh_meta_state *state); /* all but the following */
void dh_meta_choose_title(dh_meta_state *state); /* also page->title_block and state->headline */
void dh_meta_choose_lists(dh_meta_state *state); /* tags and categories */
void dh_meta_choose_dates(dh_meta_state *state);
void dh_meta_choose_authors(dh_meta_state *state);

/* Whether name is the site's: equals or nearly equals one of state->sites or the host's labels. */
bool dh_meta_is_site(dh_meta_state *state, dh_slice name);
/* text without parts at its ends that name the site or the section, "Headline | Site". */
dh_slice dh_meta_without_site(dh_meta_state *state, dh_slice text);

/* How far a node is from the headline, in blocks: negative before it. INT32_MAX when there is no
 * headline or no block. */
int32_t dh_meta_distance(const dh_meta_state *state, uint32_t node);

/* Bytes of the page in which elements count as near the headline: from behind the block `before` blocks
 * ahead of it to the end of the one `behind` blocks after it. Empty when there is no headline. */
typedef struct dh_meta_range {
    uint32_t begin, end;
} dh_meta_range;
dh_meta_range dh_meta_near(const dh_meta_state *state, uint32_t before, uint32_t behind);

/* The names in what stands for an author: prefixes ("By", "Von", "بقلم") stripped, lists split where
 * that is safe, roles, addresses and numbers left out. item: holds one name. At most DH_META_MANY. */
typedef DH_VEC(dh_slice) dh_names;
void dh_names_split(dh_slice text, bool item, dh_names *names, dh_arena *arena);
/* Whether text of the page looks like a person's name or a list of such: written as names are, no label,
 * at least two words where words are spaced. */
bool dh_names_is_person(dh_slice text);
/* Whether text begins as a byline does; *rest is what follows the prefix. */
bool dh_names_is_byline(dh_slice text, dh_slice *rest);
/* Whether text names a trade: "Editor". */
bool dh_names_has_role(dh_slice text);
/* Whether text is such a prefix alone: "Written by". */
bool dh_names_is_prefix(dh_slice text);

#endif
