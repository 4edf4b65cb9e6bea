/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/verify.h"

#include <stdio.h>
#include <sys/stat.h>

#include "archive/source_line.h"
#include "base/io.h"
#include "corpus/document.h"

enum { MAX_LINE = 1 << 30 };

static dh_status read_lines(dh_source *source, dh_lines_take *take, void *data, dh_error *error) {
    dh_buf room = {0};
    dh_slice line;
    dh_status status;
    while ((status = dh_source_line(source, MAX_LINE, &room, &line, error)) == DH_OK)
        if (!take(data, line)) break;
    dh_buf_release(&room);
    return status == DH_ERR_EMPTY ? DH_OK : status;
}

dh_status dh_store_lines(const char *path, dh_lines_take *take, void *data, dh_error *error) {
    dh_source *source;
    dh_status status = dh_source_new(path, NULL, &source, error);
    if (status != DH_OK) return status;
    status = read_lines(source, take, data, error);
    dh_source_free(source);
    return status;
}

typedef struct checker {
    const dh_store *store;
    dh_verify_tell *tell;
    void *data;
    uint64_t wrong, documents;
} checker;

/* A file as it is read. */
typedef struct reading {
    checker *c;
    const char *path;
    bool kept;       /* of the two, it is data/ */
    dh_arena *arena; /* of the line at hand */
    dh_digest *digest;
    uint64_t bytes, fates[DH_FATE_COUNT], bad;
} reading;

static void tell(checker *c, const char *where, const char *what) {
    c->wrong++;
    c->tell(c->data, where, what);
}

/* What the line itself says became of its document; DH_FATE_COUNT: it is no document. */
static dh_fate read_line(dh_arena *arena, dh_slice line) {
    dh_document document;
    dh_arena_reset(arena);
    return dh_document_parse(line, arena, &document) ? document.fate : DH_FATE_COUNT;
}

static bool take(void *data, dh_slice line) {
    reading *r = data;
    dh_digest_put(r->digest, line);
    r->bytes += line.len;
    dh_fate fate = read_line(r->arena, line);
    if (fate == DH_FATE_COUNT || (fate == DH_FATE_KEPT) != r->kept) r->bad++;
    else r->fates[fate]++;
    r->c->documents++;
    return true;
}

static void compare(reading *r, const dh_marker_file *facts) {
    struct stat st;
    char digest[DH_DIGEST_SIZE], line[128];
    checker *c = r->c;
    bool known = dh_digest_end(r->digest, digest);
    uint64_t lines = r->bad + r->fates[0] + r->fates[1] + r->fates[2];
    if (r->bad > 0) {
        snprintf(line, sizeof line, "%llu lines are no documents that belong there",
                 (unsigned long long)r->bad);
        tell(c, r->path, line);
    }
    if (lines != facts->documents) {
        snprintf(line, sizeof line, "%llu documents, the marker says %llu",
                 (unsigned long long)lines, (unsigned long long)facts->documents);
        tell(c, r->path, line);
    }
    if (!known) tell(c, r->path, "no memory for its digest");
    else if (r->bytes != facts->bytes || strcmp(digest, facts->sha256) != 0)
        tell(c, r->path, "its bytes are not those of the marker's digest");
    if (stat(r->path, &st) != 0 || (uint64_t)st.st_size != facts->stored)
        tell(c, r->path, "it has not the size that the marker says");
}

static dh_status check_file(checker *c, const char *path, const dh_marker_file *facts, bool kept,
                            uint64_t fates[DH_FATE_COUNT], dh_error *error) {
    dh_arena arena;
    dh_arena_init(&arena, 0);
    reading r = {.c = c, .path = path, .kept = kept, .arena = &arena};
    dh_error why = {0};
    dh_status status = dh_digest_new(&r.digest, error);
    if (status != DH_OK) return status;
    status = dh_store_lines(path, take, &r, &why);
    if (status == DH_OK) compare(&r, facts);
    else tell(c, path, why.message);
    for (int fate = 0; fate < DH_FATE_COUNT; fate++) fates[fate] += r.fates[fate];
    dh_digest_free(r.digest);
    dh_arena_release(&arena);
    if (status != DH_ERR_MEMORY) return DH_OK;
    if (error != NULL) *error = why;
    return status;
}

/* The keys of lines: their digest and size; what they are is looked at by who counts them. */
static bool take_keys(void *data, dh_slice line) {
    reading *r = data;
    dh_digest_put(r->digest, line);
    r->bytes += line.len;
    r->fates[DH_FATE_KEPT]++;
    return true;
}

static dh_status check_lines(checker *c, const dh_marker *m, dh_error *error) {
    const char *path = dh_store_path(c->store, "lines", m);
    reading r = {.c = c, .path = path};
    dh_error why = {0};
    if (m->lines.sha256[0] == '\0') return DH_OK;
    dh_status status = dh_digest_new(&r.digest, error);
    if (status != DH_OK) return status;
    status = dh_store_lines(path, take_keys, &r, &why);
    if (status == DH_OK) compare(&r, &m->lines);
    else tell(c, path, why.message);
    dh_digest_free(r.digest);
    return DH_OK;
}

static dh_status check_shard(checker *c, const dh_marker *m, dh_error *error) {
    uint64_t fates[DH_FATE_COUNT] = {0}, sum = 0;
    const char *data = dh_store_path(c->store, "data", m);
    dh_status status = check_file(c, data, &m->kept, true, fates, error);
    if (status == DH_OK)
        status =
            check_file(c, dh_store_path(c->store, "rejected", m), &m->rest, false, fates, error);
    if (status == DH_OK) status = check_lines(c, m, error);
    for (int fate = 0; fate < DH_FATE_COUNT && status == DH_OK; fate++) {
        sum += m->fates[fate];
        if (fates[fate] == m->fates[fate]) continue;
        char line[128];
        snprintf(line, sizeof line, "its shard has %llu documents %s, the marker says %llu",
                 (unsigned long long)fates[fate], dh_fate_name((dh_fate)fate),
                 (unsigned long long)m->fates[fate]);
        tell(c, data, line);
    }
    if (status == DH_OK && sum != m->documents)
        tell(c, data, "kept, rejected and failed are not all that came in");
    return status;
}

static void check_manifest(checker *c, const dh_plan_task *task) {
    dh_buf have, path;
    uint64_t unit;
    dh_buf_init(&have, c->store->arena, 0);
    dh_buf_init(&path, c->store->arena, 0);
    dh_buf_printf(&path, "%s/manifest.json", c->store->folder);
    if (!dh_store_is_whole(c->store, task, &unit)) {
        char line[128];
        snprintf(line, sizeof line, "it is not whole: unit %llu of %llu is not done",
                 (unsigned long long)unit, (unsigned long long)c->store->units);
        tell(c, c->store->folder, line);
    } else if (task != NULL) {
        return;
    } else if (dh_io_read(dh_buf_cstr(&path), 0, &have, NULL, NULL) != DH_OK) {
        tell(c, dh_buf_cstr(&path), "cannot be read");
    } else if (!dh_slice_eq(dh_buf_slice(&have), dh_store_manifest(c->store))) {
        tell(c, dh_buf_cstr(&path), "it is not what the markers come to");
    }
}

dh_status dh_verify(const dh_store *store, const dh_plan_task *task, dh_verify_tell *say,
                    void *data, uint64_t *wrong, uint64_t *documents, dh_error *error) {
    checker c = {.store = store, .tell = say, .data = data};
    dh_status status = DH_OK;
    for (uint32_t i = 0; i < store->markers.len && status == DH_OK; i++)
        status = check_shard(&c, store->markers.ptr[i], error);
    if (status == DH_OK) check_manifest(&c, task);
    *wrong = c.wrong;
    *documents = c.documents;
    return status;
}
