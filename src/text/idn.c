/* SPDX-License-Identifier: Apache-2.0 */
#include "text/idn.h"

#include <unicode/uidna.h>

/* Longer names are none: DNS ends at 253 octets, and the letters may be escaped or decomposed. */
enum { MAX_BYTES = 4096 };

/* The standard asks for neither lengths nor hyphens. */
static const uint32_t forgiven = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                 UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                 UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

/* Nothing in the name that ICU would have to look at. */
static bool is_plain(dh_slice domain) {
    for (size_t i = 0; i < domain.len; i++)
        if ((unsigned char)domain.ptr[i] >= 0x80) return false;
    return !dh_slice_has_nocase(domain, DH_SLICE("xn--"));
}

static bool convert(dh_slice domain, dh_buf *out, bool to_ascii) {
    if (domain.len > MAX_BYTES) return false;
    size_t before = out->len;
    if (is_plain(domain)) {
        for (size_t i = 0; i < domain.len; i++) dh_buf_putc(out, dh_lower(domain.ptr[i]));
        if (out->failed) out->len = before;
        return !out->failed;
    }
    UErrorCode code = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna =
        uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII |
                            UIDNA_NONTRANSITIONAL_TO_UNICODE,
                        &code);
    char room[MAX_BYTES];
    int32_t len = 0;
    if (U_SUCCESS(code))
        len = (to_ascii ? uidna_nameToASCII_UTF8 : uidna_nameToUnicodeUTF8)(
            idna, domain.ptr, (int32_t)domain.len, room, MAX_BYTES, &info, &code);
    if (idna != NULL) uidna_close(idna);
    if (U_FAILURE(code) || len > MAX_BYTES || (info.errors & ~forgiven) != 0) return false;
    dh_buf_put(out, room, (size_t)len);
    if (out->failed) out->len = before;
    return !out->failed;
}

bool dh_idn_to_ascii(dh_slice domain, dh_buf *out) {
    return convert(domain, out, true);
}

bool dh_idn_to_unicode(dh_slice domain, dh_buf *out) {
    return convert(domain, out, false) || dh_buf_put_slice(out, domain);
}
