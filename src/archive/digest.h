/* SPDX-License-Identifier: Apache-2.0 */
/* digest: names for contents, in the forms that archives write. By libcrypto, which libcurl's OpenSSL build
 * brings along anyway. SHA-1 is what WARC files, their indexes and the tools that compare them use: it tells
 * copies apart, it does not prove who made them. */
#ifndef DH_ARCHIVE_DIGEST_H
#define DH_ARCHIVE_DIGEST_H

#include "base/slice.h"
#include "base/status.h"

enum { DH_DIGEST_SIZE = 72 };

/* DH_ERR_IO, with the name of the library, when there will be no digests. Whoever stores them asks first. */
dh_status dh_digest_check(dh_error *error);

/* "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" (RFC 4648 base 32) over the parts one after the other. False, and "",
 * when memory is out or libcrypto missing. */
bool dh_digest_sha1(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE])
    __attribute__((warn_unused_result));
/* "sha256:" and 64 hexadecimal digits. */
bool dh_digest_sha256(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE])
    __attribute__((warn_unused_result));

/* The same in pieces, for what is too long to hold. */
typedef struct dh_digest dh_digest;
/* DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_digest_new(dh_digest **out, dh_error *error);
bool dh_digest_put(dh_digest *digest, dh_slice bytes);
/* False, and "", when it fails, or one of those before did. Nothing may be put afterwards. */
bool dh_digest_end(dh_digest *digest, char out[DH_DIGEST_SIZE]) __attribute__((warn_unused_result));
void dh_digest_free(dh_digest *digest);
/* Of a file's bytes. DH_ERR_IO, DH_ERR_MEMORY. */
dh_status dh_digest_file(const char *name, char out[DH_DIGEST_SIZE], dh_error *error);

#endif
