/* SPDX-License-Identifier: Apache-2.0 */
/* limits: the one table of ceilings. Deterministic: none depends on a clock. */
#ifndef DH_BASE_LIMITS_H
#define DH_BASE_LIMITS_H

#include <stdint.h>

typedef struct dh_limits {
#define DH_LIMIT(name, option, value, unit, help) uint64_t name;
#include "base/limits.def"
#undef DH_LIMIT
} dh_limits;

typedef enum dh_limit_id {
    DH_LIMIT_NONE,
#define DH_LIMIT(name, option, value, unit, help) DH_LIMIT_##name,
#include "base/limits.def"
#undef DH_LIMIT
    DH_LIMIT_COUNT
} dh_limit_id;

static inline dh_limits dh_limits_default(void) {
    return (dh_limits){
#define DH_LIMIT(name, option, value, unit, help) .name = value,
#include "base/limits.def"
#undef DH_LIMIT
    };
}

/* The name users know ("rule-steps"), "" for NONE. Static. */
static inline const char *dh_limit_name(dh_limit_id id) {
    switch (id) {
#define DH_LIMIT(name, option, value, unit, help) \
    case DH_LIMIT_##name:                         \
        return option;
#include "base/limits.def"
#undef DH_LIMIT
    case DH_LIMIT_NONE:
    case DH_LIMIT_COUNT:
        break;
    }
    return "";
}

#endif
