/* SPDX-License-Identifier: Apache-2.0 */
/** dehusk: takes the husk off a scraped news page.
 *
 * An engine holds rules and the label lexicon; it is immutable after it is made and may be shared by
 * threads. A page object cleans one page after the other and owns all memory of the current one; one
 * thread at a time uses it. Strings handed out are UTF-8, NUL-terminated as well as counted, and
 * good until the page's next dehusk_page_clean or its end. The library never prints, never exits,
 * never changes the locale.
 *
 * What a host program must know: pages are hostile, and the libraries that read them are C as well. Every
 * page ends within its ceilings (dehusk_page_set_limit), no known one crashes, and a failed allocation is
 * DEHUSK_ERR_MEMORY. Against unknown ones there is no remedy inside of a process: libgumbo has assertions that
 * end it. A program that must not end cleans in a process of its own, as the program dehusk does
 * (src/work/): fork after dehusk_engine_new and dehusk_page_new, so that all is loaded; then the worker
 * needs memory, its channel and clocks, and may be forbidden everything else (no file is opened later).
 * fork in a program of many threads only before they start. */
#ifndef DEHUSK_H
#define DEHUSK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DEHUSK_API __attribute__((visibility("default")))
#else
#define DEHUSK_API
#endif

#define DEHUSK_VERSION_MAJOR 0
#define DEHUSK_VERSION_MINOR 1
#define DEHUSK_VERSION_PATCH 0

/** How a call ended. Anything but DEHUSK_OK fills the dehusk_error. */
typedef enum dehusk_status {
    DEHUSK_OK = 0,
    DEHUSK_ERR_MEMORY = 1,
    DEHUSK_ERR_LIMIT = 2,
    DEHUSK_ERR_IO = 3,
    DEHUSK_ERR_USAGE = 4,
    DEHUSK_ERR_RULE = 5,
    DEHUSK_ERR_TYPE = 6,
    DEHUSK_ERR_NET = 7,
    DEHUSK_ERR_TIME = 8,
    DEHUSK_ERR_EMPTY = 9,
    DEHUSK_ERR_INTERRUPTED = 10,
    DEHUSK_ERR_SYNTAX = 11,
    DEHUSK_ERR_INTERNAL = 12
} dehusk_status;

/** What was wrong and where. line and column count from 1, 0 where they do not apply. */
typedef struct dehusk_error {
    dehusk_status status;
    char stage[16];
    char file[256];
    uint32_t line;
    uint32_t column;
    uint64_t offset;
    char message[512];
} dehusk_error;

typedef struct dehusk_engine dehusk_engine;
typedef struct dehusk_page dehusk_page;

/** Bytes that need no NUL behind them; data may be NULL when len is 0. */
typedef struct dehusk_bytes {
    const char *data;
    size_t len;
} dehusk_bytes;

/** Options of an engine. Zero everything first ({0}); zero means the default. */
typedef struct dehusk_engine_options {
    const char *const *rule_dirs; /**< folders searched first, earlier ones win per file */
    size_t rule_dir_count;
    bool no_default_dirs; /**< leave out $XDG_CONFIG_HOME/dehusk/rules and the installed folder */
    bool no_rules;        /**< no site rules at all; the lexicon is still read */
    const char *model;    /**< file of a classifier's tables (tools/train); NULL: the built-in ones */
} dehusk_engine_options;

/** Makes an engine. @param options may be NULL. @param error may be NULL. On failure *engine is NULL.
 *  A bad rule file is DEHUSK_ERR_RULE with file, line and column. */
DEHUSK_API dehusk_status dehusk_engine_new(const dehusk_engine_options *options,
                                           dehusk_engine **engine, dehusk_error *error);
/** NULL is fine. No page of this engine may be alive. */
DEHUSK_API void dehusk_engine_free(dehusk_engine *engine);
/** Number of rule files in use. */
DEHUSK_API size_t dehusk_engine_rule_count(const dehusk_engine *engine);

/** What the bytes are. */
typedef enum dehusk_from { DEHUSK_FROM_AUTO, DEHUSK_FROM_HTML, DEHUSK_FROM_TEXT } dehusk_from;

/** One page. Zero everything first ({0}); only bytes is needed. Strings may be NULL. */
typedef struct dehusk_input {
    dehusk_bytes bytes;
    const char *name;         /**< file or address, for messages and output */
    const char *url;          /**< address of the page, finds its rules and resolves links */
    const char *site;         /**< host or rule file to use whatever the address */
    const char *charset;      /**< overrides every other sign of the encoding */
    const char *content_type; /**< Content-Type header as received */
    const char *date;         /**< day of the crawl, YYYY-MM-DD */
    dehusk_from from;
    bool joined; /**< bytes are the parts of one article: what a part says again is dropped */
} dehusk_input;

/** Which way doubtful blocks go. */
typedef enum dehusk_focus {
    DEHUSK_FOCUS_BALANCED,
    DEHUSK_FOCUS_PRECISION,
    DEHUSK_FOCUS_RECALL
} dehusk_focus;

/** How to clean and write. Take dehusk_options_default() and change what you need. */
typedef struct dehusk_options {
    dehusk_focus focus;
    bool no_rules;    /**< ignore site rules for this page */
    bool comments;    /**< keep readers' comments */
    bool tables;      /**< keep tables (default) */
    bool captions;    /**< keep captions in place */
    bool links;       /**< md, html, json: keep link targets */
    bool images;      /**< md, html: keep images */
    bool formatting;  /**< md, html: keep bold, italic, code (md and html keep headings always) */
    bool deduplicate; /**< drop a block that repeats an earlier one of the page */
    bool with_metadata;
    bool only_with_metadata; /**< no text without title, date and address: DEHUSK_ERR_EMPTY */
    bool blocks;             /**< json: every block with verdict and reasons */
    const char *fold;        /**< "tatweel,digits": see the manual; NULL for none */
    const char *target_language; /**< "ar": a page of another language is DEHUSK_ERR_EMPTY */
    bool reasons;            /**< explain, why: what moved the classifier; costs some time */
    int min_confidence;      /**< 0..1000: a page below is DEHUSK_ERR_EMPTY */
    bool full;               /**< explain: whole texts, not their beginnings */
    const char *today;       /**< YYYY-MM-DD: dates after it are not believed; NULL: the
                                  input's date, without one no check */
} dehusk_options;

DEHUSK_API dehusk_options dehusk_options_default(void);

/** Sets a ceiling by its name in the manual ("bytes", "depth", ...). DEHUSK_ERR_USAGE when there is
 *  none of this name. Applies to pages cleaned later. */
DEHUSK_API dehusk_status dehusk_page_set_limit(dehusk_page *page, const char *name,
                                               uint64_t value);

/** NULL when memory is out. The engine must outlive the page. */
DEHUSK_API dehusk_page *dehusk_page_new(const dehusk_engine *engine);
/** NULL is fine. */
DEHUSK_API void dehusk_page_free(dehusk_page *page);

/** Cleans one page. options may be NULL. input's bytes must stay until the page's next clean.
 *  An empty input is an empty article and DEHUSK_OK. A page over a limit is cut, DEHUSK_OK, and
 *  dehusk_page_limited says so. Binary input is DEHUSK_ERR_TYPE. */
DEHUSK_API dehusk_status dehusk_page_clean(dehusk_page *page, const dehusk_input *input,
                                           const dehusk_options *options, dehusk_error *error);
/** Writes the cleaned page in a format ("txt", "md", "json", "jsonl", "html"; "explain"; "report": the
 *  explanation as a page of HTML; "features": what the classifier sees, for training); options as
 *  given to clean. *out is borrowed from the page. */
DEHUSK_API dehusk_status dehusk_page_write(dehusk_page *page, const char *format,
                                           dehusk_bytes *out, dehusk_error *error);
/** First value of a field ("title", "author", "published", ...; see the manual), "" when absent,
 *  NULL when there is no such field. */
DEHUSK_API const char *dehusk_page_field(const dehusk_page *page, const char *name);
/** Name of the limit that cut the page, or NULL. */
DEHUSK_API const char *dehusk_page_limited(const dehusk_page *page);
/** Rule lines that were not followed, or not to their end, because they would have taken too much of
 *  the page or too long: "rules/x.example.rules:3 (97 %), ...". NULL when there are none. */
DEHUSK_API const char *dehusk_page_refused(const dehusk_page *page);

/** A block of the page, kept or dropped. */
typedef struct dehusk_block {
    dehusk_bytes text;
    bool kept;
    const char *kind;   /**< "paragraph", "heading", ... static */
    const char *cause;  /**< "rule", "hidden", "label", "score" ... static */
    const char *reason; /**< in words; good until the page's next clean */
    uint64_t offset, length; /**< bytes of the page, decoded to UTF-8 */
} dehusk_block;

DEHUSK_API size_t dehusk_page_block_count(const dehusk_page *page);
/** false when index is too large. */
DEHUSK_API bool dehusk_page_block(dehusk_page *page, size_t index, dehusk_block *block);

typedef struct dehusk_stats {
    uint64_t input_bytes, text_chars, kept_chars; /**< characters: visible text, kept body text */
    uint64_t peak_memory;                         /**< bytes of the page's arena */
    int confidence;                               /**< 0..1000 */
} dehusk_stats;
DEHUSK_API dehusk_stats dehusk_page_stats(const dehusk_page *page);

/** "0.1.0" */
DEHUSK_API const char *dehusk_version(void);

#ifdef __cplusplus
}
#endif
#endif
