/* SPDX-License-Identifier: Apache-2.0 */
/* json: reading into a flat, read-only tree and writing (RFC 8259). The reader is lenient where web
 * pages are sloppy (raw control characters in strings, trailing commas, // and block comments, text
 * behind the value, a BOM), iterative, and bounded in depth; strings come out as valid UTF-8 (lone
 * surrogates become U+FFFD). Why our own: it reads into the page's arena, which Debian's JSON
 * libraries (global allocators) cannot. */
#ifndef DH_BASE_JSON_H
#define DH_BASE_JSON_H

#include "base/buf.h"

typedef enum dh_json_type {
    DH_JSON_NULL,
    DH_JSON_FALSE,
    DH_JSON_TRUE,
    DH_JSON_NUMBER, /* text holds it as written */
    DH_JSON_STRING, /* text is decoded */
    DH_JSON_ARRAY,
    DH_JSON_OBJECT
} dh_json_type;

/* Values in document order; id 0 is the root. An object's members are its child values with key. */
typedef struct dh_json_value {
    dh_json_type type;
    uint32_t end;  /* one past its last descendant: next sibling when < parent's end */
    uint32_t len;  /* children */
    dh_slice key;  /* of an object's member, decoded */
    dh_slice text; /* string or number */
} dh_json_value;

typedef struct dh_json {
    dh_json_value *values;
    uint32_t len, cap;
} dh_json;

/* Reads one value from text. DH_ERR_SYNTAX with the offset in *error (may be NULL) when there is
 * none, or when strict and anything at all is off; a lenient read of a text that breaks off gives
 * what came before (objects and arrays closed). Depth over 512: DH_ERR_LIMIT. */
dh_status dh_json_parse(dh_json *json, dh_arena *arena, dh_slice text, bool strict,
                        dh_error *error);
/* First member with this key of object id, or UINT32_MAX (also when id is no object). */
uint32_t dh_json_get(const dh_json *json, uint32_t id, dh_slice key);
/* The string of a string value, or an empty slice (also for id UINT32_MAX). */
dh_slice dh_json_string(const dh_json *json, uint32_t id);
/* Children: for (c = dh_json_first(j, id); c != UINT32_MAX; c = dh_json_next(j, id, c)) */
uint32_t dh_json_first(const dh_json *json, uint32_t id);
uint32_t dh_json_next(const dh_json *json, uint32_t parent, uint32_t child);

/* Writes s with quotes; control characters, quote and backslash escaped, also U+2028/2029; ill-formed
 * bytes as U+FFFD. */
void dh_json_put_string(dh_buf *out, dh_slice s);

#endif
