/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/merge.h"

#include <stdlib.h>

#include "corpus/dedup.h"
#include "corpus/document.h"
#include "corpus/memory.h"
#include "corpus/paragraphs.h"
#include "corpus/recall.h"
#include "corpus/shard.h"
#include "corpus/verify.h"

/* A shard of one of the stores. */
typedef struct part {
    const dh_store *store;
    dh_marker *marker;
    const char *run; /* digest of the store's run.json */
} part;

typedef struct merge {
    const dh_merge_options *options;
    dh_merge_result *result;
    dh_arena *arena;
    DH_VEC(part) parts;
    dh_digest *digest; /* of the kept lines */
    dh_shard *shard;
    uint64_t piece;
    dh_arena lines;                    /* of the line at hand */
    dh_dedup *dedup;                   /* NULL: nothing is rejected */
    dh_paragraphs *paragraphs;         /* NULL: all are kept */
    dh_counter *counter;               /* while lines are counted */
    dh_memory *memory;                 /* NULL: no line is removed */
    dh_recalled recalled;              /* of the document at hand */
    dh_buf thin, said;                 /* heap: its line without them, and what is said of it */
    uint64_t number;                   /* of kept documents in this pass */
    dh_buf line, recut, text, members; /* heap: of a document that is changed */
    dh_status (*pass)(struct merge *m, dh_document *document);
    dh_status status;
    dh_error *error;
} merge;

/* ---- what there is ---- */

static int by_place(const void *a, const void *b) {
    const part *x = a, *y = b;
    const dh_marker *m = x->marker, *n = y->marker;
    int order = dh_slice_compare(m->first, n->first);
    if (order == 0) order = strcmp(x->run, y->run);
    if (order != 0) return order;
    if (m->unit != n->unit) return m->unit < n->unit ? -1 : 1;
    return m->piece != n->piece ? (m->piece < n->piece ? -1 : 1) : 0;
}

static void gather(merge *m, const dh_store *stores, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        char *run = dh_arena_alloc(m->arena, DH_DIGEST_SIZE);
        if (!dh_digest_sha256(&stores[i].run, 1, run)) dh_arena_fail(m->arena, DH_ERR_MEMORY);
        for (uint32_t k = 0; k < stores[i].markers.len; k++)
            *DH_PUSH(m->arena, m->parts) = (part){&stores[i], stores[i].markers.ptr[k], run};
    }
    if (m->parts.len > 1) qsort(m->parts.ptr, m->parts.len, sizeof *m->parts.ptr, by_place);
}

/* A shard that two stores have (a task that was run twice) is taken once. */
static dh_status drop_twins(merge *m) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->parts.len; i++) {
        const part *p = &m->parts.ptr[i], *before = kept > 0 ? &m->parts.ptr[kept - 1] : NULL;
        if (before == NULL || by_place(before, p) != 0) {
            m->parts.ptr[kept++] = *p;
            continue;
        }
        if (strcmp(before->marker->kept.sha256, p->marker->kept.sha256) != 0 ||
            strcmp(before->marker->rest.sha256, p->marker->rest.sha256) != 0)
            return dh_error_set(m->error, DH_ERR_USAGE, "corpus", 0,
                                "%.150s and %.150s both have the shard %.*s, and not the same",
                                before->store->folder, p->store->folder, (int)p->marker->name.len,
                                p->marker->name.ptr);
    }
    m->parts.len = kept;
    return DH_OK;
}

/* The markers of all stores with one run.json together make it whole. */
static dh_status check_whole(merge *m, const dh_store *stores, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        dh_store all = stores[i];
        uint64_t unit;
        all.markers = (dh_markers){0};
        for (uint32_t k = 0; k < m->parts.len; k++)
            if (dh_slice_eq(m->parts.ptr[k].store->run, all.run))
                *DH_PUSH(m->arena, all.markers) = m->parts.ptr[k].marker;
        if (!dh_store_is_whole(&all, NULL, &unit))
            return dh_error_set(m->error, DH_ERR_USAGE, "corpus", 0,
                                "%.200s is not whole: unit %llu of %llu is not done", all.folder,
                                (unsigned long long)unit, (unsigned long long)all.units);
    }
    return DH_OK;
}

static dh_status check_lines(merge *m) {
    for (uint32_t i = 0; i < m->parts.len && m->options->site_memory; i++)
        if (m->parts.ptr[i].marker->lines.sha256[0] == '\0')
            return dh_error_set(m->error, DH_ERR_USAGE, "corpus", 0,
                                "%.200s was made without --site-memory: its lines were not noted",
                                m->parts.ptr[i].store->folder);
    return DH_OK;
}

/* The runs that were merged, each once, in an order of their own. */
static dh_slice run_text(merge *m) {
    dh_buf out;
    dh_tally runs; /* a set */
    dh_buf_init(&out, m->arena, 0);
    dh_tally_init(&runs, m->arena);
    for (uint32_t i = 0; i < m->parts.len; i++)
        dh_tally_add(&runs, m->parts.ptr[i].store->run, DH_FATE_KEPT, 1);
    dh_tally_sort(&runs);
    dh_buf_printf(&out, "{\n  \"dehusk\": \"%s\",\n  \"merged\": [", dehusk_version());
    for (uint32_t i = 0; i < runs.rows.len; i++) {
        dh_buf_puts(&out, i > 0 ? ",\n  " : "\n  ");
        dh_buf_put_slice(&out, runs.rows.ptr[i].name);
    }
    static const char *const dedups[] = {"none", "exact", "minhash"};
    dh_buf_printf(&out, "],\n  \"dedup\": \"%s\"", dedups[m->options->dedup]);
    dh_buf_printf(&out, ",\n  \"dedup_paragraphs\": %llu",
                  (unsigned long long)m->options->paragraphs);
    if (m->options->site_memory) dh_buf_puts(&out, ",\n  \"site_memory\": true");
    dh_buf_printf(&out, ",\n  \"shard_documents\": %llu,\n  \"units\": 1\n}\n",
                  (unsigned long long)m->options->shard_documents);
    return dh_buf_slice(&out);
}

/* ---- the work ---- */

static dh_status open_shard(merge *m) {
    dh_shard_options options = {.folder = m->options->folder,
                                .coding = m->options->coding,
                                .first = "merged",
                                .unit = 0,
                                .piece = m->piece++};
    return dh_shard_open(&options, &m->shard, m->error);
}

static dh_status end_shard(merge *m, uint64_t left_out, bool last) {
    dh_shard *shard = m->shard;
    m->shard = NULL;
    if (!last) return dh_shard_commit(shard, left_out, false, m->error);
    for (uint32_t i = 0; i < m->parts.len; i++)
        for (uint32_t k = 0; k < m->parts.ptr[i].marker->inputs.len; k++) {
            dh_status status =
                dh_shard_name_input(shard, &m->parts.ptr[i].marker->inputs.ptr[k], m->error);
            if (status == DH_OK) continue;
            dh_shard_abort(shard);
            return status;
        }
    return dh_shard_commit(shard, left_out, true, m->error);
}

/* The line with more members at the beginning of its metadata, which is never empty. */
static bool amend(merge *m, dh_document *document, dh_slice members) {
    static const dh_slice mark =
        DH_SLICE_INIT(", \"metadata\": {"); /* in a string a quote is escaped */
    size_t at = dh_slice_find(document->line, mark);
    if (at == DH_NPOS) return false;
    dh_slice before = dh_slice_sub(document->line, 0, at + mark.len);
    dh_slice after = dh_slice_sub(document->line, at + mark.len, document->line.len);
    if (dh_slice_starts(after,
                        DH_SLICE("\"stands_for\": "))) { /* of an earlier merge: it is counted in */
        size_t end = dh_slice_find(after, DH_SLICE(", "));
        if (end != DH_NPOS) after = dh_slice_sub(after, end + 2, after.len);
    }
    dh_buf_reset(&m->line);
    dh_buf_put_slice(&m->line, before);
    dh_buf_put_slice(&m->line, members);
    dh_buf_put_slice(&m->line, after);
    document->line = dh_buf_slice(&m->line);
    return !m->line.failed;
}

static dh_status no_memory(merge *m) {
    return dh_error_set(m->error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

static void reject(merge *m, dh_document *document, dh_slice reason) {
    document->fate = DH_FATE_REJECTED;
    document->reason = reason;
    dh_buf_puts(&m->members, "\"rejected\": ");
    dh_json_put_string(&m->members, reason);
    dh_buf_puts(&m->members, ", ");
}

/* What is said of a document that others repeat, or that repeats another. */
static dh_status judge(merge *m, dh_document *document) {
    dh_dedup_verdict verdict;
    dh_status status = dh_dedup_next(m->dedup, m->number, &verdict, m->error);
    if (status != DH_OK || verdict.kind == DH_DEDUP_ALONE) return status;
    if (verdict.kind == DH_DEDUP_CHOSEN) {
        dh_buf_printf(&m->members, "\"stands_for\": %llu, ", (unsigned long long)verdict.documents);
        return DH_OK;
    }
    reject(m, document,
           verdict.kind == DH_DEDUP_SAME ? DH_SLICE("duplicate") : DH_SLICE("near_duplicate"));
    dh_buf_puts(&m->members, "\"duplicate_of\": ");
    dh_json_put_string(&m->members, dh_slice_cstr(verdict.id));
    dh_buf_puts(&m->members, ", ");
    return DH_OK;
}

/* The text without paragraphs that stay elsewhere; a document of nothing else is rejected as it is. */
static dh_status thin_out(merge *m, dh_document *document) {
    uint64_t removed;
    dh_text_facts facts;
    dh_buf_reset(&m->text);
    dh_status status =
        dh_paragraphs_next(m->paragraphs, m->number, document->text, &m->text, &removed, m->error);
    if (status == DH_OK && m->text.failed) status = no_memory(m);
    if (status != DH_OK || removed == 0) return status;
    dh_text_measure(dh_buf_slice(&m->text), &facts);
    if (facts.letters == 0) {
        reject(m, document, DH_SLICE("duplicate_paragraphs"));
        return DH_OK;
    }
    dh_buf_printf(&m->members, "\"paragraphs_removed\": %llu, ", (unsigned long long)removed);
    dh_buf_reset(&m->recut);
    if (!dh_document_recut(document, dh_buf_slice(&m->text), &facts, &m->recut))
        return no_memory(m);
    return DH_OK;
}

/* ---- site memory ---- */

static void put_removed(merge *m) {
    const dh_recalled *r = &m->recalled;
    dh_buf_printf(&m->said, "\"lines_removed\": %u, \"removed\": [", (unsigned)r->lines.len);
    for (uint32_t i = 0; i < r->lines.len; i++) {
        const dh_recalled_line *line = &r->lines.ptr[i];
        dh_buf_puts(&m->said, i > 0 ? ", {\"text\": " : "{\"text\": ");
        dh_json_put_string(&m->said, line->text);
        dh_buf_printf(&m->said, ", \"pages\": %llu, \"of\": %llu}",
                      (unsigned long long)line->repeat.pages, (unsigned long long)line->repeat.of);
    }
    dh_buf_puts(&m->said, "], ");
}

static bool look_up(merge *m, const dh_document *document) {
    jmp_buf guard;
    bool good = !dh_arena_guard(&m->lines, &guard);
    dh_site_memory memory = dh_memory_of(m->memory);
    if (good) dh_recall(&memory, document->host, document->text, &m->lines, &m->recalled);
    m->lines.guard = NULL;
    return good;
}

/* The document without the lines that its host's pages share; one of nothing else is rejected as it is. */
static dh_status recall(merge *m, dh_document *document) {
    dh_text_facts facts;
    dh_buf_reset(&m->said);
    dh_buf_reset(&m->thin);
    m->recalled.lines.len = 0;
    if (m->memory == NULL || document->fate != DH_FATE_KEPT) return DH_OK;
    if (!look_up(m, document)) return no_memory(m);
    if (m->recalled.lines.len == 0) return DH_OK;
    dh_text_measure(m->recalled.text, &facts);
    if (facts.letters == 0) {
        document->fate = DH_FATE_REJECTED;
        document->reason = DH_SLICE("boilerplate");
        dh_buf_puts(&m->said, "\"rejected\": \"boilerplate\", ");
    } else {
        document->removed += m->recalled.lines.len;
        if (!dh_document_recut(document, m->recalled.text, &facts, &m->thin)) return no_memory(m);
    }
    put_removed(m);
    return m->said.failed ? no_memory(m) : DH_OK;
}

/* Samples of what was removed, for those who look into the file. */
static dh_status book_removed(merge *m, dh_slice host) {
    for (uint32_t i = 0; i < m->recalled.lines.len; i++) {
        const dh_recalled_line *line = &m->recalled.lines.ptr[i];
        if (!dh_memory_removed(m->memory, host, line->key, line->text)) return no_memory(m);
    }
    return DH_OK;
}

/* All that is found out about a kept document. */
static dh_status change(merge *m, dh_document *document) {
    dh_status status = DH_OK;
    dh_buf_reset(&m->members);
    if (m->dedup != NULL) status = judge(m, document);
    if (status == DH_OK && m->paragraphs != NULL && document->fate == DH_FATE_KEPT)
        status = thin_out(m, document);
    dh_buf_put_slice(&m->members, dh_buf_slice(&m->said));
    if (status == DH_OK && m->members.failed) status = no_memory(m);
    if (status != DH_OK || m->members.len == 0) return status;
    if (amend(m, document, dh_buf_slice(&m->members))) return DH_OK;
    return dh_error_set(m->error, DH_ERR_SYNTAX, "corpus", 0, "a line cannot be amended");
}

/* ---- passes: what is done with each document ---- */

static dh_status pass_add(merge *m, dh_document *document) {
    jmp_buf guard;
    if (document->fate != DH_FATE_KEPT) return DH_OK;
    if (dh_arena_guard(&m->lines, &guard)) {
        m->lines.guard = NULL;
        return dh_error_set(m->error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
    }
    dh_status status = dh_dedup_add(m->dedup, document->id, document->stands_for, document->text,
                                    &m->lines, m->error);
    m->lines.guard = NULL;
    return status;
}

static dh_status pass_name(merge *m, dh_document *document) {
    if (document->fate != DH_FATE_KEPT) return DH_OK;
    return dh_dedup_name(m->dedup, m->number++, document->id, document->stands_for, m->error);
}

/* Paragraphs of documents that are rejected as duplicates do not count. */
static dh_status pass_paragraphs(merge *m, dh_document *document) {
    dh_dedup_verdict verdict = {.kind = DH_DEDUP_ALONE};
    dh_status status = DH_OK;
    uint64_t number = m->number;
    if (document->fate != DH_FATE_KEPT) return DH_OK;
    m->number++;
    if (m->dedup != NULL) status = dh_dedup_next(m->dedup, number, &verdict, m->error);
    if (status != DH_OK || verdict.kind == DH_DEDUP_SAME || verdict.kind == DH_DEDUP_NEAR)
        return status;
    return dh_paragraphs_add(m->paragraphs, number, document->id, document->text, m->error);
}

static dh_status pass_put(merge *m, dh_document *document) {
    dh_status status = DH_OK;
    if (document->fate == DH_FATE_KEPT) {
        status = change(m, document);
        m->number++;
    } else if (m->said.len > 0 && !amend(m, document, dh_buf_slice(&m->said))) {
        status = dh_error_set(m->error, DH_ERR_SYNTAX, "corpus", 0, "a line cannot be amended");
    }
    if (status == DH_OK) status = book_removed(m, document->host);
    if (status == DH_OK && m->shard != NULL &&
        dh_shard_documents(m->shard) == m->options->shard_documents)
        status = end_shard(m, 0, false);
    if (status == DH_OK && m->shard == NULL) status = open_shard(m);
    if (status == DH_OK) status = dh_shard_put(m->shard, document, 0, m->error);
    m->result->documents++;
    if (document->fate != DH_FATE_KEPT) return status;
    m->result->kept++;
    m->result->bytes += document->line.len;
    if (!dh_digest_put(m->digest, document->line) && status == DH_OK) status = no_memory(m);
    return status;
}

static bool take(void *data, dh_slice line) {
    merge *m = data;
    dh_document document;
    dh_arena_reset(&m->lines);
    if (m->options->stop != NULL && m->options->stop(m->options->data))
        m->status = dh_error_set(m->error, DH_ERR_INTERRUPTED, "corpus", 0, "interrupted");
    else if (!dh_document_parse(line, &m->lines, &document))
        m->status = dh_error_set(m->error, DH_ERR_SYNTAX, "corpus", 0, "a line is no document");
    else if ((m->status = recall(m, &document)) == DH_OK) m->status = m->pass(m, &document);
    return m->status == DH_OK;
}

static bool count_lines(void *data, dh_slice line) {
    merge *m = data;
    dh_page_lines page;
    dh_arena_reset(&m->lines);
    if (m->options->stop != NULL && m->options->stop(m->options->data))
        m->status = dh_error_set(m->error, DH_ERR_INTERRUPTED, "corpus", 0, "interrupted");
    else if (!dh_page_lines_read(line, &page, &m->lines))
        m->status = dh_error_set(m->error, DH_ERR_SYNTAX, "corpus", 0, "lines of a page are damaged");
    else m->status = dh_counter_add(m->counter, &page, m->error);
    return m->status == DH_OK;
}

static dh_status read_file(merge *m, const char *path, dh_lines_take *with) {
    dh_error why = {0};
    dh_status status = dh_store_lines(path, with, m, &why);
    if (m->status != DH_OK) return m->status;
    if (status == DH_OK) return DH_OK;
    return dh_error_set(m->error, status, "corpus", 0, "%.200s: %.200s", path, why.message);
}

/* All that is kept, or all, in order. */
static dh_status read_all(merge *m, dh_status (*pass)(merge *m, dh_document *document),
                          bool rest_too) {
    dh_status status = DH_OK;
    m->pass = pass;
    m->number = 0;
    for (uint32_t i = 0; i < m->parts.len && status == DH_OK; i++) {
        const part *p = &m->parts.ptr[i];
        status = read_file(m, dh_store_path(p->store, "data", p->marker), take);
        if (status == DH_OK && rest_too)
            status = read_file(m, dh_store_path(p->store, "rejected", p->marker), take);
    }
    return status;
}

static const char *memory_path(merge *m) {
    dh_buf path;
    dh_buf_init(&path, m->arena, 0);
    dh_buf_printf(&path, "%s/site-memory.sqlite", m->options->folder);
    return dh_buf_cstr(&path);
}

static dh_status count_all(merge *m) {
    dh_status status = DH_OK;
    for (int pass = 0; pass < DH_COUNTER_PASSES && status == DH_OK; pass++) {
        for (uint32_t i = 0; i < m->parts.len && status == DH_OK; i++)
            status = read_file(m, dh_store_path(m->parts.ptr[i].store, "lines", m->parts.ptr[i].marker),
                               count_lines);
        if (status == DH_OK) status = dh_counter_turn(m->counter, m->error);
    }
    return status;
}

static dh_status find_boilerplate(merge *m) {
    if (!m->options->site_memory) return DH_OK;
    dh_status status =
        dh_counter_new(m->options->folder, m->options->memory, &m->counter, m->error);
    if (status == DH_OK) status = count_all(m);
    if (status == DH_OK) status = dh_memory_write(m->counter, memory_path(m), m->error);
    dh_counter_free(m->counter);
    m->counter = NULL;
    return status == DH_OK ? dh_memory_load(memory_path(m), &m->memory, m->error) : status;
}

static dh_status find_duplicates(merge *m) {
    if (m->options->dedup == DH_MERGE_ALL) return DH_OK;
    dh_dedup_options options = {.near = m->options->dedup == DH_MERGE_NEAR,
                                .folder = m->options->folder,
                                .memory = m->options->memory};
    dh_status status = dh_dedup_new(&options, &m->dedup, m->error);
    if (status == DH_OK) status = read_all(m, pass_add, false);
    if (status == DH_OK) status = dh_dedup_cluster(m->dedup, m->error);
    if (status != DH_OK || !dh_dedup_needs_names(m->dedup)) return status;
    status = read_all(m, pass_name, false);
    return status == DH_OK ? dh_dedup_choose(m->dedup, m->error) : status;
}

static dh_status find_paragraphs(merge *m) {
    if (m->options->paragraphs == 0) return DH_OK;
    dh_paragraphs_options options = {.documents = m->options->paragraphs,
                                     .folder = m->options->folder,
                                     .memory = m->options->memory};
    dh_status status = dh_paragraphs_new(&options, &m->paragraphs, m->error);
    if (status == DH_OK) status = read_all(m, pass_paragraphs, false);
    if (status == DH_OK) status = dh_paragraphs_choose(m->paragraphs, m->error);
    return status == DH_OK && m->dedup != NULL ? dh_dedup_rewind(m->dedup, m->error) : status;
}

static dh_status copy_all(merge *m) {
    uint64_t left_out = 0;
    for (uint32_t i = 0; i < m->parts.len; i++) left_out += m->parts.ptr[i].marker->left_out;
    dh_status status = read_all(m, pass_put, true);
    if (status == DH_OK && m->shard == NULL) status = open_shard(m);
    if (status == DH_OK) return end_shard(m, left_out, true);
    dh_shard_abort(m->shard);
    return status;
}

static dh_status finish(merge *m) {
    dh_store store;
    if (!dh_digest_end(m->digest, m->result->sha256)) return no_memory(m);
    dh_status status =
        m->memory != NULL ? dh_memory_save(m->memory, memory_path(m), m->error) : DH_OK;
    if (status != DH_OK) return status;
    status = dh_store_read(&store, m->options->folder, m->arena, m->error);
    return status == DH_OK ? dh_store_finish(&store, m->error) : status;
}

dh_status dh_merge(const dh_store *stores, uint32_t count, const dh_merge_options *options,
                   dh_merge_result *result, dh_error *error) {
    merge m = {.options = options, .result = result, .arena = stores[0].arena, .error = error};
    *result = (dh_merge_result){0};
    gather(&m, stores, count);
    dh_status status = drop_twins(&m);
    if (status == DH_OK) status = check_whole(&m, stores, count);
    if (status == DH_OK) status = check_lines(&m);
    if (status == DH_OK) status = dh_store_begin(options->folder, run_text(&m), m.arena, error);
    if (status == DH_OK) status = dh_digest_new(&m.digest, error);
    if (status != DH_OK) return status;
    dh_arena_init(&m.lines, 0);
    status = find_boilerplate(&m);
    if (status == DH_OK) status = find_duplicates(&m);
    if (status == DH_OK) status = find_paragraphs(&m);
    if (status == DH_OK) status = copy_all(&m);
    if (status == DH_OK) status = finish(&m);
    dh_dedup_free(m.dedup);
    dh_paragraphs_free(m.paragraphs);
    dh_memory_free(m.memory);
    dh_buf_release(&m.thin);
    dh_buf_release(&m.said);
    dh_buf_release(&m.line);
    dh_buf_release(&m.recut);
    dh_buf_release(&m.text);
    dh_buf_release(&m.members);
    dh_arena_release(&m.lines);
    dh_digest_free(m.digest);
    return status;
}
