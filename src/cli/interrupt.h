/* SPDX-License-Identifier: Apache-2.0 */
/* interrupt: SIGINT, SIGTERM and SIGHUP ask the run to end cleanly; the second one ends it at once.
 * SIGPIPE and SIGXFSZ are ignored, so that writes tell. */
#ifndef DH_CLI_INTERRUPT_H
#define DH_CLI_INTERRUPT_H

#include <stdbool.h>

/* Signals that the parent ignores (nohup) stay ignored. Call before threads are made. */
void dh_interrupt_install(void);
/* From now on SIGHUP does not end the run; dh_interrupt_hangup tells of it. */
void dh_interrupt_take_hangups(void);
/* Whether a SIGHUP came since the last call. */
bool dh_interrupt_hangup(void);
/* Whether one was caught. */
bool dh_interrupted(void);
/* Waits until fd can be read (or is at its end). False when interrupted, before or meanwhile. */
bool dh_interrupt_wait(int fd);
/* Whether fd can be read without waiting. */
bool dh_interrupt_ready(int fd);

#endif
