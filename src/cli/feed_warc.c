/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a WARC file as jobs: pages and texts go to the workers, all else is counted. */
#include "archive/http.h"
#include "archive/payload.h"
#include "cli/interrupt.h"
#include "cli/run.h"

static bool wait_for_it(void *data, int fd) {
    dh_run *run = data;
    if (!dh_interrupt_ready(fd)) dh_run_before_waiting(run);
    return dh_interrupt_wait(fd);
}

static void put_text(dh_buf *out, dh_slice text) {
    dh_buf_put_slice(out, text);
    dh_buf_putc(out, '\0');
}

static void feed_record(dh_run *run, uint32_t id, uint64_t number, const dh_warc_item *item) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_slice type, record_id = dh_http_field(item->head, DH_SLICE("warc-record-id"));
    dh_payload_kind kind = dh_payload_look(item, &type);
    if (kind == DH_PAYLOAD_NONE) {
        run->records_left_out++;
        return;
    }
    if (!dh_run_wants(run, id, number)) return;
    if (record_id.len > 1 && record_id.ptr[0] == '<')
        record_id = dh_slice_sub(record_id, 1, record_id.len - 1);
    /* As strings, one behind the other. */
    dh_buf *texts = &run->texts;
    dh_buf_reset(texts);
    put_text(texts, item->url);
    size_t at_type = texts->len;
    put_text(texts, type);
    size_t at_date = texts->len;
    put_text(texts, item->date);
    size_t at_id = texts->len;
    put_text(texts, record_id);
    if (texts->failed) {
        dh_run_failed(run, input, "out of memory");
        run->piece_failed = true;
        return;
    }
    dh_job job = {.input = id,
                  .line = number,
                  .kind = kind == DH_PAYLOAD_TEXT ? DH_JOB_RECORD_TEXT : DH_JOB_RECORD,
                  .torn = dh_http_field(item->head, DH_SLICE("warc-truncated")).len > 0,
                  .name = dh_input_spoken(input),
                  .url = texts->ptr,
                  .content_type = texts->ptr + at_type,
                  .date = texts->ptr + at_date,
                  .id = texts->ptr + at_id};
    dh_buf_reset(&run->record);
    dh_job_begin(&run->record, &job);
    dh_buf_put_slice(&run->record, item->block);
    dh_run_push(run, input);
}

static void feed_records(dh_run *run, uint32_t id, dh_warc_reader *reader) {
    const dh_input *input = &run->inputs.all.ptr[id];
    uint64_t before = run->progress.done_bytes, number = 0;
    dh_error error = {0};
    while (!dh_run_ended(run)) {
        dh_warc_item item;
        dh_status status = dh_warc_next(reader, &item, &error);
        if (status == DH_ERR_EMPTY || status == DH_ERR_INTERRUPTED) break;
        number++;
        if (status == DH_OK) {
            feed_record(run, id, number, &item);
        } else if (status == DH_ERR_SYNTAX) {
            dh_run_damaged(run, id, number, error.message);
        } else {
            dh_run_failed(run, input, error.message);
            run->piece_failed = true;
            break;
        }
        uint64_t read = dh_warc_reader_read(reader);
        run->progress.done_bytes = before + (read < input->size ? read : input->size);
    }
    run->progress.done_bytes = before + input->size;
}

void dh_feed_warc(dh_run *run, uint32_t id, const dh_lines *front) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_warc_reader *reader;
    dh_error error = {0};
    dh_warc_reader_options options = {
        /* A head of HTTP more, so that the page's own limit is what cuts it. */
        .max_block = dh_bytes_to_read(run->cli->options) + 65536,
        .source = {.wait = wait_for_it, .data = run}};
    if (front != NULL)
        options.source.front = dh_slice_sub(dh_buf_slice(&front->buf), front->at, front->buf.len);
    dh_status status = dh_warc_reader_new(input->name, &options, &reader, &error);
    if (status == DH_OK) {
        feed_records(run, id, reader);
        dh_warc_reader_free(reader);
    } else if (status == DH_ERR_TYPE) {
        run->piece_failed = run->taker == NULL;
        dh_run_damaged(run, id, 0, error.message);
    } else if (status != DH_ERR_INTERRUPTED) {
        run->piece_failed = true;
        dh_run_failed(run, input, error.message);
    }
}
