/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fault.h"

const dh_fault_row *dh_fault_of(dh_fault fault) {
    static const dh_fault_row rows[DH_FAULT_COUNT] = {
#define DH_FAULT(name, word, status, again, text)                                                  \
    [DH_FAULT_##name] = {word, text, DH_##status, again},
#include "net/faults.def"
#undef DH_FAULT
    };
    return &rows[(unsigned)fault < DH_FAULT_COUNT ? fault : DH_FAULT_OTHER];
}
