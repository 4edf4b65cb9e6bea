/* SPDX-License-Identifier: Apache-2.0 */
/* The generated tables against the ICU that is installed, over all code points of Unicode 15. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "text/codes.h"

static bool is_known(UChar32 c) {
    UVersionInfo age;
    u_charAge(c, age);
    return age[0] > 0 && age[0] <= 15 && !(c >= 0xD800 && c < 0xE000);
}

static void agree_with_icu(void **state) {
    (void)state;
    for (UChar32 c = 0; c <= 0x10FFFF; c++) {
        if (!is_known(c)) continue;
        const dh_code_record *r = dh_code_find((uint32_t)c);
        uint32_t mask = U_GET_GC_MASK(c);
        bool ok =
            ((r->flags & DH_C_LETTER) != 0) == ((mask & U_GC_L_MASK) != 0) &&
            ((r->flags & DH_C_MARK) != 0) == ((mask & U_GC_M_MASK) != 0) &&
            ((r->flags & DH_C_DIGIT) != 0) == ((mask & U_GC_ND_MASK) != 0) &&
            ((r->flags & DH_C_PUNCT) != 0) == ((mask & (U_GC_P_MASK | U_GC_S_MASK)) != 0) &&
            ((r->flags & DH_C_SPACE) != 0) == (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0) &&
            ((r->flags & DH_C_UPPER) != 0) == ((mask & (U_GC_LU_MASK | U_GC_LT_MASK)) != 0) &&
            r->ccc == u_getCombiningClass(c) &&
            ((r->flags & DH_C_NFC) != 0) ==
                (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) != UNORM_YES);
        if ((r->flags & DH_C_DIGIT) != 0 && r->digit != u_charDigitValue(c)) ok = false;
        if (!ok) fail_msg("U+%04X: flags %x", (unsigned)c, r->flags);
    }
}

/* Whatever the quick look calls impossible must not compose according to ICU. */
static void quick_composition_is_sound(void **state) {
    (void)state;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    assert_true(U_SUCCESS(status));
    for (UChar32 c = 0x900; c < 0x1100; c++) {
        if ((dh_code_find((uint32_t)c)->flags & DH_C_NFC) == 0) continue;
        for (UChar32 before = 0x20; before < 0x3100; before++)
            if (unorm2_composePair(nfc, before, c) >= 0 &&
                !dh_code_may_compose((uint32_t)before, (uint32_t)c))
                fail_msg("U+%04X U+%04X", (unsigned)before, (unsigned)c);
        UChar32 alone[] = {c};
        (void)alone;
        UChar decomposition[8];
        /* Code points that are themselves never NFC must not be waved through. */
        if (u_getIntPropertyValue(c, UCHAR_NFC_QUICK_CHECK) == UNORM_NO &&
            unorm2_getDecomposition(nfc, c, decomposition, 8, &status) >= 0)
            assert_true(dh_code_may_compose('x', (uint32_t)c));
    }
}

static void mappings_are_sorted_and_whole(void **state) {
    (void)state;
    for (uint32_t i = 1; i < dh_code_map_count; i++)
        assert_true(dh_code_maps[i - 1].code < dh_code_maps[i].code);
    for (uint32_t c = 0; c < 0x10000; c++) {
        const dh_code_record *r = dh_code_find(c);
        bool mapped = (r->flags & (DH_C_MAP | DH_C_KEY_MAP)) != 0;
        if (mapped != (dh_code_mapping(c).count > 0)) fail_msg("U+%04X", c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agree_with_icu),
        cmocka_unit_test(quick_composition_is_sound),
        cmocka_unit_test(mappings_are_sorted_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
