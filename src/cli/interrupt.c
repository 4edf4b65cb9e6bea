/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* The program's only mutable globals: a handler has nowhere else to leave word. */
static volatile sig_atomic_t caught, hung_up;

static void catch_it(int number) {
    (void)number;
    caught = 1;
}

static void note_it(int number) {
    (void)number;
    hung_up = 1;
}

void dh_interrupt_install(void) {
    struct sigaction ignore = {.sa_handler = SIG_IGN}, take = {.sa_handler = catch_it}, was;
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&take.sa_mask);
    take.sa_flags = (int)SA_RESETHAND; /* no SA_RESTART: what waits shall wake */
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    for (int i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
            sigaction(signals[i], &take, NULL);
}

bool dh_interrupted(void) {
    return caught != 0;
}

/* The signals are blocked from the look at `caught` to the wait, which alone lets them in: none can
 * fall between the two and be slept over. */
bool dh_interrupt_wait(int fd) {
    sigset_t block, before;
    sigemptyset(&block);
    for (int i = 0; i < SIGNALS; i++) sigaddset(&block, signals[i]);
    sigprocmask(SIG_BLOCK, &block, &before);
    bool ready = fd >= FD_SETSIZE;
    while (!ready && !caught) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(fd, &set);
        int n = pselect(fd + 1, &set, NULL, NULL, NULL, &before);
        ready = n > 0 || (n < 0 && errno != EINTR);
    }
    bool good = !caught;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return good && !caught;
}

bool dh_interrupt_ready(int fd) {
    struct pollfd look = {.fd = fd, .events = POLLIN};
    return poll(&look, 1, 0) != 0;
}

void dh_interrupt_take_hangups(void) {
    struct sigaction note = {.sa_handler = note_it};
    sigemptyset(&note.sa_mask);
    sigaction(SIGHUP, &note, NULL);
}

bool dh_interrupt_hangup(void) {
    bool was = hung_up != 0;
    hung_up = 0;
    return was;
}
