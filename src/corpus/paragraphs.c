/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/paragraphs.h"

#include <stdlib.h>

#include "corpus/sort.h"
#include "corpus/sort_keys.h"
#include "text/class.h"

/* Records of DH_SORT_LARGE: 0 key of the text, 16 id, 80 number of the document, 88 of the paragraph in it; of
 * DH_SORT_SMALL, what is to go: 0 number of the document, 8 of the paragraph. */
enum { AT_ID = DH_KEY_TEXT, AT_NUMBER = 80, AT_PARAGRAPH = 88 };

struct dh_paragraphs {
    uint64_t documents;
    dh_sorter *all, *gone;
    dh_buf room,
        waiting;      /* heap: waiting: records of `gone` of a paragraph that too few have so far */
    uint64_t next[2]; /* of what is to go: document, paragraph */
    bool has_next;
};

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

dh_status dh_paragraphs_new(const dh_paragraphs_options *options, dh_paragraphs **out,
                            dh_error *error) {
    dh_paragraphs *p = calloc(1, sizeof *p);
    *out = NULL;
    if (p == NULL) return no_memory(error);
    p->documents = options->documents;
    dh_status status =
        dh_sorter_new(DH_SORT_LARGE, options->memory, options->folder, &p->all, error);
    if (status == DH_OK)
        status = dh_sorter_new(DH_SORT_SMALL, options->memory, options->folder, &p->gone, error);
    if (status == DH_OK) *out = p;
    else dh_paragraphs_free(p);
    return status;
}

void dh_paragraphs_free(dh_paragraphs *p) {
    if (p == NULL) return;
    dh_sorter_free(p->all);
    dh_sorter_free(p->gone);
    dh_buf_release(&p->room);
    dh_buf_release(&p->waiting);
    free(p);
}

/* The next one of *rest, which moves behind it and the empty line. */
static dh_slice cut(dh_slice *rest) {
    static const dh_slice gap = DH_SLICE_INIT("\n\n");
    size_t at = dh_slice_find(*rest, gap);
    dh_slice paragraph = dh_slice_sub(*rest, 0, at);
    *rest = at == DH_NPOS ? (dh_slice){NULL, 0} : dh_slice_sub(*rest, at + gap.len, rest->len);
    return paragraph;
}

dh_status dh_paragraphs_add(dh_paragraphs *p, uint64_t number, dh_slice id, dh_slice text,
                            dh_error *error) {
    uint64_t index = 0;
    dh_status status = DH_OK;
    for (dh_slice rest = text; rest.ptr != NULL && status == DH_OK; index++) {
        unsigned char record[DH_SORT_LARGE] = {0};
        dh_text_facts facts;
        dh_slice paragraph = cut(&rest);
        dh_text_measure(paragraph, &facts);
        if (facts.letters < DH_PARAGRAPH_LETTERS) continue;
        if (!dh_key_text(paragraph, &p->room, record)) return no_memory(error);
        dh_key_id(id, record + AT_ID);
        dh_sort_put_u64(record + AT_NUMBER, number);
        dh_sort_put_u64(record + AT_PARAGRAPH, index);
        status = dh_sorter_put(p->all, record, error);
    }
    return status;
}

/* ---- what goes ---- */

static dh_status let_go(dh_paragraphs *p, dh_error *error) {
    dh_status status = DH_OK;
    for (size_t at = 0; at < p->waiting.len && status == DH_OK; at += DH_SORT_SMALL)
        status = dh_sorter_put(p->gone, p->waiting.ptr + at, error);
    dh_buf_reset(&p->waiting);
    return status;
}

/* A run of records with one key, as far as it was read. */
typedef struct group {
    unsigned char key[DH_KEY_TEXT];
    uint64_t documents, number; /* how many have it; the last of them */
} group;

static dh_status take(dh_paragraphs *p, group *g, const unsigned char *record, dh_error *error) {
    uint64_t number = dh_sort_u64(record + AT_NUMBER);
    bool same = g->documents > 0 && memcmp(g->key, record, sizeof g->key) == 0;
    if (!same) {
        memcpy(g->key, record, sizeof g->key);
        g->documents = 0;
        dh_buf_reset(&p->waiting);
    }
    g->documents += !same || number != g->number;
    g->number = number;
    if (!same) return DH_OK; /* the one that stays */
    dh_buf_put(&p->waiting, record + AT_NUMBER, DH_SORT_SMALL);
    if (p->waiting.failed) return no_memory(error);
    return g->documents >= p->documents ? let_go(p, error) : DH_OK;
}

dh_status dh_paragraphs_choose(dh_paragraphs *p, dh_error *error) {
    group g = {.documents = 0};
    const void *record;
    dh_status status = dh_sorter_rewind(p->all, error);
    while (status == DH_OK && (status = dh_sorter_next(p->all, &record, error)) == DH_OK)
        status = take(p, &g, record, error);
    return status == DH_ERR_EMPTY ? dh_sorter_rewind(p->gone, error) : status;
}

/* Whether the next that is to go is this one; what lies before it is passed over. */
static dh_status goes(dh_paragraphs *p, uint64_t number, uint64_t index, bool *yes,
                      dh_error *error) {
    *yes = false;
    while (!p->has_next || p->next[0] < number || (p->next[0] == number && p->next[1] < index)) {
        const void *record;
        dh_status status = dh_sorter_next(p->gone, &record, error);
        if (status == DH_ERR_EMPTY) return DH_OK;
        if (status != DH_OK) return status;
        p->next[0] = dh_sort_u64(record);
        p->next[1] = dh_sort_u64((const unsigned char *)record + 8);
        p->has_next = true;
    }
    *yes = p->next[0] == number && p->next[1] == index;
    return DH_OK;
}

dh_status dh_paragraphs_next(dh_paragraphs *p, uint64_t number, dh_slice text, dh_buf *out,
                             uint64_t *removed, dh_error *error) {
    uint64_t index = 0;
    *removed = 0;
    for (dh_slice rest = text; rest.ptr != NULL; index++) {
        bool gone;
        dh_slice paragraph = cut(&rest);
        dh_status status = goes(p, number, index, &gone, error);
        if (status != DH_OK) return status;
        *removed += gone;
        if (gone) continue;
        if (index > *removed) dh_buf_puts(out, "\n\n");
        dh_buf_put_slice(out, paragraph);
    }
    return out->failed ? no_memory(error) : DH_OK;
}
