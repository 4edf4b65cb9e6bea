/* SPDX-License-Identifier: Apache-2.0 */
/* source_line: a source (file or pipe, packed or not) read by lines. */
#ifndef DH_ARCHIVE_SOURCE_LINE_H
#define DH_ARCHIVE_SOURCE_LINE_H

#include "archive/source.h"

/* The next line with its LF, in room (the last may lack it). DH_ERR_EMPTY at the end; DH_ERR_SYNTAX when the
 * bytes are damaged or break off; DH_ERR_LIMIT over max bytes; DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_source_line(dh_source *source, size_t max, dh_buf *room, dh_slice *line,
                         dh_error *error);

#endif
