/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/digest.h"

#include <openssl/evp.h>
#include <stdio.h>

static bool digest(const EVP_MD *kind, const dh_slice *parts, size_t count, unsigned char *out) {
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = c != NULL && EVP_DigestInit_ex(c, kind, NULL) == 1;
    for (size_t i = 0; i < count && good; i++)
        good = parts[i].len == 0 || EVP_DigestUpdate(c, parts[i].ptr, parts[i].len) == 1;
    good = good && EVP_DigestFinal_ex(c, out, NULL) == 1;
    EVP_MD_CTX_free(c);
    return good;
}

void dh_digest_sha1(const dh_slice *parts, size_t count, char out[DH_DIGEST_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[20];
    out[0] = '\0';
    if (!digest(EVP_sha1(), parts, count, bytes)) return;
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
    if (!digest(EVP_sha256(), parts, count, bytes)) return;
    size_t at = (size_t)snprintf(out, DH_DIGEST_SIZE, "sha256:");
    for (size_t i = 0; i < 32; i++)
        at += (size_t)snprintf(out + at, DH_DIGEST_SIZE - at, "%02x", bytes[i]);
}
