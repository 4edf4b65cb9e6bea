/* SPDX-License-Identifier: Apache-2.0 */
/* Job n is the archive's file number n. A worker goes on from where it stands; one that takes the place of another passes
 * over what came before, so that in a zip one bad file costs no other. */
#include "cli/unpack.h"

#include <stdio.h>
#include <stdlib.h>

#include "work/record.h"

#define MAX_ROOM ((size_t)256 << 20)
enum { PATIENCE = 10 }; /* times the processor time of a page: what is no page is read over, too */

/* ---- the worker's side ---- */

typedef struct source {
    const char *name;
    size_t max_bytes;
} source;

typedef struct reader {
    dh_members *members; /* NULL: error says why */
    dh_error error;
    uint64_t at; /* of the archive's files: the next one */
    dh_buf out;  /* heap: the record at hand */
} reader;

/* Opens the file, of which nothing is read yet: that is done when the process is closed. */
static void *start(void *shared) {
    const source *from = shared;
    reader *r = calloc(1, sizeof *r);
    if (r != NULL) dh_members_new(from->name, from->max_bytes, &r->members, &r->error);
    return r;
}

static void stop(void *state) {
    reader *r = state;
    dh_members_free(r->members);
    dh_buf_release(&r->out);
    free(r);
}

static dh_status read_one(reader *r, uint64_t number, dh_member *member, dh_error *error) {
    *member = (dh_member){.name = ""};
    dh_status status = DH_OK;
    if (r->members == NULL) *error = r->error;
    if (r->members == NULL) return r->error.status;
    for (; r->at < number && status == DH_OK; r->at++) status = dh_members_skip(r->members, error);
    if (status != DH_OK) return status;
    r->at++;
    return dh_members_next(r->members, member, error);
}

static void work(void *state, uint64_t number, dh_slice job, dh_pool_reply *reply) {
    (void)job;
    reader *r = state;
    dh_member member;
    dh_error error = {0};
    dh_status status = read_one(r, number, &member, &error);
    dh_buf_reset(&r->out);
    dh_record_put_u64(&r->out, (uint64_t)status);
    dh_record_put_u64(&r->out, r->members != NULL ? dh_members_read(r->members) : 0);
    dh_record_put_u64(&r->out, member.is_folder);
    dh_record_put_u64(&r->out, member.refused != NULL);
    dh_record_put_bytes(&r->out, dh_slice_cstr(member.name));
    dh_record_put_bytes(&r->out, dh_slice_cstr(member.refused));
    dh_record_put_bytes(&r->out, dh_slice_cstr(error.message));
    if (status == DH_OK) dh_buf_put_slice(&r->out, member.bytes);
    if (r->out.failed) dh_buf_release(&r->out);
    dh_pool_answer(reply, dh_buf_slice(&r->out));
    if (r->out.cap > (size_t)4 << 20) dh_buf_release(&r->out);
}

static const dh_pool_worker worker = {start, work, stop};

/* ---- the caller's side ---- */

struct dh_unpack {
    source source;
    dh_pool *pool;
    dh_buf record; /* heap: of the file at hand */
    uint64_t read;
    unsigned lost; /* files, one after the other */
    bool ended;
    bool outside;  /* the last was lost for no reason of its own */
    char why[256]; /* why it was */
};

static void deliver(void *data, uint64_t number, dh_slice record) {
    dh_unpack *u = data;
    (void)number;
    dh_buf_reset(&u->record);
    dh_buf_put_slice(&u->record, record);
}

static void lose(void *data, uint64_t number, dh_slice job, const dh_pool_loss *loss) {
    dh_unpack *u = data;
    (void)number;
    (void)job;
    u->lost++;
    u->outside = loss->outside;
    snprintf(u->why, sizeof u->why, "not read: the process that unpacks the archive %.160s%s",
             loss->cause, loss->outside ? "" : ", twice");
}

dh_status dh_unpack_new(const char *name, size_t max_bytes, const dh_pool_options *how,
                        dh_unpack **out, dh_error *error) {
    dh_pool_options options = *how;
    options.threads = options.window = 1;
    /* Another worker would begin at the archive's beginning. */
    options.room = (max_bytes < MAX_ROOM ? max_bytes : MAX_ROOM) + 65536;
    options.hang_ms = how->hang_ms < UINT32_MAX / PATIENCE ? how->hang_ms * PATIENCE : UINT32_MAX;
    *out = NULL;
    dh_status status = dh_members_check(error); /* and processes need not load it */
    if (status != DH_OK) return status;
    dh_unpack *u = calloc(1, sizeof *u);
    if (u == NULL) return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
    u->source = (source){name, max_bytes};
    status = dh_pool_open(&worker, &u->source, &options, &u->pool, error);
    if (status != DH_OK) {
        free(u);
        return status;
    }
    dh_pool_deliver(u->pool, deliver, u);
    dh_pool_lost(u->pool, lose, u);
    *out = u;
    return DH_OK;
}

void dh_unpack_free(dh_unpack *u) {
    if (u == NULL) return;
    dh_pool_free(u->pool);
    dh_buf_release(&u->record);
    free(u);
}

/* The record of the next file, in u->record. What is packed as a whole ends where a process dies of it. */
static dh_status ask(dh_unpack *u, dh_error *error) {
    unsigned before = u->lost;
    dh_buf_reset(&u->record);
    dh_status status = dh_pool_push(u->pool, DH_SLICE(""));
    if (status == DH_OK) status = dh_pool_drain(u->pool);
    u->ended = u->lost > 1 || status != DH_OK;
    if (u->lost > before)
        return dh_error_set(error, u->outside ? DH_ERR_MEMORY : DH_ERR_SYNTAX, "archive", 0, "%s",
                            u->why);
    u->lost = 0;
    if (status == DH_OK && !u->record.failed && u->record.len > 0) return DH_OK;
    u->ended = true;
    return dh_error_set(error, DH_ERR_MEMORY, "archive", 0, "out of memory");
}

dh_status dh_unpack_next(dh_unpack *u, dh_member *member, dh_error *error) {
    *member = (dh_member){.name = ""};
    if (u->ended) return DH_ERR_EMPTY;
    dh_status status = ask(u, error);
    if (status != DH_OK) return status;
    dh_record r = {.rest = dh_buf_slice(&u->record)};
    status = (dh_status)dh_record_u64(&r);
    u->read = dh_record_u64(&r);
    member->is_folder = dh_record_u64(&r) != 0;
    bool refused = dh_record_u64(&r) != 0;
    member->name = dh_record_bytes(&r).ptr;
    const char *why = dh_record_bytes(&r).ptr;
    if (refused) member->refused = why;
    why = dh_record_bytes(&r).ptr;
    member->bytes = r.rest;
    if (status != DH_OK && status != DH_ERR_EMPTY)
        dh_error_set(error, status, "archive", 0, "%s", why);
    return status;
}

uint64_t dh_unpack_read(const dh_unpack *u) {
    return u->read;
}
