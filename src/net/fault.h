/* SPDX-License-Identifier: Apache-2.0 */
/* fault: how a request failed, by the table in faults.def. */
#ifndef DH_NET_FAULT_H
#define DH_NET_FAULT_H

#include <stdbool.h>

#include "base/status.h"

typedef enum dh_fault {
#define DH_FAULT(name, word, status, again, text) DH_FAULT_##name,
#include "net/faults.def"
#undef DH_FAULT
    DH_FAULT_COUNT
} dh_fault;

typedef struct dh_fault_row {
    const char *word, *text;
    dh_status status;
    bool again;
} dh_fault_row;

/* Static; never NULL. */
const dh_fault_row *dh_fault_of(dh_fault fault);

#endif
