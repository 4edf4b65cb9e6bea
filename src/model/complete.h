/* SPDX-License-Identifier: Apache-2.0 */
/* complete: how much of an article a page holds; the classes are the rows of complete.def. */
#ifndef DH_MODEL_COMPLETE_H
#define DH_MODEL_COMPLETE_H

#include "base/slice.h"

typedef enum dh_complete {
#define DH_COMPLETE(name, help) DH_COMPLETE_##name,
#include "model/complete.def"
#undef DH_COMPLETE
    DH_COMPLETE_COUNT
} dh_complete;

/* "full" */
dh_slice dh_complete_name(dh_complete complete);
/* DH_COMPLETE_COUNT when no class has this name. */
dh_complete dh_complete_of(dh_slice name);

#endif
