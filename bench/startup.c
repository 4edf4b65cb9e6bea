/* SPDX-License-Identifier: Apache-2.0 */
/* startup: what one small page costs, from exec to exit: the CPU time of PROGRAM, which gets the page through
 * a pipe and writes to /dev/null.
 *
 *     startup [--rounds N] PAGE PROGRAM [ARGUMENT...]
 *
 * Prints the median and the least of the rounds, user and system time together, the child's alone: it is
 * spawned without a copy of this process. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

#define BENCH "startup"
#include "measure.h"

enum { MAX_ROUNDS = 9999 };

extern char **environ;

static double ms(struct timeval t) {
    return 1e3 * (double)t.tv_sec + 1e-3 * (double)t.tv_usec;
}

/* One run; *faults counts its page faults. */
static double run(char **program, dh_slice page, long *faults) {
    posix_spawn_file_actions_t actions;
    int ends[2], status;
    pid_t child;
    struct rusage used;
    if (pipe(ends) != 0) die("pipe", "none left");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (posix_spawn(&child, program[0], &actions, NULL, program, environ) != 0)
        die(program[0], "not started");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    (void)!write(ends[1], page.ptr, page.len); /* fits into the pipe; a program may not want it */
    close(ends[1]);
    if (wait4(child, &status, 0, &used) != child || status != 0) die(program[0], "failed");
    *faults = used.ru_minflt;
    return ms(used.ru_utime) + ms(used.ru_stime);
}

int main(int argc, char **argv) {
    uint64_t rounds = 201;
    int at = 1;
    if (argc > 2 && strcmp(argv[1], "--rounds") == 0) {
        if (!dh_slice_to_u64(dh_slice_cstr(argv[2]), &rounds) || rounds == 0 || rounds > MAX_ROUNDS)
            die(argv[2], "not a number in range");
        at = 3;
    }
    if (argc < at + 2) die("usage", "[--rounds N] PAGE PROGRAM [ARGUMENT...]");
    static double spent[MAX_ROUNDS];
    long faults = 0;
    dh_buf page;
    dh_error error;
    dh_buf_init(&page, NULL, 0);
    if (dh_io_read(argv[at], 0, &page, NULL, &error) != DH_OK) die(argv[at], error.message);
    if (page.len > 60000) die(argv[at], "too long for a pipe");
    signal(SIGPIPE, SIG_IGN);
    for (uint64_t i = 0; i < rounds; i++)
        spent[i] = run(argv + at + 1, dh_buf_slice(&page), &faults);
    printf("%.2f ms median, %.2f ms least of %u runs, %ld page faults\n",
           quantile(spent, rounds, 0.5), quantile(spent, rounds, 0), (unsigned)rounds, faults);
    dh_buf_release(&page);
    return 0;
}
