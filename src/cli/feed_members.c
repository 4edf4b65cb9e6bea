/* SPDX-License-Identifier: Apache-2.0 */
/* The files in a tar or zip archive as jobs: what is a page by its name, or no name of anything else. */
#include "cli/isolate.h"
#include "cli/run.h"
#include "cli/unpack.h"

static void feed_member(dh_run *run, uint32_t id, uint64_t number, const dh_member *member) {
    const dh_input *input = &run->inputs.all.ptr[id];
    if (member->is_folder || (member->refused == NULL && dh_input_is_no_page(member->name))) {
        run->records_left_out += !member->is_folder;
        return;
    }
    dh_slice name = dh_slice_cstr(member->name);
    if (member->refused == NULL && (dh_warc_ending(name) > 0 || dh_lines_ending(name) > 0)) {
        dh_run_damaged(run, id, number, "an archive in an archive is not opened");
        return;
    }
    if (member->refused != NULL) {
        dh_run_damaged(run, id, number, member->refused);
        return;
    }
    if (!dh_run_wants(run, id, number)) return;
    dh_job job = {.input = id, .line = number, .kind = DH_JOB_MEMBER, .name = member->name};
    dh_buf_reset(&run->record);
    dh_job_begin(&run->record, &job);
    dh_buf_put_slice(&run->record, member->bytes);
    dh_run_push(run, input);
}

static void feed_all(dh_run *run, uint32_t id, dh_unpack *members) {
    const dh_input *input = &run->inputs.all.ptr[id];
    uint64_t before = run->progress.done_bytes, number = 0;
    while (!dh_run_ended(run)) {
        dh_member member;
        dh_error error = {0};
        dh_status status = dh_unpack_next(members, &member, &error);
        if (status == DH_ERR_EMPTY) break;
        number++;
        if (status == DH_OK) {
            feed_member(run, id, number, &member);
        } else if (status == DH_ERR_SYNTAX || status == DH_ERR_TYPE) {
            dh_run_damaged(run, id, number, error.message);
        } else {
            dh_run_failed(run, input, error.message);
            run->piece_failed = true;
            break;
        }
        uint64_t read = dh_unpack_read(members);
        run->progress.done_bytes = before + (read < input->size ? read : input->size);
    }
    run->progress.done_bytes = before + input->size;
}

void dh_feed_members(dh_run *run, uint32_t id) {
    const dh_input *input = &run->inputs.all.ptr[id];
    dh_unpack *members;
    dh_error error = {0};
    dh_pool_options how = dh_isolate_options(run->cli->options, true);
    how.isolation =
        dh_pool_isolation(run->pool) == DH_ISOLATE_PROCESS ? DH_ISOLATE_PROCESS : DH_ISOLATE_NONE;
    how.or_threads = false;
    dh_status status =
        dh_unpack_new(input->name, dh_bytes_to_read(run->cli->options), &how, &members, &error);
    if (status == DH_OK) {
        feed_all(run, id, members);
        dh_unpack_free(members);
    } else {
        run->piece_failed = true;
        dh_run_failed(run, input, error.message);
    }
}
