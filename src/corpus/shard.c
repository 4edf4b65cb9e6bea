/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/shard.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/pack.h"
#include "base/io.h"

enum { HOLD = 256 * 1024 };

/* One of the two files, on its way. */
typedef struct half {
    dh_io_file file;
    bool open;
    dh_pack *pack;
    dh_digest *digest;
    dh_buf raw, packed; /* heap: not packed yet, not written yet */
    dh_marker_file *facts;
} half;

struct dh_shard {
    dh_arena arena; /* of the marker */
    dh_marker marker;
    dh_buf path; /* heap */
    const char *folder;
    half kept, rest, lines;
};

const char *dh_shard_ending(dh_coding coding) {
    return coding == DH_CODING_ZSTD   ? ".jsonl.zst"
           : coding == DH_CODING_GZIP ? ".jsonl.gz"
                                      : ".jsonl";
}

void dh_shard_name(uint64_t unit, uint64_t piece, char out[DH_SHARD_NAME_SIZE]) {
    snprintf(out, DH_SHARD_NAME_SIZE, "%06llu-%04llu", (unsigned long long)unit,
             (unsigned long long)piece);
}

static dh_status no_memory(dh_error *error) {
    return dh_error_set(error, DH_ERR_MEMORY, "corpus", 0, "out of memory");
}

static const char *path_of(dh_shard *shard, const char *folder, dh_slice ending) {
    dh_buf_reset(&shard->path);
    dh_buf_printf(&shard->path, "%s/%s", shard->folder, folder);
    if (ending.len > 0) {
        dh_buf_putc(&shard->path, '/');
        dh_buf_put_slice(&shard->path, shard->marker.name);
        dh_buf_put_slice(&shard->path, ending);
    }
    return dh_buf_cstr(&shard->path);
}

static dh_status open_side(dh_shard *shard, half *side, const char *folder, dh_coding coding,
                           dh_error *error) {
    dh_status status = dh_io_mkdirs(path_of(shard, folder, DH_SLICE("")), error);
    if (status == DH_OK) status = dh_pack_new(coding, &side->pack, error);
    if (status == DH_OK) status = dh_digest_new(&side->digest, error);
    if (status == DH_OK)
        status =
            dh_io_file_open(&side->file, path_of(shard, folder, shard->marker.ending), true, error);
    side->open = status == DH_OK;
    return status;
}

/* The names, in the arena; an own frame for setjmp. */
static bool name_it(dh_shard *shard, const dh_shard_options *options) {
    char name[DH_SHARD_NAME_SIZE];
    jmp_buf guard;
    if (dh_arena_guard(&shard->arena, &guard)) return false;
    dh_shard_name(options->unit, options->piece, name);
    dh_marker_init(&shard->marker, &shard->arena);
    shard->marker.name = dh_arena_dup(&shard->arena, dh_slice_cstr(name));
    shard->marker.first = dh_arena_dup(&shard->arena, dh_slice_cstr(options->first));
    shard->marker.ending = dh_slice_cstr(dh_shard_ending(options->coding));
    shard->marker.unit = options->unit;
    shard->marker.piece = options->piece;
    shard->arena.guard = NULL;
    return true;
}

static dh_status shard_new(const dh_shard_options *options, dh_shard **out, dh_error *error) {
    dh_shard *shard = calloc(1, sizeof *shard);
    *out = NULL;
    if (shard == NULL) return no_memory(error);
    dh_arena_init(&shard->arena, 0);
    shard->folder = options->folder;
    shard->kept.facts = &shard->marker.kept;
    shard->rest.facts = &shard->marker.rest;
    shard->lines.facts = &shard->marker.lines;
    dh_status status = name_it(shard, options) ? DH_OK : no_memory(error);
    if (status == DH_OK) status = open_side(shard, &shard->kept, "data", options->coding, error);
    if (status == DH_OK)
        status = open_side(shard, &shard->rest, "rejected", options->coding, error);
    if (status == DH_OK && options->lines)
        status = open_side(shard, &shard->lines, "lines", options->coding, error);
    if (status == DH_OK) status = dh_io_mkdirs(path_of(shard, "shards", DH_SLICE("")), error);
    if (status == DH_OK) *out = shard;
    else dh_shard_abort(shard);
    return status;
}

dh_status dh_shard_open(const dh_shard_options *options, dh_shard **out, dh_error *error) {
    return shard_new(options, out, error);
}

static void release_side(half *side) {
    if (side->open) dh_io_file_abort(&side->file);
    dh_pack_free(side->pack);
    dh_digest_free(side->digest);
    dh_buf_release(&side->raw);
    dh_buf_release(&side->packed);
}

void dh_shard_abort(dh_shard *shard) {
    if (shard == NULL) return;
    release_side(&shard->kept);
    release_side(&shard->rest);
    release_side(&shard->lines);
    dh_buf_release(&shard->path);
    dh_arena_release(&shard->arena);
    free(shard);
}

/* What is held goes into the digest, is packed and written. */
static dh_status flush(half *side, bool end, dh_error *error) {
    dh_slice raw = dh_buf_slice(&side->raw);
    bool good = !side->raw.failed && dh_digest_put(side->digest, raw) &&
                dh_pack_put(side->pack, raw, &side->packed);
    if (good && end) good = dh_pack_end(side->pack, &side->packed);
    if (!good) return no_memory(error);
    dh_status status = dh_io_file_put(&side->file, dh_buf_slice(&side->packed), error);
    side->facts->bytes += raw.len;
    side->facts->stored += side->packed.len;
    dh_buf_reset(&side->raw);
    dh_buf_reset(&side->packed);
    return status;
}

static void count(dh_marker *marker, const dh_document *document, uint64_t input_bytes) {
    static const dh_slice unknown = DH_SLICE_INIT("und");
    dh_fate fate = document->fate;
    marker->documents++;
    marker->fates[fate]++;
    marker->input_bytes += input_bytes;
    if (fate == DH_FATE_KEPT) marker->chars += document->chars;
    if (fate == DH_FATE_KEPT) marker->words += document->words;
    if (fate == DH_FATE_KEPT) marker->lines_removed += document->removed;
    if (fate == DH_FATE_KEPT && document->removed > 0) marker->thinned++;
    if (document->reason.len > 0) dh_tally_add(&marker->reasons, document->reason, fate, 1);
    if (document->host.len > 0) dh_tally_add(&marker->hosts, document->host, fate, 1);
    dh_tally_add(&marker->languages, document->language.len > 0 ? document->language : unknown,
                 fate, 1);
    if (document->rule.len > 0) dh_tally_add(&marker->rules, document->rule, fate, 1);
}

static bool count_guarded(dh_shard *shard, const dh_document *document, uint64_t input_bytes) {
    jmp_buf guard;
    bool failed = dh_arena_guard(&shard->arena, &guard);
    if (!failed) count(&shard->marker, document, input_bytes);
    shard->arena.guard = NULL;
    return !failed;
}

static dh_status put_side(half *side, dh_slice line, dh_error *error) {
    dh_buf_put_slice(&side->raw, line);
    side->facts->documents++;
    return side->raw.failed || side->raw.len >= HOLD ? flush(side, false, error) : DH_OK;
}

dh_status dh_shard_put(dh_shard *shard, const dh_document *document, uint64_t input_bytes,
                       dh_error *error) {
    half *side = document->fate == DH_FATE_KEPT ? &shard->kept : &shard->rest;
    if (!count_guarded(shard, document, input_bytes)) return no_memory(error);
    dh_status status = put_side(side, document->line, error);
    if (status == DH_OK && shard->lines.open && document->lines.len > 0)
        status = put_side(&shard->lines, document->lines, error);
    return status;
}

dh_status dh_shard_name_input(dh_shard *shard, const dh_marker_input *input, dh_error *error) {
    jmp_buf guard;
    if (dh_arena_guard(&shard->arena, &guard)) {
        shard->arena.guard = NULL;
        return no_memory(error);
    }
    *DH_PUSH(&shard->arena, shard->marker.inputs) =
        (dh_marker_input){.name = dh_arena_dup(&shard->arena, input->name),
                          .bytes = input->bytes,
                          .sha256 = dh_arena_dup(&shard->arena, input->sha256)};
    shard->arena.guard = NULL;
    return DH_OK;
}

uint64_t dh_shard_documents(const dh_shard *shard) {
    return shard->marker.documents;
}

static dh_status commit_side(half *side, dh_error *error) {
    dh_status status = flush(side, true, error);
    if (status != DH_OK) return status;
    if (!dh_digest_end(side->digest, side->facts->sha256)) return no_memory(error);
    side->open = false;
    return dh_io_file_commit(&side->file, true, error);
}

static dh_status write_marker(dh_shard *shard, dh_error *error) {
    dh_buf text = {0};
    dh_marker_put(&shard->marker, &text);
    dh_status status = text.failed ? no_memory(error) : DH_OK;
    if (status == DH_OK)
        status = dh_io_write(path_of(shard, "shards", DH_SLICE(".json")), dh_buf_slice(&text), true,
                             true, error);
    dh_buf_release(&text);
    return status;
}

dh_status dh_shard_commit(dh_shard *shard, uint64_t left_out, bool last, dh_error *error) {
    shard->marker.left_out = left_out;
    shard->marker.last = last;
    dh_status status = commit_side(&shard->kept, error);
    if (status == DH_OK) status = commit_side(&shard->rest, error);
    if (status == DH_OK && shard->lines.open) status = commit_side(&shard->lines, error);
    if (status == DH_OK) status = write_marker(shard, error);
    dh_shard_abort(shard);
    return status;
}
