/* SPDX-License-Identifier: Apache-2.0 */
/* skim: one linear pass over the page that finds tags, comments, raw text and runs of text (HTML
 * standard, 13.2.5) and writes the skeleton that the tree builder is fed: tag names without their attributes, each run
 * of text as one placeholder character, nothing of scripts, styles, comments and drawings. Limits
 * that need no tree are enforced here. Private to dom/. */
#ifndef DH_DOM_SKIM_H
#define DH_DOM_SKIM_H

#include "base/buf.h"
#include "base/limits.h"
#include "dom/tag.h"

/* A start tag that went into the skeleton. */
typedef struct dh_skim_tag {
    uint32_t skeleton;   /* offset of its '<' in the skeleton */
    uint32_t begin, end; /* its bytes in the page, from '<' to behind '>' */
    uint32_t raw_end;    /* raw text elements: where their content ends, which begins at end; else 0 */
    dh_tag tag;
    bool used; /* an element of the tree stands for it */
    bool open; /* its content is in the skeleton, as markup */
    bool in_template;
} dh_skim_tag;

/* A run of text with at least one character that is not white space. */
typedef struct dh_skim_run {
    uint32_t begin, end; /* with the white space it begins with */
    uint32_t lead : 31;  /* so many characters of white space stand before it in the skeleton */
    uint32_t raw : 1;    /* no character references (plaintext) */
} dh_skim_run;

typedef struct dh_skim {
    dh_buf skeleton; /* NUL behind it */
    DH_PARTS(dh_skim_tag) tags;
    DH_PARTS(dh_skim_run) runs;
    DH_PARTS(uint32_t) ends; /* careful: where end tags of raw text elements begin, in the page */
    uint32_t nodes; /* elements and texts that the skeleton asks for */
    uint32_t raw;   /* of these, raw text elements */
    dh_limit_id limited;
    uint64_t kept; /* bytes of the page that were read */
} dh_skim;

typedef DH_VEC(uint32_t) dh_skim_offsets; /* of start tags in the page, in order */

/* What earlier passes over the page have shown. */
typedef struct dh_skim_known {
    dh_skim_offsets ignored; /* the tree builder ignores them: their content is markup */
    dh_skim_offsets raw;     /* it does not, which needs to be known only in a careful pass */
    bool careful;            /* do not guess: leave it to the tree builder what is raw text */
} dh_skim_known;

void dh_skim_page(dh_skim *skim, dh_slice page, const dh_limits *limits,
                  const dh_skim_known *known, dh_arena *arena);
/* Of a careful pass: whether the tag's raw text ends in the skeleton where it ends in the page. */
bool dh_skim_ends_alike(const dh_skim *skim, const dh_skim_tag *tag);
bool dh_skim_swallows(dh_tag tag);

/* Reads one placeholder at p (p < end): its run's index and the bytes it takes; 0 when p is none. */
size_t dh_skim_placeholder(const char *p, const char *end, uint32_t *run);

/* Bytes of the white space character (*c) that text begins with, which may be written as a character
 * reference; 0 when it begins with none. */
size_t dh_skim_blank(dh_slice text, bool raw, char *c);

/* The next attribute of a start tag's bytes. *at starts behind the name (see dh_skim_tag_name) and
 * moves on; false at the end. The value is raw, without quotes. */
bool dh_skim_attribute(dh_slice tag, size_t *at, dh_slice *name, dh_slice *value);
/* "<div class=x>" -> 4: offset behind the name. */
size_t dh_skim_name_end(dh_slice tag);

/* Equal for start tags of the same name whose elements have the same attributes. */
uint64_t dh_skim_identity(dh_slice tag, dh_arena *arena);

#endif
