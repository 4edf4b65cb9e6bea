/* SPDX-License-Identifier: Apache-2.0 */
/* rules_private: a parsed rule file, the set of them, and one page's run. */
#ifndef DH_RULES_PRIVATE_H
#define DH_RULES_PRIVATE_H

#include "base/map.h"
#include "rules/rules.h"

enum {
    DH_RULE_MAX_BYTES = 2 << 20, /* of a file */
    DH_RULE_MAX_INHERIT = 16,    /* levels of inheritance */
    DH_RULE_SHORT = 400          /* bytes of a line that fingerprints look at */
};

typedef enum dh_rule_verb {
    DH_RULE_none,
#define DH_DIRECTIVE(name, verb, value, family, help) DH_RULE_##name,
#include "rules/directives.def"
#undef DH_DIRECTIVE
    DH_RULE_COUNT
} dh_rule_verb;

typedef enum dh_rule_value {
    DH_VALUE_HOSTS,
    DH_VALUE_PLACES,
    DH_VALUE_SELECTOR,
    DH_VALUE_TARGET, /* quoted phrases, or a selector */
    DH_VALUE_PHRASES,
    DH_VALUE_LABELS,
    DH_VALUE_LINES,
    DH_VALUE_DATE,
    DH_VALUE_NAMES,
    DH_VALUE_SWITCH,
    DH_VALUE_REPLACE,
    DH_VALUE_FIELD,
    DH_VALUE_HEADER, /* words: name, value */
    DH_VALUE_SECONDS,
    DH_VALUE_RAW
} dh_rule_value;

typedef enum dh_rule_family {
    DH_FAMILY_FILE,
    DH_FAMILY_STORE,
    DH_FAMILY_CONTROL,
    DH_FAMILY_ARTICLE,
    DH_FAMILY_REMOVE,
    DH_FAMILY_BLOCK,
    DH_FAMILY_CUT,
    DH_FAMILY_LINE,
    DH_FAMILY_FIELD
} dh_rule_family;

typedef struct dh_directive {
    dh_slice verb;
    dh_rule_value value;
    dh_rule_family family;
} dh_directive;

/* Indexed by dh_rule_verb; entry 0 is empty. */
extern const dh_directive dh_directives[DH_RULE_COUNT];
/* DH_RULE_none when there is no such verb. */
dh_rule_verb dh_directive_of(dh_slice verb);

/* A line of text as rules name it. Compared by the folded key of text/clean.h, a regex by the text. */
typedef struct dh_phrase {
    dh_slice text;         /* as written */
    const dh_regex *regex; /* NULL: by key */
    const dh_slice *keys;  /* 1: the whole line; more: what stands between the stars */
    uint32_t key_count;
    bool trimmed;   /* keys[0] is without outer punctuation, so the line's must be */
    uint32_t group; /* phrases of one group stand together ("and") */
    uint32_t print; /* number among the fingerprints of the set */
} dh_phrase;

typedef enum dh_filter_kind {
    DH_FILTER_DROP,
    DH_FILTER_MATCH,
    DH_FILTER_DATE,
    DH_FILTER_AT_MOST
} dh_filter_kind;

typedef struct dh_filter {
    dh_filter_kind kind;
    dh_slice text;
    const dh_regex *regex;
    uint32_t number;
} dh_filter;

typedef struct dh_rule_line {
    dh_rule_verb verb;
    uint32_t line;
    dh_slice name; /* "NAME: verb: value", else empty */
    dh_slice text; /* the value as written */
    const dh_rule_file *file;
    const dh_css *css;
    dh_slice attr; /* @attr */
    const dh_phrase *phrases;
    uint32_t phrase_count;
    const dh_filter *filters;
    uint32_t filter_count;
    const dh_slice *words; /* hosts, places, names */
    uint32_t word_count;
    const dh_regex *regex; /* replace: this, */
    dh_slice literal;      /* or this, */
    dh_slice replacement;  /* by this */
    uint32_t at_most;      /* 0: no ceiling */
    uint32_t ms;           /* a time in milliseconds */
    bool on;
} dh_rule_line;

typedef const dh_rule_line *dh_rule_ref;

typedef struct dh_rule_refs {
    dh_rule_ref *ptr;
    uint32_t len, cap;
} dh_rule_refs;

/* An indented line below `test:`. */
typedef struct dh_rule_check {
    uint32_t line;
    dh_slice key, value;
} dh_rule_check;

typedef struct dh_rule_test {
    uint32_t line;
    dh_slice page;
    bool is_text; /* `text:` instead of `test:`: scraped text */
    DH_VEC(dh_rule_check) checks;
} dh_rule_test;

struct dh_rule_file {
    dh_slice name;   /* "families/drupal.rules" */
    dh_slice source; /* "rules/families/drupal.rules", for marks */
    const char *path;
    DH_VEC(dh_rule_line) lines; /* in order of the file; addresses are good after parsing */
    DH_VEC(dh_rule_test) tests;
    uint64_t version; /* of its text and, once resolved, of what it inherits */
    bool is_site;    /* has a `site` line */
    bool unverified; /* says so in a comment */
    dh_slice from, until;
    uint8_t state;       /* of inheritance: 0 not yet, 1 on the way, 2 done */
    dh_rule_refs merged; /* what is applied: own lines, then inherited ones */
    dh_css_set *css;     /* the selectors of the merged lines, by their index there */
};

typedef struct dh_host_entry {
    uint32_t file;
    bool exact;
    uint32_t next; /* + 1; 0: none */
} dh_host_entry;

/* Which phrases of `when text` lines a page has shown. */
typedef struct dh_print {
    const dh_phrase *phrase;
    uint32_t file;
    uint32_t next; /* + 1: another of the same key; 0: none */
} dh_print;

struct dh_rule_set {
    dh_arena *arena;
    dh_rule_report report; /* NULL: the first mistake ends the loading */
    void *report_data;
    struct {
        dh_regex **ptr;
        uint32_t len, cap;
    } regexes;
    DH_VEC(dh_rule_file *) files;
    dh_map names; /* file name -> index + 1 */
    dh_map hosts; /* host -> index of its first entry + 1 */
    DH_VEC(dh_host_entry) host_entries;
    DH_VEC(dh_print) prints;
    dh_map print_keys;             /* key of a literal phrase -> index of its first print + 1 */
    DH_VEC(uint32_t) loose_prints; /* those with stars or a regex: each is tried */
    /* `when html` lines: [0] of families, [1] of site files */
    struct {
        dh_css_set *css;
        DH_VEC(const dh_css *) selectors;
        DH_VEC(uint32_t) files; /* of each selector */
    } when[2];
    bool prints_family; /* some family has `when text` */
    bool has_xpath;     /* some line has */
};

typedef struct dh_rule_run {
    const dh_rule_set *set;
    dh_rule_page *page;
    dh_css_context css;
    dh_rule_outcome *out;
    dh_rule_refs lines;
    DH_VEC(const dh_rule_file *) files; /* whose merged lines these are, one after the other */
    dh_node_list *found;                /* what each line's selector selects; NULL for plain text */
    dh_slice *keys[2];    /* of each block, [1] trimmed; ptr NULL: not asked for yet */
    bool heuristics_said; /* there is a `heuristics` line; out->heuristics is what it says */
    uint8_t *outside;     /* a byte per block: outside of what `article` selected */
} dh_rule_run;

/* ---- parse ---- */

typedef struct dh_rule_parser {
    dh_rule_set *set;
    dh_rule_file *file;
    dh_slice line_text;
    uint32_t line;
    dh_error *error;
} dh_rule_parser;

dh_status dh_rule_parse(dh_rule_set *set, dh_rule_file *file, dh_slice text, dh_error *error);
/* Fills *line from value, which is a part of parser->line_text. */
dh_status dh_rule_parse_value(dh_rule_parser *parser, dh_rule_line *line, dh_slice value);
/* at: a place in parser->line_text. */
dh_status dh_rule_error(dh_rule_parser *parser, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Registers a regex with the set, which frees it. */
void dh_rule_own(void *set, dh_regex *regex);
/* Offset of `stop` outside of quotation marks, brackets and regexes, or text.len. */
size_t dh_rule_scan(dh_slice text, dh_slice stop);

/* ---- find ---- */

/* Puts the lines of the files that serve the page into run->lines, and their names, comma separated,
 * into run->out->files. */
void dh_rules_find(dh_rule_run *run);
/* Selects what the lines' selectors select, in one walk a file. */
void dh_rules_select(dh_rule_run *run);

/* ---- helpers of the apply files ---- */

/* What selectors are matched with on the page. */
dh_css_context dh_rule_css(const dh_rule_page *page);

/* * anything within a part of a path, ** anything. */
bool dh_rule_glob(dh_slice pattern, dh_slice text);
dh_slice dh_rule_key(dh_rule_run *run, uint32_t block, bool trimmed);
/* Whether the line (all of block's text, or a part of it when whole is false) is the phrase. */
bool dh_phrase_matches(dh_rule_run *run, const dh_phrase *phrase, uint32_t block, dh_slice text,
                       bool whole);
/* The first of the line's phrases that block is, or NULL. */
const dh_phrase *dh_rule_phrase_of(dh_rule_run *run, const dh_rule_line *line, uint32_t block);
dh_mark *dh_rule_mark(dh_rule_run *run, const dh_rule_line *line, uint32_t block,
                      dh_verdict verdict, dh_cause cause, dh_slice detail);
/* Of the text, by one line; what would take more has gone wild and is not followed. */
enum { DH_RULE_MAX_PERCENT = 95 };
/* Notes that a line was not followed because it would take too much. */
void dh_rule_refuse(dh_rule_run *run, const dh_rule_line *line, uint32_t percent);
/* The elements that the selector of line i of the run selects; empty for plain text. */
static inline const dh_node_list *dh_rule_nodes(const dh_rule_run *run, uint32_t i) {
    static const dh_node_list none = {0};
    return run->found != NULL ? &run->found[i] : &none;
}
/* Whether the block is a visible one that is not outside of the article. */
bool dh_rule_counts(const dh_rule_run *run, uint32_t block);
/* Visible text outside of links in code points; `taken` may be NULL: all blocks that are not
 * outside of the article. */
uint64_t dh_rule_chars(const dh_rule_run *run, const uint8_t *taken);

/* How much of a block lies in a set of elements. */
typedef enum dh_cover { DH_COVER_NONE, DH_COVER_PART, DH_COVER_WHOLE } dh_cover;

typedef struct dh_cover_span {
    uint32_t block, begin, end; /* bytes of its text */
} dh_cover_span;

typedef struct dh_covers {
    uint8_t *of;                 /* a dh_cover per block */
    DH_VEC(dh_cover_span) spans; /* of the blocks covered in part, where they could be found */
} dh_covers;

void dh_rule_cover(dh_rule_run *run, const dh_node_list *nodes, dh_covers *out);

/* The text with all matches of a `replace` or `rewrite url` line replaced. */
dh_slice dh_rule_replaced(dh_rule_run *run, const dh_rule_line *line, dh_slice text);
/* The first value that a field's line gives on the page, or an empty slice. */
dh_slice dh_rule_first_value(dh_rule_run *run, const dh_rule_line *line);

/* ---- families, in order of application ---- */

void dh_apply_control(dh_rule_run *run);
void dh_apply_article(dh_rule_run *run);
void dh_apply_remove(dh_rule_run *run);
void dh_apply_block(dh_rule_run *run);
void dh_apply_cut(dh_rule_run *run);
void dh_apply_line(dh_rule_run *run);
void dh_apply_field(dh_rule_run *run);

#endif
