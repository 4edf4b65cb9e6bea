/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox: a process gives up all but computing and talking over what is open: no file can be opened, no
 * connection made, no process started or looked into, and no memory taken beyond a ceiling. There is no
 * way back. */
#ifndef DH_WORK_SANDBOX_H
#define DH_WORK_SANDBOX_H

#include "base/status.h"

/* Closes the calling process, which must have one thread. memory: bytes of address space that it may take
 * beyond what it has; 0: no ceiling. DH_ERR_IO when the kernel has no seccomp or refuses it: the process is
 * then in no defined state and should end. Landlock is a second lock on the same door: it is used where
 * there is one. */
dh_status dh_sandbox_close(uint64_t memory, dh_error *error);

#endif
