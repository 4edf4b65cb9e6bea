/* SPDX-License-Identifier: Apache-2.0 */
/* pack: bytes compressed as they come, to gzip or zstd; the same bytes in give the same bytes out. The other
 * way round is stream.h. */
#ifndef DH_ARCHIVE_PACK_H
#define DH_ARCHIVE_PACK_H

#include "archive/stream.h"
#include "base/buf.h"

typedef struct dh_pack dh_pack; /* one thread */

/* NONE passes bytes through; GZIP, ZSTD (with a checksum). DH_ERR_MEMORY; DH_ERR_USAGE for another coding. */
dh_status dh_pack_new(dh_coding coding, dh_pack **out, dh_error *error);
/* Appends what is ready to out. False when memory is out. */
bool dh_pack_put(dh_pack *pack, dh_slice bytes, dh_buf *out);
/* Appends what is left: the member (frame) is whole then. */
bool dh_pack_end(dh_pack *pack, dh_buf *out);
void dh_pack_free(dh_pack *pack);

#endif
