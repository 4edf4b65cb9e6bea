/* SPDX-License-Identifier: Apache-2.0 */
#include "crawl/work_record.h"

void dh_work_put(dh_buf *record, const dh_work *work) {
    dh_record_put_u64(record, (uint64_t)work->kind);
    dh_record_put_u64(record, work->is_seed);
    dh_record_put_bytes(record, dh_slice_cstr(work->url));
    dh_record_put_bytes(record, dh_slice_cstr(work->content_type));
    dh_record_put_bytes(record, dh_slice_cstr(work->day));
    dh_record_put_bytes(record, dh_slice_cstr(work->recent));
    dh_buf_put_slice(record, work->bytes);
}

void dh_work_read(dh_slice record, dh_work *work) {
    dh_record r = {.rest = record};
    work->kind = (dh_crawl_kind)dh_record_u64(&r);
    work->is_seed = dh_record_u64(&r) != 0;
    work->url = dh_record_bytes(&r).ptr;
    work->content_type = dh_record_bytes(&r).ptr;
    work->day = dh_record_bytes(&r).ptr;
    work->recent = dh_record_bytes(&r).ptr;
    work->bytes = r.rest;
}

void dh_worked_put(dh_buf *record, const dh_worked *worked) {
    dh_record_put_u64(record, (uint64_t)worked->status);
    dh_record_put_u64(record, worked->is_source);
    dh_record_put_u64(record, (uint64_t)worked->kind);
    dh_record_put_u64(record, worked->damaged);
    dh_record_put_u64(record, worked->tags);
    dh_record_put_u64(record, worked->text_chars);
    dh_record_put_u64(record, worked->kept_chars);
    dh_record_put_bytes(record, dh_slice_cstr(worked->message));
    dh_record_put_bytes(record, dh_slice_cstr(worked->title));
    dh_record_put_bytes(record, dh_slice_cstr(worked->canonical));
    dh_record_put_u64(record, worked->lines);
    dh_record_put_u64(record, worked->found);
}

void dh_worked_read(dh_slice record, dh_worked *worked) {
    dh_record r = {.rest = record};
    worked->status = (dehusk_status)dh_record_u64(&r);
    worked->is_source = dh_record_u64(&r) != 0;
    worked->kind = (dh_crawl_kind)dh_record_u64(&r);
    worked->damaged = dh_record_u64(&r) != 0;
    worked->tags = (uint32_t)dh_record_u64(&r);
    worked->text_chars = dh_record_u64(&r);
    worked->kept_chars = dh_record_u64(&r);
    worked->message = dh_record_bytes(&r).ptr;
    worked->title = dh_record_bytes(&r).ptr;
    worked->canonical = dh_record_bytes(&r).ptr;
    worked->lines = dh_record_u64(&r);
    worked->found = dh_record_u64(&r);
    worked->rest = r;
    if (!r.bad) return;
    worked->status = DEHUSK_ERR_MEMORY;
    worked->message = "out of memory";
    worked->lines = worked->found = 0;
}
