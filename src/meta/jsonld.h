/* SPDX-License-Identifier: Apache-2.0 */
/* jsonld: private to meta/. The objects of a page's JSON-LD scripts. */
#ifndef DH_META_JSONLD_H
#define DH_META_JSONLD_H

#include "base/json.h"
#include "base/map.h"
#include "meta/state.h"

enum { DH_LD_OBJECTS = 256 };

/* Classes of schema.org types, the most wanted first. */
typedef enum dh_type_class {
    DH_TYPE_ARTICLE, /* Article and its kin, ...Posting, Report */
    DH_TYPE_WORK,    /* other works that have an author and a date */
    DH_TYPE_PAGE,    /* ...Page */
    DH_TYPE_SITE,
    DH_TYPE_TRAIL, /* BreadcrumbList: the way to the page */
    DH_TYPE_OTHER
} dh_type_class;

/* Of a type's name or address (also microdata's itemtype). */
dh_type_class dh_type_class_of(dh_slice type);

typedef struct dh_ld_ref {
    const dh_json *json;
    uint32_t id;
} dh_ld_ref;

typedef struct dh_ld_object {
    dh_ld_ref ref;
    dh_slice type;
    dh_type_class class;
    bool main; /* stands at the top, in @graph, or is a page's mainEntity */
    int32_t score;
} dh_ld_object;

typedef struct dh_ld {
    DH_VEC(dh_ld_object) objects; /* of all classes but OTHER, in order */
    DH_VEC(dh_ld_ref) named;
    dh_map by_id; /* @id to index in named, plus 1 */
} dh_ld;

void dh_ld_load(dh_ld *ld, dh_meta_state *state);
/* The object a reference names, else the value itself. */
dh_ld_ref dh_ld_follow(const dh_ld *ld, dh_ld_ref ref);
/* The text of a value: a string, a number, a boolean's name, an object's name, @value or url, the
 * first of an array. */
dh_slice dh_ld_text(const dh_ld *ld, dh_ld_ref ref);

#endif
