/* SPDX-License-Identifier: Apache-2.0 */
/* utf8: decoding and encoding of code points (RFC 3629; ill-formed bytes per Unicode 15, table 3-7). */
#ifndef DH_BASE_UTF8_H
#define DH_BASE_UTF8_H

#include "base/slice.h"

#define DH_REPLACEMENT 0xFFFDu

/* Decodes the code point at p (p < end) into *code and returns its length in bytes, at least 1.
 * An ill-formed sequence gives U+FFFD and the length of its maximal valid prefix (at least 1). */
size_t dh_utf8_decode_slow(const char *p, const char *end, uint32_t *code);
static inline size_t dh_utf8_decode(const char *p, const char *end, uint32_t *code) {
    unsigned char lead = (unsigned char)*p;
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    return dh_utf8_decode_slow(p, end, code);
}
/* Decodes the code point that ends just before p (begin < p). Returns its length. */
size_t dh_utf8_decode_before(const char *begin, const char *p, uint32_t *code);
/* Writes 1 to 4 bytes, returns how many. Bad values are written as U+FFFD. */
size_t dh_utf8_encode(uint32_t code, char out[4]);
/* Length of the longest well-formed prefix. Equal to s.len when all of it is well-formed. */
size_t dh_utf8_valid_prefix(dh_slice s);
/* Code points in well-formed text. */
size_t dh_utf8_count(dh_slice s);

#endif
