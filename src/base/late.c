/* SPDX-License-Identifier: Apache-2.0 */
#include "base/late.h"

#include <dlfcn.h>
#include <string.h>

bool dh_late_load(const char *library, const char *const *names, size_t count, void *table) {
    void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    bool whole = handle != NULL;
    for (size_t i = 0; i < count && whole; i++) {
        void *at = dlsym(handle, names[i]);
        whole = at != NULL;
        /* POSIX: the bits of dlsym's pointer are those of the function's. */
        memcpy((char *)table + i * sizeof at, &at, sizeof at);
    }
    return whole;
}
