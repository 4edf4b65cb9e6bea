/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load_record.h"

#include <stdio.h>

#include "archive/http.h"
#include "archive/payload.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/job.h"

typedef struct search {
    dh_cli *cli;
    dh_single *single;
    const char *wanted;     /* number, ID or address; NULL: the only one there is */
    uint64_t number, found; /* of the record at hand, of the one that was taken; 0: none was */
    uint64_t others;        /* pages beside it, as far as was read */
    dh_buf first;           /* the address of the first of them */
} search;

static bool wait_for_it(void *data, int fd) {
    (void)data;
    return dh_interrupt_wait(fd);
}

bool dh_holds_records(const dh_cli *cli, const char *name) {
    const char *from = cli->options->from;
    if (from != NULL && strcmp(from, "auto") != 0) return strcmp(from, "warc") == 0;
    return dh_warc_ending(dh_slice_cstr(name)) > 0;
}

/* "<urn:uuid:...>" without its brackets. */
static dh_slice bare(dh_slice id) {
    bool in_brackets = id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>';
    return in_brackets ? dh_slice_sub(id, 1, id.len - 1) : id;
}

/* The record at hand is wanted by its number. */
static bool is_number(const search *s) {
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)s->number);
    return s->wanted != NULL && strcmp(s->wanted, number) == 0;
}

static bool is_wanted(const search *s, const dh_warc_item *item) {
    if (s->wanted == NULL || is_number(s)) return true;
    dh_slice wanted = dh_slice_cstr(s->wanted);
    return dh_slice_eq(item->url, wanted) ||
           dh_slice_eq(bare(dh_http_field(item->head, DH_SLICE("warc-record-id"))), bare(wanted));
}

static dh_status take(search *s, const dh_warc_item *item, dh_payload_kind kind, dh_slice type,
                      dh_error *error) {
    dh_single *single = s->single;
    dh_arena *arena = s->cli->arena;
    s->found = s->number;
    single->is_record = true;
    single->is_text = kind == DH_PAYLOAD_TEXT;
    single->content_type =
        single->is_text ? "text/plain; charset=utf-8" : dh_arena_dup(arena, type).ptr;
    single->date = dh_arena_dup(arena, dh_slice_sub(item->date, 0, 10)).ptr;
    if (item->url.len > 0) single->url = dh_arena_dup(arena, item->url).ptr;
    bool torn = dh_http_field(item->head, DH_SLICE("warc-truncated")).len > 0;
    dh_status status = DH_OK;
    if (single->is_text) dh_buf_put_slice(&single->bytes, item->block);
    else
        status = dh_payload_take(item->block, dh_bytes_to_read(s->cli->options), &single->bytes,
                                 &torn, error);
    if (status == DH_OK && single->bytes.failed)
        status = dh_error_set(error, DH_ERR_MEMORY, "cli", 0, "out of memory");
    if (status == DH_OK && torn && !s->cli->talk.quiet)
        dh_talk_about(&s->cli->talk, single->name,
                      "record %llu is not all of the page; what came of it is taken",
                      (unsigned long long)s->number);
    return status;
}

/* What is wrong when the archive has been read as far as was needed. */
static dh_status judge(search *s, dh_error *error) {
    if (s->found == 0 && s->wanted != NULL)
        return dh_error_set(error, DH_ERR_USAGE, "cli", 0,
                            "no page of the archive is record %s, by number, ID or address",
                            s->wanted);
    if (s->found == 0)
        return dh_error_set(error, DH_ERR_USAGE, "cli", 0, "the archive holds no page");
    if (s->others == 0) return DH_OK;
    return dh_error_set(error, DH_ERR_USAGE, "cli", 0,
                        "the archive holds several pages; choose one with --record NUMBER, ID or "
                        "ADDRESS: %llu %s, %llu %.*s%s",
                        (unsigned long long)s->found, s->single->url != NULL ? s->single->url : "",
                        (unsigned long long)s->number, (int)s->first.len, s->first.ptr, " ...");
}

static dh_status look_through(search *s, dh_warc_reader *reader, dh_error *error) {
    for (;;) {
        dh_warc_item item;
        dh_slice type;
        dh_status status = dh_warc_next(reader, &item, error);
        if (status == DH_ERR_EMPTY) return judge(s, error);
        s->number++;
        if (status == DH_ERR_SYNTAX && !is_number(s)) continue; /* damaged, and passed over */
        if (status != DH_OK) return status;
        dh_payload_kind kind = dh_payload_look(&item, &type);
        if (kind == DH_PAYLOAD_NONE || !is_wanted(s, &item)) continue;
        if (s->found > 0) {
            s->others++;
            dh_buf_put_slice(&s->first, item.url);
            return judge(s, error);
        }
        status = take(s, &item, kind, type, error);
        if (status != DH_OK || s->wanted != NULL) return status;
    }
}

dh_status dh_load_record(dh_cli *cli, dh_single *single, dh_error *error) {
    search s = {.cli = cli,
                .single = single,
                .wanted = cli->options->record != NULL ? cli->options->record : cli->options->url};
    dh_warc_reader *reader;
    dh_warc_reader_options options = {.max_block = dh_bytes_to_read(cli->options) + 65536,
                                      .source = {.wait = wait_for_it}};
    dh_buf_init(&s.first, NULL, 0);
    dh_status status = dh_warc_reader_new(single->name, &options, &reader, error);
    if (status != DH_OK) return status;
    status = look_through(&s, reader, error);
    dh_warc_reader_free(reader);
    dh_buf_release(&s.first);
    return status;
}
