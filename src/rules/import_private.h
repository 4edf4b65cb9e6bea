/* SPDX-License-Identifier: Apache-2.0 */
/* import_private: one site config on its way, and what is noted about all of them. */
#ifndef DH_RULES_IMPORT_PRIVATE_H
#define DH_RULES_IMPORT_PRIVATE_H

#include "base/map.h"
#include "rules/import.h"

typedef enum import_how {
    HOW_FIELD,
    HOW_ELEMENT,
    HOW_TOKEN,
    HOW_IMAGE,
    HOW_ATTRIBUTE,
    HOW_CONDITION,
    HOW_SWITCH,
    HOW_TEST,
    HOW_HAS,
    HOW_FIND,
    HOW_REPLACE,
    HOW_HEADER,
    HOW_DROP
} import_how;

typedef enum import_fate { FATE_CSS, FATE_XPATH, FATE_OTHER, FATE_DROPPED, FATE_COUNT } import_fate;

typedef struct import_row {
    dh_slice directive;
    import_how how;
    const char *argument;
    bool selects;
} import_row;

enum { IMPORT_ROWS = 64 };
extern const import_row dh_import_rows[];
extern const uint32_t dh_import_row_count;

typedef struct import_note {
    dh_slice file, directive, value;
    uint32_t line;
    const char *reason; /* static or in the arena */
    bool dropped;       /* else a warning */
} import_note;

struct dh_import {
    dh_arena *arena;
    uint32_t fates[IMPORT_ROWS][FATE_COUNT];
    uint32_t files, written, unknown;
    DH_VEC(import_note) notes;
    dh_slice global; /* rule file that all others inherit, without .rules */
};

/* One line of the rule file that is made. */
typedef struct import_made {
    dh_slice text;
    uint32_t line; /* of the config */
    uint32_t row;
    import_fate fate;
    dh_slice directive, value; /* as they stood there */
} import_made;

typedef struct import_file {
    dh_import *import;
    dh_arena *arena;
    dh_slice name;
    uint32_t line;
    uint32_t row;
    dh_slice directive, argument, value; /* of the line at hand; argument: in brackets */
    DH_VEC(import_made) made;
    DH_VEC(import_made) tests;
    DH_VEC(import_made) finds; /* find_string lines without their replace_string */
    uint32_t next_find;
    uint32_t head; /* lines of the rule file before those of made */
    bool prune_off, prune_on, no_fallback;
} import_file;

/* In import_lines.c: translates the line at hand. */
void dh_import_line(import_file *f);
void dh_import_drop(import_file *f, const char *reason);
void dh_import_warn(import_file *f, const char *reason);

#endif
