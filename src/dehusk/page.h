/* SPDX-License-Identifier: Apache-2.0 */
/* page: what engine.c, page.c and judge.c share. Private to dehusk/. */
#ifndef DH_DEHUSK_PAGE_H
#define DH_DEHUSK_PAGE_H

#include "base/limits.h"
#include "base/map.h"
#include "dehusk/dehusk.h"
#include "dom/dom.h"
#include "extract/extract.h"
#include "input/decode.h"
#include "meta/meta.h"
#include "model/article.h"
#include "model/site_memory.h"
#include "rules/rules.h"
#include "text/lexicon.h"

/* A file of rules or labels that an engine was made of. */
typedef struct dh_engine_file {
    dh_slice name; /* relative to its folder */
    const char *path;
} dh_engine_file;

struct dehusk_engine {
    dh_arena arena;
    dh_lexicon *lexicon;
    dh_rule_set *rules; /* NULL with no_rules */
    dh_models *models;  /* NULL: those that are built in */
    dh_site_memory memory; /* find NULL: none */
    DH_VEC(dh_engine_file) files; /* in the order in which they were read */
};

/* What tools about rule files want of an engine beside the public options. */
typedef struct dh_engine_extra {
    dh_rule_report report; /* mistakes in rule files are told and do not end the loading; may be NULL */
    void *data;
    const char *const *files; /* rule files to be read before the folders */
    size_t file_count;
} dh_engine_extra;

dehusk_status dh_engine_new(const dehusk_engine_options *options, const dh_engine_extra *extra,
                            dehusk_engine **engine, dehusk_error *error);

/* Gives the engine what is known of lines that a host's pages share, for good. */
void dh_engine_remember(dehusk_engine *engine, dh_site_memory memory);

/* The folders that an engine reads, in order; they need not exist. In arena (guarded). */
typedef DH_VEC(const char *) dh_rule_folders;
void dh_rule_folders_list(const dehusk_engine_options *options, dh_arena *arena,
                          dh_rule_folders *out);

/* The cleaned page as rules see it, for tools. guard: where to leave to when memory is out while an
 * attribute is decoded. Its url is the page's own; site and date are not set. */
dh_rule_page dh_page_for_rules(dehusk_page *page, jmp_buf *guard);

struct dehusk_page {
    const dehusk_engine *engine;
    dh_arena arena;
    dh_limits limits;
    dh_decoder *decoder;
    dh_regex_cache *regexes;
    dh_xpath_cache *xpaths;
    dehusk_options options; /* of the current page; strings borrowed until write */
    uint32_t folds;
    dh_slice day;      /* of the crawl, as given; may be empty */
    dh_slice url, site; /* as given; may be empty */
    const char *stage; /* where a failure happened */
    bool cleaned;

    dh_decoded decoded;
    dh_dom *dom; /* NULL for plain text */
    dh_blocks blocks;
    dh_label_hit *labels; /* of the first label_count blocks */
    uint32_t label_count;
    dh_marks marks;
    dh_fields fields;
    dh_rule_outcome outcome;
    dh_decision *decisions;
    dh_role *roles;
    uint32_t title_block;
    dh_slice article_body;
    uint64_t word_count; /* as the page says, 0 when it does not */
    dh_extract_page extract; /* as it was asked, for the dump; blocks NULL when it was not */
    dh_blocks extract_blocks; /* the blocks it saw: scripts may have added some since */
    dh_article article;
    int32_t confidence;
    uint64_t input_bytes;
};

/* What meta/ is asked about the page. */
dh_meta_page dh_page_meta(dehusk_page *page);

/* Puts hidden, label, repetition and extractor marks on the page's blocks and resolves them: fills
 * decisions, roles and confidence. The rules' marks and the fields are there already, but for scraped
 * text: there the fields are read last, around the place where the body begins. */
void dh_judge(dehusk_page *page);

/* Drops kept blocks that the engine's site memory knows as boilerplate. The decisions are those of the marks so far, and
 * again afterwards. */
void dh_judge_remember(dehusk_page *page);

/* Adds blocks, kept, for text that stands only in the page's scripts. False when there is none. */
bool dh_fallback(dehusk_page *page);

#endif
