/* SPDX-License-Identifier: Apache-2.0 */
/* lexicon_table: a lexicon as arrays without pointers in them, so that one can be compiled in: the build
 * makes dh_lexicon_shipped of the files of rules/labels/ (tools/lexicon.c). */
#ifndef DH_TEXT_LEXICON_TABLE_H
#define DH_TEXT_LEXICON_TABLE_H

#include <stdint.h>

enum { DH_LEXICON_SIEVE = 65536 }; /* bits */

/* Small, as each page of memory that is touched costs as much as some thousand instructions. */
typedef struct dh_lexicon_phrase {
    uint32_t written; /* where it stands in the pool */
    uint32_t tail;    /* code point that must follow a prefix, 0 for none */
    uint32_t next;    /* prefix phrase of the same key with another tail, + 1; 0 for none */
    uint16_t len;     /* of written, in bytes */
    uint8_t label;
    uint8_t weak;
} dh_lexicon_phrase;

/* One slot serves a key as a whole block and as a prefix. */
typedef struct dh_lexicon_slot {
    uint32_t key; /* where it stands in the pool */
    uint32_t len; /* 0: the slot is free */
    uint32_t hash;
    uint32_t exact, prefix; /* index of a phrase + 1; 0: none */
} dh_lexicon_slot;

/* A file that went into the pool as it is. */
typedef struct dh_lexicon_file {
    const char *name; /* "labels/share.tsv" */
    uint32_t begin, len;
} dh_lexicon_file;

typedef struct dh_lexicon_table {
    const dh_lexicon_slot *slots; /* a hash table, its size a power of two */
    const dh_lexicon_phrase *phrases;
    const char *pool; /* the files, and keys that no file has */
    /* Bits by hash: which keys (all, those of prefix phrases) there may be. Small enough for the first
     * cache, where the slots are not. */
    const uint64_t *keys, *prefixes;
    const dh_lexicon_file *files; /* NULL unless compiled in */
    uint32_t slot_count, phrase_count, pool_len, file_count;
    uint32_t max_exact, max_prefix; /* bytes of the longest keys */
} dh_lexicon_table;

extern const dh_lexicon_table dh_lexicon_shipped;

#endif
