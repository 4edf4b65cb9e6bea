/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/isolate.h"

#include "cli/job.h"

enum { HANG_S = 60, MAX_HANG_S = 1000000 };

#ifdef DEHUSK_COVERAGE /* what a closed process counts cannot be written down */
#define FOR_MANY DH_ISOLATE_THREAD
#else
#define FOR_MANY DH_ISOLATE_PROCESS
#endif

/* A page's own ceilings end it in good order; this one is for what escapes them, and must never come first: the
 * page's memory, what is made of its bytes besides, and some to spare. */
static uint64_t ceiling_of(const dh_cli_options *o) {
    dh_limits limits = dh_limits_default();
    uint64_t memory = o->limit_set[DH_LIMIT_memory] ? o->limits[DH_LIMIT_memory] : limits.memory;
    uint64_t bytes = dh_bytes_to_read(o);
    uint64_t most = UINT64_MAX / 256;
    if (memory > most || bytes > most) return 0;
    return memory + 96 * bytes + ((uint64_t)512 << 20);
}

static dh_isolation isolation_of(const dh_cli_options *o, bool many) {
    if (o->isolate == NULL) return many ? FOR_MANY : DH_ISOLATE_NONE;
    if (strcmp(o->isolate, "none") == 0) return DH_ISOLATE_NONE;
    return strcmp(o->isolate, "thread") == 0 ? DH_ISOLATE_THREAD : DH_ISOLATE_PROCESS;
}

dh_pool_options dh_isolate_options(const dh_cli_options *o, bool many) {
    uint64_t hang = o->hang_after == 0 ? HANG_S : o->hang_after;
    if (hang > MAX_HANG_S) hang = MAX_HANG_S;
    return (dh_pool_options){.threads = !many               ? 1
                                        : o->threads < 1024 ? (unsigned)o->threads
                                                            : 1024,
                             .isolation = isolation_of(o, many),
                             .or_threads = o->isolate == NULL,
                             .memory = ceiling_of(o),
                             .hang_ms = (uint32_t)hang * 1000};
}
