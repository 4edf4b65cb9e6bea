/* SPDX-License-Identifier: Apache-2.0 */
/* site_memory: what is known of lines that the pages of one host share, as an engine asks for it. Made and owned above
 * (corpus/memory.h); read only, for any number of threads. */
#ifndef DH_MODEL_SITE_MEMORY_H
#define DH_MODEL_SITE_MEMORY_H

#include "base/slice.h"

/* A line that is boilerplate. */
typedef struct dh_site_repeat {
    uint64_t pages, of; /* it stands on so many of the host's */
    bool heading;       /* it goes only when what stands below it goes, or nothing stands there */
} dh_site_repeat;

typedef struct dh_site_memory {
    void *data;
    /* line: hash of text/line_key.h. host: as dh_url_bare_host has it. False: nothing is known against the line. */
    bool (*find)(const void *data, dh_slice host, uint64_t line, dh_site_repeat *repeat);
    void (*release)(void *data); /* for whoever is given it for good; may be NULL */
} dh_site_memory;

#endif
