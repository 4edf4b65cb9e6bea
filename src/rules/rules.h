/* SPDX-License-Identifier: Apache-2.0 */
/* rules: per-site rule files: parsed once into an immutable set, found by host, applied to a page by
 * adding marks and fields. */
#ifndef DH_RULES_RULES_H
#define DH_RULES_RULES_H

#include "blocks/blocks.h"
#include "css/css.h"
#include "model/article.h"
#include "text/lexicon.h"

typedef struct dh_rule_set dh_rule_set;   /* all files */
typedef struct dh_rule_file dh_rule_file; /* one of them, after inheritance */

/* In the engine's arena (guarded by the caller). */
dh_rule_set *dh_rules_new(dh_arena *arena);
/* Frees what is not in the arena (regexes). */
void dh_rules_release(dh_rule_set *set);
/* For tools: with a reporter a mistake does not end the loading. Each is told, its line left out. Set
 * before the first add. */
typedef void (*dh_rule_report)(void *data, const dh_error *error);
void dh_rules_report(dh_rule_set *set, dh_rule_report report, void *data);
/* Adds one file. name is its path below a rules folder ("addiyar.com.rules", "families/drupal.rules"):
 * a file of a name that is already there is ignored (earlier folders win). DH_ERR_RULE with file,
 * line and column. text is borrowed. */
dh_status dh_rules_add(dh_rule_set *set, dh_slice name, const char *path, dh_slice text,
                       dh_error *error);
/* Resolves inheritance and builds the lookup; call once after the last add. */
dh_status dh_rules_finish(dh_rule_set *set, dh_error *error);
uint32_t dh_rules_count(const dh_rule_set *set);

/* What is known about the page when a file is looked for. dom is NULL for plain text. */
typedef struct dh_rule_page {
    dh_dom *dom;
    dh_blocks *blocks;
    dh_slice url;  /* given or found in the page; may be empty */
    dh_slice site; /* --site: a host or a file's name without .rules; overrides url */
    dh_slice date; /* crawl date, YYYY-MM-DD, may be empty */
    dh_regex_cache *regexes;
    dh_xpath_cache *xpaths; /* NULL: one is made and freed again where lines have XPath */
    struct dh_css_memo *memo; /* probe.h: what earlier probes found out about dom; NULL at first */
    const dh_lexicon *lexicon;
    dh_arena *arena;
    const dh_limits *limits;
    dh_marks *marks;
    dh_fields *fields;
} dh_rule_page;

/* What the rules decided beside marks and fields. */
typedef struct dh_rule_outcome {
    dh_slice files;     /* files that applied, comma separated; empty: none */
    dh_slice versions;  /* theirs, 16 hexadecimal digits each, comma separated: another text, another version */
    bool article_found; /* an `article` selector (or paragraphs) matched: marks say KEEP / DROP */
    bool heuristics;    /* whether the extractor shall judge (default: !article_found) */
    bool limited;       /* rule_steps were used up */
    dh_slice skip;      /* `skip if` matched: "rules/x.rules:12: why"; else empty */
    /* Lines that were not followed because they would have taken too much of the page, or that a
     * limit ended: "rules/x.rules:12 (73 %)", comma separated. */
    dh_slice refused;
} dh_rule_outcome;

/* Finds the files for the page (by site, then host, then `when html:` / `when text:` fingerprints, families
 * by their markup) and applies them. No file: an outcome with empty files and heuristics true. */
dh_rule_outcome dh_rules_apply(const dh_rule_set *set, dh_rule_page *page);

#endif
