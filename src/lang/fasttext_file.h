/* SPDX-License-Identifier: Apache-2.0 */
/* fasttext_file: a model's file, read into what fasttext.c computes with. Private to fasttext*.c. Every offset and size is
 * checked here, so that the arithmetic need not. */
#ifndef DH_LANG_FASTTEXT_FILE_H
#define DH_LANG_FASTTEXT_FILE_H

#include "base/arena.h"
#include "lang/fasttext.h"

enum { DH_FT_HS = 1, DH_FT_NS, DH_FT_SOFTMAX, DH_FT_OVA };
enum { DH_FT_CENTROIDS = 256 };

/* A product quantizer: vectors of dim in parts of dsub, each one of 256. */
typedef struct dh_ft_pq {
    int32_t dim, parts, dsub, last;
    const char *centroids; /* floats, not aligned */
} dh_ft_pq;

typedef struct dh_ft_matrix {
    bool quantized, norms;
    uint64_t rows;
    uint32_t columns;
    const char *values; /* floats, not aligned; or codes */
    const char *norm_codes;
    dh_ft_pq pq, npq;
} dh_ft_matrix;

typedef struct dh_ft_word {
    const char *text; /* with a NUL behind it */
    uint32_t len;
} dh_ft_word;

/* Of the tree of labels: leaves first. */
typedef struct dh_ft_node {
    int32_t left, right; /* -1: a leaf */
    int64_t count;
} dh_ft_node;

struct dh_fasttext {
    dh_arena arena;
    const char *bytes; /* the mapping */
    size_t size;
    int32_t dim, ngrams, loss, bucket, minn, maxn;
    uint32_t words, labels;
    dh_ft_word *entries; /* words, then labels */
    int64_t *counts;     /* of the labels */
    uint32_t *table;     /* entry + 1 by hash; a power of two */
    uint32_t mask;
    int64_t pruned;  /* -1: not; else this many n-grams are left */
    uint32_t *prune; /* pairs: sorted by the first */
    dh_ft_matrix input, output;
    dh_ft_node *tree; /* of hierarchical softmax */
};

/* FNV-1a, with the sign that chars have where fastText was made; begins with DH_FT_HASH. */
#define DH_FT_HASH UINT32_C(2166136261)
static inline uint32_t dh_ft_hash_byte(uint32_t hash, char c) {
    uint32_t byte = (unsigned char)c;
    if (byte >= 0x80) byte |= UINT32_C(0xFFFFFF00);
    return (hash ^ byte) * UINT32_C(16777619);
}
uint32_t dh_ft_hash(const char *bytes, size_t len);
/* Fills it from its bytes; leaves through the arena's guard when memory is out. False with *what when it is no model. */
bool dh_ft_read(dh_fasttext *model, const char **what);

#endif
