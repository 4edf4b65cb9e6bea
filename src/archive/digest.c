/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto is loaded for the first digest, as libcurl is for the first fetch (net/curl_late.c): binding
 * it costs as much as cleaning a small page. */
#include "archive/digest.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <pthread.h>
#include <stdio.h>

#define FUNCTIONS(X)                                                                               \
    X(EVP_MD_CTX_new)                                                                              \
    X(EVP_MD_CTX_free)                                                                             \
    X(EVP_DigestInit_ex)                                                                           \
    X(EVP_DigestUpdate)                                                                            \
    X(EVP_DigestFinal_ex)                                                                          \
    X(EVP_sha1)                                                                                    \
    X(EVP_sha256)

/* Written once, under `once`. */
static struct {
    bool whole; /* all of them are there */
#define X(name) __typeof__(name) *name;
    FUNCTIONS(X)
#undef X
} real;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The library of the headers that we are compiled with: "libcrypto.so.3". */
#define TEXT_OF(number) #number
#define LIBRARY(number) "libcrypto.so." TEXT_OF(number)

static void load(void) {
    void *library = dlopen(LIBRARY(OPENSSL_SHLIB_VERSION), RTLD_LAZY | RTLD_LOCAL), *at;
    if (library == NULL) return;
    bool whole = true;
#define X(name)                                                                                    \
    at = dlsym(library, #name);                                                                    \
    memcpy(&real.name, &at, sizeof at);                                                            \
    whole = whole && at != NULL;
    FUNCTIONS(X)
#undef X
    real.whole = whole;
}

static bool loaded(void) {
    return pthread_once(&once, load) == 0 && real.whole;
}

dh_status dh_digest_check(dh_error *error) {
    if (loaded()) return DH_OK;
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

void dh_digest_sha1(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[20];
    out[0] = '\0';
    if (!loaded() || !digest(real.EVP_sha1(), parts, count, bytes)) return;
    size_t at = (size_t)snprintf(out, DH_DIGEST_SIZE, "sha1:");
    for (size_t i = 0; i < 20; i += 5) { /* 40 bits are 8 letters */
        uint64_t bits = 0;
        for (size_t k = 0; k < 5; k++) bits = bits << 8 | bytes[i + k];
        for (int shift = 35; shift >= 0; shift -= 5) out[at++] = letters[bits >> shift & 31];
    }
    out[at] = '\0';
}

void dh_digest_sha256(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE]) {
    unsigned char bytes[32];
    out[0] = '\0';
    if (!loaded() || !digest(real.EVP_sha256(), parts, count, bytes)) return;
    size_t at = (size_t)snprintf(out, DH_DIGEST_SIZE, "sha256:");
    for (size_t i = 0; i < 32; i++)
        at += (size_t)snprintf(out + at, DH_DIGEST_SIZE - at, "%02x", bytes[i]);
}
