/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/fasttext_file.h"

#include <stdlib.h>

enum { MAGIC = 793712314, VERSION = 12, SUPERVISED = 3, LABEL = 1 };
enum { MAX_DIM = 4096, MAX_ENTRIES = 1 << 28, MAX_LABELS = 1 << 20 };

typedef struct reader {
    const char *at, *end;
    bool bad;
} reader;

static const char *take(reader *r, uint64_t len) {
    if (r->bad || len > (uint64_t)(r->end - r->at)) {
        r->bad = true;
        return NULL;
    }
    const char *bytes = r->at;
    r->at += len;
    return bytes;
}

static int32_t i32(reader *r) {
    int32_t value = 0;
    const char *bytes = take(r, sizeof value);
    if (bytes != NULL) memcpy(&value, bytes, sizeof value);
    return value;
}

static int64_t i64(reader *r) {
    int64_t value = 0;
    const char *bytes = take(r, sizeof value);
    if (bytes != NULL) memcpy(&value, bytes, sizeof value);
    return value;
}

static bool flag(reader *r) {
    const char *bytes = take(r, 1);
    return bytes != NULL && *bytes != 0;
}

uint32_t dh_ft_hash(const char *bytes, size_t len) {
    uint32_t hash = DH_FT_HASH;
    for (size_t i = 0; i < len; i++) hash = dh_ft_hash_byte(hash, bytes[i]);
    return hash;
}

static const char *read_arguments(reader *r, dh_fasttext *m) {
    if (i32(r) != MAGIC || r->bad) return "it is no fastText model";
    if (i32(r) != VERSION) return "it is of another version of fastText";
    m->dim = i32(r);
    take(r, 4 * sizeof(int32_t)); /* ws, epoch, minCount, neg */
    m->ngrams = i32(r);
    m->loss = i32(r);
    int32_t kind = i32(r);
    m->bucket = i32(r);
    m->minn = i32(r);
    m->maxn = i32(r);
    take(r, sizeof(int32_t) + sizeof(double)); /* lrUpdateRate, t */
    if (kind != SUPERVISED) return "it is no classifier";
    if (m->dim < 1 || m->dim > MAX_DIM || m->bucket < 0 || m->loss < DH_FT_HS ||
        m->loss > DH_FT_OVA || m->ngrams > 16 || m->maxn > 64)
        return "its numbers are out of range";
    return NULL;
}

static void index_words(dh_fasttext *m) {
    uint32_t size = 16;
    while (size < m->words * 2) size *= 2;
    m->mask = size - 1;
    m->table = dh_arena_zalloc(&m->arena, size, sizeof *m->table);
    for (uint32_t i = 0; i < m->words; i++) {
        uint32_t at = dh_ft_hash(m->entries[i].text, m->entries[i].len) & m->mask;
        while (m->table[at] != 0) at = (at + 1) & m->mask;
        m->table[at] = i + 1;
    }
}

static int by_first(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static const char *read_dictionary(reader *r, dh_fasttext *m) {
    int32_t size = i32(r), words = i32(r), labels = i32(r);
    i64(r); /* ntokens */
    m->pruned = i64(r);
    if (r->bad || words < 0 || labels < 1 || words > MAX_ENTRIES || labels > MAX_LABELS ||
        size != words + labels || m->pruned < -1 || m->pruned > MAX_ENTRIES)
        return "its dictionary is damaged";
    /* Each entry has ten bytes at least: no more memory than the file is worth. */
    if ((uint64_t)size * 10 > (uint64_t)(r->end - r->at)) return "its dictionary is cut off";
    m->words = (uint32_t)words;
    m->labels = (uint32_t)labels;
    m->entries = dh_arena_zalloc(&m->arena, (size_t)size, sizeof *m->entries);
    m->counts = dh_arena_zalloc(&m->arena, (size_t)labels, sizeof *m->counts);
    for (int32_t i = 0; i < size; i++) {
        const char *end = memchr(r->at, '\0', (size_t)(r->end - r->at));
        if (end == NULL || end - r->at > 1 << 20) return "its dictionary is cut off";
        m->entries[i] = (dh_ft_word){r->at, (uint32_t)(end - r->at)};
        r->at = end + 1;
        int64_t count = i64(r);
        const char *type = take(r, 1);
        if (type == NULL || (*type == LABEL) != (i >= words) || count < 0 ||
            count > INT64_MAX / MAX_LABELS)
            return "its dictionary is damaged";
        if (i >= words) m->counts[i - words] = count;
    }
    if (m->pruned > 0) {
        const char *pairs = take(r, (uint64_t)m->pruned * 8);
        if (pairs == NULL) return "its dictionary is cut off";
        m->prune = dh_arena_alloc(&m->arena, (size_t)m->pruned * 8);
        memcpy(m->prune, pairs, (size_t)m->pruned * 8);
        qsort(m->prune, (size_t)m->pruned, 8, by_first);
    }
    index_words(m);
    return NULL;
}

static bool read_pq(reader *r, dh_ft_pq *pq) {
    pq->dim = i32(r);
    pq->parts = i32(r);
    pq->dsub = i32(r);
    pq->last = i32(r);
    if (r->bad || pq->dim < 1 || pq->dim > MAX_DIM || pq->dsub < 1 || pq->dsub > pq->dim ||
        pq->last < 1 || pq->last > pq->dsub || pq->parts < 1 || pq->parts > pq->dim ||
        (pq->parts - 1) * pq->dsub + pq->last != pq->dim)
        return false;
    pq->centroids = take(r, (uint64_t)pq->dim * DH_FT_CENTROIDS * sizeof(float));
    return pq->centroids != NULL;
}

static bool read_matrix(reader *r, dh_fasttext *m, dh_ft_matrix *matrix, bool quantized) {
    matrix->quantized = quantized;
    if (quantized) matrix->norms = flag(r);
    int64_t rows = i64(r), columns = i64(r);
    if (r->bad || rows < 1 || rows > INT64_C(1) << 40 || columns != m->dim) return false;
    matrix->rows = (uint64_t)rows;
    matrix->columns = (uint32_t)columns;
    if (!quantized) {
        matrix->values = take(r, (uint64_t)rows * (uint64_t)columns * sizeof(float));
        return matrix->values != NULL;
    }
    int32_t size = i32(r);
    if (size < 0) return false;
    matrix->values = take(r, (uint64_t)size);
    if (!read_pq(r, &matrix->pq) || matrix->pq.dim != m->dim) return false;
    if ((uint64_t)size != (uint64_t)rows * (uint64_t)matrix->pq.parts) return false;
    if (!matrix->norms) return true;
    matrix->norm_codes = take(r, (uint64_t)rows);
    return matrix->norm_codes != NULL && read_pq(r, &matrix->npq) && matrix->npq.dim == 1;
}

/* Huffman's tree as fastText builds it: labels stand in order of falling counts. */
static void build_tree(dh_fasttext *m) {
    int32_t leaves = (int32_t)m->labels, nodes = 2 * leaves - 1, leaf = leaves - 1, node = leaves;
    m->tree = dh_arena_zalloc(&m->arena, (size_t)nodes + 1, sizeof *m->tree);
    for (int32_t i = 0; i <= nodes; i++)
        m->tree[i] = (dh_ft_node){-1, -1, i < leaves ? m->counts[i] : INT64_C(1000000000000000)};
    for (int32_t i = leaves; i < nodes; i++) {
        int32_t least[2];
        for (int k = 0; k < 2; k++)
            least[k] = leaf >= 0 && (node >= i || m->tree[leaf].count < m->tree[node].count)
                           ? leaf--
                           : node++;
        m->tree[i] =
            (dh_ft_node){least[0], least[1], m->tree[least[0]].count + m->tree[least[1]].count};
    }
}

bool dh_ft_read(dh_fasttext *m, const char **what) {
    reader r = {m->bytes, m->bytes + m->size, false};
    *what = read_arguments(&r, m);
    if (*what == NULL) *what = read_dictionary(&r, m);
    if (*what != NULL) return false;
    bool quantized = flag(&r);
    bool good = read_matrix(&r, m, &m->input, quantized);
    bool out = flag(&r) && quantized;
    good = good && read_matrix(&r, m, &m->output, out);
    *what = "its numbers are cut off or damaged";
    if (!good || m->input.rows < m->words || m->output.rows < m->labels) return false;
    if (m->loss == DH_FT_HS) build_tree(m);
    return true;
}
