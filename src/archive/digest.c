/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto is loaded for the first digest. */
#include "archive/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <stdio.h>
#include <unistd.h>

#include "base/late.h"

#define FUNCTIONS(X)                                                                               \
    X(EVP_MD_CTX_new)                                                                              \
    X(EVP_MD_CTX_free)                                                                             \
    X(EVP_DigestInit_ex)                                                                           \
    X(EVP_DigestUpdate)                                                                            \
    X(EVP_DigestFinal_ex)                                                                          \
    X(OSSL_LIB_CTX_new)                                                                            \
    X(EVP_MD_fetch)

/* The library of the headers that we are compiled with: "libcrypto.so.3". */
#define TEXT_OF(number) #number
#define LIBRARY(number) "libcrypto.so." TEXT_OF(number)

DH_LATE_LIBRARY(LIBRARY(OPENSSL_SHLIB_VERSION), FUNCTIONS)

/* In a context of our own: the one that OpenSSL 3.0 makes for everybody is used even where there was no memory for it,
 * which ends the program. All stay to its end. */
static struct {
    EVP_MD *sha1, *sha256;
} kinds;
static pthread_once_t kinds_once = PTHREAD_ONCE_INIT;

static void fetch_kinds(void) {
    OSSL_LIB_CTX *ours = loaded() ? real.OSSL_LIB_CTX_new() : NULL;
    if (ours == NULL) return;
    kinds.sha1 = real.EVP_MD_fetch(ours, "SHA1", NULL);
    kinds.sha256 = real.EVP_MD_fetch(ours, "SHA256", NULL);
}

static bool ready(void) {
    return pthread_once(&kinds_once, fetch_kinds) == 0 && kinds.sha1 != NULL &&
           kinds.sha256 != NULL;
}

dh_status dh_digest_check(dh_error *error) {
    if (ready()) return DH_OK;
    if (loaded()) return dh_error_set(error, DH_ERR_MEMORY, "digest", 0, "out of memory");
    return dh_error_set(error, DH_ERR_IO, "digest", 0, "%s cannot be loaded: no digests (Debian: libssl3)",
                        LIBRARY(OPENSSL_SHLIB_VERSION));
}

static bool digest(const EVP_MD *kind, const dh_slice *parts, size_t count, unsigned char *out) {
    EVP_MD_CTX *c = real.EVP_MD_CTX_new();
    bool good = c != NULL && real.EVP_DigestInit_ex(c, kind, NULL) == 1;
    for (size_t i = 0; i < count && good; i++)
        good = parts[i].len == 0 || real.EVP_DigestUpdate(c, parts[i].ptr, parts[i].len) == 1;
    good = good && real.EVP_DigestFinal_ex(c, out, NULL) == 1;
    real.EVP_MD_CTX_free(c);
    return good;
}

bool dh_digest_sha1(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[20];
    out[0] = '\0';
    if (!ready() || !digest(kinds.sha1, parts, count, bytes)) return false;
    size_t at = (size_t)snprintf(out, DH_DIGEST_SIZE, "sha1:");
    for (size_t i = 0; i < 20; i += 5) { /* 40 bits are 8 letters */
        uint64_t bits = 0;
        for (size_t k = 0; k < 5; k++) bits = bits << 8 | bytes[i + k];
        for (int shift = 35; shift >= 0; shift -= 5) out[at++] = letters[bits >> shift & 31];
    }
    out[at] = '\0';
    return true;
}

static void print_sha256(const unsigned char bytes[32], char out[DH_DIGEST_SIZE]) {
    size_t at = (size_t)snprintf(out, DH_DIGEST_SIZE, "sha256:");
    for (size_t i = 0; i < 32; i++)
        at += (size_t)snprintf(out + at, DH_DIGEST_SIZE - at, "%02x", bytes[i]);
}

bool dh_digest_sha256(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE]) {
    unsigned char bytes[32];
    out[0] = '\0';
    if (!ready() || !digest(kinds.sha256, parts, count, bytes)) return false;
    print_sha256(bytes, out);
    return true;
}

/* It is the library's context under our name. */
static EVP_MD_CTX *context(dh_digest *digest) {
    return (EVP_MD_CTX *)digest;
}

dh_status dh_digest_new(dh_digest **out, dh_error *error) {
    *out = NULL;
    dh_status status = dh_digest_check(error);
    if (status != DH_OK) return status;
    EVP_MD_CTX *c = real.EVP_MD_CTX_new();
    if (c == NULL || real.EVP_DigestInit_ex(c, kinds.sha256, NULL) != 1) {
        real.EVP_MD_CTX_free(c);
        return dh_error_set(error, DH_ERR_MEMORY, "digest", 0, "out of memory");
    }
    *out = (dh_digest *)c;
    return DH_OK;
}

bool dh_digest_put(dh_digest *digest, dh_slice bytes) {
    return bytes.len == 0 || real.EVP_DigestUpdate(context(digest), bytes.ptr, bytes.len) == 1;
}

bool dh_digest_end(dh_digest *digest, char out[DH_DIGEST_SIZE]) {
    unsigned char bytes[32];
    out[0] = '\0';
    if (real.EVP_DigestFinal_ex(context(digest), bytes, NULL) != 1) return false;
    print_sha256(bytes, out);
    return true;
}

void dh_digest_free(dh_digest *digest) {
    if (digest != NULL) real.EVP_MD_CTX_free(context(digest));
}

static dh_status put_file(dh_digest *digest, int fd, dh_error *error) {
    char piece[64 * 1024];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return dh_error_set(error, DH_ERR_IO, "digest", 0, "%s", strerror(errno));
        if (n == 0) return DH_OK;
        if (!dh_digest_put(digest, dh_slice_make(piece, (size_t)n)))
            return dh_error_set(error, DH_ERR_MEMORY, "digest", 0, "out of memory");
    }
}

dh_status dh_digest_file(const char *name, char out[DH_DIGEST_SIZE], dh_error *error) {
    dh_digest *digest;
    out[0] = '\0';
    dh_status status = dh_digest_new(&digest, error);
    if (status != DH_OK) return status;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    status = fd < 0 ? dh_error_set(error, DH_ERR_IO, "digest", 0, "%s", strerror(errno))
                    : put_file(digest, fd, error);
    if (status == DH_OK && !dh_digest_end(digest, out))
        status = dh_error_set(error, DH_ERR_MEMORY, "digest", 0, "out of memory");
    if (fd >= 0) close(fd);
    dh_digest_free(digest);
    return status;
}
