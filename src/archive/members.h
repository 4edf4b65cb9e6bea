/* SPDX-License-Identifier: Apache-2.0 */
/* members: the files in a tar (plain, gzip, zstd, xz or bzip2) or zip archive, one after the other, by libarchive, which is
 * loaded for the first one. Nothing is written anywhere: a name is only a name. All the same what is no plain file below
 * the archive's top is refused: absolute names, "..", links, devices. */
#ifndef DH_ARCHIVE_MEMBERS_H
#define DH_ARCHIVE_MEMBERS_H

#include "base/slice.h"
#include "base/status.h"

typedef struct dh_members dh_members; /* one thread */

/* Good until the next call. */
typedef struct dh_member {
    const char *name;    /* "page-1/index.html"; "" when it cannot be read */
    dh_slice bytes;      /* the first max_bytes of it */
    bool is_folder;      /* nothing to read */
    const char *refused; /* why it is not read; NULL: it is */
} dh_member;

/* Length of the ending that makes name one of an archive (".tar.gz", ".zip" ...), or 0. */
size_t dh_members_ending(dh_slice name);
/* Loads libarchive. DH_ERR_IO, with its name, when it is not there. */
dh_status dh_members_check(dh_error *error);
/* Opens the file, and reads none of it yet. DH_ERR_IO: it cannot be opened, or libarchive is not there. DH_ERR_MEMORY. */
dh_status dh_members_new(const char *name, size_t max_bytes, dh_members **out, dh_error *error);
void dh_members_free(dh_members *members);
/* DH_ERR_EMPTY: there is none. DH_ERR_TYPE: it is no tar or zip; DH_ERR_SYNTAX: it is damaged from here on; the next
 * call says DH_ERR_EMPTY then. DH_ERR_MEMORY. */
dh_status dh_members_next(dh_members *members, dh_member *member, dh_error *error);
/* Passes over one; a zip's is not unpacked for it. As dh_members_next. */
dh_status dh_members_skip(dh_members *members, dh_error *error);
/* Bytes of the file that have been read. */
uint64_t dh_members_read(const dh_members *members);

#endif
