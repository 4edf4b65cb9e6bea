/* SPDX-License-Identifier: Apache-2.0 */
/* convert: bytes of one charset to UTF-8 in an arena. Private to input/. */
#ifndef DH_INPUT_CONVERT_H
#define DH_INPUT_CONVERT_H

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/buf.h"
#include "input/charset.h"

/* What is worth keeping open from page to page; all of it is owned here, so that an arena may leave by
 * longjmp in the middle of a conversion. */
typedef struct dh_decoder {
    UConverter *open[DH_CHARSET_COUNT]; /* multi-byte charsets */
    uint16_t *tables[DH_CHARSET_COUNT]; /* 128 code points of single-byte ones */
    UCharsetDetector *detector;
    uint32_t replaced; /* ill-formed sequences of the conversion that is going on */
} dh_decoder;

/* Decodes data, which has no BOM left, adding to decoder->replaced. Ill-formed sequences become
 * U+FFFD. The result is valid UTF-8 with a NUL behind it; line ends and NULs are as they come.
 * DH_ERR_MEMORY when ICU is out of memory, DH_ERR_INTERNAL when it lacks a converter. */
dh_status dh_convert(dh_decoder *decoder, dh_slice data, dh_charset charset, dh_arena *arena,
                     dh_slice *out);

#endif
