/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a cell. From dh_sandbox_close on it is at the mercy of what it is given to read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "work/cell.h"
#include "work/pool_private.h"
#include "work/sandbox.h"

static bool get(int channel, void *out, size_t len) {
    ssize_t n;
    do n = read(channel, out, len);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)len;
}

static bool put(int channel, const void *bytes, size_t len) {
    ssize_t n;
    do n = write(channel, bytes, len);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)len;
}

static _Noreturn void refuse(int channel, dh_status status, const char *message) {
    dh_cell_hello hello = {.status = (int32_t)status};
    snprintf(hello.message, sizeof hello.message, "%s", message);
    put(channel, &hello, sizeof hello);
    _exit(1);
}

static void work(const dh_pool_worker *worker, void *state, int channel, char *memory,
                 size_t room) {
    dh_cell_job job;
    dh_buf result = {0};
    while (get(channel, &job, sizeof job) && job.len <= room) {
        dh_pool_reply reply = {&result};
        dh_buf_reset(&result);
        worker->work(state, job.number, dh_slice_make(memory, (size_t)job.len), &reply);
        dh_cell_answer answer = {result.len};
        if (result.len <= room && result.len > 0) memcpy(memory + room, result.ptr, result.len);
        if (result.cap > DH_POOL_KEEP) dh_buf_release(&result);
        if (!put(channel, &answer, sizeof answer)) break;
    }
}

_Noreturn void dh_cell_serve(const dh_pool_worker *worker, void *shared, uint64_t ceiling,
                             int channel, int memory, uint64_t room) {
    dh_error error = {0};
    void *at = room < SIZE_MAX / 2
                   ? mmap(NULL, (size_t)room * 2, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0)
                   : MAP_FAILED;
    close(memory);
    if (at == MAP_FAILED) refuse(channel, DH_ERR_MEMORY, "no memory to share with a worker");
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    void *state = worker->start(shared);
    if (state == NULL) refuse(channel, DH_ERR_MEMORY, "out of memory");
    dh_status status = dh_sandbox_close(ceiling, &error);
    if (status != DH_OK) refuse(channel, status, error.message);
    dh_cell_hello hello = {.status = DH_OK};
    if (put(channel, &hello, sizeof hello)) work(worker, state, channel, at, (size_t)room);
    _exit(0);
}
