/* SPDX-License-Identifier: Apache-2.0 */
/* unpack: the files in a tar or zip (archive/members.h), read by a worker of a pool of its own: what unpacks the archive
 * of a stranger can do no more than what cleans its pages. */
#ifndef DH_CLI_UNPACK_H
#define DH_CLI_UNPACK_H

#include "archive/members.h"
#include "work/pool.h"

typedef struct dh_unpack dh_unpack;

/* how: of the pool; it has one worker, whatever that says, and may take longer over one file in the archive than a page
 * may take. name is borrowed. DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_unpack_new(const char *name, size_t max_bytes, const dh_pool_options *how,
                        dh_unpack **out, dh_error *error);
/* NULL is fine. */
void dh_unpack_free(dh_unpack *unpack);
/* As dh_members_next. Also DH_ERR_IO: the file cannot be opened. DH_ERR_SYNTAX also when a process died or hung here, and
 * so did the next one: there may be more behind it, unless that happens again. */
dh_status dh_unpack_next(dh_unpack *unpack, dh_member *member, dh_error *error);
/* Bytes of the file that have been read. */
uint64_t dh_unpack_read(const dh_unpack *unpack);

#endif
