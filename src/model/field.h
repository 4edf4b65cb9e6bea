/* SPDX-License-Identifier: Apache-2.0 */
/* field: what is known about an article beside its text, each value with where it came from. */
#ifndef DH_MODEL_FIELD_H
#define DH_MODEL_FIELD_H

#include "base/arena.h"

typedef enum dh_field_kind {
#define DH_FIELD(name, many, help) DH_FIELD_##name,
#include "model/field.def"
#undef DH_FIELD
    DH_FIELD_COUNT
} dh_field_kind;

/* In order of trust; the first source that has a value gives it. */
typedef enum dh_field_source {
    DH_SOURCE_OPTION, /* the caller said so */
    DH_SOURCE_RULE,
    DH_SOURCE_JSONLD,
    DH_SOURCE_MICRODATA,
    DH_SOURCE_OPENGRAPH,
    DH_SOURCE_META, /* Dublin Core and other meta elements */
    DH_SOURCE_PAGE, /* the page's own text and markup */
    DH_SOURCE_URL,
    DH_SOURCE_COUNT
} dh_field_source;

typedef struct dh_field {
    dh_field_kind kind;
    dh_field_source source;
    dh_slice value; /* cleaned UTF-8, never empty */
    dh_slice where; /* "NewsArticle.datePublished", "meta[name=author]", "x.rules:12" */
    uint32_t node;  /* element it was read from, DH_NO_NODE when none */
} dh_field;

/* The chosen values only, grouped by kind in the order of field.def. */
typedef struct dh_fields {
    dh_arena *arena;
    dh_field *ptr;
    uint32_t len, cap;
} dh_fields;

void dh_fields_init(dh_fields *fields, dh_arena *arena);
/* Adds a value; slices are borrowed. For a kind that holds one value the more trusted source wins
 * and of two of the same source the first. For a kind with many, a more trusted source replaces all
 * values of a less trusted one, a less trusted one is ignored, equal values are kept once. Empty
 * values are ignored. Returns whether the value is in. */
bool dh_fields_add(dh_fields *fields, dh_field field);
/* The first value, or NULL. */
const dh_field *dh_fields_get(const dh_fields *fields, dh_field_kind kind);
/* Its text, or an empty slice with ptr NULL. */
dh_slice dh_fields_value(const dh_fields *fields, dh_field_kind kind);
dh_slice dh_field_name(dh_field_kind kind);
bool dh_field_many(dh_field_kind kind);
/* DH_FIELD_COUNT when no field has this name. */
dh_field_kind dh_field_of(dh_slice name);
/* "rule", "json-ld", "microdata", "opengraph", "meta", "page", "url", "option". */
const char *dh_field_source_name(dh_field_source source);

#endif
