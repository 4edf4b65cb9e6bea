/* SPDX-License-Identifier: Apache-2.0 */
#include "model/complete.h"

dh_slice dh_complete_name(dh_complete complete) {
    static const dh_slice names[DH_COMPLETE_COUNT] = {
#define DH_COMPLETE(name, help) DH_SLICE_INIT(#name),
#include "model/complete.def"
#undef DH_COMPLETE
    };
    return names[complete];
}

dh_complete dh_complete_of(dh_slice name) {
    int at = 0;
    while (at < DH_COMPLETE_COUNT && !dh_slice_eq(dh_complete_name((dh_complete)at), name)) at++;
    return (dh_complete)at;
}
