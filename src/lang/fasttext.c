/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/fasttext.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lang/fasttext_file.h"

/* Of a text, on the way to its label. */
typedef struct query {
    const dh_fasttext *m;
    float *hidden;
    uint64_t rows; /* that were added */
} query;

/* ---- matrices ---- */

static float number(const char *floats, size_t i) {
    float value;
    memcpy(&value, floats + i * sizeof value, sizeof value);
    return value;
}

static size_t centroid_of(const dh_ft_pq *pq, int32_t part, uint8_t code) {
    size_t first = (size_t)part * DH_FT_CENTROIDS * (size_t)pq->dsub;
    return first + (size_t)code * (size_t)(part == pq->parts - 1 ? pq->last : pq->dsub);
}

static float norm_of(const dh_ft_matrix *x, uint64_t row) {
    if (!x->norms) return 1;
    return number(x->npq.centroids, centroid_of(&x->npq, 0, (uint8_t)x->norm_codes[row]));
}

/* Calls for each number of a row: i, its value. */
#define EACH(x, row, i, value, body)                                                               \
    do {                                                                                           \
        if (!(x)->quantized) {                                                                     \
            const char *floats = (x)->values + (row) * (x)->columns * sizeof(float);               \
            for (uint32_t i = 0; i < (x)->columns; i++) {                                          \
                float value = number(floats, i);                                                   \
                body                                                                               \
            }                                                                                      \
            break;                                                                                 \
        }                                                                                          \
        const char *codes = (x)->values + (row) * (uint64_t)(x)->pq.parts;                         \
        for (int32_t part = 0; part < (x)->pq.parts; part++) {                                     \
            size_t from = centroid_of(&(x)->pq, part, (uint8_t)codes[part]);                       \
            int32_t len = part == (x)->pq.parts - 1 ? (x)->pq.last : (x)->pq.dsub;                 \
            for (int32_t k = 0; k < len; k++) {                                                    \
                uint32_t i = (uint32_t)(part * (x)->pq.dsub + k);                                  \
                float value = number((x)->pq.centroids, from + (size_t)k);                         \
                body                                                                               \
            }                                                                                      \
        }                                                                                          \
    } while (0)

static void add_row(query *q, uint64_t row) {
    const dh_ft_matrix *x = &q->m->input;
    if (row >= x->rows) return;
    float norm = norm_of(x, row);
    EACH(x, row, i, value, q->hidden[i] += norm * value;);
    q->rows++;
}

static float dot_row(const query *q, uint64_t row) {
    const dh_ft_matrix *x = &q->m->output;
    float sum = 0;
    EACH(x, row, i, value, sum += q->hidden[i] * value;);
    return x->quantized ? sum * norm_of(x, row) : sum;
}

/* ---- words and their parts ---- */

static void add_ngram(query *q, uint32_t hash) {
    const dh_fasttext *m = q->m;
    if (m->bucket == 0 || m->pruned == 0) return;
    if (m->pruned < 0) {
        add_row(q, (uint64_t)m->words + hash);
        return;
    }
    size_t from = 0, end = (size_t)m->pruned;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (m->prune[2 * middle] < hash) from = middle + 1;
        else end = middle;
    }
    if (from < (size_t)m->pruned && m->prune[2 * from] == hash)
        add_row(q, (uint64_t)m->words + m->prune[2 * from + 1]);
}

/* A byte of "<word>". */
static char byte_of(dh_slice word, size_t i) {
    return i == 0 ? '<' : i > word.len ? '>' : word.ptr[i - 1];
}

static bool continues(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* All runs of minn to maxn characters of "<word>", but for the two signs alone. */
static void add_parts(query *q, dh_slice word) {
    const dh_fasttext *m = q->m;
    size_t len = word.len + 2;
    for (size_t i = 0; i < len && m->bucket > 0; i++) {
        uint32_t h = DH_FT_HASH;
        if (continues(byte_of(word, i))) continue;
        size_t j = i;
        for (int32_t n = 1; j < len && n <= m->maxn; n++) {
            do h = dh_ft_hash_byte(h, byte_of(word, j++));
            while (j < len && continues(byte_of(word, j)));
            if (n >= m->minn && !(n == 1 && (i == 0 || j == len)))
                add_ngram(q, h % (uint32_t)m->bucket);
        }
    }
}

/* Its number, or UINT32_MAX. */
static uint32_t entry_of(const dh_fasttext *m, dh_slice word, uint32_t hash) {
    for (uint32_t at = hash & m->mask; m->table[at] != 0; at = (at + 1) & m->mask) {
        const dh_ft_word *entry = &m->entries[m->table[at] - 1];
        if (entry->len == word.len && memcmp(entry->text, word.ptr, word.len) == 0)
            return m->table[at] - 1;
    }
    return UINT32_MAX;
}

static void add_word(query *q, dh_slice word, uint32_t hash, bool end) {
    uint32_t entry = entry_of(q->m, word, hash);
    if (entry != UINT32_MAX) add_row(q, entry);
    if (!end && (entry == UINT32_MAX || q->m->maxn > 0)) add_parts(q, word);
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/* Pairs, triples and so on of words, by their hashes. */
static void add_runs(query *q, const int32_t *hashes, size_t len) {
    const dh_fasttext *m = q->m;
    for (size_t i = 0; i < len && m->bucket > 0; i++) {
        uint64_t h = (uint64_t)(int64_t)hashes[i];
        for (size_t j = i + 1; j < len && j < i + (size_t)(m->ngrams > 0 ? m->ngrams : 0); j++) {
            h = h * UINT64_C(116049371) + (uint64_t)(int64_t)hashes[j];
            add_ngram(q, (uint32_t)(h % (uint64_t)m->bucket));
        }
    }
}

/* The text is one line to the model, with fastText's own mark at its end. */
static void add_text(query *q, dh_slice text, dh_arena *arena) {
    static const dh_slice label = DH_SLICE_INIT("__label__"), end = DH_SLICE_INIT("</s>");
    DH_VEC(int32_t) hashes = {0};
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        while (at < text.len && !is_space(text.ptr[at])) at++;
        dh_slice word = dh_slice_sub(text, from, at);
        at++;
        if (word.len == 0 || dh_slice_starts(word, label)) continue;
        uint32_t hash = dh_ft_hash(word.ptr, word.len);
        add_word(q, word, hash, false);
        *DH_PUSH(arena, hashes) = (int32_t)hash;
    }
    uint32_t hash = dh_ft_hash(end.ptr, end.len);
    add_word(q, end, hash, true);
    *DH_PUSH(arena, hashes) = (int32_t)hash;
    add_runs(q, hashes.ptr, hashes.len);
}

/* ---- labels ---- */

/* fastText adds it to a probability before it takes the logarithm. */
#define FLOOR 1e-5

/* e to the x, to some twelve digits and the same on every machine, which libraries do not promise. */
static double power(double x) {
    static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    if (!(x > -700)) return 0; /* also when it is no number */
    if (x > 700) x = 700;
    int k = (int)(x / ln2_high + (x < 0 ? -0.5 : 0.5));
    double r = x - k * ln2_high - k * ln2_low, sum = 1, term = 1, scale;
    for (int i = 1; i <= 14; i++) {
        term *= r / i;
        sum += term;
    }
    uint64_t bits = (uint64_t)(1023 + k) << 52;
    memcpy(&scale, &bits, sizeof scale);
    return sum * scale;
}

/* One-vs-all looks it up: 512 steps from -8 to 8. Ties are common then, and the last one of them is it. */
static double sigmoid_step(float x) {
    if (x < -8 || x != x) return 0;
    if (x > 8) return 1;
    int step = (int)((x + 8) * 512 / 8 / 2);
    return 1 / (1 + power(8 - step * 16 / 512.0));
}

static double sigmoid(float x) {
    return 1 / (1 + power(-(double)x));
}

/* Down the tree, the more likely side first; what is worse than the best leaf so far is left out. */
static uint32_t walk_tree(const query *q, dh_arena *arena, double *probability) {
    typedef struct step {
        int32_t node;
        double score; /* the product of the probabilities */
    } step;
    const dh_fasttext *m = q->m;
    int32_t leaves = (int32_t)m->labels;
    step *open = dh_arena_zalloc(arena, m->labels + 1, 2 * sizeof *open);
    size_t depth = 0;
    double best = 0;
    uint32_t label = 0;
    open[depth++] = (step){2 * leaves - 2, 1};
    while (depth > 0) {
        step s = open[--depth];
        if (s.score < best) continue;
        if (m->tree[s.node].left < 0) {
            if (s.score > best) label = (uint32_t)s.node;
            best = s.score;
            continue;
        }
        double f = sigmoid(dot_row(q, (uint64_t)(s.node - leaves)));
        step left = {m->tree[s.node].left, s.score * (1 - f + FLOOR)};
        step right = {m->tree[s.node].right, s.score * (f + FLOOR)};
        open[depth++] = left.score < right.score ? left : right;
        open[depth++] = left.score < right.score ? right : left;
    }
    *probability = best;
    return label;
}

static uint32_t best_row(const query *q, dh_arena *arena, double *probability) {
    double *values = dh_arena_zalloc(arena, q->m->labels, sizeof *values);
    bool softmax = q->m->loss == DH_FT_SOFTMAX;
    uint32_t label = 0;
    double sum = 0;
    for (uint32_t i = 0; i < q->m->labels; i++) {
        float value = dot_row(q, i);
        values[i] = softmax ? (double)value : sigmoid_step(value);
        if (values[i] >= values[label]) label = i;
    }
    for (uint32_t i = 0; softmax && i < q->m->labels; i++) sum += power(values[i] - values[label]);
    *probability = softmax ? 1 / sum : values[label];
    return label;
}

bool dh_fasttext_find(const dh_fasttext *m, dh_slice text, dh_arena *arena, dh_slice *label,
                      double *probability) {
    static const dh_slice prefix = DH_SLICE_INIT("__label__");
    query q = {.m = m};
    q.hidden = dh_arena_zalloc(arena, (size_t)m->dim, sizeof *q.hidden);
    add_text(&q, text, arena);
    if (q.rows == 0) return false;
    float scale = (float)(1.0 / (double)q.rows);
    for (int32_t i = 0; i < m->dim; i++) q.hidden[i] *= scale;
    uint32_t best =
        m->loss == DH_FT_HS ? walk_tree(&q, arena, probability) : best_row(&q, arena, probability);
    if (*probability > 1) *probability = 1;
    const dh_ft_word *entry = &m->entries[m->words + best];
    *label = dh_slice_make(entry->text, entry->len);
    if (dh_slice_starts(*label, prefix)) *label = dh_slice_sub(*label, prefix.len, label->len);
    return *probability >= 0; /* no number, when the model holds none */
}

/* ---- the file ---- */

static bool map_file(const char *path, dh_fasttext *m) {
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool good = fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
    void *bytes =
        good ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    close(file);
    if (bytes == MAP_FAILED) return false;
    m->bytes = bytes;
    m->size = (size_t)info.st_size;
    return true;
}

dh_status dh_fasttext_new(const char *path, dh_fasttext **out, dh_error *error) {
    jmp_buf guard;
    const char *what = "memory is out";
    dh_fasttext *m = calloc(1, sizeof *m);
    if (m == NULL) return dh_error_set(error, DH_ERR_MEMORY, "lang", 0, "%s", what);
    dh_arena_init(&m->arena, 0);
    if (!map_file(path, m)) {
        dh_fasttext_free(m);
        return dh_error_set(error, DH_ERR_IO, "lang", 0, "%.200s cannot be read", path);
    }
    bool whole = !dh_arena_guard(&m->arena, &guard);
    bool good = whole && dh_ft_read(m, &what);
    m->arena.guard = NULL;
    if (!good) {
        dh_fasttext_free(m);
        return dh_error_set(error, whole ? DH_ERR_SYNTAX : DH_ERR_MEMORY, "lang", 0, "%.200s: %s",
                            path, what);
    }
    *out = m;
    return DH_OK;
}

void dh_fasttext_free(dh_fasttext *m) {
    if (m == NULL) return;
    if (m->bytes != NULL) munmap((void *)(uintptr_t)m->bytes, m->size);
    dh_arena_release(&m->arena);
    free(m);
}
