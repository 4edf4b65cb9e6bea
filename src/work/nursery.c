/* SPDX-License-Identifier: Apache-2.0 */
/* Owner and nursery talk over one socket: a request, its descriptors, a reply. */
#define _GNU_SOURCE /* close_range */
#include "work/nursery.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work/cell.h"

struct dh_nursery {
    pthread_mutex_t lock; /* one request at a time */
    int socket;           /* -1: stopped */
    pid_t pid;
};

typedef struct request {
    uint64_t room; /* of the worker to be started */
    int64_t end;   /* or the worker to be ended; 0: start one. Without padding: all of it is sent */
} request;

typedef union control {
    struct cmsghdr head; /* aligns it */
    char bytes[CMSG_SPACE(sizeof(int) * DH_NURSERY_FDS)];
} control;

/* ---- inside ---- */

static bool receive(int socket, request *out, int fds[DH_NURSERY_FDS]) {
    control c;
    struct iovec bytes = {out, sizeof *out};
    struct msghdr message = {.msg_iov = &bytes,
                             .msg_iovlen = 1,
                             .msg_control = c.bytes,
                             .msg_controllen = sizeof c.bytes};
    ssize_t n;
    do n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof *out) return false;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    bool has_fds = head != NULL && head->cmsg_type == SCM_RIGHTS &&
                   head->cmsg_len == CMSG_LEN(sizeof(int) * DH_NURSERY_FDS);
    if (has_fds) memcpy(fds, CMSG_DATA(head), sizeof(int) * DH_NURSERY_FDS);
    return has_fds || out->end != 0;
}

static int end_child(pid_t pid) {
    int status = -1;
    kill(pid, SIGKILL); /* not waited for yet: the number is still its own */
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return status;
}

typedef struct plan {
    const dh_pool_worker *worker;
    void *shared;
    uint64_t memory;
    int socket;
} plan;

static int start_child(const plan *p, const request *r, const int fds[DH_NURSERY_FDS]) {
    pid_t nursery = getpid(), pid = fork();
    if (pid == 0) {
        close(p->socket);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != nursery) _exit(1);
        dup2(fds[DH_NURSERY_TALK], STDERR_FILENO);
        close(fds[DH_NURSERY_TALK]);
        dh_cell_serve(p->worker, p->shared, p->memory, fds[DH_NURSERY_CHANNEL],
                      fds[DH_NURSERY_MEMORY], r->room);
    }
    for (int i = 0; i < DH_NURSERY_FDS; i++) close(fds[i]);
    return pid > 0 ? (int)pid : 0;
}

/* Of the owner's descriptors none but the socket stays. Signals of the terminal are the owner's business. */
static void leave_home(plan *p) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &ignore, NULL);
    sigaction(SIGCHLD, &plain, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int socket = fcntl(p->socket, F_DUPFD, STDERR_FILENO + 1);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (socket < 0 || null < 0) _exit(1);
    for (int fd = 0; fd <= STDERR_FILENO; fd++) dup2(null, fd);
    p->socket = dup2(socket, STDERR_FILENO + 1);
    close_range(STDERR_FILENO + 2, UINT_MAX, 0);
}

static _Noreturn void serve(plan *p) {
    request r;
    int fds[DH_NURSERY_FDS];
    leave_home(p);
    while (receive(p->socket, &r, fds)) {
        int answer = r.end != 0 ? end_child((pid_t)r.end) : start_child(p, &r, fds);
        if (send(p->socket, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer) break;
    }
    _exit(0); /* its children are killed by that (PR_SET_PDEATHSIG) */
}

/* ---- outside ---- */

dh_status dh_nursery_new(const dh_pool_worker *worker, void *shared, uint64_t memory,
                         dh_nursery **out, dh_error *error) {
    int ends[2];
    *out = NULL;
    dh_nursery *nursery = calloc(1, sizeof *nursery);
    if (nursery == NULL) return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "out of memory");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        free(nursery);
        return dh_error_set(error, DH_ERR_IO, "pool", 0, "no socket for the workers");
    }
    pid_t pid = fork();
    if (pid == 0) {
        plan p = {worker, shared, memory, ends[1]};
        serve(&p);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        free(nursery);
        return dh_error_set(error, DH_ERR_MEMORY, "pool", 0, "no process for the workers");
    }
    pthread_mutex_init(&nursery->lock, NULL);
    nursery->socket = ends[0];
    nursery->pid = pid;
    *out = nursery;
    return DH_OK;
}

static bool ask(const dh_nursery *nursery, const request *r, const int *fds, int *answer) {
    control c = {.bytes = {0}};
    request copy = *r;
    struct iovec bytes = {&copy, sizeof copy};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (fds != NULL) {
        message.msg_control = c.bytes;
        message.msg_controllen = sizeof c.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int) * DH_NURSERY_FDS);
        memcpy(CMSG_DATA(head), fds, sizeof(int) * DH_NURSERY_FDS);
    }
    ssize_t n;
    do n = sendmsg(nursery->socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof copy) return false;
    do n = recv(nursery->socket, answer, sizeof *answer, 0);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *answer;
}

static int locked_ask(dh_nursery *nursery, const request *r, const int *fds, int otherwise) {
    int answer = otherwise;
    pthread_mutex_lock(&nursery->lock);
    if (nursery->socket < 0 || !ask(nursery, r, fds, &answer)) answer = otherwise;
    pthread_mutex_unlock(&nursery->lock);
    return answer;
}

pid_t dh_nursery_spawn(dh_nursery *nursery, const int fds[DH_NURSERY_FDS], uint64_t room) {
    return (pid_t)locked_ask(nursery, &(request){.room = room}, fds, 0);
}

int dh_nursery_end(dh_nursery *nursery, pid_t worker) {
    return locked_ask(nursery, &(request){.end = worker}, NULL, -1);
}

void dh_nursery_stop(dh_nursery *nursery) {
    pthread_mutex_lock(&nursery->lock);
    if (nursery->socket >= 0) {
        close(nursery->socket);
        nursery->socket = -1;
        kill(nursery->pid, SIGKILL);
        while (waitpid(nursery->pid, NULL, 0) < 0 && errno == EINTR) continue;
    }
    pthread_mutex_unlock(&nursery->lock);
}

void dh_nursery_free(dh_nursery *nursery) {
    if (nursery == NULL) return;
    dh_nursery_stop(nursery);
    pthread_mutex_destroy(&nursery->lock);
    free(nursery);
}
