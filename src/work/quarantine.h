/* SPDX-License-Identifier: Apache-2.0 */
/* quarantine: pages whose workers died are kept, for a report of the bug: the bytes as they were, and a note. */
#ifndef DH_WORK_QUARANTINE_H
#define DH_WORK_QUARANTINE_H

#include "base/buf.h"
#include "work/pool.h"

/* Strings may be NULL or "" when there is nothing to say. */
typedef struct dh_quarantined {
    const char *name, *url, *content_type;
    dh_slice bytes;
    const char *ending; /* of the file for them: "html" */
    const dh_pool_loss *loss;
} dh_quarantined;

/* Writes HASH.ENDING and HASH.txt into folder, which is made when it is not there; the same bytes again
 * replace what is there. *name is set to the path of the first. DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_quarantine_keep(const char *folder, const dh_quarantined *page, dh_buf *name,
                             dh_error *error);
/* What became of the job, in words, and where its bytes are: kept in folder; NULL: not. Appended to out. */
void dh_quarantine_tell(const char *folder, const dh_quarantined *page, dh_buf *out);

#endif
