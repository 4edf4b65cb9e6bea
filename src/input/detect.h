/* SPDX-License-Identifier: Apache-2.0 */
/* detect: what the bytes themselves say of their encoding. Private to input/. */
#ifndef DH_INPUT_DETECT_H
#define DH_INPUT_DETECT_H

#include "input/convert.h"

typedef struct dh_utf8_stats {
    size_t multi; /* well-formed sequences of two bytes or more */
    size_t bad;   /* ill-formed ones; one that the end of the data cuts off does not count */
    bool cut;     /* there is one that the end cuts off */
} dh_utf8_stats;

/* One pass over all of data. */
dh_utf8_stats dh_utf8_measure(dh_slice data);

/* UTF-16 without a byte order mark: NULs stand in the high bytes only. NONE when it is not. */
dh_charset dh_detect_utf16(dh_slice data);

/* Whether there are the escapes of ISO-2022-JP in data that has no byte over 7F. */
bool dh_detect_iso2022jp(dh_slice data);

/* The legacy encoding of data, which is not UTF-8, by ICU's detector, the page's language (may be
 * empty) and, for the few high bytes of Latin text, good sense. *sure: something spoke for it; else it
 * is windows-1252 for want of better. Scratch memory from arena. */
dh_charset dh_detect_legacy(dh_decoder *decoder, dh_slice data, dh_slice language, dh_arena *arena,
                            bool *sure);

#endif
