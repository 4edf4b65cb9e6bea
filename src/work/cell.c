/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, fallocate, pipe2, sigabbrev_np, its strerror_r */
#include "work/cell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "work/pool_private.h"

enum { TICK_MS = 100, NEVER = -1 };

static void shut(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

void dh_cell_close(dh_cell *cell) {
    if (cell->nursery == NULL) return;
    if (cell->pid != 0) dh_nursery_end(cell->nursery, cell->pid);
    shut(&cell->channel);
    shut(&cell->memory);
    shut(&cell->talk);
    cell->pid = 0;
    cell->nursery = NULL;
}

/* theirs: the ends that the process is to have. */
static bool make_ends(dh_cell *cell, int theirs[DH_NURSERY_FDS]) {
    int channel[2] = {NEVER, NEVER}, talk[2] = {NEVER, NEVER};
    cell->memory = memfd_create("dehusk", MFD_CLOEXEC);
    bool good = cell->memory >= 0 && cell->room < INT64_MAX / 2 &&
                ftruncate(cell->memory, (off_t)cell->room * 2) == 0 &&
                socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) == 0 &&
                pipe2(talk, O_CLOEXEC | O_NONBLOCK) == 0;
    cell->channel = channel[0];
    cell->talk = talk[0];
    theirs[DH_NURSERY_CHANNEL] = channel[1];
    theirs[DH_NURSERY_MEMORY] = cell->memory;
    theirs[DH_NURSERY_TALK] = talk[1];
    return good;
}

static dh_status hear_hello(dh_cell *cell, dh_error *error) {
    dh_cell_hello hello;
    ssize_t n;
    do n = recv(cell->channel, &hello, sizeof hello, 0);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof hello)
        return dh_error_set(error, DH_ERR_IO, "pool", 0, "a worker died at its start");
    if (hello.status == DH_OK) return DH_OK;
    hello.message[sizeof hello.message - 1] = '\0';
    return dh_error_set(error, (dh_status)hello.status, "pool", 0, "%s", hello.message);
}

/* Shared memory counts as a file: a low RLIMIT_FSIZE is one reason why there may be none. */
static dh_status fail_errno(int number, dh_error *error) {
    char text[128];
    return dh_error_set(error, DH_ERR_IO, "pool", 0, "no memory to share with workers: %s",
                        strerror_r(number, text, sizeof text));
}

dh_status dh_cell_open(dh_cell *cell, dh_nursery *nursery, uint64_t room, dh_error *error) {
    int theirs[DH_NURSERY_FDS] = {NEVER, NEVER, NEVER};
    *cell = (dh_cell){
        .nursery = nursery, .channel = NEVER, .memory = NEVER, .talk = NEVER, .room = room};
    dh_status status = DH_OK;
    if (!make_ends(cell, theirs))
        status = fail_errno(errno, error);
    else if ((cell->pid = dh_nursery_spawn(nursery, theirs, room)) == 0)
        status = dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "no process for a worker");
    shut(&theirs[DH_NURSERY_CHANNEL]);
    shut(&theirs[DH_NURSERY_TALK]);
    if (status == DH_OK) status = hear_hello(cell, error);
    if (status != DH_OK) dh_cell_close(cell);
    return status;
}

/* ---- a death ---- */

static void hear_last_words(const dh_cell *cell, char said[1024]) {
    char block[4096];
    size_t kept = 0;
    ssize_t n;
    said[0] = '\0';
    /* The last of it: the pipe holds 64 KiB at most. */
    while ((n = read(cell->talk, block, sizeof block)) > 0) {
        size_t len = (size_t)n, take = len < 1023 ? len : 1023;
        size_t drop = kept + take > 1023 ? kept + take - 1023 : 0;
        memmove(said, said + drop, kept - drop);
        kept -= drop;
        memcpy(said + kept, block + (len - take), take);
        kept += take;
    }
    for (size_t i = 0; i < kept; i++)
        if (said[i] == '\0') said[i] = ' ';
    said[kept] = '\0';
}

static void tell_cause(int status, char *out, size_t size) {
    if (status != -1 && WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        snprintf(out, size, "died of SIG%s", name != NULL ? name : "?");
    } else if (status != -1 && WIFEXITED(status)) {
        snprintf(out, size, "ended with exit status %d", WEXITSTATUS(status));
    } else {
        snprintf(out, size, "died");
    }
}

static dh_cell_end lost(dh_cell *cell, const char *cause, dh_cell_death *death) {
    int status = dh_nursery_end(cell->nursery, cell->pid);
    cell->pid = 0;
    if (cause != NULL) snprintf(death->cause, sizeof death->cause, "%s", cause);
    else tell_cause(status, death->cause, sizeof death->cause);
    /* No fault of a library ends so: it is the kernel, for want of memory, or whoever may. It leaves with 0 when the
     * channel has failed. */
    death->outside = cause == NULL && (status == -1 || status == 0 ||
                                       (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    hear_last_words(cell, death->said);
    dh_cell_close(cell);
    return DH_CELL_LOST;
}

/* ---- a job ---- */

static int64_t ms_of(struct timespec t) {
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t wall_ms(void) {
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return ms_of(t);
}

/* Of the process; 0 when it is gone. */
static int64_t processor_ms(pid_t pid) {
    struct timespec t = {0};
    clockid_t clock;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0) return 0;
    return ms_of(t);
}

/* Waits for the answer. False: it has hung, or quit was set. */
static bool await(const dh_cell *cell, uint32_t hang_ms, const atomic_bool *quit) {
    struct pollfd look = {.fd = cell->channel, .events = POLLIN};
    int64_t wall = 0, processor = 0;
    for (;;) {
        int n = poll(&look, 1, TICK_MS);
        if (n > 0 || (n < 0 && errno != EINTR)) return true;
        if (atomic_load(quit)) return false;
        if (hang_ms == 0) continue;
        if (wall == 0) {
            wall = wall_ms();
            processor = processor_ms(cell->pid);
        } else if (processor_ms(cell->pid) - processor > hang_ms ||
                   (wall_ms() - wall) / 10 > hang_ms) {
            return false;
        }
    }
}

static bool put_all(int fd, dh_slice bytes, off_t at) {
    for (size_t done = 0; done < bytes.len;) {
        ssize_t n = pwrite(fd, bytes.ptr + done, bytes.len - done, at + (off_t)done);
        if (n <= 0 && errno != EINTR) return false;
        if (n > 0) done += (size_t)n;
    }
    return true;
}

static bool get_all(int fd, dh_buf *out, size_t len, off_t at) {
    if (!dh_buf_reserve(out, len)) return false;
    while (out->len < len) {
        ssize_t n = pread(fd, out->ptr + out->len, len - out->len, at + (off_t)out->len);
        if (n == 0 || (n < 0 && errno != EINTR)) return false;
        if (n > 0) out->len += (size_t)n;
    }
    return true;
}

static bool send_job(const dh_cell *cell, uint64_t number, dh_slice job) {
    dh_cell_job head = {number, job.len};
    if (!put_all(cell->memory, job, 0)) return false;
    if (job.len < cell->room) put_all(cell->memory, DH_SLICE("\0"), (off_t)job.len);
    ssize_t n;
    do n = send(cell->channel, &head, sizeof head, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof head;
}

/* What a big page has taken is given back. */
static void trim(const dh_cell *cell, size_t job, size_t result) {
    if (job > DH_POOL_KEEP || result > DH_POOL_KEEP)
        (void)!fallocate(cell->memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                         (off_t)cell->room * 2);
}

dh_cell_end dh_cell_work(dh_cell *cell, uint64_t number, dh_slice job, uint32_t hang_ms,
                         const atomic_bool *quit, dh_buf *result, dh_cell_death *death) {
    dh_cell_answer answer;
    dh_buf_reset(result);
    if (!send_job(cell, number, job)) return lost(cell, NULL, death);
    if (!await(cell, hang_ms, quit)) {
        bool stopped = atomic_load(quit);
        lost(cell, "hung and was ended", death);
        return stopped ? DH_CELL_STOPPED : DH_CELL_LOST;
    }
    ssize_t n;
    do n = recv(cell->channel, &answer, sizeof answer, 0);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof answer) return lost(cell, NULL, death);
    if (answer.len > cell->room) {
        dh_cell_close(cell);
        cell->room = answer.len;
        return DH_CELL_SMALL;
    }
    if (!get_all(cell->memory, result, (size_t)answer.len, (off_t)cell->room)) {
        dh_buf_release(result); /* as dh_pool_answer does when memory is out */
        return DH_CELL_ANSWERED;
    }
    trim(cell, job.len, (size_t)answer.len);
    return DH_CELL_ANSWERED;
}
