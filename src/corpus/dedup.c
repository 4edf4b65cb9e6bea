/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/dedup.h"

#include <stdlib.h>

#include "base/buf.h"
#include "corpus/minhash.h"
#include "corpus/sort.h"
#include "corpus/sort_keys.h"

/* Records of DH_SORT_LARGE, by their places:
 *   same     0 digest of the text, 16 id, 80 number, 88 how many it stands for
 *   members  0 number of the cluster, 8 id, 72 number, 80 how many it stands for
 *   verdicts 0 number, 8 kind, 16 documents, 24 id
 * and of DH_SORT_SMALL: near  0 hash of a band, 8 number. */
enum { DIGEST = DH_KEY_TEXT, AT_ID = DIGEST, AT_NUMBER = 80, AT_WEIGHT = 88 };
enum { MEMBER_ID = 8, MEMBER_NUMBER = 72, MEMBER_WEIGHT = 80 };
enum { VERDICT_KIND = 8, VERDICT_DOCUMENTS = 16, VERDICT_ID = 24 };

typedef struct record {
    unsigned char bytes[DH_SORT_LARGE];
} record;

struct dh_dedup {
    bool near;
    uint64_t count; /* of documents */
    dh_sorter *same, *bands, *members, *verdicts;
    uint32_t *parents;      /* near: a forest; whose roots are clusters */
    unsigned char *is_same; /* near: the text is another's */
    dh_buf text;            /* heap: without white space */
    record at_hand;         /* of the verdicts; the next that was not asked for */
    bool has_one;
};

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

dh_status dh_dedup_new(const dh_dedup_options *options, dh_dedup **out, dh_error *error) {
    dh_dedup *d = calloc(1, sizeof *d);
    *out = NULL;
    if (d == NULL) return no_memory(error);
    d->near = options->near;
    const char *folder = options->folder;
    size_t memory = options->memory;
    dh_status status = dh_sorter_new(DH_SORT_LARGE, memory, folder, &d->same, error);
    if (status == DH_OK) status = dh_sorter_new(DH_SORT_LARGE, memory, folder, &d->verdicts, error);
    if (status == DH_OK && d->near)
        status = dh_sorter_new(DH_SORT_SMALL, memory, folder, &d->bands, error);
    if (status == DH_OK && d->near)
        status = dh_sorter_new(DH_SORT_LARGE, memory, folder, &d->members, error);
    if (status == DH_OK) *out = d;
    else dh_dedup_free(d);
    return status;
}

void dh_dedup_free(dh_dedup *d) {
    if (d == NULL) return;
    dh_sorter_free(d->same);
    dh_sorter_free(d->bands);
    dh_sorter_free(d->members);
    dh_sorter_free(d->verdicts);
    free(d->parents);
    free(d->is_same);
    dh_buf_release(&d->text);
    free(d);
}

dh_status dh_dedup_add(dh_dedup *d, dh_slice id, uint64_t stands_for, dh_slice text,
                       dh_arena *arena, dh_error *error) {
    record r = {{0}};
    uint64_t bands[DH_MINHASH_BANDS];
    if (!dh_key_text(text, &d->text, r.bytes)) return no_memory(error);
    dh_key_id(id, r.bytes + AT_ID);
    dh_sort_put_u64(r.bytes + AT_NUMBER, d->count);
    dh_sort_put_u64(r.bytes + AT_WEIGHT, stands_for);
    dh_status status = dh_sorter_put(d->same, r.bytes, error);
    if (status == DH_OK && d->near && dh_minhash(text, arena, bands))
        for (int b = 0; b < DH_MINHASH_BANDS && status == DH_OK; b++) {
            unsigned char small[DH_SORT_SMALL];
            dh_sort_put_u64(small, bands[b]);
            dh_sort_put_u64(small + 8, d->count);
            status = dh_sorter_put(d->bands, small, error);
        }
    d->count++;
    if (d->count > UINT32_MAX)
        return dh_error_set(error, DH_ERR_LIMIT, "corpus", 0, "more than %u documents", UINT32_MAX);
    return status;
}

/* ---- clusters ---- */

static uint32_t root_of(dh_dedup *d, uint32_t number) {
    while (d->parents[number] != number) {
        d->parents[number] = d->parents[d->parents[number]];
        number = d->parents[number];
    }
    return number;
}

static void link_both(dh_dedup *d, uint64_t a, uint64_t b) {
    uint32_t x = root_of(d, (uint32_t)a), y = root_of(d, (uint32_t)b);
    if (x < y) d->parents[y] = x;
    else d->parents[x] = y;
}

static dh_status put_verdict(dh_dedup *d, uint64_t number, int kind, uint64_t documents,
                             const unsigned char *id, dh_error *error) {
    record r = {{0}};
    dh_sort_put_u64(r.bytes, number);
    r.bytes[VERDICT_KIND] = (unsigned char)kind;
    dh_sort_put_u64(r.bytes + VERDICT_DOCUMENTS, documents);
    memcpy(r.bytes + VERDICT_ID, id, DH_DEDUP_ID);
    return dh_sorter_put(d->verdicts, r.bytes, error);
}

/* A run of records with one key: its first, how many there are, and how many they stand for. */
typedef struct group {
    record first;
    uint64_t size, weight;
} group;

static void begin_group(group *g, const void *bytes, size_t weight_at) {
    memcpy(g->first.bytes, bytes, DH_SORT_LARGE);
    g->size = 1;
    g->weight = dh_sort_u64(g->first.bytes + weight_at);
}

static dh_status end_same(dh_dedup *d, const group *g, dh_error *error) {
    if (d->near || g->size < 2) return DH_OK;
    const unsigned char *first = g->first.bytes;
    return put_verdict(d, dh_sort_u64(first + AT_NUMBER), DH_DEDUP_CHOSEN, g->weight, first + AT_ID,
                       error);
}

static dh_status take_same(dh_dedup *d, const group *g, const unsigned char *bytes,
                           dh_error *error) {
    uint64_t number = dh_sort_u64(bytes + AT_NUMBER),
             first = dh_sort_u64(g->first.bytes + AT_NUMBER);
    if (!d->near) return put_verdict(d, number, DH_DEDUP_SAME, 0, g->first.bytes + AT_ID, error);
    d->is_same[number] = 1;
    link_both(d, first, number);
    return DH_OK;
}

static dh_status cluster_same(dh_dedup *d, dh_error *error) {
    group g = {.size = 0};
    const void *next;
    dh_status status = dh_sorter_rewind(d->same, error);
    while (status == DH_OK && (status = dh_sorter_next(d->same, &next, error)) == DH_OK) {
        if (g.size > 0 && memcmp(g.first.bytes, next, DIGEST) == 0) {
            g.size++;
            g.weight += dh_sort_u64((const unsigned char *)next + AT_WEIGHT);
            status = take_same(d, &g, next, error);
        } else {
            status = end_same(d, &g, error);
            begin_group(&g, next, AT_WEIGHT);
        }
    }
    return status == DH_ERR_EMPTY ? end_same(d, &g, error) : status;
}

static dh_status cluster_near(dh_dedup *d, dh_error *error) {
    unsigned char before[DH_SORT_SMALL] = {0};
    const void *next;
    bool any = false;
    dh_status status = dh_sorter_rewind(d->bands, error);
    while (status == DH_OK && (status = dh_sorter_next(d->bands, &next, error)) == DH_OK) {
        const unsigned char *bytes = next;
        if (any && memcmp(before, bytes, 8) == 0)
            link_both(d, dh_sort_u64(before + 8), dh_sort_u64(bytes + 8));
        memcpy(before, bytes, sizeof before);
        any = true;
    }
    return status == DH_ERR_EMPTY ? DH_OK : status;
}

/* An own function, as the sizes are known only now. */
static bool plant(dh_dedup *d) {
    d->parents = calloc((size_t)d->count + 1, sizeof *d->parents);
    d->is_same = calloc((size_t)d->count + 1, 1);
    for (uint32_t i = 0; d->parents != NULL && i < d->count; i++) d->parents[i] = i;
    return d->parents != NULL && d->is_same != NULL;
}

dh_status dh_dedup_cluster(dh_dedup *d, dh_error *error) {
    if (d->near && !plant(d)) return no_memory(error);
    dh_status status = cluster_same(d, error);
    if (status == DH_OK && d->near) status = cluster_near(d, error);
    if (status == DH_OK && !d->near) status = dh_sorter_rewind(d->verdicts, error);
    return status;
}

bool dh_dedup_needs_names(const dh_dedup *d) {
    return d->near;
}

/* Those that are alone come too: a root is not told from them. */
dh_status dh_dedup_name(dh_dedup *d, uint64_t number, dh_slice id, uint64_t stands_for,
                        dh_error *error) {
    record r = {{0}};
    dh_sort_put_u64(r.bytes, root_of(d, (uint32_t)number));
    dh_key_id(id, r.bytes + MEMBER_ID);
    dh_sort_put_u64(r.bytes + MEMBER_NUMBER, number);
    dh_sort_put_u64(r.bytes + MEMBER_WEIGHT, stands_for);
    return dh_sorter_put(d->members, r.bytes, error);
}

static dh_status end_cluster(dh_dedup *d, const group *g, dh_error *error) {
    if (g->size < 2) return DH_OK;
    return put_verdict(d, dh_sort_u64(g->first.bytes + MEMBER_NUMBER), DH_DEDUP_CHOSEN, g->weight,
                       g->first.bytes + MEMBER_ID, error);
}

dh_status dh_dedup_choose(dh_dedup *d, dh_error *error) {
    group g = {.size = 0};
    const void *next;
    dh_status status = dh_sorter_rewind(d->members, error);
    while (status == DH_OK && (status = dh_sorter_next(d->members, &next, error)) == DH_OK) {
        const unsigned char *bytes = next;
        if (g.size > 0 && memcmp(g.first.bytes, bytes, 8) == 0) {
            uint64_t number = dh_sort_u64(bytes + MEMBER_NUMBER);
            g.size++;
            g.weight += dh_sort_u64(bytes + MEMBER_WEIGHT);
            status = put_verdict(d, number, d->is_same[number] ? DH_DEDUP_SAME : DH_DEDUP_NEAR, 0,
                                 g.first.bytes + MEMBER_ID, error);
        } else {
            status = end_cluster(d, &g, error);
            begin_group(&g, bytes, MEMBER_WEIGHT);
        }
    }
    if (status != DH_ERR_EMPTY) return status;
    status = end_cluster(d, &g, error);
    return status == DH_OK ? dh_sorter_rewind(d->verdicts, error) : status;
}

/* ---- verdicts ---- */

dh_status dh_dedup_rewind(dh_dedup *d, dh_error *error) {
    d->has_one = false;
    return dh_sorter_rewind(d->verdicts, error);
}

dh_status dh_dedup_next(dh_dedup *d, uint64_t number, dh_dedup_verdict *verdict, dh_error *error) {
    *verdict = (dh_dedup_verdict){.documents = 1};
    const void *next;
    while (!d->has_one || dh_sort_u64(d->at_hand.bytes) < number) {
        dh_status status = dh_sorter_next(d->verdicts, &next, error);
        if (status == DH_ERR_EMPTY) return DH_OK;
        if (status != DH_OK) return status;
        memcpy(d->at_hand.bytes, next, DH_SORT_LARGE);
        d->has_one = true;
    }
    if (dh_sort_u64(d->at_hand.bytes) != number) return DH_OK;
    verdict->kind = d->at_hand.bytes[VERDICT_KIND];
    verdict->documents = dh_sort_u64(d->at_hand.bytes + VERDICT_DOCUMENTS);
    memcpy(verdict->id, d->at_hand.bytes + VERDICT_ID, DH_DEDUP_ID);
    return DH_OK;
}
