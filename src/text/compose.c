/* SPDX-License-Identifier: Apache-2.0 */
/* compose: the one place where text/ asks ICU to normalise, always for a short run on the stack. */
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "text/codes.h"

enum { MAX_UNITS = 512, MAX_OUT = DH_CODE_RUN / 3 };

bool dh_code_may_compose(uint32_t before, uint32_t code) {
    switch (code) {
    case 0x093C:
        return before == 0x928 || before == 0x930 || before == 0x933;
    case 0x09BC:
        return false; /* its compositions are excluded from NFC */
    case 0x0A3C:
        return false;
    case 0x0B3C:
        return false;
    case 0x09BE:
    case 0x09D7:
        return before == 0x9C7;
    case 0x0B3E:
    case 0x0B56:
    case 0x0B57:
        return before == 0xB47;
    case 0x0BBE:
        return before == 0xBC6 || before == 0xBC7;
    case 0x0BD7:
        return before == 0xBC6 || before == 0xB92;
    case 0x0C56:
        return before == 0xC46;
    case 0x0CC2:
    case 0x0CD5:
    case 0x0CD6:
        return before == 0xCC6 || before == 0xCBF || before == 0xCCA;
    case 0x0D3E:
        return before == 0xD46 || before == 0xD47;
    case 0x0D57:
        return before == 0xD46;
    case 0x0DCA:
    case 0x0DCF:
    case 0x0DDF:
        return before == 0xDD9 || before == 0xDDC;
    case 0x102E:
        return before == 0x1025;
    default:
        return true;
    }
}

size_t dh_code_compose(const char *run, size_t len, char *out) {
    UChar units[MAX_UNITS], composed[MAX_OUT];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    int32_t count = 0;
    if (U_FAILURE(status) || len > MAX_UNITS) return 0;
    for (const char *p = run; p < run + len;) {
        uint32_t code;
        p += dh_utf8_decode(p, run + len, &code);
        U16_APPEND_UNSAFE(units, count, code);
    }
    int32_t made = unorm2_normalize(nfc, units, count, composed, MAX_OUT, &status);
    int32_t size = 0;
    if (U_SUCCESS(status)) u_strToUTF8(out, DH_CODE_RUN, &size, composed, made, &status);
    return U_SUCCESS(status) ? (size_t)size : 0;
}

size_t dh_code_fold_hard(uint32_t code, uint32_t out[32]) {
    UChar units[2], folded[64];
    UChar32 codes[32];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    int32_t count = 0, made = 0;
    U16_APPEND_UNSAFE(units, count, code);
    if (U_SUCCESS(status)) made = unorm2_normalize(fold, units, count, folded, 64, &status);
    if (U_SUCCESS(status)) u_strToUTF32(codes, 32, &count, folded, made, &status);
    if (U_FAILURE(status)) {
        out[0] = code;
        return 1;
    }
    for (int32_t i = 0; i < count; i++) out[i] = (uint32_t)codes[i];
    return (size_t)count;
}
